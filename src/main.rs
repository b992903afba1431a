//! The `omnitraffick` program.

fn main() {}
