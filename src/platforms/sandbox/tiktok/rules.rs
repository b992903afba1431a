//! What TikTok refuses: first what the field tables forbid, then the rules of the trade that they do not write down.
//!
//! Invariant: a rule judges a request and what already exists; it changes nothing.

mod ad_group;

pub(super) use ad_group::ad_group;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{Call, account::Account, error::ApiError, object::Object};
use crate::{
    engine::model::platform::ObjectKind,
    platforms::{
        WireRequest,
        tiktok::{
            names,
            read::name_field,
            spec::{self, FaultKind},
        },
    },
};

type Check = Result<(), ApiError>;

/// Holds a request against the field tables. The service fills in a status and works without a request id.
pub(super) fn against_spec(request: &WireRequest) -> Check {
    let optional =
        |field: &str| ["operation_status", "request_id"].contains(&field.rsplit('.').next().unwrap_or(field));
    let mut faults = spec::check_request(request)
        .into_iter()
        .filter(|f| f.kind != FaultKind::MissingNeeded || !optional(&f.field));
    faults.next().map_or(Ok(()), |f| match f.field.as_str() {
        "" => Err(ApiError::unreadable(&f.words)),
        field => Err(ApiError::field(field, &f.words)),
    })
}

/// Only an approved account takes new objects and changes.
pub(super) fn account_is_open(account: &Account) -> Check {
    if account.status == "STATUS_ENABLE" {
        return Ok(());
    }
    Err(ApiError::no_permission(&format!(
        "The advertiser account is in {} and cannot create or change ads.",
        account.status
    )))
}

/// Deleted objects can be read and nothing else.
pub(super) fn gone(field: &str, object: &Object) -> ApiError {
    ApiError::field(field, &format!("{} has been deleted and cannot be changed.", object.id))
}

/// A text as TikTok takes it.
fn text(field: &str, text: &str, most: usize) -> Check {
    if names::units(text) > most {
        return Err(ApiError::field(field, &format!("Longer than maximum length {most}.")));
    }
    if names::emoji(text).is_some() {
        return Err(ApiError::field(field, "Emoji are not supported."));
    }
    Ok(())
}

/// The name a request gives, if it gives one.
pub(super) fn name(call: &Call<'_>, kind: ObjectKind) -> Check {
    let field = name_field(kind);
    match call.body.get(field).and_then(Value::as_str) {
        Some("") => Err(ApiError::field(field, "Must not be empty.")),
        Some(name) => text(field, name, names::MAX_NAME),
        None => Ok(()),
    }
}

/// An amount in a budget or bid, in main units, with no more decimals than the account's currency.
fn amount(account: &Account, field: &str, value: Option<&Value>) -> Result<Decimal, ApiError> {
    let missing = || ApiError::field(field, "Missing data for required field.");
    let amount: Decimal = value
        .ok_or_else(missing)?
        .to_string()
        .parse()
        .map_err(|_| ApiError::field(field, "Not a valid number."))?;
    if amount.normalize().scale() > account.currency.decimals().min(2) {
        return Err(ApiError::field(
            field,
            &format!("Too many decimals for {}.", account.currency),
        ));
    }
    Ok(amount)
}

fn at_least(account: &Account, least: Decimal, budget: Decimal) -> Check {
    if budget >= least {
        return Ok(());
    }
    Err(ApiError::field(
        "budget",
        &format!(
            "The budget must be at least {} {}.",
            least.normalize(),
            account.currency
        ),
    ))
}

/// A new campaign.
pub(super) fn campaign(call: &Call<'_>, account: &Account) -> Check {
    name(call, ObjectKind::Campaign)?;
    let objective = call.text("objective_type").unwrap_or_default();
    if objective == "APP_PROMOTION" && call.text("app_promotion_type").is_none() {
        return Err(ApiError::field(
            "app_promotion_type",
            "Missing data for required field.",
        ));
    }
    let spreads = call.body.get("budget_optimize_on") == Some(&Value::Bool(true));
    let mode = call
        .text("budget_mode")
        .ok_or_else(|| ApiError::field("budget_mode", "Missing data for required field."))?;
    let strict_days = matches!(objective, "REACH" | "VIDEO_VIEWS" | "ENGAGEMENT");
    let fits = match mode {
        "BUDGET_MODE_INFINITE" => !spreads,
        "BUDGET_MODE_DAY" => !spreads || strict_days,
        "BUDGET_MODE_DYNAMIC_DAILY_BUDGET" => spreads,
        _ => true,
    };
    if !fits {
        return Err(ApiError::field(
            "budget_mode",
            &format!("{mode} is not supported for {objective} with budget_optimize_on {spreads}."),
        ));
    }
    if mode == "BUDGET_MODE_INFINITE" {
        return Ok(());
    }
    let budget = amount(account, "budget", call.body.get("budget"))?;
    at_least(account, account.least_of_campaign(), budget)
}

/// Another budget for an object: its mode stays, so it must have one.
pub(super) fn new_budget(account: &Account, object: &Object, campaign: Option<&Object>, budget: &Value) -> Check {
    let budget = amount(account, "budget", Some(budget))?;
    if object.text("budget_mode") == Some("BUDGET_MODE_INFINITE") {
        return Err(ApiError::field(
            "budget",
            "This object has no budget of its own, and its budget mode cannot be changed.",
        ));
    }
    if object.kind == ObjectKind::Campaign {
        return at_least(account, account.least_of_campaign(), budget);
    }
    at_least(account, account.least, budget)?;
    ad_group::below_campaign(budget, campaign)
}

/// One creative of a new ad.
pub(super) fn creative(
    account: &Account,
    ad_group: &Object,
    n: usize,
    creative: &Map<String, Value>,
    uploaded: impl Fn(&str) -> Result<bool, ApiError>,
) -> Check {
    let place = |field: &str| format!("creatives.{n}.{field}");
    let word = |field: &str| creative.get(field).and_then(Value::as_str).filter(|t| !t.is_empty());
    let need = |field: &str| {
        word(field)
            .map(drop)
            .ok_or_else(|| ApiError::field(&place(field), "Missing data for required field."))
    };
    text(&place("ad_name"), word("ad_name").unwrap_or_default(), names::MAX_NAME)?;
    text(&place("ad_text"), word("ad_text").unwrap_or_default(), names::MAX_TEXT)?;
    let images: Vec<&str> = creative
        .get("image_ids")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if word("tiktok_item_id").is_none() {
        need("ad_text")?;
        if word("ad_format") == Some("SINGLE_VIDEO") {
            need("video_id")?;
        }
        if images.is_empty() {
            return Err(ApiError::field(&place("image_ids"), "Missing data for required field."));
        }
    }
    if matches!(ad_group.text("promotion_type"), Some("WEBSITE" | "WEBSITE_OR_DISPLAY")) {
        need("landing_page_url")?;
    }
    let mut known = Vec::new();
    for id in word("video_id").iter().chain(&images) {
        if uploaded(id)? {
            known.push(*id);
        }
    }
    let unknown =
        |id: &&str| !account.any_material && !known.contains(id) && !account.materials.iter().any(|m| m == id);
    if let Some(id) = word("video_id").filter(unknown) {
        return Err(ApiError::new(
            40053,
            format!("{}: invalid video id {id}.", place("video_id")),
        ));
    }
    match images.into_iter().find(unknown) {
        Some(id) => Err(ApiError::field(
            &place("image_ids"),
            &format!("There is no image {id}."),
        )),
        None => Ok(()),
    }
}
