//! What only Meta refuses. Codes and their meaning: `assets/platforms/meta/errors.toml`.

use serde_json::{Value, json};

use super::{Case, Edit, Fix};
use crate::engine::model::sanitise::excerpt;

const SHARING: &str = "payload.campaign.is_adset_budget_sharing_enabled";

/// Sharing between ad sets that the campaign cannot have, or that must be said: off is what a campaign without it has.
pub fn sharing_off(case: &Case<'_>) -> Option<Fix> {
    let codes = [
        "100/4834002",
        "100/4834005",
        "100/4834006",
        "100/4834009",
        "100/4834011",
        "100/3858418",
    ];
    if !case.is(&codes) || case.at(SHARING) == Some(&json!(false)) {
        return None;
    }
    let because = format!(
        "Meta refuses budget sharing here ({}); it is switched off",
        case.ailment.code
    );
    Some(Fix::one(Edit::Set(SHARING.to_owned(), json!(false)), because))
}

/// An attribution window the objective does not take: without one, Meta uses the objective's own.
pub fn attribution_default(case: &Case<'_>) -> Option<Fix> {
    const SPEC: &str = "payload.ad_set.attribution_spec";
    if !case.is(&["100/1885501"]) {
        return None;
    }
    case.at(SPEC)?;
    let because = "the objective does not take these attribution windows; without any, Meta uses its own";
    Some(Fix::one(Edit::Remove(SPEC.to_owned()), because))
}

/// The placement Meta took away (2490562).
pub fn placement_gone(case: &Case<'_>) -> Option<Fix> {
    const POSITIONS: &str = "payload.ad_set.targeting.facebook_positions";
    const GONE: &str = "video_feeds";
    if !case.is(&["100/2490562"]) {
        return None;
    }
    let positions = case.at(POSITIONS)?.as_array()?;
    let kept: Vec<&Value> = positions.iter().filter(|p| p.as_str() != Some(GONE)).collect();
    // None left would mean all of them.
    if kept.is_empty() || kept.len() == positions.len() {
        return None;
    }
    let because = "Meta no longer has the placement video_feeds";
    Some(Fix::one(Edit::Set(POSITIONS.to_owned(), json!(kept)), because))
}

/// An interest or behaviour Meta took away: the one that is blamed by its place or named in Meta's words. The last one
/// stays, because without any the ad set aims at everybody.
pub fn interest_gone(case: &Case<'_>) -> Option<Fix> {
    if !case.is(&["100/1870247", "100/1487694"]) {
        return None;
    }
    let named = |list: &str| format!("payload.ad_set.targeting.{list}");
    let mut found = None;
    for path in ["interests", "behaviors"].map(named) {
        let Some(items) = case.at(&path).and_then(Value::as_array) else {
            continue;
        };
        let blamed = case
            .ailment
            .field
            .as_ref()
            .is_some_and(|f| f.as_str().starts_with(&format!("{path}[")));
        let at = if blamed {
            case.item()
        } else {
            only_named(items, &case.ailment.words)
        };
        if let Some(n) = at.filter(|n| *n < items.len() && items.len() > 1) {
            // Two lists with a candidate each: nobody knows which is meant.
            if found.is_some() {
                return None;
            }
            found = Some((path, items, n));
        }
    }
    let (path, items, n) = found?;
    let gone = items.get(n)?;
    let kept: Vec<&Value> = items
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != n)
        .map(|(_, i)| i)
        .collect();
    let name = gone.get("name").and_then(Value::as_str).unwrap_or("one");
    let because = format!("Meta no longer has \"{}\"", excerpt(name, 60));
    Some(Fix::one(Edit::Set(path, json!(kept)), because))
}

/// The one item whose id or name stands in some words.
fn only_named(items: &[Value], words: &str) -> Option<usize> {
    let words = words.to_lowercase();
    let is_named = |item: &Value| {
        ["id", "name"].iter().any(|key| {
            let text = item.get(key).and_then(Value::as_str).unwrap_or("").to_lowercase();
            !text.is_empty() && words.contains(&text)
        })
    };
    let mut fits = items.iter().enumerate().filter(|(_, i)| is_named(i)).map(|(n, _)| n);
    match (fits.next(), fits.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}
