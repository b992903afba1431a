//! What an ad set must say: targeting, goal, bid, schedule, budget.

use std::time::Duration;

use serde_json::Value;

use super::{Check, both_levels, budget, days, first_status, is_enough, is_open, name, schedule};
use crate::{
    engine::model::time::Timestamp,
    platforms::sandbox::meta::{account::Account, call::Call, error::GraphError, object::Object},
};

/// Judges a new ad set below its campaign.
pub(in super::super) fn ad_set(call: &Call<'_>, account: &Account, campaign: &Object, now: Timestamp) -> Check {
    name(call)?;
    first_status(call)?;
    is_open(campaign, "campaign_id")?;
    let targeting = call.json("targeting").unwrap_or(Value::Null);
    locations(&targeting)?;
    ages(&targeting)?;
    if !targeting
        .pointer("/targeting_automation/advantage_audience")
        .is_some_and(|v| matches!(v.as_i64(), Some(0 | 1)))
    {
        return Err(GraphError::invalid(
            "targeting.targeting_automation.advantage_audience",
            "Advantage Audience Flag Required",
            "To create your ad set, you need to enable or disable the Advantage audience feature. This can be done by \
             setting the advantage_audience flag to either 1 or 0 within the targeting_automation field.",
        )
        .sub(1_870_227));
    }
    special_categories(campaign, &targeting)?;
    goals(call)?;
    bids(call, campaign)?;
    transparency(call, &targeting)?;
    let (start, end) = schedule(call, account, "end_time", now)?;
    match budget(call)? {
        Some((field, _)) if campaign.has_budget() => Err(both_levels(field)),
        Some(("lifetime_budget", _)) if end.is_none() => Err(GraphError::invalid(
            "end_time",
            "End Time Required",
            "An ad set with a lifetime budget needs an end time.",
        )),
        Some(("daily_budget", _)) if end.is_some_and(|e| e.since(start) < Duration::from_secs(86_400)) => {
            Err(GraphError::invalid(
                "end_time",
                "Schedule Too Short",
                "An ad set with a daily budget must run at least 24 hours.",
            ))
        }
        Some((field, amount)) => is_enough(account, field, amount, call.text("billing_event"), days(start, end)),
        None if campaign.has_budget() => Ok(()),
        None => Err(GraphError::invalid(
            "daily_budget",
            "Budget Required",
            "Your ad set needs a budget because its campaign has none.",
        )
        .sub(1_487_061)),
    }
}

fn locations(targeting: &Value) -> Check {
    let geo = targeting.get("geo_locations").and_then(Value::as_object);
    let any = geo.is_some_and(|g| {
        g.iter()
            .any(|(k, v)| k != "location_types" && v.as_array().is_some_and(|l| !l.is_empty()))
    });
    if !any {
        return Err(GraphError::invalid(
            "targeting.geo_locations",
            "Location Required",
            "Your targeting needs at least one location.",
        ));
    }
    let radius_on_region = geo
        .and_then(|g| g.get("regions"))
        .and_then(Value::as_array)
        .is_some_and(|l| l.iter().any(|r| r.get("radius").is_some()));
    if radius_on_region {
        return Err(GraphError::invalid(
            "targeting.geo_locations.regions",
            "Radius Not Allowed",
            "A radius can be set on cities only.",
        )
        .sub(1_487_079));
    }
    Ok(())
}

fn ages(targeting: &Value) -> Check {
    let age = |field: &str| targeting.get(field).and_then(Value::as_i64);
    let (min, max) = (age("age_min").unwrap_or(18), age("age_max").unwrap_or(65));
    if (13..=65).contains(&min) && (13..=65).contains(&max) && min <= max {
        return Ok(());
    }
    Err(GraphError::invalid(
        "targeting.age_min",
        "Invalid Age Range",
        &format!("Ages {min} to {max} are not within 13 to 65."),
    ))
}

fn special_categories(campaign: &Object, targeting: &Value) -> Check {
    let restricted = campaign
        .fields
        .get("special_ad_categories")
        .and_then(Value::as_array)
        .is_some_and(|c| {
            c.iter()
                .any(|c| matches!(c.as_str(), Some("HOUSING" | "EMPLOYMENT" | "CREDIT")))
        });
    let zips = targeting.pointer("/geo_locations/zips").is_some();
    if restricted && zips {
        return Err(GraphError::invalid(
            "targeting.geo_locations.zips",
            "Location Not Allowed",
            "Ads in a special category cannot target postal codes.",
        )
        .sub(2_909_034));
    }
    Ok(())
}

/// What a goal needs to know, and what may be billed for it.
fn goals(call: &Call<'_>) -> Check {
    let goal = call.need("optimization_goal")?;
    let billing = call.need("billing_event")?;
    if billing != "IMPRESSIONS" && billing != goal {
        return Err(GraphError::invalid(
            "billing_event",
            "Billing Event Not Available",
            &format!("{billing} cannot be billed when optimising for {goal}; use IMPRESSIONS."),
        ));
    }
    let needed = match goal {
        "OFFSITE_CONVERSIONS" | "VALUE" => "pixel_id",
        "PAGE_LIKES" => "page_id",
        "APP_INSTALLS" => "application_id",
        _ => return Ok(()),
    };
    let promoted = call.json("promoted_object").unwrap_or(Value::Null);
    let alternatives = ["custom_conversion_id", "product_set_id", "application_id"];
    let there = |key: &str| promoted.get(key).is_some();
    if there(needed) || (needed == "pixel_id" && alternatives.into_iter().any(there)) {
        return Ok(());
    }
    Err(GraphError::invalid(
        "promoted_object",
        "Promoted Object Required",
        &format!("Optimising for {goal} needs a promoted object with {needed}."),
    ))
}

fn bids(call: &Call<'_>, campaign: &Object) -> Check {
    let strategy = call.text("bid_strategy").or_else(|| campaign.text("bid_strategy"));
    let missing = match strategy {
        Some("LOWEST_COST_WITH_BID_CAP" | "COST_CAP") => call.number("bid_amount").is_none().then_some("bid_amount"),
        Some("LOWEST_COST_WITH_MIN_ROAS") => call.json("bid_constraints").is_none().then_some("bid_constraints"),
        _ => None,
    };
    missing.map_or(Ok(()), |field| {
        Err(GraphError::invalid(
            field,
            "Bid Amount Required",
            &format!("The bid strategy {} needs {field}.", strategy.unwrap_or_default()),
        )
        .sub(1_815_857))
    })
}

const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Ads in the European Union name who benefits and who pays.
fn transparency(call: &Call<'_>, targeting: &Value) -> Check {
    let in_eu = targeting
        .pointer("/geo_locations/countries")
        .and_then(Value::as_array)
        .is_some_and(|l| l.iter().any(|c| c.as_str().is_some_and(|c| EU.contains(&c))));
    if !in_eu {
        return Ok(());
    }
    ["dsa_beneficiary", "dsa_payor"]
        .into_iter()
        .find(|field| call.text(field).is_none())
        .map_or(Ok(()), |field| {
            Err(GraphError::invalid(
                field,
                "Beneficiary and Payer Required",
                "Ads shown in the European Union must name the beneficiary and the payer.",
            ))
        })
}
