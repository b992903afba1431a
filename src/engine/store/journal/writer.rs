//! Appends groups of commits, syncs them, and begins a new segment when one is full.
//!
//! Room is set aside when a segment is made, so that a full disk shows at rotation and not inside a group. The next
//! segment is set aside while the present one still has headroom: when that fails, people's commands are refused and
//! what is left is kept for the outcomes of calls that are already under way.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    catalog::Catalog,
    disk::{self, Disk, DiskFile},
    frame::{self, HEADER, Header},
    segment_path,
};
use crate::{
    engine::{
        model::{event::Seq, ids::StoreId},
        store::{Head, StoreError, core::Staged},
    },
    failpoint::crash_point,
};

/// Name of the room set aside for the next segment.
pub const NEXT: &str = "next.reserve";
/// A group is never larger than this in all.
pub const GROUP_BYTES: usize = 1 << 20;

/// Why a group was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// No room; nothing of the group is left in the file.
    Full(String),
    /// Nobody knows what is on the disk now; nothing may be written any more.
    Broken(String),
}

/// The end of the journal.
pub struct Writer {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    catalog: Arc<Catalog>,
    store: StoreId,
    segment_bytes: u64,
    file: Box<dyn DiskFile>,
    /// Offset after the last durable record.
    end: u64,
    head: Head,
    /// The bytes of a group on their way to the file.
    buffer: Vec<u8>,
    next: Option<Box<dyn DiskFile>>,
    /// Why the next segment cannot be set aside.
    short: Option<String>,
    /// A segment was begun since somebody asked.
    began: bool,
}

/// What a writer is opened with.
pub struct At {
    /// The newest segment, open for writing.
    pub file: Box<dyn DiskFile>,
    /// Offset after its last good record.
    pub end: u64,
    /// The end of the chain there.
    pub head: Head,
}

impl Writer {
    /// A writer that goes on at the end of a journal, or begins one when `at` is `None`.
    pub fn open(
        disk: Arc<dyn Disk>,
        dir: PathBuf,
        catalog: Arc<Catalog>,
        store: StoreId,
        segment_bytes: u64,
        at: Option<At>,
    ) -> Result<Self, WriteError> {
        let (file, end, head) = if let Some(at) = at {
            (at.file, at.end, at.head)
        } else {
            let head = Head::default();
            let room = set_aside(&*disk, &dir, segment_bytes)
                .map_err(|e| WriteError::Full(format!("cannot begin a journal in {}: {e}", dir.display())))?;
            begin_segment(&*disk, &dir, &catalog, store, head, &*room)?;
            (room, HEADER as u64, head)
        };
        Ok(Self {
            disk,
            dir,
            catalog,
            store,
            segment_bytes,
            file,
            end,
            head,
            buffer: Vec::new(),
            next: None,
            short: None,
            began: false,
        })
    }

    /// Makes sure a group can be written, and says at which offset it will start.
    pub fn prepare(&mut self) -> Result<u64, WriteError> {
        let headroom = (self.segment_bytes / 8).min(8 << 20);
        if self.next.is_none() && self.end.saturating_add(headroom) >= self.segment_bytes {
            match set_aside(&*self.disk, &self.dir, self.segment_bytes) {
                Ok(file) => (self.next, self.short) = (Some(file), None),
                Err(e) => {
                    let free = self.disk.free(&self.dir).unwrap_or(0);
                    self.short = Some(format!(
                        "the next {} bytes of journal cannot be set aside in {} ({e}; {free} bytes are free); make room",
                        self.segment_bytes,
                        self.dir.display()
                    ));
                }
            }
        }
        if self.end >= self.segment_bytes
            && let Some(next) = self.next.take()
        {
            match begin_segment(&*self.disk, &self.dir, &self.catalog, self.store, self.head, &*next) {
                Ok(()) => (self.file, self.end, self.began) = (next, HEADER as u64, true),
                // The present segment goes on past its usual end: better than to refuse the outcome of a call.
                Err(WriteError::Full(why)) => self.short = Some(why),
                Err(e) => return Err(e),
            }
        }
        Ok(self.end)
    }

    /// True once after each new segment: the one before it will not change any more.
    pub fn took_new_segment(&mut self) -> bool {
        std::mem::take(&mut self.began)
    }

