//! sled 0.34.7, kept on a short lead. The only file that may name it.
//!
//! It is an index and nothing else: whatever it loses is in the journal, and when it will not open or disagrees it is
//! put aside and built again without asking. Known faults and what stands against each:
//!
//! - A process killed while sled opens leaves `snap.*.generating` behind, and sled never opens again: removed first.
//! - `flush` does not sync: nothing here is ever called durable.
//! - Large pages go to files that are never synced, and leaves split by count: no value is above [`VALUE_MAX`]; longer
//!   rows go on in chunk rows.
//! - Memory grows until somebody flushes: the writer flushes by count and by time.
//! - Its own flushing thread wakes five times a second for ever, to sync what never changed: it is off, and the writer
//!   syncs the file itself after a burst of writes.
//! - Deadlocks under concurrent load and inside its multi-key commits: one thread at a time, one tree, one batch per
//!   group with the applied commit's number inside.
//! - Its lock lingers after a drop: opening is tried again for two seconds; our own lock decides who owns the store.
//! - It panics on some damage: every call is contained.
//!
//! ```text
//! m                   store id, number and hash of the newest commit applied
//! r<key>              a row: length, header, body, checksum; its first 4 KiB
//! b<key> 0 <n>        what of a row did not fit, in pieces of 4 KiB
//! ```

use std::{
    any::Any,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    Columns, Head, Key, Kind, Row, codec,
    core::{Resident, Staged},
    snapshot::build::Laid,
};
use crate::{
    engine::model::{event::Seq, ids::StoreId, json::Sha},
    failpoint::crash_point,
};

/// Largest value handed to sled.
pub const VALUE_MAX: usize = 4096;
/// Pages sled may keep in memory. Its own default is 1 GiB.
const CACHE: u64 = 32 << 20;
/// Bytes of a body that are read when the body itself is not wanted: enough to tell its schema.
const BEGINNING: usize = 16;
/// Where sled keeps its log, inside its directory.
const FILE: &str = "db";
/// Bytes of a row's value before its blob.
const LENGTH: usize = 4;

/// Where the index stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The store it was made for.
    pub store: StoreId,
    /// The newest commit in it.
    pub seq: Seq,
    /// The end of the chain there.
    pub hash: Sha,
    /// The newest engine start known there.
    pub epoch: u64,
}

