//! Key scripts against the canned engine: what a person types and what they must see.

use std::time::Duration;

use proptest::prelude::*;
use rstest::rstest;

use super::{
    Exit, TuiOptions,
    app::Msg,
    command::Key,
    screens::ScreenId,
    testkit::{Driver, World, actor, card, event, id, noon},
    theme::{Depth, ThemeName},
};
use crate::engine::{
    api::{CommandKind, Notice, Request},
    model::{
        actor::Role,
        event::{Event, EventKind},
        refusal::{Problem, Refusal, RefusalCode},
        ticket::Status,
    },
};

fn wide() -> Driver {
    Driver::new(World::default(), 120, 36)
}

/// The driver with the cursor on the first ticket of a status, in the ticket table.
fn on(status: &str) -> Driver {
    let mut d = wide();
    d.keys(&format!("2 / \"status:{status}\" Enter"));
    d
}

fn demo() -> World {
    World {
        environment: "demo".to_owned(),
        ..World::default()
    }
}

#[test]
fn the_first_frame_is_there_before_the_engine_answers() {
    let world = World {
        down: Some("opening".to_owned()),
        ..World::default()
    };
    let d = Driver::new(world, 120, 36);
    assert!(d.sees("opening the store") && d.sees("Board"));
    assert!(d.sees("ENGINE LOST: opening"));
}

#[test]
fn deploying_in_production_wants_the_number_typed() {
    let mut d = on("ready-for-api");
    d.keys("P");
    assert!(d.sees("Type 1018 and Enter"), "{}", d.screen());
    assert!(
        d.sees("CREATE on meta, account act_2044.") && d.sees("EUR 1,500.00 per day, 2026-12-01 .. 2026-12-24."),
        "{}",
        d.screen()
    );
    d.keys("\"1019\" Enter");
    assert!(d.sees("that is another word"));
    d.keys("Ctrl-u \"1018\" Enter");
    let done = std::mem::take(&mut d.client.world.lock().unwrap().done);
    assert!(matches!(&done[..], [CommandKind::TicketDeploy { id: i, .. }] if *i == id(1018)));
    assert!(d.sees("1018 is queued to deploy"));
}

#[test]
fn deploying_in_the_demo_wants_a_y() {
    let mut d = Driver::new(demo(), 120, 36);
    d.keys("2 / \"status:ready-for-api\" Enter P");
    assert!(d.sees("y does it"), "{}", d.screen());
    d.keys("Enter");
    assert!(d.client.world.lock().unwrap().done.is_empty(), "Enter does nothing");
    d.keys("y");
    assert_eq!(d.client.world.lock().unwrap().done.len(), 1);
}

#[test]
fn keys_typed_into_a_question_before_it_can_be_read_are_no_answer() {
    let mut d = on("failed");
    d.keys("R");
    d.key(Key::Char('y'));
    assert!(d.sees("y does it"), "queued before it opened");
    d.pass(300);
    d.key(Key::Char('x'));
    d.pass(10);
    d.key(Key::Char('y'));
    assert!(d.sees("y does it"), "part of a burst");
    assert!(d.sees("too fast to be an answer"), "and it is said");
    d.pass(300);
    d.key(Key::Char('y'));
    assert_eq!(d.client.world.lock().unwrap().done.len(), 1);
}

