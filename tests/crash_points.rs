//! The real program dies at every named crash point, is started again, and must have lost nothing, made nothing twice
//! and forgotten nothing. Exists with the feature `failpoints` only:
//!
//! ```sh
//! cargo test --features failpoints --test crash_points
//! ```
#![cfg(feature = "failpoints")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;
#[path = "store_support/mod.rs"]
mod store_support;

use std::{
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use omnitraffick::engine::store::{Store as _, verify::verify};
use program::{Home, Running, Sandbox, until};
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use store_support::{commit, try_open};

const SIGABRT: i32 = 6;
const ACCOUNTS: [&str; 2] = ["act_1001", "act_1002"];

/// Answers come a little late, so that there is an open call to die in, with their bodies later still.
const CALM: &str = r#"
[[rule]]
method = "POST"
times = 100
action = { slow_body = { seconds = 0.05 } }
"#;
/// The first creates are carried out and never answered; listings are behind: every one is looked up more than once.
const LOSSES: &str = r#"
[world]
listing_lag_seconds = 1
[[rule]]
method = "POST"
name = "*"
times = 4
action = "drop_after"
"#;
const ENGINE: &str = r#"
[environment]
name = "crash"
[engine]
early_look = "100ms"
reconcile_reads = ["500ms", "1500ms", "2500ms"]
reconcile_again = "500ms"
backoff_base = "100ms"
backoff_cap = "1s"
"#;

/// A house with one ticket on each of two accounts, ready to deploy, and a platform with its ways.
fn ready(faults: &str) -> (Home, Sandbox, Vec<String>) {
    let home = Home::new();
    let world = Sandbox::start(&home, faults, ENGINE);
    home.govern(&ACCOUNTS);
    home.campaign("Wave 1");
    let text = program::fleet::tickets("Wave 1", &ACCOUNTS.map(str::to_owned));
    let file = home.file("tickets.toml", text);
    let made = home.json(&["ticket", "create", "--file", file.to_str().unwrap()]);
    let ids = made["data"].as_array().unwrap().iter();
    let ids = ids
        .map(|i| i["ticket"]["ticket"]["id"].as_str().unwrap().to_owned())
        .collect();
    home.good(&["ticket", "qa", "--filter", "status:draft", "--wait"]);
    (home, world, ids)
}

/// Starts a verb that is told what to do at its crash points.
fn start(home: &Home, line: &[&str], told: &str) -> Running {
    let mut command = home.command(line);
    command
        .env("FAILPOINTS", told)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Running(command.spawn().unwrap())
}

/// What must hold after every crash, once an engine has run to its end.
fn sound(home: &Home, world: &Sandbox, ids: &[String], history: &[Value]) {
    let ran = home.run(&["serve", "--until-idle"]);
    assert!(ran.status.success(), "{ran:?}");
    // Everything acknowledged is there, and came to its end.
    let cards = home.tickets();
    let mut there: Vec<_> = cards.iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect();
    let mut acknowledged = ids.to_vec();
    there.sort();
    acknowledged.sort();
    assert_eq!(there, acknowledged);
    for card in &cards {
        assert_eq!(
            card["status"],
            "TRAFFICKED_SUCCESS",
            "{}",
            home.good(&["deploy", "show", &card["no"].to_string()])
        );
    }
    let events = home.events();
    assert!(events.starts_with(history), "history changed");
    assert!(
        events.iter().zip(1_u64..).all(|(e, n)| e["seq"] == n),
        "events are not contiguous"
    );
    let verified = home.json(&["store", "verify"]);
    assert_eq!(verified["data"]["problems"], Value::Array(Vec::new()), "{verified}");
    // One object a step, and the ledger has its id.
    for account in ACCOUNTS {
        for edge in program::fleet::EDGES {
            let mut names = Vec::new();
            until("the listing", || {
                names = world.names(account, edge);
                !names.is_empty()
            });
            assert_eq!(names.len(), 1, "{account} {edge}: {names:?}");
        }
    }
}

#[rstest]
#[case::decided("cp01_decide_append", CALM, &[0, 3, 10])]
#[case::written("cp02_append_sync", CALM, &[0, 3, 10])]
#[case::synced("cp03_sync_index", CALM, &[0, 3, 10])]
#[case::intent_on_disk("cp04_intent_connect", CALM, &[0, 1, 5])]
#[case::no_byte_sent("cp05_connect_send", CALM, &[0, 1, 5])]
#[case::half_sent("cp06_half_sent", CALM, &[0, 1, 5])]
#[case::no_answer("cp07_sent_no_answer", CALM, &[0, 1, 5])]
#[case::half_an_answer("cp08_head_body", CALM, &[0, 1, 5])]
#[case::answer_not_recorded("cp09_answer_append", CALM, &[0, 1, 5])]
#[case::half_a_record("cp10_half_appended", CALM, &[0, 3, 10])]
#[case::indexed("cp11_index_apply", CALM, &[0, 3, 10])]
#[case::applied("cp12_apply_publish", CALM, &[0, 3, 10])]
#[case::between_look_ups("cp13_between_reads", LOSSES, &[0, 1, 2])]
#[case::found_not_recorded("cp14_found_adopt", LOSSES, &[0, 1, 2])]
#[case::the_index_opens("cp16_index_open", CALM, &[0, 1])]
#[case::the_epoch_is_up("cp17_epoch_recover", CALM, &[0])]
#[case::drained("cp18_drain_close", CALM, &[0])]
#[case::between_steps("cp20_between_steps", CALM, &[0, 1, 5])]
fn dies_there_and_is_sound_afterwards(#[case] point: &str, #[case] faults: &str, #[case] passages: &[u32]) {
    for after in passages {
        let (home, world, ids) = ready(faults);
        home.good(&["ticket", "deploy", "--filter", "status:ready-for-api"]);
        let history = home.events();
        let told = format!("{point}={after}*off->1*return(abort)");
        let mut engine = start(&home, &["serve", "--until-idle"], &told);
        let ended = engine.0.wait().unwrap();
        assert_eq!(ended.signal(), Some(SIGABRT), "{told}: it never came there: {ended:?}");
        sound(&home, &world, &ids, &history);
    }
}

/// A sync that fails is not acknowledged, and nothing is written after it.
#[test]
fn a_failed_sync_stops_the_engine() {
    let (home, world, ids) = ready(CALM);
    let history = home.events();
    let mut queue = home.command(&["ticket", "deploy", "--filter", "status:ready-for-api"]);
    let ran = queue
        .env("FAILPOINTS", "cp02_append_sync=1*return(err)")
        .output()
        .unwrap();
    assert!(!ran.status.success(), "{ran:?}");
    let said = [ran.stdout, ran.stderr].map(|b| String::from_utf8(b).unwrap()).concat();
    assert!(said.contains("read-only") && said.contains("restart"), "{said}");
    assert!(home.events().starts_with(&history));
    home.run(&["ticket", "deploy", "--filter", "status:ready-for-api"]);
    sound(&home, &world, &ids, &history);
}

/// An engine whose disk failed says so at its end in a way that keeps a service manager from starting it again.
#[test]
fn a_failed_disk_ends_the_service_with_7() {
    let (home, world, ids) = ready(CALM);
    home.good(&["ticket", "deploy", "--filter", "status:ready-for-api"]);
    let history = home.events();
    let mut serve = home.command(&["serve", "--until-idle"]);
    let ran = serve
        .env("FAILPOINTS", "cp02_append_sync=1*off->1*return(err)")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(7), "{ran:?}");
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("Check the disk"), "{said}");
    sound(&home, &world, &ids, &history);
}

