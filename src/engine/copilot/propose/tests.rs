//! What gets through the gate and what does not.

use std::sync::LazyLock;

use rstest::rstest;
use serde_json::{Value, json};

use super::{
    allow::{Allow, ErrorClass},
    *,
};
use crate::engine::model::{
    catalogue::Catalogue,
    platform::PlatformId,
    proposal::{Ailment, Witness},
    ticket::RequestType,
};

static REGISTRY: LazyLock<std::collections::BTreeMap<PlatformId, std::sync::Arc<dyn crate::platforms::Platform>>> =
    LazyLock::new(crate::platforms::registry::registry);

fn catalogue() -> &'static Catalogue {
    REGISTRY[&PlatformId::Meta].catalogue()
}

fn content() -> Content {
    let payload = json!({
        "campaign": {
            "objective": "OUTCOME_TRAFFIC", "budget_level": "ad_set", "bid_strategy": "LOWEST_COST_WITH_BID_CAP",
            "special_ad_categories": ["HOUSING"], "special_ad_category_country": ["US"], "buying_type": "AUCTION",
            "is_adset_budget_sharing_enabled": false, "spend_cap": "1200.00",
        },
        "ad_set": {
            "optimization_goal": "LINK_CLICKS", "billing_event": "IMPRESSIONS", "bid_amount": "2.50",
            "promoted_object": {"pixel_id": "77", "custom_event_type": "PURCHASE"},
            "targeting": {
                "geo_locations": {"countries": ["US"]}, "age_min": 18, "age_max": 65,
                "interests": [{"id": "6003139266461", "name": "Movies"}, {"id": "6003139266462", "name": "Toys"}],
                "targeting_automation": {"advantage_audience": 0},
            },
        },
        "creative": {"object_story_spec": {
            "page_id": "111", "instagram_user_id": "222",
            "link_data": {
                "link": "https://example.com/launch", "message": "See it first ", "name": "Launch week",
                "image_hash": "9fdba2b8", "call_to_action": {"type": "LEARN_MORE"},
            },
        }},
        "ad": {"conversion_domain": "example.com"},
    });
    Content::from_value(json!({
        "budget": {"kind": "daily", "money": {"amount": "50.00", "currency": "EUR"}},
        "flight": {"start": "2026-12-01", "end": "2026-12-31"},
        "payload": payload,
    }))
}

fn refused(field: &str) -> Ailment {
    Ailment {
        witness: Witness::Platform,
        code: "100".to_owned(),
        step: Some("ad_set".to_owned()),
        field: Some(field.into()).filter(|_| !field.is_empty()),
        words: "Invalid parameter".to_owned(),
    }
}

fn gate(patch: &Value, request: RequestType, fields: &[&str]) -> Result<Accepted, Objection> {
    let ailments: Vec<Ailment> = fields.iter().map(|f| refused(f)).collect();
    judge(&content(), patch, &Allow::of(request, catalogue(), &ailments))
}

const MESSAGE: &str = "/payload/creative/object_story_spec/link_data/message";
const BLAMED: &str = "payload.creative.object_story_spec.link_data.message";

#[test]
fn what_is_accepted_pins_what_it_replaces() {
    let patch = json!([{"op": "replace", "path": MESSAGE, "value": "See it first", "note": "dropped"}]);
    let accepted = gate(&patch, RequestType::Create, &[BLAMED]).unwrap();
    let want = json!([
        {"op": "test", "path": MESSAGE, "value": "See it first "},
        {"op": "replace", "path": MESSAGE, "value": "See it first"},
    ]);
    assert_eq!(accepted.patch.value(), want);
    assert_eq!(accepted.changes.len(), 1);
    assert_eq!(accepted.changes[0].path.to_string(), BLAMED);
    // On anything else than it was made for, it fails as a whole.
    assert!(accepted.after.patched(&accepted.patch.value()).is_err());
}

/// A parent that is replaced names an innocent path; its leaves do not lie.
#[rstest]
#[case::another_bid("/payload/ad_set", "/bid_amount", json!("99.00"))]
#[case::another_pixel("/payload/ad_set", "/promoted_object/pixel_id", json!("78"))]
#[case::another_place("/payload/ad_set/targeting", "/geo_locations/countries", json!(["DE"]))]
#[case::another_host("/payload/creative/object_story_spec", "/link_data/link", json!("https://evil.example/launch"))]
#[case::another_page("/payload/creative", "/object_story_spec/page_id", json!("112"))]
#[case::no_special_category("/payload/campaign", "/special_ad_categories", json!(["NONE"]))]
#[case::the_whole_payload("/payload", "/campaign/spend_cap", json!("9000.00"))]
#[case::a_new_key("/payload/ad_set", "/lifetime_budget", json!("9000.00"))]
fn parent_replace_cannot_smuggle(#[case] parent: &str, #[case] inside: &str, #[case] value: Value) {
    let mut doc = content().value().clone();
    *doc.pointer_mut(MESSAGE).unwrap() = json!("See it first");
    if let Some(at) = doc.pointer_mut(&format!("{parent}{inside}")) {
        *at = value;
    } else {
        let key = inside.trim_start_matches('/');
        doc.pointer_mut(parent).unwrap()[key] = value;
    }
    let patch = json!([{"op": "replace", "path": parent, "value": doc.pointer(parent).unwrap()}]);
    // Whatever is blamed, up to everything at once.
    for blamed in [
        vec![BLAMED],
        vec![""],
        vec!["payload.ad_set", "payload.campaign", "payload.creative", BLAMED],
    ] {
        let verdict = gate(&patch, RequestType::Create, &blamed);
        assert!(
            matches!(verdict, Err(Objection::Never { .. } | Objection::Elsewhere(_))),
            "{verdict:?}"
        );
    }
    // Left out altogether, it would be gone.
    let gone = json!([{"op": "replace", "path": "/payload/ad_set", "value": {}}]);
    assert!(gate(&gone, RequestType::Create, &["payload.ad_set"]).is_err());
}

