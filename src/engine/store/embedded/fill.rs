//! Index and memory at start: give the index what it lacks, load memory from it, and do without it if it must be.

use std::sync::mpsc;

use super::{open::Healed, place::Place};
use crate::engine::{
    model::{event::Seq, time::Timestamp},
    store::{
        Head, Key, Kind, StoreError, codec,
        core::{Core, Resident, commands::Commands},
        index::{Applied, Index, Loaded, Unusable},
        journal::{
            commands::{self, Carried},
            damaged,
            replay::Journal,
        },
        schema,
        snapshot::{
            build::{self, Broken, Changes, Laid, gather},
            file::{SavedRow, Snapshot, Stand},
            keeper,
        },
    },
};

/// Rows handed to the index at once while it is filled ...
const BATCH: usize = 500;
/// ... and how many between two flushes.
const FLUSH_EVERY: usize = 8 * BATCH;
/// Batches read ahead of the index.
const AHEAD: usize = 4;

/// Brings index and memory up to the journal's head.
pub struct Filler<'a> {
    place: &'a Place,
    journal: &'a Journal,
    now: Timestamp,
    /// What was mended so far.
    pub healed: Healed,
    /// Why the content is too new for this build, if it is.
    pub newer: Option<String>,
}

/// What is wrong with an index: its own fault, or the store's.
enum Trouble {
    Index(Unusable),
    Store(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

impl From<Unusable> for Trouble {
    fn from(why: Unusable) -> Self {
        Self::Index(why)
    }
}

impl<'a> Filler<'a> {
    /// For a journal whose end is judged.
    pub fn new(place: &'a Place, journal: &'a Journal, now: Timestamp) -> Self {
        Self {
            place,
            journal,
            now,
            healed: Healed::default(),
            newer: None,
        }
    }

    /// Opens the index, or puts it aside and makes a new one. `None` when there is no way to have one. Fails when it
    /// has seen commits the journal does not have.
    pub fn open_index(&mut self) -> Result<Option<(Index, Applied)>, StoreError> {
        let stale = self.place.stale();
        if let Ok(why) = std::fs::read_to_string(&stale) {
            return self.open_new(&format!("it failed in the last run: {why}"));
        }
        match self.open_as_it_is() {
            Ok(open) => Ok(Some(open)),
            Err(Trouble::Store(e)) => Err(e),
            Err(Trouble::Index(why)) => self.open_new(&why),
        }
    }

    fn open_as_it_is(&mut self) -> Result<(Index, Applied), Trouble> {
        let store = self.journal.store;
        let index = Index::open(&self.place.index(), store)?;
        let head = self.journal.head();
        match index.applied()? {
            Some(applied) if applied.store != store => Err(Trouble::Index("it belongs to another store".to_owned())),
            Some(applied) if applied.seq > head.seq => {
                // It is only written after a sync, so the journal once had more than it has now.
                let why = format!(
                    "the journal ends before commit {}, which the index has seen: acknowledged commits are missing",
                    applied.seq
                );
                Err(Trouble::Store(self.cut_short(&why)))
            }
            Some(applied) => Ok((index, applied)),
            None if index.is_empty()? => {
                if head.seq.0 > 0 {
                    self.healed.index_rebuilt = Some("it was missing".to_owned());
                }
                Ok((index, Applied::nothing(store)))
            }
            None => Err(Trouble::Index("it does not say how far it is".to_owned())),
        }
    }

    /// Puts the index aside and makes an empty one.
    fn open_new(&mut self, why: &str) -> Result<Option<(Index, Applied)>, StoreError> {
        tracing::warn!("the index is built again: {why}");
        self.newer = None;
        let made = self
            .put_aside()
            .map_err(Trouble::Index)
            .and_then(|()| self.open_as_it_is());
        match made {
            Ok(open) => {
                self.healed.index_rebuilt = Some(why.to_owned());
                Ok(Some(open))
            }
            Err(Trouble::Store(e)) => Err(e),
            Err(Trouble::Index(again)) => {
                tracing::error!("no index can be made, the journal answers for it: {again}");
                self.healed.without_index = Some(again);
                Ok(None)
            }
        }
    }

    /// Gives the index what it lacks and fills memory from it. Whatever turns out to be wrong with it: it is built
    /// again; if even that fails, memory is filled without it.
    pub fn fill(&mut self, open: Option<(Index, Applied)>) -> Result<(Core, Option<Index>), StoreError> {
        let mut open = open;
        for _ in 0..2 {
            let Some((index, applied)) = open.take() else { break };
            let mut core = Core::new(Resident::Small);
            let filled = self
                .catch_up(&index, &applied)
                .and_then(|()| self.load(&index, &mut core));
            match filled {
                Ok(()) => return Ok((core, Some(index))),
                Err(Trouble::Store(e)) => return Err(e),
                Err(Trouble::Index(why)) => {
                    drop(index);
                    open = self.open_new(&why)?;
                }
            }
        }
        let mut core = Core::new(Resident::Small);
        self.newer = None;
        self.fill_without_index(&mut core)?;
        Ok((core, None))
    }

    /// Gives the index what it lacks: from the newest snapshot on if it is empty, else from where it stands.
    fn catch_up(&mut self, index: &Index, applied: &Applied) -> Result<(), Trouble> {
        let empty = applied.seq == Seq(0);
        let from = Head {
            seq: applied.seq,
            hash: applied.hash,
        };
        let (base, changes) = if empty {
            self.since_snapshot()?
        } else {
            let changes = gather(self.journal, from, applied.epoch, &|| true)?;
            (
                None,
                changes.ok_or_else(|| "it was made from another journal".to_owned())?,
            )
        };
        if changes.head == from && base.is_none() {
            return Ok(());
        }
        self.lay_down(base, &changes, index)?;
        index.mark(&Applied {
            store: self.journal.store,
            seq: changes.head.seq,
            hash: changes.head.hash,
            epoch: changes.epoch,
        })?;
        index.flush()?;
        self.healed.replayed = changes.records;
        Ok(())
    }

    /// Writes rows as they stand into the index: one thread reads them, another writes.
    fn lay_down(&mut self, base: Option<Snapshot>, changes: &Changes, index: &Index) -> Result<(), Trouble> {
        let (send, batches) = mpsc::sync_channel::<Vec<Laid>>(AHEAD);
        let write = || -> Result<(), Unusable> {
            let mut written = 0;
            for batch in batches {
                index.fill(&batch)?;
                written += batch.len();
                // Its memory grows until somebody flushes.
                if written >= FLUSH_EVERY {
                    index.flush()?;
                    written = 0;
                }
            }
            Ok(())
        };
        let gone = |_| "the thread that fills the index ended".to_owned();
        std::thread::scope(|beside| {
            let writer = std::thread::Builder::new().spawn_scoped(beside, write);
            let writer = writer.map_err(|e| StoreError::Io(format!("cannot start a thread that writes: {e}")))?;
            let mut batch = Vec::with_capacity(BATCH);
            let laid = self.lay(base, changes, &mut |laid| {
                batch.push(laid);
                if batch.len() < BATCH {
                    return Ok(());
                }
                let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                send.send(full).map_err(gone)
            });
            let sent = laid.and_then(|()| Ok(send.send(batch).map_err(gone)?));
            drop(send);
            match writer.join() {
                // What it says is why the other could not go on.
                Ok(wrote) => wrote.map_err(Trouble::Index).and(sent),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// The newest snapshot that is whole and of this journal, and what the journal has after it.
    fn since_snapshot(&mut self) -> Result<(Option<Snapshot>, Changes), Trouble> {
        let (disk, dir) = (self.journal.disk(), self.place.snapshots());
        let skipped = &mut self.healed.snapshots_skipped;
        let base = keeper::newest(&**disk, &dir, self.journal.store, &mut |why| {
            tracing::warn!("{why}; the journal has everything");
            skipped.push(why);
        })?;
        if let Some(base) = base {
            let Stand { head, epoch, .. } = base.stand();
            if head.seq > self.journal.head().seq {
                // It is made of closed segments only, so the journal once had more than it has now.
                let why = format!(
                    "the journal ends before commit {}, which {} has seen: acknowledged commits are missing",
                    head.seq,
                    base.path().display()
                );
                return Err(Trouble::Store(self.cut_short(&why)));
            }
            if let Some(changes) = gather(self.journal, head, epoch, &|| true)? {
                return Ok((Some(base), changes));
            }
            let why = format!(
                "the snapshot {} is of another history and is not used",
                base.path().display()
            );
            tracing::warn!("{why}; the journal has everything");
            self.healed.snapshots_skipped.push(why);
        }
        let all = gather(self.journal, Head::default(), 0, &|| true)?;
        Ok((
            None,
            all.ok_or_else(|| "the journal does not begin with commit 1".to_owned())?,
        ))
    }

    /// Hands out rows as they stand, and notes what is too new for this build.
    fn lay(
        &mut self,
        base: Option<Snapshot>,
        changes: &Changes,
        sink: &mut dyn FnMut(Laid) -> Result<(), Unusable>,
    ) -> Result<(), Trouble> {
        let entries = base.map(|b| b.read(&**self.journal.disk())).transpose()?;
        let mut newer = self.newer.take().or_else(|| changes.unknown_kind.map(unknown_kind));
        let laid = build::lay(entries, changes, self.journal, &mut |laid| {
            if let (None, Some(saved)) = (&newer, &laid.1) {
                newer = too_new(&saved.row.key, saved.row.kind, &saved.row.body);
            }
            sink(laid)
        });
        self.newer = newer;
        laid.map_err(|e| match e {
            Broken::Store(e) => Trouble::Store(e),
            Broken::Base(why) | Broken::Sink(why) => Trouble::Index(why),
        })
    }

    fn load(&mut self, index: &Index, core: &mut Core) -> Result<(), Trouble> {
        let mut newer = None;
        let mut slots = Vec::new();
        index.load(Resident::Small, &mut |loaded| match loaded {
            Loaded::Row(found) => {
                newer = newer
                    .take()
                    .or_else(|| too_new(&found.row.key, found.row.kind, &found.row.body));
                slots.push((found.row.key.clone(), core.slot_of(&found.row, found.seq)));
            }
            Loaded::UnknownKind(kind) => newer = Some(unknown_kind(kind)),
        })?;
        core.begin_with(slots);
        self.newer = self.newer.take().or(newer);
        let applied = index.applied()?;
        core.raise_epoch(applied.map_or(0, |a| a.epoch));
        core.set_head(self.journal.head());
        Ok(())
    }

    /// Fills memory from snapshot and journal alone.
    fn fill_without_index(&mut self, core: &mut Core) -> Result<(), StoreError> {
        let filled = self.since_snapshot().and_then(|(base, changes)| {
            self.lay(base, &changes, &mut |(_, row)| {
                if let Some(SavedRow { row, seq }) = row {
                    core.insert(&row, seq);
                }
                Ok(())
            })?;
            core.raise_epoch(changes.epoch);
            core.set_head(changes.head);
            Ok(())
        });
        filled.map_err(|e| match e {
            Trouble::Store(e) => e,
            Trouble::Index(why) => StoreError::Io(why),
        })
    }

    /// Damage: something has seen commits that the journal does not have.
    fn cut_short(&self, why: &str) -> StoreError {
        let last = self.journal.last();
        let (path, end) = last.map_or_else(|| (self.place.journal(), 0), |(p, w)| (p.clone(), w.end));
        damaged(&path, end, Seq(self.journal.head().seq.0 + 1), why)
    }

    fn put_aside(&self) -> Result<(), Unusable> {
        let (index, stale) = (self.place.index(), self.place.stale());
        // A name of its own, also when the clock stands still.
        let names = (0_u32..).map(|n| format!("{}-{n}", self.now.micros()));
        let free = names.map(|n| self.place.quarantine().join(n)).find(|p| !p.exists());
        let aside = free.unwrap_or_else(|| self.place.quarantine());
        let moved = if index.exists() {
            std::fs::create_dir_all(&aside).and_then(|()| std::fs::rename(&index, aside.join("index")))
        } else {
            Ok(())
        };
        let unmarked = match std::fs::remove_file(&stale) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        };
        moved
            .and(unmarked)
            .map_err(|e| format!("the old index cannot be put aside: {e}"))
    }
}

/// Reads the commands already carried out: of closed segments from their lists, of the newest as it was read. Needs
/// nothing but the journal, so it may run beside [`Filler::fill`].
pub fn commands(
    place: &Place,
    journal: &Journal,
    newest: Vec<Carried>,
    (now, may_write): (Timestamp, bool),
) -> Result<Commands, StoreError> {
    let mut known = Commands::default();
    let first = Seq((journal.head().seq.0 + 1).saturating_sub(newest.len() as u64));
    let mut note = |seq: Seq, c: Carried| known.note_mark(c.id, c.mark, seq, c.at);
    commands::closed(journal, &place.commands(), (now, may_write), &mut note)?;
    for (seq, command) in (first.0..).zip(newest) {
        note(Seq(seq), command);
    }
    known.forget(now);
    Ok(known)
}

fn unknown_kind(kind: u16) -> String {
    format!(
        "a newer build wrote rows of kind {kind}, which this build does not know; install that build or a newer one"
    )
}

/// Says so when a body has a schema this build does not know.
fn too_new(key: &Key, kind: Kind, body: &[u8]) -> Option<String> {
    let schema = codec::schema_of(kind, body)?;
    let known = schema::newest(kind);
    (schema > known).then(|| {
        format!(
            "{key} has schema {schema}, this build ({}) knows up to {known}; install the build that wrote it or a newer one",
            env!("CARGO_PKG_VERSION")
        )
    })
}
