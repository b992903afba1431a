//! Where a flight's days begin and end.
//!
//! Invariant: a day belongs to the account's zone. The first day starts at its first moment, the last day ends where the
//! next one begins: an end is exclusive, so a flight of one day runs 24 hours (23 or 25 when the clocks change).

use jiff::{Zoned, civil::Date, tz::TimeZone};

/// The first moment of a day in a zone. Where midnight does not exist (the clocks jump over it), the first moment after.
pub fn start(day: Date, zone: &str) -> Result<Zoned, String> {
    let tz = TimeZone::get(zone).map_err(|_| format!("\"{zone}\" is not a time zone such as Europe/Berlin"))?;
    day.to_zoned(tz)
        .and_then(|z| z.start_of_day())
        .map_err(|e| format!("{day} has no beginning in {zone}: {e}"))
}

/// Where a last day ends: the first moment of the day after.
pub fn end(last: Date, zone: &str) -> Result<Zoned, String> {
    let next = last
        .tomorrow()
        .map_err(|e| format!("{last} has no day after it: {e}"))?;
    start(next, zone)
}
