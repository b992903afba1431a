//! Time as the store keeps it, and civil dates as planners write them.
//!
//! A [`Timestamp`] is a moment (microseconds, UTC). A [`Flight`] is two civil dates in the account's own zone: where a
//! day begins depends on the account, so it only becomes a moment inside a platform's `plan`.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A moment: microseconds since 1970-01-01 UTC. RFC 3339 text in JSON, an integer in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment plus a duration; saturates at the end of time instead of wrapping.
    #[must_use]
    pub fn plus(self, d: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(d.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This moment minus a duration; saturates.
    #[must_use]
    pub fn minus(self, d: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(d.as_micros()).unwrap_or(i64::MAX)))
    }

    /// Time from `earlier` to here; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As a `jiff` timestamp for formatting and zone arithmetic. Out-of-range values become the epoch.
    pub fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// Parses RFC 3339 text such as `2026-11-20T14:30:00Z`.
    pub fn parse(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::Timestamp>().map(|t| Self(t.as_microsecond()))
    }

    /// A moment as people write it: `30m`, `2h` or `3d` (so long before `now`), a day such as `2026-11-20` (its start in
    /// `zone`), or RFC 3339.
    pub fn parse_about(text: &str, now: Self, zone: &jiff::tz::TimeZone) -> Option<Self> {
        for (unit, seconds) in [('m', 60), ('h', 3600), ('d', 86_400)] {
            if let Some(count) = text.strip_suffix(unit).and_then(|n| n.parse::<u32>().ok()) {
                return Some(now.minus(Duration::from_secs(u64::from(count) * seconds)));
            }
        }
        if let Ok(day) = text.parse::<jiff::civil::Date>()
            && !text.contains(['T', ' '])
        {
            return day.to_zoned(zone.clone()).ok().map(|z| z.timestamp().into());
        }
        Self::parse(text).ok()
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(t: jiff::Timestamp) -> Self {
        Self(t.as_microsecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.jiff())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.collect_str(&self.jiff())
        } else {
            s.serialize_i64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            let text = String::deserialize(d)?;
            Self::parse(&text).map_err(D::Error::custom)
        } else {
            i64::deserialize(d).map(Self)
        }
    }
}

/// A calendar day without a zone, `2026-12-01`. Text in JSON and in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

impl Day {
    /// Wraps a civil date.
    pub const fn new(date: jiff::civil::Date) -> Self {
        Self(date)
    }

    /// The civil date.
    pub const fn date(self) -> jiff::civil::Date {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        // jiff also accepts date-times and drops the rest; a flight is a day and nothing else.
        if s.len() != 10 {
            return Err(format!(
                "\"{}\" is not a date like 2026-12-01",
                super::sanitise::excerpt(s, 40)
            ));
        }
        s.parse().map(Self).map_err(|_| {
            format!(
                "\"{}\" is not a date like 2026-12-01, or that day does not exist",
                super::sanitise::excerpt(s, 40)
            )
        })
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

/// First and last day of delivery, both inclusive, in the platform account's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flight {
    /// First day of delivery.
    pub start: Day,
    /// Last day of delivery; `None` runs until stopped (not possible with a lifetime budget).
    pub end: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_moments_in_their_own_way() {
        let now = Timestamp::parse("2026-11-20T14:30:00Z").unwrap();
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let about = |text| Timestamp::parse_about(text, now, &zone).map(|t| t.jiff().to_string());
        assert_eq!(about("2h").as_deref(), Some("2026-11-20T12:30:00Z"));
        assert_eq!(about("3d").as_deref(), Some("2026-11-17T14:30:00Z"));
        assert_eq!(about("2026-11-20").as_deref(), Some("2026-11-19T23:00:00Z"));
        assert_eq!(about("2026-11-20T09:00:00Z").as_deref(), Some("2026-11-20T09:00:00Z"));
        for wrong in ["", "h", "-2h", "2w", "yesterday", "2026-13-01"] {
            assert_eq!(about(wrong), None, "{wrong}");
        }
    }
}
