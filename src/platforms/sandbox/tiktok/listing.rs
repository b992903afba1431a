//! The read endpoints: filters, pages, and what a listing leaves out.
//!
//! A listing shows no deleted object unless asked, and a new one only after the world's lag, except by its id. The name
//! filter matches parts of names without regard to case: callers must compare names again.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Call, TiktokWorld,
    error::{ApiError, Outcome},
    object::{Object, Status, select},
};
use crate::{
    engine::model::{platform::ObjectKind, time::Timestamp},
    platforms::tiktok::{
        read::{ids_field, name_field},
        time,
    },
};

const DEFAULT_PAGE: u64 = 10;
const MAX_PAGE: u64 = 1000;
/// So many ids fit into one filter.
const MAX_IDS: usize = 100;

impl TiktokWorld {
    pub(super) fn list(&self, call: &Call<'_>, kind: ObjectKind) -> Outcome {
        let filter: Value = call
            .query("filtering")
            .map_or(Ok(Value::Null), serde_json::from_str)
            .map_err(|_| ApiError::field("filtering", "Not valid JSON."))?;
        let number = |name: &str, otherwise: u64| call.query(name).and_then(|t| t.parse().ok()).unwrap_or(otherwise);
        let (page, size) = (number("page", 1), number("page_size", DEFAULT_PAGE));
        if page == 0 || size == 0 || size > MAX_PAGE {
            return Err(ApiError::field(
                "page_size",
                "Must be between 1 and 1000, and pages count from 1.",
            ));
        }
        for ids in ["campaign_ids", "adgroup_ids", "ad_ids"] {
            let count = filter.get(ids).and_then(Value::as_array).map_or(0, Vec::len);
            if count > MAX_IDS {
                return Err(ApiError::new(40011, format!("filtering.{ids}: at most {MAX_IDS} ids.")));
            }
        }
        let asked: Vec<String> = call
            .query("fields")
            .and_then(|t| serde_json::from_str(t).ok())
            .unwrap_or_default();
        // Newest first, as the real listings come.
        let found: Vec<&Object> = self
            .objects
            .values()
            .rev()
            .filter(|o| o.kind == kind && o.account == call.account && self.fits(o, &filter, call.now))
            .collect();
        let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let skip = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
        let take = usize::try_from(size).unwrap_or(usize::MAX);
        let list: Vec<Value> = found
            .iter()
            .skip(skip)
            .take(take)
            .map(|o| select(self.view(o, call.now), &asked))
            .collect();
        Ok(json!({
            "list": list,
            "page_info": {"page": page, "page_size": size, "total_number": total, "total_page": total.div_ceil(size)},
        }))
    }

    fn fits(&self, object: &Object, filter: &Value, now: Timestamp) -> bool {
        let text = |name: &str| filter.get(name).and_then(Value::as_str);
        let among = |name: &str, id: Option<&str>| {
            filter
                .get(name)
                .and_then(Value::as_array)
                .is_none_or(|ids| ids.iter().any(|v| v.as_str() == id && id.is_some()))
        };
        let by_id = filter.get(ids_field(object.kind)).is_some();
        let lag = Duration::from_secs(self.config.listing_lag_seconds);
        let visible = by_id || object.created.plus(lag) <= now;
        let secondary = self.secondary_status(object, now);
        let gone = secondary.ends_with("DELETE");
        let status = match text("primary_status") {
            Some("STATUS_ALL") => true,
            Some("STATUS_DELETE") => gone,
            Some("STATUS_DISABLE") => object.status == Status::Disable && !gone,
            Some("STATUS_DELIVERY_OK") => secondary.ends_with("DELIVERY_OK") || secondary == "CAMPAIGN_STATUS_ENABLE",
            _ => !gone,
        };
        let view = || self.view(object, now);
        let of = |field: &str| view().get(field).and_then(Value::as_str).map(str::to_owned);
        let after = text("creation_filter_start_time").and_then(time::parse);
        let before = text("creation_filter_end_time").and_then(time::parse);
        visible
            && status
            && text(name_field(object.kind)).is_none_or(|n| object.name().to_lowercase().contains(&n.to_lowercase()))
            && among("campaign_ids", of("campaign_id").as_deref())
            && among("adgroup_ids", of("adgroup_id").as_deref())
            && among("ad_ids", of("ad_id").as_deref())
            && after.is_none_or(|t| object.created >= t)
            && before.is_none_or(|t| object.created <= t)
            && ["objective_type", "optimization_goal", "secondary_status"]
                .into_iter()
                .all(|f| text(f).is_none_or(|want| of(f).as_deref() == Some(want)))
    }
}
