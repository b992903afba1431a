//! What a ticket's live objects have different from what was sent: found, named, and not confused with our own changes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::sync::Arc;

use omnitraffick::{
    engine::{
        api::{
            Reply, Request,
            drift::{Drift, DriftState},
        },
        model::{
            ids::TicketId,
            platform::{ExternalId, PlatformId},
            refusal::RefusalCode,
            ticket::Status,
        },
    },
    platforms::{
        Body, Method, WireRequest,
        sandbox::memory::MemoryTransport,
        transport::{FixedToken, Secret, Transport as _},
    },
};
use support::World;

/// A ticket that is live.
async fn live(world: &World) -> TicketId {
    let campaign = world.campaign(world.brand, "Spring Sale").await;
    let id = world.ticket(campaign).await;
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    id
}

async fn drift(world: &World, id: TicketId) -> Drift {
    match world.client.request(Request::Drift(id)).await.unwrap() {
        Reply::Drift(drift) => *drift,
        other => panic!("{other:?}"),
    }
}

/// Somebody changes an object on the platform, past the program.
async fn by_hand(world: &World, id: &ExternalId, field: &str, value: &str) {
    let token = Arc::new(FixedToken(Secret::from_source("somebody-else").unwrap()));
    let transport = MemoryTransport::new(Arc::clone(&world.sandbox), Arc::clone(&world.clock), token);
    let request = WireRequest {
        method: Method::Post,
        path: format!("/{id}"),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Form(vec![(field.to_owned(), value.to_owned())]),
    };
    let account = "act_1001".parse().unwrap();
    let answer = transport.send(PlatformId::Meta, &account, &request).await.unwrap();
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
}

fn object<'d>(drift: &'d Drift, step: &str) -> &'d omnitraffick::engine::api::drift::LiveObject {
    drift.objects.iter().find(|o| o.step == step).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_we_made_and_switched_on_is_as_it_was_sent() {
    let world = World::new("").await;
    let id = live(&world).await;
    let drift = drift(&world, id).await;
    assert!(drift.is_none(), "{drift:?}");
    let steps: Vec<_> = drift.objects.iter().map(|o| o.step.as_str()).collect();
    assert_eq!(steps, ["campaign", "ad_set", "creative", "ad"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_by_hand_is_named_with_both_values() {
    let world = World::new("").await;
    let id = live(&world).await;
    let before = drift(&world, id).await;
    let (campaign, ad_set) = (
        object(&before, "campaign").id.clone(),
        object(&before, "ad_set").id.clone(),
    );
    by_hand(&world, &ad_set, "status", "PAUSED").await;
    by_hand(&world, &campaign, "name", "Renamed by hand").await;

    let after = drift(&world, id).await;
    assert!(!after.is_none());
    let changed = object(&after, "ad_set");
    assert_eq!(changed.state, DriftState::Differs);
    assert_eq!(changed.differences, ["status is PAUSED, asked was ACTIVE"]);
    let renamed = object(&after, "campaign");
    assert_eq!(renamed.differences.len(), 1);
    assert!(
        renamed.differences[0].words.starts_with("name is Renamed by hand"),
        "{renamed:?}"
    );
    assert_eq!(object(&after, "ad").state, DriftState::Same);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_made_nothing_says_so() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Spring Sale").await;
    let id = world.ticket(campaign).await;
    let refused = world.client.request(Request::Drift(id)).await.unwrap_err();
    let omnitraffick::engine::api::ApiError::Refused(refusal) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refusal.code, RefusalCode::WrongState);
}
