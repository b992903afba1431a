//! What no proposal may touch, whatever else permits it: money, delivery, identity, place, law and names.
//!
//! Judged by the keys on a leaf's way and by the hosts in its text. Words are matched inside keys, so that a key nobody
//! has seen yet (`lifetime_bid_cap`) is caught too: what is refused here too much costs a person one edit by hand.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::leaves::{LeafChange, is_named};

/// Words that may stand nowhere in a key, and what they are about.
const WORDS: [(&str, &[&str]); 6] = [
    (
        "budget, bid or price",
        &[
            "budget", "bid", "price", "spend", "cost", "_cap", "cpa", "cpc", "cpm", "roas", "currency", "amount",
            "money", "minor", "percent", "value",
        ],
    ),
    (
        "status or activation",
        &["status", "enabled_at", "activat", "operation"],
    ),
    (
        "an account, a page, a pixel, an identity or another object",
        &[
            "account",
            "pixel",
            "identity",
            "hash",
            "promoted_object",
            "audience_ids",
            "custom_audience",
        ],
    ),
    (
        "geography",
        &["geo", "location", "countr", "region", "city", "cities", "zip", "radius"],
    ),
    (
        "a legal declaration",
        &[
            "special_",
            "political",
            "authorization",
            "dsa_",
            "disclosure",
            "brand_safety",
            "brandsafety",
            "exclu",
        ],
    ),
    ("a file", &["_file"]),
];

/// Whole keys of the same kind that are too short to be looked for inside others.
const KEYS: [(&str, &[&str]); 3] = [
    ("geography", &["places", "place"]),
    ("a name", &["campaign_name", "adgroup_name", "ad_name"]),
    ("an account, a page, a pixel, an identity or another object", &["page"]),
];

/// The one key that carries a forbidden word and may change, and only to `false`: it keeps ad sets from lending each
/// other budget.
const SHARING: [&str; 3] = ["payload", "campaign", "is_adset_budget_sharing_enabled"];

/// Why a change of a leaf is never acceptable; `None` = it may be judged by the allow-list.
pub fn reason(change: &LeafChange) -> Option<&'static str> {
    let keys: Vec<&str> = change.path.keys().collect();
    match keys.as_slice() {
        ["payload", _, ..] | ["flight", "start"] => {}
        ["budget", ..] => return Some("budget, bid or price"),
        ["flight", ..] => return Some("the end of the schedule"),
        _ => return Some("something outside the ticket's content"),
    }
    if keys.as_slice() == SHARING {
        return (change.to != Some(Value::Bool(false))).then_some("budget, bid or price");
    }
    if let ["payload", _, "name"] = keys.as_slice() {
        return Some("a name");
    }
    for key in keys.iter().skip(1) {
        let lower = key.to_ascii_lowercase();
        if is_id(key, &lower) {
            return Some("an account, a page, a pixel, an identity or another object");
        }
        if let Some((why, _)) = KEYS.iter().find(|(_, all)| all.contains(&lower.as_str())) {
            return Some(why);
        }
        if let Some((why, _)) = WORDS.iter().find(|(_, all)| all.iter().any(|w| lower.contains(w))) {
            return Some(why);
        }
    }
    if let Some(why) = items(change) {
        return Some(why);
    }
    (hosts(change.from.as_ref()) != hosts(change.to.as_ref())).then_some("the host of an address")
}

/// `id`, `pixel_id`, `image_ids`, `appId`.
fn is_id(key: &str, lower: &str) -> bool {
    matches!(lower, "id" | "ids") || lower.ends_with("_id") || lower.ends_with("_ids") || key.ends_with("Id")
}

/// Lists of named ids may lose items and nothing else; the last one stays, because an empty list aims at everybody.
fn items(change: &LeafChange) -> Option<&'static str> {
    let list = |v: Option<&Value>| v.and_then(Value::as_array).cloned().unwrap_or_default();
    let (from, to) = (list(change.from.as_ref()), list(change.to.as_ref()));
    if !from.iter().chain(&to).any(is_named) {
        return None;
    }
    let mut rest = from.iter();
    let thinned = !to.is_empty() && to.iter().all(|item| rest.any(|old| old == item));
    (!thinned).then_some("an account, a page, a pixel, an identity or another object")
}

