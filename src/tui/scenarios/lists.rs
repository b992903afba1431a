//! Lists that move while somebody looks at them: filters, windows, countdowns, a lost engine.

use crate::{
    engine::{
        api::{Notice, Request},
        model::{
            actor::Role,
            event::{Event, EventKind},
            ticket::Status,
        },
    },
    tui::{
        app::{Msg, toast::Tone},
        screens::ScreenId,
        testkit::{Driver, World, actor, card, event},
    },
};

use super::{on, wide};

#[test]
fn a_wrong_filter_keeps_the_rows_and_says_what_is_known() {
    let mut d = wide();
    d.keys("2 / \"colour:red\" Enter");
    assert!(d.sees("is not a filter field"), "{}", d.screen());
    d.keys("Ctrl-u \"market:DE\" Enter");
    assert!(d.sees("filter: market:DE"));
    d.keys("Esc");
    assert!(!d.sees("filter: market:DE"), "Esc clears the filter");
    d.keys("Esc");
    assert_eq!(d.model.screen, ScreenId::Board);
}

#[test]
fn an_empty_filter_result_names_the_filter_and_the_count_without_it() {
    let mut d = wide();
    d.keys("2 / \"nosuchname\" Enter");
    assert!(
        d.sees("No ticket fits \"nosuchname\"; without it there are 40"),
        "{}",
        d.screen()
    );
}

#[test]
fn a_card_moved_by_another_person_shows_their_name_for_three_seconds() {
    let mut d = wide();
    {
        let mut world = d.client.world.lock().unwrap();
        let moved = world.cards.iter_mut().find(|c| c.no.0 == 1012).unwrap();
        moved.status = Status::ReadyForApi;
    }
    let mut moved: Event = event(61);
    moved.actor = actor("ben", Role::Trafficker);
    moved.kind = EventKind::QaPassed;
    moved.subject.ticket = Some(crate::engine::model::ids::TicketNo(1012));
    moved.status = Some(Status::ReadyForApi);
    d.send(Msg::Notice(Notice::Event(std::sync::Arc::new(moved))));
    assert!(d.sees("x QA failed 6") || d.sees("✗ QA failed 6"), "not yet asked");
    d.pass(150);
    assert!(d.sees("QA failed 5") && d.sees("Ready 6"), "{}", d.screen());
    assert!(d.sees("1012 is Ready now"));
    // Ready is sorted by number here; the moved card stands first or is scrolled: its name is on it when in view.
    assert!(d.sees("by ben"), "{}", d.screen());
    d.pass(3500);
    assert!(!d.sees("by ben"));
}

#[test]
fn a_flood_of_events_is_one_question_per_tenth_of_a_second() {
    let mut d = wide();
    let boards = |d: &Driver| {
        let world = d.client.world.lock().unwrap();
        world
            .asked
            .iter()
            .filter(|r| matches!(r, Request::Board { .. }))
            .count()
    };
    let before = boards(&d);
    for _ in 0..100 {
        d.send(Msg::Notice(Notice::Lanes));
    }
    d.pass(99);
    assert_eq!(boards(&d), before);
    d.pass(1);
    assert_eq!(boards(&d), before + 1);
    d.pass(5000);
    assert_eq!(boards(&d), before + 1, "and none when nothing happens");
}

