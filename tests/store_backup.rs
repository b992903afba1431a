//! Backups: taken beside a running store, refused as soon as one byte is wrong, and restored without a second object on
//! any platform.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;
mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use omnitraffick::engine::{
    api::{ApiError, CommandKind, HoldScope},
    host::{Host, HostOptions, Place, StoreOptions, tools},
    model::{
        event::{EventKind, Seq},
        json::Sha,
        ticket::Status,
        time::Timestamp,
    },
    store::{
        Commit, Kind, LocalStore as _, Scan, Store as _, StoreError,
        backup::{self, Manifest, take::take},
        embedded::EmbeddedStore,
        journal::disk::RealDisk,
    },
};
use store_support::{START, Words as _, commit, open};
use support::{World, clock, person, sandbox};
use tempfile::TempDir;

type Contents = Vec<(String, u64, Vec<u8>)>;

async fn contents(store: &EmbeddedStore) -> Contents {
    let scan = Scan {
        limit: usize::MAX,
        ..Scan::default()
    };
    let rows = store.scan(scan).await.unwrap().rows;
    rows.into_iter()
        .map(|r| (r.key.as_str().to_owned(), r.version, r.body.to_vec()))
        .collect()
}

fn step(n: u128) -> Commit {
    let body = vec![u8::try_from(n % 251).unwrap(); 1500];
    commit(n).put(&format!("ticket/{}", n % 9), Kind::Ticket, &body)
}

/// A closed store over several segments with an asset.
async fn filled(count: u128) -> TempDir {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).store;
    for n in 1..=count {
        store.commit(step(n)).await.unwrap();
    }
    store.close().unwrap();
    asset(dir.path(), b"a picture");
    dir
}

fn asset(dir: &Path, content: &[u8]) -> PathBuf {
    let name = Sha::of(content).to_string();
    let path = dir.join("assets").join(&name[..2]).join(&name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

fn restored(backup: &Path, target: &Path) -> Result<Manifest, StoreError> {
    let (manifest, work) = backup::restore::lay_out(backup, target)?;
    backup::restore::settle(&work, target)?;
    Ok(manifest)
}

/// While somebody writes, a backup is a store of some moment: whole, contiguous, and everything acknowledged before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_running_store_opens_and_holds_what_was_acknowledged() {
    let dir = TempDir::new().unwrap();
    let store = Arc::new(open(dir.path()).store);
    for n in 1..=60 {
        store.commit(step(n)).await.unwrap();
    }
    let writer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for n in 61..=300 {
                store.commit(step(n)).await.unwrap();
            }
        })
    };
    let out = TempDir::new().unwrap();
    let target = out.path().join("backup");
    let acknowledged = store.head().seq;
    let manifest = {
        let (from, to) = (dir.path().to_owned(), target.clone());
        tokio::task::spawn_blocking(move || take(&from, &to, START))
            .await
            .unwrap()
            .unwrap()
    };
    writer.await.unwrap();
    store.close().unwrap();
    assert!(manifest.head >= acknowledged);
    let place = out.path().join("store");
    assert_eq!(restored(&target, &place).unwrap(), manifest);
    let opened = open(&place);
    assert_eq!(opened.store.head().seq, manifest.head);
    assert_eq!(opened.store.head().hash, manifest.head_hash);
    let events = opened.store.events(Seq(0), 1000).await.unwrap();
    assert_eq!(events.len() as u64, manifest.head.0);
}

#[tokio::test]
async fn a_restored_store_equals_the_one_backed_up() {
    let dir = filled(80).await;
    let before = {
        let opened = open(dir.path());
        let before = contents(&opened.store).await;
        opened.store.close().unwrap();
        before
    };
    let out = TempDir::new().unwrap();
    let manifest = take(dir.path(), &out.path().join("backup"), START).unwrap();
    let kinds: Vec<_> = manifest
        .files
        .iter()
        .map(|f| f.path.split('/').next().unwrap())
        .collect();
    assert!(
        kinds.contains(&"journal") && kinds.contains(&"assets") && kinds.contains(&"store.json"),
        "{kinds:?}"
    );
    let place = out.path().join("store");
    restored(&out.path().join("backup"), &place).unwrap();
    assert_eq!(contents(&open(&place).store).await, before);
}

