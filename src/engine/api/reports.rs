//! What is told about a store as a whole: by its check, its backups and its other tools.

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    event::{Event, Seq},
    ids::StoreId,
    json::Sha,
    time::Timestamp,
};

/// What a store check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// Journal records read.
    pub records: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Segments read.
    pub segments: u64,
    /// Rows compared between index and journal.
    pub rows: u64,
    /// Whole snapshots found.
    #[serde(default)]
    pub snapshots: u64,
    /// Whole assets found.
    #[serde(default)]
    pub assets: u64,
    /// Newest commit.
    pub head: Seq,
    /// End of the chain.
    pub head_hash: Sha,
    /// Everything wrong, a sentence each with file, offset and what to do; empty = clean.
    pub problems: Vec<String>,
    /// What was not checked and why, and what the next start will mend. Nothing to worry about.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// What a store's files tell without an engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreFacts {
    /// The store.
    pub store: StoreId,
    /// Layout of its directory.
    pub format: u32,
    /// Newest commit.
    pub head: Seq,
    /// End of the chain: with the number, what an auditor writes down to know later that nothing was cut off.
    pub head_hash: Sha,
    /// Segments of the journal.
    pub segments: u64,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// The commit the newest snapshot stands at.
    pub snapshot: Option<Seq>,
    /// Files kept by content.
    pub assets: u64,
}

/// One commit, for other programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The engine start that wrote it.
    pub epoch: u64,
    /// Hash of the commit before.
    pub prev: Sha,
    /// Rows as it left them.
    pub put: Vec<ExportedRow>,
    /// Keys it removed.
    pub del: Vec<String>,
}

/// A row of an [`Exported`] commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedRow {
    /// Its key.
    pub key: String,
    /// What it holds: `ticket`, `deploy`, `claim`.
    pub kind: String,
    /// Its version.
    pub version: u64,
    /// Its value; `None` when a newer build wrote it.
    pub value: Option<serde_json::Value>,
}

/// What a backup holds, or a store restored from one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    /// Where it is.
    pub place: String,
    /// The store.
    pub store: StoreId,
    /// When the backup was taken.
    pub taken_at: Timestamp,
    /// Newest commit of the backup.
    pub head: Seq,
    /// End of its chain.
    pub head_hash: Sha,
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What building an index again came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RebuildReport {
    /// Newest commit.
    pub head: Seq,
    /// Rows in the new index.
    pub rows: u64,
    /// Commits read from the journal; the rest came from a snapshot.
    pub replayed: u64,
    /// Snapshots that were not used, and why.
    pub snapshots_skipped: Vec<String>,
}

/// What a sweep removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepReport {
    /// Files nothing referred to.
    pub removed: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
}
