//! Accounts as the queue shows them: what runs, what stops them, what they may still spend.

use serde::{Deserialize, Serialize};

use super::{HoldScope, Stand};
use crate::engine::model::{
    deploy::Why,
    platform::{AccountId, PlatformId},
    rate::Rate,
    time::Timestamp,
};

/// The state of one account's lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneView {
    /// The platform.
    pub platform: PlatformId,
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: String,
    /// Calls open now.
    pub running: u32,
    /// Deploys waiting.
    pub queued: u32,
    /// Allowance used, 0 to 100, if known.
    pub used_percent: Option<u32>,
    /// Why nothing runs now: paused, breaker, rate limit, blocked.
    pub stopped: Option<Why>,
    /// The widest hold on it, if people stopped it: what has to be released.
    #[serde(default)]
    pub hold: Option<HoldScope>,
    /// What it may still spend, where anything is counted.
    #[serde(default)]
    pub pace: Option<PaceView>,
    /// Whether it answers.
    #[serde(default)]
    pub breaker: BreakerView,
}

/// What an account may still spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaceView {
    /// Tokens left.
    pub left: u32,
    /// All of it, and how fast it comes back.
    pub rate: Rate,
    /// True when all accounts of the platform share it.
    pub shared: bool,
}

impl PaceView {
    /// Nothing is spent yet.
    pub const fn full(rate: Rate) -> Self {
        Self {
            left: rate.tokens,
            rate,
            shared: false,
        }
    }
}

/// Whether an account answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakerView {
    /// How the breaker stands.
    pub stand: Stand,
    /// Failures among its last ten calls.
    pub failures: u32,
    /// When one read asks whether it answers again.
    pub next_probe: Option<Timestamp>,
    /// True when it is the whole platform that does not answer.
    pub platform: bool,
    /// Since when nothing goes through.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// After which failures: `4 x 503, 1 x no answer`. Empty while it is closed.
    #[serde(default)]
    pub after: String,
}
