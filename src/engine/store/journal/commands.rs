//! The commands of a closed segment in one small file, so that start-up knows a month of them without reading a month
//! of journal.
//!
//! ```text
//! commands/<first seq, 20 digits>.ids     magic 8 | format u16 | first seq u64 | end of the chain 32 | count u64
//!                                         | (id 16 | mark 16 | time i64) ... | crc32c u32        (little endian)
//! ```
//!
//! Why beside the journal and not in the index: a million ids are more keys than all rows together, they are only ever
//! read whole, and they must survive the loss of the index. The file is made from its segment and made again when it is
//! missing, damaged or of another history; nothing is lost with it.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{
    disk::{self, Disk},
    io_error,
    record::Record,
    replay::{Journal, before},
    scan,
};
use crate::engine::{
    model::{event::Seq, ids::CommandId, json::Sha, time::Timestamp},
    store::{
        StoreError,
        core::commands::{KEEP, Mark, mark},
    },
};

const MAGIC: [u8; 8] = *b"OMNICMDS";
const FORMAT: u16 = 1;
/// Bytes before the entries.
const HEAD: usize = 8 + 2 + 8 + 32 + 8;
/// Bytes of an entry.
const ENTRY: usize = 40;

/// A command carried out by a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its id.
    pub id: CommandId,
    /// Half of its hash.
    pub mark: Mark,
    /// When.
    pub at: Timestamp,
}

impl Carried {
    /// The command of a commit.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.applied.event.command,
            mark: mark(&record.command_hash),
            at: record.applied.event.at,
        }
    }
}

/// Hands out the commands of every closed segment that is not too old to matter, oldest first. Missing files are made, if
/// anything may be written, as far as the disk lets us: that is a matter of speed only.
pub fn closed(
    journal: &Journal,
    dir: &Path,
    (now, may_write): (Timestamp, bool),
    visit: &mut dyn FnMut(Seq, Carried),
) -> Result<(), StoreError> {
    let oldest = now.minus(KEEP);
    let pairs: Vec<_> = journal.segments().windows(2).collect();
    // From the newest back, until one is too old: times of commits are in order as far as it matters here.
    let mut lists = Vec::new();
    for pair in pairs.into_iter().rev() {
        let [(path, header), (_, next)] = pair else { continue };
        let list = match read(&**journal.disk(), dir, header.first, next.prev) {
            Some(list) => list,
            None => make(&**journal.disk(), dir, path, may_write)?,
        };
        let past = list.last().is_some_and(|c| c.at < oldest);
        lists.push((header.first, list));
        if past {
            break;
        }
    }
    for (first, list) in lists.into_iter().rev() {
        for (seq, command) in (first.0..).zip(list) {
            visit(Seq(seq), command);
        }
    }
    Ok(())
}

/// Reads the commands out of a closed segment, and writes its file unless nothing may be written.
pub fn make(disk: &dyn Disk, dir: &Path, segment: &Path, may_write: bool) -> Result<Vec<Carried>, StoreError> {
    let header = super::replay::header(disk, segment)?;
    let bytes = disk::read_all(disk, segment).map_err(|e| io_error("read", segment, &e))?;
    let mut list = Vec::new();
    let walk = scan::walk(&bytes, before(&header), &mut |s| {
        list.push(Carried::of(&s.record));
        Ok(())
    })?;
    if may_write
        && walk.fault.is_none()
        && let Err(e) = write(disk, dir, header.first, walk.head.hash, &list)
    {
        tracing::warn!("cannot write down the commands of {}: {e}", segment.display());
    }
    Ok(list)
}

/// True when a segment's file is there, whole or not.
pub fn exists(disk: &dyn Disk, dir: &Path, first: Seq) -> bool {
    disk.open(&path(dir, first), false).is_ok()
}

fn path(dir: &Path, first: Seq) -> PathBuf {
    dir.join(format!("{:020}.ids", first.0))
}

fn write(disk: &dyn Disk, dir: &Path, first: Seq, end: Sha, list: &[Carried]) -> std::io::Result<()> {
    let mut out = Vec::with_capacity(HEAD + list.len() * ENTRY + 4);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&first.0.to_le_bytes());
    out.extend_from_slice(&end.0);
    out.extend_from_slice(&(list.len() as u64).to_le_bytes());
    for c in list {
        out.extend_from_slice(c.id.uuid().as_bytes());
        out.extend_from_slice(&c.mark);
        out.extend_from_slice(&c.at.micros().to_le_bytes());
    }
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    disk.create_dir(dir)?;
    disk::replace(disk, &path(dir, first), &out)
}

/// Reads a file back. `None` when it is not there or not to be trusted.
fn read(disk: &dyn Disk, dir: &Path, first: Seq, end: Sha) -> Option<Vec<Carried>> {
    let bytes = disk::read_all(disk, &path(dir, first)).ok()?;
    let (body, crc) = bytes.split_last_chunk::<4>()?;
    let (head, entries) = body.split_at_checked(HEAD)?;
    let mut want = Vec::with_capacity(HEAD);
    want.extend_from_slice(&MAGIC);
    want.extend_from_slice(&FORMAT.to_le_bytes());
    want.extend_from_slice(&first.0.to_le_bytes());
    want.extend_from_slice(&end.0);
    want.extend_from_slice(&((entries.len() / ENTRY) as u64).to_le_bytes());
    if head != want || crc32c::crc32c(body) != u32::from_le_bytes(*crc) {
        return None;
    }
    entries
        .chunks(ENTRY)
        .map(|entry| {
            let (id, rest) = entry.split_first_chunk::<16>()?;
            let (mark, at) = rest.split_first_chunk::<16>()?;
            Some(Carried {
                id: CommandId::new(Uuid::from_bytes(*id)),
                mark: *mark,
                at: Timestamp::from_micros(i64::from_le_bytes(at.try_into().ok()?)),
            })
        })
        .collect()
}
