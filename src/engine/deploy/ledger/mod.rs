//! The moves of a deploy's ledger, and what comes next. Pure: the executor does what [`next`] says and reports back.
//!
//! Why here: the executor, the queue on screen and the "why not running" line must agree, so all ask this room.
//!
//! - [`attempt`]: intents, and how each attempt ends.
//! - [`doubt`]: unknown outcomes: look-ups, recovery after a crash.
//! - [`people`]: what people do to a running deploy.
//! - [`restored`]: steps a store that came out of a backup may have forgotten.
//! - [`bound`]: keeping the row small enough for its record.
//!
//! Invariants
//! - A step is sent only from `Planned`, and only after its intent is in the ledger.
//! - An unknown outcome of a create leaves `Unknown` only through a look-up or a person, never through a re-send.
//! - Every unfinished deploy has either a due time or a named person to wait for; never neither.
//! - A deploy that is due has something to do: one that only waits has no due time in the past.
//! - A rate limit moves the due time and costs no try.
//! - Confirmed steps are never sent again.

mod attempt;
mod bound;
mod doubt;
mod echo;
mod people;
mod restored;

pub use attempt::{intend, next_attempt, outcome};
pub use bound::bound;
pub use doubt::{Look, ask, late, looked, recover, wait, witness};
pub use echo::{echo, echo_of, lost_on, object_of};
pub use people::{
    DELIVER, cancel, hurry, may_deliver, may_exist, pause, resolve, resume, retry, seen_ids, settle_cancel, untouched,
};
pub use restored::{doubt_forgotten, may_be_forgotten};

use crate::engine::model::{
    deploy::{Deploy, DeployState, Made, Outcome, Step, StepAction, StepState, Why},
    event::EventKind,
    platform::ExternalId,
    ticket::FailureNote,
    time::Timestamp,
};

/// What the executor should do with a deploy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Plan and send this step (position in the ledger).
    Send(usize),
    /// Look this step's object up.
    LookUp(usize),
    /// An intent without an outcome whose sender is gone: record the doubt first.
    Recover,
    /// Nothing now.
    Wait,
    /// Nothing ever.
    Over,
}

/// The step at hand: the first that is not settled.
pub fn current(deploy: &Deploy) -> Option<(usize, &Step)> {
    deploy.steps.iter().enumerate().find(|(_, s)| !s.is_settled())
}

/// What comes next for a deploy, asked by whoever holds its lease.
pub fn next(deploy: &Deploy, now: Timestamp) -> Next {
    if deploy.state != DeployState::Open {
        return Next::Over;
    }
    let Some((at, step)) = current(deploy) else {
        return Next::Over;
    };
    let due = step.not_before.is_none_or(|t| t <= now) && deploy.not_before.is_none_or(|t| t <= now);
    match step.state {
        // Pausing and cancelling stop before the next step; what is in doubt is settled all the same.
        StepState::Intent => Next::Recover,
        StepState::Unknown | StepState::Reconciling if due => Next::LookUp(at),
        StepState::Planned if due && deploy.paused_by.is_none() => Next::Send(at),
        _ => Next::Wait,
    }
}

/// What a move did, for the event and the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The headline.
    pub kind: EventKind,
    /// What followed from it in the same commit.
    pub also: Vec<EventKind>,
    /// One sentence.
    pub summary: String,
    /// Why the ticket failed, if it did.
    pub failure: Option<FailureNote>,
}

impl Moved {
    fn new(kind: EventKind, summary: impl Into<String>) -> Self {
        Self {
            kind,
            also: Vec::new(),
            summary: summary.into(),
            failure: None,
        }
    }
}

/// Why a move is not possible. The caller's picture is old: it must load the deploy again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotNow(pub String);

fn step_mut<'d>(deploy: &'d mut Deploy, key: &str) -> Result<&'d mut Step, NotNow> {
    deploy
        .steps
        .iter_mut()
        .find(|s| s.key == key)
        .ok_or_else(|| NotNow(format!("there is no step {key}")))
}

/// A step is done. When it was the last, so is the deploy, unless a cancel waits.
fn confirm(
    deploy: &mut Deploy,
    key: &str,
    id: Option<ExternalId>,
    kind: EventKind,
    now: Timestamp,
) -> Result<Moved, NotNow> {
    let step = step_mut(deploy, key)?;
    step.state = StepState::Confirmed;
    step.not_before = None;
    let is_set = step.action != StepAction::Create;
    let words = match &id {
        Some(id) => format!("{key}: confirmed as {id}"),
        None => format!("{key}: confirmed"),
    };
    if id.is_some() {
        step.external_id = id;
    }
    if is_set && let Some(away) = key.strip_prefix("archive_") {
        undone(deploy, away);
    }
    let mut moved = Moved::new(kind, words);
    // A cancel goes on in `settle_cancel`, which knows what to archive.
    if current(deploy).is_none() && deploy.cancel.is_none() {
        close(deploy, DeployState::Done, now);
        moved.also.push(EventKind::Trafficked);
    } else {
        deploy.why = Why::Queued;
        deploy.run_at = Some(now);
    }
    Ok(moved)
}

/// What a step made was put away again on request.
fn undone(deploy: &mut Deploy, key: &str) {
    if let Ok(step) = step_mut(deploy, key)
        && step.state == StepState::Confirmed
    {
        step.state = StepState::Compensated;
    }
}

/// Keeps what a step made besides its own object. Only a confirmed step made anything that is known to be ours.
pub fn keep_made(deploy: &mut Deploy, key: &str, made: &[Made]) {
    if let Ok(step) = step_mut(deploy, key)
        && step.state == StepState::Confirmed
        && !made.is_empty()
    {
        step.made = made.to_vec();
    }
}

/// A paused deploy with nothing in doubt waits for a person, whatever the last move planned: a due time would make the
/// executor take it up for nothing, again and again.
fn rest(deploy: &mut Deploy) {
    let Some(by) = deploy.paused_by.clone().filter(|_| deploy.state == DeployState::Open) else {
        return;
    };
    if current(deploy).is_some_and(|(_, s)| s.state == StepState::Planned) {
        deploy.run_at = None;
        deploy.why = Why::Paused { by };
    }
}

fn close(deploy: &mut Deploy, state: DeployState, now: Timestamp) {
    deploy.state = state;
    deploy.finished_at = Some(now);
    deploy.run_at = None;
    deploy.why = Why::Finished;
}

fn fail(deploy: &mut Deploy, key: &str, outcome: &Outcome, now: Timestamp) -> Moved {
    let field = outcome.field.clone();
    let remedy = match &field {
        Some(f) => format!("mend {f}, run QA, deploy again; what exists already is kept"),
        None => "see the ledger for the platform's words; retry goes on at this step".to_owned(),
    };
    close(deploy, DeployState::Failed, now);
    let mut moved = Moved::new(EventKind::StepRejected, format!("{key}: {}", outcome.words));
    moved.also.push(EventKind::DeployFailed);
    moved.failure = Some(FailureNote {
        step: key.to_owned(),
        reason: outcome.words.clone(),
        field,
        remedy,
    });
    moved
}
