//! The moves of a deploy's ledger, and what comes next. Pure: the executor does what [`next`] says and reports back.
//!
//! Why here: the executor, the queue on screen and the "why not running" line must agree, so all three ask this file.
//!
//! Invariants
//! - A step is sent only from `Planned`, and only after its intent is in the ledger.
//! - An unknown outcome of a create leaves `Unknown` only through a look-up or a person, never through a re-send.
//! - Every unfinished deploy has either a due time or a named person to wait for; never neither.
//! - A rate limit moves the due time and costs no try.
//! - Confirmed steps are never sent again.

use std::time::Duration;

use super::backoff;
use crate::engine::{
    decide::command::Resolution,
    model::{
        deploy::{
            Attempt, Deploy, DeployState, Leftovers, LookUpRead, Outcome, OutcomeClass, Step, StepAction, StepState,
            Why,
        },
        event::EventKind,
        json::Sha,
        platform::ExternalId,
        sanitise::excerpt,
        ticket::FailureNote,
        time::Timestamp,
    },
    policy::Policy,
    store::codec,
};

/// Attempts kept in the ledger row; older ones are in the journal.
const ATTEMPTS_KEPT: usize = 16;
/// Bytes of ledger in a deploy's row. With the payload twice and a ticket's findings it stays under a record's limit.
const LEDGER_BYTES: usize = 10 * 1024;
/// Characters an old answer's words are cut to when the ledger grows too large.
const OLD_WORDS: usize = 80;
/// Look-ups kept per attempt.
const READS_KEPT: usize = 12;

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

/// Records the intent to send a step. After this is durable the first byte may leave.
pub fn intend(
    deploy: &mut Deploy,
    key: &str,
    attempt: u32,
    request_hash: Sha,
    epoch: u64,
    now: Timestamp,
) -> Result<Moved, NotNow> {
    if deploy.state != DeployState::Open {
        return Err(NotNow("the deploy is over".to_owned()));
    }
    if deploy.paused_by.is_some() || deploy.cancel == Some(Leftovers::KeepPaused) {
        return Err(NotNow("the deploy was stopped meanwhile".to_owned()));
    }
    if current(deploy).is_none_or(|(_, s)| s.key != key) {
        return Err(NotNow(format!("{key} is not the step at hand")));
    }
    let step = step_mut(deploy, key)?;
    if step.state != StepState::Planned || attempt != next_attempt(step) {
        return Err(NotNow(format!("{key} is not waiting to be sent as attempt {attempt}")));
    }
    step.attempts.push(Attempt {
        n: attempt,
        epoch,
        intent_at: now,
        request_hash,
        outcome: None,
        reads: Vec::new(),
    });
    if step.attempts.len() > ATTEMPTS_KEPT {
        step.attempts.remove(0);
    }
    step.state = StepState::Intent;
    step.not_before = None;
    let summary = format!("{key}: attempt {attempt} goes out");
    deploy.why = Why::Running { step: key.to_owned() };
    deploy.run_at = Some(now);
    Ok(Moved::new(EventKind::StepIntent, summary))
}

/// The number the next attempt of a step gets.
pub fn next_attempt(step: &Step) -> u32 {
    step.attempts.last().map_or(1, |a| a.n.saturating_add(1))
}

