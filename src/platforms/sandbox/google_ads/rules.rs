//! What Google refuses beyond the specification: the rules of the trade.
//!
//! Invariant: a rule judges an object as it would be and what already exists; it changes nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::{error::Fault, mutate::Draft};
use crate::platforms::google_ads::{answer::whole, money, time};

type Check = Result<(), Fault>;
type Fields = Map<String, Value>;

/// What Google fills in when nothing is said.
pub(super) fn defaults(collection: &str, fields: &mut Fields) {
    let mut default = |name: &str, value: Value| {
        fields.entry(name.to_owned()).or_insert(value);
    };
    match collection {
        "campaignBudgets" => {
            default("explicitlyShared", json!(true));
            default("period", json!("DAILY"));
            default("deliveryMethod", json!("STANDARD"));
            default("status", json!("ENABLED"));
        }
        "campaignCriteria" => default("negative", json!(false)),
        _ => default("status", json!("ENABLED")),
    }
}

/// Judges an object as it would be. `changes` names the object an update is about.
pub(super) fn judge(draft: &Draft<'_>, collection: &str, fields: &Fields, changes: Option<&str>) -> Check {
    if changes.is_none() && text(fields, "status") == Some("REMOVED") {
        let words = "Creating a removed resource is not allowed.";
        return Err(Fault::new("operationAccessDeniedError", "CREATE_AS_REMOVED_NOT_PERMITTED", words).at("status"));
    }
    match collection {
        "campaignBudgets" => budget(draft, fields, changes),
        "campaigns" => campaign(draft, fields, changes),
        "adGroups" => ad_group(draft, fields, changes),
        "adGroupAds" => ad(fields),
        "adGroupCriteria" => keyword(fields),
        "campaignCriteria" => criterion(fields),
        _ => Ok(()),
    }
}

fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Value::as_str)
}

fn budget(draft: &Draft<'_>, fields: &Fields, changes: Option<&str>) -> Check {
    let fault = |value, words, at: &str| Err(Fault::new("campaignBudgetError", value, words).at(at));
    let (daily, total) = (
        whole(fields.get("amountMicros")),
        whole(fields.get("totalAmountMicros")),
    );
    let period = text(fields, "period").unwrap_or("DAILY");
    let (at, amount) = match (daily, total, period) {
        (Some(_), _, "CUSTOM_PERIOD") => {
            let words = "The amount must be unset for a custom period.";
            return fault(
                "BUDGET_AMOUNT_MUST_BE_UNSET_FOR_CUSTOM_BUDGET_PERIOD",
                words,
                "amountMicros",
            );
        }
        (_, Some(_), "DAILY") => {
            let words = "The total amount must be unset for a daily budget.";
            return fault(
                "TOTAL_BUDGET_AMOUNT_MUST_BE_UNSET_FOR_BUDGET_PERIOD_DAILY",
                words,
                "totalAmountMicros",
            );
        }
        (Some(amount), ..) => ("amountMicros", amount),
        (None, Some(amount), _) => ("totalAmountMicros", amount),
        (None, None, _) => {
            let words = "The required field was not present.";
            return Err(Fault::new("fieldError", "REQUIRED", words).at("amountMicros"));
        }
    };
    if !amount.is_multiple_of(money::smallest(draft.account.currency)) {
        let words = "Money amount must be a multiple of the minimum currency unit.";
        return fault("NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT", words, at);
    }
    if amount < draft.account.min_micros {
        let mut fault = Fault::new(
            "campaignBudgetError",
            "BUDGET_BELOW_PER_DAY_MINIMUM",
            "The budget is below the minimum per day.",
        )
        .at(at);
        let details = json!({
            "currencyCode": draft.account.currency.code(),
            "budgetPerDayMinimumMicros": draft.account.min_micros.to_string(),
            "minimumBudgetAmountMicros": draft.account.min_micros.to_string(),
            "failedBudgetAmountMicros": amount.to_string(),
        });
        fault.details = Some(("budgetPerDayMinimumErrorDetails", details));
        return Err(fault);
    }
    if text(fields, "deliveryMethod") == Some("ACCELERATED") {
        let words = "Accelerated delivery is no longer available.";
        return fault("CANNOT_USE_ACCELERATED_DELIVERY_MODE", words, "deliveryMethod");
    }
    let name = text(fields, "name").unwrap_or_default();
    if fields.get("explicitlyShared") == Some(&Value::Bool(true)) {
        if name.is_empty() {
            let words = "A shared budget needs a name.";
            return Err(Fault::new("fieldError", "REQUIRED", words).at("name"));
        }
        let taken = |o: &&super::object::Object| {
            !o.is_removed() && Some(o.name.as_str()) != changes && o.text("name") == Some(name)
        };
        if draft.all("campaignBudgets").any(|o| taken(&o)) {
            return fault("DUPLICATE_NAME", "A budget with this name exists.", "name");
        }
    }
    Ok(())
}

