//! What is asked of the copilot, and what it answers.

use serde::{Deserialize, Serialize};

pub use crate::engine::copilot::{
    front::Kind,
    lint::Suspicion,
    scope::{Dimension, Scope, Standing},
};
use crate::engine::model::{ids::TicketNo, json::Sha, time::Day};

/// A look at the guidelines: a window over sources, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuidelineWindow {
    /// Only sources that may speak to a question that stands there.
    pub standing: Standing,
    /// Only behind this source (exclusive).
    pub after: Option<String>,
    /// At most this many.
    pub limit: u32,
    /// Wait until every change of the files is read. Otherwise the answer is what is at hand.
    pub fresh: bool,
}

/// Whether a source is used, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// It is.
    InForce,
    /// Its first day is still to come.
    NotYet,
    /// Its last day is over.
    Expired,
    /// It looks like an attack on a reader; a person has to release it.
    Quarantined,
}

impl SourceState {
    /// The word for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::NotYet => "not yet in force",
            Self::Expired => "expired",
            Self::Quarantined => "quarantined",
        }
    }
}

/// A source of guidelines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// `folder/path`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its sort.
    pub kind: Kind,
    /// For what it holds.
    pub scope: Scope,
    /// Which edition.
    pub version: String,
    /// First day it holds.
    pub effective_from: Option<Day>,
    /// Last day it holds.
    pub effective_to: Option<Day>,
    /// Whether it is used.
    pub state: SourceState,
    /// Two letters.
    pub language: String,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// Whether it may be sent to a language model on another host.
    pub may_leave_host: bool,
    /// Whether somebody reads every change of it first.
    pub reviewed: bool,
    /// Where its facts come from.
    pub references: Vec<String>,
    /// SHA-256 of its text.
    pub hash: Sha,
    /// Invisible runs removed from it.
    pub hidden: u32,
    /// Snippets of its own.
    pub snippets: u64,
    /// Why it is quarantined.
    pub quarantine: Vec<Suspicion>,
}

/// Something wrong with a guideline file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceProblem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The field.
    pub field: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

/// How far a new index has come; answers come from the one before until it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indexing {
    /// Snippets done.
    pub done: u64,
    /// Snippets in all; zero while the files are read.
    pub of: u64,
}

/// The window's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidelineRows {
    /// The rows.
    pub rows: Vec<SourceRow>,
    /// Sources that match, in all.
    pub matching: u64,
    /// Snippets of all sources.
    pub snippets: u64,
    /// The first files something is wrong with.
    pub problems: Vec<SourceProblem>,
    /// How many there are.
    pub problem_count: u64,
    /// Work under way.
    pub indexing: Option<Indexing>,
}

/// A question to the guidelines. `@brand: @platform: @market: @objective:` inside the text say where it stands, before
/// `standing`, before the ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuidelineSearch {
    /// The question.
    pub text: String,
    /// Where it stands.
    pub standing: Standing,
    /// The ticket it stands in.
    pub ticket: Option<TicketNo>,
    /// At most this many snippets; zero = as many as there are places.
    pub limit: u32,
    /// Say why each snippet is there.
    pub explain: bool,
    /// Wait until every change of the files is read. Otherwise the answer is what is at hand.
    pub fresh: bool,
}

/// What one term did for a snippet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermShare {
    /// The term as it is indexed: a stem, an identifier, four letters.
    pub term: String,
    /// `text`, `heading`, `identifier` or `letters`.
    pub at: String,
    /// Its part of what was scored in its way, in per cent.
    pub percent: f32,
}

/// Why a snippet is where it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WhySnippet {
    /// Its rank by words, from 1.
    pub words_rank: Option<u32>,
    /// Its rank by 4-grams, from 1.
    pub letters_rank: Option<u32>,
    /// Terms by words, largest share first.
    pub words: Vec<TermShare>,
    /// The 4-grams with the largest shares.
    pub letters: Vec<TermShare>,
}

/// A snippet that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SnippetView {
    /// `source@version#ordinal`.
    pub id: String,
    /// Its source.
    pub source: String,
    /// The source's title.
    pub title: String,
    /// The source's sort.
    pub kind: Kind,
    /// For what it holds.
    pub scope: Scope,
    /// The headings above it, outermost first.
    pub heading: Vec<String>,
    /// The source's edition.
    pub version: String,
    /// First day it holds.
    pub effective_from: Option<Day>,
    /// Its first line in the file; on its page, where there are pages.
    pub line: u64,
    /// The page it stands on, from 1; `None` when its source has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub page: Option<u32>,
    /// The text, as written.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: Sha,
    /// Words of the question in the text: byte ranges, in order.
    pub marks: Vec<(u32, u32)>,
    /// Whether it may be sent to a language model on another host.
    pub may_leave_host: bool,
    /// Whether somebody reads every change of its source first.
    #[serde(default)]
    pub reviewed: bool,
    /// Other sources with the same text.
    pub also_in: Vec<String>,
    /// True when another one under the same heading gives other numbers.
    pub disagrees: bool,
    /// Why it is there, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<WhySnippet>,
}

/// Terms told to a person who asks why.
const TERMS_TOLD: usize = 6;

impl WhySnippet {
    /// For people: its rank by words and by letters, each with the terms that counted most.
    pub fn lines(&self) -> [String; 2] {
        let line = |by: &str, rank: Option<u32>, terms: &[TermShare]| {
            let rank = rank.map_or_else(|| "-".to_owned(), |r| r.to_string());
            let terms: Vec<_> = terms
                .iter()
                .take(TERMS_TOLD)
                .map(|t| format!("{} {:.0}% in {}", t.term, t.percent, t.at))
                .collect();
            format!("rank {rank} by {by}: {}", terms.join(", "))
        };
        [
            line("words", self.words_rank, &self.words),
            line("letters", self.letters_rank, &self.letters),
        ]
    }
}

impl SnippetView {
    /// Where it stands in its source: the headings above it and its page. Empty when there is neither.
    pub fn path(&self) -> String {
        let page = self.page.map(|page| format!("p. {page}"));
        let path: Vec<&str> = self.heading.iter().chain(&page).map(String::as_str).collect();
        path.join(" › ")
    }

    /// Its source's title and where it stands there, the title once.
    pub fn place(&self) -> String {
        let page = self.page.map(|page| format!("p. {page}"));
        let headings = self.heading.iter().filter(|h| **h != self.title);
        let path: Vec<&str> = [&self.title]
            .into_iter()
            .chain(headings)
            .chain(&page)
            .map(String::as_str)
            .collect();
        path.join(" › ")
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GuidelineAnswer {
    /// The question without what says where it stands.
    pub question: String,
    /// Where it stood.
    pub standing: Standing,
    /// Snippets in scope and in force, best first.
    pub hits: Vec<SnippetView>,
    /// Snippets outside the scope; only when there are few in it.
    pub outside: Vec<SnippetView>,
    /// Sources that speak of it and do not hold today.
    pub not_in_force: Vec<SourceRow>,
    /// Snippets the question was put to.
    pub in_scope: u64,
    /// Work under way: the answer may be better in a moment.
    pub indexing: Option<Indexing>,
}
