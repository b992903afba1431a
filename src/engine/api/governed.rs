//! What is governed, what hangs on it, and what a change of it would touch.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Command, Request, Seen};
use crate::engine::model::{
    campaign::Campaign,
    event::Seq,
    governance::{Brand, Channel, Market},
    ids::{CampaignId, ChannelId, TicketNo},
    platform::AccountId,
    refusal::Refusal,
    ticket::{RequestType, Status},
};

/// Everything governed, small enough to be sent whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Governance {
    /// By code.
    pub markets: Vec<Seen<Market>>,
    /// By code.
    pub brands: Vec<Seen<Brand>>,
    /// By code.
    pub channels: Vec<Seen<Channel>>,
    /// Newest first.
    pub campaigns: Vec<CampaignRow>,
    /// The newest commit the answer knows.
    pub at: Seq,
}

/// A campaign with its counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignRow {
    /// The campaign.
    pub campaign: Seen<Campaign>,
    /// Brand code.
    pub brand: String,
    /// Market code.
    pub market: String,
    /// Name without a channel: `DIS_US_2026_MoanaLaunch`.
    pub name: String,
    /// Tickets by status.
    pub tickets: Vec<(Status, u64)>,
}

/// What a ticket would be called and what is missing: asked on every choice in the form, answered by the same code as
/// the commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewAsk {
    /// Chosen campaign.
    pub campaign: Option<CampaignId>,
    /// Chosen channel.
    pub channel: Option<ChannelId>,
    /// Chosen account.
    pub account: Option<AccountId>,
    /// Chosen request type.
    pub request: Option<RequestType>,
}

/// The preview's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The name, `???` for parts not known yet.
    pub name: String,
    /// Longest name the platform takes, once a channel is chosen.
    pub max: Option<u32>,
    /// Who holds the name already, if it is taken.
    pub taken_by: Option<TicketNo>,
    /// What is missing or wrong, in words.
    pub missing: Vec<String>,
}

/// What a change or removal of a governed value would touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Campaigns that refer to it.
    pub campaigns: u64,
    /// Tickets below it, by status.
    pub tickets: Vec<(Status, u64)>,
    /// What would happen, a sentence each.
    pub lines: Vec<String>,
    /// Why it would be refused, if it would.
    pub refusal: Option<Refusal>,
    /// Computed at.
    pub at: Seq,
}

/// How much a change touches: what a person agrees to, and what it is held to when it is carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Campaigns that refer to it.
    pub campaigns: u64,
    /// Tickets below it, by status.
    pub tickets: Vec<(Status, u64)>,
}

impl Counted {
    /// The counts of an answer.
    pub fn of(impact: &Impact) -> Self {
        Self {
            campaigns: impact.campaigns,
            tickets: impact.tickets.clone(),
        }
    }
}

impl Request {
    /// Asks to carry out an intention, held to its counts where there are any.
    pub fn carrying_out(command: Box<Command>, counted: Option<Box<Counted>>) -> Self {
        match counted {
            Some(counted) => Self::DoCounted { command, counted },
            None => Self::Do(command),
        }
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.campaigns == 1 { "" } else { "s" };
        write!(f, "{} campaign{plural}", self.campaigns)?;
        self.tickets
            .iter()
            .try_for_each(|(status, n)| write!(f, ", {n} {status}"))
    }
}
