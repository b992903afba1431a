//! The simulated TikTok judged by itself: envelopes, refusals, defaults, request ids, statuses, listings.

use omnitraffick::{
    engine::model::{
        json::CanonicalJson,
        platform::{ObjectKind, PlatformId},
        time::Timestamp,
    },
    platforms::{
        Body, Method, WireRequest,
        sandbox::{
            config::{AccountSpec, Limits, WorldConfig},
            world::World,
        },
    },
};
use rstest::rstest;
use serde_json::{Value, json};

const ACCOUNT: &str = "7000000000000000001";

struct Bench {
    world: World,
    now: Timestamp,
}

impl Bench {
    fn new(config: &WorldConfig) -> Self {
        Self {
            world: World::new(config),
            now: Timestamp::parse("2026-11-20T12:00:00Z").unwrap(),
        }
    }

    fn send(&mut self, request: &WireRequest, token: &str) -> (u16, Value) {
        let response = self.world.handle(self.now, PlatformId::Tiktok, request, token);
        let body = serde_json::from_slice(&response.body)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&response.body).into_owned()));
        (response.status, body)
    }

    fn post(&mut self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send(&post(path, body), "token");
        assert_eq!(status, 200);
        answer
    }

    fn get(&mut self, path: &str, query: &[(&str, &str)]) -> Value {
        let mut all = vec![("advertiser_id".to_owned(), ACCOUNT.to_owned())];
        all.extend(query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        self.send(&get(path, all), "token").1
    }

    fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(std::time::Duration::from_secs(seconds));
    }

    /// A campaign, its ad group and its ad.
    fn chain(&mut self) -> [String; 3] {
        let id = |answer: &Value, at: &str| answer.pointer(at).unwrap().as_str().unwrap().to_owned();
        let campaign = id(&self.post("/campaign/create/", &campaign()), "/data/campaign_id");
        let group = id(&self.post("/adgroup/create/", &ad_group(&campaign)), "/data/adgroup_id");
        let ad = id(&self.post("/ad/create/", &ad(&group)), "/data/ad_ids/0");
        [campaign, group, ad]
    }
}

fn post(path: &str, body: &Value) -> WireRequest {
    WireRequest {
        method: Method::Post,
        path: path.to_owned(),
        query: vec![],
        headers: vec![],
        body: Body::Json(CanonicalJson::new(body)),
    }
}

fn get(path: &str, query: Vec<(String, String)>) -> WireRequest {
    WireRequest {
        method: Method::Get,
        path: path.to_owned(),
        query,
        headers: vec![],
        body: Body::Empty,
    }
}

fn campaign() -> Value {
    json!({
        "advertiser_id": ACCOUNT, "campaign_name": "Winter", "objective_type": "TRAFFIC",
        "budget_mode": "BUDGET_MODE_INFINITE", "operation_status": "DISABLE",
    })
}

fn ad_group(campaign: &str) -> Value {
    json!({
        "advertiser_id": ACCOUNT, "campaign_id": campaign, "adgroup_name": "US", "promotion_type": "WEBSITE",
        "placement_type": "PLACEMENT_TYPE_NORMAL", "placements": ["PLACEMENT_TIKTOK"], "location_ids": ["6252001"],
        "budget_mode": "BUDGET_MODE_DAY", "budget": 50, "schedule_type": "SCHEDULE_FROM_NOW",
        "schedule_start_time": "2026-12-01 05:00:00", "optimization_goal": "CLICK", "billing_event": "CPC",
        "bid_type": "BID_TYPE_NO_BID", "pacing": "PACING_MODE_SMOOTH", "operation_status": "DISABLE",
    })
}

fn ad(group: &str) -> Value {
    json!({"advertiser_id": ACCOUNT, "adgroup_id": group, "creatives": [{
        "ad_name": "Hero", "ad_format": "SINGLE_VIDEO", "identity_type": "CUSTOMIZED_USER", "identity_id": "71",
        "video_id": "v1", "image_ids": ["i1"], "ad_text": "Winter sale", "landing_page_url": "https://example.com/",
        "operation_status": "DISABLE",
    }]})
}

fn usual() -> Bench {
    Bench::new(&WorldConfig::default())
}

