//! Work on many tickets at once: marks, one question for all of them, one command per ticket, one report.
//!
//! ```text
//! marks -> ask (what, which value, sure?) -> run (a few commands on their way at a time) -> report (R: the failed ones)
//! ```
//!
//! Invariants
//! - Every ticket has an outcome of its own: done, refused with a reason, changed by somebody else, unknown, not sent.
//! - A command whose outcome is unknown is sent again under its own id, so it is carried out at most once.
//! - What others changed after it was marked is left alone, until somebody asks for it again.

pub mod act;
pub mod ask;
pub mod cli;
pub mod marks;
pub mod named;
pub mod report;
pub mod run;
