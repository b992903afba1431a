//! Reading a segment from its start, and telling an unfinished write from damage.
//!
//! Pure over bytes. The rule for the first bad record, at offset X of the *last* segment: if a later whole record says
//! its group began after X, X's group had been synced before that group was written, so X was once whole: damage. If
//! nothing whole follows, or only records of X's own group, the write was never finished and never acknowledged: the
//! tail may be cut. In any other segment a bad record is damage.

use super::{
    frame::{self, FRAME_HEAD, HEADER},
    record::{self, RECORD_MAX, Record, RecordError},
};
use crate::engine::{
    model::event::Seq,
    store::{Head, StoreError},
};

/// One good record.
pub struct Scanned {
    /// The end of the chain after it.
    pub head: Head,
    /// Where its frame starts.
    pub offset: u64,
    /// Its content.
    pub record: Record,
}

/// What stopped a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No whole frame here.
    Torn(&'static str),
    /// A whole frame that does not continue the journal: no crash makes that.
    Broken(String),
    /// A newer build wrote it.
    TooNew(String),
}

/// Where a walk ended.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The end of the chain.
    pub head: Head,
    /// Offset after the last good record.
    pub end: u64,
    /// Where the group of the last good record starts.
    pub last_group: u64,
    /// What is wrong at `end`, if the segment goes on there.
    pub fault: Option<Fault>,
}

/// Walks a segment's records after its header, which continues the chain at `from`.
pub fn walk(
    bytes: &[u8],
    from: Head,
    visit: &mut dyn FnMut(Scanned) -> Result<(), StoreError>,
) -> Result<Walk, StoreError> {
    let mut at = HEADER;
    let mut walk = Walk {
        head: from,
        end: HEADER as u64,
        last_group: HEADER as u64,
        fault: None,
    };
    while let Some(rest) = bytes.get(at..).filter(|r| !r.is_empty()) {
        match next(rest, walk.head) {
            Ok((scanned_head, record, len)) => {
                let offset = at as u64;
                walk.head = scanned_head;
                walk.last_group = record.group_start.min(offset);
                at += len;
                walk.end = at as u64;
                visit(Scanned {
                    head: scanned_head,
                    offset,
                    record,
                })?;
            }
            Err(fault) => {
                walk.fault = Some(fault);
                break;
            }
        }
    }
    Ok(walk)
}

fn next(bytes: &[u8], before: Head) -> Result<(Head, Record, usize), Fault> {
    let frame = frame::frame(bytes).map_err(Fault::Torn)?;
    let seq = Seq(before.seq.0 + 1);
    if frame.seq != seq {
        return Err(Fault::Broken(format!(
            "commit {} stands where {seq} belongs",
            frame.seq
        )));
    }
    let record = record::decode(seq, frame.payload).map_err(|e| match e {
        RecordError::TooNew(_) | RecordError::Unreadable(_) => Fault::TooNew(e.to_string()),
    })?;
    if record.prev != before.hash {
        return Err(Fault::Broken(format!(
            "the chain breaks: it names {} as the end before it, which is {}",
            record.prev.short(),
            before.hash.short()
        )));
    }
    let head = Head {
        seq,
        hash: record::chain(seq, frame.payload),
    };
    let len = frame.size();
    Ok((head, record, len))
}

/// Looks behind a bad record for proof that it was once whole: the offset of a record whose group began after it.
pub fn synced_after(bytes: &[u8], bad_at: u64, expected: Seq) -> Option<u64> {
    // Far more commits than a segment can hold: a number beyond it is chance, not a record.
    let plausible = expected.0..expected.0.saturating_add(bytes.len() as u64);
    let start = usize::try_from(bad_at).ok()?.checked_add(1)?;
    let last = bytes.len().checked_sub(FRAME_HEAD)?;
    let mut at = start;
    while at <= last {
        let rest = bytes.get(at..)?;
        let fits = |(len, seq, _): &(usize, Seq, u32)| (1..=RECORD_MAX).contains(len) && plausible.contains(&seq.0);
        if frame::peek(rest).as_ref().is_some_and(fits)
            && let Ok(frame) = frame::frame(rest)
        {
            match record::decode(frame.seq, frame.payload) {
                // Whole, of X's own group: written by the same unfinished write. Look on behind it.
                Ok(r) if r.group_start <= bad_at => at += frame.size(),
                // Later group, or a record of a newer build: something was written after X had been synced.
                Ok(_) | Err(_) => return Some(at as u64),
            }
        } else {
            at += 1;
        }
    }
    None
}
