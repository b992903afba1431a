//! The fault file: TOML with a `[world]` and `[[rule]]`s. `docs/sandbox.md` describes it for people.
//!
//! Invariant: a file is taken whole or refused with file, line, field and reason; nothing in it is ignored.

use std::path::Path;

use serde::Deserialize;

use super::{
    config::WorldConfig,
    faults::{Action, Faults, Match, Rule},
};
use crate::{
    engine::model::{
        path::FieldPath,
        platform::{AccountId, ObjectKind},
        sanitise::excerpt,
    },
    platforms::Method,
    textfile::{FileProblem, TextFile},
};

/// A parsed fault file.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The world to begin with.
    pub world: WorldConfig,
    /// What goes wrong.
    pub faults: Faults,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    world: WorldConfig,
    #[serde(default, rename = "rule")]
    rules: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    label: Option<String>,
    method: Option<MethodWord>,
    path: Option<String>,
    kind: Option<ObjectKind>,
    account: Option<AccountId>,
    name: Option<String>,
    nth: Option<u64>,
    after: Option<u64>,
    before: Option<u64>,
    times: Option<u64>,
    probability: Option<f64>,
    action: Action,
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

impl From<MethodWord> for Method {
    fn from(word: MethodWord) -> Self {
        match word {
            MethodWord::Get => Self::Get,
            MethodWord::Post => Self::Post,
            MethodWord::Delete => Self::Delete,
        }
    }
}

/// What is wrong with one field: where, why, what to do.
struct Wrong(String, String, &'static str);

impl Script {
    /// Reads a fault file.
    pub fn read(path: &Path) -> Result<Self, FileProblem> {
        Self::of(&TextFile::read(path)?)
    }

    /// Parses the text of a fault file; `name` is for messages. In an empty text nothing goes wrong.
    pub fn parse(name: &str, text: &str) -> Result<Self, FileProblem> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        Self::of(&TextFile::from_bytes(name, text.as_bytes().to_vec())?)
    }

    fn of(file: &TextFile) -> Result<Self, FileProblem> {
        let parsed: FileText = file.parse()?;
        let place = |Wrong(field, reason, remedy)| file.problem_at(&FieldPath::new(field), reason, remedy);
        check_world(&parsed.world).map_err(place)?;
        let rules = parsed.rules.into_iter().enumerate();
        let rules = rules
            .map(|(n, rule)| check_rule(n, &rule).map(|()| of_text(rule)).map_err(place))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            world: parsed.world,
            faults: Faults::new(parsed.seed, rules),
        })
    }
}

fn of_text(r: RuleText) -> Rule {
    Rule {
        label: r.label,
        matches: Match {
            method: r.method.map(Method::from),
            path: r.path,
            kind: r.kind,
            account: r.account,
            name: r.name,
        },
        nth: r.nth,
        after: r.after,
        before: r.before,
        times: r.times,
        probability: r.probability,
        action: r.action,
    }
}

fn check_rule(n: usize, rule: &RuleText) -> Result<(), Wrong> {
    let wrong = |field: &str, reason: String, remedy| Err(Wrong(format!("rule[{n}].{field}"), reason, remedy));
    if rule.nth == Some(0) {
        return wrong("nth", "0 is no request".to_owned(), "counting begins with 1");
    }
    let after = rule.after.unwrap_or(0);
    if let Some(before) = rule.before.filter(|b| *b <= after + 1) {
        let reason = format!("no request is after {after} and before {before}");
        return wrong("before", reason, "leave at least one between them");
    }
    if let Some(p) = rule.probability.filter(|p| !(0.0..=1.0).contains(p)) {
        return wrong(
            "probability",
            format!("{p} is not a probability"),
            "write a number from 0 to 1",
        );
    }
    match rule.action {
        Action::RateLimit {
            minutes: 1..,
            seconds: Some(_),
            ..
        } => wrong(
            "action",
            "a wait in minutes and one in seconds".to_owned(),
            "keep one of them",
        ),
        Action::Http { status, .. } | Action::Error { status, .. } if !(200..=599).contains(&status) => wrong(
            "action",
            format!("{status} is not the status of an answer"),
            "write an HTTP status from 200 to 599",
        ),
        _ => Ok(()),
    }
}

