//! From the ticket's payload to the fields TikTok takes.
//!
//! Invariants
//! - What holds for every payload ([`payload`]).
//! - Amounts are text in a ticket and JSON numbers on the wire, main units both.
//! - Our own fields (`budget_level`, `locations`, `interests`, files) never reach TikTok under our names.
//! - Fields that another choice makes meaningless (placements of an automatic choice) are left out.

use serde_json::{Map, Value, json};

use super::{catalogue::catalogue, countries, media, money};
use crate::{
    engine::model::{
        catalogue::get_path, deploy::Job, money::Money, path::FieldPath, platform::ObjectKind, refusal::Problem,
        sanitise::excerpt,
    },
    platforms::common::payload,
};

/// Where the ticket's budget goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetLevel {
    /// On the campaign; TikTok spreads it (campaign budget optimisation).
    Campaign,
    /// On the ad group.
    AdGroup,
}

impl BudgetLevel {
    /// What the ticket says; the ad group when it says nothing.
    pub fn of(job: &Job) -> Result<Self, Problem> {
        match get_path(&job.payload.value(), "campaign.budget_level") {
            None | Some(Value::Null) => Ok(Self::AdGroup),
            Some(v) => match v.as_str() {
                Some("campaign") => Ok(Self::Campaign),
                Some("ad_group") => Ok(Self::AdGroup),
                _ => Err(Problem::at(
                    "payload.campaign.budget_level",
                    format!("the budget cannot be on {}", excerpt(&v.to_string(), 40)),
                    "choose campaign or ad_group",
                )),
            },
        }
    }
}

/// The payload section of a kind of object.
pub const fn section_of(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "campaign",
        ObjectKind::AdSet => "ad_group",
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => "ad",
    }
}

/// A section ready to send: empty values gone, amounts as numbers, our own fields turned into TikTok's.
pub fn section(job: &Job, kind: ObjectKind) -> Result<Map<String, Value>, Vec<Problem>> {
    let name = section_of(kind);
    let mut fields = payload::section(job, name)?;
    payload::prune(&mut fields);
    fields.remove("budget_level");
    media::place(&mut fields);
    let number = |money: &Money| money::to_number(money).map(Value::Number);
    let mut problems = payload::amounts(job, catalogue(), name, &mut fields, number, "");
    if kind == ObjectKind::AdSet {
        locations(&mut fields, &mut problems);
        interests(&mut fields);
        if fields.get("placement_type").and_then(Value::as_str) == Some("PLACEMENT_TYPE_AUTOMATIC") {
            fields.remove("placements");
            fields.remove("tiktok_subplacements");
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(problems) }
}

/// `locations.countries` and `locations.places` become `location_ids`.
fn locations(fields: &mut Map<String, Value>, problems: &mut Vec<Problem>) {
    let Some(locations) = fields.remove("locations") else {
        return;
    };
    let list = |key: &str| {
        locations
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let at = FieldPath::new("payload.ad_group.locations");
    let mut ids: Vec<Value> = Vec::new();
    for (n, country) in list("countries").iter().enumerate() {
        match country.as_str().and_then(countries::location_id) {
            Some(id) => ids.push(json!(id)),
            None => problems.push(Problem::at(
                at.field("countries").item(n),
                format!(
                    "TikTok's location id of {} is not known here",
                    excerpt(&country.to_string(), 24)
                ),
                "name it in places with its id from TikTok's region search",
            )),
        }
    }
    for (n, place) in list("places").iter().enumerate() {
        match place.get("id").and_then(Value::as_str).filter(|id| is_digits(id)) {
            Some(id) => ids.push(json!(id)),
            None => problems.push(Problem::at(
                at.field("places").item(n),
                "a place has no id",
                "give TikTok's id as text: {\"id\":\"5332921\",\"name\":\"California\",\"country\":\"US\"}",
            )),
        }
    }
    if !ids.is_empty() {
        fields.insert("location_ids".to_owned(), Value::Array(ids));
    }
}

/// True for an id as TikTok writes them.
pub fn is_digits(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// `interests` become `interest_category_ids`: their names are for people and QA.
fn interests(fields: &mut Map<String, Value>) {
    let Some(Value::Array(items)) = fields.remove("interests") else {
        return;
    };
    let ids: Vec<Value> = items.iter().filter_map(|i| i.get("id").cloned()).collect();
    if !ids.is_empty() {
        fields.insert("interest_category_ids".to_owned(), Value::Array(ids));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::tiktok::testing::{job, set};

    fn ad_group(job: &Job) -> Map<String, Value> {
        section(job, ObjectKind::AdSet).unwrap()
    }

    #[test]
    fn empty_values_go_and_explicit_false_stays() {
        let mut job = job();
        set(&mut job, "ad_group.comment_disabled", json!(false));
        set(&mut job, "ad_group.languages", json!([""]));
        set(&mut job, "ad_group.dayparting", Value::Null);
        let fields = ad_group(&job);
        assert_eq!(fields["comment_disabled"], json!(false));
        assert!(!fields.contains_key("languages") && !fields.contains_key("dayparting"));
        assert!(
            !section(&job, ObjectKind::Campaign)
                .unwrap()
                .contains_key("budget_level")
        );
    }

    #[test]
    fn amounts_are_text_here_and_numbers_there() {
        let mut job = job();
        set(&mut job, "ad_group.bid_price", json!("0.50"));
        assert_eq!(ad_group(&job)["bid_price"].to_string(), "0.5");
        for bad in [json!(0.5), json!("0.505"), json!("a lot")] {
            set(&mut job, "ad_group.bid_price", bad);
            let problems = section(&job, ObjectKind::AdSet).unwrap_err();
            assert_eq!(problems[0].field, Some("payload.ad_group.bid_price".into()));
        }
    }

    #[test]
    fn our_fields_become_tiktoks() {
        let mut job = job();
        set(
            &mut job,
            "ad_group.locations",
            json!({"countries": ["JP"], "places": [{"id": "5332921", "name": "California", "country": "US"}]}),
        );
        set(
            &mut job,
            "ad_group.interests",
            json!([{"id": "10", "name": "Education"}]),
        );
        let fields = ad_group(&job);
        assert_eq!(fields["location_ids"], json!(["1861060", "5332921"]));
        assert_eq!(fields["interest_category_ids"], json!(["10"]));
        assert!(!fields.contains_key("locations") && !fields.contains_key("interests"));
    }

    #[test]
    fn unknown_places_are_refused_where_they_stand() {
        let mut job = job();
        set(
            &mut job,
            "ad_group.locations",
            json!({"countries": ["US", "AQ"], "places": [{"name": "Here"}]}),
        );
        let fields: Vec<_> = section(&job, ObjectKind::AdSet)
            .unwrap_err()
            .into_iter()
            .map(|p| p.field.unwrap().0)
            .collect();
        assert_eq!(
            fields,
            [
                "payload.ad_group.locations.countries[1]",
                "payload.ad_group.locations.places[0]"
            ]
        );
    }

    #[test]
    fn automatic_placement_names_no_placements() {
        let mut job = job();
        assert!(ad_group(&job).contains_key("placements"));
        set(&mut job, "ad_group.placement_type", json!("PLACEMENT_TYPE_AUTOMATIC"));
        assert!(!ad_group(&job).contains_key("placements"));
    }
}
