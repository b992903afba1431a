//! Governance: markets, brands, channels and accounts; what may be used in names, and what a change of it touches.
//!
//! Campaigns are made of governed values and edited by the same forms ([`edit`]), so their screen shares the answer
//! ([`model::Governed`]), the forms and the impact question ([`impact`]) with this one.

pub mod edit;
pub mod find;
pub mod forms;
pub mod impact;
pub mod model;
pub mod rows;
pub mod submit;
pub mod update;
pub mod view;

#[cfg(test)]
pub(crate) mod tests;
