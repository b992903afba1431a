//! Finding a step's object after a lost answer, by its exact name.
//!
//! TikTok's name filter matches parts of names, ads have none at all, and listings leave deleted objects out unless
//! asked. So every answer is compared again here: exact name, right parent, new enough. A look counts only when it is
//! complete: all pages, all statuses.

use serde_json::{Value, json};

use super::{
    compare, media,
    read::{self, text},
    time,
};
use crate::{
    engine::model::{
        deploy::{Job, Step},
        platform::ObjectKind,
        refusal::Problem,
        sanitise::excerpt,
        time::Timestamp,
    },
    platforms::{
        Exchange, Found, KnownIds, LookUp, WireRequest,
        common::look_up::{Listed, makes_object},
    },
};

/// Objects per page.
const PAGE: u64 = 100;

/// The request that finds a step's object.
pub fn look_up(job: &Job, step: &Step, ids: &KnownIds) -> Result<WireRequest, Problem> {
    makes_object(step)?;
    page(job, step, ids, 1)
}

fn page(job: &Job, step: &Step, ids: &KnownIds, page: u64) -> Result<WireRequest, Problem> {
    if step.kind == ObjectKind::Asset {
        return Ok(media::look_up(job, step, page, PAGE));
    }
    let parent = parent(step.kind).map(|(field, key)| {
        let id = ids.get(key).ok_or_else(|| {
            Problem::whole(
                format!("step \"{key}\" has no id, so what is below it cannot be listed"),
                "let the steps before it finish first",
            )
        })?;
        Ok((field, id))
    });
    let parent = parent.transpose()?;
    let filter = match (step.kind, parent) {
        (ObjectKind::AdSet, Some((_, id))) => json!({"campaign_ids": [id.0], "adgroup_name": step.name}),
        // Ads have no filter by name.
        (_, Some((_, id))) => json!({"adgroup_ids": [id.0]}),
        (_, None) => json!({"campaign_name": step.name}),
    };
    Ok(read::list(job, step.kind, filter, page, PAGE))
}

/// The field that names the parent of a kind of object, and the step that makes it.
const fn parent(kind: ObjectKind) -> Option<(&'static str, &'static str)> {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => None,
        ObjectKind::AdSet => Some(("campaign_id", "campaign")),
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => Some(("adgroup_id", "ad_group")),
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
    let Some((list, page_info)) = read::listed(exchange) else {
        return not_counted(job, step, exchange, now, None);
    };
    let number = |name: &str| page_info.get(name).and_then(Value::as_u64);
    let (Some(at), Some(of)) = (number("page"), number("total_page")) else {
        return not_counted(
            job,
            step,
            exchange,
            now,
            Some("a list that does not say how many pages it has"),
        );
    };
    if list.is_empty() && number("total_number").is_some_and(|n| n > 0) && at <= of {
        // Objects are counted and not shown: the look would prove an absence that is none.
        return not_counted(
            job,
            step,
            exchange,
            now,
            Some("an empty page of a list that is not empty"),
        );
    }
    let found: Vec<Found> = if step.kind == ObjectKind::Asset {
        media::found(step, &list)
    } else {
        list.iter()
            .filter_map(|o| candidate(job, step, ids, since, o))
            .collect()
    };
    // Of an upload one is enough: a second copy of the same content changes nothing.
    if at >= of || step.kind == ObjectKind::Asset && !found.is_empty() {
        return LookUp::Counted(found);
    }
    match page(job, step, ids, at + 1) {
        Ok(next) => LookUp::More { found, next },
        Err(problem) => not_counted(job, step, exchange, now, Some(&problem.reason)),
    }
}

fn candidate(job: &Job, step: &Step, ids: &KnownIds, since: Timestamp, object: &Value) -> Option<Found> {
    let listed = Listed {
        name: text(object, read::name_field(step.kind)),
        parent: parent(step.kind).map(|(field, key)| (text(object, field), key)),
        made: text(object, "create_time").and_then(|t| time::parse(&t)),
    };
    if !listed.may_be(step, ids, since) {
        return None;
    }
    let found = compare::found(job, step, object)?;
    Some(listed.age_told(found))
}

