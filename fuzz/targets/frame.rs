//! Any bytes through the frame decoder, then through what the engine and its clients make of a message.
#![no_main]

#[path = "../entry/frame.rs"]
mod frame;

libfuzzer_sys::fuzz_target!(|data: &[u8]| frame::take(data));
