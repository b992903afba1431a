//! Light rows for lists: what the board and the tables show of a ticket or a deploy without its body.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    approval::Standing,
    deploy::{StepState, Why},
    ids::{CampaignId, DeployId, TicketId, TicketNo},
    money::Budget,
    platform::{AccountId, ExternalId, PlatformId},
    ticket::{Priority, RequestType, Status},
    time::{Flight, Timestamp},
};

/// A ticket in a list. Words that many tickets share are shared: an engine holds the cards of all its tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Identity.
    pub id: TicketId,
    /// Number.
    pub no: TicketNo,
    /// The row's version: what an edit from a list must name.
    pub version: u64,
    /// Where it stands.
    pub status: Status,
    /// What it asks.
    pub request: RequestType,
    /// Platform name.
    pub name: String,
    /// Campaign.
    pub campaign: CampaignId,
    /// Brand code.
    pub brand: Arc<str>,
    /// Market code.
    pub market: Arc<str>,
    /// Channel code.
    pub channel: Arc<str>,
    /// Platform.
    pub platform: PlatformId,
    /// Account.
    pub account: AccountId,
    /// Budget.
    pub budget: Option<Budget>,
    /// Days of delivery.
    pub flight: Option<Flight>,
    /// Order in the queue.
    pub priority: Priority,
    /// Who takes care.
    pub assignee: Arc<str>,
    /// Blocking findings.
    pub errors: u32,
    /// Other findings.
    pub warnings: u32,
    /// The rules that found something, without repeats.
    pub rules: Vec<Arc<str>>,
    /// Why it failed, one line.
    pub failure: Option<String>,
    /// A proposal that mends it waits for a person.
    #[serde(default)]
    pub proposed: bool,
    /// Where its deploy stands.
    pub deploy: Option<Box<DeployGlance>>,
    /// Objects that exist.
    pub objects: u32,
    /// Approvals there are and approvals the rules ask for.
    #[serde(default)]
    pub approvals: Standing,
    /// Who wrote it.
    #[serde(default)]
    pub author: Arc<str>,
    /// Who hears of it, by name.
    #[serde(default)]
    pub watchers: Vec<Arc<str>>,
    /// Who changed it last.
    pub updated_by: Arc<str>,
    /// When it changed last.
    pub updated_at: Timestamp,
}

impl Card {
    /// True for a ticket that is ready but for approvals.
    pub const fn waits_for_approval(&self) -> bool {
        matches!(self.status, Status::ReadyForApi) && self.approvals.missing() > 0
    }
}

/// A deploy in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployGlance {
    /// Identity.
    pub id: DeployId,
    /// The step at hand, from 1.
    pub step: u32,
    /// Steps in all.
    pub steps: u32,
    /// Its name, in the platform's word.
    pub word: String,
    /// Its state.
    pub state: StepState,
    /// Tries used on it.
    pub tries: u32,
    /// What it waits for.
    pub why: Why,
}

/// A deploy in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployCard {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// Platform name.
    pub name: String,
    /// The ticket's status.
    pub status: Status,
    /// Platform.
    pub platform: PlatformId,
    /// Account.
    pub account: AccountId,
    /// Where it stands, live facts of the lane included.
    pub glance: DeployGlance,
    /// Tries allowed.
    pub max_tries: u32,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// The platform's last words.
    pub last: String,
    /// What exists, by step.
    pub ids: Vec<(String, ExternalId)>,
}
