//! From a section of a ticket to fields fit to send.
//!
//! Invariants
//! - What the person wrote is sent as it stands; only what is empty (null, "", {}, []) is left out. `false` and `0` are
//!   not empty: an explicit `false` must survive.
//! - Amounts are text in main units in a ticket; a bare number is refused, because it would mean a hundredth elsewhere.

use serde_json::{Map, Value};

use crate::engine::model::{
    catalogue::{Catalogue, FieldType, set_path},
    deploy::Job,
    money::Money,
    path::FieldPath,
    refusal::Problem,
    sanitise::excerpt,
};

/// A section as the ticket has it; empty when it has none.
pub fn section(job: &Job, name: &str) -> Result<Map<String, Value>, Vec<Problem>> {
    match job.payload.value().get_mut(name).map(Value::take) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(fields)) => Ok(fields),
        Some(_) => Err(vec![Problem::at(
            format!("payload.{name}").as_str(),
            "is not an object",
            "give the fields by name",
        )]),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(s) => s.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Takes out what is empty, at every depth.
pub fn prune(fields: &mut Map<String, Value>) {
    for value in fields.values_mut() {
        prune_value(value);
    }
    fields.retain(|_, v| !is_empty(v));
}

fn prune_value(value: &mut Value) {
    match value {
        Value::Object(inner) => prune(inner),
        Value::Array(items) => {
            items.iter_mut().for_each(prune_value);
            items.retain(|v| !is_empty(v));
        }
        _ => {}
    }
}

/// Turns the amounts of a section into what `units` makes of them. `warning` is added to how one is written.
pub fn amounts(
    job: &Job,
    catalogue: &Catalogue,
    section: &str,
    fields: &mut Map<String, Value>,
    units: impl Fn(&Money) -> Result<Value, String>,
    warning: &str,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let currency = job.account.currency;
    let specs = catalogue.section(section).map_or(&[][..], |o| &o.fields);
    for spec in specs.iter().filter(|f| f.ty == FieldType::Amount) {
        let Some(value) = fields.get(&spec.path) else {
            continue;
        };
        let counted = match value {
            Value::String(text) => Money::parse(text, currency).and_then(|m| units(&m)),
            other => Err(format!(
                "{} is not an amount written as text",
                excerpt(&other.to_string(), 40)
            )),
        };
        match counted {
            Ok(counted) => set_path(fields, &spec.path, counted),
            Err(reason) => problems.push(Problem::at(
                FieldPath::new(format!("payload.{section}.{}", spec.path)),
                reason,
                format!("write it in {currency}, in quotes: \"2.50\"{warning}"),
            )),
        }
    }
    problems
}

/// Fields of a section that the ticket itself provides: in a payload they would be sent twice, or bypass what governs
/// them. `remedy` says what to do instead.
pub fn misplaced(
    job: &Job,
    section: &str,
    is_ours: impl Fn(&str) -> bool,
    remedy: impl Fn(&str) -> &'static str,
    problems: &mut Vec<Problem>,
) {
    let root = job.payload.value();
    let fields = root.get(section).and_then(Value::as_object).into_iter().flatten();
    for (field, _) in fields.filter(|(field, _)| is_ours(field)) {
        problems.push(Problem::at(
            FieldPath::new(format!("payload.{section}.{field}")),
            format!("{field} does not belong here"),
            remedy(field),
        ));
    }
}
