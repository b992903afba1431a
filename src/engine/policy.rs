//! Limits and schedules the decisions use. Defaults are the house's; `[engine]` in the configuration changes them.

use std::{collections::BTreeMap, time::Duration};

use rust_decimal::Decimal;

use super::model::{approval::ApprovalRule, blackout::Blackout, platform::PlatformId, rate::Allowance};

/// Who has to agree before a deploy. `[approvals]` in the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approvals {
    /// Which tickets need it.
    pub rules: Vec<ApprovalRule>,
    /// A house of one: people may approve what they wrote themselves, and the journal says so.
    pub single_operator: bool,
}

/// The numbers behind QA, pace and reconciliation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Highest daily budget of one ticket, main units of its own currency.
    pub max_daily_budget: Decimal,
    /// Highest lifetime budget of one ticket, main units of its own currency.
    pub max_lifetime_budget: Decimal,
    /// Tries of one step that may fail as "not executed" before the deploy fails.
    pub max_tries: u32,
    /// First backoff; doubled with every try.
    pub backoff_base: Duration,
    /// Longest backoff.
    pub backoff_cap: Duration,
    /// A step may be held up by rate limits this long in all.
    pub rate_limit_deadline: Duration,
    /// A platform may work on an uploaded file this long before the step fails.
    pub processing_deadline: Duration,
    /// Look-ups after an unknown outcome, counted from the last byte. Absence is believed only after all of them.
    pub reconcile_reads: Vec<Duration>,
    /// An early look that may find, but never proves absence.
    pub early_look: Duration,
    /// A blocked account (token, permission, billing) is tried again this often, besides on request.
    pub lane_recheck: Duration,
    /// When no look-up counted for this long after the last byte, a person is asked.
    pub reconcile_deadline: Duration,
    /// Distance between further reads once the planned ones did not count.
    pub reconcile_again: Duration,
    /// Allowances that differ from what the platforms publish.
    pub pace: BTreeMap<PlatformId, Allowance>,
    /// Who has to agree before a deploy.
    pub approvals: Approvals,
    /// Times in which nothing new is sent.
    pub blackouts: Vec<Blackout>,
}

impl Default for Policy {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            max_daily_budget: Decimal::from(100_000),
            max_lifetime_budget: Decimal::from(1_000_000),
            max_tries: 6,
            backoff_base: s(2),
            backoff_cap: s(300),
            pace: BTreeMap::new(),
            approvals: Approvals::default(),
            blackouts: Vec::new(),
            rate_limit_deadline: s(24 * 3600),
            processing_deadline: s(2 * 3600),
            reconcile_reads: vec![s(45), s(90), s(180)],
            early_look: s(5),
            lane_recheck: s(300),
            reconcile_deadline: s(30 * 60),
            reconcile_again: s(60),
        }
    }
}
