//! The row in the journal of a question to the copilot: noted before it leaves for a model, closed when it has ended.
//!
//! Invariants
//! - Nothing leaves that was not noted. What is open when an engine starts was lost with the one before it: it is closed
//!   under its own id, so that whoever asks again under that id is told, and no model is asked twice.
//! - It cannot be erased: what people and servers wrote is redacted here, and of a server's error it holds
//!   the kind and the HTTP status alone.

use std::time::Duration;

use super::{
    Engine,
    asking::{Brought, Went, counts, host_of, millis},
    desk::Open,
    refuse,
};
use crate::engine::{
    api::{ApiError, asking::EndState},
    copilot::{
        client::Outcome,
        cost::Spent,
        exchange::Exchange,
        prompt::Prompt,
        redact::redact,
        wire::{Finish, LlmError, Usage},
    },
    decide::command::{Command, CommandKind},
    model::{
        actor::Actor,
        event::Seq,
        exchange::{ExchangeRow, LOST, ModelUse, OpenExchange, SnippetUse},
        json::Sha,
        sanitise::excerpt,
    },
    store::{Kind, Scan, codec},
};

/// Open questions read at once.
const PAGE: usize = 256;
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
        let sent = went.sent.as_ref().map(|(prompt, outcome)| (prompt, outcome));
        self.exchange_row(brought, sent, (went.state, &went.reason, went.flags))
    }

    /// Writes down that a question leaves now; without that it does not.
    pub(super) async fn note_leaving(
        &self,
        brought: &Brought,
        prompt: &Prompt,
        open: &Open,
        actor: &Actor,
    ) -> Result<(), String> {
        let nothing_yet = Outcome {
            text: String::new(),
            end: Err(LlmError::Cancelled { chars: 0 }),
            request_id: None,
            model: None,
            spent: Spent {
                usage: Usage::default(),
                estimated: true,
            },
            cost: None,
            retries: 0,
            first_token: None,
            total: Duration::ZERO,
        };
        let mut row = self.exchange_row(brought, Some((prompt, &nothing_yet)), (EndState::SnippetsOnly, "", 0));
        LOST.clone_into(&mut row.why);
        if let Some(model) = &mut row.model {
            model.lost = true;
            LOST.clone_into(&mut model.finish);
        }
        let command = Command {
            id: self.command_id(),
            kind: CommandKind::CopilotOpen(Box::new(OpenExchange {
                id: open.id,
                by: actor.name.clone(),
                row,
            })),
        };
        let noted = self.execute(&command, actor, None).await;
        noted.map_err(|e| format!("nothing was sent, because it could not be recorded: {e}"))?;
        Ok(())
    }

    /// Closes what an engine before this one left without an end: it is not asked again, and what it cost is unknown.
    pub async fn close_lost_questions(&self) -> Result<usize, ApiError> {
        let mut scan = Scan {
            kind: Some(Kind::OpenExchange),
            limit: PAGE,
            ..Scan::default()
        };
        let mut lost: Vec<OpenExchange> = Vec::new();
        loop {
            let page = self.store.scan(scan.clone()).await.map_err(refuse)?;
            for row in &page.rows {
                match codec::decode(&row.body) {
                    Ok(open) => lost.push(open),
                    // A row of a trail keeps no engine from starting.
                    Err(error) => tracing::error!(key = %row.key, %error, "an open question cannot be read"),
                }
            }
            scan.after = page.next;
            if scan.after.is_none() {
                break;
            }
        }
        for open in &lost {
            let mut row = open.row.clone();
            row.why = format!("{LOST}; asked by {}", open.by);
            let command = Command {
                id: open.id,
                kind: CommandKind::CopilotRecord(Box::new(row)),
            };
            if let Err(error) = self.execute(&command, &Actor::engine("copilot"), None).await {
                tracing::error!(%error, "a question that was lost stays open in the journal");
            }
        }
        Ok(lost.len())
    }

    fn exchange_row(
        &self,
        brought: &Brought,
        sent: Option<(&Prompt, &Outcome)>,
        (state, reason, flags): (EndState, &str, usize),
    ) -> ExchangeRow {
        let clean = match sent {
            // The names in it are those the model knew.
            Some((prompt, _)) => prompt.redacted.clone(),
            None => redact(&[&brought.question], &brought.secrets()),
        };
        let settings = self.copilot.model.as_ref().map(Exchange::settings);
        let model = sent
            .as_ref()
            .zip(settings)
            .map(|((prompt, outcome), settings)| ModelUse {
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
                flags: u32::try_from(flags).unwrap_or(u32::MAX),
                lost: false,
            });
        let was_sent = |id: &str| sent.is_some_and(|(p, _)| p.sent.iter().any(|s| s.id == id));
        let found = &brought.found;
        let withheld = sent.map_or(0, |(p, _)| p.withheld_snippets.len() + p.withheld_facts.len());
        ExchangeRow {
            ticket: brought.ticket,
            standing: found.standing.to_string(),
            question: clean.texts.first().cloned().unwrap_or_default(),
            state,
            // A server's words are not for a journal that cannot be erased.
            why: match sent.and_then(|(_, outcome)| outcome.end.as_ref().err()) {
                Some(error) => error.class_words(),
                None => redact(&[reason], &brought.secrets()).texts.concat(),
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
