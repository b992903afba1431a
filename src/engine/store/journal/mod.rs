//! The journal: every commit, in order, for ever. The truth and the audit log in one.
//!
//! ```text
//! journal/<first seq, 20 digits>.wal      header | frame | frame | ...
//! header   magic 8 | format u16 | store id 16 | first seq u64 | prev 32 | crc32c u32
//! frame    len u32 | seq u64 | crc32c u32 | payload          (little endian; the crc covers len, seq and payload)
//! ```
//!
//! - [`disk`]: the few file operations it needs, as a trait, so that tests can fail each of them.
//! - [`frame`] and [`record`]: bytes of a frame, bytes of a commit.
//! - [`scan`]: reads a segment, and tells an unfinished write from damage.
//! - [`replay`]: the journal as it is found at start.
//! - [`catalog`]: finds a commit by number.
//! - [`commands`]: the commands of closed segments, so that start-up need not read those.
//! - [`writer`]: appends groups, syncs, rotates.
//!
//! Invariants
//! - A group lies in one segment and is acknowledged only after its sync.
//! - After a failed sync nothing is written any more: the kernel may have dropped the pages, a second try would lie.
//! - Every file that appears or is renamed is followed by a sync of its directory.
//! - Segments are never deleted, and never changed before their end. Snapshots ([`super::snapshot`]) stand in for the
//!   *reading* of old ones.

pub mod catalog;
pub mod commands;
pub mod disk;
pub mod frame;
pub mod record;
pub mod replay;
pub mod scan;
pub mod writer;

use std::path::{Path, PathBuf};

use crate::engine::{model::event::Seq, store::StoreError};

/// Ending of a segment's name.
const ENDING: &str = ".wal";

/// The file of the segment that begins with a commit.
pub fn segment_path(dir: &Path, first: Seq) -> PathBuf {
    dir.join(format!("{:020}{ENDING}", first.0))
}

/// The first commit by a segment's name; `None` when the name is not a segment's.
fn first_of(name: &str) -> Option<Seq> {
    let digits = name.strip_suffix(ENDING).filter(|d| d.len() == 20)?;
    digits.parse().ok().map(Seq)
}

/// Segments of a journal, oldest first.
pub fn segments(disk: &dyn disk::Disk, dir: &Path) -> Result<Vec<(Seq, PathBuf)>, StoreError> {
    let names = disk.list(dir).map_err(|e| io_error("read", dir, &e))?;
    let mut found: Vec<_> = names
        .iter()
        .filter_map(|n| first_of(n))
        .map(|first| (first, segment_path(dir, first)))
        .collect();
    found.sort();
    Ok(found)
}

/// Damage, with everything a person needs to find it.
pub fn damaged(file: &Path, offset: u64, seq: Seq, why: &str) -> StoreError {
    StoreError::Damaged(format!(
        "{}, byte {offset}, commit {seq}: {why}. Nothing was changed; run `omnitraffick store verify` and restore a backup",
        file.display()
    ))
}

/// A failed file operation, in words.
pub fn io_error(what: &str, path: &Path, e: &std::io::Error) -> StoreError {
    StoreError::Io(format!("cannot {what} {}: {e}", path.display()))
}
