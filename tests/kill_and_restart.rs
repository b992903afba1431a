//! The engine is killed (`kill -9`) at random moments while it deploys against a platform that loses answers and refuses
//! for want of allowance. Afterwards everything is live, and nothing exists twice.
//!
//! The long form, 200 tickets on 10 accounts, with a seed of your choice:
//!
//! ```sh
//! OMNITRAFFICK_TEST_SEED=1 cargo test --test kill_and_restart -- --ignored --nocapture
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Stdio,
    time::Duration,
};

use fastrand::Rng;
use program::{Home, Running, Sandbox, fleet, until};
use serde_json::Value;

struct Size {
    accounts: usize,
    campaigns: usize,
    kills: usize,
}

#[test]
fn nothing_is_made_twice_and_nothing_is_forgotten() {
    prove(
        &Size {
            accounts: 6,
            campaigns: 4,
            kills: 4,
        },
        20_261_120,
    );
}

#[test]
#[ignore = "200 tickets and 10 kills take most of a minute; the module's head has the command"]
fn two_hundred_tickets_survive_ten_kills() {
    let seed = std::env::var_os("OMNITRAFFICK_TEST_SEED")
        .and_then(|s| s.to_str()?.parse().ok())
        .unwrap_or(1);
    prove(
        &Size {
            accounts: 10,
            campaigns: 20,
            kills: 10,
        },
        seed,
    );
}

fn prove(size: &Size, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let home = Home::new();
    let world = Sandbox::start(
        &home,
        &fleet::FAULTS.replace("[world]", &format!("[world]\nseed = {seed}")),
        fleet::ENGINE,
    );
    let accounts: Vec<_> = (1..=size.accounts).map(|n| format!("act_{}", 1000 + n)).collect();
    home.govern(&accounts.iter().map(String::as_str).collect::<Vec<_>>());
    let tickets = size.accounts * size.campaigns;

    // Written: every creation that was acknowledged is noted.
    let mut acknowledged = BTreeSet::new();
    for n in 1..=size.campaigns {
        let words = format!("Wave {n}");
        home.campaign(&words);
        let file = home.file("tickets.toml", fleet::tickets(&words, &accounts));
        let made = home.json(&["ticket", "create", "--file", file.to_str().unwrap()]);
        for item in made["data"].as_array().unwrap() {
            assert_eq!(item["result"], "created", "{item}");
            acknowledged.insert(item["ticket"]["ticket"]["id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(acknowledged.len(), tickets);
    home.good(&["ticket", "qa", "--filter", "status:draft", "--wait"]);

    // Queued: the verb that queues is killed half-way as well, and says the rest when asked again.
    let mut queueing = start(&home, &["ticket", "deploy", "--filter", "status:ready-for-api"]);
    let before = journal_bytes(&home.store());
    let some = rng.u64(1..2_000 * tickets as u64 / 4);
    until("the queue to fill", || {
        journal_bytes(&home.store()) > before + some || queueing.0.try_wait().unwrap().is_some()
    });
    queueing.kill_9();
    home.good(&["ticket", "deploy", "--filter", "status:ready-for-api"]);

    // Deployed, with the engine killed again and again.
    let mut history = home.events();
    // Four creates and three activations a ticket, so that every kill finds work left.
    let share = tickets * 7 / (size.kills + 1);
    let mut kills = 0;
    for n in 0..size.kills {
        let mut engine = start(&home, &["serve", "--until-idle"]);
        if n % 4 == 3 {
            // During start-up: recovery itself is cut off.
            std::thread::sleep(Duration::from_millis(rng.u64(0..50)));
        } else {
            let goal = world.requests() + rng.usize(1..share);
            until("the engine to send", || {
                world.requests() >= goal || engine.0.try_wait().unwrap().is_some()
            });
            std::thread::sleep(Duration::from_millis(rng.u64(0..20)));
        }
        assert!(engine.0.try_wait().unwrap().is_none(), "it ended before kill {n}");
        engine.kill_9();
        kills += 1;
        // Every other time the next engine finds the store as it was left, without a reader in between.
        if n % 2 == 0 {
            let now = home.events();
            assert!(now.starts_with(&history), "history changed after kill {n}");
            history = now;
            home.campaign(&format!("Between {n}"));
        }
    }
    let ran = home.run(&["serve", "--until-idle"]);
    assert!(ran.status.success(), "{ran:?}");

    // Everything acknowledged is there, and live.
    let cards = home.tickets();
    let there: BTreeSet<_> = cards.iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(there, acknowledged);
    for card in &cards {
        let no = card["no"].to_string();
        assert_eq!(
            card["status"],
            "TRAFFICKED_SUCCESS",
            "{}",
            home.good(&["deploy", "show", &no])
        );
    }
    let campaigns = home.json(&["campaign", "list"]);
    let list = campaigns["data"].to_string();
    for n in (0..size.kills).step_by(2) {
        assert!(list.contains(&format!("Between {n}")), "{list}");
    }
    let events = home.events();
    assert!(events.starts_with(&history), "history changed");
    assert!(
        events.iter().zip(1_u64..).all(|(e, n)| e["seq"] == n),
        "events are not contiguous"
    );
    let verified = home.json(&["store", "verify"]);
    assert_eq!(verified["data"]["problems"], Value::Array(Vec::new()), "{verified}");

    // The platform's side: what was carried out, by what was asked ...
    let record = world.record();
    let made = world.made();
    let mut faults: BTreeMap<String, usize> = BTreeMap::new();
    for line in &record {
        if let Some(fault) = line["fault"].as_str() {
            *faults.entry(fault.to_owned()).or_default() += 1;
        }
    }
    let twice: Vec<_> = made.iter().filter(|(_, n)| **n != 1).collect();
    assert!(twice.is_empty(), "made more than once: {twice:#?}");
    assert_eq!(made.len(), tickets * fleet::EDGES.len());
    // ... and by what it lists now.
    for account in &accounts {
        for edge in fleet::EDGES {
            let mut names = Vec::new();
            // What was made last comes into the listing late.
            until("the listing", || {
                names = world.names(account, edge);
                names.len() >= size.campaigns
            });
            names.sort();
            names.dedup();
            assert_eq!(names.len(), size.campaigns, "{account} {edge}: {names:?}");
            assert_eq!(
                world.names(account, edge).len(),
                size.campaigns,
                "{account} {edge}: twice"
            );
        }
    }
    assert_eq!(faults.len(), 3, "a fault never happened: {faults:?}");
    // A run in which no kill ever met a call under way would prove little.
    let cut_off = events
        .iter()
        .filter(|e| e["kind"] == "step.unknown" && e["summary"].as_str().unwrap().contains("the engine stopped before"))
        .count();
    let count = |kind: &str| events.iter().filter(|e| e["kind"] == kind).count();
    assert!(cut_off > 0, "no kill met a call under way");
    println!(
        "seed {seed}: {tickets} tickets live, {kills} kills, {} requests, {} events, faults {faults:?}, calls cut off by \
         kills {cut_off}, adopted {}, proved absent {}, {} objects, none twice",
        record.len(),
        events.len(),
        count("step.adopted"),
        count("step.absent"),
        made.len()
    );
}

fn start(home: &Home, line: &[&str]) -> Running {
    let child = home
        .command(line)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Running(child)
}

/// How far the journal has grown: what was committed shows there first.
fn journal_bytes(dir: &Path) -> u64 {
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        bytes += if path.is_dir() {
            journal_bytes(&path)
        } else {
            // A file may be renamed or removed while we look.
            std::fs::metadata(&path).map_or(0, |m| m.len())
        };
    }
    bytes
}
