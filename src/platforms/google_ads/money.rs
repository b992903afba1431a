//! Money as Google counts it: millionths of the main unit ("micros"), whatever the currency.
//!
//! The amount must be a multiple of what can be billed: a hundredth, or a whole unit where the currency has no smaller
//! one. Google counts the rupiah in whole units too, which ISO gives two decimals.
//!
//! Invariants
//! - Nothing is rounded: an amount that is no multiple of the smallest unit is refused.
//! - There and back gives the same money.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use crate::engine::model::money::{Currency, Money};

/// Micros in one main unit.
const MICROS: u32 = 1_000_000;

/// Currencies Google bills in whole units although ISO gives them decimals.
const WHOLE: [&str; 1] = ["IDR"];

/// The smallest amount Google takes in a currency, in micros.
pub fn smallest(currency: Currency) -> u64 {
    if currency.decimals() == 0 || WHOLE.contains(&currency.code()) {
        u64::from(MICROS)
    } else {
        u64::from(MICROS / 100)
    }
}

/// An amount in micros.
pub fn to_micros(money: &Money) -> Result<u64, String> {
    let micros = money.amount() * Decimal::from(MICROS);
    let step = smallest(money.currency());
    if !(micros % Decimal::from(step)).is_zero() {
        let least = if step == u64::from(MICROS) { "1" } else { "0.01" };
        return Err(format!(
            "{money} is not a multiple of {least}, the smallest amount Google counts in {}",
            money.currency()
        ));
    }
    // Google's own numbers are signed 64-bit ones.
    micros
        .to_u64()
        .filter(|m| i64::try_from(*m).is_ok())
        .ok_or_else(|| format!("{money} is too large"))
}

/// Money from micros. Fails where the amount has more decimals than the currency has in our books.
pub fn from_micros(micros: u64, currency: Currency) -> Result<Money, String> {
    Money::new(Decimal::from(micros) / Decimal::from(MICROS), currency)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1200.50", "USD", Some(1_200_500_000))]
    #[case("0.01", "EUR", Some(10_000))]
    #[case("1500", "JPY", Some(1_500_000_000))]
    #[case("15000", "IDR", Some(15_000_000_000))]
    #[case("15000.50", "IDR", None)]
    #[case("1.005", "KWD", None)]
    #[case("1.01", "KWD", Some(1_010_000))]
    fn amounts(#[case] amount: &str, #[case] currency: &str, #[case] want: Option<u64>) {
        let money = Money::parse(amount, currency.parse().unwrap()).unwrap();
        assert_eq!(to_micros(&money).ok(), want);
    }

    proptest! {
        #[test]
        fn there_and_back(units in 1_u64..9_000_000_000, which in 0_usize..5) {
            let currency: Currency = ["USD", "JPY", "IDR", "KWD", "HUF"][which].parse().unwrap();
            let micros = units * smallest(currency);
            let money = from_micros(micros, currency).unwrap();
            prop_assert_eq!(to_micros(&money), Ok(micros));
        }

        #[test]
        fn nothing_is_rounded(cents in 1_i64..9_000_000_000) {
            for code in ["USD", "IDR"] {
                let money = Money::new(Decimal::new(cents, 2), code.parse().unwrap()).unwrap();
                match to_micros(&money) {
                    Ok(micros) => prop_assert_eq!(from_micros(micros, money.currency()), Ok(money)),
                    Err(_) => prop_assert!(code == "IDR" && cents % 100 != 0),
                }
            }
        }
    }
}
