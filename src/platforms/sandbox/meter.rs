//! How much an account may call: a score that grows with every call, decays evenly and blocks above the limit. All
//! platforms share it; what they say about it is their own.

use std::time::Duration;

use super::config::Limits;
use crate::engine::model::time::Timestamp;

/// An account's score, in thousandths.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    score: u64,
    at: Timestamp,
    blocked_until: Timestamp,
}

impl Meter {
    fn score(&self, now: Timestamp, limits: &Limits) -> u64 {
        let millis = u64::try_from(now.since(self.at).as_millis()).unwrap_or(u64::MAX);
        let decayed = millis.saturating_mul(limits.max_score) / limits.decay_seconds.max(1);
        self.score.saturating_sub(decayed)
    }

    /// Counts a call; `false` = refused because the account is blocked.
    pub(super) fn charge(&mut self, cost: u64, now: Timestamp, limits: &Limits) -> bool {
        if now < self.blocked_until {
            return false;
        }
        self.score = self.score(now, limits);
        self.at = now;
        if self.score + cost * 1000 > limits.max_score.saturating_mul(1000) {
            self.blocked_until = now.plus(Duration::from_secs(limits.block_seconds));
            return false;
        }
        self.score += cost * 1000;
        true
    }

    /// How much of the allowance is used, 0 to 100.
    pub(super) fn percent(&self, now: Timestamp, limits: &Limits) -> u64 {
        if now < self.blocked_until {
            return 100;
        }
        self.score(now, limits) / limits.max_score.max(1) / 10
    }

    /// How long the account stays blocked.
    pub(super) fn blocked_for(&self, now: Timestamp) -> Duration {
        self.blocked_until.since(now)
    }
}
