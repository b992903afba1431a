//! Times as Meta writes them, and where a flight's days begin and end.
//!
//! Invariants
//! - A day belongs to the account's zone ([`days`]).
//! - Times are always sent with an offset: without one Meta guesses the account's zone.

use jiff::{Zoned, civil::Date, fmt::strtime, tz::Offset};

use crate::{engine::model::time::Timestamp, platforms::days};

/// Meta's way to write a moment: `2026-12-01T00:00:00-0500`.
const FORM: &str = "%Y-%m-%dT%H:%M:%S%z";

/// Reads a time from an answer: with an offset, `+0000`, `+00:00` or `Z`.
pub fn parse(text: &str) -> Option<Timestamp> {
    strtime::parse(FORM, text)
        .and_then(|t| t.to_timestamp())
        .or_else(|_| text.parse::<jiff::Timestamp>())
        .ok()
        .map(Timestamp::from)
}

/// Where a day begins in a zone, as a moment and as Meta writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayStart {
    /// The moment.
    pub at: Timestamp,
    /// `2026-12-01T00:00:00-0500`.
    pub text: String,
}

/// The first moment of a day in a zone.
pub fn day_start(day: Date, zone: &str) -> Result<DayStart, String> {
    days::start(day, zone).map(|z| written(&z))
}

/// Where a last day ends: the first moment of the day after.
pub fn day_end(last: Date, zone: &str) -> Result<DayStart, String> {
    days::end(last, zone).map(|z| written(&z))
}

fn written(start: &Zoned) -> DayStart {
    DayStart {
        at: Timestamp::from(start.timestamp()),
        text: format!("{}{}", start.strftime("%Y-%m-%dT%H:%M:%S"), offset_text(start.offset())),
    }
}

/// `-0500`; offsets are whole minutes everywhere ads are sold.
fn offset_text(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::winter("2026-12-01", "America/New_York", "2026-12-01T00:00:00-0500")]
    #[case::summer("2026-07-01", "America/New_York", "2026-07-01T00:00:00-0400")]
    #[case::half_hour("2026-12-01", "Asia/Kolkata", "2026-12-01T00:00:00+0530")]
    #[case::utc("2026-12-01", "UTC", "2026-12-01T00:00:00+0000")]
    #[case::midnight_skipped("2018-11-04", "America/Sao_Paulo", "2018-11-04T01:00:00-0200")]
    fn a_day_starts_where_its_zone_says(#[case] day: &str, #[case] zone: &str, #[case] want: &str) {
        let start = day_start(day.parse().unwrap(), zone).unwrap();
        assert_eq!(start.text, want);
        assert_eq!(parse(&start.text), Some(start.at));
    }

    #[test]
    fn the_last_day_is_whole_even_when_the_clocks_change() {
        let hours = |day: &str| {
            let day: Date = day.parse().unwrap();
            let from = day_start(day, "Europe/Berlin").unwrap().at;
            day_end(day, "Europe/Berlin").unwrap().at.since(from).as_secs() / 3600
        };
        assert_eq!(hours("2026-12-01"), 24);
        assert_eq!(hours("2026-03-29"), 23);
        assert_eq!(hours("2026-10-25"), 25);
    }

    #[test]
    fn answers_come_with_several_offsets_forms() {
        let at = Timestamp::parse("2026-12-01T05:00:00Z").unwrap();
        for text in [
            "2026-12-01T00:00:00-0500",
            "2026-12-01T05:00:00+00:00",
            "2026-12-01T05:00:00Z",
        ] {
            assert_eq!(parse(text), Some(at), "{text}");
        }
        assert_eq!(parse("tomorrow"), None);
        assert!(day_start("2026-12-01".parse().unwrap(), "Mars/Olympus").is_err());
    }
}
