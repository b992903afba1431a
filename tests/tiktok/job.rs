//! The main job through the whole engine: ticket, QA, deploy, and every way a platform can be unhelpful. Over the
//! simulated TikTok and simulated time.

use omnitraffick::engine::{
    api::{CommandKind, NewTicket, TicketView},
    model::{
        deploy::{OutcomeClass, StepState},
        ids::{CampaignId, TicketId},
        json::CanonicalJson,
        platform::{ObjectKind, PlatformId},
        ticket::{Priority, RequestType, Severity, Status},
    },
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{World, budget};

/// The usual agency with a TikTok channel, which its tickets go to.
pub async fn agency(script: &str) -> World {
    World::on(
        script,
        PlatformId::Tiktok,
        "TIKTOK",
        "7000000000000000001",
        "America/New_York",
    )
    .await
}

/// A payload that passes QA.
pub async fn payload(world: &World) -> Value {
    let mut payload = world.starting(PlatformId::Tiktok).await;
    payload["ad_group"]["locations"] = json!({"countries": ["US"]});
    for (field, value) in [
        ("identity_id", json!("7100000000000000009")),
        ("video_id", json!("v10033g50000abc")),
        ("image_ids", json!(["ad-site-i18n-sg/2026abc"])),
        ("ad_text", json!("Out now")),
        ("landing_page_url", json!("https://acme.example/launch")),
    ] {
        payload["ad"][field] = value;
    }
    payload
}

async fn ticket(world: &World, campaign: CampaignId) -> TicketId {
    let payload = payload(world).await;
    world.ticket_with(campaign, "120.00", &payload).await
}

/// A new ticket that passed QA and is being deployed.
async fn deploying(script: &str) -> (World, TicketId) {
    let world = agency(script).await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let id = ticket(&world, campaign).await;
    let status = world.qa(id).await;
    assert_eq!(
        status,
        Status::ReadyForApi,
        "{:#?}",
        world.view(id).await.ticket.value.qa
    );
    world.deploy(id).await.unwrap();
    (world, id)
}

/// Waits for the end, which must be live with one object per step.
async fn live(world: &World, id: TicketId) {
    let ticket = world.live(id).await;
    let steps: Vec<_> = ticket.created.iter().map(|c| c.step.as_str()).collect();
    assert_eq!(steps, ["campaign", "ad_group", "ad"]);
    let all = world.sandbox.snapshot(world.clock.now());
    assert!(all.iter().all(|o| o.platform == PlatformId::Tiktok), "{all:?}");
    let statuses: Vec<_> = all.iter().map(|o| o.effective_status.as_str()).collect();
    // The flight begins in ten days.
    assert_eq!(
        statuses,
        [
            "CAMPAIGN_STATUS_ENABLE",
            "ADGROUP_STATUS_NOT_START",
            "AD_STATUS_DELIVERY_OK"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_ticket_goes_from_nothing_to_live() {
    let (world, id) = deploying("").await;
    assert_eq!(world.view(id).await.ticket.value.name, "ACM_US_TIKTOK_2026_TrailSeason");
    live(&world, id).await;
    let ticket = world.view(id).await.ticket.value;
    assert_eq!(ticket.live_budget, ticket.budget);
}

#[rstest]
#[case::answer_lost_after_creating("action = \"drop_after\"")]
#[case::connection_closed_before_creating("action = \"drop_before\"")]
#[case::created_late("action = { late = { seconds = 20 } }")]
#[case::error_500_after_creating("action = { http = { status = 500 } }")]
#[case::error_500_before_creating("action = { http = { status = 500, before = true } }")]
#[case::answer_cut_off("action = \"cut_body\"")]
#[case::answer_after_the_timeout("action = { delay = { seconds = 40 } }")]
#[case::rate_limited("action = { rate_limit = {} }")]
#[case::system_error("action = { error = { code = 50002, message = \"Server error\" } }")]
#[case::said_to_be_a_duplicate("action = { error = { code = 40050, message = \"Duplicate request\" } }")]
#[case::unknown_code("action = { error = { code = 77, message = \"What?\" } }")]
#[tokio::test(start_paused = true)]
async fn every_fault_ends_live_with_one_object_per_step(
    #[case] action: &str,
    #[values("campaign", "ad_set", "ad")] kind: &str,
) {
    let (world, id) = deploying(&format!(
        "[[rule]]\nkind = \"{kind}\"\nmethod = \"POST\"\nnth = 1\n{action}\n"
    ))
    .await;
    live(&world, id).await;
}

/// The same faults on the calls that set a status.
#[rstest]
#[case::answer_lost("action = \"drop_after\"")]
#[case::not_done("action = \"drop_before\"")]
#[case::server("action = { http = { status = 502, before = true } }")]
#[case::limited("action = { rate_limit = {} }")]
#[tokio::test(start_paused = true)]
async fn a_status_is_set_again_until_it_is(
    #[case] action: &str,
    #[values("/campaign/status/update/", "/adgroup/status/update/", "/ad/status/update/")] path: &str,
) {
    let (world, id) = deploying(&format!("[[rule]]\npath = \"{path}\"\ntimes = 1\n{action}\n")).await;
    live(&world, id).await;
}

#[rstest]
#[case::slow_listing("[world]\nlisting_lag_seconds = 60\n")]
#[case::deaf_to_disable("[world]\nignores_disable = true\n")]
#[tokio::test(start_paused = true)]
async fn the_world_may_be_odd(#[case] world: &str) {
    let lost = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = \"drop_after\"\n";
    let deaf = world.contains("ignores");
    let (world, id) = deploying(&format!("{world}{}", if deaf { "" } else { lost })).await;
    live(&world, id).await;
}

#[tokio::test(start_paused = true)]
async fn a_throttled_look_up_proves_nothing() {
    let script = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = \"drop_after\"\n\
                  [[rule]]\nkind = \"campaign\"\nmethod = \"GET\"\ntimes = 3\naction = { rate_limit = {} }\n";
    let (world, id) = deploying(script).await;
    live(&world, id).await;
}

#[tokio::test(start_paused = true)]
async fn two_ads_of_one_name_are_a_question_to_a_person() {
    let (world, id) = deploying("[[rule]]\nkind = \"ad\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n").await;
    let asks = |v: &TicketView| {
        let steps = v.deploy.as_ref().map(|d| &d.steps);
        steps.is_some_and(|s| s.iter().any(|s| s.key == "ad" && s.state == StepState::NeedsOperator))
    };
    let view = world.until(id, asks).await;
    let why = view.why.unwrap();
    assert!(why.person.is_some() && why.text.contains("2 objects"), "{why:?}");
    let all = world.sandbox.snapshot(world.clock.now());
    assert!(all.iter().all(|o| o.effective_status.contains("DISABLE")), "{all:?}");
}

/// A request id makes the platform itself refuse the second of two.
#[tokio::test(start_paused = true)]
async fn one_request_delivered_twice_makes_one_campaign() {
    let (world, id) = deploying("[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\nnth = 1\naction = \"twin\"\n").await;
    live(&world, id).await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_fails_the_ticket_and_what_exists_stays_disabled() {
    let script = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\naction = { error = { code = 40002, message = \"Not available in this region.\", field = \"location_ids\" } }\n";
    let (world, id) = deploying(script).await;
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let ticket = world.view(id).await.ticket.value;
    let failure = ticket.failure.unwrap();
    assert_eq!(failure.step, "ad_group");
    assert_eq!(failure.field, Some("payload.ad_group.locations".into()), "{failure:?}");
    assert_eq!(ticket.created.len(), 1);
    let made = world.sandbox.snapshot(world.clock.now());
    assert!(made.iter().all(|o| o.effective_status.contains("DISABLE")), "{made:?}");
}

/// What an earlier deploy made stays in use when the ticket is mended: the request, its id included, is still the same.
#[tokio::test(start_paused = true)]
async fn a_mended_ticket_goes_on_with_the_campaign_it_has() {
    let script = "[[rule]]\nkind = \"ad\"\nmethod = \"POST\"\ntimes = 1\n\
                  action = { error = { code = 40002, message = \"Not allowed.\", field = \"creatives.0.ad_text\" } }\n";
    let (world, id) = deploying(script).await;
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let failure = world.view(id).await.ticket.value.failure.unwrap();
    assert_eq!(failure.field, Some("payload.ad.ad_text".into()), "{failure:?}");
    let edit = |payload: &mut Value| payload["ad"]["ad_text"] = json!("Out tomorrow");
    world.edit_payload(id, edit).await;
    assert_eq!(world.qa(id).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
    live(&world, id).await;
}

/// Even where TikTok makes everything enabled: the campaign is off before anything is put below it.
#[rstest]
#[tokio::test(start_paused = true)]
async fn nothing_delivers_before_the_end(#[values(false, true)] deaf: bool, #[values("ad_set", "ad")] fails: &str) {
    let script = format!(
        "[world]\nignores_disable = {deaf}\n[[rule]]\nkind = \"{fails}\"\nmethod = \"POST\"\n\
         action = {{ error = {{ code = 40002, message = \"No.\" }} }}\n"
    );
    let (world, id) = deploying(&script).await;
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let made = world.sandbox.snapshot(world.clock.now());
    assert_eq!(made.len(), if fails == "ad" { 2 } else { 1 });
    assert!(made.iter().all(|o| o.effective_status.contains("DISABLE")), "{made:?}");
}

#[tokio::test(start_paused = true)]
async fn a_bad_token_stops_the_account_and_not_the_ticket() {
    let script = "[[rule]]\nkind = \"campaign\"\nmethod = \"POST\"\ntimes = 1\naction = \"bad_token\"\n";
    let (world, id) = deploying(script).await;
    // Nobody else asks this account meanwhile, so it is tried again by itself.
    live(&world, id).await;
    let deploy = world.view(id).await.deploy.unwrap();
    let first = deploy.steps[0].attempts[0].outcome.clone().unwrap();
    assert_eq!(
        (first.class, first.code.as_deref()),
        (OutcomeClass::LaneBlocked, Some("40105"))
    );
}

#[tokio::test(start_paused = true)]
async fn qa_judges_interests_places_and_the_platforms_own_rules() {
    let world = agency("").await;
    let campaign = world.campaign(world.family, "Holiday").await;
    let mut payload = payload(&world).await;
    payload["ad_group"]["interests"] = json!([{"id": "10", "name": "Adult entertainment"}]);
    payload["ad_group"]["locations"] = json!({"countries": ["US", "DE"]});
    payload["ad_group"]["billing_event"] = json!("OCPM");
    let id = world.ticket_with(campaign, "10.00", &payload).await;
    assert_eq!(world.qa(id).await, Status::QaFailed);
    let findings = world.view(id).await.ticket.value.qa.unwrap().findings;
    let errors: Vec<_> = findings.iter().filter(|f| f.severity == Severity::Error).collect();
    for want in [
        "interests[0]",
        "locations.countries[1]",
        "payload.ad_group.billing_event",
        "budget",
    ] {
        assert!(
            errors.iter().any(|f| f.field.as_str().contains(want)),
            "{want}: {errors:#?}"
        );
    }
}

/// Every request type on what a ticket made.
#[tokio::test(start_paused = true)]
async fn what_is_live_can_be_changed_paused_resumed_and_archived() {
    let (world, id) = deploying("").await;
    live(&world, id).await;
    let first = world.view(id).await.ticket.value;
    let status = |kind: ObjectKind| {
        let all = world.sandbox.snapshot(world.clock.now());
        all.into_iter().find(|o| o.kind == kind).unwrap()
    };
    for (request, want) in [
        (RequestType::UpdateBudget, "CAMPAIGN_STATUS_ENABLE"),
        (RequestType::Pause, "CAMPAIGN_STATUS_DISABLE"),
        (RequestType::Resume, "CAMPAIGN_STATUS_ENABLE"),
        (RequestType::Archive, "CAMPAIGN_STATUS_DELETE"),
    ] {
        let change = TicketId::new(world.client.new_uuid());
        let new = NewTicket {
            id: change,
            campaign: first.campaign,
            channel: world.channel,
            account: None,
            request,
            target: Some(first.no),
            budget: (request == RequestType::UpdateBudget).then(|| budget("150.00")),
            flight: None,
            payload: CanonicalJson::new(&json!({})),
            notes: String::new(),
            assignee: String::new(),
            priority: Priority::Normal,
        };
        world.act(CommandKind::TicketCreate(new)).await.unwrap();
        assert_eq!(world.qa(change).await, Status::ReadyForApi, "{request}");
        world.deploy(change).await.unwrap();
        let end = world.wait(change, |s| s != Status::Deploying).await;
        let ticket = world.view(change).await.ticket.value;
        assert_eq!(end, Status::TraffickedSuccess, "{request}: {:?}", ticket.failure);
        assert_eq!(status(ObjectKind::Campaign).effective_status, want);
    }
    assert_eq!(status(ObjectKind::AdSet).fields["budget"], 150);
}
