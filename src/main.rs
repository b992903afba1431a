//! The `omnitraffick` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnitraffick::cli::run(std::env::args_os())
}
