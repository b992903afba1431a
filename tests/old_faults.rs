//! Faults of the system this one replaces, each made impossible here: by decisions alone where that is enough, else
//! through the whole engine over the simulated platform.
//!
//! `retry_after_every_form` and `backoff_is_jittered_and_capped` stand beside their functions in `deploy/backoff.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/life.rs"]
mod life;
mod support;

use std::{sync::Arc, time::Duration};

use life::{Life, Op, any_op, engine, play, turn_to};
use omnitraffick::engine::{
    api::{Notice, Reply, Request},
    clock::{Clock, SystemEntropy, TokioClock},
    decide::{
        command::{BrandPatch, Command, CommandKind, TicketPatch},
        decide,
        testkit::{admin, trafficker},
    },
    host::Place,
    model::{
        deploy::Deploy,
        event::{Event, EventKind, Seq},
        ids::{CommandId, DeployId, TicketId},
        platform::ObjectKind,
        refusal::RefusalCode,
        ticket::Status,
        time::Timestamp,
    },
    store::{LocalStore, memory::MemoryStore, schema::keys},
};
use proptest::prelude::*;
use support::World;

/// A status is the result of decisions. No command, patch or new value has a place to write one into.
#[test]
fn no_command_carries_a_status() {
    let patch = serde_json::from_str::<TicketPatch>(r#"{"notes": "x", "status": "READY_FOR_API"}"#);
    assert!(patch.unwrap_err().to_string().contains("unknown field `status`"));
    let source = include_str!("../src/engine/decide/command.rs");
    let code = source.lines().filter(|l| !l.trim_start().starts_with("//"));
    let mentions: Vec<_> = code.filter(|l| l.contains("Status")).collect();
    assert!(mentions.is_empty(), "{mentions:?}");
}

/// Two clicks are two intentions: the second finds the deploy the first one made, whether it is decided after the
/// first commit or at the same moment on the same facts.
#[test]
fn double_deploy_is_one_deploy() {
    let mut life = Life::at(Status::ReadyForApi);
    let click = |life: &mut Life| Command {
        id: CommandId::new(life.house.world.mint()),
        kind: CommandKind::TicketDeploy {
            id: life.id,
            deploy: DeployId::new(life.house.world.mint()),
            not_before: None,
        },
    };
    let (one, two) = (click(&mut life), click(&mut life));
    let world = &mut life.house.world;
    let first = decide(world, &one, &trafficker(), world.now).unwrap();
    let second = decide(world, &two, &trafficker(), world.now).unwrap();
    world.apply(&first).unwrap();
    assert_eq!(world.apply(&second).unwrap_err().code, RefusalCode::Stale);
    let late = decide(world, &two, &trafficker(), world.now).unwrap_err();
    assert_eq!(late.code, RefusalCode::WrongState);
    let deploys = world.rows.keys().filter(|k| k.as_str().starts_with("deploy/")).count();
    assert_eq!(deploys, 1);
}

/// The properties below would be empty if random lives never got anywhere.
#[test]
fn random_lives_reach_every_status() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let ops = proptest::collection::vec(any_op(), 1..50)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let mut life = Life::new();
        for op in ops {
            play(&mut life, op, &mut Vec::new());
            seen.extend(life.house.world.tickets().iter().map(|(_, t)| t.status));
        }
    }
    assert_eq!(seen.len(), Status::ALL.len(), "{seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever anybody does in whatever order: nothing is on its way to a platform, or ready for it, unless the
    /// engine's QA passed on exactly this content. The list of passes is kept beside the world, not read from it.
    #[test]
    fn no_path_to_a_platform_without_qa(ops in proptest::collection::vec(any_op(), 1..50)) {
        let mut life = Life::new();
        let mut passed = Vec::new();
        for op in ops {
            play(&mut life, op, &mut passed);
            for (_, t) in life.house.world.tickets() {
                let towards = matches!(t.status, Status::ReadyForApi | Status::Deploying | Status::TraffickedSuccess);
                prop_assert!(!towards || passed.contains(&(t.id, t.payload_hash())), "{} {} after {:?}", t.no, t.status, op);
                if t.status == Status::Deploying {
                    let (_, deploy): (_, Deploy) = life.house.world.get(&keys::deploy(t.deploy.unwrap())).unwrap();
                    prop_assert_eq!(deploy.payload_hash, t.payload_hash());
                    prop_assert!(passed.contains(&(t.id, deploy.payload_hash)));
                }
            }
        }
    }

    /// The same command on the same facts is the same commit, to the byte.
    #[test]
    fn decide_twice_is_equal(ops in proptest::collection::vec(any_op(), 1..12), last in any_op(), word in "[ -~]{0,40}") {
        let mut life = Life::new();
        for op in ops {
            play(&mut life, op, &mut Vec::new());
        }
        let mut kinds = vec![CommandKind::BrandUpdate {
            id: life.house.brand,
            version: 1,
            patch: BrandPatch { name: Some(word), ..BrandPatch::default() },
        }];
        if let Op::Ticket(n, word) = last && turn_to(&mut life, n) && word != "clone" {
            kinds.push(life.command(word));
        }
        kinds.push(CommandKind::TicketCreate(life.house.new_ticket()));
        for kind in kinds {
            let command = Command { id: CommandId::new(life.house.world.mint()), kind };
            let world = &life.house.world;
            for actor in [admin(), trafficker(), engine()] {
                prop_assert_eq!(
                    decide(world, &command, &actor, world.now),
                    decide(&world.clone(), &command.clone(), &actor, world.now)
                );
            }
        }
    }
}

