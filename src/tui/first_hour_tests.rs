//! What somebody meets in their first hour: where they are, what is missing, what a key will do, what waits and why.

use std::time::Duration;

use rstest::rstest;

use super::{
    Exit, HandOver, TuiOptions,
    app::Msg,
    options::HandedOver,
    testkit::{Driver, World, card, event, noon},
};
use crate::engine::{
    api::{Governance, Notice},
    model::{deploy::Why, event::Event, ticket::Status},
};

fn wide() -> Driver {
    Driver::new(World::default(), 120, 36)
}

fn demo() -> World {
    World {
        environment: "demo".to_owned(),
        ..World::default()
    }
}

/// A world whose console runs the engine.
fn embedding(world: World) -> Driver {
    let options = TuiOptions {
        embeds_engine: true,
        ..TuiOptions::default()
    };
    Driver::with(world, 120, 36, options)
}

/// Nothing is lost by leaving, so nothing is asked; what to say if no background engine came up is on hand.
#[rstest]
#[case::home("q")]
#[case::anywhere("9 Q")]
fn leaving_does_not_ask_and_knows_what_it_leaves(#[case] keys: &str) {
    let mut d = embedding(World::default());
    d.keys(keys);
    assert_eq!(d.quit, Some(Exit::Quit { open: 4 }));
    assert!(d.quit.unwrap().note().unwrap().starts_with("4 deploys wait"));
}

#[test]
fn leaving_asks_nothing_when_nothing_stands_still() {
    let mut d = embedding(demo());
    d.keys("q");
    assert_eq!(d.quit, Some(Exit::Quit { open: 0 }), "a demo ends with its console");
    let cards = vec![card(1001, Status::Draft, "ACM_DE_META_2026_SpringSale")];
    let mut d = embedding(World {
        cards,
        ..World::default()
    });
    d.keys("Q");
    assert_eq!(d.quit.and_then(Exit::note), None);
}

#[rstest]
#[case::rate_limited(Why::RateLimited { at: noon().plus(Duration::from_secs(42)), source: "meta".into() }, "rate limited 00:")]
#[case::backing_off(Why::Backoff { tries: 2, of: 5, at: noon().plus(Duration::from_secs(42)), last: String::new() }, "try 2/5 00:")]
#[case::looked_up(Why::Reconciling { read: 1, of: 3, at: noon().plus(Duration::from_secs(42)) }, "look-up 1/3 00:")]
fn a_waiting_card_says_what_it_waits_for_at_every_width(#[case] why: Why, #[case] words: &str) {
    for (width, height) in [(44, 20), (66, 20), (80, 24), (120, 36), (200, 50)] {
        let mut waiting = card(1003, Status::Deploying, "ACM_DE_META_2026_SpringSale");
        waiting.updated_at = noon();
        waiting.deploy.as_mut().unwrap().why = why.clone();
        let world = World {
            cards: vec![waiting],
            ..World::default()
        };
        let d = Driver::new(world, width, height);
        assert!(d.sees(words) && !d.sees(" now"), "{width}: {}", d.screen());
    }
}

#[test]
fn the_board_slides_only_when_the_cursor_would_leave_it() {
    let mut d = Driver::new(World::default(), 80, 24);
    d.keys("h h h h h h h");
    let first = |d: &Driver| d.model.screens.board.first;
    assert_eq!(first(&d), 0);
    d.keys("l l");
    assert_eq!(first(&d), 0, "three columns are in view");
    d.keys("l");
    assert_eq!(first(&d), 1);
    d.keys("h h");
    assert_eq!(first(&d), 1, "and stay in view");
}

#[test]
fn an_empty_house_says_the_way_to_the_first_ticket() {
    let world = World {
        cards: vec![],
        ..World::default()
    };
    let mut d = Driver::new(world, 80, 24);
    insta::assert_snapshot!("board_empty", d.screen());
    d.client.world.lock().unwrap().governance = Governance {
        campaigns: vec![],
        ..super::screens::governance::tests::house()
    };
    d.model.screens.facts.governance.mark_stale();
    d.keys("r");
    assert!(
        !d.sees("4 Governance: ") && d.sees("3 Campaigns: a there adds"),
        "{}",
        d.screen()
    );
}

