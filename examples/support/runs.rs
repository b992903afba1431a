//! The runs themselves, each judged by the calls the platforms saw and the objects they hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a bench: whatever goes wrong ends it"
)]
#![allow(dead_code, reason = "every run uses its own part")]

use std::collections::{BTreeMap, BTreeSet};

use omnitraffick::engine::model::{
    platform::{AccountId, PlatformId},
    rate::Rate,
    ticket::Status,
};
use serde_json::{Value, json};

use crate::agency::{Agency, Sent};

/// Five of a hundred creates and changes are done and the line is cut, five done and answered with a 500, five done
/// late, ten refused as too many.
pub const FAULT_MIX: &str = r#"
[[rule]]
label = "done, then cut"
method = "POST"
probability = 0.05
action = "drop_after"
[[rule]]
label = "done, then 500"
method = "POST"
probability = 0.05
action = { http = { status = 500 } }
[[rule]]
label = "done late"
method = "POST"
probability = 0.05
action = { late = { seconds = 20 } }
[[rule]]
label = "too many"
probability = 0.1
action = { rate_limit = { seconds = 5 } }
"#;

/// Fifteen of a hundred calls go wrong, each in its own way.
pub const MIXED: &str = r#"
[[rule]]
label = "cut after"
probability = 0.03
action = "drop_after"
[[rule]]
label = "cut before"
probability = 0.03
action = "drop_before"
[[rule]]
label = "500 before"
probability = 0.03
action = { http = { status = 500, before = true } }
[[rule]]
label = "body cut"
probability = 0.02
action = "cut_body"
[[rule]]
label = "late"
method = "POST"
probability = 0.02
action = { late = { seconds = 15 } }
[[rule]]
label = "too many"
probability = 0.02
action = { rate_limit = { seconds = 10 } }
"#;

/// The limited tier of Meta, and nothing that goes wrong.
const LIMITED: &str = r#"
[world.limits]
max_score = 60
decay_seconds = 300
block_seconds = 300
tier = "development_access"
"#;

/// What a run gave, and whether that is enough.
pub struct Verdict {
    pub report: Value,
    pub good: bool,
}

/// What became of the tickets, and what the platforms hold.
#[derive(Default)]
struct Books {
    by_status: BTreeMap<String, usize>,
    twins: usize,
    lost: usize,
    nameless: usize,
}

async fn books(agency: &Agency, ids: &[omnitraffick::engine::model::ids::TicketId]) -> Books {
    let mut books = Books::default();
    let held = agency.sandbox.snapshot(agency.clock.now());
    let known: BTreeSet<String> = held.iter().map(|o| o.id.0.clone()).collect();
    let mut names: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for o in &held {
        // Children may share a name under different parents.
        let place = format!("{} {:?} {:?}", o.account, o.kind, o.parent);
        let key = (place, o.platform.to_string(), o.name.clone());
        *names.entry(key).or_default() += 1;
    }
    books.twins = names
        .iter()
        .filter(|((.., name), n)| !name.is_empty() && **n > 1)
        .count();
    for id in ids {
        let t = agency.ticket(*id).await;
        *books.by_status.entry(t.status.to_string()).or_default() += 1;
        if t.status == Status::TraffickedSuccess {
            let missing = |c: &&omnitraffick::engine::model::ticket::Created| !known.contains(&c.external_id.0);
            books.lost += usize::from(t.created.is_empty()) + t.created.iter().filter(missing).count();
        }
        books.nameless += usize::from(t.status == Status::Failed && t.failure.is_none());
    }
    books
}

fn machine() -> Value {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    json!({"cores": cores, "os": std::env::consts::OS, "arch": std::env::consts::ARCH})
}

/// The most a stretch of calls went above burst plus refill; 0 = never.
fn above(calls: &[&Sent], rate: Rate) -> f64 {
    let per_second = f64::from(rate.tokens) / rate.per.as_secs_f64();
    // The level a bucket of that rate would have: below zero is too much.
    let (mut level, mut worst) = (f64::from(rate.tokens), 0.0_f64);
    let mut last = calls.first().map(|c| c.at);
    for call in calls {
        let passed = last.map_or(0.0, |l| call.at.since(l).as_secs_f64());
        level = (level + passed * per_second).min(f64::from(rate.tokens)) - f64::from(call.cost);
        worst = worst.max(-level);
        last = Some(call.at);
    }
    worst
}

/// Accounts or applications that were called faster than their platform publishes.
fn too_fast(sent: &[Sent]) -> usize {
    let mut meta: BTreeMap<&AccountId, Vec<&Sent>> = BTreeMap::new();
    let mut tiktok: Vec<&Sent> = Vec::new();
    for call in sent {
        match call.platform {
            PlatformId::Meta => meta.entry(&call.account).or_default().push(call),
            PlatformId::Tiktok => tiktok.push(call),
            PlatformId::GoogleAds => {}
        }
    }
    tiktok.sort_by_key(|c| c.at);
    let mut worst = 0;
    for calls in meta.values_mut() {
        calls.sort_by_key(|c| c.at);
        worst += usize::from(above(calls, Rate::new(9000, 300_000)) > 0.01);
    }
    for (start, first) in tiktok.iter().enumerate() {
        let within = |seconds| {
            let end = first.at.plus(std::time::Duration::from_secs(seconds));
            tiktok[start..].iter().take_while(|c| c.at < end).count()
        };
        if within(1) > 10 || within(60) > 600 {
            worst += 1;
            break;
        }
    }
    worst
}