/// Records how an attempt ended. `jitter` is a random number drawn by the caller.
pub fn outcome(
    deploy: &mut Deploy,
    key: &str,
    attempt: u32,
    outcome: Outcome,
    jitter: u64,
    policy: &Policy,
) -> Result<Moved, NotNow> {
    let now = outcome.at;
    let step = step_mut(deploy, key)?;
    let open = step.state == StepState::Intent;
    let Some(last) = step
        .attempts
        .last_mut()
        .filter(|a| a.n == attempt && a.outcome.is_none() && open)
    else {
        return Err(NotNow(format!("attempt {attempt} of {key} is not open")));
    };
    last.outcome = Some(outcome.clone());
    if !matches!(outcome.class, OutcomeClass::RateLimited | OutcomeClass::Parked) {
        step.held_since = None;
    }
    let moved = match outcome.class {
        OutcomeClass::Done | OutcomeClass::Adopted => {
            let kind = if outcome.class == OutcomeClass::Done {
                EventKind::StepConfirmed
            } else {
                EventKind::StepAdopted
            };
            confirm(deploy, key, outcome.external_id, kind, now)?
        }
        OutcomeClass::NotExecuted | OutcomeClass::Absent => try_again(deploy, key, &outcome, jitter, policy)?,
        OutcomeClass::RateLimited | OutcomeClass::Parked => hold_back(deploy, key, &outcome, policy)?,
        OutcomeClass::AuthExpired if !failed_auth_before(step) => {
            // The transport reads its credentials anew on every call, so "refresh once" is "send once more".
            step.state = StepState::Planned;
            deploy.why = Why::Queued;
            deploy.run_at = Some(now);
            Moved::new(
                EventKind::StepWaiting,
                format!("{key}: the token had expired; reading it again"),
            )
        }
        OutcomeClass::AuthExpired | OutcomeClass::LaneBlocked => {
            step.state = StepState::Planned;
            let again = now.plus(policy.lane_recheck);
            step.not_before = Some(again);
            let reason = outcome.words.clone();
            deploy.why = Why::LaneBlocked { reason: reason.clone() };
            deploy.run_at = Some(again);
            Moved::new(
                EventKind::StepWaiting,
                format!("{key}: the account cannot be used: {reason}"),
            )
        }
        OutcomeClass::Rejected => {
            step.state = StepState::Rejected;
            fail(deploy, key, &outcome, now)
        }
        OutcomeClass::Differs => ask(deploy, key, outcome.words, now)?,
        OutcomeClass::Unknown | OutcomeClass::MaybeOurs => doubt(deploy, key, &outcome, policy, now)?,
    };
    Ok(moved)
}

