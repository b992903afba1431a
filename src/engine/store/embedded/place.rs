//! Where a store lives: may it live there, who holds it, and what `store.json` says about it.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use crate::engine::{
    model::ids::StoreId,
    store::{
        StoreError,
        journal::{
            disk::{self, Disk, RealDisk},
            io_error,
        },
    },
};

/// The newest layout of a store directory this build writes and reads.
pub const FORMAT: u32 = 1;

/// The files of a store.
#[derive(Clone, Debug)]
pub struct Place {
    /// The store's directory.
    pub dir: PathBuf,
}

impl Place {
    /// Held while the store is open.
    pub fn lock(&self) -> PathBuf {
        self.dir.join("engine.lock")
    }
    /// Id and format.
    pub fn identity(&self) -> PathBuf {
        self.dir.join("store.json")
    }
    /// Segments.
    pub fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }
    /// Commands of closed segments.
    pub fn commands(&self) -> PathBuf {
        self.dir.join("commands")
    }
    /// Snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.dir.join("snapshots")
    }
    /// sled's directory.
    pub fn index(&self) -> PathBuf {
        self.dir.join("index")
    }
    /// Left behind when the index failed in a running engine: the next start builds a new one.
    pub fn stale(&self) -> PathBuf {
        self.dir.join("index.stale")
    }
    /// The files tickets send along.
    pub fn assets(&self) -> PathBuf {
        self.dir.join("assets")
    }
    /// What was put aside.
    pub fn quarantine(&self) -> PathBuf {
        self.dir.join("quarantine")
    }
}

/// File systems on which a lock or a sync may not mean what the store needs, by their `statfs` type.
const NETWORK: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "SMB"),
    (0xFE53_4D42, "SMB"),
    (0x0102_1997, "9p"),
    (0x00C3_6400, "Ceph"),
    (0x5346_414F, "AFS"),
    (0x0BD0_0BD0, "Lustre"),
];
const FUSE: u32 = 0x6573_5546;
const TMPFS: u32 = 0x0102_1994;

/// Says why a file system of this type cannot hold a store.
pub fn refuse_file_system(magic: u32, allow_fuse: bool, ephemeral: bool) -> Result<(), String> {
    if let Some((_, name)) = NETWORK.iter().find(|(m, _)| *m == magic) {
        return Err(format!(
            "is on a network file system ({name}): locks and syncs do not mean there what the store needs; use a local disk"
        ));
    }
    if magic == FUSE && !allow_fuse {
        return Err("is on a FUSE file system, whose syncs may do nothing; use a local disk, or set store.allow_fuse if you know that it syncs".to_owned());
    }
    if magic == TMPFS && !ephemeral {
        return Err("is in memory (tmpfs) and would be gone after a restart; use a directory on a disk, or --ephemeral if it may be lost".to_owned());
    }
    Ok(())
}

/// Checks the directory: a local disk, and nobody else may write there.
pub fn check_dir(dir: &Path, allow_fuse: bool, ephemeral: bool) -> Result<(), StoreError> {
    let refuse = |why: &str| StoreError::Io(format!("the store directory {} {why}", dir.display()));
    let stat = rustix::fs::statfs(dir).map_err(|e| io_error("look at", dir, &e.into()))?;
    // The type is a signed word on some machines: the low 32 bits are what the tables list.
    let magic = u32::try_from(i128::from(stat.f_type) & 0xFFFF_FFFF).unwrap_or_default();
    refuse_file_system(magic, allow_fuse, ephemeral).map_err(|why| refuse(&why))?;
    let meta = std::fs::metadata(dir).map_err(|e| io_error("look at", dir, &e))?;
    if !meta.is_dir() {
        return Err(refuse("is not a directory"));
    }
    if meta.mode() & 0o022 != 0 {
        return Err(refuse("can be written by others; run `chmod go-w` on it"));
    }
    Ok(())
}

/// The right to be the one engine of a store: the lock belongs to the open file, and the kernel frees it when the process
/// ends.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Takes the lock of a store in a directory, making that if there is none: for whoever wants to become the engine
    /// before the store is opened.
    pub fn claim(dir: &Path) -> Result<Self, StoreError> {
        disk::make_dir(&RealDisk, dir).map_err(|e| io_error("make", dir, &e))?;
        Self::take(&Place { dir: dir.to_owned() })
    }

    /// Takes the lock or says who has it.
    pub fn take(place: &Place) -> Result<Self, StoreError> {
        let path = place.lock();
        let mut how = OpenOptions::new();
        how.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = how.open(&path).map_err(|e| io_error("open", &path, &e))?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(held(place)),
            Err(e) => return Err(io_error("lock", &path, &e.into())),
        }
        // For display only: the kernel's lock decides, this number may be stale.
        let noted = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        if let Err(e) = noted {
            tracing::warn!("cannot note the process id in {}: {e}", path.display());
        }
        Ok(Self(file))
    }
}

