//! Campaigns: what was promised, and how far its tickets are. Their forms and the impact question are governance's.

pub mod model;
pub mod update;
pub mod view;
