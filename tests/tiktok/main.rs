#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]
//! TikTok from outside: planned requests against the official field tables, whole tickets against the simulated world,
//! and the main job through the whole engine.

#[path = "../platform_support/mod.rs"]
mod platform;
#[path = "../support/mod.rs"]
mod support;

mod conformance;
mod door;
mod files;
mod job;
mod tickets;
mod walk;
mod world;
