//! One lane per platform account: what stops it, what it may still spend, and whether it answers.
//!
//! Why in memory: a lane's trouble is learnt from answers and forgotten with the process; what a deploy waits for is in
//! its own row, and the lane is seeded from those rows at start ([`Lanes::seed`]).
//!
//! Invariants
//! - A rate limit stops the whole account, not one deploy: calling on prolongs the block.
//! - An account that cannot be used (token, permission, billing) makes its tickets wait; it does not fail them.
//! - Nothing is spent that the account or the application does not have.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{MutexGuard, Notify};

use super::{
    backoff,
    pace::{
        Purpose,
        breaker::{self, Breaker, Pass, Silence, Tally},
        bucket::Bucket,
    },
};
use crate::{
    engine::{
        api::{BreakerView, PaceView},
        model::{
            deploy::{Deploy, Outcome, OutcomeClass, Why},
            platform::{AccountId, PlatformId},
            rate::Allowance,
            time::Timestamp,
        },
    },
    platforms::Usage,
};

/// Above this share of the allowance what the platform counts replaces what we count: calls slow down to what comes back.
const SLOW_AT_PERCENT: u32 = 75;
/// Above this share of the allowance the account pauses until the platform's window has moved on.
const STOP_AT_PERCENT: u32 = 95;
/// How long it pauses then, when the platform names no time.
const HIGH_USAGE_PAUSE: Duration = Duration::from_secs(60);

/// A platform's account.
pub type LaneKey = (PlatformId, AccountId);

/// What may be sent on a lane now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Anything.
    Open,
    /// First one read that proves it answers again; report with [`Lanes::probed`].
    Probe,
    /// Nothing.
    Shut,
}

/// Why a call has to wait, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// The account has not enough left.
    Account(Duration),
    /// The application has not enough left.
    App(Duration),
}

#[derive(Clone, Debug, Default)]
struct Lane {
    /// Nothing is sent until then.
    until: Option<Timestamp>,
    /// Why.
    why: Option<Why>,
    /// Allowance used, 0 to 100, as last heard.
    usage: Option<u32>,
    /// What we count ourselves.
    bucket: Option<Bucket>,
    breaker: Breaker,
}

impl Lane {
    /// Stops the account; of two reasons the one that lasts longer stands.
    fn stop(&mut self, at: Timestamp, why: Why) {
        if self.until.is_none_or(|until| until < at) {
            self.until = Some(at);
            self.why = Some(why);
        }
    }

    fn stopped(&self, now: Timestamp) -> Option<Why> {
        let waits = self.until.filter(|at| *at > now).and_then(|_| self.why.clone());
        waits.or_else(|| open(&self.breaker, now))
    }
}

/// Why a breaker lets nothing through.
fn open(breaker: &Breaker, now: Timestamp) -> Option<Why> {
    breaker.until().filter(|at| *at > now).map(|at| Why::BreakerOpen { at })
}

/// What all accounts of a platform share.
#[derive(Debug, Default)]
struct Whole {
    allowance: Allowance,
    app: Option<Bucket>,
    breaker: Breaker,
}

#[derive(Debug, Default)]
struct State {
    lanes: BTreeMap<LaneKey, Lane>,
    platforms: BTreeMap<PlatformId, Whole>,
}

impl State {
    fn lane(&mut self, key: &LaneKey, now: Timestamp) -> &mut Lane {
        let rate = self.platforms.get(&key.0).and_then(|p| p.allowance.account);
        let lane = self.lanes.entry(key.clone()).or_default();
        if lane.bucket.is_none() {
            lane.bucket = rate.map(|r| Bucket::full(r, now));
        }
        lane
    }

    /// An account's breaker just opened: with too many open at once it is the platform that does not answer.
    fn maybe_open_platform(&mut self, platform: PlatformId, now: Timestamp) {
        let not_closed = |(key, lane): &(&LaneKey, &Lane)| key.0 == platform && lane.breaker.until().is_some();
        if self.lanes.iter().filter(not_closed).count() < breaker::ACCOUNTS {
            return;
        }
        let mut after = Tally::default();
        for (_, lane) in self.lanes.iter().filter(not_closed) {
            lane.breaker.opened().into_iter().for_each(|o| after.add(&o.after));
        }
        let whole = self.platforms.entry(platform).or_default();
        if whole.breaker.until().is_none() {
            whole.breaker.open(after, now);
        }
    }

    fn stopped(&self, key: &LaneKey, now: Timestamp) -> Option<Why> {
        let own = self.lanes.get(key).and_then(|l| l.stopped(now));
        own.or_else(|| self.platforms.get(&key.0).and_then(|p| open(&p.breaker, now)))
    }
}

/// Who waits for an application's allowance: first come, first served, and only the first waits for a time.
#[derive(Debug, Default)]
struct Turns {
    work: tokio::sync::Mutex<()>,
    settle: tokio::sync::Mutex<()>,
}

