//! Decisions about deploys: starting, stopping, answering, and recording what the executor did.
//!
//! Invariants
//! - A deploy starts only on content that passed QA under the rules in force: same hash, same rule set,
//!   and with as many approvals as the rules in force ask for.
//! - Status, ledger, external ids and event are one commit; there is no moment in which a ticket is DEPLOYING without a
//!   due row.
//! - Only engine actors record intents and outcomes ([`super::rights`]).

mod answer;
mod people;
mod start;
mod steps;

pub(crate) use start::basis;

use super::{
    View,
    command::{Command, CommandKind},
    tx::{Tx, Versioned},
};
use crate::engine::{
    deploy::ledger::{self, Look, Moved, NotNow},
    model::{
        actor::Actor,
        deploy::{Deploy, DeployState, StepAction, StepState},
        event::{EventKind, FieldChange, Noun, Subject},
        ids::TicketId,
        money::Budget,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Created, FailureNote, RequestType, Status, Ticket},
        time::Timestamp,
    },
    store::{
        Commit, NewEvent,
        schema::{Owner, keys},
    },
};

/// Decides the commands about deploys, holds and engine starts.
pub fn decide(view: &dyn View, command: &Command, actor: &Actor, now: Timestamp) -> Result<Commit, Refusal> {
    let mut tx = Tx::new(view);
    let event = match &command.kind {
        CommandKind::TicketDeploy { id, deploy, not_before } => start::start(&mut tx, *id, *deploy, *not_before, now)?,
        CommandKind::TicketRetry { id } => start::retry(&mut tx, *id, now)?,
        CommandKind::TicketCancel { id, leftovers, reason } => people::cancel(&mut tx, *id, *leftovers, reason, now)?,
        CommandKind::DeployPause { id } => people::pause(&mut tx, *id, actor)?,
        CommandKind::DeployResume { id } => people::resume(&mut tx, *id, now)?,
        CommandKind::DeployRecall { id } => people::recall(&mut tx, *id, now)?,
        CommandKind::DeployResolve {
            id,
            step,
            resolution,
            reason,
            evidence,
        } => {
            let answer = answer::Answer {
                step,
                resolution,
                reason: reason.trim(),
                evidence: evidence.as_ref(),
            };
            answer::resolve(&mut tx, *id, &answer, now)?
        }
        CommandKind::HoldPlace { scope, reason } => people::hold(&mut tx, scope, reason, actor, now)?,
        CommandKind::HoldRelease { scope } => people::release(&mut tx, scope, actor)?,
        CommandKind::EngineStart {
            build,
            tail_truncated,
            index_rebuilt,
        } => {
            let healed = (*tail_truncated, index_rebuilt.as_deref());
            return steps::engine_start(tx, command, actor, build, healed, now);
        }
        CommandKind::StepIntend {
            deploy,
            step,
            attempt,
            request_hash,
        } => steps::intend(&mut tx, *deploy, step, *attempt, *request_hash, now)?,
        CommandKind::StepOutcome {
            deploy,
            step,
            attempt,
            outcome,
            made,
            jitter,
        } => steps::outcome(&mut tx, *deploy, step, *attempt, (outcome, made), *jitter, now)?,
        CommandKind::StepRead {
            deploy,
            step,
            read,
            adopt,
            made,
            mismatch,
        } => {
            let look = Look {
                read: read.clone(),
                adopt: adopt.clone(),
                made: made.clone(),
                mismatch: mismatch.clone(),
            };
            steps::read(&mut tx, *deploy, step, look, now)?
        }
        CommandKind::DeployRecover { deploy } => steps::recover(&mut tx, *deploy, now)?,
        CommandKind::DeployWait { deploy, why } => steps::wait(&mut tx, *deploy, why)?,
        CommandKind::StepLate {
            deploy,
            step,
            attempt,
            outcome,
        } => steps::late(&mut tx, *deploy, step, *attempt, outcome)?,
        CommandKind::StepForgotten { deploy, step } => steps::forgotten(&mut tx, *deploy, step, now)?,
        _ => {
            return Err(Refusal::new(
                RefusalCode::Unsupported,
                Problem::whole("not a command about deploys", ""),
            ));
        }
    };
    Ok(tx.finish(command, actor, now, event))
}

