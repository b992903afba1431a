//! A platform's words, made fit for ledger, log and screen.
//!
//! Invariants
//! - At most 2 KiB, one line, no escape sequence.
//! - No access token: Meta, for one, quotes a malformed one in its own message.

use crate::engine::model::sanitise::sanitise;

/// Longest text kept, in bytes.
const MAX: usize = 2048;
/// Tokens are far longer than any word of a language; image hashes (32), request ids (34) and ids (19) are shorter.
const TOKEN_MIN: usize = 40;

/// Text from an answer, safe to keep.
pub fn kept(text: &str) -> String {
    // Redact first: cutting first could leave half a token that no longer looks like one.
    let mut out = sanitise(&redact(text)).into_string();
    if out.len() > MAX {
        let mut end = MAX - '…'.len_utf8();
        while !out.is_char_boundary(end) {
            end -= 1;
        }
        out.truncate(end);
        out.push('…');
    }
    out
}

/// Replaces everything that looks like a token: Meta's start with `EAA`; any other run this long is none of our business
/// (TikTok's have 40 hex digits).
fn redact(text: &str) -> String {
    let part_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.find(|c| !part_of_token(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(run);
        if word.len() >= TOKEN_MIN || (word.starts_with("EAA") && word.len() >= 8) {
            out.push_str("<hidden>");
        } else {
            out.push_str(word);
        }
        let gap = after.find(part_of_token).unwrap_or(after.len());
        let (between, next) = after.split_at(gap);
        out.push_str(between);
        rest = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_never_pass() {
        assert_eq!(
            kept("Malformed access token EAABsbCS1iHgBAKZ"),
            "Malformed access token <hidden>"
        );
        let long = "x1".repeat(30);
        assert_eq!(kept(&format!("({long})")), "(<hidden>)");
        let plain = "Invalid parameter: image 9fdba2b8d41d8cd98f00b204e9800998, act_1001, über 18 Jahre";
        assert_eq!(kept(plain), plain);
    }

    #[test]
    fn long_and_hostile_text_is_cut_and_cleaned() {
        let cut = kept(&"ö ".repeat(3000));
        assert!(cut.len() <= MAX && cut.ends_with('…'), "{}", cut.len());
        assert_eq!(kept("a\u{1b}[2Jb\nc"), "a^[[2Jb c");
    }
}
