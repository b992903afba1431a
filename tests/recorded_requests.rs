//! What really goes over the wire: every request type through the program, then every line of the platform's record held
//! against the official specification and against what a create must say for itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::collections::BTreeMap;

use omnitraffick::platforms::{
    Body, Method, WireRequest,
    meta::spec::{Node, check_request, check_request_on},
};
use program::{Home, Sandbox, talk};
use serde_json::{Value, json};

/// A lost answer, so that look-ups are recorded too, and a refusal, so that there is something to take back.
const FAULTS: &str = r#"
[[rule]]
label = "answer lost"
path = "/act_*/adsets"
method = "POST"
nth = 1
action = "drop_after"
[[rule]]
path = "/act_*/ads"
method = "POST"
name = "*HalfWay*"
action = { error = { code = 100, subcode = 1487390, message = "Invalid parameter" } }
"#;

const ENGINE: &str = r#"
[engine]
early_look = "50ms"
reconcile_reads = ["100ms", "200ms"]
"#;

const CREATIVE: &str = r#"
[payload.creative.object_story_spec]
page_id = "1000000001"
link_data = { link = "https://example.com/m", message = "Set sail", image_hash = "0123456789abcdef0123456789abcdef" }
"#;

const TARGETING: &str = r#"
[payload.ad_set.targeting]
age_min = 21
geo_locations = { countries = ["US"] }
"#;

/// Creates a ticket from a file, judges it, deploys it and waits; its number and how the deploy's exit code was.
fn through(home: &Home, ticket: &str) -> (String, Option<i32>) {
    let file = home.file("ticket.toml", ticket);
    let made = home.json(&["ticket", "create", "--file", file.to_str().unwrap()]);
    let no = made["data"]["ticket"]["no"].to_string();
    let judged = home.run(&["ticket", "qa", &no, "--wait"]);
    assert!(judged.status.success(), "{ticket}\n{}", talk(&judged));
    let ran = home.run(&["ticket", "deploy", &no, "--wait"]);
    (no, ran.status.code())
}

fn create(home: &Home, words: &str, budget: &str, more: &str) -> (String, Option<i32>) {
    home.campaign(words);
    through(
        home,
        &format!(
            "campaign = \"{words}\"\nchannel = \"META\"\nbudget.{budget}\nflight = {{ start = 2030-12-01, end = \
             2030-12-31 }}\n{more}{TARGETING}{CREATIVE}"
        ),
    )
}

fn change(home: &Home, words: &str, request: &str, target: &str, more: &str) {
    let ticket =
        format!("campaign = \"{words}\"\nchannel = \"META\"\nrequest = \"{request}\"\ntarget = {target}\n{more}");
    assert_eq!(through(home, &ticket).1, Some(0), "{ticket}");
}

