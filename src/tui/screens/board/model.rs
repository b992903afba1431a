//! What the board knows.

use ratatui::layout::Rect;

use crate::{
    engine::{
        api::{BoardColumn, card::Card, filter::Filter},
        model::{
            ids::{TicketId, TicketNo},
            ticket::Status,
        },
    },
    tui::{
        app::{effect::SlotId, msg::Millis, slot::Slot},
        ui::{layout::inner, select::Selection},
    },
};

/// The columns, in flow order. Cancelled tickets are in the table only.
pub const COLUMNS: [Status; 7] = [
    Status::Draft,
    Status::QaTesting,
    Status::QaFailed,
    Status::ReadyForApi,
    Status::Deploying,
    Status::TraffickedSuccess,
    Status::Failed,
];

/// A card that somebody moved a moment ago: their name is shown on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which ticket.
    pub no: TicketNo,
    /// Who.
    pub by: String,
    /// Until when it is shown.
    pub until: Millis,
}

/// The board.
#[derive(Debug)]
pub struct Board {
    /// The columns' cards.
    pub slot: Slot<Vec<BoardColumn>>,
    /// Which tickets.
    pub filter: Filter,
    /// The column under the cursor.
    pub column: usize,
    /// The first column in view, as far as the cursor allows.
    pub first: usize,
    /// The card under the cursor, per column.
    pub picks: [Selection<TicketId>; 7],
    /// Moves of the last seconds.
    pub moved: Vec<Moved>,
    /// Cards asked for per column.
    pub per_column: u32,
    /// False until somebody chose a column: until then the board starts where something waits.
    pub settled: bool,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::Board),
            filter: Filter::default(),
            column: 0,
            first: 0,
            picks: std::array::from_fn(|_| Selection::default()),
            moved: Vec::new(),
            per_column: 0,
            settled: false,
        }
    }
}

impl Board {
    /// A column's cards and their number.
    pub fn cards(&self, column: usize) -> (&[Card], u64) {
        let status = COLUMNS.get(column);
        let found = self
            .slot
            .get()
            .and_then(|cs| cs.iter().find(|c| Some(&c.status) == status));
        found.map_or((&[], 0), |c| (&c.cards, c.count))
    }

    /// The card under the cursor.
    pub fn selected(&self) -> Option<&Card> {
        let id = self.picks.get(self.column)?.id()?;
        self.cards(self.column).0.iter().find(|c| c.id == id)
    }

    /// Ids of a column's cards.
    pub fn ids(&self, column: usize) -> Vec<TicketId> {
        self.cards(column).0.iter().map(|c| c.id).collect()
    }
}

/// Where the board's parts are: pure, for update and view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The line that counts all seven columns.
    pub strip: Rect,
    /// The pane with the columns.
    pub pane: Rect,
    /// Columns in view.
    pub columns: usize,
    /// The first of them.
    pub first: usize,
    /// Rows of one card.
    pub card_rows: u16,
    /// Cards of a column in view.
    pub page: usize,
}

impl Geometry {
    /// Where the cards of a column in view are, counted from the first one in view.
    pub fn column_area(&self, n: usize) -> Rect {
        let inside = inner(self.pane);
        let count = u16::try_from(self.columns).unwrap_or(1).max(1);
        let n = u16::try_from(n).unwrap_or(u16::MAX).min(count - 1);
        let share = inside.width / count;
        let x = inside.x + n * share;
        let right = if n + 1 == count {
            inside.right()
        } else {
            (x + share).saturating_sub(1)
        };
        Rect {
            x,
            width: right.saturating_sub(x),
            ..inside
        }
    }
}

/// Narrowest column.
const COLUMN_MIN: u16 = 22;

/// The board's geometry in a body, with the cursor in a column and the columns that were in view from `first` on.
pub fn geometry(body: Rect, column: usize, first: usize) -> Geometry {
    let (strip, pane) = crate::tui::ui::layout::split_top(body, 1);
    let columns = if body.width < 60 {
        1
    } else {
        usize::from(body.width / COLUMN_MIN).clamp(1, 7)
    };
    // The window of columns moves only when the cursor would leave it: columns that slide with every step cannot be
    // read.
    let first = first
        .clamp((column + 1).saturating_sub(columns), column)
        .min(COLUMNS.len() - columns);
    let card_rows = if body.width < 100 { 2 } else { 4 };
    let rows = pane.height.saturating_sub(2);
    Geometry {
        strip,
        pane,
        columns,
        first,
        card_rows,
        page: usize::from(rows / card_rows).max(1),
    }
}
