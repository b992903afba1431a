//! What QA found in all tickets: groups that open, lines that lead to their field, fixes for one ticket or many.

pub mod act;
pub mod model;
pub mod update;
pub mod view;

#[cfg(test)]
mod tests;
