//! What Meta refuses: first what the specification forbids, then the rules of the trade that it does not write down.
//!
//! Invariant: a rule judges a request and what already exists; it changes nothing.

use std::time::Duration;

use serde_json::Value;

use super::{account::Account, call::Call, error::GraphError, object::Object, object::Status};
use crate::{
    engine::model::{platform::ObjectKind, time::Timestamp},
    platforms::{
        WireRequest,
        meta::spec::{self, FaultKind, Node, SpecFault},
    },
};

type Check = Result<(), GraphError>;

/// Parameters that belong to the caller and not to the operation.
pub(super) const OF_THE_CALLER: [&str; 3] = ["access_token", "appsecret_proof", "appsecret_time"];

/// Holds a request against the specification. `node` is what the path points at, where the path does not tell.
pub(super) fn against_spec(request: &WireRequest, node: Option<Node>) -> Check {
    let faults = match node {
        Some(node) => spec::check_request_on(node, request),
        None => spec::check_request(request),
    };
    let mut faults = faults
        .into_iter()
        .filter(|f| !OF_THE_CALLER.contains(&f.param.as_str()));
    faults.next().map_or(Ok(()), |f| Err(of_fault(request, &f)))
}

fn of_fault(request: &WireRequest, fault: &SpecFault) -> GraphError {
    let param = fault.param.as_str();
    match fault.kind {
        FaultKind::NoSuchOperation => {
            GraphError::unknown_path(request.path.trim_matches('/').rsplit('/').next().unwrap_or_default())
        }
        // The real service says no more than this when the status is missing.
        FaultKind::MissingRequired | FaultKind::MissingNeeded if param == "status" => {
            GraphError::invalid("status", "Status Is Missing", "State the status: ACTIVE or PAUSED.")
        }
        FaultKind::MissingRequired | FaultKind::MissingNeeded => GraphError::missing(param),
        FaultKind::UnknownField => GraphError::plain(&format!("Tried accessing nonexisting field: {}", fault.words)),
        FaultKind::UnknownParam => blamed(param, &format!("Unexpected parameter {param}: {}", fault.words)),
        FaultKind::TwiceGiven => blamed(param, &format!("Parameter {param} {}", fault.words)),
        FaultKind::WrongType => blamed(param, &format!("Param {param}: {}", fault.words)),
        FaultKind::WrongValue => blamed(
            param,
            &format!("Param {param} must be one of the allowed values: {}", fault.words),
        ),
    }
}

fn blamed(param: &str, message: &str) -> GraphError {
    GraphError {
        blame: Some(param.to_owned()),
        ..GraphError::plain(message)
    }
}

/// Names are free text of at most 400 characters.
pub(super) fn name(call: &Call<'_>) -> Check {
    match call.text("name").map(|n| n.chars().count()) {
        Some(n) if n > 400 => Err(GraphError::invalid(
            "name",
            "Name Too Long",
            &format!("The name has {n} characters; at most 400 are allowed."),
        )),
        _ => Ok(()),
    }
}

/// New objects are active or paused.
pub(super) fn first_status(call: &Call<'_>) -> Check {
    match call.text("status").and_then(Status::parse) {
        Some(Status::Active | Status::Paused) => Ok(()),
        _ => Err(GraphError::invalid(
            "status",
            "Invalid Status",
            "New objects can only be ACTIVE or PAUSED.",
        )),
    }
}

/// Only an active account takes new objects.
pub(super) fn account_is_open(account: &Account) -> Check {
    if account.status == 1 {
        return Ok(());
    }
    Err(GraphError {
        title: Some("Ad Account Not Active"),
        user_message: Some(format!(
            "This ad account has status {} and cannot create or change ads.",
            account.status
        )),
        ..GraphError::of_code(200, None, Some("(#200) The ad account is disabled or restricted"), None)
    })
}

