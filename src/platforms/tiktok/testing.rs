//! One ticket's job, for the tests of this folder.

use serde_json::{Value, json};

use super::steps;
pub use crate::platforms::common::testing::{answer, budget, set, text};
use crate::{
    engine::model::{
        deploy::{Job, Step},
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::{
        Exchange, KnownIds,
        common::testing::{self, create},
    },
};

/// `LUM_US_TIKTOK_2026_WinterSale` with a daily budget of USD 120 on the ad group, all December in New York.
pub fn job() -> Job {
    let payload = json!({
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
    });
    create("7000000000000000001", "LUM_US_TIKTOK_2026_WinterSale", "120", &payload)
}

/// A change of what an earlier ticket created; the budget changes from 120 to 150 a day.
pub fn change(request: RequestType, kind: ObjectKind) -> Job {
    testing::change(job(), request, kind, "1800000000000000001", "150")
}

/// The step with this key.
pub fn step(job: &Job, key: &str) -> Step {
    testing::step(steps::steps(job), key)
}

/// Ids as the steps of a create would have left them.
pub fn ids() -> KnownIds {
    testing::ids(&[
        ("campaign", "1800000000000000001"),
        ("ad_group", "1800000000000000002"),
        ("ad", "1800000000000000003"),
    ])
}

/// TikTok's envelope around data, HTTP 200 as always.
pub fn envelope(code: i64, message: &str, data: &Value) -> Exchange {
    answer(
        200,
        &json!({"code": code, "message": message, "request_id": "20261120A1B2C3", "data": data}),
    )
}
