//! Finding governed values by what people call them: codes, former codes, names, ids. Nothing is guessed: two fits are
//! a refusal that lists them.

use super::failure::Failure;
use crate::engine::{
    api::{CampaignRow, Governance, Seen},
    model::{
        code::Code,
        governance::{Brand, Channel, Market},
        refusal::{Problem, RefusalCode},
        sanitise::excerpt,
        ticket::Status,
    },
};

/// What has a code, by that, a former one or its id, which `names` gives.
fn by_code<'g, T>(
    noun: &str,
    all: &'g [Seen<T>],
    text: &str,
    names: impl Fn(&'g T) -> (&'g Code, &'g [Code], String),
) -> Result<&'g Seen<T>, String> {
    let fits = |seen: &&'g Seen<T>| {
        let (code, former, id) = names(&seen.value);
        is(text, code.as_str()) || former.iter().any(|a| is(text, a.as_str())) || is(text, &id)
    };
    all.iter().find(fits).ok_or_else(|| {
        let codes = all.iter().map(|seen| names(&seen.value).0.to_string());
        unknown(noun, text, codes.collect())
    })
}

/// A market by code, former code or id.
pub fn market<'g>(g: &'g Governance, text: &str) -> Result<&'g Seen<Market>, String> {
    by_code("market", &g.markets, text, |v| (&v.code, &v.aliases, v.id.to_string()))
}

/// A brand by code, former code or id.
pub fn brand<'g>(g: &'g Governance, text: &str) -> Result<&'g Seen<Brand>, String> {
    by_code("brand", &g.brands, text, |v| (&v.code, &v.aliases, v.id.to_string()))
}

/// A channel by code, former code or id.
pub fn channel<'g>(g: &'g Governance, text: &str) -> Result<&'g Seen<Channel>, String> {
    by_code("channel", &g.channels, text, |v| {
        (&v.code, &v.aliases, v.id.to_string())
    })
}

/// A campaign by name (`DIS_US_2026_MoanaLaunch`), id, label or the planner's words. Name and id are exact; a label or
/// title that fits several is refused.
pub fn campaign<'g>(g: &'g Governance, text: &str) -> Result<&'g CampaignRow, String> {
    let exact = |c: &&CampaignRow| c.name == text || c.campaign.value.id.to_string() == text;
    if let Some(row) = g.campaigns.iter().find(exact) {
        return Ok(row);
    }
    let loose: Vec<_> = g
        .campaigns
        .iter()
        .filter(|c| {
            let v = &c.campaign.value;
            is(text, &c.name) || is(text, v.label.as_str()) || is(text, &v.title)
        })
        .collect();
    match loose.as_slice() {
        [one] => Ok(one),
        [] => Err(unknown(
            "campaign",
            text,
            g.campaigns.iter().map(|c| c.name.clone()).collect(),
        )),
        several => {
            let names: Vec<_> = several.iter().map(|c| c.name.as_str()).collect();
            Err(format!(
                "\"{}\" fits {} campaigns: {}; name one in full",
                excerpt(text, 60),
                several.len(),
                names.join(", ")
            ))
        }
    }
}

fn is(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Names what is known, the first dozen of it.
fn unknown(what: &str, text: &str, mut known: Vec<String>) -> String {
    let all = known.len();
    known.truncate(12);
    let known = match (all, known.len()) {
        (0, _) => format!("there are no {what}s yet"),
        (all, shown) if all > shown => format!("known: {} and {} more", known.join(", "), all - shown),
        _ => format!("known: {}", known.join(", ")),
    };
    format!("\"{}\" is not a {what}; {known}", excerpt(text, 60))
}

/// The refusal for a value nobody knows.
pub fn not_found(field: &str, reason: String) -> Failure {
    Failure::refused(RefusalCode::NotFound, Problem::at(field, reason, ""))
}

/// An update that names nothing to change is a slip.
pub fn refuse_empty(is_empty: bool) -> Result<(), Failure> {
    if is_empty {
        return Err(Failure::usage("name at least one thing to change"));
    }
    Ok(())
}

/// `active` or `retired`.
pub const fn state(retired: bool) -> &'static str {
    if retired { "retired" } else { "active" }
}

/// Codes in one cell.
pub fn codes(codes: &[Code]) -> String {
    codes.iter().map(Code::as_str).collect::<Vec<_>>().join(" ")
}

/// A length as JSON counts.
pub fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Tickets by status in one cell: `DRAFT 2, FAILED 1`.
pub fn by_status(tickets: &[(Status, u64)]) -> String {
    tickets
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(status, n)| format!("{status} {n}"))
        .collect::<Vec<_>>()
        .join(", ")
}
