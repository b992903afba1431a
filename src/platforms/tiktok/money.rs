//! TikTok's money: JSON numbers in main units of the account's currency.
//!
//! Invariants
//! - At most two decimals are sent, none for currencies that have none; a third would be rounded by somebody, so it is
//!   refused.
//! - The way there and back is exact: numbers are made from and read as their decimal text, never computed as floats.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

use crate::engine::model::money::{Currency, Money};

/// Decimals TikTok takes: the currency's own, at most two.
pub fn decimals(currency: Currency) -> u32 {
    currency.decimals().min(2)
}

/// An amount as TikTok takes it. `Err` in the words of the person who can mend it.
pub fn to_number(money: &Money) -> Result<Number, String> {
    let amount = money.amount().normalize();
    let most = decimals(money.currency());
    if amount.scale() > most {
        return Err(format!(
            "{amount} {} has more decimals than TikTok takes ({most})",
            money.currency()
        ));
    }
    let text = amount.to_string();
    // A whole number goes as one: 50, not 50.0.
    if let Ok(whole) = text.parse::<u64>() {
        return Ok(whole.into());
    }
    // Below 10^12 with two decimals: within what a double writes back digit for digit.
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .ok_or_else(|| format!("{amount} cannot be written as a number"))
}

/// An amount from an answer: a number, or one as text.
pub fn from_value(value: &Value, currency: Currency) -> Result<Money, String> {
    let text = match value {
        Value::Number(n) => n.to_string(),
        Value::String(s) => s.clone(),
        other => return Err(format!("{other} is not an amount")),
    };
    let amount: Decimal = text.parse().map_err(|_| format!("\"{text}\" is not an amount"))?;
    Money::new(amount, currency)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn money(amount: &str, currency: &str) -> Money {
        Money::parse(amount, currency.parse().unwrap()).unwrap()
    }

    #[rstest]
    #[case("50", "USD", Some("50"))]
    #[case("50.00", "USD", Some("50"))]
    #[case("50.5", "USD", Some("50.5"))]
    #[case("0.07", "EUR", Some("0.07"))]
    #[case("5000", "JPY", Some("5000"))]
    #[case("999999999999.99", "USD", Some("999999999999.99"))]
    #[case("1.25", "KWD", Some("1.25"))]
    #[case("1.255", "KWD", None)]
    fn main_units_without_rounding(#[case] amount: &str, #[case] currency: &str, #[case] want: Option<&str>) {
        let sent = to_number(&money(amount, currency)).ok().map(|n| n.to_string());
        assert_eq!(sent.as_deref(), want);
    }

    #[rstest]
    #[case("50.0", "USD", true)]
    #[case("50.005", "USD", false)]
    #[case("50.5", "JPY", false)]
    #[case("-1", "USD", false)]
    fn answers_are_read_exactly_or_not_at_all(#[case] text: &str, #[case] currency: &str, #[case] fine: bool) {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(from_value(&value, currency.parse().unwrap()).is_ok(), fine);
        assert_eq!(from_value(&Value::from(text), currency.parse().unwrap()).is_ok(), fine);
    }

    proptest! {
        #[test]
        fn there_and_back(cents in 0_i64..100_000_000_000_000, currency in prop::sample::select(vec!["USD", "EUR", "BRL", "JPY", "KRW", "KWD"])) {
            let currency: Currency = currency.parse().unwrap();
            let amount = Money::new(Decimal::new(cents, decimals(currency)), currency);
            prop_assume!(amount.is_ok());
            let amount = amount.unwrap();
            let sent = to_number(&amount).unwrap();
            // Through text, as over the wire.
            let back: Value = serde_json::from_str(&Value::Number(sent).to_string()).unwrap();
            prop_assert_eq!(from_value(&back, currency), Ok(amount));
        }
    }
}
