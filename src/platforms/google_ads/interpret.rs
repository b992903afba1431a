//! What an answer means for a step.
//!
//! Invariants
//! - Google's own code decides, not the HTTP status; that only where there is no code.
//! - An answer that leaves open whether the tree was made is `Unknown` for the create, and `NotExecuted` for what may be
//!   repeated (absolute sets, reads).
//! - `Done` on a create needs the campaign's id.
//! - "Duplicate" may be ours only if an earlier attempt may have landed; on the first it is somebody else's.

use std::time::Duration;

use serde_json::Value;

use super::{
    answer::{ApiError, Fault, Judgement, Read, read_body},
    blame,
    errors::{Class, by_status},
    money, plan, read,
};
use crate::{
    engine::model::{
        deploy::{Job, Outcome, OutcomeClass, Step, StepAction},
        path::FieldPath,
        platform::ExternalId,
        time::Timestamp,
    },
    platforms::{
        Exchange, WireResponse,
        common::{
            outcome::{self, in_doubt, is_success},
            read::text,
        },
    },
};

/// First wait after a rate limit; doubled with every one in a row.
const FIRST_WAIT: u64 = 5;
/// Longest such wait when Google names none.
const LONGEST_WAIT: u64 = 600;
/// Wait after a quota of the day is used up; it refills over up to a day.
const QUOTA_WAIT: Duration = Duration::from_secs(6 * 3600);

/// What an exchange means for a step.
pub fn interpret(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
    let response = match exchange {
        Ok(response) => response,
        Err(lost) => {
            let (class, why) = outcome::lost(lost, in_doubt(step.action));
            return outcome(class, None, now, why);
        }
    };
    match read_body(response) {
        Read::Error(error) => refused(job, step, response, &error, now),
        Read::Json(body) if is_success(response.status) => accepted(job, step, response, &body, now),
        Read::Json(_) => by_http(step, response, "an answer without an error", now),
        Read::Text(text) if is_success(response.status) => {
            unclear(step.action, response, now, &format!("unreadable answer: {text}"))
        }
        Read::Text(text) => by_http(step, response, &text, now),
    }
}

/// An outcome with nothing but a class and words.
fn outcome(class: OutcomeClass, response: Option<&WireResponse>, now: Timestamp, said: &str) -> Outcome {
    outcome::bare(class, response, "request-id", now, said)
}

fn unclear(action: StepAction, response: &WireResponse, now: Timestamp, said: &str) -> Outcome {
    outcome(in_doubt(action), Some(response), now, said)
}

/// An answer that is neither success nor Google's own error: a proxy, or Google's front door.
fn by_http(step: &Step, response: &WireResponse, said: &str, now: Timestamp) -> Outcome {
    let said = format!("HTTP {}: {said}", response.status);
    let class = match response.status {
        400..=499 => by_status(response.status),
        _ => Class::Transient,
    };
    judged(step, response, class, None, now, &said)
}

/// An answer with Google's own error.
fn refused(job: &Job, step: &Step, response: &WireResponse, error: &ApiError, now: Timestamp) -> Outcome {
    let judgement = error.judge(response.status);
    let mut class = judgement.class;
    if matches!(class, Class::Removed | Class::NotFound) && step.action == StepAction::Set {
        if plan::status_of(&step.key) == Some("REMOVED") {
            let said = format!("nothing left to remove: {}", error.words());
            return Outcome {
                code: error.code_text(),
                ..outcome(OutcomeClass::Done, Some(response), now, &said)
            };
        }
        class = Class::Invalid;
    }
    let mut said = error.words();
    match (judgement.row, judgement.fault) {
        // Google's own words about a field are better than ours; about the account ours say what to do.
        (Some(row), fault) if class != Class::Invalid || fault.is_none() => said = format!("{said} ({})", row.words),
        _ => {}
    }
    if let Some(least) = judgement.fault.and_then(|f| minimum(job, f)) {
        said = format!("{said}; the least is {least}");
    }
    let first_of_its_name = class == Class::Duplicate && step.action == StepAction::Create && !may_have_landed(step);
    if first_of_its_name {
        said = format!("{said}; it was not made by this ticket");
        class = Class::Invalid;
    }
    let mut outcome = judged(step, response, class, error.retry_delay(), now, &said);
    outcome.code = error.code_text();
    outcome.request_id = error.request_id.clone().or(outcome.request_id);
    if outcome.class == OutcomeClass::Rejected {
        outcome.field = blamed(job, step, error, judgement);
    }
    outcome
}

