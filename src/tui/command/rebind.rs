//! Keys somebody chose. What cannot be is said with its place, the default stays, and the console opens.
//!
//! Invariants
//! - A key that moves never runs what can harm.
//! - The palette keeps a key, and so does everything in a dialog or a field.
//! - In a field a printable key is text, so no command sits on one there.

use std::collections::BTreeSet;

use super::{
    ctx::Ctx,
    key::Key,
    keymap::{Binding, Keymap, of},
    table::{Cmd, Command, Danger, TABLE},
};
use crate::{engine::model::sanitise::excerpt, tui::app::contexts};

/// What somebody wants, as written; each with its place in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyWishes {
    /// A set of keys to start from, and where it is named.
    pub preset: Option<(String, String)>,
    /// Chords nobody wants.
    pub unbind: Vec<(String, String)>,
    /// Chords for commands, instead of the default ones.
    pub bind: Vec<Wish>,
}

/// Chords for one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The command's id.
    pub command: String,
    /// Its chords; none = only `:` runs it.
    pub chords: Vec<String>,
    /// Where it is written: `config.toml:12`.
    pub place: String,
}

/// Presets, and the chords each takes away. `arrows` is for who does not want letters to move.
const PRESETS: [(&str, &[&str]); 2] = [("default", &[]), ("arrows", &["h", "j", "k", "l", "g g", "G"])];

/// Keys that terminals send for something else.
const CONFUSED: [&str; 6] = ["Ctrl-h", "Ctrl-i", "Ctrl-m", "Ctrl-[", "Ctrl-\\", "Ctrl-z"];

