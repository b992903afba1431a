//! Money as Meta counts it: whole numbers of the account currency's own unit.
//!
//! Meta's unit is not ISO 4217's: eleven currencies are counted without decimals (HUF and IDR among them, which ISO
//! gives two), every other one in hundredths (BHD and KWD too, which ISO gives three).
//!
//! Invariants
//! - Nothing is rounded: an amount that is no whole number of units is refused.
//! - There and back gives the same money.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use crate::engine::model::money::{Currency, Money};

/// Currencies Meta counts in main units.
const WHOLE: [&str; 11] = [
    "CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND",
];

/// Units in one main unit: 1 or 100.
pub fn offset(currency: Currency) -> u32 {
    if WHOLE.contains(&currency.code()) { 1 } else { 100 }
}

/// An amount in Meta's units.
pub fn to_units(money: &Money) -> Result<u64, String> {
    let units = money.amount() * Decimal::from(offset(money.currency()));
    if !units.fract().is_zero() {
        let step = if offset(money.currency()) == 1 { "1" } else { "0.01" };
        return Err(format!(
            "{money} is not a multiple of {step}, the smallest amount Meta counts in {}",
            money.currency()
        ));
    }
    units.to_u64().ok_or_else(|| format!("{money} is too large"))
}

/// Money from Meta's units. Fails where the amount has more decimals than the currency has in our books.
pub fn from_units(units: u64, currency: Currency) -> Result<Money, String> {
    Money::new(Decimal::from(units) / Decimal::from(offset(currency)), currency)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1200.50", "USD", Some(120_050))]
    #[case("1200", "JPY", Some(1200))]
    #[case("1200", "HUF", Some(1200))]
    #[case::huf_has_no_hundredths_on_meta("1200.50", "HUF", None)]
    #[case("1.25", "BHD", Some(125))]
    #[case::bhd_has_no_thousandths_on_meta("1.255", "BHD", None)]
    #[case("0", "EUR", Some(0))]
    #[case("1000000000000", "USD", Some(100_000_000_000_000))]
    fn units_are_exact_or_refused(#[case] amount: &str, #[case] currency: &str, #[case] want: Option<u64>) {
        let money = Money::parse(amount, currency.parse().unwrap()).unwrap();
        assert_eq!(to_units(&money).ok(), want);
    }

    #[test]
    fn the_eleven_currencies_without_decimals_are_real() {
        for code in WHOLE {
            assert_eq!(offset(code.parse().unwrap()), 1, "{code}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_money(
            units in 0_u64..10_000_000_000,
            code in prop::sample::select(vec!["USD", "EUR", "JPY", "HUF", "IDR", "BHD", "KRW", "CLP", "TWD", "KWD"]),
        ) {
            let currency: Currency = code.parse().unwrap();
            let money = from_units(units, currency).unwrap();
            prop_assert_eq!(to_units(&money), Ok(units));
            prop_assert_eq!(Money::parse(&money.amount().to_string(), currency), Ok(money));
        }
    }
}
