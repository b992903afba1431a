//! The official specification as an oracle: is this request one Google would understand?
//!
//! Why here: the conformance tests and the sandbox must judge by the same book, and the book is not ours (its origin and
//! licence stand in `assets/specs/google_ads/README.md`). Nothing on the way to a real account reads it.
//!
//! Invariant: a fault names where it is by JSON names and list positions, so a test failure and a sandbox error say the
//! same.

mod check;
mod query;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;

pub use check::{FaultKind, PathPart, SpecFault, check_request};
pub use query::{Condition, Query, parse_query, row_path};

use crate::platforms::Method;

/// One field of a message.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Field {
    /// A scalar, `enum`, or a message's name.
    #[serde(rename = "type")]
    pub ty: String,
    /// A list of them.
    #[serde(default)]
    pub repeated: bool,
    /// `REQUIRED`, `OUTPUT_ONLY`, `IMMUTABLE`, `OPTIONAL`.
    #[serde(default)]
    pub behavior: Vec<String>,
    /// The enumeration of an `enum`.
    #[serde(default, rename = "enum")]
    pub enumeration: Option<String>,
    /// The group of which at most one member may be there.
    #[serde(default)]
    pub oneof: Option<String>,
}

impl Field {
    fn is(&self, behavior: &str) -> bool {
        self.behavior.iter().any(|b| b == behavior)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Message {
    fields: BTreeMap<String, Field>,
}

#[derive(Clone, Debug, Deserialize)]
struct Route {
    method: Method,
    path: String,
    request: String,
}

#[derive(Debug, Default, Deserialize)]
struct Gaql {
    resources: BTreeMap<String, String>,
    joins: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
struct Supplement {
    needed: BTreeMap<String, Vec<Vec<String>>>,
    gaql: Gaql,
    messages: BTreeMap<String, Message>,
}

/// Everything, merged.
#[derive(Debug, Default)]
struct Spec {
    messages: BTreeMap<String, Message>,
    enums: BTreeMap<String, Vec<String>>,
    errors: BTreeMap<String, Vec<String>>,
    routes: Vec<Route>,
    needed: BTreeMap<String, Vec<Vec<String>>>,
    gaql: Gaql,
}

macro_rules! data {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/specs/google_ads/", $file))
    };
}

fn part<T: serde::de::DeserializeOwned + Default>(text: &str, key: &str) -> Result<T, serde_json::Error> {
    let mut all: Value = serde_json::from_str(text)?;
    serde_json::from_value(all.get_mut(key).map(Value::take).unwrap_or_default())
}

fn load() -> Result<Spec, serde_json::Error> {
    let supplement: Supplement = serde_json::from_str(data!("supplement.json"))?;
    let mut messages: BTreeMap<String, Message> = part(data!("messages.json"), "messages")?;
    messages.extend(supplement.messages);
    let routes: BTreeMap<String, Route> = part(data!("routes.json"), "routes")?;
    Ok(Spec {
        messages,
        enums: part(data!("enums.json"), "enums")?,
        errors: part(data!("error_codes.json"), "members")?,
        routes: routes.into_values().collect(),
        needed: supplement.needed,
        gaql: supplement.gaql,
    })
}

/// The files are part of the program and a test loads them; were they broken, every request would be a fault.
static SPEC: LazyLock<Spec> = LazyLock::new(|| load().unwrap_or_default());

/// The fields of a message; `None` when it was cut from the data.
pub fn fields(message: &str) -> Option<&'static BTreeMap<String, Field>> {
    SPEC.messages.get(message).map(|m| &m.fields)
}

/// The field at a dotted path of JSON names inside a message.
pub fn field_at(message: &str, path: &str) -> Option<&'static Field> {
    match path.split_once('.') {
        None => fields(message)?.get(path),
        Some((head, rest)) => field_at(&fields(message)?.get(head)?.ty, rest),
    }
}

/// The words of an enumeration.
pub fn enum_values(name: &str) -> Option<&'static [String]> {
    SPEC.enums.get(name).map(Vec::as_slice)
}

/// The values of one member of an error code.
pub fn error_values(member: &str) -> &'static [String] {
    SPEC.errors.get(member).map_or(&[], Vec::as_slice)
}

/// True for an error code Google documents.
pub fn is_error_code(member: &str, value: &str) -> bool {
    error_values(member).iter().any(|v| v == value)
}

/// `amount_micros` as `amountMicros`.
pub(super) fn camel(snake: &str) -> String {
    super::tree::camel(snake)
}

/// `amountMicros` as `amount_micros`.
pub fn snake(camel: &str) -> String {
    let mut out = String::with_capacity(camel.len() + 4);
    for c in camel.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_loads() {
        let spec = load().unwrap();
        assert!(spec.messages.len() > 90 && spec.enums.len() > 60 && spec.errors.len() > 150);
        assert_eq!(spec.routes.len(), 3);
        for (message, choices) in &spec.needed {
            for field in choices.iter().flatten() {
                assert!(field_at(message, field).is_some(), "{message}.{field}");
            }
        }
    }

    #[test]
    fn names_go_both_ways() {
        for (s, c) in [
            ("amount_micros", "amountMicros"),
            ("name", "name"),
            ("ad_group_ad", "adGroupAd"),
        ] {
            assert_eq!((camel(s).as_str(), snake(c).as_str()), (c, s));
        }
    }
}
