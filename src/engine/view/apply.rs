//! Applying commits to the projection.

use std::{collections::BTreeMap, sync::Arc};

use super::state::{FINISHED_KEPT, OpenDeploy, State};
use crate::engine::{
    api::{
        Seen,
        card::{Card, DeployGlance},
    },
    deploy::ledger,
    model::{
        approval::Standing,
        deploy::{Deploy, DeployState},
        house_rule::HouseRules,
        ids::{CampaignId, ChannelId, TicketId},
        proposal::{Proposal, ProposalNo, ProposalState},
        sanitise::excerpt,
        ticket::{Severity, Status, Ticket},
        time::Timestamp,
        watch::Watchers,
    },
    store::{
        Applied, Key, Kind, Row,
        codec::{self, Stored},
        schema::{Epoch, Hold, Restored},
    },
};

fn open<T: Stored>(row: &Row) -> Option<Seen<T>> {
    match codec::decode::<T>(&row.body) {
        Ok(value) => Some(Seen {
            version: row.version,
            value,
        }),
        Err(error) => {
            // The store checks envelopes when it opens; a value that fails here is ours to report, not to hide.
            tracing::error!(key = %row.key, %error, "a row cannot be shown");
            None
        }
    }
}

impl State {
    /// Applies one commit.
    pub(super) fn apply(&mut self, applied: &Applied) {
        for key in &applied.del {
            self.del_key(key);
        }
        for row in &applied.put {
            self.put_row(row, Some(applied.event.at));
        }
        self.seq = applied.event.seq;
        self.refresh_touched();
    }

    /// Takes one row. `at` = when it was written; unknown while loading.
    pub(super) fn put_row(&mut self, row: &Row, at: Option<Timestamp>) {
        match row.kind {
            Kind::Market => {
                if let Some(m) = open(row) {
                    self.note_code_change(&m, |s| &s.markets, |m| m.id, |m| m.code.as_str());
                    self.markets.insert(m.value.id, m);
                }
            }
            Kind::Brand => {
                if let Some(b) = open(row) {
                    self.note_code_change(&b, |s| &s.brands, |b| b.id, |b| b.code.as_str());
                    self.brands.insert(b.value.id, b);
                }
            }
            Kind::Channel => {
                if let Some(c) = open(row) {
                    self.note_code_change(&c, |s| &s.channels, |c| c.id, |c| c.code.as_str());
                    self.channels.insert(c.value.id, c);
                }
            }
            Kind::Campaign => {
                if let Some(c) = open::<crate::engine::model::campaign::Campaign>(row) {
                    self.campaigns.insert(c.value.id, c);
                }
            }
            Kind::Ticket => {
                if let Some(t) = open::<Ticket>(row) {
                    self.put_ticket(&t);
                }
            }
            Kind::Deploy => {
                if let Some(d) = open::<Deploy>(row) {
                    self.put_deploy(d.value, at);
                }
            }
            Kind::Epoch => {
                if let Some(e) = open::<Epoch>(row) {
                    self.epoch = e.value;
                }
            }
            Kind::Hold => {
                if let Some(h) = open::<Hold>(row) {
                    self.holds.insert(row.key.to_string(), h.value);
                }
            }
            Kind::Proposal => {
                if let Some(Seen { value, .. }) = open::<Proposal>(row) {
                    self.proposals.remove(&value.no);
                    self.touched.insert(value.ticket);
                    if value.state == ProposalState::Open {
                        self.proposals.insert(value.no, Arc::new(value));
                    }
                }
            }
            Kind::Watch => {
                let ticket = row.key.as_str().strip_prefix("watch/").and_then(|id| id.parse().ok());
                if let Some((id, watchers)) = ticket.zip(open::<Watchers>(row)) {
                    self.watch.insert(id, watchers.value);
                    self.touched.insert(id);
                }
            }
            Kind::Restored => self.restored = open::<Restored>(row).map(|r| r.value),
            Kind::Rules => {
                if let Some(rules) = open::<HouseRules>(row) {
                    self.house_rules = Arc::new(rules.value);
                }
            }
            Kind::Claim | Kind::Counter | Kind::OpenExchange => {}
        }
    }

    fn note_code_change<I: Ord, T>(
        &mut self,
        new: &Seen<T>,
        map: impl Fn(&Self) -> &BTreeMap<I, Seen<T>>,
        id: impl Fn(&T) -> I,
        code: impl Fn(&T) -> &str,
    ) {
        let changed = map(self)
            .get(&id(&new.value))
            .is_some_and(|old| code(&old.value) != code(&new.value));
        self.codes_changed |= changed;
    }

