//! Usage headers: how much of the allowance is gone, and how long a block lasts.
//!
//! Three systems count at once and the strictest wins. Traps: `estimated_time_to_regain_access` is in minutes,
//! `reset_time_duration` in seconds; ids in the business header stand without `act_`; there is no `Retry-After`.

use std::time::Duration;

use serde_json::Value;

use crate::{
    engine::model::{platform::AccountId, rate::Rate, time::Timestamp},
    platforms::{Method, Usage, WireRequest, WireResponse},
};

/// The score of an application and ad account: a read counts 1, a write 3, and the sum decays within five minutes. Full
/// tier 9000, limited tier 60 (Marketing API, "Rate limiting", read 2026-11).
pub const FULL: Rate = Rate::new(9000, 300_000);
/// The same of the limited tier, which an answer's headers name.
pub const LIMITED: Rate = Rate::new(60, 300_000);

/// What a request adds to the score.
pub const fn cost(request: &WireRequest) -> u32 {
    match request.method {
        Method::Get => 1,
        Method::Post | Method::Delete => 3,
    }
}

/// Wait of the full tier when Meta names none.
const FULL_TIER: u64 = 60;
/// Wait of the limited (development) tier when Meta names none.
const LIMITED_TIER: u64 = 300;

/// The business header's entries that speak about us: under the account's own id if it is there (else under any id), of
/// managing ads if such a type is there (else of any type).
fn entries(response: &WireResponse, account: &AccountId) -> Vec<Value> {
    let header = json_header(response, "x-business-use-case-usage");
    let Some(by_id) = header.as_object() else {
        return Vec::new();
    };
    let own = by_id.get(account.as_str().trim_start_matches("act_"));
    let all: Vec<Value> = own
        .into_iter()
        .chain(by_id.values().filter(|_| own.is_none()))
        .filter_map(Value::as_array)
        .flatten()
        .cloned()
        .collect();
    let managing: Vec<Value> = all
        .iter()
        .filter(|e| e.get("type").and_then(Value::as_str) == Some("ads_management"))
        .cloned()
        .collect();
    if managing.is_empty() { all } else { managing }
}

fn json_header(response: &WireResponse, name: &str) -> Value {
    response
        .headers
        .get(name)
        .and_then(|t| serde_json::from_str(t).ok())
        .unwrap_or_default()
}

/// A percentage rounded up; some headers carry fractions.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=1000 before the cast"
)]
fn percent(value: Option<&Value>) -> Option<u32> {
    value?.as_f64().map(|p| p.ceil().clamp(0.0, 1000.0) as u32)
}

/// The allowance used; `None` when no header tells.
pub fn usage(response: &WireResponse, account: &AccountId, now: Timestamp) -> Option<Usage> {
    let counted = ["call_count", "total_time", "total_cputime"];
    let app = json_header(response, "x-app-usage");
    let ad_account = json_header(response, "x-ad-account-usage");
    let entries = entries(response, account);
    let percents = counted
        .iter()
        .filter_map(|k| percent(app.get(k)))
        .chain(percent(ad_account.get("acc_id_util_pct")))
        .chain(
            entries
                .iter()
                .flat_map(|e| counted.iter().filter_map(|k| percent(e.get(k)))),
        );
    percents.max().map(|percent| Usage {
        percent,
        blocked_until: block(response, account).map(|wait| now.plus(wait)),
        allowance: is_limited(response, account).then_some(LIMITED),
    })
}

/// How long Meta says the account stays blocked.
fn block(response: &WireResponse, account: &AccountId) -> Option<Duration> {
    let minutes = entries(response, account)
        .iter()
        .filter_map(|e| e.get("estimated_time_to_regain_access").and_then(Value::as_u64))
        .max()
        .filter(|m| *m > 0)
        .map(|m| Duration::from_secs(m.saturating_mul(60)));
    let ad_account = json_header(response, "x-ad-account-usage");
    let spent = percent(ad_account.get("acc_id_util_pct")).is_some_and(|p| p >= 100);
    let seconds = ad_account
        .get("reset_time_duration")
        .and_then(Value::as_u64)
        .filter(|s| spent && *s > 0)
        .map(Duration::from_secs);
    minutes.max(seconds)
}

