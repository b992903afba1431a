//! The simulated Meta, rule by rule, through the one function the doors use.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::time::Duration;

use omnitraffick::{
    engine::model::{
        json::CanonicalJson,
        platform::{AccountId, ObjectKind, PlatformId},
        time::Timestamp,
    },
    platforms::{
        Body, Method, WireRequest, WireResponse,
        sandbox::{
            config::{AccountSpec, WorldConfig},
            world::World,
        },
    },
};
use rstest::rstest;
use serde_json::{Value, json};

const TOKEN: &str = "EAAB-test";

fn start() -> Timestamp {
    Timestamp::parse("2026-11-20T09:00:00Z").unwrap()
}

fn account() -> AccountId {
    "act_1".parse().unwrap()
}

struct Try {
    world: World,
    now: Timestamp,
    last: Option<WireResponse>,
}

type Params<'a> = &'a [(&'a str, &'a str)];

fn request(method: Method, path: &str, query: Params<'_>, body: Body) -> WireRequest {
    WireRequest {
        method,
        path: path.into(),
        query: owned(query),
        headers: vec![],
        body,
    }
}

impl Try {
    fn new(config: WorldConfig) -> Self {
        Self {
            world: World::new(&config),
            now: start(),
            last: None,
        }
    }

    fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(Duration::from_secs(seconds));
    }

    fn raw(&mut self, request: &WireRequest, token: &str) -> (u16, Value) {
        let response = self.world.handle(self.now, PlatformId::Meta, request, token);
        let out = (response.status, serde_json::from_slice(&response.body).unwrap());
        self.last = Some(response);
        out
    }

    fn get(&mut self, path: &str, query: Params<'_>) -> (u16, Value) {
        self.raw(&request(Method::Get, path, query, Body::Empty), TOKEN)
    }

    fn post(&mut self, path: &str, form: Params<'_>) -> (u16, Value) {
        self.raw(&request(Method::Post, path, &[], Body::Form(owned(form))), TOKEN)
    }

    /// Creates and gives the id.
    fn make(&mut self, edge: &str, form: Params<'_>) -> String {
        let (status, body) = self.post(&format!("/act_1/{edge}"), form);
        assert_eq!(status, 200, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    fn tree(&mut self) -> [String; 4] {
        let campaign = self.make("campaigns", CAMPAIGN);
        let ad_set = self.make("adsets", &with(AD_SET, &[("campaign_id", &campaign)]));
        let creative = self.make("adcreatives", CREATIVE);
        let reference = json!({"creative_id": creative}).to_string();
        let ad = self.make("ads", &with(AD, &[("adset_id", &ad_set), ("creative", &reference)]));
        [campaign, ad_set, creative, ad]
    }

    fn field(&mut self, id: &str, field: &str) -> Value {
        let (status, got) = self.get(&format!("/{id}"), &[("fields", field)]);
        assert_eq!(status, 200, "{got}");
        got[field].clone()
    }

    fn names(&mut self, path: &str, query: Params<'_>) -> Vec<String> {
        let mut query = query.to_vec();
        query.push(("fields", "id,name"));
        let (status, body) = self.get(path, &query);
        assert_eq!(status, 200, "{body}");
        let names = body["data"].as_array().unwrap().iter();
        names.map(|o| o["name"].as_str().unwrap().to_owned()).collect()
    }
}

fn owned(pairs: Params<'_>) -> Vec<(String, String)> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

/// `base` with some parameters replaced or added; an empty value takes it away.
fn with<'a>(base: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = base.iter().filter(|(k, _)| !changes.iter().any(|(c, _)| c == k));
    kept.chain(changes.iter().filter(|(_, v)| !v.is_empty()))
        .copied()
        .collect()
}

const CAMPAIGN: Params<'static> = &[
    ("name", "Launch"),
    ("objective", "OUTCOME_TRAFFIC"),
    ("status", "PAUSED"),
    ("special_ad_categories", "[]"),
    ("is_adset_budget_sharing_enabled", "false"),
];
const AD_SET: Params<'static> = &[
    ("name", "Launch_AdSet01"),
    ("status", "PAUSED"),
    ("daily_budget", "5000"),
    ("optimization_goal", "LINK_CLICKS"),
    ("billing_event", "IMPRESSIONS"),
    (
        "targeting",
        r#"{"geo_locations":{"countries":["US"]},"targeting_automation":{"advantage_audience":0}}"#,
    ),
];
const CREATIVE: Params<'static> = &[
    ("name", "Launch_Creative01"),
    (
        "object_story_spec",
        r#"{"page_id":"111","link_data":{"link":"https://shop.example/","message":"Hello",
            "image_hash":"9fdba2b8a67f3d34b6a1c2e4d5f60718"}}"#,
    ),
];
const AD: Params<'static> = &[("name", "Launch_Ad01"), ("status", "PAUSED")];

