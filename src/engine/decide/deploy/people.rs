//! What people do to a running deploy: pause, resume, recall, cancel, answer; and holds on accounts and platforms.

use super::{deploy_of, event, settle, ticket, wrong_state};
use crate::engine::{
    decide::{
        command::HoldScope,
        tx::{Tx, Versioned},
    },
    deploy::ledger::{self, Moved},
    model::{
        actor::{Actor, Role},
        deploy::{DeployState, Leftovers, Why},
        event::{EventKind, Noun, Subject},
        ids::TicketId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{RequestType, Status, Ticket},
        time::Timestamp,
    },
    store::{
        Key, NewEvent,
        schema::{Hold, keys},
    },
};

pub(super) fn deploying(tx: &mut Tx<'_>, id: TicketId) -> Result<Ticket, Refusal> {
    let t = ticket(tx, id)?.value;
    if t.status == Status::Deploying {
        Ok(t)
    } else {
        Err(wrong_state(&t, "no deploy is open", "refresh"))
    }
}

/// Stops before the next step.
pub(super) fn pause(tx: &mut Tx<'_>, id: TicketId, actor: &Actor) -> Result<NewEvent, Refusal> {
    let t = deploying(tx, id)?;
    let mut deploy = deploy_of(tx, &t)?;
    if deploy.paused_by.is_some() {
        return Err(wrong_state(&t, "it is paused already", "resume it to go on"));
    }
    ledger::pause(&mut deploy, &actor.name);
    tx.save(&keys::deploy(deploy.id), &deploy)?;
    Ok(event(&t, EventKind::DeployPaused, "no new step until it is resumed"))
}

/// Goes on.
pub(super) fn resume(tx: &mut Tx<'_>, id: TicketId, now: Timestamp) -> Result<NewEvent, Refusal> {
    let t = deploying(tx, id)?;
    let mut deploy = deploy_of(tx, &t)?;
    if deploy.paused_by.is_none() {
        return Err(wrong_state(&t, "it is not paused", "nothing to do"));
    }
    ledger::resume(&mut deploy, now);
    tx.save(&keys::deploy(deploy.id), &deploy)?;
    Ok(event(&t, EventKind::DeployResumed, "goes on"))
}

/// Back to READY_FOR_API as if nothing had been: only while nothing was ever sent.
pub(super) fn recall(tx: &mut Tx<'_>, id: TicketId, now: Timestamp) -> Result<NewEvent, Refusal> {
    let mut t = deploying(tx, id)?;
    let mut deploy = deploy_of(tx, &t)?;
    if !ledger::untouched(&deploy) {
        return Err(wrong_state(&t, "a step was already sent", "cancel it instead"));
    }
    deploy.state = DeployState::Recalled;
    deploy.finished_at = Some(now);
    deploy.run_at = None;
    deploy.why = Why::Finished;
    t.deploy = None;
    let moved = Moved {
        kind: EventKind::DeployRecalled,
        also: Vec::new(),
        summary: "taken back before anything was sent; QA stays valid".to_owned(),
        failure: None,
    };
    settle(tx, deploy, t, moved, now)
}

