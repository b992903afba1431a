//! The gate every proposal passes, whoever made it: the table of fixes or a model.
//!
//! Why leaves and not paths: a patch that replaces a parent object names an innocent path and may carry another bid
//! inside. So the patch is applied to a copy, both documents are taken apart, and every leaf that differs is judged.
//!
//! Invariants
//! - Pure: the same content, patch and ailments give the same answer.
//! - What [`mod@never`] names is refused whatever the allow-list says.
//! - What is accepted differs from what was refused before, passes QA, and pins every value it replaces.

pub mod allow;
pub mod leaves;
pub mod never;
pub mod open;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use self::{
    allow::Allow,
    leaves::{LeafChange, changed},
};
use crate::engine::model::{
    json::{CanonicalJson, Sha},
    path::FieldPath,
    proposal::{Ailment, Content, Witness},
    sanitise::excerpt,
    ticket::{Finding, Severity},
};

/// Most operations of one patch.
pub const OPERATIONS_MAX: usize = 8;
/// Longest patch in bytes, old values included: it is a row beside the ticket's own.
pub const BYTES_MAX: usize = 16 * 1024;

/// Why a patch is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// It is no list of operations.
    #[error("it is no JSON patch: {0}")]
    NotAPatch(String),
    /// More than [`OPERATIONS_MAX`].
    #[error("it has {0} operations, at most {OPERATIONS_MAX} are read")]
    TooMany(usize),
    /// Longer than [`BYTES_MAX`].
    #[error("it has {0} bytes, at most {BYTES_MAX} fit")]
    TooLong(usize),
    /// `move`, `copy`, `test` or something else.
    #[error("the operation \"{0}\" is not one of add, replace, remove")]
    Operation(String),
    /// It does not fit the content.
    #[error("it does not fit the ticket: {0}")]
    Unfit(String),
    /// It changes nothing.
    #[error("it changes nothing")]
    Nothing,
    /// A leaf no proposal may change.
    #[error("it changes {field}: {why} is never changed by a proposal")]
    Never {
        /// The leaf.
        field: FieldPath,
        /// What it is.
        why: &'static str,
    },
    /// A leaf that has nothing to do with what is wrong.
    #[error("it changes {0}, which is not what was refused")]
    Elsewhere(FieldPath),
    /// The result was refused before.
    #[error("the result is what was refused before")]
    RefusedBefore,
    /// The result does not pass QA.
    #[error("QA would still find: {0}")]
    Findings(String),
}

/// A patch whose leaves are acceptable. What it makes of the ticket is still to be judged ([`settle`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The patch, with a `test` before each operation that replaces or removes a value.
    pub patch: CanonicalJson,
    /// The content after it.
    pub after: Content,
    /// What it changes.
    pub changes: Vec<LeafChange>,
}

/// Judges a patch on its own: form, size, and every leaf it changes.
pub fn judge(content: &Content, patch: &Value, allow: &Allow<'_>) -> Result<Accepted, Objection> {
    let pinned = pin(content, patch)?;
    let after = content.patched(&pinned).map_err(Objection::Unfit)?;
    let changes = changed(content.value(), after.value());
    if changes.is_empty() {
        return Err(Objection::Nothing);
    }
    for change in &changes {
        if let Some(why) = never::reason(change) {
            let field = change.path.field();
            return Err(Objection::Never { field, why });
        }
        if !allow.permits(change) {
            return Err(Objection::Elsewhere(change.path.field()));
        }
    }
    after.flight().map_err(Objection::Unfit)?;
    let patch = CanonicalJson::new(&pinned);
    if patch.as_str().len() > BYTES_MAX {
        return Err(Objection::TooLong(patch.as_str().len()));
    }
    Ok(Accepted { patch, after, changes })
}

/// Judges what became of the ticket: `hash` is its new one, `refused` every content refused before, `findings` what QA
/// says of it. `left` is what the patch leaves to a person: that may be found still, and nothing else.
pub fn settle(hash: Sha, refused: &[Sha], findings: &[Finding], left: &[Ailment]) -> Result<(), Objection> {
    if refused.contains(&hash) {
        return Err(Objection::RefusedBefore);
    }
    let is_left = |f: &Finding| {
        let field = |a: &Ailment| a.field.as_ref().map_or("", FieldPath::as_str) == f.field.as_str();
        left.iter()
            .any(|a| a.witness == Witness::Qa && a.code == f.rule && field(a))
    };
    match findings.iter().find(|f| f.severity == Severity::Error && !is_left(f)) {
        Some(finding) => Err(Objection::Findings(format!("{}: {}", finding.rule, finding.message))),
        None => Ok(()),
    }
}

/// The patch with the values it replaces: applied to anything else than it was made for, it fails as a whole.
fn pin(content: &Content, patch: &Value) -> Result<Value, Objection> {
    let operations = patch
        .as_array()
        .ok_or_else(|| Objection::NotAPatch("it is not a list".to_owned()))?;
    if operations.len() > OPERATIONS_MAX {
        return Err(Objection::TooMany(operations.len()));
    }
    let mut out = Vec::new();
    // Later operations see what earlier ones did.
    let mut at = content.clone();
    for operation in operations {
        let text = |key: &str| operation.get(key).and_then(Value::as_str);
        let op = text("op").ok_or_else(|| Objection::NotAPatch("an operation has no \"op\"".to_owned()))?;
        if !matches!(op, "add" | "replace" | "remove") {
            return Err(Objection::Operation(excerpt(op, 24)));
        }
        let path = text("path").ok_or_else(|| Objection::NotAPatch("an operation has no \"path\"".to_owned()))?;
        // What else stands in an operation goes no further.
        let clean = match (op, operation.get("value")) {
            ("remove", _) => json!({"op": op, "path": path}),
            (_, Some(value)) => json!({"op": op, "path": path, "value": value}),
            (_, None) => return Err(Objection::NotAPatch(format!("\"{op}\" has no \"value\""))),
        };
        if let Some(old) = at.value().pointer(path).filter(|_| !path.is_empty()) {
            // Adding to a list moves what stands there; it replaces nothing.
            let inserts = op == "add" && parent(at.value(), path).is_some_and(Value::is_array);
            if !inserts {
                out.push(json!({"op": "test", "path": path, "value": old}));
            }
        }
        at = at.patched(&json!([clean])).map_err(Objection::Unfit)?;
        out.push(clean);
    }
    Ok(Value::Array(out))
}

fn parent<'v>(root: &'v Value, path: &str) -> Option<&'v Value> {
    root.pointer(path.rsplit_once('/')?.0)
}
