//! Ad accounts: what they say about themselves, their lowest budgets, and how much they may call.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::{
    engine::model::{money::Currency, platform::AccountId},
    platforms::sandbox::{
        config::{AccountSpec, WorldConfig},
        meter::Meter,
    },
};

/// One account.
#[derive(Clone, Debug)]
pub(super) struct Account {
    id: AccountId,
    name: String,
    pub(super) currency: Currency,
    timezone: String,
    pub(super) status: &'static str,
    /// Lowest daily budget of an ad group, in main units.
    pub(super) least: Decimal,
    /// Images and videos in its library.
    pub(super) materials: Vec<String>,
    /// Any material is taken as known.
    pub(super) any_material: bool,
    pub(super) meter: Meter,
}

impl Account {
    pub(super) fn new(spec: &AccountSpec, world: &WorldConfig) -> Self {
        let currency = spec.currency.unwrap_or(world.currency);
        // About 20 US dollars; TikTok's own table is not public.
        let usual = if currency.decimals() == 0 { 2000 } else { 20 };
        Self {
            id: spec.id.clone(),
            name: spec.name.clone().unwrap_or_else(|| format!("Sandbox {}", spec.id)),
            currency,
            timezone: spec.timezone.clone().unwrap_or_else(|| world.timezone.clone()),
            // The numbers of a script, as far as they have a like here.
            status: match spec.status {
                1 | 9 => "STATUS_ENABLE",
                3 => "STATUS_LIMIT",
                7 => "STATUS_PENDING_VERIFIED",
                _ => "STATUS_DISABLE",
            },
            least: Decimal::from(spec.min_daily_budget.unwrap_or(usual)),
            materials: spec.image_hashes.clone(),
            any_material: world.auto_images,
            meter: Meter::default(),
        }
    }

    /// Lowest budget of a campaign, daily or in total: as 50 is to 20.
    pub(super) fn least_of_campaign(&self) -> Decimal {
        self.least * Decimal::from(5) / Decimal::from(2)
    }

    pub(super) fn fields(&self) -> Map<String, Value> {
        let fields = json!({
            "advertiser_id": self.id.as_str(),
            "name": self.name,
            "currency": self.currency.code(),
            "timezone": self.timezone,
            "status": self.status,
            "balance": 1000.0,
            "company": "Sandbox",
            "country": "US",
        });
        match fields {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}
