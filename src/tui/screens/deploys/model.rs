//! What the deploys screen knows.

use ratatui::layout::Rect;

use crate::{
    engine::{
        api::{DeployRows, LaneView, TicketView, card::DeployCard, filter::Filter},
        model::{
            ids::TicketId,
            platform::{AccountId, PlatformId},
        },
    },
    tui::{
        app::{effect::SlotId, slot::Slot},
        ui::{
            cells,
            layout::{inner, panes, split_top},
            select::Selection,
        },
    },
};

/// Accounts in view at most; more scroll.
const LANES_MAX: usize = 6;
/// Rows of the foot that says why.
const FOOT: u16 = 5;

/// Which pane has the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The queue.
    #[default]
    Queue,
    /// The accounts.
    Lanes,
}

/// The deploys screen.
#[derive(Debug)]
pub struct Deploys {
    /// Queue and accounts.
    pub slot: Slot<DeployRows>,
    /// The selected deploy with its ledger and its reason.
    pub detail: Slot<TicketView>,
    /// Which deploys.
    pub filter: Filter,
    /// Finished ones too.
    pub finished: bool,
    /// Where the cursor is.
    pub pane: Pane,
    /// The row under the cursor.
    pub pick: Selection<TicketId>,
    /// The account under the cursor.
    pub lane: Selection<(PlatformId, AccountId)>,
    /// The ticket whose log or question is shown as soon as its detail is there.
    pub opening: Option<TicketId>,
}

impl Default for Deploys {
    fn default() -> Self {
        Self {
            slot: Slot::new(SlotId::Deploys),
            detail: Slot::new(SlotId::DeployDetail),
            filter: Filter::default(),
            finished: false,
            pane: Pane::default(),
            pick: Selection::default(),
            lane: Selection::default(),
            opening: None,
        }
    }
}

impl Deploys {
    /// The rows at hand.
    pub fn rows(&self) -> &[DeployCard] {
        self.slot.get().map_or(&[], |r| &r.rows)
    }

    /// Their tickets.
    pub fn ids(&self) -> Vec<TicketId> {
        self.rows().iter().map(|r| r.ticket).collect()
    }

    /// Accounts with work or trouble.
    pub fn lanes(&self) -> &[LaneView] {
        self.slot.get().map_or(&[], |r| &r.lanes)
    }

    /// Their keys.
    pub fn lane_ids(&self) -> Vec<(PlatformId, AccountId)> {
        self.lanes().iter().map(|l| (l.platform, l.account.clone())).collect()
    }

    /// The deploy under the cursor; none while the cursor is among the accounts.
    pub fn selected(&self) -> Option<&DeployCard> {
        (self.pane == Pane::Queue).then(|| self.picked()).flatten()
    }

    /// The queue's row, wherever the cursor is: what the foot speaks about.
    pub fn picked(&self) -> Option<&DeployCard> {
        let id = self.pick.id()?;
        self.rows().iter().find(|r| r.ticket == id)
    }

    /// The account under the cursor; none while the cursor is in the queue.
    pub fn selected_lane(&self) -> Option<&LaneView> {
        if self.pane != Pane::Lanes {
            return None;
        }
        let (platform, account) = self.lane.id()?;
        self.lanes()
            .iter()
            .find(|l| l.platform == platform && l.account == account)
    }

    /// The detail of a ticket, if it is the one at hand.
    pub fn detail_of(&self, id: TicketId) -> Option<&TicketView> {
        self.detail.get().filter(|d| d.card.id == id)
    }
}

/// Where the screen's parts are; empty where there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The accounts' pane.
    pub lanes: Rect,
    /// The queue's pane.
    pub queue: Rect,
    /// The foot's pane.
    pub foot: Rect,
    /// Accounts in view.
    pub lane_page: usize,
    /// Deploys in view.
    pub page: usize,
}

/// The geometry in a body: three panes below each other, or the one with the cursor on small terminals.
pub fn geometry(body: Rect, deploys: &Deploys) -> Geometry {
    let none = Rect::default();
    let (lanes, queue, foot) = if panes(body.width) == 1 || body.height < 20 {
        match deploys.pane {
            Pane::Queue if body.height >= 16 => {
                let (queue, foot) = split_top(body, body.height - FOOT);
                (none, queue, foot)
            }
            Pane::Queue => (none, body, none),
            Pane::Lanes => {
                let (lanes, foot) = split_top(body, body.height.saturating_sub(FOOT));
                (lanes, none, foot)
            }
        }
    } else {
        let count = deploys.lanes().len().clamp(1, LANES_MAX);
        let (lanes, rest) = split_top(body, cells(count) + 2);
        let (queue, foot) = split_top(rest, rest.height.saturating_sub(FOOT));
        (lanes, queue, foot)
    };
    Geometry {
        lanes,
        queue,
        foot,
        lane_page: usize::from(inner(lanes).height).max(1),
        page: usize::from(inner(queue).height.saturating_sub(1)).max(1),
    }
}
