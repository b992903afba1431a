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
    platforms::{Exchange, KnownIds, WireResponse},
};

/// `LUM_US_TIKTOK_2026_WinterSale` with a daily budget of USD 120 on the ad group, all December in New York.
pub fn job() -> Job {
    let usd = "USD".parse().unwrap();
    Job {
        request: RequestType::Create,
        account: Account {
            id: "7000000000000000001".parse().unwrap(),
            name: "Lumen US".to_owned(),
            currency: usd,
            timezone: "America/New_York".to_owned(),
        },
        name: "LUM_US_TIKTOK_2026_WinterSale".to_owned(),
        target: None,
        budget: Some(budget(BudgetKind::Daily, "120")),
        flight: Some(Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-31".parse().unwrap()),
        }),
        payload: CanonicalJson::new(&json!({
            "campaign": {"objective_type": "TRAFFIC", "budget_level": "ad_group", "campaign_type": "REGULAR_CAMPAIGN"},
            "ad_group": {
                "promotion_type": "WEBSITE", "optimization_goal": "CLICK", "billing_event": "CPC",
                "bid_type": "BID_TYPE_NO_BID", "pacing": "PACING_MODE_SMOOTH",
                "placement_type": "PLACEMENT_TYPE_NORMAL", "placements": ["PLACEMENT_TIKTOK"],
                "locations": {"countries": ["US"]}, "age_groups": ["AGE_25_34", "AGE_35_44"],
                "gender": "GENDER_UNLIMITED", "interests": [{"id": "10", "name": "Education"}],
            },
            "ad": {
                "ad_format": "SINGLE_VIDEO", "identity_type": "CUSTOMIZED_USER", "identity_id": "7100000000000000009",
                "video_id": "v10033g50000abc", "image_ids": ["ad-site-i18n-sg/2026abc"], "ad_text": "Winter sale",
                "call_to_action": "SHOP_NOW", "landing_page_url": "https://example.com/sale",
                "utm_params": [{"key": "utm_source", "value": "tiktok"}],
            },
        })),
        campaign: Campaign {
            id: CampaignId::new(uuid::Uuid::from_u128(1)),
            brand: BrandId::new(uuid::Uuid::from_u128(2)),
            market: MarketId::new(uuid::Uuid::from_u128(3)),
            year: 2026,
            label: "WinterSale".parse::<Label>().unwrap(),
            title: "Winter sale".to_owned(),
            budget: None,
            flight: None,
            retired: false,
            created_at: Timestamp::default(),
        },
    }
}

/// A change of what an earlier ticket created; the budget changes from 120 to 150 a day.
pub fn change(request: RequestType, kind: ObjectKind) -> Job {
    Job {
        request,
        target: Some(Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(4)),
            no: TicketNo::FIRST,
            kind,
            external_id: ExternalId("1800000000000000001".to_owned()),
            seen_budget: Some(budget(BudgetKind::Daily, "120")),
        }),
        budget: (request == RequestType::UpdateBudget).then(|| budget(BudgetKind::Daily, "150")),
        ..job()
    }
}

/// Ids as the steps of a create would have left them.
pub fn ids() -> KnownIds {
    [
        ("campaign", "1800000000000000001"),
        ("ad_group", "1800000000000000002"),
        ("ad", "1800000000000000003"),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), ExternalId(v.to_owned())))
    .collect()
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

/// TikTok's envelope around data, HTTP 200 as always.
pub fn envelope(code: i64, message: &str, data: &Value) -> Exchange {
    answer(
        200,
        &json!({"code": code, "message": message, "request_id": "20261120A1B2C3", "data": data}),
    )
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

/// An answer with any text as its body.
#[expect(clippy::unnecessary_wraps, reason = "tests hand it on as an exchange")]
pub fn text(status: u16, body: &str) -> Exchange {
    Ok(WireResponse {
        status,
        headers: std::collections::BTreeMap::new(),
        body: body.as_bytes().to_vec(),
    })
}
