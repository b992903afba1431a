//! What is said to a model server and what it says back, as bytes and events: no IO, no clock, no randomness.
//!
//! Why our own layer over two formats: cancel, retry and usage are what ready-made clients hide and what people feel.
//!
//! Invariants
//! - The same bytes give the same events, however they were cut on the way.
//! - A stream ends with exactly one [`Event::Finished`] or [`Event::Failed`], and nothing after it.
//! - No tool is offered, so a tool call in an answer is an error; the one forced for structured output is text.

mod anthropic;
mod context;
mod decoder;
mod hints;
mod openai;
mod optional;
mod refusal;
mod sse;
#[cfg(test)]
mod tests;

use std::time::Duration;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use context::{FALLBACK_WINDOW, context_window, served_window};
pub use decoder::{Decoder, Ending};
pub use optional::OptionalFields;
pub use refusal::{MAX_REFUSAL, Refusal, refusal};
pub use sse::MAX_EVENT;

/// Which of the two formats an endpoint speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// `POST {base}/chat/completions`: hosted services, gateways, vLLM, llama.cpp, Ollama's `/v1`.
    OpenaiChat,
    /// `POST {base}/v1/messages`.
    Anthropic,
}

/// What to ask, before it is put into a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The model's name at the endpoint.
    pub model: String,
    /// Fixed instructions.
    pub system: String,
    /// The conversation; the last turn is the question.
    pub turns: Vec<Turn>,
    /// Longest answer, tokens.
    pub answer_tokens: u32,
    /// Sent only when set: some models refuse it.
    pub temperature: Option<Decimal>,
    /// The answer must be JSON of this shape.
    pub shape: Option<Shape>,
}

/// One turn of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The person, with everything we put around the question.
    User,
    /// The model, earlier.
    Assistant,
}

impl Role {
    /// The word both formats use.
    const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// A JSON answer is asked for. A hint to the server, never a proof: what comes back is validated here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// A name for it, letters and `_`.
    pub name: String,
    /// Its JSON Schema.
    pub schema: serde_json::Value,
}

/// How the key travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHeader {
    /// `authorization: Bearer KEY`.
    Bearer,
    /// A header of this name whose value is the key.
    Named(&'static str),
}

/// A request as it goes out, without address and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRequest {
    /// Below the endpoint's base URL, without a leading slash.
    pub path: &'static str,
    /// Headers besides the key.
    pub headers: Vec<(&'static str, &'static str)>,
    /// How the key travels.
    pub key: KeyHeader,
    /// JSON to post; `None` is a GET.
    pub body: Option<Vec<u8>>,
}

impl ModelKind {
    /// The request that asks, leaving out what this endpoint refused before.
    pub fn request(self, ask: &Ask, fields: OptionalFields) -> ModelRequest {
        match self {
            Self::OpenaiChat => openai::request(ask, fields),
            Self::Anthropic => anthropic::request(ask, fields),
        }
    }

    /// The request that lists the endpoint's models; [`served_window`] reads the answer.
    pub fn models(self) -> ModelRequest {
        match self {
            Self::OpenaiChat => openai::models(),
            Self::Anthropic => anthropic::models(),
        }
    }
}

/// What a stream said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The server has begun.
    Started {
        /// Its name for this exchange, for the audit row.
        request_id: Option<String>,
        /// The model that answers.
        model: Option<String>,
    },
    /// More of the answer. Never empty.
    Text(String),
    /// More of what the model thinks aloud. Never empty.
    Reasoning(String),
    /// What the server counted, once, just before the end.
    Usage(Usage),
    /// The answer is over.
    Finished(Finish),
    /// It broke off.
    Failed(LlmError),
}

/// Tokens as the server counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// All input tokens, those from the cache included.
    pub input: u64,
    /// Input tokens read from the server's cache.
    pub cached: u64,
    /// Output tokens, reasoning included.
    pub output: u64,
    /// Output tokens spent on reasoning.
    pub reasoning: u64,
}

