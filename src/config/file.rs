//! The configuration file as written. What each key means is in [`super::keys`], which `docs/configuration.md` is made
//! of.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    bindings::KeysSection,
    blackout::BlackoutSection,
    console::ConsoleSection,
    guidelines::GuidelinesSection,
    model::ModelSection,
    platforms::PlatformSection,
    roles::{ApprovalsSection, RolesSection},
    ui::UiSection,
    values::{Amount, LogLevel, Span},
};
use crate::engine::{model::platform::PlatformId, policy::Policy};

/// The whole file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfigFile {
    /// `[store]`.
    pub store: StoreSection,
    /// `[host]`.
    pub host: HostSection,
    /// `[environment]`.
    pub environment: EnvironmentSection,
    /// `[engine]`.
    pub engine: EngineSection,
    /// `[roles]`.
    pub roles: RolesSection,
    /// `[approvals]`.
    pub approvals: ApprovalsSection,
    /// `[platforms.<name>]`.
    pub platforms: BTreeMap<PlatformId, PlatformSection>,
    /// `[blackouts.<window>]`.
    pub blackouts: BTreeMap<String, BlackoutSection>,
    /// `[copilot]`.
    pub copilot: CopilotSection,
    /// `[network]`.
    pub network: NetworkSection,
    /// `[log]`.
    pub log: LogSection,
    /// `[ui]`.
    pub ui: UiSection,
    /// `[keys]`.
    pub keys: KeysSection,
    /// `[console]`.
    pub console: ConsoleSection,
}

/// `[store]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSection {
    /// Its directory.
    pub dir: Option<PathBuf>,
    /// It may lie on a FUSE file system.
    pub allow_fuse: Option<bool>,
    /// It may lie in memory.
    pub ephemeral: Option<bool>,
    /// KiB of journal in one segment.
    pub segment_kib: Option<u32>,
}

/// `[host]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostSection {
    /// Where the engine listens.
    pub socket: Option<PathBuf>,
    /// Whose members may connect.
    pub group: Option<String>,
}

/// `[environment]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnvironmentSection {
    /// Its name.
    pub name: Option<String>,
}

/// `[copilot]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CopilotSection {
    /// `[copilot.guidelines]`.
    pub guidelines: GuidelinesSection,
    /// The model to ask.
    pub model: Option<ModelSection>,
    /// What happens when a platform refuses a deploy.
    pub heal: Heal,
}

/// What happens when a platform refuses a deploy and a rule knows a fix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heal {
    /// A proposal is written at once; a person applies it.
    #[default]
    Propose,
    /// Nothing before somebody asks.
    Off,
}

/// `[network]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkSection {
    /// The way out.
    pub proxy: Option<String>,
}

/// `[log]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// How much.
    pub level: Option<LogLevel>,
    /// Where to.
    pub dir: Option<PathBuf>,
}

/// `[engine]`: the fields of [`Policy`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineSection {
    /// See [`Policy::max_daily_budget`].
    pub max_daily_budget: Option<Amount>,
    /// See [`Policy::max_lifetime_budget`].
    pub max_lifetime_budget: Option<Amount>,
    /// See [`Policy::max_tries`].
    pub max_tries: Option<u32>,
    /// See [`Policy::backoff_base`].
    pub backoff_base: Option<Span>,
    /// See [`Policy::backoff_cap`].
    pub backoff_cap: Option<Span>,
    /// See [`Policy::rate_limit_deadline`].
    pub rate_limit_deadline: Option<Span>,
    /// See [`Policy::processing_deadline`].
    pub processing_deadline: Option<Span>,
    /// See [`Policy::reconcile_reads`].
    pub reconcile_reads: Option<Vec<Span>>,
    /// See [`Policy::early_look`].
    pub early_look: Option<Span>,
    /// See [`Policy::lane_recheck`].
    pub lane_recheck: Option<Span>,
    /// See [`Policy::reconcile_deadline`].
    pub reconcile_deadline: Option<Span>,
    /// See [`Policy::reconcile_again`].
    pub reconcile_again: Option<Span>,
}

impl EngineSection {
    /// Puts what is written over the policy.
    pub fn apply(self, policy: &mut Policy) {
        fn set(slot: &mut Duration, value: Option<Span>) {
            if let Some(Span(value)) = value {
                *slot = value;
            }
        }
        if let Some(Amount(value)) = self.max_daily_budget {
            policy.max_daily_budget = value;
        }
        if let Some(Amount(value)) = self.max_lifetime_budget {
            policy.max_lifetime_budget = value;
        }
        if let Some(value) = self.max_tries {
            policy.max_tries = value;
        }
        if let Some(reads) = self.reconcile_reads {
            policy.reconcile_reads = reads.into_iter().map(|s| s.0).collect();
        }
        set(&mut policy.backoff_base, self.backoff_base);
        set(&mut policy.backoff_cap, self.backoff_cap);
        set(&mut policy.rate_limit_deadline, self.rate_limit_deadline);
        set(&mut policy.processing_deadline, self.processing_deadline);
        set(&mut policy.early_look, self.early_look);
        set(&mut policy.lane_recheck, self.lane_recheck);
        set(&mut policy.reconcile_deadline, self.reconcile_deadline);
        set(&mut policy.reconcile_again, self.reconcile_again);
    }
}