#[test]
fn an_idle_board_wakes_for_nothing_but_its_countdown_and_the_minute() {
    let world = World {
        cards: vec![card(1001, Status::Draft, "ACM_DE_META_2026_SpringSale")],
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.model.drawn();
    d.pass(5000);
    assert!(!d.model.is_dirty(), "nothing counts down, nothing is drawn");
    let mut d = wide();
    d.model.drawn();
    d.pass(1000);
    assert!(d.model.is_dirty(), "a visible countdown ticks");
}

#[test]
fn a_countdown_counts() {
    let mut d = wide();
    d.keys("l l");
    let before = d.screen();
    let seen = before
        .split("rate limited ")
        .nth(1)
        .unwrap()
        .get(..5)
        .unwrap()
        .to_owned();
    d.pass(3000);
    assert!(!d.sees(&format!("rate limited {seen}")), "{}", d.screen());
}

#[test]
fn the_selection_follows_its_ticket_while_rows_move() {
    let mut d = wide();
    d.keys("2 j j j");
    let selected = d.model.screens.tickets.selected().unwrap().no;
    for n in 0..5 {
        let newer = card(2000 + n, Status::Draft, "ACM_DE_META_2026_Newer");
        d.client.world.lock().unwrap().cards.insert(0, newer);
    }
    d.send(Msg::Notice(Notice::Lanes));
    d.pass(200);
    assert_eq!(d.model.screens.tickets.selected().unwrap().no, selected);
}

#[test]
fn a_large_table_is_a_window() {
    let cards = (0..5000)
        .map(|n| card(1001 + n, Status::Draft, &format!("ACM_DE_META_2026_Sale{n}")))
        .collect();
    let world = World {
        cards,
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("2 G");
    assert!(d.sees("row 5,000/5,000"), "{}", d.screen());
    d.keys("k k");
    assert!(d.sees("row 4,998/5,000"));
    d.keys("g g");
    assert!(d.sees("row 1/5,000"));
    for _ in 0..20 {
        d.keys("Ctrl-f");
    }
    let page = crate::tui::screens::tickets::model::geometry(d.model.regions().body).page;
    assert!(
        d.sees(&format!("row {}/5,000", crate::tui::ui::grouped(20 * page as u64 + 1))),
        "{}",
        d.screen()
    );
    assert!(d.model.screens.tickets.rows().len() < 200);
}

#[test]
fn the_audit_pages_back_and_filters() {
    let world = World {
        events: (1..=500).rev().map(event).collect(),
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("8 G G G");
    assert!(d.sees("48,001"), "{}", d.screen());
    d.keys("/ \"actor:ana\" Enter");
    assert!(!d.sees("engine/executor"));
    d.keys("Esc / \"until:1h\" Enter");
    assert!(d.sees("48,047") && !d.sees("48,500"), "{}", d.screen());
    d.keys("Esc V");
    assert!(d.sees("The chain is unbroken"));
}

#[test]
fn the_log_filters_by_level_and_follows() {
    let mut d = wide();
    d.keys("9");
    assert!(d.sees("following") && d.sees("ERROR") && !d.sees("DEBUG deploy"));
    d.keys(".");
    assert!(d.sees("from DEBUG") && d.sees("line 2"));
    d.keys("k");
    assert!(d.sees("standing"));
}

#[test]
fn losing_the_engine_keeps_the_rows_and_refuses_changes() {
    let mut d = on("draft");
    d.client.world.lock().unwrap().down = Some("the socket is closed".to_owned());
    d.keys("r");
    assert!(d.sees("ENGINE LOST") && d.sees("1001"), "{}", d.screen());
    d.keys("t");
    assert!(d.sees("cannot be reached"));
    d.client.world.lock().unwrap().down = None;
    d.keys("Esc r");
    assert!(!d.sees("ENGINE LOST"));
}

#[test]
fn e_on_a_list_opens_the_form_also_when_the_engine_is_slow() {
    let mut d = wide();
    d.slow = true;
    d.keys("e");
    d.arrive();
    assert!(d.sees("Edit 10"), "{}", d.screen());
    assert!(!d.sees("no ticket is selected"), "{}", d.screen());
}

#[test]
fn a_long_error_says_how_it_is_read_away_and_keeps_its_cause() {
    let mut d = Driver::new(World::default(), 80, 24);
    let cause = "1056 failed: creative: Invalid parameter (ad creative creation failed)";
    d.model.say(Tone::Bad, cause, "g t shows it; R takes it up again");
    let line = d.screen().lines().rev().nth(1).unwrap_or_default().to_owned();
    assert!(
        line.contains("1056 failed: creative: Invalid parameter") && line.ends_with("(Esc)"),
        "{line}"
    );
    d.keys("2");
    d.model.say(Tone::Good, "saved", "u undoes");
    assert!(
        d.sees("saved  u undoes") && !d.sees("1056 failed: creative"),
        "{}",
        d.screen()
    );
    d.keys("j");
    d.pass(4000);
    assert!(
        d.sees("1056 failed: creative"),
        "what was not read comes back: {}",
        d.screen()
    );
}
