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

/// Every lane that ever had something to say.
#[derive(Debug, Default)]
pub struct Lanes(Mutex<BTreeMap<LaneKey, Lane>>);

impl Lanes {
    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<LaneKey, Lane>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
                    lane.until = Some(at);
                    lane.why = Some(Why::RateLimited {
                        at,
                        source: format!("{} % of the allowance is used", usage.percent),
                    });
                }
            }
            match outcome.class {
                OutcomeClass::RateLimited | OutcomeClass::Parked => {
                    let at = outcome.wait_until.unwrap_or_else(|| now.plus(default_wait));
                    lane.until = Some(at);
                    lane.why = Some(Why::RateLimited {
                        at,
                        source: outcome.words.clone(),
                    });
                }
                OutcomeClass::LaneBlocked => {
                    lane.until = Some(now.plus(recheck));
                    lane.why = Some(Why::LaneBlocked {
                        reason: outcome.words.clone(),
                    });
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
            }
        });
    }

    /// Takes in the waits that open deploys recorded before a restart.
    pub fn seed<'d>(&self, deploys: impl Iterator<Item = &'d Deploy>, now: Timestamp) {
        self.with(|lanes| {
            for deploy in deploys {
                if let Why::RateLimited { at, .. } | Why::Parked { at, .. } = &deploy.why
                    && *at > now
                {
                    let lane = lanes.entry((deploy.platform, deploy.account.clone())).or_default();
                    if lane.until.is_none_or(|until| until < *at) {
                        lane.until = Some(*at);
                        lane.why = Some(deploy.why.clone());
                    }
                }
            }
        });
    }
}
