//! The store: one way to change anything (a [`Commit`]), one truth (the journal), one index that can be lost.
//!
//! Why a trait: the same decisions must run over memory (tests, demo), over journal and sled (one host), and one day
//! over a shared database. [`Store`] says what they all promise; `tests/conformance.rs` holds every implementation to it.
//!
//! Invariants
//! - A commit is all or nothing, and acknowledged only after it is durable.
//! - The same command id with the same content gives the first answer again; with other content it is refused.
//! - Sequence numbers are contiguous: 1, 2, 3 ...
//! - Only the writer thread touches sled.

pub mod assets;
pub mod backup;
pub mod codec;
pub mod core;
pub mod embedded;
pub mod index;
pub mod inspect;
pub mod journal;
pub mod memory;
mod old;
pub mod schema;
pub mod snapshot;
pub mod sweep;
pub mod verify;

use std::{collections::BTreeSet, fmt, future::Future, pin::Pin, sync::Arc};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::model::{
    actor::Actor,
    event::{Event, EventKind, FieldChange, Seq, Subject},
    ids::{CommandId, LeaseId},
    json::Sha,
    platform::{AccountId, PlatformId},
    ticket::{Priority, Status},
    time::Timestamp,
};

/// A row's key: `ticket/<uuid>`, `name/<account>/<name>`. ASCII, at most 256 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub Arc<str>);

impl Key {
    /// A key from text.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(Arc::from(text.as_ref()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of value a row holds. The number is in every stored value's envelope and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u16)]
pub enum Kind {
    /// [`super::model::governance::Market`].
    Market = 1,
    /// [`super::model::governance::Brand`].
    Brand = 2,
    /// [`super::model::governance::Channel`].
    Channel = 3,
    /// [`super::model::campaign::Campaign`].
    Campaign = 4,
    /// [`super::model::ticket::Ticket`].
    Ticket = 5,
    /// [`super::model::deploy::Deploy`].
    Deploy = 6,
    /// A unique claim on a code, a name or a number: holds the owner's id as text.
    Claim = 7,
    /// A counter: references to an entity, the next ticket number.
    Counter = 8,
    /// The engine's epoch.
    Epoch = 9,
    /// The QA rule set in force.
    Rules = 10,
    /// A pause of an account, a platform or everything.
    Hold = 11,
    /// A proposed change of a ticket: [`super::model::proposal::Proposal`].
    Proposal = 12,
    /// Who hears of a ticket: [`super::model::watch::Watchers`].
    Watch = 13,
    /// A question that has left for a model: [`super::model::exchange::OpenExchange`].
    OpenExchange = 14,
    /// That the store came out of a backup, and when: [`schema::Restored`].
    Restored = 20,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Market,
        Self::Brand,
        Self::Channel,
        Self::Campaign,
        Self::Ticket,
        Self::Deploy,
        Self::Claim,
        Self::Counter,
        Self::Epoch,
        Self::Rules,
        Self::Hold,
        Self::Proposal,
        Self::Watch,
        Self::OpenExchange,
        Self::Restored,
    ];

    /// True for what people edit field by field: earlier forms of it are asked for, to take an edit back.
    pub const fn is_edited(self) -> bool {
        matches!(
            self,
            Self::Market | Self::Brand | Self::Channel | Self::Campaign | Self::Ticket
        )
    }

    /// The number in the envelope.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The kind with this number.
    pub fn from_number(n: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.number() == n)
    }
}

/// The columns a row may be found by, the same in every store. Nothing else may be scanned by, or a shared database
/// would need a table scan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// A ticket's status.
    pub status: Option<Status>,
    /// For deploys: when the executor should look at it next. `None` = not due by itself (finished, waits for a person).
    pub run_at: Option<Timestamp>,
    /// The platform.
    pub platform: Option<PlatformId>,
    /// The account: the lane of a deploy.
    pub account: Option<AccountId>,
    /// Order inside a lane.
    pub priority: Option<Priority>,
    /// The brand's id as text.
    pub brand: Option<String>,
    /// The market's id as text.
    pub market: Option<String>,
    /// The campaign's id as text.
    pub campaign: Option<String>,
    /// When it changed last. Of deploys: when it ended, `None` while it is open.
    pub updated_at: Option<Timestamp>,
}

/// A stored row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub key: Key,
    /// What it holds.
    pub kind: Kind,
    /// 1 for the first write, one more with each. What "v7" on screen means and what `expect` compares.
    pub version: u64,
    /// What it can be found by.
    pub columns: Columns,
    /// The value in its envelope ([`codec`]).
    pub body: Arc<[u8]>,
}

