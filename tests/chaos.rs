//! A slice of `cargo run --release --example chaos`: enough seeds to notice a broken promise at every change.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "test code; the example uses the rest"
)]

#[path = "../examples/chaos/sim/mod.rs"]
mod sim;

use sim::{Size, run};

/// How many seeds, for a longer look: `OMNI_RUNS=2000 cargo test --test chaos`.
fn number(name: &str, usual: u64) -> u64 {
    std::env::var_os(name).map_or(usual, |v| v.to_str().unwrap().parse().unwrap())
}

fn slice(from: u64) {
    let (seed, runs) = (number("OMNI_SEED", 1), number("OMNI_RUNS", 100) / 4);
    let mut wrong = Vec::new();
    for seed in (seed..)
        .skip(usize::try_from(from * runs).unwrap())
        .take(usize::try_from(runs).unwrap())
    {
        let report = run(seed, Size::QUICK, false);
        if !report.violations.is_empty() {
            let replay = format!("cargo run --release --example chaos -- --quick --runs 1 --seed {seed} --trace");
            wrong.push(format!("seed={seed} {replay}\n  {}", report.violations.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Four, so that they run beside each other.
#[test]
fn no_promise_is_broken_1() {
    slice(0);
}
#[test]
fn no_promise_is_broken_2() {
    slice(1);
}
#[test]
fn no_promise_is_broken_3() {
    slice(2);
}
#[test]
fn no_promise_is_broken_4() {
    slice(3);
}

/// The same seed gives the same run to the last byte, another seed another one; and a run is not an empty one.
#[test]
fn a_seed_is_a_run() {
    let (one, again, other) = (
        run(7, Size::QUICK, true),
        run(7, Size::QUICK, true),
        run(8, Size::QUICK, false),
    );
    assert_eq!(one.trace, again.trace);
    assert_eq!(one.hash, again.hash);
    assert_ne!(one.hash, other.hash);
    for what in ["requests", "faults", "commands", "live", "objects"] {
        assert!(one.counts[what] > 0, "no {what}: {:?}", one.counts);
    }
}
