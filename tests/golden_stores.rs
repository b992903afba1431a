//! Whole stores of released versions, kept as they were written. Every later build opens each of them, and finds in it
//! what was put there.
//!
//! A directory that is missing is made by the present build, and the test fails once, so that it gets looked at and
//! committed. From a release on its directory is never changed; a new version adds one beside it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use omnitraffick::engine::{
    api::{Overview, Reply, Request},
    host::{Host, Place, StoreOptions, tools},
    model::{event::Seq, ticket::Status},
    store::{
        embedded::place::Place as Files,
        journal::disk::RealDisk,
        snapshot::keeper::{Pace, Work, tend},
    },
};
use rstest::rstest;
use serde_json::{Value, json};
use support::{World, clock, person, sandbox};
use tempfile::TempDir;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/stores")
        .join(name)
}

fn how() -> StoreOptions {
    StoreOptions {
        segment_bytes: 16 * 1024,
        allow_fuse: true,
        ephemeral: true,
        ..StoreOptions::default()
    }
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

/// What a build can tell about a store through its engine.
async fn told(dir: &Path) -> Value {
    let clock = clock();
    let options = support::options(&sandbox(""), &clock, &clock, Place::With(dir.to_owned(), how()), 3);
    let host = Host::open(omnitraffick::engine::host::HostOptions {
        transport: None,
        read_only: true,
        ..options
    })
    .await
    .unwrap();
    let client = host.client(person(), true);
    let Reply::Overview(o) = client.request(Request::Overview).await.unwrap() else {
        panic!("another answer")
    };
    let Overview {
        head, epoch, read_only, ..
    } = *o;
    let mut tickets = Vec::new();
    for no in [1001, 1002] {
        let no = omnitraffick::engine::model::ids::TicketNo(no);
        if let Ok(Reply::Ticket(view)) = client.request(Request::TicketByNo(no)).await {
            let t = view.ticket.value;
            let created: Vec<_> = t.created.iter().map(|c| (&c.name, &c.external_id)).collect();
            tickets.push(json!({"no": t.no, "name": t.name, "status": t.status, "created": created}));
        }
    }
    let Reply::Events(events) = client
        .request(Request::Events {
            after: Seq(0),
            limit: 1000,
        })
        .await
        .unwrap()
    else {
        panic!("another answer")
    };
    let events: Vec<_> = events
        .iter()
        .map(|e| format!("{} {} {}", e.seq, e.kind, e.summary))
        .collect();
    drop(client);
    host.close().await.unwrap();
    json!({"head": head, "epoch": epoch, "read_only": read_only, "tickets": tickets, "events": events})
}

/// A small house of the present build: one ticket live, one in draft, several segments, a snapshot.
async fn make(dir: &Path) {
    let options = StoreOptions {
        snapshots: Pace {
            segments: 0,
            records: 0,
        },
        ..how()
    };
    let world = World::over(sandbox(""), clock(), Place::With(dir.to_owned(), options), 1).await;
    world.seed().await;
    let campaign = world.campaign(world.brand, "Moana Launch").await;
    let id = world.ticket(campaign).await;
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    let campaign = world.campaign(world.brand, "Autumn Sale").await;
    world.ticket(campaign).await;
    world.host.close().await.unwrap();
    let store = tools::facts(dir).unwrap().store;
    let work = Work {
        disk: RealDisk::shared(),
        place: Files { dir: dir.to_owned() },
        store,
        pace: Pace {
            segments: 1,
            records: 0,
        },
    };
    tend(&work, &|| true).unwrap().expect("several segments are closed");
    // Derived, machine-dependent and large: what of it matters is tested where it is written.
    fs::remove_dir_all(dir.join("index")).unwrap();
    fs::remove_file(dir.join("engine.lock")).unwrap();
}

#[rstest]
#[case("v1")]
#[tokio::test]
async fn every_released_store_opens(#[case] version: &str) {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("store");
    let (kept, expected) = (golden(version), golden(&format!("{version}.json")));
    if !kept.exists() {
        make(&dir).await;
        copy_dir(&dir, &kept);
        let facts = serde_json::to_value(tools::facts(&dir).unwrap()).unwrap();
        let all = json!({"facts": facts, "told": told(&dir).await});
        fs::write(&expected, serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
        panic!(
            "{} was missing and has been written; look at it and commit it",
            kept.display()
        );
    }
    let expected: Value = serde_json::from_slice(&fs::read(&expected).unwrap()).unwrap();
    copy_dir(&kept, &dir);
    assert_eq!(
        serde_json::to_value(tools::facts(&dir).unwrap()).unwrap(),
        expected["facts"]
    );
    let check = tools::verify(&dir);
    assert_eq!((check.problems, check.snapshots), (vec![], 1));
    // Once from the snapshot on, once from the journal alone, once with the index that was made.
    assert_eq!(told(&dir).await, expected["told"]);
    assert_eq!(told(&dir).await, expected["told"]);
    fs::remove_dir_all(dir.join("index")).unwrap();
    fs::remove_dir_all(dir.join("snapshots")).unwrap();
    fs::remove_dir_all(dir.join("commands")).unwrap();
    assert_eq!(told(&dir).await, expected["told"]);
}

/// What was written long ago can be backed up, restored and worked on.
#[tokio::test]
async fn a_released_store_can_be_worked_on() {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("store");
    if !golden("v1").exists() {
        return; // the test above says so
    }
    copy_dir(&golden("v1"), &dir);
    let (sandbox, clock) = (sandbox(""), clock());
    let world = World::over(
        Arc::clone(&sandbox),
        Arc::clone(&clock),
        Place::With(dir.clone(), how()),
        5,
    )
    .await;
    let before = tools::facts(&dir).unwrap().head;
    let campaign = omnitraffick::engine::api::CommandKind::HoldPlace {
        scope: omnitraffick::engine::api::HoldScope::Everything,
        reason: "a look round".into(),
    };
    world.act(campaign).await.unwrap();
    world.host.close().await.unwrap();
    assert_eq!(tools::facts(&dir).unwrap().head, Seq(before.0 + 1));
    assert_eq!(tools::verify(&dir).problems, Vec::<String>::new());
}
