//! Intents, and how each attempt ends.

use super::{Moved, NotNow, confirm, current, doubt, fail, rest, step_mut};
use crate::engine::{
    deploy::backoff,
    model::{
        deploy::{Attempt, Deploy, DeployState, Leftovers, Outcome, OutcomeClass, Step, StepAction, StepState, Why},
        event::EventKind,
        json::Sha,
        time::Timestamp,
    },
    policy::Policy,
};

/// Attempts kept in the ledger row; older ones are in the journal.
pub(super) const ATTEMPTS_KEPT: usize = 16;

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
    if !matches!(
        outcome.class,
        OutcomeClass::RateLimited | OutcomeClass::Parked | OutcomeClass::NotReady
    ) {
        step.held_since = None;
    }
    let moved = match outcome.class {
        OutcomeClass::Done => confirm(deploy, key, outcome.external_id, EventKind::StepConfirmed, now)?,
        // Only look-ups find these out.
        OutcomeClass::Adopted | OutcomeClass::Absent => {
            return Err(NotNow(format!("an answer to {key} cannot be {:?}", outcome.class)));
        }
        OutcomeClass::NotExecuted => try_again(deploy, key, &outcome, jitter, policy)?,
        OutcomeClass::RateLimited | OutcomeClass::Parked | OutcomeClass::NotReady => {
            hold_back(deploy, key, &outcome, policy)?
        }
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
        OutcomeClass::Differs => super::ask(deploy, key, outcome.words, now)?,
        OutcomeClass::Unknown | OutcomeClass::MaybeOurs => doubt::doubt(deploy, key, &outcome, policy, now)?,
    };
    rest(deploy);
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

/// Certainly not executed: back off and try again, until the tries are spent.
fn try_again(deploy: &mut Deploy, key: &str, outcome: &Outcome, jitter: u64, policy: &Policy) -> Result<Moved, NotNow> {
    let now = outcome.at;
    let step = step_mut(deploy, key)?;
    step.tries = step.tries.saturating_add(1);
    if step.tries >= policy.max_tries && step.action == StepAction::Set {
        // One of the lost answers may have been a yes: what is there now decides, not how often we heard nothing.
        return Ok(doubt::read_back(deploy, key, outcome, policy));
    }
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

/// Rate limited, out of quota, or the platform is not done with a file: wait, no try spent; after the deadline it is a
/// failure after all.
fn hold_back(deploy: &mut Deploy, key: &str, outcome: &Outcome, policy: &Policy) -> Result<Moved, NotNow> {
    let now = outcome.at;
    let step = step_mut(deploy, key)?;
    let held_since = *step.held_since.get_or_insert(now);
    let deadline = if outcome.class == OutcomeClass::NotReady {
        policy.processing_deadline
    } else {
        policy.rate_limit_deadline
    };
    if now.since(held_since) > deadline {
        step.state = StepState::Rejected;
        return Ok(fail(deploy, key, outcome, now));
    }
    let at = outcome
        .wait_until
        .unwrap_or_else(|| now.plus(backoff::UNNAMED_WAIT))
        .max(now);
    step.state = StepState::Planned;
    step.not_before = Some(at);
    let source = outcome.words.clone();
    deploy.why = match outcome.class {
        OutcomeClass::Parked => Why::Parked { at, source },
        OutcomeClass::NotReady => Why::Processing { at, what: source },
        _ => Why::RateLimited { at, source },
    };
    deploy.run_at = Some(at);
    Ok(Moved::new(
        EventKind::StepWaiting,
        format!("{key}: {} (no try spent)", outcome.words),
    ))
}
