//! Tickets on three platforms at once with mixed faults: each ends live or says why not.
//!
//! `cargo run --release --example three_platforms -- --tickets 600 [--seed S] [--quick]`
//!
//! Prints one JSON line; ends with 1 below its bar.

#[path = "support/agency.rs"]
mod agency;
#[path = "support/runs.rs"]
mod runs;

fn main() -> std::process::ExitCode {
    let tickets = if runs::quick() {
        60
    } else {
        runs::number("--tickets", 600)
    };
    let tickets = usize::try_from(tickets).unwrap_or(600);
    runs::main(runs::three_platforms(tickets, runs::number("--seed", 1)))
}
