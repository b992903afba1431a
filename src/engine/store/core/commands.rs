//! Commands already carried out, so that a repeat gets the first answer.
//!
//! Why 30 days: a console may hold an unanswered command that long (a laptop closed over a holiday).
//!
//! There may be a million of them, so they are packed: numbers of commits follow one another, and a command is an entry
//! at the place of its commit, 24 bytes. A table of places, found by the id's hash, leads to the entry, which has the
//! whole id: two ids are never taken for one. Only a quarter of the command's hash is kept: it tells an accident, not an
//! attack.

use std::{
    collections::VecDeque,
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use uuid::Uuid;

use crate::engine::model::{event::Seq, ids::CommandId, json::Sha, time::Timestamp};

/// How long an id is remembered.
pub const KEEP: Duration = Duration::from_secs(30 * 24 * 3600);

/// Commands of a run are forgotten together: so many at most ...
const RUN: usize = 4096;
/// ... and of no longer time.
const SPAN: Duration = Duration::from_secs(24 * 3600);
/// Places in the smallest table; every size is a power of two.
const SMALLEST: usize = 64;

/// The half of a command's hash that is written down.
pub type Mark = [u8; 16];

/// The first half of a hash.
pub fn mark(hash: &Sha) -> Mark {
    let mut out = Mark::default();
    out.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    out
}

/// What is kept of a hash in memory.
type Short = [u8; 8];

fn short(mark: &Mark) -> Short {
    mark.first_chunk().copied().unwrap_or_default()
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    id: Uuid,
    mark: Short,
}

/// Commands of commits that follow one another.
#[derive(Debug)]
struct Run {
    first: u64,
    /// When the first of them was carried out ...
    since: Timestamp,
    /// ... and when the newest of them was carried out.
    newest: Timestamp,
    entries: Vec<Entry>,
}

impl Run {
    fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }
}

/// Ids of commands and the numbers of their commits.
#[derive(Debug, Default)]
pub struct Commands {
    /// Oldest first.
    runs: VecDeque<Run>,
    /// Low halves of commits' numbers, found by the hash of their command's id, each at the first free place after its
    /// own; 0 = free. Numbers of forgotten commands stay until the table is made anew.
    table: Vec<u32>,
    /// Places taken.
    taken: usize,
    /// Commands remembered.
    known: usize,
    hasher: RandomState,
}

impl Commands {
    /// The commit of a command, and whether the content is the same.
    pub fn get(&self, id: CommandId, hash: &Sha) -> Option<(Seq, bool)> {
        let id = id.uuid();
        for place in self.places(id) {
            match self.table.get(place).copied().unwrap_or(0) {
                0 => return None,
                low => {
                    let found = self.entry(low).filter(|(_, e)| e.id == id);
                    if let Some((seq, entry)) = found {
                        return Some((Seq(seq), entry.mark == short(&mark(hash))));
                    }
                }
            }
        }
        None
    }

    /// Remembers a command.
    pub fn note(&mut self, id: CommandId, hash: &Sha, seq: Seq, at: Timestamp) {
        self.note_mark(id, mark(hash), seq, at);
    }

    /// Remembers a command of which only the mark is at hand. Commits come in the order of their numbers.
    pub fn note_mark(&mut self, id: CommandId, mark: Mark, seq: Seq, at: Timestamp) {
        let entry = Entry {
            id: id.uuid(),
            mark: short(&mark),
        };
        match self.runs.back_mut() {
            Some(run) if run.end() == seq.0 && run.entries.len() < RUN && at <= run.since.plus(SPAN) => {
                run.entries.push(entry);
                run.newest = run.newest.max(at);
            }
            _ => {
                self.runs.push_back(Run {
                    first: seq.0,
                    since: at,
                    newest: at,
                    entries: vec![entry],
                });
            }
        }
        self.known += 1;
        // Three places in eight stay free at least, so a search ends soon.
        if (self.taken + 1) * 8 > self.table.len() * 5 {
            self.make_table(self.known);
        } else {
            self.place(entry.id, seq.0);
        }
    }

    /// Drops what is older than [`KEEP`].
    pub fn forget(&mut self, now: Timestamp) {
        let oldest = now.minus(KEEP);
        while self.runs.front().is_some_and(|run| run.newest < oldest)
            && let Some(run) = self.runs.pop_front()
        {
            self.known -= run.entries.len();
        }
    }

    /// Bytes of memory they take.
    pub fn bytes(&self) -> usize {
        let entries: usize = self.runs.iter().map(|r| r.entries.capacity()).sum();
        entries * size_of::<Entry>() + self.table.capacity() * size_of::<u32>()
    }

