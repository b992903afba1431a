//! Where a commit is: segments by first number, and inside each an offset for every 64th commit.
//!
//! Shared by the writer, which adds, and by every reader. Offsets of segments that were not read at start are found on
//! the first use. Readers ask only for commits up to the head, which are durable and whole.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    damaged,
    disk::{self, Disk, DiskFile},
    frame::{self, FRAME_HEAD, HEADER},
    io_error,
    record::{self, RECORD_MAX, Record},
};
use crate::engine::{
    model::event::{Event, Seq},
    store::{Key, Row, StoreError},
};

/// One offset is kept for this many commits.
const EVERY: u64 = 64;
/// Commits read at once while an earlier form of a row is looked for, newest first.
const BACK_STEP: u64 = 512;
/// Commits looked back for it.
const BACK_MAX: u64 = 200_000;
/// Read ahead by this much.
const AHEAD: usize = 128 * 1024;

#[derive(Debug)]
struct Segment {
    first: Seq,
    path: PathBuf,
    /// Offsets of commits `first`, `first + EVERY`, ...; `None` = not looked at yet.
    marks: Option<Vec<u64>>,
}

/// The places of all commits.
#[derive(Debug)]
pub struct Catalog {
    disk: Arc<dyn Disk>,
    segments: Mutex<Vec<Segment>>,
}

impl Catalog {
    /// Of segments whose records are not known yet.
    pub fn new(disk: Arc<dyn Disk>, segments: &[(Seq, PathBuf)]) -> Self {
        let segments = segments
            .iter()
            .map(|(first, path)| Segment {
                first: *first,
                path: path.clone(),
                marks: None,
            })
            .collect();
        Self {
            disk,
            segments: Mutex::new(segments),
        }
    }

    fn segments(&self) -> MutexGuard<'_, Vec<Segment>> {
        // Entries are only ever added whole.
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new segment, empty.
    pub fn begin(&self, first: Seq, path: PathBuf) {
        let marks = Some(Vec::new());
        self.segments().push(Segment { first, path, marks });
    }

    /// A commit written to the newest segment, or met while that is read from its start.
    pub fn note(&self, seq: Seq, offset: u64) {
        if let Some(s) = self.segments().iter_mut().rev().find(|s| s.first <= seq)
            && (seq.0 - s.first.0).is_multiple_of(EVERY)
        {
            let marks = s.marks.get_or_insert_default();
            if marks.len() as u64 == (seq.0 - s.first.0) / EVERY {
                marks.push(offset);
            }
        }
    }

    /// Calls `visit` for commits after `after` up to `to`, in order, until it says stop.
    pub fn walk(&self, after: Seq, to: Seq, visit: &mut dyn FnMut(Seq, Record) -> bool) -> Result<(), StoreError> {
        let mut next = Seq(after.0 + 1);
        while next <= to {
            let Some(mut reader) = self.reader(next)? else {
                return Err(StoreError::Damaged(format!("no journal segment holds commit {next}")));
            };
            let mut any = false;
            while next <= to {
                let Some(payload) = reader.payload(next)? else { break };
                let record = record::decode(next, &payload)
                    .map_err(|e| damaged(&reader.path, reader.at, next, &e.to_string()))?;
                if !visit(next, record) {
                    return Ok(());
                }
                any = true;
                next.0 += 1;
            }
            if !any {
                return Err(damaged(&reader.path, reader.at, next, "the segment ends before it"));
            }
        }
        Ok(())
    }

    /// One commit.
    pub fn record(&self, seq: Seq) -> Result<Option<Record>, StoreError> {
        let mut found = None;
        self.walk(Seq(seq.0.saturating_sub(1)), seq, &mut |_, r| {
            found = Some(r);
            false
        })?;
        Ok(found)
    }

    /// A row as the newest commit up to `up_to` wrote it. Reads back in steps, a bounded way.
    pub fn written(&self, key: &Key, up_to: Seq) -> Result<Option<(Seq, Row)>, StoreError> {
        let mut end = up_to;
        let last = up_to.0.saturating_sub(BACK_MAX);
        while end.0 > last {
            let start = Seq(end.0.saturating_sub(BACK_STEP).max(last));
            let mut found = None;
            self.walk(start, end, &mut |seq, r| {
                if let Some(row) = r.applied.put.into_iter().find(|row| row.key == *key) {
                    found = Some((seq, row));
                }
                true
            })?;
            if found.is_some() {
                return Ok(found);
            }
            end = start;
        }
        Ok(None)
    }