/// A simulated life of an engine: one thread, time that jumps.
fn life_of<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    // Dropping the runtime ends every task where it stands, as a crash does.
    runtime.block_on(work)
}

fn clock_at(offset_secs: u64) -> Arc<dyn Clock> {
    let start = Timestamp::parse(support::START)
        .unwrap()
        .plus(Duration::from_secs(offset_secs));
    Arc::new(TokioClock::at(start))
}

/// The platform says yes, we die before writing it down; the next engine finds the campaign and takes it.
#[test]
fn crash_after_accept_makes_one_campaign() {
    // A store in memory stands for the disk here: real files and simulated time do not mix.
    let entropy = Arc::new(SystemEntropy::seeded(3));
    let store: Arc<dyn LocalStore> = Arc::new(MemoryStore::new(clock_at_epoch(), entropy));
    let slow = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = { delay = { seconds = 25 } }\n";
    let sandbox = support::sandbox(slow);
    let (id, account, name) = life_of(async {
        let world = World::over(Arc::clone(&sandbox), clock_at(0), Place::Open(Arc::clone(&store)), 1).await;
        world.seed().await;
        let campaign = world.campaign(world.brand, "Trail season").await;
        let id = world.ticket(campaign).await;
        assert_eq!(world.qa(id).await, Status::ReadyForApi);
        world.deploy(id).await.unwrap();
        let ticket = world.view(id).await.ticket.value;
        while sandbox.creates(&ticket.account, ObjectKind::Campaign, &ticket.name) == 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        (id, ticket.account, ticket.name)
    });
    life_of(async {
        let world = World::over(Arc::clone(&sandbox), clock_at(60), Place::Open(Arc::clone(&store)), 2).await;
        assert_eq!(
            world.wait(id, |s| s != Status::Deploying).await,
            Status::TraffickedSuccess
        );
        let deploy = world.view(id).await.deploy.unwrap();
        assert_eq!(deploy.steps[0].attempts.len(), 1, "never sent again");
    });
    assert_eq!(sandbox.creates(&account, ObjectKind::Campaign, &name), 1);
}

fn clock_at_epoch() -> Arc<dyn Clock> {
    Arc::new(omnitraffick::engine::clock::ManualClock::at(
        Timestamp::parse(support::START).unwrap(),
    ))
}

async fn deployed(script: &str) -> (World, TicketId) {
    let world = World::new(script).await;
    let id = world.deploying().await;
    (world, id)
}