/// Why a whole answer ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model was done.
    Complete,
    /// Cut at the token limit.
    Truncated,
    /// Cut by the server's content filter.
    Filtered,
    /// Something else; the server's word for it.
    Other(String),
}

/// Why there is no whole answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    /// No key, a wrong one, or one without the right.
    #[error("the model server does not accept the key: {why}; check copilot.model.key")]
    Auth {
        /// The server's words.
        why: String,
    },
    /// Too many requests.
    #[error("the model server limits the rate: {why}")]
    RateLimited {
        /// When it said to come back.
        after: Option<Duration>,
        /// The server's words.
        why: String,
    },
    /// No money or no quota left; waiting does not help.
    #[error("the quota at the model server is used up: {why}")]
    QuotaExhausted {
        /// The server's words.
        why: String,
    },
    /// More was sent than the model can take.
    #[error("the question with its snippets is longer than the model's context: {why}")]
    ContextTooLong {
        /// The server's words.
        why: String,
    },
    /// The server has trouble of its own.
    #[error("the model server has trouble: {why}")]
    Overloaded {
        /// When it said to come back.
        after: Option<Duration>,
        /// The server's words.
        why: String,
    },
    /// The server does not take the request.
    #[error("the model server refused the request: {why}")]
    BadRequest {
        /// The server's words.
        why: String,
    },
    /// The answer broke off.
    #[error("the answer broke off after {chars} characters: {why}")]
    Interrupted {
        /// Characters of the answer that arrived.
        chars: usize,
        /// What happened.
        why: String,
    },
    /// Nothing came for too long.
    #[error("the model server sent nothing for {} s", .waited.as_secs())]
    IdleTimeout {
        /// How long we waited.
        waited: Duration,
    },
    /// A person stopped it.
    #[error("stopped by you at {chars} characters")]
    Cancelled {
        /// Characters of the answer that had arrived.
        chars: usize,
    },
    /// What came is not the format.
    #[error("the model server's answer cannot be read: {why}")]
    Protocol {
        /// What is wrong with it.
        why: String,
    },
    /// The server was not reached, or the connection failed before it answered.
    #[error("the model server was not reached: {why}")]
    Network {
        /// What happened.
        why: String,
        /// The request may have been sent, and with it paid for.
        sent: bool,
    },
}

impl LlmError {
    /// True when the same request may succeed a moment later. Money and rights do not come back by waiting, and a
    /// request that may have been paid for is not sent twice.
    pub const fn may_retry(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { after: Some(_), .. } | Self::Overloaded { .. } | Self::Network { sent: false, .. }
        )
    }

    /// What it is and its HTTP status, without a word of the server: for the journal.
    pub fn class_words(&self) -> String {
        let (class, why) = match self {
            Self::Auth { why } => ("the key was not accepted", why.as_str()),
            Self::RateLimited { why, .. } => ("the rate was limited", why.as_str()),
            Self::QuotaExhausted { why } => ("the quota was used up", why.as_str()),
            Self::ContextTooLong { why } => ("longer than the model's context", why.as_str()),
            Self::Overloaded { why, .. } => ("the server had trouble", why.as_str()),
            Self::BadRequest { why } => ("the request was refused", why.as_str()),
            Self::Interrupted { .. } => ("the answer broke off", ""),
            Self::IdleTimeout { .. } => ("the server sent nothing", ""),
            Self::Cancelled { .. } => ("stopped by the person", ""),
            Self::Protocol { .. } => ("the answer could not be read", ""),
            Self::Network { .. } => ("the server was not reached", ""),
        };
        // Refusals begin with their status, see `refusal`.
        let status = why.strip_prefix("HTTP ").and_then(|rest| rest.get(..3));
        match status.filter(|s| s.bytes().all(|b| b.is_ascii_digit())) {
            Some(status) => format!("{class}, HTTP {status}"),
            None => class.to_owned(),
        }
    }

    /// When the server said to come back.
    pub const fn hint(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { after, .. } | Self::Overloaded { after, .. } => *after,
            _ => None,
        }
    }
}
