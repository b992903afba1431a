//! One ticket's job, for the tests of this folder.

use serde_json::json;

use super::steps;
pub use crate::platforms::common::testing::{answer, budget, set};
use crate::{
    engine::model::{
        deploy::{Job, Step},
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::common::testing::{self, create},
};

/// `DIS_US_META_2026_MoanaLaunch` with a daily budget of USD 1,200 on the campaign, all December in New York.
pub fn job() -> Job {
    let payload = json!({
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
    });
    create("act_1001", "DIS_US_META_2026_MoanaLaunch", "1200", &payload)
}

/// A change of what an earlier ticket created; the budget changes from 1,200 to 1,500 a day.
pub fn change(request: RequestType, kind: ObjectKind) -> Job {
    testing::change(job(), request, kind, "1202", "1500")
}

/// The step with this key.
pub fn step(job: &Job, key: &str) -> Step {
    testing::step(steps::steps(job), key)
}
