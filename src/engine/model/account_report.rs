//! What an account of a platform said about itself when it was asked.

use serde::{Deserialize, Serialize};

use super::{
    platform::{AccountId, PlatformId},
    refusal::Problem,
    time::Timestamp,
};

/// How long an account's token lasts, as far as its platform tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenExpiry {
    /// Until then.
    At(Timestamp),
    /// Until somebody revokes it.
    Never,
    /// The platform does not say; why, in words.
    NotTold(String),
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Good to go.
    Ok,
    /// Good to go, for now.
    Warn,
    /// Something must be mended first.
    Fail,
}

impl AccountState {
    /// The word in JSON and in lists.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// What an account said about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountReport {
    /// Its platform.
    pub platform: PlatformId,
    /// Which account.
    pub account: AccountId,
    /// Everything that is wrong, in the operator's words; empty = good to go.
    pub problems: Vec<Problem>,
    /// What works now and will not for long.
    pub warnings: Vec<Problem>,
    /// Facts for people: name, currency, zone, status.
    pub facts: Vec<(String, String)>,
    /// How long the token lasts; `None` when something else stood in the way of asking.
    pub expiry: Option<TokenExpiry>,
}

impl AccountReport {
    /// A report that says nothing yet.
    pub const fn new(platform: PlatformId, account: AccountId) -> Self {
        Self {
            platform,
            account,
            problems: Vec::new(),
            warnings: Vec::new(),
            facts: Vec::new(),
            expiry: None,
        }
    }

    /// How the account stands.
    pub const fn state(&self) -> AccountState {
        match (self.problems.is_empty(), self.warnings.is_empty()) {
            (false, _) => AccountState::Fail,
            (true, false) => AccountState::Warn,
            (true, true) => AccountState::Ok,
        }
    }

    /// Adds a fact, shortened; one without a value is left out.
    pub fn fact(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            let value = super::sanitise::excerpt(value, 120);
            self.facts.push((name.to_owned(), value));
        }
    }
}