/// Dying in start-up again and again, recovery itself cut off each time.
#[test]
fn dies_in_every_start_and_is_sound_afterwards() {
    let (home, world, ids) = ready(CALM);
    home.good(&["ticket", "deploy", "--filter", "status:ready-for-api"]);
    let history = home.events();
    for told in [
        "cp07_sent_no_answer=1*off->1*return(abort)",
        "cp17_epoch_recover=return(abort)",
        "cp01_decide_append=1*off->1*return(abort)",
        "cp03_sync_index=1*off->1*return(abort)",
        "cp16_index_open=return(abort)",
    ] {
        let ended = start(&home, &["serve", "--until-idle"], told).0.wait().unwrap();
        assert_eq!(ended.signal(), Some(SIGABRT), "{told}");
    }
    sound(&home, &world, &ids, &history);
}

/// Stopped before the first byte, for longer than a first byte may take, and continued: nothing of that attempt is sent.
#[rstest]
#[case::intent_on_disk("cp04_intent_connect")]
#[case::about_to_send("cp05_connect_send")]
#[case::waiting("cp07_sent_no_answer")]
#[case::answered("cp09_answer_append")]
fn stopped_and_continued(#[case] point: &str) {
    let (home, world, ids) = ready(CALM);
    home.good(&["ticket", "deploy", "--filter", "status:ready-for-api"]);
    let history = home.events();
    let told = format!("{point}=1*off->1*return(stop)");
    let mut engine = start(&home, &["serve", "--until-idle"], &told);
    let id = engine.0.id();
    until("the engine to stop", || {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        stat.rsplit(')').next().unwrap().trim_start().starts_with('T')
    });
    // The store is locked while its holder stands still: nobody takes over.
    assert!(!home.run(&["serve", "--until-idle"]).status.success());
    let pid = Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    kill_process(pid, Signal::CONT).unwrap();
    assert!(engine.0.wait().unwrap().success());
    sound(&home, &world, &ids, &history);
}

