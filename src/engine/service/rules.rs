//! QA rules: which are in force, and what one would find before it is saved.

use std::sync::Arc;

use super::Engine;
use crate::engine::{
    api::{
        ApiError,
        rules::{BuiltIn, RulesView, Trial, TrialHit},
    },
    decide::rule,
    model::{
        event::Noun,
        house_rule::RuleText,
        ids::TicketId,
        refusal::RefusalCode,
        ticket::{Status, Ticket},
    },
    qa::{self, house},
};

/// Tickets shown of a trial.
const SHOWN: usize = 200;

impl Engine {
    /// Every rule.
    pub(super) fn rules_view(&self) -> RulesView {
        let built_in = qa::rules_in_force().rules.iter().map(|r| BuiltIn {
            id: r.id.clone(),
            severity: r.severity,
            message: r.message.clone(),
            remedy: r.remedy.clone(),
        });
        let house = self.projection.read(|s| s.house_rules.clone());
        RulesView {
            version: house::version(qa::version_in_force(), &house).short(),
            built_in: built_in.collect(),
            house: (*house).clone(),
        }
    }

    /// What a rule would find in every open ticket. Changes nothing.
    pub(super) async fn try_rule(self: &Arc<Self>, text: &RuleText) -> Result<Trial, ApiError> {
        let problems = self.projection.read(|s| {
            rule::check(text, |noun, code| match noun {
                Noun::Brand => s
                    .brands
                    .values()
                    .any(|b| b.value.code == *code || b.value.aliases.contains(code)),
                Noun::Market => s
                    .markets
                    .values()
                    .any(|m| m.value.code == *code || m.value.aliases.contains(code)),
                _ => s
                    .channels
                    .values()
                    .any(|c| c.value.code == *code || c.value.aliases.contains(code)),
            })
        });
        problems.check()?;
        let (open, at): (Vec<TicketId>, _) = self.projection.read(|s| {
            let ids = s
                .by_no
                .values()
                .filter(|id| s.cards.get(id).is_some_and(|c| c.status.is_open()));
            (ids.copied().collect(), s.seq)
        });
        let mut trial = Trial { at, ..Trial::default() };
        for id in open {
            let ticket = match self.ticket(id).await {
                Ok(seen) => seen.value,
                // Removed meanwhile.
                Err(ApiError::Refused(r)) if r.code == RefusalCode::NotFound => continue,
                Err(error) => return Err(error),
            };
            trial.judged += 1;
            let Some(hit) = self.try_on(text, &ticket) else {
                continue;
            };
            trial.hit += 1;
            trial.ready += u64::from(matches!(ticket.status, Status::ReadyForApi | Status::Deploying));
            if trial.hits.len() < SHOWN {
                trial.hits.push(hit);
            }
        }
        Ok(trial)
    }

    fn try_on(&self, text: &RuleText, ticket: &Ticket) -> Option<TrialHit> {
        let finding = self.projection.read(|s| {
            let campaign = &s.campaigns.get(&ticket.campaign)?.value;
            let looked = house::Looked {
                ticket,
                brand: &s.brands.get(&campaign.brand)?.value,
                market: &s.markets.get(&campaign.market)?.value,
                channel: &s.channels.get(&ticket.channel)?.value,
            };
            house::judge(text, &looked)
        })?;
        Some(TrialHit {
            no: ticket.no,
            name: ticket.name.clone(),
            status: ticket.status,
            finding,
        })
    }
}
