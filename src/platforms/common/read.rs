//! Reading an answer's objects.

use serde_json::Value;

use crate::engine::model::{
    deploy::{Outcome, OutcomeClass, Step, StepAction},
    platform::ExternalId,
};

/// A value as text; numbers count as text, because ids and money come as either.
pub fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// The text at a path of an object.
pub fn text(object: &Value, pointer: &str) -> Option<String> {
    as_text(object.pointer(pointer)?)
}

/// True for digits and nothing else.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The id at a path of an object, if it is one.
pub fn id(object: &Value, pointer: &str) -> Option<ExternalId> {
    text(object, pointer).filter(|id| is_digits(id)).map(ExternalId)
}

/// Why a read gave nothing to count on, as `interpret` judges it. A read may be repeated, so nothing is ever Unknown or
/// Done here.
pub fn failed(step: &Step, interpret: impl FnOnce(&Step) -> Outcome) -> Outcome {
    let mut outcome = interpret(&Step {
        action: StepAction::Check,
        attempts: Vec::new(),
        ..step.clone()
    });
    if outcome.class == OutcomeClass::Done {
        outcome.class = OutcomeClass::NotExecuted;
    }
    outcome.field = None;
    outcome.external_id = None;
    outcome
}
