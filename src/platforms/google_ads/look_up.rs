//! Finding the tree after a lost answer, by the campaign's exact name.
//!
//! The tree is atomic, so the campaign decides for everything below it, and its name is unique among campaigns that are
//! not removed. Two questions: first the campaign, then, if exactly one fits, what is below it, because the ticket wants
//! those ids too. When Google said "duplicate" but no campaign has the exact name, the name is asked for again without
//! regard to case: whether uniqueness knows case is not documented.
//!
//! Invariants
//! - A look counts only when it was answered whole.
//! - A campaign found of which nothing below is listed yet is not counted: half a tree cannot be, so the list lags.

use super::{
    compare,
    gaql::{literally, quoted, search},
    read::{FIELDS, answered, campaign_id, failed_read, rows},
};
use crate::{
    engine::model::{
        deploy::{Job, OutcomeClass, Step},
        platform::{AccountId, ExternalId},
        refusal::Problem,
        sanitise::excerpt,
        time::Timestamp,
    },
    platforms::{
        Exchange, LookUp, WireRequest,
        common::{look_up::makes_object, read::text},
    },
};

/// The request that finds a step's campaign.
pub fn look_up(job: &Job, step: &Step) -> Result<WireRequest, Problem> {
    makes_object(step)?;
    Ok(by_name(job, &format!("= {}", quoted(&step.name)), ""))
}

/// The field only the loose question asks for, so that its answer can be told from the exact one's.
const LOOSE: &str = "campaign.serving_status";

fn by_name(job: &Job, condition: &str, more: &str) -> WireRequest {
    let query =
        format!("SELECT {FIELDS}{more} FROM campaign WHERE campaign.name {condition} AND campaign.status != 'REMOVED'");
    search(&job.account.id, &query, None)
}

/// The request for everything below one campaign, and the campaign again.
pub fn below(account: &AccountId, campaign: &ExternalId) -> WireRequest {
    let query = format!(
        "SELECT campaign.id, ad_group.resource_name, ad_group.name, ad_group_ad.resource_name FROM ad_group_ad \
         WHERE campaign.id = {campaign} AND ad_group_ad.status != 'REMOVED'"
    );
    search(account, &query, None)
}

