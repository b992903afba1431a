//! The board: seven columns in flow order, live.

pub mod model;
pub mod update;
pub mod view;
