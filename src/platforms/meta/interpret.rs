//! What an answer means for a step.
//!
//! Why here: everything the engine does next hangs on this one judgement, so it is one pure function and a table.
//!
//! Invariants
//! - The body decides, not the HTTP status.
//! - An answer that leaves open whether an object was made is `Unknown` for a create, and `NotExecuted` for what may be
//!   repeated (absolute sets, reads).
//! - `Done` on a create needs an id.

use serde_json::Value;

use super::{
    blame,
    errors::{ApiError, Class, Read, Row, by_status, read_body},
    media::{self, Ready},
    plan, read, usage,
};
use crate::{
    engine::model::{
        deploy::{Job, Outcome, OutcomeClass, Step, StepAction},
        path::FieldPath,
        platform::{ExternalId, ObjectKind},
        time::Timestamp,
    },
    platforms::{
        Exchange, WireResponse,
        common::outcome::{self, is_success},
        files,
    },
};

/// What an exchange means for a step.
pub fn interpret(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
    let response = match exchange {
        Ok(response) => response,
        Err(lost) => {
            let (class, why) = outcome::lost(lost, in_doubt(step));
            return outcome(class, None, now, why);
        }
    };
    match read_body(response) {
        Read::Error(error) => refused(job, step, response, &error, now),
        Read::Json(body) if is_success(response.status) => accepted(job, step, response, &body, now),
        Read::Json(_) => by_http(job, step, response, "an answer without an error", now),
        Read::Text(text) if is_success(response.status) => {
            unclear(step, response, now, format!("unreadable answer: {text}"))
        }
        Read::Text(text) => by_http(job, step, response, &text, now),
    }
}

/// An outcome with nothing but a class and words.
fn outcome(class: OutcomeClass, response: Option<&WireResponse>, now: Timestamp, said: &str) -> Outcome {
    let header = |name: &str| outcome::header(response, name);
    let mut text = said.to_owned();
    if let Some(warning) = header("x-ad-api-version-warning") {
        // Meta says so only on calls to an ageing version: worth a person's eyes.
        text = format!(
            "{text}{}version warning: {warning}",
            if text.is_empty() { "" } else { "; " }
        );
    }
    let mut outcome = outcome::bare(class, response, "x-fb-trace-id", now, &text);
    outcome.request_id = outcome.request_id.or_else(|| header("x-fb-request-id"));
    outcome
}

/// What an open question means: a create may have happened, everything else may be repeated. So may an image: the same
/// bytes are the same image.
fn in_doubt(step: &Step) -> OutcomeClass {
    if media::is_image(step) {
        OutcomeClass::NotExecuted
    } else {
        outcome::in_doubt(step.action)
    }
}

fn unclear(step: &Step, response: &WireResponse, now: Timestamp, said: String) -> Outcome {
    outcome(in_doubt(step), Some(response), now, &said)
}

/// An answer that is neither success nor Meta's own error: a proxy, or Meta's front door.
fn by_http(job: &Job, step: &Step, response: &WireResponse, said: &str, now: Timestamp) -> Outcome {
    let said = format!("HTTP {}: {said}", response.status);
    match response.status {
        400..=499 => judged(job, step, response, by_status(response.status), None, now, said),
        _ => unclear(step, response, now, said),
    }
}

/// An answer with Meta's own error.
fn refused(job: &Job, step: &Step, response: &WireResponse, error: &ApiError, now: Timestamp) -> Outcome {
    let (mut class, row) = error.class(response.status);
    let code = error.code_text();
    // "Object missing or not visible": on a create that is the account, on a change it is the object alone; and what is
    // not there needs no archiving.
    if code.as_deref() == Some(read::NO_SUCH_OBJECT) && step.action != StepAction::Create {
        if plan::status_of(&step.key) == Some("ARCHIVED") {
            let said = format!("nothing left to archive: {}", error.words);
            return outcome(OutcomeClass::Done, Some(response), now, &said);
        }
        class = Class::Invalid;
    }
    let tried_before = |code: &str| {
        let mut outcomes = step.attempts.iter().filter_map(|a| a.outcome.as_ref());
        outcomes.any(|o| o.code.as_deref() == Some(code))
    };
    if class == Class::TransientOnce && code.as_deref().is_some_and(tried_before) {
        class = Class::Invalid;
    }
    let said = match row {
        Some(row) if error.words == "Invalid parameter" || error.words == "Meta gave no reason" => {
            format!("{} ({})", error.words, row.words)
        }
        _ => error.words.clone(),
    };
    let mut outcome = judged(job, step, response, class, row, now, said);
    outcome.code = code;
    outcome.request_id = error.trace.clone().or(outcome.request_id);
    if outcome.class == OutcomeClass::Rejected {
        outcome.field = blamed(job, step, error, row);
    }
    outcome
}

