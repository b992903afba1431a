//! A disk that fails: every kind of failure at every call of a scripted run, and power cuts. What was acknowledged is
//! there afterwards, in order; nothing is acknowledged after a failed sync.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;
mod store_support;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use omnitraffick::engine::{
    model::{actor::Actor, event::Seq},
    store::{
        Claim, Commit, Head, Kind, LocalStore as _, Store as _, StoreError,
        embedded::{EmbeddedStore, Opened, Options},
        journal::{
            catalog::Catalog,
            disk::Disk as _,
            writer::{At, Writer},
        },
        verify::verify,
    },
};
use program::{Home, talk};
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

/// What became of a scripted run.
#[derive(Default)]
struct Run {
    /// Acknowledged, with their numbers.
    acked: Vec<(u128, Seq)>,
    /// Refused as not done. (A failed sync leaves it open: those are in neither list.)
    refused: Vec<u128>,
}

/// Twelve commits, some of them sent together.
async fn script(store: &EmbeddedStore) -> Run {
    let mut run = Run::default();
    let mut note = |n: u128, answer: Result<omnitraffick::engine::store::Committed, StoreError>| match answer {
        Ok(done) => run.acked.push((n, done.seq)),
        Err(StoreError::DiskFull(_)) => run.refused.push(n),
        Err(StoreError::ReadOnly(_)) => {}
        Err(e) => panic!("commit {n}: {e}"),
    };
    for n in (1..=12).step_by(3) {
        note(n, store.commit(step(n)).await);
        let (a, b) = tokio::join!(store.commit(step(n + 1)), store.commit(step(n + 2)));
        note(n + 1, a);
        note(n + 2, b);
    }
    run
}

/// Opens with a sound disk: everything acknowledged is there under its number, and the store is whole.
async fn assert_kept(dir: &Path, run: &Run, what: &str) {
    let opened = EmbeddedStore::open(dir, options(), clock(), entropy()).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(opened.store.read_only(), None, "{what}");
    let events = opened.store.events(Seq(0), 100).await.unwrap();
    assert!(
        events.iter().map(|e| e.seq.0).eq(1..=events.len() as u64),
        "{what}: contiguous"
    );
    for n in &run.refused {
        let word = format!("command {n}");
        assert!(events.iter().all(|e| e.summary != word), "{what}: {n} was refused");
    }
    for (n, seq) in &run.acked {
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
        let mut run = Run::default();
        let opened = open_on(dir.path(), &disk);
        if matches!(fault, Fault::Short | Fault::Eintr) {
            assert!(opened.is_ok(), "call {k}: {opened:?}");
        }
        if let Ok(opened) = opened {
            run = script(&opened.store).await;
            if matches!(fault, Fault::Short | Fault::Eintr) {
                assert_eq!(
                    run.acked.len(),
                    12,
                    "call {k}: half a write and a signal are no failures"
                );
            }
        }
        assert_kept(dir.path(), &run, &format!("{fault:?} at call {k}")).await;
        if disk.calls() <= k {
            assert_eq!(run.acked.len(), 12, "nothing failed");
            assert!(k > 50, "only {k} calls");
            return;
        }
    }
}

#[tokio::test]
async fn a_power_cut_at_any_call_loses_nothing() {
    for k in 0.. {
        let dir = TempDir::new().unwrap();
        let disk = FaultDisk::new(k, Fault::PowerOff);
        let mut run = Run::default();
        if let Ok(opened) = open_on(dir.path(), &disk) {
            run = script(&opened.store).await;
        }
        let calls = disk.calls();
        disk.power_off();
        disk.cut(k);
        assert_kept(dir.path(), &run, &format!("power cut at call {k}")).await;
        if calls <= k {
            return;
        }
    }
}

/// Cuts that find a longer past: the state before is a closed store, the run after it is cut at a random call.
#[tokio::test]
async fn power_cuts_of_a_store_with_a_past_lose_nothing() {
    for seed in 0..60_u64 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let dir = TempDir::new().unwrap();
        let store = open(dir.path()).store;
        let mut run = script(&store).await;
        store.close().unwrap();
        let disk = FaultDisk::new(rng.u64(..120), Fault::PowerOff);
        if let Ok(opened) = open_on(dir.path(), &disk) {
            for n in 13..40 {
                if let Ok(done) = opened.store.commit(step(n)).await {
                    run.acked.push((n, done.seq));
                }
            }
        }
        disk.power_off();
        disk.cut(seed);
        assert_kept(dir.path(), &run, &format!("seed {seed}")).await;
    }
}

