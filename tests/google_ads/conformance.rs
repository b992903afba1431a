//! Every request we plan for Google Ads is one Google's own specification knows: operation, fields, types, words, required
//! ones. Thousands of tickets go through every request type, their look-ups, reads and probes.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        catalogue::set_path,
        deploy::{Job, StepAction},
        json::CanonicalJson,
        platform::ExternalId,
        ticket::RequestType,
        time::Timestamp,
    },
    platforms::{
        Body, Platform, WireRequest,
        google_ads::{GoogleAds, spec::check_request},
    },
};
use serde_json::{Value, json};

use crate::tickets::{defaults, job, known_ids};

const VARIANTS: u32 = 2_500;

/// The specification's view of one request, and what must hold for all of them.
fn hold(job: &Job, request: &WireRequest) -> String {
    let faults = check_request(request);
    assert!(faults.is_empty(), "{faults:?}\n{request:?}\n{:?}", job.payload);
    assert!(!request.path.starts_with("/v"), "a version in {}", request.path);
    let Body::Json(body) = &request.body else {
        panic!("not JSON: {request:?}")
    };
    let sent = body.as_str().to_owned();
    for ours in [
        "bidding\"",
        "cpc_bid",
        "final_url\"",
        "locations",
        "login-customer-id",
        "developer-token",
    ] {
        assert!(!sent.contains(ours), "{ours} is sent: {sent}");
    }
    sent
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
            let steps = GoogleAds
                .steps(&job)
                .unwrap_or_else(|p| panic!("{p:?}\n{:?}\n{:?}", job.payload, job.budget));
            let mut budgets = 0;
            for step in &steps {
                let sent = hold(&job, &GoogleAds.plan(&job, step, &ids).unwrap());
                budgets += sent.matches("mountMicros\":").count();
                if step.action == StepAction::Create {
                    assert!(sent.contains("\"status\":\"PAUSED\"") && sent.contains("\"explicitlyShared\":false"));
                    assert!(sent.contains("containsEuPoliticalAdvertising"));
                    hold(
                        &job,
                        &GoogleAds.look_up(&job, step, &ids, Timestamp::default()).unwrap(),
                    );
                }
                hold(&job, &GoogleAds.read(&job, step, &ExternalId("1202".to_owned())));
                requests += 2;
            }
            let want = usize::from(matches!(request, RequestType::Create | RequestType::UpdateBudget));
            assert_eq!(budgets, want, "a budget is sent once: {:?}", job.payload);
            for probe in GoogleAds.probe(&job.account) {
                hold(&job, &probe);
            }
        }
        planned += 1;
    }
    assert!(requests > 4 * VARIANTS);
}

#[test]
fn the_same_job_plans_the_same_bytes() {
    let mut rng = Rng::with_seed(7);
    for _ in 0..50 {
        let job = job(&mut rng, RequestType::Create);
        // Through the store's form of a job, as after a restart.
        let again: Job = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        for step in GoogleAds.steps(&job).unwrap() {
            let hash = |job: &Job| GoogleAds.plan(job, &step, &known_ids()).unwrap().hash();
            assert_eq!(hash(&job), hash(&again));
        }
    }
}

/// The form's defaults and the fewest edits a planner must make give a ticket that can go.
#[test]
fn a_fresh_ticket_needs_few_edits() {
    let mut root = defaults();
    for (path, v) in [
        ("campaign.locations.countries", json!(["US"])),
        ("ad_group.keywords", json!(["trail shoes"])),
        ("ad.final_url", json!("https://example.com/")),
        ("ad.headlines", json!(["One", "Two", "Three"])),
        ("ad.description1", json!("First.")),
        ("ad.description2", json!("Second.")),
    ] {
        set_path(&mut root, path, v);
    }
    let mut fresh = job(&mut Rng::with_seed(1), RequestType::Create);
    fresh.payload = CanonicalJson::new(&Value::Object(root));
    assert_eq!(GoogleAds.check(&fresh), []);
    for step in GoogleAds.steps(&fresh).unwrap() {
        hold(&fresh, &GoogleAds.plan(&fresh, &step, &known_ids()).unwrap());
    }
}
