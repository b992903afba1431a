//! What lies over a screen: questions, pickers, palette, help, texts, forms.
//!
//! The topmost gets the keys; it never reaches into a screen: what it was opened for is data ([`PickFor`],
//! [`PromptFor`], [`FormFor`], an [`Intent`]), carried out when it closes.

pub mod editor;
pub mod update;
pub mod view;

use crate::{
    engine::{
        api::HoldScope,
        model::{
            deploy::Leftovers,
            ids::{TicketId, TicketNo},
            sanitise::{Shown, sanitise},
        },
    },
    tui::{
        app::{
            approval::Spoken, draft::Keeping, gate::Intent, model::Model, msg::Millis, toast::Tone, verbs::Cancelling,
        },
        command::{Cmd, Ctx, Key, Keymap, finder, table::TABLE},
        form::{Choice, Form, LineEdit},
        payload,
        screens::{
            deploys::{answer::Answering, priority::Ordering},
            governance::edit::Editing,
        },
        theme::Role,
        ui::{
            cells,
            text::{Line, wrap},
            when,
        },
    },
};

/// A dialog ignores keys this long after it opened, and keys read before.
const BURST_MS: u64 = 250;
/// A `y` with another key this close before it is part of a burst, not an answer.
const ALONE_MS: u64 = 60;

/// What lies over a screen.
#[derive(Debug)]
pub enum Overlay {
    /// Yes or no.
    Confirm(Confirm),
    /// Type a word to do it.
    Typed(Typed),
    /// One line of text.
    Prompt(Prompt),
    /// One of a list.
    Picker(Picker),
    /// Palette or help.
    Finder(Finder),
    /// A long text.
    Viewer(Viewer),
    /// What came of something done to many tickets.
    Report,
    /// A form.
    Form(Box<FormOverlay>),
    /// The payload of the form below, as text.
    Payload(Box<payload::Editor>),
}

impl Overlay {
    /// The burst guard: keys typed into a question before it could be read are no answer.
    pub fn ignores_key(&self, key: Key, read: Millis, before: Option<Millis>) -> bool {
        match self {
            Self::Confirm(Confirm { opened, .. }) => {
                let queued = read < opened.plus(BURST_MS);
                let burst = key == Key::Char('y') && before.is_some_and(|b| read.since(b) < ALONE_MS);
                queued || burst
            }
            Self::Typed(t) => read < t.opened.plus(BURST_MS),
            Self::Form(f) => f.leaving.is_some_and(|asked| read < asked.plus(BURST_MS)),
            _ => false,
        }
    }
}

/// Yes or no. Enter does nothing, `y` acts.
#[derive(Debug)]
pub struct Confirm {
    /// What to do on yes.
    pub intent: Intent,
    /// When it opened.
    pub opened: Millis,
}

impl Confirm {
    /// Asks.
    pub const fn new(intent: Intent, opened: Millis) -> Self {
        Self { intent, opened }
    }
}

/// Type the word to do it. Never prefilled.
#[derive(Debug)]
pub struct Typed {
    /// What to do.
    pub intent: Intent,
    /// When it opened.
    pub opened: Millis,
    /// What was typed.
    pub line: LineEdit,
    /// True after a wrong word.
    pub wrong: bool,
}

impl Typed {
    /// Asks.
    pub const fn new(intent: Intent, opened: Millis) -> Self {
        Self {
            intent,
            opened,
            line: LineEdit::new(80),
            wrong: false,
        }
    }
}

/// What a typed line is for. A new screen adds its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptFor {
    /// The screen's filter.
    Filter,
    /// The name of a view.
    ViewName,
    /// Why a ticket is called off.
    CancelReason(Cancelling),
    /// Why an account, a platform or everything is stopped.
    HoldReason(HoldScope),
    /// Why many tickets are called off.
    BulkReason(Leftovers),
    /// Why a question of the executor is answered so.
    AnswerReason(Answering),
    /// A question to the copilot.
    Ask,
    /// Why a ticket is sent back to its author.
    Decline(Spoken),
    /// What to say about a ticket.
    Comment(TicketId, TicketNo),
}

/// One line of text.
#[derive(Debug)]
pub struct Prompt {
    /// The question.
    pub title: Shown,
    /// What was typed.
    pub line: LineEdit,
    /// The text it started from: what a filter goes back to.
    pub before: String,
    /// What is wrong with it.
    pub problem: Option<Shown>,
    /// What looks wrong with it and may be right.
    pub doubt: Option<Shown>,
    /// What it is for.
    pub purpose: PromptFor,
}

impl Prompt {
    /// Asks, with a text to start from.
    pub fn new(title: &str, text: &str, purpose: PromptFor) -> Self {
        Self {
            title: sanitise(title),
            line: LineEdit::new(500).with(text),
            before: text.to_owned(),
            problem: None,
            doubt: None,
            purpose,
        }
    }