/// The least budget, when the error tells.
fn minimum(job: &Job, fault: &Fault) -> Option<String> {
    let micros = fault.minimum_micros?;
    money::from_micros(micros, job.account.currency)
        .ok()
        .map(|m| m.to_string())
}

/// True when an earlier attempt of this step may have been carried out.
fn may_have_landed(step: &Step) -> bool {
    let mut ended = step.attempts.iter().filter_map(|a| a.outcome.as_ref());
    ended.any(|o| matches!(o.class, OutcomeClass::Unknown | OutcomeClass::MaybeOurs))
}

fn blamed(job: &Job, step: &Step, error: &ApiError, judgement: Judgement<'_>) -> Option<FieldPath> {
    let by_table = || judgement.row.and_then(|r| r.field.as_deref()).map(FieldPath::from);
    let by_google = |fault: &Fault| blame::field(job, step, fault);
    let by_step = || {
        let changes_target = step.action != StepAction::Create && job.target.is_some();
        changes_target.then(|| FieldPath::from("target"))
    };
    judgement
        .fault
        .and_then(by_google)
        .or_else(by_table)
        .or_else(|| error.faults.iter().find_map(by_google))
        .or_else(by_step)
}

/// From what an error is to what it means for the step.
fn judged(
    step: &Step,
    response: &WireResponse,
    class: Class,
    told: Option<Duration>,
    now: Timestamp,
    said: &str,
) -> Outcome {
    let meaning = match class {
        Class::Transient => in_doubt(step.action),
        Class::Concurrent => OutcomeClass::NotExecuted,
        Class::RateLimited => OutcomeClass::RateLimited,
        Class::Quota => OutcomeClass::Parked,
        Class::AuthExpired => OutcomeClass::AuthExpired,
        Class::AuthRevoked | Class::Permission | Class::Account | Class::Version => OutcomeClass::LaneBlocked,
        Class::Duplicate if step.action == StepAction::Create => OutcomeClass::MaybeOurs,
        Class::Duplicate
        | Class::Policy
        | Class::Denied
        | Class::Limit
        | Class::Removed
        | Class::NotFound
        | Class::Invalid => OutcomeClass::Rejected,
    };
    let wait = match meaning {
        OutcomeClass::RateLimited => Some(told.unwrap_or_default().max(backoff(step))),
        OutcomeClass::Parked => Some(told.unwrap_or(QUOTA_WAIT)),
        _ => None,
    };
    Outcome {
        wait_until: wait.map(|w| now.plus(w)),
        ..outcome(meaning, Some(response), now, said)
    }
}

/// 5, 10, 20, ... seconds with every rate limit in a row.
fn backoff(step: &Step) -> Duration {
    let limits = outcome::in_a_row(step, &[OutcomeClass::RateLimited]);
    Duration::from_secs((FIRST_WAIT << limits.min(10)).min(LONGEST_WAIT))
}

/// A 2xx without an error.
fn accepted(job: &Job, step: &Step, response: &WireResponse, body: &Value, now: Timestamp) -> Outcome {
    let done = |said: &str, external_id: Option<ExternalId>| Outcome {
        external_id,
        ..outcome(OutcomeClass::Done, Some(response), now, said)
    };
    let results = body.get("mutateOperationResponses").and_then(Value::as_array);
    let result = |member: &str| {
        let mut all = results.into_iter().flatten();
        all.find_map(|r| text(r, &format!("/{member}/resourceName")))
    };
    match step.action {
        StepAction::Create => match result("campaignResult").and_then(|name| read::id_in(&name, "campaigns")) {
            Some(id) => done("", Some(id)),
            None => unclear(
                step.action,
                response,
                now,
                &format!("an answer without a campaign: {body}"),
            ),
        },
        StepAction::Set => {
            let set = result("campaignResult").or_else(|| result("campaignBudgetResult"));
            match set {
                Some(_) => done("", None),
                None => unclear(step.action, response, now, &format!("not confirmed: {body}")),
            }
        }
        StepAction::Check => checked(job, response, body, now),
    }
}

