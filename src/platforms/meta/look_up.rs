//! Finding a step's object after a lost answer, by its exact name.
//!
//! Names are not unique on Meta and the filter is not to be trusted with case and spaces, so every answer is compared
//! again here: exact name, right parent, new enough. A look counts only when it is complete: all pages, all statuses,
//! archived and deleted ones included.

use serde_json::{Value, json};

use super::{
    compare,
    errors::{ApiError, Read, read_body},
    media, read, time,
};
use crate::{
    engine::model::{
        deploy::{Job, OutcomeClass, Step},
        platform::ObjectKind,
        refusal::Problem,
        sanitise::excerpt,
        time::Timestamp,
    },
    platforms::{
        Exchange, Found, KnownIds, LookUp, WireRequest,
        common::{
            look_up::{Listed, makes_object},
            read::text,
        },
    },
};

/// Objects per page. Meta counts calls, not rows.
const PAGE: &str = "100";

/// The request that finds a step's object.
pub fn look_up(job: &Job, step: &Step) -> Result<WireRequest, Problem> {
    makes_object(step)?;
    Ok(request(job, step, true, None))
}

/// `filtered` = let Meta compare the name first; without, everything is listed and compared here.
fn request(job: &Job, step: &Step, filtered: bool, after: Option<&str>) -> WireRequest {
    if step.kind == ObjectKind::Asset {
        return media::look_up(job, step, after);
    }
    let mut query = vec![("fields".to_owned(), read::fields(step.kind).to_owned())];
    if filtered {
        let filter = json!([{"field": "name", "operator": "EQUAL", "value": step.name}]);
        query.push(("filtering".to_owned(), filter.to_string()));
    }
    if let Some(statuses) = every_status(step.kind) {
        // Without this, archived and deleted objects look as if they had never been made.
        query.push(("effective_status".to_owned(), json!(statuses).to_string()));
    }
    query.push(("limit".to_owned(), PAGE.to_owned()));
    query.extend(after.map(|a| ("after".to_owned(), a.to_owned())));
    WireRequest::get(format!("/{}/{}", job.account.id, read::edge(step.kind)), query)
}

/// Every status an object of a kind can have; `None` where listings take no such filter.
const fn every_status(kind: ObjectKind) -> Option<&'static [&'static str]> {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => {
            Some(&["ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES"])
        }
        ObjectKind::AdSet => Some(&[
            "ACTIVE",
            "PAUSED",
            "DELETED",
            "ARCHIVED",
            "IN_PROCESS",
            "WITH_ISSUES",
            "CAMPAIGN_PAUSED",
        ]),
        ObjectKind::Ad => Some(&[
            "ACTIVE",
            "PAUSED",
            "DELETED",
            "ARCHIVED",
            "IN_PROCESS",
            "WITH_ISSUES",
            "CAMPAIGN_PAUSED",
            "ADSET_PAUSED",
            "DISAPPROVED",
            "PENDING_REVIEW",
            "PENDING_BILLING_INFO",
            "PREAPPROVED",
        ]),
        ObjectKind::Creative | ObjectKind::Asset => None,
    }
}

/// What a look-up's answer says.
pub fn interpret_look_up(
    job: &Job,
    step: &Step,
    ids: &KnownIds,
    since: Timestamp,
    exchange: &Exchange,
    now: Timestamp,
) -> LookUp {
    let body = match exchange.as_ref().map(read_body) {
        Ok(Read::Json(body)) if exchange.as_ref().is_ok_and(|r| r.status == 200) => body,
        Ok(Read::Error(error)) if filter_refused(&error) => {
            return LookUp::More {
                found: Vec::new(),
                next: request(job, step, false, None),
            };
        }
        _ => return not_counted(job, step, exchange, now, None),
    };
    let Some(data) = body.get("data").and_then(Value::as_array) else {
        return not_counted(job, step, exchange, now, Some("an answer without a list"));
    };
    let found = if step.kind == ObjectKind::Asset {
        media::found(step, data)
    } else {
        data.iter()
            .filter_map(|o| candidate(job, step, ids, since, o))
            .collect()
    };
    if step.kind == ObjectKind::Asset && !found.is_empty() {
        // One is enough: a second copy of the same content changes nothing.
        return LookUp::Counted(found);
    }
    // An empty page may still have a next one; only the absence of `next` ends the list.
    match text(&body, "/paging/next") {
        None => LookUp::Counted(found),
        Some(next) => match cursor(&body, &next) {
            Some(after) => {
                let filtered = !next.contains("fields=") || next.contains("filtering=");
                LookUp::More {
                    found,
                    next: request(job, step, filtered, Some(&after)),
                }
            }
            None => not_counted(job, step, exchange, now, Some("a next page without a cursor")),
        },
    }
}

