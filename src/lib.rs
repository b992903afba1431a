//! OmniTraffick: from a planner's ticket to live objects on the ad platforms, exactly once.
//!
//! The map, in the order a newcomer should read it; `ARCHITECTURE.md` has the rest.
//!
//! - [`engine::model`]: the nouns.
//! - [`engine::decide`]: every decision, pure.
//! - [`engine::store`]: journal first, sled as an index.
//! - [`platforms`]: what each platform needs and says, pure; the transport; the sandbox.
//! - [`cli`]: one file per noun; every verb is an engine request.
//! - [`config`]: file, environment, defaults; the only reader of the environment.
//! - `failpoint`: where the proof kit lets the process die; nothing in an ordinary build.
//! - [`logging`]: the daily file and the ring the console shows; secrets masked.
//! - [`pdf`]: PDF files into text, in a process of their own.
//! - [`textfile`]: files people write, with complaints that name line and field.
//! - [`tui`]: the console.

/// Memory is made by many threads and let go by the store's one: an allocator that gives pages back across threads suits
/// that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod cli;
pub mod config;
pub mod demo;
pub mod engine;
mod failpoint;
pub mod log_feed;
pub mod logging;
pub mod pdf;
pub mod platforms;
pub mod textfile;
pub mod tui;
