//! The main job through the whole engine: ticket, QA, deploy, and every way a platform can be unhelpful. Over the
//! simulated platform and simulated time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use omnitraffick::engine::{
    api::{CommandKind, Reply, Request},
    model::{
        deploy::StepState,
        event::Seq,
        platform::ObjectKind,
        ticket::{Severity, Status},
    },
};
use rstest::rstest;
use support::World;

#[tokio::test(start_paused = true)]
async fn a_ticket_goes_from_nothing_to_live() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Moana launch").await;
    let id = world.ticket(campaign).await;
    assert_eq!(world.view(id).await.ticket.value.name, "ACM_US_META_2026_MoanaLaunch");
    assert_eq!(
        world.qa(id).await,
        Status::ReadyForApi,
        "{:#?}",
        world.view(id).await.ticket.value.qa
    );
    world.deploy(id).await.unwrap();
    let ticket = world.live(id).await;
    let steps: Vec<_> = ticket.created.iter().map(|c| c.step.as_str()).collect();
    assert_eq!(steps, ["campaign", "ad_set", "creative", "ad"]);
    assert_eq!(ticket.live_budget, ticket.budget);
}

#[tokio::test(start_paused = true)]
async fn qa_finds_an_adult_interest_on_a_family_brand_and_a_budget_over_the_limit() {
    let world = World::new("").await;
    let campaign = world.campaign(world.family, "Holiday").await;
    let mut payload = world.payload().await;
    payload["ad_set"]["targeting"]["interests"] =
        serde_json::json!([{"id": "6003000000001", "name": "Adult entertainment"}]);
    let id = world.ticket_with(campaign, "250000.00", &payload).await;
    assert_eq!(world.qa(id).await, Status::QaFailed);
    let findings = world.view(id).await.ticket.value.qa.unwrap().findings;
    let fields: Vec<_> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .map(|f| f.field.as_str().to_owned())
        .collect();
    assert!(fields.iter().any(|f| f.starts_with("budget")), "{fields:?}");
    assert!(fields.iter().any(|f| f.contains("interests[0]")), "{fields:?}");
    assert!(world.deploy(id).await.is_err());
}