impl Drop for Lock {
    /// Let go in words: closing our handle would not do while a child that was just forked still has a copy of it.
    fn drop(&mut self) {
        if let Err(e) = rustix::fs::flock(&self.0, FlockOperation::Unlock) {
            tracing::warn!("cannot let go of the store's lock: {e}");
        }
    }
}

/// What the holder of a store says about itself. For finding and for display: the kernel's lock decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Its process id.
    pub pid: Option<u32>,
    /// Where it listens.
    pub socket: Option<PathBuf>,
}

/// Longest note read from a lock file, in bytes.
const NOTE: u64 = 4096;

/// Reads who holds a store, as far as it says so. The note may be a dead engine's.
pub fn peek(place: &Place) -> Holder {
    let mut text = String::new();
    let read = File::open(place.lock()).and_then(|f| f.take(NOTE).read_to_string(&mut text));
    if read.is_err() {
        return Holder::default();
    }
    let mut lines = text.lines();
    Holder {
        pid: lines.next().and_then(|l| l.trim().parse().ok()),
        socket: lines.next().filter(|l| !l.is_empty()).map(PathBuf::from),
    }
}

/// Notes where the holder of a store listens. Only the holder may call this.
pub fn announce(place: &Place, socket: &Path) {
    let note = format!("{}\n{}\n", std::process::id(), socket.display());
    // The lock's own file is open elsewhere in this process; a second handle only writes the note.
    let noted = OpenOptions::new().write(true).open(place.lock()).and_then(|mut file| {
        file.write_all(note.as_bytes())?;
        file.set_len(note.len() as u64)
    });
    if let Err(e) = noted {
        tracing::warn!("cannot note the socket in {}: {e}", place.lock().display());
    }
}

fn held(place: &Place) -> StoreError {
    let pid = peek(place)
        .pid
        .map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"));
    StoreError::Locked(format!(
        "{pid} holds the store in {}; use its console, or stop it first",
        place.dir.display()
    ))
}

/// What `store.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The store.
    pub id: StoreId,
    /// Layout of the directory.
    pub format: u32,
    /// The build that wrote this.
    pub build: String,
}

impl Identity {
    /// For a new store.
    pub fn new(id: StoreId) -> Self {
        Self {
            id,
            format: FORMAT,
            build: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Reads it; `None` when there is none yet.
    pub fn read(disk: &dyn Disk, place: &Place) -> Result<Option<Self>, StoreError> {
        let path = place.identity();
        let bytes = match disk::read_all(disk, &path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io_error("read", &path, &e)),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|e| {
            StoreError::Damaged(format!(
                "{} cannot be understood ({e}); if the journal is whole, move this file away: it is made again from it",
                path.display()
            ))
        })
    }

    /// Writes it.
    pub fn write(&self, disk: &dyn Disk, place: &Place) -> Result<(), StoreError> {
        let path = place.identity();
        let mut text = serde_json::to_vec_pretty(self).map_err(|e| StoreError::Io(e.to_string()))?;
        text.push(b'\n');
        disk::replace(disk, &path, &text).map_err(|e| io_error("write", &path, &e))
    }

    /// Why a store of this format can only be read, if so.
    pub fn too_new(&self) -> Option<String> {
        (self.format > FORMAT).then(|| {
            format!(
                "its format {} was written by build {}, this build ({}) knows format {FORMAT}; install {} or newer",
                self.format,
                self.build,
                env!("CARGO_PKG_VERSION"),
                self.build
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nfs(0x6969, true, true, false)]
    #[case::smb2(0xFE53_4D42, true, true, false)]
    #[case::ext4(0xEF53, false, false, true)]
    #[case::overlay(0x794C_7630, false, false, true)]
    #[case::fuse(FUSE, false, false, false)]
    #[case::fuse_allowed(FUSE, true, false, true)]
    #[case::tmpfs(TMPFS, false, false, false)]
    #[case::tmpfs_ephemeral(TMPFS, false, true, true)]
    fn network_file_systems_are_refused(
        #[case] magic: u32,
        #[case] fuse: bool,
        #[case] ephemeral: bool,
        #[case] fine: bool,
    ) {
        assert_eq!(refuse_file_system(magic, fuse, ephemeral).is_ok(), fine);
    }
}
