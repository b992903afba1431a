//! What Meta tells about a token: whether it may manage ads, and how long it lasts.
//!
//! `GET /debug_token` names the token as a parameter, the only request that does; the transport puts it there. A token
//! of a system user has no end or one after 60 days, one of a person lasts hours to 60 days, and its access to data ends
//! 90 days after the last log-in (Meta's documentation of access tokens, v25.0).

use serde_json::Value;

use crate::{
    engine::model::{refusal::Problem, time::Timestamp},
    platforms::{AccountReport, OWN_TOKEN, TokenExpiry, WireRequest, common::read::text},
};

/// The scope without which no campaign can be written.
const NEEDED: &str = "ads_management";

/// Asks about the token the question is asked with.
pub fn ask() -> WireRequest {
    WireRequest::get(
        "/debug_token".to_owned(),
        vec![("input_token".to_owned(), OWN_TOKEN.to_owned())],
    )
}

/// What the answer says; an answer with an error is no fault of the account, only less to tell.
pub fn describe(answer: Result<Value, Problem>, report: &mut AccountReport) {
    let answer = match answer {
        Ok(answer) => answer,
        Err(problem) => {
            report.expiry = Some(TokenExpiry::NotTold(format!("Meta does not say: {}", problem.reason)));
            return;
        }
    };
    let kind = text(&answer, "/data/type").unwrap_or_default();
    report.fact("token kind", &kind.to_lowercase().replace('_', " "));
    let scopes = answer.pointer("/data/scopes").and_then(Value::as_array);
    if scopes.is_some_and(|s| !s.iter().any(|s| s.as_str() == Some(NEEDED))) {
        report.problems.push(Problem::whole(
            format!("the token may not manage ads: it lacks {NEEDED}"),
            format!("make a system user token with {NEEDED} and set it in the configuration"),
        ));
    }
    let ends = |field: &str| {
        let seconds = text(&answer, field)?.parse::<i64>().ok()?;
        Some((seconds != 0).then(|| Timestamp::from_micros(seconds.saturating_mul(1_000_000))))
    };
    let (token, data) = (ends("/data/expires_at"), ends("/data/data_access_expires_at"));
    // Without access to data the token is of no use to us, whatever it says itself.
    report.expiry = Some(match (token, data.flatten()) {
        (Some(Some(token)), data) => TokenExpiry::At(data.map_or(token, |d| d.min(token))),
        (_, Some(data)) => TokenExpiry::At(data),
        (Some(None), None) => TokenExpiry::Never,
        (None, None) => TokenExpiry::NotTold("Meta's answer names no end".to_owned()),
    });
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::engine::model::platform::PlatformId;

    fn told(data: Value) -> AccountReport {
        let mut report = AccountReport::new(PlatformId::Meta, "act_1".parse().unwrap());
        describe(Ok(json!({ "data": data })), &mut report);
        report
    }

    fn at(seconds: i64) -> TokenExpiry {
        TokenExpiry::At(Timestamp::from_micros(seconds * 1_000_000))
    }

    #[rstest]
    #[case::never(json!({"expires_at": 0, "data_access_expires_at": 0}), TokenExpiry::Never)]
    #[case::ends(json!({"expires_at": 1_800_000_000}), at(1_800_000_000))]
    #[case::data_first(json!({"expires_at": 1_800_000_000, "data_access_expires_at": 1_790_000_000}), at(1_790_000_000))]
    #[case::only_data(json!({"expires_at": 0, "data_access_expires_at": 1_790_000_000}), at(1_790_000_000))]
    #[case::silent(json!({"type": "USER"}), TokenExpiry::NotTold("Meta's answer names no end".into()))]
    fn the_earliest_end_counts(#[case] data: Value, #[case] want: TokenExpiry) {
        let report = told(data);
        assert_eq!(report.expiry, Some(want));
        assert_eq!(report.problems, []);
    }

    #[test]
    fn a_token_that_may_not_manage_ads_is_told() {
        let report = told(json!({"expires_at": 0, "scopes": ["ads_read"]}));
        assert!(report.problems[0].reason.contains("ads_management"), "{report:?}");
        assert_eq!(told(json!({"scopes": ["ads_read", "ads_management"]})).problems, []);
    }

    #[test]
    fn no_answer_is_no_fault_of_the_account() {
        let mut report = AccountReport::new(PlatformId::Meta, "act_1".parse().unwrap());
        describe(Err(Problem::whole("not allowed", "")), &mut report);
        assert_eq!(report.problems, []);
        assert!(matches!(report.expiry, Some(TokenExpiry::NotTold(why)) if why.contains("not allowed")));
    }
}
