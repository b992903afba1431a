//! The bytes around a commit, and at the start of a segment.

use uuid::Uuid;

use super::record::RECORD_MAX;
use crate::engine::model::{event::Seq, ids::StoreId, json::Sha};

/// Bytes before a payload.
pub const FRAME_HEAD: usize = 16;
/// Length of a segment's header.
pub const HEADER: usize = 70;
/// The newest format of segments this build writes and reads.
pub const FORMAT: u16 = 1;
const MAGIC: [u8; 8] = *b"OMNIJRNL";

/// Appends a frame.
pub fn put_frame(out: &mut Vec<u8>, seq: Seq, payload: &[u8]) {
    // A payload is at most RECORD_MAX long, so its length always fits.
    let len = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    let seq = seq.0.to_le_bytes();
    out.extend_from_slice(&len);
    out.extend_from_slice(&seq);
    out.extend_from_slice(&checksum(len, seq, payload).to_le_bytes());
    out.extend_from_slice(payload);
}

fn checksum(len: [u8; 4], seq: [u8; 8], payload: &[u8]) -> u32 {
    let head = crc32c::crc32c_append(crc32c::crc32c(&len), &seq);
    crc32c::crc32c_append(head, payload)
}

/// A whole frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The commit's number.
    pub seq: Seq,
    /// The commit.
    pub payload: &'a [u8],
}

impl Frame<'_> {
    /// Bytes it takes in the file.
    pub const fn size(&self) -> usize {
        FRAME_HEAD + self.payload.len()
    }
}

/// Length, number and checksum as a frame's head has them.
pub fn peek(bytes: &[u8]) -> Option<(usize, Seq, u32)> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (seq, rest) = rest.split_first_chunk::<8>()?;
    let (crc, _) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
    Some((len, Seq(u64::from_le_bytes(*seq)), u32::from_le_bytes(*crc)))
}

/// The frame at the start of `bytes`, or why there is none.
pub fn frame(bytes: &[u8]) -> Result<Frame<'_>, &'static str> {
    let (len, seq, crc) = peek(bytes).ok_or("the file ends inside a record's head")?;
    if len == 0 || len > RECORD_MAX {
        return Err("a record's length makes no sense");
    }
    let payload = bytes
        .get(FRAME_HEAD..FRAME_HEAD + len)
        .ok_or("the file ends inside a record")?;
    let len = u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes();
    if checksum(len, seq.0.to_le_bytes(), payload) != crc {
        return Err("a record's checksum does not fit");
    }
    Ok(Frame { seq, payload })
}

/// What a segment says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The store it belongs to.
    pub store: StoreId,
    /// Number of its first commit.
    pub first: Seq,
    /// End of the chain before it.
    pub prev: Sha,
}

/// Why a segment's header cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// It is damaged; says how.
    Bad(&'static str),
    /// A newer build wrote it, in this format.
    TooNew(u16),
}

impl Header {
    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(self.store.uuid().as_bytes());
        out.extend_from_slice(&self.first.0.to_le_bytes());
        out.extend_from_slice(&self.prev.0);
        out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
        out
    }

    /// Reads it from the start of a segment.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        let short = HeaderError::Bad("the file ends inside its header");
        let (head, _) = bytes.split_first_chunk::<HEADER>().ok_or(short.clone())?;
        let (body, crc) = head.split_last_chunk::<4>().ok_or(short.clone())?;
        let (magic, rest) = body.split_first_chunk::<8>().ok_or(short.clone())?;
        if *magic != MAGIC {
            return Err(HeaderError::Bad("it does not start like a journal segment"));
        }
        let (format, rest) = rest.split_first_chunk::<2>().ok_or(short.clone())?;
        let format = u16::from_le_bytes(*format);
        if format > FORMAT {
            return Err(HeaderError::TooNew(format));
        }
        if crc32c::crc32c(body) != u32::from_le_bytes(*crc) {
            return Err(HeaderError::Bad("its header's checksum does not fit"));
        }
        let (store, rest) = rest.split_first_chunk::<16>().ok_or(short.clone())?;
        let (first, rest) = rest.split_first_chunk::<8>().ok_or(short.clone())?;
        let (prev, _) = rest.split_first_chunk::<32>().ok_or(short)?;
        Ok(Self {
            store: StoreId::new(Uuid::from_bytes(*store)),
            first: Seq(u64::from_le_bytes(*first)),
            prev: Sha(*prev),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_its_length_and_reads_back() {
        let header = Header {
            store: StoreId::new(Uuid::from_u128(7)),
            first: Seq(812),
            prev: Sha::of(b"x"),
        };
        let bytes = header.to_bytes();
        assert_eq!(bytes.len(), HEADER);
        assert_eq!(Header::parse(&bytes), Ok(header));
    }

    #[test]
    fn every_flipped_bit_of_a_frame_is_noticed() {
        let mut bytes = Vec::new();
        put_frame(&mut bytes, Seq(9), b"payload");
        assert_eq!(frame(&bytes).unwrap().payload, b"payload");
        for bit in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(frame(&bad).is_err(), "bit {bit}");
        }
    }
}