fn refused((status, body): &(u16, Value), code: i64, subcode: Option<i64>, blame: &str) {
    let error = &body["error"];
    assert!(*status >= 400, "{body}");
    assert_eq!(error["code"], code, "{body}");
    assert_eq!(error.get("error_subcode").and_then(Value::as_i64), subcode, "{body}");
    let path = error
        .pointer("/error_data/blame_field_specs/0")
        .and_then(Value::as_array)
        .map(|p| p.iter().map(|s| s.as_str().unwrap()).collect::<Vec<_>>().join("."))
        .unwrap_or_default();
    assert_eq!(path, blame, "{body}");
    assert!(
        error["fbtrace_id"].as_str().is_some_and(|t| t.starts_with('A')),
        "{body}"
    );
    assert!(error["type"].is_string() && error["message"].is_string());
}

#[rstest]
#[case::no_name(&[("name", "")], None, "name")]
#[case::no_status(&[("status", "")], None, "status")]
#[case::archived_at_once(&[("status", "ARCHIVED")], None, "status")]
#[case::no_categories(&[("special_ad_categories", "")], None, "special_ad_categories")]
#[case::unknown(&[("colour", "red")], None, "colour")]
#[case::enumeration(&[("objective", "OUTCOME_FAME")], None, "objective")]
#[case::old_objective(&[("objective", "LINK_CLICKS")], None, "objective")]
#[case::no_flag(&[("is_adset_budget_sharing_enabled", "")], Some(4_834_011), "is_adset_budget_sharing_enabled")]
#[case::flag_and_budget(&[("is_adset_budget_sharing_enabled", "true"), ("daily_budget", "5000")], Some(4_834_002),
    "is_adset_budget_sharing_enabled")]
#[case::sharing_without_bids(&[("is_adset_budget_sharing_enabled", "true")], Some(4_834_005), "bid_strategy")]
#[case::bids_without_budget(&[("bid_strategy", "LOWEST_COST_WITHOUT_CAP")], None, "bid_strategy")]
#[case::two_budgets(&[("daily_budget", "5000"), ("lifetime_budget", "50000")], None, "lifetime_budget")]
#[case::too_low(&[("daily_budget", "99")], Some(1_885_272), "daily_budget")]
#[case::negative(&[("daily_budget", "-5")], None, "daily_budget")]
#[case::no_end(&[("lifetime_budget", "50000")], None, "stop_time")]
#[case::lifetime_too_low(&[("lifetime_budget", "500"), ("stop_time", "2026-12-01T00:00:00-0500")], Some(1_885_272),
    "lifetime_budget")]
#[case::ended(&[("start_time", "2026-01-01T00:00:00+0000"), ("stop_time", "2026-02-01T00:00:00+0000")], None,
    "stop_time")]
#[case::category_country(&[("special_ad_categories", "[\"HOUSING\"]")], None, "special_ad_category_country")]
fn campaign_refusals(#[case] changes: Params<'_>, #[case] subcode: Option<i64>, #[case] blame: &str) {
    let mut t = Try::new(WorldConfig::default());
    let got = t.post("/act_1/campaigns", &with(CAMPAIGN, changes));
    refused(&got, 100, subcode, blame);
    assert!(t.world.snapshot(t.now).is_empty());
}

const NO_FLAG: &str = r#"{"geo_locations":{"countries":["US"]}}"#;
const NOWHERE: &str =
    r#"{"geo_locations":{"location_types":["home"]},"targeting_automation":{"advantage_audience":0}}"#;
const EUROPE: &str = r#"{"geo_locations":{"countries":["US","DE"]},"targeting_automation":{"advantage_audience":0}}"#;
const BACKWARDS: &str = r#"{"age_min":50,"age_max":20,"geo_locations":{"countries":["US"]},
    "targeting_automation":{"advantage_audience":0}}"#;

