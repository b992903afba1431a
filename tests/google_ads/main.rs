#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]
//! Google Ads from outside: planned requests against the official specification, whole tickets against the simulated
//! world, and the main job through the whole engine.

mod adopt;
#[path = "../../examples/support/agency.rs"]
mod agency;
mod conformance;
mod doors;
mod job;
#[path = "../platform_support/mod.rs"]
mod platform;
#[path = "../support/mod.rs"]
mod support;
mod tickets;
mod walk;
mod world;