/// A look that proves nothing, with the reason.
fn not_counted(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp, why: Option<&str>) -> LookUp {
    let mut outcome = read::failed_read(job, step, exchange, now);
    if let Some(why) = why {
        // The answer itself was fine; only as a look it is worth nothing.
        outcome.class = crate::engine::model::deploy::OutcomeClass::NotExecuted;
        outcome.words = excerpt(why, 400);
    }
    LookUp::NotCounted(Box::new(outcome))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        engine::model::deploy::OutcomeClass,
        platforms::{
            Lost,
            tiktok::{
                spec::check_request,
                testing::{envelope, ids, job, step, text as plain},
            },
        },
    };

    fn since() -> Timestamp {
        Timestamp::parse("2026-11-20T12:00:00.7Z").unwrap()
    }

    /// An ad group as TikTok would list it, just made by us.
    fn ad_group(id: &str) -> Value {
        json!({
            "advertiser_id": "7000000000000000001", "campaign_id": "1800000000000000001", "adgroup_id": id,
            "adgroup_name": format!("{}_AdGroup01", job().name), "operation_status": "DISABLE",
            "optimization_goal": "CLICK", "billing_event": "CPC", "budget_mode": "BUDGET_MODE_DAY", "budget": 120.0,
            "schedule_end_time": "2027-01-01 05:00:00", "create_time": "2026-11-20 12:00:00",
        })
    }

    fn listing(list: &Value, page: u64, of: u64) -> Exchange {
        let count = list.as_array().unwrap().len();
        let info = json!({"page": page, "page_size": 100, "total_number": count, "total_page": of});
        envelope(0, "OK", &json!({"list": list, "page_info": info}))
    }

    fn look(exchange: &Exchange) -> LookUp {
        let job = job();
        interpret_look_up(&job, &step(&job, "ad_group"), &ids(), since(), exchange, since())
    }

    fn with(at: &str, value: Value) -> Value {
        let mut object = ad_group("1802");
        *object.pointer_mut(at).unwrap() = value;
        object
    }

    #[test]
    fn the_requests_are_known_to_the_specification_and_ask_for_deleted_objects_too() {
        let job = job();
        for key in ["campaign", "ad_group", "ad"] {
            let request = look_up(&job, &step(&job, key), &ids()).unwrap();
            assert_eq!(check_request(&request), [], "{key}");
            let filter = request.query.iter().find(|(k, _)| k == "filtering").unwrap();
            assert!(filter.1.contains("\"primary_status\":\"STATUS_ALL\""), "{filter:?}");
        }
        assert!(look_up(&job, &step(&job, "activate"), &ids()).is_err());
        assert!(look_up(&job, &step(&job, "ad"), &KnownIds::new()).is_err());
    }

    #[rstest]
    #[case::none(json!([]), &[])]
    #[case::one(json!([ad_group("1802")]), &["1802"])]
    #[case::two(json!([ad_group("1802"), ad_group("1803")]), &["1802", "1803"])]
    #[case::part_of_a_name(json!([with("/adgroup_name", json!(format!("{}_AdGroup012", job().name)))]), &[])]
    #[case::copy(json!([with("/adgroup_name", json!(format!("COPIED_{}_AdGroup01", job().name)))]), &[])]
    #[case::other_case(json!([with("/adgroup_name", json!(format!("{}_adgroup01", job().name)))]), &[])]
    #[case::other_parent(json!([with("/campaign_id", json!("9999"))]), &[])]
    #[case::older(json!([with("/create_time", json!("2026-11-20 11:59:59"))]), &[])]
    #[case::same_second(json!([with("/create_time", json!("2026-11-20 12:00:00"))]), &["1802"])]
    #[case::deleted(json!([with("/operation_status", json!("DELETE"))]), &["1802"])]
    fn only_ours_count(#[case] list: Value, #[case] want: &[&str]) {
        match look(&listing(&list, 1, 1)) {
            LookUp::Counted(found) => assert_eq!(found.iter().map(|f| f.id.0.as_str()).collect::<Vec<_>>(), want),
            other => panic!("{other:?}"),
        }
    }

    #[rstest]
    #[case::ours("/budget", json!(120), &[])]
    #[case::deleted("/operation_status", json!("DELETE"), &["status is DELETE, asked was DISABLE"])]
    #[case::wrong_account("/advertiser_id", json!("7"), &["it belongs to account 7, not 7000000000000000001"])]
    #[case::no_time("/create_time", json!("soon"), &["it does not say when it was made"])]
    fn a_match_that_is_not_quite_ours_says_why(#[case] at: &str, #[case] value: Value, #[case] want: &[&str]) {
        match look(&listing(&json!([with(at, value)]), 1, 1)) {
            LookUp::Counted(found) => assert_eq!(found[0].differences, want),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_page_is_asked_for() {
        for list in [json!([ad_group("1802")]), json!([with("/adgroup_name", json!("x"))])] {
            let LookUp::More { next, .. } = look(&listing(&list, 1, 3)) else {
                panic!("not more")
            };
            assert_eq!(check_request(&next), []);
            assert!(next.query.contains(&("page".to_owned(), "2".to_owned())));
        }
        assert!(matches!(
            look(&listing(&json!([ad_group("1")]), 3, 3)),
            LookUp::Counted(_)
        ));
        // Nothing at all: TikTok counts no page.
        assert!(matches!(look(&listing(&json!([]), 1, 0)), LookUp::Counted(_)));
    }

    #[rstest]
    #[case::server(plain(503, "<html>"), OutcomeClass::NotExecuted)]
    #[case::no_list(envelope(0, "OK", &json!({})), OutcomeClass::NotExecuted)]
    #[case::no_pages(envelope(0, "OK", &json!({"list": []})), OutcomeClass::NotExecuted)]
    #[case::hidden(envelope(0, "OK", &json!({"list": [], "page_info": {"page": 1, "total_page": 1, "total_number": 2}})), OutcomeClass::NotExecuted)]
    #[case::throttled(envelope(40100, "Too many requests", &json!({})), OutcomeClass::RateLimited)]
    #[case::transient(envelope(50000, "System error", &json!({})), OutcomeClass::NotExecuted)]
    #[case::token(envelope(40105, "wrong token", &json!({})), OutcomeClass::LaneBlocked)]
    #[case::wrong_path(plain(404, "404 page not found"), OutcomeClass::LaneBlocked)]
    #[case::lost(Err(Lost::InDoubt { why: "reset".to_owned() }), OutcomeClass::NotExecuted)]
    fn a_failed_look_proves_nothing(#[case] exchange: Exchange, #[case] want: OutcomeClass) {
        match look(&exchange) {
            LookUp::NotCounted(outcome) => assert_eq!(outcome.class, want, "{outcome:?}"),
            other => panic!("{other:?}"),
        }
    }
}
