//! Taking a change back: the opposite of what the journal says of it, as an ordinary command.
//!
//! Invariants
//! - It goes through the same decision as if somebody had typed it: role, state, version, limits.
//! - A field that was changed again meanwhile is never overwritten: it stops and says by whom and when.
//! - It reaches no platform, and never says so. What is live is changed by a ticket.
//!
//! [`back`] works the opposite out, [`fields`] compares three forms of a value, [`stack`] says what comes next when
//! somebody takes one step back after the other.

pub mod back;
pub mod fields;
pub mod stack;

use super::{
    call::Call,
    command::{Command, CommandKind},
};
use crate::engine::{
    decide::tx,
    model::{
        event::{Event, EventKind, FieldChange, Seq},
        path::FieldPath,
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::sanitise,
    },
    store::Commit,
};

/// The field of an undo's event that names what was taken back.
const OF: &str = "undo_of";

/// The opposite of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inverse {
    /// The command.
    pub kind: CommandKind,
    /// When the change was itself an undo: the change made again.
    pub again: Option<Seq>,
}

/// Decides the opposite of a change, and says in the journal what it is.
pub fn decide(call: &Call<'_>, of: Seq, inverse: Option<&Inverse>) -> Result<Commit, Refusal> {
    let Some(inverse) = inverse.filter(|i| is_reversible(&i.kind)) else {
        return Err(Refusal::new(
            RefusalCode::Unsupported,
            Problem::whole(
                format!("what takes seq {of} back is not known here"),
                "ask the engine: `omnitraffick undo`",
            ),
        ));
    };
    let inner = Command {
        id: call.command.id,
        kind: inverse.kind.clone(),
    };
    let mut commit = super::decide(call.view, &inner, call.actor, call.now)?;
    commit.command_hash = tx::hash(call.command);
    let event = &mut commit.event;
    let words = match inverse.again {
        Some(again) => format!("redo of seq {again}: {}", event.summary),
        None => format!("undo of seq {of}: {}", event.summary),
    };
    event.summary = sanitise(&words).into_string();
    event.also.push(EventKind::Undone);
    event.changes.push(FieldChange {
        field: FieldPath::new(OF),
        from: None,
        to: Some(of.to_string()),
    });
    Ok(commit)
}

/// Commands that can stand as the opposite of another: each is taken back by another of them.
const fn is_reversible(kind: &CommandKind) -> bool {
    use CommandKind as C;
    matches!(
        kind,
        C::TicketEdit { .. }
            | C::TicketWithdraw { .. }
            | C::TicketSubmitQa { .. }
            | C::DeployPause { .. }
            | C::DeployResume { .. }
            | C::MarketUpdate { .. }
            | C::BrandUpdate { .. }
            | C::ChannelUpdate { .. }
            | C::CampaignUpdate { .. }
    )
}

/// What an event took back, if it did.
pub fn undone_by(event: &Event) -> Option<Seq> {
    if !event.also.contains(&EventKind::Undone) {
        return None;
    }
    let of = event.changes.iter().find(|c| c.field.as_str() == OF)?;
    of.to.as_ref()?.parse().ok().map(Seq)
}

/// The changes of an event without the note of what it took back.
pub fn without_note(changes: &[FieldChange]) -> Vec<FieldChange> {
    changes.iter().filter(|c| c.field.as_str() != OF).cloned().collect()
}

#[cfg(test)]
mod tests;