static AUTHORITY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:\b[a-z][a-z0-9+.\-]*:/*|//)([^/?#\s]+)").ok());
static BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:[\w\-]+\.)+\p{L}{2,}|\d{1,3}(?:\.\d{1,3}){3}").ok());

/// True when a text in the value names a host.
pub fn names_host(value: &Value) -> bool {
    !hosts(Some(value)).is_empty()
}

/// Every host any text in a value names. Browsers read `\` as `/` and skip control characters, so both go first.
fn hosts(value: Option<&Value>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    collect(value, &mut out);
    out
}

fn collect(value: Option<&Value>, out: &mut BTreeSet<String>) {
    match value {
        Some(Value::String(text)) => of_text(text, out),
        Some(Value::Array(items)) => items.iter().for_each(|i| collect(Some(i), out)),
        Some(Value::Object(fields)) => fields.values().for_each(|i| collect(Some(i), out)),
        _ => {}
    }
}

fn of_text(text: &str, out: &mut BTreeSet<String>) {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .map(|c| if c == '\\' { '/' } else { c })
        .collect();
    let clean = clean.trim().to_lowercase();
    if let Some(authority) = AUTHORITY.as_ref() {
        out.extend(
            authority
                .captures_iter(&clean)
                .filter_map(|c| Some(c.get(1)?.as_str().to_owned())),
        );
    }
    let is_url = clean
        .split_once("://")
        .is_some_and(|(scheme, _)| !scheme.contains(char::is_whitespace));
    if is_url {
        return;
    }
    // `example.com/shop/index.html` has one host and no more.
    let one = !clean.contains(char::is_whitespace);
    let looked = if one {
        clean.split(['/', '?', '#']).next().unwrap_or("")
    } else {
        &clean
    };
    if let Some(bare) = BARE.as_ref() {
        out.extend(bare.find_iter(looked).map(|m| m.as_str().to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::engine::copilot::propose::leaves::changed;

    fn judged(path: &str, from: Value, to: Value) -> Option<&'static str> {
        let tree = |leaf: Value| path.split('.').rev().fold(leaf, |inner, key| json!({ key: inner }));
        let changes = changed(&tree(from), &tree(to));
        changes.iter().find_map(reason)
    }

    #[rstest]
    #[case("budget.money.minor", json!(1), json!(2))]
    #[case("flight.end", json!("2026-01-01"), json!("2026-02-01"))]
    #[case("payload.ad_set.bid_amount", json!("1.00"), json!("2.00"))]
    #[case("payload.campaign.bidding.strategy", json!("A"), json!("B"))]
    #[case("payload.campaign.spend_cap", json!("1"), json!("2"))]
    #[case("payload.ad.status", json!("PAUSED"), json!("ACTIVE"))]
    #[case("payload.ad.landing_page_url", json!("https://a.example/x"), json!("https://b.example/x"))]
    #[case("payload.ad.landing_page_url", json!("https://a.example/x"), json!("https:\\\\b.example/x"))]
    #[case("payload.ad.landing_page_url", json!("https://a.example/x"), json!("https:/\t/b.example/x"))]
    #[case("payload.ad.landing_page_url", json!("https://a.example/x"), json!("https://a.example@b.example/x"))]
    #[case("payload.ad.landing_page_url", json!("https://a.example/x"), json!("//b.example/x"))]
    #[case("payload.ad.ad_text", json!("Shop now"), json!("Shop now at b.example"))]
    #[case("payload.ad.ad_text", json!("Shop now"), json!("Shop 10.0.0.1"))]
    #[case("payload.ad.url", Value::Null, json!("https://b.example"))]
    #[case("payload.ad_set.promoted_object.pixel_id", json!("1"), json!("2"))]
    #[case("payload.ad.identity_type", json!("A"), json!("B"))]
    #[case("payload.creative.image_file.sha256", json!("a"), json!("b"))]
    #[case("payload.ad_set.targeting.geo_locations.countries", json!(["DE"]), json!(["US"]))]
    #[case("payload.ad_group.locations.places", json!([1]), json!([2]))]
    #[case("payload.campaign.special_ad_categories", json!(["HOUSING"]), json!(["NONE"]))]
    #[case("payload.campaign.containsEuPoliticalAdvertising", json!("A"), json!("B"))]
    #[case("payload.campaign.name", json!("A"), json!("B"))]
    #[case("payload.ad_set.targeting.interests", json!([{"id": "1", "name": "a"}]), json!([{"id": "2", "name": "a"}]))]
    #[case("payload.ad_set.targeting.interests", json!([{"id": "1", "name": "a"}]), json!([]))]
    #[case("payload.ad_set.targeting.exclusions.interests", json!([{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]), json!([{"id": "1", "name": "a"}]))]
    #[case("payload.campaign.is_adset_budget_sharing_enabled", json!(false), json!(true))]
    #[case("notes", json!("a"), json!("b"))]
    fn never(#[case] path: &str, #[case] from: Value, #[case] to: Value) {
        assert!(judged(path, from, to).is_some(), "{path}");
    }

    #[rstest]
    #[case("flight.start", json!("2026-01-01"), json!("2026-02-01"))]
    #[case("payload.ad.ad_text", json!("Shop now, it is fun"), json!("Shop now"))]
    #[case("payload.ad.landing_page_url", json!(" https://a.example/x"), json!("https://a.example/x"))]
    #[case("payload.ad.landing_page_url", json!("a.example/x.html"), json!("https://a.example/x.html"))]
    #[case("payload.ad_group.placements", json!(["A", "B"]), json!(["A"]))]
    #[case("payload.ad_set.targeting.interests", json!([{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]), json!([{"id": "2", "name": "b"}]))]
    #[case("payload.campaign.is_adset_budget_sharing_enabled", json!(true), json!(false))]
    #[case("payload.creative.object_story_spec.link_data.name", json!("A "), json!("A"))]
    fn may_be_judged(#[case] path: &str, #[case] from: Value, #[case] to: Value) {
        assert_eq!(judged(path, from, to), None, "{path}");
    }
}
