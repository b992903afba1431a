//! Values of the wrong JSON type, out of range, or missing where the platform has a usual one.

use serde_json::{Value, json};

use super::{Case, Edit, Fix};
use crate::engine::model::{
    catalogue::{FieldSpec, FieldType, parse_value},
    sanitise::excerpt,
};

/// A number in quotes, a yes in quotes, an id without them, one item where a list is wanted.
pub fn wrong_type(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let value = value?;
    let right = match (spec.ty, value) {
        (FieldType::Integer, Value::String(text)) => json!(text.trim().parse::<i64>().ok()?),
        (FieldType::Integer, Value::Number(n)) if !n.is_i64() => json!(whole(n)?),
        (FieldType::Integer, Value::Bool(yes)) if (spec.min, spec.max) == (Some(0), Some(1)) => json!(i64::from(*yes)),
        (FieldType::Bool, Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => json!(true),
            "false" | "no" => json!(false),
            _ => return None,
        },
        (FieldType::Text | FieldType::Id | FieldType::Amount, Value::Number(n)) => json!(n.to_string()),
        (FieldType::IntegerList, Value::Array(items)) => {
            let numbers: Option<Vec<i64>> = items
                .iter()
                .map(|i| i.as_i64().or_else(|| i.as_str()?.trim().parse().ok()))
                .collect();
            json!(numbers?)
        }
        (FieldType::Choices | FieldType::TextList, Value::String(_)) | (FieldType::IntegerList, Value::Number(_)) => {
            json!([value])
        }
        _ => return None,
    };
    if right == *value {
        return None;
    }
    let because = format!(
        "{} is {}, not {}",
        spec.title,
        excerpt(&right.to_string(), 40),
        excerpt(&value.to_string(), 40)
    );
    Some(Fix::one(Edit::Set(path, right), because))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "within 2^53, where every whole number is exact"
)]
fn whole(n: &serde_json::Number) -> Option<i64> {
    let n = n.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15)?;
    Some(n as i64)
}

/// A number beyond the field's bounds: the bound itself.
pub fn number_out_of_range(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let n = value?.as_i64().filter(|_| spec.ty == FieldType::Integer)?;
    let low = spec.min.filter(|min| n < *min);
    let bound = low.or_else(|| spec.max.filter(|max| n > *max))?;
    let word = if low.is_some() { "least" } else { "most" };
    let because = format!("{} is {n}, the {word} there is {bound}", spec.title);
    Some(Fix::one(Edit::Set(path, json!(bound)), because))
}

/// Something the platform wants said, where the catalogue knows the usual answer.
pub fn usual_value_missing(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let missing = value.is_none_or(|v| v.is_null() || v.as_str().is_some_and(|s| s.trim().is_empty()));
    let usual = usual(spec).filter(|_| missing)?;
    let because = format!(
        "{} is missing; {} is usual",
        spec.title,
        excerpt(&usual.to_string(), 60)
    );
    Some(Fix::one(Edit::Set(path, usual), because))
}

fn usual(spec: &FieldSpec) -> Option<Value> {
    parse_value(spec, spec.default.as_deref()?).ok()
}
