//! What a campaign must say.

use super::{Check, budget, days, first_status, is_enough, name, schedule};
use crate::{
    engine::model::time::Timestamp,
    platforms::sandbox::meta::{account::Account, call::Call, error::GraphError},
};

const CREATABLE: [&str; 6] = [
    "OUTCOME_AWARENESS",
    "OUTCOME_TRAFFIC",
    "OUTCOME_ENGAGEMENT",
    "OUTCOME_LEADS",
    "OUTCOME_APP_PROMOTION",
    "OUTCOME_SALES",
];

/// Judges a new campaign.
pub(in super::super) fn campaign(call: &Call<'_>, account: &Account, now: Timestamp) -> Check {
    name(call)?;
    first_status(call)?;
    let objective = call.need("objective")?;
    if !CREATABLE.contains(&objective) {
        return Err(GraphError::invalid(
            "objective",
            "Objective Not Available",
            &format!(
                "{objective} can no longer be used for new campaigns; use one of {}.",
                CREATABLE.join(", ")
            ),
        ));
    }
    if let Some(buying) = call
        .text("buying_type")
        .filter(|b| !["AUCTION", "RESERVED"].contains(b))
    {
        return Err(GraphError::invalid(
            "buying_type",
            "Invalid Buying Type",
            &format!("{buying} is not AUCTION or RESERVED."),
        ));
    }
    if call.text("smart_promotion_type").is_some() {
        return Err(GraphError::invalid(
            "smart_promotion_type",
            "Not Available",
            "Campaigns of this type can no longer be created.",
        ));
    }
    let special = call.words("special_ad_categories").into_iter().any(|c| c != "NONE");
    if special && call.words("special_ad_category_country").is_empty() {
        return Err(GraphError::invalid(
            "special_ad_category_country",
            "Country Required",
            "A special ad category needs the countries it applies to.",
        ));
    }
    let (start, end) = schedule(call, account, "stop_time", now)?;
    let sharing = call.flag("is_adset_budget_sharing_enabled");
    match budget(call)? {
        Some(_) if sharing == Some(true) => Err(GraphError::invalid(
            "is_adset_budget_sharing_enabled",
            "Budget Sharing Not Allowed",
            "Ad set budget sharing cannot be used together with a campaign budget.",
        )
        .sub(4_834_002)),
        Some(("lifetime_budget", _)) if end.is_none() => Err(GraphError::invalid(
            "stop_time",
            "End Time Required",
            "A campaign with a lifetime budget needs a stop time.",
        )),
        Some((field, amount)) => is_enough(account, field, amount, None, days(start, end)),
        None if call.text("bid_strategy").is_some() && sharing != Some(true) => Err(GraphError::invalid(
            "bid_strategy",
            "Campaign Budget Required",
            "A bid strategy can be set on the campaign only together with a campaign budget.",
        )),
        None if sharing.is_none() => Err(GraphError::invalid(
            "is_adset_budget_sharing_enabled",
            "Must Specify Ad Set Budget Sharing",
            "You must specify True or False in is_adset_budget_sharing_enabled field if you are not using campaign \
             budget.",
        )
        .sub(4_834_011)),
        None if sharing == Some(true) && call.text("bid_strategy").is_none() => Err(GraphError::invalid(
            "bid_strategy",
            "Bid Strategy Required",
            "Ad set budget sharing needs a bid strategy.",
        )
        .sub(4_834_005)),
        None => Ok(()),
    }
}