/// Calls a ticket off that has a deploy.
pub(super) fn cancel(
    tx: &mut Tx<'_>,
    id: TicketId,
    leftovers: Option<Leftovers>,
    reason: &str,
    now: Timestamp,
) -> Result<NewEvent, Refusal> {
    let t = ticket(tx, id)?.value;
    if !t.status.is_open() {
        return Err(wrong_state(
            &t,
            "it is over",
            "use an ARCHIVE or PAUSE ticket for what is live",
        ));
    }
    let mut deploy = deploy_of(tx, &t)?;
    if deploy.cancel.is_some() && t.status == Status::Deploying {
        return Err(wrong_state(
            &t,
            "it is being cancelled already",
            "wait for the open call to be settled",
        ));
    }
    let creates = t.request == RequestType::Create;
    // With the deploy still moving an object may come into being after this commit: the choice is needed up front.
    let may_exist =
        creates && (!t.created.is_empty() || (t.status == Status::Deploying && !ledger::untouched(&deploy)));
    let leftovers = match leftovers {
        Some(l) if creates => l,
        None if may_exist => {
            return Err(Refusal::invalid(vec![Problem::at(
                "leftovers",
                match t.created.len() {
                    0 => format!("an object may exist on {}", t.platform),
                    1 => format!("1 object exists on {}", t.platform),
                    n => format!("{n} objects exist on {}", t.platform),
                },
                "choose: keep them paused, or archive them",
            )]));
        }
        _ => Leftovers::KeepPaused,
    };
    if creates && leftovers == Leftovers::KeepPaused && ledger::may_deliver(&deploy) {
        return Err(Refusal::invalid(vec![Problem::at(
            "leftovers",
            format!("{} was told to deliver it, so it may not be paused", t.platform),
            "archive it; or retry, and pause it by a PAUSE ticket once it is live",
        )]));
    }
    let archive = super::archive_steps(tx, &deploy);
    let over = ledger::cancel(&mut deploy, leftovers, archive, now);
    let words = match leftovers {
        Leftovers::KeepPaused => "what exists stays paused",
        Leftovers::Archive => "what exists is archived",
    };
    let why = if reason.trim().is_empty() {
        String::new()
    } else {
        format!(": {}", reason.trim())
    };
    let moved = Moved {
        kind: EventKind::CancelAsked,
        also: if over { vec![EventKind::Cancelled] } else { Vec::new() },
        summary: format!("cancelled, {words}{why}"),
        failure: None,
    };
    settle(tx, deploy, t, moved, now)
}

fn hold_key(scope: &HoldScope) -> (Key, String) {
    match scope {
        HoldScope::Everything => (keys::hold_all(), "everything".to_owned()),
        HoldScope::Platform(p) => (keys::hold_platform(*p), p.to_string()),
        HoldScope::Account(p, a) => (keys::hold_account(*p, a), format!("{p} {a}")),
    }
}

fn hold_event(label: &str, kind: EventKind, summary: String) -> NewEvent {
    NewEvent {
        kind,
        also: Vec::new(),
        subject: Subject {
            noun: Noun::Engine,
            id: String::new(),
            label: label.to_owned(),
            ticket: None,
        },
        status: None,
        summary,
        changes: Vec::new(),
    }
}

/// Stops an account, a platform or everything before the next step.
pub(super) fn hold(
    tx: &mut Tx<'_>,
    scope: &HoldScope,
    reason: &str,
    actor: &Actor,
    now: Timestamp,
) -> Result<NewEvent, Refusal> {
    let (key, label) = hold_key(scope);
    let held: Option<Versioned<Hold>> = tx.load(&key)?;
    if let Some(held) = held {
        return Err(Refusal::new(
            RefusalCode::Duplicate,
            Problem::whole(
                format!("{label} is paused by {} already: {}", held.value.by, held.value.reason),
                "resume it first",
            ),
        ));
    }
    let reason = crate::engine::model::sanitise::excerpt(reason.trim(), 200);
    tx.save(
        &key,
        &Hold {
            by: actor.name.clone(),
            reason: reason.clone(),
            since: now,
            role: actor.role,
        },
    )?;
    Ok(hold_event(
        &label,
        EventKind::DeployPaused,
        format!("{label} is paused: {reason}"),
    ))
}

/// Lets it go on. What an approver or an admin stopped, nobody less sets going: they may know what a trafficker does
/// not. One approver may release another's hold, because whoever placed it may be asleep.
pub(super) fn release(tx: &mut Tx<'_>, scope: &HoldScope, actor: &Actor) -> Result<NewEvent, Refusal> {
    let (key, label) = hold_key(scope);
    let Some(held) = tx.load::<Hold>(&key)?.map(|held| held.value) else {
        return Err(Refusal::new(
            RefusalCode::WrongState,
            Problem::whole(format!("{label} is not paused"), "nothing to do"),
        ));
    };
    if held.role >= Role::Approver && actor.role < Role::Approver {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            Problem::whole(
                format!("{label} was paused by {} as {}: {}", held.by, held.role, held.reason),
                "ask an approver or an admin to release it",
            ),
        ));
    }
    tx.delete(&key);
    Ok(hold_event(&label, EventKind::DeployResumed, format!("{label} goes on")))
}
