//! What happens to a damaged store: an unfinished write is cut, an index is built again, anything else is named and
//! stops the engine. Nothing acknowledged is ever lost in silence.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use omnitraffick::engine::{
    model::event::Seq,
    store::{
        Commit, Key, Kind, LocalStore as _, Observer, Store as _, StoreError, Wanted,
        core::{Core, Resident, Stage},
        embedded::{EmbeddedStore, Healed, Options},
        index::{Index, VALUE_MAX},
        journal::frame,
        verify::verify,
    },
};
use rstest::rstest;
use store_support::{Contents, Words as _, clock, commit, contents, entropy, open, options, segments, try_open};
use tempfile::TempDir;

/// A commit of some size, each touching tickets of several lengths.
fn step(n: u128) -> Commit {
    let long = vec![u8::try_from(n % 251).unwrap(); 300 + usize::try_from(n % 5).unwrap() * 2500];
    let c = commit(n).put(&format!("ticket/{}", n % 5), Kind::Ticket, &long).put(
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

/// A closed store with this many commits, and what is in it.
async fn filled(count: u128) -> (TempDir, Contents) {
    filled_with(count, options()).await
}

async fn filled_with(count: u128, options: Options) -> (TempDir, Contents) {
    let dir = TempDir::new().unwrap();
    let store = EmbeddedStore::open(dir.path(), options, clock(), entropy())
        .unwrap()
        .store;
    for n in 1..=count {
        store.commit(step(n)).await.unwrap();
    }
    let contents = contents(&store).await;
    store.close().unwrap();
    (dir, contents)
}

/// One segment, however much is written.
fn one_segment() -> Options {
    Options {
        segment_bytes: 64 << 20,
        ..options()
    }
}

/// Offsets of the frames of a segment.
fn frames(path: &Path) -> Vec<usize> {
    let bytes = fs::read(path).unwrap();
    let mut at = frame::HEADER;
    let mut out = Vec::new();
    while let Ok(f) = frame::frame(&bytes[at..]) {
        out.push(at);
        at += f.size();
    }
    out.push(at);
    out
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn assert_clean(dir: &Path) {
    let report = verify(dir);
    assert_eq!(report.problems, Vec::<String>::new());
    assert_eq!(report.notes, Vec::<String>::new());
}

// ---- opening -----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn reopen_equals_before() {
    let (dir, before) = filled(120).await;
    assert!(segments(dir.path()).len() > 3, "rotation happened");
    assert_clean(dir.path());
    let report = verify(dir.path());
    assert_eq!(
        (report.records, report.head, report.rows),
        (120, Seq(120), before.len() as u64)
    );
    let opened = open(dir.path());
    assert_eq!(opened.healed, Healed::default());
    assert_eq!(contents(&opened.store).await, before);
    assert_eq!(opened.store.head().hash, report.head_hash);
    // Repeats are still known, numbers go on, and old events are read from old segments.
    let again = opened.store.commit(step(3)).await.unwrap();
    assert_eq!((again.seq, again.repeated), (Seq(3), true));
    assert_eq!(opened.store.commit(step(121)).await.unwrap().seq, Seq(121));
    let events = opened.store.events(Seq(0), 1000).await.unwrap();
    assert!(events.iter().map(|e| e.seq.0).eq(1..=121));
    let some = opened.store.events(Seq(77), 3).await.unwrap();
    assert_eq!(some.iter().map(|e| e.seq.0).collect::<Vec<_>>(), [78, 79, 80]);
}

#[tokio::test]
async fn reopen_right_after_drop() {
    let dir = TempDir::new().unwrap();
    for n in 1..=10 {
        let opened = open(dir.path());
        assert_eq!(opened.healed, Healed::default());
        assert_eq!(
            opened.store.commit(step(n)).await.unwrap().seq.0,
            u64::try_from(n).unwrap()
        );
    }
}

#[tokio::test]
async fn a_held_store_names_its_holder() {
    let dir = TempDir::new().unwrap();
    let first = open(dir.path()).store;
    let StoreError::Locked(words) = try_open(dir.path()).unwrap_err() else {
        panic!("not locked")
    };
    assert!(words.contains(&format!("process {}", std::process::id())), "{words}");
    let report = verify(dir.path());
    assert_eq!(report.problems, Vec::<String>::new());
    assert!(report.notes[0].contains("not compared: process"), "{:?}", report.notes);
    drop(first);
    open(dir.path());
}

struct Nobody;

impl Observer for Nobody {
    fn applied(&self, _: &[&omnitraffick::engine::store::Applied]) {}
}

#[tokio::test]
async fn after_close_everything_is_refused_and_nothing_hangs() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).store;
    store.commit(step(1)).await.unwrap();
    store.close().unwrap();
    store.close().unwrap();
    assert!(matches!(store.commit(step(2)).await, Err(StoreError::ReadOnly(_))));
    assert!(
        store
            .attach(&Wanted::all_of(&[Kind::Ticket]), Arc::new(Nobody), &mut |_| {})
            .is_err()
    );
    open(dir.path());
}

