//! Answers to list questions, from memory alone.

use std::sync::Arc;

use super::state::{OpenDeploy, State};
use crate::engine::{
    api::{
        BoardColumn, CampaignRow, DeployRows, Governance, Preview, PreviewAsk,
        card::{Card, DeployCard},
        filter::Filter,
    },
    model::{
        deploy::{OutcomeClass, StepState},
        ids::TicketNo,
        ticket::{RequestType, Status},
    },
    policy::Policy,
    taxonomy,
};

impl State {
    /// The board's columns in flow order. Without a filter a column costs its window, however many tickets it holds.
    pub fn board(&self, filter: &Filter, per_column: u32) -> Vec<BoardColumn> {
        let most = per_column as usize;
        let column = |status: &Status| {
            let (mut count, mut cards) = (0, Vec::new());
            if filter.is_empty() {
                count = self.lists.count(*status);
                cards.extend(self.lists.of(*status).take(most).map(|row| Card::clone(row.card())));
            } else if filter.may_hold(*status) {
                for row in self.lists.of(*status).filter(|row| row.passes(filter)) {
                    count += 1;
                    if cards.len() < most {
                        cards.push(Card::clone(row.card()));
                    }
                }
            }
            BoardColumn {
                status: *status,
                count,
                cards,
            }
        };
        Status::ALL.iter().map(column).collect()
    }

    /// Everything governed.
    pub fn governance(&self) -> Governance {
        let mut g = Governance {
            markets: self.markets.values().cloned().collect(),
            brands: self.brands.values().cloned().collect(),
            channels: self.channels.values().cloned().collect(),
            campaigns: self.campaigns.values().rev().map(|c| self.campaign_row(c)).collect(),
            at: self.seq,
        };
        g.markets.sort_by(|a, b| a.value.code.cmp(&b.value.code));
        g.brands.sort_by(|a, b| a.value.code.cmp(&b.value.code));
        g.channels.sort_by(|a, b| a.value.code.cmp(&b.value.code));
        g
    }

    fn campaign_row(&self, c: &crate::engine::api::Seen<crate::engine::model::campaign::Campaign>) -> CampaignRow {
        let brand = self.brands.get(&c.value.brand).map_or("?", |b| b.value.code.as_str());
        let market = self.markets.get(&c.value.market).map_or("?", |m| m.value.code.as_str());
        CampaignRow {
            brand: brand.to_owned(),
            market: market.to_owned(),
            name: format!("{brand}_{market}_{}_{}", c.value.year, c.value.label),
            tickets: self
                .by_campaign
                .get(&c.value.id)
                .map(|m| m.iter().map(|(s, n)| (*s, *n)).collect())
                .unwrap_or_default(),
            campaign: c.clone(),
        }
    }

    /// The queue: what needs a person first, then what is in doubt, then running, then waiting by time, then finished.
    pub fn deploys(&self, filter: &Filter, finished: bool, limit: u32, policy: &Policy) -> DeployRows {
        let mut rows: Vec<(u8, i64, DeployCard)> = Vec::new();
        let ended = self
            .finished
            .iter()
            .rev()
            .filter(|_| finished)
            .map(|(t, d)| (t, d, true));
        for (ticket, open, over) in self.deploys.iter().map(|(t, d)| (t, d, false)).chain(ended) {
            let Some(card) = self.cards.get(ticket).filter(|c| filter.matches(c)) else {
                continue;
            };
            let row = deploy_card(card, open, policy);
            let rank = match row.glance.state {
                _ if over => 9,
                StepState::NeedsOperator => 0,
                StepState::Unknown | StepState::Reconciling => 1,
                StepState::Intent => 2,
                _ => 3,
            };
            let order = if over {
                open.since.micros().saturating_neg()
            } else {
                open.deploy
                    .run_at
                    .map_or(i64::MAX, crate::engine::model::time::Timestamp::micros)
            };
            rows.push((rank, order, row));
        }
        rows.sort_by_key(|(rank, order, row)| (*rank, *order, row.no));
        DeployRows {
            matching: rows.len() as u64,
            rows: rows.into_iter().take(limit as usize).map(|(_, _, r)| r).collect(),
            lanes: Vec::new(),
            last_ended: self.finished.iter().map(|(_, d)| d.since).max(),
            at: self.seq,
        }
    }

