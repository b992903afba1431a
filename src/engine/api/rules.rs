//! QA rules as the console and the CLI see them.

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    event::Seq,
    house_rule::{HouseRules, RuleText},
    ids::TicketNo,
    ticket::{Finding, Severity, Status},
};

pub use crate::engine::model::house_rule;

/// Every rule in force, and those that were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesView {
    /// Those of the house.
    pub house: HouseRules,
    /// Those every build brings along.
    pub built_in: Vec<BuiltIn>,
    /// Short hash of everything in force: a verdict by another one holds no more.
    pub version: String,
}

/// A rule that is built in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltIn {
    /// Its name in findings.
    pub id: String,
    /// Whether it blocks.
    pub severity: Severity,
    /// What a finding of it says, values left open.
    pub message: String,
    /// What a finding of it advises.
    pub remedy: String,
}

/// What a rule would find in the tickets there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Open tickets that were looked at.
    pub judged: u64,
    /// How many of them it would find something in.
    pub hit: u64,
    /// How many of those are ready or on their way.
    pub ready: u64,
    /// The first of them, by number.
    pub hits: Vec<TrialHit>,
    /// Computed at.
    pub at: Seq,
}

/// A ticket a rule would find something in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialHit {
    /// Its number.
    pub no: TicketNo,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// What would be found.
    pub finding: Finding,
}

/// A rule to try: as it would be saved.
pub type TrialAsk = Box<RuleText>;
