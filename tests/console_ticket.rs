//! The planner's job by keyboard: the console's real loop over a real engine and the simulated platform. Time is
//! simulated, so waiting for words on the screen takes none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/console.rs"]
mod console;
mod support;

use std::{collections::BTreeSet, time::Duration};

use console::{Person, write_a_bad_ticket};
use omnitraffick::{
    engine::{
        api::{
            CommandKind, Reply, Request, TicketPatch, TicketView,
            findings::{FindingLine, FindingRows, FindingsAsk, GroupBy},
        },
        model::{
            ids::TicketNo,
            ticket::{RequestType, Status},
        },
    },
    tui::theme::Depth,
};
use support::World;

#[tokio::test(start_paused = true)]
async fn a_planner_goes_from_nothing_to_live_by_keyboard() {
    let world = World::new("").await;
    world.campaign(world.family, "Holiday").await;
    world.campaign(world.brand, "Trail season").await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    write_a_bad_ticket(&me).await;

    // QA's findings stand there by themselves, and lead to their fields.
    me.sees("Adult entertainment").await;
    me.sees("budget.").await;
    me.press("n").await;
    me.sees("Edit 1001").await;
    me.fill("Budget", "120").await;
    me.go_to("Interests").await;
    me.press("Ctrl-u").await;
    me.press("Ctrl-s").await;
    me.sees("QA passed: 1001 is ready").await;
    me.sees("▴ Ready").await;

    me.press("P").await;
    me.sees("Deploy 1001").await;
    me.press("y").await;
    me.sees("✓ Live").await;
    me.sees("CONFIRMED").await;
    for made in ticket(&world, 1001).await.ticket.value.created {
        me.sees(&made.external_id.0).await;
    }
    me.leave().await;
}

