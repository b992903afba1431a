//! One lane per platform account: what stops it, and how much of its allowance is used.
//!
//! Why in memory: a lane's trouble is learnt from answers and forgotten with the process; what a deploy waits for is in
//! its own row, and the lane is seeded from those rows at start ([`Lanes::seed`]).
//!
//! Invariants
//! - A rate limit stops the whole account, not one deploy: calling on prolongs the block.
//! - An account that cannot be used (token, permission, billing) makes its tickets wait; it does not fail them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::engine::model::{
    deploy::{Deploy, Outcome, OutcomeClass, Why},
    platform::{AccountId, PlatformId},
    time::Timestamp,
};

/// Above this share of the allowance the account pauses until the platform's window has moved on.
const STOP_AT_PERCENT: u32 = 95;
/// How long it pauses then, when the platform names no time.
const HIGH_USAGE_PAUSE: Duration = Duration::from_secs(60);

type LaneKey = (PlatformId, AccountId);

#[derive(Clone, Debug, Default)]
struct Lane {
    /// Nothing is sent until then.
    until: Option<Timestamp>,
    /// Why.
    why: Option<Why>,
    /// Allowance used, 0 to 100, as last heard.
    usage: Option<u32>,
}

impl Lane {
    /// Stops the account; of two reasons the one that lasts longer stands.
    fn stop(&mut self, at: Timestamp, why: Why) {
        if self.until.is_none_or(|until| until < at) {
            self.until = Some(at);
            self.why = Some(why);
        }
    }
}

/// Every lane that ever had something to say.
#[derive(Debug, Default)]
pub struct Lanes {
    lanes: Mutex<BTreeMap<LaneKey, Lane>>,
    freed: Notify,
}

