//! The thread that makes snapshots, and the lists of commands, of segments that were closed meanwhile.
//!
//! It sleeps for good while no segment is closed, runs behind everybody else when there is work, and gives up at once
//! when the store closes: what it makes can be made at any other time.

use std::{
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::{
    build::{self, Broken},
    file::{Snapshot, Stand, Writer},
};
use crate::engine::{
    model::{event::Seq, ids::StoreId},
    store::{
        Head, StoreError,
        embedded::place::Place,
        journal::{self, commands, disk::Disk, io_error, replay::Journal},
    },
};

/// An engine that ran this long may spend time on a snapshot it found missing; a verb of the command line ends sooner.
const SETTLED: Duration = Duration::from_secs(5);
/// How much it steps back behind everybody else (`nice`).
const NICE: i32 = 10;

/// When a snapshot is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// After this many closed segments; 0 = never.
    pub segments: usize,
    /// Or after this many commits, at the next closed segment.
    pub records: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            segments: 8,
            records: 250_000,
        }
    }
}

impl Pace {
    /// True when the closed segments hold enough after the newest snapshot. `firsts` are the first commits of all
    /// segments, the open one last.
    pub fn is_due(self, firsts: &[Seq], newest: Seq) -> bool {
        let Some((open, closed)) = firsts.split_last() else {
            return false;
        };
        let after = closed.iter().filter(|first| **first > newest).count();
        let records = open.0.saturating_sub(1).saturating_sub(newest.0);
        self.segments > 0 && after > 0 && (after >= self.segments || records >= self.records)
    }
}

/// What it needs to know.
#[derive(Clone, Debug)]
pub struct Work {
    /// The files.
    pub disk: Arc<dyn Disk>,
    /// Where they are.
    pub place: Place,
    /// Whose they are.
    pub store: StoreId,
    /// When a snapshot is due.
    pub pace: Pace,
}

#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    wake: Condvar,
    stop: AtomicBool,
}

/// The thread, as long as this lives.
pub struct Keeper {
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts it.
    pub fn start(work: Work) -> std::io::Result<Self> {
        let bell = Arc::new(Bell::default());
        let thread = {
            let bell = Arc::clone(&bell);
            let run = move || run(&work, &bell);
            std::thread::Builder::new().name("snapshots".to_owned()).spawn(run)?
        };
        Ok(Self {
            bell,
            thread: Some(thread),
        })
    }

    /// A segment was closed.
    pub fn ring(&self) {
        *self.bell.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.wake.notify_one();
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.bell.stop.store(true, Ordering::SeqCst);
        self.ring();
        if self.thread.take().map(JoinHandle::join).is_some_and(|r| r.is_err()) {
            tracing::error!("the thread that makes snapshots panicked; please report it");
        }
    }
}

fn run(work: &Work, bell: &Bell) {
    // It works all the same where it may not step back.
    let _ = rustix::process::nice(NICE);
    let go_on = || !bell.stop.load(Ordering::SeqCst);
    let mut patience = Some(SETTLED);
    while go_on() {
        let mut rung = bell.rung.lock().unwrap_or_else(PoisonError::into_inner);
        while !*rung {
            rung = match patience.take() {
                None => bell.wake.wait(rung).unwrap_or_else(PoisonError::into_inner),
                Some(time) => {
                    let (mut rung, _) = bell
                        .wake
                        .wait_timeout(rung, time)
                        .unwrap_or_else(PoisonError::into_inner);
                    *rung = true;
                    rung
                }
            };
        }
        *rung = false;
        drop(rung);
        if !go_on() {
            return;
        }
        match tend(work, &go_on) {
            Ok(Some(path)) => tracing::info!("made the snapshot {}", path.display()),
            Ok(None) => {}
            Err(e) => tracing::warn!("no snapshot could be made: {e}"),
        }
    }
}

