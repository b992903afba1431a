//! Every request we plan for Google Ads is one Google's own specification knows: operation, fields, types, words, required
//! ones.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        ticket::RequestType,
    },
    platforms::{
        Body, KnownIds, Platform, WireRequest,
        google_ads::{GoogleAds, spec::check_request},
    },
};

use crate::{
    platform::{Ask, Fixture, conformance::holds},
    tickets::{job, known_ids},
};

struct GoogleAdsFixture;

impl Fixture for GoogleAdsFixture {
    const PLATFORM: &dyn Platform = &GoogleAds;
    const OBJECT: &str = "1202";
    const REQUESTS: u32 = 4;
    const EDITS: &[(&str, &str)] = &[
        ("campaign.locations.countries", r#"["US"]"#),
        ("ad_group.keywords", r#"["trail shoes"]"#),
        ("ad.final_url", r#""https://example.com/""#),
        ("ad.headlines", r#"["One", "Two", "Three"]"#),
        ("ad.description1", r#""First.""#),
        ("ad.description2", r#""Second.""#),
    ];

    fn job(rng: &mut Rng, request: RequestType) -> Job {
        job(rng, request)
    }

    fn ids() -> KnownIds {
        known_ids()
    }

    fn hold(job: &Job, ask: Ask, step: Option<&Step>, request: &WireRequest) {
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
        if ask == Ask::Plan && step.is_some_and(|s| s.action == StepAction::Create) {
            assert!(sent.contains("\"status\":\"PAUSED\"") && sent.contains("\"explicitlyShared\":false"));
            assert!(sent.contains("containsEuPoliticalAdvertising"));
        }
    }

    fn budgets(request: &WireRequest) -> Option<usize> {
        match &request.body {
            Body::Json(body) => Some(body.as_str().matches("mountMicros\":").count()),
            _ => None,
        }
    }
}

#[test]
fn every_planned_request_is_one_the_specification_knows() {
    holds::<GoogleAdsFixture>();
}
