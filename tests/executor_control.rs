//! What steers the executor besides people's pauses: breakers, blackout windows, late answers, read-backs, and answers
//! that are held against the platform. Whole engine, simulated platform and time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use omnitraffick::engine::{
    api::{ApiError, CommandKind, Reply, Request, TicketView},
    decide::command::{Command, Resolution},
    host::{Host, HostOptions, Place},
    model::{
        actor::Actor,
        blackout::{Blackout, Scope, Span},
        deploy::{StepState, Why},
        event::{EventKind, Seq},
        ids::TicketId,
        platform::{ExternalId, ObjectKind},
        ticket::Status,
        time::Timestamp,
    },
};
use rstest::rstest;
use support::World;

async fn start(world: &World) -> TicketId {
    world.deploying().await
}

fn state(view: &TicketView, key: &str) -> Option<StepState> {
    let steps = &view.deploy.as_ref()?.steps;
    steps.iter().find(|s| s.key == key).map(|s| s.state)
}

fn why(view: &TicketView) -> Option<Why> {
    view.why.as_ref().and_then(|w| w.why.clone())
}

async fn made(world: &World, id: TicketId) -> usize {
    let t = world.view(id).await.ticket.value;
    world.sandbox.creates(&t.account, ObjectKind::Campaign, &t.name)
}

/// The platform goes away for a while: the account is left alone, asked with reads only, and nothing is made twice.
#[tokio::test(start_paused = true)]
async fn a_platform_that_does_not_answer_is_left_alone_and_asked_with_reads() {
    let gone = "[[rule]]\ntimes = 9\naction = \"drop_before\"\n";
    let world = World::new(gone).await;
    let id = start(&world).await;
    let view = world
        .until(id, |v| matches!(why(v), Some(Why::BreakerOpen { .. })))
        .await;
    assert!(view.why.unwrap().next_at.is_some());
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    assert_eq!(made(&world, id).await, 1);
}

async fn with_window(scope: Scope) -> World {
    let (clock, sandbox) = (support::clock(), support::sandbox(""));
    let mut options = support::options(&sandbox, &clock, &clock, Place::Memory, 1);
    options.policy.blackouts = vec![Blackout {
        platform: None,
        market: Some("US".parse().unwrap()),
        brand: None,
        zone: jiff::tz::TimeZone::get("America/New_York").unwrap(),
        // The simulation starts at five in the morning there.
        span: Span::Daily {
            from: "04:00".parse().unwrap(),
            to: "07:00".parse().unwrap(),
            days: vec![],
        },
        scope,
    }];
    let host = Host::open(HostOptions { ..options }).await.unwrap();
    let world = World::of(host, sandbox, clock);
    world.seed().await;
    world
}

/// Nothing, or nothing that switches on, goes out before the window ends; then it goes on by itself.
#[rstest]
#[case::everything(Scope::All, 0)]
#[case::switching_on(Scope::Activate, 1)]
#[tokio::test(start_paused = true)]
async fn a_blackout_window_holds_back_what_it_says(#[case] scope: Scope, #[case] made_inside: usize) {
    let world = with_window(scope).await;
    let id = start(&world).await;
    let view = world.until(id, |v| matches!(why(v), Some(Why::Blackout { .. }))).await;
    let end = Timestamp::parse("2026-11-20T12:00:00Z").unwrap();
    assert_eq!(view.why.unwrap().next_at, Some(end));
    assert_eq!(made(&world, id).await, made_inside);
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    assert!(world.clock.now() >= end);
    assert_eq!(made(&world, id).await, 1);
}

/// An answer that comes after others took the step over is kept, with the id it names; nothing is made twice.
#[tokio::test(start_paused = true)]
async fn a_late_answer_is_kept_as_evidence() {
    let slow = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = { delay = { seconds = 10 } }\n";
    let world = World::new(slow).await;
    let id = start(&world).await;
    let view = world
        .until(id, |v| state(v, "campaign") == Some(StepState::Intent))
        .await;
    let engine = world.host.engine();
    let recover = Command {
        id: engine.command_id(),
        kind: CommandKind::DeployRecover {
            deploy: view.deploy.unwrap().id,
        },
    };
    engine.execute(&recover, &Actor::engine("another"), None).await.unwrap();
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    let after = Request::Events {
        after: Seq(0),
        limit: 500,
    };
    let Reply::Events(events) = world.client.request(after).await.unwrap() else {
        panic!()
    };
    let late = events.iter().find(|e| e.kind == EventKind::StepLateAnswer).unwrap();
    assert!(late.summary.contains("names 12"), "{}", late.summary);
    let step = &world.view(id).await.deploy.unwrap().steps[0];
    assert!(step.attempts[0].reads.iter().any(|r| r.note.contains("too late")));
    assert_eq!(made(&world, id).await, 1);
}

