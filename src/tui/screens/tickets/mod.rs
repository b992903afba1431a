//! The ticket table: a window over any number of tickets.

pub mod columns;
pub mod model;
pub mod update;
pub mod view;
pub mod views;
