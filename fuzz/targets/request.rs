//! Any request to an engine in memory, over its real socket.
#![no_main]

#[path = "../entry/request.rs"]
mod request;
#[path = "../../tests/support/mod.rs"]
mod support;

libfuzzer_sys::fuzz_target!(|data: &[u8]| request::take(data));
