//! Accounts and the objects in them.

use serde_json::{Map, Value};

use crate::{
    engine::model::{money::Currency, platform::ObjectKind, time::Timestamp},
    platforms::{
        google_ads::{account::customer_id, money},
        sandbox::{
            config::{AccountSpec, WorldConfig},
            meter::Meter,
        },
    },
};

/// One account.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The ten digits.
    pub(super) digits: String,
    pub(super) name: String,
    pub(super) currency: Currency,
    pub(super) timezone: String,
    /// `ENABLED`, `SUSPENDED`, ...
    pub(super) status: &'static str,
    /// Lowest daily budget, in micros.
    pub(super) min_micros: u64,
    pub(super) meter: Meter,
}

impl Account {
    pub(super) fn new(spec: &AccountSpec, world: &WorldConfig) -> Self {
        let currency = spec.currency.unwrap_or(world.currency);
        let unit = money::smallest(currency);
        Self {
            digits: customer_id(&spec.id),
            name: spec.name.clone().unwrap_or_else(|| format!("Sandbox {}", spec.id)),
            currency,
            timezone: spec.timezone.clone().unwrap_or_else(|| world.timezone.clone()),
            status: match spec.status {
                1 => "ENABLED",
                101 => "CANCELED",
                _ => "SUSPENDED",
            },
            // About a dollar, as every account of the sandbox.
            min_micros: spec.min_daily_budget.unwrap_or(100).saturating_mul(unit),
            meter: Meter::default(),
        }
    }

    /// The account's own day and time.
    pub(super) fn local(&self, at: Timestamp) -> jiff::civil::DateTime {
        let zone = jiff::tz::TimeZone::get(&self.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
        at.jiff().to_zoned(zone).datetime()
    }
}

/// One object. Its fields are as a query shows them, references by resource name.
#[derive(Clone, Debug)]
pub(super) struct Object {
    /// `customers/1/campaigns/22`.
    pub(super) name: String,
    pub(super) customer: String,
    /// Order of creation.
    pub(super) serial: u64,
    pub(super) fields: Map<String, Value>,
    pub(super) created: Timestamp,
}

impl Object {
    /// The last part of its name.
    pub(super) fn id(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    /// `campaigns` of `customers/1/campaigns/22`.
    pub(super) fn collection(&self) -> &str {
        self.name.rsplit('/').nth(1).unwrap_or_default()
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    pub(super) fn status(&self) -> &str {
        self.text("status").unwrap_or("ENABLED")
    }

    pub(super) fn is_removed(&self) -> bool {
        self.status() == "REMOVED"
    }

    /// The campaign or ad group that contains it.
    pub(super) fn parent(&self) -> Option<&str> {
        self.text("campaign").or_else(|| self.text("adGroup"))
    }

    /// What the house calls it; budgets, criteria and keywords have no word of their own.
    pub(super) fn kind(&self) -> Option<ObjectKind> {
        match self.collection() {
            "campaigns" => Some(ObjectKind::Campaign),
            "adGroups" => Some(ObjectKind::AdSet),
            "adGroupAds" => Some(ObjectKind::Ad),
            _ => None,
        }
    }
}
