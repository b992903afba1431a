//! The fault file: TOML with a `[world]` and `[[rule]]`s. `docs/sandbox.md` describes it for people.
//!
//! Invariant: a file is taken whole or refused with file, line, field and reason; nothing in it is ignored.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::{
    config::WorldConfig,
    faults::{Action, Faults, Match, Rule},
};
use crate::engine::model::{
    platform::{AccountId, ObjectKind},
    sanitise::excerpt,
};
use crate::platforms::Method;

/// A parsed fault file.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The world to begin with.
    pub world: WorldConfig,
    /// What goes wrong.
    pub faults: Faults,
}

/// Why a fault file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {field}: {reason}")]
pub struct ScriptError {
    /// The file as given.
    pub file: String,
    /// From 1; 0 when the file could not be read at all.
    pub line: usize,
    /// The field or the text of the line.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

/// Larger than any script a person writes.
const MAX_LEN: u64 = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    #[serde(default)]
    seed: u64,
    world: Option<Spanned<WorldConfig>>,
    #[serde(default, rename = "rule")]
    rules: Vec<Spanned<RuleText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    label: Option<String>,
    #[serde(default)]
    method: Option<MethodWord>,
    path: Option<String>,
    kind: Option<ObjectKind>,
    account: Option<AccountId>,
    name: Option<String>,
    nth: Option<Spanned<u64>>,
    after: Option<u64>,
    before: Option<Spanned<u64>>,
    times: Option<u64>,
    probability: Option<Spanned<f64>>,
    action: Spanned<Action>,
}

/// Methods in either case, as people write them.
#[derive(Clone, Copy, Deserialize)]
enum MethodWord {
    #[serde(rename = "GET", alias = "get")]
    Get,
    #[serde(rename = "POST", alias = "post")]
    Post,
    #[serde(rename = "DELETE", alias = "delete")]
    Delete,
}

impl Script {
    /// Reads a fault file.
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        use std::io::Read as _;
        let file = path.display().to_string();
        let fail = |reason: String| ScriptError {
            file: file.clone(),
            line: 0,
            field: "the file".to_owned(),
            reason,
        };
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|f| f.take(MAX_LEN + 1).read_to_end(&mut bytes))
            .map_err(|e| fail(format!("cannot be read: {e}")))?;
        if bytes.len() as u64 > MAX_LEN {
            return Err(fail("is larger than 1 MiB; is it the right one?".to_owned()));
        }
        let text = String::from_utf8(bytes)
            .map_err(|e| fail(format!("is not UTF-8 (byte {})", e.utf8_error().valid_up_to())))?;
        Self::parse(&file, &text)
    }

    /// Parses the text of a fault file; `file` is for messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, ScriptError> {
        let parsed: FileText = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start);
            ScriptError {
                file: file.to_owned(),
                line: line_of(text, at),
                field: field_at(text, at),
                reason: excerpt(e.message(), 300),
            }
        })?;
        let fail = |at: usize, field: &str, reason: String| ScriptError {
            file: file.to_owned(),
            line: line_of(text, at),
            field: field.to_owned(),
            reason,
        };
        let world_at = parsed.world.as_ref().map_or(0, |w| w.span().start);
        let world = parsed.world.map(Spanned::into_inner).unwrap_or_default();
        check_world(&world).map_err(|(field, reason)| fail(world_at, &field, reason))?;
        let mut rules = Vec::with_capacity(parsed.rules.len());
        for rule in parsed.rules {
            let r = rule.into_inner();
            if let Some(nth) = r.nth.as_ref().filter(|n| *n.get_ref() == 0) {
                return Err(fail(nth.span().start, "nth", "counting begins with 1".to_owned()));
            }
            if let Some(before) = r.before.as_ref().filter(|b| *b.get_ref() <= r.after.unwrap_or(0) + 1) {
                return Err(fail(
                    before.span().start,
                    "before",
                    format!(
                        "no request is after {} and before {}",
                        r.after.unwrap_or(0),
                        before.get_ref()
                    ),
                ));
            }
            if let Some(p) = r.probability.as_ref().filter(|p| !(0.0..=1.0).contains(p.get_ref())) {
                return Err(fail(
                    p.span().start,
                    "probability",
                    format!("{} is not a number from 0 to 1", p.get_ref()),
                ));
            }
            if let Action::Http { status, .. } | Action::Error { status, .. } = r.action.get_ref()
                && !(200..=599).contains(status)
            {
                return Err(fail(
                    r.action.span().start,
                    "action.status",
                    format!("{status} is not an HTTP status from 200 to 599"),
                ));
            }
            rules.push(Rule {
                label: r.label,
                matches: Match {
                    method: r.method.map(|m| match m {
                        MethodWord::Get => Method::Get,
                        MethodWord::Post => Method::Post,
                        MethodWord::Delete => Method::Delete,
                    }),
                    path: r.path,
                    kind: r.kind,
                    account: r.account,
                    name: r.name,
                },
                nth: r.nth.map(Spanned::into_inner),
                after: r.after,
                before: r.before.map(Spanned::into_inner),
                times: r.times,
                probability: r.probability.map(Spanned::into_inner),
                action: r.action.into_inner(),
            });
        }
        Ok(Self {
            world,
            faults: Faults::new(parsed.seed, rules),
        })
    }
}

