//! Every row as it stands after a stretch of journal: what changed, laid over an older snapshot or over nothing.
//!
//! Why in two steps: a row may be written a hundred times in the stretch, and only its last form matters. The first step
//! remembers *where* that is, the second reads each once, in key order, which is also the order an empty index likes
//! best. Memory holds keys and places, never bodies.

use std::{collections::BTreeMap, iter::Peekable};

use super::file::{Entries, Entry, SavedRow};
use crate::engine::{
    model::event::Seq,
    store::{
        Head, Key, StoreError,
        core::epoch_of,
        journal::replay::{At, Journal, Part, Records, continued, segment, starting},
    },
};

/// The last form of everything that changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// Where the row stands that was written last; `None` = it is gone.
    rows: BTreeMap<Key, Option<At>>,
    /// The newest commit.
    pub head: Head,
    /// The newest engine start known there.
    pub epoch: u64,
    /// Commits read.
    pub records: u64,
    /// A kind of row this build does not know, if one was written.
    pub unknown_kind: Option<u16>,
}

/// Reads what the journal has after `from`. `None` when the journal does not continue it, or when `go_on` said no.
pub fn gather(
    journal: &Journal,
    from: Head,
    epoch: u64,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Changes>, StoreError> {
    let mut changes = Changes {
        head: from,
        epoch,
        ..Changes::default()
    };
    if from == journal.head() && journal.last().is_some() {
        return Ok(Some(changes));
    }
    let (mut chain, mut continues) = (None, from == Head::default());
    let start = starting(journal, from);
    let all: Vec<usize> = (start..journal.segments().len()).collect();
    // Most of the work is in the segments, and they need nothing of one another: two are read at once.
    for two in all.chunks(2) {
        let mut parts = std::thread::scope(|beside| {
            let (first, second) = (two.first().copied(), two.get(1).copied());
            let second = second.map(|i| (i, beside.spawn(move || part(journal, i, from, true, go_on))));
            let mut parts = Vec::with_capacity(2);
            parts.extend(first.map(|i| (i, part(journal, i, from, continues, go_on))));
            parts.extend(second.map(|(i, thread)| {
                let done = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                (i, done)
            }));
            parts
        });
        for (i, done) in parts.drain(..) {
            continued(journal, i, chain)?;
            let (walked, found) = done?;
            continues = walked.continues;
            if !continues || found.stopped {
                return Ok(None);
            }
            chain = Some(walked.whole(journal, i)?);
            changes.take(found.changes);
        }
    }
    Ok(continues.then_some(changes))
}

/// What one segment has.
struct Found {
    changes: Changes,
    stopped: bool,
}

impl Changes {
    /// What came after it.
    fn take(&mut self, mut later: Self) {
        // Keys of tickets that live at the same time lie together, so this is mostly copying.
        self.rows.append(&mut later.rows);
        if later.records > 0 {
            self.head = later.head;
        }
        self.epoch = self.epoch.max(later.epoch);
        self.records += later.records;
        self.unknown_kind = self.unknown_kind.or(later.unknown_kind);
    }
}

fn part(
    journal: &Journal,
    i: usize,
    from: Head,
    continues: bool,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<(Part, Found), StoreError> {
    let mut changes = Changes::default();
    let mut stopped = false;
    let part = segment(journal, i, from, continues, &mut |scanned| {
        let at = At {
            segment: u32::try_from(i).unwrap_or(u32::MAX),
            offset: scanned.offset,
            seq: scanned.head.seq,
        };
        let record = scanned.record;
        let raised = record.applied.put.iter().filter_map(epoch_of);
        changes.epoch = raised.fold(record.epoch.max(changes.epoch), u64::max);
        changes.unknown_kind = changes.unknown_kind.or(record.unknown_kinds.first().copied());
        for key in record.applied.del {
            changes.rows.insert(key, None);
        }
        for row in record.applied.put {
            changes.rows.insert(row.key, Some(at));
        }
        changes.head = scanned.head;
        changes.records += 1;
        // Asked now and then: it may be an atomic, the records are many.
        stopped = changes.records.is_multiple_of(1024) && !go_on();
        !stopped
    })?;
    Ok((part, Found { changes, stopped }))
}

/// Why laying changes over a snapshot ended early.
#[derive(Debug)]
pub enum Broken {
    /// The snapshot cannot be read after all.
    Base(String),
    /// The journal cannot be read.
    Store(StoreError),
    /// Whoever takes the rows had enough.
    Sink(String),
}

impl From<StoreError> for Broken {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

/// What is handed out: a row as it stands, or a key that stands no more.
pub type Laid = (Key, Option<SavedRow>);

/// Hands out every row of `base` with the changes laid over it, in key order; without a base, the changes alone.
pub fn lay(
    base: Option<Entries>,
    changes: &Changes,
    journal: &Journal,
    sink: &mut dyn FnMut(Laid) -> Result<(), String>,
) -> Result<(), Broken> {
    let mut records = Records::of(journal);
    let mut base = base.into_iter().flatten().peekable();
    for (key, change) in &changes.rows {
        while let Some(row) = next_before(&mut base, key)? {
            sink((row.row.key.clone(), Some(row))).map_err(Broken::Sink)?;
        }
        let row = match change {
            None => None,
            Some(at) => Some(row_at(&mut records, *at, key)?),
        };
        sink((key.clone(), row)).map_err(Broken::Sink)?;
    }
    for entry in base {
        if let Some(row) = row_of(entry)? {
            sink((row.row.key.clone(), Some(row))).map_err(Broken::Sink)?;
        }
    }
    Ok(())
}

fn row_of(entry: Result<Entry, String>) -> Result<Option<SavedRow>, Broken> {
    match entry.map_err(Broken::Base)? {
        Entry::Row(row) => Ok(Some(row)),
        // A snapshot is only made of kinds this build knows; a newer build's is not taken at all.
        Entry::UnknownKind(kind) => Err(Broken::Base(format!(
            "it holds rows of kind {kind}, unknown to this build"
        ))),
    }
}

/// The next row of the base before a key. The one under the key itself is dropped: it changed.
fn next_before(
    base: &mut Peekable<impl Iterator<Item = Result<Entry, String>>>,
    key: &Key,
) -> Result<Option<SavedRow>, Broken> {
    loop {
        let due = |e: &Result<Entry, String>| match e {
            Ok(Entry::Row(row)) => row.row.key <= *key,
            Ok(Entry::UnknownKind(_)) | Err(_) => true,
        };
        let Some(entry) = base.next_if(due) else {
            return Ok(None);
        };
        match row_of(entry)? {
            Some(row) if row.row.key == *key => {}
            other => return Ok(other),
        }
    }
}

fn row_at(records: &mut Records<'_>, at: At, key: &Key) -> Result<SavedRow, StoreError> {
    let record = records.read(at)?;
    let row = record.applied.put.into_iter().find(|row| row.key == *key);
    let seq: Seq = at.seq;
    row.map(|row| SavedRow { row, seq })
        .ok_or_else(|| StoreError::Damaged(format!("commit {seq} should hold {key} and does not")))
}
