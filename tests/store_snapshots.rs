//! Snapshots bound what a lost index costs, and are never believed against the journal.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;

use std::{fs, path::Path, sync::Arc, time::Duration};

use omnitraffick::engine::{
    model::{event::Seq, json::Sha},
    store::{
        Commit, Committed, Kind, LocalStore as _, Store as _, StoreError,
        embedded::{EmbeddedStore, Opened, Options, place::Place},
        journal::disk::RealDisk,
        snapshot::{
            self,
            keeper::{Pace, Work, tend},
        },
        verify::verify,
    },
};
use rstest::rstest;
use store_support::{Contents, Words as _, clock, commit, contents, entropy, open, options, segments, try_open};
use tempfile::TempDir;

/// Rows that are written again and again, rows that are written once, and rows that go.
fn step(n: u128) -> Commit {
    let long = vec![u8::try_from(n % 251).unwrap(); 300 + usize::try_from(n % 5).unwrap() * 2500];
    let c = commit(n).put(&format!("ticket/{}", n % 7), Kind::Ticket, &long).put(
        &format!("claim/{n}"),
        Kind::Claim,
        b"owner",
    );
    if n.is_multiple_of(4) {
        c.del(&format!("claim/{}", n - 1))
    } else {
        c
    }
}

/// A closed store over several segments, and what is in it.
async fn filled(count: u128) -> (TempDir, Contents) {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).store;
    for n in 1..=count {
        store.commit(step(n)).await.unwrap();
    }
    let contents = contents(&store).await;
    store.close().unwrap();
    assert!(segments(dir.path()).len() > 4);
    (dir, contents)
}

fn work(dir: &Path, segments: usize) -> Work {
    let id = fs::read_to_string(dir.join("store.json")).unwrap();
    let id: serde_json::Value = serde_json::from_str(&id).unwrap();
    Work {
        disk: RealDisk::shared(),
        place: Place { dir: dir.to_owned() },
        store: id["id"].as_str().unwrap().parse().unwrap(),
        pace: Pace {
            segments,
            records: u64::MAX,
        },
    }
}

/// Makes a snapshot of everything closed; the commit it stands at.
fn snap(dir: &Path) -> Seq {
    let made = tend(&work(dir, 1), &|| true).unwrap().expect("a snapshot was due");
    let (seq, path) = snapshot::list(&RealDisk, &dir.join("snapshots"))
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(path, made);
    seq
}

fn forget_index(dir: &Path) {
    fs::remove_dir_all(dir.join("index")).unwrap();
}

async fn reopened(dir: &Path) -> (Contents, Opened) {
    let opened = open(dir);
    (contents(&opened.store).await, opened)
}

#[tokio::test]
async fn a_rebuild_reads_the_snapshot_and_only_what_follows() {
    let (dir, before) = filled(120).await;
    let at = snap(dir.path());
    assert!(at > Seq(60) && at < Seq(120), "{at:?}");
    forget_index(dir.path());
    let (after, opened) = reopened(dir.path()).await;
    assert_eq!(after, before);
    assert_eq!(opened.healed.replayed, 120 - at.0);
    assert_eq!(opened.healed.snapshots_skipped, Vec::<String>::new());
    opened.store.close().unwrap();
    let report = verify(dir.path());
    assert_eq!((report.problems, report.snapshots), (vec![], 1));
}

/// One made over another holds the same as one made at once.
#[tokio::test]
async fn a_snapshot_over_a_snapshot_equals_one_from_the_start() {
    let (dir, _) = filled(60).await;
    let first = snap(dir.path());
    let store = open(dir.path()).store;
    for n in 61..=140 {
        store.commit(step(n)).await.unwrap();
    }
    store.close().unwrap();
    let second = snap(dir.path());
    assert!(second > first);
    let path = snapshot::path(&dir.path().join("snapshots"), second);
    let layered = fs::read(&path).unwrap();
    fs::remove_dir_all(dir.path().join("snapshots")).unwrap();
    assert_eq!(snap(dir.path()), second);
    assert_eq!(fs::read(&path).unwrap(), layered);
}

#[rstest]
#[case::header(20)]
#[case::an_entry(400)]
#[case::the_end(usize::MAX)]
#[tokio::test]
async fn a_damaged_snapshot_is_skipped_and_named(#[case] at: usize) {
    let (dir, before) = filled(120).await;
    let seq = snap(dir.path());
    let path = snapshot::path(&dir.path().join("snapshots"), seq);
    let mut bytes = fs::read(&path).unwrap();
    let at = at.min(bytes.len() - 1);
    bytes[at] ^= 0x10;
    fs::write(&path, bytes).unwrap();
    let problems = verify(dir.path()).problems;
    assert!(
        problems.len() == 1 && problems[0].contains(path.to_str().unwrap()),
        "{problems:?}"
    );
    forget_index(dir.path());
    let (after, opened) = reopened(dir.path()).await;
    assert_eq!(after, before);
    assert_eq!(opened.healed.replayed, 120);
    let skipped = &opened.healed.snapshots_skipped;
    assert!(
        skipped.len() == 1 && skipped[0].contains(path.to_str().unwrap()),
        "{skipped:?}"
    );
}

#[tokio::test]
async fn a_cut_snapshot_gives_way_to_the_one_before() {
    let (dir, _) = filled(60).await;
    let first = snap(dir.path());
    let store = open(dir.path()).store;
    for n in 61..=140 {
        store.commit(step(n)).await.unwrap();
    }
    let before = contents(&store).await;
    store.close().unwrap();
    let second = snapshot::path(&dir.path().join("snapshots"), snap(dir.path()));
    let bytes = fs::read(&second).unwrap();
    fs::write(&second, &bytes[..bytes.len() / 2]).unwrap();
    forget_index(dir.path());
    let (after, opened) = reopened(dir.path()).await;
    assert_eq!(after, before);
    assert_eq!(opened.healed.replayed, 140 - first.0);
}