/// A row to write: the store gives it the next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// Its key.
    pub key: Key,
    /// What it holds.
    pub kind: Kind,
    /// What it can be found by.
    pub columns: Columns,
    /// The value in its envelope.
    pub body: Arc<[u8]>,
}

/// What a commit relied on: the key had this version when it was decided. 0 = was absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The key.
    pub key: Key,
    /// Its version, 0 for absent.
    pub version: u64,
}

/// The event of a commit, before it has a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEvent {
    /// The headline.
    pub kind: EventKind,
    /// What else it did.
    pub also: Vec<EventKind>,
    /// About what.
    pub subject: Subject,
    /// The ticket's status after it, if it moved.
    pub status: Option<Status>,
    /// One sentence, sanitised.
    pub summary: String,
    /// Fields before and after.
    pub changes: Vec<FieldChange>,
}

/// A change, all or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The intention it carries out.
    pub command: CommandId,
    /// Hash of the command's content: a reused id with other content is refused.
    pub command_hash: Sha,
    /// Who.
    pub actor: Actor,
    /// When it was decided.
    pub at: Timestamp,
    /// The engine start that decided it. A commit of an older epoch is refused once a newer one is known.
    pub epoch: u64,
    /// What it relied on.
    pub expect: Vec<Expect>,
    /// A lease it must hold, for the executor's commits.
    pub lease: Option<LeaseId>,
    /// Rows to write.
    pub put: Vec<Put>,
    /// Rows to remove.
    pub del: Vec<Key>,
    /// What happened.
    pub event: NewEvent,
}

/// The answer to a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its number.
    pub seq: Seq,
    /// True when this was a repeat and nothing new was written.
    pub repeated: bool,
}

/// Why a commit or a read did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Something it relied on changed; decide again.
    #[error("{key} changed meanwhile (expected version {expected}, is {actual})")]
    Conflict {
        /// The key.
        key: Key,
        /// The version relied on.
        expected: u64,
        /// The version there is; 0 = absent.
        actual: u64,
    },
    /// The command id was used for another command.
    #[error("command id {0} was already used for something else")]
    CommandIdReused(CommandId),
    /// An older engine or a lost lease tries to write.
    #[error("fenced off: {0}")]
    Fenced(String),
    /// The record would be larger than 64 KiB.
    #[error("the record has {bytes} bytes, at most {max} fit")]
    TooLarge {
        /// Size of the encoded record.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// The queue is full; nothing was done.
    #[error("the engine is busy; nothing was done, try again")]
    Busy,
    /// Writing is switched off; says why (a failed sync, a newer format, damage).
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// No room for more.
    #[error("the disk is full: {0}")]
    DiskFull(String),
    /// Damage was found; names file, offset and what to do.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Another process holds the store.
    #[error("{0}")]
    Locked(String),
    /// Reading or opening failed.
    #[error("{0}")]
    Io(String),
}

/// A listing by column. Every set field must match.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only this status.
    pub status: Option<Status>,
    /// Only with a `run_at` at or before this.
    pub due_by: Option<Timestamp>,
    /// Only this campaign.
    pub campaign: Option<String>,
    /// Only this account.
    pub account: Option<AccountId>,
    /// After this key (exclusive), in key order.
    pub after: Option<Key>,
    /// At most this many rows.
    pub limit: usize,
}

/// One page of a listing.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Rows in key order.
    pub rows: Vec<Row>,
    /// Where the next page starts; `None` = this was the last.
    pub next: Option<Key>,
}

/// What an executor may take.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Now: only deploys with `run_at` at or before.
    pub now: Timestamp,
    /// How long a lease holds.
    pub ttl: std::time::Duration,
    /// At most this many in this call.
    pub limit: usize,
    /// At most this many leases per account at once.
    pub per_account: usize,
    /// Accounts to leave alone (paused, breaker open, blocked).
    pub skip: BTreeSet<(PlatformId, AccountId)>,
    /// The engine start that asks. Refused as fenced once a newer one is known: a lease in the hands of an engine that
    /// may write nothing keeps the deploy from the one that may.
    pub epoch: u64,
}

/// The right to work on one deploy until a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its id, sent with every commit made under it.
    pub id: LeaseId,
    /// The deploy's row.
    pub key: Key,
    /// The account it counts against.
    pub account: (PlatformId, AccountId),
    /// Lost after this.
    pub until: Timestamp,
}

/// How far the log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Number of the newest commit.
    pub seq: Seq,
    /// SHA-256 over it and its predecessor: the end of the chain.
    pub hash: Sha,
}

