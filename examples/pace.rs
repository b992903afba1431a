//! Rate adherence and fairness over many accounts of the limited tier.
//!
//! `cargo run --release --example pace -- --accounts 50 [--seed S] [--quick]`
//!
//! Prints one JSON line; ends with 1 below its bar.

#[path = "support/agency.rs"]
mod agency;
#[path = "support/runs.rs"]
mod runs;

fn main() -> std::process::ExitCode {
    let (accounts, each) = if runs::quick() {
        (8, 6)
    } else {
        (runs::number("--accounts", 50), 20)
    };
    let (accounts, each) = (usize::try_from(accounts).unwrap_or(50), each);
    runs::main(runs::pace(accounts, each, runs::number("--seed", 1)))
}
