//! What the QA screen does.

use super::{
    findings, form,
    model::{Pane, Row, Wish, geometry},
    trial,
};
use crate::{
    engine::api::{ApiError, CommandKind, Reply, Request},
    tui::{
        app::{
            Effect, Model,
            gate::{self, Intent},
        },
        command::Cmd,
        screens::{self, governance},
    },
};

/// Asks for rules and findings, as far as they are old.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let mut effects = Vec::new();
    if model.screens.qa.slot.is_stale() {
        effects.extend(model.screens.qa.slot.ask(Request::Rules, mono));
    }
    if model.screens.qa.findings.slot.is_stale() {
        effects.extend(findings::update::ask(model));
    }
    effects
}

/// The rules are here.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let qa = &mut model.screens.qa;
    let before = qa.slot.get().map(|v| v.version.clone());
    let (fresh, effects) = qa.slot.answer(generation, result, mono, |r| match r {
        Reply::Rules(view) => Some(*view),
        _ => None,
    });
    if fresh {
        let ids = qa.ids();
        qa.pick.sync(&ids);
        let written = qa.written.clone().filter(|id| qa.pick.go_to(&ids, id));
        if written.is_some() {
            qa.written = None;
            qa.pane = Pane::Rules;
        }
        // What a rule found before the rules changed is no news any more.
        if before.is_some() && before != qa.slot.get().map(|v| v.version.clone()) {
            qa.tried = None;
        }
    }
    effects
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::QaPane => {
            let qa = &mut model.screens.qa;
            qa.pane = match qa.pane {
                Pane::Findings => Pane::Rules,
                Pane::Rules => Pane::Findings,
            };
            Vec::new()
        }
        Cmd::RuleAdd => form::open(model, None),
        _ if model.screens.qa.pane == Pane::Findings => findings::update::run(model, cmd),
        Cmd::RuleEdit => {
            let rule = model.screens.qa.house_rule().cloned();
            form::open(model, rule.as_ref())
        }
        Cmd::RuleTry => match model.screens.qa.house_rule().map(|r| r.text.clone()) {
            Some(text) => trial::ask(model, Wish::Look(text)),
            None => Vec::new(),
        },
        Cmd::RuleRetire => retire(model),
        Cmd::RuleFindings => match model.screens.qa.selected().as_ref().map(Row::id) {
            Some(id) => governance::update::show_tickets(model, &format!("rule:{id}")),
            None => Vec::new(),
        },
        other => {
            if let Some(step) = screens::movement(other) {
                let page = geometry(model.regions().body, Pane::Rules).page;
                let qa = &mut model.screens.qa;
                let ids = qa.ids();
                qa.pick.step(&ids, step, page);
            }
            Vec::new()
        }
    }
}

fn retire(model: &mut Model) -> Vec<Effect> {
    let Some(rule) = model.screens.qa.house_rule() else {
        return Vec::new();
    };
    let (name, version) = (rule.text.name.clone(), rule.version);
    let kind = CommandKind::RuleRetire {
        name: name.clone(),
        version,
    };
    let next = vec!["Tickets that passed QA have to pass again before they are deployed.".to_owned()];
    let intent = Intent::new(
        model,
        kind,
        format!("retire the rule {name}"),
        format!("the rule {name} is retired"),
    );
    let intent = intent.asks(format!("Retire the rule {name}?"), next, name);
    gate::pass(model, Cmd::RuleRetire.record().danger, intent)
}
