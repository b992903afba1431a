//! A disk that fails on command: errors at the k-th call, and power cuts.
//!
//! It works on real files, which play the page cache, and remembers beside them what the platter has: a page becomes
//! durable by a sync that works, and a sync that fails forgets which pages it owed, as kernels do. A power cut keeps,
//! drops or tears (at 512 bytes) every page that is not durable; lengths and directory entries (files and directories
//! that were made, renamed, replaced or removed) that were not synced may be the old ones.

use std::{
    collections::{BTreeMap, BTreeSet},
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

/// A change of a directory that a power cut may undo.
#[derive(Debug)]
enum DirOp {
    Created(PathBuf),
    MadeDir(PathBuf),
    /// From, to, and what the platter had under the new name.
    Renamed(PathBuf, PathBuf, Option<Vec<u8>>),
    Removed(PathBuf, Vec<u8>),
}

impl DirOp {
    /// What its directory must be synced for.
    fn path(&self) -> &Path {
        let (Self::Created(path) | Self::MadeDir(path) | Self::Renamed(_, path, _) | Self::Removed(path, _)) = self;
        path
    }

    fn undo(&self) {
        // The content of what went is the durable one: it is simply there again.
        let _ = match self {
            Self::Created(path) => std::fs::remove_file(path),
            Self::MadeDir(path) => std::fs::remove_dir_all(path),
            Self::Renamed(from, to, over) => std::fs::rename(to, from).and_then(|()| match over {
                Some(old) => std::fs::write(to, old),
                None => Ok(()),
            }),
            Self::Removed(path, content) => std::fs::write(path, content),
        };
    }
}

#[derive(Debug, Default)]
struct State {
    calls: u64,
    dead: bool,
    no_new_files: bool,
    files: BTreeMap<PathBuf, Arc<Mutex<Platter>>>,
    /// Directory changes since the last sync of the directory, oldest first.
    pending: Vec<DirOp>,
}

/// What a file has on the platter, and which pages the next sync owes.
#[derive(Debug, Default)]
struct Platter {
    content: Vec<u8>,
    dirty: BTreeSet<usize>,
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
    Create,
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

    /// The same disk, sound from now on: what was lost before stays lost.
    pub fn healed(&self) -> Self {
        Self {
            at: u64::MAX,
            fault: self.fault,
            state: self.state.clone(),
        }
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

    /// The power is gone.
    pub fn is_off(&self) -> bool {
        self.state.lock().unwrap().dead
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
            Fault::Enospc => matches!(kind, Kind::Write | Kind::Create),
            Fault::PowerOff => true,
            Fault::SyncEio => matches!(kind, Kind::Sync),
        };
        if !hit {
            return Ok(false);
        }
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
        for (path, platter) in &state.files {
            let Ok(now) = read_all(&RealDisk, path) else { continue };
            std::fs::write(path, torn(&platter.lock().unwrap(), &now, &mut rng)).unwrap();
        }
        // Directory entries become durable in order: a prefix of the changes survives.
        let survive = rng.usize(..=state.pending.len());
        for op in state.pending[survive..].iter().rev() {
            op.undo();
        }
    }
}

/// What the platter has of a file, as far as this disk has seen it; else what is there.
fn durable(state: &State, path: &Path) -> Vec<u8> {
    match state.files.get(path) {
        Some(platter) => platter.lock().unwrap().content.clone(),
        None => read_all(&RealDisk, path).unwrap_or_default(),
    }
}

fn torn(platter: &Platter, now: &[u8], rng: &mut fastrand::Rng) -> Vec<u8> {
    let durable = platter.content.as_slice();
    let len = match rng.u8(..3) {
        0 => durable.len(),
        1 => now.len(),
        _ => rng.usize(durable.len().min(now.len())..=durable.len().max(now.len())),
    };
    let mut out = vec![0; len];
    for start in (0..len).step_by(PAGE) {
        let keep = match rng.u8(..3) {
            // A clean page is not on its way: the platter has what it has.
            _ if !platter.dirty.contains(&(start / PAGE)) => 0,
            0 => 0,
            1 => PAGE,
            _ => SECTOR * rng.usize(..PAGE / SECTOR),
        };
        for (at, byte) in out.iter_mut().enumerate().skip(start).take(PAGE) {
            let from = if at - start < keep { now } else { durable };
            *byte = from.get(at).copied().unwrap_or(0);
        }
    }
    out
}

fn eio() -> io::Error {
    io::Error::from_raw_os_error(5)
}

impl Disk for FaultDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.call(&Kind::Create)?;
        let mut state = self.state.lock().unwrap();
        if state.no_new_files {
            return Err(io::Error::from_raw_os_error(28));
        }
        let existed = path.exists();
        let mut platter = Platter::default();
        if existed {
            // Emptied in memory only: until a sync the platter has the old content.
            platter.content = durable(&state, path);
        }
        let real = RealDisk.create(path)?;
        let platter = Arc::new(Mutex::new(platter));
        state.files.insert(path.to_owned(), platter.clone());
        if !existed {
            state.pending.push(DirOp::Created(path.to_owned()));
        }
        drop(state);
        Ok(self.file(platter, real))
    }

    fn open(&self, path: &Path, write: bool) -> io::Result<Box<dyn DiskFile>> {
        self.call(&Kind::Read)?;
        let real = RealDisk.open(path, write)?;
        let content = read_all(&RealDisk, path)?;
        let mut state = self.state.lock().unwrap();
        let platter = state.files.entry(path.to_owned()).or_insert_with(|| {
            let dirty = BTreeSet::new();
            Arc::new(Mutex::new(Platter { content, dirty }))
        });
        let platter = platter.clone();
        drop(state);
        Ok(self.file(platter, real))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(&Kind::Other)?;
        let mut state = self.state.lock().unwrap();
        let over = to.exists().then(|| durable(&state, to));
        RealDisk.rename(from, to)?;
        if let Some(platter) = state.files.remove(from) {
            state.files.insert(to.to_owned(), platter);
        }
        state.pending.push(DirOp::Renamed(from.to_owned(), to.to_owned(), over));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call(&Kind::Other)?;
        let mut state = self.state.lock().unwrap();
        let old = durable(&state, path);
        RealDisk.remove(path)?;
        state.files.remove(path);
        state.pending.push(DirOp::Removed(path.to_owned(), old));
        Ok(())
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.call(&Kind::Other)?;
        let fresh: Vec<_> = dir.ancestors().take_while(|d| !d.exists()).collect();
        RealDisk.create_dir(dir)?;
        let made = fresh.into_iter().rev().map(|d| DirOp::MadeDir(d.to_owned()));
        self.state.lock().unwrap().pending.extend(made);
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.call(&Kind::Read)?;
        RealDisk.list(dir)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.call(&Kind::Sync)?;
        RealDisk.sync_dir(dir)?;
        let mut state = self.state.lock().unwrap();
        state.pending.retain(|op| op.path().parent() != Some(dir));
        Ok(())
    }

    fn free(&self, dir: &Path) -> io::Result<u64> {
        RealDisk.free(dir)
    }
}

impl FaultDisk {
    fn file(&self, platter: Arc<Mutex<Platter>>, real: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let disk = self.clone();
        Box::new(FaultFile { disk, platter, real })
    }
}

struct FaultFile {
    disk: FaultDisk,
    platter: Arc<Mutex<Platter>>,
    real: Box<dyn DiskFile>,
}

impl FaultFile {
    fn sync(&self) -> io::Result<()> {
        let mut platter = self.platter.lock().unwrap();
        let owed = std::mem::take(&mut platter.dirty);
        self.disk.call(&Kind::Sync)?;
        let size = usize::try_from(self.real.size()?).unwrap();
        platter.content.resize(size, 0);
        for page in owed {
            let start = page * PAGE;
            let end = (start + PAGE).min(size);
            let mut at = start;
            while at < end {
                at += self.real.read_at(&mut platter.content[at..end], at as u64)?;
            }
        }
        Ok(())
    }
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
        let n = self.real.write_at(&buf[..n], at)?;
        let at = usize::try_from(at).unwrap();
        self.platter
            .lock()
            .unwrap()
            .dirty
            .extend(at / PAGE..(at + n).div_ceil(PAGE));
        Ok(n)
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
        self.sync()
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync()
    }
}
