//! The copilot: a question, what it would bring, the answer with its sources.
//!
//! A question takes two steps where a model is configured: the snippets and the list of what goes out come first, then
//! a person sends it. Without one the snippets are the answer.

pub mod flow;
pub mod model;
pub mod update;
pub mod verdict;
pub mod view;

#[cfg(test)]
mod tests;