#[rstest]
#[case::answer_lost_after_creating("action = \"drop_after\"")]
#[case::connection_closed_before_creating("action = \"drop_before\"")]
#[case::created_late("action = { late = { seconds = 20 } }")]
#[case::error_500_after_creating("action = { http = { status = 500 } }")]
#[case::error_500_before_creating("action = { http = { status = 500, before = true } }")]
#[case::answer_cut_off("action = \"cut_body\"")]
#[case::answer_after_the_timeout("action = { delay = { seconds = 40 } }")]
#[case::rate_limited("action = { rate_limit = { minutes = 3 } }")]
#[tokio::test(start_paused = true)]
async fn every_fault_ends_live_with_one_object_per_step(
    #[case] action: &str,
    #[values("campaign", "ad_set", "creative", "ad")] kind: &str,
) {
    let script = format!("[[rule]]\nkind = \"{kind}\"\nmethod = \"POST\"\nnth = 1\n{action}\n");
    let world = World::new(&script).await;
    let id = world.deploying().await;
    let ticket = world.live(id).await;
    assert_eq!(ticket.created.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn two_objects_of_one_name_are_a_question_to_a_person() {
    let world = World::new("[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n").await;
    let id = world.deploying().await;
    let asks = |v: &omnitraffick::engine::api::TicketView| {
        v.deploy
            .as_ref()
            .is_some_and(|d| d.steps[0].state == StepState::NeedsOperator)
    };
    let view = world.until(id, asks).await;
    let why = view.why.unwrap();
    assert!(why.person.is_some() && why.text.contains("2 objects"), "{why:?}");
    let ticket = view.ticket.value;
    assert_eq!(
        world
            .sandbox
            .creates(&ticket.account, ObjectKind::Campaign, &ticket.name),
        2,
        "made by the platform"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_fails_the_ticket_and_what_exists_stays_paused() {
    let script = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\naction = { error = { code = 100, subcode = 1870247, message = \"Invalid parameter\", field = \"targeting\" } }\n";
    let world = World::new(script).await;
    let id = world.deploying().await;
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let ticket = world.view(id).await.ticket.value;
    let failure = ticket.failure.unwrap();
    assert_eq!(failure.step, "ad_set");
    assert!(failure.field.is_some(), "{failure:?}");
    assert_eq!(ticket.created.len(), 1);
    let live = world.sandbox.snapshot(world.clock.now());
    assert!(live.iter().all(|o| o.effective_status.contains("PAUSED")), "{live:?}");
}

#[tokio::test(start_paused = true)]
async fn double_deploy_is_one_deploy() {
    let world = World::new("").await;
    let id = world.ready().await;
    let (a, b) = tokio::join!(world.deploy(id), world.deploy(id));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    let ticket = world.view(id).await.ticket.value;
    assert_eq!(
        world
            .sandbox
            .creates(&ticket.account, ObjectKind::Campaign, &ticket.name),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn events_are_contiguous_and_every_open_ticket_says_why() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let id = world.ticket(campaign).await;
    assert!(world.view(id).await.why.unwrap().remedy.is_some());
    world.qa(id).await;
    assert!(world.view(id).await.why.unwrap().remedy.is_some());
    world.deploy(id).await.unwrap();
    assert!(world.view(id).await.why.is_some());
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    assert!(world.view(id).await.why.is_none());
    let Reply::Events(events) = world
        .client
        .request(Request::Events {
            after: Seq(0),
            limit: 1000,
        })
        .await
        .unwrap()
    else {
        panic!("no events")
    };
    assert!(events.iter().enumerate().all(|(i, e)| e.seq.0 == i as u64 + 1));
}

#[tokio::test(start_paused = true)]
async fn nobody_but_the_engine_records_outcomes() {
    let world = World::new("").await;
    let start = CommandKind::EngineStart {
        build: "x".into(),
        tail_truncated: None,
        index_rebuilt: None,
    };
    assert!(world.act(start).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_makes_the_ticket_wait_and_a_retry_tries_the_account_at_once() {
    let world = World::new("[[rule]]\nmethod = \"POST\"\ntimes = 2\naction = \"bad_token\"\n").await;
    let id = world.deploying().await;
    let blocked = |v: &omnitraffick::engine::api::TicketView| {
        v.why.as_ref().is_some_and(|w| {
            matches!(
                w.why,
                Some(omnitraffick::engine::model::deploy::Why::LaneBlocked { .. })
            )
        })
    };
    let view = world.until(id, blocked).await;
    assert_eq!(
        view.ticket.value.status,
        Status::Deploying,
        "an account's trouble does not fail a ticket"
    );
    let why = view.why.unwrap();
    assert!(why.person.is_some() && why.next_at.is_some(), "{why:?}");
    let before = world.clock.now();
    world.act(CommandKind::TicketRetry { id }).await.unwrap();
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    assert!(world.clock.now().since(before).as_secs() < 60);
}

#[tokio::test(start_paused = true)]
async fn a_brand_that_became_family_friendly_after_qa_needs_qa_again() {
    use omnitraffick::engine::api::BrandPatch;
    let world = World::new("").await;
    let id = world.ready().await;
    let patch = BrandPatch {
        family_friendly: Some(true),
        ..BrandPatch::default()
    };
    world
        .act(CommandKind::BrandUpdate {
            id: world.brand,
            version: 1,
            patch,
        })
        .await
        .unwrap();
    let refusal = world.deploy(id).await.unwrap_err().to_string();
    assert!(refusal.contains("changed since QA passed"), "{refusal}");
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn resend_after_lost_answer_is_one_commit() {
    use omnitraffick::engine::{decide::command::Command, model::ids::DeployId};
    let world = World::new("").await;
    let id = world.ready().await;
    let deploy = DeployId::new(world.client.new_uuid());
    let kind = CommandKind::TicketDeploy {
        id,
        deploy,
        not_before: None,
    };
    let command = Box::new(Command {
        id: world.client.command_id(),
        kind,
    });
    let Reply::Done(first) = world.client.request(Request::Do(command.clone())).await.unwrap() else {
        panic!()
    };
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    let Reply::Done(again) = world.client.request(Request::Do(command.clone())).await.unwrap() else {
        panic!()
    };
    assert_eq!((again.seq, again.repeated), (first.seq, true));
    let mut other = command;
    other.kind = CommandKind::TicketWithdraw { id };
    assert!(
        world.client.request(Request::Do(other)).await.is_err(),
        "an id is used for one intention only"
    );
}
