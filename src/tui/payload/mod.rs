//! The payload of a ticket as text, beside its form: JSON, as `$EDITOR` and import have it.
//!
//! Form and text are two views of one payload. The text is taken over into the form when somebody says so; until then it
//! is kept in the form as it was typed, so that drafts hold it and nothing typed is lost.
//!
//! Invariants
//! - What the form has no field for goes through untouched: the text taken over is what later changes are laid on.
//! - Text that cannot be read stays as it is, with its line; the form is not handed in past it.
//! - Everything here but [`update`] is pure over text and catalogue.

pub mod json;
pub mod offers;
pub mod update;
pub mod view;

#[cfg(test)]
mod tests;

use tui_textarea::TextArea;
use uuid::Uuid;

use crate::engine::model::{
    ids::TicketId,
    platform::PlatformId,
    sanitise::{Shown, sanitise},
    ticket::Finding,
};
use offers::Offer;

/// Longest text taken: what the engine could keep, laid out in lines.
const BYTES_MAX: usize = 64 * 1024;
/// Steps back the editor remembers.
const STEPS: usize = 500;

/// What may be written at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// The rows.
    pub rows: Vec<Offer>,
    /// The one under the cursor.
    pub row: usize,
    /// True once somebody moved in it: Enter means the row then, not a new line.
    pub moved: bool,
}

/// The text being written.
#[derive(Debug)]
pub struct Editor {
    /// Whose payload: `1042`, `a new ticket`.
    pub title: Shown,
    /// The text.
    pub area: Box<TextArea<'static>>,
    /// The text it opened with.
    pub start: String,
    /// The ticket it is judged as.
    pub ticket: Option<TicketId>,
    /// The platform whose fields are offered.
    pub platform: PlatformId,
    /// What is offered at the cursor.
    pub offers: Option<Offers>,
    /// Why the text cannot be read: the line from 0, and the words.
    pub problem: Option<(usize, Shown)>,
    /// What QA says of it.
    pub findings: Vec<Finding>,
    /// True while QA has not seen what stands there now.
    pub unjudged: bool,
    /// On a narrow screen: the form is shown instead.
    pub shows_form: bool,
    /// The name under which a person's own editor has it.
    pub edited: Option<Uuid>,
}

impl Editor {
    /// On a text.
    pub fn new(title: &str, text: &str, ticket: Option<TicketId>, platform: PlatformId) -> Self {
        Self {
            title: sanitise(title),
            area: Box::new(area(text)),
            start: text.to_owned(),
            ticket,
            platform,
            offers: None,
            problem: None,
            findings: Vec::new(),
            unjudged: true,
            shows_form: false,
            edited: None,
        }
    }

    /// The text as it stands.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Puts other text in its place; the cursor goes to the start.
    pub fn set(&mut self, text: &str) {
        *self.area = area(text);
        self.offers = None;
    }

    /// The line of a finding, from 0.
    pub fn line_of(&self, finding: &Finding) -> usize {
        json::line_of(&json::read(self.area.lines(), None).places, finding.field.as_str())
    }
}

fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.lines().map(|l| sanitise(l).into_string()).collect());
    area.set_cursor_line_style(ratatui::style::Style::new());
    area.set_max_histories(STEPS);
    area
}
