//! Seeded simulations that try to break the one claim: at most one object per step, nothing acknowledged is lost,
//! everything ends or asks.
//!
//! ```sh
//! cargo run --release --example chaos -- --runs 10000 --seed 1 --json
//! cargo run --release --example chaos -- --runs 1 --seed 4711 --trace      # one seed, told in full
//! ```
//!
//! Ends with 1 when a promise was broken, and prints for each such seed the line that replays it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a tool for developers: it may stop at its own defects, and measures real time"
)]

mod sim;

use std::{process::ExitCode, time::Instant};

use clap::Parser;
use serde_json::json;
use sim::{Counts, Size};

/// Seeded simulations of the engine while everything goes wrong.
#[derive(Debug, Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    runs: u64,
    /// The first of them.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One JSON document at the end.
    #[arg(long)]
    json: bool,
    /// Smaller runs.
    #[arg(long)]
    quick: bool,
    /// Print every request and event.
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let size = if args.quick { Size::QUICK } else { Size::FULL };
    let began = Instant::now();
    let mut counts = Counts::new();
    let mut failed = Vec::new();
    for seed in args.seed..args.seed + args.runs {
        let report = sim::run(seed, size, args.trace);
        for line in &report.trace {
            println!("{line}");
        }
        if args.trace {
            println!("trace {}", report.hash);
        }
        for (what, n) in report.counts {
            *counts.entry(what).or_default() += n;
        }
        if !report.violations.is_empty() {
            let quick = if args.quick { " --quick" } else { "" };
            let replay = format!("cargo run --release --example chaos -- --runs 1 --seed {seed}{quick} --trace");
            eprintln!("seed={seed} {replay}");
            report.violations.iter().for_each(|v| eprintln!("  {v}"));
            failed.push(json!({"seed": seed, "replay": replay, "violations": report.violations}));
        }
    }
    let took = began.elapsed();
    if args.json {
        let said = json!({
            "seed": args.seed, "runs": args.runs, "quick": args.quick, "failed": failed.len(), "failures": failed,
            "counts": counts, "seconds": took.as_secs_f64(), "build": env!("CARGO_PKG_VERSION"),
            "machine": {"cpus": std::thread::available_parallelism().map_or(0, std::num::NonZero::get), "os": std::env::consts::OS},
        });
        println!("{said}");
    } else {
        println!(
            "{} runs, {} failed, {:.1} s, {counts:?}",
            args.runs,
            failed.len(),
            took.as_secs_f64()
        );
    }
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
