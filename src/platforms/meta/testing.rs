//! One ticket's job, for the tests of this folder.

use serde_json::{Value, json};

use super::steps;
use crate::{
    engine::model::{
        campaign::Campaign,
        catalogue::set_path,
        code::Label,
        deploy::{Job, Step},
        governance::Account,
        ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Money},
        platform::{ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::{Exchange, WireResponse},
};

/// `DIS_US_META_2026_MoanaLaunch` with a daily budget of USD 1,200 on the campaign, all December in New York.
pub fn job() -> Job {
    let usd = "USD".parse().unwrap();
    Job {
        request: RequestType::Create,
        account: Account {
            id: "act_1001".parse().unwrap(),
            name: "Lumen US".to_owned(),
            currency: usd,
            timezone: "America/New_York".to_owned(),
        },
        name: "DIS_US_META_2026_MoanaLaunch".to_owned(),
        target: None,
        budget: Some(budget(BudgetKind::Daily, "1200")),
        flight: Some(Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-31".parse().unwrap()),
        }),
        payload: CanonicalJson::new(&json!({
            "campaign": {
                "objective": "OUTCOME_TRAFFIC", "budget_level": "campaign", "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
                "special_ad_categories": ["NONE"], "buying_type": "AUCTION", "is_adset_budget_sharing_enabled": false,
            },
            "ad_set": {
                "optimization_goal": "LINK_CLICKS", "billing_event": "IMPRESSIONS",
                "targeting": {
                    "geo_locations": {"countries": ["US"]}, "age_min": 18, "age_max": 65,
                    "interests": [{"id": "6003139266461", "name": "Movies"}],
                    "targeting_automation": {"advantage_audience": 0},
                },
            },
            "creative": {
                "object_story_spec": {
                    "page_id": "111",
                    "link_data": {
                        "link": "https://example.com/launch", "message": "See it first", "name": "Launch week",
                        "image_hash": "9fdba2b8", "call_to_action": {"type": "LEARN_MORE"},
                    },
                },
                "url_tags": "utm_source=facebook",
            },
            "ad": {"conversion_domain": "example.com"},
        })),
        campaign: Campaign {
            id: CampaignId::new(uuid::Uuid::from_u128(1)),
            brand: BrandId::new(uuid::Uuid::from_u128(2)),
            market: MarketId::new(uuid::Uuid::from_u128(3)),
            year: 2026,
            label: "MoanaLaunch".parse::<Label>().unwrap(),
            title: "Moana launch".to_owned(),
            budget: None,
            flight: None,
            retired: false,
            created_at: Timestamp::default(),
        },
    }
}

/// A change of what an earlier ticket created; the budget changes from 1,200 to 1,500 a day.
pub fn change(request: RequestType, kind: ObjectKind) -> Job {
    Job {
        request,
        target: Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(4)),
            no: TicketNo::FIRST,
            kind,
            external_id: ExternalId("1202".to_owned()),
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

/// An answer with a JSON body and no headers.
#[expect(clippy::unnecessary_wraps, reason = "tests hand it on as an exchange")]
pub fn answer(status: u16, body: &Value) -> Exchange {
    Ok(WireResponse {
        status,
        headers: std::collections::BTreeMap::new(),
        body: body.to_string().into_bytes(),
    })
}
