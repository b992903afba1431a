//! One question from end to end: prompt, client, check. What comes out is an answer with how far it may be believed, or
//! the reason there are snippets only. Never advice.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{
    check::{Checked, EndState, check},
    client::{ModelClient, Outcome, Tell},
    cost::{Allowance, Micros, allowance},
    prompt::{Material, NotSent, Prompt, Room, assemble},
    settings::ModelSettings,
    wire::{Ask, LlmError, Usage},
};
use crate::engine::{clock::Entropy, model::json::Sha};

/// A question and what it may cost.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What it brings.
    pub material: Material<'a>,
    /// What this person spent today.
    pub spent_today: Micros,
    /// The person agreed to the cost.
    pub confirmed: bool,
    /// What the person was shown, by [`Exchange::digest`]: anything else is not sent. `None` = nobody was shown anything.
    pub seen: Option<Sha>,
}

/// How a question ended.
#[derive(Debug)]
pub enum Answered {
    /// A model answered, wholly or not.
    Model(Box<ModelAnswered>),
    /// Nothing came of a model.
    SnippetsOnly(SnippetsOnly),
}

/// A model's answer, checked.
#[derive(Debug)]
pub struct ModelAnswered {
    /// What was sent.
    pub prompt: Prompt,
    /// How the asking went.
    pub outcome: Outcome,
    /// How far it may be believed; its text still has the names of what was redacted.
    pub checked: Checked,
    /// The checked text for display on this host: names are values again.
    pub shown: String,
    /// Said to the person besides: "asked again with 4 of 7 snippets".
    pub notes: Vec<String>,
}

/// Why there is no answer of a model.
#[derive(Clone, Debug)]
pub struct SnippetsOnly {
    /// SnippetsOnly, or NoRuleFound when nothing was in scope.
    pub state: EndState,
    /// For people.
    pub why: String,
    /// The question waits for a yes to this cost.
    pub confirm: Option<Micros>,
    /// What was sent and what it cost, when a try was made.
    pub tried: Option<Box<(Prompt, Outcome)>>,
    /// What would be sent is not what the person was shown.
    pub is_stale: bool,
}

impl Answered {
    /// The end state.
    pub const fn state(&self) -> EndState {
        match self {
            Self::Model(answer) => answer.checked.state,
            Self::SnippetsOnly(none) => none.state,
        }
    }
}

/// Most snippets of one question.
pub const MAX_SNIPPETS: usize = 8;

/// Asks one endpoint.
pub struct Exchange {
    client: ModelClient,
    entropy: Arc<dyn Entropy>,
}

impl Exchange {
    /// Over this client.
    pub fn new(client: ModelClient, entropy: Arc<dyn Entropy>) -> Self {
        Self { client, entropy }
    }

    /// The prompt as it would be sent now, for the preview.
    pub async fn preview(&self, material: &Material<'_>, cancel: &CancellationToken) -> Result<Prompt, NotSent> {
        let window = self.client.window(cancel).await;
        assemble(material, &self.room(window, MAX_SNIPPETS), &*self.entropy)
    }

    /// Asks, and checks what comes back. A failure before the first delta leaves the snippets, with the reason.
    pub async fn ask(&self, question: &Question<'_>, cancel: &CancellationToken, tell: Tell<'_>) -> Answered {
        match self.prepare(question, cancel).await {
            Ok(prompt) => self.ask_prepared(prompt, &question.material, cancel, tell).await,
            Err(none) => Answered::SnippetsOnly(none),
        }
    }

    /// The same with a prompt of [`Self::prepare`].
    pub async fn ask_prepared(
        &self,
        prompt: Prompt,
        material: &Material<'_>,
        cancel: &CancellationToken,
        tell: Tell<'_>,
    ) -> Answered {
        match self.send(prompt, material, cancel, tell).await {
            Ok((prompt, outcome, notes)) => finish(prompt, outcome, notes),
            Err(none) => Answered::SnippetsOnly(none),
        }
    }

    /// What a question would send, if it may: what the person was shown and no dearer than agreed. Nothing of it has left
    /// yet, so this is the moment to write down that it will.
    pub async fn prepare(&self, question: &Question<'_>, cancel: &CancellationToken) -> Result<Prompt, SnippetsOnly> {
        let prompt = self
            .preview(&question.material, cancel)
            .await
            .map_err(|why| none(&why))?;
        if let Some(held) = self.held_up(&prompt, question) {
            return Err(held);
        }
        if question.seen.is_some_and(|seen| seen != self.digest(&prompt)) {
            return Err(SnippetsOnly {
                state: EndState::SnippetsOnly,
                why: "nothing was sent: what would be sent has changed since it was shown; look at it again".to_owned(),
                confirm: None,
                tried: None,
                is_stale: true,
            });
        }
        Ok(prompt)
    }