fn campaign(draft: &Draft<'_>, fields: &Fields, changes: Option<&str>) -> Check {
    let fault = |value, words, at: &str| Err(Fault::new("campaignError", value, words).at(at));
    let name = text(fields, "name").unwrap_or_default();
    if name.is_empty() || name.contains(['\0', '\n', '\r']) {
        return fault("INVALID_CAMPAIGN_NAME", "The campaign name is not valid.", "name");
    }
    if name.chars().count() > 256 {
        return Err(Fault::new("stringLengthError", "TOO_LONG", "Too long.").at("name"));
    }
    let taken = draft
        .all("campaigns")
        .any(|o| !o.is_removed() && Some(o.name.as_str()) != changes && o.text("name") == Some(name));
    if taken {
        let words = "The campaign name is already being used by another active or paused campaign.";
        return Err(Fault::new("campaignError", "DUPLICATE_CAMPAIGN_NAME", words)
            .trigger(name)
            .at("name"));
    }
    let network = |n: &str| fields.get("networkSettings").and_then(|s| s.get(n)) == Some(&Value::Bool(true));
    if network("targetPartnerSearchNetwork") {
        let words = "The account cannot target the partner search network.";
        return fault("CANNOT_TARGET_PARTNER_SEARCH_NETWORK", words, "networkSettings");
    }
    if network("targetSearchNetwork") && !network("targetGoogleSearch") {
        let words = "Search partners cannot be targeted without Google search.";
        let at = "networkSettings.targetSearchNetwork";
        return fault("CANNOT_TARGET_SEARCH_NETWORK_WITHOUT_GOOGLE_SEARCH", words, at);
    }
    if !network("targetGoogleSearch") && !network("targetContentNetwork") {
        let words = "The campaign must target at least one network.";
        return fault("CAMPAIGN_MUST_TARGET_AT_LEAST_ONE_NETWORK", words, "networkSettings");
    }
    dates(draft, fields, changes)
}

fn dates(draft: &Draft<'_>, fields: &Fields, changes: Option<&str>) -> Check {
    let read = |name: &str| match text(fields, name) {
        None => Ok(None),
        Some(t) => time::parse(t).map(Some).ok_or_else(|| {
            Fault::new(
                "dateError",
                "INVALID_STRING_DATE_TIME_SECONDS",
                "Not yyyy-MM-dd HH:mm:ss.",
            )
            .trigger(t)
            .at(name)
        }),
    };
    let (start, end) = (read("startDateTime")?, read("endDateTime")?);
    let fault = |value, words, at: &str| Err(Fault::new("dateError", value, words).at(at));
    if start.is_some_and(|t| t.time() != jiff::civil::time(0, 0, 0, 0)) {
        let words = "The start must be the start of a day.";
        return fault(
            "DATE_RANGE_ERROR_START_TIME_MUST_BE_THE_START_OF_A_DAY",
            words,
            "startDateTime",
        );
    }
    if end.is_some_and(|t| t.time() != jiff::civil::time(23, 59, 59, 0)) {
        let words = "The end must be the end of a day.";
        return fault(
            "DATE_RANGE_ERROR_END_TIME_MUST_BE_THE_END_OF_A_DAY",
            words,
            "endDateTime",
        );
    }
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        let words = "The start is after the end.";
        return fault("DATE_RANGE_MINIMUM_DATE_LATER_THAN_MAXIMUM_DATE", words, "endDateTime");
    }
    let today = draft.account.local(draft.now).date();
    for (name, at) in [("startDateTime", start), ("endDateTime", end)] {
        if changes.is_none() && at.is_some_and(|t| t.date() < today) {
            let words = "The date is in the past.";
            return Err(Fault::new("campaignError", "CANNOT_SET_DATE_TO_PAST", words).at(name));
        }
    }
    let total = text(fields, "campaignBudget")
        .and_then(|b| draft.get(b))
        .is_some_and(|b| b.fields.contains_key("totalAmountMicros"));
    if total && end.is_none() {
        let words = "A campaign with a total budget needs an end.";
        let value = "END_DATE_TIME_REQUIRED_FOR_TOTAL_BUDGET";
        return Err(Fault::new("campaignError", value, words).at("endDateTime"));
    }
    Ok(())
}

