//! How far an answer is to be believed: every rule cited, every figure and quotation found where it is cited.
//!
//! It is code that decides this, not the model: a wrong limit is the error that costs money, and finding it needs no
//! model.
//!
//! Invariants
//! - An answer without one valid citation is [`EndState::NoRuleFound`], whatever it says.
//! - Nothing of an answer reaches a terminal as a command: escape sequences are gone before anything is read.

mod claims;
mod numerals;
mod quantity;
mod safe;
mod sentences;
mod stance;
mod support;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use safe::safe_text;
use sentences::Sentence;
pub use sentences::without_markers;
use support::Ground;
use words::{WORDS, has_phrase};

use super::wire::{Finish, LlmError};
pub use crate::engine::model::exchange::EndState;

/// The one word a model answers with when the snippets do not cover a question.
pub const NO_RULE: &str = "NO_RULE";

/// A snippet as it was sent, under the number the model knows it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// 3 for `[S3]`.
    pub number: u32,
    /// Title, heading, dates and text: all that was sent of it.
    pub text: String,
}

/// What is wrong with a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// It names a snippet that was not sent.
    UnknownCitation(u32),
    /// It states a rule and names no snippet.
    UncitedRule,
    /// None of its snippets says this.
    NotFound(String),
    /// The model said that there is no rule, and gave one all the same.
    NoRuleBesideRules,
}

impl std::fmt::Display for Flag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownCitation(n) => write!(f, "S{n} was not sent"),
            Self::UncitedRule => f.write_str("no source"),
            Self::NotFound(what) => write!(f, "\"{what}\" is not in its source"),
            Self::NoRuleBesideRules => f.write_str("says there is no rule, and gives one"),
        }
    }
}

/// A sentence of the answer and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Safe to show, markers included.
    pub text: String,
    /// The snippets it names or leans on, that were sent.
    pub cited: Vec<u32>,
    /// What is wrong; empty = nothing.
    pub flags: Vec<Flag>,
}

/// An answer, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// How it ends.
    pub state: EndState,
    /// The whole text, safe to show, lines kept.
    pub text: String,
    /// Sentence by sentence.
    pub sentences: Vec<Judged>,
    /// The snippets that were cited, in order.
    pub cited: Vec<u32>,
    /// Why it is not grounded although nothing is flagged: stopped, cut, filtered.
    pub why: Option<String>,
}

impl Checked {
    /// All flags, in order.
    pub fn flags(&self) -> impl Iterator<Item = &Flag> {
        self.sentences.iter().flat_map(|s| &s.flags)
    }
}

/// Checks a whole answer. `context` is the question with the ticket's facts: numbers and quotations repeated from
/// there without a rule are nobody's invention.
pub fn check(answer: &str, sources: &[Source], context: &str, end: &Result<Finish, LlmError>) -> Checked {
    let text = safe_text(answer);
    let grounds: BTreeMap<u32, Ground> = sources.iter().map(|s| (s.number, Ground::read(&s.text))).collect();
    let context = Ground::read(context);
    let mut judged = Vec::new();
    let mut cited = Vec::new();
    let parts = sentences::sentences(&text);
    let narrowing: Vec<bool> = parts.iter().map(|s| stance::qualifies(&s.bare)).collect();
    for (at, sentence) in parts.iter().enumerate() {
        let mut others = parts.iter().zip(&narrowing).enumerate().filter(|(n, _)| *n != at);
        let qualified = others.any(|(_, (s, narrows))| *narrows && s.cited.iter().any(|c| sentence.cited.contains(c)));
        let one = judge(sentence, &grounds, &context, qualified);
        for number in &one.cited {
            if !cited.contains(number) {
                cited.push(*number);
            }
        }
        judged.push(one);
    }
    let says_none = |s: &Judged| has_word(&s.text, NO_RULE);
    let first = text.trim_start().trim_start_matches(['*', '`', '"', '#', ' ']);
    let mut state = if cited.is_empty() || first.starts_with(NO_RULE) {
        EndState::NoRuleFound
    } else {
        for one in judged.iter_mut().filter(|s| says_none(s)) {
            one.flags.push(Flag::NoRuleBesideRules);
        }
        if judged.iter().all(|s| s.flags.is_empty()) {
            EndState::Grounded
        } else {
            EndState::Partial
        }
    };
    let why = match end {
        Ok(Finish::Complete) => None,
        Ok(Finish::Truncated) => Some("the answer was cut at the limit of tokens".to_owned()),
        Ok(Finish::Filtered) => Some("the server's content filter cut the answer".to_owned()),
        Ok(Finish::Other(word)) => Some(format!("the server ended the answer with \"{word}\"")),
        Err(error) => Some(error.to_string()),
    };
    if why.is_some() {
        state = state.max(EndState::Partial);
    }
    Checked {
        state,
        text,
        sentences: judged,
        cited,
        why,
    }
}

fn judge(sentence: &Sentence, grounds: &BTreeMap<u32, Ground>, context: &Ground, qualified: bool) -> Judged {
    let (cited, unknown): (Vec<u32>, Vec<u32>) = sentence.cited.iter().partition(|n| grounds.contains_key(n));
    let mut flags: Vec<Flag> = unknown.into_iter().map(Flag::UnknownCitation).collect();
    let folded = support::fold(&sentence.bare);
    // "The snippets do not say how long": true or not, it is no rule.
    let is_gap = has_phrase(&folded, &WORDS.source) && has_phrase(&folded, &WORDS.silent);
    if !is_gap {
        if cited.is_empty() {
            if states_rule(sentence, &folded, context) {
                flags.push(Flag::UncitedRule);
            }
        } else {
            let named: Vec<&Ground> = cited.iter().filter_map(|n| grounds.get(n)).collect();
            let missing = support::unsupported(&sentence.bare, &named, context, qualified);
            flags.extend(missing.into_iter().map(Flag::NotFound));
        }
    }
    Judged {
        text: sentence.text.clone(),
        cited,
        flags,
    }
}

/// True for a sentence with a figure or a word that makes rules. A question makes none, nor does what only repeats the
/// ticket, nor a lead-in to cited items, nor the sign that there is no rule.
fn states_rule(sentence: &Sentence, folded: &str, context: &Ground) -> bool {
    if folded.ends_with('?') || has_word(&sentence.bare, NO_RULE) {
        return false;
    }
    let imperative = WORDS.imperative.iter().any(|p| folded.starts_with(&format!("{p} ")));
    let said = WORDS
        .speaker
        .iter()
        .fold(folded.to_owned(), |t, own| t.replace(own.as_str(), " "));
    if imperative || has_phrase(&said, &WORDS.rule) {
        return true;
    }
    let figures = support::figures(&sentence.bare);
    figures.iter().any(|claim| !context.says(claim))
}

/// `text` holds `word` on its own.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|w| w == word)
}
