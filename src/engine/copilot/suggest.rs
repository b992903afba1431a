//! From what a model wrote to a patch that passed the gate, or to the words why not.
//!
//! The form that was asked for is a hint to the server, not a proof: everything is read and judged here.
//!
//! Invariants
//! - Pure: the same answer gives the same judgement.
//! - Its patch passes [`super::propose`] like any other; what it says of its own confidence is shown, never used.
//! - What mends a breach of a guideline names the guideline, and one that was sent.
//! - No name of something that was taken out before sending ever becomes content.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{
    check::{Checked, check},
    client::Outcome,
    prompt::Prompt,
    propose::{self, Accepted, Objection, allow::Allow},
    redact::Redacted,
    wire::Finish,
};
use crate::engine::model::{
    proposal::Content,
    sanitise::{excerpt, is_unsafe},
};

/// Places in an answer where its JSON is looked for.
const BRACES: usize = 64;
/// Longest reasons kept, characters.
const REASONS: usize = 1_500;

/// A patch a model wrote, after the gate.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The patch.
    pub accepted: Accepted,
    /// Why, in its words, with what is not borne out said behind them.
    pub reasons: String,
    /// Ids of the snippets it cites.
    pub cites: Vec<String>,
    /// `low`, `medium`, `high`.
    pub confidence: String,
}

/// Why nothing comes of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuggestion {
    /// It is not whole.
    #[error("the model's answer is not whole: {0}")]
    NotWhole(String),
    /// There is no patch in it.
    #[error("the model wrote no patch: \"{0}\"")]
    NoPatch(String),
    /// It says itself that it has none.
    #[error("the model knows no fix: \"{0}\"")]
    Empty(String),
    /// Something in it would be a name of ours instead of a text.
    #[error("the model's patch holds {0}, the name of something that was not sent to it")]
    Placeholder(String),
    /// Characters no person would see.
    #[error("the model's patch holds invisible or control characters")]
    Unsafe,
    /// It names no guideline.
    #[error("the model cites no guideline it was sent, and what was found is a guideline's affair")]
    Uncited,
    /// The gate.
    #[error("the model's patch was not accepted: {0}")]
    Objection(#[from] Objection),
}

/// Judges an answer.
pub fn judge(
    prompt: &Prompt,
    outcome: &Outcome,
    content: &Content,
    allow: &Allow<'_>,
) -> Result<Suggestion, NoSuggestion> {
    match &outcome.end {
        Ok(Finish::Complete) => {}
        Ok(Finish::Truncated) => return Err(NoSuggestion::NotWhole("it was cut at the limit of tokens".to_owned())),
        Ok(Finish::Filtered) => {
            return Err(NoSuggestion::NotWhole(
                "the server's content filter cut it, or the model refused".to_owned(),
            ));
        }
        Ok(Finish::Other(word)) => return Err(NoSuggestion::NotWhole(excerpt(word, 80))),
        Err(error) => return Err(NoSuggestion::NotWhole(excerpt(&error.to_string(), 300))),
    }
    let text = prompt.unmark(&outcome.text);
    let found = read(&text).ok_or_else(|| NoSuggestion::NoPatch(excerpt(&text, 160)))?;
    let word = |key: &str| found.get(key).and_then(Value::as_str).unwrap_or_default();
    let rationale = word("rationale");
    let patch = found.get("patch").cloned().unwrap_or_default();
    if patch.as_array().is_some_and(Vec::is_empty) {
        return Err(NoSuggestion::Empty(excerpt(&prompt.redacted.restore(rationale), 300)));
    }
    let patch = restored(&patch, &prompt.redacted, content)?;
    let checked = check(rationale, &prompt.sources(), &prompt.context, &Ok(Finish::Complete));
    if allow.is_policy() && checked.cited.is_empty() {
        return Err(NoSuggestion::Uncited);
    }
    let accepted = propose::judge(content, &patch, allow)?;
    let cites = prompt.sent.iter().filter(|s| checked.cited.contains(&s.number));
    Ok(Suggestion {
        accepted,
        cites: cites.map(|s| s.id.clone()).collect(),
        reasons: reasons(&checked, &prompt.redacted),
        confidence: match word("confidence") {
            known @ ("low" | "medium" | "high") => known.to_owned(),
            _ => "not said".to_owned(),
        },
    })
}

/// The first JSON object with a patch in it: some servers put words or a fence around what they were asked for.
fn read(text: &str) -> Option<Value> {
    let mut from = 0;
    for _ in 0..BRACES {
        let at = from + text.get(from..)?.find('{')?;
        let mut all = serde_json::Deserializer::from_str(text.get(at..)?).into_iter::<Value>();
        match all.next() {
            Some(Ok(value)) if value.get("patch").is_some() => return Some(value),
            Some(Ok(_)) => from = at + all.byte_offset().max(1),
            _ => from = at + 1,
        }
    }
    None
}

static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("<[A-Z]+_[0-9]+>").ok());

/// The patch with the values behind the names that were sent instead of them.
fn restored(patch: &Value, redacted: &Redacted, content: &Content) -> Result<Value, NoSuggestion> {
    Ok(match patch {
        Value::String(text) => {
            let text = redacted.restore(text);
            if text.chars().any(|c| c != '\n' && is_unsafe(c)) {
                return Err(NoSuggestion::Unsafe);
            }
            let names = NAME.iter().flat_map(|n| n.find_iter(&text));
            let known = content.value().to_string();
            if let Some(name) = names.map(|m| m.as_str()).find(|name| !known.contains(name)) {
                return Err(NoSuggestion::Placeholder(name.to_owned()));
            }
            Value::String(text)
        }
        Value::Array(items) => {
            let items = items.iter().map(|i| restored(i, redacted, content));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| Ok((key.clone(), restored(value, redacted, content)?)));
            Value::Object(fields.collect::<Result<_, NoSuggestion>>()?)
        }
        other => other.clone(),
    })
}

fn reasons(checked: &Checked, redacted: &Redacted) -> String {
    let mut out = redacted.restore(&checked.text);
    let flags: Vec<String> = checked.flags().map(ToString::to_string).collect();
    if !flags.is_empty() {
        out = format!("{out} (not borne out: {})", flags.join("; "));
    }
    excerpt(&out, REASONS)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain(r#"{"patch": [1]}"#, true)]
    #[case::fenced("Here it is:\n```json\n{\"patch\": [1]}\n```\nGood luck {", true)]
    #[case::other_first(r#"{"note": {"patch": 1}} then {"patch": [1]}"#, true)]
    #[case::cut(r#"{"patch": [1"#, false)]
    #[case::prose("I would take the beer out.", false)]
    #[case::braces("{{{{", false)]
    fn json_is_found_wherever_it_stands(#[case] text: &str, #[case] found: bool) {
        let got = read(text);
        assert_eq!(got.is_some(), found, "{got:?}");
        assert!(got.is_none_or(|v| v["patch"] == serde_json::json!([1])));
    }
}
