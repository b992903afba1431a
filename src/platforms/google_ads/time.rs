//! Dates as Google writes them: `2026-12-01 00:00:00`, a day's first and last second, in the account's zone and without
//! saying so.
//!
//! Invariant: what is sent holds no offset, so the day is the account's whatever zone anybody else is in.

use jiff::civil::{Date, DateTime};

/// The first second of a day.
pub fn day_start(day: Date) -> String {
    format!("{day} 00:00:00")
}

/// The last second of a day.
pub fn day_end(day: Date) -> String {
    format!("{day} 23:59:59")
}

/// Reads `2026-12-01 00:00:00`. Whatever follows the seconds is refused.
pub fn parse(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once(' ')?;
    let date: Date = (date.len() == 10).then(|| date.parse().ok())??;
    let time: jiff::civil::Time = (time.len() == 8).then(|| time.parse().ok())??;
    Some(date.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn there_and_back(year in 2000_i16..2100, day in 1_i16..366) {
            let day = jiff::civil::date(year, 1, 1).saturating_add(jiff::Span::new().days(day));
            prop_assert_eq!(parse(&day_start(day)), Some(day.at(0, 0, 0, 0)));
            prop_assert_eq!(parse(&day_end(day)), Some(day.at(23, 59, 59, 0)));
        }
    }

    #[test]
    fn anything_else_is_not_a_time() {
        for text in [
            "",
            "2026-12-01",
            "2026-12-01T00:00:00",
            "2026-12-01 00:00:00+01:00",
            "2026-13-01 00:00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