    /// Events after a number, at most `limit`, up to `head`.
    pub fn events(&self, after: Seq, limit: usize, head: Seq) -> Result<Vec<Event>, StoreError> {
        let to = Seq(head.0.min(after.0.saturating_add(limit as u64)));
        let mut out = Vec::new();
        self.walk(after, to, &mut |_, r| {
            out.push(Arc::unwrap_or_clone(r.applied.event));
            true
        })?;
        Ok(out)
    }

    /// A reader that stands at a commit. `None` when no segment can hold it.
    fn reader(&self, seq: Seq) -> Result<Option<Reader>, StoreError> {
        let (first, path, marks) = {
            let segments = self.segments();
            let Some(s) = segments.iter().rev().find(|s| s.first <= seq) else {
                return Ok(None);
            };
            (s.first, s.path.clone(), s.marks.is_some())
        };
        let file = self.disk.open(&path, false).map_err(|e| io_error("read", &path, &e))?;
        let mut reader = Reader {
            file,
            path,
            at: HEADER as u64,
            buf: Vec::new(),
            buf_at: 0,
        };
        if !marks {
            self.mark_all(first, &mut reader)?;
        }
        let (from, offset) = self.mark_before(first, seq);
        reader.at = offset;
        for skipped in from.0..seq.0 {
            if reader.skip(Seq(skipped))?.is_none() {
                break;
            }
        }
        Ok(Some(reader))
    }

    fn mark_before(&self, first: Seq, seq: Seq) -> (Seq, u64) {
        let segments = self.segments();
        let marks = segments
            .iter()
            .find(|s| s.first == first)
            .and_then(|s| s.marks.as_deref());
        let marks = marks.unwrap_or_default();
        let wanted = usize::try_from((seq.0 - first.0) / EVERY).unwrap_or(usize::MAX);
        let at = wanted.min(marks.len().saturating_sub(1));
        match marks.get(at) {
            Some(offset) => (Seq(first.0 + at as u64 * EVERY), *offset),
            None => (first, HEADER as u64),
        }
    }

    /// Walks a closed segment once for its offsets.
    fn mark_all(&self, first: Seq, reader: &mut Reader) -> Result<(), StoreError> {
        let mut marks = Vec::new();
        let mut seq = first;
        loop {
            let offset = reader.at;
            if reader.skip(seq)?.is_none() {
                break;
            }
            if (seq.0 - first.0).is_multiple_of(EVERY) {
                marks.push(offset);
            }
            seq.0 += 1;
        }
        if let Some(s) = self.segments().iter_mut().find(|s| s.first == first) {
            s.marks = Some(marks);
        }
        Ok(())
    }
}

/// Reads frames one after the other.
struct Reader {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    at: u64,
    buf: Vec<u8>,
    buf_at: u64,
}

impl Reader {
    /// At least `len` bytes from where it stands, or what there is.
    fn bytes(&mut self, len: usize) -> Result<&[u8], StoreError> {
        let start = usize::try_from(self.at.wrapping_sub(self.buf_at)).unwrap_or(usize::MAX);
        let have = self.buf.len().checked_sub(start).is_some_and(|n| n >= len);
        if !have || self.at < self.buf_at {
            self.buf =
                disk::read_some(&*self.file, self.at, len.max(AHEAD)).map_err(|e| io_error("read", &self.path, &e))?;
            self.buf_at = self.at;
        }
        let start = usize::try_from(self.at - self.buf_at).unwrap_or(usize::MAX);
        Ok(self.buf.get(start..).unwrap_or_default())
    }

    /// Steps over a frame by its length; `None` at the end or where another number stands.
    fn skip(&mut self, seq: Seq) -> Result<Option<()>, StoreError> {
        let Some((len, found, _)) = frame::peek(self.bytes(FRAME_HEAD)?) else {
            return Ok(None);
        };
        if found != seq || len == 0 || len > RECORD_MAX {
            return Ok(None);
        }
        self.at += (FRAME_HEAD + len) as u64;
        Ok(Some(()))
    }

    /// The payload of the frame it stands at, checked, and steps over it. `None` at the end of the segment.
    fn payload(&mut self, seq: Seq) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((len, found, _)) = frame::peek(self.bytes(FRAME_HEAD)?) else {
            return Ok(None);
        };
        if found != seq {
            return Ok(None);
        }
        let (at, path) = (self.at, self.path.clone());
        let frame = frame::frame(self.bytes(FRAME_HEAD.saturating_add(len.min(RECORD_MAX)))?)
            .map_err(|why| damaged(&path, at, seq, why))?;
        let payload = frame.payload.to_vec();
        self.at += (FRAME_HEAD + payload.len()) as u64;
        Ok(Some(payload))
    }
}
