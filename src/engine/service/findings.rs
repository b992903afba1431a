//! Findings of all tickets: which there are comes from memory, what they say from the tickets of the window.

use std::collections::HashMap;

use super::Engine;
use crate::engine::{
    api::{
        ApiError,
        card::Card,
        findings::{FindingLine, FindingRows, FindingsAsk, Found},
    },
    model::{ids::TicketId, refusal::RefusalCode, ticket::Finding},
    qa::{self, house},
    view::Sketched,
};

/// Most lines of one answer on either side of its anchor.
const LINES: u32 = 500;

impl Engine {
    /// A window over what QA found.
    pub(super) async fn findings_window(&self, ask: &FindingsAsk) -> Result<FindingRows, ApiError> {
        let ask = FindingsAsk {
            before: ask.before.min(LINES),
            after: ask.after.min(LINES),
            ..ask.clone()
        };
        let (sketch, house_rules) = self.projection.read(|s| (s.findings(&ask), s.house_rules.clone()));
        let mut read: HashMap<TicketId, Vec<Finding>> = HashMap::new();
        let mut lines = Vec::with_capacity(sketch.lines.len());
        for line in sketch.lines {
            let (group, card, rule) = match line {
                Sketched::Group(group) => {
                    lines.push(FindingLine::Group(group));
                    continue;
                }
                Sketched::Found { group, card, rule } => (group, card, rule),
            };
            let findings = match read.entry(card.id) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(new) => new.insert(self.findings_of(card.id).await?),
            };
            let mut of_rule = findings.iter().filter(|f| f.rule == rule);
            // Judged anew since the lines were counted: news of it is on its way.
            let Some(finding) = of_rule.next().cloned() else {
                continue;
            };
            lines.push(FindingLine::Found(Box::new(Found {
                group,
                card: Card::clone(&card),
                finding,
                more: u32::try_from(of_rule.count()).unwrap_or(u32::MAX),
            })));
        }
        Ok(FindingRows {
            lines,
            first: sketch.first,
            matching: sketch.matching,
            findings: sketch.findings,
            tickets: sketch.tickets,
            clean: sketch.clean,
            rules: house::version(qa::version_in_force(), &house_rules).short(),
            at: sketch.at,
        })
    }

    async fn findings_of(&self, id: TicketId) -> Result<Vec<Finding>, ApiError> {
        match self.ticket(id).await {
            Ok(seen) => Ok(seen.value.qa.map_or_else(Vec::new, |q| q.findings)),
            // Removed meanwhile.
            Err(ApiError::Refused(r)) if r.code == RefusalCode::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}
