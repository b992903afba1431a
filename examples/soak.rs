//! Memory and disk after many commits (B9, goal G8): `cargo run --release --example soak -- --commits 1000000 [--report]
//! [--quick]`. A whole engine with its projection is open while a house of real tickets is written. One JSON line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a tool for people at a keyboard: what goes wrong ends it with a message"
)]

#[path = "../benches/common/mod.rs"]
mod common;

use std::sync::Arc;

use common::{Switches, house, support};
use omnitraffick::engine::{
    clock::{Clock, SystemClock},
    host::{Host, HostOptions, Place},
    store::{Kind, LocalStore, Row, Store as _},
};
use serde_json::json;

/// Resident memory after all commits, MiB: 300 MB.
const RSS: u64 = 286;
/// Index on disk over live data.
const INDEX: f64 = 5.0;

fn main() -> std::process::ExitCode {
    let switches = Switches::of_process();
    let quick = switches.has("--quick");
    let commits = switches.number("--commits", if quick { 20_000 } else { 1_000_000 });
    let tickets = u32::try_from(switches.number("--tickets", commits / 10)).unwrap();
    let dir = common::directory("soak-");
    let place = dir.path().join("store");
    let life = Arc::new(house::Life::play());
    let store = Arc::new(house::open(&place));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let host = runtime.block_on(async {
        let open: Arc<dyn LocalStore> = Arc::clone(&store) as Arc<dyn LocalStore>;
        let options = support::options(&support::sandbox(""), &clock, &clock, Place::Open(open), 1);
        Host::open(HostOptions {
            transport: None,
            read_only: true,
            ..options
        })
        .await
        .unwrap()
    });
    let idle = common::memory("VmRSS");
    let (took, ()) = common::timed(|| house::write(&life, &store, tickets, commits));
    let rss = common::memory("VmRSS");
    let peak = common::memory("VmHWM");
    let parts = store.bytes();
    let head = store.head().seq.0;
    let mut live = 0_u64;
    runtime.block_on(async {
        for kind in Kind::ALL {
            let mut scan = omnitraffick::engine::store::Scan {
                kind: Some(*kind),
                limit: 1000,
                ..Default::default()
            };
            loop {
                let page = store.scan(scan.clone()).await.unwrap();
                live += page.rows.iter().map(row_bytes).sum::<u64>();
                let Some(next) = page.next else { break };
                scan.after = Some(next);
            }
        }
    });
    runtime.block_on(host.close()).unwrap();
    let index = common::on_disk(&place.join("index"));
    let factor = index as f64 / live as f64;
    let mut missed = Vec::new();
    if rss > RSS {
        missed.push(format!("{rss} MiB resident after {head} commits, the bar is {RSS}"));
    }
    if factor > INDEX {
        missed.push(format!(
            "the index takes {factor:.1} times the live data, the bar is {INDEX}"
        ));
    }
    let mut figures = json!({
        "commits": head, "tickets": tickets, "commits_per_s": (head as f64 / took.as_secs_f64()).round(),
        "rss_mib": rss, "rss_idle_mib": idle, "peak_rss_mib": peak,
        "live_mib": live >> 20, "index_mib": index >> 20, "index_over_live": (factor * 10.0).round() / 10.0,
        "journal_mib": common::on_disk(&place.join("journal")) >> 20,
    });
    if switches.has("--report") {
        for (part, bytes) in &parts {
            figures[format!("{part}_mib")] = (bytes >> 20).into();
        }
        let binary = std::env::current_exe().unwrap().with_file_name("../omnitraffick");
        figures["binary_mib"] = std::fs::metadata(binary).map_or(0, |m| m.len() >> 20).into();
        figures["processes"] = 1.into();
    }
    common::report("soak", quick, figures, &missed)
}

fn row_bytes(row: &Row) -> u64 {
    (row.key.as_str().len() + row.body.len()) as u64
}
