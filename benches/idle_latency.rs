//! Latency of one deploy in an engine that has nothing else to do, and what that engine does while nobody asks.
//!
//! `cargo bench --bench idle_latency [-- --quick] [--deploys N]`
//!
//! For each ticket in turn: the time from the moment a person's `deploy` is handed in until the first call of the deploy
//! reaches the transport. Two commits lie between, the start and the first intent, each acknowledged after its
//! `fdatasync`; the platform is Meta's own, answered from memory. The next ticket starts once the one before is live and
//! the engine has come to rest.
//!
//! One line of JSON; exit code 1 when the bar is missed.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a benchmark reads the machine's clock and stops at the first surprise"
)]

mod support;

use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use omnitraffick::{
    engine::model::{platform::PlatformId, ticket::Status},
    platforms::registry::registry,
};
use support::wire::{Answers, Wire};

/// 99 of 100 deploys reach the platform within this, in milliseconds.
const BAR_MS: f64 = 20.0;
/// Between two deploys: long enough for the engine to fall asleep.
const REST: Duration = Duration::from_millis(25);

fn main() -> ExitCode {
    let quick = support::flag("--quick");
    let deploys: usize = support::argument("--deploys", if quick { 20 } else { 400 });
    let idle = Duration::from_secs(if quick { 2 } else { 10 });
    support::runtime().block_on(async {
        let dir = support::store_dir();
        let bare = support::bare_sync_ms(dir.path());
        let wire = Arc::new(Wire::new(Duration::ZERO, Answers::Meta));
        let platforms = registry();
        let payload = support::meta_payload(&**platforms.get(&PlatformId::Meta).unwrap());
        let house = support::open(&dir.path().join("store"), platforms, wire.clone(), 64).await;
        let tickets = house.ready_tickets(deploys, 16, &payload).await;

        let mut times = Vec::with_capacity(deploys);
        for (n, id) in tickets.iter().enumerate() {
            tokio::time::sleep(REST).await;
            wire.arrivals.lock().unwrap().clear();
            let start = Instant::now();
            house.start_deploys(std::slice::from_ref(id)).await;
            house.wait_for(Status::TraffickedSuccess, n + 1).await;
            let first = wire.arrivals.lock().unwrap().first().copied().unwrap();
            times.push(first - start);
        }
        let (p50, p99) = support::percentiles(times);

        // What follows the last write (the index's flush and sync) is over by then.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (before, cpu) = (support::sleeps(), support::cpu_seconds());
        tokio::time::sleep(idle).await;
        let wakes = support::sleeps() - before;
        let cpu = support::cpu_seconds() - cpu;
        assert_eq!(house.host.close().await, Ok(()));

        let met = p99 <= BAR_MS;
        let line = serde_json::json!({
            "bench": "idle_latency",
            "build": env!("CARGO_PKG_VERSION"),
            "optimised": !cfg!(debug_assertions),
            "cores": support::cores(),
            "durability": "start and intent synced (fdatasync) before the first byte",
            "quick": quick,
            "deploys": deploys,
            "to_first_byte_ms_p50": support::round(p50),
            "to_first_byte_ms_p99": support::round(p99),
            "bare_fdatasync_ms": support::round(bare),
            "idle_wakes_per_s": support::round(wakes as f64 / idle.as_secs_f64()),
            "idle_cpu_ms_per_s": support::round(cpu * 1e3 / idle.as_secs_f64()),
            "bars_met": met,
        });
        println!("{line}");
        if met || quick {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    })
}
