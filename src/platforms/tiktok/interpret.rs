//! What an answer means for a step.
//!
//! Why here: everything the engine does next hangs on this one judgement, so it is one pure function and a table.
//!
//! Invariants
//! - The code in the body decides, never the HTTP status: TikTok answers errors with 200.
//! - An answer that leaves open whether an object was made is `Unknown` for a create, and `NotExecuted` for what may be
//!   repeated (absolute sets, reads).
//! - `Done` on a create needs an id.
//! - A code nobody knows is never success, and always shows TikTok's words and request id.

use std::time::Duration;

use serde_json::Value;

use super::{
    blame,
    errors::{Class, Envelope, Read, class, read_body, row},
    media,
    payload::is_digits,
    plan, read,
};
use crate::{
    engine::model::{
        deploy::{Job, Outcome, OutcomeClass, Step, StepAction},
        path::FieldPath,
        platform::{ExternalId, ObjectKind},
        sanitise::excerpt,
        time::Timestamp,
    },
    platforms::{
        Exchange, WireResponse,
        common::outcome::{self, in_doubt},
        files, words,
    },
};

/// The wait after a limit per second, which is the usual one.
const PER_SECOND: Duration = Duration::from_secs(2);
/// The wait when it was the limit per minute, and after a server error: what TikTok recommends.
const FIVE_MINUTES: Duration = Duration::from_secs(300);
const DAY: i64 = 86_400 * 1_000_000;

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
        Read::Envelope(envelope) if envelope.code == 0 => accepted(job, step, response, &envelope, now),
        Read::Envelope(envelope) => refused(step, response, &envelope, now),
        Read::Text(text) => by_http(step, response, &text, now),
    }
}

/// An outcome with nothing but a class and words.
fn outcome(class: OutcomeClass, response: Option<&WireResponse>, now: Timestamp, said: &str) -> Outcome {
    outcome::bare(class, response, "x-tt-logid", now, said)
}

/// An answer that is not TikTok's: a gateway's page, or nothing at all. Here only the status tells.
fn by_http(step: &Step, response: &WireResponse, said: &str, now: Timestamp) -> Outcome {
    let said = format!("HTTP {}: {}", response.status, excerpt(said, 400));
    let class = match response.status {
        // Wrong address or method: a matter of base URL and version, the same for every ticket.
        404 | 405 => OutcomeClass::LaneBlocked,
        429 => OutcomeClass::RateLimited,
        408 => in_doubt(step.action),
        400..=499 => OutcomeClass::Rejected,
        _ => in_doubt(step.action),
    };
    let mut outcome = outcome(class, Some(response), now, &said);
    outcome.wait_until = match class {
        OutcomeClass::RateLimited => Some(limited(&mut outcome, step, now)),
        OutcomeClass::NotExecuted if response.status >= 500 => Some(now.plus(FIVE_MINUTES)),
        _ => None,
    };
    outcome
}

/// How long a rate limit holds. TikTok does not say which limit it was, so it is learned from what waiting brings: a
/// second's, then a minute's, then the day's, which ends at midnight UTC.
fn limited(outcome: &mut Outcome, step: &Step, now: Timestamp) -> Timestamp {
    match outcome::in_a_row(step, &[OutcomeClass::RateLimited, OutcomeClass::Parked]) {
        0 | 1 => now.plus(PER_SECOND),
        2 | 3 => now.plus(FIVE_MINUTES),
        _ => {
            outcome.class = OutcomeClass::Parked;
            Timestamp::from_micros((now.micros().div_euclid(DAY) + 1) * DAY)
        }
    }
}

