//! A store that came out of a backup has forgotten what was created after it: nothing is sent before it was looked up.

use std::time::Duration;

use super::{Moved, NotNow, attempt::ATTEMPTS_KEPT, current, doubt::reconciling, next_attempt, step_mut};
use crate::engine::{
    model::{
        deploy::{Attempt, Deploy, DeployState, Outcome, OutcomeClass, Step, StepAction, StepState},
        event::EventKind,
        json::Sha,
        time::Timestamp,
    },
    policy::Policy,
    store::schema::Restored,
};

/// True for a create that this store has not sent or looked up itself since it was restored: its object may exist all
/// the same. What is being looked up counts too, because an older store may have found nothing and sent it again.
pub fn may_be_forgotten(step: &Step, restored: &Restored) -> bool {
    step.action == StepAction::Create
        && matches!(
            step.state,
            StepState::Planned | StepState::Unknown | StepState::Reconciling
        )
        && step.attempts.iter().all(|a| a.epoch <= restored.epoch)
}

/// Puts such a step in doubt: an attempt that nobody of this store made, with an unknown outcome. From here on it goes
/// the way of any lost answer.
pub fn doubt_forgotten(
    deploy: &mut Deploy,
    key: &str,
    restored: &Restored,
    epoch: u64,
    (policy, now): (&Policy, Timestamp),
) -> Result<Moved, NotNow> {
    let at_hand = current(deploy).is_some_and(|(_, s)| s.key == key && may_be_forgotten(s, restored));
    if deploy.state != DeployState::Open || !at_hand || epoch <= restored.epoch {
        return Err(NotNow(format!("{key} is not one that may be forgotten")));
    }
    // What was sent last was sent before the store was restored; long after that no look has to wait for a late
    // arrival, only for its distance to the one before.
    let settled = policy.reconcile_reads.last().copied().unwrap_or(Duration::ZERO);
    let sent = restored.at.max(now.minus(settled));
    let step = step_mut(deploy, key)?;
    step.attempts.push(Attempt {
        n: next_attempt(step),
        epoch,
        // Objects made since then may be ours.
        intent_at: restored.taken_at,
        // How everybody tells it: see `Step::is_forgotten`.
        request_hash: Sha::default(),
        outcome: Some(Outcome {
            class: OutcomeClass::Unknown,
            at: sent,
            http_status: None,
            code: None,
            request_id: None,
            words: format!(
                "the store was restored from a backup of {}; it may have been sent after that",
                restored.taken_at
            ),
            field: None,
            external_id: None,
            wait_until: None,
        }),
        reads: Vec::new(),
    });
    if step.attempts.len() > ATTEMPTS_KEPT {
        step.attempts.remove(0);
    }
    step.state = StepState::Unknown;
    step.not_before = Some(now);
    deploy.why = reconciling(0, policy, now);
    deploy.run_at = Some(now);
    Ok(Moved::new(
        EventKind::StepUnknown,
        format!("{key}: the store was restored from a backup; looking it up by name before it is sent"),
    ))
}
