//! The main job through the whole engine on Google Ads: ticket, QA, deploy, changes, and every way a platform can be
//! unhelpful. Over the simulated platform and simulated time.

use omnitraffick::{
    engine::{
        api::{CommandKind, NewTicket, TicketView},
        decide::command::Resolution,
        model::{
            deploy::{Leftovers, StepState},
            ids::TicketId,
            json::CanonicalJson,
            money::Budget,
            platform::{ObjectKind, PlatformId},
            ticket::{Priority, RequestType, Status},
        },
    },
    platforms::{Body, Method, WireRequest},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{World, budget};

/// An agency with a Google Ads channel beside Meta's.
async fn world(script: &str) -> World {
    World::on(script, PlatformId::GoogleAds, "GADS", "123-456-7890", "UTC").await
}

/// A payload that passes QA.
async fn payload(world: &World) -> Value {
    let mut payload = world.starting(PlatformId::GoogleAds).await;
    payload["campaign"]["locations"] = json!({"countries": ["US"]});
    payload["ad_group"]["keywords"] = json!(["\"trail shoes\"", "[acme trail]"]);
    payload["ad"] = json!({
        "final_url": "https://acme.example/launch",
        "headlines": ["Acme Trail", "Out Now", "Order Today"],
        "description1": "Made for the long way.",
        "description2": "Thirty days to return.",
    });
    payload
}

async fn ready(world: &World) -> TicketId {
    let campaign = world.campaign(world.brand, "Trail season").await;
    let payload = payload(world).await;
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    let status = world.qa(id).await;
    assert_eq!(
        status,
        Status::ReadyForApi,
        "{:#?}",
        world.view(id).await.ticket.value.qa
    );
    id
}

async fn live(world: &World) -> TicketId {
    let id = ready(world).await;
    world.deploy(id).await.unwrap();
    let status = world.wait(id, |s| s != Status::Deploying).await;
    let ticket = world.view(id).await.ticket.value;
    assert_eq!(status, Status::TraffickedSuccess, "{:?}", ticket.failure);
    id
}

/// A change of what a ticket made, deployed to its end.
async fn change(world: &World, of: TicketId, request: RequestType, new: Option<Budget>) -> TicketView {
    let origin = world.view(of).await.ticket.value;
    let id = TicketId::new(world.client.new_uuid());
    let new = NewTicket {
        id,
        campaign: origin.campaign,
        channel: origin.channel,
        account: None,
        request,
        target: Some(origin.no),
        budget: new,
        flight: None,
        payload: CanonicalJson::new(&json!({})),
        notes: String::new(),
        assignee: String::new(),
        priority: Priority::Normal,
    };
    world.act(CommandKind::TicketCreate(new)).await.unwrap();
    let status = world.qa(id).await;
    assert_eq!(
        status,
        Status::ReadyForApi,
        "{:#?}",
        world.view(id).await.ticket.value.qa
    );
    world.deploy(id).await.unwrap();
    let settled = |v: &TicketView| {
        let asks = v
            .deploy
            .as_ref()
            .is_some_and(|d| d.steps.iter().any(|s| s.state == StepState::NeedsOperator));
        v.ticket.value.status != Status::Deploying || asks
    };
    world.until(id, settled).await
}

fn campaign_status(world: &World) -> String {
    let live = world.sandbox.snapshot(world.clock.now());
    let mut campaigns = live.into_iter().filter(|o| o.kind == ObjectKind::Campaign);
    campaigns.next().unwrap().effective_status
}

async fn exactly_once(world: &World, id: TicketId) {
    let ticket = world.view(id).await.ticket.value;
    let kinds: Vec<_> = ticket.created.iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ObjectKind::Tree, ObjectKind::AdSet, ObjectKind::Ad]);
    for made in &ticket.created {
        let count = world.sandbox.creates(&ticket.account, made.kind, &made.name);
        assert_eq!(count, 1, "{} {}", made.kind, made.name);
        assert!(!made.external_id.0.is_empty());
    }
    assert_eq!(campaign_status(world), "ENABLED");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_goes_from_nothing_to_live() {
    let world = world("").await;
    let id = live(&world).await;
    exactly_once(&world, id).await;
    let ticket = world.view(id).await.ticket.value;
    assert_eq!(ticket.name, "ACM_US_GADS_2026_TrailSeason");
    assert_eq!(ticket.live_budget, ticket.budget);
}

#[rstest]
#[case::answer_lost_after_creating("action = \"drop_after\"")]
#[case::connection_closed_before_creating("action = \"drop_before\"")]
#[case::created_late("action = { late = { seconds = 20 } }")]
#[case::error_500_after_creating("action = { http = { status = 500 } }")]
#[case::error_500_before_creating("action = { http = { status = 500, before = true } }")]
#[case::error_503_after_creating("action = { http = { status = 503 } }")]
#[case::answer_cut_off("action = \"cut_body\"")]
#[case::answer_after_the_timeout("action = { delay = { seconds = 40 } }")]
#[case::sent_twice_on_the_way("action = \"twin\"")]
#[case::rate_limited("action = { rate_limit = { minutes = 3 } }")]
#[case::concurrent("action = { error = { reason = \"databaseError.CONCURRENT_MODIFICATION\", status = 409 } }")]
#[case::token_expired("action = \"bad_token\"")]
#[tokio::test(start_paused = true)]
async fn every_fault_ends_live_with_one_object_per_step(
    #[case] action: &str,
    #[values("tree", "campaign")] kind: &str,
    #[values(0, 20)] lag: u32,
) {
    let script = format!(
        "[world]\nlisting_lag_seconds = {lag}\n[[rule]]\nkind = \"{kind}\"\nmethod = \"POST\"\nnth = 1\n{action}\n"
    );
    let world = world(&script).await;
    let id = live(&world).await;
    exactly_once(&world, id).await;
}

