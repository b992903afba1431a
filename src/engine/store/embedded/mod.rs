//! The store of one host: a journal that is the truth, sled as an index that can be lost, memory that answers.
//!
//! - [`open`]: the order of start-up, and what it heals.
//! - [`fill`]: index and memory at start-up.
//! - [`writer`]: the one thread that writes the journal and touches the index.
//! - [`queue`]: what waits for that thread.
//! - [`cache`]: bodies and events kept at hand.
//! - [`place`]: the directory, its lock, its identity.
//!
//! Invariants
//! - Acknowledged means synced. After a failed sync nothing more is acknowledged until a restart has looked at what is
//!   really on the disk.
//! - Reads never wait for a sync, except for bodies that only the index has.
//! - Losing the index loses nothing: rows know the commit that wrote them, and the journal has it.

pub mod cache;
pub mod fill;
pub mod open;
pub mod place;
pub mod queue;
pub mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread::JoinHandle,
};

use tokio::sync::watch;

pub use self::open::{Healed, Opened, Options};
use self::{
    cache::{BodyCache, Recent},
    place::Lock,
    queue::{AttachJob, AttachPart, Queue, closed},
};
use super::{
    Away, Claim, Commit, Committed, Fut, Head, Key, Lease, LocalStore, Observer, Page, Row, Scan, Store, StoreError,
    Wanted,
    assets::{Assets, DirAssets},
    core::Core,
    journal::catalog::Catalog,
};
use crate::engine::{
    clock::{Clock, Entropy},
    model::{
        event::{Event, Seq},
        ids::{CommandId, LeaseId, StoreId},
        json::Sha,
        time::Timestamp,
    },
};

/// What the callers and the writer thread share.
pub struct Shared {
    core: Mutex<Core>,
    cache: Mutex<BodyCache>,
    recent: Mutex<Recent>,
    catalog: Arc<Catalog>,
    queue: Queue,
    head: watch::Sender<Head>,
    /// Why nothing may be written, for good.
    read_only: Mutex<Option<String>>,
    /// Why people's commands must wait: the disk is nearly full.
    short: Mutex<Option<String>>,
    /// Who is told when either changes.
    listener: Mutex<Option<Arc<dyn Observer>>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// Locks a mutex. What these guard is changed in whole steps, so a panic elsewhere leaves nothing half-done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Switches writing off for good. The first reason stays.
    fn poison(&self, why: String) {
        let mut read_only = lock(&self.read_only);
        if read_only.is_none() {
            tracing::error!("the store is read-only from now on: {why}");
            *read_only = Some(why);
            drop(read_only);
            self.tell();
        }
    }

    /// Notes whether the disk is nearly full, and tells once when that changes. Other words for the same state (the bytes
    /// that are free) are no news.
    fn note_room(&self, short: Option<&str>) {
        let before = std::mem::replace(&mut *lock(&self.short), short.map(str::to_owned));
        match (before, short) {
            (None, Some(why)) => tracing::warn!("people's commands wait: {why}"),
            (Some(_), None) => tracing::info!("there is room for the journal again"),
            _ => return,
        }
        self.tell();
    }

    fn tell(&self) {
        let listener = lock(&self.listener).clone();
        if let Some(listener) = listener {
            listener.health();
        }
    }

    fn read_only(&self) -> Option<String> {
        lock(&self.read_only).clone()
    }

    /// A row from memory. `Err` = it exists, its body does not lie here.
    fn lookup(&self, key: &Key) -> Result<Option<Row>, Away> {
        let core = lock(&self.core);
        let Some(slot) = core.slot(key) else { return Ok(None) };
        if let Some(row) = core.row(key) {
            return Ok(Some(row));
        }
        let version = slot.version;
        match lock(&self.cache).get(key, version) {
            Some(body) => Ok(core.row_with(key, version, body)),
            None => Err(Away),
        }
    }

    /// Rows in the order of the keys; those whose bodies lie elsewhere are fetched in one go.
    async fn rows(&self, keys: Vec<Key>) -> Result<Vec<Option<Row>>, StoreError> {
        let mut rows = Vec::with_capacity(keys.len());
        let (mut away, mut places) = (Vec::new(), Vec::new());
        for key in keys {
            if let Ok(row) = self.lookup(&key) {
                rows.push(row);
            } else {
                places.push(rows.len());
                rows.push(None);
                away.push(key);
            }
        }
        if !away.is_empty() {
            let fetched = self.queue.read(away)?.await.map_err(|_| writer_gone())??;
            for (place, row) in places.into_iter().zip(fetched) {
                if let Some(slot) = rows.get_mut(place) {
                    *slot = row;
                }
            }
        }
        Ok(rows)
    }
}

fn writer_gone() -> StoreError {
    StoreError::ReadOnly("the store's writer has stopped; restart the engine".to_owned())
}

/// The embedded store. Made by [`EmbeddedStore::open`].
pub struct EmbeddedStore {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
    id: StoreId,
    dir: PathBuf,
    assets: Arc<DirAssets>,
}

