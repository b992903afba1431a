//! Taking a change back: which one is meant, and what that would do.

use serde::{Deserialize, Serialize};

use crate::engine::{
    decide::undo::stack,
    model::{
        actor::Actor,
        event::{Event, FieldChange, Seq, Subject},
        ids::TicketNo,
        time::Timestamp,
    },
};

/// Which change is to be taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UndoAsk {
    /// This one; `None` = the newest of one's own that can be.
    pub of: Option<Seq>,
    /// Only changes of this ticket.
    pub ticket: Option<TicketNo>,
    /// The newest of one's own that was taken back, to be made again.
    pub redo: bool,
}

/// What taking a change back would do. [`crate::engine::api::CommandKind::Undo`] with `of` and `version` does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoPlan {
    /// The number of the change in the journal.
    pub of: Seq,
    /// The version of what it changed, for the command.
    pub version: u64,
    /// What it changed.
    pub subject: Subject,
    /// Who made it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What it said in the journal.
    pub summary: String,
    /// What the journal would say of the undo.
    pub would: String,
    /// Fields as they are and as they would be.
    pub changes: Vec<FieldChange>,
    /// True when it makes a change again that was taken back.
    pub redo: bool,
}

/// True for a change its author can take back: what a console offers once it is done.
pub fn may_be_taken_back(event: &Event) -> bool {
    stack::is_step_back(event)
}
