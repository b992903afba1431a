//! The rules of `ARCHITECTURE.md` that a compiler does not hold: who may know whom, and what stands in one place only.
//! The sources are read as text; comments and tests inside them do not count.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{collections::BTreeSet, path::Path};

use regex::Regex;
use rstest::rstest;

/// One source file.
struct Source {
    /// Below `src`, without `.rs` and `mod`: `engine/decide/tx`.
    room: String,
    text: String,
    /// Without comments and test modules; empty when the whole file is one.
    code: String,
    is_test: bool,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let below = path.strip_prefix(&root).unwrap().with_extension("");
                let below = below.to_str().unwrap();
                let room = below.strip_suffix("/mod").unwrap_or(below).to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                sources.push(Source {
                    room,
                    code: code_of(&text),
                    text,
                    is_test: false,
                });
            }
        }
    }
    sources.sort_by(|a, b| a.room.cmp(&b.room));
    assert!(sources.len() > 100, "the sources were not found");
    let tests = test_rooms(&sources);
    for source in &mut sources {
        if tests.iter().any(|room| is_in(&source.room, room)) {
            source.code.clear();
            source.is_test = true;
        }
    }
    sources
}

/// Modules in files of their own that the one who declares them compiles for tests only.
fn test_rooms(sources: &[Source]) -> Vec<String> {
    let declared = Regex::new(r"#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))? )?mod (\w+);").unwrap();
    let rooms = sources.iter().flat_map(|s| {
        let of = |name: &str| {
            if s.room == "lib" {
                name.to_owned()
            } else {
                format!("{}/{name}", s.room)
            }
        };
        declared
            .captures_iter(&s.text)
            .map(move |c| of(&c[1]))
            .collect::<Vec<_>>()
    });
    rooms.collect()
}

/// Unit tests stand last in a file, behind `#[cfg(test)]`.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]"
            && lines
                .peek()
                .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
        {
            break;
        }
        // A `//` inside a text, such as an address, hides the rest of its line: nothing we look for stands there.
        code += line.split_once("//").map_or(line, |(before, _)| before);
        code.push('\n');
    }
    code
}

/// Every path of this crate that a source names, `a::b::c`, with `{..}` spread out and `super` resolved.
fn names(source: &Source) -> BTreeSet<String> {
    let start = Regex::new(r"\b(crate|(?:super::)*super)::").unwrap();
    let mut found = BTreeSet::new();
    for at in start.captures_iter(&source.code) {
        let mut base: Vec<&str> = Vec::new();
        let head = at.get(1).unwrap().as_str();
        if head != "crate" {
            base = source.room.split('/').collect();
            base.truncate(base.len().saturating_sub(head.split("::").count()));
        }
        let rest = &source.code[at.get(0).unwrap().end()..];
        spread(&base.join("::"), rest, &mut found);
    }
    found
}

/// Reads one use-tree and gives what is left of the text behind it.
fn spread<'t>(base: &str, text: &'t str, found: &mut BTreeSet<String>) -> &'t str {
    let join = |name: &str| {
        if base.is_empty() {
            name.to_owned()
        } else {
            format!("{base}::{name}")
        }
    };
    let text = text.trim_start();
    if let Some(mut inner) = text.strip_prefix('{') {
        loop {
            inner = spread(base, inner, found).trim_start();
            match inner.strip_prefix(',') {
                Some(next) if !next.trim_start().starts_with('}') => inner = next,
                Some(next) => return next.trim_start().trim_start_matches('}'),
                None => return inner.strip_prefix('}').unwrap_or(inner),
            }
        }
    }
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let path = if name == "self" { base.to_owned() } else { join(name) };
    match rest.strip_prefix("::") {
        Some(deeper) if !name.is_empty() => spread(&path, deeper, found),
        _ => {
            found.insert(path);
            let rest = rest.trim_start();
            // `as` gives it another name here; what it is stays.
            rest.strip_prefix("as ").map_or(rest, |r| {
                r.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
            })
        }
    }
}

