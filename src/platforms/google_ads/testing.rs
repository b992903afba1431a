//! One ticket's job, for the tests of this folder.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{steps, tree};
use crate::{
    engine::model::{
        campaign::Campaign,
        catalogue::set_path,
        deploy::{Attempt, Job, Outcome, OutcomeClass, Step},
        governance::Account,
        ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
        json::{CanonicalJson, Sha},
        money::{Budget, BudgetKind, Money},
        platform::{ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::{Exchange, WireResponse},
};

/// `DIS_US_GADS_2026_MoanaLaunch` with USD 1,200 a day, all December in New York.
pub fn job() -> Job {
    Job {
        request: RequestType::Create,
        account: Account {
            id: "123-456-7890".parse().unwrap(),
            name: "Lumen US".to_owned(),
            currency: "USD".parse().unwrap(),
            timezone: "America/New_York".to_owned(),
        },
        name: "DIS_US_GADS_2026_MoanaLaunch".to_owned(),
        target: None,
        budget: Some(budget(BudgetKind::Daily, "1200")),
        flight: Some(Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-31".parse().unwrap()),
        }),
        payload: CanonicalJson::new(&json!({
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
        })),
        campaign: Campaign {
            id: CampaignId::new(uuid::Uuid::from_u128(1)),
            brand: BrandId::new(uuid::Uuid::from_u128(2)),
            market: MarketId::new(uuid::Uuid::from_u128(3)),
            year: 2026,
            label: "MoanaLaunch".parse().unwrap(),
            title: "Moana launch".to_owned(),
            budget: None,
            flight: None,
            retired: false,
            created_at: Timestamp::default(),
        },
    }
}

/// A change of what an earlier ticket created; the budget changes from 1,200 to 1,500 a day.
pub fn change(request: RequestType) -> Job {
    Job {
        request,
        target: Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(4)),
            no: TicketNo::FIRST,
            kind: ObjectKind::Tree,
            external_id: ExternalId("22113344".to_owned()),
            seen_budget: Some(budget(BudgetKind::Daily, "1200")),
        }),
        budget: (request == RequestType::UpdateBudget).then(|| budget(BudgetKind::Daily, "1500")),
        ..job()
    }
}

/// A budget in dollars.
pub fn budget(kind: BudgetKind, amount: &str) -> Budget {
    Budget {
        kind,
        money: Money::parse(amount, "USD".parse().unwrap()).unwrap(),
    }
}

/// Sets a payload field, path from the payload's root.
pub fn set(job: &mut Job, path: &str, value: Value) {
    let Value::Object(mut root) = job.payload.value() else {
        panic!("the payload is an object")
    };
    set_path(&mut root, path, value);
    job.payload = CanonicalJson::new(&Value::Object(root));
}

/// The step with this key.
pub fn step(job: &Job, key: &str) -> Step {
    steps::steps(job)
        .unwrap()
        .into_iter()
        .find(|s| s.key == key)
        .unwrap_or_else(|| panic!("no step {key}"))
}

/// The create after one attempt that ended so.
pub fn attempted(job: &Job, class: OutcomeClass) -> Step {
    let at = Timestamp::parse("2026-11-20T11:59:00Z").unwrap();
    let outcome = Outcome {
        class,
        at,
        http_status: None,
        code: None,
        request_id: None,
        words: String::new(),
        field: None,
        external_id: None,
        wait_until: None,
    };
    Step {
        attempts: vec![Attempt {
            n: 1,
            epoch: 1,
            intent_at: at,
            request_hash: Sha::default(),
            outcome: Some(outcome),
            reads: Vec::new(),
        }],
        ..step(job, "tree")
    }
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

/// An answer with a JSON body and no headers.
pub fn response(status: u16, body: &Value) -> WireResponse {
    WireResponse {
        status,
        headers: BTreeMap::new(),
        body: body.to_string().into_bytes(),
    }
}

/// The same as an exchange.
#[expect(clippy::unnecessary_wraps, reason = "tests hand it on as an exchange")]
pub fn answer(status: u16, body: &Value) -> Exchange {
    Ok(response(status, body))
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
