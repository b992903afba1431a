//! What a step's request acts on, and why one cannot be planned.

use crate::{
    engine::model::{
        deploy::{Job, Step},
        platform::ExternalId,
        refusal::Problem,
    },
    platforms::KnownIds,
};

/// Callers plan what was checked; of several faults the first is enough to stop.
pub fn first(problems: Vec<Problem>) -> Problem {
    problems
        .into_iter()
        .next()
        .unwrap_or_else(|| Problem::whole("the request cannot be planned", "check the ticket"))
}

/// The id of what a step made or read.
pub fn known<'i>(ids: &'i KnownIds, key: &str) -> Result<&'i ExternalId, Problem> {
    ids.get(key).ok_or_else(|| {
        Problem::whole(
            format!("step \"{key}\" has no id yet, and this step needs it"),
            "let the steps before it finish first",
        )
    })
}

/// The object a set or check acts on: what its parent step made or read, or the target of the ticket.
pub fn object_of<'a>(job: &'a Job, step: &Step, ids: &'a KnownIds) -> Result<&'a ExternalId, Problem> {
    match (&step.parent, &job.target) {
        (Some(parent), _) => known(ids, parent),
        (None, Some(target)) => Ok(&target.external_id),
        (None, None) => Err(Problem::at(
            "target",
            format!("step \"{}\" has no object to act on", step.key),
            "name the object the ticket changes",
        )),
    }
}

/// A step of a deploy that another version of the program cut.
pub fn unknown_step(platform: &str, step: &Step) -> Problem {
    Problem::whole(
        format!("{platform} knows no step \"{}\"", step.key),
        "start the deploy again with this version",
    )
}
