//! The one thread that writes: journal first, then memory, then whoever listens, then the answer; the index later.
//!
//! The index is given what it lacks by count, size and time, not group by group: rows that change often reach it once,
//! and nobody waits for it. What it lacks is in memory here and in the journal; after a crash it is replayed.
//!
//! It sleeps for good while nothing is queued and nothing is kept back from the index.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Shared, lock,
    place::{Lock, Place},
    queue::{AttachJob, AttachPart, CommitJob, ReadJob, Work},
};
use crate::{
    engine::store::{
        Applied, Commit, Key, Kind, Observer, Row, StoreError,
        core::{Core, Group, Stage, Staged},
        index::Index,
        journal::writer::{WriteError, Writer},
        snapshot::keeper::Keeper,
    },
    failpoint::crash_point,
};

/// The index is written and flushed after this many commits ...
const FLUSH_COMMITS: usize = 2000;
/// ... or this many bytes of journal ...
const FLUSH_BYTES: usize = 8 << 20;
/// ... or when the oldest commit it lacks is this old.
const FLUSH_AGE: Duration = Duration::from_millis(100);
/// What was flushed is synced this long after.
const SYNC_AGE: Duration = Duration::from_secs(1);
/// How often a nearly full disk is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Rows sent at once to somebody who attaches.
const ATTACH_ROWS: usize = 1024;

/// The thread's own state. Fields drop in order: the lock goes last.
pub struct WriterThread {
    /// What is shared with the callers.
    pub shared: Arc<Shared>,
    /// `None` when the store was opened to read only.
    pub journal: Option<Writer>,
    /// `None` once it failed, or when the store was opened to read only.
    pub index: Option<Index>,
    /// The store's files.
    pub place: Place,
    /// Who follows.
    pub observer: Option<Arc<dyn Observer>>,
    /// What the index does not have yet.
    pub pending: Pending,
    /// Since when the index has writes that were flushed and not synced.
    pub unsynced: Option<Instant>,
    /// Makes snapshots of what is closed; `None` when the store was opened to read only, or none are wanted.
    pub keeper: Option<Keeper>,
    /// The right to be here.
    pub lock: Lock,
}

/// Commits the index does not have yet, oldest first. Without the bytes of their records: those are in the journal.
#[derive(Default)]
pub struct Pending {
    commits: Vec<Staged>,
    bytes: usize,
    since: Option<Instant>,
}

impl Pending {
    fn keep(&mut self, group: Vec<Staged>) {
        self.since = self.since.or_else(|| Some(instant()));
        for mut staged in group {
            self.bytes += std::mem::take(&mut staged.payload).len();
            self.commits.push(staged);
        }
    }

    /// How long until it must be written; `None` = there is nothing to write.
    fn patience(&self) -> Option<Duration> {
        let since = self.since?;
        if self.commits.len() >= FLUSH_COMMITS || self.bytes >= FLUSH_BYTES {
            return Some(Duration::ZERO);
        }
        Some(FLUSH_AGE.saturating_sub(since.elapsed()))
    }

    /// The newest row under a key.
    fn row(&self, key: &Key) -> Option<&Row> {
        let mut rows = self.commits.iter().rev().flat_map(|s| &s.applied.put);
        rows.find(|r| r.key == *key)
    }
}

/// Says so when the thread dies of a panic, so that nobody waits for it.
struct Alarm(Arc<Shared>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0
                .poison("the store's writer panicked; restart the engine and report it".to_owned());
            self.0.queue.close();
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the age of unflushed index writes; decides nothing and is not seen by anybody"
)]
fn instant() -> Instant {
    Instant::now()
}

impl WriterThread {
    /// Works until the queue is closed and empty.
    pub fn run(mut self) {
        let _alarm = Alarm(self.shared.clone());
        loop {
            match self.shared.queue.next(self.patience()) {
                Work::Read(job) => self.read(job),
                Work::Attach(job) => self.attach(&job),
                Work::Group(jobs) => self.group(jobs),
                Work::Idle => self.look_again(),
                Work::Closed => break,
            }
            self.flush_if_due();
        }
        self.flush();
        self.sync();
    }

    /// How long to wait for work: until the index must be written or the disk looked at, else for ever.
    fn patience(&self) -> Option<Duration> {
        let short = lock(&self.shared.short).is_some().then_some(LOOK_AGAIN);
        let sync = self.unsynced.map(|since| SYNC_AGE.saturating_sub(since.elapsed()));
        self.pending.patience().into_iter().chain(sync).chain(short).min()
    }

    // ---- commits -----------------------------------------------------------------------------------------------

