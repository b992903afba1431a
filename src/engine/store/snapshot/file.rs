//! The bytes of a snapshot: written front to back, checked whole before a byte of it is believed.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{UNFINISHED, path};
use crate::engine::{
    model::{event::Seq, ids::StoreId, json::Sha},
    store::{
        Columns, Head, Key, Kind, Row, codec,
        journal::disk::{self, Disk, DiskFile},
    },
};

/// The newest format this build writes and reads.
const FORMAT: u16 = 1;
const MAGIC: [u8; 8] = *b"OMNISNAP";
/// Length of the header.
const HEADER: usize = 78;
/// Length of the end: a length of zero, the count, the sum.
const END: usize = 4 + 8 + 32;
/// Bytes before an entry's payload.
const ENTRY_HEAD: usize = 8;
/// Longest payload: a row is never longer than the record that wrote it, give or take its header.
const ENTRY_MAX: usize = 128 * 1024;
/// Written and read in pieces of this size.
const PIECE: usize = 1 << 20;

/// Where a snapshot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The store it is of.
    pub store: StoreId,
    /// The newest commit in it and the end of the chain there.
    pub head: Head,
    /// The newest engine start known there.
    pub epoch: u64,
}

/// A row and the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedRow {
    /// The row.
    pub row: Row,
    /// The commit.
    pub seq: Seq,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A row.
    Row(SavedRow),
    /// A row of a kind this build does not know.
    UnknownKind(u16),
}

/// A row as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    key: Cow<'a, Key>,
    kind: u16,
    version: u64,
    seq: Seq,
    columns: Cow<'a, Columns>,
    #[serde(with = "bytes")]
    body: Cow<'a, [u8]>,
}

/// A body as one block instead of a list of numbers.
mod bytes {
    use std::borrow::Cow;

    use serde::{Deserializer, Serializer, de::Visitor};

    #[expect(clippy::ptr_arg, reason = "serde hands the field over as it is")]
    pub(super) fn serialize<S: Serializer>(body: &Cow<'_, [u8]>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(body)
    }

    pub(super) fn deserialize<'de, 'a, D: Deserializer<'de>>(d: D) -> Result<Cow<'a, [u8]>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, v: &[u8]) -> Result<Vec<u8>, E> {
                Ok(v.to_vec())
            }
            fn visit_byte_buf<E>(self, v: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(v)
            }
        }
        d.deserialize_byte_buf(Bytes).map(Cow::Owned)
    }
}

impl Stand {
    fn to_bytes(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(self.store.uuid().as_bytes());
        out.extend_from_slice(&self.head.seq.0.to_le_bytes());
        out.extend_from_slice(&self.head.hash.0);
        out.extend_from_slice(&self.epoch.to_le_bytes());
        out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
        out
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (body, crc) = bytes.split_last_chunk::<4>()?;
        let (magic, rest) = body.split_first_chunk::<8>()?;
        let (format, rest) = rest.split_first_chunk::<2>()?;
        let (store, rest) = rest.split_first_chunk::<16>()?;
        let (seq, rest) = rest.split_first_chunk::<8>()?;
        let (hash, rest) = rest.split_first_chunk::<32>()?;
        let (epoch, _) = rest.split_first_chunk::<8>()?;
        let good = *magic == MAGIC
            && u16::from_le_bytes(*format) == FORMAT
            && crc32c::crc32c(body) == u32::from_le_bytes(*crc);
        good.then_some(Self {
            store: StoreId::new(Uuid::from_bytes(*store)),
            head: Head {
                seq: Seq(u64::from_le_bytes(*seq)),
                hash: Sha(*hash),
            },
            epoch: u64::from_le_bytes(*epoch),
        })
    }
}

/// Writes one snapshot. Dropped before [`Writer::finish`] it leaves an unfinished file, which is removed at the next
/// chance and never read.
pub struct Writer<'d> {
    disk: &'d dyn Disk,
    dir: PathBuf,
    unfinished: PathBuf,
    seq: Seq,
    file: Box<dyn DiskFile>,
    buf: Vec<u8>,
    at: u64,
    sum: Sha256,
    entries: u64,
}

impl<'d> Writer<'d> {
    /// Begins one in a directory, which is made if need be.
    pub fn begin(disk: &'d dyn Disk, dir: &Path, stand: Stand) -> io::Result<Self> {
        disk.create_dir(dir)?;
        let seq = stand.head.seq;
        let unfinished = dir.join(format!("{:020}{UNFINISHED}", seq.0));
        Ok(Self {
            disk,
            dir: dir.to_owned(),
            file: disk.create(&unfinished)?,
            unfinished,
            seq,
            buf: stand.to_bytes(),
            at: 0,
            sum: Sha256::new(),
            entries: 0,
        })
    }

    /// Adds a row. Rows come in key order.
    pub fn row(&mut self, row: &Row, seq: Seq) -> io::Result<()> {
        let entry = Stored {
            key: Cow::Borrowed(&row.key),
            kind: row.kind.number(),
            version: row.version,
            seq,
            columns: Cow::Borrowed(&row.columns),
            body: Cow::Borrowed(&row.body),
        };
        let payload = codec::to_payload(&entry).map_err(io::Error::other)?;
        let len = u32::try_from(payload.len()).map_err(io::Error::other)?;
        self.buf.extend_from_slice(&len.to_le_bytes());
        self.buf.extend_from_slice(&crc32c::crc32c(&payload).to_le_bytes());
        self.buf.extend_from_slice(&payload);
        self.entries += 1;
        if self.buf.len() >= PIECE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sum.update(&self.buf);
        disk::write_all(&*self.file, &self.buf, self.at)?;
        self.at += self.buf.len() as u64;
        self.buf.clear();
        Ok(())
    }

