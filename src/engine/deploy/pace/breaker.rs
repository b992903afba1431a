//! A circuit breaker: who failed five of the last ten calls is left alone for a while, then asked with one read.
//!
//! A failure is an exchange without an answer, or a 5xx. A rate limit is an answer.
//!
//! Invariants
//! - While it is open nothing is sent; half-open, one read is, and never a create.
//! - The wait doubles with every probe that fails, up to ten minutes, and starts anew after one that works.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::engine::model::time::Timestamp;

/// Calls that are remembered ...
const WINDOW: usize = 10;
/// ... and failures among them that open it.
const FAILURES: usize = 5;
/// First wait.
const FIRST: Duration = Duration::from_secs(30);
/// Longest wait.
const LONGEST: Duration = Duration::from_secs(600);
/// A probe nobody heard of again does not block the next one for longer than this.
const PROBE_LOST: Duration = Duration::from_secs(60);
/// Open accounts of one platform that open the platform's own breaker.
pub const ACCOUNTS: usize = 3;

/// What it lets through now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Anything.
    All,
    /// One read, by whoever asked; the others wait.
    Probe,
    /// Nothing until then.
    Nothing(Timestamp),
}

/// What came instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Silence {
    /// A status of 500 or more.
    Status(u16),
    /// The request left, and nothing came back.
    Lost,
    /// The request never left.
    Unreached,
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Lost => f.write_str("no answer"),
            Self::Unreached => f.write_str("not reached"),
        }
    }
}

/// How often what came instead of an answer: `4 x 503, 1 x no answer`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<Silence, u32>);

impl Tally {
    /// Takes in another one: of the accounts of one platform.
    pub fn add(&mut self, other: &Self) {
        for (what, n) in &other.0 {
            *self.0.entry(*what).or_default() += n;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What happened most comes first.
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        for (at, (what, n)) in all.into_iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{n} x {what}")?;
        }
        Ok(())
    }
}

/// What opened a breaker, and when: kept until it is closed, however many probes fail meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Since when it lets nothing through.
    pub since: Timestamp,
    /// After which failures.
    pub after: Tally,
}

/// How a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// Calls go through.
    #[default]
    Closed,
    /// Nothing goes through.
    Open,
    /// One read asks whether it is over.
    HalfOpen,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        until: Timestamp,
    },
    Probing {
        until: Timestamp,
    },
}

/// One breaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// The last calls while closed; what came instead of an answer, if none came.
    recent: VecDeque<Option<Silence>>,
    state: State,
    opened: Option<Opened>,
    /// Openings since it was last closed.
    trips: u32,
}

impl Breaker {
    /// What may be sent now. [`Pass::Probe`] is given once: whoever gets it must report with [`Self::probed`].
    pub fn pass(&mut self, now: Timestamp) -> Pass {
        match self.state {
            State::Closed => Pass::All,
            State::Open { until } | State::Probing { until } if until > now => Pass::Nothing(until),
            State::Open { .. } | State::Probing { .. } => {
                self.state = State::Probing {
                    until: now.plus(PROBE_LOST),
                };
                Pass::Probe
            }
        }
    }

    /// Takes in how an ordinary call went; `true` when that opened it.
    pub fn called(&mut self, silence: Option<Silence>, now: Timestamp) -> bool {
        if self.state != State::Closed {
            // Sent before it opened: it opened because of such calls.
            return false;
        }
        self.recent.push_back(silence);
        if self.recent.len() > WINDOW {
            self.recent.pop_front();
        }
        if self.failures() < FAILURES {
            return false;
        }
        let mut after = Tally::default();
        for silence in self.recent.iter().flatten() {
            *after.0.entry(*silence).or_default() += 1;
        }
        self.open(after, now);
        true
    }

    /// Takes in how a probe went; `true` when it stays open.
    pub fn probed(&mut self, failed: bool, now: Timestamp) -> bool {
        if failed {
            self.open(Tally::default(), now);
        } else {
            *self = Self::default();
        }
        failed
    }

