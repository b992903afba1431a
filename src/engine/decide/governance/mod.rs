//! Markets, brands and channels: only an admin changes them, and what is referred to is retired, not removed.
//!
//! Why so strict: names on the platforms are made of their codes. A code, once given, is never given to anybody else
//! while its owner lives; renaming keeps the old code as an alias, so old names still parse; a ticket's own name never
//! changes.

pub mod brand;
pub mod channel;
mod codes;
pub mod market;

use std::fmt::Display;

use super::{
    call::{Call, not_in_use},
    changes::{Changes, subject},
    problems::Problems,
    tx::Tx,
};
use crate::engine::{
    model::{
        code::Code,
        event::{EventKind, Noun},
        refusal::{Problem, Refusal, RefusalCode},
    },
    store::{Commit, Key, schema::keys},
};

/// Refuses to make what is there.
fn must_be_free(tx: &mut Tx<'_>, problems: &mut Problems, noun: Noun, key: &Key) {
    if !tx.is_free(key) {
        problems.push(
            RefusalCode::Duplicate,
            Problem::whole(format!("this {noun} exists already"), "look at the list again"),
        );
    }
}

/// Gives the codes of something back, which nobody refers to.
fn let_go(
    tx: &mut Tx<'_>,
    noun: Noun,
    id: impl Display,
    (code, aliases): (&Code, &[Code]),
    used_by: &str,
) -> Result<(), Refusal> {
    not_in_use(noun, code, tx.count(&keys::refs(noun, id))?, used_by)?;
    codes::release(tx, noun, code, aliases);
    Ok(())
}

/// Removes something that was let go.
fn removed<'a>(call: &Call<'a>, mut tx: Tx<'a>, noun: Noun, id: impl Display, code: &Code, key: &Key) -> Commit {
    tx.delete_if_there(&keys::refs(noun, &id));
    tx.delete(key);
    let sentence = format!("{noun} {code} removed");
    let about = subject(noun, id, code);
    call.finish(tx, Changes::new().event(EventKind::Deleted, about, &sentence))
}

/// Takes a patch's value over, if it has one.
fn set<T: Clone>(field: &mut T, patch: Option<&T>) {
    if let Some(value) = patch {
        field.clone_from(value);
    }
}

/// Headline and sentence of a change: retiring has a headline of its own.
fn update_words(noun: Noun, code: &Code, was_retired: bool, is_retired: bool) -> (EventKind, String) {
    if is_retired && !was_retired {
        (EventKind::Retired, format!("{noun} {code} retired"))
    } else {
        (EventKind::Updated, format!("{noun} {code} changed: {{fields}}"))
    }
}
