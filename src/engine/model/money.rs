//! Money: an exact decimal and an ISO 4217 currency, never a float, never a sum across currencies.

use std::{fmt, str::FromStr};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::sanitise::excerpt;

/// An ISO 4217 currency, `EUR`. Its decimals are ISO's; a platform's own minor unit can differ and lives with the
/// platform (Meta counts HUF without decimals, ISO with two).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The US dollar: the sandbox's default.
    pub const USD: Self = Self(iso_currency::Currency::USD);

    /// The three letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals by ISO 4217; 2 for currencies without a minor unit of their own.
    pub fn decimals(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(2))
    }
}

impl FromStr for Currency {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        iso_currency::Currency::from_code(s)
            .map(Self)
            .ok_or_else(|| format!("\"{}\" is not an ISO 4217 currency such as EUR", excerpt(s, 12)))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

/// A positive or zero amount with at most the currency's decimals. Text in JSON: `{"amount":"1200.00","currency":"EUR"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

/// No budget is larger than this: it keeps every conversion to minor units and micros far inside 64 bits.
const MAX_AMOUNT: i64 = 1_000_000_000_000;

impl Money {
    /// Checks and normalises: not negative, not above 10^12, no more decimals than the currency has (rounding is
    /// refused, never guessed). The scale is brought to the currency's decimals, so equal money has equal bytes.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, String> {
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(format!("{amount} {currency} is negative"));
        }
        if amount > Decimal::from(MAX_AMOUNT) {
            return Err(format!(
                "{amount} {currency} is above the largest amount, {MAX_AMOUNT} {currency}"
            ));
        }
        let mut amount = amount.normalize();
        let decimals = currency.decimals();
        if amount.scale() > decimals {
            return Err(format!(
                "{amount} has more decimals than {currency} has ({decimals}); round it yourself"
            ));
        }
        amount.rescale(decimals);
        Ok(Self { amount, currency })
    }

    /// Parses an amount such as `1200`, `1200.5` or `1,200.50` in a currency.
    pub fn parse(amount: &str, currency: Currency) -> Result<Self, String> {
        let bad = || format!("\"{}\" is not an amount such as 1200.00", excerpt(amount, 24));
        let text = amount.trim();
        if text.is_empty() || text.len() > 32 || text.contains(['e', 'E', '_', '+']) {
            return Err(bad());
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.contains(',') {
            let mut groups = whole.trim_start_matches('-').split(',');
            let first_ok = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
            if !first_ok || !groups.all(|g| g.len() == 3) {
                return Err(bad());
            }
        }
        if fraction.contains(',') {
            return Err(bad());
        }
        let amount: Decimal = text.replace(',', "").parse().map_err(|_| bad())?;
        Self::new(amount, currency)
    }

    /// The amount in main units.
    pub const fn amount(&self) -> Decimal {
        self.amount
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }
}

impl fmt::Display for Money {
    /// `EUR 1,200.00`: code first, thousands grouped, the currency's decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.amount.to_string();
        let (whole, fraction) = text
            .split_once('.')
            .map_or((text.as_str(), None), |(w, d)| (w, Some(d)));
        let mut out = String::with_capacity(text.len() + 8);
        out.push_str(self.currency.code());
        out.push(' ');
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 {
                out.push(',');
            }
            out.push(c);
        }
        if let Some(d) = fraction {
            out.push('.');
            out.push_str(d);
        }
        f.pad(&out)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyText {
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        MoneyText {
            amount: self.amount.to_string(),
            currency: self.currency,
        }
        .serialize(s)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = MoneyText::deserialize(d)?;
        Self::parse(&text.amount, text.currency).map_err(D::Error::custom)
    }
}

/// How the money is spread over the flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetKind {
    /// Per day.
    Daily,
    /// For the whole flight.
    Lifetime,
}

/// A budget: how much, and per what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Daily or lifetime.
    pub kind: BudgetKind,
    /// The amount.
    pub money: Money,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur() -> Currency {
        "EUR".parse().unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn amounts_are_exact_and_grouped() {
        let m = Money::parse("1,200.5", eur()).unwrap();
        assert_eq!(m.to_string(), "EUR 1,200.50");
        assert_eq!(m, Money::parse("1200.50", eur()).unwrap());
    }

    #[test]
    fn rounding_negative_and_rubbish_are_refused() {
        for bad in [
            "1.005",
            "-1",
            "1e3",
            "",
            "abc",
            "1,20.0",
            "12,,000",
            "0x10",
            "99999999999999",
        ] {
            assert!(Money::parse(bad, eur()).is_err(), "{bad}");
        }
        let jpy: Currency = "JPY".parse().unwrap();
        assert!(Money::parse("100.5", jpy).is_err());
        assert_eq!(Money::parse("100.0", jpy).unwrap().to_string(), "JPY 100");
    }
}