    fn group(&mut self, jobs: Vec<CommitJob>) {
        let (commits, answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|j| (j.commit, j.answer)).unzip();
        let before = lock(&self.shared.core).head().seq;
        let known: Vec<_> = commits.iter().map(|c| (c.command, c.command_hash)).collect();
        match self.write(commits) {
            Ok((group, failed)) => {
                if failed.is_none() {
                    self.publish(group.staged);
                }
                for (verdict, answer) in group.verdicts.into_iter().zip(answers) {
                    // A caller that went away asks again with the same command id.
                    let _ = answer.send(verdict.answer(before, failed.as_ref()));
                }
            }
            Err(e) => {
                let core = lock(&self.shared.core);
                for ((command, hash), answer) in known.into_iter().zip(answers) {
                    // What was carried out before stays answered, even when nothing new can be written.
                    let known = core.known(command, &hash).map(|v| v.answer(before, None));
                    let _ = answer.send(known.unwrap_or_else(|| Err(e.clone())));
                }
            }
        }
    }

    /// Checks a group and makes it durable. Inside: the group, and why it is not durable after all.
    fn write(&mut self, commits: Vec<Commit>) -> Result<(Group, Option<StoreError>), StoreError> {
        if let Some(why) = self.shared.read_only() {
            return Err(StoreError::ReadOnly(why));
        }
        let Some(journal) = &mut self.journal else {
            return Err(StoreError::ReadOnly("the store was opened to read only".to_owned()));
        };
        let group_start = journal.prepare().inspect_err(|e| poison(&self.shared, e))?;
        let short = journal.short().map(str::to_owned);
        self.shared.note_room(short.as_deref());
        let admit = |commit: &Commit| match &short {
            // What is left of the disk belongs to outcomes of calls that are already under way.
            Some(why) if commit.lease.is_none() && !commit.actor.is_engine() => Err(StoreError::DiskFull(why.clone())),
            _ => Ok(()),
        };
        let group = lock(&self.shared.core).stage(
            commits,
            &Stage {
                now: self.shared.clock.now(),
                group_start,
                admit: &admit,
            },
        );
        if group.staged.is_empty() {
            return Ok((group, None));
        }
        if journal.took_new_segment()
            && let Some(keeper) = &self.keeper
        {
            keeper.ring();
        }
        let failed = journal.append(&group.staged).inspect_err(|e| poison(&self.shared, e));
        Ok((group, failed.err().map(StoreError::from)))
    }

    /// Takes a durable group over: memory, listeners.
    fn publish(&mut self, group: Vec<Staged>) {
        if group.is_empty() {
            return;
        }
        let now = self.shared.clock.now();
        crash_point!(cp03_sync_index);
        {
            // In this order, as readers do: memory, then bodies.
            let mut core = lock(&self.shared.core);
            let mut cache = lock(&self.shared.cache);
            for staged in &group {
                core.apply(staged);
                for row in &staged.applied.put {
                    if core.slot(&row.key).is_some_and(|s| s.body.is_none()) {
                        cache.put(&row.key, row.version, row.body.clone());
                    }
                }
                staged.applied.del.iter().for_each(|key| cache.remove(key));
            }
            core.forget_commands(now);
        }
        crash_point!(cp11_index_apply);
        {
            let mut recent = lock(&self.shared.recent);
            for staged in &group {
                recent.push(staged.applied.event.clone());
            }
        }
        crash_point!(cp12_apply_publish);
        if let Some(observer) = &self.observer {
            let applied: Vec<&Applied> = group.iter().map(|s| &s.applied).collect();
            if catch_unwind(AssertUnwindSafe(|| observer.applied(&applied))).is_err() {
                // The commits are durable and are answered; the projection beside them can no longer be trusted.
                self.shared
                    .poison("a projection of the store panicked; restart the engine and report it".to_owned());
            }
        }
        // Last: who hears it may ask the projection.
        let head = lock(&self.shared.core).head();
        self.shared.head.send_replace(head);
        if self.index.is_some() {
            self.pending.keep(group);
        }
    }

    fn look_again(&mut self) {
        let Some(journal) = &mut self.journal else { return };
        if lock(&self.shared.short).is_none() || self.shared.read_only().is_some() {
            return;
        }
        if let Err(e) = journal.prepare() {
            poison(&self.shared, &e);
        }
        self.shared.note_room(journal.short());
    }

    // ---- the index ---------------------------------------------------------------------------------------------

    fn flush_if_due(&mut self) {
        if self.pending.patience().is_some_and(|p| p.is_zero()) {
            self.flush();
        }
        if self.unsynced.is_some_and(|since| since.elapsed() >= SYNC_AGE) {
            self.sync();
        }
    }

    /// Gives the index what it lacks.
    fn flush(&mut self) {
        let Pending { commits, .. } = std::mem::take(&mut self.pending);
        let Some(index) = self.index.as_ref().filter(|_| !commits.is_empty()) else {
            return;
        };
        match index.write(&commits).and_then(|()| index.flush()) {
            Ok(()) => self.unsynced = self.unsynced.or_else(|| Some(instant())),
            Err(why) => self.lose_index(&why),
        }
    }