/// An answer with an error code.
fn refused(step: &Step, response: &WireResponse, envelope: &Envelope, now: Timestamp) -> Outcome {
    let row = row(envelope.code);
    let class = class(envelope.code);
    let meaning = match class {
        Some(Class::RateLimited) => OutcomeClass::RateLimited,
        Some(Class::Processing) => OutcomeClass::NotReady,
        Some(Class::AuthExpired) => OutcomeClass::AuthExpired,
        Some(Class::Auth | Class::Permission | Class::Account) => OutcomeClass::LaneBlocked,
        Some(Class::Duplicate) if step.action == StepAction::Create => OutcomeClass::MaybeOurs,
        Some(Class::Duplicate | Class::Invalid | Class::Quota) => OutcomeClass::Rejected,
        Some(Class::Transient | Class::Partial) | None => in_doubt(step.action),
    };
    let said = match row {
        Some(row) if envelope.message == row.words => row.words.clone(),
        Some(row) => format!("{} ({})", envelope.message, row.words),
        None => format!("{} (a code this version does not know)", envelope.message),
    };
    let mut outcome = outcome(meaning, Some(response), now, &said);
    outcome.code = Some(envelope.code.to_string());
    outcome.request_id = envelope.request_id.clone().or(outcome.request_id);
    if meaning == OutcomeClass::RateLimited {
        outcome.wait_until = Some(limited(&mut outcome, step, now));
    }
    if meaning == OutcomeClass::NotReady {
        outcome.wait_until = Some(files::ask_again(step, now));
    }
    if meaning == OutcomeClass::Rejected {
        if plan::status_of(&step.key) == Some("DELETE") {
            deleted_before(step, envelope, &mut outcome);
        } else {
            outcome.field = files::field_of(step, media::SECTION).or_else(|| blamed(step.kind, envelope));
        }
    }
    outcome
}

fn blamed(kind: ObjectKind, envelope: &Envelope) -> Option<FieldPath> {
    blame::named(&envelope.message)
        .and_then(|p| blame::field(kind, p))
        .or_else(|| {
            let field = row(envelope.code)?.field.as_deref()?;
            Some(FieldPath::new(field))
        })
}

/// A deletion cannot be repeated on TikTok: what is deleted cannot be changed, not even deleted. So a refusal that says
/// "deleted" is what was wanted, and any other refusal after a lost answer is a question.
fn deleted_before(step: &Step, envelope: &Envelope, outcome: &mut Outcome) {
    let lost_before = || {
        let mut ended = step.attempts.iter().filter_map(|a| a.outcome.as_ref());
        ended.any(|o| o.class == OutcomeClass::NotExecuted)
    };
    if envelope.message.to_ascii_lowercase().contains("deleted") {
        outcome.class = OutcomeClass::Done;
        outcome.words = words::kept(&format!("nothing left to delete: {}", envelope.message));
    } else if lost_before() {
        outcome.class = OutcomeClass::Differs;
        outcome.words = words::kept(&format!(
            "an earlier deletion got no answer and may have worked; now TikTok says: {}",
            envelope.message
        ));
    }
}

/// Code 0.
fn accepted(job: &Job, step: &Step, response: &WireResponse, envelope: &Envelope, now: Timestamp) -> Outcome {
    let answer = |class, said: &str, external_id: Option<ExternalId>| Outcome {
        external_id,
        request_id: envelope.request_id.clone(),
        ..outcome(class, Some(response), now, said)
    };
    let unclear = |said: String| answer(in_doubt(step.action), &said, None);
    let data = &envelope.data;
    match step.action {
        StepAction::Create => match created(step, data) {
            Some(id) => {
                let enabled = data.get("operation_status").and_then(Value::as_str) == Some("ENABLE");
                let said = if enabled {
                    "TikTok made it enabled although DISABLE was asked; the next step disables it"
                } else {
                    ""
                };
                answer(OutcomeClass::Done, said, Some(id))
            }
            None => unclear(format!("an answer without an id: {}", excerpt(&data.to_string(), 200))),
        },
        StepAction::Set => {
            let failed = data.get("error_list").and_then(Value::as_array);
            match failed.filter(|list| !list.is_empty()) {
                Some(list) => unclear(format!(
                    "not done: {}",
                    excerpt(&Value::from(list.clone()).to_string(), 400)
                )),
                None => answer(OutcomeClass::Done, "", None),
            }
        }
        StepAction::Check => {
            let Some(list) = data.get("list").and_then(Value::as_array) else {
                return unclear("an answer without a list".to_owned());
            };
            let on_target = |said: &str| Outcome {
                field: Some("target".into()),
                ..answer(OutcomeClass::Rejected, said, None)
            };
            let Some(object) = list.first() else {
                return on_target(&format!("TikTok has no such {} in this account", step.kind));
            };
            if read::is_gone(object) {
                return on_target(&format!(
                    "the {} was deleted on TikTok and cannot be changed",
                    step.kind
                ));
            }
            let Some(id) = read::id(step.kind, object) else {
                return unclear("an object without an id".to_owned());
            };
            let said = outcome::carries(read::budget(job, object));
            answer(OutcomeClass::Done, &said, Some(id))
        }
    }
}

