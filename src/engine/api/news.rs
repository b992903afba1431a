//! What somebody who watches a ticket is told of, and in which words.

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    event::{Event, EventKind, Seq},
    ids::TicketNo,
    time::Timestamp,
};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It is live.
    Live,
    /// It failed.
    Failed,
    /// The executor asks a person.
    NeedsYou,
    /// Somebody said something.
    Commented,
    /// Somebody takes care of it now.
    Assigned,
    /// An approver agreed.
    Approved,
    /// An approver refused.
    Declined,
}

/// A piece of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The commit.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// The ticket.
    pub no: TicketNo,
    /// What.
    pub what: What,
    /// One sentence, sanitised.
    pub words: String,
    /// The ticket was given to whoever asks.
    #[serde(default)]
    pub mine: bool,
}

/// News, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The newest pieces.
    pub items: Vec<Item>,
    /// How many older ones are left out.
    pub left_out: u64,
    /// Everything up to here was looked at.
    pub at: Seq,
}

/// What an event tells those who watch its ticket; `None` = nothing.
pub fn what(event: &Event) -> Option<What> {
    event.subject.ticket?;
    let mut kinds = std::iter::once(event.kind).chain(event.also.iter().copied());
    let told = |kind| {
        Some(match kind {
            EventKind::Trafficked => What::Live,
            EventKind::DeployFailed => What::Failed,
            EventKind::OperatorNeeded => What::NeedsYou,
            EventKind::Commented => What::Commented,
            EventKind::Approved => What::Approved,
            EventKind::Declined => What::Declined,
            _ => return None,
        })
    };
    kinds.find_map(told).or_else(|| assigned(event).map(|_| What::Assigned))
}

/// Whom an event gave its ticket to.
fn assigned(event: &Event) -> Option<&str> {
    let change = event.changes.iter().find(|c| c.field.as_str() == "assignee")?;
    change.to.as_deref().filter(|to| !to.is_empty() && *to != "-")
}

/// The news an event is to somebody; `watches` = they hear of its ticket. Nobody is told what they did themselves.
pub fn item(event: &Event, me: &str, watches: bool) -> Option<Item> {
    let (what, no) = (what(event)?, event.subject.ticket?);
    let mine = assigned(event) == Some(me);
    if event.actor.name == me || !(watches || mine) {
        return None;
    }
    let (by, said) = (&event.actor.name, &event.summary);
    let words = match what {
        What::Live => format!("{no} is live"),
        What::Failed => format!("{no} failed: {said}"),
        What::NeedsYou => format!("{no} needs a person: {said}"),
        What::Commented => format!("{by} on {no}: {said}"),
        What::Assigned if mine => format!("{by} gave you {no}"),
        What::Assigned => format!("{by} gave {no} to {}", assigned(event).unwrap_or_default()),
        What::Approved => format!("{by} approved {no}"),
        What::Declined => format!("{by} declined {no}: {said}"),
    };
    Some(Item {
        seq: event.seq,
        at: event.at,
        no,
        what,
        words,
        mine,
    })
}