#[rstest]
#[case::not_a_list(json!({"op": "add"}))]
#[case::moves(json!([{"op": "move", "from": "/payload/ad_set/bid_amount", "path": MESSAGE}]))]
#[case::copies(json!([{"op": "copy", "from": "/payload/ad_set/bid_amount", "path": MESSAGE}]))]
#[case::tests(json!([{"op": "test", "path": MESSAGE, "value": "See it first "}]))]
#[case::no_value(json!([{"op": "replace", "path": MESSAGE}]))]
#[case::no_such_path(json!([{"op": "replace", "path": "/payload/nowhere/at/all", "value": 1}]))]
#[case::the_root(json!([{"op": "replace", "path": "", "value": {}}]))]
#[case::nothing(json!([{"op": "replace", "path": MESSAGE, "value": "See it first "}]))]
#[case::empty(json!([]))]
#[case::too_many(Value::Array(vec![json!({"op": "replace", "path": MESSAGE, "value": "x"}); 9]))]
#[case::too_long(json!([{"op": "replace", "path": MESSAGE, "value": "x".repeat(BYTES_MAX)}]))]
#[case::a_dotted_key(json!([{"op": "add", "path": "/payload/creative/object_story_spec.link_data.message", "value": "x"}]))]
#[case::unknown(json!([{"op": "add", "path": "/payload/creative/surprise", "value": "x"}]))]
#[case::elsewhere(json!([{"op": "replace", "path": "/payload/campaign/objective", "value": "OUTCOME_SALES"}]))]
#[case::no_flight(json!([{"op": "replace", "path": "/flight", "value": null}]))]
fn refused_by_form_or_place(#[case] patch: Value) {
    assert!(gate(&patch, RequestType::Create, &[BLAMED]).is_err());
}

/// A change request carries a target, a budget or a status: nothing of it is a proposal's affair.
#[test]
fn only_what_is_being_made_can_be_mended() {
    let patch = json!([{"op": "replace", "path": MESSAGE, "value": "See it first"}]);
    for request in RequestType::ALL {
        assert_eq!(
            gate(&patch, *request, &[BLAMED]).is_ok(),
            *request == RequestType::Create
        );
    }
}

#[rstest]
#[case("flight.start", Witness::Platform, "100", ErrorClass::Start)]
#[case("flight.end", Witness::Platform, "100", ErrorClass::Person)]
#[case("budget", Witness::Platform, "100/1885272", ErrorClass::Person)]
#[case("name", Witness::Qa, "naming.grammar", ErrorClass::Person)]
#[case("", Witness::Platform, "100", ErrorClass::Section(Some("ad_set".into())))]
#[case("payload.ad", Witness::Platform, "100", ErrorClass::Section(Some("ad".into())))]
#[case(
    "payload.ad.x",
    Witness::Platform,
    "policyFindingError.POLICY_FINDING",
    ErrorClass::Policy
)]
#[case("payload.ad.x", Witness::Qa, "brand_safety.adult", ErrorClass::Policy)]
#[case("", Witness::Qa, "qa.more", ErrorClass::Person)]
fn what_kind_of_trouble(#[case] field: &str, #[case] witness: Witness, #[case] code: &str, #[case] want: ErrorClass) {
    let ailment = Ailment {
        witness,
        code: code.to_owned(),
        ..refused(field)
    };
    assert_eq!(ErrorClass::of(&ailment, catalogue()), want);
}

/// A policy may be mended in the ad's words and nowhere else.
#[test]
fn a_policy_is_mended_in_words() {
    let ailment = Ailment {
        witness: Witness::Qa,
        code: "brand_safety.adult".to_owned(),
        ..refused(BLAMED)
    };
    let ailments = [ailment];
    let allow = Allow::of(RequestType::Create, catalogue(), &ailments);
    let words = json!([{"op": "replace", "path": MESSAGE, "value": "Fun for all"}]);
    assert!(judge(&content(), &words, &allow).is_ok());
    let aim = json!([{"op": "replace", "path": "/payload/ad_set/targeting/age_min", "value": 21}]);
    assert!(matches!(judge(&content(), &aim, &allow), Err(Objection::Elsewhere(_))));
}

