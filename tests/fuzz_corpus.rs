//! The fuzzer's inputs with every change: what `fuzz/` keeps is replayed, through the very functions it calls.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "../fuzz/entry/frame.rs"]
mod frame;
#[path = "../fuzz/entry/request.rs"]
mod request;
mod support;

use std::path::Path;

fn replay(target: &str, take: impl Fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(corpus).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!((5..200).contains(&files.len()), "{} inputs for {target}", files.len());
    for file in files {
        println!("{}", file.display());
        take(&std::fs::read(file).unwrap());
    }
}

#[test]
fn frames() {
    replay("frame", frame::take);
}

#[test]
fn requests() {
    replay("request", request::take);
    request::end();
}
