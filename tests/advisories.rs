//! Advisories we live with are looked at again: an ignore in `deny.toml` carries the date of its next review, and this
//! test fails once that has passed. The pinned crates behind them stay the ones that were judged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]

use std::collections::BTreeMap;

use omnitraffick::engine::{
    clock::{Clock as _, SystemClock},
    model::time::Day,
};

fn read(path: &str) -> toml::Table {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

#[test]
fn every_ignored_advisory_has_a_reason_and_a_review_to_come() {
    let deny = read("deny.toml");
    let today = SystemClock.now().jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    let ignores = deny
        .get("advisories")
        .and_then(|a| a.get("ignore"))
        .and_then(toml::Value::as_array)
        .unwrap();
    assert!(!ignores.is_empty());
    for entry in ignores {
        let id = entry.get("id").and_then(toml::Value::as_str).unwrap();
        let reason = entry.get("reason").and_then(toml::Value::as_str).unwrap();
        let (_, review) = reason
            .split_once("review ")
            .unwrap_or_else(|| panic!("{id} has no review date"));
        let review: Day = review.parse().unwrap_or_else(|e| panic!("{id}: {e}"));
        assert!(
            review.date() >= today,
            "{id}: the review of {review} is overdue; judge it again and set a new date"
        );
    }
}

#[test]
fn crates_with_known_faults_are_at_the_version_that_was_judged() {
    let lock = read("Cargo.lock");
    let packages = lock.get("package").and_then(toml::Value::as_array).unwrap();
    let mut versions: BTreeMap<&str, Vec<Vec<u64>>> = BTreeMap::new();
    for p in packages {
        let get = |key: &str| p.get(key).and_then(toml::Value::as_str).unwrap();
        let parts = get("version")
            .split(['.', '-', '+'])
            .filter_map(|n| n.parse().ok())
            .collect();
        versions.entry(get("name")).or_default().push(parts);
    }
    let all = |name: &str| versions.get(name).cloned().unwrap_or_default();
    assert_eq!(all("sled"), [[0, 34, 7]]);
    assert_eq!(all("bincode"), [[1, 3, 3]]);
    assert!(
        all("crossbeam-epoch")
            .iter()
            .all(|v| v.as_slice() >= [0, 9, 20].as_slice())
    );
    assert!(all("lru").iter().all(|v| v.as_slice() >= [0, 18, 2].as_slice()));
}

#[test]
fn the_lock_file_stays_inside_its_budget() {
    let lock = read("Cargo.lock");
    let packages = lock.get("package").and_then(toml::Value::as_array).unwrap();
    assert!(
        packages.len() <= 440,
        "{} locked crates; every rise over 440 is a decision: ranking of guidelines (tantivy) took 90, PDF (a feature that \
         is off unless asked for) took 29",
        packages.len()
    );
}
