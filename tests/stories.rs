//! The stories the console was made for, from the first key to the last, over a real engine and the simulated platform:
//! what only an engine can show. The others are in `src/tui/stories`. Time is simulated.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/console.rs"]
mod console;
mod support;

use std::{sync::atomic::Ordering, time::Duration};

use console::Person;
use omnitraffick::{
    engine::{
        api::{CommandKind, Reply, Request, TicketView},
        host::{Host, HostOptions, Place},
        model::{
            actor::{Actor, Role},
            approval::ApprovalRule,
            deploy::Why,
            ids::TicketNo,
            ticket::Status,
        },
    },
    tui::{TuiOptions, theme::Depth},
};
use support::World;

fn somebody(name: &str, uid: u32, role: Role) -> Actor {
    Actor {
        uid: Some(uid),
        name: name.into(),
        role,
        client: "console".into(),
    }
}

/// A house in earnest: what reaches outside is typed, and one other person agrees to every deploy.
async fn in_earnest() -> World {
    let (sandbox, clock) = (support::sandbox(""), support::clock());
    let mut options = HostOptions {
        environment: "prod".to_owned(),
        sandbox: false,
        ..support::options(&sandbox, &clock, &clock, Place::Memory, 1)
    };
    options.policy.approvals.rules = vec![ApprovalRule {
        name: "all".to_owned(),
        approvals: 1,
        ..ApprovalRule::default()
    }];
    let world = World::of(Host::open(options).await.unwrap(), sandbox, clock);
    world.seed().await;
    world
}

async fn numbered(world: &World, no: u32) -> TicketView {
    match world.client.request(Request::TicketByNo(TicketNo(no))).await.unwrap() {
        Reply::Ticket(view) => *view,
        other => panic!("{other:?}"),
    }
}

/// From nothing to live: written from lists, two findings mended, agreed to by somebody else, deployed by its number.
/// The line drops in the middle of a word and costs less than a second of typing.
#[tokio::test(start_paused = true)]
async fn a_ticket_is_trafficked_by_two_people_in_sixty_keys_over_a_line_that_drops() {
    let world = in_earnest().await;
    world.campaign(world.family, "Holiday").await;
    world.campaign(world.brand, "Trail season").await;
    let dir = tempfile::tempdir().unwrap();
    let tom = world.host.client(somebody("tom", 1001, Role::Trafficker), false);
    let lee = world.host.client(somebody("lee", 1002, Role::Approver), false);
    let desk = || TuiOptions {
        color: Depth::Indexed,
        state: Some(dir.path().join("console.json")),
        ..TuiOptions::default()
    };

    let me = Person::sit_down_as(&tom, desk(), 120, 36);
    me.sees("Draft").await;
    me.press("a").await;
    me.sees("New ticket").await;
    me.type_in("holiday").await;
    me.press("Enter").await;
    me.sees("FAM_US_META_2026_Holiday").await;
    me.fill("Budget", "250000").await;
    me.fill("Page *", "111222333").await;
    // Each letter takes 0.34 s: the last two are younger than a second when the line drops.
    me.fill("Link *", "https://fam.example/launch").await;
    let mut keys = me.pressed.load(Ordering::Relaxed);
    me.hang_up();

    let me = Person::sit_down_as(&tom, desk(), 120, 36);
    me.sees("a form that was not handed in is kept").await;
    me.press("a").await;
    me.sees("This form was begun before").await;
    me.press("Enter").await;
    me.sees("111222333").await;
    me.go_to("Link *").await;
    let text = me.text();
    let kept = text.split("https://").nth(1).and_then(|t| t.split_whitespace().next());
    let kept = kept.unwrap_or_default().to_owned();
    let whole = "fam.example/launch";
    assert!(
        whole.starts_with(&kept) && whole.len() - kept.len() <= 3,
        "{kept:?} of {whole}"
    );
    me.type_in(&whole[kept.len()..]).await;
    me.fill("Primary text *", "Out now").await;
    me.press("Ctrl-f").await;
    me.type_in("image hash").await;
    me.press("Enter").await;
    me.type_in("9fdba2b8a67f3d34b6a1c2e4d5f60718").await;
    me.press("Ctrl-f").await;
    me.type_in("interests").await;
    me.press("Enter").await;
    me.type_in("6003000000001:Adult entertainment").await;
    me.press("Ctrl-s").await;
    me.sees("QA failed").await;

    // Two findings; Enter and n lead to their fields.
    let found = numbered(&world, 1001).await.ticket.value.qa.unwrap().findings;
    assert_eq!(found.len(), 2, "{found:#?}");
    me.sees("Adult entertainment").await;
    me.press("Enter").await;
    me.sees("Edit 1001").await;
    me.sees("›Budget").await;
    me.press("Ctrl-u").await;
    me.type_in("120").await;
    me.press("F8").await;
    me.sees("›Interests").await;
    me.keys("Ctrl-u Ctrl-s").await;
    me.sees("▴ Ready").await;

    // Its author cannot agree to it; somebody else does.
    let you = Person::sit_down_as(&lee, desk_of_lee(), 120, 36);
    you.sees("1001").await;
    you.press("A").await;
    you.sees("1001").await;
    you.press("Enter").await;
    you.sees("▴ Ready").await;
    you.keys("b a").await;
    you.sees("Approve 1001?").await;
    you.press("y").await;
    world
        .until(numbered(&world, 1001).await.card.id, |v| {
            v.card.approvals.missing() == 0
        })
        .await;

    me.press("P").await;
    me.sees("Deploy 1001").await;
    me.sees("Type 1001 and Enter").await;
    me.keys("1 0 0 1 Enter").await;
    me.sees("✓ Live").await;
    for made in numbered(&world, 1001).await.ticket.value.created {
        me.sees(&made.external_id.0).await;
    }
    keys += me.pressed.load(Ordering::Relaxed) + you.pressed.load(Ordering::Relaxed);
    assert!(keys <= 60, "{keys} keys");
    you.leave().await;
    me.leave().await;
}

