//! Taking back and making again: asks the engine which change is meant, does it, and says what it was.
//!
//! The console keeps no list of its own: the journal has every change, so what was done in another console or on the
//! command line is taken back too.

use super::{
    effect::Effect,
    gate::{self, Intent},
    model::Model,
    toast::Tone,
};
use crate::{
    engine::{
        api::{
            ApiError, CommandKind, Reply, Request,
            card::Card,
            undo::{UndoAsk, UndoPlan, may_be_taken_back},
        },
        model::{event::Seq, ids::TicketNo, sanitise::excerpt},
    },
    tui::{
        bulk::{self, act::Act, run::Bulk},
        command::Cmd,
    },
};

/// Changes named in one message.
const NAMED: usize = 3;
/// Longest value in one.
const VALUE: usize = 40;

/// Asks what would be taken back, or made again.
pub fn ask(model: &mut Model, redo: bool) -> Vec<Effect> {
    if model.undo.loading_since().is_some() {
        // A second press before the first is answered means the same step.
        return Vec::new();
    }
    let ask = UndoAsk {
        redo,
        ..UndoAsk::default()
    };
    let mono = model.stamp.mono;
    model.undo.ask(Request::Undo(ask), mono)
}

/// It is known: done at once, or asked about where it belongs to many.
pub fn answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let awaited = model.undo.loading_since().is_some();
    let (fresh, mut effects) = model.undo.answer(generation, result, mono, |r| match r {
        Reply::Undo(plan) => Some(*plan),
        _ => None,
    });
    if !fresh {
        if let Some(error) = model.undo.failure().cloned().filter(|_| awaited) {
            model.say_error("nothing is taken back", &error);
        }
        return effects;
    }
    let Some(plan) = model.undo.get().cloned() else {
        return effects;
    };
    if !model.overlays.is_empty() {
        model.say(
            Tone::Note,
            "nothing was taken back: something else was opened meanwhile",
            "",
        );
        return effects;
    }
    if let Some(bulk) = whole(model, &plan) {
        effects.extend(bulk::ask::confirm(model, bulk));
        return effects;
    }
    let verb = if plan.redo { "redo" } else { "undo" };
    let label = format!("{verb} on {}", plan.subject.label);
    let kind = CommandKind::Undo {
        of: plan.of,
        version: plan.version,
        inverse: None,
    };
    let intent = Intent::new(model, kind, label, words(&plan));
    effects.extend(gate::pass(model, Cmd::Undo.record().danger, intent));
    effects
}

/// What was done to many at once is taken back as one.
fn whole(model: &Model, plan: &UndoPlan) -> Option<Bulk> {
    let last = model.bulk.last.as_deref().filter(|b| !b.is_running())?;
    let of: std::collections::BTreeMap<TicketNo, Seq> = last
        .items
        .iter()
        .filter_map(|i| i.done.map(|seq| (i.card.no, seq)))
        .collect();
    if of.len() < 2 || !of.values().any(|seq| *seq == plan.of) {
        return None;
    }
    let cards: Vec<Card> = last
        .items
        .iter()
        .filter(|i| i.done.is_some())
        .map(|i| i.card.clone())
        .collect();
    let act = Act::Undo { of, redo: plan.redo };
    Some(Bulk::new(act, cards))
}

/// What was taken back: `1042: budget EUR 1,200.00 daily -> EUR 900.00 daily`.
fn words(plan: &UndoPlan) -> String {
    let verb = if plan.redo { "made again" } else { "taken back" };
    let value = |v: &Option<String>| {
        let text = v.as_deref().filter(|v| !v.is_empty()).unwrap_or("none");
        excerpt(text, VALUE)
    };
    let mut parts: Vec<String> = plan
        .changes
        .iter()
        .take(NAMED)
        .map(|c| format!("{} {} -> {}", c.field, value(&c.from), value(&c.to)))
        .collect();
    if plan.changes.len() > NAMED {
        parts.push(format!("{} more", plan.changes.len() - NAMED));
    }
    if parts.is_empty() {
        return format!("{verb}: {}", excerpt(&plan.summary, 120));
    }
    format!("{verb} on {}: {}", plan.subject.label, parts.join(", "))
}

/// How a change that was just made is taken back; empty where it is not.
pub fn offer(model: &Model, reply: &Reply) -> String {
    let Reply::Done(done) = reply else { return String::new() };
    let Some(event) = done.event.as_ref().filter(|e| may_be_taken_back(e)) else {
        return String::new();
    };
    let undone = event.summary.starts_with("undo of");
    let (cmd, verb) = if undone {
        (Cmd::Redo, "makes it again")
    } else {
        (Cmd::Undo, "undoes")
    };
    format!("{} {verb}", model.keymap.key(cmd))
}