fn is_in(path: &str, room: &str) -> bool {
    path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with(['/', ':']))
}

/// Rooms, and what they must not know.
#[rstest]
#[case::the_console_speaks_to_the_engine_only(
    "tui",
    "engine::store engine::decide engine::deploy engine::service engine::host engine::qa engine::view platforms config cli demo"
)]
#[case::the_command_line_asks_the_engine(
    "cli",
    "engine::store engine::service engine::qa engine::view engine::deploy::ledger engine::deploy::lanes"
)]
#[case::the_engine_knows_no_face("engine", "tui cli config demo log_feed")]
#[case::values_know_nothing(
    "engine/model",
    "engine::store engine::decide engine::deploy engine::service engine::host engine::qa engine::view engine::api platforms"
)]
#[case::decisions_are_pure(
    "engine/decide",
    "engine::store::embedded engine::store::memory engine::store::journal engine::store::index engine::store::core engine::store::verify engine::service engine::host engine::view engine::deploy::drive engine::deploy::executor engine::deploy::lanes platforms logging textfile"
)]
#[case::judging_is_pure(
    "engine/qa",
    "engine::store engine::service engine::host engine::view engine::deploy platforms logging textfile"
)]
#[case::names_are_pure(
    "engine/taxonomy",
    "engine::store engine::service engine::host engine::view engine::deploy platforms logging textfile"
)]
#[case::the_store_keeps(
    "engine/store",
    "engine::service engine::host engine::view engine::deploy engine::qa platforms"
)]
#[case::the_projection_shows("engine/view", "engine::service engine::host platforms")]
#[case::platforms_know_their_platform(
    "platforms",
    "engine::store engine::deploy engine::service engine::host engine::view engine::qa engine::decide tui cli config demo"
)]
// Backoff is arithmetic; `textfile` lends its complaints, and only `service` reads files with it.
#[case::what_is_asked_and_believed_is_pure(
    "engine/copilot",
    "engine::store engine::service engine::host engine::view engine::decide engine::qa engine::api engine::deploy::drive engine::deploy::executor engine::deploy::lanes engine::deploy::ledger platforms logging"
)]
#[case::the_configuration_is_read_only(
    "config",
    "engine::store engine::service engine::host engine::deploy engine::decide tui cli"
)]
fn who_may_know_whom(#[case] room: &str, #[case] not: &str) {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in sources().iter().filter(|s| is_in(&s.room, room)) {
        seen += 1;
        for name in names(source) {
            if not.split(' ').any(|n| is_in(&name, n)) {
                wrong.push(format!("src/{} names {name}", source.room));
            }
        }
    }
    assert!(seen > 0, "there is no {room}");
    assert!(wrong.is_empty(), "{room} must not know {not}:\n{}", wrong.join("\n"));
}