/// It was made of closed segments only: a journal that ends before it has lost acknowledged commits.
#[tokio::test]
async fn a_journal_that_ends_before_the_snapshot_is_damage() {
    let (dir, _) = filled(120).await;
    snap(dir.path());
    forget_index(dir.path());
    for path in segments(dir.path()).iter().skip(2) {
        fs::remove_file(path).unwrap();
    }
    match try_open(dir.path()) {
        Err(StoreError::Damaged(why)) => assert!(why.contains(".snap"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_snapshot_of_another_history_is_not_used_and_named() {
    let (dir, before) = filled(120).await;
    // The same store by its id, which went another way.
    let other = TempDir::new().unwrap();
    let store = open(other.path()).store;
    for n in 1001..=1100 {
        store.commit(step(n)).await.unwrap();
    }
    store.close().unwrap();
    let seq = snap(other.path());
    let from = snapshot::path(&other.path().join("snapshots"), seq);
    let to = snapshot::path(&dir.path().join("snapshots"), seq);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
    forget_index(dir.path());
    let (after, opened) = reopened(dir.path()).await;
    assert_eq!(after, before);
    assert_eq!(opened.healed.replayed, 120);
    let skipped = &opened.healed.snapshots_skipped;
    assert!(
        skipped.len() == 1 && skipped[0].contains("another history"),
        "{skipped:?}"
    );
}

/// A store that is closed while a snapshot is being made waits for no more than the row at hand, and the next one begins
/// anew.
#[tokio::test]
async fn a_broken_off_snapshot_leaves_nothing_behind() {
    let (dir, _) = filled(120).await;
    let asked = std::sync::atomic::AtomicU32::new(0);
    let go_on = || asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 3;
    assert_eq!(tend(&work(dir.path(), 1), &go_on).unwrap(), None);
    assert_eq!(
        snapshot::list(&RealDisk, &dir.path().join("snapshots")).unwrap(),
        vec![]
    );
    snap(dir.path());
    let names: Vec<_> = fs::read_dir(dir.path().join("snapshots")).unwrap().collect();
    assert_eq!(names.len(), 1);
}

#[tokio::test]
async fn two_snapshots_are_kept() {
    let (dir, _) = filled(60).await;
    snap(dir.path());
    for last in [100, 140, 180] {
        let store = open(dir.path()).store;
        for n in last - 39..=last {
            store.commit(step(n)).await.unwrap();
        }
        store.close().unwrap();
        snap(dir.path());
    }
    assert_eq!(
        snapshot::list(&RealDisk, &dir.path().join("snapshots")).unwrap().len(),
        snapshot::KEPT
    );
}

/// The thread does it by itself once enough is closed.
#[tokio::test]
async fn a_running_store_makes_snapshots() {
    let dir = TempDir::new().unwrap();
    let options = Options {
        snapshots: Pace {
            segments: 2,
            records: u64::MAX,
        },
        ..options()
    };
    let store = EmbeddedStore::open(dir.path(), options, clock(), entropy())
        .unwrap()
        .store;
    for n in 1..=120 {
        store.commit(step(n)).await.unwrap();
    }
    let snapshots = dir.path().join("snapshots");
    for _ in 0..2_000 {
        if !snapshot::list(&RealDisk, &snapshots).unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!snapshot::list(&RealDisk, &snapshots).unwrap().is_empty());
    let before = contents(&store).await;
    store.close().unwrap();
    forget_index(dir.path());
    let (after, opened) = reopened(dir.path()).await;
    assert_eq!(after, before);
    assert!(opened.healed.replayed < 120);
}

/// Commands are remembered across segments, whatever becomes of the files that make it quick.
#[rstest]
#[case::whole(|_: &Path| {})]
#[case::gone(|dir: &Path| fs::remove_dir_all(dir).unwrap())]
#[case::damaged(|dir: &Path| for entry in fs::read_dir(dir).unwrap() {
    let path = entry.unwrap().path();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
})]
#[tokio::test]
async fn a_repeat_is_answered_after_any_number_of_segments(#[case] harm: fn(&Path)) {
    let (dir, _) = filled(120).await;
    open(dir.path()).store.close().unwrap();
    let commands = dir.path().join("commands");
    assert_eq!(fs::read_dir(&commands).unwrap().count(), segments(dir.path()).len() - 1);
    harm(&commands);
    let store = open(dir.path()).store;
    for n in [1_u128, 40, 80, 120] {
        let seq = Seq(u64::try_from(n).unwrap());
        assert_eq!(store.commit(step(n)).await, Ok(Committed { seq, repeated: true }));
        let other = Commit {
            command_hash: Sha::of(b"something else"),
            ..step(n)
        };
        assert!(matches!(store.commit(other).await, Err(StoreError::CommandIdReused(_))));
    }
    assert_eq!(store.head().seq, Seq(120));
}

/// A body lives in the journal too: without any index the store still answers, from snapshot and journal.
#[tokio::test]
async fn without_an_index_memory_is_filled_from_the_snapshot() {
    let (dir, before) = filled(120).await;
    snap(dir.path());
    forget_index(dir.path());
    // A file where the directory belongs: no index can be made.
    fs::write(dir.path().join("index"), b"in the way").unwrap();
    fs::write(dir.path().join("quarantine"), b"in the way").unwrap();
    let opened = open(dir.path());
    assert!(opened.healed.without_index.is_some());
    assert_eq!(contents(&opened.store).await, before);
    let store = Arc::new(opened.store);
    assert_eq!(store.commit(step(1)).await.unwrap().seq, Seq(1));
    store.close().unwrap();
}
