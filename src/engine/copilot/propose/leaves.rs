//! A document as leaves: what a patch really changed, whatever paths it named.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use crate::engine::model::path::FieldPath;

/// One step down into a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A field of an object.
    Key(String),
    /// An item of a list.
    Item(usize),
}

/// Where a leaf is. Kept as parts: a key may hold a dot, and must not look like two.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeafPath(pub Vec<Part>);

impl LeafPath {
    /// The keys on the way, items left out.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|p| match p {
            Part::Key(key) => Some(key.as_str()),
            Part::Item(_) => None,
        })
    }

    /// As a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        self.0.iter().fold(String::new(), |at, part| match part {
            Part::Key(key) => format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
            Part::Item(n) => format!("{at}/{n}"),
        })
    }

    /// As a ticket's field path.
    pub fn field(&self) -> FieldPath {
        self.0.iter().fold(FieldPath::default(), |at, part| match part {
            Part::Key(key) => at.field(key),
            Part::Item(n) => at.item(*n),
        })
    }
}

impl fmt::Display for LeafPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.field().fmt(f)
    }
}

/// A leaf before and after. `None` = absent.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafChange {
    /// Where.
    pub path: LeafPath,
    /// Before.
    pub from: Option<Value>,
    /// After.
    pub to: Option<Value>,
}

/// Every leaf that differs between two documents.
///
/// A leaf is a scalar, an empty object or list, a list of scalars, or a list of `{id, name}` objects: of the last two,
/// only the whole says what changed, because taking one item out moves the others.
pub fn changed(before: &Value, after: &Value) -> Vec<LeafChange> {
    let (before, after) = (leaves(before), leaves(after));
    let mut out: Vec<LeafChange> = Vec::new();
    for (path, from) in &before {
        let to = after.get(path);
        if to != Some(from) {
            out.push(LeafChange {
                path: path.clone(),
                from: Some((*from).clone()),
                to: to.map(|v| (*v).clone()),
            });
        }
    }
    for (path, to) in &after {
        if !before.contains_key(path) {
            out.push(LeafChange {
                path: path.clone(),
                from: None,
                to: Some((*to).clone()),
            });
        }
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

/// Every leaf of a document with its value.
pub fn leaves(value: &Value) -> BTreeMap<LeafPath, &Value> {
    let mut out = BTreeMap::new();
    walk(value, &LeafPath::default(), &mut out);
    out
}

fn walk<'v>(value: &'v Value, at: &LeafPath, out: &mut BTreeMap<LeafPath, &'v Value>) {
    let below = |part: Part| {
        let mut path = at.clone();
        path.0.push(part);
        path
    };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, inner) in fields {
                walk(inner, &below(Part::Key(key.clone())), out);
            }
        }
        Value::Array(items) if !items.iter().all(is_plain) => {
            for (n, inner) in items.iter().enumerate() {
                walk(inner, &below(Part::Item(n)), out);
            }
        }
        other => {
            out.insert(at.clone(), other);
        }
    }
}

/// True for an item whose list is judged as a whole.
fn is_plain(item: &Value) -> bool {
    match item {
        Value::Object(fields) => is_named(item) && fields.len() == 2,
        Value::Array(_) => false,
        _ => true,
    }
}

/// `{id, name}` and nothing else.
pub fn is_named(item: &Value) -> bool {
    item.as_object()
        .is_some_and(|o| o.len() == 2 && o.contains_key("id") && o.contains_key("name"))
}