    /// Why people's commands must wait, if the disk is nearly full. As found by [`Self::prepare`].
    pub fn short(&self) -> Option<&str> {
        self.short.as_deref()
    }

    /// Appends a group and syncs it.
    pub fn append(&mut self, group: &[Staged]) -> Result<(), WriteError> {
        // One buffer for all groups: making and giving back a large one each time costs more than filling it.
        let mut bytes = std::mem::take(&mut self.buffer);
        bytes.clear();
        let mut places = Vec::with_capacity(group.len());
        for staged in group {
            places.push((staged.head.seq, self.end + bytes.len() as u64));
            frame::put_frame(&mut bytes, staged.head.seq, &staged.payload);
        }
        crash_point!(cp10_half_appended => {
            let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
            let _ = disk::write_all(&*self.file, half, self.end);
            std::process::abort();
        });
        let written = disk::write_all(&*self.file, &bytes, self.end);
        let len = bytes.len() as u64;
        self.buffer = bytes;
        if let Err(e) = written {
            return Err(self.take_back(&e));
        }
        crash_point!(cp02_append_sync, broken("sync", &io::Error::other("told to fail")));
        self.file.sync_data().map_err(|e| broken("sync", &e))?;
        for (seq, offset) in places {
            self.catalog.note(seq, offset);
        }
        self.end += len;
        self.head = group.last().map_or(self.head, |s| s.head);
        Ok(())
    }

    /// Removes what a failed write left behind.
    fn take_back(&self, e: &io::Error) -> WriteError {
        if !disk::is_full(e) {
            return broken("write", e);
        }
        let undone = self.file.set_len(self.end).and_then(|()| self.file.sync_data());
        if let Err(undo) = undone {
            return broken("take back an unfinished write", &undo);
        }
        // Cutting may have given the reserved room away; a file system that cannot reserve is no worse off.
        let _ = self.file.reserve(self.segment_bytes);
        let free = self.disk.free(&self.dir).unwrap_or(0);
        WriteError::Full(format!(
            "no room for the journal in {} ({free} bytes are free); nothing was done, make room and try again",
            self.dir.display()
        ))
    }
}

fn broken(what: &str, e: &io::Error) -> WriteError {
    WriteError::Broken(format!("the disk failed to {what} the journal: {e}"))
}

/// Makes the file of the next segment under a name that is no segment's.
fn set_aside(disk: &dyn Disk, dir: &std::path::Path, segment_bytes: u64) -> io::Result<Box<dyn DiskFile>> {
    let path = dir.join(NEXT);
    let file = disk.create(&path)?;
    loop {
        match file.reserve(segment_bytes + GROUP_BYTES as u64) {
            Ok(()) => return Ok(file),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                // A file without its room is no use, and one left behind is made anew at the next try.
                let _ = disk.remove(&path);
                return Err(e);
            }
        }
    }
}

/// Turns the room set aside into the segment after `head`.
fn begin_segment(
    disk: &dyn Disk,
    dir: &std::path::Path,
    catalog: &Catalog,
    store: StoreId,
    head: Head,
    file: &dyn DiskFile,
) -> Result<(), WriteError> {
    let first = Seq(head.seq.0 + 1);
    let path = segment_path(dir, first);
    let header = Header {
        store,
        first,
        prev: head.hash,
    };
    disk::write_all(file, &header.to_bytes(), 0).map_err(|e| {
        if disk::is_full(&e) {
            WriteError::Full(format!("no room for the next segment in {}: {e}", dir.display()))
        } else {
            broken("begin a segment of", &e)
        }
    })?;
    let begun = |done: io::Result<()>| done.map_err(|e| broken("begin a segment of", &e));
    begun(file.sync_all())?;
    crash_point!(cp15_rotate);
    begun(disk.rename(&dir.join(NEXT), &path))?;
    crash_point!(cp15_rotate);
    begun(disk.sync_dir(dir))?;
    crash_point!(cp15_rotate);
    catalog.begin(first, path);
    Ok(())
}

impl From<WriteError> for StoreError {
    fn from(e: WriteError) -> Self {
        match e {
            WriteError::Full(why) => Self::DiskFull(why),
            WriteError::Broken(why) => Self::ReadOnly(why),
        }
    }
}
