//! From a refusal to a proposal a person applies: what the ledger says is mended by the table, judged by the gate and by
//! QA, and deployed like anything else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::sync::Arc;

use omnitraffick::engine::{
    api::{
        ApiError, AuditAsk, CommandKind, Reply, Request, TicketPatch,
        proposal::{HealAsk, Healing, ProposalAsk, ProposalRow, ProposalView},
    },
    host::{CopilotWays, Host, Place},
    model::{
        actor::{Actor, Role},
        event::{Event, EventKind},
        ids::TicketId,
        json::CanonicalJson,
        proposal::{Origin, ProposalNo, Standing, Witness},
        refusal::RefusalCode,
        ticket::Status,
    },
};
use serde_json::{Value, json};
use support::{World, person};

/// Meta takes a placement away: the ad set is refused until it is gone.
const PLACEMENT: &str = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = { error = { code = 100, subcode = 2490562, message = \"Invalid parameter\" } }\n";

async fn heal(world: &World, id: TicketId) -> Healing {
    match world.client.request(Request::Heal(HealAsk::by_rule(id))).await.unwrap() {
        Reply::Healing(healing) => *healing,
        other => panic!("{other:?}"),
    }
}

async fn show(world: &World, no: ProposalNo) -> ProposalView {
    match world.client.request(Request::Proposal(no)).await.unwrap() {
        Reply::Proposal(view) => *view,
        other => panic!("{other:?}"),
    }
}

async fn list(world: &World, ticket: Option<TicketId>) -> Vec<ProposalRow> {
    let ask = ProposalAsk { ticket, limit: 50 };
    match world.client.request(Request::Proposals(ask)).await.unwrap() {
        Reply::Proposals(rows) => rows,
        other => panic!("{other:?}"),
    }
}

async fn history(world: &World, text: &str) -> Vec<Event> {
    let ask = AuditAsk {
        text: Some(text.into()),
        limit: 50,
        ..AuditAsk::default()
    };
    match world.client.request(Request::Audit(ask)).await.unwrap() {
        Reply::Events(events) => events,
        other => panic!("{other:?}"),
    }
}

fn code(result: Result<omnitraffick::engine::api::Done, ApiError>) -> RefusalCode {
    match result {
        Err(ApiError::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

async fn edit(world: &World, id: TicketId, payload: &Value) {
    let version = world.view(id).await.ticket.version;
    let patch = TicketPatch {
        payload: Some(CanonicalJson::new(payload)),
        ..TicketPatch::default()
    };
    world.act(CommandKind::TicketEdit { id, version, patch }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_rejected_deploy_is_healed_through_qa() {
    let world = World::new(PLACEMENT).await;
    let campaign = world.campaign(world.brand, "Spring launch").await;
    let mut payload = world.payload().await;
    payload["ad_set"]["targeting"]["publisher_platforms"] = json!(["facebook"]);
    payload["ad_set"]["targeting"]["facebook_positions"] = json!(["feed", "video_feeds"]);
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
    let status = world.wait(id, |s| s != Status::Deploying).await;
    assert_eq!(status, Status::Failed);

    let healing = heal(&world, id).await;
    assert_eq!(healing.ailments.len(), 1);
    assert_eq!(healing.ailments[0].witness, Witness::Platform);
    assert_eq!(healing.ailments[0].code, "100/2490562");
    let view = healing.proposal.expect("a rule knows this one");
    let no = view.proposal.no;
    assert_eq!(no.to_string(), "1001.1");
    assert_eq!(view.standing, Standing::Open);
    assert_eq!(
        view.proposal.origin,
        Origin::Rule {
            name: "meta.placement_gone".into()
        }
    );
    assert_eq!(view.proposal.cites, ["meta 100/2490562"]);
    assert_eq!(view.changes.len(), 1);
    let change = &view.changes[0];
    assert_eq!(change.field.as_str(), "payload.ad_set.targeting.facebook_positions");
    assert_eq!(
        (change.from.as_deref(), change.to.as_deref()),
        (Some("feed, video_feeds"), Some("feed"))
    );
    // Nothing happened to the ticket, and asking again makes no second proposal.
    assert_eq!(world.view(id).await.ticket.value.status, Status::Failed);
    assert_eq!(heal(&world, id).await.proposal.unwrap().proposal.no, no);
    assert_eq!(list(&world, None).await.len(), 1);

    world.act(CommandKind::ProposalApply { id, n: 1 }).await.unwrap();
    let ticket = world.view(id).await.ticket.value;
    assert_eq!((ticket.status, ticket.qa.is_none()), (Status::Draft, true));
    assert_eq!(
        ticket.payload.value()["ad_set"]["targeting"]["facebook_positions"],
        json!(["feed"])
    );
    // It goes through QA like anything else.
    assert!(world.deploy(id).await.is_err());
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
    let status = world.wait(id, |s| s != Status::Deploying).await;
    assert_eq!(status, Status::TraffickedSuccess);

    assert_eq!(show(&world, no).await.standing, Standing::Applied);
    assert_eq!(list(&world, None).await, []);
    assert_eq!(list(&world, Some(id)).await.len(), 1);
    let made = history(&world, "proposal.made").await;
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].actor.name, "engine/copilot");
    assert!(
        made[0]
            .summary
            .contains("1001.1 proposed by rule meta.placement_gone for ana"),
        "{}",
        made[0].summary
    );
    let edited = history(&world, "applied by").await;
    assert_eq!(
        (edited[0].actor.name.as_str(), edited[0].kind),
        ("ana", EventKind::TicketEdited)
    );
    assert_eq!(edited[0].also, [EventKind::ProposalApplied]);
    assert!(
        edited[0]
            .summary
            .ends_with("(proposal 1001.1 by rule meta.placement_gone, applied by ana)")
    );
    assert_eq!(
        code(world.act(CommandKind::ProposalApply { id, n: 1 }).await),
        RefusalCode::WrongState
    );
}

/// What QA found is mended by the same table, all of it in one proposal.
#[tokio::test(start_paused = true)]
async fn what_qa_found_is_mended_at_once() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Spring launch").await;
    let mut payload = world.payload().await;
    payload["ad_set"]["targeting"]["age_min"] = json!("21");
    payload["ad_set"]["billing_event"] = json!("impressions");
    payload["ad_set"]["targeting"]["age_max"] = json!(99);
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    assert_eq!(world.qa(id).await, Status::QaFailed);
    let view = heal(&world, id).await.proposal.expect("rules know these");
    assert_eq!(view.changes.len(), 3, "{:?}", view.changes);
    assert!(view.qa_before.len() >= 3 && view.qa_after.is_empty(), "{view:?}");
    world.act(CommandKind::ProposalApply { id, n: 1 }).await.unwrap();
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
}

/// A proposal is for one content; a trafficker decides about it; a viewer does not; the engine alone makes one.
#[tokio::test(start_paused = true)]
async fn a_proposal_holds_for_one_content_and_for_those_who_may() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Spring launch").await;
    let good = world.payload().await;
    let mut payload = good.clone();
    payload["ad_set"]["targeting"]["age_min"] = json!("21");
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    assert_eq!(
        heal(&world, id).await.told,
        ["ticket 1001 is DRAFT: it was not refused by a platform or by QA"]
    );
    world.qa(id).await;
    let view = heal(&world, id).await.proposal.unwrap();

    let viewer = Actor {
        role: Role::Viewer,
        ..person()
    };
    let looker = world.host.client(viewer, false);
    assert!(looker.request(Request::Heal(HealAsk::by_rule(id))).await.is_err());
    assert!(looker.request(Request::Proposal(view.proposal.no)).await.is_ok());
    for kind in [
        CommandKind::ProposalApply { id, n: 1 },
        CommandKind::ProposalDecline {
            id,
            n: 1,
            reason: String::new(),
        },
    ] {
        let command = omnitraffick::engine::api::Command {
            id: looker.command_id(),
            kind,
        };
        assert!(looker.request(Request::Do(Box::new(command))).await.is_err());
    }
    let locked = world.host.client(person(), true);
    assert!(locked.request(Request::Heal(HealAsk::by_rule(id))).await.is_err());

    payload["creative"]["object_story_spec"]["link_data"]["message"] = json!("Something else");
    edit(&world, id, &payload).await;
    assert_eq!(show(&world, view.proposal.no).await.standing, Standing::Stale);
    let own_account = show(&world, view.proposal.no).await.changes;
    assert_eq!(own_account, view.changes, "what it would have changed");
    assert_eq!(
        (own_account[0].from.as_deref(), own_account[0].to.as_deref()),
        (Some("\"21\""), Some("21")),
        "only the type differs, and it shows"
    );
    assert_eq!(
        code(world.act(CommandKind::ProposalApply { id, n: 1 }).await),
        RefusalCode::Stale
    );
    let reason = "done by hand".to_owned();
    world
        .act(CommandKind::ProposalDecline { id, n: 1, reason })
        .await
        .unwrap();
    assert_eq!(show(&world, view.proposal.no).await.standing, Standing::Declined);
    assert_eq!(list(&world, None).await, []);
    assert_eq!(
        code(world.act(CommandKind::ProposalApply { id, n: 2 }).await),
        RefusalCode::NotFound
    );

    // A second one gets the next number, and goes with its ticket.
    world.qa(id).await;
    assert_eq!(
        heal(&world, id).await.proposal.unwrap().proposal.no.to_string(),
        "1001.2"
    );
    let version = world.view(id).await.ticket.version;
    world.act(CommandKind::TicketDelete { id, version }).await.unwrap();
    assert_eq!(list(&world, None).await, []);
    assert!(world.client.request(Request::Proposal(view.proposal.no)).await.is_err());
}

/// Money is a person's affair: what is refused for its budget gets no proposal, and the reason is told.
#[tokio::test(start_paused = true)]
async fn what_only_a_person_may_change_is_left_to_one() {
    let world = World::new("[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = { error = { code = 100, subcode = 1885272, message = \"Invalid parameter\" } }\n").await;
    let campaign = world.campaign(world.brand, "Spring launch").await;
    let id = world.ticket(campaign).await;
    world.qa(id).await;
    world.deploy(id).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let healing = heal(&world, id).await;
    assert_eq!(
        healing.ailments[0]
            .field
            .as_ref()
            .map(omnitraffick::engine::model::path::FieldPath::as_str),
        Some("budget")
    );
    assert_eq!(healing.proposal, None);
    assert_eq!(healing.told, ["no rule of the table fits what is wrong"]);
}

/// A deploy that is refused finds its proposal waiting, without anybody asking and without anything applied.
#[tokio::test(start_paused = true)]
async fn a_refused_deploy_gets_its_proposal_at_once() {
    let (sandbox, clock) = (support::sandbox(PLACEMENT), support::clock());
    let mut options = support::options(&sandbox, &clock, &clock, Place::Memory, 1);
    options.copilot = Arc::new(CopilotWays {
        heals: true,
        ..CopilotWays::default()
    });
    let world = World::of(Host::open(options).await.unwrap(), sandbox, clock);
    world.seed().await;
    let campaign = world.campaign(world.brand, "Spring launch").await;
    let mut payload = world.payload().await;
    payload["ad_set"]["targeting"]["publisher_platforms"] = json!(["facebook"]);
    payload["ad_set"]["targeting"]["facebook_positions"] = json!(["feed", "video_feeds"]);
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    world.qa(id).await;
    world.deploy(id).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let mut notices = world.client.notices();
    let rows = loop {
        let rows = list(&world, None).await;
        if !rows.is_empty() {
            break rows;
        }
        drop(
            tokio::time::timeout(std::time::Duration::from_secs(60), notices.recv())
                .await
                .expect("a proposal"),
        );
    };
    assert_eq!((rows.len(), rows[0].proposal.asked_by.as_str()), (1, "the engine"));
    assert_eq!(world.view(id).await.ticket.value.status, Status::Failed);
    assert_eq!(rows[0].standing, Standing::Open);
    // Asked for, it is the same one.
    assert_eq!(
        heal(&world, id).await.proposal.unwrap().proposal.no,
        rows[0].proposal.no
    );
}
