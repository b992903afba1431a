//! One deploy under one lease: intent, call, outcome; or look-up and what it found.
//!
//! Invariants
//! - The intent is committed before the first byte leaves; the outcome is committed before anything else happens.
//! - Nothing here decides: `ledger` says what comes next, the platform says what an answer means.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::ledger::{self, Next};
use crate::{
    engine::{
        api::{ApiError, Notice},
        decide::command::{Command, CommandKind},
        model::{
            actor::Actor,
            deploy::{Deploy, LookUpRead, Made, Outcome, OutcomeClass, Step, StepAction},
            ids::DeployId,
            platform::ExternalId,
            refusal::{Problem, RefusalCode},
            sanitise::excerpt,
            time::Timestamp,
        },
        service::{Engine, known_ids},
        store::Lease,
    },
    platforms::{Exchange, Found, LookUp, Platform, WireRequest, transport::Transport},
};

/// Pages followed in one look-up before it is called incomplete.
const LOOK_UP_PAGES: usize = 50;
/// An object created this long before the deploy may still be ours: clocks differ, and a machine that woke from sleep or
/// takes local time for UTC is hours off. Too far back costs a question to a person, too near a second object.
const LOOK_BACK: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// How often a report is offered again to a store that is busy ...
const BUSY_TRIES: u32 = 100;
/// ... and how long between. Together well inside a lease.
const BUSY_WAIT: std::time::Duration = std::time::Duration::from_millis(50);

/// Drives deploys against the wire.
pub(super) struct Driver {
    pub(super) engine: Arc<Engine>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) actor: Actor,
    /// One permit per call that may be open.
    pub(super) calls: Semaphore,
}

impl Driver {
    /// Works on a deploy until it waits, ends, or its lane stops. Errors are the engine's own (store gone, fenced off);
    /// what a platform says is never an error here. Returns the number of moves made.
    pub(super) async fn run(
        &self,
        id: DeployId,
        lease: &Lease,
        go_on: impl Fn() -> bool + Send,
    ) -> Result<u32, ApiError> {
        let mut moves = 0;
        let mut deploy = Arc::new(self.engine.deploy(id).await?);
        loop {
            let now = self.engine.clock().now();
            let next = ledger::next(&deploy, now);
            if let Next::Send(at) | Next::LookUp(at) = next
                && let Some(step) = deploy.steps.get(at)
                && self.engine.may_be_forgotten(step)
            {
                let step = step.key.clone();
                self.record(CommandKind::StepForgotten { deploy: id, step }, lease)
                    .await?;
                moves += 1;
                continue;
            }
            match next {
                Next::Over | Next::Wait => return Ok(moves),
                Next::Recover => self.record(CommandKind::DeployRecover { deploy: id }, lease).await?,
                Next::LookUp(at) => {
                    let Some(step) = deploy.steps.get(at) else {
                        return Ok(moves);
                    };
                    self.look_up(&deploy, step, lease).await?;
                }
                Next::Send(at) => {
                    let stopped = self.engine.lane_stopped(deploy.platform, &deploy.account, now);
                    let Some(step) = deploy.steps.get(at).filter(|_| !stopped && go_on()) else {
                        return Ok(moves);
                    };
                    self.send(&deploy, step, lease).await?;
                }
            }
            moves += 1;
            let Some(moved) = self.engine.open_deploy(deploy.ticket, id) else {
                return Ok(moves);
            };
            deploy = moved;
        }
    }

