//! What the ticket detail knows.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::{conflict::Theirs, proposal::Suggested};
use crate::{
    engine::{
        api::{PlannedCall, TicketView, card::Card},
        model::{
            event::Event,
            ids::{QaRunId, TicketId},
            ticket::{Finding, Severity},
        },
    },
    tui::{
        app::{effect::SlotId, slot::Slot},
        screens::ScreenId,
        ui::{
            layout::{inner, padded, panes, split_left, split_top},
            select::Selection,
        },
    },
};

/// The tabs at the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What QA found.
    #[default]
    Findings,
    /// What will be sent.
    Payload,
    /// What was sent and answered.
    Ledger,
    /// Who did what.
    History,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: [Self; 4] = [Self::Findings, Self::Payload, Self::Ledger, Self::History];

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Findings => "Findings",
            Self::Payload => "Payload",
            Self::Ledger => "Ledger",
            Self::History => "History",
        }
    }

    /// The tab some places further, around the ends.
    #[must_use]
    pub fn turned(self, by: usize) -> Self {
        let at = self as usize + by;
        Self::ALL.get(at % Self::ALL.len()).copied().unwrap_or_default()
    }

    /// What stands beside it where there is room for three panes.
    #[must_use]
    pub const fn companion(self) -> Self {
        match self {
            Self::Ledger => Self::History,
            _ => Self::Ledger,
        }
    }
}

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The form.
    #[default]
    Form,
    /// The tabs.
    Tabs,
}

/// What an open edit form was filled from.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// Every field as it was.
    pub fields: BTreeMap<String, String>,
    /// The payload as it was.
    pub payload: serde_json::Value,
    /// Fields somebody else changed too, and nobody has chosen between yet.
    pub conflicts: BTreeMap<String, Theirs>,
}

/// The ticket detail.
#[derive(Debug)]
pub struct Detail {
    /// The ticket shown.
    pub ticket: Option<TicketId>,
    /// Where Esc leads.
    pub from: ScreenId,
    /// The ticket with everything around it.
    pub slot: Slot<TicketView>,
    /// What will be sent.
    pub plan: Slot<Vec<PlannedCall>>,
    /// Who did what.
    pub history: Slot<Vec<Event>>,
    /// What is proposed to mend it.
    pub proposal: Slot<Suggested>,
    /// The tab in view.
    pub tab: Tab,
    /// Which pane has the keys.
    pub side: Side,
    /// True while unset optional fields are shown.
    pub unfolded: bool,
    /// The row of the form under the cursor.
    pub row: Selection<usize>,
    /// The line of each tab under the cursor.
    pub lines: [Selection<usize>; 4],
    /// The QA run whose findings were shown.
    pub seen_run: Option<QaRunId>,
    /// A wish to edit, at a field, that waits for what it needs.
    pub pending: Option<Option<String>>,
    /// What the open edit form was filled from.
    pub base: Base,
    /// A save was refused because the ticket changed meanwhile: what it is now is on its way.
    pub contested: bool,
}

impl Default for Detail {
    fn default() -> Self {
        Self {
            ticket: None,
            from: ScreenId::Board,
            slot: Slot::new(SlotId::Detail),
            plan: Slot::new(SlotId::Plan),
            history: Slot::new(SlotId::History),
            proposal: Slot::new(SlotId::Proposal),
            tab: Tab::default(),
            side: Side::default(),
            unfolded: false,
            row: Selection::default(),
            lines: Default::default(),
            seen_run: None,
            pending: None,
            base: Base::default(),
            contested: false,
        }
    }
}

impl Detail {
    /// The ticket, once it is here.
    pub fn view(&self) -> Option<&TicketView> {
        let id = self.ticket?;
        self.slot.get().filter(|v| v.ticket.value.id == id)
    }

    /// Its row in lists.
    pub fn card(&self) -> Option<&Card> {
        self.view().map(|v| &v.card)
    }

    /// What stands in the way: what the platform refused, and what the last QA run found, errors first. A refusal is
    /// told like a finding because it is mended like one, at its field.
    pub fn findings(&self) -> Vec<Finding> {
        let Some(ticket) = self.view().map(|v| &v.ticket.value) else {
            return Vec::new();
        };
        let refused = ticket.failure.as_ref().map(|f| Finding {
            rule: format!("refused at {}", f.step),
            severity: Severity::Error,
            field: f.field.clone().unwrap_or_default(),
            message: f.reason.clone(),
            remedy: f.remedy.clone(),
        });
        let found = ticket.qa.iter().flat_map(|q| q.findings.iter().cloned());
        let mut all: Vec<Finding> = refused.into_iter().chain(found).collect();
        all.sort_by_key(|f| std::cmp::Reverse(f.severity));
        all
    }
}

/// Where the parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The form's pane; empty when one pane is shown and it is not this one.
    pub form: Rect,
    /// The tabs' pane; empty likewise.
    pub tabs: Rect,
    /// The companion's pane; empty below three panes.
    pub beside: Rect,
    /// Why it is where it is.
    pub why: Rect,
}

/// Rows of the why line.
const WHY_ROWS: u16 = 2;

/// The geometry in a body. `why` is false for tickets that are over.
pub fn geometry(body: Rect, side: Side, why: bool) -> Geometry {
    let rows = if why && body.height > 8 { WHY_ROWS } else { 0 };
    let (main, why) = split_top(body, body.height.saturating_sub(rows));
    let none = Rect { width: 0, ..main };
    let (form, tabs, beside) = match panes(body.width) {
        1 if side == Side::Form => (main, none, none),
        1 => (none, main, none),
        2 => {
            let (form, tabs) = split_left(main, main.width / 2);
            (form, tabs, none)
        }
        _ => {
            let third = main.width / 3;
            let (form, rest) = split_left(main, third + 4);
            let (tabs, beside) = split_left(rest, rest.width / 2);
            (form, tabs, beside)
        }
    };
    Geometry {
        form,
        tabs,
        beside,
        why,
    }
}

/// Columns of text in a pane.
pub fn text_width(pane: Rect) -> usize {
    usize::from(padded(inner(pane)).width)
}

/// Rows of text in a pane.
pub fn text_rows(pane: Rect) -> usize {
    usize::from(inner(pane).height).max(1)
}
