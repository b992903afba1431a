//! OmniTraffick: from a planner's ticket to live objects on the ad platforms, exactly once.
//!
//! The map, in the order a newcomer should read it; `ARCHITECTURE.md` has the rest.
//!
//! - [`engine::model`]: the nouns.
//! - [`engine::decide`]: every decision, pure.
//! - [`engine::store`]: journal first, sled as an index.
//! - [`platforms`]: what each platform needs and says, pure; the transport; the sandbox.
//! - [`tui`]: the console.

pub mod engine;
pub mod platforms;
pub mod tui;
