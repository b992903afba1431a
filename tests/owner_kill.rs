//! A slice of `cargo run --release --example owner_kill`: a few ends of the owner with every change, more with `OMNI_RUNS`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    dead_code,
    reason = "test code; the example uses the rest, and ends owners after so much real time"
)]

mod program;
#[path = "../examples/owner_kill/team/mod.rs"]
mod team;

use team::Team;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var_os(name).map_or(usual, |v| v.to_str().unwrap().parse().unwrap())
}

#[test]
fn whoever_owns_the_engine_may_end_at_any_moment() {
    let told = Team::begin(number("OMNI_SEED", 1))
        .live(number("OMNI_RUNS", 4))
        .unwrap();
    // Ends that met nothing would prove nothing.
    for what in ["commands acknowledged", "objects"] {
        assert!(
            told.counts.get(what).is_some_and(|n| *n > 0),
            "no {what}: {:?}",
            told.counts
        );
    }
    assert!(!told.back.is_empty());
    println!("{:?} {:?}", told.counts, told.back);
}
