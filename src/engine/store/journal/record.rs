//! One commit as bytes, and the chain that ties it to the one before.
//!
//! The payload is an envelope head (mark, kind 0, schema, codec) and bincode. It carries no checksum of its own: the
//! frame around it has one. `prev` makes the journal a chain: nobody can change a record without changing all that
//! follow. `group_start` says where its group of commits begins in the file: start-up needs it to tell an unfinished
//! write from damage.
//!
//! [`RecordV1`] is frozen; a change is a `RecordV2` beside it and golden bytes.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::engine::{
    model::{
        actor::Actor,
        event::{Event, Seq},
        ids::{CommandId, LeaseId},
        json::Sha,
        time::Timestamp,
    },
    store::{Applied, Columns, Commit, Key, Kind, NewEvent, Row, StoreError, codec},
};

/// Largest payload. What is bigger is an asset, not a commit.
pub const RECORD_MAX: usize = 64 * 1024;
/// The newest schema of records this build writes and reads.
pub const SCHEMA: u16 = 1;
/// Mark, kind 0 (no row's kind), schema, codec 1 (bincode).
const HEAD: [u8; 6] = [codec::MAGIC, 0, 0, 1, 0, 1];

/// A commit in the journal, first form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RecordV1<'a> {
    command: CommandId,
    command_hash: Sha,
    actor: Cow<'a, Actor>,
    at: Timestamp,
    epoch: u64,
    lease: Option<LeaseId>,
    prev: Sha,
    group_start: u64,
    put: Vec<PutV1<'a>>,
    del: Cow<'a, [Key]>,
    event: Cow<'a, NewEvent>,
}

/// A row written, with the version it got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PutV1<'a> {
    key: Cow<'a, Key>,
    kind: u16,
    version: u64,
    columns: Cow<'a, Columns>,
    body: Body,
}

/// A body as one block of bytes instead of a list of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Body(Arc<[u8]>);

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Body;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, v: &[u8]) -> Result<Body, E> {
                Ok(Body(Arc::from(v)))
            }
            fn visit_byte_buf<E>(self, v: Vec<u8>) -> Result<Body, E> {
                Ok(Body(Arc::from(v)))
            }
        }
        d.deserialize_bytes(Bytes)
    }
}

/// A commit read back.
#[derive(Clone, Debug)]
pub struct Record {
    /// Event and rows.
    pub applied: Applied,
    /// Rows of kinds this build does not know: a newer build wrote here.
    pub unknown_kinds: Vec<u16>,
    /// Hash of the command's content.
    pub command_hash: Sha,
    /// The engine start that wrote it.
    pub epoch: u64,
    /// Hash of the record before.
    pub prev: Sha,
    /// Where its group starts in its file.
    pub group_start: u64,
}

/// Why a payload whose checksum fits cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Written by a newer build.
    #[error("it has record schema {0}, this build knows up to {SCHEMA}")]
    TooNew(u16),
    /// The bytes are whole and mean nothing to this build.
    #[error("its content cannot be understood: {0}")]
    Unreadable(String),
}

/// The payload of a commit. `put` are its rows with the versions they get.
pub fn encode(commit: &Commit, put: &[Row], prev: Sha, group_start: u64) -> Result<Vec<u8>, StoreError> {
    let record = RecordV1 {
        command: commit.command,
        command_hash: commit.command_hash,
        actor: Cow::Borrowed(&commit.actor),
        at: commit.at,
        epoch: commit.epoch,
        lease: commit.lease,
        prev,
        group_start,
        put: put
            .iter()
            .map(|r| PutV1 {
                key: Cow::Borrowed(&r.key),
                kind: r.kind.number(),
                version: r.version,
                columns: Cow::Borrowed(&r.columns),
                body: Body(r.body.clone()),
            })
            .collect(),
        del: Cow::Borrowed(&commit.del),
        event: Cow::Borrowed(&commit.event),
    };
    let rough: usize = put.iter().map(|r| r.body.len()).sum();
    let too_large = |bytes| StoreError::TooLarge { bytes, max: RECORD_MAX };
    if rough > RECORD_MAX {
        return Err(too_large(rough));
    }
    let mut out = Vec::with_capacity(rough + 1024);
    out.extend_from_slice(&HEAD);
    out.extend_from_slice(&codec::to_payload(&record).map_err(|e| StoreError::Io(e.to_string()))?);
    if out.len() > RECORD_MAX {
        return Err(too_large(out.len()));
    }
    Ok(out)
}

/// Reads a payload back.
pub fn decode(seq: Seq, payload: &[u8]) -> Result<Record, RecordError> {
    let unreadable = |why: &str| RecordError::Unreadable(why.to_owned());
    let (head, rest) = payload
        .split_first_chunk::<{ HEAD.len() }>()
        .ok_or_else(|| unreadable("it is too short"))?;
    let [mark, k0, k1, s0, s1, codec_byte] = *head;
    let [want_mark, _, _, _, _, want_codec] = HEAD;
    if mark != want_mark || [k0, k1] != [0, 0] {
        return Err(unreadable("it does not start like a commit"));
    }
    let schema = u16::from_le_bytes([s0, s1]);
    if schema > SCHEMA {
        return Err(RecordError::TooNew(schema));
    }
    if codec_byte != want_codec {
        return Err(unreadable("its codec is not known to this build"));
    }
    let v1: RecordV1<'_> = codec::from_payload(rest).map_err(|e| unreadable(&e.to_string()))?;
    let mut unknown_kinds = Vec::new();
    let mut put = Vec::with_capacity(v1.put.len());
    for p in v1.put {
        match Kind::from_number(p.kind) {
            Some(kind) => put.push(Row {
                key: p.key.into_owned(),
                kind,
                version: p.version,
                columns: p.columns.into_owned(),
                body: p.body.0,
            }),
            None => unknown_kinds.push(p.kind),
        }
    }
    let new = v1.event.into_owned();
    let event = Event {
        seq,
        at: v1.at,
        actor: v1.actor.into_owned(),
        command: v1.command,
        kind: new.kind,
        also: new.also,
        subject: new.subject,
        status: new.status,
        summary: new.summary,
        changes: new.changes,
    };
    Ok(Record {
        applied: Applied {
            event: Arc::new(event),
            put,
            del: v1.del.into_owned(),
        },
        unknown_kinds,
        command_hash: v1.command_hash,
        epoch: v1.epoch,
        prev: v1.prev,
        group_start: v1.group_start,
    })
}

/// The chain's next link: SHA-256 over number and payload. The payload holds the link before.
pub fn chain(seq: Seq, payload: &[u8]) -> Sha {
    let mut hash = Sha256::new();
    hash.update(seq.0.to_le_bytes());
    hash.update(payload);
    Sha(hash.finalize().into())
}
