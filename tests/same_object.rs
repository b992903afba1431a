//! Two tickets change one object, and a request of the first is lost and carried out late: the second waits until that can
//! no longer be. Whole engine, simulated platform and time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::time::Duration;

use omnitraffick::engine::{
    api::CommandKind,
    decide::command::NewTicket,
    model::{
        ids::TicketId,
        json::CanonicalJson,
        platform::ObjectKind,
        ticket::{Priority, RequestType, Status, Ticket},
    },
};
use rstest::rstest;
use support::World;

/// Writes a change of what a ticket made, and starts its deploy.
async fn change(world: &World, of: &Ticket, request: RequestType) -> TicketId {
    let id = TicketId::new(world.client.new_uuid());
    let new = NewTicket {
        id,
        campaign: of.campaign,
        channel: of.channel,
        account: None,
        request,
        target: Some(of.no),
        budget: None,
        flight: None,
        payload: CanonicalJson::new(&serde_json::json!({})),
        notes: String::new(),
        assignee: String::new(),
        priority: Priority::Normal,
    };
    world.act(CommandKind::TicketCreate(new)).await.unwrap();
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
    id
}

fn campaign_status(world: &World) -> String {
    let objects = world.sandbox.snapshot(world.clock.now());
    let campaign = objects.into_iter().find(|o| o.kind == ObjectKind::Campaign).unwrap();
    campaign.effective_status
}

/// The campaign's requests are: created, switched on, and then the changes.
#[rstest]
#[case::the_creation_switched_on(2, &[RequestType::Pause], "PAUSED")]
#[case::a_pause(3, &[RequestType::Pause, RequestType::Resume], "ACTIVE")]
#[case::a_resume(4, &[RequestType::Pause, RequestType::Resume, RequestType::Pause], "PAUSED")]
#[tokio::test(start_paused = true)]
async fn a_lost_change_of_one_ticket_holds_the_next_ticket_back(
    #[case] lost: u32,
    #[case] changes: &[RequestType],
    #[case] in_the_end: &str,
) {
    let world = World::new(&format!(
        "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = {lost}\naction = {{ late = {{ seconds = 120 }} }}\n"
    ))
    .await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let first = world.ticket(campaign).await;
    assert_eq!(world.qa(first).await, Status::ReadyForApi);
    world.deploy(first).await.unwrap();
    world.wait(first, |s| s == Status::TraffickedSuccess).await;
    let origin = world.view(first).await.ticket.value;

    let mut waited = 0;
    let mut before = origin.no;
    for request in changes {
        let id = change(&world, &origin, *request).await;
        let said = format!("waits for the deploy of {before} on the same object");
        let view = world
            .until(id, |v| {
                v.ticket.value.status != Status::Deploying || v.why.as_ref().is_some_and(|w| w.text.contains(&said))
            })
            .await;
        if view.ticket.value.status == Status::Deploying {
            assert!(view.why.unwrap().next_at.is_some(), "it says until when");
            waited += 1;
        }
        assert_eq!(
            world.wait(id, |s| s != Status::Deploying).await,
            Status::TraffickedSuccess
        );
        before = view.ticket.value.no;
    }
    // Long enough for what was lost to be carried out, had it not been.
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(world.sandbox.pending(), 0);
    assert_eq!(campaign_status(&world), in_the_end);
    assert_eq!(waited, 1, "one change had to wait");
}