impl EmbeddedStore {
    /// Opens the store in a directory, making it if there is none. Heals what can be healed and says so; stops with
    /// [`StoreError::Damaged`] where something acknowledged is missing. Blocks while it reads.
    pub fn open(
        dir: &Path,
        options: Options,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Opened, StoreError> {
        open::open(dir, options, None, clock, entropy)
    }

    /// As [`Self::open`], by whoever may hold the store's lock already.
    pub fn open_held(
        dir: &Path,
        options: Options,
        lock: Option<Lock>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Opened, StoreError> {
        open::open(dir, options, lock, clock, entropy)
    }

    /// The store's id.
    pub const fn id(&self) -> StoreId {
        self.id
    }

    /// Where it lives.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How far it is.
    pub fn head(&self) -> Head {
        lock(&self.shared.core).head()
    }

    /// How many rows it holds.
    pub fn rows(&self) -> usize {
        lock(&self.shared.core).len()
    }

    /// Bytes its large parts take in memory, about, by name.
    pub fn bytes(&self) -> Vec<(&'static str, usize)> {
        let mut parts = lock(&self.shared.core).bytes();
        parts.push(("bodies", lock(&self.shared.cache).bytes()));
        parts
    }

    fn stop(&self) -> Result<(), StoreError> {
        self.shared.queue.close();
        let thread = lock(&self.thread).take();
        match thread.map(JoinHandle::join) {
            Some(Err(_)) => Err(writer_gone()),
            Some(Ok(())) | None => Ok(()),
        }
    }
}

impl Drop for EmbeddedStore {
    /// Finishes what is queued and lets go, so that the store can be opened again at once.
    fn drop(&mut self) {
        if let Err(e) = self.stop() {
            tracing::error!("closing the store in {}: {e}", self.dir.display());
        }
    }
}

impl Store for EmbeddedStore {
    fn commit(&self, commit: Commit) -> Fut<'_, Committed> {
        Box::pin(async move {
            let answer = self.shared.queue.commit(commit)?;
            answer.await.map_err(|_| writer_gone())?
        })
    }

    fn known(&self, command: CommandId, hash: Sha) -> Fut<'_, Option<Committed>> {
        Box::pin(async move {
            let core = lock(&self.shared.core);
            let head = core.head().seq;
            core.known(command, &hash).map(|v| v.answer(head, None)).transpose()
        })
    }

    fn get<'a>(&'a self, key: &'a Key) -> Fut<'a, Option<Row>> {
        Box::pin(async move { Ok(self.shared.rows(vec![key.clone()]).await?.pop().flatten()) })
    }

    fn at_hand(&self, key: &Key) -> Result<Option<Row>, Away> {
        self.shared.lookup(key)
    }

    fn scan(&self, scan: Scan) -> Fut<'_, Page> {
        Box::pin(async move {
            let (keys, next) = lock(&self.shared.core).scan(&scan);
            let rows = self.shared.rows(keys).await?;
            // A row may have changed between the two steps: what is handed out is newer, and must still belong.
            let rows = rows.into_iter().flatten().filter(|r| Core::matches(r, &scan)).collect();
            Ok(Page { rows, next })
        })
    }

    fn claim(&self, claim: Claim) -> Fut<'_, Vec<Lease>> {
        Box::pin(async move {
            if let Some(why) = self.shared.read_only() {
                return Err(StoreError::ReadOnly(why));
            }
            if let Some(why) = lock(&self.shared.short).clone() {
                return Err(StoreError::DiskFull(why));
            }
            let mut mint = || LeaseId::new(self.shared.entropy.uuid(claim.now));
            lock(&self.shared.core).claim(&claim, &mut mint)
        })
    }

    fn renew<'a>(&'a self, lease: &'a Lease, until: Timestamp) -> Fut<'a, Lease> {
        Box::pin(async move {
            let now = self.shared.clock.now();
            lock(&self.shared.core).renew(lease, until, now)
        })
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> Fut<'a, ()> {
        Box::pin(async move {
            lock(&self.shared.core).release(lease);
            Ok(())
        })
    }

    fn events(&self, after: Seq, limit: usize) -> Fut<'_, Vec<Event>> {
        Box::pin(async move {
            if let Some(events) = lock(&self.shared.recent).after(after, limit) {
                return Ok(events);
            }
            let head = lock(&self.shared.core).head();
            let catalog = Arc::clone(&self.shared.catalog);
            // Files are read: not on a thread that others wait for.
            let read = tokio::task::spawn_blocking(move || catalog.events(after, limit, head.seq));
            read.await
                .unwrap_or_else(|e| Err(StoreError::Io(format!("reading events failed: {e}"))))
        })
    }

    fn written<'a>(&'a self, key: &'a Key, up_to: Seq) -> Fut<'a, Option<(Seq, Row)>> {
        let catalog = Arc::clone(&self.shared.catalog);
        let key = key.clone();
        Box::pin(async move {
            let head = lock(&self.shared.core).head();
            let up_to = up_to.min(head.seq);
            let read = tokio::task::spawn_blocking(move || catalog.written(&key, up_to));
            read.await
                .unwrap_or_else(|e| Err(StoreError::Io(format!("reading the journal failed: {e}"))))
        })
    }

    fn watch(&self) -> watch::Receiver<Head> {
        self.shared.head.subscribe()
    }

    fn read_only(&self) -> Option<String> {
        self.shared.read_only()
    }

    fn short(&self) -> Option<String> {
        lock(&self.shared.short).clone()
    }
}

impl LocalStore for EmbeddedStore {
    fn attach(
        &self,
        wanted: &Wanted,
        observer: Arc<dyn Observer>,
        load: &mut dyn FnMut(Row),
    ) -> Result<Head, StoreError> {
        // The writer thread sends and this one loads; a small bound keeps memory flat.
        let (send, parts) = mpsc::sync_channel(4);
        self.shared.queue.attach(AttachJob {
            wanted: wanted.clone(),
            observer,
            send,
        })?;
        for part in parts {
            match part? {
                AttachPart::Rows(rows) => rows.into_iter().for_each(&mut *load),
                AttachPart::Done(head) => return Ok(head),
            }
        }
        Err(closed())
    }

    fn epoch(&self) -> u64 {
        lock(&self.shared.core).epoch()
    }

    fn assets(&self) -> Arc<dyn Assets> {
        Arc::clone(&self.assets) as Arc<dyn Assets>
    }

    fn close(&self) -> Result<(), StoreError> {
        self.stop()
    }
}
