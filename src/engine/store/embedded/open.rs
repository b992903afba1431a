//! Start-up, in the one order that is safe, and what it heals on the way.
//!
//! 1. Is this a place for a store?
//! 2. Lock.
//! 3. `store.json`.
//! 4. The journal's end is judged; damage stops here, with nothing changed.
//! 5. The index is opened or put aside. If it has seen more than the journal has, that is damage too.
//! 6. An unfinished tail is cut, what remains is synced.
//! 7. The index gets what it lacks, rows and commands are loaded ([`super::fill`]).
//!
//! What follows (the engine's own start commit, intents left open) is the engine's. Nothing is written before the lock
//! is held, and nothing acknowledged is ever cut.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread::ScopedJoinHandle,
};

use tokio::sync::watch;

use super::{
    EmbeddedStore, Shared,
    cache::{BodyCache, Recent},
    fill::{self, Filler},
    place::{Identity, Lock, Place, check_dir},
    queue::Queue,
    writer::{Pending, WriterThread},
};
use crate::engine::{
    clock::{Clock, Entropy},
    model::{event::Seq, ids::StoreId, time::Timestamp},
    store::{
        StoreError,
        assets::DirAssets,
        journal::{
            self,
            catalog::Catalog,
            disk::{self, Disk, DiskFile, RealDisk},
            io_error,
            replay::Journal,
            writer::{self, At, Writer},
        },
        snapshot::keeper::{Keeper, Pace, Work},
    },
};

/// Events kept at hand.
const RECENT: usize = 4096;

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// The journal's files; tests hand in a disk that fails.
    pub disk: Arc<dyn Disk>,
    /// A new segment is begun after this many bytes.
    pub segment_bytes: u64,
    /// Bytes of ticket and deploy bodies kept in memory.
    pub cache_bytes: usize,
    /// Commits that may wait; more are refused as busy.
    pub queue: usize,
    /// When snapshots are made.
    pub snapshots: Pace,
    /// Allow a FUSE file system.
    pub allow_fuse: bool,
    /// Allow a file system in memory.
    pub ephemeral: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            disk: RealDisk::shared(),
            segment_bytes: 64 << 20,
            cache_bytes: 16 << 20,
            queue: 1024,
            snapshots: Pace::default(),
            allow_fuse: false,
            ephemeral: false,
        }
    }
}

/// What start-up found and mended, for the engine to write into the journal and the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Healed {
    /// Bytes of an unfinished write cut from the journal's end. They were never acknowledged.
    pub tail_truncated: Option<u64>,
    /// The index was built again; says why.
    pub index_rebuilt: Option<String>,
    /// Commits the index lacked and got from the journal.
    pub replayed: u64,
    /// Snapshots that were not used, and why.
    pub snapshots_skipped: Vec<String>,
    /// The index cannot be used at all on this machine; the journal answers for it. Says why.
    pub without_index: Option<String>,
}

/// An open store.
pub struct Opened {
    /// The store. Ask [`super::Store::read_only`] before the first commit.
    pub store: EmbeddedStore,
    /// What was mended.
    pub healed: Healed,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("dir", &self.store.dir)
            .field("healed", &self.healed)
            .finish()
    }
}

/// Steps and how long they took, in the log.
struct Steps<'a> {
    clock: &'a dyn Clock,
    since: Timestamp,
}

impl Steps<'_> {
    fn done(&mut self, step: &str) {
        let now = self.clock.now();
        tracing::info!("store start-up: {step} ({} ms)", now.since(self.since).as_millis());
        self.since = now;
    }
}

