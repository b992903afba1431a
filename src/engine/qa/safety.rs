//! Brand safety: every text and id of a payload against a list. The whole payload is walked, not known fields only:
//! what is written where nobody thought of it is sent all the same.

use serde_json::Value;

use super::{Hit, QUOTE, matches_key, rules::TermList, words::Terms};
use crate::engine::model::{governance::Brand, path::FieldPath, platform::PlatformId, sanitise::excerpt};

/// Everything of a payload that is on a list, except below keys that exclude.
pub(super) fn blocked(
    payload: &Value,
    platform: PlatformId,
    brand: &Brand,
    list: &TermList,
    excluding: &[String],
) -> Vec<Hit> {
    let mut search = Search {
        terms: Terms::of(list),
        ids: list
            .ids
            .iter()
            .filter(|i| i.platform == platform)
            .flat_map(|i| &i.ids)
            .map(String::as_str)
            .collect(),
        list,
        brand,
        excluding,
        hits: Vec::new(),
    };
    search.walk(&FieldPath::new("payload"), payload);
    search.hits
}

struct Search<'a> {
    terms: Terms<'a>,
    ids: Vec<&'a str>,
    list: &'a TermList,
    brand: &'a Brand,
    excluding: &'a [String],
    hits: Vec<Hit>,
}

impl Search<'_> {
    fn walk(&mut self, at: &FieldPath, value: &Value) {
        match value {
            Value::Object(fields) => {
                // An interest is one thing with an id and a name: one finding, at the item itself.
                let id = fields.get("id").map(text_of);
                let name = fields.get("name").and_then(Value::as_str);
                let whole = id.is_some() && name.is_some();
                if whole {
                    self.judge(at, name.unwrap_or_default(), id.as_deref());
                }
                for (key, inner) in fields {
                    let seen = whole && (key == "id" || key == "name");
                    if !seen && !matches_key(self.excluding, key) {
                        self.walk(&at.field(&excerpt(key, QUOTE)), inner);
                    }
                }
            }
            Value::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    self.walk(&at.item(n), item);
                }
            }
            Value::String(text) => self.judge(at, text, Some(text)),
            Value::Number(number) => self.judge(at, "", Some(&number.to_string())),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn judge(&mut self, at: &FieldPath, text: &str, id: Option<&str>) {
        let mut found = self.terms.found_in(text).join(", ");
        if let Some(id) = id.filter(|id| found.is_empty() && self.ids.contains(id)) {
            found = format!("id {id}");
        }
        if found.is_empty() {
            return;
        }
        let shown = if text.is_empty() { id.unwrap_or_default() } else { text };
        self.hits.push(
            Hit::at(at.clone())
                .with("list", &self.list.title)
                .with("term", excerpt(&found, QUOTE))
                .with("text", excerpt(shown, QUOTE))
                .with("brand", &self.brand.code),
        );
    }
}

/// Everything in the lists meant that has an id and no name, except below keys that exclude.
pub(super) fn unnamed(payload: &Value, brand: &Brand, keys: &[String], excluding: &[String]) -> Vec<Hit> {
    let mut hits = Vec::new();
    bare(
        &mut hits,
        &FieldPath::new("payload"),
        payload,
        &Lists { brand, keys, excluding },
    );
    hits
}

struct Lists<'a> {
    brand: &'a Brand,
    keys: &'a [String],
    excluding: &'a [String],
}

fn bare(hits: &mut Vec<Hit>, at: &FieldPath, value: &Value, lists: &Lists<'_>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields.iter().filter(|(key, _)| !matches_key(lists.excluding, key)) {
                let at = at.field(&excerpt(key, QUOTE));
                match inner {
                    Value::Array(items) if matches_key(lists.keys, key) => {
                        for (n, item) in items.iter().enumerate() {
                            let named = item
                                .get("name")
                                .and_then(Value::as_str)
                                .is_some_and(|n| !n.trim().is_empty());
                            let id = text_of(item.get("id").unwrap_or(item));
                            if !named {
                                hits.push(
                                    Hit::at(at.item(n))
                                        .with("id", excerpt(&id, QUOTE))
                                        .with("brand", &lists.brand.code),
                                );
                            }
                        }
                    }
                    inner => bare(hits, &at, inner, lists),
                }
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                bare(hits, &at.item(n), item, lists);
            }
        }
        _ => {}
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
