//! Unknown outcomes: planned look-ups, what they find, and intents whose sender is gone.

use std::time::Duration;

use super::{Moved, NotNow, confirm, current, fail, rest, step_mut};
use crate::engine::{
    model::{
        deploy::{
            Attempt, Deploy, DeployState, LookUpRead, Made, Outcome, OutcomeClass, Step, StepAction, StepState, Why,
        },
        event::EventKind,
        platform::ExternalId,
        sanitise::excerpt,
        time::Timestamp,
    },
    policy::Policy,
};

/// Look-ups kept per attempt.
const READS_KEPT: usize = 12;

/// Nobody knows: plan the look-ups. A "duplicate" answer is looked up at once, a lost one after a moment.
pub(super) fn doubt(
    deploy: &mut Deploy,
    key: &str,
    outcome: &Outcome,
    policy: &Policy,
    now: Timestamp,
) -> Result<Moved, NotNow> {
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

pub(super) fn reconciling(read: u32, policy: &Policy, at: Timestamp) -> Why {
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
    /// What was made along with it.
    pub made: Vec<Made>,
    /// A match that differs, in words.
    pub mismatch: Option<String>,
}

/// Records a look-up: adopt, ask a person, look again, or believe in absence.
pub fn looked(deploy: &mut Deploy, key: &str, look: Look, policy: &Policy) -> Result<Moved, NotNow> {
    let moved = look_move(deploy, key, look, policy)?;
    rest(deploy);
    Ok(moved)
}

fn look_move(deploy: &mut Deploy, key: &str, look: Look, policy: &Policy) -> Result<Moved, NotNow> {
    let now = look.read.at;
    let step = step_mut(deploy, key)?;
    if !matches!(step.state, StepState::Unknown | StepState::Reconciling) {
        return Err(NotNow(format!("{key} is not in doubt")));
    }
    let Some(attempt) = step.attempts.last_mut() else {
        return Err(NotNow(format!("{key} was never sent")));
    };
    let since = attempt.outcome.as_ref().map_or(attempt.intent_at, |o| o.at);
    if step.action != StepAction::Create {
        return settle_set(deploy, key, look, since, policy);
    }
    let found = look.read.found;
    let ids: Vec<_> = look.read.ids.iter().map(ToString::to_string).collect();
    let note = look.read.note.clone();
    keep_read(attempt, look.read);
    let counted = counted_reads(&attempt.reads, since, policy);
    step.state = StepState::Reconciling;

    if let Some(id) = look.adopt {
        settled(step, OutcomeClass::Adopted, Some(&id));
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
    if found == Some(0) && counted.n >= planned {
        let late = late_ids(step);
        if !late.is_empty() {
            let ids = late.join(", ");
            let question = format!("a late answer says it was made as {ids}, but no look-up finds it");
            return ask(deploy, key, question, now);
        }
        settled(step, OutcomeClass::Absent, None);
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
    // Reads that count will settle it, however long ago it was sent (the engine may have stood still for hours).
    if found.is_none() && now.since(since) > policy.reconcile_deadline {
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
    let soon = now.plus(policy.reconcile_again);
    let at = match counted.next {
        Some(next) if found.is_some() => next.max(now.plus(Duration::from_secs(1))),
        Some(next) => next.max(soon),
        None => soon,
    };
    step.not_before = Some(at);
    deploy.why = reconciling(u32::try_from(counted.n).unwrap_or(u32::MAX), policy, at);
    deploy.run_at = Some(at);
    Ok(Moved::new(EventKind::StepLookedUp, format!("{key}: {note}")))
}

/// A look-up found out how the attempt ended.
fn settled(step: &mut Step, class: OutcomeClass, id: Option<&ExternalId>) {
    if let Some(outcome) = step.attempts.last_mut().and_then(|a| a.outcome.as_mut()) {
        outcome.class = class;
        if id.is_some() {
            outcome.external_id = id.cloned();
        }
    }
}

/// A set whose every answer was lost or unclear: reads what is there before anybody calls it failed.
pub(super) fn read_back(deploy: &mut Deploy, key: &str, outcome: &Outcome, policy: &Policy) -> Moved {
    let at = outcome.at.plus(policy.early_look);
    if let Ok(step) = step_mut(deploy, key) {
        step.state = StepState::Unknown;
        step.not_before = Some(at);
    }
    deploy.why = Why::Reconciling { read: 0, of: 1, at };
    deploy.run_at = Some(at);
    Moved::new(
        EventKind::StepUnknown,
        format!(
            "{key}: no try was answered ({}); reading back what is there",
            outcome.words
        ),
    )
}

/// What a read-back of a set found: as asked, or not, or nothing that counts.
fn settle_set(deploy: &mut Deploy, key: &str, look: Look, since: Timestamp, policy: &Policy) -> Result<Moved, NotNow> {
    let now = look.read.at;
    let note = look.read.note.clone();
    let step = step_mut(deploy, key)?;
    step.state = StepState::Reconciling;
    let last = step.attempts.last().and_then(|a| a.outcome.clone());
    if let Some(attempt) = step.attempts.last_mut() {
        keep_read(attempt, look.read.clone());
    }
    if look.adopt.is_some() {
        settled(step, OutcomeClass::Adopted, None);
        let mut moved = confirm(deploy, key, None, EventKind::StepConfirmed, now)?;
        moved.summary = format!("{key}: read back and as asked; only the answers were lost");
        return Ok(moved);
    }
    if let (Some(_), Some(mut last)) = (look.read.found, last) {
        step.state = StepState::Rejected;
        let differs = look.mismatch.unwrap_or(note);
        last.words = format!(
            "{} tries failed, the last with: {}; read back: {differs}",
            step.tries, last.words
        );
        last.at = now;
        return Ok(fail(deploy, key, &last, now));
    }
    if now.since(since) > policy.reconcile_deadline {
        return ask(
            deploy,
            key,
            format!("nobody knows whether it was done, and it cannot be read: {note}"),
            now,
        );
    }
    let at = now.plus(policy.reconcile_again);
    step.not_before = Some(at);
    deploy.why = Why::Reconciling { read: 0, of: 1, at };
    deploy.run_at = Some(at);
    Ok(Moved::new(EventKind::StepLookedUp, format!("{key}: {note}")))
}

/// Keeps a read with its attempt. Of too many the oldest goes that names no object.
fn keep_read(attempt: &mut Attempt, read: LookUpRead) {
    attempt.reads.push(read);
    if attempt.reads.len() > READS_KEPT {
        let oldest = attempt.reads.iter().position(|r| r.ids.is_empty()).unwrap_or(0);
        attempt.reads.remove(oldest);
    }
}

/// Keeps what the engine read for a person's answer.
pub fn witness(deploy: &mut Deploy, key: &str, read: LookUpRead) {
    if let Ok(step) = step_mut(deploy, key)
        && let Some(attempt) = step.attempts.last_mut()
    {
        keep_read(attempt, read);
    }
}

/// Ids that answers named which came too late to count.
fn late_ids(step: &Step) -> Vec<String> {
    let reads = step.attempts.iter().flat_map(|a| &a.reads);
    let late = reads.filter(|r| r.found.is_none()).flat_map(|r| &r.ids);
    late.map(ToString::to_string).collect()
}

/// Keeps an answer that came after others had taken the step over: it moves nothing, and may hold the very id they look
/// for.
pub fn late(deploy: &mut Deploy, key: &str, attempt: u32, outcome: &Outcome) -> Result<Moved, NotNow> {
    let step = step_mut(deploy, key)?;
    let Some(sent) = step.attempts.iter_mut().find(|a| a.n == attempt) else {
        return Err(NotNow(format!("{key} has no attempt {attempt}")));
    };
    let id = outcome.external_id.clone();
    let named = id.as_ref().map_or_else(String::new, |id| format!(" and names {id}"));
    let note = format!(
        "an answer to attempt {attempt} came too late to count: {:?}{named}: {}",
        outcome.class, outcome.words
    );
    keep_read(
        sent,
        LookUpRead {
            at: outcome.at,
            found: None,
            ids: id.into_iter().collect(),
            note: excerpt(&note, 400),
        },
    );
    Ok(Moved::new(EventKind::StepLateAnswer, format!("{key}: {note}")))
}

/// Something other than an answer holds the next step back: a blackout window, or an [`echo`](super::echo).
pub fn wait(deploy: &mut Deploy, why: &Why) -> Result<Moved, NotNow> {
    let (until, words) = match why {
        Why::Blackout { until } => (*until, "waits for the end of a blackout window"),
        Why::Processing { at, what } => (*at, what.as_str()),
        _ => return Err(NotNow("that is nothing to wait for".to_owned())),
    };
    let planned = current(deploy).filter(|(_, s)| s.state == StepState::Planned);
    let Some(key) = planned
        .map(|(_, s)| s.key.clone())
        .filter(|_| deploy.state == DeployState::Open)
    else {
        return Err(NotNow("no step is about to be sent".to_owned()));
    };
    step_mut(deploy, &key)?.not_before = Some(until);
    deploy.why = why.clone();
    deploy.run_at = Some(until);
    rest(deploy);
    Ok(Moved::new(EventKind::StepWaiting, format!("{key}: {words}")))
}

/// Reads that prove absence: complete, empty, each at or after its planned time, and as far apart as planned. The early
/// look never counts. The distances are asked for too because a clock that jumps ahead makes every planned time past at
/// once.
fn counted_reads(reads: &[LookUpRead], since: Timestamp, policy: &Policy) -> Counted {
    let none = Counted {
        n: 0,
        next: policy.reconcile_reads.first().map(|first| since.plus(*first)),
    };
    let mut so_far = none;
    for read in reads {
        match read.found {
            Some(0) if so_far.next.is_some_and(|next| read.at >= next) => {
                so_far.n += 1;
                so_far.next = due_after(so_far.n, read.at, since, policy);
            }
            // What was there once is not proved absent by reads before it.
            Some(1..) => so_far = none,
            Some(0) | None => {}
        }
    }
    so_far
}

/// Reads counted, and from when on another one counts; `None` = no more are planned.
#[derive(Clone, Copy)]
struct Counted {
    n: usize,
    next: Option<Timestamp>,
}

/// When the read after the first `n` counts, the last of which was made at `last`.
fn due_after(n: usize, last: Timestamp, since: Timestamp, policy: &Policy) -> Option<Timestamp> {
    let planned = policy.reconcile_reads.get(n)?;
    let before = policy.reconcile_reads.get(n.checked_sub(1)?)?;
    let apart = planned.saturating_sub(*before);
    Some(since.plus(*planned).max(last.plus(apart)))
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
    rest(deploy);
    Some(Moved::new(
        EventKind::StepWaiting,
        format!("{key}: the answer was lost; it may be repeated and is sent again"),
    ))
}