/// The id a create answers with: in the data, or in the list of the one ad we asked for.
fn created(step: &Step, data: &Value) -> Option<ExternalId> {
    let kind = step.kind;
    if kind == ObjectKind::Asset {
        return media::uploaded(step, data);
    }
    read::id(kind, data).or_else(|| {
        let listed = data.pointer("/ad_ids/0").and_then(Value::as_str);
        let inside = data.pointer("/creatives/0/ad_id").and_then(Value::as_str);
        let id = listed.or(inside).filter(|id| is_digits(id))?;
        (kind == ObjectKind::Ad).then(|| ExternalId(id.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::{
            Lost,
            common::testing::attempted,
            tiktok::{
                errors::rows,
                testing::{answer, change, envelope, job, step, text},
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

    fn error(code: i64) -> Exchange {
        envelope(code, "Something is not right", &json!({}))
    }

    /// What every class of the table means, for a create and for a set.
    const MEANING: [(Class, OutcomeClass, OutcomeClass); 11] = {
        use OutcomeClass::{
            AuthExpired, LaneBlocked, MaybeOurs, NotExecuted, NotReady, RateLimited, Rejected, Unknown,
        };
        [
            (Class::Partial, Unknown, NotExecuted),
            (Class::Transient, Unknown, NotExecuted),
            (Class::RateLimited, RateLimited, RateLimited),
            (Class::Quota, Rejected, Rejected),
            (Class::AuthExpired, AuthExpired, AuthExpired),
            (Class::Auth, LaneBlocked, LaneBlocked),
            (Class::Permission, LaneBlocked, LaneBlocked),
            (Class::Account, LaneBlocked, LaneBlocked),
            (Class::Duplicate, MaybeOurs, Rejected),
            (Class::Invalid, Rejected, Rejected),
            (Class::Processing, NotReady, NotReady),
        ]
    };

    #[rstest]
    fn classify_tiktok(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)] n: usize) {
        let (class, create, set) = MEANING[n];
        let of_class: Vec<_> = rows().iter().filter(|r| r.class == class).collect();
        assert!(!of_class.is_empty(), "no row is {class:?}");
        for row in of_class {
            let outcome = on("campaign", &error(row.code));
            assert_eq!(outcome.class, create, "{} on a create", row.code);
            assert_eq!(outcome.request_id.as_deref(), Some("20261120A1B2C3"));
            assert_eq!(outcome.code, Some(row.code.to_string()));
            assert!(outcome.words.contains("not right") && outcome.words.contains(&row.words));
            let waits = matches!(class, Class::RateLimited | Class::Processing);
            assert_eq!(outcome.wait_until.is_some(), waits);
            assert_eq!(outcome.external_id, None);
            assert_eq!(on("activate", &error(row.code)).class, set, "{} on a set", row.code);
        }
    }

    #[test]
    fn the_classes_cover_every_row() {
        assert!(rows().iter().all(|r| MEANING.iter().any(|(c, ..)| *c == r.class)));
    }

    #[rstest]
    #[case::created(envelope(0, "OK", &json!({"campaign_id": "18"})), OutcomeClass::Done)]
    #[case::created_with_a_number(envelope(0, "OK", &json!({"campaign_id": 1_800_000_000_000_000_001_u64})), OutcomeClass::Done)]
    #[case::no_id(envelope(0, "OK", &json!({})), OutcomeClass::Unknown)]
    #[case::empty_id(envelope(0, "OK", &json!({"campaign_id": ""})), OutcomeClass::Unknown)]
    #[case::no_data(answer(200, &json!({"code": 0})), OutcomeClass::Unknown)]
    #[case::error_in_a_200(error(40002), OutcomeClass::Rejected)]
    #[case::error_in_a_500(answer(500, &json!({"code": 40002, "message": "no"})), OutcomeClass::Rejected)]
    #[case::success_in_a_500(answer(500, &json!({"code": 0, "data": {"campaign_id": "18"}})), OutcomeClass::Done)]
    #[case::unknown_4(error(49_999), OutcomeClass::Rejected)]
    #[case::unknown_5(error(59_999), OutcomeClass::Unknown)]
    #[case::unknown_6(error(60_123), OutcomeClass::Unknown)]
    #[case::unknown(error(7), OutcomeClass::Unknown)]
    #[case::html(text(200, "<html>gateway</html>"), OutcomeClass::Unknown)]
    #[case::cut_body(text(200, "{\"code\":0,\"da"), OutcomeClass::Unknown)]
    #[case::empty_body(text(200, ""), OutcomeClass::Unknown)]
    #[case::gateway(text(502, "<html>"), OutcomeClass::Unknown)]
    #[case::redirect(text(302, ""), OutcomeClass::Unknown)]
    #[case::wrong_path(text(404, "404 page not found"), OutcomeClass::LaneBlocked)]
    #[case::proxy(text(403, "Forbidden"), OutcomeClass::Rejected)]
    #[case::bare_429(text(429, ""), OutcomeClass::RateLimited)]
    #[case::bare_408(text(408, ""), OutcomeClass::Unknown)]
    #[case::never_sent(Err(Lost::NotSent { why: "refused".to_owned() }), OutcomeClass::NotExecuted)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::Unknown)]
    #[case::no_token(Err(Lost::NoCredentials { why: "no token".to_owned() }), OutcomeClass::LaneBlocked)]
    fn a_create(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        let outcome = on("campaign", &exchange);
        assert_eq!(outcome.class, want, "{outcome:?}");
        assert_eq!(outcome.external_id.is_some(), want == OutcomeClass::Done);
    }

    #[rstest]
    #[case(json!({"ad_ids": ["18"], "need_audit": true}), true)]
    #[case(json!({"creatives": [{"ad_id": "18"}]}), true)]
    #[case(json!({"ad_ids": []}), false)]
    #[case(json!({"ad_ids": ["x"]}), false)]
    fn an_ad_answers_with_a_list(#[case] data: Value, #[case] done: bool) {
        let outcome = on("ad", &envelope(0, "OK", &data));
        assert_eq!(outcome.class == OutcomeClass::Done, done, "{outcome:?}");
        // An ad group's answer must not be taken for one.
        assert_eq!(on("ad_group", &envelope(0, "OK", &data)).class, OutcomeClass::Unknown);
    }

    #[test]
    fn an_ignored_disable_is_told() {
        let data = json!({"campaign_id": "18", "operation_status": "ENABLE"});
        let outcome = on("campaign", &envelope(0, "OK", &data));
        assert_eq!(outcome.class, OutcomeClass::Done);
        assert!(outcome.words.contains("the next step disables it"));
    }

    #[rstest]
    #[case::done(envelope(0, "OK", &json!({"campaign_ids": ["18"], "status": "ENABLE"})), OutcomeClass::Done)]
    #[case::listed_error(envelope(0, "OK", &json!({"error_list": [{"campaign_id": "18"}]})), OutcomeClass::NotExecuted)]
    #[case::partial(envelope(20001, "partial", &json!({"error_list": []})), OutcomeClass::NotExecuted)]
    #[case::unknown(error(7), OutcomeClass::NotExecuted)]
    #[case::unreadable(text(200, "?"), OutcomeClass::NotExecuted)]
    #[case::server(text(503, ""), OutcomeClass::NotExecuted)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::NotExecuted)]
    fn a_set_may_be_repeated(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        assert_eq!(on("activate", &exchange).class, want);
    }

    #[test]
    fn a_server_error_waits_as_long_as_tiktok_recommends() {
        let outcome = on("activate", &text(503, ""));
        assert_eq!(outcome.wait_until, Some(now().plus(FIVE_MINUTES)));
    }

    #[rstest]
    #[case::there(json!([{"campaign_id": "18", "budget_mode": "BUDGET_MODE_DAY", "budget": 120.0}]), OutcomeClass::Done, "USD 120.00")]
    #[case::deleted(json!([{"campaign_id": "18", "operation_status": "DELETE"}]), OutcomeClass::Rejected, "deleted")]
    #[case::missing(json!([]), OutcomeClass::Rejected, "no such campaign")]
    #[case::no_id(json!([{}]), OutcomeClass::NotExecuted, "without an id")]
    fn a_check_reads_the_target(#[case] list: Value, #[case] want: OutcomeClass, #[case] said: &str) {
        let job = change(RequestType::UpdateBudget, ObjectKind::Campaign);
        let exchange = envelope(0, "OK", &json!({"list": list}));
        let outcome = interpret(&job, &step(&job, "check"), &exchange, now());
        assert_eq!(outcome.class, want);
        assert!(outcome.words.contains(said), "{}", outcome.words);
        assert_eq!(outcome.field.is_some(), want == OutcomeClass::Rejected);
    }

    #[test]
    fn a_refusal_carries_tiktoks_words_and_the_field_to_mend() {
        let exchange = envelope(40002, "budget: The budget must be at least 20.", &json!({}));
        let outcome = on("ad_group", &exchange);
        assert_eq!(outcome.class, OutcomeClass::Rejected);
        assert_eq!(outcome.field, Some("budget".into()));
        assert!(outcome.words.starts_with("budget: The budget must be at least 20."));
        // The table's field, when the message names none.
        let outcome = on("ad", &envelope(40053, "invalid video", &json!({})));
        assert_eq!(outcome.field, Some("payload.ad.video_id".into()));
    }

    fn after(key: &str, job: &Job, classes: &[OutcomeClass]) -> Step {
        let outcomes: Vec<_> = classes.iter().map(|c| outcome(*c, None, now(), "")).collect();
        attempted(step(job, key), &outcomes)
    }

    #[test]
    fn limits_are_learned_from_what_waiting_brings() {
        use OutcomeClass::{NotExecuted, Parked, RateLimited};
        let job = job();
        let wait = |before: &[OutcomeClass]| {
            let outcome = interpret(&job, &after("campaign", &job, before), &error(40100), now());
            (outcome.class, outcome.wait_until.unwrap().since(now()).as_secs())
        };
        assert_eq!(wait(&[]), (RateLimited, 2));
        assert_eq!(wait(&[RateLimited]), (RateLimited, 2));
        assert_eq!(wait(&[RateLimited; 2]), (RateLimited, 300));
        assert_eq!(wait(&[RateLimited, NotExecuted, RateLimited]), (RateLimited, 2));
        assert_eq!(wait(&[RateLimited; 4]), (Parked, 12 * 3600), "until midnight UTC");
        assert_eq!(
            wait(&[RateLimited, RateLimited, RateLimited, RateLimited, Parked]).0,
            Parked
        );
    }

    #[test]
    fn what_is_deleted_needs_no_deleting() {
        let job = change(RequestType::Archive, ObjectKind::Campaign);
        let said = |before: &[OutcomeClass], message: &str| {
            let exchange = envelope(40002, message, &json!({}));
            interpret(&job, &after("archive", &job, before), &exchange, now()).class
        };
        assert_eq!(
            said(&[], "campaign_ids: the campaign has been deleted"),
            OutcomeClass::Done
        );
        assert_eq!(said(&[], "campaign_ids: not allowed"), OutcomeClass::Rejected);
        assert_eq!(
            said(&[OutcomeClass::NotExecuted], "campaign_ids: not allowed"),
            OutcomeClass::Differs
        );
    }

    /// Any JSON TikTok, or somebody in between, could come up with.
    fn any_data() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[0-9a-z ]{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let key = prop::sample::select(vec![
                "campaign_id",
                "ad_ids",
                "list",
                "error_list",
                "creatives",
                "other",
            ]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(key.prop_map(str::to_owned), inner, 0..4)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_create_is_done_only_with_code_zero_and_an_id(
            code in prop_oneof![Just(0), any::<i64>(), 20_000_i64..70_000],
            status in prop_oneof![Just(200_u16), 200_u16..600],
            data in any_data(),
        ) {
            let body = json!({"code": code, "message": "?", "data": data});
            let outcome = on("campaign", &answer(status, &body));
            let id = data.get("campaign_id").map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
            let proven = code == 0 && id.is_some_and(|id| is_digits(&id));
            prop_assert_eq!(outcome.class == OutcomeClass::Done, proven, "{:?}", outcome);
            prop_assert_eq!(outcome.external_id.is_some(), proven);
            // A set has no object to prove itself by; only the code and an empty list of errors.
            let set = on("activate", &answer(status, &body));
            prop_assert!(set.class != OutcomeClass::Done || code == 0);
            prop_assert!(set.class != OutcomeClass::Unknown, "a set may be repeated");
        }
    }

    #[test]
    fn no_token_is_kept() {
        let token = "0123456789abcdef0123456789abcdef01234567";
        let outcome = on(
            "campaign",
            &envelope(40105, &format!("token {token} is wrong"), &json!({})),
        );
        assert!(!outcome.words.contains(token) && outcome.words.contains("<hidden>"));
    }
}