    /// Ends it, makes it durable and gives it its name.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.buf.extend_from_slice(&0_u32.to_le_bytes());
        self.buf.extend_from_slice(&self.entries.to_le_bytes());
        self.flush()?;
        let sum = self.sum.finalize();
        disk::write_all(&*self.file, &sum, self.at)?;
        self.file.sync_all()?;
        let path = path(&self.dir, self.seq);
        self.disk.rename(&self.unfinished, &path)?;
        self.disk.sync_dir(&self.dir)?;
        if let Some(store) = self.dir.parent() {
            self.disk.sync_dir(store)?;
        }
        Ok(path)
    }
}

/// A snapshot that was checked from its first byte to its sum.
#[derive(Debug)]
pub struct Snapshot {
    path: PathBuf,
    stand: Stand,
    entries: u64,
}

impl Snapshot {
    /// Reads all of it and believes it only when every sum fits. Inside the error: what is wrong, without the path.
    pub fn check(disk: &dyn Disk, path: &Path) -> Result<Self, String> {
        let file = disk.open(path, false).map_err(|e| format!("it cannot be read: {e}"))?;
        let size = file.size().map_err(|e| format!("it cannot be read: {e}"))?;
        let read = |at, len| disk::read_some(&*file, at, len).map_err(|e| format!("it cannot be read: {e}"));
        let stand = Stand::parse(&read(0, HEADER)?).ok_or("its header is damaged, or another build wrote it")?;
        let end = size
            .checked_sub(END as u64)
            .filter(|e| *e >= HEADER as u64)
            .ok_or("it is too short")?;
        let mut sum = Sha256::new();
        let summed = end + (END - 32) as u64;
        let mut at = 0;
        while at < summed {
            let len = usize::try_from(summed - at).unwrap_or(PIECE).min(PIECE);
            let piece = read(at, len)?;
            if piece.is_empty() {
                return Err("it ends too early".to_owned());
            }
            at += piece.len() as u64;
            sum.update(&piece);
        }
        let tail = read(end, END)?;
        let entries = tail
            .split_first_chunk::<4>()
            .filter(|(zero, _)| **zero == [0; 4])
            .and_then(|(_, rest)| rest.split_first_chunk::<8>())
            .filter(|(_, sum_found)| *sum_found == sum.finalize().as_slice())
            .map(|(count, _)| u64::from_le_bytes(*count));
        Ok(Self {
            path: path.to_owned(),
            stand,
            entries: entries.ok_or("its checksum does not fit")?,
        })
    }

    /// Where it stands.
    pub const fn stand(&self) -> Stand {
        self.stand
    }

    /// How many rows it holds.
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its entries, in order. They may still fail: somebody may change the file meanwhile.
    pub fn read(&self, disk: &dyn Disk) -> Result<Entries, String> {
        let file = disk.open(&self.path, false).map_err(|e| e.to_string())?;
        Ok(Entries {
            file,
            buf: Vec::new(),
            start: 0,
            at: HEADER as u64,
            left: self.entries,
        })
    }
}

/// Entries of a snapshot, one by one.
pub struct Entries {
    file: Box<dyn DiskFile>,
    buf: Vec<u8>,
    /// Where in `buf` the next entry starts.
    start: usize,
    /// Where in the file `buf` ends.
    at: u64,
    left: u64,
}

impl Entries {
    fn need(&mut self, len: usize) -> Result<&[u8], String> {
        if self.buf.len() - self.start < len {
            self.buf.drain(..self.start);
            self.start = 0;
            let more = disk::read_some(&*self.file, self.at, PIECE.max(len)).map_err(|e| e.to_string())?;
            self.at += more.len() as u64;
            self.buf.extend_from_slice(&more);
        }
        self.buf
            .get(self.start..self.start + len)
            .ok_or_else(|| "it ends inside an entry".to_owned())
    }

    fn read_one(&mut self) -> Result<Entry, String> {
        let head = self.need(ENTRY_HEAD)?;
        let (len, crc) = head.split_first_chunk::<4>().ok_or("it ends inside an entry")?;
        let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
        let crc = u32::from_le_bytes(crc.try_into().map_err(|_| "it ends inside an entry")?);
        if len == 0 || len > ENTRY_MAX {
            return Err("an entry's length makes no sense".to_owned());
        }
        self.start += ENTRY_HEAD;
        let payload = self.need(len)?;
        if crc32c::crc32c(payload) != crc {
            return Err("an entry's checksum does not fit".to_owned());
        }
        let stored: Stored<'_> = codec::from_payload(payload).map_err(|e| e.to_string())?;
        let entry = match Kind::from_number(stored.kind) {
            None => Entry::UnknownKind(stored.kind),
            Some(kind) => Entry::Row(SavedRow {
                row: Row {
                    key: stored.key.into_owned(),
                    kind,
                    version: stored.version,
                    columns: stored.columns.into_owned(),
                    body: stored.body.into(),
                },
                seq: stored.seq,
            }),
        };
        self.start += len;
        self.left -= 1;
        Ok(entry)
    }
}

impl Iterator for Entries {
    type Item = Result<Entry, String>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.left > 0).then(|| self.read_one().inspect_err(|_| self.left = 0))
    }
}