/// What a look-up's answer says.
pub fn interpret_look_up(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> LookUp {
    let Some(body) = answered(exchange) else {
        return not_counted(job, step, exchange, now, None);
    };
    let rows = rows(&body);
    let mask = text(&body, "/fieldMask").unwrap_or_default();
    if mask.is_empty() && body.get("results").is_none() {
        // An empty answer has no results, but every answer to a search says what was asked for.
        return not_counted(job, step, exchange, now, Some("this is not the answer to a search"));
    }
    if mask.contains("adGroupAd") || rows.iter().any(|r| r.get("adGroupAd").is_some()) {
        return if rows.is_empty() {
            let why = "the campaign is there, but nothing below it is listed yet";
            not_counted(job, step, exchange, now, Some(why))
        } else {
            LookUp::Counted(Vec::new())
        };
    }
    if text(&body, "/nextPageToken").is_some_and(|t| !t.is_empty()) {
        return not_counted(
            job,
            step,
            exchange,
            now,
            Some("more campaigns of one name than one page holds"),
        );
    }
    let found: Vec<_> = rows.iter().filter_map(|row| compare::found(job, step, row)).collect();
    if found.len() != rows.len() {
        return not_counted(job, step, exchange, now, Some("a campaign without an id"));
    }
    match (found.as_slice(), rows) {
        // Without a mask nobody could tell the loose answer from this one, and it would be asked for ever.
        ([], _) if said_duplicate(step) && !mask.is_empty() && !mask.contains("servingStatus") => LookUp::More {
            next: by_name(job, &format!("LIKE {}", literally(&step.name)), &format!(", {LOOSE}")),
            found,
        },
        ([one], [row]) if one.differences.is_empty() => match campaign_id(row) {
            Some(id) => LookUp::More {
                next: below(&job.account.id, &id),
                found,
            },
            None => LookUp::Counted(found),
        },
        _ => LookUp::Counted(found),
    }
}

/// True when the last answer to this step was "it exists already".
fn said_duplicate(step: &Step) -> bool {
    let last = step.attempts.last().and_then(|a| a.outcome.as_ref());
    last.is_some_and(|o| o.class == OutcomeClass::MaybeOurs)
}

/// A look that proves nothing, with the reason.
fn not_counted(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp, why: Option<&str>) -> LookUp {
    let mut outcome = failed_read(job, step, exchange, now);
    if outcome.class == OutcomeClass::Rejected {
        // A query that is refused finds nothing; what it was to find may exist all the same.
        outcome.class = OutcomeClass::NotExecuted;
    }
    if let Some(why) = why {
        outcome.words = excerpt(why, 400);
    }
    LookUp::NotCounted(Box::new(outcome))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        engine::model::deploy::StepAction,
        platforms::{
            Body, Lost,
            google_ads::{
                spec::check_request,
                testing::{answer, attempted, campaign_row, failure, job, step},
            },
        },
    };

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-20T12:00:00Z").unwrap()
    }

    fn look(exchange: &Exchange) -> LookUp {
        interpret_look_up(&job(), &step(&job(), "tree"), exchange, now())
    }

    fn query(request: &WireRequest) -> String {
        let Body::Json(body) = &request.body else {
            panic!("not JSON")
        };
        body.value()["query"].as_str().unwrap().to_owned()
    }

    fn page(rows: &[Value]) -> Exchange {
        let mask = FIELDS.replace('_', "");
        answer(200, &json!({"results": rows, "fieldMask": mask}))
    }

    #[test]
    fn names_are_quoted_whatever_they_hold() {
        let mut step = step(&job(), "tree");
        for name in ["it's", "back\\slash", "quote\\' OR", "line\nbreak"] {
            name.clone_into(&mut step.name);
            let request = look_up(&job(), &step).unwrap();
            assert_eq!(check_request(&request), [], "{name}");
            assert!(query(&request).contains(&format!("= {} AND", quoted(name))));
        }
        step.action = StepAction::Set;
        assert!(look_up(&job(), &step).is_err());
    }

    #[test]
    fn nothing_found_counts_as_nothing() {
        assert_eq!(
            look(&answer(200, &json!({"fieldMask": "campaign.id"}))),
            LookUp::Counted(vec![])
        );
    }

    #[test]
    fn one_that_fits_is_asked_for_its_children() {
        let LookUp::More { found, next } = look(&page(&[campaign_row(&job())])) else {
            panic!("no second question")
        };
        assert_eq!(found.len(), 1);
        assert_eq!(check_request(&next), []);
        assert!(query(&next).contains("campaign.id = 22113344"));
        let children = json!({"results": [{"campaign": {"id": "22113344"},
            "adGroupAd": {"resourceName": "customers/1234567890/adGroupAds/3~4"}}]});
        assert_eq!(look(&answer(200, &children)), LookUp::Counted(vec![]));
    }

    /// The campaign is listed before what is below it.
    #[test]
    fn children_that_are_not_listed_yet_do_not_count() {
        let lag = answer(
            200,
            &json!({"fieldMask": "campaign.id,adGroup.resourceName,adGroupAd.resourceName"}),
        );
        let LookUp::NotCounted(outcome) = look(&lag) else {
            panic!("counted")
        };
        assert!(outcome.words.contains("listed"), "{outcome:?}");
    }

    #[test]
    fn one_in_a_wrong_account_or_otherwise_different_is_shown_with_the_difference() {
        let mut row = campaign_row(&job());
        row["campaign"]["resourceName"] = json!("customers/999/campaigns/22113344");
        let LookUp::Counted(found) = look(&page(&[row])) else {
            panic!("not counted")
        };
        assert!(found[0].differences[0].words.contains("account"), "{found:?}");
    }

    #[test]
    fn two_are_two() {
        let row = campaign_row(&job());
        let mut other = row.clone();
        other["campaign"]["id"] = json!("2");
        let LookUp::Counted(found) = look(&page(&[row, other])) else {
            panic!("not counted")
        };
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_duplicate_without_a_match_is_asked_for_loosely_once() {
        let job = job();
        let step = attempted(&job, OutcomeClass::MaybeOurs);
        let empty = answer(200, &json!({"fieldMask": "campaign.id,campaign.name"}));
        let LookUp::More { next, .. } = interpret_look_up(&job, &step, &empty, now()) else {
            panic!("not asked again")
        };
        assert!(query(&next).contains("LIKE 'DIS[_]US[_]"), "{}", query(&next));
        assert_eq!(check_request(&next), []);
        let empty = answer(200, &json!({"fieldMask": "campaign.id,campaign.servingStatus"}));
        assert_eq!(interpret_look_up(&job, &step, &empty, now()), LookUp::Counted(vec![]));
    }

    #[rstest]
    #[case::throttled(failure(429, "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", "slow", &[]), OutcomeClass::RateLimited)]
    #[case::revoked(failure(401, "authenticationError", "OAUTH_TOKEN_REVOKED", "no", &[]), OutcomeClass::LaneBlocked)]
    #[case::refused(failure(400, "queryError", "BAD_FIELD_NAME", "what", &[]), OutcomeClass::NotExecuted)]
    #[case::server(answer(503, &json!({})), OutcomeClass::NotExecuted)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::NotExecuted)]
    #[case::next_page(answer(200, &json!({"results": [], "nextPageToken": "t"})), OutcomeClass::NotExecuted)]
    #[case::no_search(answer(200, &json!({})), OutcomeClass::NotExecuted)]
    #[case::something_else(answer(200, &json!({"id": null})), OutcomeClass::NotExecuted)]
    #[case::no_id(answer(200, &json!({"results": [{"campaign": {"name": "x"}}]})), OutcomeClass::NotExecuted)]
    fn what_is_no_whole_answer_does_not_count(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        match look(&exchange) {
            LookUp::NotCounted(outcome) => assert_eq!(outcome.class, want, "{outcome:?}"),
            other => panic!("{other:?}"),
        }
    }
}
