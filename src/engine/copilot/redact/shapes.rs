//! Secrets by their shape: key formats of services, values behind telling names, and long tokens no language makes.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::Kind;

/// Formats of keys. From the services' own documentation of their tokens.
const SHAPES: &[&str] = &[
    r"\bEAA[A-Za-z0-9]{12,}",       // Meta
    r"\bya29\.[A-Za-z0-9._-]{10,}", // Google OAuth
    r"\b1//0[A-Za-z0-9_-]{20,}",    // Google refresh token
    r"\bGOCSPX-[A-Za-z0-9_-]{10,}", // Google client secret
    r"\bAIza[A-Za-z0-9_-]{20,}",    // Google API key
    r"\b(?:sk|rk|pk)[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]{9,}", // model services, Stripe
    r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}",                                                                  // AWS
    r"\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_[A-Za-z0-9_]{20,}",                                   // GitHub
    r"\bglpat-[A-Za-z0-9_-]{16,}",                                                                    // GitLab
    r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",                                                               // Slack
    r"\bhvs\.[A-Za-z0-9_-]{16,}",                                                                     // Vault
    r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?",                                // JWT
    r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
    r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]+",
    r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]+",
    r"https://[a-z0-9.-]+\.webhook\.office\.com/[A-Za-z0-9/@_-]+",
    r"(?i)https?://[^\s/:@]+:[^\s/@]{3,}@", // user and password in an address
];

/// Values behind a name that tells what they are; the value is the group.
const NAMED: &[&str] = &[
    r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{8,})",
    r#"(?i)\b(?:x-api-key|api[_-]?key|appsecret_proof|(?:[a-z]+[_-])*(?:token|secret|password|passwd|pwd))["']?\s*[=:]\s*["']?([^\s"',;&}\])]{6,})"#,
];

/// A row of characters tokens are made of.
const TOKEN: &str = r"[A-Za-z0-9+=_.-]{32,}";

/// From this many characters on a random row counts as a secret.
const LONG: usize = 32;

struct Patterns {
    shapes: Vec<Regex>,
    named: Vec<Regex>,
    token: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let all = |list: &[&str]| list.iter().filter_map(|p| Regex::new(p).ok()).collect();
    Patterns {
        shapes: all(SHAPES),
        named: all(NAMED),
        token: Regex::new(TOKEN).ok(),
    }
});

/// Adds what is found in `text`.
pub fn find(text: &str, found: &mut Vec<(Range<usize>, Kind)>) {
    for shape in &PATTERNS.shapes {
        found.extend(shape.find_iter(text).map(|m| (continued(text, m.range()), Kind::Key)));
    }
    for named in &PATTERNS.named {
        for value in named.captures_iter(text).filter_map(|c| c.get(1)) {
            // "token: required" is a sentence about a token; a token has a digit or is long.
            let telling = value.as_str().bytes().any(|b| b.is_ascii_digit()) || value.len() >= 20;
            if telling && !value.as_str().starts_with('<') {
                found.push((continued(text, value.range()), Kind::Key));
            }
        }
    }
    for token in PATTERNS.token.iter().flat_map(|t| t.find_iter(text)) {
        if is_random(token.as_str()) {
            found.push((token.range(), Kind::Token));
        }
    }
}

/// A key that runs to the end of its line may go on in the next: as long as what stands there is no word.
fn continued(text: &str, range: Range<usize>) -> Range<usize> {
    let mut end = range.end;
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let body = rest.trim_start_matches([' ', '\t', '\\']);
        let Some(next) = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')) else {
            return range.start..end;
        };
        let next = next.trim_start_matches([' ', '\t', '>']);
        let length = next
            .find(|c: char| !c.is_ascii_alphanumeric() && !"-_.+/=".contains(c))
            .unwrap_or(next.len());
        let piece = next.get(..length).unwrap_or_default();
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        let letters = piece.bytes().filter(u8::is_ascii_alphabetic).count();
        if length < 6 || digits == 0 || letters == 0 || piece.contains("://") || !mixes(piece) {
            return range.start..end;
        }
        end = text.len() - next.len() + length;
    }
}

/// Digits and letters change places at least twice: `9fQx2b`, not `1080x1350` at heart nor `video2`.
fn mixes(piece: &str) -> bool {
    let classes: Vec<bool> = piece
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|b| b.is_ascii_digit())
        .collect();
    classes.windows(2).filter(|pair| pair.first() != pair.last()).count() >= 3
}

/// True for a row no person wrote. Names of campaigns are long too, but they are words and short codes between
/// separators; a token is one long piece in which letters follow each other as they do in no language.
fn is_random(token: &str) -> bool {
    token.len() >= LONG
        && token
            .split(['_', '-', '.', '=', '+'])
            .any(|piece| piece.len() >= 16 && is_scrambled(piece))
}

fn is_scrambled(piece: &str) -> bool {
    let bytes = piece.as_bytes();
    let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if letters * 4 < bytes.len() {
        // Ids of platforms are digits.
        return false;
    }
    let low = piece.to_ascii_lowercase();
    let pairs = || {
        low.as_bytes()
            .windows(2)
            .filter(|p| p.iter().all(u8::is_ascii_lowercase))
    };
    let all = pairs().count();
    let common = pairs()
        .filter(|p| COMMON.as_bytes().chunks_exact(3).any(|c| c.starts_with(p)))
        .count();
    let digits = bytes.len() - letters;
    // Hexadecimal letters make few pairs; there the digits in between tell.
    let broken = bytes
        .windows(2)
        .filter(|p| p.iter().filter(|b| b.is_ascii_digit()).count() == 1)
        .count();
    (digits * 10 >= bytes.len() && broken * 5 >= bytes.len()) || common * 100 < all * 40
}

/// The pairs of letters that make up most of English, German, French and Spanish text.
const COMMON: &str = "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me \
de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ei ie ge un da di ic sc au el la ai em us em qu ue pa pr tr ca ta la \
lo ad ac am ag vi id ee et tu ss so po no na mo pe os ol ni mi fo ho il ir ig gh ut ul up tt sh rs rt ns nc ld ke ay iv \
im ot un do ef ew wi we wh wa vo va sa su sp sm rd ow ov op oo go gr ga fi fe fa ex ev ep bo bl ba bu by ck cl cr cu ct \
ab ap ep eb eg eu ht mm mp nn ff pl pp rm rn rk rg rv rc ry ly ty sl sk ts tw ud ub um ug uc wo ye yo kt ze zu ";

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::base64("dGhpcyBpcyBhIHZlcnkgc2VjcmV0IHZhbHVl", true)]
    #[case::hex("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", true)]
    #[case::base36("k3j9x0q2m8z7w5v1t4r6y2u8i0p3a7s9d1f5", true)]
    #[case::campaign("ACME_DE_META_CONV_2026Q4_RETARGETING_VIDEO_1080x1350", false)]
    #[case::camel("SummerSaleRetargetingProspectingVideoCampaign2026", false)]
    #[case::compound("Donaudampfschifffahrtsgesellschaftskapitaen", false)]
    #[case::uuid("0192f0c1-7e3a-7b52-9c1d-2f6b8a4d5e60", false)]
    #[case::ids("120210001234567890_120210009876543210", false)]
    #[case::codes("BRD_FB_IG_CPM_VTR_KPI_DSP_RTG_VID_DCO_2026", false)]
    fn only_what_no_person_wrote_is_random(#[case] token: &str, #[case] random: bool) {
        assert_eq!(is_random(token), random, "{token}");
    }
}
