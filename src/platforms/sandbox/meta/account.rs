//! Ad accounts: what they say about themselves, their lowest budgets, and how much they may call.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value, json};

use super::{MetaWorld, call::Call, error::Outcome, image::Image, object::select, rules};
use crate::{
    engine::model::{money::Currency, platform::AccountId, time::Timestamp},
    platforms::{
        meta::spec::Node,
        sandbox::config::{AccountSpec, Limits, WorldConfig},
    },
};

/// One account.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) name: String,
    pub(super) currency: Currency,
    pub(super) timezone: String,
    pub(super) status: u32,
    /// Lowest daily budget billed on impressions, in minor units.
    pub(super) min_daily_budget: u64,
    pub(super) images: BTreeMap<String, Image>,
    /// Any well-formed image hash is taken as known.
    pub(super) any_image: bool,
    pub(super) meter: Meter,
}

impl Account {
    pub(super) fn new(spec: &AccountSpec, world: &WorldConfig) -> Self {
        let currency = spec.currency.unwrap_or(world.currency);
        let images = spec
            .image_hashes
            .iter()
            .map(|hash| (hash.clone(), Image::named(hash)))
            .collect();
        Self {
            name: spec.name.clone().unwrap_or_else(|| format!("Sandbox {}", spec.id)),
            id: spec.id.clone(),
            currency,
            timezone: spec.timezone.clone().unwrap_or_else(|| world.timezone.clone()),
            status: spec.status,
            min_daily_budget: spec.min_daily_budget.unwrap_or_else(|| about_one_dollar(currency)),
            images,
            any_image: world.auto_images,
            meter: Meter::default(),
        }
    }

    /// The number without `act_`.
    pub(super) fn digits(&self) -> &str {
        digits(&self.id)
    }

    pub(super) fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.timezone).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// A moment as the API writes it: `2026-12-01T00:00:00-0500`, in the account's zone.
    pub(super) fn write_time(&self, at: Timestamp) -> String {
        at.jiff()
            .to_zoned(self.zone())
            .strftime("%Y-%m-%dT%H:%M:%S%z")
            .to_string()
    }

    /// A moment as callers write it: with an offset, as unix seconds, or in the account's own time.
    pub(super) fn read_time(&self, text: &str) -> Option<Timestamp> {
        if let Ok(seconds) = text.parse::<i64>() {
            return Some(Timestamp::from_micros(seconds.saturating_mul(1_000_000)));
        }
        crate::platforms::meta::time::parse(text).or_else(|| {
            let local: jiff::civil::DateTime = text.parse().ok()?;
            local.to_zoned(self.zone()).ok().map(|z| z.timestamp().into())
        })
    }

    fn fields(&self, now: Timestamp) -> Map<String, Value> {
        let offset = self.zone().to_offset(now.jiff()).seconds();
        let fields = json!({
            "id": self.id.as_str(),
            "account_id": self.digits(),
            "name": self.name,
            "currency": self.currency.code(),
            "timezone_name": self.timezone,
            "timezone_offset_hours_utc": f64::from(offset) / 3600.0,
            "account_status": self.status,
            "disable_reason": u32::from(self.status == 2),
            "min_daily_budget": self.min_daily_budget,
            "spend_cap": "0",
            "amount_spent": "0",
            "balance": "0",
            "capabilities": ["BULK_ACCOUNT"],
        });
        match fields {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// The headers that tell how much of the allowance is used.
    pub(super) fn usage_headers(&self, now: Timestamp, limits: &Limits) -> BTreeMap<String, String> {
        let percent = self.meter.percent(now, limits);
        let blocked = self.meter.blocked_for(now);
        let minutes = if blocked.is_zero() {
            0
        } else {
            limits
                .reported_minutes
                .unwrap_or_else(|| blocked.as_secs().div_ceil(60).max(1))
        };
        usage_headers(&self.id, percent, (minutes, minutes * 60), limits)
    }
}

fn digits(id: &AccountId) -> &str {
    id.as_str().trim_start_matches("act_")
}

/// The headers of an account that is blocked for so many minutes; or for so many seconds, which only the account's own
/// header can tell.
pub(super) fn blocked_headers(
    id: &AccountId,
    minutes: u64,
    seconds: Option<u64>,
    limits: &Limits,
) -> BTreeMap<String, String> {
    usage_headers(id, 100, (minutes, seconds.unwrap_or(minutes * 60)), limits)
}

/// `wait`: the minutes of the business header and the seconds of the account's.
fn usage_headers(id: &AccountId, percent: u64, wait: (u64, u64), limits: &Limits) -> BTreeMap<String, String> {
    let (minutes, seconds) = wait;
    let business = json!({ digits(id): [{
        "type": "ads_management",
        "call_count": percent,
        "total_cputime": percent / 2,
        "total_time": percent / 2,
        "estimated_time_to_regain_access": minutes,
        "ads_api_access_tier": limits.tier,
    }]});
    let account = json!({
        "acc_id_util_pct": percent,
        "reset_time_duration": seconds,
        "ads_api_access_tier": limits.tier,
    });
    let app = json!({"call_count": percent / 10, "total_time": percent / 20, "total_cputime": percent / 20});
    [
        ("x-business-use-case-usage", business),
        ("x-ad-account-usage", account),
        ("x-app-usage", app),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_string()))
    .collect()
}

