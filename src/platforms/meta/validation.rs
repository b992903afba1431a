//! A request that Meta judges and does not carry out: `execution_options=["validate_only"]`.
//!
//! Campaigns, ad sets, creatives and ads know it when they are made, all but creatives when they are changed
//! (`assets/specs/meta/endpoints.json`). An ad set names a campaign that exists, so a whole chain cannot be judged
//! before its first step is done. The answer is `{"success":true}` or the usual error.

use serde_json::Value;

use super::{
    errors::{Read, read_body},
    interpret,
};
use crate::{
    engine::model::{
        deploy::{Job, Outcome, OutcomeClass, Step},
        time::Timestamp,
    },
    platforms::{Body, Exchange, Method, WireRequest},
};

/// The same request, to be judged only. `None` for what is no form: a read changes nothing as it is.
pub fn validation(request: &WireRequest) -> Option<WireRequest> {
    let mut request = request.clone();
    match (&mut request.body, request.method) {
        (Body::Form(form), Method::Post) => {
            form.push(("execution_options".to_owned(), r#"["validate_only"]"#.to_owned()));
            Some(request)
        }
        _ => None,
    }
}

/// What the answer means. Only `success` says that the request would be carried out; everything else is read as usual, so
/// that an answer with an id shows up as one.
pub fn interpret(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
    let as_usual = interpret::interpret(job, step, exchange, now);
    let accepted = exchange.as_ref().is_ok_and(|response| {
        (200..300).contains(&response.status)
            && matches!(read_body(response), Read::Json(body) if body.get("success") == Some(&Value::Bool(true)))
    });
    if accepted && as_usual.external_id.is_none() {
        return Outcome {
            class: OutcomeClass::Done,
            words: String::new(),
            ..as_usual
        };
    }
    as_usual
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::{
            KnownIds,
            meta::{
                plan::plan,
                spec::check_request,
                steps,
                testing::{answer, change, job, step},
            },
        },
    };

    #[test]
    fn the_specification_knows_what_is_asked() {
        let ids: KnownIds = [("campaign", "1"), ("ad_set", "2"), ("creative", "3"), ("ad", "4")]
            .map(|(k, v)| (k.to_owned(), crate::engine::model::platform::ExternalId(v.to_owned())))
            .into();
        let target = change(
            RequestType::UpdateBudget,
            crate::engine::model::platform::ObjectKind::Campaign,
        );
        for job in [job(), target] {
            for step in steps::steps(&job).unwrap() {
                let request = plan(&job, &step, &ids).unwrap();
                match validation(&request) {
                    Some(asked) => assert_eq!(check_request(&asked), [], "{}", step.key),
                    None => assert_eq!(request.method, Method::Get, "{}", step.key),
                }
            }
        }
    }

    #[rstest]
    #[case::accepted(200, json!({"success": true}), OutcomeClass::Done)]
    #[case::refused(400, json!({"error": {"code": 100, "error_subcode": 1_885_272, "message": "Budget too low"}}), OutcomeClass::Rejected)]
    #[case::not_a_verdict(200, json!({"success": false}), OutcomeClass::Unknown)]
    #[case::gone(400, json!({"error": {"code": 190, "error_subcode": 463, "message": "expired"}}), OutcomeClass::AuthExpired)]
    fn verdicts(#[case] status: u16, #[case] body: Value, #[case] want: OutcomeClass) {
        let job = job();
        let outcome = interpret(
            &job,
            &step(&job, "campaign"),
            &answer(status, &body),
            Timestamp::default(),
        );
        assert_eq!(outcome.class, want, "{outcome:?}");
        assert_eq!(outcome.external_id, None);
    }

    #[test]
    fn an_object_that_was_made_all_the_same_is_not_hidden() {
        let job = job();
        let made = answer(200, &json!({"success": true, "id": "1202"}));
        let outcome = interpret(&job, &step(&job, "campaign"), &made, Timestamp::default());
        assert_eq!(outcome.external_id.map(|id| id.0).as_deref(), Some("1202"));
    }
}
