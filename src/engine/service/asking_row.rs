//! The one row in the journal of a question to the copilot.
//!
//! Invariants
//! - It cannot be erased: what people and servers wrote is redacted here, and of a server's error it holds
//!   the kind and the HTTP status alone.

use super::{
    Engine,
    asking::{Brought, Went, counts, host_of, millis},
    desk::Open,
};
use crate::engine::{
    api::ApiError,
    copilot::{exchange::Exchange, redact::redact, wire::Finish},
    decide::command::{Command, CommandKind},
    model::{
        actor::Actor,
        event::Seq,
        exchange::{ExchangeRow, ModelUse, SnippetUse},
        json::Sha,
        sanitise::excerpt,
    },
};

/// Longest word of a server in the journal, characters.
const WORD: usize = 80;

impl Brought {
    /// A word of a server for the journal: short, without this installation's secrets.
    pub(super) fn clean(&self, word: &str) -> String {
        excerpt(&redact(&[word], &self.secrets()).texts.concat(), WORD)
    }
}

impl Engine {
    pub(super) fn row_of(&self, brought: &Brought, went: &Went) -> ExchangeRow {
        let sent = went.sent.as_ref();
        let clean = match sent {
            // The names in it are those the model knew.
            Some((prompt, _)) => prompt.redacted.clone(),
            None => redact(&[&brought.question], &brought.secrets()),
        };
        let settings = self.copilot.model.as_ref().map(Exchange::settings);
        let model = sent.zip(settings).map(|((prompt, outcome), settings)| ModelUse {
            host: host_of(&settings.base_url),
            model: brought.clean(outcome.model.as_deref().unwrap_or(&settings.model)),
            template: prompt.purpose.template(),
            sent: Sha::of(prompt.whole().as_bytes()),
            answer: (!outcome.text.is_empty()).then(|| Sha::of(outcome.text.as_bytes())),
            request_id: outcome.request_id.as_deref().map(|id| brought.clean(id)),
            input: outcome.spent.usage.input,
            cached: outcome.spent.usage.cached,
            output: outcome.spent.usage.output,
            estimated: outcome.spent.estimated,
            cost: outcome.cost,
            currency: settings.price.map(|p| p.currency),
            first_token_ms: outcome.first_token.map(millis),
            total_ms: millis(outcome.total),
            finish: match &outcome.end {
                Ok(Finish::Complete) => "complete".to_owned(),
                Ok(Finish::Truncated) => "cut at the limit of tokens".to_owned(),
                Ok(Finish::Filtered) => "cut by the server's content filter".to_owned(),
                Ok(Finish::Other(word)) => brought.clean(word),
                Err(error) => error.class_words(),
            },
            flags: u32::try_from(went.flags).unwrap_or(u32::MAX),
        });
        let was_sent = |id: &str| sent.is_some_and(|(p, _)| p.sent.iter().any(|s| s.id == id));
        let found = &brought.found;
        let withheld = sent.map_or(0, |(p, _)| p.withheld_snippets.len() + p.withheld_facts.len());
        ExchangeRow {
            ticket: brought.ticket,
            standing: found.standing.to_string(),
            question: clean.texts.first().cloned().unwrap_or_default(),
            state: went.state,
            // A server's words are not for a journal that cannot be erased.
            why: match sent.and_then(|(_, outcome)| outcome.end.as_ref().err()) {
                Some(error) => error.class_words(),
                None => redact(&[&went.reason], &brought.secrets()).texts.concat(),
            },
            model,
            snippets: found
                .hits
                .iter()
                .chain(found.outside.iter().filter(|s| was_sent(&s.id)))
                .map(|s| SnippetUse {
                    id: s.id.clone(),
                    sha: s.hash,
                    sent: was_sent(&s.id),
                })
                .collect(),
            withheld: u32::try_from(withheld).unwrap_or(u32::MAX),
            redacted: counts(&clean),
            day: self.today().to_string(),
        }
    }

    pub(super) async fn record(&self, open: &Open, row: ExchangeRow, actor: &Actor) -> Result<Option<Seq>, ApiError> {
        if !self.records() {
            return Ok(None);
        }
        let command = Command {
            id: open.id,
            kind: CommandKind::CopilotRecord(Box::new(row)),
        };
        Ok(Some(self.execute(&command, actor, None).await?.seq))
    }
}
