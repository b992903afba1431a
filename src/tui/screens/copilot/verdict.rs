//! What people make of an answer: copy it, say what it was worth.

use super::model::Copilot;
use crate::{
    engine::api::CommandKind,
    tui::{
        app::{
            Effect, Model,
            gate::{self, Intent},
        },
        command::Cmd,
    },
};

/// The words of the answer.
pub fn answer_text(copilot: &Copilot) -> Option<String> {
    let answer = copilot.answer.as_ref()?;
    answer.answer.as_ref().map(|a| a.text.clone())
}

/// State, words and sources, for a mail or a ticket.
pub fn with_sources(copilot: &Copilot) -> Option<String> {
    let answer = copilot.answer.as_ref()?;
    let question = copilot.ask.as_ref().map_or("", |a| a.search.text.as_str());
    let mut lines = vec![
        question.to_owned(),
        format!("{}: {}", answer.state.as_str(), answer.reason),
    ];
    lines.extend(answer_text(copilot));
    for source in &answer.sources {
        let number = source.number.map_or_else(|| "-".to_owned(), |n| format!("[S{n}]"));
        lines.push(format!("{number} {} ({})", source.title, source.id));
    }
    Some(lines.join("\n"))
}

/// Says what the answer was worth.
pub fn judge(model: &mut Model, cmd: Cmd, useful: bool) -> Vec<Effect> {
    let answer = model.screens.copilot.answer.as_ref();
    let Some(exchange) = answer.and_then(|a| a.recorded) else {
        return Vec::new();
    };
    let word = if useful { "useful" } else { "wrong" };
    let kind = CommandKind::CopilotJudge { exchange, useful };
    let intent = Intent::new(model, kind, "verdict", format!("noted: the answer was {word}"));
    gate::pass(model, cmd.record().danger, intent)
}
