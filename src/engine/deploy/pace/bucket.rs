//! A token bucket: every call spends, time gives back evenly, and a fifth is kept for reads that settle a doubt.
//!
//! Invariants
//! - Over any time `t`, no more than `tokens + t * tokens / per` are spent.
//! - Work leaves the reserve untouched; a reconcile read may use it.
//! - A clock that goes back gives nothing.

use std::time::Duration;

use super::Purpose;
use crate::engine::model::{rate::Rate, time::Timestamp};

/// One token in the unit that is counted.
const TOKEN: i64 = 1_000_000;
/// Part of the allowance that work leaves alone: one in so many.
const RESERVE_PART: i64 = 5;

/// What may still be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    rate: Rate,
    /// Millionths of a token.
    level: i64,
    at: Timestamp,
}

impl Bucket {
    /// A full one.
    pub fn full(rate: Rate, now: Timestamp) -> Self {
        Self {
            rate,
            level: i64::from(rate.tokens) * TOKEN,
            at: now,
        }
    }

    /// Its rate.
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    fn capacity(&self) -> i64 {
        i64::from(self.rate.tokens) * TOKEN
    }

    /// Millionths of a token at `now`.
    fn level_at(&self, now: Timestamp) -> i64 {
        let per = i128::try_from(self.rate.per.as_micros()).unwrap_or(i128::MAX).max(1);
        let passed = i128::try_from(now.since(self.at).as_micros()).unwrap_or(i128::MAX);
        let back = passed.saturating_mul(i128::from(self.capacity())) / per;
        let back = i64::try_from(back).unwrap_or(i64::MAX);
        self.level.saturating_add(back).min(self.capacity())
    }

    /// Whole tokens left at `now`.
    pub fn left(&self, now: Timestamp) -> u32 {
        u32::try_from(self.level_at(now) / TOKEN).unwrap_or(0)
    }

    /// How long until so much may be spent; zero = now. A call dearer than the whole bucket waits until it is full.
    pub fn wait(&self, cost: u32, purpose: Purpose, now: Timestamp) -> Duration {
        let capacity = self.capacity();
        let cost = i64::from(cost).saturating_mul(TOKEN);
        let keep = match purpose {
            Purpose::Work => capacity / RESERVE_PART,
            Purpose::Settle => 0,
        };
        let missing = cost.saturating_add(keep).min(capacity) - self.level_at(now);
        if missing <= 0 {
            return Duration::ZERO;
        }
        let per = u128::max(self.rate.per.as_micros(), 1);
        let missing = u128::try_from(missing).unwrap_or(0);
        let capacity = u128::try_from(capacity).unwrap_or(1).max(1);
        Duration::from_micros(u64::try_from((missing * per).div_ceil(capacity)).unwrap_or(u64::MAX))
    }

    /// Spends. Callers ask [`Self::wait`] first.
    pub fn spend(&mut self, cost: u32, now: Timestamp) {
        self.level = self.level_at(now).saturating_sub(i64::from(cost).saturating_mul(TOKEN));
        self.at = self.at.max(now);
    }

    /// Takes over what the platform itself counts: `used` percent of its allowance is gone. Never gives back.
    pub fn used(&mut self, used: u32, now: Timestamp) {
        let free = i64::from(100_u32.saturating_sub(used));
        self.level = self.level_at(now).min(self.capacity() / 100 * free);
        self.at = self.at.max(now);
    }

    /// Goes on with another rate: the same share of it is spent.
    pub fn resize(&mut self, rate: Rate, now: Timestamp) {
        if rate == self.rate {
            return;
        }
        let (level, before) = (i128::from(self.level_at(now)), i128::from(self.capacity().max(1)));
        self.rate = rate;
        let level = level.saturating_mul(i128::from(self.capacity())) / before;
        self.level = i64::try_from(level).unwrap_or(0);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn t(millis: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_millis(millis))
    }

    #[rstest]
    #[case::full(0, Purpose::Work, 3, 0)]
    #[case::down_to_the_reserve(77, Purpose::Work, 3, 0)]
    #[case::the_reserve_is_left(78, Purpose::Work, 3, 1000)]
    #[case::a_read_may_use_it(97, Purpose::Settle, 3, 0)]
    #[case::empty(100, Purpose::Settle, 1, 1000)]
    #[case::empty_for_work(100, Purpose::Work, 1, 21_000)]
    #[case::dearer_than_all(50, Purpose::Work, 1000, 50_000)]
    fn work_leaves_a_fifth(#[case] spent: u32, #[case] purpose: Purpose, #[case] cost: u32, #[case] wait: u64) {
        let mut bucket = Bucket::full(Rate::new(100, 100_000), t(0));
        bucket.spend(spent, t(0));
        assert_eq!(bucket.wait(cost, purpose, t(0)), Duration::from_millis(wait));
    }

    #[test]
    fn the_platforms_count_is_taken_over_and_never_gives_back() {
        let mut bucket = Bucket::full(Rate::new(100, 100_000), t(0));
        bucket.used(85, t(0));
        assert_eq!(bucket.left(t(0)), 15);
        bucket.used(10, t(0));
        assert_eq!(bucket.left(t(0)), 15);
        bucket.resize(Rate::new(1000, 100_000), t(0));
        assert_eq!(bucket.left(t(0)), 150);
    }

    proptest! {
        /// Whatever the order of calls: what is spent in any stretch of time stays inside burst plus refill.
        #[test]
        fn never_above_the_rate(
            tokens in 1_u32..50,
            per in 1_u64..20_000,
            calls in prop::collection::vec((1_u32..6, any::<bool>(), 0_u64..500), 1..80),
        ) {
            let rate = Rate::new(tokens, per);
            let mut bucket = Bucket::full(rate, t(0));
            let mut now = t(0);
            let mut sent: Vec<(Timestamp, u32)> = Vec::new();
            for (cost, settles, pause) in calls {
                let cost = cost.min(tokens);
                now = now.plus(Duration::from_millis(pause));
                let purpose = if settles { Purpose::Settle } else { Purpose::Work };
                now = now.plus(bucket.wait(cost, purpose, now));
                prop_assert_eq!(bucket.wait(cost, purpose, now), Duration::ZERO);
                bucket.spend(cost, now);
                sent.push((now, cost));
            }
            for (first, (from, _)) in sent.iter().enumerate() {
                let mut spent = 0_u64;
                for (at, cost) in sent.iter().skip(first) {
                    spent += u64::from(*cost);
                    let passed = u64::try_from(at.since(*from).as_micros()).unwrap();
                    let back = u128::from(passed) * u128::from(tokens) / u128::from(per * 1000);
                    prop_assert!(u128::from(spent) <= u128::from(tokens) + back + 1);
                }
            }
        }

        /// A clock that goes back gives nothing.
        #[test]
        fn a_clock_that_goes_back_gives_nothing(back in 1_u64..1000) {
            let mut bucket = Bucket::full(Rate::new(10, 1000), t(5000));
            bucket.spend(10, t(5000));
            prop_assert_eq!(bucket.left(t(5000 - back)), 0);
            bucket.spend(0, t(5000 - back));
            prop_assert_eq!(bucket.left(t(5000)), 0);
        }
    }
}
