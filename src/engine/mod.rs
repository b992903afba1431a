//! The engine: governed names, tickets, QA, the store and the executor. Knows no terminal, no HTTP client, no
//! environment.

pub mod api;
pub mod clock;
pub mod copilot;
pub mod decide;
pub mod deploy;
pub mod host;
pub mod model;
pub mod policy;
pub mod qa;
pub mod service;
pub mod store;
pub mod taxonomy;
pub mod view;
