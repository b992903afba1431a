//! Rules about the store's own source that no compiler holds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(dir: &Path, out: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|x| x == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            out.push((path, text));
        }
    }
}

/// Lines of code with a word in them: file, line.
fn code_with(word: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    sources(&root.join("src"), &mut all);
    let mut found = Vec::new();
    for (path, text) in all {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
        found.extend(
            code.filter(|l| l.contains(word))
                .map(|l| format!("{name}: {}", l.trim())),
        );
    }
    found
}

/// sled deadlocks under concurrent use: one file, and through it one thread.
#[test]
fn only_the_index_names_sled() {
    let others: Vec<_> = code_with("sled::")
        .into_iter()
        .filter(|l| !l.starts_with("src/engine/store/index.rs"))
        .collect();
    assert_eq!(others, Vec::<String>::new());
}

/// Its transactions take one lock for the whole process; its subscribers stall writers.
#[test]
fn the_parts_of_sled_that_hang_are_not_used() {
    for word in [".transaction(", "watch_prefix", "open_tree"] {
        assert_eq!(code_with(word), Vec::<String>::new(), "{word}");
    }
}

/// Its panics are contained, which needs unwinding.
#[test]
fn panics_unwind_in_every_profile() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("panic = \"abort\""));
}

/// bincode's free functions use other options than ours and accept trailing bytes.
#[test]
fn only_the_codec_names_bincode() {
    let others: Vec<_> = code_with("bincode::")
        .into_iter()
        .filter(|l| !l.starts_with("src/engine/store/codec.rs"))
        .collect();
    assert_eq!(others, Vec::<String>::new());
}
