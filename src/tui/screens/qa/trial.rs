//! The dry run of a rule: on the saved rule under the cursor, or before the rule in the form is saved.

use super::model::Wish;
use crate::{
    engine::api::{
        ApiError, CommandKind, Reply, Request,
        rules::{Trial, house_rule::RuleText},
    },
    tui::{
        app::{
            Effect, Model,
            gate::{self, Intent},
        },
        command::Cmd,
        overlay::{FormFor, Overlay},
        ui::grouped,
    },
};

/// Tickets named in the question before a rule is saved.
const NAMED: usize = 3;

/// Asks what a rule would find.
pub fn ask(model: &mut Model, wish: Wish) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let qa = &mut model.screens.qa;
    let (Wish::Look(text) | Wish::Save(text, _)) = &wish;
    let request = Request::TryRule(Box::new(text.clone()));
    qa.tried = Some(text.name.clone());
    qa.wish = Some(wish);
    let mut effects = qa.trial.clear();
    effects.extend(qa.trial.ask(request, mono));
    effects
}

/// What it would find is here: it is shown, or the question is asked that saves the rule.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let qa = &mut model.screens.qa;
    let (fresh, mut effects) = qa.trial.answer(generation, result, mono, |r| match r {
        Reply::Trial(trial) => Some(*trial),
        _ => None,
    });
    let failure = qa.trial.failure().cloned();
    if !fresh && failure.is_none() {
        return effects;
    }
    let Some(wish) = qa.wish.take() else { return effects };
    let form = match model.overlays.last_mut() {
        Some(Overlay::Form(f)) if matches!(f.purpose, FormFor::Rule { .. }) => Some(&mut f.form),
        _ => None,
    };
    match (wish, form, failure) {
        (Wish::Save(..), Some(form), Some(ApiError::Refused(refusal))) => form.refuse(&refusal),
        (_, form, Some(error)) => {
            if let Some(form) = form {
                form.busy = false;
            }
            model.say_error("the dry run", &error);
        }
        (Wish::Save(text, version), Some(form), None) if fresh => {
            form.busy = false;
            effects.extend(save(model, text, version));
        }
        _ => {}
    }
    effects
}

fn save(model: &mut Model, text: RuleText, version: u64) -> Vec<Effect> {
    let Some(trial) = model.screens.qa.trial.get() else {
        return Vec::new();
    };
    let mut next = vec![format!("{}.", text.in_words()), in_words(trial)];
    for hit in trial.hits.iter().take(NAMED) {
        next.push(format!("{} {}: {}", hit.no, hit.name, hit.finding.message));
    }
    let named = u64::try_from(NAMED).unwrap_or(u64::MAX);
    if trial.hit > named {
        next.push(format!("and {} more", grouped(trial.hit - named)));
    }
    next.push("Tickets that passed QA have to pass again before they are deployed.".to_owned());
    let name = text.name.clone();
    // The question says what it would find; beside the saved rule that is old.
    model.screens.qa.tried = None;
    model.screens.qa.written = Some(format!("house.{name}"));
    let rule = Box::new(text);
    let kind = CommandKind::RulePut { rule, version };
    let intent = Intent::new(
        model,
        kind,
        format!("save the rule {name}"),
        format!("the rule {name} is in force"),
    );
    let intent = intent
        .asks(format!("Put the rule {name} in force?"), next, name)
        .from_form();
    gate::pass(model, Cmd::RuleAdd.record().danger, intent)
}

/// `Tried on 212 open tickets: 3 found, 1 of them ready or deploying.`
pub fn in_words(trial: &Trial) -> String {
    format!(
        "Tried on {} open tickets: {} found, {} of them ready or deploying.",
        grouped(trial.judged),
        grouped(trial.hit),
        grouped(trial.ready)
    )
}
