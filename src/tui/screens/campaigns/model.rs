//! What the campaigns screen knows. The rows are in the answer it shares with governance.

use ratatui::layout::Rect;

use crate::{
    engine::{
        api::{CampaignRow, Governance},
        model::ids::CampaignId,
    },
    tui::{
        screens::governance::find::Find,
        ui::{
            layout::{inner, panes, split_top},
            select::Selection,
        },
    },
};

/// Fields its filter knows.
pub const FIELDS: [&str; 3] = ["brand", "market", "year"];

/// The campaigns screen.
#[derive(Debug, Default)]
pub struct Campaigns {
    /// Which rows.
    pub find: Find,
    /// The row under the cursor.
    pub pick: Selection<CampaignId>,
    /// Where the cursor goes as soon as the row is there: what was just made.
    pub landing: Option<CampaignId>,
}

impl Campaigns {
    /// The rows that pass the filter.
    pub fn rows<'g>(&self, g: Option<&'g Governance>) -> Vec<&'g CampaignRow> {
        let rows = g.map_or(&[][..], |g| &g.campaigns);
        rows.iter().filter(|r| self.fits(r)).collect()
    }

    fn fits(&self, row: &CampaignRow) -> bool {
        let c = &row.campaign.value;
        let year = c.year.to_string();
        let words = format!("{} {}", row.name, c.title);
        let fields = [
            ("brand", row.brand.as_str()),
            ("market", row.market.as_str()),
            ("year", year.as_str()),
        ];
        self.find.fits(&words, &fields)
    }
}

/// Where the parts are: table, the selected campaign below it where there is room, rows in view.
pub fn geometry(body: Rect) -> (Rect, Rect, usize) {
    let (table, glance) = if panes(body.width) > 1 && body.height >= 20 {
        split_top(body, body.height - 6)
    } else {
        (body, Rect::default())
    };
    (table, glance, usize::from(inner(table).height.saturating_sub(1)).max(1))
}