    async fn record(&self, kind: CommandKind, lease: &Lease) -> Result<(), ApiError> {
        let command = Command {
            id: self.engine.command_id(),
            kind,
        };
        let mut waited = 0;
        loop {
            match self.engine.execute(&command, &self.actor, Some(lease.id)).await {
                Ok(_) => return Ok(()),
                // An answer that is not recorded must be looked up on the platform: worth waiting for a place.
                Err(ApiError::Refused(r)) if r.code == RefusalCode::Busy && waited < BUSY_TRIES => {
                    waited += 1;
                    tokio::time::sleep(BUSY_WAIT).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn platform(&self, deploy: &Deploy) -> Result<&Arc<dyn Platform>, ApiError> {
        self.engine
            .platform(deploy.platform)
            .ok_or_else(|| ApiError::Internal(format!("no code for platform {}", deploy.platform)))
    }

    async fn send(&self, deploy: &Deploy, step: &Step, lease: &Lease) -> Result<(), ApiError> {
        let platform = self.platform(deploy)?;
        let ids = known_ids(&deploy.steps);
        let attempt = ledger::next_attempt(step);
        let request = platform.plan(&deploy.job, step, &ids);
        let request_hash = request.as_ref().map(WireRequest::hash).unwrap_or_default();
        let intent = CommandKind::StepIntend {
            deploy: deploy.id,
            step: step.key.clone(),
            attempt,
            request_hash,
        };
        self.record(intent, lease).await?;
        let (outcome, made) = match request {
            Ok(request) => self.call(deploy, step, platform, &request).await,
            // QA judged the same content, so this is a gap in QA: fail with the field instead of sending a guess.
            Err(problem) => (unplanned(&problem, self.engine.clock().now()), Vec::new()),
        };
        tracing::info!(
            ticket = %deploy.no, step = %step.key, attempt, class = ?outcome.class, status = outcome.http_status,
            code = outcome.code.as_deref().unwrap_or(""), request = outcome.request_id.as_deref().unwrap_or(""),
            "answered: {}", outcome.words
        );
        let jitter = self.engine.random();
        let kind = CommandKind::StepOutcome {
            deploy: deploy.id,
            step: step.key.clone(),
            attempt,
            outcome,
            made,
            jitter,
        };
        self.record(kind, lease).await
    }

    /// One call, when its turn has come.
    async fn exchange(&self, deploy: &Deploy, request: &WireRequest) -> Exchange {
        // It is never closed, so there is always a permit to come.
        let _call = self.calls.acquire().await;
        self.transport.send(deploy.platform, &deploy.account, request).await
    }

    async fn call(
        &self,
        deploy: &Deploy,
        step: &Step,
        platform: &Arc<dyn Platform>,
        request: &WireRequest,
    ) -> (Outcome, Vec<Made>) {
        let exchange = self.exchange(deploy, request).await;
        let now = self.engine.clock().now();
        let mut outcome = platform.interpret(&deploy.job, step, &exchange, now);
        if outcome.class == OutcomeClass::AuthExpired && expired_before(step) {
            // Read anew and still expired: the account is blocked, for every ticket on it.
            outcome.class = OutcomeClass::LaneBlocked;
        }
        if step.action == StepAction::Check && outcome.class == OutcomeClass::Done {
            changed_outside(deploy, platform, &exchange, &mut outcome);
        }
        self.observe(deploy, platform, &exchange, &outcome);
        outcome.words = excerpt(&outcome.words, 2000);
        let done = step.action == StepAction::Create && outcome.class == OutcomeClass::Done;
        let made = if done {
            platform.made(&deploy.job, step, &exchange)
        } else {
            Vec::new()
        };
        (outcome, made)
    }

    fn observe(&self, deploy: &Deploy, platform: &Arc<dyn Platform>, exchange: &Exchange, outcome: &Outcome) {
        let usage = exchange
            .as_ref()
            .ok()
            .and_then(|r| platform.usage(r, &deploy.account, outcome.at));
        if self
            .engine
            .observe_lane(deploy.platform, &deploy.account, outcome, usage.as_ref())
        {
            self.engine.tell(Notice::Lanes);
        }
    }

    async fn look_up(&self, deploy: &Deploy, step: &Step, lease: &Lease) -> Result<(), ApiError> {
        let platform = self.platform(deploy)?;
        let ids = known_ids(&deploy.steps);
        // From the first attempt on: an object that an earlier attempt made late counts too.
        // An earlier deploy of the ticket may have sent it.
        let first = step.attempts.first().map_or(deploy.started_at, |a| a.intent_at);
        let since = first.min(deploy.started_at).minus(LOOK_BACK);
        let mut found: Vec<Found> = Vec::new();
        let mut request = platform.look_up(&deploy.job, step, &ids, since);
        let mut note = None;
        for _ in 0..LOOK_UP_PAGES {
            let Ok(this) = &request else { break };
            let exchange = self.exchange(deploy, this).await;
            let now = self.engine.clock().now();
            match platform.interpret_look_up(&deploy.job, step, &ids, since, &exchange, now) {
                LookUp::Counted(page) => {
                    found.extend(page);
                    let made = platform.made(&deploy.job, step, &exchange);
                    return self.found(deploy, step, found, made, lease).await;
                }
                LookUp::More { found: page, next } => {
                    found.extend(page);
                    request = Ok(next);
                }
                LookUp::NotCounted(outcome) => {
                    self.observe(deploy, platform, &exchange, &outcome);
                    note = Some(outcome.words);
                    break;
                }
            }
        }
        let note = match (note, request) {
            (Some(words), _) => words,
            (None, Err(problem)) => problem.reason,
            (None, Ok(_)) => format!("more than {LOOK_UP_PAGES} pages"),
        };
        let read = LookUpRead {
            at: self.engine.clock().now(),
            found: None,
            ids: Vec::new(),
            note: excerpt(&format!("the look-up does not count: {note}"), 400),
        };
        self.report_read(deploy, step, read, (None, Vec::new()), None, lease)
            .await
    }

    async fn found(
        &self,
        deploy: &Deploy,
        step: &Step,
        found: Vec<Found>,
        made: Vec<Made>,
        lease: &Lease,
    ) -> Result<(), ApiError> {
        let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let ids: Vec<ExternalId> = found.iter().take(8).map(|f| f.id.clone()).collect();
        let (mut adopt, mut mismatch) = (None, None);
        let note = match found.as_slice() {
            [] => "nothing has this name yet".to_owned(),
            [one] if one.differences.is_empty() => {
                adopt = Some(one.id.clone());
                format!("found as {}", one.id)
            }
            [one] => {
                let difference = excerpt(&one.differences.join("; "), 400);
                mismatch = Some(format!("{} ({difference})", one.id));
                format!("{} has this name but differs: {difference}", one.id)
            }
            _ => format!("{count} objects have this name"),
        };
        let read = LookUpRead {
            at: self.engine.clock().now(),
            found: Some(count),
            ids,
            note,
        };
        let made = if adopt.is_some() { made } else { Vec::new() };
        self.report_read(deploy, step, read, (adopt, made), mismatch, lease)
            .await
    }

    async fn report_read(
        &self,
        deploy: &Deploy,
        step: &Step,
        read: LookUpRead,
        (adopt, made): (Option<ExternalId>, Vec<Made>),
        mismatch: Option<String>,
        lease: &Lease,
    ) -> Result<(), ApiError> {
        tracing::info!(ticket = %deploy.no, step = %step.key, found = ?read.found, "looked up: {}", read.note);
        let kind = CommandKind::StepRead {
            deploy: deploy.id,
            step: step.key.clone(),
            read,
            adopt,
            made,
            mismatch,
        };
        self.record(kind, lease).await
    }
}

fn expired_before(step: &Step) -> bool {
    let last = step.attempts.iter().rev().find_map(|a| a.outcome.as_ref());
    last.is_some_and(|o| o.class == OutcomeClass::AuthExpired)
}

/// A budget that is not what the ticket's writer saw was changed by somebody else: ask, do not overwrite.
fn changed_outside(deploy: &Deploy, platform: &Arc<dyn Platform>, exchange: &Exchange, outcome: &mut Outcome) {
    let seen = deploy.job.target.as_ref().and_then(|t| t.seen_budget);
    let Some(seen) = seen else { return };
    let live = platform.read_budget(&deploy.job, exchange);
    if live == Some(seen) || live == deploy.job.budget {
        return;
    }
    let now = live.map_or_else(|| "no budget".to_owned(), |b| b.money.to_string());
    outcome.class = OutcomeClass::Differs;
    outcome.words = format!(
        "the platform has {now}, the ticket was written when it had {}: changed outside; overwrite?",
        seen.money
    );
}

fn unplanned(problem: &Problem, at: Timestamp) -> Outcome {
    Outcome {
        class: OutcomeClass::Rejected,
        at,
        http_status: None,
        code: None,
        request_id: None,
        words: excerpt(&format!("not sent: {}", problem.reason), 400),
        field: problem.field.clone(),
        external_id: None,
        wait_until: None,
    }
}