/// The last switch, its answers lost again and again: what is there decides.
#[rstest]
#[case::it_was_done("drop_after", Status::TraffickedSuccess, "")]
#[case::it_was_not("drop_before", Status::Failed, "(status is PAUSED, asked was ACTIVE)")]
#[tokio::test(start_paused = true)]
async fn a_set_whose_answers_are_lost_is_read_back(#[case] action: &str, #[case] end: Status, #[case] words: &str) {
    let script = format!("[[rule]]\nmethod = \"POST\"\npath = \"/12*\"\nafter = 2\naction = \"{action}\"\n");
    let world = World::new(&script).await;
    let id = start(&world).await;
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, end);
    let view = world.view(id).await;
    let reason = view.ticket.value.failure.map(|f| f.reason).unwrap_or_default();
    assert!(reason.contains(words), "{reason}");
    let steps = view.deploy.unwrap().steps;
    let activate = steps.last().unwrap();
    assert_eq!((activate.key.as_str(), activate.tries), ("activate", 6));
}

/// Two objects have the name. An id nobody knows is refused, "none exists" is refused, one that fits is taken.
#[tokio::test(start_paused = true)]
async fn answers_are_held_against_the_platform() {
    let twin = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n";
    let world = World::new(twin).await;
    let id = start(&world).await;
    let view = world
        .until(id, |v| state(v, "campaign") == Some(StepState::NeedsOperator))
        .await;
    let answer = |resolution| CommandKind::DeployResolve {
        id,
        step: "campaign".into(),
        resolution,
        reason: "checked by hand".into(),
        evidence: None,
    };
    let adopt = |id: &ExternalId| Resolution::Adopt {
        id: id.clone(),
        force: false,
    };
    let refusal = |result: Result<_, ApiError>| match result {
        Err(ApiError::Refused(r)) => r.problems[0].reason.clone(),
        other => panic!("{other:?}"),
    };
    let unknown = world.act(answer(adopt(&ExternalId("999".into())))).await;
    assert!(refusal(unknown).contains("there is no campaign 999"));
    let none = refusal(world.act(answer(Resolution::NoneExists)).await);
    assert!(none.contains("2 objects have this name"), "{none}");
    let found = view.deploy.unwrap().steps[0].attempts[0]
        .reads
        .iter()
        .find_map(|r| r.ids.first().cloned())
        .unwrap();
    world.act(answer(adopt(&found))).await.unwrap();
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    let Reply::Events(events) = world
        .client
        .request(Request::Events {
            after: Seq(0),
            limit: 500,
        })
        .await
        .unwrap()
    else {
        panic!()
    };
    let answered = events.iter().find(|e| e.kind == EventKind::OperatorAnswered).unwrap();
    assert_eq!(answered.actor.name, "ana");
    assert!(answered.summary.contains("checked by hand"), "{}", answered.summary);
}

/// What differs from what was asked is adopted only when somebody insists.
#[tokio::test(start_paused = true)]
async fn a_misfit_is_adopted_by_force_only() {
    let lost = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n";
    let world = World::new(lost).await;
    let id = start(&world).await;
    let view = world
        .until(id, |v| state(v, "ad_set") == Some(StepState::NeedsOperator))
        .await;
    // An ad set under another campaign: nothing finds it where it should be. A campaign is no ad set at all.
    let campaign = view.deploy.unwrap().steps[0].external_id.clone().unwrap();
    let answer = |force| CommandKind::DeployResolve {
        id,
        step: "ad_set".into(),
        resolution: Resolution::Adopt {
            id: campaign.clone(),
            force,
        },
        reason: "it is ours".into(),
        evidence: None,
    };
    assert!(world.act(answer(false)).await.is_err());
    assert_eq!(state(&world.view(id).await, "ad_set"), Some(StepState::NeedsOperator));
}
