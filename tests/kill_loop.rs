//! A slice of `cargo run --release --example kill_loop`: 100 kills with every change, more with `OMNI_RUNS`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    dead_code,
    reason = "test code; the example uses the rest, and kills after so much real time"
)]

#[path = "../examples/kill_loop/life/mod.rs"]
mod life;
mod program;

use life::{Life, Pace};

fn number(name: &str, usual: u64) -> u64 {
    std::env::var_os(name).map_or(usual, |v| v.to_str().unwrap().parse().unwrap())
}

#[test]
fn what_was_acknowledged_survives_every_kill() {
    let (seed, rounds) = (number("OMNI_SEED", 1), number("OMNI_RUNS", 100));
    let mut life = Life::begin(seed, Pace::Hurried);
    for _ in 0..rounds {
        life.round().unwrap();
    }
    let counts = life.end().unwrap();
    // Kills that met nothing would prove nothing.
    for what in [
        "acknowledged",
        "engine starts",
        "engines killed",
        "verbs killed",
        "objects",
    ] {
        assert!(counts.get(what).is_some_and(|n| *n > 0), "no {what}: {counts:?}");
    }
    println!("{counts:?}");
}