#[tokio::test]
async fn eio_on_sync_acks_nothing() {
    let dir = TempDir::new().unwrap();
    sound_disk_with_one_commit(dir.path()).await;
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
        skip: BTreeSet::new(),
        epoch: 0,
    };
    assert!(matches!(store.claim(claim).await, Err(StoreError::ReadOnly(_))));
    store.close().unwrap();
    let run = Run {
        acked: vec![(1, Seq(1))],
        refused: Vec::new(),
    };
    // What the kernel still shows of the failed write may be gone from the platter. A restart that takes it for true
    // must first make it true: here the commit is acknowledged after the restart, and then the power goes.
    for seed in 0..20 {
        let copy = TempDir::new().unwrap();
        let disk = FaultDisk::new(calls_to_open, Fault::SyncEio);
        sound_disk_with_one_commit(copy.path()).await;
        let store = open_on(copy.path(), &disk).unwrap().store;
        assert!(store.commit(step(2)).await.is_err());
        store.close().unwrap();
        let disk = disk.healed();
        let store = open_on(copy.path(), &disk).unwrap().store;
        let again = store.commit(step(2)).await.unwrap();
        disk.power_off();
        store.close().unwrap();
        disk.cut(seed);
        let run = Run {
            acked: vec![(1, Seq(1)), (2, again.seq)],
            refused: Vec::new(),
        };
        assert_kept(copy.path(), &run, &format!("cut {seed} after the restart")).await;
    }
    assert_kept(dir.path(), &run, "after the failed sync").await;
}

/// Writes commit 1 with a disk that works, and gives that disk.
async fn sound_disk_with_one_commit(dir: &Path) -> FaultDisk {
    let disk = FaultDisk::new(u64::MAX, Fault::SyncEio);
    let store = open_on(dir, &disk).unwrap().store;
    store.commit(step(1)).await.unwrap();
    store.close().unwrap();
    disk
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
    let run = Run {
        // One more than its command number: the outcome came in between.
        acked: vec![(n, Seq(u64::try_from(n).unwrap() + 1))],
        refused: Vec::new(),
    };
    assert_kept(dir.path(), &run, "after the full disk").await;
}

/// With segments of the usual size, people are refused while 8 MiB are left for outcomes, and not before.
#[rstest]
#[case::just_before((56 << 20) - 1, false)]
#[case::eight_mebibytes_left(56 << 20, true)]
fn the_reserve_is_eight_mebibytes(#[case] end: u64, #[case] refused: bool) {
    let dir = TempDir::new().unwrap();
    let disk = FaultDisk::new(u64::MAX, Fault::Enospc);
    let file = disk.create(&dir.path().join("a.wal")).unwrap();
    disk.no_new_files(true);
    let catalog = Arc::new(Catalog::new(Arc::new(disk.clone()), &[]));
    let segment_bytes = Options::default().segment_bytes;
    let head = Head::default();
    let store = omnitraffick::engine::model::ids::StoreId::new(uuid::Uuid::nil());
    let at = Some(At { file, end, head });
    let dir = dir.path().to_owned();
    let mut writer = Writer::open(Arc::new(disk), dir, catalog, store, segment_bytes, at).unwrap();
    assert_eq!(writer.prepare(), Ok(end));
    assert_eq!(writer.short().is_some(), refused, "{:?}", writer.short());
}

/// Runs the program while no file may grow past so many bytes: what a full disk looks like to it.
fn cramped(home: &Home, most: u64, line: &[&str]) -> Output {
    let inner = home.command(line);
    // The limit is counted in blocks of 512 bytes; without the trap the kernel would end the program instead of telling it.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", most.div_ceil(512));
    let mut shell = Command::new("/bin/sh");
    shell
        .env_clear()
        .arg("-c")
        .arg(script)
        .arg(inner.get_program())
        .args(inner.get_args());
    for (name, value) in inner.get_envs() {
        shell.envs(value.map(|value| (name, value)));
    }
    shell.output().unwrap()
}

/// The real program says that the disk is full, acknowledges nothing, and goes on once there is room.
#[test]
fn a_full_disk_is_said_and_gone_with_its_cause() {
    let home = Home::new();
    home.govern(&["act_1001"]);
    let segment: PathBuf = store_support::segments(&home.store()).pop().unwrap();
    let before = home.events();
    let len = std::fs::metadata(segment).unwrap().len();
    let name = "x".repeat(80);
    let mut refused = 0;
    for n in 0..12 {
        let code = format!("D{}", char::from(b'A' + n));
        let ran = cramped(&home, len, &["brand", "create", &code, "--name", &name]);
        let listed = home
            .json(&["brand", "list"])
            .to_string()
            .contains(&format!("\"{code}\""));
        assert_eq!(listed, ran.status.success(), "brand {code}: {ran:?}");
        if !listed {
            refused += 1;
            assert_eq!(ran.status.code(), Some(5), "{ran:?}");
            assert!(
                talk(&ran).contains("the disk is full") && talk(&ran).contains("make room"),
                "{ran:?}"
            );
        }
    }
    assert!(refused > 8, "only {refused} were refused");
    home.good(&["brand", "create", "ROOM", "--name", "There is room again"]);
    assert!(home.events().starts_with(&before));
    let problems = &home.json(&["store", "verify"])["data"]["problems"];
    assert_eq!(problems.as_array().map(Vec::len), Some(0), "{problems}");
}
