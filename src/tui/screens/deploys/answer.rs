//! The executor asks what happened to a step; a person answers: this object is ours, nothing was created, go on all the
//! same, or give up. Each answer has a reason for the history and says what it risks.

use crate::{
    engine::{
        api::{CommandKind, Resolution, TicketView},
        model::{
            deploy::{Step, StepState},
            ids::{TicketId, TicketNo},
            platform::ExternalId,
        },
    },
    tui::{
        app::{Effect, Model, gate, gate::Intent},
        command::Danger,
        form::Choice,
        overlay::{Overlay, PickFor, Picker, Prompt, PromptFor},
    },
};

/// An answer on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answering {
    /// Which ticket's deploy.
    pub id: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// The step asked about.
    pub step: String,
    /// The answer.
    pub resolution: Resolution,
}

impl Answering {
    /// What follows, and how much it can hurt: what was or was not created cannot be taken back.
    fn risk(&self) -> (Danger, &'static str) {
        match self.resolution {
            Resolution::Adopt { .. } => (
                Danger::Outward,
                "The deploy goes on with this object as its own. A wrong one means steering somebody else's object.",
            ),
            Resolution::NoneExists => (
                Danger::Outward,
                "The step is looked up once more and sent again where nothing is listed. An object the platform does not list would then exist twice.",
            ),
            Resolution::Proceed => (
                Danger::Hard,
                "What was found differs from what was asked; the deploy takes it as it is and goes on.",
            ),
            Resolution::Abandon => (
                Danger::Hard,
                "The step is given up and the ticket fails. An object may exist on the platform and stays there.",
            ),
        }
    }

    fn words(&self) -> String {
        match &self.resolution {
            Resolution::Adopt { id, force: false } => format!("{id} is ours"),
            Resolution::Adopt { id, force: true } => format!("{id} is ours although it differs"),
            Resolution::NoneExists => "nothing was created".to_owned(),
            Resolution::Proceed => "go on all the same".to_owned(),
            Resolution::Abandon => "give the step up".to_owned(),
        }
    }
}

/// The ids the step's look-ups have seen, newest read first, each once: the only ones the engine takes.
fn seen_ids(step: &Step) -> Vec<&ExternalId> {
    let mut out: Vec<&ExternalId> = Vec::new();
    let reads = step.attempts.iter().rev().flat_map(|a| a.reads.iter().rev());
    for id in reads.flat_map(|r| &r.ids) {
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
}

/// The answers to what the executor asks; `None` when it asks nothing.
pub fn picker(view: &TicketView) -> Option<Picker> {
    let deploy = view.deploy.as_ref()?;
    let step = deploy.steps.iter().find(|s| s.state == StepState::NeedsOperator)?;
    let (id, no) = (view.card.id, view.card.no);
    let answering = |resolution| Answering {
        id,
        no,
        step: step.key.clone(),
        resolution,
    };
    let mut answers = Vec::new();
    let mut options = vec![(
        Choice::new("log", "Read the attempts first", "every request, answer and look-up"),
        false,
    )];
    let mut add = |title: String, detail: &str, resolution| {
        options.push((Choice::new(answers.len().to_string(), &title, detail), false));
        answers.push(answering(resolution));
    };
    let adopt = |found: &ExternalId, force| Resolution::Adopt {
        id: found.clone(),
        force,
    };
    for found in seen_ids(step) {
        let title = format!("Adopt {found}");
        let detail = "ours; it is read and must fit";
        add(title, detail, adopt(found, false));
    }
    let kind = &step.kind;
    add(
        "None exists".to_owned(),
        &format!("looked up once more; then the {kind} is sent again"),
        Resolution::NoneExists,
    );
    if step.external_id.is_some() {
        add(
            "Go on all the same".to_owned(),
            "take what is there as it is",
            Resolution::Proceed,
        );
    }
    add(
        "Abandon".to_owned(),
        "give the step up; the ticket fails",
        Resolution::Abandon,
    );
    for found in seen_ids(step) {
        let title = format!("Adopt {found}, also if it differs");
        add(title, "for approvers; the reason is kept", adopt(found, true));
    }
    let question = view.why.as_ref().map_or("", |w| w.text.as_str());
    let title = format!("{no} {}: {question}", step.key);
    Some(Picker::new(&title, options, PickFor::Answer(answers)))
}

/// An answer was picked: the reason comes next.
pub fn picked(model: &mut Model, answers: &[Answering], key: &str) -> Vec<Effect> {
    if key == "log" {
        let view = match model.screen {
            crate::tui::screens::ScreenId::Detail => model.screens.detail.view(),
            _ => model.screens.deploys.detail.get(),
        };
        if let Some(view) = view.cloned() {
            super::log::open(model, &view);
        }
        return Vec::new();
    }
    if let Some(answering) = key.parse().ok().and_then(|i: usize| answers.get(i)) {
        let title = format!(
            "{} {}: {}. How do you know?",
            answering.no,
            answering.step,
            answering.words()
        );
        let prompt = Prompt::new(&title, "", PromptFor::AnswerReason(answering.clone()));
        model.open(Overlay::Prompt(prompt));
    }
    Vec::new()
}

/// Everything is known: asks for the last time.
pub fn give(model: &mut Model, answering: Answering, reason: &str) -> Vec<Effect> {
    let (danger, risk) = answering.risk();
    let (no, step, words) = (answering.no, &answering.step, answering.words());
    let question = format!("{no} {step}: {words}?");
    let label = format!("answer {no}");
    let done = format!("{no} {step}: {words}");
    let kind = CommandKind::DeployResolve {
        id: answering.id,
        step: answering.step.clone(),
        resolution: answering.resolution,
        reason: reason.to_owned(),
        evidence: None,
    };
    let next = vec![risk.to_owned(), format!("Reason: {reason}")];
    let intent = Intent::new(model, kind, label, done).asks(question, next, no.to_string());
    gate::pass(model, danger, intent)
}
