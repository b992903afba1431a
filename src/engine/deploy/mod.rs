//! The background executor: takes deploys through their ledger, one step at a time, exactly once.

pub mod backoff;
pub mod ledger;
