//! What QA found in all open tickets, in groups a person opens and closes: a window over lines, never all of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{card::Card, filter::Filter};
use crate::engine::model::{event::Seq, ticket::Finding};

/// What the lines are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// A group per rule, the one with most tickets first.
    #[default]
    Rule,
    /// A group per ticket, by number.
    Ticket,
}

/// Names a line for as long as it exists, wherever it moves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineKey {
    /// The group: a rule's name, or a ticket's number.
    pub group: String,
    /// The line below its heading: the ticket's number, or the rule's name. `None` = the heading.
    pub inner: Option<String>,
}

impl LineKey {
    /// A group's heading.
    pub fn heading(group: impl Into<String>) -> Self {
        Self {
            group: group.into(),
            inner: None,
        }
    }
}

/// A window over the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingsAsk {
    /// Grouped by what.
    pub by: GroupBy,
    /// Groups whose lines are wanted; of the others only the heading.
    pub open: BTreeSet<String>,
    /// Of which tickets.
    pub filter: Filter,
    /// The line the window is around; gone, its group's heading; `None` = the first.
    pub anchor: Option<LineKey>,
    /// Lines above it.
    pub before: u32,
    /// Lines from it on.
    pub after: u32,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingLine {
    /// A heading.
    Group(Box<FindingGroup>),
    /// What one rule found in one ticket.
    Found(Box<Found>),
}

/// A group's heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingGroup {
    /// The rule's name, or the ticket's number.
    pub key: String,
    /// The ticket, where lines are grouped by ticket.
    pub card: Option<Card>,
    /// Lines below it.
    pub count: u64,
    /// True when its lines follow.
    pub open: bool,
}

/// What one rule found in one ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The group it stands in.
    pub group: String,
    /// The ticket.
    pub card: Card,
    /// The rule's first finding there.
    pub finding: Finding,
    /// How many more findings of the rule there are in the ticket.
    pub more: u32,
}

impl FindingLine {
    /// Its name.
    pub fn key(&self) -> LineKey {
        match self {
            Self::Group(group) => LineKey::heading(&group.key),
            Self::Found(found) => {
                let no = found.card.no.to_string();
                let inner = if found.group == no {
                    found.finding.rule.clone()
                } else {
                    no
                };
                LineKey {
                    group: found.group.clone(),
                    inner: Some(inner),
                }
            }
        }
    }

    /// The ticket it is about, if it is about one.
    pub fn card(&self) -> Option<&Card> {
        match self {
            Self::Group(group) => group.card.as_ref(),
            Self::Found(found) => Some(&found.card),
        }
    }
}

/// The window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRows {
    /// The lines.
    pub lines: Vec<FindingLine>,
    /// The place of the first among all.
    pub first: u64,
    /// How many lines there are in all.
    pub matching: u64,
    /// Findings in all.
    pub findings: u64,
    /// Tickets with findings.
    pub tickets: u64,
    /// Open tickets QA looked at and found nothing in.
    pub clean: u64,
    /// Short hash of the rules in force.
    pub rules: String,
    /// The newest commit the answer knows.
    pub at: Seq,
}
