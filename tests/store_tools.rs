//! The store's verbs as people and scripts run them: beside a running engine, and on what it left.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use program::{Home, Running, talk};
use serde_json::Value;

fn house() -> Home {
    let home = Home::new();
    home.govern(&["act_1001"]);
    home.campaign("Moana Launch");
    home
}

#[test]
fn a_backup_beside_a_running_engine_restores_to_the_same_chain() {
    let home = house();
    let mut serve = home.command(&["serve"]);
    let mut engine = Running(serve.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
    // It says so once it owns the store. The pipe stays open: it may have more to say.
    let mut talk_of_it = BufReader::new(engine.0.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("the engine runs on") {
        assert_ne!(talk_of_it.read_line(&mut said).unwrap(), 0, "{said}");
    }
    let backup = home.path().join("backup");
    let backup = backup.to_str().unwrap();
    let taken = home.json(&["store", "backup", backup]);
    let checked = home.json(&["store", "restore", backup, "--check"]);
    assert_eq!(checked["data"]["head_hash"], taken["data"]["head_hash"]);
    assert_eq!(
        home.json(&["store", "verify"])["data"]["problems"],
        Value::Array(vec![])
    );
    assert_eq!(home.run(&["store", "rebuild"]).status.code(), Some(5));
    assert_eq!(home.run(&["store", "gc"]).status.code(), Some(5));
    let lines = home.good(&["store", "export", "--json"]);
    assert_eq!(lines.lines().count() as u64, taken["data"]["head"].as_u64().unwrap());

    let other = home.path().join("other");
    let other = other.to_str().unwrap();
    home.good(&["--store", other, "store", "restore", backup]);
    let info = home.json(&["--store", other, "store", "info"]);
    assert_eq!(info["data"]["store"], taken["data"]["store"]);
    let head = taken["data"]["head"].as_u64().unwrap();
    let all = home.good(&["--store", other, "store", "export", "--after", &(head - 1).to_string()]);
    let all: Vec<Value> = all.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(
        all[1]["prev"], taken["data"]["head_hash"],
        "it goes on from the backup's end"
    );
    assert_eq!(all[1]["kind"], "store.restored");
    assert_eq!(all[1]["put"][0]["kind"], "restored");
    let again = home.run(&["--store", other, "store", "restore", backup]);
    assert!(talk(&again).contains("not empty"), "{again:?}");
    home.good(&[
        "--store",
        other,
        "store",
        "settle",
        "--reason",
        "nothing ran meanwhile",
        "--yes",
    ]);
    assert_eq!(
        home.json(&["--store", other, "store", "verify"])["data"]["problems"],
        Value::Array(vec![])
    );
}

#[test]
fn a_damaged_backup_is_refused_with_its_file_and_code_6() {
    let home = house();
    let backup = home.path().join("backup");
    home.good(&["store", "backup", backup.to_str().unwrap()]);
    let segment = backup.join("journal/00000000000000000001.wal");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[700] ^= 4;
    std::fs::write(&segment, bytes).unwrap();
    let other = home.path().join("other");
    let ran = home.run(&[
        "--store",
        other.to_str().unwrap(),
        "store",
        "restore",
        backup.to_str().unwrap(),
    ]);
    assert_eq!(ran.status.code(), Some(6));
    assert!(talk(&ran).contains("00000000000000000001.wal"), "{ran:?}");
    assert!(!other.exists());
}

#[test]
fn a_rebuilt_index_changes_nothing_a_person_sees() {
    let home = house();
    let before = home.json(&["campaign", "list"]);
    let rebuilt = home.json(&["store", "rebuild"]);
    assert_eq!(rebuilt["data"]["head"], rebuilt["data"]["replayed"]);
    assert_eq!(home.json(&["campaign", "list"]), before);
    let info = home.json(&["store", "info"]);
    assert_eq!(
        info["data"]["files"]["head_hash"],
        home.json(&["store", "verify"])["data"]["head_hash"]
    );
    assert_eq!(home.json(&["store", "gc"])["data"]["removed"], Value::Array(vec![]));
    assert_eq!(home.run(&["--dry-run", "store", "rebuild"]).status.code(), Some(2));
}

#[test]
fn a_store_in_memory_needs_a_word() {
    // A machine without this place has nothing to test here.
    let Ok(memory) = tempfile::tempdir_in("/dev/shm") else {
        return;
    };
    let home = Home::new();
    let store = memory.path().join("store");
    let line = [
        "--store",
        store.to_str().unwrap(),
        "market",
        "create",
        "US",
        "--name",
        "US",
        "--country",
        "US",
    ];
    let refused = home.run(&line);
    assert_eq!(refused.status.code(), Some(5));
    assert!(talk(&refused).contains("--ephemeral"), "{refused:?}");
    let allowed: Vec<_> = ["--ephemeral"].iter().chain(&line).copied().collect();
    home.good(&allowed);
}
