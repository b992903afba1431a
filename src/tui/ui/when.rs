//! Times as people read them: short in lists, full with zone in details.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::engine::model::time::Timestamp;

/// `now`, `3m`, `5h`, `12d`: how long ago.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let s = now.since(then).as_secs();
    match s {
        0..60 => "now".to_owned(),
        60..3600 => format!("{}m", s / 60),
        3600..86_400 => format!("{}h", s / 3600),
        _ => format!("{}d", s / 86_400),
    }
}

/// `just now`, `3m ago`: how long ago, within a sentence.
pub fn passed(then: Timestamp, now: Timestamp) -> String {
    match ago(then, now).as_str() {
        "now" => "just now".to_owned(),
        time => format!("{time} ago"),
    }
}

/// `00:41`, `1:02:10`: how long until. `00:00` once it is past.
pub fn until(then: Timestamp, now: Timestamp) -> String {
    clock(then.since(now))
}

/// A duration as `mm:ss` or `h:mm:ss`, rounded up to whole seconds so that a countdown ends at `00:01`.
pub fn clock(d: Duration) -> String {
    let s = d.as_micros().div_ceil(1_000_000);
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    if h > 0 {
        format!("{h}:{m:02}:{s:02}")
    } else {
        format!("{m:02}:{s:02}")
    }
}

/// `14:32` in the zone.
pub fn minute(t: Timestamp, zone: &TimeZone) -> String {
    t.jiff().to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// `14:32:05` in the zone.
pub fn second(t: Timestamp, zone: &TimeZone) -> String {
    t.jiff().to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// `2026-11-20 14:32:05 CET`.
pub fn full(t: Timestamp, zone: &TimeZone) -> String {
    t.jiff()
        .to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string()
}

/// `14:32` on the same day, `11-20 14:32` otherwise.
pub fn about(t: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (t, now) = (t.jiff().to_zoned(zone.clone()), now.jiff().to_zoned(zone.clone()));
    let pattern = if t.date() == now.date() { "%H:%M" } else { "%m-%d %H:%M" };
    t.strftime(pattern).to_string()
}

/// `14:32:05` on the same day, `11-20 14:32` otherwise.
pub fn recent(t: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (t, now) = (t.jiff().to_zoned(zone.clone()), now.jiff().to_zoned(zone.clone()));
    let pattern = if t.date() == now.date() {
        "%H:%M:%S"
    } else {
        "%m-%d %H:%M"
    };
    t.strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short_in_lists() {
        let now = Timestamp::parse("2026-11-20T14:32:05Z").unwrap();
        assert_eq!(ago(now.minus(Duration::from_secs(200)), now), "3m");
        assert_eq!(ago(now.plus(Duration::from_secs(5)), now), "now");
        assert_eq!(passed(now.minus(Duration::from_secs(200)), now), "3m ago");
        assert_eq!(passed(now, now), "just now");
        assert_eq!(until(now.plus(Duration::from_millis(40_500)), now), "00:41");
        assert_eq!(until(now.plus(Duration::from_secs(3730)), now), "1:02:10");
        assert_eq!(until(now.minus(Duration::from_secs(1)), now), "00:00");
        assert_eq!(recent(now, now, &TimeZone::UTC), "14:32:05");
        assert_eq!(full(now, &TimeZone::UTC), "2026-11-20 14:32:05 UTC");
    }
}