    /// Says what is wrong; the typed text stays.
    pub fn refuse(&mut self, problem: &str) {
        self.problem = Some(sanitise(problem));
        self.doubt = None;
    }

    /// True when it narrows the list behind it, which is seen while it is typed.
    pub fn is_filter(&self) -> bool {
        self.purpose == PromptFor::Filter
    }

    /// What stands below the line: what is wrong, what looks wrong, or how it is written.
    pub fn below(&self, width: usize) -> Vec<Line> {
        let (role, words) = match (&self.problem, &self.doubt) {
            (Some(problem), _) => (Role::Error, problem.as_str()),
            (None, Some(doubt)) => (Role::Warn, doubt.as_str()),
            (None, None) if self.is_filter() => (
                Role::Muted,
                "words, field:value, !not; for example status:qa-failed market:DE !owner:ana",
            ),
            (None, None) if self.purpose == PromptFor::Ask => (
                Role::Muted,
                "@brand:ACM @platform:meta @market:DE say where it stands; Up shows earlier questions",
            ),
            (None, None) if self.purpose == PromptFor::ViewName => (
                Role::Muted,
                "filter, order and columns of the ticket table, for this person and environment",
            ),
            (None, None) => (Role::Muted, "the history shows it"),
        };
        wrap(words, width).into_iter().map(|t| Line::of(role, t)).collect()
    }

    /// Rows it takes of a body this wide.
    pub fn rows(&self, width: u16) -> u16 {
        let text = usize::from(width.saturating_sub(4)).max(1);
        cells(self.below(text).len().max(1)).saturating_add(3)
    }
}

/// What a picked row is for. A new screen adds its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickFor {
    /// Where the ticket goes.
    Move,
    /// What happens to objects of a cancelled ticket.
    Leftovers(Cancelling),
    /// The order of the ticket table.
    Sort,
    /// A saved view.
    View,
    /// A column of the ticket table.
    Column,
    /// How much is stopped.
    Hold(Vec<HoldScope>),
    /// Whose turn comes first.
    Priority(Ordering),
    /// The answer to a question of the executor.
    Answer(Vec<Answering>),
    /// The campaign a copy of a ticket is for.
    CloneInto(TicketId, TicketNo),
    /// What happens to objects of many cancelled tickets.
    BulkLeftovers,
    /// The field to set on many tickets.
    BulkField,
    /// The field of the form below to go to.
    Field,
    /// A form that was not handed in.
    Draft,
}

/// One of a list, found by typing.
#[derive(Debug)]
pub struct Picker {
    /// The question.
    pub title: Shown,
    /// The rows; a refused one can be seen, not taken, and its detail says why.
    pub options: Vec<(Choice, bool)>,
    /// Letters to find a row.
    pub query: LineEdit,
    /// The row under the cursor among those found.
    pub row: usize,
    /// What it is for.
    pub purpose: PickFor,
}

impl Picker {
    /// Asks.
    pub fn new(title: &str, options: Vec<(Choice, bool)>, purpose: PickFor) -> Self {
        let row = options.iter().position(|(_, refused)| !refused).unwrap_or(0);
        Self {
            title: sanitise(title),
            options,
            query: LineEdit::new(80),
            row,
            purpose,
        }
    }

    /// Rows that fit what was typed.
    pub fn found(&self) -> Vec<&(Choice, bool)> {
        finder::rank(
            self.query.text(),
            self.options.iter().map(|(c, _)| (c.title.as_str(), c.detail.as_str())),
        )
        .into_iter()
        .filter_map(|i| self.options.get(i))
        .collect()
    }
}

/// Palette or help: commands, found by typing; Enter runs one.
#[derive(Debug)]
pub struct Finder {
    /// `Command`, `Help`, or what the actions are for.
    pub title: String,
    /// What may be found, with the chord that runs it where it is live.
    pub among: Vec<(Cmd, String)>,
    /// Letters, or an id and words for it.
    pub line: LineEdit,
    /// The row under the cursor among those found.
    pub row: usize,
}

impl Finder {
    /// Every command that makes sense away from its key.
    pub fn palette(keys: &Keymap) -> Self {
        Self {
            title: "Command".to_owned(),
            among: TABLE
                .iter()
                .filter(|r| r.is_in_palette())
                .map(|r| (r.cmd, keys.key(r.cmd)))
                .collect(),
            line: LineEdit::new(300),
            row: 0,
        }
    }

    /// Everything that works in a stack of contexts.
    pub fn help(keys: &Keymap, stack: &[Ctx]) -> Self {
        Self {
            title: "Help".to_owned(),
            among: keys.live(stack),
            ..Self::palette(keys)
        }
    }

