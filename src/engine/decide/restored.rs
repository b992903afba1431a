//! The mark of a store that came out of a backup: while it is there, nothing is sent before it was looked up.

use super::{call::Call, tx::Versioned};
use crate::engine::{
    model::{
        event::{EventKind, Noun, Subject},
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
        time::Timestamp,
    },
    store::{
        Commit, NewEvent,
        schema::{Epoch, Restored, keys},
    },
};

/// Longest reason kept.
const REASON_MAX: usize = 400;

/// Sets the mark.
pub(super) fn restored(call: &Call<'_>, taken_at: Timestamp) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let epoch: Option<Versioned<Epoch>> = tx.load(&keys::epoch())?;
    let mark = Restored {
        at: call.now,
        taken_at,
        epoch: epoch.map_or(0, |e| e.value.n),
        by: call.actor.name.clone(),
    };
    tx.save(&keys::restored(), &mark)?;
    let summary = format!(
        "{} restored the store from a backup of {taken_at}; steps are looked up before they are sent",
        call.actor.name
    );
    Ok(call.finish(tx, event(EventKind::StoreRestored, summary)))
}

/// Takes the mark away.
pub(super) fn settle(call: &Call<'_>, reason: &str) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mark: Option<Versioned<Restored>> = tx.load(&keys::restored())?;
    if mark.is_none() {
        return Err(Refusal::new(
            RefusalCode::WrongState,
            Problem::whole(
                "the store was not restored from a backup, or that is settled",
                "nothing to do",
            ),
        ));
    }
    let reason = excerpt(reason.trim(), REASON_MAX);
    if reason.is_empty() {
        return Err(Refusal::new(
            RefusalCode::Invalid,
            Problem::at("reason", "is missing", "say why nothing is unknown any more"),
        ));
    }
    tx.delete(&keys::restored());
    let summary = format!(
        "{} says that nothing made after the restored backup is unknown any more: {reason}",
        call.actor.name
    );
    Ok(call.finish(tx, event(EventKind::StoreSettled, summary)))
}

fn event(kind: EventKind, summary: String) -> NewEvent {
    NewEvent {
        kind,
        also: Vec::new(),
        subject: Subject {
            noun: Noun::Engine,
            id: String::new(),
            label: "store".to_owned(),
            ticket: None,
        },
        status: None,
        summary,
        changes: Vec::new(),
    }
}
