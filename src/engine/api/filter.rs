//! The filter people type after `/`: `status:qa-failed platform:meta !owner:ana spring`.

use serde::{Deserialize, Serialize};

use super::card::Card;
use crate::engine::model::{
    deploy::Why,
    platform::PlatformId,
    sanitise::excerpt,
    ticket::{Priority, RequestType, Status},
};

/// A parsed filter. Text in JSON; an empty one matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Term {
    not: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Test {
    /// Free word: anywhere in number, name, owner, failure, rules.
    Word(String),
    Field(Field, String),
}

macro_rules! fields {
    ($($variant:ident = $word:literal, $help:literal);+ $(;)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        enum Field { $($variant),+ }
        impl Field {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$variant, $word)),+];
        }
        /// Field names a filter knows, with a word of help: completion and docs read this.
        pub const FIELDS: &[(&str, &str)] = &[$(($word, $help)),+];
    };
}

fields! {
    Status = "status", "draft, qa-failed, ready-for-api, deploying, ...";
    Platform = "platform", "meta, tiktok, google_ads";
    Market = "market", "a market code";
    Brand = "brand", "a brand code";
    Channel = "channel", "a channel code";
    Campaign = "campaign", "a campaign's name without its channel, its last part, or its id";
    Account = "account", "an account id";
    Owner = "owner", "who takes care of it, or me";
    By = "by", "who changed it last, or me";
    Rule = "rule", "a QA rule that found something";
    Request = "request", "create, update-budget, pause, resume, archive";
    Priority = "priority", "low, normal, high, urgent";
    State = "state", "a step's state: unknown, needs-operator, ...; or open, failed";
    No = "no", "a ticket number";
    Needs = "needs", "approval: ready but for approvals; answer: the executor asks";
    Author = "author", "who wrote it, or me";
    Watching = "watching", "who hears of it, or me";
}

impl Filter {
    /// Parses. Refuses unknown fields by name, so that a typing error does not look like "no tickets".
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > 500 {
            return Err("a filter has at most 500 characters".to_owned());
        }
        let mut terms = Vec::new();
        for part in text.split_whitespace() {
            let (not, part) = part.strip_prefix('!').map_or((false, part), |rest| (true, rest));
            if part.is_empty() {
                return Err("\"!\" needs a word after it".to_owned());
            }
            let test = match part.split_once(':') {
                Some((field, value)) => {
                    let known = Field::ALL.iter().find(|(_, word)| word.eq_ignore_ascii_case(field));
                    let Some((field, word)) = known else {
                        let names: Vec<_> = FIELDS.iter().map(|(w, _)| *w).collect();
                        return Err(format!(
                            "\"{}\" is not a filter field; known: {}",
                            excerpt(field, 24),
                            names.join(", ")
                        ));
                    };
                    if value.is_empty() {
                        return Err(format!("{word}: needs a value"));
                    }
                    field.check(value)?;
                    Test::Field(*field, fold(value))
                }
                None => Test::Word(part.to_lowercase()),
            };
            terms.push(Term { not, test });
        }
        Ok(Self {
            text: text.trim().to_owned(),
            terms,
        })
    }

    /// Puts a name in the place of `me`. The text stays as it was typed.
    #[must_use]
    pub fn asked_by(mut self, name: &str) -> Self {
        for term in &mut self.terms {
            if let Test::Field(Field::Owner | Field::By | Field::Author | Field::Watching, value) = &mut term.test
                && value == ME
            {
                *value = fold(name);
            }
        }
        self
    }

    /// The text it was parsed from.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True when it matches everything.
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// True when the card passes every term.
    pub fn matches(&self, card: &Card) -> bool {
        self.terms.iter().all(|t| t.test.matches(card) != t.not)
    }
}

impl Field {
    /// Values that come from a fixed list are checked, so that a typing error does not look like "nothing fits".
    fn check(self, value: &str) -> Result<(), String> {
        match self {
            Self::Status => one_of(value, "status", Status::ALL.iter().map(|s| s.as_str())),
            Self::Request => one_of(value, "request type", RequestType::ALL.iter().map(|r| r.as_str())),
            Self::Priority => one_of(value, "priority", Priority::ALL.iter().map(|p| p.as_str())),
            Self::Platform => fold(value).parse::<PlatformId>().map(drop),
            Self::State => one_of(value, "state", STATES.into_iter()),
            Self::Needs => one_of(value, "need", NEEDS.into_iter()),
            _ => Ok(()),
        }
    }
}

/// Refuses a value that is not in its list; the list is spelled as people type it.
fn one_of(value: &str, what: &str, known: impl Iterator<Item = &'static str> + Clone) -> Result<(), String> {
    let folded = fold(value);
    if known.clone().any(|k| fold(k) == folded) {
        return Ok(());
    }
    let words: Vec<String> = known.map(|k| fold(k).replace('_', "-")).collect();
    Err(format!(
        "\"{}\" is not a {what}; known: {}",
        excerpt(value, 24),
        words.join(", ")
    ))
}