fn ad_group(draft: &Draft<'_>, fields: &Fields, changes: Option<&str>) -> Check {
    let name = text(fields, "name").unwrap_or_default();
    if name.is_empty() || name.contains(['\0', '\n', '\r']) || name.width() >= 255 {
        let words = "The ad group name is not valid.";
        return Err(Fault::new("adGroupError", "INVALID_ADGROUP_NAME", words).at("name"));
    }
    let taken = |o: &super::object::Object| {
        !o.is_removed()
            && Some(o.name.as_str()) != changes
            && o.text("campaign") == text(fields, "campaign")
            && o.text("name") == Some(name)
    };
    if draft.all("adGroups").any(taken) {
        let words = "An ad group with this name exists in the campaign.";
        return Err(Fault::new("adGroupError", "DUPLICATE_ADGROUP_NAME", words)
            .trigger(name)
            .at("name"));
    }
    let bid = whole(fields.get("cpcBidMicros")).unwrap_or(0);
    if !bid.is_multiple_of(money::smallest(draft.account.currency)) {
        let words = "The bid must be a multiple of the minimum currency unit.";
        return Err(Fault::new("biddingError", "BID_TOO_MANY_FRACTIONAL_DIGITS", words).at("cpcBidMicros"));
    }
    Ok(())
}

fn ad(fields: &Fields) -> Check {
    let ad = fields.get("ad").cloned().unwrap_or_default();
    let search = ad.get("responsiveSearchAd").cloned().unwrap_or_default();
    let fault = |value: &str, words: &str, at: String| {
        Err(Fault::new("adError", value, words).at(&format!("ad.responsiveSearchAd.{at}")))
    };
    for (list, least, most, width) in [("headlines", 3, 15, 30), ("descriptions", 2, 4, 90)] {
        let texts: Vec<&str> = search
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|t| t.get("text").and_then(Value::as_str))
            .collect();
        if !(least..=most).contains(&texts.len()) {
            let words = "The number of elements is not allowed.";
            return fault("INVALID_NUMBER_OF_ELEMENTS", words, list.to_owned());
        }
        let mut seen = BTreeSet::new();
        for (n, text) in texts.iter().enumerate() {
            let at = format!("{list}[{n}].text");
            if text.trim().is_empty() {
                return fault("EMPTY_FIELD", "The text is empty.", at);
            }
            if text.width() > width {
                return fault("LINE_TOO_WIDE", "The line is too wide.", at);
            }
            if !seen.insert(text.to_lowercase()) {
                let words = "The same text is used twice.";
                return Err(
                    Fault::new("assetError", "DUPLICATE_ASSET", words).at(&format!("ad.responsiveSearchAd.{at}"))
                );
            }
        }
    }
    let path = |name: &str| search.get(name).and_then(Value::as_str).unwrap_or_default();
    for name in ["path1", "path2"] {
        if path(name).width() > 15 {
            return fault("LINE_TOO_WIDE", "The line is too wide.", name.to_owned());
        }
    }
    if path("path1").is_empty() && !path("path2").is_empty() {
        return fault("CANNOT_SET_FIELD", "Path 2 needs path 1.", "path2".to_owned());
    }
    let urls = ad.get("finalUrls").and_then(Value::as_array);
    for (n, url) in urls.into_iter().flatten().enumerate() {
        let url = url.as_str().unwrap_or_default();
        let at = format!("ad.finalUrls[{n}]");
        if !url.starts_with("https://") && !url.starts_with("http://") {
            let words = "The protocol is missing.";
            return Err(Fault::new("urlFieldError", "MISSING_PROTOCOL_IN_FINAL_URL", words).at(&at));
        }
        if url.len() > 2084 {
            return Err(Fault::new("stringLengthError", "TOO_LONG", "Too long.").at(&at));
        }
    }
    Ok(())
}

fn keyword(fields: &Fields) -> Check {
    let keyword = fields.get("keyword").cloned().unwrap_or_default();
    let text = keyword.get("text").and_then(Value::as_str).unwrap_or_default();
    let fault = |value, words: &str| {
        Err(Fault::new("criterionError", value, words)
            .trigger(text)
            .at("keyword.text"))
    };
    if text.chars().count() > 80 {
        return fault("KEYWORD_TEXT_TOO_LONG", "The keyword is too long.");
    }
    if text.split_whitespace().count() > 10 {
        return fault("KEYWORD_HAS_TOO_MANY_WORDS", "The keyword has too many words.");
    }
    if text.trim().is_empty() || text.contains(['!', '@', '%', ',', '*', '[', ']', '"']) {
        return fault(
            "KEYWORD_HAS_INVALID_CHARS",
            "The keyword has characters that are not allowed.",
        );
    }
    Ok(())
}

fn criterion(fields: &Fields) -> Check {
    for (kind, name, collection) in [
        ("location", "geoTargetConstant", "geoTargetConstants"),
        ("language", "languageConstant", "languageConstants"),
    ] {
        let Some(constant) = fields.get(kind).and_then(|c| c.get(name)).and_then(Value::as_str) else {
            continue;
        };
        let id = constant.strip_prefix(collection).and_then(|t| t.strip_prefix('/'));
        if !id.is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())) {
            let fault = Fault::new(
                "requestError",
                "RESOURCE_NAME_MALFORMED",
                "The resource name is malformed.",
            );
            return Err(fault.trigger(constant).at(&format!("{kind}.{name}")));
        }
    }
    Ok(())
}