/// The answer is lost after the bytes left: looked up, not sent again.
#[tokio::test(start_paused = true)]
async fn timeout_after_send_is_looked_up_not_resent() {
    let (world, id) =
        deployed("[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = \"drop_after\"\n").await;
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    let deploy = world.view(id).await.deploy.unwrap();
    assert_eq!(deploy.steps[0].attempts.len(), 1);
    assert!(!deploy.steps[0].attempts[0].reads.is_empty());
}

/// A rate limit is a wait, not a failure, and costs no try.
#[tokio::test(start_paused = true)]
async fn first_429_does_not_fail_the_ticket() {
    let (world, id) = deployed(
        "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\ntimes = 8\naction = { rate_limit = { minutes = 2 } }\n",
    )
    .await;
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    let deploy = world.view(id).await.deploy.unwrap();
    assert_eq!((deploy.steps[0].tries, deploy.steps[0].attempts.len()), (0, 9));
}

/// Whatever a ticket waits for, it says so, with a time or a person.
#[tokio::test(start_paused = true)]
async fn every_open_ticket_says_why() {
    let (world, id) = deployed(
        "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = { rate_limit = { minutes = 2 } }\n[[rule]]\nkind = \"ad\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n",
    )
    .await;
    let mut notices = world.client.notices();
    loop {
        let view = world.view(id).await;
        let why = view.why.expect("an open ticket says why");
        assert!(why.next_at.is_some() || why.person.is_some(), "{why:?}");
        if why.person.is_some() {
            break;
        }
        notices.recv().await.unwrap();
    }
}

/// The whole chain, one row a step, each with the id the platform gave.
#[tokio::test(start_paused = true)]
async fn chain_has_one_ledger_row_per_step() {
    let (world, id) = deployed("").await;
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    let deploy = world.view(id).await.deploy.unwrap();
    let rows: Vec<_> = deploy
        .steps
        .iter()
        .map(|s| (s.key.as_str(), s.external_id.is_some()))
        .collect();
    let made = [("campaign", true), ("ad_set", true), ("creative", true), ("ad", true)];
    let set = [("activate_ad", false), ("activate_ad_set", false), ("activate", false)];
    assert_eq!(rows, [made.as_slice(), set.as_slice()].concat());
}

/// A call that fails leaves an event with what the platform said.
#[tokio::test(start_paused = true)]
async fn every_failed_call_leaves_an_event() {
    let (world, id) = deployed(
        "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = { http = { status = 500, before = true } }\n[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = { error = { code = 100, subcode = 1870247, message = \"Invalid parameter\" } }\n",
    )
    .await;
    world.wait(id, |s| s == Status::Failed).await;
    let kinds: Vec<EventKind> = events(&world).await.iter().map(|e| e.kind).collect();
    for expected in [
        EventKind::StepUnknown,
        EventKind::StepLookedUp,
        EventKind::StepAbsent,
        EventKind::StepRejected,
    ] {
        assert!(kinds.contains(&expected), "{expected} is missing: {kinds:?}");
    }
}

async fn events(world: &World) -> Vec<Event> {
    match world
        .client
        .request(Request::Events {
            after: Seq(0),
            limit: 1000,
        })
        .await
        .unwrap()
    {
        Reply::Events(events) => events,
        other => panic!("{other:?}"),
    }
}

/// Two consoles hear every commit, in order, without a gap.
#[tokio::test(start_paused = true)]
async fn every_commit_reaches_every_console() {
    let world = World::new("").await;
    let mut consoles = [world.client.notices(), world.client.notices()];
    let id = world.deploying().await;
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    let head = events(&world).await.last().unwrap().seq;
    for console in &mut consoles {
        let mut heard = Vec::new();
        while heard.last() != Some(&head) {
            if let Notice::Event(event) = console.recv().await.unwrap() {
                heard.push(event.seq);
            }
        }
        assert!(heard.windows(2).all(|w| w[1].0 == w[0].0 + 1), "{heard:?}");
    }
}
