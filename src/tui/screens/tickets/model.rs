//! What the ticket table knows.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use crate::{
    engine::{
        api::{SortKey, TicketRows, card::Card, filter::Filter},
        model::ids::TicketId,
    },
    tui::{
        app::{effect::SlotId, slot::Slot},
        ui::{
            layout::{inner, panes, split_left, split_top},
            select::Selection,
        },
    },
};

/// Which part of the list the question in flight is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Around the selected ticket, or the start.
    #[default]
    Around,
    /// The end: asked the other way round, because a window has an anchor and no offset.
    End,
}

/// The ticket table.
#[derive(Debug)]
pub struct Tickets {
    /// The rows at hand.
    pub slot: Slot<TicketRows>,
    /// Which tickets.
    pub filter: Filter,
    /// In which order.
    pub sort: SortKey,
    /// Turned around.
    pub reverse: bool,
    /// Columns not shown, by their headings.
    pub hidden: BTreeSet<String>,
    /// The row under the cursor.
    pub pick: Selection<TicketId>,
    /// What the question in flight is about.
    pub asked: Asked,
}

impl Default for Tickets {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::Tickets),
            filter: Filter::default(),
            sort: SortKey::default(),
            reverse: false,
            hidden: super::columns::hidden_at_first(),
            pick: Selection::default(),
            asked: Asked::default(),
        }
    }
}

impl Tickets {
    /// The rows at hand.
    pub fn rows(&self) -> &[Card] {
        self.slot.get().map_or(&[], |r| &r.rows)
    }

    /// Their ids.
    pub fn ids(&self) -> Vec<TicketId> {
        self.rows().iter().map(|c| c.id).collect()
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&Card> {
        let id = self.pick.id()?;
        self.rows().iter().find(|c| c.id == id)
    }
}

/// Where the table's parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The table's pane.
    pub table: Rect,
    /// The selected ticket at a glance; empty where there is no room.
    pub glance: Rect,
    /// Rows in view.
    pub page: usize,
}

/// The table's geometry in a body: the glance stands right from three panes on, below from two.
pub fn geometry(body: Rect) -> Geometry {
    let (table, glance) = match panes(body.width) {
        3 => split_left(body, body.width.saturating_sub(50)),
        2 if body.height >= 20 => split_top(body, body.height - 8),
        _ => (body, Rect::default()),
    };
    Geometry {
        table,
        glance,
        // One row is the heading.
        page: usize::from(inner(table).height.saturating_sub(1)).max(1),
    }
}
