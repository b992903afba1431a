//! The heart of the console: what it knows, what can wake it, and what it does then.
//!
//! Invariants
//! - [`update::update`] is pure: no IO, clock, environment or randomness; time and ids arrive inside the stamp.
//! - [`msg::Msg`] is closed: what can wake the console is a list on one page.
//! - [`effect::Effect`] is plain data; only the runtime carries it out.

pub mod approval;
pub mod complete;
pub mod contexts;
pub mod draft;
pub mod effect;
pub mod gate;
pub mod model;
pub mod msg;
pub mod news;
pub mod notify;
pub mod people;
pub mod pointer;
pub mod pulse;
pub mod run;
pub mod saved;
pub mod slot;
pub mod standing;
pub mod toast;
pub mod trail;
pub mod undo;
pub mod update;
pub mod verbs;

pub use effect::Effect;
pub use model::Model;
pub use msg::{Msg, Stamp};