/// A boxed future: the trait stays usable as `dyn Store`.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// What is told, in sequence order and before the commit is acknowledged, to whoever keeps a projection.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The event, with its number.
    pub event: Arc<Event>,
    /// Rows as they now are.
    pub put: Vec<Row>,
    /// Rows that are gone.
    pub del: Vec<Key>,
}

/// A row is not in memory: it has to be fetched ([`Store::get`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away;

/// Keeps a projection of the rows. Called on the writer's thread: must be quick and must not call the store.
pub trait Observer: Send + Sync {
    /// A group was committed, oldest first.
    fn applied(&self, group: &[&Applied]);
    /// What may be written changed: nothing any more, or no commands of people while the disk is nearly full, or
    /// everything again. Often nothing is committed that would tell anybody.
    fn health(&self) {}
}

/// What every store promises.
pub trait Store: Send + Sync {
    /// Writes a change. Durable when it returns.
    fn commit(&self, commit: Commit) -> Fut<'_, Committed>;
    /// The answer a command got when it was carried out, if it was: a resend is answered, not decided again.
    fn known(&self, command: CommandId, hash: Sha) -> Fut<'_, Option<Committed>>;
    /// Reads one row.
    fn get<'a>(&'a self, key: &'a Key) -> Fut<'a, Option<Row>>;
    /// Reads one row if that needs no waiting. A store that is elsewhere has nothing at hand.
    fn at_hand(&self, _key: &Key) -> Result<Option<Row>, Away> {
        Err(Away)
    }
    /// Lists rows by column, in key order, stable under writes: no row is skipped or repeated.
    fn scan(&self, scan: Scan) -> Fut<'_, Page>;
    /// Takes due deploys, round-robin over accounts, inside an account by priority (highest first), then `run_at`, then key.
    fn claim(&self, claim: Claim) -> Fut<'_, Vec<Lease>>;
    /// Extends a lease; `Fenced` when it is lost.
    fn renew<'a>(&'a self, lease: &'a Lease, until: Timestamp) -> Fut<'a, Lease>;
    /// Gives a lease back. Unknown leases are ignored.
    fn release<'a>(&'a self, lease: &'a Lease) -> Fut<'a, ()>;
    /// Events after a number, contiguous, at most `limit`.
    fn events(&self, after: Seq, limit: usize) -> Fut<'_, Vec<Event>>;
    /// A row as the newest commit up to a number wrote it, with that commit's number. Looks back a bounded way: `None`
    /// also when the row was last written before what the store still has at hand.
    fn written<'a>(&'a self, key: &'a Key, up_to: Seq) -> Fut<'a, Option<(Seq, Row)>>;
    /// The head as it moves. A hint: values may be merged.
    fn watch(&self) -> watch::Receiver<Head>;
    /// Why nothing can be written, if so.
    fn read_only(&self) -> Option<String>;
    /// Why commands of people wait, if so: there is little room left.
    fn short(&self) -> Option<String> {
        None
    }
}

/// The rows somebody who attaches begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Rows of these kinds.
    pub kinds: Vec<Kind>,
    /// Of deploys that ended, only so many of the newest: there are as many as there were tickets, and they change no
    /// more. Deploys written before their end could be told from outside are all handed out.
    pub ended: usize,
}

impl Wanted {
    /// Every row of these kinds.
    pub fn all_of(kinds: &[Kind]) -> Self {
        Self {
            kinds: kinds.to_vec(),
            ended: usize::MAX,
        }
    }
}

/// A store that lives in this process, so that a projection can follow it row by row. A shared database cannot promise
/// this: it has [`Store::watch`] and [`Store::events`] only.
pub trait LocalStore: Store {
    /// Hands every wanted row to `load`, bodies included, and calls `observer` for each commit after those:
    /// no commit is missed, none told twice. Returns the head the rows stand at. A later call replaces the observer.
    /// Blocks: for start-up, before the executor runs.
    fn attach(
        &self,
        wanted: &Wanted,
        observer: Arc<dyn Observer>,
        load: &mut dyn FnMut(Row),
    ) -> Result<Head, StoreError>;
    /// The newest engine start the store has seen; 0 = none. The next start raises it.
    fn epoch(&self) -> u64;
    /// The files beside the rows.
    fn assets(&self) -> Arc<dyn assets::Assets>;
    /// Finishes what is queued, writes everything down and lets go of the store. Later commits are refused.
    fn close(&self) -> Result<(), StoreError>;
}
