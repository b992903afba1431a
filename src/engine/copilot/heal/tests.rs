//! Every rule of the table, from what a platform or QA says to the patch that passes the gate.
#![allow(clippy::too_many_arguments, reason = "one column each of the tables below")]

use std::{collections::BTreeMap, sync::Arc};

use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::{
    engine::{
        copilot::propose::{Objection, allow::Allow, judge},
        model::{catalogue::set_path, proposal::Witness, ticket::RequestType},
    },
    platforms::Platform,
};

fn registry() -> BTreeMap<PlatformId, Arc<dyn Platform>> {
    crate::platforms::registry::registry()
}

fn today() -> Day {
    "2026-12-03".parse().unwrap()
}

fn content(places: &[(&str, Value)]) -> Content {
    let mut root = serde_json::Map::new();
    set_path(&mut root, "flight", json!({"start": "2026-12-01", "end": "2026-12-31"}));
    set_path(
        &mut root,
        "budget",
        json!({"kind": "daily", "money": {"amount": "50.00", "currency": "EUR"}}),
    );
    for section in ["campaign", "ad_set", "ad_group", "creative", "ad"] {
        set_path(&mut root, &format!("payload.{section}.x"), json!(1));
    }
    for (path, value) in places {
        set_path(&mut root, path, value.clone());
    }
    Content::from_value(Value::Object(root))
}

fn ailment(code: &str, field: &str, words: &str) -> Ailment {
    Ailment {
        witness: if code.contains("fields.") {
            Witness::Qa
        } else {
            Witness::Platform
        },
        code: code.to_owned(),
        step: None,
        field: Some(FieldPath::new(field)).filter(|f| !f.as_str().is_empty()),
        words: words.to_owned(),
    }
}

/// The rule that answers and the content after its patch, through the gate.
fn healed(
    platform: PlatformId,
    content: &Content,
    ailment: &Ailment,
) -> Option<(&'static str, Result<Content, Objection>)> {
    let all = registry();
    let catalogue = all[&platform].catalogue();
    let case = Case {
        platform,
        catalogue,
        content,
        ailment,
        today: today(),
    };
    let (rule, fix) = heal(&case)?;
    let patch: Vec<Value> = fix.edits.iter().map(|e| e.operation(content.value())).collect();
    let ailments = [ailment.clone()];
    let allow = Allow::of(RequestType::Create, catalogue, &ailments);
    Some((rule.name, judge(content, &Value::Array(patch), &allow).map(|a| a.after)))
}

const META: PlatformId = PlatformId::Meta;
const TIKTOK: PlatformId = PlatformId::Tiktok;
const GOOGLE: PlatformId = PlatformId::GoogleAds;
const SHARING: &str = "payload.campaign.is_adset_budget_sharing_enabled";
const NETWORK: &str = "payload.campaign.networkSettings.targetGoogleSearch";
const INTERESTS: &str = "payload.ad_set.targeting.interests";

fn movies() -> Value {
    json!({"id": "1", "name": "Movies"})
}

fn toys() -> Value {
    json!({"id": "2", "name": "Toys"})
}

#[rstest]
#[case::with_campaign_budget("meta.sharing_off", META, "100/4834002", SHARING, "", SHARING, json!(true), json!(false))]
#[case::not_said("meta.sharing_off", META, "100/4834011", SHARING, "", SHARING, Value::Null, json!(false))]
#[case::no_strategy("meta.sharing_off", META, "100/4834005", "payload.campaign.bid_strategy", "", SHARING, json!(true), json!(false))]
#[case("meta.attribution_default", META, "100/1885501", "payload.ad_set.attribution_spec", "",
    "payload.ad_set.attribution_spec", json!([{"event_type": "CLICK_THROUGH", "window_days": 28}]), Value::Null)]
#[case("meta.placement_gone", META, "100/2490562", "payload.ad_set.targeting.facebook_positions", "",
    "payload.ad_set.targeting.facebook_positions", json!(["feed", "video_feeds"]), json!(["feed"]))]
#[case::by_place("meta.interest_gone", META, "100/1870247", "payload.ad_set.targeting.interests[1]", "", INTERESTS,
    json!([movies(), toys()]), json!([movies()]))]
