//! One deploy under one lease: intent, call, outcome; or look-up and what it found.
//!
//! Invariants
//! - The intent is committed before the first byte leaves; the outcome is committed before anything else happens.
//! - Nothing here decides: `ledger` says what comes next, the platform says what an answer means.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{
    calls::{Admitted, Calls, lane},
    lanes::Gate,
    ledger::{self, Next},
    pace::Purpose,
};
use crate::{
    engine::{
        api::{ApiError, Notice},
        decide::command::{Command, CommandKind},
        model::{
            actor::Actor,
            deploy::{Deploy, LookUpRead, Made, Outcome, OutcomeClass, Step, StepAction, Why},
            difference::Difference,
            ids::{DeployId, LeaseId},
            json::Sha,
            platform::ExternalId,
            refusal::{Problem, RefusalCode},
            sanitise::excerpt,
            time::Timestamp,
        },
        service::{Engine, known_ids},
        store::Lease,
    },
    failpoint::crash_point,
    platforms::{Exchange, Found, Platform, WireRequest, transport::Transport},
};

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
    /// Works on a deploy until it waits, ends, its lane stops, or it is told to halt. Errors are the engine's own (store
    /// gone, fenced off); what a platform says is never an error here. Returns the number of moves made.
    pub(super) async fn run(&self, id: DeployId, lease: &Lease, halt: &CancellationToken) -> Result<u32, ApiError> {
        let mut moves = 0;
        let mut paid = None;
        let mut deploy = Arc::new(self.engine.deploy(id).await?);
        loop {
            let now = self.engine.clock().now();
            let next = ledger::next(&deploy, now);
            match &next {
                Next::Over | Next::Wait => return Ok(moves),
                Next::Recover => self.record(CommandKind::DeployRecover { deploy: id }, lease).await?,
                Next::LookUp(at) | Next::Send(at) if self.may_be_forgotten(&deploy, *at) => {
                    let step = deploy.steps.get(*at).map(|s| s.key.clone()).unwrap_or_default();
                    self.record(CommandKind::StepForgotten { deploy: id, step }, lease)
                        .await?;
                }
                Next::LookUp(at) | Next::Send(at) => {
                    let Some(step) = deploy.steps.get(*at).filter(|_| !halt.is_cancelled()) else {
                        return Ok(moves);
                    };
                    match self.engine.lanes().gate(&lane(&deploy), now) {
                        Gate::Shut => return Ok(moves),
                        Gate::Probe => self.way().probe(&deploy, self.platform(&deploy)?.as_ref()).await,
                        Gate::Open if matches!(next, Next::LookUp(_)) => self.look_up(&deploy, step, lease).await?,
                        Gate::Open => {
                            if self.engine.lane_stopped(deploy.platform, &deploy.account, now) {
                                return Ok(moves);
                            }
                            if let Some(until) = self.engine.blackout(&deploy, step, now) {
                                let why = Why::Blackout { until };
                                let wait = CommandKind::DeployWait { deploy: id, why };
                                self.record(wait, lease).await?;
                                return Ok(moves + 1);
                            }
                            if let Some(why) = ledger::echo(&deploy.steps, step, self.engine.policy(), now) {
                                let wait = CommandKind::DeployWait { deploy: id, why };
                                self.record(wait, lease).await?;
                                return Ok(moves + 1);
                            }
                            if let Some(why) = self.engine.echo_of_others(&deploy, step, now).await? {
                                let wait = CommandKind::DeployWait { deploy: id, why };
                                self.record(wait, lease).await?;
                                return Ok(moves + 1);
                            }
                            match self.send(&deploy, step, lease, &mut paid).await? {
                                // After a wait anything may have changed: look again, then send what is paid for.
                                Sending::Sent | Sending::Waited => {}
                                Sending::Later => return Ok(moves),
                            }
                        }
                    }
                }
            }
            crash_point!(cp20_between_steps);
            moves += 1;
            let Some(moved) = self.engine.open_deploy(deploy.ticket, id) else {
                return Ok(moves);
            };
            deploy = moved;
        }
    }

    fn way(&self) -> Calls<'_> {
        Calls::new(&self.engine, self.transport.as_ref()).within(&self.calls)
    }

    async fn record(&self, kind: CommandKind, lease: &Lease) -> Result<(), ApiError> {
        self.commit(kind, Some(lease.id)).await
    }

    async fn commit(&self, kind: CommandKind, lease: Option<LeaseId>) -> Result<(), ApiError> {
        let command = Command {
            id: self.engine.command_id(),
            kind,
        };
        let mut waited = 0;
        loop {
            match self.engine.execute(&command, &self.actor, lease).await {
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

    fn may_be_forgotten(&self, deploy: &Deploy, at: usize) -> bool {
        deploy
            .steps
            .get(at)
            .is_some_and(|step| self.engine.may_be_forgotten(step))
    }

    fn platform(&self, deploy: &Deploy) -> Result<&Arc<dyn Platform>, ApiError> {
        self.engine
            .platform(deploy.platform)
            .ok_or_else(|| ApiError::Internal(format!("no code for platform {}", deploy.platform)))
    }

    /// Sends one step: allowance, intent, call, outcome.
    async fn send(
        &self,
        deploy: &Deploy,
        step: &Step,
        lease: &Lease,
        paid: &mut Option<Sha>,
    ) -> Result<Sending, ApiError> {
        let platform = self.platform(deploy)?;
        let ids = known_ids(&deploy.steps);
        let attempt = ledger::next_attempt(step);
        let request = platform.plan(&deploy.job, step, &ids);
        let request_hash = request.as_ref().map(WireRequest::hash).unwrap_or_default();
        if let Ok(request) = &request
            && paid.take() != Some(request_hash)
        {
            let key = lane(deploy);
            match self.way().admit(&key, platform.as_ref(), request, Purpose::Work).await {
                Admitted::AtOnce => {}
                Admitted::Waited => {
                    *paid = Some(request_hash);
                    return Ok(Sending::Waited);
                }
                Admitted::Later(at) => {
                    self.engine.lanes().spent(&key, at, self.engine.clock().now());
                    self.engine.tell(Notice::Lanes);
                    return Ok(Sending::Later);
                }
            }
        }
        let intent = CommandKind::StepIntend {
            deploy: deploy.id,
            step: step.key.clone(),
            attempt,
            request_hash,
        };
        let decided = self.engine.clock().now();
        self.record(intent, lease).await?;
        crash_point!(cp04_intent_connect);
        let (outcome, made) = match request {
            Ok(request) => self.call(deploy, step, platform, &request, decided).await,
            // QA judged the same content, so this is a gap in QA: fail with the field instead of sending a guess.
            Err(problem) => (unplanned(&problem, self.engine.clock().now()), Vec::new()),
        };
        tracing::info!(
            ticket = %deploy.no, step = %step.key, attempt, class = ?outcome.class, status = outcome.http_status,
            code = outcome.code.as_deref().unwrap_or(""), request = outcome.request_id.as_deref().unwrap_or(""),
            "answered: {}", outcome.words
        );
        crash_point!(cp09_answer_append);
        let jitter = self.engine.random();
        let kind = CommandKind::StepOutcome {
            deploy: deploy.id,
            step: step.key.clone(),
            attempt,
            outcome: outcome.clone(),
            made,
            jitter,
        };
        match self.record(kind, lease).await {
            Ok(()) => Ok(Sending::Sent),
            Err(ApiError::Refused(r)) if matches!(r.code, RefusalCode::Stale | RefusalCode::WrongState) => {
                // Others took the step over. What was answered may hold the very id they look for: it is kept.
                let late = CommandKind::StepLate {
                    deploy: deploy.id,
                    step: step.key.clone(),
                    attempt,
                    outcome,
                };
                self.commit(late, None).await?;
                Err(ApiError::Refused(r))
            }
            Err(error) => Err(error),
        }
    }

    async fn call(
        &self,
        deploy: &Deploy,
        step: &Step,
        platform: &Arc<dyn Platform>,
        request: &WireRequest,
        decided: Timestamp,
    ) -> (Outcome, Vec<Made>) {
        let exchange = self.way().send_intended(&lane(deploy), request, decided).await;
        let now = self.engine.clock().now();
        let mut outcome = platform.interpret(&deploy.job, step, &exchange, now);
        if outcome.class == OutcomeClass::AuthExpired && expired_before(step) {
            // Read anew and still expired: the account is blocked, for every ticket on it.
            outcome.class = OutcomeClass::LaneBlocked;
        }
        if step.action == StepAction::Check && outcome.class == OutcomeClass::Done {
            changed_outside(deploy, platform, &exchange, &mut outcome);
        }
        self.way()
            .observe(&lane(deploy), platform.as_ref(), &exchange, &outcome);
        outcome.words = excerpt(&outcome.words, 2000);
        let done = step.action == StepAction::Create && outcome.class == OutcomeClass::Done;
        let made = if done {
            platform.made(&deploy.job, step, &exchange)
        } else {
            Vec::new()
        };
        (outcome, made)
    }

    /// Settles a doubt: what a create made is looked up by name, what a set changed is read back.
    async fn look_up(&self, deploy: &Deploy, step: &Step, lease: &Lease) -> Result<(), ApiError> {
        crash_point!(cp13_between_reads);
        let looked = match ledger::object_of(deploy, step) {
            Some(id) => self.way().read(deploy, step, &id).await?,
            None => self.way().look_up(deploy, step).await?,
        };
        if let Some(found) = looked.found {
            return self.found(deploy, step, found, looked.made, lease).await;
        }
        let read = LookUpRead {
            at: self.engine.clock().now(),
            found: None,
            ids: Vec::new(),
            note: excerpt(&format!("the look-up does not count: {}", looked.note), 400),
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
        crash_point!(cp14_found_adopt);
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
                let difference = excerpt(&in_words(&one.differences), 400);
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

fn in_words(differences: &[Difference]) -> String {
    let words: Vec<&str> = differences.iter().map(|d| d.words.as_str()).collect();
    words.join("; ")
}

/// What came of trying to send.
enum Sending {
    /// Sent and recorded.
    Sent,
    /// Paid for after a wait, not sent yet.
    Waited,
    /// Its lane waits.
    Later,
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
