//! How fast and whether at all: decided without IO, asked before every call.
//!
//! - [`bucket`]: what an account or an application may still spend.
//! - [`breaker`]: standing back from who does not answer.

pub mod breaker;
pub mod bucket;

/// What a call is for: work waits for the reserve, reads that settle a doubt may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A step: a create, a set, a check, an upload.
    Work,
    /// A look-up, a read-back, a probe.
    Settle,
}
