//! How the simulated world is set up. Everything has a default.

use serde::Deserialize;

use crate::engine::model::{money::Currency, platform::AccountId};

/// An account that exists from the start.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSpec {
    /// In its platform's form: `act_` and digits on Meta, 13 to 20 digits on TikTok.
    pub id: AccountId,
    /// Its name; the id when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// Its currency; the world's when absent.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Its IANA zone; the world's when absent.
    #[serde(default)]
    pub timezone: Option<String>,
    /// Meta's status number: 1 active, 2 disabled, 3 unsettled, 101 closed ... Others take the nearest they have.
    #[serde(default = "active")]
    pub status: u32,
    /// Lowest daily budget in the unit the platform counts budgets in: minor units on Meta, about one US dollar when
    /// absent; main units of an ad group on TikTok, 20 when absent.
    #[serde(default)]
    pub min_daily_budget: Option<u64>,
    /// Images (by hash on Meta, by id elsewhere) and videos that are already in its library.
    #[serde(default)]
    pub image_hashes: Vec<String>,
}

const fn active() -> u32 {
    1
}

impl AccountSpec {
    /// An active account with the world's currency and zone.
    pub const fn new(id: AccountId) -> Self {
        Self {
            id,
            name: None,
            currency: None,
            timezone: None,
            status: 1,
            min_daily_budget: None,
            image_hashes: Vec::new(),
        }
    }
}

/// The call allowance of each account: a read costs 1, a write 3, and the sum decays evenly.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Above this the account is blocked.
    pub max_score: u64,
    /// A full score is gone after this many seconds.
    pub decay_seconds: u64,
    /// How long a block lasts, in seconds.
    pub block_seconds: u64,
    /// The minutes the answer says to wait, when they should differ from the true ones.
    pub reported_minutes: Option<u64>,
    /// The access tier named in the headers.
    pub tier: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_score: 9000,
            decay_seconds: 300,
            block_seconds: 60,
            reported_minutes: None,
            tier: "standard_access".to_owned(),
        }
    }
}

/// The world.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorldConfig {
    /// Shifts ids and trace ids.
    pub seed: u64,
    /// Currency of accounts that do not say.
    pub currency: Currency,
    /// Zone of accounts that do not say.
    pub timezone: String,
    /// Unknown accounts with a well-formed id come into being, active.
    pub auto_accounts: bool,
    /// Any well-formed image or video counts as uploaded.
    pub auto_images: bool,
    /// For so many seconds a new object is missing from listings, though it can be read by its id.
    pub listing_lag_seconds: u64,
    /// An active ad is in review for so many seconds.
    pub review_seconds: u64,
    /// An uploaded video is worked on for so many seconds before an ad may use it.
    pub video_processing_seconds: u64,
    /// Listings begin with an empty page that has a next one, as Meta's may.
    pub empty_first_page: bool,
    /// DISABLE is ignored when an object is made, as TikTok has been known to.
    pub ignores_disable: bool,
    /// The call allowance.
    pub limits: Limits,
    /// Accounts from the start.
    #[serde(rename = "account")]
    pub accounts: Vec<AccountSpec>,
}

impl Default for WorldConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            currency: Currency::USD,
            timezone: "UTC".to_owned(),
            auto_accounts: true,
            auto_images: true,
            listing_lag_seconds: 0,
            review_seconds: 0,
            video_processing_seconds: 0,
            empty_first_page: false,
            ignores_disable: false,
            limits: Limits::default(),
            accounts: Vec::new(),
        }
    }
}