/// The campaign a budget change is about: there, not removed, with a budget of its own.
fn checked(job: &Job, response: &WireResponse, body: &Value, now: Timestamp) -> Outcome {
    let rejected = |said: &str| Outcome {
        field: Some("target".into()),
        ..outcome(OutcomeClass::Rejected, Some(response), now, said)
    };
    if !body
        .as_object()
        .is_some_and(|b| b.contains_key("results") || b.contains_key("fieldMask"))
    {
        return unclear(
            StepAction::Check,
            response,
            now,
            &format!("not an answer to a query: {body}"),
        );
    }
    let Some(row) = read::rows(body).first() else {
        return rejected("there is no such campaign in this account");
    };
    if text(row, "/campaign/status").as_deref() == Some("REMOVED") {
        return rejected("the campaign is removed on Google Ads and cannot be changed");
    }
    let Some(budget) = read::budget_id(row) else {
        return unclear(
            StepAction::Check,
            response,
            now,
            &format!("a campaign without a budget: {row}"),
        );
    };
    let said = outcome::carries(read::budget(job, row));
    let users = super::answer::whole(row.pointer("/campaignBudget/referenceCount")).unwrap_or(1);
    let shared = row.pointer("/campaignBudget/explicitlyShared") == Some(&Value::Bool(true));
    if shared && users > 1 {
        return Outcome {
            external_id: Some(budget),
            ..outcome(
                OutcomeClass::Differs,
                Some(response),
                now,
                &format!("{said}, from a budget that {users} campaigns share: changing it changes them all; go on?"),
            )
        };
    }
    Outcome {
        external_id: Some(budget),
        ..outcome(OutcomeClass::Done, Some(response), now, &said)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::{
            Lost,
            google_ads::{
                errors::rows,
                testing::{answer, attempted, campaign_row, change, failure, job, step},
            },
        },
    };

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-20T12:00:00Z").unwrap()
    }

    fn on(key: &str, exchange: &Exchange) -> Outcome {
        let job = job();
        interpret(&job, &step(&job, key), exchange, now())
    }

    fn on_create(exchange: &Exchange) -> Outcome {
        on("tree", exchange)
    }

    fn on_set(exchange: &Exchange) -> Outcome {
        on("activate", exchange)
    }

    fn error(code: &str) -> Exchange {
        let (member, value) = code.split_once('.').unwrap();
        match member {
            "status" => answer(400, &json!({"error": {"code": 400, "message": "m", "status": value}})),
            "errorInfo" => answer(
                403,
                &json!({"error": {"code": 403, "message": "m", "status": "PERMISSION_DENIED", "details": [
                    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": value}]}}),
            ),
            _ => failure(400, member, value, "m", &[]),
        }
    }

    /// What a class means for a create (first attempt) and for a set.
    const fn meaning(class: Class) -> (OutcomeClass, OutcomeClass) {
        use OutcomeClass::{AuthExpired, LaneBlocked, NotExecuted, Parked, RateLimited, Rejected, Unknown};
        match class {
            Class::Transient => (Unknown, NotExecuted),
            Class::Concurrent => (NotExecuted, NotExecuted),
            Class::RateLimited => (RateLimited, RateLimited),
            Class::Quota => (Parked, Parked),
            Class::AuthExpired => (AuthExpired, AuthExpired),
            Class::AuthRevoked | Class::Permission | Class::Account | Class::Version => (LaneBlocked, LaneBlocked),
            Class::Duplicate
            | Class::Policy
            | Class::Denied
            | Class::Limit
            | Class::Removed
            | Class::NotFound
            | Class::Invalid => (Rejected, Rejected),
        }
    }

    #[test]
    fn classify_google_every_row() {
        for row in rows() {
            let exchange = error(&row.code);
            let (create, set) = meaning(row.class);
            let outcome = on_create(&exchange);
            assert_eq!(outcome.class, create, "{} on a create", row.code);
            assert_eq!(outcome.code.as_deref(), Some(row.code.as_str()));
            assert!(!outcome.words.is_empty());
            let waits = matches!(row.class, Class::RateLimited | Class::Quota);
            assert_eq!(outcome.wait_until.is_some(), waits, "{}", row.code);
            if let (Some(want), OutcomeClass::Rejected) = (&row.field, outcome.class) {
                assert_eq!(
                    outcome.field.as_ref().map(FieldPath::as_str),
                    Some(want.as_str()),
                    "{}",
                    row.code
                );
            }
            assert_eq!(on_set(&exchange).class, set, "{} on a set", row.code);
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "handed on as an exchange")]
    fn text(status: u16, body: &str) -> Exchange {
        Ok(WireResponse {
            status,
            headers: std::collections::BTreeMap::new(),
            body: body.as_bytes().to_vec(),
        })
    }

    fn results(members: &[(&str, &str)]) -> Value {
        let all: Vec<Value> = members.iter().map(|(m, n)| json!({*m: {"resourceName": n}})).collect();
        json!({ "mutateOperationResponses": all })
    }

    const CAMPAIGN: (&str, &str) = ("campaignResult", "customers/1234567890/campaigns/22");
    const BUDGET: (&str, &str) = ("campaignBudgetResult", "customers/1234567890/campaignBudgets/9");

    #[rstest]
    #[case::created(answer(200, &results(&[BUDGET, CAMPAIGN])), OutcomeClass::Done)]
    #[case::no_campaign(answer(200, &results(&[BUDGET])), OutcomeClass::Unknown)]
    #[case::validate_only(answer(200, &json!({})), OutcomeClass::Unknown)]
    #[case::error_in_a_200(answer(200, &json!({"partialFailureError": {"code": 16, "message": "m"}})), OutcomeClass::AuthExpired)]
    #[case::error_in_a_list(answer(400, &json!([{"error": {"status": "ABORTED", "message": "m"}}])), OutcomeClass::NotExecuted)]
    #[case::cut_body(text(200, "{\"mutateOp"), OutcomeClass::Unknown)]
    #[case::empty_body(text(200, ""), OutcomeClass::Unknown)]
    #[case::bare_500(text(500, ""), OutcomeClass::Unknown)]
    #[case::gateway(text(502, "<html>"), OutcomeClass::Unknown)]
    #[case::redirect(text(302, ""), OutcomeClass::Unknown)]
    #[case::bare_429(text(429, ""), OutcomeClass::RateLimited)]
    #[case::bare_408(text(408, ""), OutcomeClass::Unknown)]
    #[case::bare_401(text(401, ""), OutcomeClass::AuthExpired)]
    #[case::bare_403(text(403, "Forbidden by proxy"), OutcomeClass::Rejected)]
    #[case::concurrent_as_409(failure(409, "databaseError", "CONCURRENT_MODIFICATION", "m", &[]), OutcomeClass::NotExecuted)]
    #[case::unknown_code(failure(400, "someNewError", "SOMETHING", "Own words", &[]), OutcomeClass::Rejected)]
    #[case::unknown_code_5xx(answer(500, &json!({"error": {"status": "INTERNAL", "message": "m"}})), OutcomeClass::Unknown)]
    #[case::never_sent(Err(Lost::NotSent { why: "refused".to_owned() }), OutcomeClass::NotExecuted)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::Unknown)]
    #[case::no_token(Err(Lost::NoCredentials { why: "no token".to_owned() }), OutcomeClass::LaneBlocked)]
    fn a_create(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        let outcome = on_create(&exchange);
        assert_eq!(outcome.class, want, "{outcome:?}");
        assert_eq!(outcome.external_id.is_some(), want == OutcomeClass::Done);
    }

    #[rstest]
    #[case::confirmed(answer(200, &results(&[CAMPAIGN])), OutcomeClass::Done)]
    #[case::nothing(answer(200, &results(&[])), OutcomeClass::NotExecuted)]
    #[case::unreadable(text(200, "?"), OutcomeClass::NotExecuted)]
    #[case::server(text(503, ""), OutcomeClass::NotExecuted)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::NotExecuted)]
    fn a_set_may_be_repeated(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        assert_eq!(on_set(&exchange).class, want);
    }

    #[test]
    fn a_duplicate_is_ours_only_if_an_earlier_attempt_may_have_landed() {
        let duplicate = error("campaignError.DUPLICATE_CAMPAIGN_NAME");
        let first = on_create(&duplicate);
        assert_eq!(first.class, OutcomeClass::Rejected);
        assert_eq!(first.field, Some("name".into()));
        assert!(first.words.contains("not made by this ticket"), "{}", first.words);
        let after = |class| interpret(&job(), &attempted(&job(), class), &duplicate, now()).class;
        assert_eq!(after(OutcomeClass::Unknown), OutcomeClass::MaybeOurs);
        assert_eq!(after(OutcomeClass::NotExecuted), OutcomeClass::Rejected);
    }

    #[test]
    fn a_check_tells_the_budgets_id() {
        let job = change(RequestType::UpdateBudget);
        let check = |row: Value| {
            let body = json!({"results": [row]});
            interpret(&job, &step(&job, "check"), &answer(200, &body), now())
        };
        let row = campaign_row(&job);
        let fine = check(row.clone());
        assert_eq!(fine.class, OutcomeClass::Done);
        assert_eq!(fine.external_id, Some(ExternalId("998877".to_owned())));
        let mut gone = row.clone();
        gone["campaign"]["status"] = json!("REMOVED");
        assert_eq!(check(gone).class, OutcomeClass::Rejected);
        let mut shared = row;
        shared["campaignBudget"]["explicitlyShared"] = json!(true);
        assert_eq!(check(shared.clone()).class, OutcomeClass::Done);
        shared["campaignBudget"]["referenceCount"] = json!("3");
        let asked = check(shared);
        assert_eq!(asked.class, OutcomeClass::Differs);
        assert!(asked.words.contains("3 campaigns"), "{}", asked.words);
        let on = |body: &Value| interpret(&job, &step(&job, "check"), &answer(200, body), now());
        assert_eq!(on(&json!({"fieldMask": "campaign.id"})).field, Some("target".into()));
        assert_eq!(on(&json!({"oops": 1})).class, OutcomeClass::NotExecuted);
    }

    #[rstest]
    #[case("contextError.OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE")]
    #[case("mutateError.RESOURCE_NOT_FOUND")]
    fn what_is_gone_needs_no_removing_and_takes_no_change(#[case] code: &str) {
        let on = |request, key: &str| {
            let job = change(request);
            interpret(&job, &step(&job, key), &error(code), now())
        };
        assert_eq!(on(RequestType::Archive, "archive").class, OutcomeClass::Done);
        let pause = on(RequestType::Pause, "pause");
        assert_eq!(
            (pause.class, pause.field),
            (OutcomeClass::Rejected, Some("target".into()))
        );
    }

    #[test]
    fn a_refusal_carries_googles_words_the_request_id_and_the_field() {
        let path = [
            ("mutate_operations", Some(6)),
            ("ad_group_ad_operation", None),
            ("create", None),
            ("ad", None),
            ("responsive_search_ad", None),
            ("headlines", Some(1)),
            ("text", None),
        ];
        let outcome = on_create(&failure(
            400,
            "adError",
            "LINE_TOO_WIDE",
            "The line is too wide.",
            &path,
        ));
        assert_eq!(outcome.class, OutcomeClass::Rejected);
        assert_eq!(outcome.code.as_deref(), Some("adError.LINE_TOO_WIDE"));
        assert_eq!(outcome.field, Some("payload.ad.headlines[1]".into()));
        assert_eq!(outcome.request_id.as_deref(), Some("AbCdEf123"));
        assert!(outcome.words.starts_with("The line is too wide."), "{}", outcome.words);
    }

    #[test]
    fn the_least_budget_is_told() {
        let body = json!({"error": {"status": "INVALID_ARGUMENT", "details": [{
            "@type": "type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure",
            "errors": [{"errorCode": {"campaignBudgetError": "BUDGET_BELOW_PER_DAY_MINIMUM"}, "message": "Too low.",
                "details": {"budgetPerDayMinimumErrorDetails": {"currencyCode": "USD", "minimumBudgetAmountMicros": "5000000"}}}]}]}});
        let outcome = on_create(&answer(400, &body));
        assert_eq!(outcome.field, Some("budget".into()));
        assert!(outcome.words.contains("USD 5.00"), "{}", outcome.words);
    }

    #[test]
    fn waits_are_googles_or_double() {
        let wait = |outcome: &Outcome| outcome.wait_until.unwrap().since(now()).as_secs();
        let limited = error("quotaError.RESOURCE_TEMPORARILY_EXHAUSTED");
        assert_eq!(wait(&on_create(&limited)), 5);
        let again = interpret(&job(), &attempted(&job(), OutcomeClass::RateLimited), &limited, now());
        assert_eq!(wait(&again), 10);
        let mut told = json!({"error": {"status": "RESOURCE_EXHAUSTED", "details": [{
            "@type": "type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure",
            "errors": [{"errorCode": {"quotaError": "RESOURCE_TEMPORARILY_EXHAUSTED"}, "message": "m",
                "details": {"quotaErrorDetails": {"retryDelay": "30s"}}}]}]}});
        assert_eq!(wait(&on_create(&answer(429, &told))), 30);
        told["error"]["details"][0]["errors"][0]["errorCode"] = json!({"quotaError": "RESOURCE_EXHAUSTED"});
        let parked = on_create(&answer(429, &told));
        assert_eq!((parked.class, wait(&parked)), (OutcomeClass::Parked, 30));
        assert_eq!(wait(&on_create(&error("quotaError.RESOURCE_EXHAUSTED"))), 6 * 3600);
    }

    #[test]
    fn no_token_is_kept() {
        let long = "x1".repeat(40);
        let outcome = on_create(&failure(
            401,
            "authenticationError",
            "OAUTH_TOKEN_INVALID",
            &format!("ya29.{long}"),
            &[],
        ));
        assert!(!outcome.words.contains(&long), "{}", outcome.words);
    }
}