/// Rotation needs segments smaller than the program's, so a child of this test writes the journal.
#[test]
fn dies_inside_a_rotation_and_opens_again() {
    for after in 0..9 {
        let dir = tempfile::tempdir().unwrap();
        let told = format!("cp15_rotate={after}*off->1*return(abort)");
        let ended = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writes_until_it_dies", "--ignored", "--quiet"])
            .env("FAILPOINTS", &told)
            .env("CRASH_STORE", dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(ended.signal(), Some(SIGABRT), "{told}");
        let acknowledged = std::fs::read_to_string(dir.path().join("acknowledged")).unwrap_or_default();
        let acknowledged = acknowledged.lines().count() as u64;
        let opened = try_open(dir.path()).unwrap();
        let head = opened.store.head().seq.0;
        assert!(
            head >= acknowledged,
            "{told}: {acknowledged} were acknowledged, {head} are there"
        );
        drop(opened);
        assert_eq!(verify(dir.path()).problems, Vec::<String>::new(), "{told}");
    }
}

#[test]
#[ignore = "the child of dies_inside_a_rotation_and_opens_again"]
fn writes_until_it_dies() {
    let Some(dir) = std::env::var_os("CRASH_STORE") else {
        return;
    };
    let _told = fail::FailScenario::setup();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let opened = try_open(Path::new(&dir)).unwrap();
    runtime.block_on(async {
        for n in 1..2_000_u128 {
            opened.store.commit(commit(n)).await.unwrap();
            std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(Path::new(&dir).join("acknowledged"))
                .and_then(|mut f| std::io::Write::write_all(&mut f, b"x\n"))
                .unwrap();
        }
    });
    std::thread::sleep(Duration::ZERO);
}

/// Every point named in the sources is gone through above.
#[test]
fn no_point_is_left_out() {
    let mine = include_str!("crash_points.rs");
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = std::collections::BTreeSet::new();
    let name = regex::Regex::new(r#"(?:crash_point!\(|while_waiting\(|reach\()"?(cp\d\d_\w+)"#).unwrap();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            found.extend(name.captures_iter(&text).map(|c| c[1].to_owned()));
        }
    }
    assert_eq!(found.len(), 19, "{found:?}");
    assert!(found.iter().all(|f| mine.contains(f.as_str())), "{found:?}");
}