/// True when a header names the limited (development) tier.
fn is_limited(response: &WireResponse, account: &AccountId) -> bool {
    entries(response, account)
        .iter()
        .chain([&json_header(response, "x-ad-account-usage")])
        .any(|e| e.get("ads_api_access_tier").and_then(Value::as_str) == Some("development_access"))
}

/// How long to wait after a rate limit: what the headers say; else the table's seconds or the tier's, doubled with every
/// rate limit in a row, up to an hour.
pub fn wait(response: &WireResponse, account: &AccountId, table: Option<u64>, in_a_row: u32) -> Duration {
    if let Some(told) = block(response, account) {
        return told;
    }
    let tier = if is_limited(response, account) {
        LIMITED_TIER
    } else {
        FULL_TIER
    };
    let first = table.unwrap_or(0).max(tier);
    let hour = 3600.max(first);
    Duration::from_secs(first.saturating_mul(1 << in_a_row.min(6)).min(hour))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn answer(headers: &[(&str, &str)]) -> WireResponse {
        WireResponse {
            status: 400,
            headers: headers
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            body: Vec::new(),
        }
    }

    fn account() -> AccountId {
        "act_1001".parse().unwrap()
    }

    const BUSINESS: &str = r#"{"1001":[
        {"type":"ads_insights","call_count":99,"estimated_time_to_regain_access":55},
        {"type":"ads_management","call_count":95,"total_cputime":20,"total_time":96.2,"estimated_time_to_regain_access":19}],
        "7":[{"type":"ads_management","call_count":100,"estimated_time_to_regain_access":40}]}"#;

    #[rstest]
    #[case::nothing(&[], None)]
    #[case::app(&[("x-app-usage", r#"{"call_count":28,"total_time":25,"total_cputime":31}"#)], Some((31, None)))]
    #[case::account(&[("x-ad-account-usage", r#"{"acc_id_util_pct":9.67,"reset_time_duration":100}"#)], Some((10, None)))]
    #[case::account_spent(&[("x-ad-account-usage", r#"{"acc_id_util_pct":100,"reset_time_duration":100}"#)],
        Some((100, Some(100))))]
    #[case::minutes_of_our_account_and_use(&[("x-business-use-case-usage", BUSINESS)], Some((97, Some(19 * 60))))]
    #[case::unreadable(&[("x-app-usage", "soon")], None)]
    fn the_strictest_counts(#[case] headers: &[(&str, &str)], #[case] want: Option<(u32, Option<u64>)>) {
        let now = Timestamp::parse("2026-11-20T12:00:00Z").unwrap();
        let got = usage(&answer(headers), &account(), now)
            .map(|u| (u.percent, u.blocked_until.map(|t| t.since(now).as_secs())));
        assert_eq!(got, want);
    }

    const LIMITED_HEADER: (&str, &str) = (
        "x-ad-account-usage",
        r#"{"acc_id_util_pct":50,"ads_api_access_tier":"development_access"}"#,
    );

    #[rstest]
    #[case::headers_win(&[("x-business-use-case-usage", BUSINESS)], Some(60), 3, 19 * 60)]
    #[case::full_tier(&[], None, 0, 60)]
    #[case::limited_tier(&[LIMITED_HEADER], None, 0, 300)]
    #[case::table(&[], Some(300), 0, 300)]
    #[case::doubling(&[], None, 3, 480)]
    #[case::up_to_an_hour(&[LIMITED_HEADER], None, 30, 3600)]
    fn waits(#[case] headers: &[(&str, &str)], #[case] table: Option<u64>, #[case] in_a_row: u32, #[case] want: u64) {
        assert_eq!(wait(&answer(headers), &account(), table, in_a_row).as_secs(), want);
    }
}
