//! The way of every call: wait for its allowance, send, and take in what the answer says about its account.
//!
//! Why its own file: steps, look-ups and the checks behind a person's answer must all be paced and all be counted.
//!
//! Invariants
//! - Nothing is sent that was not paid for.
//! - Waiting is sleeping: nobody polls for a token, and of those who wait for an application only the first sleeps.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    lanes::{LaneKey, Short},
    pace::{Purpose, breaker::Silence},
};
use crate::{
    engine::{
        api::{ApiError, Notice},
        model::{
            deploy::{Deploy, Made, Outcome, Step},
            platform::ExternalId,
            time::Timestamp,
        },
        service::{Engine, known_ids},
    },
    platforms::{Exchange, Found, LookUp, Lost, Platform, WireRequest, transport::Transport},
};

/// Pages followed in one look-up before it is called incomplete.
const LOOK_UP_PAGES: usize = 50;
/// An object created this long before the deploy may still be ours: clocks differ, and a machine that woke from sleep or
/// takes local time for UTC is hours off. Too far back costs a question to a person, too near a second object.
const LOOK_BACK: Duration = Duration::from_secs(24 * 3600);
/// An account's own pace is waited for this long at the spot; after that its lane waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// A read that was begun is finished, also at the slowest pace.
const LONG_PATIENCE: Duration = Duration::from_secs(120);

/// The first byte leaves this soon after the intent, or not at all: a process that was stopped in between may have been
/// replaced. Half a lease, and far from the last look-up of a successor.
const SEND_WITHIN: Duration = Duration::from_secs(30);

/// What came of asking for the allowance of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// Paid, at once.
    AtOnce,
    /// Paid, after a wait in which anything may have changed.
    Waited,
    /// Not paid: not before this time.
    Later(Timestamp),
}

/// What a look-up found.
#[derive(Clone, Debug, Default)]
pub(crate) struct LookedUp {
    /// Every match; `None` = the look does not count.
    pub(crate) found: Option<Vec<Found>>,
    /// What was made along with the one match.
    pub(crate) made: Vec<Made>,
    /// Why it does not count.
    pub(crate) note: String,
}

/// Sends for one deploy.
#[derive(Clone, Copy)]
pub(crate) struct Calls<'e> {
    engine: &'e Engine,
    transport: &'e dyn Transport,
    /// One permit per call that may be open.
    permits: Option<&'e Semaphore>,
}

impl<'e> Calls<'e> {
    /// Calls of an engine.
    pub(crate) const fn new(engine: &'e Engine, transport: &'e dyn Transport) -> Self {
        Self {
            engine,
            transport,
            permits: None,
        }
    }

    /// The same with a limit on how many calls are open at once.
    pub(super) const fn within(self, permits: &'e Semaphore) -> Self {
        Self {
            permits: Some(permits),
            ..self
        }
    }

    /// One call, when its turn has come.
    async fn exchange(&self, key: &LaneKey, request: &WireRequest) -> Exchange {
        let _open = self.permit().await;
        self.transport.send(key.0, &key.1, request).await
    }

