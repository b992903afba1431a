//! What is heard without asking.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::engine::model::event::Event;

/// What a console hears without asking.
#[derive(Clone, Debug)]
pub enum Notice {
    /// A commit.
    Event(Arc<Event>),
    /// A lane's live state changed (breaker, rate limit): nothing was committed, ask again.
    Lanes,
    /// The engine became read-only or came back.
    Health,
    /// The guidelines were read anew: nothing was committed, ask again.
    Guidelines,
    /// Somebody came to a ticket or left one: nothing was committed, ask again who is where.
    People,
    /// More was missed than can be told one by one: everything shown must be asked for again.
    Lost,
    /// The way to the engine changed.
    Link(Link),
}

/// Where the engine is, seen from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// In this process; so many others are attached.
    Embedded(usize),
    /// In another process.
    Attached,
    /// Gone; another one is being looked for. In words.
    Seeking(String),
}