/// B3: nothing twice, nothing lost, nothing failed that could have been done.
pub async fn fault_mix(deploys: usize, seed: u64) -> Verdict {
    let script = format!("[world]\nseed = {seed}\n{FAULT_MIX}");
    let accounts = [(PlatformId::Meta, 20)];
    let agency = Agency::open(&script, seed, &accounts).await;
    let start = agency.clock.now();
    let ids = agency.deploy(deploys).await;
    agency.settle().await;
    let books = books(&agency, &ids).await;
    let live = books.by_status.get("TRAFFICKED_SUCCESS").copied().unwrap_or(0);
    let failed = books.by_status.get("FAILED").copied().unwrap_or(0);
    let calls = agency.sent.lock().unwrap().len();
    let asking = deploys - live - failed;
    let report = json!({
        "run": "fault_mix", "seed": seed, "deploys": deploys, "live": live, "failed": failed, "asking": asking,
        "twins": books.twins, "lost": books.lost, "calls": calls,
        "simulated_seconds": agency.clock.now().since(start).as_secs(),
        "build": env!("CARGO_PKG_VERSION"), "machine": machine(),
    });
    let good = books.twins == 0 && books.lost == 0 && failed == 0;
    agency.host.close().await.unwrap();
    Verdict { report, good }
}

/// Three platforms at once with mixed faults: every ticket ends live or says why not, nothing is made twice, nobody is
/// called faster than they allow.
pub async fn three_platforms(tickets: usize, seed: u64) -> Verdict {
    use PlatformId::{GoogleAds, Meta, Tiktok};
    let script = format!("[world]\nseed = {seed}\n{MIXED}");
    let agency = Agency::open(&script, seed, &[(Meta, 4), (Tiktok, 4), (GoogleAds, 4)]).await;
    let ids = agency.deploy(tickets).await;
    agency.settle().await;
    let books = books(&agency, &ids).await;
    let sent = agency.sent.lock().unwrap().clone();
    let fast = too_fast(&sent);
    let report = json!({
        "run": "three_platforms", "seed": seed, "tickets": tickets, "accounts": 12, "states": books.by_status,
        "without_reason": books.nameless, "twins": books.twins, "lost": books.lost, "too_fast": fast,
        "calls": sent.len(), "build": env!("CARGO_PKG_VERSION"), "machine": machine(),
    });
    let good = books.twins == 0 && books.lost == 0 && books.nameless == 0 && fast == 0;
    agency.host.close().await.unwrap();
    Verdict { report, good }
}

/// G12 and B6: at most 1 % of calls refused as too many, at least 90 % of the allowance used, and nobody starved.
pub async fn pace(accounts: usize, tickets_each: usize, seed: u64) -> Verdict {
    let script = format!("[world]\nseed = {seed}\n{LIMITED}");
    let agency = Agency::open(&script, seed, &[(PlatformId::Meta, accounts)]).await;
    agency.deploy(accounts * tickets_each).await;
    agency.settle().await;
    let sent = agency.sent.lock().unwrap().clone();
    let limited = sent.iter().filter(|c| c.limited).count();
    let mut by_account: BTreeMap<&AccountId, Vec<&Sent>> = BTreeMap::new();
    for call in &sent {
        by_account.entry(&call.account).or_default().push(call);
    }
    let rate = Rate::new(60, 300_000);
    let used: Vec<f64> = by_account
        .values()
        .map(|calls| {
            let spent: u32 = calls.iter().map(|c| c.cost).sum();
            let (first, last) = (calls.first().unwrap().at, calls.last().unwrap().at);
            let passed = last.since(first).as_secs_f64();
            f64::from(spent) / (f64::from(rate.tokens) * (1.0 + passed / rate.per.as_secs_f64()))
        })
        .collect();
    let least = used.iter().copied().fold(f64::INFINITY, f64::min);
    // Half-way: who is slow has been served less than the others.
    let half = &sent[..sent.len() / 2];
    let mut served: BTreeMap<&AccountId, u32> = by_account.keys().map(|a| (*a, 0)).collect();
    for call in half {
        *served.get_mut(&call.account).unwrap() += call.cost;
    }
    let share = f64::from(served.values().sum::<u32>()) / accounts as f64;
    let slowest = f64::from(*served.values().min().unwrap()) / share;
    let refused = limited as f64 / sent.len() as f64;
    let report = json!({
        "run": "pace", "seed": seed, "accounts": accounts, "tickets": accounts * tickets_each, "calls": sent.len(),
        "refused_share": refused, "allowance_used_least": least, "slowest_share": slowest,
        "build": env!("CARGO_PKG_VERSION"), "machine": machine(),
    });
    agency.host.close().await.unwrap();
    Verdict {
        report,
        good: refused <= 0.01 && least >= 0.9 && slowest >= 0.8 && by_account.len() == accounts,
    }
}

/// Runs in simulated time and gives the exit code: 1 below the bar.
pub fn main(run: impl Future<Output = Verdict>) -> std::process::ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let verdict = runtime.block_on(run);
    println!("{}", verdict.report);
    if verdict.good {
        std::process::ExitCode::SUCCESS
    } else {
        std::process::ExitCode::FAILURE
    }
}

/// A number behind a flag of the command line.
pub fn number(flag: &str, default: u64) -> u64 {
    let args: Vec<String> = std::env::args().collect();
    let at = args.iter().position(|a| a == flag);
    at.and_then(|at| args.get(at + 1)?.parse().ok()).unwrap_or(default)
}

/// True when the short run is asked for.
pub fn quick() -> bool {
    std::env::args().any(|a| a == "--quick")
}
