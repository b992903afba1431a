//! Markets, brands and channels: the governed values a ticket may use.
//!
//! Each has an id that never changes and a code that may (with its old codes kept as aliases, so that old names still
//! parse). Codes are unique inside their noun, aliases included.

use serde::{Deserialize, Serialize};

use super::{
    code::Code,
    ids::{BrandId, ChannelId, MarketId},
    money::{Currency, Money},
    platform::{AccountId, PlatformId},
};

/// Where ads run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    /// Identity.
    pub id: MarketId,
    /// `US`, `US_EN`, `DE`.
    pub code: Code,
    /// `United States`.
    pub name: String,
    /// ISO 3166-1 alpha-2 countries that belong to it, upper case, sorted. At least one: geo targeting is checked
    /// against them.
    pub countries: Vec<String>,
    /// A grouping for people: `EMEA`. May be empty.
    pub region: String,
    /// IANA zone for what is planned in local time: `Europe/Berlin`.
    pub timezone: String,
    /// Highest daily budget of one ticket here, if the house set one below the general limit.
    pub daily_cap: Option<Money>,
    /// Former codes; still parse, never given to another market.
    pub aliases: Vec<Code>,
    /// Retired values stay readable and cannot be used for anything new.
    pub retired: bool,
}

/// Whose ads they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Identity.
    pub id: BrandId,
    /// `DIS`.
    pub code: Code,
    /// The full name.
    pub name: String,
    /// Family-friendly brands get the brand-safety rules: no adult, alcohol, gambling interests and the like.
    pub family_friendly: bool,
    /// Former codes.
    pub aliases: Vec<Code>,
    /// Retired values cannot be used for anything new.
    pub retired: bool,
}

/// One account on the channel's platform. Tickets name the account they spend from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The platform's id, in the platform's form (`act_123` on Meta).
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// The account's currency: all budgets on it are in this currency.
    pub currency: Currency,
    /// The account's IANA time zone: flight dates are days in this zone.
    pub timezone: String,
}

/// An ad platform as this house uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Identity.
    pub id: ChannelId,
    /// `META`. Part of every platform name.
    pub code: Code,
    /// `Meta (Facebook, Instagram)`.
    pub name: String,
    /// Which platform code talks to it.
    pub platform: PlatformId,
    /// Accounts, sorted by id, unique inside the channel. An account belongs to one channel only.
    pub accounts: Vec<Account>,
    /// Former codes.
    pub aliases: Vec<Code>,
    /// Retired values cannot be used for anything new.
    pub retired: bool,
}

impl Channel {
    /// The account with this id.
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|a| &a.id == id)
    }
}
