//! The gate between a key and a change. Every command passes here once.
//!
//! Order: read-only, then availability, then the question its danger asks for. What it asks about, the count, the
//! environment and what happens next are in the question; the default is always no.

use super::{
    effect::{Effect, Origin},
    model::Model,
    toast::Tone,
};
use crate::{
    engine::{
        api::{Command, CommandKind, Counted, Impact},
        model::ids::CommandId,
    },
    tui::{
        bulk::{
            ask, marks,
            run::{self, Bulk},
        },
        command::{Cmd, Danger},
        overlay::{Confirm, Overlay, Typed},
    },
};

/// What is done on a yes.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// One command.
    Command(Box<Command>),
    /// One for each of many tickets.
    Bulk(Box<Bulk>),
}

/// An intention: what, what it is called, what follows. Its id is minted here and kept through every question.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// What to do.
    pub deed: Deed,
    /// For the question: `Deploy 1042?`
    pub question: String,
    /// What happens next, a sentence each.
    pub consequences: Vec<String>,
    /// The word to type when it reaches outside: the ticket's number, the old code.
    pub word: String,
    /// For messages: `deploy 1042`.
    pub label: String,
    /// When it worked.
    pub done: String,
    /// Who asked.
    pub origin: Origin,
    /// What it was said to touch, if that was counted: it is refused once that moved.
    pub counted: Option<Box<Counted>>,
}

impl Intent {
    /// An intention with a fresh command id.
    pub fn new(model: &mut Model, kind: CommandKind, label: impl Into<String>, done: impl Into<String>) -> Self {
        let id = CommandId::new(model.stamp.ids.mint());
        let label = label.into();
        Self {
            deed: Deed::Command(Box::new(Command { id, kind })),
            question: capitalised(&label),
            consequences: Vec::new(),
            word: String::new(),
            label,
            done: done.into(),
            origin: Origin::Verb,
            counted: None,
        }
    }

    /// With the words of its question.
    #[must_use]
    pub fn asks(mut self, question: impl Into<String>, consequences: Vec<String>, word: impl Into<String>) -> Self {
        self.question = question.into();
        self.consequences = consequences;
        self.word = word.into();
        self
    }

    /// Held to what it was said to touch.
    #[must_use]
    pub fn counted(mut self, impact: &Impact) -> Self {
        self.counted = Some(Box::new(Counted::of(impact)));
        self
    }

    /// From a form: a refusal goes to the form's fields.
    #[must_use]
    pub fn from_form(mut self) -> Self {
        self.origin = Origin::Form;
        self
    }

    /// Something done to many tickets; their commands get ids as they are sent.
    pub fn bulk(bulk: Bulk, label: &str) -> Self {
        Self {
            deed: Deed::Bulk(Box::new(bulk)),
            question: capitalised(label),
            consequences: Vec::new(),
            word: String::new(),
            label: label.to_owned(),
            done: String::new(),
            origin: Origin::Verb,
            counted: None,
        }
    }

    /// Does it.
    pub fn carry_out(self, model: &mut Model) -> Vec<Effect> {
        match self.deed {
            Deed::Bulk(bulk) => run::start(model, *bulk),
            Deed::Command(command) => vec![Effect::Commit {
                command,
                counted: self.counted,
                origin: self.origin,
                label: self.label,
                done: self.done,
            }],
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// Why a command may not run now, if so. What offers commands asks here too, so that nothing refused is advertised.
pub fn refusal(model: &Model, cmd: Cmd) -> Option<String> {
    let record = cmd.record();
    let read_only = if record.danger > Danger::None {
        model.session.read_only()
    } else {
        None
    };
    if record.bulk && marks::are_meant(model) {
        // What the engine makes of each is in the report.
        return read_only;
    }
    read_only
        .or_else(|| ask::refusal(model, cmd))
        .or_else(|| (record.available)(model).err())
}

/// Whether a command may run at all. Says why not.
pub fn admit(model: &mut Model, cmd: Cmd) -> bool {
    let Some(why) = refusal(model, cmd) else { return true };
    model.say(Tone::Warn, &format!("{}: {why}", cmd.record().title), "");
    false
}

/// Sends an intention at once, or asks first, as its danger demands.
pub fn pass(model: &mut Model, danger: Danger, intent: Intent) -> Vec<Effect> {
    if let Some(why) = model.session.read_only() {
        model.say(Tone::Warn, &format!("{}: {why}", capitalised(&intent.label)), "");
        return Vec::new();
    }
    let danger = if danger == Danger::Outward && (model.session.is_simulated() || intent.word.is_empty()) {
        Danger::Hard
    } else {
        danger
    };
    let opened = model.stamp.mono;
    match danger {
        Danger::None | Danger::Undoable => return intent.carry_out(model),
        Danger::Hard => model.open(Overlay::Confirm(Confirm::new(intent, opened))),
        Danger::Outward => model.open(Overlay::Typed(Typed::new(intent, opened))),
    }
    Vec::new()
}
