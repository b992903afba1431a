//! One call of `decide`: who asks what, over which facts, and the refusals every noun shares.

use std::fmt;

use super::{View, command::Command, tx::Tx};
use crate::engine::{
    model::{
        actor::Actor,
        event::Noun,
        refusal::{Problem, Refusal, RefusalCode},
        time::Timestamp,
    },
    store::{Commit, NewEvent},
};

/// What `decide` was called with.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The facts.
    pub view: &'a dyn View,
    /// The command.
    pub command: &'a Command,
    /// Who wants it.
    pub actor: &'a Actor,
    /// When.
    pub now: Timestamp,
}

impl<'a> Call<'a> {
    /// An empty commit over these facts.
    pub fn tx(&self) -> Tx<'a> {
        Tx::new(self.view)
    }

    /// The commit of a transaction made by this call.
    pub fn finish(&self, tx: Tx<'a>, event: NewEvent) -> Commit {
        tx.finish(self.command, self.actor, self.now, event)
    }
}

/// There is no such thing.
pub fn not_found(noun: Noun, id: impl fmt::Display) -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        Problem::whole(
            format!("there is no {noun} {id}"),
            "it may have been removed; look at the list again",
        ),
    )
}

/// Refuses an edit of something that changed since the person looked.
pub fn same_version(noun: Noun, label: impl fmt::Display, seen: u64, is: u64) -> Result<(), Refusal> {
    if seen == is {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::Stale,
        Problem::whole(
            format!("{noun} {label} changed since you looked: you saw version {seen}, it is now version {is}"),
            "look at what changed, then make your change again",
        ),
    ))
}

/// Refuses removing something others refer to.
pub fn not_in_use(noun: Noun, label: impl fmt::Display, count: u64, by: &str) -> Result<(), Refusal> {
    if count == 0 {
        return Ok(());
    }
    let plural = if count == 1 { ("", "s") } else { ("s", "") };
    Err(Refusal::new(
        RefusalCode::InUse,
        Problem::whole(
            format!(
                "{noun} {label} cannot be removed: {count} {by}{} refer{} to it",
                plural.0, plural.1
            ),
            "retire it instead: it stays readable and cannot be used for anything new",
        ),
    ))
}

/// An edit that edits nothing.
pub fn nothing_to_change(noun: Noun, label: impl fmt::Display) -> Refusal {
    Refusal::new(
        RefusalCode::Invalid,
        Problem::whole(
            format!("nothing would change on {noun} {label}"),
            "change at least one field",
        ),
    )
}
