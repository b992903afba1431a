//! What goes wrong, by script: rules that match requests, and what happens to a request a rule fires on.
//!
//! Invariant: whether a rule fires depends on the script's seed, the rule's place and how many requests it has matched
//! so far. Requests other rules match do not change it.

use std::time::Duration;

use serde::Deserialize;

use super::world::Subject;
use crate::{
    engine::model::platform::{AccountId, ObjectKind},
    platforms::{Method, WireRequest},
};

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Refused as over the limit; nothing is done.
    RateLimit {
        /// The platform's code.
        #[serde(default = "business_limit")]
        code: i64,
        /// The platform's subcode.
        #[serde(default)]
        subcode: Option<i64>,
        /// Minutes the usage header says to wait.
        #[serde(default)]
        minutes: u64,
        /// Seconds the account's own usage header says to wait, instead of minutes.
        #[serde(default)]
        seconds: Option<u64>,
    },
    /// Answered with this HTTP status.
    Http {
        /// The status.
        status: u16,
        /// Decided before the platform did anything (`true`) or after it did everything (`false`).
        #[serde(default)]
        before: bool,
        /// The body; the platform's usual words for such a status when absent.
        #[serde(default)]
        body: Option<String>,
    },
    /// Done, then the connection is closed without an answer.
    DropAfter,
    /// The connection is closed without an answer; nothing is done.
    DropBefore,
    /// The connection is closed now, and the request is done so many seconds later.
    Late {
        /// How much later.
        seconds: Seconds,
    },
    /// Done twice, then the connection is closed without an answer: two objects with one name.
    Twin,
    /// Done; the head of the answer comes at once, its body only after so many seconds.
    SlowBody {
        /// How slow.
        seconds: Seconds,
    },
    /// Done; the connection is closed in the middle of the answer's body.
    CutBody,
    /// Done at once, answered so many seconds later.
    Delay {
        /// How much later.
        seconds: Seconds,
    },
    /// Refused as if the token had expired; nothing is done.
    BadToken,
    /// Refused with this error; nothing is done.
    Error {
        /// The platform's code.
        code: i64,
        /// The platform's subcode.
        #[serde(default)]
        subcode: Option<i64>,
        /// HTTP status.
        #[serde(default = "bad_request")]
        status: u16,
        /// The error's text.
        #[serde(default)]
        message: Option<String>,
        /// The field to blame.
        #[serde(default)]
        field: Option<String>,
        /// The platform says that trying again may help.
        #[serde(default)]
        transient: bool,
    },
}

const fn business_limit() -> i64 {
    80004
}

const fn bad_request() -> u16 {
    400
}

impl Action {
    /// The word in scripts and records.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::RateLimit { .. } => "rate_limit",
            Self::Http { .. } => "http",
            Self::DropAfter => "drop_after",
            Self::DropBefore => "drop_before",
            Self::Late { .. } => "late",
            Self::Twin => "twin",
            Self::SlowBody { .. } => "slow_body",
            Self::CutBody => "cut_body",
            Self::Delay { .. } => "delay",
            Self::BadToken => "bad_token",
            Self::Error { .. } => "error",
        }
    }
}

/// A length of time written as a number of seconds, fractions allowed, 0 to 86,400.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Seconds(pub Duration);

impl TryFrom<f64> for Seconds {
    type Error = String;
    fn try_from(seconds: f64) -> Result<Self, String> {
        if (0.0..=86_400.0).contains(&seconds) {
            Ok(Self(Duration::from_secs_f64(seconds)))
        } else {
            Err(format!("{seconds} is not a number of seconds from 0 to 86400"))
        }
    }
}

/// Which requests a rule is for. Absent = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// The method.
    pub method: Option<Method>,
    /// The path without version; `*` stands for anything.
    pub path: Option<String>,
    /// What the request makes, changes or reads.
    pub kind: Option<ObjectKind>,
    /// The account it is for.
    pub account: Option<AccountId>,
    /// The name the request carries; `*` stands for anything.
    pub name: Option<String>,
}

impl Match {
    fn fits(&self, request: &WireRequest, subject: &Subject) -> bool {
        let same = |want: &Option<String>, have: Option<&str>| {
            want.as_deref().is_none_or(|w| have.is_some_and(|h| glob(w, h)))
        };
        self.method.is_none_or(|m| m == request.method)
            && same(&self.path, Some(&request.path))
            && same(&self.name, subject.name.as_deref())
            && self.kind.is_none_or(|k| subject.kind == Some(k))
            && self
                .account
                .as_ref()
                .is_none_or(|a| subject.account.as_ref() == Some(a))
    }
}

/// `*` stands for any run of characters, everything else for itself.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(head) else {
        return false;
    };
    // What follows the star is tried at every later place; patterns are short.
    loop {
        if glob(rest, left) {
            return true;
        }
        let mut chars = left.chars();
        if chars.next().is_none() {
            return false;
        }
        left = chars.as_str();
    }
}

