//! A question to the copilot while it is being answered: started once, followed by asking for news, stopped.
//!
//! Plain requests and replies, so it works over every way an engine is reached. Nothing of an answer is broadcast: only
//! whoever asked hears it.
//!
//! Invariants
//! - The id is made by whoever asks; the same id never asks a model twice.
//! - Text in [`News`] is unchecked; only [`CopilotAnswer`] says how far it may be believed.

use serde::{Deserialize, Serialize};

use super::{
    Request,
    copilot::{GuidelineAnswer, GuidelineSearch},
};
use crate::engine::model::{event::Seq, ids::CommandId, json::Sha, money::Currency};
pub use crate::engine::{
    copilot::check::{Flag, Judged},
    model::exchange::EndState,
};

/// A question to the copilot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopilotAsk {
    /// Made once per question, reused on every resend. Its row in the journal carries it.
    pub id: CommandId,
    /// What is asked of the guidelines.
    pub search: GuidelineSearch,
    /// Snippets are enough, even where a language model could be asked.
    #[serde(default)]
    pub snippets_only: bool,
    /// Items the person took out: ids of snippets, names of facts.
    #[serde(default)]
    pub without: Vec<String>,
    /// Snippets outside the scope the person wants considered all the same, by id.
    #[serde(default)]
    pub with: Vec<String>,
    /// Earlier questions of the same conversation, newest first.
    #[serde(default)]
    pub history: Vec<Earlier>,
    /// The person agreed to the cost.
    #[serde(default)]
    pub confirmed: bool,
    /// [`WouldSend::digest`] of what the person was shown: where something else would be sent, nothing is. Absent = the
    /// person asked without looking first.
    #[serde(default)]
    pub seen: Option<Sha>,
}

impl Request {
    /// True for what may have a model server asked, and paid, before anything is written down. It must not be sent a second
    /// time by itself.
    pub fn may_pay_a_model(&self) -> bool {
        match self {
            Self::AskCopilot(ask) => !ask.snippets_only,
            Self::Heal(ask) => ask.model.is_some(),
            _ => false,
        }
    }
}

/// An earlier question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// What was asked.
    pub question: String,
    /// What was answered.
    pub answer: String,
}

/// What happens to something a question brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It goes to the model.
    Goes,
    /// It may not leave this host.
    Stays,
    /// The person took it out.
    TakenOut,
    /// The model's context has no room for it.
    NoRoom,
}

/// Something a question brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Names it in [`CopilotAsk::without`]: a snippet's id, a fact's name.
    pub key: String,
    /// For people.
    pub title: String,
    /// Its text; a stranger's.
    pub text: String,
    /// True for a snippet, false for a fact of the ticket.
    pub is_snippet: bool,
    /// What happens to it.
    pub fate: Fate,
}

/// How the model's context is used, tokens as estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextShare {
    /// The whole window.
    pub window: u64,
    /// Kept for the answer.
    pub answer: u64,
    /// Instructions and question.
    pub question: u64,
    /// The ticket.
    pub ticket: u64,
    /// Snippets.
    pub rules: u64,
    /// Earlier questions.
    pub history: u64,
}

impl ContextShare {
    /// Of the window, in per cent.
    pub fn percent(&self) -> u64 {
        let used = self.answer + self.question + self.ticket + self.rules + self.history;
        (used * 100).checked_div(self.window).unwrap_or(0)
    }
}

/// What would be sent now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WouldSend {
    /// Host name of the endpoint.
    pub host: String,
    /// The model.
    pub model: String,
    /// The endpoint is on this machine.
    pub local: bool,
    /// Every word of it, redacted and fenced.
    pub text: String,
    /// SHA-256 of what would be sent and to whom, without the names in `text` that are drawn anew each time.
    pub digest: Sha,
    /// How the context is used.
    pub share: ContextShare,
    /// What was taken out: kind and how often.
    pub redacted: Vec<(String, u32)>,
    /// Highest cost in micro-units; absent = no price is configured.
    pub cost: Option<u64>,
    /// Of what the cost is counted.
    pub currency: Option<Currency>,
    /// The configuration wants a yes to this cost first.
    pub confirm: bool,
}

impl WouldSend {
    /// To whom, how much, for how much: one line for people.
    pub fn words(&self) -> String {
        let place = if self.local { "on this machine" } else { "another host" };
        let used = self.share;
        let tokens = used.question + used.ticket + used.rules + used.history;
        let cost = match (self.cost, self.currency) {
            (Some(cost), Some(currency)) => format!("at most {} {currency}", micros_words(cost)),
            _ => "cost unknown".to_owned(),
        };
        format!(
            "{} at {}, {place}; about {tokens} tokens, {cost}",
            self.model, self.host
        )
    }
}