#[test]
fn a_directory_everybody_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let StoreError::Io(words) = try_open(dir.path()).unwrap_err() else {
        panic!("not refused")
    };
    assert!(words.contains("chmod go-w"), "{words}");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
}

// ---- the journal's tail ------------------------------------------------------------------------------------------

#[rstest]
#[case::inside_the_head(7)]
#[case::inside_the_payload(40)]
#[case::all_but_one_byte(usize::MAX)]
#[tokio::test]
async fn an_unfinished_write_is_cut(#[case] keep: usize) {
    let (dir, _) = filled_with(9, one_segment()).await;
    let segment = segments(dir.path()).remove(0);
    let index = dir.path().join("index");
    let ends = frames(&segment);
    let last = ends[ends.len() - 2];
    let whole = ends[ends.len() - 1];
    let cut = last.saturating_add(keep).min(whole - 1);
    fs::OpenOptions::new()
        .write(true)
        .open(&segment)
        .unwrap()
        .set_len(cut as u64)
        .unwrap();
    // The index never saw it: it is written after the sync.
    fs::remove_dir_all(&index).unwrap();

    let notes = verify(dir.path()).notes;
    assert!(notes[0].contains("unfinished write, never acknowledged"), "{notes:?}");
    let opened = open(dir.path());
    assert_eq!(opened.healed.tail_truncated, Some((cut - last) as u64));
    assert_eq!(opened.healed.replayed, 8);
    assert_eq!(opened.store.head().seq, Seq(8));
    assert_eq!(opened.store.commit(step(9)).await.unwrap().seq, Seq(9));
    drop(opened);
    assert_clean(dir.path());
    assert_eq!(open(dir.path()).healed, Healed::default());
}

#[rstest]
#[case::zeros(vec![0; 5000])]
#[case::rubbish(b"not a record at all, but long enough to look at".repeat(20))]
#[tokio::test]
async fn rubbish_after_the_end_is_cut(#[case] rubbish: Vec<u8>) {
    let (dir, before) = filled_with(9, one_segment()).await;
    let segment = segments(dir.path()).remove(0);
    let mut bytes = fs::read(&segment).unwrap();
    bytes.extend_from_slice(&rubbish);
    fs::write(&segment, bytes).unwrap();
    let opened = open(dir.path());
    assert_eq!(opened.healed.tail_truncated, Some(rubbish.len() as u64));
    assert_eq!(contents(&opened.store).await, before);
}

/// Writes one group of three commits after `count` single ones, straight through the journal's own parts, and gives the
/// offsets of the group's frames.
async fn with_group_at_end(count: u128) -> (TempDir, PathBuf, Vec<usize>) {
    let (dir, _) = filled_with(count, one_segment()).await;
    let segment = segments(dir.path()).remove(0);
    let mut core = Core::new(Resident::All);
    let plain = |group_start| Stage {
        now: store_support::START,
        group_start,
        admit: &|_| Ok(()),
    };
    for (n, at) in (1..=count).zip(frames(&segment)) {
        let group = core.stage(vec![step(n)], &plain(at as u64));
        core.apply(&group.staged[0]);
    }
    let end = *frames(&segment).last().unwrap();
    let group = core.stage((count + 1..=count + 3).map(step).collect(), &plain(end as u64));
    let mut bytes = fs::read(&segment).unwrap();
    let mut starts = Vec::new();
    for staged in &group.staged {
        starts.push(bytes.len());
        frame::put_frame(&mut bytes, staged.head.seq, &staged.payload);
    }
    fs::write(&segment, &bytes).unwrap();
    (dir, segment, starts)
}

