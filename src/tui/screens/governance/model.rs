//! What the governance screen knows. The values themselves are in [`crate::tui::screens::facts`], which every screen shares.

use ratatui::layout::Rect;

use super::{
    find::Find,
    impact::Impacts,
    rows::{self, Row},
};
use crate::{
    engine::{
        api::Governance,
        model::{
            ids::{BrandId, ChannelId, MarketId},
            platform::AccountId,
        },
    },
    tui::{
        screens::Screens,
        ui::{
            layout::{inner, panes, split_left, split_top},
            select::Selection,
        },
    },
};

/// Which list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum List {
    /// Where ads run.
    #[default]
    Markets,
    /// Whose they are.
    Brands,
    /// Platforms as this house uses them.
    Channels,
    /// Accounts of all channels.
    Accounts,
}

impl List {
    /// Every list, in order.
    pub const ALL: [Self; 4] = [Self::Markets, Self::Brands, Self::Channels, Self::Accounts];

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Markets => "Markets",
            Self::Brands => "Brands",
            Self::Channels => "Channels",
            Self::Accounts => "Accounts",
        }
    }

    /// The list before or after, around the end.
    #[must_use]
    pub const fn beside(self, forward: bool) -> Self {
        match (self, forward) {
            (Self::Markets, true) | (Self::Channels, false) => Self::Brands,
            (Self::Brands, true) | (Self::Accounts, false) => Self::Channels,
            (Self::Channels, true) | (Self::Markets, false) => Self::Accounts,
            (Self::Accounts, true) | (Self::Brands, false) => Self::Markets,
        }
    }
}

/// A governed value.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowId {
    /// A market.
    Market(MarketId),
    /// A brand.
    Brand(BrandId),
    /// A channel.
    Channel(ChannelId),
    /// An account of a channel.
    Account(ChannelId, AccountId),
}

/// What the governance screen knows.
#[derive(Debug, Default)]
pub struct Governed {
    /// Something happened since the governed values were asked for: counts of tickets may be old.
    pub counts_old: bool,
    /// The list shown.
    pub list: List,
    /// Which rows.
    pub find: Find,
    /// The row under the cursor.
    pub pick: Selection<RowId>,
    /// Where the cursor goes as soon as the row is there: what was just made.
    pub landing: Option<RowId>,
    /// What a change would touch, while that is asked.
    pub impacts: Impacts,
}

impl Governed {
    /// The rows of the list shown.
    pub fn rows(&self, g: Option<&Governance>) -> Vec<Row> {
        g.map_or_else(Vec::new, |g| rows::rows(g, self.list, &self.find))
    }
}

impl Screens {
    /// The governed value under the cursor.
    pub fn selected_governed(&self) -> Option<Row> {
        let id = self.governed.pick.id()?;
        let rows = self.governed.rows(self.facts.governance.get());
        rows.into_iter().find(|r| r.id == id)
    }
}

/// Where the screen's parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The four lists; a single line on small terminals.
    pub lists: Rect,
    /// The table's pane.
    pub table: Rect,
    /// Rows in view.
    pub page: usize,
}

/// The geometry in a body.
pub fn geometry(body: Rect) -> Geometry {
    let (lists, table) = if panes(body.width) == 1 {
        split_top(body, 1)
    } else {
        split_left(body, 19)
    };
    Geometry {
        lists,
        table,
        page: usize::from(inner(table).height.saturating_sub(1)).max(1),
    }
}
