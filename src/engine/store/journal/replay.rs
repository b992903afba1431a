//! The journal as it is found at start: its segments, its end, and its records from any commit on.
//!
//! Only the newest segment is read at once: older ones were whole when it was begun, and are read when something after
//! an older commit is asked for, or by a check of the whole store.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    catalog::Catalog,
    damaged,
    disk::{self, Disk},
    frame::{HEADER, Header, HeaderError},
    io_error,
    scan::{self, Fault, Scanned, Walk},
};
use crate::engine::{
    model::{event::Seq, ids::StoreId},
    store::{Head, StoreError},
};

/// The journal on disk.
pub struct Journal {
    /// The store it belongs to.
    pub store: StoreId,
    disk: Arc<dyn Disk>,
    segments: Vec<(PathBuf, Header)>,
    last: Option<Walk>,
    torn: Option<u64>,
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
    /// Reads headers and the newest segment, whose offsets go into the catalog. Changes nothing.
    pub fn read(
        disk: Arc<dyn Disk>,
        found: Vec<(Seq, PathBuf)>,
        store: StoreId,
        catalog: &Catalog,
    ) -> Result<Self, StoreError> {
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
        let mut journal = Self {
            store,
            disk,
            segments,
            last: None,
            torn: None,
        };
        if let Some((path, header)) = journal.segments.last() {
            let bytes = disk::read_all(&*journal.disk, path).map_err(|e| io_error("read", path, &e))?;
            let walk = scan::walk(&bytes, before(header), &mut |s| {
                catalog.note(s.head.seq, s.offset);
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

/// Hands out every record after `from`. `Ok(false)` when the journal does not continue `from`: another history.
/// `visit` ends it early by answering false.
pub fn replay(journal: &Journal, from: Head, visit: &mut dyn FnMut(Scanned) -> bool) -> Result<bool, StoreError> {
    if from == journal.head() {
        return Ok(true);
    }
    let mut continues = from == Head::default();
    let mut go_on = true;
    let mut chain: Option<Head> = None;
    let start = journal
        .segments
        .partition_point(|(_, h)| h.first.0 <= from.seq.0 + 1)
        .saturating_sub(1);
    for (i, (path, header)) in journal.segments.iter().enumerate().skip(start) {
        let expected = chain.unwrap_or_else(|| before(header));
        if before(header) != expected {
            return Err(damaged(
                path,
                0,
                Seq(expected.seq.0 + 1),
                "it does not continue the segment before it",
            ));
        }
        continues |= expected == from;
        let bytes = disk::read_all(&*journal.disk, path).map_err(|e| io_error("read", path, &e))?;
        let walk = scan::walk(&bytes, expected, &mut |scanned| {
            if scanned.head.seq > from.seq {
                go_on = go_on && continues && visit(scanned);
            } else {
                continues |= scanned.head == from;
            }
            Ok(())
        })?;
        if !go_on || !continues {
            return Ok(continues);
        }
        let newest = i + 1 == journal.segments.len();
        let seq = Seq(walk.head.seq.0 + 1);
        match &walk.fault {
            None => {}
            Some(Fault::Torn(_)) if newest => {} // judged when the journal was read
            Some(Fault::Torn(why)) => return Err(damaged(path, walk.end, seq, why)),
            Some(Fault::Broken(why)) => return Err(damaged(path, walk.end, seq, why)),
            Some(Fault::TooNew(why)) => return Err(newer(path, walk.end, seq, why)),
        }
        chain = Some(walk.head);
    }
    Ok(continues)
}
