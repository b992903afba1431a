//! One ticket, all truths: its form at the left, findings, payload, ledger and history at the right, and below both why
//! it is where it is.
//!
//! Invariants
//! - Everything shown is of one answer of the engine; notices make it old, never a guess of ours.
//! - Editing happens in a form over the left pane: findings stay in view, and another person's change is merged into
//!   it field by field, so that nothing typed is lost and nobody is overwritten unseen.

pub mod conflict;
pub mod edit;
pub mod ledger;
pub mod model;
pub mod proposal;
pub mod rows;
pub mod tabs;
pub mod update;
pub mod view;
