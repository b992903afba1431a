//! The projection's data.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    sync::Arc,
};

use super::lists::Lists;
use crate::engine::{
    api::{Seen, card::Card},
    model::{
        approval::ApprovalRule,
        campaign::Campaign,
        deploy::Deploy,
        event::Seq,
        governance::{Brand, Channel, Market},
        house_rule::HouseRules,
        ids::{BrandId, CampaignId, ChannelId, MarketId, TicketId, TicketNo},
        json::Sha,
        platform::AccountId,
        proposal::{Proposal, ProposalNo},
        ticket::Status,
        time::Timestamp,
        watch::Watchers,
    },
    store::schema::{Epoch, Hold, Restored},
    taxonomy::Codes,
};

/// A deploy that is open, or was the last of a ticket that just ended, with the time its state last changed.
#[derive(Clone, Debug)]
pub struct OpenDeploy {
    /// The ledger.
    pub deploy: Arc<Deploy>,
    /// When its row changed last.
    pub since: Timestamp,
}

/// Finished deploys kept for the queue's history.
pub(super) const FINISHED_KEPT: usize = 200;

/// Everything in memory. Maps are ordered where an answer's order depends on them.
#[derive(Debug, Default)]
pub struct State {
    /// The newest commit applied.
    pub seq: Seq,
    /// The engine's epoch row.
    pub epoch: Epoch,
    /// That the store came out of a backup, while it matters.
    pub restored: Option<Restored>,
    /// Markets by id.
    pub markets: BTreeMap<MarketId, Seen<Market>>,
    /// Brands by id.
    pub brands: BTreeMap<BrandId, Seen<Brand>>,
    /// Channels by id.
    pub channels: BTreeMap<ChannelId, Seen<Channel>>,
    /// Campaigns by id (UUID v7: oldest first).
    pub campaigns: BTreeMap<CampaignId, Seen<Campaign>>,
    /// Every ticket's card.
    pub cards: HashMap<TicketId, Arc<Card>>,
    /// Tickets by number.
    pub by_no: BTreeMap<TicketNo, TicketId>,
    /// The same cards by status and last change.
    pub lists: Lists,
    /// How many tickets of a campaign are in each status.
    pub by_campaign: HashMap<CampaignId, BTreeMap<Status, u64>>,
    /// Open deploys by ticket.
    pub deploys: HashMap<TicketId, OpenDeploy>,
    /// When open deploys want to be looked at.
    pub due: BTreeSet<(Timestamp, TicketId)>,
    /// The newest finished deploys, oldest first.
    pub finished: VecDeque<(TicketId, OpenDeploy)>,
    /// Tickets QA has to look at.
    pub in_qa: BTreeSet<TicketId>,
    /// Tickets a platform or QA refused, with the hash of what was refused.
    pub refused: BTreeMap<TicketId, Sha>,
    /// How often a platform refused one.
    pub failures: u64,
    /// Tickets that are ready but for approvals.
    pub awaiting: BTreeSet<TicketId>,
    /// Who has to agree before a deploy.
    pub(super) approval_rules: Vec<ApprovalRule>,
    /// Holds by what they stop: the store's key.
    pub holds: BTreeMap<String, Hold>,
    /// Proposals nobody applied or declined yet.
    pub proposals: BTreeMap<ProposalNo, Arc<Proposal>>,
    /// What people said about hearing of tickets.
    pub watch: HashMap<TicketId, Watchers>,
    /// QA rules of the house.
    pub house_rules: Arc<HouseRules>,
    /// Words that many cards show, each once.
    pub(super) words: HashSet<Arc<str>>,
    /// The same of accounts.
    pub(super) accounts: HashSet<AccountId>,
    /// Tickets whose card must be made anew at the end of this commit.
    pub(super) touched: BTreeSet<TicketId>,
    /// A governed code changed: cards show codes, so all are made anew.
    pub(super) codes_changed: bool,
}

impl State {
    /// A word as the cards share it. There are few, and they are kept: people, codes.
    pub(super) fn word(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.words.get(word) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(word);
        self.words.insert(Arc::clone(&new));
        new
    }

    /// An account as the cards share it.
    pub(super) fn account(&mut self, account: &AccountId) -> AccountId {
        if let Some(known) = self.accounts.get(account) {
            return known.clone();
        }
        self.accounts.insert(account.clone());
        account.clone()
    }

    /// Brand, market and channel codes of a ticket, `?` for what is gone.
    pub(super) fn codes(&self, campaign: CampaignId, channel: ChannelId) -> (&str, &str, &str) {
        let campaign = self.campaigns.get(&campaign).map(|c| &c.value);
        let brand = campaign
            .and_then(|c| self.brands.get(&c.brand))
            .map(|b| b.value.code.as_str());
        let market = campaign
            .and_then(|c| self.markets.get(&c.market))
            .map(|m| m.value.code.as_str());
        let channel = self.channels.get(&channel).map(|c| c.value.code.as_str());
        (brand.unwrap_or("?"), market.unwrap_or("?"), channel.unwrap_or("?"))
    }

    /// Every code there is, former ones included: what names are read against.
    pub fn codes_registered(&self) -> Codes {
        Codes::of(
            self.brands.values().map(|b| &b.value),
            self.markets.values().map(|m| &m.value),
            self.channels.values().map(|c| &c.value),
        )
    }

    /// The earliest time an open deploy wants attention.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }
}
