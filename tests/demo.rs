//! The demo's story ends where it should, over real HTTP on loopback and in real time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test code"
)]

mod program;

use std::{collections::BTreeSet, path::Path, process::Command};

use omnitraffick::demo::{Demo, headless};
use program::{console::Console, program, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_ticket_of_the_demo_ends_where_its_story_ends() {
    let demo = Demo::start(1000, "ana").await.unwrap();
    let mut out = Vec::new();
    let good = headless::play(&demo, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(good, "{text}");
    demo.close().await.unwrap();
}

/// Local and remote addresses of the TCP sockets a process holds, as the kernel writes them.
fn sockets(pid: u32) -> Vec<(String, String)> {
    let links = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let inodes: BTreeSet<String> = links
        .filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok())
        .filter_map(|to| Some(to.to_str()?.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
        .collect();
    let mut found = Vec::new();
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        let text = std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default();
        for line in text.lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if inodes.contains(words[9]) {
                found.push((words[1].to_owned(), words[2].to_owned()));
            }
        }
    }
    found
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect()
}

/// Somebody tries it: nothing is configured, nobody outside this machine is spoken to, and nothing is left.
#[test]
fn the_demo_needs_nothing_reaches_nobody_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let mut command = Command::new(program());
    command
        .env("HOME", home.path())
        .env("TMPDIR", temporary.path())
        .arg("demo");
    let mut console = Console::run(&command);
    until("the demo's board", || console.sees("DEMO") && console.sees("Draft"));
    // One line says which key is useful next.
    until("the next key", || {
        console.contents().lines().last().is_some_and(|l| l.contains("help"))
    });
    console.press("2");
    until("the list", || console.sees("row 1/"));
    let loopback = |address: &str| {
        let ip = address.split(':').next().unwrap_or_default();
        ip.ends_with("7F") && ip.len() == 8
            || ip == "00000000000000000000000001000000"
            || ip.ends_with("FFFF00000100007F")
    };
    let held = sockets(console.pid().unwrap());
    assert!(!held.is_empty(), "the simulated platforms are served on loopback");
    for (local, remote) in &held {
        let nobody = remote.trim_start_matches('0').starts_with(':');
        assert!(loopback(local) && (nobody || loopback(remote)), "{held:?}");
    }
    console.press("Q");
    until("it ends", || console.has_ended());
    assert_eq!(
        files(home.path()),
        Vec::<std::path::PathBuf>::new(),
        "nothing in the home"
    );
    assert_eq!(
        files(temporary.path()),
        Vec::<std::path::PathBuf>::new(),
        "nothing temporary"
    );
}
