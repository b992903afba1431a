//! How a job is cut into steps, as far as every platform cuts alike.
//!
//! A create is a platform's own. UPDATE_BUDGET: `check` reads what is there, `set_budget` writes the absolute amount.
//! PAUSE, RESUME, ARCHIVE: one step.
//!
//! Invariants
//! - A job with a fault is not cut: no step can exist whose request cannot be planned.
//! - The parent of a step that sets something is the step that made the object it sets; without one it is the target.

use crate::engine::model::{
    deploy::{Job, Step, StepAction},
    platform::ObjectKind,
    refusal::Problem,
    ticket::RequestType,
};

/// The steps of a job in which `problems` were found; `create` makes those of a create.
pub fn cut(
    job: &Job,
    problems: Vec<Problem>,
    create: impl FnOnce(&Job) -> Vec<Step>,
) -> Result<Vec<Step>, Vec<Problem>> {
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(match job.request {
        RequestType::Create => create(job),
        RequestType::UpdateBudget => vec![
            on_target(job, "check", StepAction::Check),
            on_target(job, "set_budget", StepAction::Set),
        ],
        RequestType::Pause => vec![on_target(job, "pause", StepAction::Set)],
        RequestType::Resume => vec![on_target(job, "resume", StepAction::Set)],
        RequestType::Archive => vec![on_target(job, "archive", StepAction::Set)],
    })
}

fn on_target(job: &Job, key: &str, action: StepAction) -> Step {
    let kind = job.target.as_ref().map_or(ObjectKind::Campaign, |t| t.kind);
    Step::planned(key, kind, action, String::new(), None)
}

/// A step that sets something on what another step made.
pub fn set(key: &str, kind: ObjectKind, parent: &str) -> Step {
    Step::planned(key, kind, StepAction::Set, String::new(), Some(parent))
}

/// The steps that put away what a deploy made, the last made first; `stays` names what cannot be put away or need not.
pub fn archive(confirmed: &[Step], stays: impl Fn(ObjectKind) -> bool) -> Vec<Step> {
    confirmed
        .iter()
        .rev()
        .filter(|s| s.action == StepAction::Create && !stays(s.kind))
        .map(|s| set(&format!("archive_{}", s.key), s.kind, &s.key))
        .collect()
}
