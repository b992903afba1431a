//! Deploys: the queue that explains itself, the accounts it runs on, and the answers only a person can give.

pub mod answer;
pub mod hold;
pub mod log;
pub mod model;
pub mod priority;
pub mod state;
pub mod update;
pub mod view;

#[cfg(test)]
mod tests;
