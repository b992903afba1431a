//! The background executor: takes deploys through their ledger, one step at a time, exactly once.
//!
//! - [`ledger`]: the moves, pure.
//! - [`executor`]: claims what is due and drives it.
//! - [`drive`]: one deploy under one lease; the only place where a plan meets the wire.
//! - [`lanes`]: what each account says about itself.
//! - [`backoff`]: how long to wait.

pub mod backoff;
mod drive;
pub mod executor;
pub mod lanes;
pub mod ledger;
