//! How values become bytes: one envelope, one set of bincode options, one place.
//!
//! ```text
//! magic u8 | kind u16 | schema u16 | codec u8 | payload | crc32c u32      (little endian)
//! ```
//!
//! bincode has no field names: a changed field, order or enum variant is a new schema version, and a value of an older
//! one is read through its frozen struct and an upcaster ([`Stored::upcast`]). The codec byte leaves a way out of
//! bincode without a flag day.

use std::sync::Arc;

use bincode::Options as _;
use serde::{Serialize, de::DeserializeOwned};

use super::{Columns, Kind};

/// First byte of every stored value.
pub const MAGIC: u8 = 0xA7;
/// The codec byte of bincode 1.3 with [`options`].
const BINCODE_1: u8 = 1;
/// Bytes before the payload.
const HEAD: usize = 6;
/// Bytes after it.
const TAIL: usize = 4;
/// Largest payload: far above the 64 KiB a record may have, far below what would hurt.
const LIMIT: u64 = 1 << 20;

/// What can go wrong between value and bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The bytes are no envelope, or damaged.
    #[error("a stored value is damaged: {0}")]
    Damaged(String),
    /// Another kind of value was expected.
    #[error("a stored value is of kind {found}, expected {expected}")]
    WrongKind {
        /// The number found.
        found: u16,
        /// The number expected.
        expected: u16,
    },
    /// Written by a newer build.
    #[error("a stored value has schema {found} of kind {kind}, this build knows up to {known}; install a newer build")]
    TooNew {
        /// The kind's number.
        kind: u16,
        /// The schema found.
        found: u16,
        /// The newest known.
        known: u16,
    },
    /// The value cannot be encoded.
    #[error("a value cannot be stored: {0}")]
    Encode(String),
}

/// A value that has a place in the store.
pub trait Stored: Serialize + DeserializeOwned {
    /// Its kind.
    const KIND: Kind;
    /// Its newest schema version, from 1.
    const SCHEMA: u16;

    /// What it can be found by.
    fn columns(&self) -> Columns {
        Columns::default()
    }

    /// Reads a payload of an older schema. Called with `schema < SCHEMA` only.
    fn upcast(schema: u16, _payload: &[u8]) -> Result<Self, CodecError> {
        Err(CodecError::Damaged(format!(
            "schema {schema} of kind {:?} was never released",
            Self::KIND
        )))
    }
}

/// The only bincode options in the house: varint, little endian, no trailing bytes, at most 1 MiB.
pub fn options() -> impl bincode::Options {
    bincode::DefaultOptions::new().with_limit(LIMIT).reject_trailing_bytes()
}

/// Encodes a bare payload, for upcasters' tests and the journal's records.
pub fn to_payload<T: Serialize>(value: &T) -> Result<Vec<u8>, CodecError> {
    options()
        .serialize(value)
        .map_err(|e| CodecError::Encode(e.to_string()))
}

/// Length of what [`to_payload`] would make, in bytes.
pub fn payload_len<T: Serialize>(value: &T) -> Result<u64, CodecError> {
    options()
        .serialized_size(value)
        .map_err(|e| CodecError::Encode(e.to_string()))
}

/// Decodes a bare payload.
pub fn from_payload<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    options()
        .deserialize(bytes)
        .map_err(|e| CodecError::Damaged(e.to_string()))
}

/// Wraps a value in its envelope.
pub fn encode<T: Stored>(value: &T) -> Result<Arc<[u8]>, CodecError> {
    let payload = to_payload(value)?;
    let mut out = Vec::with_capacity(HEAD + payload.len() + TAIL);
    out.push(MAGIC);
    out.extend_from_slice(&T::KIND.number().to_le_bytes());
    out.extend_from_slice(&T::SCHEMA.to_le_bytes());
    out.push(BINCODE_1);
    out.extend_from_slice(&payload);
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    Ok(out.into())
}

/// The schema an envelope of a kind says it has, without opening it; also of one that is cut short behind its head.
pub fn schema_of(kind: Kind, bytes: &[u8]) -> Option<u16> {
    let (head, _) = bytes.split_first_chunk::<HEAD>()?;
    let [magic, k0, k1, s0, s1, _] = *head;
    (magic == MAGIC && u16::from_le_bytes([k0, k1]) == kind.number()).then(|| u16::from_le_bytes([s0, s1]))
}

/// Opens an envelope.
pub fn decode<T: Stored>(bytes: &[u8]) -> Result<T, CodecError> {
    let damaged = |why: &str| CodecError::Damaged(why.to_owned());
    let (body, tail) = bytes.split_last_chunk::<TAIL>().ok_or_else(|| damaged("too short"))?;
    if crc32c::crc32c(body) != u32::from_le_bytes(*tail) {
        return Err(damaged("its checksum does not fit"));
    }
    let (head, payload) = body.split_first_chunk::<HEAD>().ok_or_else(|| damaged("too short"))?;
    let [magic, k0, k1, s0, s1, codec] = *head;
    if magic != MAGIC {
        return Err(damaged("it does not start with our mark"));
    }
    let (kind, schema) = (u16::from_le_bytes([k0, k1]), u16::from_le_bytes([s0, s1]));
    if kind != T::KIND.number() {
        return Err(CodecError::WrongKind {
            found: kind,
            expected: T::KIND.number(),
        });
    }
    if schema > T::SCHEMA {
        return Err(CodecError::TooNew {
            kind,
            found: schema,
            known: T::SCHEMA,
        });
    }
    if codec != BINCODE_1 {
        return Err(CodecError::Damaged(format!("codec {codec} is not known to this build")));
    }
    if schema < T::SCHEMA {
        T::upcast(schema, payload)
    } else {
        from_payload(payload)
    }
}
