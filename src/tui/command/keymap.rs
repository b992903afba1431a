//! From keys to commands: the first context of the stack that knows the chord wins.

use super::{
    ctx::Ctx,
    key::Key,
    table::{Cmd, Command, TABLE},
};

/// One chord in one context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where.
    pub ctx: Ctx,
    /// The keys, one after the other.
    pub chord: Vec<Key>,
    /// How people write it: `g b`.
    pub name: String,
    /// What it runs.
    pub cmd: Cmd,
}

/// Every binding in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    /// The table's own keys.
    fn default() -> Self {
        let bindings = TABLE.iter().flat_map(|r| of(r, r.keys)).collect();
        Self { bindings }
    }
}

/// A command's bindings with these chords. A chord nobody can type is left out.
pub fn of<S: AsRef<str>>(record: &Command, chords: &[S]) -> Vec<Binding> {
    let chords = chords
        .iter()
        .filter_map(|name| Some((name.as_ref(), Key::parse_chord(name.as_ref())?)));
    chords
        .flat_map(|(name, chord)| {
            record.contexts.iter().map(move |ctx| Binding {
                ctx: *ctx,
                chord: chord.clone(),
                name: name.to_owned(),
                cmd: record.cmd,
            })
        })
        .collect()
}

/// What the keys typed so far mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// This command.
    Run(Cmd),
    /// The start of longer chords: the next key and what it would run.
    Pending(Vec<(Key, Cmd)>),
    /// Nothing.
    Nothing,
}

impl Keymap {
    /// Every binding, in the order of the table.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// From bindings, in the order of the table.
    pub fn from_bindings(mut bindings: Vec<Binding>) -> Self {
        bindings.sort_by_key(|b| b.cmd as usize);
        Self { bindings }
    }

    /// The first chord of a command, for tabs and lists; empty when it has none.
    pub fn key(&self, cmd: Cmd) -> String {
        let first = self.bindings.iter().find(|b| b.cmd == cmd);
        first.map_or_else(String::new, |b| b.name.clone())
    }

    /// What `keys` mean in a stack of contexts, nearest first. Never a panic, whatever is typed.
    pub fn resolve(&self, stack: &[Ctx], keys: &[Key]) -> Meaning {
        let mut next: Vec<(Key, Cmd)> = Vec::new();
        for ctx in stack {
            for binding in self.bindings.iter().filter(|b| b.ctx == *ctx) {
                if binding.chord == keys && next.is_empty() {
                    return Meaning::Run(binding.cmd);
                }
                if let Some([after, ..]) = binding.chord.strip_prefix(keys)
                    && !next.iter().any(|(k, _)| k == after)
                {
                    next.push((*after, binding.cmd));
                }
            }
        }
        if next.is_empty() {
            Meaning::Nothing
        } else {
            Meaning::Pending(next)
        }
    }

    /// Commands live in a stack with the chord that reaches them, nearest context first; shadowed chords are left out.
    pub fn live(&self, stack: &[Ctx]) -> Vec<(Cmd, String)> {
        let mut taken: Vec<&str> = Vec::new();
        let mut out: Vec<(Cmd, String)> = Vec::new();
        for ctx in stack {
            let here = || self.bindings.iter().filter(|b| b.ctx == *ctx);
            let before = out.len();
            for binding in here().filter(|b| !taken.contains(&b.name.as_str())) {
                if !out.iter().skip(before).any(|(cmd, _)| *cmd == binding.cmd) {
                    out.push((binding.cmd, binding.name.clone()));
                }
            }
            taken.extend(here().map(|b| b.name.as_str()));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_two_commands_share_a_chord_in_one_context() {
        let mut seen = BTreeMap::new();
        for b in Keymap::default().bindings() {
            let key = (b.ctx, format!("{:?}", b.chord));
            if let Some(other) = seen.insert(key, b.cmd) {
                panic!("{:?} and {:?} share a chord in {:?}", other, b.cmd, b.ctx);
            }
        }
    }

    #[test]
    fn no_chord_is_the_start_of_another_where_both_are_live() {
        let map = Keymap::default();
        for stack in crate::tui::app::contexts::every_stack() {
            for a in map.bindings().iter().filter(|b| stack.contains(&b.ctx)) {
                for b in map.bindings().iter().filter(|b| stack.contains(&b.ctx)) {
                    let longer = b.chord.len() > a.chord.len() && b.chord.starts_with(&a.chord);
                    assert!(!longer, "{:?} hides {:?} in {stack:?}", a.cmd, b.cmd);
                }
            }
        }
    }

    #[test]
    fn chords_wait_for_their_second_key() {
        let map = Keymap::default();
        let stack = [Ctx::Board, Ctx::List, Ctx::Global];
        assert_eq!(map.resolve(&stack, &[Key::Char('j')]), Meaning::Run(Cmd::Down));
        let Meaning::Pending(next) = map.resolve(&stack, &[Key::Char('g')]) else {
            panic!("g starts chords")
        };
        assert!(next.contains(&(Key::Char('b'), Cmd::GoBoard)));
        assert_eq!(
            map.resolve(&stack, &[Key::Char('g'), Key::Char('b')]),
            Meaning::Run(Cmd::GoBoard)
        );
        assert_eq!(map.resolve(&stack, &[Key::Char('§')]), Meaning::Nothing);
    }
}