#[tokio::test]
async fn a_hole_in_the_last_group_is_an_unfinished_write() {
    let (dir, segment, starts) = with_group_at_end(5).await;
    flip(&segment, starts[1] + 30);
    let opened = open(dir.path());
    assert!(opened.healed.tail_truncated.is_some());
    assert_eq!(opened.store.head().seq, Seq(6));
}

#[tokio::test]
async fn a_whole_group_that_nobody_acknowledged_may_stay() {
    let (dir, _, _) = with_group_at_end(5).await;
    let opened = open(dir.path());
    assert_eq!((opened.healed.tail_truncated, opened.healed.replayed), (None, 3));
    assert_eq!(opened.store.head().seq, Seq(8));
    let again = opened.store.commit(step(7)).await.unwrap();
    assert!(again.repeated);
}

// ---- damage ------------------------------------------------------------------------------------------------------

fn assert_damaged(dir: &Path, words: &[&str]) {
    let before: Vec<_> = segments(dir).iter().map(|p| fs::read(p).unwrap()).collect();
    let StoreError::Damaged(text) = try_open(dir).unwrap_err() else {
        panic!("not called damaged")
    };
    for word in words {
        assert!(text.contains(word), "{word:?} in {text}");
    }
    let after: Vec<_> = segments(dir).iter().map(|p| fs::read(p).unwrap()).collect();
    assert_eq!(before, after, "damage is never touched");
    let report = verify(dir);
    assert!(!report.problems.is_empty(), "verify names it too");
}

#[rstest]
#[case::length(1)]
#[case::number(5)]
#[case::checksum(13)]
#[case::payload(60)]
#[tokio::test]
async fn a_flipped_bit_in_the_middle_stops_with_its_place(#[case] within: usize) {
    let (dir, _) = filled_with(9, one_segment()).await;
    let segment = segments(dir.path()).remove(0);
    let at = frames(&segment)[4];
    flip(&segment, at + within);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let place = format!("byte {at}, commit 5");
    assert_damaged(
        dir.path(),
        &["00000000000000000001.wal", &place, "whole once", "store verify"],
    );
    assert!(verify(dir.path()).problems[0].contains(&place));
}

#[tokio::test]
async fn a_cut_last_record_the_index_has_seen_stops() {
    let (dir, _) = filled_with(9, one_segment()).await;
    let segment = segments(dir.path()).remove(0);
    let ends = frames(&segment);
    let file = fs::OpenOptions::new().write(true).open(&segment).unwrap();
    file.set_len(ends[ends.len() - 2] as u64 + 3).unwrap();
    assert_damaged(
        dir.path(),
        &["ends before commit 9", "acknowledged commits are missing"],
    );
}

#[tokio::test]
async fn an_edited_record_breaks_the_chain() {
    let (dir, _) = filled_with(9, one_segment()).await;
    let segment = segments(dir.path()).remove(0);
    let bytes = fs::read(&segment).unwrap();
    let at = frames(&segment)[4];
    let old = frame::frame(&bytes[at..]).unwrap();
    let mut payload = old.payload.to_vec();
    let name = payload.windows(3).position(|w| w == b"kim").unwrap();
    payload[name..name + 3].copy_from_slice(b"bob");
    // A careful forger mends the checksum.
    let mut forged = bytes[..at].to_vec();
    frame::put_frame(&mut forged, old.seq, &payload);
    forged.extend_from_slice(&bytes[at + old.size()..]);
    fs::write(&segment, forged).unwrap();
    assert_damaged(dir.path(), &["commit 6", "the chain breaks"]);
}

#[tokio::test]
async fn damage_in_an_old_segment_is_found_by_verify_and_by_a_rebuild() {
    let (dir, _) = filled(120).await;
    let segment = segments(dir.path()).remove(1);
    let at = frames(&segment)[2];
    flip(&segment, at + 20);
    let report = verify(dir.path());
    assert_eq!(
        report.problems.len(),
        2,
        "the record, and that the chain cannot be followed: {:?}",
        report.problems
    );
    assert!(
        report.problems[0].contains(&format!("byte {at}")),
        "{:?}",
        report.problems
    );
    // An index that is up to date needs no old segment; reading from it says what is wrong.
    let opened = open(dir.path());
    assert!(matches!(
        opened.store.events(Seq(0), 1000).await,
        Err(StoreError::Damaged(_))
    ));
    drop(opened);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    assert_damaged(dir.path(), &["checksum"]);
}

