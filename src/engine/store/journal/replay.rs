//! The journal as it is found at start: its segments, its end, and its records from any commit on.
//!
//! Only the newest segment is read at once: older ones were whole when it was begun, and are read when something after
//! an older commit is asked for, or by a check of the whole store.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    catalog::Catalog,
    commands::Carried,
    damaged,
    disk::{self, Disk, DiskFile},
    frame::{self, FRAME_HEAD, HEADER, Header, HeaderError},
    io_error,
    record::{self, RECORD_MAX, Record},
    scan::{self, Fault, Scanned, Walk},
};
use crate::engine::{
    model::{event::Seq, ids::StoreId},
    store::{Head, StoreError},
};

/// Read at once when one record is wanted: most are shorter.
const USUAL: usize = 8 * 1024;

/// The journal on disk.
pub struct Journal {
    /// The store it belongs to.
    pub store: StoreId,
    disk: Arc<dyn Disk>,
    segments: Vec<(PathBuf, Header)>,
    last: Option<Walk>,
    torn: Option<u64>,
    /// Commands of the newest segment.
    newest: Vec<Carried>,
}

/// A segment's header, or in words why it has none.
pub fn header(disk: &dyn Disk, path: &Path) -> Result<Header, StoreError> {
    let file = disk.open(path, false).map_err(|e| io_error("read", path, &e))?;
    let bytes = disk::read_some(&*file, 0, HEADER).map_err(|e| io_error("read", path, &e))?;
    Header::parse(&bytes).map_err(|e| match e {
        HeaderError::Bad(why) => damaged(path, 0, Seq(0), why),
        HeaderError::TooNew(format) => StoreError::ReadOnly(format!(
            "{} has journal format {format}, which this build ({}) does not know; install the build that wrote it",
            path.display(),
            env!("CARGO_PKG_VERSION")
        )),
    })
}

/// A record of a newer build stops reading: to go on would be to guess.
fn newer(path: &Path, at: u64, seq: Seq, why: &str) -> StoreError {
    StoreError::ReadOnly(format!(
        "{}, byte {at}, commit {seq}: {why}; install the build that wrote it, or a newer one",
        path.display()
    ))
}

impl Journal {
    /// Reads the headers of segments that are all closed: nothing of them is an end that may be unfinished.
    pub fn closed(disk: Arc<dyn Disk>, found: Vec<(Seq, PathBuf)>, store: StoreId) -> Result<Self, StoreError> {
        let mut segments: Vec<(PathBuf, Header)> = Vec::with_capacity(found.len());
        for (first, path) in found {
            let header = header(&*disk, &path)?;
            if header.first != first {
                return Err(damaged(&path, 0, first, "its name and its header do not agree"));
            }
            if header.store != store {
                return Err(damaged(&path, 0, first, "it belongs to another store"));
            }
            segments.push((path, header));
        }
        if let Some((path, header)) = segments.first()
            && header.first != Seq(1)
        {
            return Err(damaged(path, 0, Seq(1), "the segments before it are missing"));
        }
        Ok(Self {
            store,
            disk,
            segments,
            last: None,
            torn: None,
            newest: Vec::new(),
        })
    }

    /// Reads headers and the newest segment, whose offsets go into the catalog. Changes nothing.
    pub fn read(
        disk: Arc<dyn Disk>,
        found: Vec<(Seq, PathBuf)>,
        store: StoreId,
        catalog: &Catalog,
    ) -> Result<Self, StoreError> {
        let mut journal = Self::closed(disk, found, store)?;
        if let Some((path, header)) = journal.segments.last() {
            let bytes = disk::read_all(&*journal.disk, path).map_err(|e| io_error("read", path, &e))?;
            let newest = &mut journal.newest;
            let walk = scan::walk(&bytes, before(header), &mut |s| {
                catalog.note(s.head.seq, s.offset);
                newest.push(Carried::of(&s.record));
                Ok(())
            })?;
            journal.torn = judge_end(path, &bytes, &walk)?;
            journal.last = Some(walk);
        }
        Ok(journal)
    }

    /// The newest segment and its end; `None` while there is none.
    pub fn last(&self) -> Option<(&PathBuf, &Walk)> {
        Some((&self.segments.last()?.0, self.last.as_ref()?))
    }

    /// Segments in order, with their headers.
    pub fn segments(&self) -> &[(PathBuf, Header)] {
        &self.segments
    }

    /// Commands of the newest segment, in order, for whoever takes them first.
    pub fn take_newest_commands(&mut self) -> Vec<Carried> {
        std::mem::take(&mut self.newest)
    }

    /// The disk it lies on.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// The end of the chain.
    pub fn head(&self) -> Head {
        self.last.as_ref().map_or_else(Head::default, |w| w.head)
    }

    /// Bytes of an unfinished write at the end, if there are any.
    pub const fn torn(&self) -> Option<u64> {
        self.torn
    }
}

/// Where the chain stands before a segment.
pub fn before(header: &Header) -> Head {
    Head {
        seq: Seq(header.first.0.saturating_sub(1)),
        hash: header.prev,
    }
}

