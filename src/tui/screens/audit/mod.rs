//! The audit trail: every commit with who, when, what, before and after.

pub mod model;
pub mod update;
pub mod view;
