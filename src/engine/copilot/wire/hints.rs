//! When a model server says to come back: in headers, or in the words of its refusal.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use regex::Regex;

use crate::engine::{deploy::backoff, model::time::Timestamp};

/// The strongest hint: `retry-after-ms`, `retry-after`, the words, and at last the reset time of whatever limit has
/// nothing left.
pub fn after(headers: &BTreeMap<String, String>, message: &str, now: Timestamp) -> Option<Duration> {
    let header = |name: &str| headers.get(name).map(|v| v.trim());
    let millis = header("retry-after-ms").and_then(|v| v.parse::<f64>().ok());
    let millis = millis.and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok());
    let standard = || backoff::retry_after(header("retry-after"), header("date"), now).map(|at| at.since(now));
    millis
        .or_else(standard)
        .or_else(|| in_words(message))
        .or_else(|| reset(headers))
}

/// "Please try again in 1.898s", "retry after 20 seconds".
pub fn in_words(message: &str) -> Option<Duration> {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:try again|retry|retrying|wait)\s+(?:in|after|for)?\s*((?:[0-9.]+\s*(?:milliseconds?|ms|minutes?|mins?|m|seconds?|secs?|s|hours?|h)\s*)+)").ok()
    });
    let found = WORDS.as_ref()?.captures(message)?;
    span(found.get(1)?.as_str())
}

/// The reset time of a limit of which nothing remains.
fn reset(headers: &BTreeMap<String, String>) -> Option<Duration> {
    let used_up = headers
        .iter()
        .filter_map(|(name, left)| Some((name.strip_prefix("x-ratelimit-remaining-")?, left)))
        .filter(|(_, left)| left.trim() == "0");
    used_up
        .filter_map(|(what, _)| span(headers.get(&format!("x-ratelimit-reset-{what}"))?))
        .max()
}

/// A duration such as `6m0s`, `12ms`, `1.5 seconds`; a bare number is seconds.
fn span(text: &str) -> Option<Duration> {
    static PART: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)").ok());
    let mut total = 0.0_f64;
    let mut any = false;
    for part in PART.as_ref()?.captures_iter(text) {
        let number: f64 = part.get(1)?.as_str().parse().ok()?;
        let unit = part.get(2).map_or("", |u| u.as_str()).to_ascii_lowercase();
        let seconds = match unit.as_str() {
            "ms" | "millisecond" | "milliseconds" => 0.001,
            "" | "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "h" | "hour" | "hours" => 3600.0,
            _ => return None,
        };
        total += number * seconds;
        any = true;
    }
    any.then(|| Duration::try_from_secs_f64(total).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::millis(&[("retry-after-ms", "250"), ("retry-after", "9")], "", Some(250))]
    #[case::seconds(&[("retry-after", "2")], "try again in 9s", Some(2_000))]
    #[case::date(&[("retry-after", "Fri, 20 Nov 2026 10:00:05 GMT"), ("date", "Fri, 20 Nov 2026 10:00:00 GMT")], "", Some(5_000))]
    #[case::words(&[], "Rate limit reached. Please try again in 1.898s.", Some(1_898))]
    #[case::words_millis(&[], "Please try again in 20ms", Some(20))]
    #[case::words_long(&[], "Please retry after 1 minute 30 seconds", Some(90_000))]
    #[case::reset(&[("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "6m0s"), ("x-ratelimit-reset-requests", "1h")], "", Some(360_000))]
    #[case::left(&[("x-ratelimit-remaining-tokens", "12"), ("x-ratelimit-reset-tokens", "6m0s")], "", None)]
    #[case::nothing(&[], "Too many requests, try again later.", None)]
    fn every_way_to_say_when(#[case] headers: &[(&str, &str)], #[case] words: &str, #[case] millis: Option<u64>) {
        let headers = headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        assert_eq!(after(&headers, words, now), millis.map(Duration::from_millis));
    }
}