#[rstest]
#[case::no_targeting(&[("targeting", "")], None, "targeting")]
#[case::no_place(&[("targeting", NOWHERE)], None, "targeting.geo_locations")]
#[case::no_flag(&[("targeting", NO_FLAG)], Some(1_870_227), "targeting.targeting_automation.advantage_audience")]
#[case::ages(&[("targeting", BACKWARDS)], None, "targeting.age_min")]
#[case::europe(&[("targeting", EUROPE), ("dsa_payor", "Acme")], None, "dsa_beneficiary")]
#[case::no_campaign(&[("campaign_id", "999")], None, "campaign_id")]
#[case::no_budget(&[("daily_budget", "")], Some(1_487_061), "daily_budget")]
#[case::too_low(&[("daily_budget", "50")], Some(1_885_272), "daily_budget")]
#[case::clicks_cost_more(&[("daily_budget", "499"), ("billing_event", "LINK_CLICKS")], Some(1_885_272), "daily_budget")]
#[case::billing(&[("billing_event", "THRUPLAY")], None, "billing_event")]
#[case::cap_without_bid(&[("bid_strategy", "COST_CAP")], Some(1_815_857), "bid_amount")]
#[case::pixel(&[("optimization_goal", "OFFSITE_CONVERSIONS")], None, "promoted_object")]
#[case::lifetime(&[("daily_budget", ""), ("lifetime_budget", "50000")], None, "end_time")]
#[case::too_short(&[("end_time", "2026-11-20T20:00:00+0000")], None, "end_time")]
#[case::backwards(&[("start_time", "2026-12-05T00:00:00+0000"), ("end_time", "2026-12-01T00:00:00+0000")], None,
    "end_time")]
#[case::no_status(&[("status", "")], None, "status")]
fn ad_set_refusals(#[case] changes: Params<'_>, #[case] subcode: Option<i64>, #[case] blame: &str) {
    let mut t = Try::new(WorldConfig::default());
    let campaign = t.make("campaigns", CAMPAIGN);
    let base = with(AD_SET, &[("campaign_id", &campaign)]);
    let got = t.post("/act_1/adsets", &with(&base, changes));
    refused(&got, 100, subcode, blame);
    assert_eq!(t.world.snapshot(t.now).len(), 1);
}

#[rstest]
#[case::empty("", "object_story_spec")]
#[case::no_page(r#"{"link_data":{"link":"https://x.example"}}"#, "object_story_spec.page_id")]
#[case::link(
    r#"{"page_id":"1","link_data":{"link":"x.example"}}"#,
    "object_story_spec.link_data.link"
)]
#[case::image(
    r#"{"page_id":"1","link_data":{"link":"https://x.example","image_hash":"nope"}}"#,
    "object_story_spec.link_data.image_hash"
)]
fn creative_refusals(#[case] story: &str, #[case] blame: &str) {
    let mut t = Try::new(WorldConfig::default());
    let got = t.post("/act_1/adcreatives", &with(CREATIVE, &[("object_story_spec", story)]));
    refused(&got, 100, None, blame);
}

