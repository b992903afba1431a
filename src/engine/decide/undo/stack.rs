//! One step back after the other: which of somebody's own changes comes next, and which can be made again.
//!
//! Nothing is kept for it: the journal holds every change and every undo, so the order follows from it, in every console.

use super::undone_by;
use crate::engine::model::event::{Event, EventKind, Noun, Seq};

/// What somebody can take back and make again, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stacks {
    /// Changes to take back.
    pub undo: Vec<Seq>,
    /// Undos to take back: they make the change again.
    pub redo: Vec<Seq>,
}

/// Reads one person's own events, oldest first.
pub fn stacks<'e>(own: impl IntoIterator<Item = &'e Event>) -> Stacks {
    let mut stacks = Stacks::default();
    let mut before: Option<&Event> = None;
    for event in own {
        if let Some(of) = undone_by(event) {
            if stacks.redo.contains(&of) {
                stacks.redo.retain(|seq| *seq != of);
                stacks.undo.push(event.seq);
            } else {
                stacks.undo.retain(|seq| *seq != of);
                stacks.redo.push(event.seq);
            }
        } else if is_step(event, before) {
            stacks.undo.push(event.seq);
            stacks.redo.clear();
        }
        before = Some(event);
    }
    stacks
}

/// True for changes that one step back takes back. QA right after an edit belongs to the edit: taking that back makes the
/// ticket a draft anyway.
fn is_step(event: &Event, before: Option<&Event>) -> bool {
    let of_edit = || {
        before.is_some_and(|b| {
            b.subject.id == event.subject.id && matches!(b.kind, EventKind::TicketEdited | EventKind::TicketWithdrawn)
        })
    };
    match event.kind {
        EventKind::QaStarted => !of_edit(),
        EventKind::DeployPaused | EventKind::DeployResumed => event.subject.ticket.is_some(),
        _ => is_edit(event) || event.kind == EventKind::TicketWithdrawn,
    }
}

/// True for a change that the next step back takes back.
pub fn is_step_back(event: &Event) -> bool {
    is_step(event, None)
}

/// True for changes of fields.
pub(super) fn is_edit(event: &Event) -> bool {
    match event.kind {
        EventKind::TicketEdited => true,
        EventKind::Updated | EventKind::Retired => matches!(
            event.subject.noun,
            Noun::Market | Noun::Brand | Noun::Channel | Noun::Campaign | Noun::Ticket
        ),
        _ => false,
    }
}
