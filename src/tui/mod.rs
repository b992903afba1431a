//! The console: one thread, one loop, one closed list of messages.
//!
//! ```text
//! term -> Msg -> update(Model) -> Vec<Effect> -> runtime -> EngineClient -> Msg
//!                     |
//!                   dirty -> ui::chrome::draw -> one write
//! ```
//!
//! The rooms: [`app`] (model, messages, update, effects, the gate), [`command`] (the one command table), [`screens`] (one
//! folder each), [`bulk`] (many tickets at once), [`overlay`] (questions, pickers, palette, texts, forms), [`form`] (editing), [`ui`] (drawing), [`theme`]
//! (looks), [`term`] (the terminal), [`runtime`] (the loop that does what update wants done).
//!
//! # Adding a screen
//!
//! 1. A folder `screens/<name>/` with `model.rs` (state and a pure `geometry`), `update.rs` (`ask`, `reply`, `run`,
//!    `filter`), `view.rs` (`draw(pen, area, model)`).
//! 2. A variant of [`screens::ScreenId`] (and its place in `ALL`, which is the order of the tabs), a field in
//!    [`screens::Screens`]; the compiler then leads through the matches of `screens/mod.rs`.
//! 3. A variant of [`app::effect::SlotId`] per query, held as an [`app::slot::Slot`] in the screen's model: `slot.ask(..)`
//!    gives effects, `slot.answer(..)` takes the reply; `app/update.rs` sends the reply to the screen.
//! 4. A variant of [`command::Ctx`], and records in `command/table.rs`: the `go.<name>` command with its number, and
//!    whatever the screen can do. Footer, help, palette and `docs/keys.md` follow by themselves
//!    (`UPDATE_DOCS=1 cargo test docs` writes the page).
//! 5. Movement comes as `Cmd::Down` and friends: [`screens::movement`] turns them into a step for
//!    [`ui::select::Selection`], which follows ids while rows move.
//! 6. A change is an [`app::gate::Intent`] handed to [`app::gate::pass`] with its danger: the gate asks, mints nothing
//!    twice, refuses when read-only. The answer becomes a toast, or lands on the form's fields (`Intent::from_form`).
//! 7. A question is a [`overlay::Picker`] or [`overlay::Prompt`] with a new variant of [`overlay::PickFor`] or
//!    [`overlay::PromptFor`], answered in `overlay/update.rs`; a form is a [`overlay::FormOverlay`] with a new
//!    [`overlay::FormFor`], answered in `screens::form_submitted`.
//! 8. Draw with the [`ui::pen::Pen`]: it takes only house text or sanitised text, clips, and never panics.
//! 9. Tests: `testkit::Driver` types keys at a model over a canned engine and shows the screen as text.
//!
//! # Invariants
//!
//! - This room imports `engine::api` and `engine::model` only.
//! - Update and view do no IO; only [`term`] writes to the terminal; only [`runtime`] awaits.
//! - An idle console sends zero bytes.

pub mod app;
pub mod bulk;
pub mod command;
pub mod form;
pub mod options;
pub mod overlay;
pub mod payload;
pub mod runtime;
pub mod screens;
pub mod term;
pub mod theme;
pub mod ui;

#[cfg(test)]
mod approval_tests;
#[cfg(test)]
mod bulk_tests;
#[cfg(test)]
mod draft_tests;
#[cfg(test)]
mod first_hour_tests;
#[cfg(test)]
mod mending_tests;
#[cfg(test)]
mod news_tests;
#[cfg(test)]
mod palette_tests;
#[cfg(test)]
mod saved_tests;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod testkit;
#[cfg(test)]
mod together_tests;
#[cfg(test)]
mod undo_tests;

pub use crate::log_feed::{self, LogFeed};
pub use command::{KeyWishes, Wish};
pub use options::{Clipboard, Editor, Exit, HandOver, TuiError, TuiOptions};
pub use runtime::{run, run_blocking};