fn desk_of_lee() -> TuiOptions {
    TuiOptions {
        color: Depth::Indexed,
        ..TuiOptions::default()
    }
}

/// Every call is answered with 503 for a while, and the first create was carried out all the same. Later the platform
/// refuses each ad set once.
const NIGHT: &str = "
[[rule]]
kind = \"campaign\"
method = \"POST\"
nth = 1
action = { http = { status = 503 } }
[[rule]]
times = 9
action = { http = { status = 503, before = true } }
[[rule]]
kind = \"ad_set\"
method = \"POST\"
times = 2
action = { error = { code = 100, subcode = 1870247, message = \"Invalid parameter\" } }
";

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_down_says_since_when_is_stopped_and_nothing_is_made_twice() {
    let world = World::new(NIGHT).await;
    let mut ids = Vec::new();
    for title in ["Trail season", "Night run"] {
        let campaign = world.campaign(world.brand, title).await;
        let id = world.ticket(campaign).await;
        assert_eq!(world.qa(id).await, Status::ReadyForApi);
        ids.push(id);
    }
    for id in &ids {
        world.deploy(*id).await.unwrap();
    }
    world
        .until(ids[0], |v| {
            let why = v.why.as_ref().and_then(|w| w.why.as_ref());
            matches!(why, Some(Why::BreakerOpen { .. }))
        })
        .await;
    let why = world.view(ids[0]).await.why.unwrap();
    let breaker = why.breaker.unwrap();
    assert_eq!(breaker.after, "5 x 503");
    assert!(breaker.since.is_some_and(|t| t < breaker.next_probe.unwrap()));
    assert!(why.text.contains("after 5 x 503"), "{}", why.text);

    let me = Person::sit_down(&world, 80, 24, Depth::Indexed);
    me.sees("DOWN").await;
    me.keys("6 Tab").await;
    me.sees("DOWN, probe in").await;
    me.sees("open since 10:").await;
    me.sees("after 5 x 503").await;
    me.press("Z").await;
    me.sees("Pause what?").await;
    me.keys("Down Enter").await;
    me.type_in("outage").await;
    me.press("Enter").await;
    me.sees("is paused").await;
    // While it is paused nothing goes out, however long.
    let made = world.sandbox.snapshot(world.clock.now()).len();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(world.sandbox.snapshot(world.clock.now()).len(), made);
    assert!(made <= 1, "{made} objects");
    me.press("Z").await;
    me.sees("go on?").await;
    me.press("y").await;

    // What was lost is looked up, not sent again; then the ad sets are refused.
    for id in &ids {
        assert_eq!(world.wait(*id, |s| s != Status::Deploying).await, Status::Failed);
    }
    me.keys("2 /").await;
    me.type_in("state:failed platform:meta").await;
    me.keys("Enter * R").await;
    me.sees("Retry 2 tickets?").await;
    me.press("y").await;
    me.sees("2 queued").await;
    for id in &ids {
        // One object of every step, counted at the platform.
        world.live(*id).await;
    }
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn a_change_of_a_code_is_refused_once_what_it_touches_has_moved() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    world.ticket(campaign).await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("1001").await;
    me.press("4").await;
    me.sees("United States").await;
    me.press("e").await;
    me.sees("Edit").await;
    me.press("Ctrl-u").await;
    me.type_in("USA").await;
    me.press("Ctrl-s").await;
    me.sees("Change market US to USA?").await;
    me.sees("1 DRAFT").await;
    // Somebody writes another ticket before this one is agreed to.
    let other = world.campaign(world.brand, "Night run").await;
    world.ticket(other).await;
    me.press("y").await;
    me.sees("moved meanwhile").await;
    let code = async || match world.client.request(Request::Governance).await.unwrap() {
        Reply::Governance(g) => g.markets[0].value.code.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(code().await, "US");
    // Asked again with the new counts, it is done.
    me.press("Ctrl-s").await;
    me.sees("2 DRAFT").await;
    me.press("y").await;
    me.sees("is changed").await;
    assert_eq!(code().await, "USA");
    me.leave().await;
}

/// The same at the engine's door: by whoever asks, and a command that was carried out is told so again.
#[tokio::test(start_paused = true)]
async fn counts_are_held_to_at_the_engine_and_a_resend_is_answered() {
    use omnitraffick::engine::api::{Command, Counted, Impact, MarketPatch};
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    world.ticket(campaign).await;
    let kind = CommandKind::MarketUpdate {
        id: world.market,
        version: match world.client.request(Request::Governance).await.unwrap() {
            Reply::Governance(g) => g.markets[0].version,
            other => panic!("{other:?}"),
        },
        patch: MarketPatch {
            code: Some("USA".parse().unwrap()),
            ..MarketPatch::default()
        },
    };
    let command = Box::new(Command {
        id: world.client.command_id(),
        kind,
    });
    let Reply::Impact(impact) = world.client.request(Request::Impact(command.clone())).await.unwrap() else {
        panic!("no counts")
    };
    let ask = |impact: &Impact| Request::DoCounted {
        command: command.clone(),
        counted: Box::new(Counted::of(impact)),
    };
    let wrong = Impact {
        campaigns: impact.campaigns + 1,
        ..Impact::clone(&impact)
    };
    let refused = world.client.request(ask(&wrong)).await.unwrap_err().to_string();
    assert!(refused.contains("moved meanwhile"), "{refused}");
    let Reply::Done(done) = world.client.request(ask(&impact)).await.unwrap() else {
        panic!("not done")
    };
    assert!(!done.repeated);
    // The answer was lost, and the counts have moved since: it was done all the same, and once.
    world.campaign(world.brand, "Night run").await;
    let Reply::Done(again) = world.client.request(ask(&impact)).await.unwrap() else {
        panic!("not known")
    };
    assert_eq!((again.seq, again.repeated), (done.seq, true));
}
