//! What a proposal could change of a ticket: the leaves the gate would let through, listed beforehand.
//!
//! A model is shown these and no others, so what it may not touch does not leave the host either.

use serde_json::{Value, json};

use super::{
    allow::Allow,
    leaves::{LeafChange, leaves},
    never,
};
use crate::engine::model::{
    catalogue::{FieldSpec, FieldType},
    proposal::Content,
};

/// Most leaves listed.
const MOST: usize = 40;
/// Longest value listed, bytes: what cannot be shown whole cannot be mended well.
const VALUE: usize = 4_000;

/// A leaf that may change.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLeaf {
    /// JSON pointer in the content.
    pub pointer: String,
    /// What may stand there: `text, at most 125`.
    pub shape: String,
    /// What stands there.
    pub value: Value,
    /// It names a host: an address, or a text with one.
    pub names_host: bool,
}

/// Every leaf the list permits and no proposal is barred from, in order of its path.
pub fn open_leaves(content: &Content, allow: &Allow<'_>) -> Vec<OpenLeaf> {
    let all = leaves(content.value()).into_iter();
    all.filter_map(|(path, value)| {
        let same = LeafChange {
            path,
            from: Some(value.clone()),
            to: Some(value.clone()),
        };
        if never::reason(&same).is_some() || !allow.permits(&same) {
            return None;
        }
        let pointer = same.path.pointer();
        // It is said outside the fences: a key a stranger chose must not speak there.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
        if !pointer.chars().all(plain) || value.to_string().len() > VALUE {
            return None;
        }
        let keys: Vec<&str> = same.path.keys().collect();
        let shape = match keys.as_slice() {
            ["payload", section, rest @ ..] => allow.spec(section, rest).map(shape)?,
            _ => "a day, 2026-12-31".to_owned(),
        };
        Some(OpenLeaf {
            pointer,
            shape,
            value: value.clone(),
            names_host: never::names_host(value),
        })
    })
    .take(MOST)
    .collect()
}

fn shape(spec: &FieldSpec) -> String {
    let kind = match spec.ty {
        FieldType::Text => "text",
        FieldType::Url => "an address",
        FieldType::Integer => "a whole number",
        FieldType::Bool => "true or false",
        FieldType::Choice => "one of",
        FieldType::Choices => "a list of",
        FieldType::TextList => "a list of texts",
        FieldType::IntegerList => "a list of whole numbers",
        FieldType::CountryList => "a list of countries",
        FieldType::Id => "an id",
        FieldType::NamedIdList => "a list of {id, name}; items may go, none may come",
        FieldType::Amount => "an amount",
        FieldType::Object => "part of an object",
        FieldType::ObjectList => "part of a list of objects",
        FieldType::File => "a file",
    };
    let mut out = kind.to_owned();
    if !spec.values.is_empty() {
        out = format!("{out} {}", json!(spec.values));
    }
    if let Some(min) = spec.min {
        out = format!("{out}, at least {min}");
    }
    if let Some(max) = spec.max {
        out = format!("{out}, at most {max}");
    }
    out
}