fn failed_auth_before(step: &Step) -> bool {
    let mut classes = step
        .attempts
        .iter()
        .rev()
        .filter_map(|a| a.outcome.as_ref())
        .map(|o| o.class);
    classes.next();
    classes.next() == Some(OutcomeClass::AuthExpired)
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
    let words = match &id {
        Some(id) => format!("{key}: confirmed as {id}"),
        None => format!("{key}: confirmed"),
    };
    if id.is_some() {
        step.external_id = id;
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

fn close(deploy: &mut Deploy, state: DeployState, now: Timestamp) {
    deploy.state = state;
    deploy.finished_at = Some(now);
    deploy.run_at = None;
    deploy.why = Why::Finished;
}

/// Certainly not executed: back off and try again, until the tries are spent.
fn try_again(deploy: &mut Deploy, key: &str, outcome: &Outcome, jitter: u64, policy: &Policy) -> Result<Moved, NotNow> {
    let now = outcome.at;
    let step = step_mut(deploy, key)?;
    step.tries = step.tries.saturating_add(1);
    if step.tries >= policy.max_tries {
        step.state = StepState::Rejected;
        let mut spent = outcome.clone();
        spent.words = format!("{} tries failed, the last with: {}", step.tries, outcome.words);
        return Ok(fail(deploy, key, &spent, now));
    }
    let wait = backoff::full_jitter(step.tries, jitter, policy);
    let at = outcome.wait_until.unwrap_or(now).max(now.plus(wait));
    step.state = StepState::Planned;
    step.not_before = Some(at);
    let tries = step.tries;
    deploy.why = Why::Backoff {
        tries,
        of: policy.max_tries,
        at,
        last: outcome.words.clone(),
    };
    deploy.run_at = Some(at);
    Ok(Moved::new(
        EventKind::StepWaiting,
        format!("{key}: try {tries} of {} failed: {}", policy.max_tries, outcome.words),
    ))
}

/// Rate limited or out of quota: wait, no try spent; after the deadline it is a failure after all.
fn hold_back(deploy: &mut Deploy, key: &str, outcome: &Outcome, policy: &Policy) -> Result<Moved, NotNow> {
    let now = outcome.at;
    let step = step_mut(deploy, key)?;
    let held_since = *step.held_since.get_or_insert(now);
    if now.since(held_since) > policy.rate_limit_deadline {
        step.state = StepState::Rejected;
        return Ok(fail(deploy, key, outcome, now));
    }
    let at = outcome
        .wait_until
        .unwrap_or_else(|| now.plus(policy.rate_limit_default))
        .max(now);
    step.state = StepState::Planned;
    step.not_before = Some(at);
    let source = outcome.words.clone();
    deploy.why = if outcome.class == OutcomeClass::Parked {
        Why::Parked { at, source }
    } else {
        Why::RateLimited { at, source }
    };
    deploy.run_at = Some(at);
    Ok(Moved::new(
        EventKind::StepWaiting,
        format!("{key}: {} (no try spent)", outcome.words),
    ))
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

/// Nobody knows: plan the look-ups. A "duplicate" answer is looked up at once, a lost one after a moment.
fn doubt(deploy: &mut Deploy, key: &str, outcome: &Outcome, policy: &Policy, now: Timestamp) -> Result<Moved, NotNow> {
    let step = step_mut(deploy, key)?;
    let wait = if outcome.class == OutcomeClass::MaybeOurs {
        Duration::ZERO
    } else {
        policy.early_look
    };
    let at = now.plus(wait);
    step.state = StepState::Unknown;
    step.not_before = Some(at);
    deploy.why = reconciling(0, policy, at);
    deploy.run_at = Some(at);
    Ok(Moved::new(
        EventKind::StepUnknown,
        format!("{key}: outcome unknown ({}); looking it up by name", outcome.words),
    ))
}

fn reconciling(read: u32, policy: &Policy, at: Timestamp) -> Why {
    Why::Reconciling {
        read,
        of: u32::try_from(policy.reconcile_reads.len()).unwrap_or(u32::MAX),
        at,
    }
}

/// What a look-up found, as the executor read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The evidence.
    pub read: LookUpRead,
    /// The one match that fits.
    pub adopt: Option<ExternalId>,
    /// A match that differs, in words.
    pub mismatch: Option<String>,
}

/// Records a look-up: adopt, ask a person, look again, or believe in absence.
pub fn looked(deploy: &mut Deploy, key: &str, look: Look, policy: &Policy) -> Result<Moved, NotNow> {
    let now = look.read.at;
    let step = step_mut(deploy, key)?;
    if !matches!(step.state, StepState::Unknown | StepState::Reconciling) {
        return Err(NotNow(format!("{key} is not in doubt")));
    }
    let Some(attempt) = step.attempts.last_mut() else {
        return Err(NotNow(format!("{key} was never sent")));
    };
    let since = attempt.outcome.as_ref().map_or(attempt.intent_at, |o| o.at);
    let found = look.read.found;
    let ids: Vec<_> = look.read.ids.iter().map(ToString::to_string).collect();
    let note = look.read.note.clone();
    attempt.reads.push(look.read);
    if attempt.reads.len() > READS_KEPT {
        attempt.reads.remove(0);
    }
    let counted = counted_reads(&attempt.reads, since, policy);
    step.state = StepState::Reconciling;

    if let Some(id) = look.adopt {
        let mut moved = confirm(deploy, key, Some(id.clone()), EventKind::StepAdopted, now)?;
        moved.summary = format!("{key}: found by name as {id} and taken as ours");
        return Ok(moved);
    }
    if let Some(difference) = look.mismatch {
        return ask(
            deploy,
            key,
            format!("an object with this name exists but differs: {difference}"),
            now,
        );
    }
    if found.is_some_and(|n| n > 1) {
        return ask(
            deploy,
            key,
            format!("{} objects have this name: {}", ids.len(), ids.join(", ")),
            now,
        );
    }
    let planned = policy.reconcile_reads.len();
    if found == Some(0) && counted >= planned {
        step.tries = step.tries.saturating_add(1);
        step.state = StepState::Planned;
        step.not_before = None;
        if step.tries >= policy.max_tries {
            return ask(
                deploy,
                key,
                format!("sent {} times, never confirmed and never found", policy.max_tries),
                now,
            );
        }
        deploy.why = Why::Queued;
        deploy.run_at = Some(now);
        return Ok(Moved::new(
            EventKind::StepAbsent,
            format!("{key}: {planned} look-ups found nothing; sending it again"),
        ));
    }
    if now.since(since) > policy.reconcile_deadline {
        return ask(
            deploy,
            key,
            format!(
                "still unknown after {} minutes: {note}",
                now.since(since).as_secs() / 60
            ),
            now,
        );
    }
    // The next planned read, or one more soon when the last did not count.
    let at = match policy.reconcile_reads.get(counted) {
        Some(offset) if found.is_some() => since.plus(*offset).max(now.plus(Duration::from_secs(1))),
        Some(offset) => since.plus(*offset).max(now.plus(policy.reconcile_again)),
        None => now.plus(policy.reconcile_again),
    };
    step.not_before = Some(at);
    deploy.why = reconciling(u32::try_from(counted).unwrap_or(u32::MAX), policy, at);
    deploy.run_at = Some(at);
    Ok(Moved::new(EventKind::StepLookedUp, format!("{key}: {note}")))
}

/// Reads that prove absence: complete, empty, and each at or after its planned time. The early look never counts.
fn counted_reads(reads: &[LookUpRead], since: Timestamp, policy: &Policy) -> usize {
    let mut counted = 0;
    for read in reads {
        let planned = policy.reconcile_reads.get(counted);
        if read.found == Some(0) && planned.is_some_and(|offset| read.at >= since.plus(*offset)) {
            counted += 1;
        }
    }
    counted
}

/// Puts a question to a person. The deploy waits for them, not for a time.
pub fn ask(deploy: &mut Deploy, key: &str, question: String, now: Timestamp) -> Result<Moved, NotNow> {
    let step = step_mut(deploy, key)?;
    step.state = StepState::NeedsOperator;
    step.not_before = None;
    deploy.why = Why::NeedsOperator {
        since: now,
        question: question.clone(),
    };
    deploy.run_at = None;
    Ok(Moved::new(EventKind::OperatorNeeded, format!("{key}: {question}")))
}

/// Records a person's answer to the question of [`ask`].
pub fn resolve(deploy: &mut Deploy, key: &str, answer: &Resolution, now: Timestamp) -> Result<Moved, NotNow> {
    let step = step_mut(deploy, key)?;
    if step.state != StepState::NeedsOperator {
        return Err(NotNow(format!("{key} does not wait for an answer")));
    }
    match answer {
        Resolution::Adopt { id } => {
            let mut moved = confirm(deploy, key, Some(id.clone()), EventKind::OperatorAnswered, now)?;
            moved.also.insert(0, EventKind::StepAdopted);
            moved.summary = format!("{key}: {id} is ours");
            Ok(moved)
        }
        Resolution::Proceed => {
            let mut moved = confirm(deploy, key, None, EventKind::OperatorAnswered, now)?;
            moved.summary = format!("{key}: go on all the same");
            Ok(moved)
        }
        Resolution::NoneExists => {
            step.state = StepState::Planned;
            step.not_before = None;
            step.tries = 0;
            deploy.why = Why::Queued;
            deploy.run_at = Some(now);
            Ok(Moved::new(
                EventKind::OperatorAnswered,
                format!("{key}: nothing was created; send it again"),
            ))
        }
        Resolution::Abandon => {
            step.state = StepState::Abandoned;
            close(deploy, DeployState::Failed, now);
            let reason = format!("{key} was given up; an object may exist on the platform");
            let mut moved = Moved::new(EventKind::OperatorAnswered, reason.clone());
            moved.also.push(EventKind::DeployFailed);
            moved.failure = Some(FailureNote {
                step: key.to_owned(),
                reason,
                field: None,
                remedy: "look on the platform; cancel the ticket, or retry to send the step again".to_owned(),
            });
            Ok(moved)
        }
    }
}

/// The ids a step's look-ups have seen: the only ones a person may name as ours without reading the platform first.
pub fn seen_ids(step: &Step) -> Vec<&ExternalId> {
    step.attempts
        .iter()
        .flat_map(|a| &a.reads)
        .flat_map(|r| &r.ids)
        .collect()
}

/// Stops before the next step. What is in doubt goes on being settled.
pub fn pause(deploy: &mut Deploy, by: &str) {
    deploy.paused_by = Some(by.to_owned());
    if current(deploy).is_some_and(|(_, s)| s.state == StepState::Planned) {
        deploy.run_at = None;
        deploy.why = Why::Paused { by: by.to_owned() };
    }
}

/// Lets a paused deploy go on.
pub fn resume(deploy: &mut Deploy, now: Timestamp) {
    deploy.paused_by = None;
    if let Some((_, step)) = current(deploy)
        && step.state == StepState::Planned
    {
        deploy.run_at = Some(step.not_before.unwrap_or(now).max(deploy.not_before.unwrap_or(now)));
        deploy.why = Why::Queued;
    }
}

/// After a start or a lost lease: what an older sender left open is in doubt (creates) or simply sent again (sets).
/// `None` when nothing was open.
pub fn recover(deploy: &mut Deploy, policy: &Policy, now: Timestamp) -> Option<Moved> {
    let (_, step) = current(deploy)?;
    if deploy.state != DeployState::Open || step.state != StepState::Intent {
        return None;
    }
    let key = step.key.clone();
    let action = step.action;
    let lost = Outcome {
        class: if action == StepAction::Create {
            OutcomeClass::Unknown
        } else {
            OutcomeClass::NotExecuted
        },
        at: now,
        http_status: None,
        code: None,
        request_id: None,
        words: "the engine stopped before the answer was recorded".to_owned(),
        field: None,
        external_id: None,
        wait_until: None,
    };
    let step = step_mut(deploy, &key).ok()?;
    if let Some(last) = step.attempts.last_mut() {
        last.outcome = Some(lost.clone());
    }
    if action == StepAction::Create {
        return doubt(deploy, &key, &lost, policy, now).ok();
    }
    step.state = StepState::Planned;
    step.not_before = None;
    deploy.why = Why::Queued;
    deploy.run_at = Some(now);
    Some(Moved::new(
        EventKind::StepWaiting,
        format!("{key}: the answer was lost; it may be repeated and is sent again"),
    ))
}

/// Takes a failed deploy up again at its first unconfirmed step, with fresh tries.
pub fn retry(deploy: &mut Deploy, now: Timestamp) {
    for step in &mut deploy.steps {
        if matches!(step.state, StepState::Rejected | StepState::Abandoned) {
            step.state = StepState::Planned;
        }
        if !step.is_settled() && !step.is_in_doubt() {
            step.tries = 0;
            step.not_before = None;
            step.held_since = None;
        }
    }
    deploy.state = DeployState::Open;
    deploy.finished_at = None;
    deploy.not_before = None;
    // A cancel that got as far as archiving goes on archiving; an earlier one is off.
    if !is_archiving(deploy) {
        deploy.cancel = None;
    }
    deploy.why = Why::Queued;
    deploy.run_at = Some(now);
}

/// Makes an open deploy due at once: its waits are dropped, in-doubt steps keep theirs (a look-up too early proves
/// nothing).
pub fn hurry(deploy: &mut Deploy, now: Timestamp) -> Result<(), NotNow> {
    let Some((_, step)) = current(deploy) else {
        return Err(NotNow("the deploy is over".to_owned()));
    };
    match step.state {
        StepState::Planned => {}
        StepState::NeedsOperator => return Err(NotNow("it waits for an answer, not for a time".to_owned())),
        _ => return Err(NotNow("its outcome is being settled; it cannot be hurried".to_owned())),
    }
    let key = step.key.clone();
    step_mut(deploy, &key)?.not_before = None;
    deploy.not_before = None;
    deploy.why = Why::Queued;
    deploy.run_at = Some(now);
    Ok(())
}

/// Asks for the deploy to end. Ends at once when nothing is in doubt and nothing has to be archived; else `false`: the
/// executor settles what is open first.
pub fn cancel(deploy: &mut Deploy, leftovers: Leftovers, archive: Vec<Step>, now: Timestamp) -> bool {
    deploy.cancel = Some(leftovers);
    deploy.paused_by = None;
    settle_cancel(deploy, archive, now)
}

/// Goes on with a cancel once nothing is in doubt: drops what was never sent and appends the archive steps. `true` when
/// the deploy is over with it.
pub fn settle_cancel(deploy: &mut Deploy, archive: Vec<Step>, now: Timestamp) -> bool {
    let Some(leftovers) = deploy.cancel else { return false };
    if deploy.state == DeployState::Open
        && deploy
            .steps
            .iter()
            .any(|s| s.is_in_doubt() || s.state == StepState::NeedsOperator)
    {
        return false;
    }
    if !is_archiving(deploy) {
        deploy.steps.retain(|s| s.state == StepState::Confirmed);
        if leftovers == Leftovers::Archive && !archive.is_empty() {
            deploy.steps.extend(archive);
            deploy.state = DeployState::Open;
            deploy.finished_at = None;
            deploy.not_before = None;
            deploy.why = Why::Queued;
            deploy.run_at = Some(now);
            return false;
        }
    }
    if current(deploy).is_some() {
        return false;
    }
    close(deploy, DeployState::Cancelled, now);
    true
}

fn is_archiving(deploy: &Deploy) -> bool {
    deploy.steps.iter().any(|s| s.key.starts_with("archive_"))
}

/// Keeps the ledger small enough for its record: shortens the words of answers that are not the last of their step,
/// then drops the oldest attempts. The journal has them all; a step's last attempt always stays.
pub fn bound(deploy: &mut Deploy) {
    let fits = |steps: &[Step]| codec::to_payload(&steps).is_ok_and(|bytes| bytes.len() <= LEDGER_BYTES);
    if fits(&deploy.steps) {
        return;
    }
    for step in &mut deploy.steps {
        let last = step.attempts.len().saturating_sub(1);
        for outcome in step.attempts.iter_mut().take(last).filter_map(|a| a.outcome.as_mut()) {
            outcome.words = excerpt(&outcome.words, OLD_WORDS);
        }
    }
    while !fits(&deploy.steps) {
        let longest = deploy.steps.iter_mut().max_by_key(|s| s.attempts.len());
        match longest.filter(|s| s.attempts.len() > 1) {
            Some(step) => drop(step.attempts.remove(0)),
            None => break,
        }
    }
    // One long answer a step can still be too much in all.
    if !fits(&deploy.steps) {
        for outcome in deploy
            .steps
            .iter_mut()
            .flat_map(|s| &mut s.attempts)
            .filter_map(|a| a.outcome.as_mut())
        {
            outcome.words = excerpt(&outcome.words, 4 * OLD_WORDS);
        }
    }
}

/// True when no step was ever sent: the deploy can be taken back as if it had not been.
pub fn untouched(deploy: &Deploy) -> bool {
    deploy
        .steps
        .iter()
        .all(|s| s.attempts.is_empty() && s.state == StepState::Planned)
}