/// One thing wrong with a request that is otherwise fine.
#[rstest]
#[case::unknown_field("campaign", "/daily_budget", json!(1), 40002, "daily_budget")]
#[case::missing("campaign", "/campaign_name", Value::Null, 40002, "campaign_name")]
#[case::old_objective("campaign", "/objective_type", json!("CONVERSIONS"), 40002, "objective_type")]
#[case::emoji("campaign", "/campaign_name", json!("Winter 🚀"), 40002, "campaign_name")]
#[case::long_name("campaign", "/campaign_name", json!("冬".repeat(257)), 40002, "campaign_name")]
#[case::no_budget("campaign", "/budget_mode", json!("BUDGET_MODE_DAY"), 40002, "budget")]
#[case::mode("campaign", "/budget_mode", json!("BUDGET_MODE_DYNAMIC_DAILY_BUDGET"), 40002, "budget_mode")]
#[case::numeric_account("campaign", "/advertiser_id", json!(7_000_000_000_000_000_001_u64), 40002, "advertiser_id")]
#[case::other_form("campaign", "/advertiser_id", json!("act_1"), 40001, "")]
#[case::least("adgroup", "/budget", json!(19.99), 40002, "budget")]
#[case::decimals("adgroup", "/budget", json!(50.005), 40002, "budget")]
#[case::budget_as_text("adgroup", "/budget", json!("50"), 40002, "budget")]
#[case::no_such_campaign("adgroup", "/campaign_id", json!("1"), 40002, "campaign_id")]
#[case::no_places("adgroup", "/location_ids", json!([]), 40002, "location_ids")]
#[case::no_placements("adgroup", "/placements", Value::Null, 40002, "placements")]
#[case::billing("adgroup", "/billing_event", json!("OCPM"), 40002, "billing_event")]
#[case::long_ago("adgroup", "/schedule_start_time", json!("2026-11-19 23:00:00"), 40002, "schedule_start_time")]
#[case::time_form("adgroup", "/schedule_start_time", json!("2026-12-01T05:00:00Z"), 40002, "schedule_start_time")]
#[case::no_end("adgroup", "/schedule_type", json!("SCHEDULE_START_END"), 40002, "schedule_end_time")]
#[case::no_bid("adgroup", "/bid_type", json!("BID_TYPE_CUSTOM"), 40002, "bid_price")]
#[case::pacing("adgroup", "/pacing", json!("PACING_MODE_FAST"), 40002, "pacing")]
#[case::no_such_group("ad", "/adgroup_id", json!("1"), 40002, "adgroup_id")]
#[case::no_creative("ad", "/creatives", json!([]), 40002, "creatives")]
#[case::no_video("ad", "/creatives/0/video_id", Value::Null, 40002, "creatives.0.video_id")]
#[case::no_link(
    "ad",
    "/creatives/0/landing_page_url",
    Value::Null,
    40002,
    "creatives.0.landing_page_url"
)]
#[case::no_identity("ad", "/creatives/0/identity_id", Value::Null, 40002, "creatives.0.identity_id")]
#[case::long_text("ad", "/creatives/0/ad_text", json!("冬".repeat(51)), 40002, "creatives.0.ad_text")]
fn requests_are_judged_as_the_service_judges_them(
    #[case] what: &str,
    #[case] at: &str,
    #[case] value: Value,
    #[case] code: i64,
    #[case] field: &str,
) {
    let mut bench = usual();
    let [made_campaign, made_group, _] = bench.chain();
    let mut body = match what {
        "campaign" => json!({"request_id": "1"}),
        "adgroup" => ad_group(&made_campaign),
        _ => ad(&made_group),
    };
    if what == "campaign" {
        body = campaign();
        body["request_id"] = json!("1");
    }
    let (parent, name) = at.rsplit_once('/').unwrap();
    let map = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        map.remove(name);
    } else {
        map.insert(name.to_owned(), value);
    }
    let before = bench.world.snapshot(bench.now).len();
    let answer = bench.post(&format!("/{what}/create/"), &body);
    assert_eq!(answer["code"], code, "{answer}");
    let message = answer["message"].as_str().unwrap();
    if !field.is_empty() {
        assert!(message.starts_with(&format!("{field}: ")), "{message}");
    }
    assert!(answer["request_id"].as_str().is_some_and(|id| id.len() > 14));
    assert_eq!(bench.world.snapshot(bench.now).len(), before, "nothing was made");
}

