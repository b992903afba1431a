//! The lines of findings, from cards alone: which rule found something in which ticket. What it says is in the ticket.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use super::state::State;
use crate::engine::{
    api::{
        card::Card,
        findings::{FindingGroup, FindingsAsk, GroupBy},
    },
    model::{event::Seq, ticket::Status},
};

/// A line without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sketched {
    /// A heading.
    Group(Box<FindingGroup>),
    /// This rule found something in this ticket.
    Found {
        /// The group it stands in.
        group: String,
        /// The ticket.
        card: Arc<Card>,
        /// The rule.
        rule: String,
    },
}

/// A window of such lines, with the counts of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// The lines.
    pub lines: Vec<Sketched>,
    /// The place of the first.
    pub first: u64,
    /// Lines in all.
    pub matching: u64,
    /// Findings in all.
    pub findings: u64,
    /// Tickets with findings.
    pub tickets: u64,
    /// Open tickets QA found nothing in.
    pub clean: u64,
    /// The newest commit known.
    pub at: Seq,
}

/// A group while lines are counted.
struct Group<'s> {
    key: String,
    inner: Vec<(&'s Arc<Card>, &'s str)>,
    card: Option<&'s Arc<Card>>,
}

impl State {
    /// A window over what QA found in open tickets.
    pub fn findings(&self, ask: &FindingsAsk) -> Sketch {
        let mut sketch = Sketch {
            at: self.seq,
            ..Sketch::default()
        };
        let mut found: Vec<&Arc<Card>> = Vec::new();
        // Only what is open is looked at: most of a house's tickets are over.
        let open = self.lists.newest_first(|s| s.is_open() && ask.filter.may_hold(s));
        for row in open {
            let card = row.card();
            let judged = matches!(card.status, Status::ReadyForApi | Status::Deploying | Status::Failed);
            if (card.rules.is_empty() && !judged) || !row.passes(&ask.filter) {
                continue;
            }
            if card.rules.is_empty() {
                sketch.clean += 1;
                continue;
            }
            sketch.tickets += 1;
            sketch.findings += u64::from(card.errors) + u64::from(card.warnings);
            found.push(card);
        }
        found.sort_unstable_by_key(|c| c.no);
        let groups = groups(&found, ask.by);
        // Where each group starts, so that only lines of the window are made.
        let mut starts = Vec::with_capacity(groups.len());
        let mut len = 0;
        for group in &groups {
            starts.push(len);
            len += 1 + shown(group, ask);
        }
        let anchor = ask.anchor.as_ref().and_then(|key| {
            let at = groups.iter().position(|g| g.key == key.group)?;
            let group = groups.get(at)?;
            let inner = key.inner.as_ref().filter(|_| ask.open.contains(&group.key));
            let below = inner.and_then(|i| group.inner.iter().position(|p| name(*p, ask.by) == *i));
            Some(starts.get(at)? + below.map_or(0, |b| b + 1))
        });
        let anchor = anchor.unwrap_or(0);
        let first = anchor.saturating_sub(ask.before as usize);
        let last = anchor.saturating_add(ask.after as usize).min(len);
        sketch.first = first as u64;
        sketch.matching = len as u64;
        let mut group = starts.partition_point(|s| *s <= first).saturating_sub(1);
        let mut at = first;
        while let (true, Some(g), Some(start)) = (at < last, groups.get(group), starts.get(group)) {
            let below = shown(g, ask);
            match at - start {
                0 => sketch.lines.push(Sketched::Group(Box::new(FindingGroup {
                    key: g.key.clone(),
                    card: g.card.map(|c| Card::clone(c)),
                    count: g.inner.len() as u64,
                    open: below > 0,
                }))),
                n => sketch
                    .lines
                    .extend(g.inner.get(n - 1).map(|(card, rule)| Sketched::Found {
                        group: g.key.clone(),
                        card: Arc::clone(card),
                        rule: (*rule).to_owned(),
                    })),
            }
            at += 1;
            if at > start + below {
                group += 1;
            }
        }
        sketch
    }
}

/// Lines of a group below its heading.
fn shown(group: &Group<'_>, ask: &FindingsAsk) -> usize {
    if ask.open.contains(&group.key) {
        group.inner.len()
    } else {
        0
    }
}

/// The name of a line below its heading.
fn name((card, rule): (&Arc<Card>, &str), by: GroupBy) -> String {
    match by {
        GroupBy::Rule => card.no.to_string(),
        GroupBy::Ticket => rule.to_owned(),
    }
}

fn groups<'s>(found: &[&'s Arc<Card>], by: GroupBy) -> Vec<Group<'s>> {
    match by {
        GroupBy::Ticket => found
            .iter()
            .map(|card| Group {
                key: card.no.to_string(),
                inner: card.rules.iter().map(|r| (*card, &**r)).collect(),
                card: Some(card),
            })
            .collect(),
        GroupBy::Rule => {
            let mut rules: BTreeMap<&str, Vec<(&Arc<Card>, &str)>> = BTreeMap::new();
            for card in found {
                for rule in &card.rules {
                    rules.entry(rule).or_default().push((card, rule));
                }
            }
            let mut groups: Vec<Group<'s>> = rules
                .into_iter()
                .map(|(key, inner)| Group {
                    key: key.to_owned(),
                    inner,
                    card: None,
                })
                .collect();
            groups.sort_by_key(|g| Reverse(g.inner.len()));
            groups
        }
    }
}
