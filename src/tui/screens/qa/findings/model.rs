//! What the findings pane knows.

use std::collections::BTreeSet;

use crate::{
    engine::{
        api::{
            card::Card,
            filter::Filter,
            findings::{FindingLine, FindingRows, FindingsAsk, Found, GroupBy, LineKey},
        },
        model::ids::TicketId,
    },
    tui::{
        app::{effect::SlotId, slot::Slot},
        ui::select::Selection,
    },
};

/// The findings.
#[derive(Debug)]
pub struct Findings {
    /// The window at hand.
    pub slot: Slot<FindingRows>,
    /// What they are grouped by.
    pub by: GroupBy,
    /// Groups that are open.
    pub open: BTreeSet<String>,
    /// Of which tickets.
    pub filter: Filter,
    /// The line under the cursor.
    pub pick: Selection<LineKey>,
    /// Somebody opened or closed a group: none opens by itself any more.
    pub chosen: bool,
    /// A closed group `n` came to: the cursor goes on to its first finding once it is open.
    pub into: Option<String>,
    /// The ticket a fix is looked for as soon as it is shown.
    pub mend: Option<TicketId>,
    /// The field to be set on the tickets of a group, while they are being marked.
    pub fix: Option<String>,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::Findings),
            by: GroupBy::default(),
            open: BTreeSet::new(),
            filter: Filter::default(),
            pick: Selection::default(),
            chosen: false,
            into: None,
            mend: None,
            fix: None,
        }
    }
}

impl Findings {
    /// The lines at hand.
    pub fn lines(&self) -> &[FindingLine] {
        self.slot.get().map_or(&[], |rows| &rows.lines)
    }

    /// Their names.
    pub fn keys(&self) -> Vec<LineKey> {
        self.lines().iter().map(FindingLine::key).collect()
    }

    /// The line under the cursor.
    pub fn selected(&self) -> Option<&FindingLine> {
        let key = self.pick.id()?;
        self.lines().iter().find(|l| l.key() == key)
    }

    /// The finding under the cursor; none on a heading.
    pub fn found(&self) -> Option<&Found> {
        match self.selected()? {
            FindingLine::Found(found) => Some(found),
            FindingLine::Group(_) => None,
        }
    }

    /// The ticket under the cursor.
    pub fn card(&self) -> Option<&Card> {
        self.selected()?.card()
    }

    /// A filter for the tickets of the group under the cursor.
    pub fn group_filter(&self) -> Option<String> {
        let word = match self.by {
            GroupBy::Rule => "rule",
            GroupBy::Ticket => "no",
        };
        let group = self.pick.id()?.group;
        Some(format!("{word}:{group} state:open {}", self.filter.as_str()))
    }

    /// A window of this many pages around the cursor.
    pub fn ask(&self, page: usize, anchor: Option<LineKey>) -> FindingsAsk {
        let around = u32::try_from(page).unwrap_or(u32::MAX).saturating_mul(3) / 2 + 1;
        FindingsAsk {
            by: self.by,
            open: self.open.clone(),
            filter: self.filter.clone(),
            before: if anchor.is_some() { around } else { 0 },
            after: if anchor.is_some() { around } else { around * 2 },
            anchor,
        }
    }
}
