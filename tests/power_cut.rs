//! A slice of `cargo run --release --example power_cut`: 200 cuts with every change, more with `OMNI_RUNS`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "test code; the example uses the rest"
)]

#[path = "../examples/power_cut/cut/mod.rs"]
mod cut;
mod store_support;

use cut::{Counts, Size};

fn number(name: &str, usual: u64) -> u64 {
    std::env::var_os(name).map_or(usual, |v| v.to_str().unwrap().parse().unwrap())
}

#[test]
fn power_cuts_lose_nothing() {
    let (seed, runs) = (number("OMNI_SEED", 1), number("OMNI_RUNS", 200));
    let (mut wrong, mut counts) = (Vec::new(), Counts::new());
    for seed in seed..seed + runs {
        let done = cut::run(seed, Size::QUICK);
        for (what, n) in done.counts {
            *counts.entry(what).or_default() += n;
        }
        wrong.extend(done.broken.map(|why| {
            format!("seed={seed} cargo run --release --example power_cut -- --quick --runs 1 --seed {seed}\n  {why}")
        }));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Cuts that never met anything would prove nothing.
    for what in ["cut while opening", "tails cut", "replays", "indexes built again"] {
        assert!(
            runs < 200 || counts.get(what).is_some_and(|n| *n > 0),
            "no {what}: {counts:?}"
        );
    }
}