/// Loads a ticket or says that there is none.
fn ticket(tx: &mut Tx<'_>, id: TicketId) -> Result<Versioned<Ticket>, Refusal> {
    tx.load(&keys::ticket(id))?.ok_or_else(|| {
        Refusal::new(
            RefusalCode::NotFound,
            Problem::whole(format!("there is no ticket {id}"), "refresh the list"),
        )
    })
}

/// Loads the deploy a ticket is in.
fn deploy_of(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<Deploy, Refusal> {
    let Some(id) = ticket.deploy else {
        return Err(wrong_state(ticket, "it was never deployed", "deploy it first"));
    };
    let row: Option<Versioned<Deploy>> = tx.load(&keys::deploy(id))?;
    row.map(|r| r.value).ok_or_else(|| {
        Refusal::new(
            RefusalCode::NotFound,
            Problem::whole(
                format!("the deploy of ticket {} is missing", ticket.no),
                "run `omnitraffick store verify`",
            ),
        )
    })
}

/// The refusal for a command that does not fit the ticket's status.
fn wrong_state(ticket: &Ticket, why: &str, remedy: &str) -> Refusal {
    Refusal::new(
        RefusalCode::WrongState,
        Problem::whole(
            format!("ticket {} is {}: {why}", ticket.no, ticket.status.word()),
            remedy,
        ),
    )
}

fn not_now(e: NotNow) -> Refusal {
    Refusal::new(
        RefusalCode::WrongState,
        Problem::whole(e.0, "refresh; it changed meanwhile"),
    )
}

fn subject(ticket: &Ticket) -> Subject {
    Subject {
        noun: Noun::Ticket,
        id: ticket.id.to_string(),
        label: ticket.no.to_string(),
        ticket: Some(ticket.no),
    }
}

/// An event about a ticket without field changes.
fn event(ticket: &Ticket, kind: EventKind, summary: impl Into<String>) -> NewEvent {
    NewEvent {
        kind,
        also: Vec::new(),
        subject: subject(ticket),
        status: None,
        summary: summary.into(),
        changes: Vec::new(),
    }
}

/// Writes a moved deploy and whatever follows from it for its ticket: external ids, status, failure, freed lanes.
fn settle(
    tx: &mut Tx<'_>,
    mut deploy: Deploy,
    mut ticket: Ticket,
    mut moved: Moved,
    now: Timestamp,
) -> Result<NewEvent, Refusal> {
    if deploy.cancel.is_some() && !matches!(deploy.state, DeployState::Cancelled | DeployState::Recalled) {
        let archive = archive_steps(tx, &deploy);
        let over = ledger::settle_cancel(&mut deploy, archive, now);
        if over {
            moved.also.push(EventKind::Cancelled);
        }
        if deploy.state != DeployState::Failed {
            moved.failure = None;
            moved.also.retain(|k| *k != EventKind::DeployFailed);
        }
    }
    let before = of_deploy(&ticket);
    let status = ticket.status;
    write_back(&mut ticket, &deploy);
    match deploy.state {
        DeployState::Open => ticket.status = Status::Deploying,
        DeployState::Done => {
            ticket.status = Status::TraffickedSuccess;
            ticket.failure = None;
            went_live(tx, &mut ticket)?;
        }
        DeployState::Failed => {
            ticket.status = Status::Failed;
            if moved.failure.is_some() {
                ticket.failure.clone_from(&moved.failure);
            }
        }
        DeployState::Cancelled => {
            ticket.status = Status::Cancelled;
            // Under a name given up in doubt an object may exist: nobody else gets it.
            if !deploy.steps.iter().any(ledger::may_exist) {
                free_name(tx, &ticket)?;
            }
        }
        DeployState::Recalled => ticket.status = Status::ReadyForApi,
    }
    if deploy.state != DeployState::Open {
        free_lane(tx, &ticket)?;
    }
    // The ticket's row is as large as its payload: it is written only when something on it changed.
    if of_deploy(&ticket) != before {
        ticket.updated_at = now;
        tx.save(&keys::ticket(ticket.id), &ticket)?;
    }
    note_lost(tx, &deploy, now)?;
    let event = NewEvent {
        kind: moved.kind,
        also: moved.also,
        subject: subject(&ticket),
        status: (ticket.status != status).then_some(ticket.status),
        summary: crate::engine::model::sanitise::excerpt(&moved.summary, 600),
        changes: status_change(status, ticket.status),
    };
    ledger::bound(&mut deploy);
    tx.save(&keys::deploy(deploy.id), &deploy)?;
    Ok(event)
}

/// What a deploy may change on its ticket. Objects are only ever added.
fn of_deploy(ticket: &Ticket) -> (Status, usize, Option<Budget>, Option<FailureNote>) {
    let Ticket {
        status,
        created,
        live_budget,
        failure,
        ..
    } = ticket;
    (*status, created.len(), *live_budget, failure.clone())
}

fn status_change(before: Status, after: Status) -> Vec<FieldChange> {
    if before == after {
        return Vec::new();
    }
    vec![FieldChange {
        field: "status".into(),
        from: Some(before.to_string()),
        to: Some(after.to_string()),
    }]
}

fn archive_steps(tx: &Tx<'_>, deploy: &Deploy) -> Vec<crate::engine::model::deploy::Step> {
    let confirmed: Vec<_> = deploy
        .steps
        .iter()
        .filter(|s| s.state == StepState::Confirmed)
        .cloned()
        .collect();
    tx.view().archive_steps(deploy.platform, &deploy.job, &confirmed)
}

/// Every object a confirmed step created stands on the ticket: its own, then what was made along with it.
fn write_back(ticket: &mut Ticket, deploy: &Deploy) {
    for step in deploy
        .steps
        .iter()
        .filter(|s| s.action == StepAction::Create && s.state == StepState::Confirmed)
    {
        let Some(id) = &step.external_id else { continue };
        let own = (step.kind, &step.name, id);
        let children = step.made.iter().map(|m| (m.kind, &m.name, &m.external_id));
        for (kind, name, id) in std::iter::once(own).chain(children) {
            if !ticket.created.iter().any(|c| &c.external_id == id && c.kind == kind) {
                ticket.created.push(Created {
                    step: step.key.clone(),
                    kind,
                    name: name.clone(),
                    external_id: id.clone(),
                });
            }
        }
    }
}

/// What we now know about budgets on the platform.
fn went_live(tx: &mut Tx<'_>, ticket: &mut Ticket) -> Result<(), Refusal> {
    match (ticket.request, &ticket.target) {
        (RequestType::Create, _) => ticket.live_budget = ticket.budget,
        (RequestType::UpdateBudget, Some(target)) => {
            let key = keys::ticket(target.ticket);
            let row: Option<Versioned<Ticket>> = tx.load(&key)?;
            if let Some(Versioned { value: mut origin, .. }) = row {
                origin.live_budget = ticket.budget;
                tx.save(&key, &origin)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// A cancelled CREATE without objects gives its name back.
fn free_name(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), Refusal> {
    if ticket.created.is_empty() {
        super::ticket::free_name(tx, ticket)
    } else {
        Ok(())
    }
}

/// Notes on each object a request of this deploy may still change that it may, for whichever ticket changes it next. An
/// earlier deploy's note gives way: this one was not sent before that was settled.
fn note_lost(tx: &mut Tx<'_>, deploy: &Deploy, now: Timestamp) -> Result<(), Refusal> {
    for object in ledger::lost_on(deploy, tx.view().policy(), now) {
        let key = keys::echo(deploy.platform, &deploy.account, &object);
        let owner = tx.owner(&key)?;
        if owner != Some(deploy.id.to_string()) {
            tx.claim(&key, deploy.id)?;
        }
    }
    Ok(())
}

/// Lets the next change of the same object go.
fn free_lane(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), Refusal> {
    let Some(target) = &ticket.target else { return Ok(()) };
    let key = keys::target(ticket.platform, &ticket.account, &target.external_id);
    let owner: Option<Versioned<Owner>> = tx.load(&key)?;
    if owner.is_some_and(|o| o.value.id == ticket.id.to_string()) {
        tx.delete(&key);
    }
    Ok(())
}