impl Applied {
    /// Of an empty index.
    pub fn nothing(store: StoreId) -> Self {
        Self {
            store,
            seq: Seq(0),
            hash: Sha::default(),
            epoch: 0,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct RowHead {
    version: u64,
    seq: Seq,
    kind: u16,
    columns: Columns,
}

/// A row read back, with the commit that wrote it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The row. When its body is not kept in memory, the body is only its beginning.
    pub row: Row,
    /// The commit that wrote it.
    pub seq: Seq,
}

/// What is read from a whole index at start.
pub enum Loaded {
    /// A row.
    Row(Found),
    /// A row of a kind this build does not know.
    UnknownKind(u16),
}

/// Why the index cannot be used; it is then put aside and built again.
pub type Unusable = String;

/// The index.
pub struct Index {
    db: sled::Db,
    dir: PathBuf,
    store: StoreId,
}

impl Index {
    /// Opens or makes the index in a directory.
    pub fn open(dir: &Path, store: StoreId) -> Result<Self, Unusable> {
        remove_half_snapshots(dir)?;
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE)
            .flush_every_ms(None)
            .use_compression(false);
        let mut tries = 100;
        let db = loop {
            let open = || {
                crash_point!(cp16_index_open);
                let open = config.open();
                crash_point!(cp16_index_open);
                open
            };
            match contained("open", open) {
                Err(why) if tries > 0 && why.contains("lock") => {
                    tries -= 1;
                    std::thread::sleep(Duration::from_millis(20));
                }
                other => break other?,
            }
        };
        let dir = dir.to_path_buf();
        Ok(Self { db, dir, store })
    }

    /// How far it is; `None` when it is empty or its mark is gone.
    pub fn applied(&self) -> Result<Option<Applied>, Unusable> {
        match contained("read", || self.db.get(b"m"))? {
            Some(bytes) => codec::from_payload(&bytes).map(Some).map_err(|e| e.to_string()),
            None => Ok(None),
        }
    }

    /// True when nothing at all is in it.
    pub fn is_empty(&self) -> Result<bool, Unusable> {
        contained("read", || Ok(self.db.is_empty()))
    }

    /// Hands out everything in it. Of rows whose bodies need not stay in memory only the first piece is read.
    pub fn load(&self, resident: Resident, visit: &mut dyn FnMut(Loaded)) -> Result<(), Unusable> {
        let mut rows = contained("read", || Ok(self.db.scan_prefix(b"r")))?;
        while let Some((key, value)) = contained("read", || rows.next().transpose())? {
            let key = key_of(&key)?;
            visit(match self.found(&key, &value, |kind| resident.keeps(kind))? {
                Ok(found) => Loaded::Row(found),
                Err(unknown) => Loaded::UnknownKind(unknown),
            });
        }
        Ok(())
    }

    /// Whole rows from one key to another, both included, at most so many.
    pub fn page(&self, from: &Key, to: &Key, limit: usize) -> Result<Vec<Found>, Unusable> {
        let range = row_key(from)..=row_key(to);
        let mut rows = contained("read", || Ok(self.db.range(range)))?;
        let mut page = Vec::with_capacity(limit);
        while page.len() < limit
            && let Some((key, value)) = contained("read", || rows.next().transpose())?
        {
            page.extend(self.found(&key_of(&key)?, &value, |_| true)?.ok());
        }
        Ok(page)
    }

    /// One row, whole.
    pub fn read(&self, key: &Key) -> Result<Option<Found>, Unusable> {
        match contained("read", || self.db.get(row_key(key)))? {
            Some(first) => Ok(self.found(key, &first, |_| true)?.ok()),
            None => Ok(None),
        }
    }

    /// A row from its first value. The inner error is the number of a kind this build does not know.
    fn found(&self, key: &Key, first: &[u8], whole: impl Fn(Kind) -> bool) -> Result<Result<Found, u16>, Unusable> {
        let bad = || format!("the row {key} is damaged");
        let (len, start) = first.split_first_chunk::<LENGTH>().ok_or_else(bad)?;
        let len = usize::try_from(u32::from_le_bytes(*len)).map_err(|_| bad())?;
        // Often the header is all that is wanted, and it is at the front.
        if let Some((head, body)) = head_of(start)
            && let Some(kind) = Kind::from_number(head.kind)
            && !whole(kind)
        {
            let beginning = body.get(..BEGINNING).unwrap_or(body);
            return Ok(Ok(found(key, kind, head, beginning)));
        }
        if start.len() == len {
            return opened(key, start);
        }
        let mut blob = start.to_vec();
        let mut n = 0_u16;
        while blob.len() < len {
            let piece = contained("read", || self.db.get(chunk_key(key, n)))?.ok_or_else(bad)?;
            blob.extend_from_slice(&piece);
            n += 1;
        }
        if blob.len() == len {
            opened(key, &blob)
        } else {
            Err(bad())
        }
    }

    /// Writes a group's rows in one batch with the number of its last commit.
    pub fn write<'a>(&self, group: impl IntoIterator<Item = &'a Staged>) -> Result<(), Unusable> {
        let mut batch = sled::Batch::default();
        let mut last: BTreeMap<&Key, Option<(&Row, Seq)>> = BTreeMap::new();
        let mut newest = None;
        for staged in group {
            let event = &staged.applied.event;
            for key in &staged.applied.del {
                last.insert(key, None);
            }
            for row in &staged.applied.put {
                last.insert(&row.key, Some((row, event.seq)));
            }
            newest = Some((staged.head, staged.epoch));
        }
        for (key, row) in last {
            self.put_row(&mut batch, key, row)?;
        }
        if let Some((Head { seq, hash }, epoch)) = newest {
            let store = self.store;
            let applied = Applied {
                store,
                seq,
                hash,
                epoch,
            };
            batch.insert(b"m", payload(&applied)?);
        }
        contained("write", || self.db.apply_batch(batch))
    }

    /// Writes rows as they stand, in one batch; `None` removes. Where the index stands is said afterwards
    /// ([`Self::mark`]), so a fill that is broken off begins again.
    pub fn fill(&self, rows: &[Laid]) -> Result<(), Unusable> {
        let mut batch = sled::Batch::default();
        for (key, saved) in rows {
            self.put_row(&mut batch, key, saved.as_ref().map(|s| (&s.row, s.seq)))?;
        }
        contained("write", || self.db.apply_batch(batch))
    }

    /// Says where it stands.
    pub fn mark(&self, applied: &Applied) -> Result<(), Unusable> {
        let value = payload(applied)?;
        contained("write", || self.db.insert(b"m", value)).map(|_| ())
    }

    fn put_row(&self, batch: &mut sled::Batch, key: &Key, row: Option<(&Row, Seq)>) -> Result<(), Unusable> {
        let mut pieces = 0_u16;
        if let Some((row, seq)) = row {
            let blob = blob_of(row, seq)?;
            let len = u32::try_from(blob.len()).map_err(|e| e.to_string())?;
            let (first, rest) = blob.split_at(blob.len().min(VALUE_MAX - LENGTH));
            batch.insert(row_key(key), [len.to_le_bytes().as_slice(), first].concat());
            for piece in rest.chunks(VALUE_MAX) {
                batch.insert(chunk_key(key, pieces), piece);
                pieces += 1;
            }
        } else {
            batch.remove(row_key(key));
        }
        // The row may have been longer before.
        while contained("read", || self.db.contains_key(chunk_key(key, pieces)))? {
            batch.remove(chunk_key(key, pieces));
            pieces += 1;
        }
        Ok(())
    }

