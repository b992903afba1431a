//! The `omnitraffick` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _told = fail::FailScenario::setup();
    omnitraffick::cli::run(std::env::args_os())
}
