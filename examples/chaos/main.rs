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

#[path = "../support/breaker.rs"]
mod breaker;
mod sim;

use std::process::ExitCode;

use breaker::Seeds;
use clap::Parser;
use sim::Size;

/// Seeded simulations of the engine while everything goes wrong.
#[derive(Debug, Parser)]
struct Args {
    #[command(flatten)]
    seeds: Seeds,
    /// Print every request and event.
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let Args { seeds, trace } = Args::parse();
    let size = if seeds.quick { Size::QUICK } else { Size::FULL };
    seeds.each("chaos", " --trace", |seed| {
        let report = sim::run(seed, size, trace);
        for line in &report.trace {
            println!("{line}");
        }
        if trace {
            println!("trace {}", report.hash);
        }
        (report.counts, report.violations)
    })
}
