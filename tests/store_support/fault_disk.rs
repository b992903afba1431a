//! A disk that fails on command: errors at the k-th call, and power cuts.
//!
//! It works on real files and remembers beside them what a power cut may take: every 4 KiB page written since the last
//! sync is kept, dropped or torn at 512 bytes; lengths and directory entries that were not synced may be the old ones.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use omnitraffick::engine::store::journal::disk::{Disk, DiskFile, RealDisk, read_all};

const PAGE: usize = 4096;
const SECTOR: usize = 512;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call fails, and every later one works.
    Eio,
    /// No room, from this call on, for everything that needs room.
    Enospc,
    /// Half of a write is done; other calls work.
    Short,
    /// A signal came.
    Eintr,
    /// The power goes: this and every later call fails, [`FaultDisk::cut`] decides what is left.
    PowerOff,
    /// Only syncs fail, from this call on.
    SyncEio,
}

#[derive(Debug)]
enum DirOp {
    Created(PathBuf),
    Renamed(PathBuf, PathBuf),
}

#[derive(Debug, Default)]
struct State {
    calls: u64,
    fired: bool,
    dead: bool,
    no_new_files: bool,
    /// Content of files as of their last sync.
    durable: BTreeMap<PathBuf, Vec<u8>>,
    /// Directory changes since the last sync of the directory, oldest first.
    pending: Vec<DirOp>,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct FaultDisk {
    at: u64,
    fault: Fault,
    state: Arc<Mutex<State>>,
}

enum Kind {
    Read,
    Write,
    Sync,
    Other,
}

impl FaultDisk {
    /// Fails at call number `at`, counted from 0.
    pub fn new(at: u64, fault: Fault) -> Self {
        Self {
            at,
            fault,
            state: Arc::default(),
        }
    }

    /// True once the fault happened.
    pub fn fired(&self) -> bool {
        self.state.lock().unwrap().fired
    }

    /// Calls so far.
    pub fn calls(&self) -> u64 {
        self.state.lock().unwrap().calls
    }

    /// No file can be made while it is on: a disk full for everything but what was set aside.
    pub fn no_new_files(&self, on: bool) {
        self.state.lock().unwrap().no_new_files = on;
    }

    /// Switches the power off now.
    pub fn power_off(&self) {
        self.state.lock().unwrap().dead = true;
    }

    /// Whether the call works; `Ok(true)` = only half of it.
    fn call(&self, kind: &Kind) -> io::Result<bool> {
        let mut state = self.state.lock().unwrap();
        if state.dead {
            return Err(eio());
        }
        let n = state.calls;
        state.calls += 1;
        if n < self.at {
            return Ok(false);
        }
        let now = n == self.at;
        let hit = match self.fault {
            Fault::Eio => now,
            Fault::Eintr | Fault::Short => now && matches!(kind, Kind::Write),
            Fault::Enospc => matches!(kind, Kind::Write),
            Fault::PowerOff => true,
            Fault::SyncEio => matches!(kind, Kind::Sync),
        };
        if !hit {
            return Ok(false);
        }
        state.fired = true;
        match self.fault {
            Fault::Eio | Fault::SyncEio => Err(eio()),
            // The kernel writes what still fits, and says so only at the next try.
            Fault::Enospc if now => Ok(true),
            Fault::Enospc => Err(io::Error::from_raw_os_error(28)),
            Fault::Eintr => Err(io::Error::from_raw_os_error(4)),
            Fault::Short => Ok(true),
            Fault::PowerOff => {
                state.dead = true;
                Err(eio())
            }
        }
    }

    /// Leaves on the real disk what a power cut might. Call it after the store is gone.
    pub fn cut(&self, seed: u64) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let state = self.state.lock().unwrap();
        for (path, durable) in &state.durable {
            let Ok(now) = read_all(&RealDisk, path) else { continue };
            std::fs::write(path, torn(durable, &now, &mut rng)).unwrap();
        }
        // Directory entries become durable in order: a prefix of the changes survives.
        let survive = rng.usize(..=state.pending.len());
        for op in state.pending[survive..].iter().rev() {
            let _ = match op {
                DirOp::Created(path) => std::fs::remove_file(path),
                DirOp::Renamed(from, to) => std::fs::rename(to, from),
            };
        }
    }
}

fn torn(durable: &[u8], now: &[u8], rng: &mut fastrand::Rng) -> Vec<u8> {
    let len = match rng.u8(..3) {
        0 => durable.len(),
        1 => now.len(),
        _ => rng.usize(durable.len().min(now.len())..=durable.len().max(now.len())),
    };
    let mut out = vec![0; len];
    for start in (0..len).step_by(PAGE) {
        let keep = match rng.u8(..3) {
            0 => 0,
            1 => PAGE,
            _ => SECTOR * rng.usize(..PAGE / SECTOR),
        };
        for at in start..(start + PAGE).min(len) {
            let from = if at - start < keep { now } else { durable };
            out[at] = from.get(at).copied().unwrap_or(0);
        }
    }
    out
}

