//! Commands already carried out, so that a repeat gets the first answer.
//!
//! Why 30 days: a console may hold an unanswered command that long (a laptop closed over a holiday). Only half of the
//! command's hash is kept: it tells an accident, not an attack, and there may be a million of them.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use crate::engine::model::{event::Seq, ids::CommandId, json::Sha, time::Timestamp};

/// How long an id is remembered.
pub const KEEP: Duration = Duration::from_secs(30 * 24 * 3600);

/// The half of a command's hash that is kept.
pub type Mark = [u8; 16];

/// The first half of a hash.
pub fn mark(hash: &Sha) -> Mark {
    let mut out = Mark::default();
    out.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    out
}

/// Ids of commands and the numbers of their commits.
#[derive(Debug, Default)]
pub struct Commands {
    known: HashMap<CommandId, (Seq, Mark)>,
    /// Oldest first, as far as the commits' own times are in order.
    order: VecDeque<(Timestamp, CommandId)>,
}

impl Commands {
    /// The commit of a command, and whether the content is the same.
    pub fn get(&self, id: CommandId, hash: &Sha) -> Option<(Seq, bool)> {
        let (seq, known) = self.known.get(&id)?;
        Some((*seq, *known == mark(hash)))
    }

    /// Remembers a command.
    pub fn note(&mut self, id: CommandId, hash: &Sha, seq: Seq, at: Timestamp) {
        self.note_mark(id, mark(hash), seq, at);
    }

    /// Remembers a command of which only the mark is at hand.
    pub fn note_mark(&mut self, id: CommandId, mark: Mark, seq: Seq, at: Timestamp) {
        self.known.insert(id, (seq, mark));
        self.order.push_back((at, id));
    }

    /// Makes room for this many more.
    pub fn expect(&mut self, more: usize) {
        self.known.reserve(more);
        self.order.reserve(more);
    }

    /// Drops what is older than [`KEEP`].
    pub fn forget(&mut self, now: Timestamp) {
        let oldest = now.minus(KEEP);
        while let Some((at, id)) = self.order.front().copied()
            && at < oldest
        {
            self.order.pop_front();
            self.known.remove(&id);
        }
    }
}
