//! Ranking: which snippets speak of what a question speaks of.
//!
//! Why two ways at once: words know their inflections, 4-grams see compounds, misspellings and languages nobody stems.
//! [`super::pipeline`] asks both and joins the answers.
//!
//! Invariants
//! - Ties are broken by document order, so equal questions get equal answers.
//! - A question is words, never query syntax.
//! - Scope and period are filters: they decide who takes part and add nothing to a score.

pub mod in_ram;
pub mod terms;

use serde::{Deserialize, Serialize};

use super::scope::{Scope, Standing};
use terms::Terms;

/// A snippet as the index takes it in.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Title and headings.
    pub head: &'a str,
    /// The text.
    pub text: &'a str,
    /// Two letters.
    pub language: &'a str,
    /// For what it holds.
    pub scope: &'a Scope,
    /// Its period, as a number the caller gives out.
    pub period: u32,
}

/// How to rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Stemmed words of text and headings, and identifiers as they are written.
    Words,
    /// Every four letters in a row.
    Letters,
}

/// Who takes part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where the question stands.
    pub standing: Standing,
    /// Periods that take no part.
    pub not_periods: Vec<u32>,
    /// Only these periods, if any is named.
    pub only_periods: Vec<u32>,
}

/// A snippet that fits, by its position among all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its position, from 0.
    pub snippet: u32,
    /// BM25, above zero; comparable inside one answer only.
    pub score: f32,
}

/// What one term did for a hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The term as it is indexed.
    pub term: String,
    /// Where it stands: `text`, `heading`, `identifier` or `letters`.
    pub at: &'static str,
    /// Its part of the BM25 score.
    pub score: f32,
}

/// The index broke; never the question's fault.
#[derive(Debug, thiserror::Error)]
#[error("the guideline index failed: {0}")]
pub struct RankError(pub String);

/// Anything that can rank snippets.
pub trait Ranker: Send + Sync {
    /// The best `k`, best first, ties in document order.
    fn search(&self, terms: &Terms, by: By, filter: &Filter, k: usize) -> Result<Vec<Hit>, RankError>;

    /// Which terms brought a snippet into the answer, largest share first.
    fn explain(&self, terms: &Terms, snippet: u32) -> Result<Vec<Share>, RankError>;
}
