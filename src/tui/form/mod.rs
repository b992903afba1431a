//! Editing: a line, a form of fields, and how they look.
//!
//! Invariants
//! - What is typed is kept in NFC and cut by graphemes; control characters never get in.
//! - A choice field's value is always one of its options or nothing: typed letters only find a row.

pub mod field;
pub mod line;
pub mod model;
pub mod view;
mod walk;

#[cfg(test)]
mod tests;

pub use field::{Choice, Field, FieldKind};
pub use line::LineEdit;
pub use model::{Form, FormEvent, edit_area};
