//! Stopping an engine while calls are open: what comes in time is recorded, what hangs stays an intent that costs no try,
//! and the next start looks before it sends. Simulated time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::{sync::Arc, time::Duration};

use omnitraffick::{
    engine::{
        clock::SystemEntropy,
        host::{Host, HostOptions, Place},
        model::{
            deploy::{StepState, Why},
            ids::TicketId,
            platform::ObjectKind,
            ticket::Status,
        },
        store::{LocalStore, memory::MemoryStore},
    },
    platforms::{
        sandbox::memory::MemoryTransport,
        transport::{FixedToken, Secret, Transport},
    },
};
use support::World;

fn slow(seconds: u32) -> String {
    format!(
        "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = {{ delay = {{ seconds = {seconds} }} }}\n"
    )
}

/// An engine whose first call is open, over a store that outlives it. Calls may take two minutes.
async fn sending(seconds: u32) -> (World, TicketId, Arc<dyn LocalStore>) {
    let clock = support::clock();
    let store: Arc<dyn LocalStore> = Arc::new(MemoryStore::new(clock.clone(), Arc::new(SystemEntropy::seeded(3))));
    let sandbox = support::sandbox(&slow(seconds));
    let token = Arc::new(FixedToken(Secret::from_source("test-token-000").unwrap()));
    let transport = MemoryTransport::new(Arc::clone(&sandbox), Arc::clone(&clock), token);
    let options = support::options(&sandbox, &clock, &clock, Place::Open(Arc::clone(&store)), 1);
    let host = Host::open(HostOptions {
        transport: Some(Arc::new(transport.with_timeout(Duration::from_secs(120))) as Arc<dyn Transport>),
        ..options
    })
    .await
    .unwrap();
    let world = World::of(host, sandbox, clock);
    world.seed().await;
    let id = world.deploying().await;
    world
        .until(id, |v| {
            v.deploy.as_ref().is_some_and(|d| d.steps[0].state == StepState::Intent)
        })
        .await;
    (world, id, store)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_comes_back_in_time_is_recorded_and_the_next_step_does_not_start() {
    let (world, id, _) = sending(10).await;
    let World {
        host, client, clock, ..
    } = world;
    let start = clock.now();
    host.close().await.unwrap();
    let took = clock.now().since(start).as_secs();
    assert!((9..=11).contains(&took), "{took} s");
    let request = omnitraffick::engine::api::Request::Ticket(id);
    let omnitraffick::engine::api::Reply::Ticket(view) = client.request(request).await.unwrap() else {
        panic!()
    };
    let steps = view.deploy.unwrap().steps;
    assert_eq!(steps[0].state, StepState::Confirmed);
    assert_eq!(steps[1].state, StepState::Planned);
    assert!(steps[1].attempts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_is_left_as_an_intent_and_costs_no_try() {
    let (world, id, store) = sending(90).await;
    let other = world.campaign(world.brand, "Second wave").await;
    let waiting = world.ticket(other).await;
    assert_eq!(world.qa(waiting).await, Status::ReadyForApi);
    world.deploy(waiting).await.unwrap();
    // Before the engine is told to stop, the other ticket waits for the one at work.
    let why = world.view(waiting).await.why.unwrap().why;
    let first = world.view(id).await.card.no;
    assert_eq!(why, Some(Why::LaneBusy { ticket: first }));

    let World {
        host,
        client,
        clock,
        sandbox,
        ..
    } = world;
    let start = clock.now();
    let closing = tokio::spawn(host.close());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let request = omnitraffick::engine::api::Request::Ticket(waiting);
    let omnitraffick::engine::api::Reply::Ticket(view) = client.request(request).await.unwrap() else {
        panic!()
    };
    assert_eq!(view.why.unwrap().why, Some(Why::Draining));
    // A store in memory keeps what it has after its engine closed it.
    drop(closing.await.unwrap());
    let took = clock.now().since(start).as_secs();
    assert!((29..=31).contains(&took), "{took} s");

    let host = support::open(&sandbox, &clock, Place::Open(store), 2).await;
    let world = World::of(host, sandbox, clock);
    let step = world.view(id).await.deploy.unwrap().steps.remove(0);
    assert_eq!((step.tries, step.attempts.len()), (0, 1));
    for ticket in [id, waiting] {
        assert_eq!(
            world.wait(ticket, |s| s != Status::Deploying).await,
            Status::TraffickedSuccess
        );
        let t = world.view(ticket).await.ticket.value;
        assert_eq!(world.sandbox.creates(&t.account, ObjectKind::Campaign, &t.name), 1);
    }
}