async fn ticket(world: &World, no: u32) -> TicketView {
    match world.client.request(Request::TicketByNo(TicketNo(no))).await.unwrap() {
        Reply::Ticket(view) => *view,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_person_changes_meanwhile_is_merged_and_said() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let id = world.ticket(campaign).await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("1001").await;
    me.press("Enter").await;
    me.sees("TrailSeason").await;
    me.press("e").await;
    me.sees("Edit 1001").await;
    me.fill("Budget", "300").await;
    // Somebody else is quicker: a field nobody touches here, and the very one.
    let version = world.view(id).await.ticket.version;
    let patch = TicketPatch {
        budget: Some(Some(support::budget("200.00"))),
        assignee: Some("ben".to_owned()),
        ..TicketPatch::default()
    };
    world.act(CommandKind::TicketEdit { id, version, patch }).await.unwrap();
    me.sees("saving asks which").await;
    me.press("Ctrl-s").await;
    // Both sides of the one field, and what is saved is chosen.
    me.sees("1001 was changed meanwhile").await;
    me.sees("300  yours").await;
    me.press("Ctrl-s").await;
    me.sees("QA passed: 1001 is ready").await;
    let after = world.view(id).await.ticket.value;
    assert_eq!(after.budget, Some(support::budget("300.00")));
    assert_eq!(after.assignee, "ben");
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn a_campaign_that_is_new_is_offered_at_once_and_a_row_half_typed_is_taken_whole() {
    let world = World::new("").await;
    world.campaign(world.brand, "Trail season").await;
    world.campaign(world.brand, "Night run").await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("Draft").await;
    me.press("a").await;
    me.sees("New ticket").await;
    me.press("Esc").await;
    world.campaign(world.family, "Holiday").await;
    me.press("a").await;
    me.sees("New ticket").await;
    // Made while the form is open.
    world.campaign(world.family, "Harvest").await;
    me.type_in("harv").await;
    me.sees("Harvest").await;
    me.press("Ctrl-u").await;
    me.type_in("holiday").await;
    me.press("Ctrl-s").await;
    me.sees("QA failed").await;
    let new = ticket(&world, 1001).await.ticket.value;
    assert!(new.name.ends_with("_Holiday"));
    let payload = new.payload.value();
    assert_eq!(
        payload.pointer("/ad_set/targeting/geo_locations/countries"),
        Some(&serde_json::json!(["US"])),
        "what follows from the campaign came along"
    );
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn findings_are_walked_inside_the_form() {
    let world = World::new("").await;
    world.campaign(world.family, "Holiday").await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    write_a_bad_ticket(&me).await;
    me.sees("Interests (ad_set.targeting.interests").await;
    me.press("e").await;
    me.sees("Edit 1001").await;
    me.sees("F8 next finding").await;
    me.go_to("Notes").await;
    me.press("F8").await;
    me.sees("›Budget").await;
    me.press("F8").await;
    me.sees("›Interests").await;
    me.keys("F7 Esc").await;
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_keeps_what_was_typed_and_goes_to_the_field() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    world.ticket(campaign).await;
    let me = Person::sit_down(&world, 80, 24, Depth::Mono);
    me.sees("1001").await;
    me.press("a").await;
    me.type_in("trail").await;
    me.press("Enter").await;
    me.sees("TAKEN by ticket 1001").await;
    me.fill("Budget", "99").await;
    me.press("Ctrl-s").await;
    // The name is made of the campaign, so that is the field to change.
    me.sees("›Campaign").await;
    me.sees("is taken on account").await;
    me.sees("99").await;
    me.press("Esc").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    me.press("y").await;
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn a_change_request_takes_its_place_from_its_target() {
    let world = World::new("").await;
    let id = world.deploying().await;
    world.wait(id, |s| s == Status::TraffickedSuccess).await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("1001").await;
    me.press("a").await;
    me.sees("New ticket").await;
    me.press("Shift-Tab").await;
    me.sees("›Request").await;
    me.type_in("update").await;
    me.press("Enter").await;
    me.sees("›Changes").await;
    me.type_in("1001").await;
    me.press("Enter").await;
    me.sees("act_1001").await;
    me.fill("Budget", "150").await;
    me.press("Ctrl-s").await;
    me.sees("1002").await;
    me.sees("▴ Ready").await;
    let new = ticket(&world, 1002).await.ticket.value;
    assert_eq!(new.request, RequestType::UpdateBudget);
    assert_eq!(new.budget, Some(support::budget("150.00")));
    assert_eq!(new.target.unwrap().ticket, id);
    me.leave().await;
}

#[rstest::rstest]
#[case::smallest(80, 24, Depth::Indexed, "80x24")]
#[case::laptop(120, 36, Depth::Indexed, "120x36")]
#[case::desk(200, 50, Depth::Indexed, "200x50")]
#[case::mono(120, 36, Depth::Mono, "mono")]
#[tokio::test(start_paused = true)]
async fn it_looks_like_this(#[case] width: u16, #[case] height: u16, #[case] color: Depth, #[case] name: &str) {
    let world = World::new("").await;
    world.campaign(world.family, "Holiday").await;
    let me = Person::sit_down(&world, width, height, color);
    me.sees("Draft").await;
    me.press("a").await;
    me.type_in("holiday").await;
    me.sees("Holiday").await;
    insta::assert_snapshot!(format!("picking_{name}"), me.text());
    me.keys("Ctrl-u Esc").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    me.keys("y").await;
    write_a_bad_ticket(&me).await;
    me.sees("ERROR").await;
    insta::assert_snapshot!(format!("findings_{name}"), me.text());
    me.press("Enter").await;
    me.sees("Edit 1001").await;
    insta::assert_snapshot!(format!("editing_{name}"), me.text());
    me.fill("Budget", "120").await;
    me.go_to("Interests").await;
    me.keys("Ctrl-u Ctrl-s").await;
    me.sees("▴ Ready").await;
    me.press(".").await;
    me.sees("/v25.0/act_1001/campaigns").await;
    insta::assert_snapshot!(format!("payload_{name}"), me.text());
    me.keys("P y").await;
    me.sees("✓ Live").await;
    me.sees("activate").await;
    let styled = {
        let buffer = me.buffer.lock().unwrap();
        let mut styles: Vec<String> = buffer.content().iter().map(|c| format!("{:?}", c.style())).collect();
        styles.sort();
        styles.dedup();
        styles.join("\n")
    };
    insta::assert_snapshot!(format!("ledger_{name}"), me.text());
    insta::assert_snapshot!(format!("ledger_styles_{name}"), styled);
    me.keys(".").await;
    insta::assert_snapshot!(format!("history_{name}"), me.text());
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_refuses_leads_to_its_field() {
    let script = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = { error = { code = 100, message = \"Invalid parameter\", field = \"targeting\" } }\n";
    let world = World::new(script).await;
    world.ready().await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("1001").await;
    me.press("Enter").await;
    me.sees("▴ Ready").await;
    me.keys("P y").await;
    me.sees("! Failed").await;
    me.sees("refused at ad_set").await;
    me.sees("Invalid parameter").await;
    me.press("Enter").await;
    me.sees("Edit 1001").await;
    me.sees("›Countries").await;
    me.press("Esc").await;
    me.leave().await;
}

/// A refusal, the proposal for it with both sides, and the way through QA to the platform, by keyboard alone.
#[tokio::test(start_paused = true)]
async fn a_refused_ticket_is_mended_by_its_proposal() {
    let script = "[[rule]]\nkind = \"ad_set\"\nmethod = \"POST\"\nnth = 1\naction = { error = { code = 100, subcode = 2490562, message = \"Invalid parameter\" } }\n";
    let world = World::new(script).await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let mut payload = world.payload().await;
    payload["ad_set"]["targeting"]["publisher_platforms"] = serde_json::json!(["facebook"]);
    payload["ad_set"]["targeting"]["facebook_positions"] = serde_json::json!(["feed", "video_feeds"]);
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    world.qa(id).await;
    world.deploy(id).await.unwrap();
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("1001").await;
    me.press("Enter").await;
    me.sees("refused at ad_set").await;
    me.press("f").await;
    me.press("f").await;
    me.sees("PROPOSED 1001.1 by rule").await;
    me.sees("- feed, video_feeds").await;
    me.sees("+ feed").await;
    insta::assert_snapshot!("proposal", me.text());
    me.press("f").await;
    me.press("a").await;
    me.sees("Apply 1001.1?").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    me.press("y").await;
    me.sees("Draft").await;
    me.press("t").await;
    me.sees("Ready").await;
    assert_eq!(world.wait(id, |s| s == Status::ReadyForApi).await, Status::ReadyForApi);
    world.deploy(id).await.unwrap();
    assert_eq!(
        world.wait(id, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    me.leave().await;
}

/// Tickets of several campaigns, each over the highest budget.
async fn over_budget(world: &World, n: usize) {
    let payload = world.payload().await;
    for n in 0..n {
        let campaign = world.campaign(world.brand, &format!("Wave {n}")).await;
        let id = world.ticket_with(campaign, "250000.00", &payload).await;
        assert_eq!(world.qa(id).await, Status::QaFailed);
    }
}

async fn findings(world: &World, ask: FindingsAsk) -> FindingRows {
    match world.client.request(Request::Findings(Box::new(ask))).await.unwrap() {
        Reply::Findings(rows) => *rows,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_over_findings_is_a_piece_of_the_whole() {
    let world = World::new("").await;
    over_budget(&world, 12).await;
    for by in [GroupBy::Rule, GroupBy::Ticket] {
        let all = FindingsAsk {
            by,
            after: 500,
            ..FindingsAsk::default()
        };
        let closed = findings(&world, all.clone()).await;
        assert_eq!((closed.tickets, closed.lines.len() as u64), (12, closed.matching));
        let groups: BTreeSet<String> = closed.lines.iter().map(|l| l.key().group).collect();
        let open = FindingsAsk { open: groups, ..all };
        let whole = findings(&world, open.clone()).await;
        let found = whole
            .lines
            .iter()
            .filter(|l| matches!(l, FindingLine::Found(_)))
            .count();
        assert!(found >= 12 && whole.lines.len() == found + closed.lines.len());
        for (at, line) in whole.lines.iter().enumerate() {
            let ask = FindingsAsk {
                anchor: Some(line.key()),
                before: 2,
                after: 3,
                ..open.clone()
            };
            let window = findings(&world, ask).await;
            let (first, last) = (at.saturating_sub(2), (at + 3).min(whole.lines.len()));
            assert_eq!(window.first, first as u64);
            assert_eq!(window.lines, whole.lines[first..last]);
            assert_eq!(window.matching, whole.matching);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn findings_of_all_tickets_lead_to_their_field() {
    let world = World::new("").await;
    over_budget(&world, 3).await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("QA failed").await;
    me.press("5").await;
    me.sees("in 3 tickets").await;
    me.sees("[-] budget.").await;
    me.press("n").await;
    me.press("Enter").await;
    me.sees("Edit 1001").await;
    me.sees("›Budget").await;
    me.fill("Budget", "120").await;
    me.press("Ctrl-s").await;
    me.sees("QA passed: 1001 is ready").await;
    me.press("5").await;
    me.sees("in 2 tickets").await;
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn a_change_is_taken_back_by_key_and_another_persons_stays() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let id = world.ticket(campaign).await;
    let before = world.view(id).await.ticket.value;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("1001").await;
    me.press("Enter").await;
    me.sees("TrailSeason").await;
    let edit = async |budget: &str| {
        let version = world.view(id).await.ticket.version;
        let patch = TicketPatch {
            budget: Some(Some(support::budget(budget))),
            ..TicketPatch::default()
        };
        world.act(CommandKind::TicketEdit { id, version, patch }).await.unwrap();
    };
    edit("333.00").await;
    me.sees("333.00").await;
    me.press("u").await;
    me.sees("taken back on 1001: budget").await;
    assert_eq!(world.view(id).await.ticket.value.payload_hash(), before.payload_hash());
    me.press("Esc").await;
    me.press("Ctrl-r").await;
    me.sees("made again on 1001: budget").await;
    assert_eq!(
        world.view(id).await.ticket.value.budget,
        Some(support::budget("333.00"))
    );
    me.leave().await;
}

#[tokio::test(start_paused = true)]
async fn a_payload_is_written_as_text_beside_the_form_and_judged_as_it_is_typed() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let id = world.ticket(campaign).await;
    let me = Person::sit_down(&world, 120, 36, Depth::Indexed);
    me.sees("1001").await;
    me.press("Enter").await;
    me.sees("TrailSeason").await;
    me.press("e").await;
    me.sees("Edit 1001").await;
    me.press("F6").await;
    me.sees("Payload, JSON").await;
    me.sees("QA finds nothing").await;
    me.keys("End Enter").await;
    me.type_in("\"of_our_own\": {\"x\": 1},").await;
    me.sees("to fix").await;
    me.sees("of_our_own").await;
    me.press("Ctrl-s").await;
    me.sees("taken over into the form").await;
    me.press("Ctrl-s").await;
    me.sees("QA failed").await;
    let payload = world.view(id).await.ticket.value.payload.value();
    assert_eq!(payload["of_our_own"]["x"], 1, "{payload}");
    me.leave().await;
}