#[test]
fn a_command_id_is_made_once_per_intention() {
    let mut d = on("failed");
    d.keys("R y R y");
    let ids = d.client.world.lock().unwrap().command_ids.clone();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[rstest]
#[case::draft("draft", "P", "1001 is Draft; only Ready tickets can be deployed")]
#[case::live_retry("trafficked_success", "R", "only Failed or Deploying tickets can be retried")]
#[case::live_cancel("trafficked_success", "X", "write a pause or archive ticket")]
#[case::live_delete("trafficked_success", "D", "stays on record")]
fn what_is_not_possible_says_why(#[case] status: &str, #[case] key: &str, #[case] words: &str) {
    let mut d = on(status);
    d.keys(key);
    assert!(d.sees(words), "{}", d.screen());
    assert!(d.client.world.lock().unwrap().done.is_empty());
}

#[test]
fn a_read_only_console_refuses_every_change_and_says_why() {
    let options = TuiOptions {
        read_only: true,
        ..TuiOptions::default()
    };
    let mut d = Driver::with(World::default(), 120, 36, options);
    d.keys("2 / \"status:failed\" Enter R");
    assert!(d.sees("read-only") && d.sees(" RO"));
    d.keys("Esc t D");
    assert!(d.client.world.lock().unwrap().done.is_empty());
}

#[test]
fn a_viewer_reads() {
    let world = World {
        role: Role::Viewer,
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("2 t");
    assert!(d.sees("your role is viewer"));
}

#[test]
fn a_refusal_shows_reason_and_remedy_and_stays() {
    let mut d = on("draft");
    d.client.world.lock().unwrap().refuse = Some(Refusal::new(
        RefusalCode::Stale,
        Problem::whole("ben changed it a moment ago", "r loads it"),
    ));
    d.keys("t");
    assert!(d.sees("ben changed it a moment ago") && d.sees("r loads it"));
    d.pass(10_000);
    assert!(d.sees("ben changed it a moment ago"), "errors do not vanish");
    d.keys("Esc");
    assert!(!d.sees("ben changed it"));
    d.keys("g m");
    assert!(d.sees("ben changed it a moment ago"), "and are in the list of messages");
}

#[test]
fn success_goes_by_itself() {
    let mut d = on("draft");
    d.keys("t");
    assert!(d.sees("QA runs on 1001"));
    d.pass(3100);
    assert!(!d.sees("QA runs on 1001"));
}

#[test]
fn cancelling_asks_what_to_do_with_objects_then_why_then_for_sure() {
    let mut d = on("deploying");
    d.keys("X");
    assert!(d.sees("Leave them paused"), "{}", d.screen());
    d.keys("Down Enter Enter");
    assert!(d.sees("a reason is needed"));
    d.keys("\"wrong-market\" Enter");
    assert!(d.sees("archived on the platform"));
    d.keys("y");
    let done = d.client.world.lock().unwrap().done.clone();
    assert!(
        matches!(&done[..], [CommandKind::TicketCancel { leftovers: Some(_), reason, .. }] if reason == "wrong-market")
    );
}

#[test]
fn a_form_shows_a_refusal_at_its_field_and_keeps_what_was_typed() {
    let mut d = on("draft");
    d.keys("O Ctrl-u \"dora\"");
    d.client.world.lock().unwrap().refuse = Some(Refusal::invalid(vec![Problem::at(
        "assignee",
        "nobody is called dora",
        "",
    )]));
    d.keys("Ctrl-s");
    assert!(d.sees("nobody is called dora") && d.sees("1 to fix"), "{}", d.screen());
    d.keys("Ctrl-u \"ben\" Ctrl-s");
    assert!(d.sees("1001 is saved"));
    let done = d.client.world.lock().unwrap().done.clone();
    assert!(
        matches!(&done[..], [CommandKind::TicketEdit { version: 7, patch, .. }] if patch.assignee.as_deref() == Some("ben"))
    );
}

#[test]
fn one_esc_does_not_drop_what_was_typed() {
    let mut d = on("draft");
    for chord in ["Esc", "Ctrl-c"] {
        d.keys(&format!("O \"x\" {chord}"));
        d.pass(10_000);
        assert!(
            d.sees("drop what was typed?"),
            "it stays until it is answered: {}",
            d.screen()
        );
        d.keys("\"z\"");
        assert!(d.sees("drop what was typed?"), "and takes no other key");
        d.keys("n");
        assert!(!d.sees("drop what was typed?") && d.sees("( Save )"));
        d.keys(chord);
        d.key(Key::Char('y'));
        assert!(d.sees("( Save )"), "a y typed before it could be read is none");
        d.keys("y");
        assert!(!d.sees("( Save )"));
    }
}

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
    let page = super::screens::tickets::model::geometry(d.model.regions().body).page;
    assert!(
        d.sees(&format!("row {}/5,000", super::ui::grouped(20 * page as u64 + 1))),
        "{}",
        d.screen()
    );
    assert!(d.model.screens.tickets.rows().len() < 200);
}

#[test]
fn the_palette_finds_runs_and_says_why_not() {
    let mut d = wide();
    d.keys(": \"logs\" Enter");
    assert_eq!(d.model.screen, ScreenId::Logs);
    d.keys(": \"ticket.deploy\"");
    assert!(d.sees("no ticket is selected"), "{}", d.screen());
    d.keys("Esc : \"app.theme\" Tab \"light\" Enter");
    assert_eq!(d.model.theme.name(), ThemeName::Light);
}

#[test]
fn help_lists_what_works_here_and_runs_it() {
    let mut d = wide();
    d.keys("? \"messages\"");
    assert!(d.sees("g m"));
    d.keys("Enter");
    assert!(d.sees("nothing was said yet"), "{}", d.screen());
}

#[test]
fn a_pending_chord_shows_what_may_follow_and_esc_drops_it() {
    let mut d = wide();
    d.keys("g");
    assert!(!d.sees("and then"));
    d.pass(160);
    assert!(d.sees("and then") && d.sees("Audit"));
    d.keys("Esc");
    assert!(!d.sees("and then"));
    assert_eq!(d.model.screen, ScreenId::Board);
}

#[test]
fn pasted_text_runs_no_commands() {
    let mut d = wide();
    d.send(Msg::Paste("P\ny\nD\ny\n".to_owned()));
    assert!(d.sees("pasted text was dropped"));
    assert!(d.client.world.lock().unwrap().done.is_empty());
    d.keys("2 /");
    d.send(Msg::Paste("market:DE\nstatus:draft".to_owned()));
    d.keys("Enter");
    assert!(d.sees("filter: market:DE status:draft"), "{}", d.screen());
}

#[test]
fn copying_takes_row_number_or_name() {
    let mut d = on("failed");
    d.keys("y i y n");
    assert_eq!(d.copied[0], "1039");
    assert!(d.copied[1].contains("_META_2026_"));
}

#[test]
fn why_says_what_comes_next_and_who_must_act() {
    let mut d = on("qa-failed");
    d.keys("w");
    assert!(
        d.sees("QA found 2 errors.") && d.sees("fix the findings"),
        "{}",
        d.screen()
    );
    d.keys("q");
    assert!(!d.sees("fix the findings"));
}

#[test]
fn moving_shows_every_way_and_why_one_is_barred() {
    let mut d = on("draft");
    d.keys("m");
    assert!(d.sees("only Ready tickets"), "{}", d.screen());
    d.keys("\"qa\" Enter");
    assert!(d.sees("QA runs on"));
}

#[test]
fn q_leads_home_and_then_out() {
    let mut d = wide();
    d.keys("9 q");
    assert_eq!((d.model.screen, d.quit), (ScreenId::Board, None));
    d.keys("Esc");
    assert_eq!(d.quit, None, "Esc never quits");
    d.keys("q");
    assert_eq!(d.quit, Some(Exit::Quit { open: 0 }));
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
fn hostile_names_reach_no_terminal() {
    let hostile = "ACM_DE_META_2026_\u{1b}]52;c;eA==\u{7}\u{202e}\u{9b}2J";
    let world = World {
        cards: vec![card(1001, Status::Draft, hostile)],
        ..World::default()
    };
    let mut d = Driver::new(world, 120, 36);
    for screen in ["1", "2", "8", "9", "2"] {
        d.keys(screen);
        let text = d.screen();
        assert!(
            !text
                .chars()
                .any(|c| c != '\n' && crate::engine::model::sanitise::is_unsafe(c)),
            "{text}"
        );
    }
    d.keys("O");
    assert!(!d.screen().contains('\u{1b}'));
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

#[rstest]
#[case::smallest(80, 24)]
#[case::laptop(120, 36)]
#[case::desk(200, 50)]
fn screens_look_like_this(#[case] width: u16, #[case] height: u16) {
    let mut d = Driver::new(World::default(), width, height);
    d.client.world.lock().unwrap().troubles = vec!["tiktok DOWN 02:10".to_owned()];
    d.keys("r");
    for (key, name) in [("1", "board"), ("2", "tickets"), ("8", "audit"), ("9", "logs")] {
        d.keys(key);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), d.screen());
    }
}

#[test]
fn ascii_looks_like_this() {
    let options = TuiOptions {
        ascii: true,
        color: Depth::Mono,
        ..TuiOptions::default()
    };
    let d = Driver::with(demo(), 120, 36, options);
    let text = d.screen();
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!("board_ascii", text);
}

#[test]
fn overlays_look_like_this() {
    let mut d = on("ready-for-api");
    d.keys("P");
    insta::assert_snapshot!("overlay_typed", d.screen());
    d.keys("Esc O");
    insta::assert_snapshot!("overlay_form", d.screen());
    d.keys("Esc s");
    insta::assert_snapshot!("overlay_sort", d.screen());
    d.keys("Esc ?");
    insta::assert_snapshot!("overlay_help", d.screen());
    d.keys("Esc : \"qa\"");
    insta::assert_snapshot!("overlay_palette", d.screen());
    d.keys("Esc y");
    d.pass(200);
    insta::assert_snapshot!("overlay_which_key", d.screen());
    d.keys("Esc /");
    d.keys("Ctrl-u \"colour:red\" Enter");
    insta::assert_snapshot!("overlay_filter_refused", d.screen());
}

/// Colours and attributes of a whole row, for what plain text cannot show.
fn styles(d: &Driver, needle: &str) -> String {
    let buffer = d.buffer();
    let text = d.screen();
    let y = text.lines().position(|l| l.contains(needle)).unwrap();
    let mut out: Vec<String> = Vec::new();
    for x in 0..buffer.area.width {
        let cell = &buffer[(x, u16::try_from(y).unwrap())];
        if cell.symbol() == " " {
            continue;
        }
        let style = format!("{:?} {:?}", cell.fg, cell.modifier);
        if out.last() != Some(&style) {
            out.push(style);
        }
    }
    out.join("\n")
}

#[rstest]
#[case::colour(Depth::Indexed, "colour")]
#[case::sixteen(Depth::Ansi16, "sixteen")]
#[case::mono(Depth::Mono, "mono")]
fn the_selected_row_and_the_statuses_are_told_apart(#[case] color: Depth, #[case] name: &str) {
    let options = TuiOptions {
        color,
        ..TuiOptions::default()
    };
    let mut d = Driver::with(World::default(), 120, 36, options);
    d.keys("2");
    insta::assert_snapshot!(
        format!("styles_{name}"),
        format!("selected\n{}\nnext\n{}", styles(&d, "1001"), styles(&d, "1012"))
    );
}

#[test]
fn no_status_colour_is_gold() {
    let gold =
        crate::tui::theme::Theme::new(ThemeName::House, Depth::Indexed, false, false).style(super::theme::Role::Accent);
    for status in Status::ALL {
        let theme = crate::tui::theme::Theme::new(ThemeName::House, Depth::Indexed, false, false);
        assert_ne!(theme.style(super::theme::Role::of_status(*status)).fg, gold.fg);
    }
}

/// Bytes over the line at 256 colours on the terminal's own ground: what a slow SSH session feels.
#[rstest]
#[case::phone(80, 24, 6_000)]
#[case::laptop(120, 36, 12_000)]
#[case::desk(200, 60, 28_000)]
#[case::wall(250, 70, 35_000)]
fn a_frame_keeps_its_budget(#[case] width: u16, #[case] height: u16, #[case] full: usize) {
    let cards = (0..700).map(|n| {
        let statuses = [
            Status::Draft,
            Status::QaFailed,
            Status::ReadyForApi,
            Status::Deploying,
            Status::TraffickedSuccess,
        ];
        card(
            1001 + n,
            statuses[n as usize % 5],
            &format!("ACM_DE_META_2026_SpringSale{n}"),
        )
    });
    let world = World {
        cards: cards.collect(),
        ..World::default()
    };
    let mut d = Driver::new(world, width, height);
    for screen in ["1", "2", "8", "9"] {
        d.keys(screen);
        let size = ratatui::layout::Size::new(width, height);
        let mut terminal = ratatui::Terminal::new(super::term::output::FrameBackend::new(size)).unwrap();
        let mut paint = |d: &Driver| {
            terminal.draw(|f| super::ui::chrome::draw(&d.model, f)).unwrap();
            terminal.backend_mut().take_frame().map_or(0, |b| b.len())
        };
        let first = paint(&d);
        assert!(first <= full, "screen {screen}: {first} bytes for a whole frame");
        assert_eq!(paint(&d), 0, "screen {screen}: an unchanged frame");
        d.keys("k");
        paint(&d);
        d.keys("j");
        let step = paint(&d);
        // A card's bar is short; a table's goes over the whole row, twice, and changes the pane beside it.
        let budget = if screen == "1" {
            400
        } else {
            650 + 2 * usize::from(width)
        };
        assert!(step <= budget, "screen {screen}: {step} bytes for a step");
    }
}

/// A source scan: colours in `theme`, writing to the terminal in `term`, waiting in `runtime`.
#[test]
fn each_room_keeps_to_itself() {
    fn visit(dir: &std::path::Path, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                out.push((path.display().to_string(), text));
            }
        }
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tui");
    let mut files = Vec::new();
    visit(std::path::Path::new(root), &mut files);
    let tests =
        |path: &str| path.ends_with("scenarios.rs") || path.ends_with("testkit.rs") || path.ends_with("tests.rs");
    for (path, text) in files.iter().filter(|(p, _)| !tests(p)) {
        let room = path.strip_prefix(root).unwrap();
        let may = |dir: &str| room.starts_with(dir);
        assert!(!text.contains("Color::") || may("/theme"), "{room} names a colour");
        assert!(
            !text.contains("stdout()") || may("/term"),
            "{room} writes to the terminal"
        );
        for io in ["std::fs", "std::net", "std::process", ".await"] {
            assert!(
                !text.contains(io) || may("/term") || may("/runtime") || may("/command/docs"),
                "{room} does {io}"
            );
        }
        for deep in ["engine::store", "engine::decide", "platforms::"] {
            assert!(!text.contains(deep), "{room} looks behind the engine's door");
        }
    }
}

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        6 => proptest::char::range(' ', '~').prop_map(Key::Char),
        1 => proptest::char::range('a', 'z').prop_filter("quits", |c| *c != 'q').prop_map(Key::Ctrl),
        4 => proptest::sample::select(vec![
            Key::Enter, Key::Esc, Key::Tab, Key::BackTab, Key::Backspace, Key::Delete, Key::Up, Key::Down, Key::Left,
            Key::Right, Key::Home, Key::End, Key::PageUp, Key::PageDown, Key::F(1), Key::Char('é'), Key::Char('日'),
        ]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn no_key_and_no_size_panics(
        keys in proptest::collection::vec(any_key(), 1..60),
        sizes in proptest::collection::vec((0_u16..130, 0_u16..40), 1..6),
    ) {
        let mut d = Driver::new(demo(), 80, 24);
        for (i, key) in keys.into_iter().enumerate() {
            if i % 10 == 0 {
                let (w, h) = sizes[i / 10 % sizes.len()];
                d.resize(w, h);
            }
            d.pass(300);
            d.key(key);
            d.buffer();
        }
        let world = d.client.world.lock().unwrap();
        let mut ids = world.command_ids.clone();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), world.command_ids.len(), "one commit per command id");
    }
}

#[test]
fn tiny_terminals_say_so() {
    for (w, h) in [(0, 0), (1, 1), (20, 5), (39, 9), (300, 100)] {
        let mut d = Driver::new(World::default(), w, h);
        for key in ["1", "2", "8", "9", "?"] {
            d.keys(key);
            d.buffer();
        }
    }
    let d = Driver::new(World::default(), 39, 9);
    assert!(d.sees("39x9 is too small"));
}

#[test]
fn the_clock_moves_with_the_minute() {
    let mut d = wide();
    assert!(d.sees("14:32"));
    d.pass(56_000);
    assert!(d.sees("14:33"));
    assert!(noon().plus(Duration::from_secs(1)) > noon());
}
