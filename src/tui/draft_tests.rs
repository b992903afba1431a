//! Nothing that was typed into a form is lost: drafts across consoles, and two people on one ticket.

use std::path::PathBuf;

use proptest::prelude::*;
use rstest::rstest;

use super::{
    TuiOptions,
    app::draft::{self, Draft},
    form::Field,
    overlay::Overlay,
    testkit::{Driver, EDITED, World, id, ticket_view},
};
use crate::engine::{
    api::{CommandKind, TicketPatch},
    model::refusal::{Problem, Refusal, RefusalCode},
};

fn console(world: World) -> Driver {
    let options = TuiOptions {
        state: Some(PathBuf::from("kept by the test")),
        ..TuiOptions::default()
    };
    Driver::with(world, 120, 36, options)
}

/// A console that comes after another one, however that ended.
fn after(before: &Driver) -> Driver {
    let mut d = console(World::default());
    let left = before.drafts.values().map(|text| Draft::parse(text).unwrap()).collect();
    draft::found(&mut d.model, left);
    d.drafts.clone_from(&before.drafts);
    d
}

fn value(d: &Driver, key: &str) -> String {
    let form = d.model.overlays.iter().find_map(|o| match o {
        Overlay::Form(f) => Some(&f.form),
        _ => None,
    });
    form.map(|f| f.value(key)).unwrap_or_default()
}

/// Notes of a new ticket, typed and not handed in.
fn begun() -> Driver {
    let mut d = console(World::default());
    d.keys("a Ctrl-f \"notes\" Enter \"ask_ben_first\"");
    d
}

#[test]
fn what_was_typed_is_on_disk_within_a_second_and_the_next_console_goes_on_with_it() {
    let mut d = begun();
    d.pass(1000);
    assert_eq!(d.drafts.len(), 1);
    assert!(d.sees("draft saved 14:3"), "{}", d.screen());
    let mut next = after(&d);
    assert!(
        next.sees("a form that was not handed in is kept: New ticket"),
        "{}",
        next.screen()
    );
    next.keys("g f Enter");
    assert_eq!(value(&next, "notes"), "ask_ben_first");
    next.keys("Ctrl-f \"notes\" Enter \"!\"");
    next.pass(1000);
    assert_eq!(next.drafts.len(), 1, "it is one draft, wherever it is written on");
}

#[test]
fn a_draft_of_a_ticket_leads_back_to_it() {
    let mut d = console(World::default());
    d.keys("2 Enter e Ctrl-f \"notes\" Enter \"later\"");
    d.pass(1000);
    let mut next = after(&d);
    next.keys("g f Enter");
    assert_eq!(value(&next, "notes"), "later", "{}", next.screen());
    assert_eq!(next.model.screens.detail.ticket, Some(id(1001)));
}

#[test]
fn quitting_by_a_signal_writes_at_once() {
    let mut d = begun();
    d.send(super::app::Msg::End(super::Exit::Terminated));
    assert_eq!(d.drafts.len(), 1);
}

#[test]
fn opening_the_form_again_offers_what_was_typed() {
    let mut d = begun();
    d.pass(1000);
    let mut next = after(&d);
    next.keys("a");
    assert!(next.sees("This form was begun before"), "{}", next.screen());
    next.keys("Enter");
    assert_eq!(value(&next, "notes"), "ask_ben_first");
}

#[rstest]
#[case::drops("y", 0)]
#[case::keeps("k", 1)]
fn leaving_asks_what_becomes_of_it(#[case] answer: &str, #[case] drafts: usize) {
    let mut d = begun();
    d.pass(1000);
    d.keys("Esc");
    assert!(d.sees("keeps it as a draft"), "{}", d.screen());
    d.keys(answer);
    assert!(d.model.overlays.is_empty());
    assert_eq!(d.drafts.len(), drafts);
    assert_eq!(d.model.drafts.left.len(), drafts);
}

#[test]
fn a_dropped_draft_is_gone() {
    let mut d = begun();
    d.pass(1000);
    let mut next = after(&d);
    next.keys("g f Down Enter");
    assert!(next.drafts.is_empty() && next.model.drafts.left.is_empty());
}

#[test]
fn handed_in_is_no_draft_any_more() {
    let mut d = console(World::default());
    d.keys("2 Enter e Ctrl-f \"notes\" Enter \"hello\"");
    d.pass(1000);
    assert_eq!(d.drafts.len(), 1);
    d.keys("Ctrl-s");
    assert!(d.drafts.is_empty(), "{}", d.screen());
}

