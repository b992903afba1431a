//! Random commits, repeats and restarts against a model of forty lines: both stores must always agree with it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use omnitraffick::engine::{
    model::event::Seq,
    store::{
        Commit, Key, Kind, LocalStore, Scan, StoreError,
        embedded::{EmbeddedStore, Options},
        memory::MemoryStore,
        verify::verify,
    },
};
use proptest::prelude::*;
use store_support::{Words as _, clock, commit, entropy, options};
use tempfile::TempDir;

const KEYS: usize = 5;

#[derive(Clone, Debug)]
enum Op {
    /// Puts, deletes and expectations: (key, 0 = right version, else off by this).
    Write {
        put: Vec<(usize, u16)>,
        del: Vec<usize>,
        expect: Vec<(usize, u64)>,
    },
    /// The same command again, counted back.
    Repeat(usize),
    /// A used id with other content.
    Reuse(usize),
    /// Several commits at once, to make a group.
    Together(Vec<usize>),
    Reopen,
    /// Reopen without the index.
    LoseIndex,
}

fn op() -> impl Strategy<Value = Op> {
    let key = 0..KEYS;
    prop_oneof![
        8 => (
            prop::collection::vec((key.clone(), 0..9000_u16), 0..3),
            prop::collection::vec(key.clone(), 0..2),
            prop::collection::vec((key.clone(), prop_oneof![9 => Just(0_u64), 1 => 1..3_u64]), 0..3),
        ).prop_map(|(put, del, expect)| Op::Write { put, del, expect }),
        1 => (0..4_usize).prop_map(Op::Repeat),
        1 => (0..4_usize).prop_map(Op::Reuse),
        2 => prop::collection::vec(key, 2..6).prop_map(Op::Together),
        1 => Just(Op::Reopen),
        1 => Just(Op::LoseIndex),
    ]
}

fn name(key: usize) -> String {
    // Both kinds: bodies in memory and bodies in the index.
    if key.is_multiple_of(2) {
        format!("ticket/{key}")
    } else {
        format!("claim/{key}")
    }
}

fn kind(key: usize) -> Kind {
    if key.is_multiple_of(2) {
        Kind::Ticket
    } else {
        Kind::Claim
    }
}

/// What a store should be.
#[derive(Default)]
struct Model {
    rows: BTreeMap<String, (u64, Vec<u8>)>,
    done: Vec<(Commit, u64)>,
    known: HashMap<u128, u64>,
    summaries: Vec<String>,
}

impl Model {
    fn version(&self, key: &str) -> u64 {
        self.rows.get(key).map_or(0, |r| r.0)
    }

    /// Carries a commit out; `false` when an expectation does not hold.
    fn commit(&mut self, n: u128, c: &Commit) -> bool {
        if c.expect.iter().any(|e| self.version(e.key.as_str()) != e.version) {
            return false;
        }
        for key in &c.del {
            if !c.put.iter().any(|p| p.key == *key) {
                self.rows.remove(key.as_str());
            }
        }
        let mut last = BTreeMap::new();
        for p in &c.put {
            last.insert(p.key.as_str(), p.body.to_vec());
        }
        for (key, body) in last {
            let version = self.version(key) + 1;
            self.rows.insert(key.to_owned(), (version, body));
        }
        self.summaries.push(c.event.summary.clone());
        let seq = self.summaries.len() as u64;
        self.known.insert(n, seq);
        self.done.push((c.clone(), seq));
        true
    }
}

/// A store and how to open it again.
trait Subject {
    fn store(&self) -> &dyn LocalStore;
    fn reopen(&mut self, lose_index: bool);
}

struct InMemory(MemoryStore);

impl Subject for InMemory {
    fn store(&self) -> &dyn LocalStore {
        &self.0
    }
    fn reopen(&mut self, _: bool) {}
}

struct OnDisk {
    dir: TempDir,
    store: Option<EmbeddedStore>,
}

fn open(dir: &Path) -> EmbeddedStore {
    let options = Options {
        cache_bytes: 4000,
        ..options()
    };
    EmbeddedStore::open(dir, options, clock(), entropy()).unwrap().store
}

impl Subject for OnDisk {
    fn store(&self) -> &dyn LocalStore {
        self.store.as_ref().unwrap()
    }
    fn reopen(&mut self, lose_index: bool) {
        self.store = None;
        if lose_index {
            std::fs::remove_dir_all(self.dir.path().join("index")).unwrap();
        } else {
            let report = verify(self.dir.path());
            assert_eq!((report.problems, report.notes), (vec![], vec![]));
        }
        self.store = Some(open(self.dir.path()));
    }
}