#[rstest]
#[case::no_slash("/campaign/create", "token", 404, None)]
#[case::no_such_path("/campaign/duplicate/", "token", 404, None)]
#[case::wrong_method("/campaign/get/", "token", 405, None)]
#[case::no_token("/campaign/create/", "", 200, Some(40104))]
#[case::expired("/campaign/create/", "expired-1", 200, Some(40102))]
#[case::revoked("/campaign/create/", "revoked-1", 200, Some(40105))]
#[case::fine("/campaign/create/", "token", 200, Some(0))]
fn the_door(#[case] path: &str, #[case] token: &str, #[case] status: u16, #[case] code: Option<i64>) {
    let (got, body) = usual().send(&post(path, &campaign()), token);
    assert_eq!(
        (got, body.get("code").and_then(Value::as_i64)),
        (status, code),
        "{body}"
    );
}

#[test]
fn new_objects_are_enabled_unless_told_otherwise_and_even_that_can_be_ignored() {
    let mut bench = usual();
    let mut silent = campaign();
    silent.as_object_mut().unwrap().remove("operation_status");
    assert_eq!(
        bench.post("/campaign/create/", &silent)["data"]["operation_status"],
        "ENABLE"
    );
    let mut deaf = Bench::new(&WorldConfig {
        ignores_disable: true,
        ..WorldConfig::default()
    });
    assert_eq!(
        deaf.post("/campaign/create/", &campaign())["data"]["operation_status"],
        "ENABLE"
    );
}

#[test]
fn a_request_id_holds_for_ten_seconds_and_a_name_without_one_is_taken() {
    let mut bench = usual();
    let mut body = campaign();
    body["request_id"] = json!("123");
    assert_eq!(bench.post("/campaign/create/", &body)["code"], 0);
    assert_eq!(bench.post("/campaign/create/", &body)["code"], 40050);
    bench.wait(10);
    assert_eq!(bench.post("/campaign/create/", &body)["code"], 0, "not durable");
    assert_eq!(
        bench.post("/campaign/create/", &campaign())["code"],
        40002,
        "the name is taken"
    );
    let account = ACCOUNT.parse().unwrap();
    assert_eq!(bench.world.creates(&account, ObjectKind::Campaign, "Winter"), 2);
}

#[test]
fn statuses_go_down_the_tree_and_deletion_is_for_ever() {
    let mut bench = usual();
    let [campaign, group, ad] = bench.chain();
    let set = |bench: &mut Bench, noun: &str, field: &str, id: &str, status: &str| {
        let body = json!({"advertiser_id": ACCOUNT, field: [id], "operation_status": status});
        bench.post(&format!("/{noun}/status/update/"), &body)
    };
    let status = |bench: &Bench, id: &str| {
        let all = bench.world.snapshot(bench.now);
        all.iter().find(|o| o.id.0 == id).unwrap().effective_status.clone()
    };
    assert_eq!(
        set(&mut bench, "ad", "ad_ids", &ad, "ENABLE")["data"]["status"],
        "ENABLE"
    );
    assert_eq!(status(&bench, &ad), "AD_STATUS_CAMPAIGN_DISABLE");
    assert_eq!(
        set(&mut bench, "campaign", "campaign_ids", &campaign, "ENABLE")["code"],
        0
    );
    assert_eq!(status(&bench, &ad), "AD_STATUS_ADGROUP_DISABLE");
    assert_eq!(set(&mut bench, "adgroup", "adgroup_ids", &group, "ENABLE")["code"], 0);
    assert_eq!(
        set(&mut bench, "adgroup", "adgroup_ids", &group, "ENABLE")["code"],
        0,
        "again"
    );
    assert_eq!(status(&bench, &group), "ADGROUP_STATUS_NOT_START");
    assert_eq!(status(&bench, &ad), "AD_STATUS_DELIVERY_OK");
    assert_eq!(
        set(&mut bench, "campaign", "campaign_ids", &campaign, "DELETE")["code"],
        0
    );
    assert_eq!(status(&bench, &ad), "AD_STATUS_CAMPAIGN_DELETE");
    for next in ["ENABLE", "DELETE"] {
        let refused = set(&mut bench, "campaign", "campaign_ids", &campaign, next);
        assert_eq!(refused["code"], 40002);
        assert!(refused["message"].as_str().unwrap().contains("deleted"));
    }
    assert_eq!(set(&mut bench, "ad", "ad_ids", "1", "ENABLE")["code"], 40002);
}