    /// Opens it, for longer than last time. What it was opened for first is what it stays open for.
    pub fn open(&mut self, after: Tally, now: Timestamp) {
        self.opened.get_or_insert(Opened { since: now, after });
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(self.trips.min(16)));
        self.trips = self.trips.saturating_add(1);
        self.recent.clear();
        self.state = State::Open {
            until: now.plus(wait.min(LONGEST)),
        };
    }

    /// When it lets a probe through, while it is not closed.
    pub const fn until(&self) -> Option<Timestamp> {
        match self.state {
            State::Closed => None,
            State::Open { until } | State::Probing { until } => Some(until),
        }
    }

    /// How it stands.
    pub const fn stand(&self) -> Stand {
        match self.state {
            State::Closed => Stand::Closed,
            State::Open { .. } => Stand::Open,
            State::Probing { .. } => Stand::HalfOpen,
        }
    }

    /// What opened it, while it is not closed.
    pub const fn opened(&self) -> Option<&Opened> {
        self.opened.as_ref()
    }

    /// Failures among the remembered calls.
    pub fn failures(&self) -> usize {
        self.recent.iter().flatten().count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn t(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    #[rstest]
    #[case::four("xxxx", Stand::Closed)]
    #[case::five("xxxxx", Stand::Open)]
    #[case::five_of_ten("x.x.x.x.x", Stand::Open)]
    #[case::the_first_is_forgotten("x......xxxx", Stand::Closed)]
    #[case::fine("....................", Stand::Closed)]
    fn five_of_the_last_ten(#[case] calls: &str, #[case] want: Stand) {
        let mut breaker = Breaker::default();
        for call in calls.chars() {
            breaker.called((call == 'x').then_some(Silence::Status(503)), t(0));
        }
        assert_eq!(breaker.stand(), want);
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        breaker.open(Tally::default(), t(0));
        breaker
    }

    #[test]
    fn what_opened_it_is_told_until_it_is_closed() {
        let mut breaker = Breaker::default();
        for silence in [
            Silence::Lost,
            Silence::Status(503),
            Silence::Status(503),
            Silence::Unreached,
        ] {
            breaker.called(Some(silence), t(3));
        }
        assert_eq!(breaker.opened(), None, "four are too few");
        assert!(breaker.called(Some(Silence::Status(503)), t(7)));
        let words = |b: &Breaker| b.opened().map(|o| (o.since, o.after.to_string()));
        let first = Some((t(7), "3 x 503, 1 x no answer, 1 x not reached".to_owned()));
        assert_eq!(words(&breaker), first);
        assert_eq!(breaker.pass(t(37)), Pass::Probe);
        breaker.probed(true, t(38));
        assert_eq!(words(&breaker), first, "a probe that fails changes nothing");
        assert_eq!(breaker.pass(t(98)), Pass::Probe);
        breaker.probed(false, t(99));
        assert_eq!(words(&breaker), None);
    }

    #[test]
    fn one_probe_after_the_wait_decides() {
        let mut breaker = opened();
        assert_eq!(breaker.pass(t(29)), Pass::Nothing(t(30)));
        assert_eq!(breaker.pass(t(30)), Pass::Probe);
        assert_eq!(breaker.pass(t(31)), Pass::Nothing(t(90)), "the probe is out");
        assert!(!breaker.probed(false, t(32)));
        assert_eq!(breaker.pass(t(32)), Pass::All);
    }

    #[test]
    fn the_wait_doubles_to_ten_minutes() {
        let mut breaker = opened();
        let mut waits = Vec::new();
        for _ in 0..7 {
            let until = breaker.until().unwrap();
            assert_eq!(breaker.pass(until), Pass::Probe);
            assert!(breaker.probed(true, until));
            waits.push(breaker.until().unwrap().since(until).as_secs());
        }
        assert_eq!(waits, [60, 120, 240, 480, 600, 600, 600]);
    }

    #[test]
    fn a_lost_probe_is_replaced() {
        let mut breaker = opened();
        assert_eq!(breaker.pass(t(30)), Pass::Probe);
        assert_eq!(breaker.pass(t(90)), Pass::Probe);
    }

    proptest! {
        /// However calls, probes and times are mixed: between two moments of being closed, every probe is given once
        /// and never before its time.
        #[test]
        fn nothing_passes_before_its_time(moves in prop::collection::vec((0_u8..4, 0_u64..200), 1..200)) {
            let mut breaker = Breaker::default();
            let mut now = 0;
            for (what, later) in moves {
                now += later;
                let until = breaker.until();
                match what {
                    0 => prop_assert_eq!(breaker.called(Some(Silence::Lost), t(now)), until.is_none() && breaker.until().is_some()),
                    1 => prop_assert!(!breaker.called(None, t(now)), "an answer opens nothing"),
                    _ => match breaker.pass(t(now)) {
                        Pass::All => prop_assert_eq!(until, None),
                        Pass::Probe => {
                            prop_assert!(until.is_some_and(|u| u <= t(now)));
                            prop_assert!(matches!(breaker.pass(t(now)), Pass::Nothing(_)));
                            prop_assert_eq!(breaker.probed(what == 2, t(now)), what == 2);
                        }
                        Pass::Nothing(u) => prop_assert!(u > t(now)),
                    },
                }
                prop_assert!(breaker.failures() < FAILURES);
            }
        }
    }
}
