//! No noun: the console.

use std::io::IsTerminal as _;

use super::{args::Globals, failure::Failure};
use crate::{
    config::{Config, environment::Environment},
    logging::Logging,
};

/// Opens the console.
pub fn run(_: &Globals) -> Result<u8, Failure> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Failure::usage("the console needs a terminal; name a verb instead"));
    }
    Err(Failure::unavailable(
        "this build has no console yet; every verb works without it",
    ))
}

/// Opens the console over the demo.
pub async fn demo(globals: &Globals, _: &Config, _: &Environment, _: &Logging) -> Result<u8, Failure> {
    run(globals)
}