    fn sync(&mut self) {
        if self.unsynced.take().is_some()
            && let Some(Err(why)) = self.index.as_ref().map(Index::sync)
        {
            self.lose_index(&why);
        }
    }

    /// Goes on without the index. The journal has every body; the next start builds a new index.
    fn lose_index(&mut self, why: &str) {
        tracing::warn!("the index is out of use until the next start, the journal answers for it: {why}");
        self.index = None;
        self.pending = Pending::default();
        self.unsynced = None;
        if let Err(e) = std::fs::write(self.place.stale(), why) {
            tracing::warn!("cannot mark the index as stale: {e}");
        }
    }

    // ---- reads -------------------------------------------------------------------------------------------------

    fn read(&mut self, job: ReadJob) {
        let rows = job.keys.iter().map(|key| self.row(key)).collect();
        let _ = job.answer.send(rows);
    }

    fn row(&mut self, key: &Key) -> Result<Option<Row>, StoreError> {
        if let Ok(here) = self.shared.lookup(key) {
            return Ok(here);
        }
        let row = match (self.pending.row(key), &self.index) {
            (Some(row), _) => Some(row.clone()),
            (None, Some(index)) => match index.read(key) {
                Ok(found) => found.map(|f| f.row),
                Err(why) => {
                    self.lose_index(&why);
                    None
                }
            },
            (None, None) => None,
        };
        let row = match row {
            Some(row) => Some(row),
            None => self.row_from_journal(key)?,
        };
        if let Some(row) = &row {
            lock(&self.shared.cache).put(key, row.version, row.body.clone());
        }
        Ok(row)
    }

    /// The row as the commit wrote it that memory names. Memory and journal cannot differ: only this thread writes.
    fn row_from_journal(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        let Some(seq) = lock(&self.shared.core).slot(key).map(|s| s.seq) else {
            return Ok(None);
        };
        let record = self.shared.catalog.record(seq)?;
        let row = record.and_then(|r| r.applied.put.into_iter().find(|row| row.key == *key));
        row.map(Some)
            .ok_or_else(|| StoreError::Damaged(format!("commit {seq} should hold {key} and does not")))
    }

    fn attach(&mut self, job: &AttachJob) {
        for kind in Kind::ALL {
            if !self.send_rows(*kind, job) {
                return; // told, or nobody waits any more
            }
        }
        self.observer = Some(job.observer.clone());
        *lock(&self.shared.listener) = Some(job.observer.clone());
        let head = lock(&self.shared.core).head();
        let _ = job.send.send(Ok(AttachPart::Done(head)));
    }

    /// Sends the wanted rows of a kind, in key order, some at a time. False when that came to an end before.
    fn send_rows(&mut self, kind: Kind, job: &AttachJob) -> bool {
        let keys = lock(&self.shared.core).wanted(kind, &job.wanted);
        for some in keys.chunks(ATTACH_ROWS) {
            let rows = self.rows_in_order(some);
            let failed = rows.is_err();
            if job.send.send(rows.map(AttachPart::Rows)).is_err() || failed {
                return false;
            }
        }
        true
    }

    /// Rows of neighbouring keys. The index is read front to back: one walk is much cheaper than as many look-ups.
    fn rows_in_order(&mut self, keys: &[Key]) -> Result<Vec<Row>, StoreError> {
        let away = |core: &Core, key: &Key| core.slot(key).is_some_and(|s| s.body.is_none());
        let (first, last) = {
            let core = lock(&self.shared.core);
            let mut away = keys.iter().filter(|key| away(&core, key));
            let first = away.next();
            (first, away.next_back().or(first))
        };
        let mut read = match (&self.index, first, last) {
            (Some(index), Some(first), Some(last)) => index.page(first, last, keys.len()).unwrap_or_else(|why| {
                tracing::warn!("rows are read one by one: {why}");
                Vec::new()
            }),
            _ => Vec::new(),
        }
        .into_iter()
        .map(|found| found.row)
        .peekable();
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            while read.next_if(|row| row.key < *key).is_some() {}
            let here = read.next_if(|row| row.key == *key);
            let current = |row: &Row| {
                lock(&self.shared.core)
                    .slot(key)
                    .is_some_and(|s| s.version == row.version)
            };
            match here.filter(current) {
                Some(row) => rows.push(row),
                None => rows.extend(self.row(key)?),
            }
        }
        Ok(rows)
    }
}

/// Stops all writing after a failure that leaves the disk's content unknown.
fn poison(shared: &Shared, e: &WriteError) {
    if let WriteError::Broken(why) = e {
        shared.poison(format!(
            "{why}; what was sent last may or may not be on the disk. Check the disk, then restart the engine"
        ));
    }
}