    /// What can be done here, with or without a key: the screen's own commands, not those that move.
    pub fn actions(keys: &Keymap, contexts: &[Ctx], about: &str) -> Self {
        let here = TABLE.iter().filter(|r| r.contexts.iter().any(|c| contexts.contains(c)));
        let among = here.map(|r| (r.cmd, keys.key(r.cmd))).collect();
        Self {
            title: format!("Actions {about}"),
            among,
            ..Self::palette(keys)
        }
    }

    /// With a command's name in the line, for the words after it.
    pub fn asking(keys: &Keymap, cmd: Cmd) -> Self {
        let mut finder = Self::palette(keys);
        finder.line.set(&format!("{} ", cmd.record().id));
        finder
    }

    /// Commands that fit, best first.
    pub fn found(&self) -> Vec<(Cmd, String)> {
        let cmds: Vec<Cmd> = self.among.iter().map(|(c, _)| *c).collect();
        finder::find(self.line.text(), &cmds)
            .into_iter()
            .filter_map(|cmd| self.among.iter().find(|(c, _)| *c == cmd).cloned())
            .collect()
    }
}

/// A long text, wrapped when drawn.
#[derive(Debug)]
pub struct Viewer {
    /// Over the border.
    pub title: Shown,
    /// The paragraphs.
    pub lines: Vec<(Role, Shown)>,
    /// The first line in view.
    pub top: usize,
}

impl Viewer {
    /// A text.
    pub fn new(title: &str, lines: Vec<(Role, Shown)>) -> Self {
        Self {
            title: sanitise(title),
            lines,
            top: 0,
        }
    }

    /// Everything the console said, newest first.
    pub fn messages(model: &Model) -> Self {
        let zone = &model.session.options.zone;
        let mut lines = Vec::new();
        for toast in model.toasts.log() {
            let role = match toast.tone {
                Tone::Good => Role::Ok,
                Tone::Note => Role::Text,
                Tone::Warn => Role::Warn,
                Tone::Bad => Role::Error,
            };
            lines.push((
                role,
                sanitise(&format!("{}  {}", when::second(toast.at, zone), toast.words)),
            ));
            if !toast.remedy.as_str().is_empty() {
                lines.push((Role::Muted, sanitise(&format!("          {}", toast.remedy))));
            }
        }
        if lines.is_empty() {
            lines.push((Role::Muted, sanitise("nothing was said yet")));
        }
        Self::new("Messages", lines)
    }

    /// The lines as drawn in this many columns.
    pub fn wrapped(&self, width: usize) -> Vec<Line> {
        self.lines
            .iter()
            .flat_map(|(role, text)| {
                let mut parts = wrap(text.as_str(), width);
                if parts.is_empty() {
                    parts.push(String::new());
                }
                parts.into_iter().map(|p| Line::of(*role, p))
            })
            .collect()
    }

    /// Everything as text.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|(_, t)| t.as_str()).collect();
        lines.join("\n")
    }
}

/// What a form is for. The screen that opens one adds a variant here and answers it in
/// [`crate::tui::screens::form_submitted`] and [`crate::tui::screens::form_changed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormFor {
    /// Who takes care of a ticket, and how soon.
    Care {
        /// Which ticket.
        id: TicketId,
        /// Its number.
        no: TicketNo,
        /// The version the form was filled from.
        version: u64,
    },
    /// A market, brand, channel, account or campaign.
    Governed(Editing),
    /// A ticket's content and care.
    EditTicket {
        /// Which ticket.
        id: TicketId,
        /// Its number.
        no: TicketNo,
        /// The version the form knows.
        version: u64,
    },
    /// The value of a field, for many tickets: the field's key.
    BulkValue(String),
    /// A new ticket.
    Compose,
    /// A QA rule.
    Rule {
        /// Its name; empty for a new one.
        name: String,
        /// The version the form was filled from; 0 for a new one.
        version: u64,
    },
    /// Fields of the edit form below that somebody else changed too.
    Conflict {
        /// Which ticket.
        id: TicketId,
    },
}

/// A form over a screen.
#[derive(Debug)]
pub struct FormOverlay {
    /// The form.
    pub form: Form,
    /// What it is for.
    pub purpose: FormFor,
    /// Since when it asks whether to drop what was typed: it takes no other keys until that is answered.
    pub leaving: Option<Millis>,
    /// What is kept of it until it is handed in.
    pub keeping: Keeping,
}

impl FormOverlay {
    /// A form over a screen.
    pub fn new(form: Form, purpose: FormFor) -> Self {
        Self {
            keeping: Keeping::new(&form),
            form,
            purpose,
            leaving: None,
        }
    }
}
