//! A backup: the files of a store up to one commit, and a manifest that names each with its sum.
//!
//! ```text
//! <dir>/ store.json   journal/*.wal   snapshots/<newest>.snap   assets/**   manifest.json (written last)
//! ```
//!
//! - [`take`]: makes one, beside a running engine or without one.
//! - [`restore`]: checks one and lays it out as a store.
//!
//! Invariants
//! - A directory without a whole manifest is no backup.
//! - A backup is refused as soon as one byte of one file is not what the manifest says, and the file is named.
//! - Whatever can be made again (the index, lists of commands) is not in it.

pub mod restore;
pub mod take;

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    journal::{
        disk::{self, Disk},
        io_error,
    },
};
use crate::engine::model::{event::Seq, ids::StoreId, json::Sha, time::Timestamp};

/// The newest layout of a backup this build writes and reads.
const FORMAT: u32 = 1;
/// Written last.
const MANIFEST: &str = "manifest.json";

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Below the backup's directory, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 over its content.
    pub sha256: Sha,
}

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Layout of the backup.
    pub format: u32,
    /// The build that made it.
    pub build: String,
    /// The store it is of.
    pub store: StoreId,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The newest commit in it.
    pub head: Seq,
    /// The end of the chain there.
    pub head_hash: Sha,
    /// Every file but the manifest, by path.
    pub files: Vec<FileSum>,
}

/// The manifest as it lies on the disk: with a sum of its own, so that a damaged one is told like any other file.
#[derive(Serialize, Deserialize)]
struct Sealed {
    manifest: Manifest,
    sha256: Sha,
}

impl Manifest {
    fn sum(&self) -> Result<Sha, StoreError> {
        let bytes = serde_json::to_vec(self).map_err(|e| StoreError::Io(e.to_string()))?;
        Ok(Sha::of(&bytes))
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|f| f.bytes).sum()
    }

    fn write(&self, disk: &dyn Disk, dir: &Path) -> Result<(), StoreError> {
        let path = dir.join(MANIFEST);
        let sealed = Sealed {
            manifest: self.clone(),
            sha256: self.sum()?,
        };
        // Without a line end: every byte that is missing is noticed.
        let text = serde_json::to_vec_pretty(&sealed).map_err(|e| StoreError::Io(e.to_string()))?;
        disk::replace(disk, &path, &text).map_err(|e| io_error("write", &path, &e))
    }

    /// Reads the manifest of a backup and checks its sum.
    pub fn read(disk: &dyn Disk, dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(MANIFEST);
        let bytes = match disk::read_all(disk, &path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::Io(format!(
                    "{} is no backup, or one that was never finished: it has no {MANIFEST}",
                    dir.display()
                )));
            }
            Err(e) => return Err(io_error("read", &path, &e)),
        };
        let bad = |why: &str| damaged(&path, why);
        let Sealed { manifest, sha256 } =
            serde_json::from_slice(&bytes).map_err(|e| bad(&format!("it cannot be understood ({e})")))?;
        if manifest.sum()? != sha256 {
            return Err(bad("its own checksum does not fit"));
        }
        if manifest.format > FORMAT {
            return Err(StoreError::ReadOnly(format!(
                "{} has format {}, this build ({}) knows up to {FORMAT}; restore it with build {} or newer",
                path.display(),
                manifest.format,
                env!("CARGO_PKG_VERSION"),
                manifest.build
            )));
        }
        let inside = |f: &FileSum| {
            Path::new(&f.path)
                .components()
                .all(|c| matches!(c, Component::Normal(_)))
        };
        match manifest.files.iter().find(|f| !inside(f)) {
            Some(f) => Err(bad(&format!("it names a file outside of the backup: {}", f.path))),
            None => Ok(manifest),
        }
    }
}

/// Damage in a backup, with the file.
fn damaged(file: &Path, why: &str) -> StoreError {
    StoreError::Damaged(format!(
        "{}: {why}. The backup was not used; take another one",
        file.display()
    ))
}

/// Every file below a directory, as paths from there, in order. None when there is no directory.
pub fn files_below(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        let here = dir.join(&below);
        let failed = |e: std::io::Error| io_error("read", &here, &e);
        let entries = match std::fs::read_dir(&here) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(failed(e)),
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let path = below.join(entry.file_name());
            if entry.file_type().map_err(failed)?.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// True when a directory is absent or has nothing in it.
fn is_empty(dir: &Path) -> Result<bool, StoreError> {
    match std::fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(e) => Err(io_error("read", dir, &e)),
    }
}