impl Lanes {
    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<LaneKey, Lane>) -> T) -> T {
        f(&mut self.lanes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Why an account stands still now.
    pub fn stopped(&self, platform: PlatformId, account: &AccountId, now: Timestamp) -> Option<Why> {
        self.with(|lanes| {
            let lane = lanes.get(&(platform, account.clone()))?;
            lane.until.filter(|at| *at > now).and_then(|_| lane.why.clone())
        })
    }

    /// Accounts that stand still now.
    pub fn all_stopped(&self, now: Timestamp) -> Vec<LaneKey> {
        self.with(|lanes| {
            lanes
                .iter()
                .filter(|(_, l)| l.until.is_some_and(|at| at > now))
                .map(|(k, _)| k.clone())
                .collect()
        })
    }

    /// The earliest time a stopped lane goes on.
    pub fn next_release(&self, now: Timestamp) -> Option<Timestamp> {
        self.with(|lanes| lanes.values().filter_map(|l| l.until).filter(|at| *at > now).min())
    }

    /// Allowance used, 0 to 100, if ever heard.
    pub fn usage(&self, platform: PlatformId, account: &AccountId) -> Option<u32> {
        self.with(|lanes| lanes.get(&(platform, account.clone())).and_then(|l| l.usage))
    }

    /// Takes in what an answer says about its account. `true` when the lane's state changed for whoever watches it.
    pub fn observe(
        &self,
        key: LaneKey,
        outcome: &Outcome,
        usage: Option<&crate::platforms::Usage>,
        recheck: Duration,
        default_wait: Duration,
    ) -> bool {
        let now = outcome.at;
        self.with(|lanes| {
            let lane = lanes.entry(key).or_default();
            let before = (lane.until, lane.usage);
            if let Some(usage) = usage {
                lane.usage = Some(usage.percent.min(100));
                if usage.percent >= STOP_AT_PERCENT {
                    let at = usage.blocked_until.unwrap_or_else(|| now.plus(HIGH_USAGE_PAUSE));
                    let source = format!("{} % of the allowance is used", usage.percent);
                    lane.stop(at, Why::RateLimited { at, source });
                }
            }
            match outcome.class {
                OutcomeClass::RateLimited | OutcomeClass::Parked => {
                    let at = outcome.wait_until.unwrap_or_else(|| now.plus(default_wait));
                    let source = outcome.words.clone();
                    lane.stop(at, Why::RateLimited { at, source });
                }
                OutcomeClass::LaneBlocked => {
                    let reason = outcome.words.clone();
                    lane.stop(now.plus(recheck), Why::LaneBlocked { reason });
                }
                OutcomeClass::Done => {
                    if matches!(lane.why, Some(Why::LaneBlocked { .. })) {
                        lane.until = None;
                    }
                }
                _ => {}
            }
            if lane.until.is_none_or(|at| at <= now) {
                lane.until = None;
                lane.why = None;
            }
            before != (lane.until, lane.usage)
        })
    }

    /// Lets an account go on at once: somebody asked for a retry after mending it.
    pub fn release(&self, platform: PlatformId, account: &AccountId) {
        self.with(|lanes| {
            if let Some(lane) = lanes.get_mut(&(platform, account.clone()))
                && matches!(lane.why, Some(Why::LaneBlocked { .. }))
            {
                lane.until = None;
                lane.why = None;
                self.freed.notify_one();
            }
        });
    }

    /// Waits until a lane was let go by [`Self::release`]. For one waiter: the executor.
    pub async fn freed(&self) {
        self.freed.notified().await;
    }

    /// Takes in the waits that open deploys recorded before a restart.
    pub fn seed<'d>(&self, deploys: impl Iterator<Item = &'d Deploy>, now: Timestamp) {
        self.with(|lanes| {
            for deploy in deploys {
                if let Why::RateLimited { at, .. } | Why::Parked { at, .. } = &deploy.why
                    && *at > now
                {
                    let lane = lanes.entry((deploy.platform, deploy.account.clone())).or_default();
                    lane.stop(*at, deploy.why.clone());
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::Usage;

    const META: PlatformId = PlatformId::Meta;

    fn t(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    fn account() -> AccountId {
        "act_1".parse().unwrap()
    }

    fn see(lanes: &Lanes, class: OutcomeClass, wait: Option<u64>, usage: Option<Usage>) {
        let outcome = Outcome {
            class,
            at: t(0),
            http_status: None,
            code: None,
            request_id: None,
            words: "words".into(),
            field: None,
            external_id: None,
            wait_until: wait.map(t),
        };
        let (recheck, default) = (Duration::from_secs(300), Duration::from_secs(60));
        lanes.observe((META, account()), &outcome, usage.as_ref(), recheck, default);
    }

    fn until(lanes: &Lanes) -> Option<Timestamp> {
        lanes.next_release(t(0))
    }

    #[test]
    fn the_longer_wait_stands() {
        let lanes = Lanes::default();
        let used = Usage {
            percent: 100,
            blocked_until: Some(t(1800)),
        };
        see(&lanes, OutcomeClass::RateLimited, None, Some(used));
        assert_eq!(until(&lanes), Some(t(1800)), "the platform named a time");
        see(&lanes, OutcomeClass::RateLimited, Some(30), None);
        see(&lanes, OutcomeClass::LaneBlocked, None, None);
        assert_eq!(until(&lanes), Some(t(1800)));
        see(&lanes, OutcomeClass::Parked, Some(3600), None);
        assert_eq!(until(&lanes), Some(t(3600)));
    }

    #[test]
    fn a_block_ends_with_a_call_that_works_or_a_person_a_rate_limit_with_neither() {
        let lanes = Lanes::default();
        see(&lanes, OutcomeClass::LaneBlocked, None, None);
        assert!(matches!(
            lanes.stopped(META, &account(), t(1)),
            Some(Why::LaneBlocked { .. })
        ));
        see(&lanes, OutcomeClass::Done, None, None);
        assert_eq!(until(&lanes), None);
        see(&lanes, OutcomeClass::LaneBlocked, None, None);
        lanes.release(META, &account());
        assert_eq!(until(&lanes), None);
        see(&lanes, OutcomeClass::RateLimited, Some(90), None);
        see(&lanes, OutcomeClass::Done, None, None);
        lanes.release(META, &account());
        assert_eq!(until(&lanes), Some(t(90)));
        assert_eq!(lanes.stopped(META, &account(), t(90)), None, "it ends by itself");
    }
}