    fn put_ticket(&mut self, seen: &Seen<Ticket>) {
        let t = &seen.value;
        self.drop_card(t.id);
        let (brand, market, channel) = self.code_words(t.campaign, t.channel);
        let findings = t.qa.iter().flat_map(|q| &q.findings);
        let mut rules: Vec<Arc<str>> = findings.clone().map(|f| self.word(&f.rule)).collect();
        rules.sort_unstable();
        rules.dedup();
        rules.shrink_to_fit();
        let count =
            |s: Severity| u32::try_from(findings.clone().filter(|f| f.severity == s).count()).unwrap_or(u32::MAX);
        let card = Card {
            id: t.id,
            no: t.no,
            version: seen.version,
            status: t.status,
            request: t.request,
            name: t.name.clone(),
            campaign: t.campaign,
            brand,
            market,
            channel,
            platform: t.platform,
            account: self.account(&t.account),
            budget: t.budget,
            priority: t.priority,
            flight: t.flight,
            assignee: self.word(&t.assignee),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            rules,
            failure: t.failure.as_ref().map(|f| excerpt(&f.reason, 160)),
            proposed: false,
            deploy: None,
            objects: u32::try_from(t.created.len()).unwrap_or(u32::MAX),
            approvals: Standing {
                // Hashing is not free and most tickets have none.
                given: if t.review.approvals.is_empty() {
                    0
                } else {
                    t.review.given(t.payload_hash())
                },
                needed: 0,
            },
            author: self.word(&t.created_by.name),
            watchers: Vec::new(),
            updated_by: self.word(&t.updated_by.name),
            updated_at: t.updated_at,
        };
        if matches!(card.status, Status::Failed | Status::QaFailed) {
            self.refused.insert(card.id, t.payload_hash());
            self.failures += u64::from(card.status == Status::Failed);
        }
        self.take_card(card);
    }

    /// Puts a card that is in no index into every one.
    pub(super) fn take_card(&mut self, card: Card) {
        let id = card.id;
        self.by_no.insert(card.no, id);
        let of_campaign = self.by_campaign.entry(card.campaign).or_default();
        *of_campaign.entry(card.status).or_default() += 1;
        if card.status == Status::QaTesting {
            self.in_qa.insert(id);
        }
        self.touched.insert(id);
        let card = Arc::new(card);
        self.lists.put(&card);
        self.cards.insert(id, card);
        self.stand(id);
    }

    /// Changes what a card shows, but not where it stands: status, number and time stay.
    pub(super) fn amend(&mut self, id: TicketId, change: impl FnOnce(&mut Card)) {
        let Some(card) = self.cards.get_mut(&id) else { return };
        change(Arc::make_mut(card));
        self.lists.put(card);
    }

    /// Takes a card out of every index.
    pub(super) fn drop_card(&mut self, id: TicketId) {
        let Some(old) = self.cards.remove(&id) else { return };
        self.by_no.remove(&old.no);
        self.lists.remove(&old);
        self.in_qa.remove(&id);
        self.refused.remove(&id);
        self.awaiting.remove(&id);
        if let Some(counts) = self.by_campaign.get_mut(&old.campaign)
            && let Some(n) = counts.get_mut(&old.status)
        {
            *n = n.saturating_sub(1);
            if *n == 0 {
                counts.remove(&old.status);
            }
        }
    }

    fn put_deploy(&mut self, deploy: Deploy, since: Option<Timestamp>) {
        let ticket = deploy.ticket;
        let open = deploy.state == DeployState::Open;
        // While loading, an earlier deploy of the ticket that is over may come after the one that is open.
        let replaces = |old: &OpenDeploy| open || old.deploy.id == deploy.id;
        if self.deploys.get(&ticket).is_some_and(replaces)
            && let Some(old) = self.deploys.remove(&ticket)
            && let Some(at) = old.deploy.run_at
        {
            self.due.remove(&(at, ticket));
        }
        let since = since.or(deploy.finished_at).unwrap_or(deploy.started_at);
        if let (true, Some(at)) = (open, deploy.run_at) {
            self.due.insert((at, ticket));
        }
        let entry = OpenDeploy {
            deploy: Arc::new(deploy),
            since,
        };
        if open {
            self.deploys.insert(ticket, entry);
        } else {
            self.finished.retain(|(t, _)| *t != ticket);
            self.finished.push_back((ticket, entry));
            if self.finished.len() > FINISHED_KEPT {
                self.finished.pop_front();
            }
        }
        self.touched.insert(ticket);
    }