    /// The command with this short number, if it is remembered.
    fn entry(&self, no: u32) -> Option<(u64, &Entry)> {
        let first = self.runs.front()?.first;
        // The next number from there on with this short one: far fewer than [`SHORT_NOS`] are remembered.
        let on = u64::from(no) + SHORT_NOS - u64::from(short_no(first));
        let seq = first + on % SHORT_NOS;
        let run = self.runs.partition_point(|run| run.first <= seq).checked_sub(1)?;
        let run = self.runs.get(run)?;
        let entry = run.entries.get(usize::try_from(seq - run.first).ok()?)?;
        Some((seq, entry))
    }

    /// Where to look for an id, in order; nowhere without a table.
    fn places(&self, id: Uuid) -> impl Iterator<Item = usize> + use<> {
        let size = self.table.len();
        let hash = self.hasher.hash_one(id);
        let start = usize::try_from(hash & size.saturating_sub(1) as u64).unwrap_or(0);
        (start..size).chain(0..start)
    }

    fn place(&mut self, id: Uuid, seq: u64) {
        for place in self.places(id) {
            if let Some(free) = self.table.get_mut(place).filter(|n| **n == 0) {
                *free = short_no(seq);
                self.taken += 1;
                return;
            }
        }
    }

    /// Makes the table anew, for so many commands, without those that are forgotten.
    fn make_table(&mut self, room: usize) {
        let size = (room * 2).next_power_of_two().max(SMALLEST);
        self.table = Vec::new();
        self.table.resize(size, 0);
        self.taken = 0;
        let runs = std::mem::take(&mut self.runs);
        for run in &runs {
            for (entry, seq) in run.entries.iter().zip(run.first..) {
                self.place(entry.id, seq);
            }
        }
        self.runs = runs;
    }
}

/// How many short numbers there are.
const SHORT_NOS: u64 = u32::MAX as u64;

/// A commit's number as the table has it: from 1, and from 1 again after four thousand million.
fn short_no(seq: u64) -> u32 {
    u32::try_from(seq % SHORT_NOS + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> CommandId {
        CommandId::new(Uuid::from_u64_pair(n / 3, n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    fn at(hours: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(hours * 3600))
    }

    fn content(n: u64) -> Sha {
        Sha::of(&n.to_le_bytes())
    }

    /// Numbers around the end of the short ones, and two stretches of history with a hole between them.
    #[test]
    fn every_command_is_known_by_its_whole_id_and_content() {
        let start = SHORT_NOS - 5000;
        let seqs: Vec<u64> = (start..start + 12_000).chain(start + 13_000..start + 15_000).collect();
        let mut commands = Commands::default();
        for n in &seqs {
            assert_eq!(commands.get(id(*n), &content(*n)), None);
            commands.note(id(*n), &content(*n), Seq(*n), at(0));
        }
        for n in &seqs {
            assert_eq!(commands.get(id(*n), &content(*n)), Some((Seq(*n), true)));
            assert_eq!(commands.get(id(*n), &content(0)), Some((Seq(*n), false)));
        }
        assert_eq!(commands.get(id(start + 12_500), &content(0)), None);
    }

    #[test]
    fn what_is_old_is_forgotten_and_its_room_used_again() {
        let days = |n: u64| n * 24;
        let mut commands = Commands::default();
        // An hour between two: 720 are to be remembered, and those of their runs.
        for n in 1..100_000 {
            commands.forget(at(n));
            commands.note(id(n), &content(n), Seq(n), at(n));
            if n > days(29) {
                let young = n - days(29);
                assert_eq!(commands.get(id(young), &content(young)), Some((Seq(young), true)));
            }
        }
        let old = 100_000 - days(30) - 1 - RUN as u64;
        assert_eq!(commands.get(id(old), &content(old)), None);
        assert!(commands.bytes() < 400_000, "{} bytes", commands.bytes());
        // An id may come again after that time, as another command.
        commands.note(id(old), &content(7), Seq(100_000), at(100_000));
        assert_eq!(commands.get(id(old), &content(7)), Some((Seq(100_000), true)));
    }

    #[test]
    fn a_million_take_thirty_six_megabytes_at_most() {
        let mut commands = Commands::default();
        for n in 1..=1_000_000 {
            commands.note_mark(id(n), Mark::default(), Seq(n), at(0));
        }
        assert!(commands.bytes() <= 36_000_000, "{} bytes", commands.bytes());
    }
}
