//! Every request we plan for TikTok is one its own field tables know: operation, fields, types, words, required fields.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        governance::Account,
        money::{Budget, BudgetKind, Money},
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::{
        Body, KnownIds, Platform, WireRequest,
        tiktok::{Tiktok, spec::check_request},
    },
};
use serde_json::{Value, json};

use crate::{
    platform::{Ask, Fixture, conformance::holds},
    tickets::{job, known_ids},
};

fn body(request: &WireRequest) -> Value {
    match &request.body {
        Body::Json(json) => json.value(),
        _ => Value::Null,
    }
}

/// Every create is disabled, and only the amount of the ticket is in it.
fn hold_create(job: &Job, kind: ObjectKind, body: &Value) {
    let object = if kind == ObjectKind::Ad {
        &body["creatives"][0]
    } else {
        body
    };
    assert_eq!(object["operation_status"], "DISABLE", "{body}");
    if kind == ObjectKind::Ad {
        assert_eq!(body["creatives"].as_array().unwrap().len(), 1);
        assert!(body.get("request_id").is_none());
    } else {
        let id = body["request_id"].as_str().unwrap();
        assert!(id.parse::<i64>().unwrap() > 0, "{id}");
    }
    if let Some(budget) = body.get("budget") {
        let amount = job.budget.unwrap().money.amount().normalize().to_string();
        assert_eq!(budget.to_string(), amount);
    }
    let spread = body.get("budget_optimize_on") == Some(&json!(true));
    if kind == ObjectKind::Campaign {
        assert_eq!(spread, body.get("budget").is_some(), "{body}");
    }
}

struct TiktokFixture;

impl Fixture for TiktokFixture {
    const PLATFORM: &dyn Platform = &Tiktok;
    const OBJECT: &str = "1800000000000000001";
    const REQUESTS: u32 = 10;
    const EDITS: &[(&str, &str)] = &[
        ("ad_group.locations.countries", r#"["US"]"#),
        ("ad.identity_id", r#""7100000000000000009""#),
        ("ad.video_id", r#""v10033g50000abc""#),
        ("ad.image_ids", r#"["ad-site-i18n-sg/1"]"#),
        ("ad.ad_text", r#""Winter sale""#),
        ("ad.landing_page_url", r#""https://example.com/""#),
    ];

    fn job(rng: &mut Rng, request: RequestType) -> Job {
        job(rng, request)
    }

    fn ids() -> KnownIds {
        known_ids()
    }

    fn plain(job: &mut Job) {
        job.account = Account {
            id: "7000000000000000001".parse().unwrap(),
            name: "Lumen".to_owned(),
            currency: "USD".parse().unwrap(),
            timezone: "UTC".to_owned(),
        };
        job.budget = Some(Budget {
            kind: BudgetKind::Daily,
            money: Money::parse("20", job.account.currency).unwrap(),
        });
    }

    fn hold(job: &Job, ask: Ask, step: Option<&Step>, request: &WireRequest) {
        let faults = check_request(request);
        assert!(faults.is_empty(), "{faults:?}\n{request:?}\n{:?}", job.payload);
        assert!(
            request.path.ends_with('/') && !request.path.contains("open_api"),
            "{}",
            request.path
        );
        let sent = serde_json::to_string(request).unwrap();
        for ours in ["budget_level", "locations", "\"interests\"", "access_token"] {
            assert!(!sent.contains(ours), "{ours} is sent: {sent}");
        }
        assert!(sent.contains(job.account.id.as_str()), "for no account: {sent}");
        let create = step.filter(|s| ask == Ask::Plan && s.action == StepAction::Create);
        if let Some(step) = create.filter(|s| s.kind != ObjectKind::Asset) {
            hold_create(job, step.kind, &body(request));
        }
    }
}

#[test]
fn every_planned_request_is_one_the_specification_knows() {
    holds::<TiktokFixture>();
}
