//! Small helpers of the store's tests: commits in one line, stores in temporary directories.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod fault_disk;

use std::{path::Path, sync::Arc};

use omnitraffick::engine::{
    clock::{ManualClock, SystemEntropy},
    model::{
        actor::{Actor, Role},
        event::{EventKind, Noun, Subject},
        ids::CommandId,
        json::Sha,
        platform::PlatformId,
        ticket::Priority,
        time::Timestamp,
    },
    store::{
        Columns, Commit, Expect, Key, Kind, NewEvent, Put, Scan, Store as _, StoreError,
        embedded::{EmbeddedStore, Opened, Options},
        snapshot::keeper::Pace,
    },
};

/// When every test begins: 2026-01-01.
pub const START: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(START))
}

pub fn entropy() -> Arc<SystemEntropy> {
    Arc::new(SystemEntropy::seeded(7))
}

/// Small segments, so that rotation happens in tests. Snapshots are made when a test says so: a thread of its own would
/// reach the disk at moments no script can name.
pub fn options() -> Options {
    Options {
        segment_bytes: 16 * 1024,
        snapshots: Pace {
            segments: 0,
            records: 0,
        },
        ephemeral: true,
        allow_fuse: true,
        ..Options::default()
    }
}

pub fn try_open(dir: &Path) -> Result<Opened, StoreError> {
    EmbeddedStore::open(dir, options(), clock(), entropy())
}

pub fn open(dir: &Path) -> Opened {
    try_open(dir).unwrap()
}

pub fn person() -> Actor {
    Actor {
        uid: Some(1000),
        name: "kim".to_owned(),
        role: Role::Trafficker,
        client: "cli".to_owned(),
    }
}

/// An empty commit of a command number; the hash follows the number.
pub fn commit(command: u128) -> Commit {
    Commit {
        command: CommandId::new(uuid::Uuid::from_u128(command)),
        command_hash: Sha::of(&command.to_le_bytes()),
        actor: person(),
        at: START,
        epoch: 0,
        expect: Vec::new(),
        lease: None,
        put: Vec::new(),
        del: Vec::new(),
        event: NewEvent {
            kind: EventKind::Updated,
            also: Vec::new(),
            subject: Subject {
                noun: Noun::Engine,
                id: String::new(),
                label: format!("command {command}"),
                ticket: None,
            },
            status: None,
            summary: format!("command {command}"),
            changes: Vec::new(),
        },
    }
}

/// Commits as chains of words.
pub trait Words: Sized {
    fn put(self, key: &str, kind: Kind, body: &[u8]) -> Self;
    fn put_row(self, key: &str, kind: Kind, columns: Columns, body: &[u8]) -> Self;
    fn del(self, key: &str) -> Self;
    fn expect(self, key: &str, version: u64) -> Self;
    fn epoch(self, epoch: u64) -> Self;
}

impl Words for Commit {
    fn put(self, key: &str, kind: Kind, body: &[u8]) -> Self {
        self.put_row(key, kind, Columns::default(), body)
    }
    fn put_row(mut self, key: &str, kind: Kind, columns: Columns, body: &[u8]) -> Self {
        self.put.push(Put {
            key: Key::new(key),
            kind,
            columns,
            body: body.into(),
        });
        self
    }
    fn del(mut self, key: &str) -> Self {
        self.del.push(Key::new(key));
        self
    }
    fn expect(mut self, key: &str, version: u64) -> Self {
        self.expect.push(Expect {
            key: Key::new(key),
            version,
        });
        self
    }
    fn epoch(mut self, epoch: u64) -> Self {
        self.epoch = epoch;
        self
    }
}

/// Columns of a deploy that is due `after_s` seconds after the start.
pub fn due(account: &str, after_s: i64, priority: Priority) -> Columns {
    Columns {
        run_at: Some(Timestamp::from_micros(START.micros() + after_s * 1_000_000)),
        platform: Some(PlatformId::Meta),
        account: Some(account.parse().unwrap()),
        priority: Some(priority),
        ..Columns::default()
    }
}

/// The files of the journal, oldest first.
pub fn segments(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(dir.join("journal"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|x| x == "wal"))
        .collect();
    found.sort();
    found
}

/// Key, version and body of every row.
pub type Contents = Vec<(String, u64, Vec<u8>)>;

/// Everything a store holds, in key order.
pub async fn contents(store: &EmbeddedStore) -> Contents {
    let scan = Scan {
        limit: usize::MAX,
        ..Scan::default()
    };
    let rows = store.scan(scan).await.unwrap().rows;
    rows.into_iter()
        .map(|r| (r.key.as_str().to_owned(), r.version, r.body.to_vec()))
        .collect()
}