/// The budget a request carries: its field and its amount in minor units. Never both.
pub(super) fn budget(call: &Call<'_>) -> Result<Option<(&'static str, u64)>, GraphError> {
    match (call.number("daily_budget"), call.number("lifetime_budget")) {
        (Some(_), Some(_)) => Err(GraphError::invalid(
            "lifetime_budget",
            "Two Budgets",
            "Set either a daily budget or a lifetime budget, not both.",
        )),
        (Some(amount), None) => Ok(Some(("daily_budget", amount))),
        (None, Some(amount)) => Ok(Some(("lifetime_budget", amount))),
        (None, None) => Ok(None),
    }
}

/// The lowest budget depends on what is billed and, over a lifetime, on the number of days.
pub(super) fn is_enough(account: &Account, field: &str, amount: u64, billing: Option<&str>, days: u64) -> Check {
    let per_day = match billing {
        Some("LINK_CLICKS" | "CLICKS" | "PAGE_LIKES" | "POST_ENGAGEMENT" | "THRUPLAY") => account.min_daily_budget * 5,
        _ => account.min_daily_budget,
    };
    let least = if field == "lifetime_budget" {
        per_day.saturating_mul(days.max(1))
    } else {
        per_day
    };
    if amount >= least {
        return Ok(());
    }
    Err(GraphError::invalid(
        field,
        "Budget Is Too Low",
        &format!(
            "Your budget of {amount} is below the minimum of {least} (in the smallest unit of {}).",
            account.currency
        ),
    )
    .sub(1_885_272))
}

/// Days from start to end, begun ones counted.
pub(super) fn days(start: Timestamp, end: Option<Timestamp>) -> u64 {
    end.map_or(1, |e| e.since(start).as_secs().div_ceil(86_400)).max(1)
}

fn read_time(call: &Call<'_>, account: &Account, field: &str) -> Result<Option<Timestamp>, GraphError> {
    call.text(field)
        .map(|text| {
            account.read_time(text).ok_or_else(|| {
                GraphError::invalid(field, "Invalid Time", "Write a time like 2026-12-01T00:00:00-0500.")
            })
        })
        .transpose()
}

/// Start and end of a schedule: the end after the start and in the future.
pub(super) fn schedule(
    call: &Call<'_>,
    account: &Account,
    end_field: &str,
    now: Timestamp,
) -> Result<(Timestamp, Option<Timestamp>), GraphError> {
    let start = read_time(call, account, "start_time")?.unwrap_or(now);
    let end = read_time(call, account, end_field)?;
    if let Some(end) = end {
        if end <= start {
            return Err(GraphError::invalid(
                end_field,
                "Invalid Schedule",
                "The end time must be after the start time.",
            ));
        }
        if end <= now {
            return Err(GraphError::invalid(
                end_field,
                "Invalid Schedule",
                "The end time must be in the future.",
            ));
        }
    }
    Ok((start, end))
}

const CREATABLE: [&str; 6] = [
    "OUTCOME_AWARENESS",
    "OUTCOME_TRAFFIC",
    "OUTCOME_ENGAGEMENT",
    "OUTCOME_LEADS",
    "OUTCOME_APP_PROMOTION",
    "OUTCOME_SALES",
];

