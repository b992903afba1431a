//! What the executor reports: intents, outcomes, look-ups, waits, recoveries, and engine starts.

use std::fmt::Write as _;

use super::{event, not_now, settle};
use crate::engine::{
    decide::{
        command::Command,
        tx::{Tx, Versioned},
    },
    deploy::ledger::{self, Look, Moved},
    model::{
        actor::Actor,
        deploy::{Deploy, Made, Outcome, StepAction, Why},
        event::{EventKind, Noun, Subject},
        ids::DeployId,
        json::Sha,
        platform::ExternalId,
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
        ticket::Ticket,
        time::Timestamp,
    },
    store::{
        Commit, NewEvent,
        schema::{Epoch, Restored, keys},
    },
};

fn load(tx: &mut Tx<'_>, id: DeployId) -> Result<(Deploy, Ticket), Refusal> {
    let missing = |what: &str| {
        Refusal::new(
            RefusalCode::NotFound,
            Problem::whole(format!("{what} of deploy {id} is missing"), "verify the store"),
        )
    };
    let deploy: Option<Versioned<Deploy>> = tx.load(&keys::deploy(id))?;
    let deploy = deploy.ok_or_else(|| missing("the row"))?.value;
    let ticket: Option<Versioned<Ticket>> = tx.load(&keys::ticket(deploy.ticket))?;
    Ok((deploy, ticket.ok_or_else(|| missing("the ticket"))?.value))
}

/// True while the ticket says what was frozen for the deploy: the fields of [`Ticket::payload_hash`], compared and not
/// hashed, because this is asked before every call.
fn still_says(ticket: &Ticket, deploy: &Deploy) -> bool {
    let job = &deploy.job;
    ticket.request == job.request
        && ticket.platform == deploy.platform
        && ticket.account == job.account.id
        && ticket.name == job.name
        && ticket.target == job.target
        && ticket.budget == job.budget
        && ticket.flight == job.flight
        && ticket.payload == job.payload
}

/// The intent, durable before the first byte. Only the deploy's row changes: this is on the path of every call.
pub(super) fn intend(
    tx: &mut Tx<'_>,
    id: DeployId,
    step: &str,
    attempt: u32,
    request_hash: Sha,
    now: Timestamp,
) -> Result<NewEvent, Refusal> {
    let (mut deploy, ticket) = load(tx, id)?;
    // Read here and not only before: a hold that was acknowledged stops every step whose intent is not on disk yet.
    for hold in [
        keys::hold_all(),
        keys::hold_platform(deploy.platform),
        keys::hold_account(deploy.platform, &deploy.account),
    ] {
        if !tx.is_free(&hold) {
            return Err(Refusal::new(
                RefusalCode::WrongState,
                Problem::whole(
                    format!("{} {} is paused", deploy.platform, deploy.account),
                    "release the hold to go on",
                ),
            ));
        }
    }
    // Archiving after a cancel sends nothing of the content, which may have been edited since.
    if deploy.cancel.is_none() && !still_says(&ticket, &deploy) {
        return Err(Refusal::new(
            RefusalCode::WrongState,
            Problem::whole("the ticket's content is not what QA judged", "cancel the deploy"),
        ));
    }
    // Read here and not only before, as holds are: a restored store must not send what it may have forgotten.
    let restored: Option<Versioned<Restored>> = tx.load(&keys::restored())?;
    let forgotten = |r: &Versioned<Restored>| {
        let step = deploy.steps.iter().find(|s| s.key == step);
        step.is_some_and(|s| ledger::may_be_forgotten(s, &r.value))
    };
    if restored.as_ref().is_some_and(forgotten) {
        return Err(Refusal::new(
            RefusalCode::WrongState,
            Problem::whole(
                format!("{step} may have been sent after the backup this store came from"),
                "it is looked up first",
            ),
        ));
    }
    let setting = deploy
        .steps
        .iter()
        .find(|s| s.key == step && s.action == StepAction::Set);
    if let Some(object) = setting.and_then(|s| ledger::object_of(&deploy, s)) {
        others_are_settled(tx, &deploy, &object, now)?;
    }
    let epoch = tx.view().epoch();
    let moved = ledger::intend(&mut deploy, step, attempt, request_hash, epoch, now).map_err(not_now)?;
    ledger::bound(&mut deploy);
    tx.save(&keys::deploy(id), &deploy)?;
    Ok(event(&ticket, moved.kind, moved.summary))
}

/// No request that another deploy sent to the object may still be carried out. Read here and not only before the wait:
/// nothing else keeps two tickets apart. What is settled is forgotten.
fn others_are_settled(tx: &mut Tx<'_>, deploy: &Deploy, object: &ExternalId, now: Timestamp) -> Result<(), Refusal> {
    let key = keys::echo(deploy.platform, &deploy.account, object);
    let Some(owner) = tx.owner(&key)? else { return Ok(()) };
    if owner == deploy.id.to_string() {
        return Ok(());
    }
    let earlier = match owner.parse() {
        Ok(id) => tx.load::<Deploy>(&keys::deploy(id))?,
        Err(_) => None,
    };
    let policy = tx.view().policy();
    let waits = earlier.and_then(|e| ledger::echo_of(&e.value, deploy, object, policy, now));
    if let Some(Why::Processing { what, .. }) = waits {
        return Err(Refusal::new(
            RefusalCode::WrongState,
            Problem::whole(what, "it goes on by itself once that is settled"),
        ));
    }
    tx.delete(&key);
    Ok(())
}