/// What a question brings, before it is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// Facts of the ticket and snippets, in the order they are sent.
    pub items: Vec<Item>,
    /// What would be sent; absent when nothing would be.
    pub sends: Option<WouldSend>,
    /// Why nothing would be sent; empty otherwise.
    pub why_not: String,
}

/// What an answer waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The prompt is being put together.
    #[default]
    Preparing,
    /// A connection is being made.
    Connecting,
    /// The server has the question.
    FirstToken,
    /// It failed and is tried again.
    Retry {
        /// Which retry, from 1.
        number: u32,
        /// Of how many.
        of: u32,
        /// After how long.
        wait_ms: u64,
        /// Why.
        why: String,
    },
    /// The answer comes.
    Streaming,
    /// It is over.
    Over,
}

/// Up to where somebody has heard. Zero = nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Changes heard.
    pub changes: u64,
    /// Bytes of the text heard.
    pub bytes: u64,
}

/// What is new about a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// Which question.
    pub ask: CommandId,
    /// Where the next news begins.
    pub mark: Mark,
    /// What it waits for.
    pub stage: Stage,
    /// More of the answer, unchecked and as the model wrote it.
    pub text: String,
    /// What was found; with the first news only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub found: Option<Box<GuidelineAnswer>>,
    /// The answer, once it is over.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub over: Option<Box<CopilotAnswer>>,
}

/// A snippet an answer could lean on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSource {
    /// 3 for `[S3]`; absent when it was not sent.
    pub number: Option<u32>,
    /// The snippet's id; its text is in [`CopilotAnswer::found`].
    pub id: String,
    /// Its title and headings.
    pub title: String,
    /// Whether the answer cites it.
    pub cited: bool,
    /// Whether it left this host.
    pub left_host: bool,
}

/// What a model answered, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelText {
    /// The model.
    pub model: String,
    /// Host name of the endpoint.
    pub host: String,
    /// The whole text, safe to show.
    pub text: String,
    /// Sentence by sentence, with what is wrong.
    pub sentences: Vec<Judged>,
}

/// What asking a model took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The model.
    pub model: String,
    /// Tokens sent.
    pub input: u64,
    /// Of those, tokens the server had in its cache.
    pub cached: u64,
    /// Tokens of the answer.
    pub output: u64,
    /// The server did not count: the figures are estimates.
    pub estimated: bool,
    /// Micro-units of `currency`; absent = unknown.
    pub cost: Option<u64>,
    /// What the person spent today, this question included, micro-units.
    pub today: u64,
    /// Of what is counted.
    pub currency: Option<Currency>,
    /// Until the first piece of the answer, milliseconds.
    pub first_token_ms: Option<u64>,
    /// From the call to the end, milliseconds.
    pub total_ms: u64,
    /// How the context was used.
    pub share: ContextShare,
}

impl Figures {
    /// The cost for people: `cost 0.0042 EUR`, or that it is unknown.
    pub fn cost_words(&self) -> String {
        match (self.cost, self.currency) {
            (Some(cost), Some(currency)) => format!(
                "cost {} {currency}, today {} {currency}",
                micros_words(cost),
                micros_words(self.today)
            ),
            _ => "cost unknown".to_owned(),
        }
    }
}

/// Micro-units as main units: `0.0042`.
pub fn micros_words(micros: u64) -> String {
    rust_decimal::Decimal::from_i128_with_scale(micros.into(), 6)
        .normalize()
        .to_string()
}

/// The copilot's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopilotAnswer {
    /// How it ended.
    pub state: EndState,
    /// Why so, a sentence; empty when everything is borne out.
    pub reason: String,
    /// What was found.
    pub found: GuidelineAnswer,
    /// The question, prepared for whoever owns the policy, when no rule was found.
    pub for_the_owner: Option<String>,
    /// What the model wrote. In [`EndState::NoRuleFound`] this is no house rule.
    pub answer: Option<ModelText>,
    /// Every snippet that was found, those sent first.
    pub sources: Vec<AnswerSource>,
    /// What the asking took, when a model was asked.
    pub figures: Option<Figures>,
    /// Said besides: what stayed here, what had no room.
    pub notes: Vec<String>,
    /// It waits for a yes to this cost, micro-units.
    pub confirm: Option<u64>,
    /// Its number in the journal; absent when nothing can be written here.
    pub recorded: Option<Seq>,
}