pub(super) fn campaign(call: &Call<'_>, account: &Account, now: Timestamp) -> Check {
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

pub(super) fn ad_set(call: &Call<'_>, account: &Account, campaign: &Object, now: Timestamp) -> Check {
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

/// Budgets live on the campaign or on its ad sets.
pub(super) fn both_levels(field: &str) -> GraphError {
    GraphError::invalid(
        field,
        "Cannot Set Budgets on Both Levels",
        "You can only set an ad set budget or a campaign budget.",
    )
    .sub(1_885_621)
}

/// Nothing can be added below something archived or deleted.
fn is_open(parent: &Object, field: &str) -> Check {
    if matches!(parent.status, Status::Active | Status::Paused) {
        return Ok(());
    }
    Err(GraphError::invalid(
        field,
        "Parent Not Available",
        &format!(
            "The object {} is {} and takes nothing new.",
            parent.id,
            parent.status.as_str()
        ),
    ))
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

pub(super) fn creative(call: &Call<'_>, account: &Account) -> Check {
    name(call)?;
    let story = call.json("object_story_spec");
    let has_content = story.is_some()
        || [
            "object_story_id",
            "asset_feed_spec",
            "source_instagram_media_id",
            "product_set_id",
        ]
        .into_iter()
        .any(|f| call.text(f).is_some());
    if !has_content {
        return Err(GraphError::invalid(
            "object_story_spec",
            "Creative Is Empty",
            "A creative needs object_story_spec, object_story_id or asset_feed_spec.",
        ));
    }
    let Some(story) = story else {
        return Ok(());
    };
    if story.get("page_id").is_none() {
        return Err(GraphError::invalid(
            "object_story_spec.page_id",
            "Page Required",
            "The creative needs the page it is shown for.",
        ));
    }
    if let Some(link) = story.get("link_data") {
        let url = link.get("link").and_then(Value::as_str).unwrap_or_default();
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(GraphError::invalid(
                "object_story_spec.link_data.link",
                "Invalid Link",
                "The link must be a web address that begins with https://.",
            ));
        }
    }
    if let Some(video) = story.get("video_data")
        && video.get("image_hash").is_none()
        && video.get("image_url").is_none()
    {
        return Err(GraphError::invalid(
            "object_story_spec.video_data.image_hash",
            "Thumbnail Required",
            "A video needs image_hash or image_url.",
        ));
    }
    let mut hashes = Vec::new();
    collect_hashes(&story, "object_story_spec", &mut hashes);
    hashes
        .into_iter()
        .find(|(_, hash)| !account.has_image(hash))
        .map_or(Ok(()), |(path, hash)| {
            Err(GraphError::invalid(
                &path,
                "Image Not Found",
                &format!("The image {hash} is not in the library of this ad account."),
            ))
        })
}

/// Every `image_hash` in a story with its path.
fn collect_hashes(value: &Value, path: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let path = format!("{path}.{key}");
                match inner.as_str() {
                    Some(hash) if key == "image_hash" => out.push((path, hash.to_owned())),
                    _ => collect_hashes(inner, &path, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|v| collect_hashes(v, path, out)),
        _ => {}
    }
}

pub(super) fn ad(call: &Call<'_>, ad_set: &Object, siblings: usize) -> Check {
    name(call)?;
    first_status(call)?;
    is_open(ad_set, "adset_id")?;
    if call.text("bid_amount").is_some() {
        return Err(GraphError::invalid(
            "bid_amount",
            "Bid Not Allowed",
            "A bid can be set on the ad set only.",
        ));
    }
    if siblings >= 50 {
        return Err(GraphError::invalid(
            "adset_id",
            "Too Many Ads",
            "An ad set can hold at most 50 ads that are not archived.",
        ));
    }
    Ok(())
}

/// Whether an object of this kind may take a status it does not have.
pub(super) fn next_status(object: &Object, next: Status) -> Check {
    match (object.status, next) {
        (Status::Deleted, _) => Err(gone(object)),
        (Status::Archived, Status::Active | Status::Paused) => Err(GraphError::invalid(
            "status",
            "Cannot Edit Archived Object",
            "An archived object can only be deleted.",
        )),
        (_, Status::Paused | Status::Archived) if object.kind == ObjectKind::Creative => Err(GraphError::invalid(
            "status",
            "Invalid Status",
            "A creative is ACTIVE or DELETED.",
        )),
        _ => Ok(()),
    }
}

/// Deleted objects can be read and nothing else.
pub(super) fn gone(object: &Object) -> GraphError {
    GraphError::invalid(
        "id",
        "Cannot Edit Deleted Object",
        &format!("The object {} was deleted and cannot be changed.", object.id),
    )
}
