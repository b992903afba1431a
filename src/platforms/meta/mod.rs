//! Meta (Facebook, Instagram) Marketing API v25.0, as data and pure functions.

pub mod spec;
pub mod time;