/// The keys in force, and what of the wishes cannot be.
pub fn apply(wishes: &KeyWishes) -> (Keymap, Vec<String>) {
    let mut wrong = Vec::new();
    let mut unwanted: Vec<(Vec<Key>, &str)> = Vec::new();
    if let Some((name, place)) = &wishes.preset {
        match PRESETS.iter().find(|(n, _)| n == name) {
            Some((_, chords)) => unwanted.extend(chords.iter().filter_map(|c| Some((Key::parse_chord(c)?, "")))),
            None => wrong.push(format!(
                "{place}: there is no preset {}; known: default, arrows",
                excerpt(name, 24)
            )),
        }
    }
    for (name, place) in &wishes.unbind {
        match Key::parse_chord(name) {
            Some(chord) => unwanted.push((chord, place)),
            None => wrong.push(format!(
                "{place}: {} is no key; write g b, Ctrl-s, F5",
                excerpt(name, 24)
            )),
        }
    }
    let mut bindings = Keymap::default().bindings().to_vec();
    for (chord, place) in unwanted {
        take_away(&mut bindings, &chord, place, &mut wrong);
    }
    // First everything that moves lets its keys go, so that two commands can change places.
    let mut known: Vec<(&'static Command, &Wish)> = Vec::new();
    let mut seen = BTreeSet::new();
    for wish in &wishes.bind {
        match TABLE.iter().find(|r| r.id == wish.command) {
            Some(record) if seen.insert(record.cmd) => known.push((record, wish)),
            Some(record) => wrong.push(format!("{}: {} is bound twice", wish.place, record.id)),
            None => wrong.push(format!(
                "{}: there is no command {}; docs/keys.md lists them",
                wish.place,
                excerpt(&wish.command, 40)
            )),
        }
    }
    let mut before: Vec<(Cmd, Vec<Binding>)> = Vec::new();
    for (record, _) in &known {
        let own = bindings.iter().filter(|b| b.cmd == record.cmd).cloned().collect();
        before.push((record.cmd, own));
        bindings.retain(|b| b.cmd != record.cmd);
    }
    for (record, wish) in known {
        let checked = check(record, &wish.chords, &bindings);
        match checked {
            Ok(new) => bindings.extend(new),
            Err(why) => {
                wrong.push(format!("{}: {}: {why}", wish.place, record.id));
                let own = before.iter().find(|(cmd, _)| *cmd == record.cmd);
                let own = own.map(|(_, b)| b.clone()).unwrap_or_default();
                // The default stays, unless somebody else has it by now.
                bindings.extend(
                    own.into_iter()
                        .filter(|b| clash(b, &bindings.clone()).is_none())
                        .collect::<Vec<_>>(),
                );
            }
        }
    }
    (Keymap::from_bindings(bindings), wrong)
}

/// True for commands that are lost without a key: the palette itself, and what the palette cannot offer.
fn needs_key(record: &Command) -> bool {
    record.cmd == Cmd::Palette || !(record.is_in_palette() || record.contexts.contains(&Ctx::List))
}

fn take_away(bindings: &mut Vec<Binding>, chord: &[Key], place: &str, wrong: &mut Vec<String>) {
    let hit = |b: &Binding| b.chord == chord;
    if !place.is_empty() && !bindings.iter().any(hit) {
        wrong.push(format!("{place}: nothing is on this key"));
    }
    let left = |cmd: Cmd| bindings.iter().any(|b| b.cmd == cmd && !hit(b));
    let kept: BTreeSet<Cmd> = bindings
        .iter()
        .filter(|b| hit(b) && needs_key(b.cmd.record()) && !left(b.cmd))
        .map(|b| b.cmd)
        .collect();
    if !place.is_empty() {
        wrong.extend(kept.iter().map(|cmd| {
            let record = cmd.record();
            format!("{place}: {} ({}) keeps its only key", record.title, record.id)
        }));
    }
    bindings.retain(|b| !hit(b) || kept.contains(&b.cmd));
}

fn check(record: &Command, chords: &[String], bindings: &[Binding]) -> Result<Vec<Binding>, String> {
    if chords.is_empty() && needs_key(record) {
        return Err("it needs a key".to_owned());
    }
    if record.contexts.contains(&Ctx::Always) {
        return Err("it is the same in every terminal program and stays".to_owned());
    }
    let typed = record.contexts.iter().any(|c| {
        matches!(
            c,
            Ctx::Prompt | Ctx::Choose | Ctx::Finder | Ctx::Form | Ctx::Field | Ctx::Area | Ctx::Payload
        )
    });
    for name in chords {
        let shown = excerpt(name, 24);
        let Some(chord) = Key::parse_chord(name) else {
            return Err(format!("{shown} is no key; write g b, Ctrl-s, F5"));
        };
        if name.split(' ').any(|k| CONFUSED.contains(&k)) {
            return Err(format!("{shown} arrives as another key in some terminals"));
        }
        if record.danger > Danger::None && chord.iter().any(|k| k.moves()) {
            return Err(format!("{shown} moves the cursor, and what moves never harms"));
        }
        if typed && matches!(chord.first(), Some(Key::Char(_))) {
            return Err(format!("{shown} is text there"));
        }
    }
    let new = of(record, chords);
    for binding in &new {
        if let Some(other) = clash(binding, bindings) {
            let record = other.cmd.record();
            return Err(format!(
                "{} is {} ({}) already",
                excerpt(&other.name, 24),
                record.title,
                record.id
            ));
        }
    }
    Ok(new)
}

/// The binding that has the same chord in the same place, or that hides this one or is hidden by it.
fn clash<'b>(new: &Binding, bindings: &'b [Binding]) -> Option<&'b Binding> {
    let starts = |a: &Binding, b: &Binding| a.chord.len() < b.chord.len() && b.chord.starts_with(&a.chord);
    let together = |a: Ctx, b: Ctx| contexts::every_stack().iter().any(|s| s.contains(&a) && s.contains(&b));
    bindings.iter().filter(|b| b.cmd != new.cmd).find(|b| {
        let same = b.ctx == new.ctx && b.chord == new.chord;
        same || ((starts(b, new) || starts(new, b)) && together(b.ctx, new.ctx))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::command::keymap::Meaning;

    fn wish(command: &str, chords: &[&str]) -> KeyWishes {
        KeyWishes {
            bind: vec![Wish {
                command: command.to_owned(),
                chords: chords.iter().map(|c| (*c).to_owned()).collect(),
                place: "c.toml:3".to_owned(),
            }],
            ..KeyWishes::default()
        }
    }

    fn means(map: &Keymap, keys: &str) -> Meaning {
        let stack = [Ctx::Tickets, Ctx::Ticket, Ctx::List, Ctx::Global, Ctx::Always];
        map.resolve(&stack, &Key::parse_chord(keys).unwrap())
    }

    #[test]
    fn a_command_gets_other_keys() {
        let (map, wrong) = apply(&wish("ticket.retry", &["F5", "W r"]));
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(means(&map, "F5"), Meaning::Run(Cmd::TicketRetry));
        assert_eq!(means(&map, "W r"), Meaning::Run(Cmd::TicketRetry));
        assert_eq!(means(&map, "R"), Meaning::Nothing);
        assert_eq!(map.key(Cmd::TicketRetry), "F5");
    }

    #[test]
    fn two_commands_change_places() {
        let mut wishes = wish("ticket.why", &["t"]);
        wishes.bind.extend(wish("ticket.qa", &["w"]).bind);
        let (map, wrong) = apply(&wishes);
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(means(&map, "t"), Meaning::Run(Cmd::TicketWhy));
        assert_eq!(means(&map, "w"), Meaning::Run(Cmd::TicketQa));
    }

    #[rstest::rstest]
    #[case::unknown("ticket.explode", &["F5"], "there is no command ticket.explode")]
    #[case::no_key("ticket.retry", &["Hyper-x"], "Hyper-x is no key")]
    #[case::moves("ticket.delete", &["Ctrl-d"], "moves the cursor")]
    #[case::moves_too("ticket.deploy", &["j"], "moves the cursor")]
    #[case::taken("ticket.retry", &["t"], "t is QA (ticket.qa) already")]
    #[case::hides("ticket.why", &["g"], "already")]
    #[case::hidden("ticket.why", &["t w"], "t is QA (ticket.qa) already")]
    #[case::text("form.submit", &["s"], "is text there")]
    #[case::palette("app.palette", &[], "needs a key")]
    #[case::confused("ticket.why", &["Ctrl-h"], "arrives as another key")]
    #[case::always("app.suspend", &["F5"], "stays")]
    fn what_cannot_be_is_said_and_the_default_stays(#[case] id: &str, #[case] chords: &[&str], #[case] words: &str) {
        let (map, wrong) = apply(&wish(id, chords));
        assert!(
            wrong.len() == 1 && wrong[0].starts_with("c.toml:3: ") && wrong[0].contains(words),
            "{wrong:?}"
        );
        assert_eq!(map, Keymap::default());
    }

    #[test]
    fn keys_can_be_taken_away() {
        let wishes = KeyWishes {
            unbind: vec![("D".into(), "c.toml:2".into()), (":".into(), "c.toml:2".into())],
            ..KeyWishes::default()
        };
        let (map, wrong) = apply(&wishes);
        assert_eq!(means(&map, "D"), Meaning::Nothing);
        assert_eq!(wrong, Vec::<String>::new(), "Ctrl-p is left for the palette");
        let mut more = wishes;
        more.unbind.push(("Ctrl-p".into(), "c.toml:2".into()));
        let (_, wrong) = apply(&more);
        assert!(wrong.iter().any(|w| w.contains("keeps its only key")), "{wrong:?}");
    }

    #[test]
    fn a_preset_starts_without_letters_that_move() {
        let preset = |name: &str| KeyWishes {
            preset: Some((name.to_owned(), "c.toml:2".to_owned())),
            ..KeyWishes::default()
        };
        let (map, wrong) = apply(&preset("arrows"));
        assert!(wrong.is_empty() && means(&map, "j") == Meaning::Nothing);
        assert_eq!(means(&map, "Down"), Meaning::Run(Cmd::Down));
        let (map, wrong) = apply(&preset("emacs"));
        assert!(wrong[0].contains("there is no preset emacs") && map == Keymap::default());
    }
}
