//! Ends the engine's owner at random moments, in every way there is, with a team attached and deploys under way: killed
//! (`kill -9`), quit (SIGTERM) or hung up (SIGHUP). Holds what is left against what was acknowledged, and measures how
//! long everybody else is without an engine.
//!
//! ```sh
//! cargo run --release --example owner_kill -- --rounds 200 --seed 1 --json
//! ```
//!
//! Ends with 1 when a promise was broken. A moment cannot be replayed; a seed gives the same sequence of verbs and ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a tool for developers: it may stop at its own defects, and measures real time"
)]

#[path = "../support/breaker.rs"]
mod breaker;
#[path = "../../tests/program/mod.rs"]
mod program;
mod team;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use serde_json::json;
use team::Team;

/// Everybody has an engine again within this.
const BAR: Duration = Duration::from_secs(2);

/// Ends the owner of the engine again and again.
#[derive(Clone, Debug, Parser)]
struct Args {
    /// How many times.
    #[arg(long, default_value_t = 20)]
    rounds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rounds after which a store has lived long enough.
    #[arg(long, default_value_t = 50)]
    life: u64,
    /// One JSON document at the end.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    breaker::build();
    let (began, mut left, mut seed) = (Instant::now(), args.rounds, args.seed);
    let (mut told, mut broken) = (team::Told::default(), Vec::new());
    while left > 0 {
        let rounds = left.min(args.life);
        match Team::begin(seed).live(rounds) {
            Ok(life) => told.add(life),
            Err(why) => broken.push(format!("seed={seed}: {why}")),
        }
        left -= rounds;
        seed += 1;
    }
    told.back.sort_unstable();
    let at = |share: usize| {
        let last = told.back.len().saturating_sub(1);
        told.back.get(last * share / 100).copied().unwrap_or_default()
    };
    let late = told.back.iter().filter(|t| **t > BAR).count();
    for why in &broken {
        eprintln!("{why}");
    }
    let said = breaker::of_run(
        "owner_kill",
        json!({
            "rounds": args.rounds, "seed": args.seed, "failed": broken.len(), "failures": broken,
            "back_ms": {"p50": at(50).as_millis(), "p99": at(99).as_millis(), "max": at(100).as_millis(),
                "n": told.back.len(), "over_2_s": late},
            "counts": told.counts, "seconds": began.elapsed().as_secs(),
            "load": std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').next(),
        }),
    );
    if args.json {
        println!("{said}");
    } else {
        println!("{said:#}");
    }
    breaker::verdict(broken.is_empty() && late == 0)
}
