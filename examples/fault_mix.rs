//! Deploys under lost, late and refused calls: nothing twice, nothing lost, nothing wrongly failed.
//!
//! `cargo run --release --example fault_mix -- --deploys 2000 [--seed S] [--quick]`
//!
//! Prints one JSON line; ends with 1 below its bar.

#[path = "support/agency.rs"]
mod agency;
#[path = "support/runs.rs"]
mod runs;

fn main() -> std::process::ExitCode {
    let deploys = if runs::quick() {
        100
    } else {
        runs::number("--deploys", 2000)
    };
    let deploys = usize::try_from(deploys).unwrap_or(2000);
    runs::main(runs::fault_mix(deploys, runs::number("--seed", 1)))
}