/// One rule. The counts are of the requests its match fits, from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// For the record; the action's word when absent.
    pub label: Option<String>,
    /// Which requests.
    pub matches: Match,
    /// Only this one.
    pub nth: Option<u64>,
    /// Only later ones than this.
    pub after: Option<u64>,
    /// Only earlier ones than this.
    pub before: Option<u64>,
    /// How often it may fire.
    pub times: Option<u64>,
    /// How likely it fires, 0 to 1.
    pub probability: Option<f64>,
    /// What then happens.
    pub action: Action,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Fired {
    /// For the record.
    pub label: String,
    /// What happens.
    pub action: Action,
}

/// The rules with their counters.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    seed: u64,
    rules: Vec<(Rule, Counters)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counters {
    matched: u64,
    fired: u64,
}

impl Faults {
    /// Rules in order; the first that fires on a request decides.
    pub fn new(seed: u64, rules: Vec<Rule>) -> Self {
        Self {
            seed,
            rules: rules.into_iter().map(|r| (r, Counters::default())).collect(),
        }
    }

    /// What happens to a request; `None` = nothing goes wrong.
    pub fn decide(&mut self, request: &WireRequest, subject: &Subject) -> Option<Fired> {
        let seed = self.seed;
        let mut fired = None;
        for (place, (rule, count)) in (1_u64..).zip(&mut self.rules) {
            if !rule.matches.fits(request, subject) {
                continue;
            }
            count.matched += 1;
            let n = count.matched;
            let due = rule.nth.is_none_or(|want| n == want)
                && rule.after.is_none_or(|a| n > a)
                && rule.before.is_none_or(|b| n < b)
                && rule.times.is_none_or(|t| count.fired < t)
                && rule.probability.is_none_or(|p| roll(seed, place, n) < p);
            if due && fired.is_none() {
                count.fired += 1;
                fired = Some(Fired {
                    label: rule.label.clone().unwrap_or_else(|| rule.action.as_str().to_owned()),
                    action: rule.action.clone(),
                });
            }
        }
        fired
    }
}

/// A number in 0..1 that depends on its arguments only.
fn roll(seed: u64, place: u64, n: u64) -> f64 {
    let mixed = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(place.wrapping_mul(0xbf58_476d_1ce4_e5b9))
        .wrapping_add(n.wrapping_mul(0x94d0_49bb_1331_11eb));
    fastrand::Rng::with_seed(mixed).f64()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platforms::Body;

    #[rstest]
    #[case("/act_*/campaigns", "/act_1/campaigns", true)]
    #[case("/act_*/campaigns", "/act_1/adsets", false)]
    #[case("*Launch*", "DIS_US_Launch", true)]
    #[case("*", "", true)]
    #[case("a*b*c", "a-b-b-c", true)]
    #[case("a*b", "a-b-c", false)]
    #[case("exact", "exactly", false)]
    #[case("é*", "éé", true)]
    fn globs(#[case] pattern: &str, #[case] text: &str, #[case] fits: bool) {
        assert_eq!(glob(pattern, text), fits);
    }

    fn rule(action: Action) -> Rule {
        Rule {
            label: None,
            matches: Match::default(),
            nth: None,
            after: None,
            before: None,
            times: None,
            probability: None,
            action,
        }
    }

    fn request() -> WireRequest {
        WireRequest {
            method: Method::Post,
            path: "/act_1/campaigns".into(),
            query: vec![],
            headers: vec![],
            body: Body::Empty,
        }
    }

    fn pattern(seed: u64, rules: Vec<Rule>, n: usize) -> String {
        let mut faults = Faults::new(seed, rules);
        (0..n)
            .map(|_| match faults.decide(&request(), &Subject::default()) {
                None => '.',
                Some(f) if f.action == Action::DropAfter => 'A',
                Some(_) => 'b',
            })
            .collect()
    }

    #[test]
    fn counts_choose_which_requests_a_rule_fires_on() {
        let with = |f: fn(&mut Rule)| {
            let mut r = rule(Action::DropAfter);
            f(&mut r);
            pattern(0, vec![r], 6)
        };
        assert_eq!(with(|_| ()), "AAAAAA");
        assert_eq!(with(|r| r.nth = Some(2)), ".A....");
        assert_eq!(with(|r| r.after = Some(2)), "..AAAA");
        assert_eq!(with(|r| (r.after, r.before) = (Some(1), Some(4))), ".AA...");
        assert_eq!(with(|r| (r.after, r.times) = (Some(1), Some(2))), ".AA...");
        assert_eq!(with(|r| r.matches.method = Some(Method::Get)), "......");
    }

    #[test]
    fn the_first_rule_wins_and_every_rule_counts_every_match() {
        let mut first = rule(Action::DropAfter);
        first.nth = Some(2);
        let mut second = rule(Action::CutBody);
        second.after = Some(1);
        second.times = Some(2);
        assert_eq!(pattern(0, vec![first, second], 5), ".Abb.");
    }

    #[test]
    fn chance_depends_on_the_seed_only() {
        let rules = || {
            let mut r = rule(Action::DropAfter);
            r.probability = Some(0.3);
            vec![r]
        };
        let one = pattern(1, rules(), 400);
        assert_eq!(one, pattern(1, rules(), 400));
        assert_ne!(one, pattern(2, rules(), 400));
        let hits = one.matches('A').count();
        assert!((80..160).contains(&hits), "{hits} of 400 at 30 %");
    }
}