/// Somebody else changes ticket 1001 while it is edited here.
fn contested() -> Driver {
    let mut d = console(World::default());
    d.keys("2 Enter e Ctrl-f \"notes\" Enter \"mine\"");
    assert_eq!(value(&d, "notes"), "mine");
    let mut world = d.client.world.lock().unwrap();
    let mut view = ticket_view(&world.cards[0]);
    view.card.version = 8;
    view.card.updated_by = "ben".into();
    view.ticket.version = 8;
    "theirs".clone_into(&mut view.ticket.value.notes);
    world.views.push(view);
    let stale = Problem::whole("ticket 1001 changed since you looked", "look again");
    world
        .errors
        .push((id(1001), Refusal::new(RefusalCode::Stale, stale).into()));
    drop(world);
    d
}

#[rstest]
#[case::mine("Ctrl-s", Some("mine"))]
#[case::theirs("Space Down Enter Ctrl-s", None)]
fn two_people_on_one_field_choose(#[case] keys: &str, #[case] sent: Option<&str>) {
    let mut d = contested();
    d.keys("Ctrl-s");
    d.pass(500);
    assert!(
        d.sees("1001 was changed meanwhile") && d.sees("ben made it \"theirs\""),
        "{}",
        d.screen()
    );
    if sent.is_some() {
        insta::assert_snapshot!("conflict", d.screen());
    }
    d.keys(keys);
    assert!(!d.sees("was changed meanwhile"), "{}", d.screen());
    let world = d.client.world.lock().unwrap();
    let edits: Vec<(u64, Option<&str>)> = world
        .done
        .iter()
        .filter_map(|kind| match kind {
            CommandKind::TicketEdit {
                version,
                patch: TicketPatch { notes, .. },
                ..
            } => Some((*version, notes.as_deref())),
            _ => None,
        })
        .collect();
    assert_eq!(edits, sent.map(|s| (8, Some(s))).into_iter().collect::<Vec<_>>());
}

/// What ticket 1001 is by now, by somebody else.
fn moves_on(d: &mut Driver, version: u64, notes: Option<&str>) {
    {
        let mut world = d.client.world.lock().unwrap();
        let view = world.views.last_mut().unwrap();
        view.card.version = version;
        view.ticket.version = version;
        if let Some(notes) = notes {
            notes.clone_into(&mut view.ticket.value.notes);
        }
    }
    d.send(crate::tui::app::Msg::Notice(crate::engine::api::Notice::Health));
    d.pass(500);
}

fn saved(d: &Driver) -> Vec<(u64, Option<String>)> {
    let world = d.client.world.lock().unwrap();
    let edit = |kind: &CommandKind| match kind {
        CommandKind::TicketEdit { version, patch, .. } => Some((*version, patch.notes.clone())),
        _ => None,
    };
    world.done.iter().filter_map(edit).collect()
}

/// QA goes on while the question stands: the choice is about the content, and is saved on the version of that moment.
#[test]
fn the_ticket_moves_on_while_somebody_chooses() {
    let mut d = contested();
    d.keys("Ctrl-s");
    d.pass(500);
    moves_on(&mut d, 10, None);
    assert!(d.sees("1001 was changed meanwhile"), "{}", d.screen());
    d.keys("Ctrl-s");
    d.pass(500);
    assert_eq!(saved(&d), [(10, Some("mine".to_owned()))], "{}", d.screen());
}

/// The same field changes once more: what was chosen is not held against something nobody saw.
#[test]
fn a_change_while_somebody_chooses_is_asked_about() {
    let mut d = contested();
    d.keys("Ctrl-s");
    d.pass(500);
    moves_on(&mut d, 9, Some("theirs again"));
    assert!(d.sees("ben made it \"theirs again\""), "{}", d.screen());
    assert_eq!(saved(&d), []);
    d.keys("Ctrl-s");
    d.pass(500);
    assert_eq!(saved(&d), [(9, Some("mine".to_owned()))]);
}

/// Only the ticket's version moved, as it does when QA ends: nobody is asked, and nothing is left unsaved without a word.
#[test]
fn what_only_came_too_late_is_saved_again() {
    let mut d = contested();
    d.client
        .world
        .lock()
        .unwrap()
        .views
        .last_mut()
        .unwrap()
        .ticket
        .value
        .notes
        .clear();
    d.keys("Ctrl-s");
    d.pass(500);
    assert!(!d.sees("was changed meanwhile"), "{}", d.screen());
    assert_eq!(saved(&d), [(8, Some("mine".to_owned()))], "{}", d.screen());
}