#[tokio::test(start_paused = true)]
async fn every_request_type_reaches_the_campaign() {
    let world = world("").await;
    let id = live(&world).await;
    for (request, want) in [
        (RequestType::Pause, "PAUSED"),
        (RequestType::Resume, "ENABLED"),
        (RequestType::UpdateBudget, "ENABLED"),
        (RequestType::Archive, "REMOVED"),
    ] {
        let new = (request == RequestType::UpdateBudget).then(|| budget("150.00"));
        let view = change(&world, id, request, new).await;
        let ticket = view.ticket.value;
        assert_eq!(
            ticket.status,
            Status::TraffickedSuccess,
            "{request}: {:?}",
            ticket.failure
        );
        assert_eq!(campaign_status(&world), want, "{request}");
    }
    assert_eq!(world.view(id).await.ticket.value.live_budget, Some(budget("150.00")));
}

/// Somebody else changed the budget: a person is asked, and their "go on" finds its way to the budget.
#[tokio::test(start_paused = true)]
async fn a_budget_changed_outside_is_a_question_and_going_on_sets_it() {
    let world = world("").await;
    let id = live(&world).await;
    let live = world.sandbox.snapshot(world.clock.now());
    let budget_name = live[0].fields["campaignBudget"].as_str().unwrap().to_owned();
    let set = |micros: &str| WireRequest {
        method: Method::Post,
        path: "/customers/1234567890/googleAds:mutate".into(),
        query: vec![],
        headers: vec![],
        body: Body::Json(CanonicalJson::new(
            &json!({"mutateOperations": [{"campaignBudgetOperation": {
            "update": {"resourceName": budget_name, "amountMicros": micros}, "updateMask": "amountMicros"}}]}),
        )),
    };
    let outside = set("77000000");
    let reply = world
        .sandbox
        .receive(world.clock.now(), PlatformId::GoogleAds, &outside, "t");
    assert_eq!(reply.response.unwrap().status, 200);

    let asked = change(&world, id, RequestType::UpdateBudget, Some(budget("150.00"))).await;
    let why = asked.why.unwrap();
    assert!(why.text.contains("77.00"), "{why:?}");
    let changing = asked.ticket.value.id;
    let answer = CommandKind::DeployResolve {
        id: changing,
        step: "check".into(),
        resolution: Resolution::Proceed,
        reason: "agreed with the planner".into(),
        evidence: None,
    };
    world.act(answer).await.unwrap();
    let status = world.wait(changing, |s| s != Status::Deploying).await;
    let ticket = world.view(changing).await.ticket.value;
    assert_eq!(status, Status::TraffickedSuccess, "{:?}", ticket.failure);
    let view = change(&world, id, RequestType::UpdateBudget, Some(budget("160.00"))).await;
    assert_eq!(view.ticket.value.status, Status::TraffickedSuccess, "150.00 was there");
}

/// Somebody took the name first: nothing of theirs is taken over.
#[tokio::test(start_paused = true)]
async fn a_name_that_is_taken_is_refused_and_not_adopted() {
    let script = "[[rule]]\nkind = \"tree\"\nmethod = \"POST\"\naction = { error = { reason = \"campaignError.DUPLICATE_CAMPAIGN_NAME\", message = \"Taken.\" } }\n";
    let world = world(script).await;
    let id = ready(&world).await;
    world.deploy(id).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let failure = world.view(id).await.ticket.value.failure.unwrap();
    assert_eq!(failure.field, Some("name".into()));
    assert!(failure.reason.contains("Taken."), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_fails_the_ticket_with_nothing_made() {
    let script = "[[rule]]\nkind = \"tree\"\nmethod = \"POST\"\naction = { error = { reason = \"adError.LINE_TOO_WIDE\", message = \"Too wide.\", field = \"mutate_operations[5].ad_group_ad_operation.create.ad.responsive_search_ad.headlines[1].text\" } }\n";
    let world = world(script).await;
    let id = ready(&world).await;
    world.deploy(id).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let ticket = world.view(id).await.ticket.value;
    assert_eq!(ticket.failure.unwrap().field, Some("payload.ad.headlines[1]".into()));
    assert!(ticket.created.is_empty());
    assert!(world.sandbox.snapshot(world.clock.now()).is_empty(), "all or nothing");
}

/// A cancel with archive takes the tree back with one step.
#[tokio::test(start_paused = true)]
async fn a_cancel_removes_the_tree() {
    let script = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = { error = { reason = \"operationAccessDeniedError.ACTION_NOT_PERMITTED\" } }\n";
    let world = world(script).await;
    let id = ready(&world).await;
    world.deploy(id).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    assert_eq!(campaign_status(&world), "PAUSED");
    let cancel = CommandKind::TicketCancel {
        id,
        leftovers: Some(Leftovers::Archive),
        reason: "called off".into(),
    };
    world.act(cancel).await.unwrap();
    assert_eq!(world.wait(id, |s| s == Status::Cancelled).await, Status::Cancelled);
    assert_eq!(campaign_status(&world), "REMOVED");
}
