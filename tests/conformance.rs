//! What every store promises, one function per rule, run on each store there is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use omnitraffick::engine::{
    clock::{Clock as _, ManualClock, SystemEntropy},
    model::{event::Seq, ids::LeaseId, json::Sha, platform::PlatformId, ticket::Priority, time::Timestamp},
    store::{
        Applied, Claim, Columns, Commit, Key, Kind, Lease, LocalStore, Observer, Row, Scan, Store, StoreError, Wanted,
        codec, embedded::EmbeddedStore, memory::MemoryStore, schema,
    },
};
use rstest::rstest;
use store_support::{START, Words as _, clock, commit, due, entropy, options, person};
use tempfile::TempDir;

/// A store under test, with its clock.
struct Bench {
    store: Arc<dyn LocalStore>,
    clock: Arc<ManualClock>,
    _dir: Option<TempDir>,
}

fn memory() -> Bench {
    let clock = clock();
    Bench {
        store: Arc::new(MemoryStore::new(clock.clone(), entropy())),
        clock,
        _dir: None,
    }
}

fn embedded() -> Bench {
    let clock = clock();
    let dir = TempDir::new().unwrap();
    let opened = EmbeddedStore::open(dir.path(), options(), clock.clone(), entropy()).unwrap();
    Bench {
        store: Arc::new(opened.store),
        clock,
        _dir: Some(dir),
    }
}

impl Bench {
    async fn ok(&self, c: Commit) -> Seq {
        let done = self.store.commit(c).await.unwrap();
        assert!(!done.repeated);
        done.seq
    }

    async fn err(&self, c: Commit) -> StoreError {
        self.store.commit(c).await.unwrap_err()
    }

    async fn version(&self, key: &str) -> u64 {
        self.store.get(&Key::new(key)).await.unwrap().map_or(0, |r| r.version)
    }

    async fn body(&self, key: &str) -> Option<Vec<u8>> {
        self.store.get(&Key::new(key)).await.unwrap().map(|r| r.body.to_vec())
    }

    async fn claim(&self, limit: usize) -> Vec<Lease> {
        self.claim_with(limit, 1, Vec::new()).await
    }

    async fn claim_with(&self, limit: usize, per_account: usize, skip: Vec<(PlatformId, &str)>) -> Vec<Lease> {
        let claim = Claim {
            now: self.clock.now(),
            ttl: Duration::from_secs(60),
            limit,
            per_account,
            skip: skip.into_iter().map(|(p, a)| (p, a.parse().unwrap())).collect(),
            epoch: self.store.epoch(),
        };
        self.store.claim(claim).await.unwrap()
    }

    async fn all(&self, kind: Kind) -> Vec<Row> {
        let scan = Scan {
            kind: Some(kind),
            limit: usize::MAX,
            ..Scan::default()
        };
        self.store.scan(scan).await.unwrap().rows
    }
}

fn names(leases: &[Lease]) -> Vec<&str> {
    leases.iter().map(|l| l.key.as_str()).collect()
}

fn deploy(n: u128, key: &str, account: &str, after_s: i64, priority: Priority) -> Commit {
    commit(n).put_row(key, Kind::Deploy, due(account, after_s, priority), b"d")
}