/// See [`EmbeddedStore::open_held`].
pub fn open(
    dir: &Path,
    options: Options,
    lock: Option<Lock>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Opened, StoreError> {
    let mut steps = Steps {
        clock: &*clock,
        since: clock.now(),
    };
    let place = Place { dir: dir.to_owned() };
    let disk = options.disk.clone();
    disk::make_dir(&*disk, dir).map_err(|e| io_error("make", dir, &e))?;
    check_dir(dir, options.allow_fuse, options.ephemeral)?;
    steps.done("the place is fit");

    let lock = match lock {
        Some(lock) => lock,
        None => Lock::take(&place)?,
    };
    steps.done("locked");

    make_journal_dir(&*disk, &place)?;
    let segments = journal::segments(&*disk, &place.journal())?;
    let identity = identify(&*disk, &place, &segments, || StoreId::new(entropy.uuid(clock.now())))?;
    let mut read_only = identity.too_new();
    steps.done("identified");

    let catalog = Arc::new(Catalog::new(disk.clone(), &segments));
    let mut journal = Journal::read(disk.clone(), segments, identity.id, &catalog)?;
    steps.done("the journal's end is judged");

    let newest = journal.take_newest_commands();
    let now = clock.now();
    let mut filler = Filler::new(&place, &journal, now);
    let index = if read_only.is_none() {
        filler.open_index()?
    } else {
        None
    };
    steps.done("the index is open");

    let mut writer = None;
    if read_only.is_none() {
        filler.healed.tail_truncated = journal.torn();
        match open_writer(&disk, &place, &catalog, &journal, &options) {
            Ok(w) => writer = Some(w),
            Err(e) => read_only = Some(e.to_string()),
        }
    }
    steps.done("the journal's end is whole");

    // An index may only learn what is surely on the disk.
    let index = index.filter(|_| writer.is_some());
    let when = (now, writer.is_some());
    // Neither needs the other, and both take their time.
    let (filled, commands) = std::thread::scope(|beside| {
        let read = std::thread::Builder::new()
            .name("commands".to_owned())
            .spawn_scoped(beside, || fill::commands(&place, &journal, newest, when));
        (filler.fill(index), read.map(ScopedJoinHandle::join))
    });
    let (mut core, index) = filled?;
    core.set_commands(match commands {
        Ok(Ok(commands)) => commands?,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(e) => return Err(StoreError::Io(format!("cannot start a thread that reads: {e}"))),
    });
    let read_only = read_only.or(filler.newer);
    let healed = filler.healed;
    steps.done("rows and commands are loaded");

    let head = core.head();
    let shared = Arc::new(Shared {
        core: Mutex::new(core),
        cache: Mutex::new(BodyCache::new(options.cache_bytes)),
        recent: Mutex::new(Recent::new(RECENT)),
        catalog,
        queue: Queue::new(options.queue),
        head: watch::Sender::new(head),
        read_only: Mutex::new(None),
        short: Mutex::new(None),
        listener: Mutex::default(),
        clock: clock.clone(),
        entropy,
    });
    if let Some(why) = read_only {
        shared.poison(why);
    }
    let keeper = if writer.is_some() && options.snapshots.segments > 0 {
        let work = Work {
            disk: options.disk.clone(),
            place: place.clone(),
            store: identity.id,
            pace: options.snapshots,
        };
        let keeper = Keeper::start(work);
        Some(keeper.map_err(|e| StoreError::Io(format!("cannot start the thread that makes snapshots: {e}")))?)
    } else {
        None
    };
    let assets = Arc::new(DirAssets::on(place.assets(), disk));
    let thread = WriterThread {
        shared: shared.clone(),
        journal: writer,
        index,
        place,
        observer: None,
        pending: Pending::default(),
        unsynced: None,
        keeper,
        lock,
    };
    let thread = std::thread::Builder::new()
        .name("store".to_owned())
        .spawn(move || thread.run())
        .map_err(|e| StoreError::Io(format!("cannot start the store's writer: {e}")))?;
    steps.done("open");
    Ok(Opened {
        store: EmbeddedStore {
            shared,
            thread: Mutex::new(Some(thread)),
            id: identity.id,
            dir: dir.to_owned(),
            assets,
        },
        healed,
    })
}

fn make_journal_dir(disk: &dyn Disk, place: &Place) -> Result<(), StoreError> {
    let dir = place.journal();
    disk::make_dir(disk, &dir).map_err(|e| io_error("make", &dir, &e))
}

/// Reads `store.json`. A new store gets one; a store that lost it gets it back from its journal.
fn identify(
    disk: &dyn Disk,
    place: &Place,
    segments: &[(Seq, PathBuf)],
    mint: impl FnOnce() -> StoreId,
) -> Result<Identity, StoreError> {
    if let Some(identity) = Identity::read(disk, place)? {
        return Ok(identity);
    }
    let id = match segments.first() {
        Some((_, path)) => journal::replay::header(disk, path)?.store,
        None => mint(),
    };
    let identity = Identity::new(id);
    identity.write(disk, place)?;
    Ok(identity)
}

/// Cuts an unfinished tail and goes on after it. What remains of the last group is written and synced once more: if the
/// last process died of a failed sync, the kernel may show pages that never reached the disk.
fn open_writer(
    disk: &Arc<dyn Disk>,
    place: &Place,
    catalog: &Arc<Catalog>,
    journal: &Journal,
    options: &Options,
) -> Result<Writer, StoreError> {
    // Room set aside by the last process: its size may be another's.
    let left = place.journal().join(writer::NEXT);
    match disk.remove(&left) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io_error("remove", &left, &e)),
        _ => {}
    }
    let at = match journal.last() {
        None => None,
        Some((path, walk)) => {
            let file = disk.open(path, true).map_err(|e| io_error("open", path, &e))?;
            settle(&*file, walk.last_group, walk.end, journal.torn().is_some())
                .map_err(|e| io_error("make sure of the end of", path, &e))?;
            let (end, head) = (walk.end, walk.head);
            Some(At { file, end, head })
        }
    };
    let dir = place.journal();
    let writer = Writer::open(
        disk.clone(),
        dir,
        catalog.clone(),
        journal.store,
        options.segment_bytes,
        at,
    )?;
    Ok(writer)
}

fn settle(file: &dyn DiskFile, last_group: u64, end: u64, torn: bool) -> std::io::Result<()> {
    if torn {
        file.set_len(end)?;
    }
    let len = usize::try_from(end - last_group).map_err(std::io::Error::other)?;
    let tail = disk::read_some(file, last_group, len)?;
    disk::write_all(file, &tail, last_group)?;
    file.sync_all()
}
