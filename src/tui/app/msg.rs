//! Everything that can wake the console, on one page.

use std::{path::PathBuf, sync::Arc};

use ratatui::layout::Size;
use uuid::Uuid;

use super::effect::{Origin, SlotId, TimerId};
use crate::{
    engine::{
        api::{ApiError, Notice, Reply},
        model::time::Timestamp,
    },
    tui::{command::Key, log_feed::LogLine, options::Exit, term::mouse::Pointer},
};

/// Milliseconds since the console started; never jumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

impl Millis {
    /// Milliseconds from `earlier` to here; 0 when it is later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Later by some milliseconds.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// Fresh ids for whatever a message leads to. One UUID comes in with every message; more are counted up from it, so
/// that update stays pure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ids(u128);

impl Ids {
    /// From a fresh UUID version 7.
    pub const fn new(seed: Uuid) -> Self {
        Self(seed.as_u128())
    }

    /// The next id. Only the low 48 bits, all random in version 7, count up: version and time stay.
    pub const fn mint(&mut self) -> Uuid {
        const LOW: u128 = (1 << 48) - 1;
        let id = self.0;
        self.0 = (id & !LOW) | (id.wrapping_add(1) & LOW);
        Uuid::from_u128(id)
    }
}

/// When a message is handled, and ids for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The engine's clock.
    pub now: Timestamp,
    /// The console's own.
    pub mono: Millis,
    /// Fresh ids.
    pub ids: Ids,
}

/// What a person's editor left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The text.
    pub text: String,
    /// The file it is in, until somebody has it.
    pub path: PathBuf,
}

/// What woke the console.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The loop begins.
    Start,
    /// A key.
    Key {
        /// Which.
        key: Key,
        /// When it was read from the terminal, which can be long before it is handled.
        read: Millis,
    },
    /// The mouse.
    Mouse {
        /// What was done with it.
        what: Pointer,
        /// The column, from 0.
        x: u16,
        /// The row, from 0.
        y: u16,
    },
    /// Bracketed paste.
    Paste(String),
    /// The terminal has another size.
    Resize(Size),
    /// A timer ran out.
    Timer(TimerId),
    /// The engine says something happened.
    Notice(Notice),
    /// Notices were lost: ask again for everything shown.
    NoticesLost,
    /// The engine ends.
    NoticesEnded,
    /// The answer to a query.
    Reply {
        /// Which query.
        slot: SlotId,
        /// Which asking of it.
        generation: u64,
        /// The answer.
        result: Box<Result<Reply, ApiError>>,
    },
    /// The answer to a change.
    Committed {
        /// Who asked.
        origin: Origin,
        /// What it was, for messages: `deploy 1042`.
        label: String,
        /// What to say when it worked.
        done: String,
        /// The answer.
        result: Box<Result<Reply, ApiError>>,
    },
    /// The log has new lines.
    LogsGrew,
    /// Lines of the log.
    Logs(Vec<Arc<LogLine>>),
    /// A copy went out by this way, or could not.
    Copied(Result<String, String>),
    /// The process was told to stop for a while.
    Suspend,
    /// The engine is in a background process now, or why not.
    HandedOver(Result<(), String>),
    /// A person's editor has ended.
    Edited {
        /// The name this editing was begun under.
        id: Uuid,
        /// What it left, or why nothing is taken from it and where that is.
        outcome: Result<Left, String>,
    },
    /// A draft could not be written, and why.
    NotKept(String),
    /// The process was told to end, or the terminal is gone.
    End(Exit),
}
