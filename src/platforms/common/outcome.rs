//! What an answer means for a step, as far as no platform has a say in it.

use crate::{
    engine::model::{
        deploy::{Outcome, OutcomeClass, Step, StepAction},
        money::Budget,
        time::Timestamp,
    },
    platforms::{Lost, WireResponse, words},
};

/// True for 2xx.
pub const fn is_success(status: u16) -> bool {
    matches!(status, 200..=299)
}

/// An outcome with nothing but a class and words. `request_id` is the header that holds the platform's id of the request.
pub fn bare(
    class: OutcomeClass,
    response: Option<&WireResponse>,
    request_id: &str,
    now: Timestamp,
    said: &str,
) -> Outcome {
    Outcome {
        class,
        at: now,
        http_status: response.map(|r| r.status),
        code: None,
        request_id: header(response, request_id),
        words: words::kept(said),
        field: None,
        external_id: None,
        wait_until: None,
    }
}

/// A header of an answer, fit to keep.
pub fn header(response: Option<&WireResponse>, name: &str) -> Option<String> {
    response.and_then(|r| r.headers.get(name)).map(|v| words::kept(v))
}

/// What an open question means: a create may have happened, everything else may be repeated.
pub const fn in_doubt(action: StepAction) -> OutcomeClass {
    match action {
        StepAction::Create => OutcomeClass::Unknown,
        StepAction::Set | StepAction::Check => OutcomeClass::NotExecuted,
    }
}

/// What no answer means, and why there is none; `in_doubt` when the request may have arrived.
pub fn lost(lost: &Lost, in_doubt: OutcomeClass) -> (OutcomeClass, &str) {
    match lost {
        Lost::NotSent { why } => (OutcomeClass::NotExecuted, why),
        Lost::InDoubt { why } => (in_doubt, why),
        Lost::NoCredentials { why } => (OutcomeClass::LaneBlocked, why),
    }
}

/// How many of a step's attempts ended in one of these ways, without anything else since.
pub fn in_a_row(step: &Step, classes: &[OutcomeClass]) -> usize {
    let ended = step.attempts.iter().rev().filter_map(|a| a.outcome.as_ref());
    ended.take_while(|o| classes.contains(&o.class)).count()
}

/// What a check says about the budget it found.
pub fn carries(budget: Option<Budget>) -> String {
    budget.map_or_else(
        || "it carries no budget".to_owned(),
        |b| format!("it carries {}", b.money),
    )
}
