//! A simulated world of the ad platforms: what the program is tried out on, and what its tests ask for the truth.
//!
//! One pure state machine ([`world`]) answers as the platform would and counts what was created. Two doors lead to it:
//! a loopback HTTP server ([`server`]) and an in-memory transport ([`memory`]). Between door and world stands a fault
//! script ([`faults`]) that loses answers, delays them, or lets an object appear after its caller gave up.
//!
//! Which platform a request over HTTP is meant for is told by its path ([`route`]).
//!
//! Invariants
//! - The world does no IO and reads no clock: same requests at the same times, same answers.
//! - Faults are decided by the script, its seed and the order of matching requests; nothing else.
//! - Both doors run the same code from the request to the answer; only the way the answer travels differs.
//! - A record never holds a token.

pub mod config;
pub mod faults;
mod google_ads;
pub mod memory;
mod meta;
mod meter;
pub mod record;
mod route;
pub mod script;
pub mod server;
mod stage;
mod tiktok;
mod upload;
mod wire;
pub mod world;

pub use stage::{BodyManner, Reply, Sandbox};
