//! What people do to a running deploy: answer, pause, retry, cancel.

use super::{Moved, NotNow, close, confirm, current, rest, step_mut};
use crate::engine::{
    decide::command::Resolution,
    model::{
        deploy::{Deploy, DeployState, Leftovers, Step, StepAction, StepState, Why},
        event::EventKind,
        platform::ExternalId,
        ticket::FailureNote,
        time::Timestamp,
    },
};

/// The last step of every new chain: until it is sent the topmost object is paused, and nothing below it delivers.
pub const DELIVER: &str = "activate";

/// Records a person's answer to the question of [`super::ask`].
pub fn resolve(deploy: &mut Deploy, key: &str, answer: &Resolution, now: Timestamp) -> Result<Moved, NotNow> {
    let moved = answered(deploy, key, answer, now)?;
    rest(deploy);
    Ok(moved)
}

fn answered(deploy: &mut Deploy, key: &str, answer: &Resolution, now: Timestamp) -> Result<Moved, NotNow> {
    let step = step_mut(deploy, key)?;
    if step.state != StepState::NeedsOperator {
        return Err(NotNow(format!("{key} does not wait for an answer")));
    }
    match answer {
        Resolution::Adopt { id, .. } => {
            let mut moved = confirm(deploy, key, Some(id.clone()), EventKind::OperatorAnswered, now)?;
            moved.also.insert(0, EventKind::StepAdopted);
            moved.summary = format!("{key}: {id} is ours");
            Ok(moved)
        }
        Resolution::Proceed => {
            let told = accepted(step)?;
            let mut moved = confirm(deploy, key, told, EventKind::OperatorAnswered, now)?;
            moved.summary = format!("{key}: go on all the same");
            Ok(moved)
        }
        // A wrong answer makes a second object, so the platform is asked once more. What it lists is asked about again.
        Resolution::NoneExists if step.action == StepAction::Create && !step.attempts.is_empty() => {
            step.state = StepState::Unknown;
            step.not_before = None;
            step.tries = 0;
            deploy.why = Why::Queued;
            deploy.run_at = Some(now);
            Ok(Moved::new(
                EventKind::OperatorAnswered,
                format!("{key}: said not to exist; looked up once more before it is sent again"),
            ))
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
                remedy: "look on the platform; cancel the ticket, or retry: it is looked up before it is sent again"
                    .to_owned(),
            });
            Ok(moved)
        }
    }
}

/// What "go on all the same" takes for the step's object.
fn accepted(step: &Step) -> Result<Option<ExternalId>, NotNow> {
    let Some(last) = step.attempts.last() else {
        return Ok(None);
    };
    if step.action != StepAction::Create {
        // What a check read stays known: the step after it may need the id.
        return Ok(last.outcome.as_ref().and_then(|o| o.external_id.clone()));
    }
    // Going on without an object would leave the one that was found to nobody.
    match last.reads.last().map(|r| r.ids.as_slice()) {
        Some([one]) => Ok(Some(one.clone())),
        _ => Err(NotNow(format!(
            "{} has no object to go on with: name the one that is ours, or give it up",
            step.key
        ))),
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
    rest(deploy);
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

/// True for a create that was given up while its outcome was unknown: an object may exist, so it is looked up before it
/// is sent again.
pub fn may_exist(step: &Step) -> bool {
    step.state == StepState::Abandoned && step.action == StepAction::Create && !step.attempts.is_empty()
}

/// Takes a failed deploy up again at its first unconfirmed step, with fresh tries.
pub fn retry(deploy: &mut Deploy, now: Timestamp) {
    for step in &mut deploy.steps {
        if may_exist(step) {
            step.state = StepState::Unknown;
            step.tries = 0;
            step.not_before = None;
        } else if matches!(step.state, StepState::Rejected | StepState::Abandoned) {
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
    // Whoever asks for it to go on has seen that it stood still.
    deploy.paused_by = None;
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
    if let Some(by) = &deploy.paused_by {
        return Err(NotNow(format!("it is paused by {by}: resume it first")));
    }
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
    deploy.paused_by = None;
    if deploy.state == DeployState::Failed && is_archiving(deploy) {
        // An earlier cancel failed while archiving: go on with that, or leave the rest where it is.
        if leftovers == Leftovers::Archive {
            retry(deploy, now);
            return false;
        }
        deploy.steps.retain(Step::is_settled);
    }
    deploy.cancel = Some(leftovers);
    settle_cancel(deploy, archive, now)
}

/// Goes on with a cancel once nothing is in doubt: drops what was never sent and appends the archive steps. `true` when
/// the deploy is over with it.
pub fn settle_cancel(deploy: &mut Deploy, archive: Vec<Step>, now: Timestamp) -> bool {
    let Some(leftovers) = deploy.cancel else { return false };
    if deploy.state == DeployState::Open && !is_archiving(deploy) {
        // What was not sent never will be. Left standing before a step in doubt it would keep that from being settled.
        deploy.steps.retain(|s| s.state != StepState::Planned);
    }
    if deploy.state == DeployState::Open
        && deploy
            .steps
            .iter()
            .any(|s| s.is_in_doubt() || s.state == StepState::NeedsOperator)
    {
        return false;
    }
    if !is_archiving(deploy) {
        // What was given up stays in the ledger: an object of it may exist.
        deploy.steps.retain(Step::is_settled);
        if leftovers == Leftovers::Archive && !archive.is_empty() {
            deploy.steps.extend(archive);
            deploy.state = DeployState::Open;
            deploy.finished_at = None;
            deploy.not_before = None;
            deploy.why = Why::Queued;
            deploy.run_at = Some(now);
            rest(deploy);
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

/// True when the platform was ever told to deliver, whatever it answered: a lost answer may have been a yes, so nobody
/// can promise that what exists stays paused.
pub fn may_deliver(deploy: &Deploy) -> bool {
    deploy.steps.iter().any(|s| s.key == DELIVER && !s.attempts.is_empty())
}

/// True when no step was ever sent: the deploy can be taken back as if it had not been.
pub fn untouched(deploy: &Deploy) -> bool {
    deploy
        .steps
        .iter()
        .all(|s| s.attempts.is_empty() && s.state == StepState::Planned)
}
