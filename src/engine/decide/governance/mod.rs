//! Markets, brands and channels: only an admin changes them, and what is referred to is retired, not removed.
//!
//! Why so strict: names on the platforms are made of their codes. A code, once given, is never given to anybody else
//! while its owner lives; renaming keeps the old code as an alias, so old names still parse; a ticket's own name never
//! changes.

pub mod brand;
pub mod channel;
mod codes;
pub mod market;

use crate::engine::model::{
    code::Code,
    event::{EventKind, Noun},
};

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
