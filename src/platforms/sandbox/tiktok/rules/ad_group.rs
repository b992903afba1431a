//! New ad groups: budget, schedule, bids, goal, and what their campaign allows.

use rust_decimal::Decimal;
use serde_json::Value;

use super::{ApiError, Check, amount, at_least, name};
use crate::{
    engine::model::{platform::ObjectKind, time::Timestamp},
    platforms::{
        sandbox::tiktok::{Call, account::Account, object::Object},
        tiktok::time,
    },
};

/// A start may lie so far in the past.
const PAST: std::time::Duration = std::time::Duration::from_secs(12 * 3600);

/// A new ad group of a campaign, beside its siblings.
pub(in super::super) fn ad_group(call: &Call<'_>, account: &Account, campaign: &Object, siblings: &[&Object]) -> Check {
    name(call, ObjectKind::AdSet)?;
    let need = |field: &str| {
        call.text(field)
            .ok_or_else(|| ApiError::field(field, "Missing data for required field."))
    };
    let objective = campaign.text("objective_type").unwrap_or_default();
    if !matches!(objective, "REACH" | "VIDEO_VIEWS" | "ENGAGEMENT") {
        need("promotion_type")?;
    }
    let places = ["location_ids", "zipcode_ids"]
        .iter()
        .filter_map(|f| call.body.get(*f).and_then(Value::as_array))
        .map(Vec::len)
        .sum::<usize>();
    if places == 0 || places > 3000 {
        return Err(ApiError::field("location_ids", "Length must be between 1 and 3000."));
    }
    if call.text("placement_type") != Some("PLACEMENT_TYPE_AUTOMATIC")
        && call
            .body
            .get("placements")
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty)
    {
        return Err(ApiError::field("placements", "Missing data for required field."));
    }
    let (goal, billing) = (need("optimization_goal")?, need("billing_event")?);
    let fits = match billing {
        "CPC" => goal == "CLICK",
        "CPM" => matches!(goal, "SHOW" | "REACH"),
        "CPV" => matches!(goal, "ENGAGED_VIEW" | "ENGAGED_VIEW_FIFTEEN"),
        _ => !matches!(goal, "CLICK" | "SHOW" | "REACH"),
    };
    if !fits {
        return Err(ApiError::field(
            "billing_event",
            &format!("{billing} does not suit {goal}."),
        ));
    }
    if matches!(goal, "CONVERT" | "VALUE") && call.text("promotion_type") == Some("WEBSITE") {
        need("pixel_id")?;
        need("optimization_event")?;
    }
    schedule(call)?;
    let spreads = campaign.spreads_budget();
    if spreads {
        let differs = |field: &str| siblings.iter().any(|s| s.text(field) != call.text(field));
        for field in ["bid_type", "optimization_goal"] {
            if differs(field) {
                return Err(ApiError::field(
                    field,
                    "All ad groups of a campaign with budget optimization must have the same.",
                ));
            }
        }
    } else {
        budget(call, account, campaign)?;
    }
    bids(call, account, spreads)
}

fn budget(call: &Call<'_>, account: &Account, campaign: &Object) -> Check {
    let budget = amount(account, "budget", call.body.get("budget"))?;
    let least = match call.text("budget_mode") {
        Some("BUDGET_MODE_TOTAL") => account.least * Decimal::from(days(call)),
        Some("BUDGET_MODE_DAY") => account.least,
        _ => {
            return Err(ApiError::field(
                "budget_mode",
                "An ad group has BUDGET_MODE_DAY or BUDGET_MODE_TOTAL.",
            ));
        }
    };
    at_least(account, least, budget)?;
    below_campaign(budget, Some(campaign))
}

/// An ad group's budget does not exceed its campaign's, if that has one.
pub(super) fn below_campaign(budget: Decimal, campaign: Option<&Object>) -> Check {
    let of_campaign: Option<Decimal> = campaign
        .and_then(|c| c.fields.get("budget"))
        .and_then(|b| b.to_string().parse().ok())
        .filter(|b: &Decimal| !b.is_zero());
    match of_campaign {
        Some(most) if budget > most => Err(ApiError::field(
            "budget",
            &format!("The budget must not exceed the campaign's, {most}."),
        )),
        _ => Ok(()),
    }
}

/// Begun days from start to end.
fn days(call: &Call<'_>) -> u64 {
    let at = |field: &str| call.text(field).and_then(time::parse);
    match (at("schedule_start_time"), at("schedule_end_time")) {
        (Some(start), Some(end)) => end.since(start).as_secs().div_ceil(86_400).max(1),
        _ => 1,
    }
}

fn schedule(call: &Call<'_>) -> Check {
    let moment = |field: &str| -> Result<Option<Timestamp>, ApiError> {
        call.text(field)
            .map(|t| time::parse(t).ok_or_else(|| ApiError::field(field, "Not a valid datetime.")))
            .transpose()
    };
    let start = moment("schedule_start_time")?.unwrap_or(call.now);
    let end = moment("schedule_end_time")?;
    if start < call.now.minus(PAST) || Some(start) > time::parse("2028-01-01 00:00:00") {
        return Err(ApiError::field(
            "schedule_start_time",
            "Must not be more than 12 hours ago or after 2028-01-01.",
        ));
    }
    let needs_end = call.text("schedule_type") == Some("SCHEDULE_START_END")
        || call.text("budget_mode") == Some("BUDGET_MODE_TOTAL");
    match end {
        None if needs_end => Err(ApiError::field("schedule_end_time", "Missing data for required field.")),
        Some(end) if end <= start || end <= call.now || Some(end) > time::parse("2038-01-01 00:00:00") => {
            Err(ApiError::field(
                "schedule_end_time",
                "Must be after the start, in the future and not after 2038-01-01.",
            ))
        }
        _ => Ok(()),
    }
}

fn bids(call: &Call<'_>, account: &Account, spreads: bool) -> Check {
    let custom = call.text("bid_type") == Some("BID_TYPE_CUSTOM");
    if call.text("pacing") == Some("PACING_MODE_FAST") && (!custom || spreads) {
        return Err(ApiError::field(
            "pacing",
            "PACING_MODE_FAST needs a custom bid and its own budget.",
        ));
    }
    if !custom {
        return Ok(());
    }
    let field = if call.text("billing_event") == Some("OCPM") {
        "conversion_bid_price"
    } else {
        "bid_price"
    };
    let bid = amount(account, field, call.body.get(field))?;
    let budget = amount(account, "budget", call.body.get("budget"))?;
    if bid >= budget {
        return Err(ApiError::field(field, "The bid must be lower than the budget."));
    }
    Ok(())
}
