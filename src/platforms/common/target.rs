//! What a change names: the object, and whether it can be changed this way.

use crate::engine::model::{
    deploy::Job, platform::ObjectKind, refusal::Problem, sanitise::excerpt, ticket::RequestType,
};

/// What a platform calls the objects a ticket changes.
#[derive(Clone, Copy, Debug)]
pub struct Targets {
    /// The platform: `Meta`.
    pub platform: &'static str,
    /// What stands below a campaign, with its article: `an ad set`.
    pub below: &'static str,
    /// True for the form of its ids.
    pub is_id: fn(&str) -> bool,
}

/// Checks the object a change names, and that its budget keeps its kind.
pub fn check(job: &Job, targets: &Targets, problems: &mut Vec<Problem>) {
    let Some(target) = &job.target else {
        problems.push(Problem::at(
            "target",
            "nothing says what to change",
            "name the object to change",
        ));
        return;
    };
    let fits = match target.kind {
        ObjectKind::Campaign | ObjectKind::AdSet => true,
        ObjectKind::Ad => job.request != RequestType::UpdateBudget,
        _ => false,
    };
    if !fits {
        problems.push(Problem::at(
            "target",
            format!("a {} cannot be changed this way", target.kind),
            format!("name a campaign or {}", targets.below),
        ));
    }
    let id = &target.external_id.0;
    if !(targets.is_id)(id) {
        problems.push(Problem::at(
            "target",
            format!("\"{}\" is not an id of {} (digits)", excerpt(id, 24), targets.platform),
            "copy the id from the ticket that created it",
        ));
    }
    if swaps_budget_kind(job) {
        problems.push(Problem::at(
            "budget",
            "a daily and a lifetime budget cannot be swapped on an existing object",
            "keep the kind of budget, or create a new campaign",
        ));
    }
}

/// True when a change would make a daily budget one for the whole flight, or the other way round.
pub fn swaps_budget_kind(job: &Job) -> bool {
    let seen = job.target.as_ref().and_then(|t| t.seen_budget);
    job.request == RequestType::UpdateBudget && matches!((seen, job.budget), (Some(a), Some(b)) if a.kind != b.kind)
}