/// Does what is to be done with the segments closed so far. Inside: the snapshot it made, if one was due.
pub fn tend(work: &Work, go_on: &(dyn Fn() -> bool + Sync)) -> Result<Option<PathBuf>, StoreError> {
    let disk = &*work.disk;
    let segments = journal::segments(disk, &work.place.journal())?;
    let firsts: Vec<Seq> = segments.iter().map(|(first, _)| *first).collect();
    let Some((_, closed)) = segments.split_last() else {
        return Ok(None);
    };
    if let Some((first, path)) = closed.last()
        && !commands::exists(disk, &work.place.commands(), *first)
    {
        commands::make(disk, &work.place.commands(), path, true)?;
    }
    let dir = work.place.snapshots();
    super::tidy(disk, &dir)?;
    let newest = super::list(disk, &dir)?.last().map_or(Seq(0), |(seq, _)| *seq);
    if !work.pace.is_due(&firsts, newest) || !go_on() {
        return Ok(None);
    }
    let journal = Journal::closed(Arc::clone(&work.disk), closed.to_vec(), work.store)?;
    make(work, &journal, go_on)
}

fn make(work: &Work, journal: &Journal, go_on: &(dyn Fn() -> bool + Sync)) -> Result<Option<PathBuf>, StoreError> {
    let (disk, dir) = (&*work.disk, work.place.snapshots());
    let base = newest(disk, &dir, work.store, &mut |bad| tracing::warn!("{bad}"))?;
    let from = base
        .as_ref()
        .map_or((Head::default(), 0), |b| (b.stand().head, b.stand().epoch));
    let Some(changes) = build::gather(journal, from.0, from.1, go_on)? else {
        return Ok(None);
    };
    // Rows of a kind this build does not know cannot be written down by it.
    if changes.unknown_kind.is_some() {
        return Ok(None);
    }
    let failed = |e: std::io::Error| io_error("write a snapshot in", &dir, &e);
    let stand = Stand {
        store: work.store,
        head: changes.head,
        epoch: changes.epoch,
    };
    let entries = base.map(|b| b.read(disk)).transpose().map_err(StoreError::Io)?;
    let mut writer = Writer::begin(disk, &dir, stand).map_err(failed)?;
    let laid = build::lay(entries, &changes, journal, &mut |(_, row)| {
        let Some(saved) = row else { return Ok(()) };
        if !go_on() {
            return Err("the store closes".to_owned());
        }
        writer.row(&saved.row, saved.seq).map_err(|e| e.to_string())
    });
    match laid {
        Ok(()) => {}
        Err(Broken::Sink(_)) if !go_on() => return Ok(None),
        Err(Broken::Store(e)) => return Err(e),
        Err(Broken::Base(why) | Broken::Sink(why)) => return Err(StoreError::Io(why)),
    }
    let path = writer.finish().map_err(failed)?;
    super::tidy(disk, &dir)?;
    Ok(Some(path))
}

/// The newest snapshot that is whole. Damaged ones, and those of another store, are skipped and named.
pub fn newest(
    disk: &dyn Disk,
    dir: &std::path::Path,
    store: StoreId,
    skipped: &mut dyn FnMut(String),
) -> Result<Option<Snapshot>, StoreError> {
    for (_, path) in super::list(disk, dir)?.into_iter().rev() {
        match Snapshot::check(disk, &path) {
            Ok(snapshot) if snapshot.stand().store == store => return Ok(Some(snapshot)),
            Ok(_) => skipped(format!(
                "the snapshot {} belongs to another store and is not used",
                path.display()
            )),
            Err(why) => skipped(format!("the snapshot {} is not used: {why}", path.display())),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(&[], 0, false)]
    #[case::one_open(&[1], 0, false)]
    #[case::few(&[1, 10, 20], 0, false)]
    #[case::enough_segments(&[1, 10, 20, 30], 0, true)]
    #[case::counted_from_the_newest(&[1, 10, 20, 30], 9, false)]
    #[case::enough_records(&[1, 1001], 0, true)]
    #[case::records_need_a_closed_segment(&[1, 1001], 1000, false)]
    fn is_due(#[case] firsts: &[u64], #[case] newest: u64, #[case] expected: bool) {
        let pace = Pace {
            segments: 3,
            records: 1000,
        };
        let firsts: Vec<Seq> = firsts.iter().map(|n| Seq(*n)).collect();
        assert_eq!(pace.is_due(&firsts, Seq(newest)), expected);
        assert!(!Pace { segments: 0, ..pace }.is_due(&firsts, Seq(newest)));
    }
}
