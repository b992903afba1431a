//! Snapshots: every row as it stood after one commit, so that a lost index is built again without reading the whole
//! journal.
//!
//! ```text
//! snapshots/<seq, 20 digits>.snap      header | entry | entry | ... | end
//! header   magic 8 | format u16 | store id 16 | seq u64 | hash 32 | epoch u64 | crc32c u32
//! entry    len u32 | crc32c u32 | payload                    (little endian; rows in key order)
//! end      0 u32 | entries u64 | SHA-256 over everything before
//! ```
//!
//! - [`mod@file`]: these bytes, written and read back.
//! - [`build`]: a snapshot out of the one before and the closed segments after it.
//! - [`keeper`]: the thread that makes them while an engine runs.
//!
//! Invariants
//! - A snapshot is made from files nobody changes any more, so it needs no lock and stops nobody.
//! - It stands at the end of a closed segment.
//! - It is never the truth: a damaged one is skipped and named, and the journal has everything. It is made under a
//!   temporary name and renamed once it is durable.

pub mod build;
pub mod file;
pub mod keeper;

use std::path::{Path, PathBuf};

use crate::engine::{
    model::event::Seq,
    store::{StoreError, journal::disk::Disk, journal::io_error},
};

/// Ending of a snapshot's name.
const ENDING: &str = ".snap";
/// Ending while it is being written.
const UNFINISHED: &str = ".snap.unfinished";
/// How many are kept: the newest may turn out to be damaged.
pub const KEPT: usize = 2;

/// The file of the snapshot that stands at a commit.
pub fn path(dir: &Path, seq: Seq) -> PathBuf {
    dir.join(format!("{:020}{ENDING}", seq.0))
}

/// Finished snapshots of a directory, oldest first; none when there is no directory.
pub fn list(disk: &dyn Disk, dir: &Path) -> Result<Vec<(Seq, PathBuf)>, StoreError> {
    let mut found: Vec<_> = names(disk, dir)?
        .iter()
        .filter_map(|name| {
            name.strip_suffix(ENDING)
                .filter(|digits| digits.len() == 20)?
                .parse()
                .ok()
        })
        .map(|seq| (Seq(seq), path(dir, Seq(seq))))
        .collect();
    found.sort();
    Ok(found)
}

/// Removes what a killed process left half-written, and all but the newest [`KEPT`].
pub fn tidy(disk: &dyn Disk, dir: &Path) -> Result<(), StoreError> {
    let remove = |path: &Path| disk.remove(path).map_err(|e| io_error("remove", path, &e));
    for name in names(disk, dir)? {
        if name.ends_with(UNFINISHED) {
            remove(&dir.join(name))?;
        }
    }
    let all = list(disk, dir)?;
    for (_, path) in all.iter().rev().skip(KEPT) {
        remove(path)?;
    }
    Ok(())
}

fn names(disk: &dyn Disk, dir: &Path) -> Result<Vec<String>, StoreError> {
    match disk.list(dir) {
        Ok(names) => Ok(names),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(io_error("read", dir, &e)),
    }
}
