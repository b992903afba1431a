//! The outer limits of a payload: what the store can keep and a screen can show. What is *in* it is QA's affair.

use serde_json::Value;

use super::super::{problems::Problems, text::is_control};
use crate::engine::model::{
    json::CanonicalJson,
    path::FieldPath,
    refusal::{Problem, RefusalCode},
    sanitise::excerpt,
};

/// Largest payload in bytes of canonical JSON. A journal record has 64 KiB, and the commit that starts a deploy holds
/// the payload twice: in the ticket and, frozen, in the deploy.
pub const BYTES_MAX: usize = 20 * 1024;
/// Deepest nesting. The deepest targeting spec in use has 7.
pub const DEPTH_MAX: usize = 12;
/// Most problems named for one payload; a pasted binary would name thousands.
const MOST: usize = 10;

/// Notes everything that makes a payload unfit to be kept.
pub fn check(problems: &mut Problems, payload: &CanonicalJson) {
    let bytes = payload.as_str().len();
    if bytes > BYTES_MAX {
        problems.push(
            RefusalCode::TooLarge,
            Problem::at(
                "payload",
                format!("it has {bytes} bytes, at most {BYTES_MAX} fit"),
                "shorten long lists, for example by using a saved audience",
            ),
        );
        return;
    }
    let value = payload.value();
    if !value.is_object() {
        problems.invalid(
            "payload",
            "it is not a JSON object",
            "write an object with a section for each platform object, such as {\"campaign\": {}}",
        );
        return;
    }
    let mut found = Vec::new();
    walk(&mut found, &FieldPath::new("payload"), &value, 1);
    for problem in found.into_iter().take(MOST) {
        problems.push(RefusalCode::Invalid, problem);
    }
}

fn walk(found: &mut Vec<Problem>, at: &FieldPath, value: &Value, depth: usize) {
    if depth > DEPTH_MAX {
        found.push(Problem::at(
            at.clone(),
            format!("it is nested more than {DEPTH_MAX} levels deep"),
            "flatten it",
        ));
        return;
    }
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let at = at.field(&excerpt(key, 64));
                if key.chars().any(char::is_control) {
                    found.push(control(&at, "its name"));
                }
                walk(found, &at, inner, depth + 1);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                walk(found, &at.item(n), item, depth + 1);
            }
        }
        Value::String(text) if text.chars().any(is_control) => found.push(control(at, "it")),
        _ => {}
    }
}

fn control(at: &FieldPath, what: &str) -> Problem {
    Problem::at(
        at.clone(),
        format!("{what} holds a control character"),
        "remove it; it often comes along when text is pasted",
    )
}
