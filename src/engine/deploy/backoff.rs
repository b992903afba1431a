//! How long to wait: jittered backoff, and every form of `Retry-After`.

use std::time::Duration;

use crate::engine::{model::time::Timestamp, policy::Policy};

/// Wait after a rate limit for which the platform's own code names no time.
pub const UNNAMED_WAIT: Duration = Duration::from_secs(60);

/// Shortest backoff: a zero would hammer.
const FLOOR: Duration = Duration::from_millis(250);

/// Full jitter: a random time between 250 ms and `base * 2^tries`, at most the cap. `tries` counts from 1.
pub fn full_jitter(tries: u32, random: u64, policy: &Policy) -> Duration {
    between(FLOOR, tries, random, policy.backoff_base, policy.backoff_cap)
}

/// Full jitter with other bounds: a random time between `floor` and `base * 2^tries`, at most `cap`.
pub fn between(floor: Duration, tries: u32, random: u64, base: Duration, cap: Duration) -> Duration {
    let factor = 2_u32.saturating_pow(tries.min(20));
    let ceiling = base.saturating_mul(factor).min(cap).max(floor);
    let span = u64::try_from(ceiling.saturating_sub(floor).as_millis()).unwrap_or(u64::MAX);
    floor + Duration::from_millis(if span == 0 { 0 } else { random % (span + 1) })
}

/// When a `Retry-After` header says to come back: seconds, decimals, or an HTTP date in any of its three forms,
/// relative to the answer's own `Date` when there is one (clocks differ). A past date is now. `None` when there is no
/// header; rubbish counts as 60 s, because something was asked for.
pub fn retry_after(header: Option<&str>, date: Option<&str>, now: Timestamp) -> Option<Timestamp> {
    let text = header?.trim();
    let rubbish = now.plus(Duration::from_secs(60));
    if let Ok(seconds) = text.parse::<f64>() {
        let fits = seconds.is_finite() && (0.0..=31_536_000.0).contains(&seconds);
        return Some(if fits {
            now.plus(Duration::from_secs_f64(seconds))
        } else {
            rubbish
        });
    }
    let Some(until) = http_date(text) else {
        return Some(rubbish);
    };
    let base = date.and_then(http_date).unwrap_or(now);
    Some(now.plus(until.since(base)))
}

/// An HTTP date: IMF-fixdate, RFC 850, or asctime.
fn http_date(text: &str) -> Option<Timestamp> {
    use jiff::fmt::strtime;
    let text = text.trim();
    for format in [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    ] {
        if let Ok(parsed) = strtime::parse(format, text)
            && let Ok(civil) = parsed.to_datetime()
            && let Ok(zoned) = civil.to_zoned(jiff::tz::TimeZone::UTC)
        {
            return Some(zoned.timestamp().into());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[rstest::rstest]
    #[case::seconds("120", None, "2026-11-20T10:02:00Z")]
    #[case::decimals("1.5", None, "2026-11-20T10:00:01.5Z")]
    #[case::imf_date("Fri, 20 Nov 2026 10:05:00 GMT", None, "2026-11-20T10:05:00Z")]
    #[case::rfc850("Friday, 20-Nov-26 10:05:00 GMT", None, "2026-11-20T10:05:00Z")]
    #[case::asctime("Fri Nov 20 10:05:00 2026", None, "2026-11-20T10:05:00Z")]
    #[case::date_beats_our_clock(
        "Fri, 20 Nov 2026 12:05:00 GMT",
        Some("Fri, 20 Nov 2026 12:00:00 GMT"),
        "2026-11-20T10:05:00Z"
    )]
    #[case::past_is_now("Fri, 20 Nov 2020 10:05:00 GMT", None, "2026-11-20T10:00:00Z")]
    #[case::rubbish_is_a_minute("soon", None, "2026-11-20T10:01:00Z")]
    #[case::negative_is_a_minute("-5", None, "2026-11-20T10:01:00Z")]
    fn retry_after_every_form(#[case] header: &str, #[case] date: Option<&str>, #[case] expected: &str) {
        assert_eq!(
            retry_after(Some(header), date, at("2026-11-20T10:00:00Z")),
            Some(at(expected))
        );
    }

    #[test]
    fn no_header_is_no_wait() {
        assert_eq!(retry_after(None, None, at("2026-11-20T10:00:00Z")), None);
    }

    proptest::proptest! {
        #[test]
        fn backoff_is_jittered_and_capped(tries in 1_u32..40, random: u64) {
            let policy = Policy::default();
            let wait = full_jitter(tries, random, &policy);
            proptest::prop_assert!(wait >= FLOOR && wait <= policy.backoff_cap);
            let ceiling = policy.backoff_base.saturating_mul(2_u32.saturating_pow(tries.min(20)));
            proptest::prop_assert!(wait <= ceiling.max(FLOOR));
        }
    }
}