fn blamed(job: &Job, step: &Step, error: &ApiError, row: Option<&Row>) -> Option<FieldPath> {
    let by_meta = error.blame.iter().find_map(|path| blame::field(job, step.kind, path));
    let by_table = || row.and_then(|r| r.field.as_deref()).map(FieldPath::from);
    let by_step = || {
        let changes_target = step.action != StepAction::Create && step.parent.is_none();
        changes_target.then(|| FieldPath::from("target"))
    };
    // Whatever Meta calls it, an upload has one field.
    files::field_of(step, media::SECTION)
        .or(by_meta)
        .or_else(by_table)
        .or_else(by_step)
}

/// From what an error is to what it means for the step.
fn judged(
    job: &Job,
    step: &Step,
    response: &WireResponse,
    class: Class,
    row: Option<&Row>,
    now: Timestamp,
    said: String,
) -> Outcome {
    let meaning = match class {
        Class::Transient => in_doubt(step),
        Class::TransientOnce => OutcomeClass::NotExecuted,
        Class::RateLimited => OutcomeClass::RateLimited,
        Class::AuthExpired => OutcomeClass::AuthExpired,
        Class::AuthRevoked | Class::Permission | Class::Account | Class::Version | Class::Policy => {
            OutcomeClass::LaneBlocked
        }
        Class::Duplicate if step.action == StepAction::Create => OutcomeClass::MaybeOurs,
        Class::Duplicate | Class::Invalid => OutcomeClass::Rejected,
    };
    let mut outcome = outcome(meaning, Some(response), now, &said);
    if meaning == OutcomeClass::RateLimited {
        let wait = usage::wait(
            response,
            &job.account.id,
            row.and_then(|r| r.wait),
            u32::try_from(outcome::in_a_row(step, &[OutcomeClass::RateLimited])).unwrap_or(u32::MAX),
        );
        outcome.wait_until = Some(now.plus(wait));
    }
    outcome
}

/// A 2xx without an error.
fn accepted(job: &Job, step: &Step, response: &WireResponse, body: &Value, now: Timestamp) -> Outcome {
    let done = |said: &str, external_id: Option<ExternalId>| Outcome {
        external_id,
        ..outcome(OutcomeClass::Done, Some(response), now, said)
    };
    match step.action {
        StepAction::Create => match created(step, body) {
            Some(id) => done("", Some(id)),
            None => unclear(step, response, now, format!("an answer without an id: {body}")),
        },
        StepAction::Set if body.get("success") == Some(&Value::Bool(true)) => done("", None),
        StepAction::Set => unclear(step, response, now, format!("not confirmed: {body}")),
        StepAction::Check if step.kind == ObjectKind::Asset => match (media::ready(body), read::id(body)) {
            (_, None) => unclear(step, response, now, format!("an answer without an id: {body}")),
            (Ready::Yes, Some(id)) => done("", Some(id)),
            (Ready::NotYet(how), Some(_)) => Outcome {
                wait_until: Some(files::ask_again(step, now)),
                ..outcome(OutcomeClass::NotReady, Some(response), now, &how)
            },
            (Ready::Failed(why), Some(_)) => Outcome {
                field: files::field_of(step, media::SECTION),
                ..outcome(OutcomeClass::Rejected, Some(response), now, &why)
            },
        },
        StepAction::Check => match (read::id(body), read::gone(body)) {
            (None, _) => unclear(step, response, now, format!("an answer without an id: {body}")),
            (Some(_), Some(how)) => Outcome {
                field: Some("target".into()),
                ..outcome(
                    OutcomeClass::Rejected,
                    Some(response),
                    now,
                    &format!("the {} is {how} on Meta and cannot be changed", step.kind),
                )
            },
            (Some(id), None) => done(&outcome::carries(read::budget(job, body)), Some(id)),
        },
    }
}

