//! Times as TikTok writes them: `2026-12-01 05:00:00`, always UTC, whatever the account's zone.

use jiff::{
    Zoned,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use crate::{engine::model::time::Timestamp, platforms::days};

const FORM: &str = "%Y-%m-%d %H:%M:%S";

/// Reads a time from an answer.
pub fn parse(text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime(FORM, text).ok()?;
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp::from(zoned.timestamp()))
}

/// Writes a moment.
pub fn write(at: Timestamp) -> String {
    at.jiff().to_zoned(TimeZone::UTC).strftime(FORM).to_string()
}

/// The first moment of a day in a zone, as TikTok writes it.
pub fn day_start(day: Date, zone: &str) -> Result<String, String> {
    days::start(day, zone).map(|z| written(&z))
}

/// Where a last day ends in a zone: the first moment of the day after.
pub fn day_end(last: Date, zone: &str) -> Result<String, String> {
    days::end(last, zone).map(|z| written(&z))
}

fn written(moment: &Zoned) -> String {
    write(Timestamp::from(moment.timestamp()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::winter("2026-12-01", "America/New_York", "2026-12-01 05:00:00")]
    #[case::summer("2026-07-01", "America/New_York", "2026-07-01 04:00:00")]
    #[case::east_of_utc("2026-12-01", "Asia/Tokyo", "2026-11-30 15:00:00")]
    #[case::half_hour("2026-12-01", "Asia/Kolkata", "2026-11-30 18:30:00")]
    #[case::midnight_skipped("2018-11-04", "America/Sao_Paulo", "2018-11-04 03:00:00")]
    fn days_start_in_their_zone_and_are_written_in_utc(#[case] day: &str, #[case] zone: &str, #[case] want: &str) {
        let start = day_start(day.parse().unwrap(), zone).unwrap();
        assert_eq!(start, want);
        assert_eq!(write(parse(&start).unwrap()), start);
    }

    #[test]
    fn the_last_day_is_whole_even_when_the_clocks_change() {
        let hours = |day: &str| {
            let day: Date = day.parse().unwrap();
            let at = |text: Result<String, String>| parse(&text.unwrap()).unwrap();
            let length = at(day_end(day, "Europe/Berlin")).since(at(day_start(day, "Europe/Berlin")));
            length.as_secs() / 3600
        };
        assert_eq!(
            (hours("2026-12-01"), hours("2026-03-29"), hours("2026-10-25")),
            (24, 23, 25)
        );
    }

    proptest! {
        #[test]
        fn whole_seconds_come_back(seconds in 0_i64..4_000_000_000) {
            let at = Timestamp::from_micros(seconds * 1_000_000);
            prop_assert_eq!(parse(&write(at)), Some(at));
        }
    }

    #[test]
    fn other_forms_are_no_times() {
        for text in ["", "tomorrow", "2026-12-01", "2026-12-01T05:00:00Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(day_start("2026-12-01".parse().unwrap(), "Mars/Olympus").is_err());
    }
}
