//! The copilot in the journal: one row for each question, and what people made of the answers.
//!
//! A row changes nothing but what its person spent today. Whoever may read may ask.

use super::{
    call::Call,
    changes::{subject, ticket_subject},
};
use crate::engine::{
    model::{
        event::{EventKind, FieldChange, Noun, Seq},
        exchange::{ExchangeRow, ModelUse, OpenExchange},
        refusal::Refusal,
        sanitise::excerpt,
    },
    store::{
        Commit, NewEvent,
        schema::{Counter, keys},
    },
};

/// Longest question kept, characters: 2 KiB at most in any script.
const QUESTION: usize = 512;
/// Longest of the other values kept, characters.
const VALUE: usize = 240;
/// Most snippets told.
const SNIPPETS: usize = 16;

/// Writes down a question before it leaves for a model.
pub(super) fn open(call: &Call<'_>, open: &OpenExchange) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    tx.save(&keys::open_exchange(open.id), open)?;
    let to = open
        .row
        .model
        .as_ref()
        .map_or_else(String::new, |m| format!(" of {} at {}", m.model, m.host));
    let summary = format!("asks the copilot{to}; its answer is not in yet");
    let sent = open.row.snippets.iter().filter(|s| s.sent).count();
    let mut changes = vec![
        value("exchange", open.id.to_string(), VALUE),
        value("question", open.row.question.clone(), QUESTION),
        value("snippets", sent.to_string(), VALUE),
    ];
    changes.extend(
        open.row
            .model
            .as_ref()
            .map(|m| value("sent.sha256", m.sent.to_string(), VALUE)),
    );
    let event = NewEvent {
        kind: EventKind::CopilotAsked,
        also: Vec::new(),
        subject: about(&open.row),
        status: None,
        summary: excerpt(&summary, VALUE),
        changes,
    };
    Ok(call.finish(tx, event))
}

fn about(row: &ExchangeRow) -> crate::engine::model::event::Subject {
    match row.ticket {
        Some((id, no)) => ticket_subject(id, no),
        None => subject(Noun::Engine, "", "copilot"),
    }
}

/// Records how a question ended.
pub(super) fn record(call: &Call<'_>, row: &ExchangeRow) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    // The end has the question's own id.
    tx.delete_if_there(&keys::open_exchange(call.command.id));
    let cost = row.model.as_ref().and_then(|m| m.cost).unwrap_or(0);
    if cost > 0 {
        let key = keys::copilot_spent(&row.day, call.actor.uid);
        let spent = tx.count(&key)?;
        tx.save(
            &key,
            &Counter {
                n: spent.saturating_add(cost),
            },
        )?;
    }
    let sent = row.snippets.iter().filter(|s| s.sent).count();
    let with = row.model.as_ref().map_or_else(
        || "without a model".to_owned(),
        |m| format!("{} snippets went to {} at {}", sent, m.model, m.host),
    );
    let lost = row.model.as_ref().is_some_and(|m| m.lost);
    let summary = if lost {
        format!("a question to the copilot was lost with the engine, {with}")
    } else {
        format!("asked the copilot: {}, {with}", row.state.as_str())
    };
    let event = NewEvent {
        kind: EventKind::CopilotExchange,
        also: Vec::new(),
        subject: about(row),
        status: None,
        summary: excerpt(&summary, VALUE),
        changes: details(row),
    };
    Ok(call.finish(tx, event))
}

/// Records whether an answer was of use.
pub(super) fn judge(call: &Call<'_>, exchange: Seq, useful: bool) -> Commit {
    let word = if useful { "useful" } else { "wrong" };
    let event = NewEvent {
        kind: EventKind::CopilotJudged,
        also: Vec::new(),
        subject: subject(Noun::Engine, "", "copilot"),
        status: None,
        summary: format!("the copilot's answer {exchange} was {word}"),
        changes: vec![
            value("exchange", exchange.to_string(), VALUE),
            value("verdict", word.to_owned(), VALUE),
        ],
    };
    call.finish(call.tx(), event)
}

fn details(row: &ExchangeRow) -> Vec<FieldChange> {
    let mut all = vec![
        value("question", row.question.clone(), QUESTION),
        value("standing", row.standing.clone(), VALUE),
        value("state", row.state.as_str().to_owned(), VALUE),
    ];
    let mut add = |field: &str, text: String| all.push(value(field, text, VALUE));
    if !row.why.is_empty() {
        add("why", row.why.clone());
    }
    if let Some(model) = &row.model {
        figures(model, &mut add);
    }
    if row.withheld > 0 {
        add("withheld", row.withheld.to_string());
    }
    for (kind, count) in &row.redacted {
        add(&format!("redacted.{kind}"), count.to_string());
    }
    for (n, snippet) in (1..=SNIPPETS).zip(&row.snippets) {
        let fate = if snippet.sent { "sent" } else { "not sent" };
        add(
            &format!("snippet.{n}"),
            format!("{} {} {fate}", snippet.id, snippet.sha),
        );
    }
    all
}

fn figures(model: &ModelUse, add: &mut impl FnMut(&str, String)) {
    add("model", format!("{} at {}", model.model, model.host));
    add("template", model.template.to_string());
    add("sent.sha256", model.sent.to_string());
    if let Some(answer) = &model.answer {
        add("answer.sha256", answer.to_string());
    }
    if let Some(id) = &model.request_id {
        add("request_id", id.clone());
    }
    if model.lost {
        add("tokens", "unknown".to_owned());
        add("cost", "unknown".to_owned());
        add("finish", model.finish.clone());
        return;
    }
    let counted = if model.estimated { " (estimated)" } else { "" };
    add(
        "tokens",
        format!(
            "{} in, {} of them cached, {} out{counted}",
            model.input, model.cached, model.output
        ),
    );
    let cost = match (model.cost, model.currency) {
        (Some(micros), Some(currency)) => format!("{micros} millionths of {currency}"),
        _ => "unknown".to_owned(),
    };
    add("cost", cost);
    let first = model.first_token_ms.map_or_else(|| "-".to_owned(), |ms| ms.to_string());
    add(
        "time_ms",
        format!("{first} to the first token, {} in all", model.total_ms),
    );
    add("finish", model.finish.clone());
    add("flags", model.flags.to_string());
}

fn value(field: &str, text: String, most: usize) -> FieldChange {
    FieldChange {
        field: field.into(),
        from: None,
        to: Some(excerpt(&text, most)),
    }
}