#[tokio::test]
async fn a_missing_segment_is_named() {
    for which in [0, 1] {
        let (dir, _) = filled(120).await;
        fs::remove_file(&segments(dir.path())[which]).unwrap();
        fs::remove_dir_all(dir.path().join("index")).unwrap();
        assert_damaged(
            dir.path(),
            &[if which == 0 {
                "before it are missing"
            } else {
                "does not continue"
            }],
        );
    }
}

#[tokio::test]
async fn a_segment_of_another_store_is_refused() {
    let (dir, _) = filled_with(3, one_segment()).await;
    let other = TempDir::new().unwrap();
    let clock = clock();
    let seeded = Arc::new(omnitraffick::engine::clock::SystemEntropy::seeded(99));
    let store = EmbeddedStore::open(other.path(), one_segment(), clock, seeded)
        .unwrap()
        .store;
    store.commit(step(1)).await.unwrap();
    drop(store);
    fs::copy(&segments(other.path())[0], &segments(dir.path())[0]).unwrap();
    assert_damaged(dir.path(), &["belongs to another store"]);
}

#[tokio::test]
async fn a_damaged_header_is_named() {
    let (dir, _) = filled_with(3, one_segment()).await;
    flip(&segments(dir.path())[0], 30);
    assert_damaged(dir.path(), &["byte 0", "header"]);
}

#[tokio::test]
async fn a_lost_store_json_comes_back_from_the_journal() {
    let (dir, before) = filled(9).await;
    let id = open(dir.path()).store.id();
    fs::remove_file(dir.path().join("store.json")).unwrap();
    let opened = open(dir.path());
    assert_eq!(opened.store.id(), id);
    assert_eq!(contents(&opened.store).await, before);
}

// ---- newer than this build ---------------------------------------------------------------------------------------

#[tokio::test]
async fn a_newer_format_opens_read_only_with_words() {
    let (dir, before) = filled(30).await;
    let path = dir.path().join("store.json");
    let text = fs::read_to_string(&path)
        .unwrap()
        .replace("\"format\": 1", "\"format\": 2")
        .replace("0.1.0", "9.9.9");
    fs::write(&path, &text).unwrap();
    let opened = open(dir.path());
    let why = opened.store.read_only().unwrap();
    assert!(
        why.contains("format 2") && why.contains("9.9.9") && why.contains("install"),
        "{why}"
    );
    assert_eq!(contents(&opened.store).await, before, "it can be read");
    assert_eq!(opened.store.commit(step(31)).await, Err(StoreError::ReadOnly(why)));
    assert!(opened.store.commit(step(30)).await.unwrap().repeated);
    drop(opened);
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "nothing is written");
}

#[rstest]
#[case::small(Kind::Market, "up to 1")]
#[case::large(Kind::Ticket, "up to 2")]
#[tokio::test]
async fn a_newer_schema_opens_read_only_with_words(#[case] kind: Kind, #[case] known: &str) {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).store;
    let [lo, hi] = kind.number().to_le_bytes();
    let body = [vec![0xA7, lo, hi, 7, 0, 1], vec![1; 9000]].concat();
    store.commit(commit(1).put("x/future", kind, &body)).await.unwrap();
    drop(store);
    for index in ["kept", "lost"] {
        if index == "lost" {
            fs::remove_dir_all(dir.path().join("index")).unwrap();
        }
        let opened = open(dir.path());
        let why = opened.store.read_only().unwrap();
        assert!(why.contains("x/future has schema 7") && why.contains(known), "{why}");
        assert!(matches!(
            opened.store.commit(commit(2)).await,
            Err(StoreError::ReadOnly(_))
        ));
        assert_eq!(
            opened
                .store
                .get(&Key::new("x/future"))
                .await
                .unwrap()
                .unwrap()
                .body
                .len(),
            body.len()
        );
    }
}

#[tokio::test]
async fn a_newer_record_is_not_guessed_at() {
    let (dir, _) = filled_with(3, one_segment()).await;
    let segment = segments(dir.path()).remove(0);
    let bytes = fs::read(&segment).unwrap();
    let at = frames(&segment)[2];
    let old = frame::frame(&bytes[at..]).unwrap();
    let mut payload = old.payload.to_vec();
    payload[3] = 9;
    let mut newer = bytes[..at].to_vec();
    frame::put_frame(&mut newer, old.seq, &payload);
    fs::write(&segment, newer).unwrap();
    let StoreError::ReadOnly(why) = try_open(dir.path()).unwrap_err() else {
        panic!("opened")
    };
    assert!(why.contains("record schema 9") && why.contains("install"), "{why}");
}