// ---- commits -----------------------------------------------------------------------------------------------------

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn a_conflict_changes_nothing(#[case] b: Bench) {
    b.ok(commit(1).put("market/a", Kind::Market, b"1")).await;
    let stale = commit(2)
        .put("market/b", Kind::Market, b"2")
        .put("market/a", Kind::Market, b"2")
        .expect("market/b", 0)
        .expect("market/a", 7);
    let expected = StoreError::Conflict {
        key: Key::new("market/a"),
        expected: 7,
        actual: 1,
    };
    assert_eq!(b.err(stale).await, expected);
    assert_eq!(b.version("market/b").await, 0);
    assert_eq!(b.body("market/a").await.unwrap(), b"1");
    // The refused command may be decided again under the same id.
    assert_eq!(
        b.ok(commit(2).put("market/b", Kind::Market, b"2").expect("market/a", 1))
            .await,
        Seq(2)
    );
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn absence_can_be_relied_on(#[case] b: Bench) {
    b.ok(commit(1).put("claim/x", Kind::Claim, b"a").expect("claim/x", 0))
        .await;
    assert!(matches!(
        b.err(commit(2).put("claim/x", Kind::Claim, b"b").expect("claim/x", 0))
            .await,
        StoreError::Conflict { actual: 1, .. }
    ));
    b.ok(commit(3).del("claim/x").expect("claim/x", 1)).await;
    assert_eq!(b.body("claim/x").await, None);
    b.ok(commit(4).put("claim/x", Kind::Claim, b"c").expect("claim/x", 0))
        .await;
    assert_eq!(b.version("claim/x").await, 1);
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn members_of_a_group_see_each_other(#[case] b: Bench) {
    // Sent together, so that a store that groups has them in one group.
    let (one, two, three, four) = tokio::join!(
        b.store
            .commit(commit(1).put("ticket/a", Kind::Ticket, b"1").expect("ticket/a", 0)),
        b.store
            .commit(commit(2).put("ticket/a", Kind::Ticket, b"2").expect("ticket/a", 1)),
        b.store
            .commit(commit(3).put("ticket/a", Kind::Ticket, b"3").expect("ticket/a", 1)),
        b.store
            .commit(commit(1).put("ticket/a", Kind::Ticket, b"1").expect("ticket/a", 0)),
    );
    let (gone, free) = tokio::join!(
        b.store.commit(commit(5).put("claim/g", Kind::Claim, b"1")),
        b.store.commit(commit(6).del("claim/g").expect("claim/g", 1)),
    );
    assert!(gone.is_ok() && free.is_ok());
    let (gone, free) = tokio::join!(
        b.store.commit(commit(7).del("ticket/a").expect("ticket/a", 2)),
        b.store
            .commit(commit(8).put("ticket/b", Kind::Ticket, b"1").expect("ticket/a", 0)),
    );
    assert!(gone.is_ok() && free.is_ok(), "{free:?}");
    b.ok(commit(9).put("ticket/a", Kind::Ticket, b"2")).await;
    assert_eq!(one.unwrap().seq, Seq(1));
    assert_eq!(two.unwrap().seq, Seq(2));
    assert!(matches!(three, Err(StoreError::Conflict { actual: 2, .. })));
    let four = four.unwrap();
    assert_eq!((four.seq, four.repeated), (Seq(1), true));
    assert_eq!(b.body("ticket/a").await.unwrap(), b"2");
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn resend_after_lost_answer_is_one_commit(#[case] b: Bench) {
    let c = commit(1).put("market/a", Kind::Market, b"1").expect("market/a", 0);
    b.ok(c.clone()).await;
    b.ok(commit(2).put("market/a", Kind::Market, b"2")).await;
    let again = b.store.commit(c.clone()).await.unwrap();
    assert_eq!((again.seq, again.repeated), (Seq(1), true));
    assert_eq!(b.body("market/a").await.unwrap(), b"2");
    let reused = Commit {
        command_hash: Sha::of(b"something else"),
        ..c.clone()
    };
    assert_eq!(b.err(reused).await, StoreError::CommandIdReused(c.command));
    // Thirty days later nobody asks any more, and the id is forgotten.
    b.clock.advance(Duration::from_secs(31 * 24 * 3600));
    b.ok(commit(3)).await;
    assert!(matches!(b.err(c).await, StoreError::Conflict { .. }));
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn an_older_engine_is_fenced_off(#[case] b: Bench) {
    let start = |n, epoch: u64| {
        let body = codec::encode(&schema::Epoch {
            n: epoch,
            build: "test".into(),
        });
        commit(n)
            .epoch(epoch - 1)
            .put(schema::keys::epoch().as_str(), Kind::Epoch, &body.unwrap())
    };
    assert_eq!(b.store.epoch(), 0);
    b.ok(start(1, 1)).await;
    assert_eq!(b.store.epoch(), 1);
    b.ok(commit(2).epoch(1)).await;
    b.ok(start(3, 2)).await;
    let StoreError::Fenced(words) = b.err(commit(4).epoch(1)).await else {
        panic!("not fenced")
    };
    assert_eq!(words, "engine start 1 tried to write, but start 2 has taken over");
    b.ok(commit(4).epoch(2)).await;

    // Nor does it take work away from the one that took over.
    b.ok(deploy(5, "deploy/a", "act_a", 0, Priority::Normal).epoch(2)).await;
    let claim = |epoch| Claim {
        now: b.clock.now(),
        ttl: Duration::from_secs(60),
        limit: 1,
        per_account: 1,
        skip: BTreeSet::new(),
        epoch,
    };
    assert!(matches!(b.store.claim(claim(1)).await, Err(StoreError::Fenced(_))));
    assert_eq!(b.store.claim(claim(2)).await.unwrap().len(), 1);
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn what_cannot_be_stored_is_refused_with_its_size(#[case] b: Bench) {
    let large = commit(1).put("ticket/a", Kind::Ticket, &vec![1; 70_000]);
    assert!(matches!(b.err(large).await, StoreError::TooLarge { bytes, max: 65_536 } if bytes >= 70_000));
    for key in ["", "a\nb", "ü", &"k".repeat(257)] {
        assert!(
            matches!(b.err(commit(2).put(key, Kind::Claim, b"")).await, StoreError::Io(_)),
            "{key:?}"
        );
    }
    b.ok(commit(3).put("ticket/a", Kind::Ticket, &vec![1; 60_000])).await;
    assert_eq!(b.body("ticket/a").await.unwrap(), vec![1; 60_000]);
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn one_key_is_written_once_per_commit(#[case] b: Bench) {
    b.ok(commit(1).put("a", Kind::Claim, b"0")).await;
    let c = commit(2)
        .put("a", Kind::Claim, b"1")
        .put("a", Kind::Claim, b"2")
        .del("a")
        .del("nothing")
        .del("nothing");
    b.ok(c).await;
    assert_eq!((b.version("a").await, b.body("a").await.unwrap()), (2, b"2".to_vec()));
}

// ---- events ------------------------------------------------------------------------------------------------------

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn events_are_contiguous(#[case] b: Bench) {
    for n in 1..=150 {
        b.ok(commit(n).put(&format!("ticket/{}", n % 7), Kind::Ticket, &vec![b'x'; 500]))
            .await;
    }
    let mut after = Seq(0);
    let mut seen = Vec::new();
    loop {
        let page = b.store.events(after, 40).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.seq;
        seen.extend(page.into_iter().map(|e| (e.seq.0, e.summary)));
    }
    let expected: Vec<_> = (1..=150).map(|n| (n, format!("command {n}"))).collect();
    assert_eq!(seen, expected);
    assert!(b.store.events(Seq(900), 10).await.unwrap().is_empty());
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn what_a_row_was_is_known_by_the_commit_that_wrote_it(#[case] b: Bench) {
    for n in 1..=90_u128 {
        let body = n.to_string();
        b.ok(commit(n).put(&format!("ticket/{}", n % 9), Kind::Ticket, body.as_bytes()))
            .await;
    }
    let key = Key::new("ticket/4");
    let written = async |up_to: u64| {
        let row = b.store.written(&key, Seq(up_to)).await.unwrap();
        row.map(|(seq, row)| (seq.0, row.version, row.body.to_vec()))
    };
    // Written by commits 4, 13, 22 ...
    assert_eq!(written(22).await, Some((22, 3, b"22".to_vec())));
    assert_eq!(written(21).await, Some((13, 2, b"13".to_vec())));
    assert_eq!(written(3).await, None);
    assert_eq!(written(9_999).await, Some((85, 10, b"85".to_vec())));
}

#[derive(Default)]
struct Projection(Mutex<(BTreeMap<Key, Row>, Vec<u64>)>);

impl Observer for Projection {
    fn applied(&self, group: &[&Applied]) {
        let mut state = self.0.lock().unwrap();
        for a in group {
            state.1.push(a.event.seq.0);
            for key in &a.del {
                state.0.remove(key);
            }
            for row in &a.put {
                state.0.insert(row.key.clone(), row.clone());
            }
        }
    }
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_projection_misses_nothing(#[case] b: Bench) {
    for n in 1..=20 {
        b.ok(commit(n).put(&format!("ticket/{n}"), Kind::Ticket, &vec![1; 5000]))
            .await;
    }
    b.ok(commit(21).put("claim/x", Kind::Claim, b"")).await;
    let store = b.store.clone();
    let writing = tokio::spawn(async move {
        for n in 22..120_u128 {
            let c = commit(n).put(&format!("ticket/{}", n % 30), Kind::Ticket, &n.to_le_bytes());
            let c = if n % 5 == 0 {
                c.del(&format!("ticket/{}", n % 11))
            } else {
                c
            };
            store.commit(c).await.unwrap();
        }
    });
    let projection = Arc::new(Projection::default());
    let mut rows = BTreeMap::new();
    let store = b.store.clone();
    let observer = projection.clone();
    let (head, mut rows) = tokio::task::spawn_blocking(move || {
        let head = store.attach(&Wanted::all_of(&[Kind::Ticket]), observer, &mut |row| {
            rows.insert(row.key.clone(), row);
        });
        (head.unwrap(), rows)
    })
    .await
    .unwrap();
    writing.await.unwrap();
    let (later, seqs) = std::mem::take(&mut *projection.0.lock().unwrap());
    let expected: Vec<u64> = (head.seq.0 + 1..=119).collect();
    assert_eq!(seqs, expected, "from the head on, each once");
    // The rows at attach and what came after make what the store has now.
    let mut events = b.store.events(head.seq, 1000).await.unwrap();
    assert_eq!(events.len() as u64, 119 - head.seq.0);
    events.clear();
    rows.extend(later);
    let now: BTreeMap<Key, Row> = b
        .all(Kind::Ticket)
        .await
        .into_iter()
        .map(|r| (r.key.clone(), r))
        .collect();
    rows.retain(|key, _| now.contains_key(key));
    assert_eq!(rows, now);
}

/// There are as many ended deploys as there were tickets: whoever attaches names how many of the newest he wants.
#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ended_deploys_the_newest_are_handed_out(#[case] b: Bench) {
    let ended = |n: u64| Columns {
        updated_at: Some(START.plus(Duration::from_secs(n))),
        ..Columns::default()
    };
    // The later a deploy of the first ten ended, the earlier it stands among the keys.
    for n in 0..10 {
        let key = format!("deploy/{}", 9 - n);
        b.ok(commit(u128::from(n) + 1).put_row(&key, Kind::Deploy, ended(n), b"over"))
            .await;
    }
    b.ok(commit(11).put("deploy/open", Kind::Deploy, b"open")).await;
    b.ok(commit(12).put_row("ticket/old", Kind::Ticket, ended(0), b"t"))
        .await;
    let wanted = |ended| Wanted {
        kinds: vec![Kind::Ticket, Kind::Deploy],
        ended,
    };
    for (many, expected) in [
        (0, vec!["deploy/open", "ticket/old"]),
        (2, vec!["deploy/0", "deploy/1", "deploy/open", "ticket/old"]),
    ] {
        let (store, observer) = (b.store.clone(), Arc::new(Projection::default()));
        let wanted = wanted(many);
        let attach = move || {
            let mut keys = Vec::new();
            store
                .attach(&wanted, observer, &mut |row| keys.push(row.key.to_string()))
                .unwrap();
            keys.sort();
            keys
        };
        assert_eq!(tokio::task::spawn_blocking(attach).await.unwrap(), expected);
    }
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn the_head_moves_and_following_by_number_converges_without_it(#[case] b: Bench) {
    let mut watch = b.store.watch();
    assert_eq!(watch.borrow_and_update().seq, Seq(0));
    b.ok(commit(1)).await;
    watch.changed().await.unwrap();
    let first = *watch.borrow_and_update();
    assert_eq!(first.seq, Seq(1));
    b.ok(commit(2)).await;
    assert_ne!(watch.borrow_and_update().hash, first.hash);
    drop(watch);
    b.ok(commit(3)).await;
    assert_eq!(b.store.events(Seq(2), 10).await.unwrap().len(), 1);
}

// ---- listings ----------------------------------------------------------------------------------------------------

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn a_cursor_neither_skips_nor_repeats_under_writes(#[case] b: Bench) {
    for n in 0..40_u128 {
        b.ok(commit(n).put(&format!("ticket/{:03}", n * 2), Kind::Ticket, b"old"))
            .await;
        b.ok(commit(1000 + n).put(&format!("brand/{n}"), Kind::Brand, b""))
            .await;
    }
    let mut seen = Vec::new();
    let mut scan = Scan {
        kind: Some(Kind::Ticket),
        limit: 7,
        ..Scan::default()
    };
    let mut n = 5000;
    loop {
        let page = b.store.scan(scan.clone()).await.unwrap();
        seen.extend(page.rows.iter().map(|r| r.key.as_str().to_owned()));
        let Some(next) = page.next else { break };
        scan.after = Some(next);
        n += 1;
        // One before the cursor, one after it, and a change of one already seen.
        b.ok(commit(n)
            .put(&format!("ticket/{:03}", 1), Kind::Ticket, b"x")
            .put("ticket/000", Kind::Ticket, b"y"))
            .await;
        b.ok(commit(n + 500).put(&format!("ticket/{n}"), Kind::Ticket, b"new"))
            .await;
    }
    let unique: BTreeSet<_> = seen.iter().cloned().collect();
    assert_eq!(unique.len(), seen.len(), "none twice");
    for n in 0..40 {
        assert!(
            unique.contains(&format!("ticket/{:03}", n * 2)),
            "{n} was there all the time"
        );
    }
    let mut sorted = seen.clone();
    sorted.sort();
    assert_eq!(sorted, seen, "in key order");
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn every_column_filters(#[case] b: Bench) {
    use omnitraffick::engine::model::ticket::Status;
    let columns = |status, campaign: &str, account: &str| Columns {
        status: Some(status),
        campaign: Some(campaign.into()),
        account: Some(account.parse().unwrap()),
        ..Columns::default()
    };
    b.ok(commit(1).put_row("ticket/a", Kind::Ticket, columns(Status::Draft, "c1", "act_1"), b""))
        .await;
    b.ok(commit(2).put_row("ticket/b", Kind::Ticket, columns(Status::Failed, "c1", "act_2"), b""))
        .await;
    b.ok(commit(3).put_row("ticket/c", Kind::Ticket, columns(Status::Draft, "c2", "act_2"), b""))
        .await;
    b.ok(deploy(4, "deploy/a", "act_1", 10, Priority::Low)).await;
    b.ok(deploy(5, "deploy/b", "act_1", 20, Priority::Low)).await;
    b.ok(commit(6).put("claim/a", Kind::Claim, b"")).await;
    let base = || Scan {
        limit: 10,
        ..Scan::default()
    };
    let cases = [
        (base(), "claim/a deploy/a deploy/b ticket/a ticket/b ticket/c"),
        (
            Scan {
                kind: Some(Kind::Claim),
                ..base()
            },
            "claim/a",
        ),
        (
            Scan {
                kind: Some(Kind::Hold),
                ..base()
            },
            "",
        ),
        (
            Scan {
                status: Some(Status::Draft),
                ..base()
            },
            "ticket/a ticket/c",
        ),
        (
            Scan {
                campaign: Some("c1".into()),
                ..base()
            },
            "ticket/a ticket/b",
        ),
        (
            Scan {
                campaign: Some("none".into()),
                ..base()
            },
            "",
        ),
        (
            Scan {
                account: Some("act_1".parse().unwrap()),
                ..base()
            },
            "deploy/a deploy/b ticket/a",
        ),
        (
            Scan {
                due_by: Some(START.plus(Duration::from_secs(10))),
                ..base()
            },
            "deploy/a",
        ),
        (
            Scan {
                after: Some(Key::new("deploy/b")),
                ..base()
            },
            "ticket/a ticket/b ticket/c",
        ),
        (
            Scan {
                kind: Some(Kind::Deploy),
                after: Some(Key::new("deploy/a")),
                ..base()
            },
            "deploy/b",
        ),
        (
            Scan {
                kind: Some(Kind::Deploy),
                after: Some(Key::new("deploy/b")),
                ..base()
            },
            "",
        ),
        (
            Scan {
                kind: Some(Kind::Deploy),
                after: Some(Key::new("a")),
                ..base()
            },
            "deploy/a deploy/b",
        ),
        (
            Scan {
                kind: Some(Kind::Deploy),
                after: Some(Key::new("z")),
                ..base()
            },
            "",
        ),
    ];
    for (scan, expected) in cases {
        let page = b.store.scan(scan.clone()).await.unwrap();
        let keys: Vec<_> = page.rows.iter().map(|r| r.key.as_str()).collect();
        assert_eq!(keys.join(" "), expected, "{scan:?}");
        assert_eq!(page.next, None);
    }
}

// ---- the due queue -----------------------------------------------------------------------------------------------

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn accounts_take_turns_and_priority_counts_inside_one(#[case] b: Bench) {
    b.ok(deploy(1, "deploy/a1", "act_a", 0, Priority::Normal)).await;
    b.ok(deploy(2, "deploy/a2", "act_a", -5, Priority::Normal)).await;
    b.ok(deploy(3, "deploy/a3", "act_a", 0, Priority::Urgent)).await;
    b.ok(deploy(4, "deploy/b1", "act_b", 0, Priority::Low)).await;
    b.ok(deploy(5, "deploy/c1", "act_c", 60, Priority::Urgent)).await;
    let leases = b.claim_with(10, 10, vec![]).await;
    assert_eq!(names(&leases), ["deploy/a3", "deploy/b1", "deploy/a2", "deploy/a1"]);
    for lease in &leases {
        b.store.release(lease).await.unwrap();
    }
    // The account served last comes last.
    let first = b.claim(1).await;
    assert_eq!(names(&first), ["deploy/b1"]);
    b.clock.advance(Duration::from_secs(60));
    assert_eq!(names(&b.claim(1).await), ["deploy/c1"]);
    assert_eq!(names(&b.claim(1).await), ["deploy/a3"]);
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn account_slots_hold_and_skipped_accounts_wait(#[case] b: Bench) {
    for n in 0..6 {
        b.ok(deploy(
            n,
            &format!("deploy/{n}"),
            if n < 4 { "act_a" } else { "act_b" },
            0,
            Priority::Normal,
        ))
        .await;
    }
    let first = b.claim_with(10, 2, vec![(PlatformId::Meta, "act_b")]).await;
    assert_eq!(names(&first), ["deploy/0", "deploy/1"]);
    assert!(b.claim_with(10, 2, vec![(PlatformId::Meta, "act_b")]).await.is_empty());
    b.store.release(&first[0]).await.unwrap();
    b.store.release(&first[0]).await.unwrap();
    assert_eq!(
        names(&b.claim_with(10, 2, vec![]).await),
        ["deploy/4", "deploy/0", "deploy/5"]
    );
    // What finishes or is paused is never handed out again.
    b.store.release(&first[1]).await.unwrap();
    b.ok(commit(50).put("deploy/1", Kind::Deploy, b"done").del("deploy/2"))
        .await;
    assert_eq!(names(&b.claim_with(10, 2, vec![]).await), ["deploy/3"]);
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_claim_is_exclusive_among_sixteen(#[case] b: Bench) {
    for n in 0..64 {
        b.ok(deploy(
            n,
            &format!("deploy/{n}"),
            &format!("act_{}", n % 4),
            0,
            Priority::Normal,
        ))
        .await;
    }
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let (store, now) = (b.store.clone(), b.clock.now());
        tasks.push(tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claim = Claim {
                    now,
                    ttl: Duration::from_secs(60),
                    limit: 3,
                    per_account: 100,
                    skip: BTreeSet::new(),
                    epoch: 0,
                };
                let got = store.claim(claim).await.unwrap();
                if got.is_empty() {
                    return mine;
                }
                mine.extend(got.into_iter().map(|l| l.key));
                tokio::task::yield_now().await;
            }
        }));
    }
    let mut all = Vec::new();
    for t in tasks {
        all.extend(t.await.unwrap());
    }
    let unique: BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), unique.len()), (64, 64));
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn a_lost_lease_is_lost(#[case] b: Bench) {
    b.ok(deploy(1, "deploy/a", "act_a", 0, Priority::Normal)).await;
    let lease = b.claim(1).await.remove(0);
    assert_eq!(lease.until, START.plus(Duration::from_secs(60)));
    let under = |n, id: LeaseId| Commit {
        lease: Some(id),
        ..commit(n)
    };
    b.ok(under(2, lease.id)).await;
    b.clock.advance(Duration::from_secs(50));
    let renewed = b
        .store
        .renew(&lease, START.plus(Duration::from_secs(110)))
        .await
        .unwrap();
    assert_eq!(
        (renewed.id, renewed.until),
        (lease.id, START.plus(Duration::from_secs(110)))
    );
    b.clock.advance(Duration::from_secs(60));
    assert!(b.claim(1).await.is_empty(), "it holds up to its last moment");
    b.ok(under(3, lease.id)).await;
    b.clock.advance(Duration::from_secs(1));
    assert!(matches!(b.err(under(4, lease.id)).await, StoreError::Fenced(_)));
    let late = b.store.renew(&lease, START.plus(Duration::from_secs(999))).await;
    assert!(matches!(late, Err(StoreError::Fenced(_))));
    let next = b.claim(5).await;
    assert_eq!(names(&next), ["deploy/a"]);
    assert_ne!(next[0].id, lease.id);
    assert!(b.claim(5).await.is_empty(), "claimable once");
    b.store.release(&lease).await.unwrap();
    b.ok(under(5, next[0].id)).await;
    // A new engine start ends every lease of the old one.
    b.ok(commit(6).epoch(1)).await;
    assert!(matches!(
        b.err(under(7, next[0].id).epoch(1)).await,
        StoreError::Fenced(_)
    ));
    assert_eq!(names(&b.claim(5).await), ["deploy/a"]);
}

#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test]
async fn a_clock_that_goes_back_runs_nothing_early(#[case] b: Bench) {
    b.ok(deploy(1, "deploy/a", "act_a", 100, Priority::Normal)).await;
    let claim = |s: i64| Claim {
        now: Timestamp::from_micros(START.micros() + s * 1_000_000),
        ttl: Duration::from_secs(60),
        limit: 1,
        per_account: 1,
        skip: BTreeSet::new(),
        epoch: 0,
    };
    assert!(b.store.claim(claim(99)).await.unwrap().is_empty());
    let lease = b.store.claim(claim(100)).await.unwrap().remove(0);
    b.store.release(&lease).await.unwrap();
    assert!(b.store.claim(claim(99)).await.unwrap().is_empty());
    assert_eq!(b.store.claim(claim(100)).await.unwrap().len(), 1);
}

// ---- under load --------------------------------------------------------------------------------------------------

/// Eight clients add one to four registers by compare-and-set; every success must count exactly once.
#[rstest]
#[case::memory(memory())]
#[case::embedded(embedded())]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn registers_of_eight_clients_are_compare_and_set(#[case] b: Bench) {
    const REGISTERS: u128 = 4;
    const ROUNDS: u128 = 25;
    let mut tasks = Vec::new();
    for client in 0..8_u128 {
        let store = b.store.clone();
        tasks.push(tokio::spawn(async move {
            let mut wins: Vec<(Seq, u128, u64)> = Vec::new();
            for round in 0..ROUNDS {
                let register = (client + round) % REGISTERS;
                let key = format!("ticket/{register}");
                for attempt in 0.. {
                    let row = store.get(&Key::new(&key)).await.unwrap();
                    let version = row.as_ref().map_or(0, |r| r.version);
                    let value = row.map_or(0, |r| u64::from_le_bytes((&*r.body).try_into().unwrap()));
                    assert_eq!(value, version, "the value counts the writes");
                    let c = commit((client << 64) | (round << 32) | attempt)
                        .put(&key, Kind::Ticket, &(value + 1).to_le_bytes())
                        .expect(&key, version);
                    match store.commit(c).await {
                        Ok(done) => {
                            wins.push((done.seq, register, value + 1));
                            break;
                        }
                        Err(StoreError::Conflict { .. } | StoreError::Busy) => {}
                        Err(e) => panic!("{e}"),
                    }
                }
            }
            wins
        }));
    }
    let mut wins = Vec::new();
    for t in tasks {
        wins.extend(t.await.unwrap());
    }
    wins.sort();
    let mut registers = [0_u64; REGISTERS as usize];
    for (at, (seq, register, value)) in wins.iter().enumerate() {
        assert_eq!(seq.0, at as u64 + 1, "contiguous, each once");
        let r = &mut registers[usize::try_from(*register).unwrap()];
        *r += 1;
        assert_eq!(*r, *value, "in sequence order each write follows the one before");
    }
    assert_eq!(registers.iter().sum::<u64>(), 8 * 25);
}

/// An observer that waits holds the writer.
struct Slow(Mutex<std::sync::mpsc::Receiver<()>>);
impl Observer for Slow {
    fn applied(&self, _: &[&Applied]) {
        let _ = self.0.lock().unwrap().recv();
    }
}

#[tokio::test]
async fn a_full_queue_is_busy_at_once() {
    let dir = TempDir::new().unwrap();
    let few = omnitraffick::engine::store::embedded::Options { queue: 4, ..options() };
    let opened = EmbeddedStore::open(dir.path(), few, clock(), Arc::new(SystemEntropy::seeded(1))).unwrap();
    // While the writer is held, not all of twelve can be queued.
    let (go, wait) = std::sync::mpsc::sync_channel(100);
    opened
        .store
        .attach(&Wanted::all_of(&[]), Arc::new(Slow(Mutex::new(wait))), &mut |_| {})
        .unwrap();
    let store = Arc::new(opened.store);
    let mut waiting = Vec::new();
    let mut busy = 0;
    for n in 0..12 {
        let store = store.clone();
        let mut task = Box::pin(async move { store.commit(commit(n)).await });
        // Polled once: queued, or refused.
        match futures_poll(&mut task).await {
            Some(Err(StoreError::Busy)) => busy += 1,
            Some(other) => panic!("{other:?}"),
            None => waiting.push(task),
        }
    }
    assert!(busy >= 12 - 4 - 4, "at most one group and one queue fit: {busy}");
    for _ in 0..20 {
        go.send(()).unwrap();
    }
    for task in waiting {
        task.await.unwrap();
    }
    assert_eq!(
        store
            .commit(Commit {
                actor: person(),
                ..commit(99)
            })
            .await
            .unwrap()
            .seq
            .0,
        13 - busy
    );
}

/// Polls a future once.
async fn futures_poll<F: Future + Unpin>(f: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|cx| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *f).poll(cx) {
            std::task::Poll::Ready(v) => Some(v),
            std::task::Poll::Pending => None,
        })
    })
    .await
}
