//! A disk that fails: every kind of failure at every call of a scripted run, and power cuts. What was acknowledged is
//! there afterwards, in order; nothing is acknowledged after a failed sync.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;

use std::{path::Path, sync::Arc};

use omnitraffick::engine::{
    model::{actor::Actor, event::Seq},
    store::{
        Claim, Commit, Kind, LocalStore as _, Store as _, StoreError,
        embedded::{EmbeddedStore, Opened, Options},
        verify::verify,
    },
};
use rstest::rstest;
use store_support::{
    START, Words as _, clock, commit, entropy,
    fault_disk::{Fault, FaultDisk},
    open, options,
};
use tempfile::TempDir;

/// Segments of two or three commits, so that a short run rotates.
fn on(disk: &FaultDisk) -> Options {
    Options {
        disk: Arc::new(disk.clone()),
        segment_bytes: 4096,
        ..options()
    }
}

fn open_on(dir: &Path, disk: &FaultDisk) -> Result<Opened, StoreError> {
    EmbeddedStore::open(dir, on(disk), clock(), entropy())
}

fn step(n: u128) -> Commit {
    commit(n).put(&format!("ticket/{}", n % 3), Kind::Ticket, &[1; 1500])
}

/// Twelve commits, some of them sent together. The numbers of the acknowledged ones.
async fn script(store: &EmbeddedStore) -> Vec<(u128, Seq)> {
    let mut acked = Vec::new();
    let mut note = |n: u128, answer: Result<omnitraffick::engine::store::Committed, StoreError>| match answer {
        Ok(done) => acked.push((n, done.seq)),
        Err(StoreError::ReadOnly(_) | StoreError::DiskFull(_)) => {}
        Err(e) => panic!("commit {n}: {e}"),
    };
    for n in (1..=12).step_by(3) {
        note(n, store.commit(step(n)).await);
        let (a, b) = tokio::join!(store.commit(step(n + 1)), store.commit(step(n + 2)));
        note(n + 1, a);
        note(n + 2, b);
    }
    acked
}

/// Opens with a sound disk: everything acknowledged is there under its number, and the store is whole.
async fn assert_kept(dir: &Path, acked: &[(u128, Seq)], what: &str) {
    let opened = EmbeddedStore::open(dir, options(), clock(), entropy()).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(opened.store.read_only(), None, "{what}");
    let events = opened.store.events(Seq(0), 100).await.unwrap();
    assert!(
        events.iter().map(|e| e.seq.0).eq(1..=events.len() as u64),
        "{what}: contiguous"
    );
    for (n, seq) in acked {
        let again = opened.store.commit(step(*n)).await.unwrap();
        assert_eq!((again.seq, again.repeated), (*seq, true), "{what}: commit {n}");
    }
    opened.store.commit(step(100)).await.unwrap();
    drop(opened);
    assert_eq!(verify(dir).problems, Vec::<String>::new(), "{what}");
}

#[rstest]
#[case::eio(Fault::Eio)]
#[case::enospc(Fault::Enospc)]
#[case::short_write(Fault::Short)]
#[case::signal(Fault::Eintr)]
#[case::syncs_fail(Fault::SyncEio)]
#[tokio::test]
async fn a_failure_at_any_call_loses_nothing(#[case] fault: Fault) {
    for k in 0.. {
        let dir = TempDir::new().unwrap();
        let disk = FaultDisk::new(k, fault);
        let mut acked = Vec::new();
        if let Ok(opened) = open_on(dir.path(), &disk) {
            acked = script(&opened.store).await;
            if matches!(fault, Fault::Short | Fault::Eintr) {
                assert_eq!(acked.len(), 12, "call {k}: half a write and a signal are no failures");
            }
        }
        assert_kept(dir.path(), &acked, &format!("{fault:?} at call {k}")).await;
        if !disk.fired() {
            assert_eq!(acked.len(), 12);
            return;
        }
    }
}

#[tokio::test]
async fn a_power_cut_at_any_call_loses_nothing() {
    let mut k = 0;
    loop {
        let dir = TempDir::new().unwrap();
        let disk = FaultDisk::new(k, Fault::PowerOff);
        let mut acked = Vec::new();
        if let Ok(opened) = open_on(dir.path(), &disk) {
            acked = script(&opened.store).await;
        }
        let fired = disk.fired();
        disk.power_off();
        disk.cut(k);
        assert_kept(dir.path(), &acked, &format!("power cut at call {k}")).await;
        if !fired {
            return;
        }
        k += 1;
    }
}