/// What stands in certain places only. The pattern is a regular expression over code.
#[rstest]
#[case::sled(r"\bsled::", "engine/store/index")]
#[case::ranking(r"\btantivy::", "engine/copilot/index")]
#[case::pdf(r"\boxidize_pdf::", "pdf/reader")]
#[case::sled_traps(r"\.transaction\(|\bwatch_prefix\b", "")]
#[case::bincode(r"\bbincode::", "engine/store/codec")]
#[case::printing(r"\be?print(ln)?!|\bdbg!", "")]
#[case::standard_streams(
    r"\bstd(out|err)\(\)\.(lock|write)|\bio::std(out|err)\(\)\)",
    "tui/term cli/output pdf/reader"
)]
#[case::crossterm(r"\bcrossterm::", "tui/term")]
#[case::drawing(r"\bratatui::", "tui")]
#[case::environment(
    r"\b(std::)?env::(var|vars|args|home_dir|temp_dir|current_dir|set_var)",
    "config main"
)]
#[case::home_directory(r"\bdirectories::", "config")]
#[case::sending(r"\breqwest::", "platforms/transport")]
#[case::waiting(
    r"\btokio::",
    "cli config demo engine/copilot/client engine/deploy engine/service engine/host engine/view engine/store engine/clock engine/api platforms/transport platforms/sandbox tui logging log_feed failpoint"
)]
// How long a poll, a flush or a test took is not a moment anybody decides by.
#[case::clocks(
    r"\b(SystemTime|Instant)::now\b|\bZoned::now\b|\bTimestamp::now\b",
    "engine/clock engine/copilot/client engine/store/embedded/writer tui/runtime demo/headless"
)]
#[case::chance(
    r"\bfastrand::|\bUuid::now_v7\b|\bUuid::new_v4\b",
    "engine/clock platforms/sandbox/faults tui/testkit"
)]
#[case::colours(r"\bColor::(Rgb|Indexed|Reset|Black|White|(Light|Dark)?(Red|Green|Blue|Yellow|Cyan|Magenta|Gray))\b|\bRgb\(|\.(red|green|blue|yellow|cyan|magenta)\(\)", "tui/theme")]
// A yes that comes in a burst of keys is pasted text, not an answer: that gate must know the letter.
#[case::keys(r"\bKeyCode::|\bKey::Char\('", "tui/command tui/term tui/overlay")]
#[case::processes(
    r"\bprocess::Command\b",
    "platforms/transport/credentials tui/runtime cli/handover pdf"
)]
fn one_place(#[case] pattern: &str, #[case] places: &str) {
    let pattern = Regex::new(pattern).unwrap();
    let allowed = |room: &str| places.split(' ').any(|p| !p.is_empty() && is_in(room, p));
    let wrong: Vec<_> = sources()
        .iter()
        .filter(|s| !allowed(&s.room))
        .filter_map(|s| {
            let line = s.code.lines().find(|l| pattern.is_match(l))?;
            Some(format!("src/{}: {}", s.room, line.trim()))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{pattern} belongs to \"{places}\":\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_file_is_short_and_says_why_it_exists() {
    let mut wrong = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        // Lists of cases are long and flat.
        let limit = if source.is_test { 800 } else { 600 };
        if lines > limit {
            wrong.push(format!("src/{} has {lines} lines, at most {limit} fit", source.room));
        }
        if !source.text.starts_with("//! ") {
            wrong.push(format!("src/{} does not open with why it exists", source.room));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Crash points are for the proof kit: an ordinary build does not even know their names.
#[test]
fn an_ordinary_build_has_no_crash_points() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_omnitraffick")).unwrap();
    let names = regex::bytes::Regex::new(r"cp(0[1-9]|1\d|20)_[a-z]+_[a-z]+").unwrap();
    assert_eq!(names.is_match(&program), cfg!(feature = "failpoints"));
}

/// The readers above must be able to find something.
#[test]
fn paths_are_spread_and_resolved() {
    let source = Source {
        room: "engine/decide/tx".to_owned(),
        text: String::new(),
        is_test: false,
        code: code_of(
            "use super::{problems::Problems, view::Row};\nuse crate::{\n    engine::{api::{A, B as C}, model},\n    \
             platforms::meta::Meta,\n};\n// crate::comment\nlet x = super::super::view::f();\n#[cfg(test)]\nmod tests {\n    \
             use crate::tui;\n}\n",
        ),
    };
    let all: Vec<_> = names(&source).into_iter().collect();
    for name in [
        "engine::api::A",
        "engine::api::B",
        "engine::decide::problems::Problems",
        "engine::model",
        "engine::view::f",
        "platforms::meta::Meta",
    ] {
        assert!(all.iter().any(|n| n == name), "{name} is not in {all:?}");
    }
    assert!(
        !all.iter().any(|n| n.starts_with("tui") || n.starts_with("comment")),
        "{all:?}"
    );
}
