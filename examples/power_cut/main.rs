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

#[path = "../support/breaker.rs"]
mod breaker;
mod cut;
#[path = "../../tests/store_support/mod.rs"]
mod store_support;

use std::process::ExitCode;

use breaker::Seeds;
use clap::Parser;
use cut::Size;

/// Power cuts at the file layer of the store.
#[derive(Debug, Parser)]
struct Args {
    #[command(flatten)]
    seeds: Seeds,
}

fn main() -> ExitCode {
    let Args { seeds } = Args::parse();
    let size = if seeds.quick { Size::QUICK } else { Size::FULL };
    seeds.each("power_cut", "", |seed| {
        let done = cut::run(seed, size);
        (done.counts, Vec::from_iter(done.broken))
    })
}
