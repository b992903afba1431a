//! Coming back: the same screen, filter, order, columns and row; views by name.

use std::path::PathBuf;

use super::{
    TuiOptions,
    app::saved,
    screens::ScreenId,
    testkit::{Driver, World, id},
};
use crate::engine::api::SortKey;

fn options() -> TuiOptions {
    TuiOptions {
        state: Some(PathBuf::from("kept by the test")),
        ..TuiOptions::default()
    }
}

fn remembering() -> Driver {
    Driver::with(World::default(), 120, 36, options())
}

/// A console that comes after another one.
fn after(text: &str, fresh: bool) -> Driver {
    let mut d = Driver::before_start(World::default(), 120, 36, options());
    saved::restore(&mut d.model, text, fresh).unwrap();
    d.send(super::app::Msg::Start);
    d
}

#[test]
fn a_console_opens_where_it_was_left() {
    let mut d = remembering();
    d.keys("2 / \"status:live\" Ctrl-u \"market:DE\" Enter s \"name\" Enter c Enter Esc j j");
    assert!(d.saved.len() <= 4, "not with every key: {}", d.saved.len());
    d.keys("Q");
    let text = d.saved.last().unwrap().clone();
    let back = after(&text, false);
    assert_eq!(back.model.screen, ScreenId::Tickets);
    assert_eq!(back.model.screens.tickets.sort, SortKey::Name);
    assert!(back.sees("market:DE") && !back.sees("Platform "), "{}", back.screen());
    assert_eq!(
        back.model.screens.tickets.pick.id(),
        d.model.screens.tickets.pick.id(),
        "the same row"
    );
    let fresh = after(&text, true);
    assert_eq!(fresh.model.screen, ScreenId::Board);
}

#[test]
fn it_is_written_a_second_after_the_last_change_and_not_while_idle() {
    let mut d = remembering();
    d.pass(10_000);
    let at_start = d.saved.len();
    d.keys("2");
    d.pass(5000);
    assert_eq!(d.saved.len(), at_start + 1);
    d.pass(60_000);
    assert_eq!(d.saved.len(), at_start + 1);
}

#[test]
fn a_demo_leaves_nothing_behind() {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys("2 j j Q");
    assert!(d.saved.is_empty());
}

#[test]
fn the_board_keeps_its_column_and_card() {
    let mut d = remembering();
    d.keys("l j j Q");
    let back = after(d.saved.last().unwrap(), false);
    let (a, b) = (&d.model.screens.board, &back.model.screens.board);
    assert_eq!((a.column, a.selected()), (b.column, b.selected()));
    assert!(a.selected().is_some());
}

#[test]
fn what_is_no_session_is_refused_in_words() {
    let mut d = remembering();
    assert!(saved::restore(&mut d.model, "{", false).is_err());
    let newer = saved::restore(&mut d.model, "{\"v\": 9}", false).unwrap_err();
    assert!(newer.contains("form 9"), "{newer}");
    // Of a later build: what is not known is left out.
    let odd = r#"{"v":1,"place":{"screen":"go.moon","tickets":{"filter":"phase:full"}},"views":[]}"#;
    saved::restore(&mut d.model, odd, false).unwrap();
    assert!(d.model.screens.tickets.filter.is_empty());
}

#[test]
fn views_have_names() {
    let mut d = remembering();
    d.keys("2 '");
    assert!(d.sees("no view is saved yet"));
    d.keys("/ \"status:failed\" Enter : \"view\" Space \"save\" Space \"Morning\" Enter");
    assert!(d.sees("view: Morning"), "{}", d.screen());
    d.keys("Esc Esc 1 : \"view.open\" Space \"morning\" Enter");
    assert!(d.sees("view: Morning") && d.sees("status:failed"), "{}", d.screen());
    assert_eq!(d.model.screens.tickets.pick.id(), Some(id(1039)));
    d.keys("Esc '");
    assert!(d.sees("status:failed, by updated"), "{}", d.screen());
    d.keys("Enter : \"view.delete\" Enter Q");
    assert!(!d.saved.last().unwrap().contains("Morning"));
}

#[test]
fn columns_come_and_go() {
    let mut d = Driver::new(World::default(), 200, 50);
    d.keys("2 c");
    insta::assert_snapshot!("columns", d.screen());
    d.keys("\"acc\" Enter Esc");
    assert!(d.sees("act_2044"), "{}", d.screen());
}