#[test]
fn ads_need_what_they_refer_to_and_take_no_bid() {
    let mut t = Try::new(WorldConfig::default());
    let [campaign, ad_set, creative, _] = t.tree();
    let reference = json!({"creative_id": creative}).to_string();
    let good = with(AD, &[("adset_id", &ad_set), ("creative", &reference)]);
    for (name, value, blame) in [
        ("adset_id", campaign.as_str(), "adset_id"),
        ("creative", r#"{"creative_id":"9"}"#, "creative"),
        ("bid_amount", "5", "bid_amount"),
    ] {
        refused(&t.post("/act_1/ads", &with(&good, &[(name, value)])), 100, None, blame);
    }
    // The same ids are not there for another account.
    refused(&t.post("/act_2/ads", &good), 100, None, "adset_id");
}

#[test]
fn budgets_live_on_one_level_only() {
    let mut t = Try::new(WorldConfig::default());
    let cbo = with(
        CAMPAIGN,
        &[("daily_budget", "5000"), ("is_adset_budget_sharing_enabled", "")],
    );
    let cbo = t.make("campaigns", &cbo);
    let below = with(AD_SET, &[("campaign_id", &cbo)]);
    refused(&t.post("/act_1/adsets", &below), 100, Some(1_885_621), "daily_budget");
    let ad_set = t.make("adsets", &with(&below, &[("daily_budget", "")]));
    let [campaign, ..] = t.tree();
    for id in [ad_set, campaign] {
        let got = t.post(&format!("/{id}"), &[("daily_budget", "5000")]);
        refused(&got, 100, Some(1_885_621), "daily_budget");
    }
}

#[test]
fn nothing_is_idempotent_except_images() {
    let mut t = Try::new(WorldConfig::default());
    let one = t.make("campaigns", CAMPAIGN);
    let two = t.make("campaigns", CAMPAIGN);
    assert_ne!(one, two);
    assert!(one.len() == 18 && one.bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(t.world.creates(&account(), ObjectKind::Campaign, "Launch"), 2);
    assert_eq!(t.world.creates(&account(), ObjectKind::Campaign, "launch"), 0);
    let first = t.post("/act_1/adimages", &[("bytes", "aGVsbG8=")]).1;
    assert_eq!(first, t.post("/act_1/adimages", &[("bytes", "aGVsbG8=")]).1);
    let hash = first["images"]["bytes"]["hash"].as_str().unwrap().to_owned();
    assert_eq!(t.world.creates(&account(), ObjectKind::Asset, &hash), 1);
    let hashes = json!([hash]).to_string();
    let (_, found) = t.get("/act_1/adimages", &[("hashes", &hashes), ("fields", "hash,status")]);
    assert_eq!(found["data"][0]["hash"], hash.as_str());
    refused(
        &t.post("/act_1/adimages", &[("bytes", "not base64!")]),
        100,
        None,
        "bytes",
    );
}

#[test]
fn only_known_images_count_when_the_world_says_so() {
    let known = "9fdba2b8a67f3d34b6a1c2e4d5f60718";
    let mut t = Try::new(WorldConfig {
        auto_images: false,
        accounts: vec![AccountSpec {
            image_hashes: vec![known.into()],
            ..AccountSpec::new(account())
        }],
        ..WorldConfig::default()
    });
    t.make("adcreatives", CREATIVE);
    let got = t.post("/act_2/adcreatives", CREATIVE);
    refused(&got, 100, None, "object_story_spec.link_data.image_hash");
}

#[test]
fn validate_only_judges_and_creates_nothing() {
    let mut t = Try::new(WorldConfig::default());
    let dry = with(CAMPAIGN, &[("execution_options", r#"["validate_only"]"#)]);
    assert_eq!(t.post("/act_1/campaigns", &dry), (200, json!({"success": true})));
    refused(
        &t.post("/act_1/campaigns", &with(&dry, &[("name", "")])),
        100,
        None,
        "name",
    );
    assert!(t.world.snapshot(t.now).is_empty());
}

#[test]
fn reads_give_the_id_alone_unless_fields_are_asked() {
    let mut t = Try::new(WorldConfig {
        timezone: "America/New_York".into(),
        ..WorldConfig::default()
    });
    let [campaign, ad_set, creative, ad] = t.tree();
    assert_eq!(t.get(&format!("/{campaign}"), &[]).1, json!({"id": campaign}));
    let fields = "name,daily_budget,targeting,created_time,campaign{id,name},account_id,status,effective_status";
    let (_, got) = t.get(&format!("/{ad_set}"), &[("fields", fields)]);
    assert_eq!(
        got,
        json!({
            "id": ad_set, "name": "Launch_AdSet01", "daily_budget": "5000", "account_id": "1",
            "targeting": {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}},
            "created_time": "2026-11-20T04:00:00-0500", "campaign": {"id": campaign, "name": "Launch"},
            "status": "PAUSED", "effective_status": "PAUSED",
        })
    );
    let (_, got) = t.get(&format!("/{ad}"), &[("fields", "creative{name},campaign_id,adset_id")]);
    assert_eq!(
        got,
        json!({"id": ad, "creative": {"id": creative, "name": "Launch_Creative01"}, "campaign_id": campaign,
               "adset_id": ad_set})
    );
    refused(&t.get(&format!("/{ad}"), &[("fields", "mood")]), 100, None, "");
    refused(&t.get("/120299999999999999", &[]), 100, Some(33), "");
    refused(&t.get("/act_1/nothing", &[]), 2500, None, "");
}

#[test]
fn times_come_back_in_the_zone_of_the_account() {
    let mut t = Try::new(WorldConfig {
        timezone: "Europe/Berlin".into(),
        ..WorldConfig::default()
    });
    let campaign = t.make("campaigns", CAMPAIGN);
    let ad_set = with(
        AD_SET,
        &[
            ("campaign_id", &campaign),
            ("start_time", "2026-12-01T00:00:00-0500"),
            ("end_time", "1798066800"),
        ],
    );
    let ad_set = t.make("adsets", &ad_set);
    assert_eq!(t.field(&ad_set, "start_time"), "2026-12-01T06:00:00+0100");
    assert_eq!(t.field(&ad_set, "end_time"), "2026-12-24T00:00:00+0100");
}

#[test]
fn effective_status_follows_the_parents() {
    let mut t = Try::new(WorldConfig {
        review_seconds: 60,
        ..WorldConfig::default()
    });
    let [campaign, ad_set, _, ad] = t.tree();
    assert_eq!(t.field(&ad, "effective_status"), "PAUSED");
    for (id, expected) in [
        (&ad, "CAMPAIGN_PAUSED"),
        (&campaign, "ADSET_PAUSED"),
        (&ad_set, "PENDING_REVIEW"),
    ] {
        let done = t.post(&format!("/{id}"), &[("status", "ACTIVE")]);
        assert_eq!(done, (200, json!({"success": true})));
        assert_eq!(t.field(&ad, "effective_status"), expected);
    }
    t.wait(61);
    assert_eq!(t.field(&ad, "effective_status"), "ACTIVE");
    let path = format!("/{campaign}");
    t.post(&path, &[("status", "ARCHIVED")]);
    assert_eq!(t.field(&ad, "effective_status"), "ARCHIVED");
    refused(&t.post(&path, &[("status", "ACTIVE")]), 100, None, "status");
    let delete = request(Method::Delete, &path, &[], Body::Empty);
    assert_eq!(t.raw(&delete, TOKEN), (200, json!({"success": true})));
    assert_eq!(t.field(&ad, "effective_status"), "DELETED");
    refused(&t.post(&path, &[("name", "x")]), 100, None, "id");
    assert_eq!(t.raw(&delete, TOKEN).0, 200, "deleting again is no change");
    let more = with(AD_SET, &[("campaign_id", &campaign)]);
    refused(&t.post("/act_1/adsets", &more), 100, None, "campaign_id");
}

#[test]
fn listings_filter_page_and_leave_out() {
    let mut t = Try::new(WorldConfig {
        listing_lag_seconds: 20,
        ..WorldConfig::default()
    });
    let mut ids = Vec::new();
    for name in ["A", "B", "a", "C", "D"] {
        ids.push(t.make("campaigns", &with(CAMPAIGN, &[("name", name)])));
        t.wait(1);
    }
    assert!(t.names("/act_1/campaigns", &[]).is_empty(), "too new for a listing");
    assert_eq!(t.field(&ids[0], "name"), "A", "readable by id");
    t.wait(30);
    assert_eq!(t.names("/act_1/campaigns", &[]), ["D", "C", "a", "B", "A"]);
    let filter = |operator: &str, field: &str, value: Value| {
        json!([{"field": field, "operator": operator, "value": value}]).to_string()
    };
    let third = start().micros() / 1_000_000 + 2;
    for (text, expected) in [
        (filter("EQUAL", "name", json!("A")), vec!["a", "A"]),
        (filter("IN", "name", json!(["B", "D"])), vec!["D", "B"]),
        (filter("CONTAIN", "name", json!("c")), vec!["C"]),
        (filter("EQUAL", "id", json!(ids[1])), vec!["B"]),
        (filter("EQUAL", "campaign.id", json!(ids[1])), vec!["B"]),
        (filter("GREATER_THAN", "created_time", json!(third)), vec!["D", "C"]),
    ] {
        assert_eq!(t.names("/act_1/campaigns", &[("filtering", &text)]), expected, "{text}");
    }
    let bad = filter("EQUAL", "mood", json!("x"));
    refused(
        &t.get("/act_1/campaigns", &[("filtering", &bad)]),
        100,
        None,
        "filtering",
    );

    // Pages: the cursor goes on where it stopped, also when something newer has appeared since.
    let (_, page) = t.get("/act_1/campaigns", &[("limit", "2"), ("fields", "name")]);
    let next = page["paging"]["next"].as_str().unwrap();
    assert!(next.contains("after=") && next.contains("limit=2") && next.contains(TOKEN));
    let after = page["paging"]["cursors"]["after"].as_str().unwrap().to_owned();
    t.make("campaigns", CAMPAIGN);
    t.wait(30);
    let second = t.names("/act_1/campaigns", &[("limit", "2"), ("after", &after)]);
    assert_eq!(second, ["a", "B"]);
    let (_, last) = t.get("/act_1/campaigns", &[("limit", "6")]);
    assert!(last["paging"].get("next").is_none() && last["data"].as_array().unwrap().len() == 6);
    let (status, body) = t.get("/act_1/campaigns", &[("limit", "5000")]);
    assert_eq!((status, body["error"]["code"].as_i64()), (500, Some(1)));

    // Archived ones only when asked, deleted ones never.
    t.post(&format!("/{}", ids[0]), &[("status", "ARCHIVED")]);
    t.post(&format!("/{}", ids[1]), &[("status", "DELETED")]);
    assert_eq!(t.names("/act_1/campaigns", &[]), ["Launch", "D", "C", "a"]);
    let archived = t.names("/act_1/campaigns", &[("effective_status", r#"["ARCHIVED"]"#)]);
    assert_eq!(archived, ["A"]);
    assert_eq!(t.field(&ids[1], "status"), "DELETED");
}

#[test]
fn children_are_listed_below_their_parents() {
    let mut t = Try::new(WorldConfig {
        empty_first_page: true,
        ..WorldConfig::default()
    });
    let [campaign, ad_set, ..] = t.tree();
    t.tree();
    let (_, first) = t.get(&format!("/{campaign}/adsets"), &[]);
    assert_eq!(first["data"], json!([]));
    assert!(first["paging"]["next"].is_string(), "an empty page with a next one");
    let after = first["paging"]["cursors"]["after"].as_str().unwrap().to_owned();
    for (path, expected) in [
        (format!("/{campaign}/adsets"), "Launch_AdSet01"),
        (format!("/{campaign}/ads"), "Launch_Ad01"),
        (format!("/{ad_set}/ads"), "Launch_Ad01"),
        (format!("/{ad_set}/adcreatives"), "Launch_Creative01"),
    ] {
        assert_eq!(t.names(&path, &[("after", &after)]), [expected], "{path}");
    }
}

#[test]
fn budget_changes_are_checked_and_four_an_hour() {
    let mut t = Try::new(WorldConfig::default());
    let [_, ad_set, ..] = t.tree();
    let path = format!("/{ad_set}");
    refused(
        &t.post(&path, &[("daily_budget", "50")]),
        100,
        Some(1_885_272),
        "daily_budget",
    );
    refused(
        &t.post(&path, &[("lifetime_budget", "50000")]),
        100,
        None,
        "lifetime_budget",
    );
    // Setting the same amount again is no change.
    for budget in ["6000", "6000", "7000", "8000", "9000"] {
        assert_eq!(t.post(&path, &[("daily_budget", budget)]).0, 200, "{budget}");
    }
    refused(&t.post(&path, &[("daily_budget", "10000")]), 613, Some(1_487_632), "");
    t.wait(3601);
    assert_eq!(t.post(&path, &[("daily_budget", "10000")]).0, 200);
    assert_eq!(t.field(&ad_set, "daily_budget"), "10000");
    refused(
        &t.post(&path, &[("objective", "OUTCOME_SALES")]),
        100,
        None,
        "objective",
    );
}

#[rstest]
#[case::none("", None)]
#[case::expired("expired-1", Some(463))]
#[case::revoked("revoked-1", Some(458))]
fn tokens(#[case] token: &str, #[case] subcode: Option<i64>) {
    let mut t = Try::new(WorldConfig::default());
    let me = request(Method::Get, "/me", &[], Body::Empty);
    refused(&t.raw(&me, token), 190, subcode, "");
    assert_eq!(t.raw(&me, TOKEN).0, 200);
    let (_, answer) = t.get("/debug_token", &[("input_token", token)]);
    assert_eq!(answer["data"]["is_valid"], false);
}

#[test]
fn accounts_say_what_they_are() {
    let mut t = Try::new(WorldConfig {
        auto_accounts: false,
        accounts: vec![
            AccountSpec {
                currency: Some("JPY".parse().unwrap()),
                timezone: Some("Asia/Tokyo".into()),
                ..AccountSpec::new(account())
            },
            AccountSpec {
                status: 2,
                ..AccountSpec::new("act_2".parse().unwrap())
            },
        ],
        ..WorldConfig::default()
    });
    let fields = "account_id,currency,timezone_name,timezone_offset_hours_utc,account_status,min_daily_budget";
    assert_eq!(
        t.get("/act_1", &[("fields", fields)]).1,
        json!({"id": "act_1", "account_id": "1", "currency": "JPY", "timezone_name": "Asia/Tokyo",
               "timezone_offset_hours_utc": 9.0, "account_status": 1, "min_daily_budget": 100})
    );
    let minimum = t.get("/act_1/minimum_budgets", &[]).1;
    assert_eq!(minimum["data"][0]["min_daily_budget_imp"], 100);
    refused(&t.get("/act_3", &[]), 100, Some(33), "");
    // The bare number is no account.
    refused(&t.post("/1/campaigns", CAMPAIGN), 100, Some(33), "");
    refused(&t.get("/1", &[]), 100, Some(33), "");
    refused(&t.post("/act_2/campaigns", CAMPAIGN), 200, None, "");
}

#[test]
fn the_allowance_blocks_tells_and_recovers() {
    let mut config = WorldConfig::default();
    (config.limits.max_score, config.limits.block_seconds) = (10, 300);
    let mut t = Try::new(config);
    let header = |t: &Try, field: &str| -> i64 {
        let text = &t.last.as_ref().unwrap().headers["x-business-use-case-usage"];
        let value: Value = serde_json::from_str(text).unwrap();
        value["1"][0][field].as_i64().unwrap()
    };
    let minutes = "estimated_time_to_regain_access";
    for percent in [30, 60, 90] {
        t.make("campaigns", CAMPAIGN);
        assert_eq!((header(&t, "call_count"), header(&t, minutes)), (percent, 0));
    }
    let got = t.post("/act_1/campaigns", CAMPAIGN);
    assert_eq!(got.0, 400, "Meta says rate limit with HTTP 400");
    refused(&got, 80004, Some(2_446_079), "");
    assert_eq!((header(&t, "call_count"), header(&t, minutes)), (100, 5));
    t.wait(200);
    refused(&t.get("/act_1", &[]), 80004, Some(2_446_079), "");
    assert_eq!(header(&t, minutes), 2);
    assert_eq!(t.get("/act_2", &[]).0, 200, "another account is not blocked");
    t.wait(100);
    t.make("campaigns", CAMPAIGN);
    let made = t.world.creates(&account(), ObjectKind::Campaign, "Launch");
    assert_eq!(made, 4, "refused calls made nothing");
}

#[test]
fn json_bodies_mean_the_same_as_forms() {
    let mut t = Try::new(WorldConfig::default());
    let body = json!({"name": "Json", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED", "special_ad_categories": [],
                      "daily_budget": 5000});
    let body = Body::Json(CanonicalJson::new(&body));
    let (status, made) = t.raw(&request(Method::Post, "/act_1/campaigns", &[], body), TOKEN);
    assert_eq!(status, 200, "{made}");
    let id = made["id"].as_str().unwrap();
    assert_eq!(t.field(id, "daily_budget"), "5000");
    assert_eq!(t.field(id, "buying_type"), "AUCTION");
    assert_eq!(t.field(id, "bid_strategy"), "LOWEST_COST_WITHOUT_CAP");
}

#[test]
fn the_same_requests_at_the_same_times_get_the_same_answers() {
    let run = || {
        let mut t = Try::new(WorldConfig {
            seed: 42,
            ..WorldConfig::default()
        });
        let ids = t.tree();
        t.wait(5);
        let bad = t.post("/act_1/campaigns", &[]);
        let list = t.get("/act_1/ads", &[("fields", "id,name,created_time")]);
        (ids, bad, list, t.last)
    };
    assert_eq!(run(), run());
}