/// Every lane that ever had something to say.
#[derive(Debug, Default)]
pub struct Lanes {
    state: Mutex<State>,
    turns: BTreeMap<PlatformId, Turns>,
    freed: Notify,
}

impl Lanes {
    /// Lanes under these allowances.
    pub fn new(allowances: BTreeMap<PlatformId, Allowance>) -> Self {
        let shared = allowances.iter().filter(|(_, a)| a.app.is_some());
        let turns = shared.map(|(id, _)| (*id, Turns::default())).collect();
        let whole = |allowance| Whole {
            allowance,
            ..Whole::default()
        };
        Self {
            state: Mutex::new(State {
                lanes: BTreeMap::new(),
                platforms: allowances.into_iter().map(|(id, a)| (id, whole(a))).collect(),
            }),
            turns,
            freed: Notify::new(),
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Why an account stands still now.
    pub fn stopped(&self, platform: PlatformId, account: &AccountId, now: Timestamp) -> Option<Why> {
        self.with(|s| s.stopped(&(platform, account.clone()), now))
    }

    /// Accounts that stand still now, as far as they were ever called.
    pub fn all_stopped(&self, now: Timestamp) -> Vec<LaneKey> {
        self.with(|s| {
            let still = s.lanes.keys().filter(|key| s.stopped(key, now).is_some());
            still.cloned().collect()
        })
    }

    /// True while a whole platform stands still: accounts that were never called do, too.
    pub fn any_platform_down(&self, now: Timestamp) -> bool {
        self.with(|s| s.platforms.values().any(|p| open(&p.breaker, now).is_some()))
    }

    /// The earliest time a stopped lane goes on.
    pub fn next_release(&self, now: Timestamp) -> Option<Timestamp> {
        self.with(|s| {
            let lanes = s.lanes.values().flat_map(|l| [l.until, l.breaker.until()]);
            let platforms = s.platforms.values().map(|p| p.breaker.until());
            lanes.chain(platforms).flatten().filter(|at| *at > now).min()
        })
    }

    /// Allowance used, 0 to 100, if ever heard.
    pub fn usage(&self, platform: PlatformId, account: &AccountId) -> Option<u32> {
        self.with(|s| s.lanes.get(&(platform, account.clone())).and_then(|l| l.usage))
    }

    /// What an account may still spend, of itself or, where only the application is counted, together with the others.
    pub fn pace(&self, platform: PlatformId, account: &AccountId, now: Timestamp) -> Option<PaceView> {
        self.with(|s| {
            let whole = s.platforms.get(&platform)?;
            let own = s
                .lanes
                .get(&(platform, account.clone()))
                .and_then(|l| l.bucket.as_ref());
            let (bucket, shared) = match (own, whole.allowance.account) {
                (Some(bucket), _) => (bucket, false),
                (None, Some(rate)) => return Some(PaceView::full(rate)),
                (None, None) => (whole.app.as_ref()?, true),
            };
            Some(PaceView {
                left: bucket.left(now),
                rate: bucket.rate(),
                shared,
            })
        })
    }

    /// How the breakers of an account and its platform stand: the one that stops it, else its own.
    pub fn breaker(&self, platform: PlatformId, account: &AccountId) -> BreakerView {
        self.with(|s| {
            let own = s.lanes.get(&(platform, account.clone())).map(|l| &l.breaker);
            let whole = s.platforms.get(&platform).map(|p| &p.breaker);
            let down = whole.filter(|b| b.until().is_some());
            let seen = down.or(own);
            let opened = seen.and_then(Breaker::opened);
            BreakerView {
                stand: seen.map(Breaker::stand).unwrap_or_default(),
                failures: own.map_or(0, |b| u32::try_from(b.failures()).unwrap_or(u32::MAX)),
                next_probe: seen.and_then(Breaker::until),
                platform: down.is_some(),
                since: opened.map(|o| o.since),
                after: opened.map(|o| o.after.to_string()).unwrap_or_default(),
            }
        })
    }

    /// What may be sent on a lane now.
    pub fn gate(&self, key: &LaneKey, now: Timestamp) -> Gate {
        self.with(|s| {
            if s.lanes.get(key).is_some_and(|l| l.until.is_some_and(|at| at > now)) {
                return Gate::Shut;
            }
            let whole = s.platforms.entry(key.0).or_default().breaker.pass(now);
            match whole {
                Pass::Nothing(_) => Gate::Shut,
                Pass::Probe => Gate::Probe,
                Pass::All => match s.lane(key, now).breaker.pass(now) {
                    Pass::All => Gate::Open,
                    Pass::Probe => Gate::Probe,
                    Pass::Nothing(_) => Gate::Shut,
                },
            }
        })
    }

    /// Takes in how a probe went, for the account and for its platform.
    pub fn probed(&self, key: &LaneKey, failed: bool, now: Timestamp) {
        self.with(|s| {
            let whole = &mut s.platforms.entry(key.0).or_default().breaker;
            if whole.until().is_some() {
                whole.probed(failed, now);
            }
            let own = &mut s.lane(key, now).breaker;
            if own.until().is_some() && own.probed(failed, now) {
                s.maybe_open_platform(key.0, now);
            }
        });
    }

    /// Takes in what came instead of an answer, if none came; `true` when the account's breaker opened.
    pub fn called(&self, key: &LaneKey, silence: Option<Silence>, now: Timestamp) -> bool {
        self.with(|s| {
            let opened = s.lane(key, now).breaker.called(silence, now);
            if opened {
                s.maybe_open_platform(key.0, now);
            }
            opened
        })
    }

    /// How long until the account alone has enough for a call.
    pub fn wait(&self, key: &LaneKey, cost: u32, purpose: Purpose, now: Timestamp) -> Duration {
        self.with(|s| {
            let bucket = s.lane(key, now).bucket.as_mut();
            bucket.map_or(Duration::ZERO, |b| b.wait(cost, purpose, now))
        })
    }

    /// Spends for one call if account and application both have it, or says which has not and for how long.
    pub fn spend(&self, key: &LaneKey, cost: u32, purpose: Purpose, now: Timestamp) -> Result<(), Short> {
        self.with(|s| {
            let own = s.lane(key, now).bucket.as_mut();
            let wait = own.map_or(Duration::ZERO, |b| b.wait(cost, purpose, now));
            if !wait.is_zero() {
                return Err(Short::Account(wait));
            }
            let whole = s.platforms.entry(key.0).or_default();
            if let Some(rate) = whole.allowance.app {
                let app = whole.app.get_or_insert_with(|| Bucket::full(rate, now));
                let wait = app.wait(cost, purpose, now);
                if !wait.is_zero() {
                    return Err(Short::App(wait));
                }
                app.spend(cost, now);
            }
            if let Some(bucket) = s.lane(key, now).bucket.as_mut() {
                bucket.spend(cost, now);
            }
            Ok(())
        })
    }

    /// A place in the queue for an application's allowance; `None` where nobody has to queue.
    pub async fn turn(&self, platform: PlatformId, purpose: Purpose) -> Option<MutexGuard<'_, ()>> {
        let turns = self.turns.get(&platform)?;
        Some(match purpose {
            Purpose::Work => turns.work.lock().await,
            Purpose::Settle => turns.settle.lock().await,
        })
    }

    /// The account has spent what it may: its next call goes out at `at`.
    pub fn spent(&self, key: &LaneKey, at: Timestamp, now: Timestamp) {
        self.with(|s| {
            let lane = s.lane(key, now);
            let rate = lane.bucket.as_ref().map(|b| b.rate().to_string()).unwrap_or_default();
            let source = format!("the account's own pace, {rate}");
            lane.stop(at, Why::RateLimited { at, source });
        });
    }

    /// Takes in what an answer says about its account. `true` when the lane's state changed for whoever watches it.
    pub fn observe(&self, key: &LaneKey, outcome: &Outcome, usage: Option<&Usage>, recheck: Duration) -> bool {
        let now = outcome.at;
        self.with(|s| {
            let lane = s.lane(key, now);
            let before = (lane.until, lane.usage);
            if let Some(usage) = usage {
                heard(lane, usage, now);
            }
            match outcome.class {
                OutcomeClass::RateLimited | OutcomeClass::Parked => {
                    let at = outcome.wait_until.unwrap_or_else(|| now.plus(backoff::UNNAMED_WAIT));
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
        self.with(|s| {
            if let Some(lane) = s.lanes.get_mut(&(platform, account.clone()))
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
        self.with(|s| {
            for deploy in deploys {
                if let Why::RateLimited { at, .. } | Why::Parked { at, .. } = &deploy.why
                    && *at > now
                {
                    let lane = s.lane(&(deploy.platform, deploy.account.clone()), now);
                    lane.stop(*at, deploy.why.clone());
                }
            }
        });
    }
}

/// What the platform says it has counted.
fn heard(lane: &mut Lane, usage: &Usage, now: Timestamp) {
    lane.usage = Some(usage.percent.min(100));
    if let Some(bucket) = &mut lane.bucket {
        if let Some(rate) = usage.allowance {
            bucket.resize(rate, now);
        }
        // Where the platform says when to come back, its word is the better clock: emptying the bucket as well would
        // wait for the reserve to fill again after that.
        let told = usage.percent >= STOP_AT_PERCENT && usage.blocked_until.is_some();
        if usage.percent >= SLOW_AT_PERCENT && !told {
            bucket.used(usage.percent, now);
        }
    }
    if usage.percent >= STOP_AT_PERCENT {
        let at = usage.blocked_until.unwrap_or_else(|| now.plus(HIGH_USAGE_PAUSE));
        let source = format!("{} % of the allowance is used", usage.percent);
        lane.stop(at, Why::RateLimited { at, source });
    }
}

#[cfg(test)]
mod tests;