/// Currencies Meta counts without decimals.
const WITHOUT_DECIMALS: [(&str, u64); 11] = [
    ("CLP", 1_000),
    ("COP", 4_000),
    ("CRC", 500),
    ("HUF", 350),
    ("IDR", 16_000),
    ("ISK", 140),
    ("JPY", 100),
    ("KRW", 1_000),
    ("PYG", 7_500),
    ("TWD", 30),
    ("VND", 25_000),
];

/// The lowest daily budget when the world does not say: about one US dollar in the platform's minor units.
fn about_one_dollar(currency: Currency) -> u64 {
    WITHOUT_DECIMALS
        .iter()
        .find(|(code, _)| *code == currency.code())
        .map_or(100, |(_, minimum)| *minimum)
}

/// The account's score: grows with every call, decays evenly, blocks above the limit. In thousandths.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    score: u64,
    at: Timestamp,
    blocked_until: Timestamp,
}

impl Meter {
    fn score(&self, now: Timestamp, limits: &Limits) -> u64 {
        let millis = u64::try_from(now.since(self.at).as_millis()).unwrap_or(u64::MAX);
        let decayed = millis.saturating_mul(limits.max_score) / limits.decay_seconds.max(1);
        self.score.saturating_sub(decayed)
    }

    /// Counts a call; `false` = refused because the account is blocked.
    pub(super) fn charge(&mut self, cost: u64, now: Timestamp, limits: &Limits) -> bool {
        if now < self.blocked_until {
            return false;
        }
        self.score = self.score(now, limits);
        self.at = now;
        if self.score + cost * 1000 > limits.max_score.saturating_mul(1000) {
            self.blocked_until = now.plus(Duration::from_secs(limits.block_seconds));
            return false;
        }
        self.score += cost * 1000;
        true
    }

    fn percent(&self, now: Timestamp, limits: &Limits) -> u64 {
        if now < self.blocked_until {
            return 100;
        }
        self.score(now, limits) / limits.max_score.max(1) / 10
    }

    fn blocked_for(&self, now: Timestamp) -> Duration {
        self.blocked_until.since(now)
    }
}

impl MetaWorld {
    pub(super) fn read_account(&self, call: &Call<'_>, id: &AccountId, now: Timestamp) -> Outcome {
        rules::against_spec(call.request, Some(Node::AdAccount))?;
        let fields = self.accounts.get(id).map(|a| a.fields(now)).unwrap_or_default();
        Ok(select(&fields, call.text("fields")))
    }

    pub(super) fn list_accounts(&self, call: &Call<'_>, now: Timestamp) -> Value {
        let data: Vec<Value> = self
            .accounts
            .values()
            .map(|a| select(&a.fields(now), call.text("fields")))
            .collect();
        json!({ "data": data })
    }

    pub(super) fn minimum_budgets(&self, call: &Call<'_>, id: &AccountId) -> Outcome {
        rules::against_spec(call.request, None)?;
        let data: Vec<Value> = self
            .accounts
            .get(id)
            .map(|a| {
                json!({
                    "currency": a.currency.code(),
                    "min_daily_budget_imp": a.min_daily_budget,
                    "min_daily_budget_video_views": a.min_daily_budget * 5,
                    "min_daily_budget_high_freq": a.min_daily_budget * 5,
                    "min_daily_budget_low_freq": a.min_daily_budget * 40,
                })
            })
            .into_iter()
            .collect();
        Ok(json!({ "data": data }))
    }
}
