//! Writing a ticket: the form for a new one, and the fields it shares with the form that edits one.
//!
//! Invariants
//! - Nothing governed can be typed: campaign, channel, account and target are rows of a list.
//! - The name is never typed either: the preview is the engine's own answer, by the code that commits.
//! - A refusal drops nothing: the form stays, the focus goes to the first bad field.

pub mod content;
pub mod follow;
pub mod model;
pub mod payload;
pub mod update;
pub mod view;
