//! What people do to deploys while they run, through the whole engine over the simulated platform and simulated time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::{sync::Arc, time::Duration};

use omnitraffick::engine::{
    api::{CommandKind, Reply, Request, TicketView},
    clock::{Clock, SystemEntropy, TokioClock},
    decide::command::{HoldScope, Resolution},
    host::{Host, HostOptions, Place},
    model::{
        deploy::{Leftovers, StepState, Why},
        event::Seq,
        ids::TicketId,
        platform::ObjectKind,
        ticket::Status,
        time::Timestamp,
    },
    store::{LocalStore, memory::MemoryStore},
};
use support::World;

async fn deployed(script: &str) -> (World, TicketId) {
    let world = World::new(script).await;
    let id = world.deploying().await;
    (world, id)
}

async fn calls(world: &World, id: TicketId) -> usize {
    let deploy = world.view(id).await.deploy.unwrap();
    deploy.steps.iter().map(|s| s.attempts.len()).sum()
}

fn state(view: &TicketView, key: &str) -> Option<StepState> {
    let steps = &view.deploy.as_ref()?.steps;
    steps.iter().find(|s| s.key == key).map(|s| s.state)
}

const SLOW_CAMPAIGN: &str =
    "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = { delay = { seconds = 10 } }\n";

/// Paused while a call is open: the call ends, nothing further starts, the ticket names who paused it, and nothing
/// is busy meanwhile.
#[tokio::test(start_paused = true)]
async fn a_pause_during_a_call_stops_before_the_next_step() {
    let (world, id) = deployed(SLOW_CAMPAIGN).await;
    world
        .until(id, |v| state(v, "campaign") == Some(StepState::Intent))
        .await;
    world.act(CommandKind::DeployPause { id }).await.unwrap();
    let view = world
        .until(id, |v| state(v, "campaign") == Some(StepState::Confirmed))
        .await;
    assert!(matches!(view.deploy.unwrap().why, Why::Paused { .. }));
    assert_eq!(view.why.unwrap().person.as_deref(), Some("ana"));
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(calls(&world, id).await, 1);
    world.act(CommandKind::DeployResume { id }).await.unwrap();
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
}

/// A hold on the account stops its next step; the ticket says who holds it; releasing it is enough to go on.
#[tokio::test(start_paused = true)]
async fn a_hold_stops_the_account_before_the_next_step() {
    let (world, id) = deployed(SLOW_CAMPAIGN).await;
    world
        .until(id, |v| state(v, "campaign") == Some(StepState::Intent))
        .await;
    let account = world.view(id).await.ticket.value.account;
    let scope = HoldScope::Account(omnitraffick::engine::model::platform::PlatformId::Meta, account);
    let reason = "audit".to_owned();
    world
        .act(CommandKind::HoldPlace {
            scope: scope.clone(),
            reason,
        })
        .await
        .unwrap();
    world
        .until(id, |v| state(v, "campaign") == Some(StepState::Confirmed))
        .await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(calls(&world, id).await, 1);
    let why = world.view(id).await.why.unwrap();
    assert!(why.person.is_some_and(|p| p.contains("audit")), "{}", why.text);
    assert_eq!(why.remedy.as_deref(), Some("release the hold"));
    world.act(CommandKind::HoldRelease { scope }).await.unwrap();
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
}

/// Failed, edited, then called off with archive: what exists is archived although the content is no longer what QA saw.
#[tokio::test(start_paused = true)]
async fn an_edited_ticket_can_still_be_cancelled_with_archive() {
    let refuse = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = { error = { code = 100, subcode = 1870247, message = \"Invalid parameter\" } }\n";
    let (world, id) = deployed(refuse).await;
    world.wait(id, |s| s == Status::Failed).await;
    world
        .edit_payload(id, |payload| {
            payload["creative"]["object_story_spec"]["link_data"]["message"] = "Out tomorrow".into();
        })
        .await;
    let cancel = CommandKind::TicketCancel {
        id,
        leftovers: Some(Leftovers::Archive),
        reason: "not wanted".into(),
    };
    world.act(cancel).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Cancelled);
    let left = world.sandbox.snapshot(world.clock.now());
    assert!(left.iter().all(|o| o.effective_status.contains("ARCHIVED")), "{left:?}");
}

/// Told to deliver six times, never answered, and it cannot be read back: nobody is promised that it is paused.
#[tokio::test(start_paused = true)]
async fn what_may_deliver_is_not_called_paused() {
    let lost = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nafter = 1\ntimes = 6\naction = \"drop_after\"\n\
                [[rule]]\nkind = \"campaign\"\nmethod = \"GET\"\naction = { error = { code = 2, message = \"busy\" } }\n";
    let (world, id) = deployed(lost).await;
    let asks = |v: &TicketView| state(v, "activate") == Some(StepState::NeedsOperator);
    world.until(id, asks).await;
    let abandon = CommandKind::DeployResolve {
        id,
        step: "activate".into(),
        resolution: Resolution::Abandon,
        reason: "enough".into(),
        evidence: None,
    };
    world.act(abandon).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let live = |world: &World| {
        let all = world.sandbox.snapshot(world.clock.now());
        let mut campaigns = all.into_iter().filter(|o| o.kind == ObjectKind::Campaign);
        campaigns.next().unwrap().effective_status
    };
    assert_eq!(live(&world), "ACTIVE");
    let cancel = |leftovers| CommandKind::TicketCancel {
        id,
        leftovers: Some(leftovers),
        reason: "not wanted".into(),
    };
    let refused = world.act(cancel(Leftovers::KeepPaused)).await.unwrap_err().to_string();
    assert!(refused.contains("told to deliver"), "{refused}");
    world.act(cancel(Leftovers::Archive)).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Cancelled);
    assert_eq!(live(&world), "ARCHIVED");
}