/// Judges the end of the newest segment: bytes of an unfinished write, or damage.
pub fn judge_end(path: &Path, bytes: &[u8], walk: &Walk) -> Result<Option<u64>, StoreError> {
    let seq = Seq(walk.head.seq.0 + 1);
    match &walk.fault {
        None => Ok(None),
        Some(Fault::Broken(why)) => Err(damaged(path, walk.end, seq, why)),
        Some(Fault::TooNew(why)) => Err(newer(path, walk.end, seq, why)),
        Some(Fault::Torn(why)) => match scan::synced_after(bytes, walk.end, seq) {
            Some(later) => {
                let why = format!("{why}, and byte {later} proves that it was whole once");
                Err(damaged(path, walk.end, seq, &why))
            }
            None => Ok(Some((bytes.len() as u64).saturating_sub(walk.end))),
        },
    }
}

/// The segment that holds what comes after a commit.
pub fn starting(journal: &Journal, from: Head) -> usize {
    let after = journal.segments.partition_point(|(_, h)| h.first.0 <= from.seq.0 + 1);
    after.saturating_sub(1)
}

/// A segment that was walked.
pub struct Part {
    walk: Walk,
    /// It was seen to continue what was asked for.
    pub continues: bool,
}

impl Part {
    /// The end of the chain after the segment, which must be whole as far as it goes.
    pub fn whole(&self, journal: &Journal, i: usize) -> Result<Head, StoreError> {
        let Some((path, _)) = journal.segments.get(i) else {
            return Ok(self.walk.head);
        };
        let newest = journal.last.is_some() && i + 1 == journal.segments.len();
        let (end, seq) = (self.walk.end, Seq(self.walk.head.seq.0 + 1));
        match &self.walk.fault {
            None => Ok(self.walk.head),
            Some(Fault::Torn(_)) if newest => Ok(self.walk.head), // judged when the journal was read
            Some(Fault::Torn(why)) => Err(damaged(path, end, seq, why)),
            Some(Fault::Broken(why)) => Err(damaged(path, end, seq, why)),
            Some(Fault::TooNew(why)) => Err(newer(path, end, seq, why)),
        }
    }
}

/// A segment continues the one before it, which ended there.
pub fn continued(journal: &Journal, i: usize, ended: Option<Head>) -> Result<(), StoreError> {
    match (journal.segments.get(i), ended) {
        (Some((path, header)), Some(ended)) if before(header) != ended => Err(damaged(
            path,
            0,
            Seq(ended.seq.0 + 1),
            "it does not continue the segment before it",
        )),
        _ => Ok(()),
    }
}

/// Hands out the records of one segment after `from`, until `visit` answers false. `continues`: the segments before it
/// were seen to continue `from`. Segments know how the chain stands before them, so they can be walked in any order.
pub fn segment(
    journal: &Journal,
    i: usize,
    from: Head,
    continues: bool,
    visit: &mut dyn FnMut(Scanned) -> bool,
) -> Result<Part, StoreError> {
    let missing = || StoreError::Damaged(format!("the journal has no segment {i}"));
    let (path, header) = journal.segments.get(i).ok_or_else(missing)?;
    let start = before(header);
    let mut continues = continues || start == from;
    let mut go_on = true;
    let bytes = disk::read_all(&*journal.disk, path).map_err(|e| io_error("read", path, &e))?;
    let walk = scan::walk(&bytes, start, &mut |scanned| {
        if scanned.head.seq > from.seq {
            go_on = go_on && continues && visit(scanned);
        } else {
            continues |= scanned.head == from;
        }
        Ok(())
    })?;
    Ok(Part { walk, continues })
}

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Number of its segment in the journal.
    pub segment: u32,
    /// Where its frame starts.
    pub offset: u64,
    /// Its commit.
    pub seq: Seq,
}

/// Reads single records of a journal by place.
pub struct Records<'j> {
    journal: &'j Journal,
    open: HashMap<u32, Box<dyn DiskFile>>,
}

impl<'j> Records<'j> {
    /// Of this journal.
    pub fn of(journal: &'j Journal) -> Self {
        Self {
            journal,
            open: HashMap::new(),
        }
    }

    /// The record at a place.
    pub fn read(&mut self, at: At) -> Result<Record, StoreError> {
        let number = usize::try_from(at.segment).unwrap_or(usize::MAX);
        let segment = self.journal.segments.get(number);
        let (path, _) = segment.ok_or_else(|| StoreError::Damaged(format!("no segment holds commit {}", at.seq)))?;
        let failed = |e| io_error("read", path, &e);
        let file = match self.open.entry(at.segment) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(new) => new.insert(self.journal.disk.open(path, false).map_err(failed)?),
        };
        let mut bytes = disk::read_some(&**file, at.offset, USUAL).map_err(failed)?;
        let whole = frame::peek(&bytes).map_or(0, |(len, ..)| FRAME_HEAD.saturating_add(len.min(RECORD_MAX)));
        if whole > bytes.len() {
            bytes = disk::read_some(&**file, at.offset, whole).map_err(failed)?;
        }
        let bad = |why: &str| damaged(path, at.offset, at.seq, why);
        let frame = frame::frame(&bytes).map_err(bad)?;
        record::decode(at.seq, frame.payload).map_err(|e| bad(&e.to_string()))
    }
}