#[test]
fn what_was_refused_or_fails_qa_is_not_settled() {
    let (a, b) = (Sha::of(b"a"), Sha::of(b"b"));
    assert_eq!(settle(a, &[b], &[], &[]), Ok(()));
    assert_eq!(settle(a, &[b, a], &[], &[]), Err(Objection::RefusedBefore));
    let finding = |severity| Finding {
        rule: "fields.bounds".to_owned(),
        severity,
        field: FieldPath::default(),
        message: "too long".to_owned(),
        remedy: String::new(),
    };
    assert_eq!(settle(a, &[], &[finding(Severity::Warning)], &[]), Ok(()));
    assert!(matches!(
        settle(a, &[], &[finding(Severity::Error)], &[]),
        Err(Objection::Findings(_))
    ));
}

/// What must be the same before and after every patch that gets through, read without the gate's own eyes.
const FORBIDDEN: [&str; 19] = [
    "/budget",
    "/flight/end",
    "/payload/campaign/budget_level",
    "/payload/campaign/bid_strategy",
    "/payload/campaign/special_ad_categories",
    "/payload/campaign/special_ad_category_country",
    "/payload/campaign/is_adset_budget_sharing_enabled",
    "/payload/campaign/spend_cap",
    "/payload/campaign/name",
    "/payload/campaign/status",
    "/payload/ad_set/bid_amount",
    "/payload/ad_set/daily_budget",
    "/payload/ad_set/promoted_object",
    "/payload/ad_set/targeting/geo_locations",
    "/payload/creative/object_story_spec/page_id",
    "/payload/creative/object_story_spec/instagram_user_id",
    "/payload/creative/object_story_spec/link_data/link",
    "/payload/creative/object_story_spec/link_data/image_hash",
    "/payload/ad/status",
];

/// Random patches, half of them aimed at what is forbidden, most of them well formed, under the widest allow-list there
/// is: none changes a forbidden leaf.
#[test]
fn ten_thousand_random_patches_change_nothing_forbidden() {
    let content = content();
    let mut places: Vec<String> = Vec::new();
    pointers(content.value(), String::new(), &mut places);
    places.extend(FORBIDDEN.iter().map(ToString::to_string));
    let widest: Vec<Ailment> = [
        "",
        "flight.start",
        "payload.campaign",
        "payload.ad_set",
        "payload.creative",
        "payload.ad",
    ]
    .iter()
    .map(|f| Ailment {
        step: None,
        ..refused(f)
    })
    .collect();
    let allow = Allow::of(RequestType::Create, catalogue(), &widest);
    let before = content.value();
    let mut rng = fastrand::Rng::with_seed(7);
    let (mut accepted, mut changed_forbidden) = (0, 0);
    for _ in 0..10_000 {
        let operations: Vec<Value> = (0..rng.usize(1..4))
            .map(|_| operation(&mut rng, &places, before))
            .collect();
        let Ok(got) = judge(&content, &Value::Array(operations), &allow) else {
            continue;
        };
        accepted += 1;
        let after = got.after.value();
        let same = |p: &str| before.pointer(p) == after.pointer(p);
        changed_forbidden += usize::from(!FORBIDDEN.iter().all(|p| same(p)));
        assert_eq!(
            before["payload"].as_object().unwrap().len(),
            after["payload"].as_object().unwrap().len()
        );
    }
    assert_eq!(changed_forbidden, 0);
    // A gate that lets nothing through proves nothing.
    assert!(accepted > 300, "only {accepted} got through");
}

fn pointers(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(k, v)| pointers(v, format!("{at}/{k}"), out)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(n, v)| pointers(v, format!("{at}/{n}"), out)),
        _ => {}
    }
    if !at.is_empty() {
        out.push(at);
    }
}

fn operation(rng: &mut fastrand::Rng, places: &[String], doc: &Value) -> Value {
    let path = &places[rng.usize(..places.len())];
    let op = ["replace", "replace", "replace", "add", "remove", "move"][rng.usize(..6)];
    let mut value = match rng.u8(..8) {
        0 => json!(rng.i64(0..100)),
        1 => json!("https://evil.example/launch"),
        2 => json!([]),
        3 => json!(null),
        4 => json!("Short and plain"),
        5 => doc
            .pointer(&places[rng.usize(..places.len())])
            .cloned()
            .unwrap_or_default(),
        // The value itself, a little changed somewhere inside.
        _ => doc.pointer(path).cloned().unwrap_or_else(|| json!("2026-12-02")),
    };
    let mut inside = Vec::new();
    pointers(&value, String::new(), &mut inside);
    if !inside.is_empty() && rng.bool() {
        let at = &inside[rng.usize(..inside.len())];
        *value.pointer_mut(at).unwrap() = json!(["Another word", "CONVERSATIONS", "99.00"][rng.usize(..3)]);
    }
    json!({"op": op, "path": path, "value": value, "from": "/payload/ad_set/bid_amount"})
}