fn eio() -> io::Error {
    io::Error::from_raw_os_error(5)
}

impl Disk for FaultDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.call(&Kind::Write)?;
        if self.state.lock().unwrap().no_new_files {
            return Err(io::Error::from_raw_os_error(28));
        }
        let existed = path.exists();
        let real = RealDisk.create(path)?;
        let mut state = self.state.lock().unwrap();
        state.durable.insert(path.to_owned(), Vec::new());
        if !existed {
            state.pending.push(DirOp::Created(path.to_owned()));
        }
        drop(state);
        Ok(self.file(path, real))
    }

    fn open(&self, path: &Path, write: bool) -> io::Result<Box<dyn DiskFile>> {
        self.call(&Kind::Read)?;
        let real = RealDisk.open(path, write)?;
        if write {
            let content = read_all(&RealDisk, path)?;
            self.state
                .lock()
                .unwrap()
                .durable
                .entry(path.to_owned())
                .or_insert(content);
        }
        Ok(self.file(path, real))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(&Kind::Other)?;
        RealDisk.rename(from, to)?;
        let mut state = self.state.lock().unwrap();
        if let Some(content) = state.durable.remove(from) {
            state.durable.insert(to.to_owned(), content);
        }
        state.pending.push(DirOp::Renamed(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call(&Kind::Other)?;
        RealDisk.remove(path)?;
        self.state.lock().unwrap().durable.remove(path);
        Ok(())
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.call(&Kind::Other)?;
        RealDisk.create_dir(dir)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.call(&Kind::Read)?;
        RealDisk.list(dir)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.call(&Kind::Sync)?;
        RealDisk.sync_dir(dir)?;
        self.state.lock().unwrap().pending.retain(|op| {
            let (DirOp::Created(path) | DirOp::Renamed(_, path)) = op;
            path.parent() != Some(dir)
        });
        Ok(())
    }

    fn free(&self, dir: &Path) -> io::Result<u64> {
        RealDisk.free(dir)
    }
}

impl FaultDisk {
    fn file(&self, path: &Path, real: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        Box::new(FaultFile {
            disk: self.clone(),
            path: Mutex::new(path.to_owned()),
            real,
        })
    }
}

struct FaultFile {
    disk: FaultDisk,
    path: Mutex<PathBuf>,
    real: Box<dyn DiskFile>,
}

impl FaultFile {
    /// The file may have been renamed while it was open.
    fn note_synced(&self) -> io::Result<()> {
        let mut state = self.disk.state.lock().unwrap();
        let mut path = self.path.lock().unwrap();
        if !state.durable.contains_key(&*path)
            && let Some(to) = state.pending.iter().find_map(|op| match op {
                DirOp::Renamed(from, to) if *from == *path => Some(to.clone()),
                _ => None,
            })
        {
            *path = to;
        }
        let size = usize::try_from(self.real.size()?).unwrap();
        let mut content = vec![0; size];
        let mut at = 0;
        while at < size {
            at += self.real.read_at(&mut content[at..], at as u64)?;
        }
        // Under its name of now: after a rename the directory was synced and the old name forgotten.
        let name = state.durable.keys().find(|k| **k == *path).cloned();
        let name = name.unwrap_or_else(|| newest_segment(&path));
        state.durable.insert(name, content);
        Ok(())
    }
}

/// The set-aside file became the newest segment.
fn newest_segment(path: &Path) -> PathBuf {
    let dir = path.parent().unwrap();
    let names = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    names
        .filter(|p| p.extension().is_some_and(|x| x == "wal"))
        .max()
        .unwrap_or_else(|| path.to_owned())
}

impl DiskFile for FaultFile {
    fn size(&self) -> io::Result<u64> {
        self.real.size()
    }

    fn read_at(&self, buf: &mut [u8], at: u64) -> io::Result<usize> {
        self.disk.call(&Kind::Read)?;
        self.real.read_at(buf, at)
    }

    fn write_at(&self, buf: &[u8], at: u64) -> io::Result<usize> {
        let half = self.disk.call(&Kind::Write)?;
        let n = if half { buf.len().div_ceil(2) } else { buf.len() };
        self.real.write_at(&buf[..n], at)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.call(&Kind::Other)?;
        self.real.set_len(len)
    }

    fn reserve(&self, bytes: u64) -> io::Result<()> {
        self.disk.call(&Kind::Write)?;
        self.real.reserve(bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.call(&Kind::Sync)?;
        self.real.sync_data()?;
        self.note_synced()
    }

    fn sync_all(&self) -> io::Result<()> {
        self.disk.call(&Kind::Sync)?;
        self.real.sync_all()?;
        self.note_synced()
    }
}
