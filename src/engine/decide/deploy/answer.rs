//! A person's answer to the executor's question, held against what the engine just read on the platform.
//!
//! Invariants
//! - "None exists" is taken only after one more complete look-up that found nothing.
//! - An object is adopted only if the engine read it and it fits, or an approver insists and says why.

use super::{deploy_of, not_now, people::deploying, settle};
use crate::engine::{
    decide::{
        command::{Evidence, Resolution},
        tx::Tx,
    },
    deploy::ledger,
    model::{
        deploy::{Deploy, Made, Step, StepAction},
        ids::TicketId,
        platform::ExternalId,
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
        time::Timestamp,
    },
    store::NewEvent,
};

/// An answer.
pub(super) struct Answer<'c> {
    /// The step asked about.
    pub(super) step: &'c str,
    /// What the person says.
    pub(super) resolution: &'c Resolution,
    /// Why.
    pub(super) reason: &'c str,
    /// What the engine found; `None` = it cannot read the platform.
    pub(super) evidence: Option<&'c Evidence>,
}

/// Takes an answer.
pub(super) fn resolve(tx: &mut Tx<'_>, id: TicketId, answer: &Answer<'_>, now: Timestamp) -> Result<NewEvent, Refusal> {
    let t = deploying(tx, id)?;
    let mut deploy = deploy_of(tx, &t)?;
    let made = check(&deploy, answer)?;
    if let Some(evidence) = answer.evidence {
        ledger::witness(&mut deploy, answer.step, evidence.read.clone());
    }
    let mut moved = ledger::resolve(&mut deploy, answer.step, answer.resolution, now).map_err(not_now)?;
    ledger::keep_made(&mut deploy, answer.step, &made);
    if !answer.reason.is_empty() {
        moved.summary = format!("{} ({})", moved.summary, answer.reason);
    }
    settle(tx, deploy, t, moved, now)
}

/// Holds an answer against the evidence; gives what was made along with an adopted object.
fn check(deploy: &Deploy, answer: &Answer<'_>) -> Result<Vec<Made>, Refusal> {
    let step = deploy.steps.iter().find(|s| s.key == answer.step);
    let Some(step) = step.filter(|s| s.action == StepAction::Create) else {
        // What a set or a check asks about can be read again at any time: nothing is made twice.
        return Ok(Vec::new());
    };
    match answer.resolution {
        Resolution::NoneExists => none_exists(answer.evidence).map(|()| Vec::new()),
        Resolution::Adopt { id, force } => adopt(step, id, *force, answer),
        Resolution::Proceed | Resolution::Abandon => Ok(Vec::new()),
    }
}

fn none_exists(evidence: Option<&Evidence>) -> Result<(), Refusal> {
    let Some(evidence) = evidence else {
        return Err(blind());
    };
    match evidence.read.found {
        Some(0) => Ok(()),
        Some(_) => Err(refuse(
            RefusalCode::WrongState,
            format!("it was looked up once more: {}", evidence.read.note),
            "adopt it, or abandon the step",
        )),
        None => Err(unread(&evidence.read.note)),
    }
}

fn adopt(step: &Step, id: &ExternalId, force: bool, answer: &Answer<'_>) -> Result<Vec<Made>, Refusal> {
    let Some(evidence) = answer.evidence else {
        // An engine that cannot read takes what the executor's look-ups have seen.
        let seen = ledger::seen_ids(step).contains(&id);
        return if seen { Ok(Vec::new()) } else { Err(blind()) };
    };
    match evidence.read.found {
        None => Err(unread(&evidence.read.note)),
        Some(0) => Err(Refusal::invalid(vec![Problem::at(
            "id",
            format!("there is no {} {id} on this account", step.kind),
            "check the id on the platform",
        )])),
        Some(_) if evidence.differences.is_empty() => Ok(evidence.made.clone()),
        Some(_) if !force => Err(Refusal::invalid(vec![Problem::at(
            "id",
            excerpt(&format!("{id} does not fit: {}", evidence.differences.join("; ")), 600),
            "choose another, or let an approver force it with a reason",
        )])),
        Some(_) if answer.reason.is_empty() => Err(Refusal::invalid(vec![Problem::at(
            "reason",
            "an object that differs is adopted only with a reason",
            "say why it is ours",
        )])),
        Some(_) => Ok(evidence.made.clone()),
    }
}

fn refuse(code: RefusalCode, reason: String, remedy: &str) -> Refusal {
    Refusal::new(code, Problem::whole(reason, remedy))
}

fn unread(note: &str) -> Refusal {
    refuse(
        RefusalCode::Busy,
        excerpt(&format!("the platform could not be read: {note}"), 600),
        "try again",
    )
}

fn blind() -> Refusal {
    refuse(
        RefusalCode::Unsupported,
        "this engine cannot read the platform, so the answer cannot be checked".to_owned(),
        "answer in the console, or while `omnitraffick serve` runs",
    )
}
