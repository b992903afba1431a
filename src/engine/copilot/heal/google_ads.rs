//! What only Google Ads refuses. Codes and their meaning: `assets/platforms/google_ads/errors.toml`.

use serde_json::{Value, json};

use super::{
    Case, Edit, Fix,
    text::{cut, each_text},
};

const SEARCH: &str = "payload.campaign.networkSettings.targetGoogleSearch";

/// No network, or search partners without Google search: a search campaign runs on Google search.
pub fn network(case: &Case<'_>) -> Option<Fix> {
    let codes = [
        "campaignError.CAMPAIGN_MUST_TARGET_AT_LEAST_ONE_NETWORK",
        "campaignError.CANNOT_TARGET_SEARCH_NETWORK_WITHOUT_GOOGLE_SEARCH",
    ];
    if !case.is(&codes) || case.at(SEARCH) == Some(&json!(true)) {
        return None;
    }
    let because = "a search campaign without Google search has nowhere to run";
    Some(Fix::one(Edit::Set(SEARCH.to_owned(), json!(true)), because))
}

/// Longest items of lists. Source: common.ResponsiveSearchAdInfo and KeywordInfo, v25.
const ITEM_MAX: [(&str, usize); 2] = [("payload.ad.headlines", 30), ("payload.ad_group.keywords", 80)];

/// Headlines or keywords that are too long: cut between words.
pub fn line_too_long(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let (_, max) = ITEM_MAX.iter().find(|(field, _)| *field == path)?;
    let shorter = each_text(value?, &|text| cut(text, *max).unwrap_or_else(|| text.to_owned()))?;
    // Cut texts that have become the same would be refused for that.
    let items = shorter.as_array()?;
    let different: std::collections::BTreeSet<String> = items.iter().map(ToString::to_string).collect();
    if shorter == *value? || different.len() < items.len() {
        return None;
    }
    let because = format!("{} may have at most {max} characters each", spec.title);
    Some(Fix::one(Edit::Set(path, shorter), because))
}

/// The second part of the shown path without the first (adError.CANNOT_SET_PATH2_WITHOUT_PATH1): it moves up.
pub fn path2_alone(case: &Case<'_>) -> Option<Fix> {
    let (first, second) = ("payload.ad.path1", "payload.ad.path2");
    if !case.is(&["adError.CANNOT_SET_PATH2_WITHOUT_PATH1"])
        || case.at(first).and_then(Value::as_str).is_some_and(|p| !p.is_empty())
    {
        return None;
    }
    let value = case.at(second)?.clone();
    Some(Fix {
        edits: vec![Edit::Set(first.to_owned(), value), Edit::Remove(second.to_owned())],
        because: "the second path needs a first one".to_owned(),
    })
}
