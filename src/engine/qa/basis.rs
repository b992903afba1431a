//! What a verdict rests on besides the ticket's own content.
//!
//! A brand may become family-friendly, a market's cap may fall, a limit may be lowered after a ticket passed. The verdict
//! then says nothing any more, and a deploy must ask for a new one.

use serde_json::json;

use crate::engine::{
    model::{
        campaign::Campaign,
        governance::{Account, Brand, Channel, Market},
        json::{CanonicalJson, Sha},
    },
    policy::Policy,
};

/// Hash of rule set, limits and the governed values a ticket is judged by.
pub fn basis(
    rules: Sha,
    policy: &Policy,
    campaign: &Campaign,
    brand: &Brand,
    market: &Market,
    channel: &Channel,
    account: &Account,
) -> Sha {
    let value = json!({
        "rules": rules,
        "limits": [policy.max_daily_budget, policy.max_lifetime_budget],
        "campaign": [campaign.year, campaign.label],
        "brand": {"code": brand.code, "aliases": brand.aliases, "family_friendly": brand.family_friendly},
        "market": {
            "code": market.code,
            "aliases": market.aliases,
            "countries": market.countries,
            "daily_cap": market.daily_cap,
        },
        "channel": {"code": channel.code, "aliases": channel.aliases},
        "account": {"currency": account.currency, "timezone": account.timezone},
    });
    CanonicalJson::new(&value).hash()
}