async fn run(subject: &mut dyn Subject, ops: Vec<Op>) {
    let mut model = Model::default();
    for (n, op) in ops.into_iter().enumerate() {
        let n = n as u128 * 100;
        match op {
            Op::Write { put, del, expect } => {
                let mut c = commit(n);
                for (k, len) in put {
                    let body = vec![u8::try_from(len % 256).unwrap(); usize::from(len)];
                    c = c.put(&name(k), kind(k), &body);
                }
                for k in del {
                    c = c.del(&name(k));
                }
                for (k, off) in expect {
                    let version = model.version(&name(k)) + off;
                    c = c.expect(&name(k), version);
                }
                let answer = subject.store().commit(c.clone()).await;
                if model.commit(n, &c) {
                    assert_eq!(answer.unwrap().seq.0, model.known[&n]);
                } else {
                    assert!(matches!(answer, Err(StoreError::Conflict { .. })), "{answer:?}");
                }
            }
            Op::Repeat(back) => {
                if let Some((c, seq)) = model.done.iter().rev().nth(back) {
                    let again = subject.store().commit(c.clone()).await.unwrap();
                    assert_eq!((again.seq.0, again.repeated), (*seq, true));
                }
            }
            Op::Reuse(back) => {
                if let Some((c, _)) = model.done.iter().rev().nth(back) {
                    let other = Commit {
                        command_hash: omnitraffick::engine::model::json::Sha::of(b"other"),
                        ..c.clone()
                    };
                    let answer = subject.store().commit(other).await;
                    assert_eq!(answer, Err(StoreError::CommandIdReused(c.command)));
                }
            }
            Op::Together(keys) => {
                let commits: Vec<_> = keys
                    .iter()
                    .enumerate()
                    .map(|(i, k)| {
                        let c = commit(n + i as u128).expect(&name(*k), model.version(&name(*k)));
                        if i % 2 == 0 {
                            c.put(&name(*k), kind(*k), b"together")
                        } else {
                            c.del(&name(*k))
                        }
                    })
                    .collect();
                let mut answers = Vec::new();
                {
                    let store = subject.store();
                    let mut waiting: Vec<_> = commits.iter().map(|c| store.commit(c.clone())).collect();
                    // Each is polled once before any is awaited: the queue has them in this order.
                    let mut first: Vec<_> = Vec::new();
                    for f in &mut waiting {
                        first.push(
                            std::future::poll_fn(|cx| {
                                std::task::Poll::Ready(match f.as_mut().poll(cx) {
                                    std::task::Poll::Ready(v) => Some(v),
                                    std::task::Poll::Pending => None,
                                })
                            })
                            .await,
                        );
                    }
                    for (f, done) in waiting.into_iter().zip(first) {
                        answers.push(match done {
                            Some(v) => v,
                            None => f.await,
                        });
                    }
                }
                for (i, (c, answer)) in commits.iter().zip(answers).enumerate() {
                    if model.commit(n + i as u128, c) {
                        assert_eq!(answer.unwrap().seq.0, model.known[&(n + i as u128)]);
                    } else {
                        assert!(matches!(answer, Err(StoreError::Conflict { .. })), "{answer:?}");
                    }
                }
            }
            Op::Reopen => subject.reopen(false),
            Op::LoseIndex => subject.reopen(true),
        }
        check(subject.store(), &model).await;
    }
    subject.reopen(false);
    check(subject.store(), &model).await;
}

async fn check(store: &dyn LocalStore, model: &Model) {
    for k in 0..KEYS {
        let row = store
            .get(&Key::new(name(k)))
            .await
            .unwrap()
            .map(|r| (r.version, r.body.to_vec()));
        assert_eq!(row.as_ref(), model.rows.get(&name(k)), "{}", name(k));
    }
    let scan = Scan {
        limit: 100,
        ..Scan::default()
    };
    let rows = store.scan(scan).await.unwrap().rows;
    assert!(
        rows.iter()
            .map(|r| r.key.as_str())
            .eq(model.rows.keys().map(String::as_str))
    );
    let events = store.events(Seq(0), 10_000).await.unwrap();
    assert!(events.iter().map(|e| &e.summary).eq(&model.summaries));
    assert_eq!(store.watch().borrow().seq.0, model.summaries.len() as u64);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn memory_agrees_with_the_model(ops in prop::collection::vec(op(), 1..60)) {
        let mut subject = InMemory(MemoryStore::new(clock(), entropy()));
        runtime().block_on(run(&mut subject, ops));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_embedded_store_agrees_with_the_model(ops in prop::collection::vec(op(), 1..50)) {
        let dir = TempDir::new().unwrap();
        let store = Some(open(dir.path()));
        runtime().block_on(run(&mut OnDisk { dir, store }, ops));
    }
}
