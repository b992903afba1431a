//! One question to the copilot, as it is recorded: what was asked, what left the host, how it ended. Never the answer
//! itself, because the journal cannot be erased.

use serde::{Deserialize, Serialize};

use super::{
    ids::{CommandId, TicketId, TicketNo},
    json::Sha,
    money::Currency,
};

/// How a question ended, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndState {
    /// Every rule is cited and every figure was found.
    Grounded,
    /// Something is flagged, or the answer is not whole.
    Partial,
    /// No model was asked, or none answered.
    SnippetsOnly,
    /// No rule covers the question.
    NoRuleFound,
}

impl EndState {
    /// Every state, the best first.
    pub const ALL: [Self; 4] = [Self::Grounded, Self::Partial, Self::SnippetsOnly, Self::NoRuleFound];

    /// The word on screen and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grounded => "GROUNDED",
            Self::Partial => "PARTIAL",
            Self::SnippetsOnly => "SNIPPETS_ONLY",
            Self::NoRuleFound => "NO_RULE_FOUND",
        }
    }
}

/// A snippet that had a part in a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnippetUse {
    /// `source@version#ordinal`.
    pub id: String,
    /// SHA-256 of its text.
    pub sha: Sha,
    /// Whether it was sent to a model.
    pub sent: bool,
}

/// What was asked of a model server, in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelUse {
    /// Host name of the endpoint.
    pub host: String,
    /// The model asked for.
    pub model: String,
    /// Version of the fixed instructions.
    pub template: u32,
    /// SHA-256 over instructions and turns as they were sent.
    pub sent: Sha,
    /// SHA-256 of the answer, as far as it came; absent without one.
    pub answer: Option<Sha>,
    /// The server's name for the exchange.
    pub request_id: Option<String>,
    /// Tokens sent.
    pub input: u64,
    /// Of those, tokens the server had in its cache.
    pub cached: u64,
    /// Tokens of the answer.
    pub output: u64,
    /// True when the server did not count and the figures are ours.
    pub estimated: bool,
    /// Micro-units of `currency`; absent = no price is configured.
    pub cost: Option<u64>,
    /// Of what the cost is counted.
    pub currency: Option<Currency>,
    /// Until the first piece of the answer, milliseconds.
    pub first_token_ms: Option<u64>,
    /// From the call to the end, milliseconds.
    pub total_ms: u64,
    /// Why it ended: `complete`, or what went wrong.
    pub finish: String,
    /// Sentences the check flagged.
    pub flags: u32,
    /// The engine ended before the answer did: nobody knows its tokens, its cost or its end.
    pub lost: bool,
}

/// One question, for the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRow {
    /// The ticket it stood in.
    pub ticket: Option<(TicketId, TicketNo)>,
    /// Where it stood, for people.
    pub standing: String,
    /// The question, redacted.
    pub question: String,
    /// How it ended.
    pub state: EndState,
    /// Why so, a sentence; may be empty.
    pub why: String,
    /// What was asked of a model; absent = nothing was sent.
    pub model: Option<ModelUse>,
    /// Snippets found, best first.
    pub snippets: Vec<SnippetUse>,
    /// Snippets and facts that were not allowed to leave the host.
    pub withheld: u32,
    /// What was taken out of the text: kind and how often.
    pub redacted: Vec<(String, u32)>,
    /// The UTC day it is counted under, `2026-11-20`.
    pub day: String,
}

/// Said of a question whose engine ended before its answer did.
pub const LOST: &str = "lost with the engine";

/// A question that is about to leave this host, written down before it does: an engine that dies while it is answered
/// leaves this behind, and the next one closes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenExchange {
    /// The question's id, under which its end is recorded.
    pub id: CommandId,
    /// Who asked.
    pub by: String,
    /// Its row as it will stand if nobody lives to write another.
    pub row: ExchangeRow,
}
