//! Index and memory at start: replay what the index lacks, load memory from it, and do without it if it must be.

use super::{open::Healed, place::Place};
use crate::engine::{
    model::{event::Seq, time::Timestamp},
    store::{
        Head, Key, Kind, StoreError, codec,
        core::{Core, Resident, Staged, epoch_of},
        index::{Applied, Index, Loaded, Unusable},
        journal::{
            damaged,
            replay::{Journal, replay},
            scan::Scanned,
        },
        schema,
    },
};

/// Commits handed to the index at once while replaying.
const REPLAY_BATCH: usize = 500;

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
                let last = self.journal.last();
                let (path, end) = last.map_or_else(|| (self.place.journal(), 0), |(p, w)| (p.clone(), w.end));
                let why = format!(
                    "the journal ends before commit {}, which the index has seen: acknowledged commits are missing",
                    applied.seq
                );
                Err(Trouble::Store(damaged(&path, end, Seq(head.seq.0 + 1), &why)))
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
    /// again; if even that fails, memory is filled from the journal.
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
        self.fill_from_journal(&mut core)?;
        Ok((core, None))
    }

    /// Gives the index what it lacks.
    fn catch_up(&mut self, index: &Index, applied: &Applied) -> Result<(), Trouble> {
        let mut epoch = applied.epoch;
        let mut batch: Vec<Staged> = Vec::new();
        let mut failed: Option<Unusable> = None;
        let write = |batch: &mut Vec<Staged>| -> Result<(), Unusable> {
            index.write(batch.iter(), &[])?;
            index.flush()?;
            batch.clear();
            Ok(())
        };
        let from = Head {
            seq: applied.seq,
            hash: applied.hash,
        };
        let mut replayed = 0;
        let continues = replay(self.journal, from, &mut |staged| {
            replayed += 1;
            let staged = with_epoch(staged, &mut epoch);
            self.newer = self.newer.take().or_else(|| staged.unknown.clone());
            batch.push(staged.staged);
            if batch.len() == REPLAY_BATCH && failed.is_none() {
                failed = write(&mut batch).err();
            }
            failed.is_none()
        })?;
        if let Some(why) = failed {
            return Err(Trouble::Index(why));
        }
        if !continues {
            return Err(Trouble::Index("it was made from another journal".to_owned()));
        }
        if !batch.is_empty() {
            write(&mut batch)?;
        }
        self.healed.replayed = replayed;
        Ok(())
    }

    fn load(&mut self, index: &Index, core: &mut Core) -> Result<(), Trouble> {
        let mut newer = None;
        index.load(Resident::Small, &mut |loaded| match loaded {
            Loaded::Row(found) => {
                newer = newer
                    .take()
                    .or_else(|| too_new(&found.row.key, found.row.kind, &found.row.body));
                core.insert(&found.row, found.seq);
            }
            Loaded::UnknownKind(kind) => newer = Some(unknown_kind(kind)),
            Loaded::Command { id, mark, seq, at } => core.note_mark(id, mark, seq, at),
        })?;
        self.newer = self.newer.take().or(newer);
        let applied = index.applied()?;
        core.raise_epoch(applied.map_or(0, |a| a.epoch));
        core.set_head(self.journal.head());
        let forget = core.forget_commands(self.now);
        if !forget.is_empty() {
            index.write([], &forget)?;
        }
        Ok(())
    }

    /// Fills memory from the journal alone.
    fn fill_from_journal(&mut self, core: &mut Core) -> Result<(), StoreError> {
        let mut epoch = 0;
        let mut newer = None;
        replay(self.journal, Head::default(), &mut |replayed| {
            let replayed = with_epoch(replayed, &mut epoch);
            let rows = &replayed.staged.applied.put;
            newer = newer
                .take()
                .or_else(|| replayed.unknown.clone())
                .or_else(|| rows.iter().find_map(|r| too_new(&r.key, r.kind, &r.body)));
            core.apply(&replayed.staged);
            true
        })?;
        core.forget_commands(self.now);
        self.newer = self.newer.take().or(newer);
        Ok(())
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

struct Replayed {
    staged: Staged,
    unknown: Option<String>,
}

fn with_epoch(scanned: Scanned, epoch: &mut u64) -> Replayed {
    let record = scanned.record;
    let raised = record
        .applied
        .put
        .iter()
        .filter_map(epoch_of)
        .fold(record.epoch, u64::max);
    *epoch = raised.max(*epoch);
    Replayed {
        unknown: record.unknown_kinds.first().map(|k| unknown_kind(*k)),
        staged: Staged {
            head: scanned.head,
            payload: Vec::new(),
            command_hash: record.command_hash,
            epoch: *epoch,
            applied: record.applied,
        },
    }
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
