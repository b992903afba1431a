//! What the programs that try to break the engine share: seeds one after the other, the program they kill, and how they
//! tell what came of it.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    missing_docs,
    reason = "tools for developers: they may stop at their own defects, and measure real time"
)]
#![allow(dead_code, reason = "every program uses its own part")]

use std::{
    collections::BTreeMap,
    process::{Command, ExitCode},
    time::Instant,
};

use serde_json::{Value, json};

/// How often something happened.
pub type Counts = BTreeMap<&'static str, u64>;

/// Which seeds, and how to tell.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Seeds {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    pub runs: u64,
    /// The first of them.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// One JSON document at the end.
    #[arg(long)]
    pub json: bool,
    /// Smaller runs.
    #[arg(long)]
    pub quick: bool,
}

impl Seeds {
    /// Runs every seed, prints the line that replays one that broke a promise, and tells what came of all. `run` gives what
    /// happened and what was broken; `trace` is added to a replay.
    pub fn each(self, example: &str, trace: &str, mut run: impl FnMut(u64) -> (Counts, Vec<String>)) -> ExitCode {
        let began = Instant::now();
        let (mut counts, mut failures) = (Counts::new(), Vec::new());
        for seed in self.seed..self.seed + self.runs {
            let (happened, broken) = run(seed);
            add(&mut counts, happened);
            if !broken.is_empty() {
                let quick = if self.quick { " --quick" } else { "" };
                let replay = format!("cargo run --release --example {example} -- --runs 1 --seed {seed}{quick}{trace}");
                eprintln!("seed={seed} {replay}");
                for why in &broken {
                    eprintln!("  {why}");
                }
                failures.push(json!({"seed": seed, "replay": replay, "violations": broken}));
            }
        }
        let (failed, took) = (failures.len(), began.elapsed().as_secs_f64());
        if self.json {
            let told = json!({
                "seed": self.seed, "runs": self.runs, "quick": self.quick, "failed": failed, "failures": failures,
                "counts": counts, "seconds": took,
            });
            println!("{}", of_run(example, told));
        } else {
            println!("{} runs, {failed} failed, {took:.1} s, {counts:?}", self.runs);
        }
        verdict(failed == 0)
    }
}

/// Adds what happened to what happened before.
pub fn add(counts: &mut Counts, more: Counts) {
    for (what, n) in more {
        *counts.entry(what).or_default() += n;
    }
}

/// A run's figures with its name, its build and its machine, without which no figure means anything.
pub fn of_run(example: &str, mut told: Value) -> Value {
    told["run"] = json!(example);
    told["build"] = json!(env!("CARGO_PKG_VERSION"));
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    told["machine"] = json!({"cpus": cpus, "os": std::env::consts::OS});
    told
}

/// How the program ends: with 1 when a promise was broken.
pub fn verdict(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Builds what is killed: `cargo run --example` does not build the program itself, and an old one beside it would be the
/// wrong one.
pub fn build() {
    if let Some(cargo) = std::env::var_os("CARGO") {
        let mut command = Command::new(cargo);
        command.args(["build", "--quiet", "--bin", "omnitraffick"]);
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        assert!(command.status().unwrap().success(), "the program cannot be built");
    }
}