#[case::by_name("meta.interest_gone", META, "100/1870247", INTERESTS, "Replace the interest Movies", INTERESTS,
    json!([movies(), toys()]), json!([toys()]))]
#[case("tiktok.minors_out", TIKTOK, "40065", "payload.ad_group.age_groups", "", "payload.ad_group.age_groups",
    json!(["AGE_13_17", "AGE_18_24"]), json!(["AGE_18_24"]))]
#[case("tiktok.no_emoji", TIKTOK, "40002", "payload.ad.ad_text", "ad_text: no emoji", "payload.ad.ad_text",
    json!("Play now 🎉 today"), json!("Play now today"))]
#[case("google_ads.network", GOOGLE, "campaignError.CAMPAIGN_MUST_TARGET_AT_LEAST_ONE_NETWORK", NETWORK, "", NETWORK,
    json!(false), json!(true))]
#[case::partners("google_ads.network", GOOGLE, "campaignError.CANNOT_TARGET_SEARCH_NETWORK_WITHOUT_GOOGLE_SEARCH",
    "payload.campaign.networkSettings.targetSearchNetwork", "", NETWORK, json!(false), json!(true))]
#[case("google_ads.line_too_long", GOOGLE, "stringLengthError.TOO_LONG", "payload.ad.headlines[0]", "", "payload.ad.headlines",
    json!(["The lightest trail shoes of the whole year", "Run", "Fast"]), json!(["The lightest trail shoes of", "Run", "Fast"]))]
#[case("google_ads.path2_alone", GOOGLE, "adError.CANNOT_SET_PATH2_WITHOUT_PATH1", "payload.ad", "", "payload.ad.path2",
    json!("sale"), Value::Null)]
#[case("start_in_the_past", GOOGLE, "campaignError.CANNOT_SET_DATE_TO_PAST", "flight.start", "", "flight.start",
    json!("2026-12-01"), json!("2026-12-03"))]
#[case("stray_spaces", META, "100", "payload.creative.object_story_spec.link_data.message", "",
    "payload.creative.object_story_spec.link_data.message", json!(" See it\u{200b}  first "), json!("See it first"))]
#[case::address("stray_spaces", TIKTOK, "40002", "payload.ad.landing_page_url", "", "payload.ad.landing_page_url",
    json!("https://example.com/a b "), json!("https://example.com/a%20b"))]
#[case("word_misspelt", META, "100", "payload.ad_set.billing_event", "", "payload.ad_set.billing_event",
    json!("link-clicks"), json!("LINK_CLICKS"))]
#[case::prefix("word_misspelt", TIKTOK, "fields.choice", "payload.ad_group.placement_type", "", "payload.ad_group.placement_type",
    json!("normal"), json!("PLACEMENT_TYPE_NORMAL"))]
#[case("wrong_type", META, "100", "payload.ad_set.targeting.age_min", "", "payload.ad_set.targeting.age_min", json!("21"), json!(21))]
#[case::list("wrong_type", TIKTOK, "40002", "payload.ad_group.age_groups", "", "payload.ad_group.age_groups",
    json!("AGE_18_24"), json!(["AGE_18_24"]))]
#[case("address_without_scheme", TIKTOK, "40002", "payload.ad.landing_page_url", "", "payload.ad.landing_page_url",
    json!("www.example.com/x.html"), json!("https://www.example.com/x.html"))]
#[case("text_over_limit", GOOGLE, "stringLengthError.TOO_LONG", "payload.ad.path1", "", "payload.ad.path1",
    json!("outdoor trail shoes"), json!("outdoor trail"))]
#[case("number_out_of_range", META, "100", "payload.ad_set.targeting.age_max", "", "payload.ad_set.targeting.age_max",
    json!(99), json!(65))]
#[case("said_twice", GOOGLE, "collectionSizeError.TOO_MANY", "payload.ad_group.keywords", "", "payload.ad_group.keywords",
    json!(["shoes", "Shoes", "boots"]), json!(["shoes", "boots"]))]
#[case("list_too_long", TIKTOK, "40002", "payload.ad_group.operating_systems", "", "payload.ad_group.operating_systems",
    json!(["ANDROID", "IOS"]), json!(["ANDROID"]))]
