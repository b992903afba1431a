//! Cuts the power under the store, again and again: what was acknowledged is there afterwards, nothing was invented, and
//! an index in any state ends in a replay or a rebuild.
//!
//! ```sh
//! cargo run --release --example power_cut -- --runs 1000 --seed 1 --json
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

mod cut;
#[path = "../../tests/store_support/mod.rs"]
mod store_support;

use std::{process::ExitCode, time::Instant};

use clap::Parser;
use cut::{Counts, Size};
use serde_json::json;

/// Power cuts at the file layer of the store.
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
    /// One cut a run instead of several.
    #[arg(long)]
    quick: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let size = if args.quick { Size::QUICK } else { Size::FULL };
    let began = Instant::now();
    let (mut counts, mut failures) = (Counts::new(), Vec::new());
    for seed in args.seed..args.seed + args.runs {
        let done = cut::run(seed, size);
        for (what, n) in done.counts {
            *counts.entry(what).or_default() += n;
        }
        if let Some(why) = done.broken {
            let quick = if args.quick { " --quick" } else { "" };
            let replay = format!("cargo run --release --example power_cut -- --runs 1 --seed {seed}{quick}");
            eprintln!("seed={seed} {replay}\n  {why}");
            failures.push(json!({"seed": seed, "replay": replay, "why": why}));
        }
    }
    let took = began.elapsed().as_secs_f64();
    if args.json {
        let said = json!({
            "run": "power_cut", "seed": args.seed, "runs": args.runs, "quick": args.quick, "failed": failures.len(),
            "failures": failures, "counts": counts, "seconds": took, "build": env!("CARGO_PKG_VERSION"),
            "machine": {"cpus": std::thread::available_parallelism().map_or(0, usize::from), "os": std::env::consts::OS},
        });
        println!("{said}");
    } else {
        println!("{} runs, {} failed, {took:.1} s, {counts:?}", args.runs, failures.len());
    }
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
