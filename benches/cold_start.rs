//! How long until a large house answers, and how fast a lost index is built again (B8, goal G3).
//!
//! `cargo bench --bench cold_start [-- --quick] [--tickets N] [--events N] [--dir DIR] [--log]`. One JSON line; `--dir`
//! keeps the house for the next time, `--log` shows the steps. "Ready" is the engine's own
//! start, from nothing to the answer to its first question, with the files in the page cache.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a tool for people at a keyboard: what goes wrong ends it with a message"
)]

mod common;

use std::{path::Path, sync::Arc, time::Duration};

use common::{Switches, house, support, timed};
use omnitraffick::engine::{
    api::{Reply, Request},
    clock::{Clock, SystemClock},
    host::{Host, HostOptions, Place, tools},
    store::{
        embedded::place::Place as Files,
        journal::disk::RealDisk,
        snapshot::keeper::{Pace, Work, tend},
    },
};

/// Ready within this, at full size.
const READY: Duration = Duration::from_secs(2);
/// A rebuild takes at least this many events in a second.
const REBUILD: f64 = 100_000.0;

fn main() -> std::process::ExitCode {
    let switches = Switches::of_process();
    let quick = switches.has("--quick");
    if switches.has("--log") {
        tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    }
    let tickets = u32::try_from(switches.number("--tickets", if quick { 2_000 } else { 100_000 })).unwrap();
    let events = switches.number("--events", if quick { 20_000 } else { 1_000_000 });
    let kept = switches.text("--dir").map(std::path::PathBuf::from);
    let temp = common::directory("cold-start-");
    let dir = kept.unwrap_or_else(|| temp.path().join("store"));

    if !dir.exists() {
        let life = Arc::new(house::Life::play());
        let store = Arc::new(house::open(&dir));
        let (took, ()) = timed(|| house::write(&life, &store, tickets, events));
        eprintln!("written in {:.1} s, {} commits", took.as_secs_f64(), store.head().seq);
    }
    let (settle, head) = ready(&dir);
    eprintln!("first start {settle:?}, {head} commits");
    let mut starts: Vec<(Duration, Duration)> = (0..3)
        .map(|_| {
            let before = common::processor();
            let (took, _) = ready(&dir);
            (took, common::processor().saturating_sub(before))
        })
        .collect();
    starts.sort();
    let (start, start_cpu) = starts[1];
    let (snapshot, ()) = timed(|| snap(&dir));
    let rebuild = |snapshots: bool| {
        std::fs::remove_dir_all(dir.join("index")).unwrap();
        let aside = dir.join("snapshots.aside");
        if !snapshots && dir.join("snapshots").exists() {
            std::fs::rename(dir.join("snapshots"), &aside).unwrap();
        }
        let (took, _) = ready(&dir);
        if aside.exists() {
            let _ = std::fs::remove_dir_all(dir.join("snapshots"));
            std::fs::rename(&aside, dir.join("snapshots")).unwrap();
        }
        took
    };
    let from_snapshot = rebuild(true);
    let from_journal = rebuild(false);
    let per_second = |took: Duration| head as f64 / took.as_secs_f64();
    let size = |name: &str| common::on_disk(&dir.join(name)) >> 20;

    let mut missed = Vec::new();
    if start > READY {
        missed.push(format!("ready in {start:?}, the bar is {READY:?}"));
    }
    for (how, took) in [("from a snapshot", from_snapshot), ("from the journal", from_journal)] {
        if per_second(took) < REBUILD {
            missed.push(format!(
                "rebuild {how}: {:.0} events/s, the bar is {REBUILD}",
                per_second(took)
            ));
        }
    }
    let figures = serde_json::json!({
        "tickets": tickets, "events": head,
        "ready_ms": start.as_millis(), "ready_and_close_cpu_ms": start_cpu.as_millis(),
        "snapshot_ms": snapshot.as_millis(),
        "rebuild_snapshot_ms": from_snapshot.as_millis(),
        "rebuild_snapshot_events_per_s": per_second(from_snapshot).round(),
        "rebuild_journal_ms": from_journal.as_millis(),
        "rebuild_journal_events_per_s": per_second(from_journal).round(),
        "journal_mib": size("journal"), "index_mib": size("index"), "snapshots_mib": size("snapshots"),
        "rss_mib": common::memory("VmRSS"), "peak_rss_mib": common::memory("VmHWM"),
    });
    common::report("cold_start", quick, figures, &missed)
}

/// Makes the snapshot that a running engine would have made by now, if it has not.
fn snap(dir: &Path) {
    let work = Work {
        disk: RealDisk::shared(),
        place: Files { dir: dir.to_owned() },
        store: tools::facts(dir).unwrap().store,
        pace: Pace::default(),
    };
    tend(&work, &|| true).unwrap();
}

/// Starts the engine, asks one question and closes it. Inside: until the answer, and the newest commit.
fn ready(dir: &Path) -> (Duration, u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let options = HostOptions {
            // Decides, answers and judges; nothing is sent.
            transport: None,
            ..support::options(&support::sandbox(""), &clock, &clock, Place::Dir(dir.to_owned()), 1)
        };
        let start = std::time::Instant::now();
        let host = Host::open(options).await.unwrap();
        let client = host.client(support::person(), false);
        let Reply::Overview(o) = client.request(Request::Overview).await.unwrap() else {
            panic!("another answer")
        };
        let took = start.elapsed();
        drop(client);
        host.close().await.unwrap();
        (took, o.head.0)
    })
}