#[case("usual_value_missing", META, "100/1870227", "payload.ad_set.targeting.targeting_automation.advantage_audience", "",
    "payload.ad_set.targeting.targeting_automation.advantage_audience", Value::Null, json!(0))]
fn each_rule_has_its_answer(
    #[case] rule: &str,
    #[case] platform: PlatformId,
    #[case] code: &str,
    #[case] field: &str,
    #[case] words: &str,
    #[case] place: &str,
    #[case] bad: Value,
    #[case] good: Value,
) {
    let places = [(place, bad)];
    let places = if places[0].1.is_null() { &[][..] } else { &places[..] };
    let content = content(places);
    let (name, after) = healed(platform, &content, &ailment(code, field, words)).expect("a rule");
    assert_eq!(name, rule);
    let after = after.expect("the gate lets it through");
    let got = get_path(after.value(), place).cloned().unwrap_or_default();
    assert_eq!(got, good);
    // The same evidence against what is right already finds nothing more to do there.
    let again = healed(platform, &after, &ailment(code, field, words));
    assert_ne!(again.map(|(name, _)| name), Some(rule));
}

#[test]
fn every_rule_is_tried_above() {
    let here = include_str!("tests.rs");
    for rule in RULES {
        assert!(
            here.contains(&format!("(\"{}\",", rule.name)),
            "{} has no case",
            rule.name
        );
    }
    let names: std::collections::BTreeSet<_> = RULES.iter().map(|r| r.name).collect();
    assert_eq!(names.len(), RULES.len());
}

/// Where two answers are possible, where the answer is a person's, where nothing is left: no fix.
#[rstest]
#[case::two_interests(META, "100/1870247", INTERESTS, "Movies and Toys are gone", INTERESTS, json!([movies(), toys()]))]
#[case::the_last_interest(META, "100/1870247", INTERESTS, "Movies", INTERESTS, json!([movies()]))]
#[case::two_objectives(META, "100", "payload.campaign.objective", "", "payload.campaign.objective", json!("CONVERSIONS"))]
#[case::only_minors(TIKTOK, "40065", "payload.ad_group.age_groups", "", "payload.ad_group.age_groups", json!(["AGE_13_17"]))]
#[case::nothing_but_signs(GOOGLE, "criterionError.KEYWORD_HAS_INVALID_CHARS", "payload.ad_group.keywords", "",
    "payload.ad_group.keywords", json!(["!!", "shoes"]))]
#[case::budget(META, "100/1885272", "budget", "", "payload.ad_set.x", json!(1))]
#[case::flight_over(GOOGLE, "campaignError.CANNOT_SET_DATE_TO_PAST", "flight.start", "", "flight",
    json!({"start": "2026-11-01", "end": "2026-11-30"}))]
#[case::no_field(META, "100", "", "", "payload.ad_set.x", json!(1))]
#[case::no_host(TIKTOK, "40002", "payload.ad.landing_page_url", "", "payload.ad.landing_page_url", json!("landing page"))]
#[case::one_long_word(GOOGLE, "stringLengthError.TOO_LONG", "payload.ad.path1", "", "payload.ad.path1", json!("abcdefghijklmnopqrst"))]
fn no_guess(
    #[case] platform: PlatformId,
    #[case] code: &str,
    #[case] field: &str,
    #[case] words: &str,
    #[case] place: &str,
    #[case] bad: Value,
) {
    let content = content(&[(place, bad)]);
    assert_eq!(
        healed(platform, &content, &ailment(code, field, words)).map(|(n, _)| n),
        None
    );
}

/// What the table would change and the gate does not let it: better nothing than money, law or place.
#[test]
fn the_gate_stands_over_the_table() {
    for (field, bad) in [
        ("payload.campaign.special_ad_categories", Value::Null),
        ("payload.campaign.bid_strategy", json!("cost-cap")),
        ("payload.campaign.budget_level", json!("Campaign")),
    ] {
        let places = [(field, bad)];
        let places = if places[0].1.is_null() { &[][..] } else { &places[..] };
        let (_, verdict) = healed(META, &content(places), &ailment("100", field, "")).expect("a rule knows an answer");
        assert!(matches!(verdict, Err(Objection::Never { .. })), "{field}: {verdict:?}");
    }
}
