//! One engine, many consoles, over the real socket: how late they hear, and what that costs whoever commits.
//!
//! ```sh
//! cargo run --release --example fan_out -- --consoles 20 --rate 1000 --for 20 --json
//! ```
//!
//! Commits are handed in at a steady rate, whether or not the ones before are done, to a store on the disk. By turns
//! nobody is attached and everybody; one of those attached has stopped reading. Then a thousand times somebody leaves
//! and comes back, and then ten thousand connections come at once. Everybody checks that the events they hear follow each
//! other without a gap, a repeat or a change of order. Ends with 1 when a promise was broken or a bar missed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a tool for developers: it may stop at its own defects, and measures real time"
)]

#[path = "../../benches/common/mod.rs"]
mod common;
mod crowd;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::{Switches, percentile, support};
use crowd::{Crowd, Door, Heard};
use omnitraffick::engine::{
    api::CommandKind,
    clock::{Clock, SystemClock},
    host::{Host, HostOptions, Place},
    model::{event::Seq, governance::Brand, ids::BrandId},
};
use serde_json::json;
use support::World;
use tokio::{task::JoinSet, time::MissedTickBehavior};

/// 99 of 100 events are heard within this after the commit was acknowledged.
const BAR: Duration = Duration::from_millis(100);
/// Commits are handed in so often.
const TICK: Duration = Duration::from_millis(5);

/// One commit: when it was handed in and when it was acknowledged.
#[derive(Clone, Copy)]
struct Made {
    seq: Seq,
    asked: Instant,
    done: Instant,
}

async fn commit(world: Arc<World>, n: u64) -> Made {
    let asked = Instant::now();
    // A row of its own each: what many change at once is refused as busy, and that is another measurement.
    let brand = Brand {
        id: BrandId::new(world.client.new_uuid()),
        code: format!("B{n:06}").parse().unwrap(),
        name: format!("Wave {n}"),
        family_friendly: false,
        aliases: Vec::new(),
        retired: false,
    };
    let done = world.act(CommandKind::BrandCreate(brand)).await.unwrap();
    Made {
        seq: done.seq,
        asked,
        done: Instant::now(),
    }
}

/// Commits at this rate for so long.
async fn drive(world: &Arc<World>, rate: u64, how_long: Duration, next: &mut u64) -> Vec<Made> {
    let mut ticks = tokio::time::interval(TICK);
    // What was due while the machine did something else is made up for.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (began, mut made) = (Instant::now(), JoinSet::new());
    let mut handed_in = 0;
    while began.elapsed() < how_long {
        ticks.tick().await;
        let due = u64::try_from(began.elapsed().as_micros()).unwrap() * rate / 1_000_000;
        while handed_in < due {
            made.spawn(commit(Arc::clone(world), *next));
            handed_in += 1;
            *next += 1;
        }
    }
    made.join_all().await
}

fn milliseconds(times: &mut [Duration]) -> serde_json::Value {
    times.sort_unstable();
    let at = |share| (percentile(times, share).as_secs_f64() * 100_000.0).round() / 100.0;
    json!({"p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1.0), "n": times.len()})
}

/// How long after its acknowledgement each event was heard by each console.
fn lags(made: &[Made], heard: &[Heard]) -> Vec<Duration> {
    let first = made.iter().map(|m| m.seq).min().unwrap_or_default();
    let mut done = vec![None; made.len()];
    for m in made {
        if let Some(place) = done.get_mut(usize::try_from(m.seq.0 - first.0).unwrap()) {
            *place = Some(m.done);
        }
    }
    let all = heard.iter().flat_map(|h| &h.events);
    all.filter_map(|(seq, at)| {
        let at_seq = usize::try_from(seq.0.checked_sub(first.0)?).unwrap();
        let done = (*done.get(at_seq)?)?;
        Some(at.saturating_duration_since(done))
    })
    .collect()
}

fn main() -> std::process::ExitCode {
    let switches = Switches::of_process();
    let quick = switches.has("--quick");
    let consoles = usize::try_from(switches.number("--consoles", 20)).unwrap();
    let rate = switches.number("--rate", if quick { 200 } else { 1_000 });
    let seconds = switches.number("--for", if quick { 2 } else { 20 });
    let reconnects = switches.number("--reconnects", if quick { 50 } else { 1_000 });
    let flood = switches.number("--flood", if quick { 500 } else { 10_000 });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (figures, missed) = runtime.block_on(run(consoles, rate, Duration::from_secs(seconds), reconnects, flood));
    common::report("fan_out", quick, figures, &missed)
}

async fn run(
    consoles: usize,
    rate: u64,
    how_long: Duration,
    reconnects: u64,
    flood: u64,
) -> (serde_json::Value, Vec<String>) {
    let dir = common::directory("fan-out-");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let sandbox = support::sandbox("");
    let place = Place::Dir(dir.path().join("store"));
    let options = HostOptions {
        transport: None,
        ..support::options(&sandbox, &clock, &clock, place, 1)
    };
    let world = World::of(Host::open(options).await.unwrap(), sandbox, clock);
    world.seed().await;
    let world = Arc::new(world);
    let door = Door::open(world.host.engine());

    let (mut next, mut broken, mut late) = (0, Vec::new(), Vec::new());
    let (mut alone, mut watched) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let took = drive(&world, rate, how_long / 2, &mut next).await;
        alone.extend(took.iter().map(|m| m.done - m.asked));

        let crowd = Crowd::attach(&door, consoles).await;
        let made = drive(&world, rate, how_long / 2, &mut next).await;
        watched.extend(made.iter().map(|m| m.done - m.asked));
        let last = made.iter().map(|m| m.seq).max().unwrap_or_default();
        let heard = crowd.leave_after(last).await;
        broken.extend(heard.iter().filter_map(|h| h.broken.clone()));
        late.extend(lags(&made, &heard));
    }

    let coming = tokio::spawn(crowd::come_and_go(door.clone(), reconnects));
    while !coming.is_finished() {
        drive(&world, rate, Duration::from_millis(200), &mut next).await;
    }
    let came_back = coming.await.unwrap();
    broken.extend(came_back.broken);

    let flooded = crowd::flood(&door, flood).await;
    let during = drive(&world, rate, Duration::from_secs(1), &mut next).await;
    let mut during: Vec<_> = during.iter().map(|m| m.done - m.asked).collect();
    let told = flooded.turned_away + flooded.late;
    if told < flooded.came {
        broken.push(format!("{told} of {} connections were told why they end", flooded.came));
    }

    late.sort_unstable();
    let mut missed = broken;
    if percentile(&late, 0.99) > BAR {
        missed.push(format!(
            "events are heard {:?} late (p99), the bar is {BAR:?}",
            percentile(&late, 0.99)
        ));
    }
    let figures = json!({
        "consoles": consoles, "stopped": 1, "rate": rate,
        "lag": milliseconds(&mut late),
        "commit_alone": milliseconds(&mut alone), "commit_watched": milliseconds(&mut watched),
        "reconnects": came_back.times, "heard_over_reconnects": came_back.events,
        "flood": {"came": flooded.came, "turned_away": flooded.turned_away, "late": flooded.late, "commit": milliseconds(&mut during)},
        "rss_mib": common::memory("VmRSS"),
        "load": std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').next(),
    });
    (figures, missed)
}
