//! Deploy throughput: how fast a queue of ready deploys is worked off through the whole durable chain.
//!
//! `cargo bench --bench burn_down [-- --quick] [--deploys N] [--only noop|latency|meta]`
//!
//! Everything is the product's own: tickets are created and judged by commands, deploys are started by commands while a
//! hold stops the queue, and the clock runs from the hold's release until the last ticket is live. Every step is two
//! commits, the intent before the call and the outcome after it, and each is acknowledged only after its `fdatasync` in
//! a store on disk. Only the platform's side is replaced: calls are answered from memory.
//!
//! - `noop`: three steps that mean nothing, answered at once; the limit on calls is lifted.
//! - `latency`: the same with 20 ms a call and 64 calls at once; measured against what the latency allows.
//! - `meta`: Meta's real steps (seven), requests and answers, with a whole payload.
//!
//! One line of JSON; exit code 1 when a bar is missed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
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
    engine::{
        api::{CommandKind, HoldScope},
        host,
        model::{platform::PlatformId, ticket::Status},
        service::Registry,
    },
    platforms::{Platform, registry::registry},
};
use support::{
    noop::Noop,
    wire::{Answers, Wire},
};

/// Durable steps a second at no latency: five times a queue in memory on such a machine.
const STEPS_BAR: f64 = 8000.0;
/// Share of what the latency allows.
const SHARE_BAR: f64 = 0.9;
/// Calls at once when the limit is lifted.
const LIFTED: usize = 1024;

struct Run {
    deploys: usize,
    steps: usize,
    accounts: usize,
    calls: usize,
    latency: Duration,
    platform: Arc<dyn Platform>,
    answers: Answers,
    payload: serde_json::Value,
}

fn run(run: &Run) -> serde_json::Value {
    support::runtime().block_on(async {
        let dir = support::store_dir();
        let bare = support::bare_sync_ms(dir.path());
        let store = dir.path().join("store");
        let wire = Arc::new(Wire::new(run.latency, run.answers));
        let platforms = Registry::from([(PlatformId::Meta, Arc::clone(&run.platform))]);
        let house = support::open(&store, platforms, wire.clone(), run.calls).await;

        let tickets = house.ready_tickets(run.deploys, run.accounts, &run.payload).await;
        let scope = HoldScope::Everything;
        house
            .act(CommandKind::HoldPlace {
                scope: scope.clone(),
                reason: "until all are queued".into(),
            })
            .await;
        house.start_deploys(&tickets).await;
        assert_eq!(wire.calls(), 0, "nothing goes out while the hold stands");

        let cpu = support::cpu_seconds();
        let start = Instant::now();
        let released = house.act(CommandKind::HoldRelease { scope }).await;
        house.wait_for(Status::TraffickedSuccess, run.deploys).await;
        let took = start.elapsed().as_secs_f64();
        let cpu = support::cpu_seconds() - cpu;

        let steps = run.deploys * run.steps;
        assert_eq!(wire.calls(), steps as u64, "one call a step");
        let commits = house.host.engine().projection().read(|s| s.seq.0) - released.seq.0;
        assert_eq!(commits, 2 * steps as u64, "one intent and one outcome a step");
        let closing = house.host.close().await;
        assert_eq!(closing, Ok(()));
        let report = host::verify(&store);
        assert!(report.problems.is_empty(), "{:?}", report.problems);

        let rate = steps as f64 / took;
        let allowed = run.calls as f64 * 1e3 / wire.mean_ms().max(run.latency.as_secs_f64() * 1e3);
        serde_json::json!({
            "deploys": run.deploys,
            "steps": steps,
            "durable_commits": commits,
            "accounts": run.accounts,
            "calls_at_once": run.calls,
            "peak_calls": wire.peak(),
            "latency_ms": run.latency.as_secs_f64() * 1e3,
            "call_ms_mean": support::round(wire.mean_ms()),
            "seconds": support::round(took),
            "steps_per_s": support::round(rate),
            "cpu_us_per_step": support::round(cpu * 1e6 / steps as f64),
            "deploys_per_s": support::round(run.deploys as f64 / took),
            "share_of_allowed": if run.latency.is_zero() { None } else { Some(support::round(rate / allowed)) },
            "bare_fdatasync_ms": support::round(bare),
        })
    })
}

fn main() -> ExitCode {
    let quick = support::flag("--quick");
    let deploys = support::argument("--deploys", if quick { 500 } else { 10_000 });
    let only: String = support::argument("--only", String::new());
    let wanted = |name: &str| only.is_empty() || only == name;
    let noop = || Run {
        deploys,
        steps: 3,
        accounts: LIFTED,
        calls: LIFTED,
        latency: Duration::ZERO,
        platform: Arc::new(Noop::new()),
        answers: Answers::Bare,
        payload: serde_json::json!({}),
    };
    let mut line = serde_json::json!({
        "bench": "burn_down",
        "build": env!("CARGO_PKG_VERSION"),
        "optimised": !cfg!(debug_assertions),
        "cores": support::cores(),
        "durability": "every intent and every outcome synced (fdatasync) before it counts",
        "quick": quick,
    });
    let mut met = true;
    if wanted("noop") {
        let got = run(&noop());
        met &= got["steps_per_s"].as_f64() >= Some(STEPS_BAR);
        line["noop"] = got;
    }
    if wanted("latency") {
        let got = run(&Run {
            deploys: deploys.div_ceil(2),
            calls: 64,
            latency: Duration::from_millis(20),
            ..noop()
        });
        met &= got["share_of_allowed"].as_f64() >= Some(SHARE_BAR);
        line["latency"] = got;
    }
    if wanted("meta") {
        let platforms = registry();
        let meta = platforms.get(&PlatformId::Meta).unwrap();
        line["meta"] = run(&Run {
            deploys: deploys.div_ceil(4),
            steps: 7,
            answers: Answers::Meta,
            payload: support::meta_payload(&**meta),
            platform: Arc::clone(meta),
            ..noop()
        });
    }
    line["bars_met"] = met.into();
    println!("{line}");
    if met || quick {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
