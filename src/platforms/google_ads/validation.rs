//! A mutate that Google judges and does not carry out: `validateOnly`.
//!
//! The whole tree can be judged, temporary ids included. The answer has no results then, or the errors of a real call
//! (Google's documentation of `googleAds:mutate`, v25). It proves nothing about names taken and quotas used up between
//! the question and the deploy.

use serde_json::{Value, json};

use super::{
    answer::{Read, read_body},
    interpret,
};
use crate::{
    engine::model::{
        deploy::{Job, Outcome, OutcomeClass, Step},
        json::CanonicalJson,
        time::Timestamp,
    },
    platforms::{Body, Exchange, WireRequest},
};

/// The same mutate, to be judged only. `None` for a query.
pub fn validation(request: &WireRequest) -> Option<WireRequest> {
    let Body::Json(body) = &request.body else { return None };
    let mut body = body.value();
    *body.get_mut("validateOnly")? = json!(true);
    Some(WireRequest {
        body: Body::Json(CanonicalJson::new(&body)),
        ..request.clone()
    })
}

/// What the answer means. Only an answer without an error and without results says that the mutate would be carried
/// out; everything else is read as usual, so that an answer with an id shows up as one.
pub fn interpret(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
    let as_usual = interpret::interpret(job, step, exchange, now);
    let results = |body: &Value| body.get("mutateOperationResponses").and_then(Value::as_array).cloned();
    let accepted = exchange.as_ref().is_ok_and(|response| {
        (200..300).contains(&response.status)
            && matches!(read_body(response), Read::Json(body) if body.is_object()
                && results(&body).unwrap_or_default().iter().all(|r| r.as_object().is_none_or(serde_json::Map::is_empty)))
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

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::{
            Exchange, KnownIds,
            google_ads::{
                plan::plan,
                spec::check_request,
                steps,
                testing::{answer, change, failure, job, step},
            },
        },
    };

    #[test]
    fn the_specification_knows_what_is_asked() {
        let ids: KnownIds = [("tree", "22"), ("check", "99")]
            .map(|(k, v)| (k.to_owned(), crate::engine::model::platform::ExternalId(v.to_owned())))
            .into();
        for job in [job(), change(RequestType::UpdateBudget)] {
            for step in steps::steps(&job).unwrap() {
                let request = plan(&job, &step, &ids).unwrap();
                let Some(asked) = validation(&request) else {
                    assert_eq!(step.key, "check");
                    continue;
                };
                assert_eq!(check_request(&asked), [], "{}", step.key);
                let Body::Json(body) = &asked.body else {
                    panic!("not JSON")
                };
                assert_eq!(body.value()["validateOnly"], true);
            }
        }
    }

    #[rstest]
    #[case::accepted(answer(200, &json!({})), OutcomeClass::Done)]
    #[case::empty_results(answer(200, &json!({"mutateOperationResponses": [{}, {}]})), OutcomeClass::Done)]
    #[case::taken(failure(400, "campaignError", "DUPLICATE_CAMPAIGN_NAME", "taken", &[]), OutcomeClass::Rejected)]
    #[case::expired(failure(401, "authenticationError", "OAUTH_TOKEN_EXPIRED", "expired", &[]), OutcomeClass::AuthExpired)]
    fn verdicts(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        let job = job();
        let outcome = interpret(&job, &step(&job, "tree"), &exchange, Timestamp::default());
        assert_eq!(outcome.class, want, "{outcome:?}");
        assert_eq!(outcome.external_id, None);
    }

    #[test]
    fn a_tree_that_was_made_all_the_same_is_not_hidden() {
        let job = job();
        let made = answer(
            200,
            &json!({"mutateOperationResponses": [{"campaignResult": {"resourceName": "customers/1234567890/campaigns/22"}}]}),
        );
        let outcome = interpret(&job, &step(&job, "tree"), &made, Timestamp::default());
        assert_eq!(outcome.external_id.map(|id| id.0).as_deref(), Some("22"));
    }
}