/// Where the next page starts: the cursor, or the one inside the next page's address.
fn cursor(body: &Value, next: &str) -> Option<String> {
    text(body, "/paging/cursors/after").or_else(|| {
        let (_, query) = next.split_once('?')?;
        form_urlencoded::parse(query.as_bytes())
            .find(|(k, _)| k == "after")
            .map(|(_, v)| v.into_owned())
    })
}

/// Filtering by name is not declared for these lists; should Meta refuse it, everything is listed. The unfiltered list
/// cannot be refused for its filter, so this does not go in circles.
fn filter_refused(error: &ApiError) -> bool {
    error.code == Some(100) && error.words.to_ascii_lowercase().contains("filter")
}

fn listed(step: &Step, object: &Value) -> Listed {
    let parent = match step.kind {
        ObjectKind::AdSet => Some(("/campaign_id", "campaign")),
        ObjectKind::Ad => Some(("/adset_id", "ad_set")),
        _ => None,
    };
    Listed {
        name: text(object, "/name"),
        parent: parent.map(|(at, key)| (text(object, at), key)),
        made: text(object, "/created_time").and_then(|t| time::parse(&t)),
    }
}

fn candidate(job: &Job, step: &Step, ids: &KnownIds, since: Timestamp, object: &Value) -> Option<Found> {
    let listed = listed(step, object);
    if !listed.may_be(step, ids, since) {
        return None;
    }
    let found = compare::found(job, step, object)?;
    // A creative never says when it was made.
    Some(if step.kind == ObjectKind::Creative {
        found
    } else {
        listed.age_told(found)
    })
}