/// What `state:` takes: open, failed, or the state of the step at hand.
const STATES: [&str; 11] = [
    "open",
    "failed",
    "planned",
    "intent",
    "unknown",
    "reconciling",
    "confirmed",
    "rejected",
    "needs_operator",
    "abandoned",
    "compensated",
];

/// Whoever asks, where a person is asked for.
const ME: &str = "me";

/// What `needs:` takes.
const NEEDS: [&str; 2] = ["approval", "answer"];

/// Case and `-`/`_` do not matter in values.
fn fold(s: &str) -> String {
    s.to_lowercase().replace('-', "_")
}

impl Test {
    fn matches(&self, card: &Card) -> bool {
        let eq = |a: &str, b: &str| fold(a) == *b;
        match self {
            Self::Word(w) => {
                card.name.to_lowercase().contains(w)
                    || card.no.to_string() == *w
                    || card.assignee.to_lowercase().contains(w)
                    || card.failure.as_ref().is_some_and(|f| f.to_lowercase().contains(w))
            }
            Self::Field(field, v) => match field {
                Field::Status => eq(card.status.as_str(), v),
                Field::Platform => eq(card.platform.as_str(), v),
                Field::Market => eq(&card.market, v),
                Field::Brand => eq(&card.brand, v),
                Field::Channel => eq(&card.channel, v),
                Field::Campaign => campaign(card, v),
                Field::Account => eq(card.account.as_str(), v),
                Field::Owner => eq(&card.assignee, v),
                Field::By => eq(&card.updated_by, v),
                // A rule of the house may be named as its author named it.
                Field::Rule => {
                    (card.rules.iter()).any(|r| eq(r, v) || r.strip_prefix("house.").is_some_and(|r| eq(r, v)))
                }
                Field::Author => eq(&card.author, v),
                Field::Watching => card.watchers.iter().any(|name| eq(name, v)),
                Field::Request => eq(card.request.as_str(), v),
                Field::Priority => eq(card.priority.as_str(), v),
                Field::Needs if v == "approval" => card.waits_for_approval(),
                Field::Needs => card
                    .deploy
                    .as_ref()
                    .is_some_and(|d| matches!(d.why, Why::NeedsOperator { .. })),
                Field::No => card.no.to_string() == *v,
                Field::State => match v.as_str() {
                    "open" => card.status.is_open(),
                    "failed" => card.status == Status::Failed,
                    state => card.deploy.as_ref().is_some_and(|d| {
                        serde_json::to_value(d.state)
                            .ok()
                            .and_then(|s| s.as_str().map(|s| s == state))
                            .unwrap_or(false)
                    }),
                },
            },
        }
    }
}

/// By id, by the name without its channel (`DIS_US_2026_MoanaLaunch`), or by its last part. `v` is folded.
fn campaign(card: &Card, v: &str) -> bool {
    let name = fold(&card.name);
    let start = fold(&format!("{}_{}_{}_", card.brand, card.market, card.channel));
    let without_channel = name
        .strip_prefix(&start)
        .map(|rest| fold(&format!("{}_{}_{rest}", card.brand, card.market)));
    without_channel.as_deref() == Some(v)
        || name.rsplit('_').next() == Some(v)
        || fold(&card.campaign.to_string()) == *v
}

impl TryFrom<String> for Filter {
    type Error = String;
    fn try_from(s: String) -> Result<Self, String> {
        Self::parse(&s)
    }
}

impl From<Filter> for String {
    fn from(f: Filter) -> Self {
        f.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::field("stauts:draft", "is not a filter field")]
    #[case::status("status:nonsense", "is not a status")]
    #[case::state("state:sleeping", "is not a state")]
    #[case::platform("platform:myspace", "is not a platform")]
    #[case::priority("priority:now", "is not a priority")]
    #[case::needs("needs:sleep", "is not a need")]
    #[case::empty("status:", "needs a value")]
    #[case::bang("!", "needs a word")]
    fn typing_errors_are_said(#[case] text: &str, #[case] words: &str) {
        let refusal = Filter::parse(text).unwrap_err();
        assert!(refusal.contains(words), "{refusal}");
    }

    #[rstest::rstest]
    #[case("status:qa-failed !platform:google-ads state:NEEDS-OPERATOR priority:high request:update_budget")]
    #[case("market:us_en spring 1042 needs:approval !needs:answer")]
    #[case("")]
    fn good_ones_are_kept_as_typed(#[case] text: &str) {
        let filter = Filter::parse(text).unwrap();
        assert_eq!(filter.as_str(), text);
        assert_eq!(Filter::try_from(String::from(filter.clone())), Ok(filter));
    }
}
