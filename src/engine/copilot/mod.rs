//! The copilot: answers from the house's own rules, cited and checked, or none.
//!
//! Invariants
//! - It has no tools and no authority: nothing it says changes state.
//! - Everything but our template and the typed question is untrusted and fenced.
//! - What leaves the host passed [`redact`] first.
//! - An answer is believed as far as [`check`] found its words in the snippets, and shown as such.

pub mod check;
pub mod client;
pub mod cost;
pub mod exchange;
pub mod prompt;
pub mod redact;
pub mod settings;
pub mod transport;
pub mod wire;