    fn del_key(&mut self, key: &Key) {
        let Some((family, id)) = key.as_str().split_once('/') else {
            return;
        };
        match family {
            "market" => drop(id.parse().ok().and_then(|id| self.markets.remove(&id))),
            "brand" => drop(id.parse().ok().and_then(|id| self.brands.remove(&id))),
            "channel" => drop(id.parse().ok().and_then(|id| self.channels.remove(&id))),
            "campaign" => drop(id.parse().ok().and_then(|id| self.campaigns.remove(&id))),
            "ticket" => {
                if let Ok(id) = id.parse() {
                    self.drop_card(id);
                }
            }
            "proposal" => {
                let of = id
                    .split_once('/')
                    .and_then(|(ticket, n)| Some((ticket.parse().ok()?, n.parse().ok()?)));
                if let Some((ticket, n)) = of {
                    self.proposals.retain(|no, p| (p.ticket, no.n) != (ticket, n));
                }
            }
            "watch" => drop(id.parse().ok().and_then(|id| self.watch.remove(&id))),
            "hold" => drop(self.holds.remove(key.as_str())),
            "meta" if id == "restored" => self.restored = None,
            _ => {}
        }
    }

    /// Who hears of a ticket, by name. Almost nobody says anything about it: then the names are those the card has anyway.
    fn watchers(&self, id: TicketId) -> Vec<Arc<str>> {
        let Some(card) = self.cards.get(&id) else {
            return Vec::new();
        };
        if let Some(said) = self.watch.get(&id) {
            return said
                .of(&card.author, &card.assignee)
                .into_iter()
                .map(Arc::from)
                .collect();
        }
        let mut names: Vec<_> = [&card.author, &card.assignee]
            .into_iter()
            .filter(|n| !n.is_empty())
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// True when an open proposal was made for exactly what was refused.
    fn is_proposed(&self, id: TicketId) -> bool {
        let (Some(refused), Some(card)) = (self.refused.get(&id), self.cards.get(&id)) else {
            return false;
        };
        let no = |n| ProposalNo { ticket: card.no, n };
        let mut open = self.proposals.range(no(0)..=no(u32::MAX));
        open.any(|(_, p)| p.payload_hash == *refused)
    }

    /// Makes the deploy line of touched cards anew, and whether a proposal waits.
    pub(super) fn refresh_touched(&mut self) {
        if std::mem::take(&mut self.codes_changed) {
            self.refresh_all();
        }
        for id in std::mem::take(&mut self.touched) {
            let glance = self.deploys.get(&id).map(|d| Box::new(glance(&d.deploy)));
            let proposed = self.is_proposed(id);
            let watchers = self.watchers(id);
            let differs =
                |card: &Arc<Card>| card.deploy != glance || card.proposed != proposed || card.watchers != watchers;
            if self.cards.get(&id).is_some_and(differs) {
                self.amend(id, |card| {
                    card.deploy = glance;
                    card.proposed = proposed;
                    card.watchers = watchers;
                });
            }
        }
    }

    /// Makes codes on every card anew: after loading, when rows came in any order, and after a code changed.
    pub(super) fn refresh_all(&mut self) {
        let ids: Vec<TicketId> = self.cards.keys().copied().collect();
        for id in ids {
            self.stand(id);
            let Some(card) = self.cards.get(&id) else { continue };
            let Some(channel) = self.channel_of(card) else { continue };
            let (brand, market, code) = self.codes(card.campaign, channel);
            if *card.brand == *brand && *card.market == *market && *card.channel == *code {
                continue;
            }
            let (brand, market, code) = self.code_words(card.campaign, channel);
            self.amend(id, |card| {
                card.brand = brand;
                card.market = market;
                card.channel = code;
            });
        }
    }

    /// The codes of a ticket as the cards share them.
    fn code_words(&mut self, campaign: CampaignId, channel: ChannelId) -> (Arc<str>, Arc<str>, Arc<str>) {
        let (brand, market, channel) = self.codes(campaign, channel);
        let words = [brand, market, channel].map(str::to_owned);
        let [brand, market, channel] = words.map(|word| self.word(&word));
        (brand, market, channel)
    }

    /// The channel an account belongs to: an account belongs to one channel only.
    fn channel_of(&self, card: &Card) -> Option<crate::engine::model::ids::ChannelId> {
        let owns = |c: &&Seen<crate::engine::model::governance::Channel>| {
            c.value.platform == card.platform && c.value.account(&card.account).is_some()
        };
        self.channels.values().find(owns).map(|c| c.value.id)
    }
}

/// One line about a deploy.
pub(super) fn glance(deploy: &Deploy) -> DeployGlance {
    let steps = deploy.steps.len();
    let (at, step) = match ledger::current(deploy) {
        Some((at, step)) => (at, Some(step)),
        None => (steps.saturating_sub(1), deploy.steps.last()),
    };
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    DeployGlance {
        id: deploy.id,
        step: number(at + 1),
        steps: number(steps),
        word: step.map_or_else(String::new, |s| s.key.clone()),
        state: step.map_or(crate::engine::model::deploy::StepState::Confirmed, |s| s.state),
        tries: step.map_or(0, |s| s.tries),
        why: deploy.why.clone(),
    }
}
