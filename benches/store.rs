//! Durable commits a second (B7): one writer, eight, sixty-four; beside them, on the same disk in the same run, the least
//! a durable write can cost: append and fdatasync.
//!
//! `cargo bench --bench store [-- --quick] [--seconds N]`. One JSON line. Every commit is acknowledged only after its
//! sync: it survives the loss of power as far as the disk keeps its word. The bare write is of the same length as a commit's record.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a tool for people at a keyboard: what goes wrong ends it with a message"
)]

mod common;

use std::{
    fs::OpenOptions,
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use common::{Switches, house, percentile};
use omnitraffick::engine::store::{LocalStore as _, Store as _};
use serde_json::json;

/// 64 writers against one.
const MANY: f64 = 10.0;
/// A lone writer and the bare write take this many turns each.
const TURNS: u32 = 10;
/// One writer against a bare append + fdatasync, median.
const OVERHEAD: f64 = 1.5;

fn main() -> std::process::ExitCode {
    let switches = Switches::of_process();
    let quick = switches.has("--quick");
    let time = Duration::from_secs(switches.number("--seconds", if quick { 1 } else { 10 }));
    let dir = common::directory("store-");
    let life = Arc::new(house::Life::play());
    let bytes = life.record_bytes();

    // By turns: the disk is shared with others, and neither shall have the better moments.
    let (mut bare, mut one) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        bare.extend(append(&dir.path().join(format!("bare-{turn}")), bytes, time / TURNS));
        one.extend(writers(&life, &dir.path().join(format!("one-{turn}")), 1, time / TURNS));
    }
    let mut eight = writers(&life, &dir.path().join("eight"), 8, time);
    let mut many = writers(&life, &dir.path().join("many"), 64, time);
    let figures = |latencies: &mut Vec<Duration>, time: Duration| {
        latencies.sort();
        json!({
            "per_s": (latencies.len() as f64 / time.as_secs_f64()).round(),
            "p50_us": percentile(latencies, 0.5).as_micros(),
            "p99_us": percentile(latencies, 0.99).as_micros(),
            "survives_power_loss": true,
        })
    };
    let (f_bare, f_one) = (figures(&mut bare, time), figures(&mut one, time));
    let (f_eight, f_many) = (figures(&mut eight, time), figures(&mut many, time));
    let times = many.len() as f64 / one.len() as f64;
    let overhead = percentile(&one, 0.5).as_secs_f64() / percentile(&bare, 0.5).as_secs_f64();
    let mut missed = Vec::new();
    if times < MANY {
        missed.push(format!("64 writers are {times:.1} times one, the bar is {MANY}"));
    }
    if overhead > OVERHEAD {
        missed.push(format!(
            "one commit takes {overhead:.2} bare writes, the bar is {OVERHEAD}"
        ));
    }
    let line = json!({
        "record_bytes": bytes, "bare": f_bare, "one": f_one, "eight": f_eight, "sixty_four": f_many,
        "many_over_one": (times * 10.0).round() / 10.0,
        "one_over_bare_p50": (overhead * 100.0).round() / 100.0,
    });
    common::report("store", quick, line, &missed)
}

/// Appends and syncs, one after the other, into a file whose room is set aside as the journal's is.
fn append(path: &Path, bytes: usize, time: Duration) -> Vec<Duration> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)
        .unwrap();
    let _ = rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::KEEP_SIZE, 0, 64 << 20);
    let block = vec![0xA5; bytes];
    let (start, mut at, mut took) = (Instant::now(), 0, Vec::new());
    while start.elapsed() < time {
        let begin = Instant::now();
        file.write_all_at(&block, at).unwrap();
        file.sync_data().unwrap();
        took.push(begin.elapsed());
        at += bytes as u64;
    }
    took
}

fn writers(life: &Arc<house::Life>, dir: &Path, count: u32, time: Duration) -> Vec<Duration> {
    let store = Arc::new(house::open(dir));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let took = runtime.block_on(async {
        let next = Arc::new(AtomicU64::new(0));
        let start = Instant::now();
        let writers = (0..count).map(|_| {
            let (life, store, next) = (Arc::clone(life), Arc::clone(&store), Arc::clone(&next));
            tokio::spawn(async move {
                let mut took = Vec::new();
                while start.elapsed() < time {
                    let n = u32::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
                    let commit = life.usual(n);
                    let begin = Instant::now();
                    store.commit(commit).await.unwrap();
                    took.push(begin.elapsed());
                }
                took
            })
        });
        let mut took = Vec::new();
        for writer in writers.collect::<Vec<_>>() {
            took.extend(writer.await.unwrap());
        }
        took
    });
    store.close().unwrap();
    took
}
