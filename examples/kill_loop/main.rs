//! Kills the real program with `kill -9` at random moments, thousands of times, and holds what is left against what was
//! acknowledged: commands, deploys, starts, take-overs, rotations and backups are all cut off somewhere. The platform is a
//! sandbox in a process of its own that loses answers, so deploys are caught with calls on their way.
//!
//! ```sh
//! cargo run --release --example kill_loop -- --rounds 5000 --seed 1 --json
//! cargo run --release --example kill_loop -- --every 2 --for 60 --json     # one engine at work, killed every 2 s
//! ```
//!
//! Ends with 1 when a promise was broken. A moment cannot be replayed; a seed gives the same sequence of verbs and kills.
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
mod life;
#[path = "../../tests/program/mod.rs"]
mod program;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use life::{Counts, Life, Pace};
use serde_json::json;

/// Kills the program again and again.
#[derive(Clone, Debug, Parser)]
struct Args {
    /// How many kills.
    #[arg(long, default_value_t = 500)]
    rounds: u64,
    /// The first seed; every store has its own.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rounds after which a store has lived long enough: its deploys are brought to their end and everything is compared.
    #[arg(long, default_value_t = 250)]
    life: u64,
    /// Stores at the same time.
    #[arg(long, default_value_t = 2)]
    lanes: u64,
    /// Kill every so many seconds instead of at once.
    #[arg(long, requires = "for_seconds")]
    every: Option<f64>,
    /// Go on for so many seconds.
    #[arg(long = "for", value_name = "SECONDS")]
    for_seconds: Option<f64>,
    /// One JSON document at the end.
    #[arg(long)]
    json: bool,
    /// 100 rounds.
    #[arg(long)]
    quick: bool,
}

/// What one lane went through.
#[derive(Default)]
struct Lane {
    counts: Counts,
    broken: Vec<String>,
}

fn lane(args: &Args, lane: u64) -> Lane {
    let mut done = Lane::default();
    let rounds = args.rounds.div_ceil(args.lanes);
    let pace = args
        .every
        .map_or(Pace::Hurried, |s| Pace::Every(Duration::from_secs_f64(s)));
    let began = Instant::now();
    let time_is_up = || args.for_seconds.is_some_and(|s| began.elapsed().as_secs_f64() >= s);
    let (mut lived, mut n) = (0, 0);
    while lived < rounds && !time_is_up() {
        let seed = args.seed + n * args.lanes + lane;
        n += 1;
        let told = catch_unwind(AssertUnwindSafe(|| {
            let mut life = Life::begin(seed, pace);
            let mut rounds = args.life.min(rounds - lived);
            while rounds > 0 && !time_is_up() {
                life.round()?;
                rounds -= 1;
            }
            life.end()
        }));
        lived += args.life;
        match told {
            Ok(Ok(counts)) => {
                breaker::add(&mut done.counts, counts);
            }
            Ok(Err(why)) => done.broken.push(format!("seed={seed}: {why}")),
            Err(panic) => {
                let why = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                done.broken.push(format!("seed={seed}: {why}"));
            }
        }
    }
    done
}

fn main() -> ExitCode {
    let mut args = Args::parse();
    if args.quick {
        (args.rounds, args.life) = (100, 50);
    }
    if args.for_seconds.is_some() {
        (args.rounds, args.life) = (u64::MAX / 4, u64::MAX / 4);
    }
    breaker::build();
    let began = Instant::now();
    let lanes: Vec<Lane> = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..args.lanes)
            .map(|n| {
                scope.spawn({
                    let args = &args;
                    move || lane(args, n)
                })
            })
            .collect();
        lanes.into_iter().map(|l| l.join().unwrap()).collect()
    });
    let (mut counts, mut broken) = (Counts::new(), Vec::new());
    for lane in lanes {
        breaker::add(&mut counts, lane.counts);
        broken.extend(lane.broken);
    }
    for why in &broken {
        eprintln!("{why}");
    }
    let took = began.elapsed().as_secs_f64();
    if args.json {
        let said = json!({
            "seed": args.seed, "failed": broken.len(), "failures": broken, "counts": counts,
            "every": args.every, "lanes": args.lanes, "seconds": took,
        });
        println!("{}", breaker::of_run("kill_loop", said));
    } else {
        println!("{} broken, {took:.1} s, {counts:?}", broken.len());
    }
    breaker::verdict(broken.is_empty())
}