/// Cuts that find a longer past: the state before is a closed store, the run after it is cut at a random call.
#[tokio::test]
async fn power_cuts_of_a_store_with_a_past_lose_nothing() {
    for seed in 0..60_u64 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let dir = TempDir::new().unwrap();
        let store = open(dir.path()).store;
        let past: Vec<_> = script(&store).await;
        store.close().unwrap();
        let disk = FaultDisk::new(rng.u64(..120), Fault::PowerOff);
        let mut acked = past;
        if let Ok(opened) = open_on(dir.path(), &disk) {
            for n in 13..40 {
                if let Ok(done) = opened.store.commit(step(n)).await {
                    acked.push((n, done.seq));
                }
            }
        }
        disk.power_off();
        disk.cut(seed);
        assert_kept(dir.path(), &acked, &format!("seed {seed}")).await;
    }
}

#[tokio::test]
async fn eio_on_sync_acks_nothing() {
    let dir = TempDir::new().unwrap();
    let sound = FaultDisk::new(u64::MAX, Fault::SyncEio);
    let store = open_on(dir.path(), &sound).unwrap().store;
    store.commit(step(1)).await.unwrap();
    store.close().unwrap();
    let calls_to_open = {
        let counting = FaultDisk::new(u64::MAX, Fault::SyncEio);
        let store = open_on(dir.path(), &counting).unwrap().store;
        store.close().unwrap();
        counting.calls()
    };
    let disk = FaultDisk::new(calls_to_open, Fault::SyncEio);
    let store = open_on(dir.path(), &disk).unwrap().store;
    let mut watch = store.watch();
    watch.borrow_and_update();
    let (a, b) = tokio::join!(store.commit(step(2)), store.commit(step(3)));
    for answer in [a, b] {
        assert!(matches!(answer, Err(StoreError::ReadOnly(_))), "{answer:?}");
    }
    let why = store.read_only().unwrap();
    assert!(why.contains("failed to sync") && why.contains("restart"), "{why}");
    // For ever: no second try can be trusted. Reads go on, the executor gets nothing, nobody heard of it.
    assert!(matches!(store.commit(step(4)).await, Err(StoreError::ReadOnly(_))));
    assert_eq!(store.commit(step(1)).await.unwrap().seq, Seq(1));
    assert_eq!(store.events(Seq(0), 10).await.unwrap().len(), 1);
    assert!(!watch.has_changed().unwrap());
    let claim = Claim {
        now: START,
        ttl: std::time::Duration::from_secs(60),
        limit: 1,
        per_account: 1,
        skip: Vec::new(),
    };
    assert!(matches!(store.claim(claim).await, Err(StoreError::ReadOnly(_))));
    store.close().unwrap();
    assert_kept(dir.path(), &[(1, Seq(1))], "after the failed sync").await;
}

/// A full disk refuses people first; outcomes of calls under way still fit; room made is found again.
#[tokio::test]
async fn a_full_disk_keeps_room_for_outcomes() {
    let dir = TempDir::new().unwrap();
    let disk = FaultDisk::new(u64::MAX, Fault::Enospc);
    let shy = Options {
        segment_bytes: 64 * 1024,
        ..on(&disk)
    };
    let store = EmbeddedStore::open(dir.path(), shy, clock(), entropy()).unwrap().store;
    disk.no_new_files(true);
    let mut n = 0;
    let refused = loop {
        n += 1;
        assert!(n < 100, "never refused");
        if let Err(e) = store.commit(step(n)).await {
            break e;
        }
    };
    let StoreError::DiskFull(why) = refused else {
        panic!("{refused}")
    };
    assert!(why.contains("bytes are free") && why.contains("make room"), "{why}");
    assert_eq!(store.read_only(), None);
    let outcome = Commit {
        actor: Actor::engine("executor"),
        ..step(1000)
    };
    store.commit(outcome).await.unwrap();
    disk.no_new_files(false);
    store.commit(step(n)).await.unwrap();
    for n in 2000..2060 {
        store.commit(step(n)).await.unwrap();
    }
    store.close().unwrap();
    assert_kept(dir.path(), &[(n, Seq(n as u64 + 1))], "after the full disk").await;
}
