//! What the store's measurements share: a house of any size made of one real ticket's life, and one JSON line out.

#![allow(dead_code, reason = "each measurement uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a tool for people at a keyboard: what goes wrong ends it with a message"
)]

#[path = "../../tests/support/mod.rs"]
pub mod support;

pub mod house;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

/// Switches of a measurement: `--quick`, `--report`, `--name value`. What `cargo bench` adds is ignored.
pub struct Switches(Vec<String>);

impl Switches {
    pub fn of_process() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|a| a == name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        let at = self.0.iter().position(|a| a == name)?;
        self.0.get(at + 1).map(String::as_str)
    }

    /// A number; `usual` when it is not given.
    pub fn number(&self, name: &str, usual: u64) -> u64 {
        self.text(name).map_or(usual, |n| {
            n.replace('_', "")
                .parse()
                .unwrap_or_else(|_| panic!("{name} takes a number"))
        })
    }
}

/// How long something took, and what it gave.
pub fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let value = what();
    (start.elapsed(), value)
}

/// Processor time this process took so far, all threads. On a busy machine it says more than the clock.
pub fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    // Hundredths of a second on every Linux there is.
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// The machine in a few words, as far as the kernel tells.
pub fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|l| l.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let model = model.map_or("unknown", |(_, m)| m);
    format!("{model}, {cores} cores")
}

/// What was measured: version and whether it was optimised.
pub fn build() -> String {
    let how = if cfg!(debug_assertions) { "debug" } else { "release" };
    format!("{} {how}", env!("CARGO_PKG_VERSION"))
}

/// A line of `/proc/self/status` in MiB.
pub fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'));
    let kib = line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// Bytes of all files below a directory, as the disk counts them.
pub fn on_disk(dir: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    entries
        .flatten()
        .map(|e| match e.metadata() {
            Ok(m) if m.is_dir() => on_disk(&e.path()),
            Ok(m) => m.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}

/// A directory on the disk the sources lie on, not on a file system in memory: syncs must mean something.
pub fn directory(name: &str) -> tempfile::TempDir {
    let target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target");
    tempfile::Builder::new().prefix(name).tempdir_in(target).unwrap()
}

/// The value below which this share of sorted values lies.
pub fn percentile(sorted: &[Duration], share: f64) -> Duration {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a small count"
    )]
    let at = (sorted.len() as f64 * share) as usize;
    sorted
        .get(at.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// Prints the one line. The exit code is 1 when a bar was missed and this was no quick run on a busy machine.
pub fn report(bench: &str, quick: bool, mut figures: serde_json::Value, missed: &[String]) -> ExitCode {
    figures["bench"] = bench.into();
    figures["quick"] = quick.into();
    figures["build"] = build().into();
    figures["machine"] = machine().into();
    figures["missed"] = missed.into();
    println!("{figures}");
    ExitCode::from(u8::from(!quick && !missed.is_empty()))
}
