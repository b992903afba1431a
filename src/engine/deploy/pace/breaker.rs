//! A circuit breaker: who failed five of the last ten calls is left alone for a while, then asked with one read.
//!
//! A failure is an exchange without an answer, or a 5xx. A rate limit is an answer.
//!
//! Invariants
//! - While it is open nothing is sent; half-open, one read is, and never a create.
//! - The wait doubles with every probe that fails, up to ten minutes, and starts anew after one that works.

use std::{collections::VecDeque, time::Duration};

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
    /// The last calls while closed; `true` = failed.
    recent: VecDeque<bool>,
    state: State,
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
    pub fn called(&mut self, failed: bool, now: Timestamp) -> bool {
        if self.state != State::Closed {
            // Sent before it opened: it opened because of such calls.
            return false;
        }
        self.recent.push_back(failed);
        if self.recent.len() > WINDOW {
            self.recent.pop_front();
        }
        if self.failures() < FAILURES {
            return false;
        }
        self.open(now);
        true
    }

    /// Takes in how a probe went; `true` when it stays open.
    pub fn probed(&mut self, failed: bool, now: Timestamp) -> bool {
        if failed {
            self.open(now);
        } else {
            *self = Self::default();
        }
        failed
    }

    /// Opens it, for longer than last time.
    pub fn open(&mut self, now: Timestamp) {
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

    /// Failures among the remembered calls.
    pub fn failures(&self) -> usize {
        self.recent.iter().filter(|failed| **failed).count()
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
            breaker.called(call == 'x', t(0));
        }
        assert_eq!(breaker.stand(), want);
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        breaker.open(t(0));
        breaker
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
                    0 => prop_assert_eq!(breaker.called(true, t(now)), until.is_none() && breaker.until().is_some()),
                    1 => prop_assert!(!breaker.called(false, t(now)), "an answer opens nothing"),
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