// ---- the index ---------------------------------------------------------------------------------------------------

#[tokio::test]
async fn open_survives_partial_snapshot() {
    let (dir, before) = filled(9).await;
    let half = dir.path().join("index/snap.0000000000000539.generating");
    fs::write(&half, b"half a snapshot").unwrap();
    let opened = open(dir.path());
    assert_eq!(opened.healed, Healed::default());
    assert_eq!(contents(&opened.store).await, before);
    assert!(!half.exists());
}

#[tokio::test]
async fn index_rolled_back_is_replayed() {
    let dir = TempDir::new().unwrap();
    let old = TempDir::new().unwrap();
    let store = open(dir.path()).store;
    for n in 1..=20 {
        store.commit(step(n)).await.unwrap();
    }
    store.close().unwrap();
    copy_dir(&dir.path().join("index"), &old.path().join("index"));
    let store = open(dir.path()).store;
    for n in 21..=100 {
        store.commit(step(n)).await.unwrap();
    }
    let before = contents(&store).await;
    drop(store);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    copy_dir(&old.path().join("index"), &dir.path().join("index"));
    let opened = open(dir.path());
    assert_eq!(opened.healed.replayed, 80);
    assert_eq!(opened.healed.index_rebuilt, None);
    assert_eq!(contents(&opened.store).await, before);
    assert!(
        opened.store.commit(step(50)).await.unwrap().repeated,
        "commands are replayed too"
    );
    drop(opened);
    assert_clean(dir.path());
}

/// Every way to spoil the index must end in the same contents.
#[rstest]
#[case::nothing_left("", 0)]
#[case::rubbish_everywhere("db", 0)]
#[case::rubbish_in_the_middle("db", 1)]
#[case::cut_short("db", 2)]
#[case::empty("db", 3)]
#[case::no_configuration("conf", 4)]
#[case::rubbish_configuration("conf", 0)]
#[case::no_data("db", 4)]
#[tokio::test]
async fn index_garbage_is_rebuilt(#[case] file: &str, #[case] how: u8) {
    let (dir, before) = filled(60).await;
    let index = dir.path().join("index");
    if file.is_empty() {
        fs::remove_dir_all(&index).unwrap();
    } else {
        let path = index.join(file);
        let mut bytes = fs::read(&path).unwrap();
        let (len, mut n) = (bytes.len(), 0_u8);
        let mut rubbish = |b: &mut u8| {
            n = n.wrapping_mul(31).wrapping_add(7);
            *b = n;
        };
        match how {
            0 => bytes.iter_mut().for_each(&mut rubbish),
            1 => bytes[len / 4..len / 2].iter_mut().for_each(&mut rubbish),
            2 => bytes.truncate(len / 3),
            3 => bytes.clear(),
            _ => {}
        }
        if how == 4 {
            fs::remove_file(&path).unwrap();
        } else {
            fs::write(&path, bytes).unwrap();
        }
    }
    let opened = open(dir.path());
    assert_eq!(contents(&opened.store).await, before);
    assert_eq!(opened.healed.without_index, None);
    assert_eq!(opened.store.commit(step(61)).await.unwrap().seq, Seq(61));
    drop(opened);
    assert_clean(dir.path());
    assert_eq!(open(dir.path()).healed, Healed::default());
}

