//! `googleAds:search`: rows of what a query selects.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    GoogleAdsWorld,
    error::{AdsError, Fault, Outcome},
    object::{Account, Object},
};
use crate::{
    engine::model::time::Timestamp,
    platforms::google_ads::spec::{Condition, parse_query, row_path},
};

impl GoogleAdsWorld {
    pub(super) fn search(&self, customer: &str, text: &str, now: Timestamp) -> Outcome {
        let query = parse_query(text)
            .map_err(|why| AdsError::of_faults(vec![Fault::new("queryError", "UNEXPECTED_INPUT", &why)]))?;
        // An object that is asked for by its own id is shown at once; lists lag behind.
        let by_id = query
            .conditions
            .iter()
            .any(|c| c.operator == "=" && matches!(c.field.as_str(), "campaign.resource_name"));
        let lag = Duration::from_secs(if by_id { 0 } else { self.config.listing_lag_seconds });
        let listed = |o: &&Object| o.customer == customer && o.created.plus(lag) <= now;
        let mut shown: Vec<&Object> = self.objects.values().filter(listed).collect();
        shown.sort_by_key(|o| o.serial);
        let whole: Vec<Value> = match query.from.as_str() {
            "customer" => self.accounts.get(customer).map(customer_row).into_iter().collect(),
            "campaign" => shown
                .iter()
                .filter(|o| o.collection() == "campaigns")
                .map(|o| self.campaign_row(o))
                .collect(),
            _ => shown
                .iter()
                .filter(|o| o.collection() == "adGroupAds")
                .filter_map(|o| self.ad_row(o))
                .collect(),
        };
        let rows: Vec<Value> = whole
            .iter()
            .filter(|row| query.conditions.iter().all(|c| fits(c, row)))
            .map(|row| select(&query.select, row))
            .collect();
        let mask: Vec<String> = query.select.iter().map(|f| row_path(f).replace('/', ".")).collect();
        let mask: Vec<&str> = mask.iter().map(|f| f.trim_start_matches('.')).collect();
        let mut answer = json!({"fieldMask": mask.join(","), "queryResourceConsumption": "100"});
        if let (false, Some(fields)) = (rows.is_empty(), answer.as_object_mut()) {
            fields.insert("results".to_owned(), json!(rows));
        }
        Ok(answer)
    }

    fn campaign_row(&self, campaign: &Object) -> Value {
        let mut fields = campaign.fields.clone();
        fields.insert("missingEuPoliticalAdvertisingDeclaration".to_owned(), json!(false));
        let serving = if campaign.is_removed() { "ENDED" } else { "SERVING" };
        fields.insert("servingStatus".to_owned(), json!(serving));
        let mut row = Map::new();
        row.insert("campaign".to_owned(), Value::Object(fields));
        if let Some(budget) = campaign.text("campaignBudget").and_then(|b| self.objects.get(b)) {
            let mut fields = budget.fields.clone();
            let uses = |o: &&Object| !o.is_removed() && o.text("campaignBudget") == Some(budget.name.as_str());
            let users = self.objects.values().filter(uses).count();
            fields.insert("referenceCount".to_owned(), json!(users.to_string()));
            row.insert("campaignBudget".to_owned(), Value::Object(fields));
        }
        Value::Object(row)
    }

    fn ad_row(&self, ad: &Object) -> Option<Value> {
        let group = self.objects.get(ad.text("adGroup")?)?;
        let campaign = self.objects.get(group.text("campaign")?)?;
        let mut row = self.campaign_row(campaign);
        let fields = row.as_object_mut()?;
        fields.insert("adGroup".to_owned(), Value::Object(group.fields.clone()));
        fields.insert("adGroupAd".to_owned(), Value::Object(ad.fields.clone()));
        Some(row)
    }
}

fn customer_row(account: &Account) -> Value {
    json!({"customer": {
        "resourceName": format!("customers/{}", account.digits),
        "id": account.digits,
        "descriptiveName": account.name,
        "currencyCode": account.currency.code(),
        "timeZone": account.timezone,
        "status": account.status,
        "manager": false,
        "testAccount": true,
    }})
}

/// A row with the selected fields, and the name of every resource in it, as the real service does.
fn select(fields: &[String], row: &Value) -> Value {
    let mut out = json!({});
    for field in fields {
        let path = row_path(field);
        let resource = path.split('/').nth(1).unwrap_or_default();
        let name = format!("/{resource}/resourceName");
        for path in [&name, &path] {
            if let Some(value) = row.pointer(path) {
                put(&mut out, path.split('/').skip(1), value);
            }
        }
    }
    out
}

fn put<'p>(at: &mut Value, mut path: impl Iterator<Item = &'p str>, value: &Value) {
    let Some(head) = path.next() else {
        *at = value.clone();
        return;
    };
    if !at.is_object() {
        *at = json!({});
    }
    if let Some(fields) = at.as_object_mut() {
        put(fields.entry(head.to_owned()).or_insert(Value::Null), path, value);
    }
}

fn fits(condition: &Condition, row: &Value) -> bool {
    let have = match row.pointer(&row_path(&condition.field)) {
        Some(Value::String(s)) => s.clone(),
        Some(Value::Bool(b)) => b.to_string().to_uppercase(),
        Some(Value::Number(n)) => n.to_string(),
        _ => return false,
    };
    match condition.operator.as_str() {
        "=" => have == condition.value,
        "!=" => have != condition.value,
        "LIKE" => like(&condition.value.to_lowercase(), &have.to_lowercase()),
        _ => false,
    }
}

/// `%` stands for anything, `_` for one character, `[x]` for x itself.
fn like(pattern: &str, text: &str) -> bool {
    let mut chars = pattern.chars();
    match chars.next() {
        None => text.is_empty(),
        Some('%') => {
            let rest = chars.as_str();
            let places = text.char_indices().map(|(n, _)| n).chain([text.len()]);
            places
                .into_iter()
                .any(|n| like(rest, text.get(n..).unwrap_or_default()))
        }
        Some(first) => {
            let (want, rest) = match first {
                '[' => {
                    let literal = chars.next();
                    let closed = chars.as_str().strip_prefix(']');
                    match (literal, closed) {
                        (Some(c), Some(rest)) => (Some(c), rest),
                        _ => return false,
                    }
                }
                '_' => (None, chars.as_str()),
                c => (Some(c), chars.as_str()),
            };
            let mut left = text.chars();
            left.next().is_some_and(|c| want.is_none_or(|w| w == c)) && like(rest, left.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::like;

    #[rstest]
    #[case("abc", "abc", true)]
    #[case("a%c", "abbbc", true)]
    #[case("a_c", "abc", true)]
    #[case("a[_]c", "abc", false)]
    #[case("a[_]c", "a_c", true)]
    #[case("[[]a[]]", "[a]", true)]
    #[case("%", "", true)]
    #[case("é%", "éé", true)]
    fn patterns(#[case] pattern: &str, #[case] text: &str, #[case] fits: bool) {
        assert_eq!(like(pattern, text), fits);
    }
}
