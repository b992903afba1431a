//! Ad groups: goal and billing, bids, pacing, places, frequency.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::at;
use crate::{
    engine::model::{deploy::Job, path::FieldPath, platform::ObjectKind, refusal::Problem, sanitise::excerpt},
    platforms::tiktok::payload::{BudgetLevel, section},
};

/// So many locations fit into one ad group.
const MAX_LOCATIONS: usize = 3000;

/// Everything wrong with the ad group.
pub(super) fn check(job: &Job, problems: &mut Vec<Problem>) {
    let Ok(fields) = section(job, ObjectKind::AdSet) else {
        return; // told by check_sections
    };
    let word = |name: &str| fields.get(name).and_then(Value::as_str);
    let goal = word("optimization_goal");
    if let (Some(goal), Some(billing)) = (goal, word("billing_event"))
        && billed_by(goal) != billing
    {
        problems.push(at(
            "payload.ad_group.billing_event",
            format!(
                "{} is billed by {}, not by {}",
                excerpt(goal, 40),
                billed_by(goal),
                excerpt(billing, 40)
            ),
            format!("choose {}, or change the goal", billed_by(goal)),
        ));
    }
    if matches!(goal, Some("CONVERT" | "VALUE"))
        && word("promotion_type") == Some("WEBSITE")
        && word("pixel_id").is_none()
    {
        problems.push(at(
            "payload.ad_group.pixel_id",
            "conversions on a website need a pixel",
            "enter the pixel's number (not its code)",
        ));
    }
    check_bids(job, &fields, problems);
    if word("pacing") == Some("PACING_MODE_FAST")
        && (word("bid_type") != Some("BID_TYPE_CUSTOM") || BudgetLevel::of(job) == Ok(BudgetLevel::Campaign))
    {
        problems.push(at(
            "payload.ad_group.pacing",
            "fast pacing needs a bid of your own and a budget on the ad group",
            "choose PACING_MODE_SMOOTH",
        ));
    }
    let frequency = [
        fields.contains_key("frequency"),
        fields.contains_key("frequency_schedule"),
    ];
    if frequency == [true, false] || frequency == [false, true] {
        problems.push(at(
            if frequency == [true, false] {
                "payload.ad_group.frequency_schedule"
            } else {
                "payload.ad_group.frequency"
            },
            "how often and within how many days go together",
            "fill in both, or neither",
        ));
    } else if frequency == [true, true] && goal != Some("REACH") {
        problems.push(at(
            "payload.ad_group.frequency",
            "only reach has a frequency",
            "clear it, or optimise for REACH",
        ));
    }
    check_places(job, &fields, problems);
}

/// What a goal is billed by.
fn billed_by(goal: &str) -> &'static str {
    match goal {
        "CLICK" => "CPC",
        "SHOW" | "REACH" => "CPM",
        "ENGAGED_VIEW" | "ENGAGED_VIEW_FIFTEEN" => "CPV",
        _ => "OCPM",
    }
}

/// A bid of one's own is one amount, in the field that suits what is billed, and below the budget.
fn check_bids(job: &Job, fields: &serde_json::Map<String, Value>, problems: &mut Vec<Problem>) {
    let custom = fields.get("bid_type").and_then(Value::as_str) == Some("BID_TYPE_CUSTOM");
    let by_conversion = fields.get("billing_event").and_then(Value::as_str) == Some("OCPM");
    let due = match (custom, by_conversion) {
        (false, _) => None,
        (true, true) => Some("conversion_bid_price"),
        (true, false) => Some("bid_price"),
    };
    for name in ["bid_price", "conversion_bid_price"] {
        let field = format!("payload.ad_group.{name}");
        match (fields.get(name), due == Some(name)) {
            (None, true) => problems.push(at(
                &field,
                "there is no bid",
                "enter it in the account's currency, or choose BID_TYPE_NO_BID",
            )),
            (Some(_), false) if custom => problems.push(at(
                &field,
                "does not suit what is billed",
                "conversions (OCPM) take conversion_bid_price, the others bid_price",
            )),
            (Some(_), false) => problems.push(at(
                &field,
                "a bid stands beside lowest cost",
                "clear it, or choose BID_TYPE_CUSTOM",
            )),
            (Some(bid), true) => {
                let bid: Option<Decimal> = bid.to_string().parse().ok();
                if let (Some(bid), Some(budget)) = (bid, job.budget)
                    && bid >= budget.money.amount()
                {
                    problems.push(at(
                        &field,
                        format!("a bid of {bid} is not below the budget, {}", budget.money),
                        "lower the bid, or raise the budget",
                    ));
                }
            }
            (None, false) => {}
        }
    }
}

fn check_places(job: &Job, fields: &serde_json::Map<String, Value>, problems: &mut Vec<Problem>) {
    let count = fields.get("location_ids").and_then(Value::as_array).map_or(0, Vec::len);
    if count > MAX_LOCATIONS {
        problems.push(at(
            "payload.ad_group.locations",
            format!("{count} places; TikTok takes {MAX_LOCATIONS}"),
            "name fewer, or whole countries",
        ));
    }
    let root = job.payload.value();
    let list = |key: &str| {
        root.pointer(&format!("/ad_group/locations/{key}"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let countries: BTreeSet<&str> = list("countries").filter_map(Value::as_str).collect();
    for (n, place) in list("places").enumerate() {
        let country = place.get("country").and_then(Value::as_str).unwrap_or_default();
        if countries.contains(country) {
            problems.push(Problem::at(
                FieldPath::new("payload.ad_group.locations.places").item(n),
                format!("the whole of {} is named already", excerpt(country, 8)),
                "name the country or places in it, not both",
            ));
        }
    }
}
