//! Where an ad is shown: at least one country, real ones, and only the campaign's market.
//!
//! The catalogue says which fields hold countries; the rule set says which of their keys mean "shown there"
//! (`placing`) and which mean the opposite (`excluding`). Cities and regions carry a country of their own, so that a
//! city abroad cannot slip past the list of countries.

use serde_json::Value;

use super::{Facts, Hit, QUOTE, matches_key, quote};
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
fn placing_fields<'a>(
    catalogue: &'a Catalogue,
    placing: &'a [String],
    excluding: &'a [String],
) -> impl Iterator<Item = String> + 'a {
    country_fields(catalogue).filter(|path| {
        path.split('.').any(|key| matches_key(placing, key)) && !path.split('.').any(|key| matches_key(excluding, key))
    })
}

/// The entries of a list field, with their paths.
fn entries<'v>(payload: &'v Value, path: &str) -> Vec<(FieldPath, &'v Value)> {
    let at = FieldPath::new("payload").field(path);
    let list = get_path(payload, path).and_then(Value::as_array);
    let items = list.into_iter().flatten().enumerate();
    items.map(|(n, v)| (at.item(n), v)).collect()
}

/// At least one country. Platforms without a country field are none of this rule's business.
pub(super) fn present(payload: &Value, facts: &Facts<'_>, placing: &[String], excluding: &[String]) -> Vec<Hit> {
    let fields: Vec<String> = placing_fields(facts.catalogue, placing, excluding).collect();
    let Some(first) = fields.first() else {
        return Vec::new();
    };
    if fields.iter().any(|path| !entries(payload, path).is_empty()) {
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

/// Every country, also that of a city or region, belongs to the market.
pub(super) fn market(payload: &Value, facts: &Facts<'_>, placing: &[String], excluding: &[String]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut judge = |at: FieldPath, value: &Value| {
        let foreign = value
            .as_str()
            .is_some_and(|text| is_country(text) && !facts.market.countries.iter().any(|c| c == text));
        if foreign {
            hits.push(
                Hit::at(at)
                    .with("value", quote(value))
                    .with("market", &facts.market.code)
                    .with("countries", facts.market.countries.join(", ")),
            );
        }
    };
    let mut parents: Vec<String> = Vec::new();
    for path in placing_fields(facts.catalogue, placing, excluding) {
        for (at, value) in entries(payload, &path) {
            judge(at, value);
        }
        // Beside the list of countries: the same object's cities, regions and the like.
        if let Some((parent, _)) = path.rsplit_once('.')
            && parent.contains('.')
            && !parents.iter().any(|p| p == parent)
        {
            parents.push(parent.to_owned());
        }
    }
    for parent in parents {
        if let Some(value) = get_path(payload, &parent) {
            places(&FieldPath::new("payload").field(&parent), value, &mut judge);
        }
    }
    hits
}

/// Calls `judge` for every `country` of an object inside.
fn places(at: &FieldPath, value: &Value, judge: &mut impl FnMut(FieldPath, &Value)) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let at = at.field(&excerpt(key, QUOTE));
                if key == "country" {
                    judge(at, inner);
                } else {
                    places(&at, inner, judge);
                }
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                places(&at.item(n), item, judge);
            }
        }
        _ => {}
    }
}