#[test]
fn budgets_can_be_changed_and_modes_cannot() {
    let mut bench = usual();
    let [campaign, group, _] = bench.chain();
    let update = |noun: &str, id: &str, budget: f64| {
        let field = format!("{noun}_id");
        post(
            &format!("/{noun}/update/"),
            &json!({"advertiser_id": ACCOUNT, field: id, "budget": budget}),
        )
    };
    let mut code = |request: &WireRequest| bench.send(request, "token").1["code"].as_i64().unwrap();
    assert_eq!(code(&update("adgroup", &group, 60.5)), 0);
    assert_eq!(code(&update("adgroup", &group, 19.0)), 40002);
    assert_eq!(code(&update("campaign", &campaign, 500.0)), 40002, "it is unlimited");
    assert_eq!(code(&update("campaign", "1", 500.0)), 40002);
    let shown = bench.get(
        "/adgroup/get/",
        &[("filtering", &json!({"adgroup_ids": [group]}).to_string())],
    );
    assert_eq!(shown["data"]["list"][0]["budget"], 60.5);
}

#[test]
fn listings_match_parts_of_names_hide_the_deleted_and_lag() {
    let mut bench = Bench::new(&WorldConfig {
        listing_lag_seconds: 20,
        ..WorldConfig::default()
    });
    let mut ids = Vec::new();
    for name in ["Winter", "winter sale", "COPIED_Winter", "Summer"] {
        let mut body = campaign();
        body["campaign_name"] = json!(name);
        ids.push(bench.post("/campaign/create/", &body)["data"]["campaign_id"].clone());
    }
    let count = |bench: &mut Bench, filter: Value| {
        let answer = bench.get("/campaign/get/", &[("filtering", &filter.to_string())]);
        answer["data"]["page_info"]["total_number"].as_u64().unwrap()
    };
    assert_eq!(
        count(&mut bench, json!({"campaign_name": "Winter"})),
        0,
        "not listed yet"
    );
    assert_eq!(count(&mut bench, json!({"campaign_ids": [ids[0]]})), 1, "but there");
    bench.wait(20);
    assert_eq!(
        count(&mut bench, json!({"campaign_name": "Winter"})),
        3,
        "any part, any case"
    );
    let gone = json!({"advertiser_id": ACCOUNT, "campaign_ids": [ids[0]], "operation_status": "DELETE"});
    bench.post("/campaign/status/update/", &gone);
    assert_eq!(count(&mut bench, json!({"campaign_name": "Winter"})), 2);
    assert_eq!(count(&mut bench, json!({"campaign_ids": [ids[0]]})), 0);
    let all = json!({"campaign_name": "Winter", "primary_status": "STATUS_ALL"});
    assert_eq!(count(&mut bench, all), 3);
    let page = bench.get(
        "/campaign/get/",
        &[("page", "2"), ("page_size", "2"), ("fields", r#"["campaign_name"]"#)],
    );
    assert_eq!(page["data"]["list"], json!([{"campaign_name": "winter sale"}]));
    assert_eq!(page["data"]["page_info"]["total_page"], 2);
}

#[test]
fn accounts_can_be_closed_absent_or_out_of_calls() {
    let spec = |status| AccountSpec {
        status,
        ..AccountSpec::new(ACCOUNT.parse().unwrap())
    };
    let world = |accounts: Vec<AccountSpec>| {
        Bench::new(&WorldConfig {
            auto_accounts: false,
            accounts,
            limits: Limits {
                max_score: 4,
                ..Limits::default()
            },
            ..WorldConfig::default()
        })
    };
    assert_eq!(
        world(vec![spec(2)]).post("/campaign/create/", &campaign())["code"],
        40001
    );
    assert_eq!(world(vec![]).post("/campaign/create/", &campaign())["code"], 40001);
    let mut busy = world(vec![spec(1)]);
    assert_eq!(busy.post("/campaign/create/", &campaign())["code"], 0);
    let limited = busy.post("/campaign/create/", &campaign());
    assert_eq!(limited["code"], 40100, "{limited}");
}
