//! Where an ad is shown: at least one country, real ones, and only the campaign's market.
//!
//! The catalogue says which fields hold countries; the rule set says which of their keys mean "shown there"
//! (`placing`) and which mean the opposite (`excluding`). Cities and regions carry a country of their own, so that a
//! city abroad cannot slip past the list of countries.

use serde_json::Value;

use super::{Facts, Hit, QUOTE, RuleSet, matches_key};
use crate::engine::model::{
    catalogue::{Catalogue, FieldType, get_path},
    country::is_country,
    path::FieldPath,
    sanitise::excerpt,
};

/// Payload paths (`ad_set.targeting.geo_locations.countries`) of fields that hold countries.
fn country_fields(catalogue: &Catalogue) -> impl Iterator<Item = String> {
    catalogue.objects.iter().flat_map(|object| {
        let lists = object.fields.iter().filter(|f| f.ty == FieldType::CountryList);
        lists.map(|f| format!("{}.{}", object.section, f.path))
    })
}

/// Those of them that say where the ad is shown.
fn placing_fields<'a>(catalogue: &'a Catalogue, rules: &'a RuleSet) -> impl Iterator<Item = String> + 'a {
    let has = |path: &str, patterns: &[String]| path.split('.').any(|key| matches_key(patterns, key));
    country_fields(catalogue).filter(move |path| has(path, &rules.placing) && !has(path, &rules.excluding))
}

/// The entries of a list field, with their paths.
fn entries<'v>(payload: &'v Value, path: &str) -> Vec<(FieldPath, &'v Value)> {
    let at = FieldPath::new("payload").field(path);
    let list = get_path(payload, path).and_then(Value::as_array);
    let items = list.into_iter().flatten().enumerate();
    items.map(|(n, v)| (at.item(n), v)).collect()
}

/// At least one country, in a list of countries or beside a city or region. Platforms without a country field are none
/// of this rule's business.
pub(super) fn present(payload: &Value, facts: &Facts<'_>, rules: &RuleSet) -> Vec<Hit> {
    let fields: Vec<String> = placing_fields(facts.catalogue, rules).collect();
    let Some(first) = fields.first() else {
        return Vec::new();
    };
    let named = fields.iter().any(|path| !entries(payload, path).is_empty());
    if named || places(payload, &fields).iter().any(|p| p.country.is_some()) {
        return Vec::new();
    }
    vec![
        Hit::at(FieldPath::new("payload").field(first))
            .with("market", &facts.market.code)
            .with("countries", facts.market.countries.join(", ")),
    ]
}

/// Every country in every list of countries is one.
pub(super) fn country(payload: &Value, facts: &Facts<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for path in country_fields(facts.catalogue) {
        for (at, value) in entries(payload, &path) {
            // Something else than text is a matter of shape, and told there.
            let Some(text) = value.as_str().filter(|t| !is_country(t)) else {
                continue;
            };
            let upper = text.trim().to_ascii_uppercase();
            let hint = match upper.as_str() {
                "UK" => "write GB".to_owned(),
                "EU" => "name the countries one by one".to_owned(),
                _ if is_country(&upper) => format!("write {upper}"),
                _ => "write two capital letters, such as US or DE".to_owned(),
            };
            hits.push(Hit::at(at).with("value", excerpt(text, QUOTE)).with("hint", hint));
        }
    }
    hits
}

/// Every country, also that of a city or region, belongs to the market; a group of countries never does.
pub(super) fn market(payload: &Value, facts: &Facts<'_>, rules: &RuleSet) -> Vec<Hit> {
    let foreign = |country: &str| is_country(country) && !facts.market.countries.iter().any(|c| c == country);
    let hit = |at: FieldPath, value: &str| {
        Hit::at(at)
            .with("value", excerpt(value, QUOTE))
            .with("market", &facts.market.code)
            .with("countries", facts.market.countries.join(", "))
    };
    let fields: Vec<String> = placing_fields(facts.catalogue, rules).collect();
    let mut hits = Vec::new();
    for path in &fields {
        for (at, value) in entries(payload, path) {
            hits.extend(value.as_str().filter(|v| foreign(v)).map(|v| hit(at, v)));
        }
    }
    for place in places(payload, &fields) {
        hits.extend(place.country.filter(|c| foreign(c)).map(|c| hit(place.at, c)));
    }
    for parent in parents(&fields) {
        let siblings = get_path(payload, parent)
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        for (key, _) in siblings.filter(|(key, _)| matches_key(&rules.grouping, key)) {
            for (at, value) in entries(payload, &format!("{parent}.{key}")) {
                hits.extend(value.as_str().map(|group| hit(at, group)));
            }
        }
    }
    hits
}

/// Every city, region and the like says which country it is in: else nobody can tell whether it is in the market.
pub(super) fn placed(payload: &Value, facts: &Facts<'_>, rules: &RuleSet) -> Vec<Hit> {
    let fields: Vec<String> = placing_fields(facts.catalogue, rules).collect();
    let strays = places(payload, &fields).into_iter().filter(|p| p.country.is_none());
    strays.map(|p| Hit::at(p.at).with("value", p.shown)).collect()
}

/// A city, region, postal code or the like.
struct Place<'v> {
    at: FieldPath,
    /// Its country, if it says one.
    country: Option<&'v str>,
    /// How to call it in a message.
    shown: String,
}

/// The objects that hold a list of countries: cities and regions stand beside it.
fn parents(fields: &[String]) -> Vec<&str> {
    let mut parents: Vec<&str> = fields
        .iter()
        .filter_map(|path| path.rsplit_once('.').map(|(parent, _)| parent))
        .filter(|parent| parent.contains('.'))
        .collect();
    parents.dedup();
    parents
}

/// Every object in a list beside a list of countries.
fn places<'v>(payload: &'v Value, fields: &[String]) -> Vec<Place<'v>> {
    let mut out = Vec::new();
    for parent in parents(fields) {
        let at = FieldPath::new("payload").field(parent);
        let lists = get_path(payload, parent)
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        for (key, list) in lists {
            for (n, item) in list
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
                .filter(|(_, i)| i.is_object())
            {
                let text = |field: &str| item.get(field).and_then(Value::as_str);
                // Postal codes carry their country in front: `US:90210`.
                let in_key = text("key")
                    .and_then(|k| k.split_once(':'))
                    .map(|(c, _)| c)
                    .filter(|c| is_country(c));
                let shown = text("name").or_else(|| text("key"));
                out.push(Place {
                    at: at.field(&excerpt(key, QUOTE)).item(n),
                    country: text("country").or(in_key),
                    shown: excerpt(shown.unwrap_or("this place"), QUOTE),
                });
            }
        }
    }
    out
}