#[tokio::test]
async fn an_index_without_its_mark_or_of_another_store_is_put_aside() {
    let (dir, before) = filled(9).await;
    // The same store id, another past; and another store altogether.
    let (fork, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    open(fork.path()).store.commit(step(77)).await.unwrap();
    let seeded = Arc::new(omnitraffick::engine::clock::SystemEntropy::seeded(99));
    let stranger = EmbeddedStore::open(other.path(), options(), clock(), seeded)
        .unwrap()
        .store;
    stranger.commit(step(1)).await.unwrap();
    stranger.close().unwrap();
    let index = dir.path().join("index");
    for case in ["mark", "other history", "other store", "failed before"] {
        match case {
            "mark" => {
                let db = sled_of(&index);
                db.remove(b"m").unwrap();
                db.flush().unwrap();
            }
            "other history" | "other store" => {
                let from = if case == "other store" { &other } else { &fork };
                fs::remove_dir_all(&index).unwrap();
                copy_dir(&from.path().join("index"), &index);
            }
            _ => fs::write(dir.path().join("index.stale"), "the disk was full").unwrap(),
        }
        let opened = open(dir.path());
        let why = opened
            .healed
            .index_rebuilt
            .clone()
            .unwrap_or_else(|| panic!("{case}: not rebuilt"));
        match case {
            "mark" => assert!(why.contains("does not say how far"), "{why}"),
            "other history" => assert!(why.contains("another journal"), "{why}"),
            "other store" => assert!(why.contains("another store"), "{why}"),
            _ => assert!(why.contains("the disk was full"), "{why}"),
        }
        assert_eq!(contents(&opened.store).await, before, "{case}");
    }
    assert_eq!(fs::read_dir(dir.path().join("quarantine")).unwrap().count(), 4);
}

/// The tests may look into the index; the store itself does so in one file only.
fn sled_of(dir: &Path) -> sled::Db {
    for _ in 0..100 {
        if let Ok(db) = sled::open(dir) {
            return db;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the index stays locked")
}

#[tokio::test]
async fn no_index_value_over_4k() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).store;
    // Bodies around every boundary, and rows that shrink: no piece of the longer one may stay.
    let sizes = [0, 1, 3900, 4040, 4096, 4097, 8191, 8192, 12_288, 30_000, 5000, 10];
    for (n, size) in sizes.into_iter().enumerate() {
        let c = commit(n as u128).put("ticket/a", Kind::Ticket, &vec![7; size]).put(
            &format!("ticket/{n}"),
            Kind::Ticket,
            &vec![9; size],
        );
        store.commit(c).await.unwrap();
    }
    store.commit(commit(99).del("ticket/9")).await.unwrap();
    let id = store.id();
    drop(store);
    let index = Index::open(&dir.path().join("index"), id).unwrap();
    assert!(index.largest_value().unwrap() <= VALUE_MAX);
    drop(index);
    let db = sled_of(&dir.path().join("index"));
    let pieces = |key: &str| db.scan_prefix([b"b", key.as_bytes(), &[0]].concat()).count();
    assert_eq!((pieces("ticket/a"), pieces("ticket/9")), (0, 0));
    drop(db);
    let opened = open(dir.path());
    assert_eq!(opened.healed, Healed::default());
    for (n, size) in sizes.into_iter().enumerate().filter(|(n, _)| *n != 9) {
        let row = opened
            .store
            .get(&Key::new(format!("ticket/{n}")))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(&*row.body, vec![9; size].as_slice());
    }
}

#[tokio::test]
async fn rows_that_differ_from_the_journal_are_found_by_verify() {
    let (dir, _) = filled(9).await;
    let db = sled_of(&dir.path().join("index"));
    db.remove(b"rclaim/1").unwrap();
    let other = db.get(b"rclaim/2").unwrap().unwrap();
    db.insert(b"rclaim/5", other.clone()).unwrap();
    db.insert(b"rclaim/77", other).unwrap();
    db.flush().unwrap();
    drop(db);
    let problems = verify(dir.path()).problems.join("\n");
    for word in [
        "claim/1 is missing",
        "claim/5 is version 1 of commit 2",
        "claim/77 is not in the journal",
    ] {
        assert!(problems.contains(word), "{word} in {problems}");
    }
}

/// A store whose index is gone while it runs answers from the journal.
#[tokio::test]
async fn a_row_the_index_lost_is_read_from_the_journal() {
    let (dir, before) = filled(60).await;
    let tiny = Options {
        cache_bytes: 0,
        ..options()
    };
    let db = sled_of(&dir.path().join("index"));
    // Spoil a piece of a long row: the start does not read it, the first use does.
    let (key, _) = db.scan_prefix(b"bticket/").next().unwrap().unwrap();
    db.insert(key, b"rubbish").unwrap();
    db.flush().unwrap();
    drop(db);
    let opened = EmbeddedStore::open(dir.path(), tiny, clock(), entropy()).unwrap();
    assert_eq!(opened.healed, Healed::default());
    assert_eq!(contents(&opened.store).await, before);
    assert_eq!(opened.store.commit(step(61)).await.unwrap().seq, Seq(61));
    drop(opened);
    let opened = open(dir.path());
    assert!(opened.healed.index_rebuilt.unwrap().contains("damaged"));
    drop(opened.store);
    assert_clean(dir.path());
}