/// The id a create answers with.
fn created(step: &Step, body: &Value) -> Option<ExternalId> {
    if step.kind == ObjectKind::Asset {
        media::uploaded(step, body)
    } else {
        read::id(body)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::{platform::ObjectKind, ticket::RequestType},
        platforms::{
            Lost,
            common::testing::attempted,
            meta::{
                errors::rows,
                testing::{answer, change, job, step},
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
        on("campaign", exchange)
    }

    fn on_set(exchange: &Exchange) -> Outcome {
        on("activate", exchange)
    }

    fn error(code: i64, subcode: Option<i64>) -> Exchange {
        answer(
            400,
            &json!({"error": {
                "message": "Invalid parameter", "code": code, "error_subcode": subcode, "fbtrace_id": "A1b2C3",
            }}),
        )
    }

    /// What every class of the table means, for a create and for a set.
    const MEANING: [(Class, OutcomeClass, OutcomeClass); 11] = {
        use OutcomeClass::{AuthExpired, LaneBlocked, MaybeOurs, NotExecuted, RateLimited, Rejected, Unknown};
        [
            (Class::Transient, Unknown, NotExecuted),
            (Class::TransientOnce, NotExecuted, NotExecuted),
            (Class::RateLimited, RateLimited, RateLimited),
            (Class::AuthExpired, AuthExpired, AuthExpired),
            (Class::AuthRevoked, LaneBlocked, LaneBlocked),
            (Class::Permission, LaneBlocked, LaneBlocked),
            (Class::Account, LaneBlocked, LaneBlocked),
            (Class::Version, LaneBlocked, LaneBlocked),
            (Class::Policy, LaneBlocked, LaneBlocked),
            (Class::Duplicate, MaybeOurs, Rejected),
            (Class::Invalid, Rejected, Rejected),
        ]
    };

    fn classify_meta(class: Class) {
        let (_, create, set) = MEANING.into_iter().find(|(c, ..)| *c == class).unwrap();
        let of_class: Vec<_> = rows().iter().filter(|r| r.class == class).collect();
        assert!(!of_class.is_empty(), "no row is {class:?}");
        for row in of_class {
            let code = row.code.unwrap_or_else(|| row.codes.unwrap()[1]);
            let exchange = error(code, row.subcode);
            let outcome = on_create(&exchange);
            assert_eq!(outcome.class, create, "{code}/{:?} on a create", row.subcode);
            assert_eq!(outcome.request_id.as_deref(), Some("A1b2C3"));
            assert!(outcome.words.contains(&row.words), "{code}: {}", outcome.words);
            assert_eq!(outcome.wait_until.is_some(), class == Class::RateLimited);
            if let (Some(want), Some(field)) = (&row.field, &outcome.field) {
                assert_eq!(field.as_str(), want);
            }
            // The one row that means something else for an object than for the account.
            let want = if (code, row.subcode) == (100, Some(33)) {
                OutcomeClass::Rejected
            } else {
                set
            };
            assert_eq!(on_set(&exchange).class, want, "{code}/{:?} on a set", row.subcode);
        }
    }

    #[test]
    fn classify_meta_transient() {
        classify_meta(Class::Transient);
    }
    #[test]
    fn classify_meta_transient_once() {
        classify_meta(Class::TransientOnce);
    }
    #[test]
    fn classify_meta_rate_limited() {
        classify_meta(Class::RateLimited);
    }
    #[test]
    fn classify_meta_auth_expired() {
        classify_meta(Class::AuthExpired);
    }
    #[test]
    fn classify_meta_auth_revoked() {
        classify_meta(Class::AuthRevoked);
    }
    #[test]
    fn classify_meta_permission() {
        classify_meta(Class::Permission);
    }
    #[test]
    fn classify_meta_account() {
        classify_meta(Class::Account);
    }
    #[test]
    fn classify_meta_version() {
        classify_meta(Class::Version);
    }
    #[test]
    fn classify_meta_policy() {
        classify_meta(Class::Policy);
    }
    #[test]
    fn classify_meta_duplicate() {
        classify_meta(Class::Duplicate);
    }
    #[test]
    fn classify_meta_invalid() {
        classify_meta(Class::Invalid);
    }

    #[test]
    fn the_classes_cover_every_row() {
        let known = |r: &Row| MEANING.iter().any(|(c, ..)| *c == r.class);
        assert!(rows().iter().all(known));
    }

    #[expect(clippy::unnecessary_wraps, reason = "handed on as an exchange")]
    fn text(status: u16, body: &str) -> Exchange {
        Ok(WireResponse {
            status,
            headers: std::collections::BTreeMap::new(),
            body: body.as_bytes().to_vec(),
        })
    }

    #[rstest]
    #[case::created(answer(200, &json!({"id": "1202"})), OutcomeClass::Done)]
    #[case::created_with_a_number(answer(200, &json!({"id": 1202})), OutcomeClass::Done)]
    #[case::no_id(answer(200, &json!({"success": true})), OutcomeClass::Unknown)]
    #[case::null_id(answer(200, &json!({"id": null})), OutcomeClass::Unknown)]
    #[case::empty_id(answer(200, &json!({"id": ""})), OutcomeClass::Unknown)]
    #[case::error_in_a_200(answer(200, &json!({"error": {"code": 190}})), OutcomeClass::AuthExpired)]
    #[case::plain_text_in_a_200(text(200, "Service temporarily unavailable"), OutcomeClass::Unknown)]
    #[case::cut_body(text(200, "{\"id\":\"12"), OutcomeClass::Unknown)]
    #[case::empty_body(text(200, ""), OutcomeClass::Unknown)]
    #[case::bare_500(text(500, ""), OutcomeClass::Unknown)]
    #[case::gateway(text(502, "<html>"), OutcomeClass::Unknown)]
    #[case::redirect(text(302, ""), OutcomeClass::Unknown)]
    #[case::bare_429(text(429, ""), OutcomeClass::RateLimited)]
    #[case::bare_408(text(408, ""), OutcomeClass::Unknown)]
    #[case::bare_403(text(403, "Forbidden by proxy"), OutcomeClass::Rejected)]
    #[case::json_without_an_error(answer(400, &json!({"oops": 1})), OutcomeClass::Rejected)]
    #[case::unknown_code(answer(400, &json!({"error": {"code": 987_654}})), OutcomeClass::Rejected)]
    #[case::unknown_code_5xx(answer(500, &json!({"error": {"code": 987_654}})), OutcomeClass::Unknown)]
    #[case::never_sent(Err(Lost::NotSent { why: "refused".to_owned() }), OutcomeClass::NotExecuted)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::Unknown)]
    #[case::no_token(Err(Lost::NoCredentials { why: "no token".to_owned() }), OutcomeClass::LaneBlocked)]
    fn a_create(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        let outcome = on_create(&exchange);
        assert_eq!(outcome.class, want, "{outcome:?}");
        assert_eq!(outcome.external_id.is_some(), want == OutcomeClass::Done);
    }

    #[rstest]
    #[case::confirmed(answer(200, &json!({"success": true})), OutcomeClass::Done)]
    #[case::denied(answer(200, &json!({"success": false})), OutcomeClass::NotExecuted)]
    #[case::unreadable(text(200, "?"), OutcomeClass::NotExecuted)]
    #[case::server(text(503, ""), OutcomeClass::NotExecuted)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::NotExecuted)]
    fn a_set_may_be_repeated(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        assert_eq!(on_set(&exchange).class, want);
    }

    #[rstest]
    #[case::there(json!({"id": "1202", "status": "PAUSED", "daily_budget": "120000"}), OutcomeClass::Done, "USD 1,200.00")]
    #[case::archived(json!({"id": "1202", "status": "ARCHIVED"}), OutcomeClass::Rejected, "archived")]
    #[case::no_id(json!({"success": true}), OutcomeClass::NotExecuted, "without an id")]
    #[case::missing(json!({"error": {"code": 100, "error_subcode": 33, "message": "gone"}}), OutcomeClass::Rejected, "gone")]
    fn a_check_reads_the_target(#[case] body: Value, #[case] want: OutcomeClass, #[case] said: &str) {
        let job = change(RequestType::UpdateBudget, ObjectKind::Campaign);
        let outcome = interpret(&job, &step(&job, "check"), &answer(200, &body), now());
        assert_eq!(outcome.class, want);
        assert!(outcome.words.contains(said), "{}", outcome.words);
        if want == OutcomeClass::Rejected {
            assert_eq!(outcome.field, Some("target".into()));
        }
    }

    #[test]
    fn what_is_gone_needs_no_archiving() {
        let job = change(RequestType::Archive, ObjectKind::Campaign);
        let outcome = interpret(&job, &step(&job, "archive"), &error(100, Some(33)), now());
        assert_eq!(outcome.class, OutcomeClass::Done);
    }

    #[test]
    fn a_refusal_carries_meta_s_words_and_the_field_to_mend() {
        let body = json!({"error": {
            "message": "Invalid parameter", "code": 100, "error_subcode": 1_885_621, "is_transient": false,
            "error_user_title": "Cannot Set Budgets on Both Levels",
            "error_user_msg": "You can only set an ad set budget or a campaign budget.",
            "error_data": "{\"blame_field_specs\":[[\"daily_budget\"]]}", "fbtrace_id": "A1b2C3",
        }});
        let outcome = on_create(&answer(400, &body));
        assert_eq!(outcome.class, OutcomeClass::Rejected);
        assert_eq!(outcome.code.as_deref(), Some("100/1885621"));
        assert_eq!(
            outcome.field,
            Some("budget".into()),
            "Meta's blame goes before the table's"
        );
        assert_eq!(
            outcome.words,
            "Cannot Set Budgets on Both Levels: You can only set an ad set budget or a campaign budget."
        );
        assert_eq!(
            on_create(&error(100, Some(1_885_621))).field,
            Some("payload.campaign.budget_level".into())
        );
    }

    fn after(outcomes: &[Outcome]) -> Step {
        attempted(step(&job(), "campaign"), outcomes)
    }

    #[test]
    fn what_may_be_tried_once_more_is_final_the_second_time() {
        let failed = error(100, Some(1_487_390));
        let first = on_create(&failed);
        assert_eq!(first.class, OutcomeClass::NotExecuted);
        let second = interpret(&job(), &after(&[first]), &failed, now());
        assert_eq!(second.class, OutcomeClass::Rejected);
    }

    #[test]
    fn waits_come_from_the_header_in_minutes_or_double() {
        let wait = |outcome: &Outcome| outcome.wait_until.unwrap().since(now()).as_secs();
        let mut limited = error(80004, Some(2_446_079));
        let first = on_create(&limited);
        assert_eq!(wait(&first), 60);
        let second = interpret(&job(), &after(&[first]), &limited, now());
        assert_eq!(wait(&second), 120);
        let header = r#"{"1001":[{"type":"ads_management","estimated_time_to_regain_access":19}]}"#;
        if let Ok(response) = &mut limited {
            response
                .headers
                .insert("x-business-use-case-usage".to_owned(), header.to_owned());
        }
        assert_eq!(wait(&on_create(&limited)), 19 * 60);
        assert_eq!(wait(&on_create(&error(613, Some(1_487_632)))), 3600);
    }

    #[test]
    fn an_ageing_version_is_told_and_no_token_is_kept() {
        let mut fine = answer(200, &json!({"id": "1202"}));
        if let Ok(response) = &mut fine {
            let warning = "v25.0 will be deprecated".to_owned();
            response.headers.insert("x-ad-api-version-warning".to_owned(), warning);
        }
        assert_eq!(on_create(&fine).words, "version warning: v25.0 will be deprecated");
        let echo = json!({"error": {"code": 190, "message": "Malformed access token EAABsbCS1iHgBAKZAZCq"}});
        assert_eq!(on_create(&answer(400, &echo)).words, "Malformed access token <hidden>");
    }
}
