//! Every request we plan for Meta is one Meta's own specification knows: operation, parameters, types, words, required
//! fields. Thousands of tickets go through every request type, their look-ups, reads and probes.

use std::collections::BTreeMap;

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
        meta::{
            Meta,
            spec::{Node, SpecFault, check_request, check_request_on},
        },
    },
};
use serde_json::{Value, json};

use crate::tickets::{defaults, job, known_ids};

const VARIANTS: u32 = 2_500;

fn pairs(request: &WireRequest) -> BTreeMap<&str, &str> {
    match &request.body {
        Body::Form(pairs) => pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
        _ => BTreeMap::new(),
    }
}

fn node(kind: ObjectKind) -> Node {
    match kind {
        ObjectKind::AdSet => Node::AdSet,
        ObjectKind::Ad => Node::Ad,
        ObjectKind::Creative | ObjectKind::Asset => Node::AdCreative,
        ObjectKind::Campaign | ObjectKind::Tree => Node::Campaign,
    }
}

/// The specification's view of one request, and what must hold for all of them.
fn hold(job: &Job, request: &WireRequest, faults: &[SpecFault]) {
    assert!(faults.is_empty(), "{faults:?}\n{request:?}\n{:?}", job.payload);
    assert!(!request.path.starts_with("/v"), "a version in {}", request.path);
    let sent = serde_json::to_string(request).unwrap();
    for ours in ["budget_level", "access_token", "image_file", "video_file"] {
        assert!(!sent.contains(ours), "{ours} is sent: {sent}");
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
            let steps = Meta
                .steps(&job)
                .unwrap_or_else(|p| panic!("{p:?}\n{:?}\n{:?}", job.payload, job.budget));
            let mut budgets = 0;
            for step in &steps {
                let wire = Meta.plan(&job, step, &ids).unwrap();
                let faults = match step.action {
                    StepAction::Create => check_request(&wire),
                    StepAction::Check if step.kind == ObjectKind::Asset => check_request_on(Node::AdVideo, &wire),
                    StepAction::Set | StepAction::Check => check_request_on(node(step.kind), &wire),
                };
                hold(&job, &wire, &faults);
                let sent = pairs(&wire);
                budgets += usize::from(sent.contains_key("daily_budget"));
                budgets += usize::from(sent.contains_key("lifetime_budget"));
                if step.action == StepAction::Create {
                    let status = (!matches!(step.kind, ObjectKind::Creative | ObjectKind::Asset)).then_some("PAUSED");
                    assert_eq!(sent.get("status").copied(), status, "{}", step.key);
                    let look = Meta.look_up(&job, step, &ids, Timestamp::default()).unwrap();
                    hold(&job, &look, &check_request(&look));
                }
                let read = Meta.read(&job, step, &ExternalId("1202".to_owned()));
                let faults = match step.kind {
                    ObjectKind::Asset => check_request(&read),
                    kind => check_request_on(node(kind), &read),
                };
                hold(&job, &read, &faults);
                requests += 2;
            }
            let want = usize::from(matches!(request, RequestType::Create | RequestType::UpdateBudget));
            assert_eq!(budgets, want, "a budget is sent once: {:?}", job.payload);
            for probe in Meta.probe(&job.account) {
                hold(&job, &probe, &check_request(&probe));
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
        for step in Meta.steps(&job).unwrap() {
            let hash = |job: &Job| Meta.plan(job, &step, &known_ids()).unwrap().hash();
            assert_eq!(hash(&job), hash(&again));
        }
    }
}

/// The form's defaults and the fewest edits a planner must make give a ticket that can go.
#[test]
fn a_fresh_ticket_needs_few_edits() {
    let mut root = defaults();
    for (path, v) in [
        ("ad_set.targeting.geo_locations.countries", json!(["US"])),
        ("creative.object_story_spec.page_id", json!("111")),
        (
            "creative.object_story_spec.link_data.link",
            json!("https://example.com/"),
        ),
        ("creative.object_story_spec.link_data.message", json!("See it first")),
    ] {
        set_path(&mut root, path, v);
    }
    let mut fresh = job(&mut Rng::with_seed(1), RequestType::Create);
    fresh.payload = CanonicalJson::new(&Value::Object(root));
    fresh.account = Account {
        id: "act_1001".parse().unwrap(),
        name: "Lumen".to_owned(),
        currency: "USD".parse().unwrap(),
        timezone: "UTC".to_owned(),
    };
    fresh.budget = Some(Budget {
        kind: BudgetKind::Daily,
        money: Money::parse("50", fresh.account.currency).unwrap(),
    });
    assert_eq!(Meta.check(&fresh), []);
    for step in Meta.steps(&fresh).unwrap() {
        assert_eq!(check_request(&Meta.plan(&fresh, &step, &known_ids()).unwrap()), []);
    }
}