/// A look that proves nothing, with the reason.
fn not_counted(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp, why: Option<&str>) -> LookUp {
    let mut outcome = read::failed_read(job, step, exchange, now);
    if outcome.code.as_deref() == Some(read::NO_SUCH_OBJECT) {
        // Here it is the account that cannot be seen.
        outcome.class = OutcomeClass::LaneBlocked;
    }
    if let Some(why) = why {
        outcome.words = format!("{why}: {}", excerpt(&outcome.words, 400));
    }
    LookUp::NotCounted(Box::new(outcome))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        engine::model::platform::ExternalId,
        platforms::{
            Lost,
            meta::{
                spec::check_request,
                testing::{answer, job, step},
            },
        },
    };

    const INTENT: &str = "2026-11-20T12:00:00.7Z";

    fn since() -> Timestamp {
        Timestamp::parse(INTENT).unwrap()
    }

    /// An ad set as Meta would list it, just made by us.
    fn ad_set(id: &str) -> Value {
        json!({
            "id": id, "account_id": "1001", "name": format!("{}_AdSet01", job().name), "status": "PAUSED",
            "campaign_id": "1202", "optimization_goal": "LINK_CLICKS", "billing_event": "IMPRESSIONS",
            "end_time": "2027-01-01T00:00:00-0500", "created_time": "2026-11-20T12:00:00+0000",
        })
    }

    fn look(exchange: &Exchange) -> LookUp {
        let job = job();
        let ids = [("campaign".to_owned(), ExternalId("1202".to_owned()))].into();
        interpret_look_up(&job, &step(&job, "ad_set"), &ids, since(), exchange, since())
    }

    fn with(at: &str, value: Value) -> Value {
        let mut object = ad_set("1203");
        *object.pointer_mut(at).unwrap() = value;
        object
    }

    #[test]
    fn the_requests_are_known_to_the_specification() {
        let job = job();
        for key in ["campaign", "ad_set", "creative", "ad"] {
            let step = step(&job, key);
            assert_eq!(check_request(&look_up(&job, &step).unwrap()), [], "{key}");
            assert_eq!(check_request(&request(&job, &step, false, Some("c"))), [], "{key}");
        }
        assert!(look_up(&job, &step(&job, "activate")).is_err());
    }

    #[rstest]
    #[case::none(json!([]), &[])]
    #[case::one(json!([ad_set("1203")]), &["1203"])]
    #[case::two(json!([ad_set("1203"), ad_set("1204")]), &["1203", "1204"])]
    #[case::other_case(json!([with("/name", json!(format!("{}_adset01", job().name)))]), &[])]
    #[case::trailing_space(json!([with("/name", json!(format!("{}_AdSet01 ", job().name)))]), &[])]
    #[case::longer(json!([with("/name", json!(format!("{}_AdSet012", job().name)))]), &[])]
    #[case::other_parent(json!([with("/campaign_id", json!("9999"))]), &[])]
    #[case::older(json!([with("/created_time", json!("2026-11-20T11:59:59+0000"))]), &[])]
    #[case::same_second(json!([with("/created_time", json!("2026-11-20T07:00:00-0500"))]), &["1203"])]
    #[case::archived(json!([with("/status", json!("ARCHIVED"))]), &["1203"])]
    fn only_ours_count(#[case] data: Value, #[case] want: &[&str]) {
        match look(&answer(200, &json!({ "data": data }))) {
            LookUp::Counted(found) => assert_eq!(found.iter().map(|f| f.id.0.as_str()).collect::<Vec<_>>(), want),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn ours_fits_and_an_archived_one_is_told_apart() {
        let differences = |object: Value| match look(&answer(200, &json!({"data": [object]}))) {
            LookUp::Counted(mut found) => found.remove(0).differences,
            other => panic!("{other:?}"),
        };
        assert_eq!(differences(ad_set("1203")), Vec::<String>::new());
        assert_eq!(
            differences(with("/status", json!("ARCHIVED"))),
            ["status is ARCHIVED, asked was PAUSED"]
        );
        assert_eq!(
            differences(with("/created_time", json!("soon"))),
            ["it does not say when it was made"]
        );
    }

    #[rstest]
    #[case::cursor(json!({"cursors": {"after": "abc"}, "next": "https://x/?fields=id&filtering=f&after=zzz"}), "abc", true)]
    #[case::address(json!({"next": "https://x/?fields=id&filtering=f&after=z%3D"}), "z=", true)]
    #[case::unfiltered(json!({"cursors": {"after": "abc"}, "next": "https://x/?fields=id&after=abc"}), "abc", false)]
    fn all_pages_are_asked_for_even_after_an_empty_one(
        #[case] paging: Value,
        #[case] after: &str,
        #[case] filtered: bool,
    ) {
        for data in [json!([]), json!([ad_set("1203")])] {
            let LookUp::More { found, next } = look(&answer(200, &json!({"data": data, "paging": paging}))) else {
                panic!("not more")
            };
            assert_eq!(found.len(), data.as_array().unwrap().len());
            assert!(next.query.contains(&("after".to_owned(), after.to_owned())), "{next:?}");
            assert_eq!(next.query.iter().any(|(k, _)| k == "filtering"), filtered);
        }
    }

    #[test]
    fn a_refused_filter_falls_back_to_listing_everything() {
        let refused = json!({"error": {"code": 100, "message": "(#100) Filtering field 'name' is invalid"}});
        let LookUp::More { next, .. } = look(&answer(400, &refused)) else {
            panic!("not more")
        };
        assert!(next.query.iter().all(|(k, _)| k != "filtering"));
    }

    #[rstest]
    #[case::server(answer(503, &json!({})), OutcomeClass::NotExecuted)]
    #[case::no_list(answer(200, &json!({"id": "1"})), OutcomeClass::NotExecuted)]
    #[case::next_without_cursor(answer(200, &json!({"data": [], "paging": {"next": "x"}})), OutcomeClass::NotExecuted)]
    #[case::throttled(answer(400, &json!({"error": {"code": 80004, "error_subcode": 2_446_079}})), OutcomeClass::RateLimited)]
    #[case::error_in_a_200(answer(200, &json!({"error": {"code": 2}})), OutcomeClass::NotExecuted)]
    #[case::token(answer(400, &json!({"error": {"code": 190}})), OutcomeClass::AuthExpired)]
    #[case::account_not_seen(answer(400, &json!({"error": {"code": 100, "error_subcode": 33}})), OutcomeClass::LaneBlocked)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::NotExecuted)]
    fn a_failed_look_proves_nothing(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        match look(&exchange) {
            LookUp::NotCounted(outcome) => assert_eq!(outcome.class, want, "{outcome:?}"),
            other => panic!("{other:?}"),
        }
    }
}