/// Given up in doubt, edited and deployed anew: the object that may exist is looked for before another is made.
#[tokio::test(start_paused = true)]
async fn giving_up_and_deploying_again_makes_no_second_object() {
    let twin = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n";
    let (world, id) = deployed(twin).await;
    let asks = |v: &TicketView| state(v, "campaign") == Some(StepState::NeedsOperator);
    world.until(id, asks).await;
    let answer = |resolution| CommandKind::DeployResolve {
        id,
        step: "campaign".into(),
        resolution,
        reason: String::new(),
        evidence: None,
    };
    world.act(answer(Resolution::Abandon)).await.unwrap();
    world.wait(id, |s| s == Status::Failed).await;
    world.act(CommandKind::TicketRetry { id }).await.unwrap();
    world.until(id, asks).await;
    world.act(answer(Resolution::Abandon)).await.unwrap();
    world
        .edit_payload(id, |payload| {
            payload["creative"]["object_story_spec"]["link_data"]["message"] = "Out tomorrow".into();
        })
        .await;
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    tokio::time::sleep(Duration::from_secs(3600)).await;
    world.deploy(id).await.unwrap();
    world.until(id, asks).await;
    let ticket = world.view(id).await.ticket.value;
    let made = world
        .sandbox
        .creates(&ticket.account, ObjectKind::Campaign, &ticket.name);
    assert_eq!(made, 2, "the platform's twins, none of ours");
}

/// A clock that is ahead of the platform's by half an hour still finds what it made.
#[tokio::test(start_paused = true)]
async fn a_wrong_clock_makes_no_second_object() {
    let lost = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = \"drop_after\"\n";
    let sandbox = support::sandbox(lost);
    let store: Arc<dyn LocalStore> = Arc::new(MemoryStore::new(support::clock(), Arc::new(SystemEntropy::seeded(1))));
    let ahead = Timestamp::parse(support::START)
        .unwrap()
        .plus(Duration::from_secs(1800));
    let ours: Arc<dyn Clock> = Arc::new(TokioClock::at(ahead));
    let host = support::open_with(&sandbox, &ours, &support::clock(), Place::Open(store), 1).await;
    let world = World::of(host, sandbox, ours);
    world.seed().await;
    let id = world.deploying().await;
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    let ticket = world.view(id).await.ticket.value;
    let made = world
        .sandbox
        .creates(&ticket.account, ObjectKind::Campaign, &ticket.name);
    assert_eq!(made, 1);
}

/// A blocked account is tried again at once when somebody asks, not at the next recheck.
#[tokio::test(start_paused = true)]
async fn retry_lets_a_blocked_account_go_on_at_once() {
    let revoked = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = { error = { code = 190, subcode = 460, message = \"Session has been invalidated\" } }\n";
    let (world, id) = deployed(revoked).await;
    let blocked = |v: &TicketView| {
        v.deploy
            .as_ref()
            .is_some_and(|d| matches!(d.why, Why::LaneBlocked { .. }))
    };
    world.until(id, blocked).await;
    let asked = world.clock.now();
    world.act(CommandKind::TicketRetry { id }).await.unwrap();
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    assert!(world.clock.now().since(asked) < Duration::from_secs(120));
}

/// A read-only engine looks and does nothing: no start in the journal, no QA, no call.
#[tokio::test(start_paused = true)]
async fn a_read_only_engine_writes_nothing_and_sends_nothing() {
    let clock = support::clock();
    let entropy = Arc::new(SystemEntropy::seeded(5));
    let store: Arc<dyn LocalStore> = Arc::new(MemoryStore::new(clock.clone(), entropy));
    let sandbox = support::sandbox("");
    let options = support::options(&sandbox, &clock, &clock, Place::Open(store), 9);
    let host = Host::open(HostOptions {
        read_only: true,
        ..options
    })
    .await
    .unwrap();
    let client = host.client(support::person(), true);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let Reply::Events(events) = client
        .request(Request::Events {
            after: Seq(0),
            limit: 10,
        })
        .await
        .unwrap()
    else {
        panic!()
    };
    assert!(events.is_empty(), "{events:?}");
}