    async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        match self.permits {
            // It is never closed, so there is always a permit to come.
            Some(permits) => permits.acquire().await.ok(),
            None => None,
        }
    }

    /// Pays for a call, waiting a moment where that is enough.
    pub(crate) async fn admit(
        &self,
        key: &LaneKey,
        platform: &dyn Platform,
        request: &WireRequest,
        purpose: Purpose,
    ) -> Admitted {
        self.admit_within(key, platform.cost(request), purpose, PATIENCE).await
    }

    async fn admit_within(&self, key: &LaneKey, cost: u32, purpose: Purpose, patience: Duration) -> Admitted {
        let (lanes, clock) = (self.engine.lanes(), self.engine.clock());
        let mut waited = Duration::ZERO;
        loop {
            let wait = lanes.wait(key, cost, purpose, clock.now());
            if waited + wait > patience {
                return Admitted::Later(clock.now().plus(wait));
            }
            if !wait.is_zero() {
                waited += sleep(wait).await;
                continue;
            }
            let _turn = lanes.turn(key.0, purpose).await;
            loop {
                match lanes.spend(key, cost, purpose, clock.now()) {
                    Ok(()) if waited.is_zero() => return Admitted::AtOnce,
                    Ok(()) => return Admitted::Waited,
                    Err(Short::App(wait)) => waited += sleep(wait).await,
                    Err(Short::Account(_)) => break,
                }
            }
        }
    }

    /// Sends what an intent decided at `decided` announced, or nothing: whoever took over meanwhile looks for it, and
    /// sends it again where nothing is found.
    pub(super) async fn send_intended(&self, key: &LaneKey, request: &WireRequest, decided: Timestamp) -> Exchange {
        let _open = self.permit().await;
        let late = self.engine.clock().now().since(decided);
        if late > SEND_WITHIN {
            let why = format!(
                "its turn came {} s after the intent, too late to be sure of it",
                late.as_secs()
            );
            return Err(Lost::NotSent { why });
        }
        self.counted(key, self.transport.send(key.0, &key.1, request).await)
    }

    /// Sends what was paid for, and counts whether it was answered.
    pub(crate) async fn send(&self, key: &LaneKey, request: &WireRequest) -> Exchange {
        self.counted(key, self.exchange(key, request).await)
    }

    fn counted(&self, key: &LaneKey, exchange: Exchange) -> Exchange {
        if says_whether_it_is_there(&exchange)
            && self
                .engine
                .lanes()
                .called(key, silence(&exchange), self.engine.clock().now())
        {
            tracing::warn!(platform = %key.0, account = %key.1, "the breaker opened: calls go unanswered");
            self.engine.tell(Notice::Lanes);
        }
        exchange
    }

    /// A call for a question somebody asks: paid like any other, after the work, and counted.
    pub(crate) async fn ask(&self, key: &LaneKey, platform: &dyn Platform, request: &WireRequest) -> Exchange {
        let cost = platform.cost(request);
        match self.admit_within(key, cost, Purpose::Work, LONG_PATIENCE).await {
            Admitted::AtOnce | Admitted::Waited => self.send(key, request).await,
            Admitted::Later(at) => Err(Lost::NotSent {
                why: format!("the account's allowance is used up; it has some again at {at}"),
            }),
        }
    }

    /// Asks an account that did not answer whether it does again: one read, never a create.
    pub(crate) async fn probe(&self, deploy: &Deploy, platform: &dyn Platform) {
        let key = lane(deploy);
        let Some(request) = platform.probe(&deploy.job.account).into_iter().next() else {
            self.engine.lanes().probed(&key, false, self.engine.clock().now());
            return;
        };
        let cost = platform.cost(&request);
        self.admit_within(&key, cost, Purpose::Settle, LONG_PATIENCE).await;
        let exchange = self.exchange(&key, &request).await;
        let failed = silence(&exchange).is_some();
        tracing::info!(platform = %key.0, account = %key.1, failed, "the breaker's probe was sent");
        self.engine.lanes().probed(&key, failed, self.engine.clock().now());
        self.engine.tell(Notice::Lanes);
    }

    /// Takes in what an answer says about its account.
    pub(crate) fn observe(&self, key: &LaneKey, platform: &dyn Platform, exchange: &Exchange, outcome: &Outcome) {
        let usage = exchange
            .as_ref()
            .ok()
            .and_then(|r| platform.usage(r, &key.1, outcome.at));
        let recheck = self.engine.policy().lane_recheck;
        if self.engine.lanes().observe(key, outcome, usage.as_ref(), recheck) {
            self.engine.tell(Notice::Lanes);
        }
    }

    /// Looks what a step was to make up by its exact name: every page, every status.
    pub(crate) async fn look_up(&self, deploy: &Deploy, step: &Step) -> Result<LookedUp, ApiError> {
        let platform = self.platform(deploy)?;
        let ids = known_ids(&deploy.steps);
        // From the first attempt on: an object that an earlier attempt made late counts too.
        // An earlier deploy of the ticket may have sent it.
        let first = step.attempts.first().map_or(deploy.started_at, |a| a.intent_at);
        let since = first.min(deploy.started_at).minus(LOOK_BACK);
        let mut found: Vec<Found> = Vec::new();
        let mut request = platform.look_up(&deploy.job, step, &ids, since);
        let not_counted = |note: String| LookedUp {
            note,
            ..LookedUp::default()
        };
        for _ in 0..LOOK_UP_PAGES {
            let this = match &request {
                Ok(this) => this,
                Err(problem) => return Ok(not_counted(problem.reason.clone())),
            };
            let exchange = match self.settle(deploy, platform, this).await {
                Ok(exchange) => exchange,
                Err(note) => return Ok(not_counted(note)),
            };
            let now = self.engine.clock().now();
            match platform.interpret_look_up(&deploy.job, step, &ids, since, &exchange, now) {
                LookUp::Counted(page) => {
                    found.extend(page);
                    self.heard(deploy, platform, &exchange, now);
                    return Ok(LookedUp {
                        found: Some(found),
                        made: platform.made(&deploy.job, step, &exchange),
                        note: String::new(),
                    });
                }
                LookUp::More { found: page, next } => {
                    found.extend(page);
                    self.heard(deploy, platform, &exchange, now);
                    request = Ok(next);
                }
                LookUp::NotCounted(outcome) => {
                    self.observe(&lane(deploy), platform, &exchange, &outcome);
                    return Ok(not_counted(outcome.words));
                }
            }
        }
        Ok(not_counted(format!("more than {LOOK_UP_PAGES} pages")))
    }

    /// Reads one object and compares it with what a step asked for.
    pub(crate) async fn read(&self, deploy: &Deploy, step: &Step, id: &ExternalId) -> Result<LookedUp, ApiError> {
        let platform = self.platform(deploy)?;
        let request = platform.read(&deploy.job, step, id);
        let not_counted = |note| LookedUp {
            note,
            ..LookedUp::default()
        };
        let exchange = match self.settle(deploy, platform, &request).await {
            Ok(exchange) => exchange,
            Err(note) => return Ok(not_counted(note)),
        };
        let now = self.engine.clock().now();
        Ok(match platform.interpret_read(&deploy.job, step, &exchange, now) {
            Ok(found) => {
                self.heard(deploy, platform, &exchange, now);
                LookedUp {
                    made: platform.made(&deploy.job, step, &exchange),
                    found: Some(found.into_iter().collect()),
                    note: String::new(),
                }
            }
            Err(outcome) => {
                self.observe(&lane(deploy), platform, &exchange, &outcome);
                not_counted(outcome.words)
            }
        })
    }

    /// Reads what was made along with an object; `Err` = why the answer does not count.
    pub(crate) async fn made_with(
        &self,
        deploy: &Deploy,
        step: &Step,
        id: &ExternalId,
    ) -> Result<Result<Vec<Made>, String>, ApiError> {
        let platform = self.platform(deploy)?;
        let Some(request) = platform.read_made(&deploy.job, step, id) else {
            return Ok(Ok(Vec::new()));
        };
        let exchange = match self.settle(deploy, platform, &request).await {
            Ok(exchange) => exchange,
            Err(note) => return Ok(Err(note)),
        };
        let now = self.engine.clock().now();
        let (ids, since) = (known_ids(&deploy.steps), deploy.started_at);
        Ok(
            match platform.interpret_look_up(&deploy.job, step, &ids, since, &exchange, now) {
                LookUp::Counted(_) | LookUp::More { .. } => {
                    self.heard(deploy, platform, &exchange, now);
                    Ok(platform.made(&deploy.job, step, &exchange))
                }
                LookUp::NotCounted(outcome) => {
                    self.observe(&lane(deploy), platform, &exchange, &outcome);
                    Err(outcome.words)
                }
            },
        )
    }

    /// A read that settles something; `Err` = it had to wait too long for its allowance.
    async fn settle(
        &self,
        deploy: &Deploy,
        platform: &dyn Platform,
        request: &WireRequest,
    ) -> Result<Exchange, String> {
        let key = lane(deploy);
        let cost = platform.cost(request);
        match self.admit_within(&key, cost, Purpose::Settle, LONG_PATIENCE).await {
            Admitted::AtOnce | Admitted::Waited => Ok(self.send(&key, request).await),
            Admitted::Later(_) => Err("the account's allowance is used up".to_owned()),
        }
    }

    /// The usage an answer that counts tells of.
    fn heard(&self, deploy: &Deploy, platform: &dyn Platform, exchange: &Exchange, now: Timestamp) {
        self.observe(&lane(deploy), platform, exchange, &Outcome::done(now));
    }

    fn platform(&self, deploy: &Deploy) -> Result<&'e dyn Platform, ApiError> {
        let platform = self.engine.platform(deploy.platform);
        platform
            .map(AsRef::as_ref)
            .ok_or_else(|| ApiError::Internal(format!("no code for platform {}", deploy.platform)))
    }
}

/// The lane of a deploy.
pub(crate) fn lane(deploy: &Deploy) -> LaneKey {
    (deploy.platform, deploy.account.clone())
}

/// Whether an exchange says something about the platform being there: a rate limit and missing credentials do not.
fn says_whether_it_is_there(exchange: &Exchange) -> bool {
    match exchange {
        Err(Lost::NotSent { .. } | Lost::InDoubt { .. }) => true,
        Err(Lost::NoCredentials { .. }) => false,
        Ok(response) => response.status != 429,
    }
}

/// What came instead of an answer, if nobody answered or only with a 5xx.
fn silence(exchange: &Exchange) -> Option<Silence> {
    match exchange {
        Err(Lost::NotSent { .. }) => Some(Silence::Unreached),
        Err(Lost::InDoubt { .. }) => Some(Silence::Lost),
        Err(Lost::NoCredentials { .. }) => None,
        Ok(response) => (response.status >= 500).then_some(Silence::Status(response.status)),
    }
}

async fn sleep(wait: Duration) -> Duration {
    let wait = wait.max(Duration::from_millis(1));
    tokio::time::sleep(wait).await;
    wait
}
