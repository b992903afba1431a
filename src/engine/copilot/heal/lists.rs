//! Lists that say something twice or too much.

use serde_json::{Value, json};

use super::{Case, Edit, Fix};
use crate::engine::model::catalogue::{FieldSpec, FieldType};

fn list<'a>(case: &Case<'a>) -> Option<(&'a FieldSpec, String, &'a Vec<Value>)> {
    let (spec, path, value) = case.blamed()?;
    let is_list = matches!(
        spec.ty,
        FieldType::TextList | FieldType::Choices | FieldType::IntegerList
    );
    let items = value?.as_array().filter(|_| is_list)?;
    Some((spec, path, items))
}

/// An item that stands there twice, in whatever case.
pub fn said_twice(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, items) = list(case)?;
    let key = |v: &Value| v.as_str().map_or_else(|| v.to_string(), |s| s.trim().to_lowercase());
    let mut seen = std::collections::BTreeSet::new();
    let once: Vec<&Value> = items.iter().filter(|i| seen.insert(key(i))).collect();
    let gone = items.len() - once.len();
    let enough = spec
        .min
        .is_none_or(|min| i64::try_from(once.len()).is_ok_and(|n| n >= min));
    if gone == 0 || !enough {
        return None;
    }
    let because = format!("{} says {gone} of its {} items twice", spec.title, items.len());
    Some(Fix::one(Edit::Set(path, json!(once)), because))
}

/// More items than the field takes: the last ones go.
pub fn list_too_long(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, items) = list(case)?;
    let max = usize::try_from(spec.max?).ok()?;
    if items.len() <= max {
        return None;
    }
    let kept: Vec<&Value> = items.iter().take(max).collect();
    let because = format!(
        "{} has {} items, at most {max} fit; the last ones go",
        spec.title,
        items.len()
    );
    Some(Fix::one(Edit::Set(path, json!(kept)), because))
}
