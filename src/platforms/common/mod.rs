//! What is decided alike on every platform.
//!
//! Why here: a ticket's budget, flight, target and steps are ours, not a platform's. Each platform brings its words, its
//! field names and its limits; the decision stands once, and a new platform starts from it.
//!
//! - [`steps`], [`plan`]: how a job is cut, and what a step acts on
//! - [`account`], [`target`], [`budget`], [`flight`]: what can be wrong with a job before anything is sent
//! - [`payload`]: from a section of the ticket to fields fit to send
//! - [`outcome`]: what an answer, or none, leaves open
//! - [`read`], [`look_up`], [`compare`]: finding and reading objects, and what differs
//! - [`tables`]: a platform's data files
//!
//! Invariant: nothing here asks which platform it is.

pub mod account;
pub mod budget;
pub mod compare;
pub mod flight;
pub mod look_up;
pub mod outcome;
pub mod payload;
pub mod plan;
pub mod read;
pub mod steps;
pub mod tables;
pub mod target;

#[cfg(test)]
pub mod testing;
