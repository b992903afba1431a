//! The copilot from outside: faults of a model server, what leaves the host, what an answer is worth.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod asking;
mod faults;
mod grounded;
mod injection;
mod mending;
#[path = "../support/model_server.rs"]
mod model_server;
mod redaction;
mod sending;
mod story;
#[path = "../support/mod.rs"]
mod support;