#[test]
fn going_back_from_the_choice_loses_nothing() {
    let mut d = contested();
    d.keys("Ctrl-s");
    d.pass(500);
    d.keys("Esc");
    assert_eq!(value(&d, "notes"), "mine");
    d.keys("Ctrl-s");
    assert!(d.sees("was changed meanwhile"), "it asks until there is a choice");
}

/// F4 on the notes of a new ticket.
fn edited(editor: fn(String) -> Result<String, String>) -> Driver {
    let options = TuiOptions {
        state: Some(PathBuf::from("kept by the test")),
        editor: Some(super::Editor {
            command: vec!["ed".to_owned()],
            dir: PathBuf::from("unused"),
        }),
        ..TuiOptions::default()
    };
    let mut d = Driver::with(World::default(), 120, 36, options);
    d.editor = editor;
    d.keys("a Ctrl-f \"notes\" Enter \"one\" F4");
    d
}

#[test]
fn the_editor_gets_the_field_and_gives_it_back() {
    let d = edited(|text| Ok(format!("{text}\ntwo")));
    assert_eq!(value(&d, "notes"), "one\ntwo");
}

#[test]
fn the_editors_file_goes_once_its_text_is_in_the_form() {
    let d = edited(|text| Ok(format!("{text}\ntwo")));
    assert_eq!(d.dropped, [PathBuf::from(EDITED)]);
}

/// The form's fields change places while the editor is open: the text goes to its own.
#[test]
fn the_text_finds_its_field_in_another_place() {
    let mut d = edited(Ok);
    d.editor = |_| Ok("from the editor".to_owned());
    d.editing = true;
    d.keys("F4");
    if let Some(Overlay::Form(f)) = d.model.overlays.last_mut() {
        f.form
            .swap_fields(|_| false, "notes", vec![Field::text("extra", "Extra", 40, "as it was")]);
    }
    let msg = d.edited.take().unwrap();
    d.send(msg);
    assert_eq!(value(&d, "notes"), "from the editor");
    assert_eq!(value(&d, "extra"), "as it was");
}

/// Another form of the same kind is on top by then, or none.
#[rstest]
#[case::none("2")]
#[case::another("a Ctrl-f \"notes\" Enter \"other\"")]
fn a_text_whose_form_is_gone_is_kept_and_named(#[case] keys: &str) {
    let mut d = edited(Ok);
    d.editing = true;
    d.keys("F4");
    d.dropped.clear();
    d.model.overlays.clear();
    d.keys(keys);
    let before = value(&d, "notes");
    let msg = d.edited.take().unwrap();
    d.send(msg);
    assert!(d.sees(&format!("kept in {EDITED}")), "{}", d.screen());
    assert_eq!(value(&d, "notes"), before);
    assert!(d.dropped.is_empty());
}

#[test]
fn an_editor_that_fails_changes_nothing_and_is_told() {
    let d = edited(|_| Err("ed ended with exit status: 1; nothing is taken from it".to_owned()));
    assert_eq!(value(&d, "notes"), "one");
    assert!(d.sees("nothing is taken from it"), "{}", d.screen());
}

#[test]
fn what_the_editor_left_is_in_the_draft() {
    let mut d = edited(|_| Ok("from the editor".to_owned()));
    d.pass(1000);
    assert!(d.drafts.values().next().unwrap().contains("from the editor"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is typed into whichever fields: a console that dies a second later leaves all of it.
    #[test]
    fn no_typed_text_is_lost(typed in prop::collection::vec(("(notes|assignee|budget|flight\\.start)", "[a-z0-9+.é漢-]{1,12}"), 1..6)) {
        let mut d = console(World::default());
        d.keys("a");
        for (key, text) in &typed {
            if let Some(Overlay::Form(f)) = d.model.overlays.last_mut() {
                f.form.focus_on(key);
            }
            for c in text.chars() {
                d.key(super::command::Key::Char(c));
            }
        }
        d.pass(1000);
        let mut next = after(&d);
        next.keys("g f Enter");
        for (key, _) in &typed {
            prop_assert_eq!(value(&next, key), value(&d, key), "{}", key);
            prop_assert!(!value(&next, key).is_empty());
        }
    }
}