fn check_world(world: &WorldConfig) -> Result<(), (String, String)> {
    let zone = |field: &str, name: &str| {
        jiff::tz::TimeZone::get(name).map(drop).map_err(|_| {
            (
                field.to_owned(),
                format!(
                    "\"{}\" is not an IANA time zone such as Europe/Berlin",
                    excerpt(name, 40)
                ),
            )
        })
    };
    zone("world.timezone", &world.timezone)?;
    for (field, value) in [
        ("world.limits.max_score", world.limits.max_score),
        ("world.limits.decay_seconds", world.limits.decay_seconds),
    ] {
        if value == 0 {
            return Err((field.to_owned(), "must be at least 1".to_owned()));
        }
    }
    let mut seen = Vec::new();
    for account in &world.accounts {
        if !super::meta::is_account_id(account.id.as_str()) {
            return Err((
                "world.account.id".to_owned(),
                format!("\"{}\" is not act_ and digits", account.id),
            ));
        }
        if seen.contains(&&account.id) {
            return Err(("world.account.id".to_owned(), format!("{} is there twice", account.id)));
        }
        seen.push(&account.id);
        if let Some(name) = &account.timezone {
            zone("world.account.timezone", name)?;
        }
    }
    Ok(())
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

/// The key of the line an error is on, or the line itself.
fn field_at(text: &str, at: usize) -> String {
    let line = text.lines().nth(line_of(text, at) - 1).unwrap_or_default().trim();
    excerpt(line.split_once('=').map_or(line, |(key, _)| key.trim()), 60)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_documented_example_parses() {
        let docs = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sandbox.md"));
        let blocks: Vec<&str> = docs
            .split("```toml\n")
            .skip(1)
            .filter_map(|b| b.split_once("```").map(|(toml, _)| toml))
            .collect();
        assert!(blocks.len() >= 2);
        for block in blocks {
            Script::parse("docs/sandbox.md", block).unwrap();
        }
    }

    #[rstest]
    #[case::no_toml("rule = [", 1, "rule")]
    #[case::unknown_top("sed = 1", 1, "sed")]
    #[case::unknown_world("[world]\ncurency = \"USD\"", 2, "curency")]
    #[case::currency("[world]\ncurrency = \"DOL\"", 2, "currency")]
    #[case::zone("[world]\ntimezone = \"Mars/Base\"", 1, "world.timezone")]
    #[case::limit("[world.limits]\nmax_score = 0", 1, "world.limits.max_score")]
    #[case::account("[[world.account]]\nid = \"123\"", 1, "world.account.id")]
    #[case::unknown_rule("[[rule]]\naction = \"drop_after\"\nevery = 2", 3, "every")]
    #[case::no_action("[[rule]]\nnth = 1", 1, "[[rule]]")]
    #[case::unknown_action("[[rule]]\naction = \"explode\"", 2, "action")]
    #[case::action_field("[[rule]]\naction = { late = { minutes = 2 } }", 2, "action")]
    #[case::seconds("[[rule]]\naction = { late = { seconds = -1.0 } }", 2, "action")]
    #[case::status("\n\n[[rule]]\naction = { http = { status = 42 } }", 4, "action.status")]
    #[case::nth("[[rule]]\naction = \"twin\"\nnth = 0", 3, "nth")]
    #[case::range("[[rule]]\naction = \"twin\"\nafter = 3\nbefore = 4", 4, "before")]
    #[case::chance("[[rule]]\naction = \"twin\"\nprobability = 1.5", 3, "probability")]
    #[case::method("[[rule]]\naction = \"twin\"\nmethod = \"PUT\"", 3, "method")]
    fn bad_files_are_refused_with_line_and_field(#[case] text: &str, #[case] line: usize, #[case] field: &str) {
        let error = Script::parse("f.toml", text).unwrap_err();
        assert_eq!((error.line, error.field.as_str()), (line, field), "{error}");
        assert!(error.to_string().starts_with("f.toml:") && !error.reason.is_empty());
    }
}
