//! The filter people type after `/`: `status:qa-failed platform:meta !owner:ana spring`.

pub mod sketch;

use serde::{Deserialize, Serialize};
use sketch::Bits;

use super::card::Card;
use crate::engine::model::{
    deploy::{StepState, Why},
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
    bits: Bits,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Test {
    /// Free word: the number, or anywhere in name, owner, failure. Lower case.
    Word(String),
    Status(Status),
    /// The state of the step at hand.
    Step(StepState),
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
                    field.test(fold(value))
                }
                None => Test::Word(part.to_lowercase()),
            };
            let bits = Bits::of(&test);
            terms.push(Term { not, test, bits });
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
                // What is known of cards without looking is asked about the name, too.
                term.bits = Bits::of(&term.test);
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

    /// False when no card of a status can match: whole lists are left out by it.
    pub fn may_hold(&self, status: Status) -> bool {
        self.terms.iter().all(|t| match t.test {
            Test::Status(wanted) => (wanted == status) != t.not,
            _ => true,
        })
    }

    /// True when the card passes every term. Asked of every ticket there is, so it keeps no text of its own.
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

    /// The test for a folded value, with what can be known before the first card.
    fn test(self, value: String) -> Test {
        let status = || Status::ALL.iter().find(|s| same(s.as_str(), &value));
        match self {
            Self::Status => status().map(|s| Test::Status(*s)),
            Self::State => serde_json::from_value(value.as_str().into()).ok().map(Test::Step),
            _ => None,
        }
        .unwrap_or(Test::Field(self, value))
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

/// True when a text, folded, is this folded one.
fn same(text: &str, folded: &str) -> bool {
    if text.is_ascii() {
        text.len() == folded.len() && text.bytes().map(fold_byte).eq(folded.bytes())
    } else {
        fold(text) == folded
    }
}

const fn fold_byte(byte: u8) -> u8 {
    if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() }
}

/// True when a lower-case word is somewhere in a text of any case.
fn holds(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let text = text.as_bytes();
    let Some((first, rest)) = word.as_bytes().split_first() else {
        return true;
    };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text).any(|at| {
        let follows = text.get(at + 1..).and_then(|t| t.get(..rest.len()));
        follows.is_some_and(|t| t.eq_ignore_ascii_case(rest))
    })
}

/// True when a word is exactly this number.
fn is_number(no: u32, word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) && word.parse() == Ok(no)
}

impl Test {
    fn matches(&self, card: &Card) -> bool {
        match self {
            Self::Word(w) => {
                holds(&card.name, w)
                    || is_number(card.no.0, w)
                    || holds(&card.assignee, w)
                    || card.failure.as_ref().is_some_and(|f| holds(f, w))
            }
            Self::Status(status) => card.status == *status,
            Self::Step(state) => card.deploy.as_ref().is_some_and(|d| d.state == *state),
            Self::Field(field, v) => match field {
                Field::Status => same(card.status.as_str(), v),
                Field::Platform => same(card.platform.as_str(), v),
                Field::Market => same(&card.market, v),
                Field::Brand => same(&card.brand, v),
                Field::Channel => same(&card.channel, v),
                Field::Campaign => campaign(card, v),
                Field::Account => same(card.account.as_str(), v),
                Field::Owner => same(&card.assignee, v),
                Field::By => same(&card.updated_by, v),
                // A rule of the house may be named as its author named it.
                Field::Rule => {
                    (card.rules.iter()).any(|r| same(r, v) || r.strip_prefix("house.").is_some_and(|r| same(r, v)))
                }
                Field::Author => same(&card.author, v),
                Field::Watching => card.watchers.iter().any(|name| same(name, v)),
                Field::Request => same(card.request.as_str(), v),
                Field::Priority => same(card.priority.as_str(), v),
                Field::Needs if v == "approval" => card.waits_for_approval(),
                Field::Needs => card
                    .deploy
                    .as_ref()
                    .is_some_and(|d| matches!(d.why, Why::NeedsOperator { .. })),
                Field::No => is_number(card.no.0, v),
                Field::State if v == "open" => card.status.is_open(),
                Field::State => v == "failed" && card.status == Status::Failed,
            },
        }
    }
}

/// By id, by the name without its channel (`DIS_US_2026_MoanaLaunch`), or by its last part. `v` is folded.
fn campaign(card: &Card, v: &str) -> bool {
    let last = card.name.rsplit(['_', '-']).next();
    let rest = [&card.brand, &card.market, &card.channel]
        .into_iter()
        .try_fold(card.name.as_str(), |name, code| after_code(name, code));
    let wanted = [&card.brand, &card.market]
        .into_iter()
        .try_fold(v, |v, code| after_code(v, code));
    last.is_some_and(|last| same(last, v))
        || rest.zip(wanted).is_some_and(|(rest, wanted)| same(rest, wanted))
        // Only a text as long as an id is worth spelling one out.
        || v.len() == 36 && same(&card.campaign.to_string(), v)
}

/// What follows a code and its `_`. Codes are ASCII.
fn after_code<'a>(text: &'a str, code: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(code.len())?;
    let fits = start.bytes().map(fold_byte).eq(code.bytes().map(fold_byte));
    rest.strip_prefix(['_', '-']).filter(|_| fits)
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
    #[case("ACM_DE_META_2026_SpringSale", "springs", true)]
    #[case("ACM_DE_META_2026_SpringSale", "sale", true)]
    #[case("ACM_DE_META_2026_SpringSale", "salem", false)]
    #[case("ssprin", "sprint", false)]
    #[case("Größe XL", "größe", true)]
    #[case("GRÖSSE", "grösse", true)]
    #[case("abc", "ö", false)]
    #[case("", "a", false)]
    fn words_are_found_in_any_case(#[case] text: &str, #[case] word: &str, #[case] found: bool) {
        assert_eq!(holds(text, word), found);
        assert_eq!(text.to_lowercase().contains(word), found);
    }

    #[rstest::rstest]
    #[case("US_EN", "us-en", true)]
    #[case("us-en", "US_EN", true)]
    #[case("US_EN", "us_e", false)]
    #[case("ÄB-C", "äb_c", true)]
    fn values_are_compared_folded(#[case] text: &str, #[case] value: &str, #[case] is: bool) {
        assert_eq!(same(text, &fold(value)), is);
    }

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
