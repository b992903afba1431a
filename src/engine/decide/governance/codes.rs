//! Codes of governed values: claimed for one owner, former ones kept.

use std::fmt::Display;

use super::super::{problems::Problems, tx::Tx};
use crate::engine::{
    model::{code::Code, event::Noun, refusal::Refusal},
    store::schema::keys,
};

/// Most former codes one value can have: enough for every rename anybody means, few enough to stay readable.
const ALIASES_MAX: usize = 20;

/// A new value brings no history.
pub(super) fn must_be_new(problems: &mut Problems, retired: bool, aliases: &[Code]) {
    if retired {
        problems.invalid(
            "retired",
            "a new value cannot be retired",
            "make it first, retire it later",
        );
    }
    if !aliases.is_empty() {
        problems.invalid(
            "aliases",
            "a new value has no former codes",
            "make it with its first code and rename it",
        );
    }
}

/// Claims a code, or says who is in the way.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    problems: &mut Problems,
    noun: Noun,
    id: impl Display,
    code: &Code,
) -> Result<(), Refusal> {
    let key = keys::code(noun, code);
    match tx.owner(&key)? {
        None => tx.claim(&key, id),
        Some(owner) if owner == id.to_string() => Ok(()),
        Some(_) => {
            problems.duplicate(
                "code",
                format!("the {noun} code {code} is taken"),
                "choose another; former codes stay taken, so that old names still parse",
            );
            Ok(())
        }
    }
}

/// Gives a value another code and keeps the old one as an alias. Going back to a former code of its own is fine.
pub(super) fn rename(
    tx: &mut Tx<'_>,
    problems: &mut Problems,
    noun: Noun,
    id: impl Display,
    (code, aliases): (&mut Code, &mut Vec<Code>),
    new: &Code,
) -> Result<(), Refusal> {
    if new == code {
        return Ok(());
    }
    claim(tx, problems, noun, id, new)?;
    aliases.retain(|a| a != new);
    aliases.push(std::mem::replace(code, new.clone()));
    aliases.sort();
    if aliases.len() > ALIASES_MAX {
        problems.invalid(
            "code",
            format!("it had {ALIASES_MAX} codes before, and each stays reserved"),
            "go back to one of its former codes",
        );
    }
    Ok(())
}

/// Frees every code of a value that is removed.
pub(super) fn release(tx: &mut Tx<'_>, noun: Noun, code: &Code, aliases: &[Code]) {
    for code in std::iter::once(code).chain(aliases) {
        tx.delete_if_there(&keys::code(noun, code));
    }
}