fn check_world(world: &WorldConfig) -> Result<(), Wrong> {
    let zone = |field: String, name: &str| match jiff::tz::TimeZone::get(name) {
        Ok(_) => Ok(()),
        Err(_) => Err(Wrong(
            field,
            format!("\"{}\" is not a time zone", excerpt(name, 40)),
            "write an IANA zone such as Europe/Berlin",
        )),
    };
    zone("world.timezone".to_owned(), &world.timezone)?;
    for (field, value) in [
        ("max_score", world.limits.max_score),
        ("decay_seconds", world.limits.decay_seconds),
    ] {
        if value == 0 {
            let reason = "0 would refuse every call".to_owned();
            return Err(Wrong(format!("world.limits.{field}"), reason, "write at least 1"));
        }
    }
    for (n, account) in world.accounts.iter().enumerate() {
        let at = |field: &str| format!("world.account[{n}].{field}");
        if !super::meta::is_account_id(account.id.as_str()) {
            let reason = format!("\"{}\" is not an ad account", account.id);
            return Err(Wrong(at("id"), reason, "write act_ and digits"));
        }
        if world.accounts.iter().take(n).any(|a| a.id == account.id) {
            return Err(Wrong(
                at("id"),
                format!("{} is there twice", account.id),
                "keep one of them",
            ));
        }
        if let Some(name) = &account.timezone {
            zone(at("timezone"), name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_demo_script_parses() {
        let demo = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/faults.toml"));
        Script::parse("assets/demo/faults.toml", demo).unwrap();
    }

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
    #[case::unknown_world("[world]\ncurency = \"USD\"", 2, "world.curency")]
    #[case::currency("[world]\ncurrency = \"DOL\"", 2, "world.currency")]
    #[case::zone("[world]\ntimezone = \"Mars/Base\"", 2, "world.timezone")]
    #[case::limit("[world.limits]\nmax_score = 0", 2, "world.limits.max_score")]
    #[case::account("[[world.account]]\nid = \"123\"", 2, "world.account[0].id")]
    #[case::twice(
        "[[world.account]]\nid = \"act_1\"\n[[world.account]]\nid = \"act_1\"",
        4,
        "world.account[1].id"
    )]
    #[case::unknown_rule("[[rule]]\naction = \"drop_after\"\nevery = 2", 3, "rule[0].every")]
    #[case::no_action("[[rule]]\nnth = 1", 1, "rule")]
    #[case::unknown_action("[[rule]]\naction = \"explode\"", 2, "rule[0].action")]
    #[case::action_field("[[rule]]\naction = { late = { minutes = 2 } }", 2, "rule[0].action.late.minutes")]
    #[case::seconds("[[rule]]\naction = { late = { seconds = -1.0 } }", 2, "rule[0].action.late.seconds")]
    #[case::status("\n\n[[rule]]\naction = { http = { status = 42 } }", 4, "rule[0].action")]
    #[case::two_waits(
        "[[rule]]\naction = { rate_limit = { minutes = 1, seconds = 5 } }",
        2,
        "rule[0].action"
    )]
    #[case::nth("[[rule]]\naction = \"twin\"\nnth = 0", 3, "rule[0].nth")]
    #[case::range("[[rule]]\naction = \"twin\"\nafter = 3\nbefore = 4", 4, "rule[0].before")]
    #[case::chance("[[rule]]\naction = \"twin\"\nprobability = 1.5", 3, "rule[0].probability")]
    #[case::method("[[rule]]\naction = \"twin\"\nmethod = \"PUT\"", 3, "rule[0].method")]
    fn bad_files_are_refused_with_line_and_field(#[case] text: &str, #[case] line: usize, #[case] field: &str) {
        let error = Script::parse("f.toml", text).unwrap_err();
        let shown = error.field.as_ref().map_or("", |f| f.as_str());
        assert_eq!((error.line, shown), (Some(line), field), "{error}");
        assert!(error.to_string().starts_with("f.toml:") && !error.reason.is_empty());
    }
}
