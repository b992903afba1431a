//! The background executor: takes deploys through their ledger, one step at a time, exactly once.
//!
//! - [`ledger`]: the moves, pure.
//! - [`executor`]: claims what is due and drives it.
//! - [`drive`]: one deploy under one lease; the only place where a plan meets the wire.
//! - [`calls`]: the way of every call: pace, breaker, wire, and what the answer says about its account.
//! - [`lanes`] and [`pace`]: what may be sent when.
//! - [`backoff`]: how long to wait.

pub mod backoff;
pub(crate) mod calls;
mod drive;
pub mod executor;
pub mod lanes;
pub mod ledger;
pub mod pace;
