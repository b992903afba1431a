#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]
//! Meta from outside: planned requests against the official specification, and whole tickets against the simulated world.

mod conformance;
#[path = "../platform_support/mod.rs"]
mod platform;
mod tickets;
mod walk;
