//! What happens while somebody looks, or looks elsewhere: rows that light up, rows that are counted, calls.

use std::sync::Arc;

use super::{
    TuiOptions,
    app::{
        msg::Msg,
        notify::{Occasion, Way, Wishes},
    },
    screens::ScreenId,
    term::mouse::Pointer,
    testkit::{Driver, World, actor, card, event},
    theme::{self, Depth, Own, ThemeName},
};
use crate::engine::{
    api::Notice,
    model::{
        actor::{Actor, Role},
        event::{Event, EventKind, FieldChange},
        ids::TicketNo,
        ticket::Status,
    },
};
use ratatui::style::Modifier;

fn happened(no: u32, kind: EventKind, by: Actor) -> Event {
    let mut event = event(1);
    event.kind = kind;
    event.actor = by;
    event.subject.ticket = Some(TicketNo(no));
    event.summary = format!("{no} did something");
    event
}

fn tell(d: &mut Driver, event: Event) {
    d.send(Msg::Notice(Notice::Event(Arc::new(event))));
}

fn console(color: Depth, way: Way) -> Driver {
    let options = TuiOptions {
        theme: ThemeName::House,
        color,
        notify: Wishes {
            way,
            on: [Occasion::Live, Occasion::Failed, Occasion::Assigned, Occasion::Mention].into(),
            in_tmux: false,
        },
        ..TuiOptions::default()
    };
    Driver::with(World::default(), 120, 36, options)
}

#[test]
fn many_that_go_live_together_call_once() {
    let mut d = console(Depth::Indexed, Way::Bell);
    tell(&mut d, happened(1042, EventKind::Trafficked, Actor::engine("executor")));
    tell(&mut d, happened(1043, EventKind::Trafficked, Actor::engine("executor")));
    assert!(d.called.is_empty(), "they are gathered");
    d.pass(1_000);
    assert_eq!(d.called, ["is live 1042, 1043"]);
    d.pass(10_000);
    assert_eq!(d.called.len(), 1);
}

#[test]
fn only_what_was_wished_and_nobody_is_called_for_their_own_deeds() {
    let me = Driver::new(World::default(), 80, 24).model.session.me().to_owned();
    assert!(!me.is_empty());
    let mut d = console(Depth::Indexed, Way::Osc9);
    let mine = actor(&me, Role::Trafficker);
    let other = actor("zoe", Role::Trafficker);
    // Not wished.
    tell(
        &mut d,
        happened(1042, EventKind::OperatorNeeded, Actor::engine("executor")),
    );
    // My own.
    let mut comment = happened(1042, EventKind::Commented, mine);
    comment.summary = format!("@{me} remember");
    tell(&mut d, comment.clone());
    d.pass(1_000);
    assert!(d.called.is_empty(), "{:?}", d.called);
    comment.actor = other.clone();
    tell(&mut d, comment);
    d.pass(1_000);
    let mut given = happened(1043, EventKind::Updated, other);
    given.changes = vec![FieldChange {
        field: "assignee".into(),
        from: None,
        to: Some(me.clone()),
    }];
    tell(&mut d, given);
    d.pass(1_000);
    assert_eq!(d.called.len(), 2, "{:?}", d.called);
    assert!(d.called[0].starts_with("1042 mentions you: "), "{:?}", d.called);
    assert!(d.called[1].starts_with("1043 is yours now: "), "{:?}", d.called);
}

#[test]
fn off_calls_nobody() {
    let mut d = console(Depth::Indexed, Way::Off);
    tell(&mut d, happened(1042, EventKind::Trafficked, Actor::engine("executor")));
    d.pass(5_000);
    assert!(d.called.is_empty());
}

/// How the row of a ticket that is not under the cursor is drawn.
fn style_of(d: &Driver, no: u32) -> ratatui::style::Style {
    let screen = d.screen();
    let y = screen.lines().position(|l| l.contains(&format!(" {no} "))).unwrap();
    let row = screen.lines().nth(y).unwrap();
    let x = row.split(&no.to_string()).next().unwrap().chars().count();
    // The name: neither number nor status have a style of their own there.
    d.buffer()[(u16::try_from(x + 34).unwrap(), u16::try_from(y).unwrap())].style()
}

#[rstest::rstest]
#[case::colours(Depth::Indexed)]
#[case::mono(Depth::Mono)]
fn a_row_that_goes_live_is_bright_for_a_second_and_then_nothing_runs(#[case] color: Depth) {
    let mut d = console(color, Way::Off);
    d.keys("2");
    d.pass(1_000);
    let no = d.model.screens.tickets.rows()[2].no;
    let before = style_of(&d, no.0);
    tell(&mut d, happened(no.0, EventKind::Trafficked, Actor::engine("executor")));
    d.pass(200);
    let bright = style_of(&d, no.0);
    assert!(bright.add_modifier.contains(Modifier::BOLD));
    assert!(!bright.add_modifier.contains(Modifier::REVERSED));
    assert_eq!(
        color == Depth::Mono,
        bright.fg == before.fg,
        "{bright:?} after {before:?}"
    );
    d.pass(1_000);
    assert_eq!(style_of(&d, no.0), before);
    assert_eq!(d.model.pulses.until(), None);
}

