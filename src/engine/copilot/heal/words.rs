//! Words of a fixed list, written otherwise than the platform writes them.

use serde_json::{Value, json};

use super::{Case, Edit, Fix};
use crate::engine::model::{catalogue::FieldType, sanitise::excerpt};

/// `outcome traffic` for `OUTCOME_TRAFFIC`, `LEARN` for the only word that ends or begins so. Two candidates are no answer.
pub fn word_misspelt(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let right = match (spec.ty, value?) {
        (FieldType::Choice, Value::String(word)) => json!(meant(word, &spec.values)?),
        (FieldType::Choices, Value::Array(items)) => {
            let words: Option<Vec<&str>> = items.iter().map(|i| meant(i.as_str()?, &spec.values)).collect();
            json!(words?)
        }
        _ => return None,
    };
    if right == *value? {
        return None;
    }
    let was = excerpt(&value?.to_string(), 60);
    let because = format!(
        "{} {was} is written {} there",
        spec.title,
        excerpt(&right.to_string(), 60)
    );
    Some(Fix::one(Edit::Set(path, right), because))
}

/// The one word of a list that is meant.
fn meant<'v>(said: &str, values: &'v [String]) -> Option<&'v str> {
    let said = folded(said);
    if said.is_empty() {
        return None;
    }
    if let Some(same) = values.iter().find(|v| folded(v) == said) {
        return Some(same);
    }
    // Platforms put a prefix in front of words, and people leave it out: TRAFFIC, CUSTOMIZED_USER.
    let ends = |v: &&String| folded(v).ends_with(&format!("_{said}"));
    let mut fits = values.iter().filter(ends);
    match (fits.next(), fits.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Letters and digits in capitals, everything else one underscore.
fn folded(text: &str) -> String {
    let parts: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|p| !p.is_empty())
        .map(str::to_uppercase)
        .collect();
    parts.join("_")
}
