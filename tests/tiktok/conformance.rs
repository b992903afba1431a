//! Every request we plan for TikTok is one its own field tables know: operation, fields, types, words, required fields.
//! Thousands of tickets go through every request type, their look-ups, reads and probes.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        catalogue::set_path,
        deploy::{Job, StepAction},
        governance::Account,
        json::CanonicalJson,
        money::{Budget, BudgetKind, Money},
        platform::{ExternalId, ObjectKind},
        ticket::RequestType,
        time::Timestamp,
    },
    platforms::{
        Body, Platform, WireRequest,
        tiktok::{Tiktok, spec::check_request},
    },
};
use serde_json::{Value, json};

use crate::tickets::{defaults, job, known_ids};

const VARIANTS: u32 = 2_500;

fn body(request: &WireRequest) -> Value {
    match &request.body {
        Body::Json(json) => json.value(),
        _ => Value::Null,
    }
}

/// What must hold for every request.
fn hold(job: &Job, request: &WireRequest) {
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

#[test]
fn every_planned_request_is_one_the_specification_knows() {
    let mut rng = Rng::with_seed(20_261_120);
    let (mut planned, mut requests) = (0_u32, 0_u32);
    let ids = known_ids();
    while planned < VARIANTS {
        let request_type = RequestType::ALL[planned as usize % RequestType::ALL.len()];
        // Creates are where the payload matters: every variant is one, change requests come on top.
        for request in [RequestType::Create, request_type] {
            let job = job(&mut rng, request);
            let steps = Tiktok
                .steps(&job)
                .unwrap_or_else(|p| panic!("{p:?}\n{:?}\n{:?}", job.payload, job.budget));
            for step in &steps {
                let wire = Tiktok.plan(&job, step, &ids).unwrap();
                hold(&job, &wire);
                if step.action == StepAction::Create {
                    if step.kind != ObjectKind::Asset {
                        hold_create(&job, step.kind, &body(&wire));
                    }
                    let look = Tiktok.look_up(&job, step, &ids, Timestamp::default()).unwrap();
                    hold(&job, &look);
                }
                let read = Tiktok.read(&job, step, &ExternalId("1800000000000000001".to_owned()));
                hold(&job, &read);
                requests += 2;
            }
            for undo in Tiktok.archive_steps(&job, &steps) {
                hold(&job, &Tiktok.plan(&job, &undo, &ids).unwrap());
            }
            for probe in Tiktok.probe(&job.account) {
                hold(&job, &probe);
            }
        }
        planned += 1;
    }
    assert!(requests > 10 * VARIANTS);
}

#[test]
fn the_same_job_plans_the_same_bytes() {
    let mut rng = Rng::with_seed(7);
    for _ in 0..50 {
        let job = job(&mut rng, RequestType::Create);
        // Through the store's form of a job, as after a restart.
        let again: Job = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        for step in Tiktok.steps(&job).unwrap() {
            let hash = |job: &Job| Tiktok.plan(job, &step, &known_ids()).unwrap().hash();
            assert_eq!(hash(&job), hash(&again));
        }
    }
}

/// The form's defaults and the fewest edits a planner must make give a ticket that can go.
#[test]
fn a_fresh_ticket_needs_few_edits() {
    let mut root = defaults();
    for (path, v) in [
        ("ad_group.locations.countries", json!(["US"])),
        ("ad.identity_id", json!("7100000000000000009")),
        ("ad.video_id", json!("v10033g50000abc")),
        ("ad.image_ids", json!(["ad-site-i18n-sg/1"])),
        ("ad.ad_text", json!("Winter sale")),
        ("ad.landing_page_url", json!("https://example.com/")),
    ] {
        set_path(&mut root, path, v);
    }
    let mut fresh = job(&mut Rng::with_seed(1), RequestType::Create);
    fresh.payload = CanonicalJson::new(&Value::Object(root));
    fresh.account = Account {
        id: "7000000000000000001".parse().unwrap(),
        name: "Lumen".to_owned(),
        currency: "USD".parse().unwrap(),
        timezone: "UTC".to_owned(),
    };
    fresh.budget = Some(Budget {
        kind: BudgetKind::Daily,
        money: Money::parse("20", fresh.account.currency).unwrap(),
    });
    assert_eq!(Tiktok.check(&fresh), []);
    for step in Tiktok.steps(&fresh).unwrap() {
        assert_eq!(check_request(&Tiktok.plan(&fresh, &step, &known_ids()).unwrap()), []);
    }
}