#[test]
fn every_recorded_request_is_one_the_specification_knows() {
    let home = Home::new();
    let world = Sandbox::start(&home, FAULTS, ENGINE);
    home.govern(&["act_1001"]);
    let (no, code) = create(&home, "Moana launch", "daily = \"250.00\"", "");
    assert_eq!(code, Some(0), "{}", home.good(&["deploy", "show", &no]));
    change(
        &home,
        "Moana launch",
        "UPDATE_BUDGET",
        &no,
        "budget.daily = \"300.00\"\n",
    );
    change(&home, "Moana launch", "RESUME", &no, "");
    change(&home, "Moana launch", "PAUSE", &no, "");
    change(&home, "Moana launch", "ARCHIVE", &no, "");
    let (no, code) = create(
        &home,
        "Winter wonder",
        "lifetime = \"5000.00\"",
        "[payload.campaign]\nbudget_level = \"ad_set\"\n",
    );
    assert_eq!(code, Some(0), "{}", home.good(&["deploy", "show", &no]));
    let (no, code) = create(&home, "Half way", "daily = \"99.99\"", "");
    assert_eq!(code, Some(1));
    home.good(&["ticket", "cancel", &no, "--archive"]);
    home.good(&["serve", "--until-idle"]);
    assert_eq!(
        home.json(&["ticket", "show", &no])["data"]["ticket"]["status"],
        "CANCELLED"
    );

    let record = world.record();
    let mut nodes = BTreeMap::new();
    let mut changes = Vec::new();
    let mut budgets: BTreeMap<String, usize> = BTreeMap::new();
    for line in &record {
        let request = wire(line);
        let node = request.path.strip_prefix('/').and_then(|id| nodes.get(id)).copied();
        let faults = node.map_or_else(|| check_request(&request), |node| check_request_on(node, &request));
        assert!(faults.is_empty(), "{faults:?}\n{line}");
        let sent = request_text(line);
        for never in ["access_token", "budget_level", "\"pretty\"", "\"debug\"", "date_format"] {
            assert!(!sent.contains(never), "{never} is sent: {line}");
        }
        match (request.method, request.path.strip_prefix("/act_1001/")) {
            (Method::Get, edge) => {
                assert!(line["query"]["fields"].is_string(), "a read names its fields: {line}");
                // What was made without an answer is known from its look-up.
                for found in line["response_body"]["data"].as_array().into_iter().flatten() {
                    nodes.insert(found["id"].as_str().unwrap().to_owned(), kind(edge.unwrap()));
                }
            }
            (Method::Post, Some(edge)) => {
                must_say(edge, &line["body"]);
                let asked = ["daily_budget", "lifetime_budget"];
                let carried = asked.iter().filter(|b| line["body"][**b].is_string()).count();
                let family = line["body"]["name"]
                    .as_str()
                    .unwrap()
                    .split('_')
                    .nth(4)
                    .unwrap()
                    .to_owned();
                // The refused ad is asked for once, the rest of its tree as any other.
                *budgets.entry(family).or_default() += carried;
                if let Some(id) = line["response_body"]["id"].as_str() {
                    nodes.insert(id.to_owned(), kind(edge));
                }
            }
            (Method::Post, None) => {
                let node = node.unwrap_or_else(|| panic!("nobody told us of this object: {line}"));
                changes.push(format!("{} {}", node.as_str(), line["body"]));
            }
            (Method::Delete, _) => panic!("nothing is ever deleted: {line}"),
        }
    }
    assert_eq!(
        budgets.values().copied().collect::<Vec<_>>(),
        [1, 1, 1],
        "a budget is sent once: {budgets:?}"
    );
    let active = |node: &str| format!("{node} {{\"status\":\"ACTIVE\"}}");
    let launch = [active("Ad"), active("AdSet"), active("Campaign")];
    let changed = [
        r#"Campaign {"daily_budget":"30000"}"#.to_owned(),
        active("Campaign"),
        r#"Campaign {"status":"PAUSED"}"#.to_owned(),
        r#"Campaign {"status":"ARCHIVED"}"#.to_owned(),
    ];
    let taken_back = [r#"AdSet {"status":"ARCHIVED"}"#, r#"Campaign {"status":"ARCHIVED"}"#].map(str::to_owned);
    let expected = [&launch[..], &changed, &launch, &taken_back].concat();
    assert_eq!(changes, expected);
    let looked_up = record
        .iter()
        .filter(|l| l["method"] == "GET" && l["path"] == "/act_1001/adsets")
        .count();
    assert!(looked_up > 0, "the lost ad set was never looked up");
}

fn kind(edge: &str) -> Node {
    match edge {
        "campaigns" => Node::Campaign,
        "adsets" => Node::AdSet,
        "adcreatives" => Node::AdCreative,
        "ads" => Node::Ad,
        other => panic!("nothing is made on {other}"),
    }
}

/// What the platform refuses, or fills in to our cost, when a create leaves it open.
fn must_say(edge: &str, body: &Value) {
    let needed: &[&str] = match edge {
        "campaigns" => &["name", "objective", "status", "special_ad_categories", "buying_type"],
        "adsets" => &[
            "name",
            "campaign_id",
            "status",
            "optimization_goal",
            "billing_event",
            "targeting",
            "start_time",
            "end_time",
        ],
        "adcreatives" => &["name", "object_story_spec"],
        "ads" => &["name", "adset_id", "creative", "status"],
        other => panic!("nothing is made on {other}"),
    };
    for field in needed {
        assert!(!body[*field].is_null(), "{field} is missing on {edge}: {body}");
    }
    if edge != "adcreatives" {
        assert_eq!(body["status"], "PAUSED", "{edge}: {body}");
    }
    let budget = body["daily_budget"].is_string() || body["lifetime_budget"].is_string();
    if edge == "campaigns" {
        let sharing = &body["is_adset_budget_sharing_enabled"];
        let said = sharing == "false" || (budget && sharing.is_null());
        assert!(said, "a campaign says that its ad sets share no budget: {body}");
        assert!(
            body["lifetime_budget"].is_null() || body["stop_time"].is_string(),
            "{body}"
        );
    }
    if edge == "adsets" {
        let audience = &body["targeting"]["targeting_automation"]["advantage_audience"];
        assert!(*audience == 0 || *audience == 1, "said explicitly: {body}");
        assert!(body["targeting"]["geo_locations"].is_object(), "{body}");
        for time in ["start_time", "end_time"] {
            let text = body[time].as_str().unwrap();
            assert!(
                text.contains('T') && text.ends_with("00"),
                "with its offset from UTC: {text}"
            );
        }
    }
    for (name, value) in body.as_object().unwrap() {
        let is_id = name.ends_with("_id") || name.ends_with("_budget");
        let digits = |v: &Value| {
            v.as_str()
                .is_some_and(|s| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()))
        };
        assert!(!is_id || digits(value), "{name} = {value}");
    }
    if edge == "ads" {
        assert!(body["creative"]["creative_id"].is_string(), "ids are text: {body}");
    }
}

fn request_text(line: &Value) -> String {
    format!("{}{}{}", line["path"], line["query"], line["body"])
}

/// A line of the record as the request it was.
fn wire(line: &Value) -> WireRequest {
    let pairs = |value: &Value| -> Vec<(String, String)> {
        let of = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(k, v)| (k.clone(), of(v)))
            .collect()
    };
    let method = match line["method"].as_str().unwrap() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "DELETE" => Method::Delete,
        other => panic!("{other} is no method of ours"),
    };
    WireRequest {
        method,
        path: line["path"].as_str().unwrap().to_owned(),
        query: pairs(&line["query"]),
        headers: Vec::new(),
        body: if line["body"].is_null() {
            Body::Empty
        } else {
            Body::Form(pairs(&line["body"]))
        },
    }
}

/// The check above must be able to fail.
#[test]
fn a_wrong_line_is_noticed() {
    let line = |body: Value| json!({"method": "POST", "path": "/act_1/campaigns", "query": {}, "body": body});
    let good =
        json!({"name": "n", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED", "special_ad_categories": ["NONE"]});
    assert_eq!(check_request(&wire(&line(good.clone()))), []);
    for (field, value) in [
        ("objective", "OUTCOME_FAME"),
        ("no_such_field", "1"),
        ("status", "LIVE"),
    ] {
        let mut bad = good.clone();
        bad[field] = json!(value);
        assert!(!check_request(&wire(&line(bad))).is_empty(), "{field} = {value}");
    }
}