    /// Hands dirty pages to the operating system.
    pub fn flush(&self) -> Result<(), Unusable> {
        contained("flush", || self.db.flush()).map(|_| ())
    }

    /// Hands what was flushed on to the disk. Nothing depends on it: a power cut may cost the index, which is built again;
    /// this keeps that rare.
    pub fn sync(&self) -> Result<(), Unusable> {
        let file = std::fs::File::open(self.dir.join(FILE));
        file.and_then(|f| f.sync_data())
            .map_err(|e| format!("sled's file cannot be synced: {e}"))
    }

    /// Length of the largest value, for the proof that none is above [`VALUE_MAX`].
    pub fn largest_value(&self) -> Result<usize, Unusable> {
        contained("read", || {
            self.db
                .iter()
                .try_fold(0, |max, entry| Ok(entry.map(|(_, value)| value.len())?.max(max)))
        })
    }
}

fn blob_of(row: &Row, seq: Seq) -> Result<Vec<u8>, Unusable> {
    let head = payload(&RowHead {
        version: row.version,
        seq,
        kind: row.kind.number(),
        columns: row.columns.clone(),
    })?;
    let head_len = u16::try_from(head.len()).map_err(|_| format!("the columns of {} are too long", row.key))?;
    let mut blob = Vec::with_capacity(2 + head.len() + row.body.len() + 4);
    blob.extend_from_slice(&head_len.to_le_bytes());
    blob.extend_from_slice(&head);
    blob.extend_from_slice(&row.body);
    blob.extend_from_slice(&crc32c::crc32c(&blob).to_le_bytes());
    Ok(blob)
}

fn head_of(blob: &[u8]) -> Option<(RowHead, &[u8])> {
    let (len, rest) = blob.split_first_chunk::<2>()?;
    let (head, body) = rest.split_at_checked(usize::from(u16::from_le_bytes(*len)))?;
    Some((codec::from_payload(head).ok()?, body))
}

/// A row from its whole blob. The inner error is the number of a kind this build does not know.
fn opened(key: &Key, blob: &[u8]) -> Result<Result<Found, u16>, Unusable> {
    let bad = || format!("the row {key} is damaged");
    let (rest, crc) = blob.split_last_chunk::<4>().ok_or_else(bad)?;
    if crc32c::crc32c(rest) != u32::from_le_bytes(*crc) {
        return Err(bad());
    }
    let (head, body) = head_of(rest).ok_or_else(bad)?;
    Ok(match Kind::from_number(head.kind) {
        Some(kind) => Ok(found(key, kind, head, body)),
        None => Err(head.kind),
    })
}

fn found(key: &Key, kind: Kind, head: RowHead, body: &[u8]) -> Found {
    Found {
        row: Row {
            key: key.clone(),
            kind,
            version: head.version,
            columns: head.columns,
            body: body.into(),
        },
        seq: head.seq,
    }
}

fn payload<T: Serialize>(value: &T) -> Result<Vec<u8>, Unusable> {
    codec::to_payload(value).map_err(|e| e.to_string())
}

fn row_key(key: &Key) -> Vec<u8> {
    [b"r", key.as_str().as_bytes()].concat()
}

fn key_of(bytes: &[u8]) -> Result<Key, Unusable> {
    let text = bytes.get(1..).and_then(|b| std::str::from_utf8(b).ok());
    text.map(Key::new).ok_or_else(|| "a row's key is no text".to_owned())
}

fn chunk_key(key: &Key, n: u16) -> Vec<u8> {
    [b"b", key.as_str().as_bytes(), &[0], &n.to_be_bytes()].concat()
}

fn remove_half_snapshots(dir: &Path) -> Result<(), Unusable> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Ok(()); // no index yet
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            std::fs::remove_file(entry.path()).map_err(|e| format!("cannot remove {name}: {e}"))?;
        }
    }
    Ok(())
}

/// Runs one call into sled; its errors and its panics both become words.
fn contained<T>(what: &str, call: impl FnOnce() -> sled::Result<T>) -> Result<T, Unusable> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(e)) => Err(format!("sled cannot {what}: {e}")),
        Err(panic) => Err(format!("sled panicked (to {what}): {}", words(&*panic))),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_panic_is_contained() {
        let answer = contained::<()>("test", || panic!("page {} is gone", 7));
        assert_eq!(answer, Err("sled panicked (to test): page 7 is gone".to_owned()));
    }
}
