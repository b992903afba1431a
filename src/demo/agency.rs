//! The demo's data as it stands in `assets/demo/agency.toml`.

use serde::Deserialize;

use super::{DemoError, story::Story};
use crate::engine::model::{
    code::Code,
    governance::Account,
    platform::{AccountId, PlatformId},
    ticket::RequestType,
};

const AGENCY: &str = include_str!("../../assets/demo/agency.toml");

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Agency {
    pub(super) brand: Vec<Brand>,
    pub(super) market: Vec<Market>,
    pub(super) channel: Vec<Channel>,
    pub(super) campaign: Vec<Campaign>,
    pub(super) change: Vec<Change>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brand {
    pub(super) code: Code,
    pub(super) name: String,
    pub(super) family_friendly: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Market {
    pub(super) code: Code,
    pub(super) name: String,
    pub(super) countries: Vec<String>,
    pub(super) region: String,
    pub(super) timezone: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub(super) code: Code,
    pub(super) name: String,
    pub(super) platform: PlatformId,
    pub(super) account: Vec<Account>,
}

/// A campaign and its CREATE tickets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Campaign {
    pub(super) brand: Code,
    pub(super) market: Code,
    pub(super) title: String,
    pub(super) ticket: Vec<Ticket>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ticket {
    pub(super) channel: Code,
    pub(super) account: AccountId,
    pub(super) story: Story,
    /// Daily budget in the account's currency.
    pub(super) daily: String,
}

/// A change of something that is live, by its platform name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) of: String,
    pub(super) request: RequestType,
    pub(super) daily: Option<String>,
    pub(super) story: Story,
}

/// Reads the shipped file.
pub(super) fn read() -> Result<Agency, DemoError> {
    toml::from_str(AGENCY).map_err(|e| DemoError::Agency(e.to_string()))
}
