//! Random keys, pastes, sizes and events at the console, over a simulated agency at work.
//!
//! ```sh
//! cargo run --release --example random_keys -- --events 1000000 --seed 1
//! ```
//!
//! After every message and at every rest the promises of `typist/promises.rs` are checked. Prints one JSON line; ends
//! with 1 when a promise was broken, after the seed and what happened last. A seed repeats its keys exactly; what the
//! agency answers may come in another order, since some of its work is done on other threads.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a tool for developers: it may stop at its own defects, and measures real time"
)]

mod typist;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    time::Instant,
};

use clap::Parser;
use fastrand::Rng;
use typist::{Diary, Typist, event};

/// Events of one sitting; then everything starts anew, and every eighth sitting is read-only.
const SITTING: u64 = 20_000;

/// Random keys, pastes, sizes and events at the console.
#[derive(Debug, Parser)]
struct Args {
    /// How many events.
    #[arg(long, default_value_t = 100_000)]
    events: u64,
    /// What decides them.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let began = Instant::now();
    let mut total = typist::Counts::default();
    let mut left = args.events;
    let mut sitting = 0;
    while left > 0 {
        let (events, seed) = (left.min(SITTING), args.seed + sitting);
        let diary = Diary::default();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            typist::runtime().block_on(async {
                let mut typist = Typist::sit_down(seed, sitting % 8 == 7, Diary::clone(&diary)).await;
                let mut rng = Rng::with_seed(seed);
                for _ in 0..events {
                    typist.live(&event::next(&mut rng)).await;
                }
                typist.rest().await;
                typist.counts.clone()
            })
        }));
        let Ok(counts) = outcome else {
            eprintln!("broken at seed {seed}; what happened last:");
            for happening in diary.borrow().iter() {
                eprintln!("{happening:?}");
            }
            return ExitCode::FAILURE;
        };
        total.add(&counts);
        left -= events;
        sitting += 1;
    }
    let line = serde_json::json!({
        "example": "random_keys", "seed": args.seed, "sittings": sitting, "events": total.happenings,
        "keys": total.keys, "frames": total.frames, "frame_bytes": total.frame_bytes, "commits": total.commits,
        "answers": total.answers, "notices": total.notices, "rests": total.rests, "restarts": total.restarts,
        "deepest": total.deepest, "screens": total.screens, "overlays": total.overlays,
        "optimised": !cfg!(debug_assertions), "seconds": began.elapsed().as_secs(),
    });
    println!("{line}");
    ExitCode::SUCCESS
}