/// How an attempt ended.
pub(super) fn outcome(
    tx: &mut Tx<'_>,
    id: DeployId,
    step: &str,
    attempt: u32,
    (outcome, made): (&Outcome, &[Made]),
    jitter: u64,
    now: Timestamp,
) -> Result<NewEvent, Refusal> {
    let (mut deploy, ticket) = load(tx, id)?;
    let policy = tx.view().policy();
    let moved = ledger::outcome(&mut deploy, step, attempt, outcome.clone(), jitter, policy).map_err(not_now)?;
    ledger::keep_made(&mut deploy, step, made);
    settle(tx, deploy, ticket, moved, now)
}

/// What a look-up found.
pub(super) fn read(tx: &mut Tx<'_>, id: DeployId, step: &str, look: Look, now: Timestamp) -> Result<NewEvent, Refusal> {
    let (mut deploy, ticket) = load(tx, id)?;
    let made = look.made.clone();
    let moved = ledger::looked(&mut deploy, step, look, tx.view().policy()).map_err(not_now)?;
    ledger::keep_made(&mut deploy, step, &made);
    settle(tx, deploy, ticket, moved, now)
}

/// An intent whose sender is gone.
pub(super) fn recover(tx: &mut Tx<'_>, id: DeployId, now: Timestamp) -> Result<NewEvent, Refusal> {
    let (mut deploy, ticket) = load(tx, id)?;
    let policy = tx.view().policy();
    let moved: Moved = ledger::recover(&mut deploy, policy, now).ok_or_else(|| {
        Refusal::new(
            RefusalCode::WrongState,
            Problem::whole("no intent is open", "nothing to recover"),
        )
    })?;
    settle(tx, deploy, ticket, moved, now)
}

/// A step the restored store may have forgotten is in doubt, whatever its ledger says.
pub(super) fn forgotten(tx: &mut Tx<'_>, id: DeployId, step: &str, now: Timestamp) -> Result<NewEvent, Refusal> {
    let (mut deploy, ticket) = load(tx, id)?;
    let restored: Option<Versioned<Restored>> = tx.load(&keys::restored())?;
    let restored = restored.ok_or_else(|| not_now(ledger::NotNow("the store was not restored".to_owned())))?;
    let (policy, epoch) = (tx.view().policy(), tx.view().epoch());
    let moved = ledger::doubt_forgotten(&mut deploy, step, &restored.value, epoch, (policy, now)).map_err(not_now)?;
    ledger::bound(&mut deploy);
    settle(tx, deploy, ticket, moved, now)
}

/// The next step has to wait.
pub(super) fn wait(tx: &mut Tx<'_>, id: DeployId, why: &Why) -> Result<NewEvent, Refusal> {
    let (mut deploy, ticket) = load(tx, id)?;
    let moved = ledger::wait(&mut deploy, why).map_err(not_now)?;
    tx.save(&keys::deploy(id), &deploy)?;
    Ok(event(&ticket, moved.kind, moved.summary))
}

/// An answer that came too late to count. It is kept where look-ups and people see it.
pub(super) fn late(
    tx: &mut Tx<'_>,
    id: DeployId,
    step: &str,
    attempt: u32,
    outcome: &Outcome,
) -> Result<NewEvent, Refusal> {
    let (mut deploy, ticket) = load(tx, id)?;
    let moved = ledger::late(&mut deploy, step, attempt, outcome).map_err(not_now)?;
    ledger::bound(&mut deploy);
    tx.save(&keys::deploy(id), &deploy)?;
    Ok(event(&ticket, moved.kind, excerpt(&moved.summary, 600)))
}

/// An engine opened the store: the epoch goes up, and every older engine is fenced off.
pub(super) fn engine_start(
    mut tx: Tx<'_>,
    command: &Command,
    actor: &Actor,
    build: &str,
    (tail_truncated, index_rebuilt): (Option<u64>, Option<&str>),
    now: Timestamp,
) -> Result<Commit, Refusal> {
    let key = keys::epoch();
    let before: Option<Versioned<Epoch>> = tx.load(&key)?;
    let n = before.map_or(0, |e| e.value.n).saturating_add(1);
    tx.save(
        &key,
        &Epoch {
            n,
            build: build.to_owned(),
        },
    )?;
    let mut also = Vec::new();
    let mut summary = format!("engine {build} opened the store, epoch {n}");
    if let Some(bytes) = tail_truncated {
        also.push(EventKind::TailTruncated);
        let _ = write!(
            summary,
            "; {bytes} bytes of an unfinished write were cut from the journal's end"
        );
    }
    if let Some(why) = index_rebuilt {
        also.push(EventKind::IndexRebuilt);
        let _ = write!(summary, "; the index was built again: {}", excerpt(why, 200));
    }
    let event = NewEvent {
        kind: EventKind::EngineStarted,
        also,
        subject: Subject {
            noun: Noun::Engine,
            id: String::new(),
            label: format!("epoch {n}"),
            ticket: None,
        },
        status: None,
        summary,
        changes: Vec::new(),
    };
    let mut commit = tx.finish(command, actor, now, event);
    commit.epoch = n;
    Ok(commit)
}
