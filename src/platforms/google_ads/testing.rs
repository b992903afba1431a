//! One ticket's job, for the tests of this folder.

use serde_json::{Value, json};

use super::{steps, tree};
pub use crate::platforms::common::testing::{answer, budget, set};
use crate::{
    engine::model::{
        deploy::{Job, OutcomeClass, Step},
        money::BudgetKind,
        platform::ObjectKind,
        ticket::RequestType,
        time::Timestamp,
    },
    platforms::{
        Exchange,
        common::{
            outcome,
            testing::{self, create},
        },
    },
};

/// `DIS_US_GADS_2026_MoanaLaunch` with USD 1,200 a day, all December in New York.
pub fn job() -> Job {
    let payload = json!({
        "campaign": {
            "advertisingChannelType": "SEARCH",
            "bidding": {"strategy": "MAXIMIZE_CONVERSIONS", "target_cpa": "15.00"},
            "containsEuPoliticalAdvertising": "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING",
            "networkSettings": {"targetGoogleSearch": true, "targetSearchNetwork": false, "targetContentNetwork": false},
            "geoTargetTypeSetting": {"positiveGeoTargetType": "PRESENCE"},
            "locations": {"countries": ["US", "CA"]},
            "languages": [1000],
            "finalUrlSuffix": "utm_source=google",
        },
        "ad_group": {
            "type": "SEARCH_STANDARD", "cpc_bid": "1.20", "keywords": ["\"trail shoes\"", "[lumen shoes]"],
            "excluded_keywords": ["free"],
        },
        "ad": {
            "final_url": "https://example.com/launch", "path1": "launch", "path2": "week",
            "headlines": ["Lumen Launch Week", "See It First", "Order Today"],
            "description1": "Seen by nobody yet.", "description2": "Thirty days to return.",
        },
    });
    create("123-456-7890", "DIS_US_GADS_2026_MoanaLaunch", "1200", &payload)
}

/// A change of what an earlier ticket created; the budget changes from 1,200 to 1,500 a day.
pub fn change(request: RequestType) -> Job {
    testing::change(job(), request, ObjectKind::Tree, "22113344", "1500")
}

/// The step with this key.
pub fn step(job: &Job, key: &str) -> Step {
    testing::step(steps::steps(job), key)
}

/// The create after one attempt that ended so.
pub fn attempted(job: &Job, class: OutcomeClass) -> Step {
    let at = Timestamp::parse("2026-11-20T11:59:00Z").unwrap();
    let outcome = outcome::bare(class, None, "", at, "");
    testing::attempted(step(job, "tree"), &[outcome])
}

/// The campaign of a job as a query shows it, just made.
pub fn campaign_row(job: &Job) -> Value {
    let create = Job {
        request: RequestType::Create,
        budget: Some(budget(BudgetKind::Daily, "1200")),
        ..job.clone()
    };
    let (start, end) = tree::times(&create).unwrap();
    json!({
        "campaign": {
            "resourceName": "customers/1234567890/campaigns/22113344", "id": "22113344", "name": job.name,
            "status": "PAUSED", "advertisingChannelType": "SEARCH", "startDateTime": start, "endDateTime": end,
            "containsEuPoliticalAdvertising": "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING",
            "campaignBudget": "customers/1234567890/campaignBudgets/998877",
        },
        "campaignBudget": {
            "resourceName": "customers/1234567890/campaignBudgets/998877", "id": "998877",
            "amountMicros": "1200000000", "explicitlyShared": false, "referenceCount": "1",
        },
    })
}

/// An answer with one error of Google's.
pub fn failure(status: u16, member: &str, value: &str, message: &str, path: &[(&str, Option<usize>)]) -> Exchange {
    let path: Vec<Value> = path
        .iter()
        .map(|(name, index)| match index {
            Some(n) => json!({"fieldName": name, "index": n}),
            None => json!({ "fieldName": name }),
        })
        .collect();
    answer(
        status,
        &json!({"error": {
            "code": status, "message": "Request contains an invalid argument.", "status": "INVALID_ARGUMENT",
            "details": [{
                "@type": "type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure",
                "errors": [{"errorCode": {member: value}, "message": message, "location": {"fieldPathElements": path}}],
                "requestId": "AbCdEf123",
            }],
        }}),
    )
}
