//! From keys to commands: the first context of the stack that knows the chord wins.

use std::sync::LazyLock;

use super::{
    ctx::Ctx,
    key::Key,
    table::{Cmd, TABLE},
};

/// One chord in one context.
struct Binding {
    ctx: Ctx,
    chord: Vec<Key>,
    cmd: Cmd,
}

static BINDINGS: LazyLock<Vec<Binding>> = LazyLock::new(|| {
    TABLE
        .iter()
        .flat_map(|record| {
            let chords = record.keys.iter().filter_map(|c| Key::parse_chord(c));
            chords.flat_map(move |chord| {
                record.contexts.iter().map(move |ctx| Binding {
                    ctx: *ctx,
                    chord: chord.clone(),
                    cmd: record.cmd,
                })
            })
        })
        .collect()
});

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

/// What `keys` mean in a stack of contexts, nearest first. Never a panic, whatever is typed.
pub fn resolve(stack: &[Ctx], keys: &[Key]) -> Meaning {
    let mut next: Vec<(Key, Cmd)> = Vec::new();
    for ctx in stack {
        for binding in BINDINGS.iter().filter(|b| b.ctx == *ctx) {
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
pub fn live(stack: &[Ctx]) -> Vec<(Cmd, &'static str)> {
    let mut taken: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for ctx in stack {
        for record in TABLE.iter().filter(|r| r.contexts.contains(ctx)) {
            let free = record.keys.iter().find(|k| !taken.contains(k));
            if let Some(key) = free {
                out.push((record.cmd, *key));
            }
        }
        taken.extend(
            TABLE
                .iter()
                .filter(|r| r.contexts.contains(ctx))
                .flat_map(|r| r.keys.iter().copied()),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_two_commands_share_a_chord_in_one_context() {
        let mut seen = BTreeMap::new();
        for b in BINDINGS.iter() {
            let key = (b.ctx, format!("{:?}", b.chord));
            if let Some(other) = seen.insert(key, b.cmd) {
                panic!("{:?} and {:?} share a chord in {:?}", other, b.cmd, b.ctx);
            }
        }
    }

    #[test]
    fn no_chord_is_the_start_of_another_where_both_are_live() {
        for stack in crate::tui::app::contexts::every_stack() {
            for a in BINDINGS.iter().filter(|b| stack.contains(&b.ctx)) {
                for b in BINDINGS.iter().filter(|b| stack.contains(&b.ctx)) {
                    let longer = b.chord.len() > a.chord.len() && b.chord.starts_with(&a.chord);
                    assert!(!longer, "{:?} hides {:?} in {stack:?}", a.cmd, b.cmd);
                }
            }
        }
    }

    #[test]
    fn chords_wait_for_their_second_key() {
        let stack = [Ctx::Board, Ctx::List, Ctx::Global];
        assert_eq!(resolve(&stack, &[Key::Char('j')]), Meaning::Run(Cmd::Down));
        let Meaning::Pending(next) = resolve(&stack, &[Key::Char('g')]) else {
            panic!("g starts chords")
        };
        assert!(next.contains(&(Key::Char('b'), Cmd::GoBoard)));
        assert_eq!(
            resolve(&stack, &[Key::Char('g'), Key::Char('b')]),
            Meaning::Run(Cmd::GoBoard)
        );
        assert_eq!(resolve(&stack, &[Key::Char('§')]), Meaning::Nothing);
    }
}
