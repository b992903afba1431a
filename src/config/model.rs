//! The model server the copilot asks: where it is, where its key is read, what it costs.

use std::path::Path;

use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde::{Deserialize, Serialize};

use super::{
    platforms::{check_address, is_local},
    secrets::TokenSource,
    values::{Amount, Temperature},
};
use crate::engine::{
    copilot::{
        cost::{Limits, Micros, Price},
        settings::{ANSWER_TOKENS, ModelSettings, OnSecret},
        wire::ModelKind,
    },
    model::money::Currency,
};

/// `[copilot.model]` as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSection {
    /// The format.
    pub kind: ModelKind,
    /// Address.
    pub base_url: String,
    /// Name of the model.
    pub model: String,
    /// Where the key is read.
    pub key: Option<TokenSource>,
    /// It runs on this machine.
    #[serde(default)]
    pub local: bool,
    /// Tokens the model takes.
    pub context_tokens: Option<u32>,
    /// Longest answer.
    pub answer_tokens: Option<u32>,
    /// Temperature.
    pub temperature: Option<Temperature>,
    /// What tokens cost.
    pub price: Option<PriceSection>,
    /// Ask before a question above this.
    pub confirm_above: Option<Amount>,
    /// Highest cost a person and day.
    pub day_cap: Option<Amount>,
    /// What happens to secrets.
    pub redaction: Option<RedactionWord>,
}

/// `[copilot.model.price]`: main units for a million tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceSection {
    /// Of which currency.
    pub currency: Currency,
    /// Input.
    pub input: Amount,
    /// Input from the cache.
    pub cached: Option<Amount>,
    /// Output.
    pub output: Amount,
}

/// What happens to secrets, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedactionWord {
    /// Send nothing.
    Block,
    /// Send a name.
    Replace,
}

/// The model server in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelConfig {
    /// What the engine needs.
    pub settings: ModelSettings,
    /// Where the key is read; `None` = none is sent.
    pub key: Option<TokenSource>,
}

impl ModelSection {
    /// Settings with paths meant from the file's directory.
    pub fn settings(self, base: &Path) -> ModelConfig {
        let local = self.local;
        let on_secret = match self.redaction {
            Some(RedactionWord::Replace) => OnSecret::Replace,
            None if local => OnSecret::Replace,
            Some(RedactionWord::Block) | None => OnSecret::Block,
        };
        let micros = |amount: Option<Amount>| amount.map(|Amount(a)| micros(a));
        ModelConfig {
            settings: ModelSettings {
                kind: self.kind,
                base_url: self.base_url,
                model: self.model,
                local,
                context_tokens: self.context_tokens,
                answer_tokens: self.answer_tokens.unwrap_or(ANSWER_TOKENS),
                temperature: self.temperature.map(|t| t.0),
                price: self.price.map(|p| Price {
                    currency: p.currency,
                    input: self::micros(p.input.0),
                    cached: self::micros(p.cached.unwrap_or(p.input).0),
                    output: self::micros(p.output.0),
                }),
                limits: Limits {
                    confirm_above: micros(self.confirm_above),
                    day_cap: micros(self.day_cap),
                },
                on_secret,
            },
            key: self.key.map(|k| k.from_base(base)),
        }
    }
}

impl ModelConfig {
    /// What single values cannot know: key, reason, remedy of the first problem.
    pub(super) fn problem(&self) -> Option<(&'static str, String, &'static str)> {
        let s = &self.settings;
        if let Err(reason) = check_address(&s.base_url) {
            let remedy = "use https://; http:// only for a server on this machine";
            return Some(("base_url", reason, remedy));
        }
        if s.local && !is_local(&s.base_url) {
            let reason = "is true although base_url is not on this machine".to_owned();
            return Some((
                "local",
                reason,
                "only a loopback address is local: what is sent elsewhere leaves the host",
            ));
        }
        if s.model.trim().is_empty() {
            return Some(("model", "is empty".to_owned(), "give the model's name at the server"));
        }
        if s.context_tokens.is_some_and(|n| n < 2_048) {
            return Some((
                "context_tokens",
                "must be at least 2048".to_owned(),
                "no rule fits beside a question otherwise",
            ));
        }
        if !(64..=32_000).contains(&s.answer_tokens) {
            return Some((
                "answer_tokens",
                "must be from 64 to 32000".to_owned(),
                "the house's own value is 800",
            ));
        }
        let unpriced = s.price.is_none();
        for (key, set) in [("confirm_above", s.limits.confirm_above), ("day_cap", s.limits.day_cap)] {
            if set.is_some() && unpriced {
                return Some((
                    key,
                    "cannot be held without copilot.model.price".to_owned(),
                    "give the price of tokens",
                ));
            }
        }
        None
    }
}