#[rstest]
#[case::deploys("6", "Deploys  Tab Accounts")]
#[case::board("1", "PROD   Board")]
#[case::detail("2 Enter", "Tickets > 1001  Tab Findings")]
#[case::the_other_pane("2 Enter Tab", "Tickets > 1001  Tab Fields")]
fn a_small_header_says_where_we_are(#[case] keys: &str, #[case] words: &str) {
    let mut d = Driver::new(World::default(), 80, 24);
    d.keys(keys);
    assert!(d.sees(words), "{}", d.screen());
}

#[test]
fn a_read_only_console_advertises_nothing_it_refuses() {
    let options = TuiOptions {
        read_only: true,
        ..TuiOptions::default()
    };
    let mut d = Driver::with(World::default(), 120, 36, options);
    d.keys("2 / \"status:ready-for-api\" Enter");
    let footer = d.screen().lines().last().unwrap().to_owned();
    assert!(
        !footer.contains("deploy") && !footer.contains("new ticket") && footer.contains("why"),
        "{footer}"
    );
    d.keys(": \"ticket.deploy\"");
    assert!(d.sees("this console is read-only"), "{}", d.screen());
    d.keys("Esc m");
    assert!(d.sees("this console is read-only"), "{}", d.screen());
}

#[test]
fn a_filter_shows_what_it_finds_while_it_is_typed() {
    let mut d = wide();
    d.keys("2 / \"status:draft\"");
    assert!(!d.sees("9 of 40"), "keys that follow at once are waited for");
    d.pass(110);
    assert!(d.sees("9 of 40"), "{}", d.screen());
    assert!(
        d.sees("1001 at a glance") && d.sees("updated 14:"),
        "the glance stays in view"
    );
    d.keys("Esc");
    assert!(
        !d.sees("of 40") && d.sees("Tickets  40"),
        "leaving the line leaves the list as it was"
    );
}

#[test]
fn a_filter_error_is_read_whole_and_spelled_as_typed() {
    let mut d = Driver::new(World::default(), 80, 24);
    d.keys("2 / \"status:qa\"");
    d.pass(110);
    assert!(d.sees("qa-failed") && d.sees("cancelled"), "{}", d.screen());
}

#[test]
fn a_code_that_exists_nowhere_is_doubted() {
    let mut d = wide();
    d.client.world.lock().unwrap().governance = super::screens::governance::tests::house();
    d.keys("2 / \"brand:NOPE\"");
    d.pass(110);
    assert!(d.sees("there is no brand NOPE"), "{}", d.screen());
    d.keys("Enter");
    assert!(
        d.sees("there is no brand NOPE") && d.sees("filter: brand:NOPE"),
        "{}",
        d.screen()
    );
}

#[test]
fn a_move_of_the_engine_is_nobodys() {
    let mut d = wide();
    let mut moved: Event = event(60);
    moved.actor = crate::engine::model::actor::Actor::engine("qa");
    moved.subject.ticket = Some(crate::engine::model::ids::TicketNo(1012));
    moved.status = Some(Status::QaFailed);
    d.send(Msg::Notice(Notice::Event(std::sync::Arc::new(moved))));
    d.pass(150);
    assert!(!d.sees("by engine"), "{}", d.screen());
}

/// A console asked twice to sleep hands its engine over once, and sleeps when that is done; not when it failed.
#[rstest]
#[case::done(Ok(()), 1)]
#[case::failed(Err("no room".to_owned()), 0)]
fn the_engine_is_handed_over_before_the_console_sleeps(#[case] result: Result<(), String>, #[case] sleeps: usize) {
    let never = || -> HandedOver { Box::pin(std::future::pending()) };
    let options = TuiOptions {
        embeds_engine: true,
        hand_over: Some(HandOver(std::sync::Arc::new(never))),
        ..TuiOptions::default()
    };
    let mut d = Driver::with(World::default(), 120, 36, options);
    d.keys("Ctrl-z");
    d.send(Msg::Suspend);
    assert_eq!((d.handed_over, d.suspended), (1, 0));
    let failed = result.is_err();
    d.send(Msg::HandedOver(result));
    assert_eq!((d.handed_over, d.suspended), (1, sleeps));
    assert_eq!(d.sees("no room"), failed);
    d.keys("Ctrl-z");
    assert_eq!(d.handed_over, 2, "it can be asked again");
}

/// An engine that is nobody else's, or in another process, is left where it is.
#[test]
fn a_console_without_an_engine_for_others_just_sleeps() {
    let mut d = embedding(World::default());
    d.keys("Ctrl-z");
    assert_eq!((d.handed_over, d.suspended), (0, 1));
}
