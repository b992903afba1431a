//! QA rules: those of the house and those built in, a builder for admins, and a dry run on the open tickets before
//! anything is saved. A rule leads to its findings: the ticket table, narrowed to it.

pub mod findings;
pub mod form;
pub mod model;
pub mod paths;
pub mod trial;
pub mod update;
pub mod view;

#[cfg(test)]
mod tests;
