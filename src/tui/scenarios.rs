//! Key scripts against the canned engine: what a person types and what they must see.

mod lists;
mod questions;

use std::time::Duration;

use proptest::prelude::*;
use rstest::rstest;

use super::{
    Exit, TuiOptions,
    command::Key,
    screens::ScreenId,
    testkit::{Driver, World, card, noon},
    theme::{Depth, ThemeName},
};
use crate::engine::model::ticket::Status;

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
    let tests = |path: &str| path.ends_with("scenarios.rs") || path.contains("/testkit") || path.ends_with("tests.rs");
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
