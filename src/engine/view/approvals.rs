//! Which tickets wait for approval, kept as tickets and governed values change.

use super::state::State;
use crate::engine::{
    api::card::Card,
    model::{
        approval::{self, Asked},
        ids::TicketId,
    },
};

impl State {
    /// Approvals the rules ask for. Zero for a ticket whose brand or market is not known yet, while rows are loaded.
    fn needed(&self, card: &Card) -> u32 {
        let campaign = self.campaigns.get(&card.campaign);
        let brand = campaign.and_then(|c| self.brands.get(&c.value.brand));
        let market = campaign.and_then(|c| self.markets.get(&c.value.market));
        let (Some(brand), Some(market)) = (brand, market) else {
            return 0;
        };
        let asked = Asked {
            request: card.request,
            platform: card.platform,
            budget: card.budget,
            brand: &brand.value,
            market: &market.value,
        };
        approval::needed(&self.approval_rules, &asked)
    }

    /// Writes on a card what the rules ask for, and whether it waits for that.
    pub(super) fn stand(&mut self, id: TicketId) {
        if self.approval_rules.is_empty() {
            return;
        }
        let Some(card) = self.cards.get(&id) else { return };
        let needed = self.needed(card);
        if card.approvals.needed != needed {
            self.amend(id, |card| card.approvals.needed = needed);
        }
        let Some(card) = self.cards.get(&id) else { return };
        if card.waits_for_approval() {
            self.awaiting.insert(id);
        } else {
            self.awaiting.remove(&id);
        }
    }
}