/// Main units to micro-units, rounded up; more than fits is as much as fits.
fn micros(amount: Decimal) -> Micros {
    amount
        .checked_mul(Decimal::from(1_000_000))
        .and_then(|m| m.ceil().to_u64())
        .unwrap_or(u64::MAX)
}

/// The rows of `config show`.
pub(super) fn in_force(model: Option<&ModelConfig>) -> Vec<(String, String)> {
    let none = || "none".to_owned();
    let s = model.map(|m| &m.settings);
    let of = |f: fn(&ModelSettings) -> String| s.map_or_else(none, f);
    let money = |m: Option<Micros>| {
        m.map_or_else(
            || "none".to_owned(),
            |m| {
                Decimal::new(i64::try_from(m).unwrap_or(i64::MAX), 6)
                    .normalize()
                    .to_string()
            },
        )
    };
    let price = s.and_then(|s| s.price);
    let rows = [
        (
            "kind",
            of(|s| match s.kind {
                ModelKind::OpenaiChat => "openai_chat".to_owned(),
                ModelKind::Anthropic => "anthropic".to_owned(),
            }),
        ),
        ("base_url", of(|s| s.base_url.clone())),
        ("model", of(|s| s.model.clone())),
        (
            "key",
            model
                .and_then(|m| m.key.as_ref())
                .map_or_else(none, ToString::to_string),
        ),
        ("local", of(|s| s.local.to_string())),
        (
            "context_tokens",
            of(|s| {
                s.context_tokens
                    .map_or_else(|| "as the server says".to_owned(), |n| n.to_string())
            }),
        ),
        ("answer_tokens", of(|s| s.answer_tokens.to_string())),
        (
            "temperature",
            of(|s| s.temperature.map_or_else(|| "not sent".to_owned(), |t| t.to_string())),
        ),
        ("price.currency", price.map_or_else(none, |p| p.currency.to_string())),
        ("price.input", money(price.map(|p| p.input))),
        ("price.cached", money(price.map(|p| p.cached))),
        ("price.output", money(price.map(|p| p.output))),
        ("confirm_above", money(s.and_then(|s| s.limits.confirm_above))),
        ("day_cap", money(s.and_then(|s| s.limits.day_cap))),
        (
            "redaction",
            of(|s| match s.on_secret {
                OnSecret::Block => "block".to_owned(),
                OnSecret::Replace => "replace".to_owned(),
            }),
        ),
    ];
    rows.into_iter()
        .map(|(key, value)| (format!("copilot.model.{key}"), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_server_needs_only_its_address() {
        let section: ModelSection = toml::from_str(
            "kind = \"openai_chat\"\nbase_url = \"http://127.0.0.1:11434/v1\"\nmodel = \"m\"\nlocal = true",
        )
        .unwrap();
        let model = section.settings(Path::new("/etc"));
        assert_eq!(model.problem(), None);
        assert_eq!((model.key, model.settings.on_secret), (None, OnSecret::Replace));
        assert_eq!(model.settings.price, None);
    }

    #[test]
    fn prices_become_whole_micro_units() {
        assert_eq!(micros("2.50".parse().unwrap()), 2_500_000);
        assert_eq!(micros("0.0000001".parse().unwrap()), 1);
        assert_eq!(micros(Decimal::MAX), u64::MAX);
    }
}
