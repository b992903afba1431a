//! What the console's stories rest on, over a real engine: `src/tui/stories` tells them key by key.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use omnitraffick::engine::api::{Command, CommandKind, Counted, Impact, MarketPatch, Reply, Request};
use support::World;

/// What a person agreed to by its counts is refused once they moved; a command that was carried out is told so again.
#[tokio::test(start_paused = true)]
async fn counts_are_held_to_at_the_engine_and_a_resend_is_answered() {
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