    /// What a ticket would be called, with `???` for what is not chosen yet.
    pub fn preview(
        &self,
        ask: &PreviewAsk,
        name_max: impl Fn(crate::engine::model::platform::PlatformId) -> Option<u32>,
    ) -> Preview {
        let campaign = ask.campaign.and_then(|id| self.campaigns.get(&id)).map(|c| &c.value);
        let channel = ask.channel.and_then(|id| self.channels.get(&id)).map(|c| &c.value);
        let brand = campaign.and_then(|c| self.brands.get(&c.brand)).map(|b| &b.value.code);
        let market = campaign
            .and_then(|c| self.markets.get(&c.market))
            .map(|m| &m.value.code);
        let name = taxonomy::preview(
            brand,
            market,
            channel.map(|c| &c.code),
            campaign.map(|c| c.year),
            campaign.map(|c| &c.label),
        );
        let mut missing = Vec::new();
        if campaign.is_none() {
            missing.push("campaign".to_owned());
        }
        if channel.is_none() {
            missing.push("channel".to_owned());
        }
        let accounts = channel.map_or(0, |c| c.accounts.len());
        let account = match (&ask.account, channel) {
            (Some(a), Some(c)) => c.account(a).map(|a| &a.id),
            (None, Some(c)) if accounts == 1 => c.accounts.first().map(|a| &a.id),
            _ => None,
        };
        if channel.is_some() && account.is_none() {
            missing.push(
                if accounts == 0 {
                    "account (the channel has none)"
                } else {
                    "account"
                }
                .to_owned(),
            );
        }
        let creates = ask.request.is_none_or(|r| r == RequestType::Create);
        let taken_by = match (creates && campaign.is_some(), channel, account) {
            (true, Some(channel), Some(account)) => self.name_holder(channel.platform, account, &name),
            _ => None,
        };
        Preview {
            max: channel.and_then(|c| name_max(c.platform)),
            name,
            taken_by,
            missing,
        }
    }

    /// The CREATE ticket that holds a name on an account.
    fn name_holder(
        &self,
        platform: crate::engine::model::platform::PlatformId,
        account: &crate::engine::model::platform::AccountId,
        name: &str,
    ) -> Option<TicketNo> {
        let holds = |c: &&Arc<Card>| {
            c.platform == platform
                && &c.account == account
                && c.request == RequestType::Create
                && c.name.eq_ignore_ascii_case(name)
                && !(c.status == Status::Cancelled && c.objects == 0)
        };
        self.cards.values().find(holds).map(|c| c.no)
    }
}

/// A row of the queue.
fn deploy_card(card: &Card, open: &OpenDeploy, policy: &Policy) -> DeployCard {
    let deploy = &open.deploy;
    let outcomes = deploy
        .steps
        .iter()
        .flat_map(|s| &s.attempts)
        .filter_map(|a| a.outcome.as_ref());
    let last = outcomes.filter(|o| o.class != OutcomeClass::Done).max_by_key(|o| o.at);
    DeployCard {
        ticket: card.id,
        no: card.no,
        name: card.name.clone(),
        status: card.status,
        platform: card.platform,
        account: card.account.clone(),
        glance: super::apply::glance(deploy),
        max_tries: policy.max_tries,
        since: open.since,
        last: last.map_or_else(String::new, |o| o.words.clone()),
        ids: deploy
            .steps
            .iter()
            .filter_map(|s| {
                s.external_id
                    .clone()
                    .filter(|_| s.action == crate::engine::model::deploy::StepAction::Create)
                    .map(|id| (s.key.clone(), id))
            })
            .collect(),
    }
}