    /// Sends a prompt: what was sent, how it went, and what is to be said besides. The text is unchecked.
    pub async fn send(
        &self,
        prompt: Prompt,
        material: &Material<'_>,
        cancel: &CancellationToken,
        tell: Tell<'_>,
    ) -> Result<(Prompt, Outcome, Vec<String>), SnippetsOnly> {
        let outcome = self.client.ask(&self.ask_of(&prompt), cancel, tell).await;
        let too_long = matches!(outcome.end, Err(LlmError::ContextTooLong { .. })) && prompt.sent.len() > 1;
        if !too_long {
            return Ok((prompt, outcome, Vec::new()));
        }
        // The server counts otherwise than we do. Half of the snippets, the better half, once.
        let offered = prompt.sent.len();
        let window = self.client.window(cancel).await;
        let prompt = assemble(material, &self.room(window, offered / 2), &*self.entropy);
        let prompt = prompt.map_err(|why| none(&why))?;
        let note = format!(
            "asked again with {} of {offered} snippets: the model's context is shorter",
            prompt.sent.len()
        );
        let outcome = self.client.ask(&self.ask_of(&prompt), cancel, tell).await;
        Ok((prompt, outcome, vec![note]))
    }

    /// What is sent and to whom, as one SHA-256: equal as long as a person would read the same.
    pub fn digest(&self, prompt: &Prompt) -> Sha {
        let s = self.settings();
        Sha::of(format!("{}\n{}\n{}", s.base_url, s.model, prompt.material).as_bytes())
    }

    /// The endpoint's settings.
    pub const fn settings(&self) -> &ModelSettings {
        self.client.settings()
    }

    fn room(&self, window: u32, snippets: usize) -> Room {
        Room {
            local: self.settings().local,
            window,
            answer: self.settings().answer_tokens,
            snippets,
            estimator: self.client.estimator(),
            on_secret: self.settings().on_secret,
        }
    }

    fn ask_of(&self, prompt: &Prompt) -> Ask {
        Ask {
            model: self.settings().model.clone(),
            system: prompt.system.clone(),
            turns: prompt.turns.clone(),
            answer_tokens: self.settings().answer_tokens,
            temperature: self.settings().temperature,
            shape: prompt.purpose.shape(),
        }
    }

    /// What this prompt may cost at most; `None` = no price is configured.
    pub fn estimate(&self, prompt: &Prompt) -> Option<Micros> {
        self.settings().price.map(|price| price.of(self.usage_of(prompt)))
    }

    fn usage_of(&self, prompt: &Prompt) -> Usage {
        Usage {
            input: prompt.share.input(),
            output: self.settings().answer_tokens.into(),
            ..Usage::default()
        }
    }

    fn held_up(&self, prompt: &Prompt, question: &Question<'_>) -> Option<SnippetsOnly> {
        let s = self.settings();
        let estimate = self.usage_of(prompt);
        let (why, confirm) = match allowance(s.price, s.limits, estimate, question.spent_today, question.confirmed) {
            Allowance::Fine => return None,
            Allowance::Confirm { cost } => (
                "it may cost more than copilot.model.confirm_above".to_owned(),
                Some(cost),
            ),
            Allowance::OverCap { .. } => (
                "the day's cap for questions (copilot.model.day_cap) is reached".to_owned(),
                None,
            ),
        };
        Some(SnippetsOnly {
            state: EndState::SnippetsOnly,
            why,
            confirm,
            tried: None,
            is_stale: false,
        })
    }
}

fn none(why: &NotSent) -> SnippetsOnly {
    SnippetsOnly {
        state: match why {
            NotSent::NoSnippets => EndState::NoRuleFound,
            _ => EndState::SnippetsOnly,
        },
        why: why.to_string(),
        confirm: None,
        tried: None,
        is_stale: false,
    }
}

fn finish(prompt: Prompt, outcome: Outcome, notes: Vec<String>) -> Answered {
    match &outcome.end {
        Err(error) if outcome.text.is_empty() => Answered::SnippetsOnly(SnippetsOnly {
            state: EndState::SnippetsOnly,
            why: error.to_string(),
            confirm: None,
            tried: Some(Box::new((prompt, outcome))),
            is_stale: false,
        }),
        end => {
            let checked = check(&prompt.unmark(&outcome.text), &prompt.sources(), &prompt.context, end);
            let shown = prompt.redacted.restore(&checked.text);
            Answered::Model(Box::new(ModelAnswered {
                prompt,
                outcome,
                checked,
                shown,
                notes,
            }))
        }
    }
}
