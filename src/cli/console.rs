//! No noun: the console.

use std::io::IsTerminal as _;

use super::{args::Globals, failure::Failure};

/// Opens the console.
pub fn run(_: &Globals) -> Result<u8, Failure> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Failure::usage("the console needs a terminal; name a verb instead"));
    }
    Err(Failure::unavailable(
        "this build has no console yet; every verb works without it",
    ))
}
