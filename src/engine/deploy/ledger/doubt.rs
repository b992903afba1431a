//! Unknown outcomes: planned look-ups, what they find, and intents whose sender is gone.

use std::time::Duration;

use super::{Moved, NotNow, confirm, current, rest, step_mut};
use crate::engine::{
    model::{
        deploy::{Deploy, DeployState, LookUpRead, Made, Outcome, OutcomeClass, StepAction, StepState, Why},
        event::EventKind,
        platform::ExternalId,
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
