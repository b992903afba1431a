//! Every request we plan for Meta is one Meta's own specification knows: operation, parameters, types, words, required
//! fields.

use std::collections::BTreeMap;

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
        meta::{
            Meta,
            spec::{Node, check_request, check_request_on},
        },
    },
};

use crate::{
    platform::{Ask, Fixture, conformance::holds},
    tickets::{job, known_ids},
};

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

struct MetaFixture;

impl Fixture for MetaFixture {
    const PLATFORM: &dyn Platform = &Meta;
    const OBJECT: &str = "1202";
    const REQUESTS: u32 = 10;
    const EDITS: &[(&str, &str)] = &[
        ("ad_set.targeting.geo_locations.countries", r#"["US"]"#),
        ("creative.object_story_spec.page_id", r#""111""#),
        ("creative.object_story_spec.link_data.link", r#""https://example.com/""#),
        ("creative.object_story_spec.link_data.message", r#""See it first""#),
    ];

    fn job(rng: &mut Rng, request: RequestType) -> Job {
        job(rng, request)
    }

    fn ids() -> KnownIds {
        known_ids()
    }

    fn plain(job: &mut Job) {
        job.account = Account {
            id: "act_1001".parse().unwrap(),
            name: "Lumen".to_owned(),
            currency: "USD".parse().unwrap(),
            timezone: "UTC".to_owned(),
        };
        job.budget = Some(Budget {
            kind: BudgetKind::Daily,
            money: Money::parse("50", job.account.currency).unwrap(),
        });
    }

    fn hold(job: &Job, ask: Ask, step: Option<&Step>, request: &WireRequest) {
        let faults = match (ask, step) {
            (Ask::Plan | Ask::Undo, Some(step)) => match (step.action, step.kind) {
                (StepAction::Create, _) => check_request(request),
                (_, ObjectKind::Asset) => check_request_on(Node::AdVideo, request),
                (_, kind) => check_request_on(node(kind), request),
            },
            (Ask::Read, Some(step)) if step.kind != ObjectKind::Asset => check_request_on(node(step.kind), request),
            _ => check_request(request),
        };
        assert!(faults.is_empty(), "{faults:?}\n{request:?}\n{:?}", job.payload);
        assert!(!request.path.starts_with("/v"), "a version in {}", request.path);
        let sent = serde_json::to_string(request).unwrap();
        for ours in ["budget_level", "access_token", "image_file", "video_file"] {
            assert!(!sent.contains(ours), "{ours} is sent: {sent}");
        }
        if let Some(step) = step.filter(|s| ask == Ask::Plan && s.action == StepAction::Create) {
            let status = (!matches!(step.kind, ObjectKind::Creative | ObjectKind::Asset)).then_some("PAUSED");
            assert_eq!(pairs(request).get("status").copied(), status, "{}", step.key);
        }
    }

    fn budgets(request: &WireRequest) -> Option<usize> {
        let names = ["daily_budget", "lifetime_budget"];
        let sent = pairs(request);
        Some(names.into_iter().filter(|name| sent.contains_key(name)).count())
    }
}

#[test]
fn every_planned_request_is_one_the_specification_knows() {
    holds::<MetaFixture>();
}