#[test]
fn what_comes_above_is_counted_and_r_shows_it() {
    let mut d = Driver::new(World::default(), 120, 24);
    d.keys("2 j j j j j j j j j j j j j j j j");
    let held = d.model.screens.tickets.pick.id();
    let top = |d: &Driver| d.screen().lines().nth(4).unwrap_or_default().to_owned();
    let before = top(&d);
    {
        let mut world = d.client.world.lock().unwrap();
        for no in [1901, 1902, 1903] {
            let new = card(no, Status::Draft, "ACM_DE_META_2026_Newest");
            world.cards.insert(0, new);
        }
    }
    tell(
        &mut d,
        happened(1901, EventKind::TicketCreated, actor("zoe", Role::Trafficker)),
    );
    d.pass(500);
    assert_eq!(d.model.screens.tickets.pick.id(), held, "the cursor stays where it is");
    assert_eq!(top(&d), before, "and so does what was in view");
    assert!(d.sees("+3 new above, r shows them"), "{}", d.screen());
    d.keys("r");
    d.pass(500);
    assert!(d.sees("1903") && !d.sees("new above"), "{}", d.screen());
}

#[test]
fn the_wheel_scrolls_a_click_selects_and_neither_does_more() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2");
    let rows = |d: &Driver| d.model.screens.tickets.pick.index();
    let pointer = |d: &mut Driver, what, x, y| d.send(Msg::Mouse { what, x, y });
    pointer(&mut d, Pointer::WheelDown, 5, 5);
    assert_eq!(rows(&d), 0, "the mouse is not ours until somebody wants it");
    d.keys(": \"app.mouse\" Enter");
    pointer(&mut d, Pointer::WheelDown, 5, 5);
    pointer(&mut d, Pointer::WheelDown, 5, 5);
    pointer(&mut d, Pointer::WheelUp, 5, 5);
    assert_eq!(rows(&d), 3);
    // Header, tabs, border, heading: the first row is the fifth line.
    pointer(&mut d, Pointer::Click, 20, 4);
    assert_eq!(rows(&d), 0);
    pointer(&mut d, Pointer::Click, 20, 3);
    assert_eq!(rows(&d), 0, "the heading is no row");
    let tab = d.screen().lines().nth(1).unwrap().find("6 Deploys").unwrap();
    pointer(&mut d, Pointer::Click, u16::try_from(tab).unwrap(), 1);
    assert_eq!(d.model.screen, ScreenId::Deploys);
    d.keys("1");
    let column = d.model.screens.board.column;
    pointer(&mut d, Pointer::Click, 100, 8);
    assert_ne!(d.model.screens.board.column, column);
    assert!(d.model.screens.board.selected().is_some());
    // A dialog is answered by keys alone.
    d.keys("2 G Q");
    for y in 0..40 {
        pointer(&mut d, Pointer::Click, 60, y);
    }
    assert!(d.client.world.lock().unwrap().done.is_empty());
}

#[test]
fn what_was_copied_can_be_selected_on_screen() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 y i");
    let copied = d.copied.last().cloned().unwrap();
    d.keys("Y");
    assert!(
        d.sees("To be selected with the terminal") && d.sees(&copied),
        "{}",
        d.screen()
    );
    d.keys("Esc");
    d.send(Msg::Copied(Err("too long".to_owned())));
    assert!(d.sees("Y shows the text"), "{}", d.screen());
}

#[test]
fn theme_files_are_offered_and_chosen_by_name() {
    let own: Own = toml::from_str("base = \"light\"\nok = 22\n").unwrap();
    let options = TuiOptions {
        themes: vec![("sand".to_owned(), own)],
        theme_problems: vec!["sand.toml:2: ok on ground has a contrast of 2.0 to 1".to_owned()],
        ..TuiOptions::default()
    };
    let mut d = Driver::with(World::default(), 120, 36, options);
    assert!(d.sees("sand.toml:2"), "{}", d.screen());
    d.keys("Esc : \"app.theme\" Space \"san\"");
    assert!(d.sees("a file of yours"), "{}", d.screen());
    d.keys("Tab Enter");
    assert_eq!(d.model.theme.name(), ThemeName::Light);
    let house = d.model.theme.style(theme::Role::Ok);
    d.keys(": \"app.theme\" Space \"house\" Enter");
    assert_ne!(d.model.theme.style(theme::Role::Ok), house);
    d.keys(": \"app.theme\" Space \"nosuch\" Enter");
    assert!(d.sees("mono, sand"), "{}", d.screen());
}