/// Every file, three ways, and the manifest: the word that comes back names it.
#[tokio::test]
async fn a_backup_damaged_in_any_file_is_refused_and_the_file_is_named() {
    let dir = filled(40).await;
    let out = TempDir::new().unwrap();
    let backup = out.path().join("backup");
    take(dir.path(), &backup, START).unwrap();
    let mut harmed = 0;
    for below in backup::files_below(&backup).unwrap() {
        let path = backup.join(&below);
        let whole = fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        let middle = whole.len() / 2;
        flipped[middle] ^= 1;
        for harm in [Some(flipped), Some(whole[..whole.len() - 1].to_vec()), None] {
            match harm {
                Some(bytes) => fs::write(&path, bytes).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            let place = out.path().join("store");
            let why = restored(&backup, &place).unwrap_err().to_string();
            let named = why.contains(path.to_str().unwrap()) || why.contains("manifest.json");
            assert!(named, "{}: {why}", path.display());
            assert!(!place.exists());
            assert!(!backup::restore::unfinished(&place).exists());
            fs::write(&path, &whole).unwrap();
            harmed += 1;
        }
    }
    assert!(harmed > 9, "{harmed}");
    fs::write(backup.join("journal/extra.wal"), b"x").unwrap();
    let why = restored(&backup, &out.path().join("store")).unwrap_err().to_string();
    assert!(why.contains("extra.wal"), "{why}");
}

#[tokio::test]
async fn a_damaged_store_is_not_backed_up() {
    let dir = filled(40).await;
    let path = store_support::segments(dir.path()).remove(0);
    let mut bytes = fs::read(&path).unwrap();
    bytes[2000] ^= 1;
    fs::write(&path, bytes).unwrap();
    let out = TempDir::new().unwrap();
    let backup = out.path().join("backup");
    assert!(matches!(take(dir.path(), &backup, START), Err(StoreError::Damaged(_))));
    assert!(Manifest::read(&RealDisk, &backup).is_err());

    let dir = filled(20).await;
    fs::write(asset(dir.path(), b"another"), b"not that").unwrap();
    let why = take(dir.path(), &out.path().join("two"), START)
        .unwrap_err()
        .to_string();
    assert!(why.contains(&Sha::of(b"another").to_string()), "{why}");
}

#[tokio::test]
async fn neither_overwrites_anything() {
    let dir = filled(20).await;
    let out = TempDir::new().unwrap();
    let full = out.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine"), b"precious").unwrap();
    assert!(take(dir.path(), &full, START).is_err());
    let inside = dir.path().join("backup");
    let why = take(dir.path(), &inside, START).unwrap_err().to_string();
    assert!(why.contains("inside the store"), "{why}");
    assert!(!inside.exists());
    let backup = out.path().join("backup");
    take(dir.path(), &backup, START).unwrap();
    assert!(restored(&backup, &full).is_err());
    assert_eq!(fs::read(full.join("mine")).unwrap(), b"precious");
    let empty = out.path().join("empty");
    fs::create_dir(&empty).unwrap();
    restored(&backup, &empty).unwrap();
}

fn how() -> StoreOptions {
    store_support::options()
}

fn host_options(world: &World, place: Place) -> HostOptions {
    support::options(&world.sandbox, &world.clock, &world.clock, place, 7)
}

/// What was created after the backup is found by name and taken as ours: a ticket that was ready, and one whose deploy
/// stood still in the middle.
#[tokio::test]
async fn restore_then_deploy_makes_no_twin() {
    let out = TempDir::new().unwrap();
    let (first, second) = (out.path().join("first"), out.path().join("second"));
    let backup = out.path().join("backup");
    let (sandbox, clock) = (sandbox(""), clock());
    let world = World::over(
        Arc::clone(&sandbox),
        Arc::clone(&clock),
        Place::With(first.clone(), how()),
        1,
    )
    .await;
    world.seed().await;
    let campaign = world.campaign(world.brand, "Moana Launch").await;
    let ready = world.ticket(campaign).await;
    let campaign = world.campaign(world.brand, "Autumn Sale").await;
    let waiting = world.ticket(campaign).await;
    for id in [ready, waiting] {
        assert_eq!(world.qa(id).await, Status::ReadyForApi);
    }
    let hold = CommandKind::HoldPlace {
        scope: HoldScope::Everything,
        reason: "backup".into(),
    };
    world.act(hold).await.unwrap();
    world.deploy(waiting).await.unwrap();
    let taken = world.client.now();
    tools::back_up(&first, &backup, taken).unwrap();

    // What the backup does not know.
    let release = || CommandKind::HoldRelease {
        scope: HoldScope::Everything,
    };
    world.act(release()).await.unwrap();
    world.deploy(ready).await.unwrap();
    for id in [ready, waiting] {
        assert_eq!(
            world.wait(id, |s| s != Status::Deploying).await,
            Status::TraffickedSuccess
        );
    }
    let made = world.view(ready).await.ticket.value.created;
    let options = host_options(&world, Place::Memory);
    world.host.close().await.unwrap();

    tools::restore(&backup, &second, how(), options, &person())
        .await
        .unwrap();
    let host = Host::open(support::options(
        &sandbox,
        &clock,
        &clock,
        Place::With(second.clone(), how()),
        9,
    ))
    .await
    .unwrap();
    let world = World::of(host, Arc::clone(&sandbox), Arc::clone(&clock));
    assert_eq!(world.view(ready).await.ticket.value.status, Status::ReadyForApi);
    world.act(release()).await.unwrap();
    world.deploy(ready).await.unwrap();
    for id in [ready, waiting] {
        assert_eq!(
            world.wait(id, |s| s != Status::Deploying).await,
            Status::TraffickedSuccess
        );
        let ticket = world.view(id).await.ticket.value;
        for object in &ticket.created {
            assert_eq!(
                sandbox.creates(&ticket.account, object.kind, &object.name),
                1,
                "{}",
                object.name
            );
        }
    }
    let ids = |created: &[omnitraffick::engine::model::ticket::Created]| -> Vec<_> {
        created.iter().map(|c| c.external_id.clone()).collect()
    };
    assert_eq!(
        ids(&world.view(ready).await.ticket.value.created),
        ids(&made),
        "the very objects"
    );
    world.host.close().await.unwrap();

    let mut kinds = Vec::new();
    tools::export(&second, Seq(0), &mut |c| {
        kinds.push(c.event.kind);
        true
    })
    .unwrap();
    assert_eq!(kinds.iter().filter(|k| **k == EventKind::StoreRestored).count(), 1);
}

/// The mark goes when an admin says so, with a reason, and only once.
#[tokio::test]
async fn the_caution_ends_when_somebody_says_so() {
    let out = TempDir::new().unwrap();
    let world = World::over(sandbox(""), clock(), Place::With(out.path().join("a"), how()), 1).await;
    world.seed().await;
    tools::back_up(&out.path().join("a"), &out.path().join("b"), Timestamp::from_micros(0)).unwrap();
    let options = host_options(&world, Place::Memory);
    let place = out.path().join("c");
    tools::restore(&out.path().join("b"), &place, how(), options, &person())
        .await
        .unwrap();
    let host = Host::open(host_options(&world, Place::With(place, how())))
        .await
        .unwrap();
    let restored = World::of(host, Arc::clone(&world.sandbox), Arc::clone(&world.clock));
    let settle = |reason: &str| CommandKind::StoreSettle { reason: reason.into() };
    assert!(matches!(restored.act(settle(" ")).await, Err(ApiError::Refused(_))));
    restored
        .act(settle("the accounts were compared by hand"))
        .await
        .unwrap();
    assert!(matches!(restored.act(settle("again")).await, Err(ApiError::Refused(_))));
    // Nobody marks a store through the engine's door.
    let mark = CommandKind::StoreRestored {
        taken_at: Timestamp::from_micros(0),
    };
    assert!(matches!(restored.act(mark).await, Err(ApiError::Refused(_))));
    world.host.close().await.unwrap();
    restored.host.close().await.unwrap();
}

/// Files nothing refers to go once they are old; what a row names stays.
#[tokio::test]
async fn a_sweep_removes_only_what_is_old_and_unnamed() {
    let dir = TempDir::new().unwrap();
    let named = asset(dir.path(), b"named");
    let unnamed = asset(dir.path(), b"unnamed");
    let store = open(dir.path()).store;
    let body = format!("{{\"sha256\":\"{}\"}}", Sha::of(b"named"));
    store
        .commit(commit(1).put("ticket/1", Kind::Ticket, body.as_bytes()))
        .await
        .unwrap();
    store.close().unwrap();
    let entropy = store_support::entropy();
    // The files are of today, the store's clock stands at another day: nothing of today is old by it.
    let swept = tools::sweep(dir.path(), how(), store_support::clock(), entropy.clone()).unwrap();
    assert_eq!(swept.removed, Vec::<String>::new());
    let later = omnitraffick::engine::clock::ManualClock::at(Timestamp::parse("2096-01-01T00:00:00Z").unwrap());
    let swept = tools::sweep(dir.path(), how(), Arc::new(later), entropy).unwrap();
    assert_eq!(swept.removed, [unnamed.display().to_string()]);
    assert!(named.exists() && !unnamed.exists());
}
