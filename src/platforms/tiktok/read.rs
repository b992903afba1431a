//! Reading objects back: which endpoint and fields, and what an answer holds.

use serde_json::{Value, json};

use super::{
    compare,
    errors::{Read, read_body},
    interpret::interpret,
    media, money,
    payload::is_digits,
};
use crate::{
    engine::model::{
        deploy::{Job, Outcome, OutcomeClass, Step},
        money::{Budget, BudgetKind},
        platform::{ExternalId, ObjectKind},
        time::Timestamp,
    },
    platforms::{Exchange, Found, WireRequest, common::read},
};

/// The endpoint family of a kind of object: `/campaign/...`.
pub const fn noun(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "campaign",
        ObjectKind::AdSet => "adgroup",
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => "ad",
    }
}

/// What its name is called.
pub const fn name_field(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "campaign_name",
        ObjectKind::AdSet => "adgroup_name",
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => "ad_name",
    }
}

/// What its id is called.
pub const fn id_field(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "campaign_id",
        ObjectKind::AdSet => "adgroup_id",
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => "ad_id",
    }
}

/// What a list of its ids is called.
pub const fn ids_field(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "campaign_ids",
        ObjectKind::AdSet => "adgroup_ids",
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => "ad_ids",
    }
}

/// What is asked of a kind of object.
pub const fn fields(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => &[
            "advertiser_id",
            "campaign_id",
            "campaign_name",
            "create_time",
            "operation_status",
            "secondary_status",
            "objective_type",
            "budget_mode",
            "budget",
        ],
        ObjectKind::AdSet => &[
            "advertiser_id",
            "campaign_id",
            "adgroup_id",
            "adgroup_name",
            "create_time",
            "operation_status",
            "secondary_status",
            "optimization_goal",
            "billing_event",
            "budget_mode",
            "budget",
            "schedule_start_time",
            "schedule_end_time",
        ],
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => &[
            "advertiser_id",
            "campaign_id",
            "adgroup_id",
            "ad_id",
            "ad_name",
            "create_time",
            "operation_status",
            "secondary_status",
            "ad_format",
            "identity_id",
            "video_id",
            "tiktok_item_id",
            "landing_page_url",
        ],
    }
}

/// A page of a listing. `STATUS_ALL`: by default deleted objects are left out, as if they had never been made.
pub fn list(job: &Job, kind: ObjectKind, mut filter: Value, page: u64, page_size: u64) -> WireRequest {
    if let Value::Object(filter) = &mut filter {
        filter.insert("primary_status".to_owned(), json!("STATUS_ALL"));
    }
    let path = format!("/{}/get/", noun(kind));
    list_of(job, path, Some(fields(kind)), &filter, page, page_size)
}

/// A page of any listing.
pub fn list_of(
    job: &Job,
    path: String,
    fields: Option<&[&str]>,
    filter: &Value,
    page: u64,
    page_size: u64,
) -> WireRequest {
    let mut query = vec![("advertiser_id".to_owned(), job.account.id.to_string())];
    query.extend(fields.map(|f| ("fields".to_owned(), json!(f).to_string())));
    query.extend([
        ("filtering".to_owned(), filter.to_string()),
        ("page".to_owned(), page.to_string()),
        ("page_size".to_owned(), page_size.to_string()),
    ]);
    WireRequest::get(path, query)
}

/// The request that reads one object.
pub fn read(job: &Job, step: &Step, id: &ExternalId) -> WireRequest {
    if step.kind == ObjectKind::Asset {
        return media::read(job, step, id);
    }
    list(job, step.kind, json!({ ids_field(step.kind): [id.0] }), 1, 10)
}

/// The text at a field of an object; numbers count as text.
pub fn text(object: &Value, field: &str) -> Option<String> {
    read::as_text(object.get(field)?)
}

/// The object's id, if it is one.
pub fn id(kind: ObjectKind, object: &Value) -> Option<ExternalId> {
    text(object, id_field(kind)).filter(|id| is_digits(id)).map(ExternalId)
}

/// The budget an object carries. An unlimited campaign shows a budget of 0.
pub fn budget(job: &Job, object: &Value) -> Option<Budget> {
    let kind = match text(object, "budget_mode").as_deref() {
        Some("BUDGET_MODE_DAY" | "BUDGET_MODE_DYNAMIC_DAILY_BUDGET") => BudgetKind::Daily,
        Some("BUDGET_MODE_TOTAL") => BudgetKind::Lifetime,
        _ => return None,
    };
    let money = money::from_value(object.get("budget")?, job.account.currency).ok()?;
    (!money.amount().is_zero()).then_some(Budget { kind, money })
}

/// True when an object's status says it was deleted, itself or with what contains it.
pub fn is_gone(object: &Value) -> bool {
    ["operation_status", "secondary_status"]
        .into_iter()
        .filter_map(|f| text(object, f))
        .any(|s| s.ends_with("DELETE") && !s.ends_with("NOT_DELETE"))
}

/// The objects of a listing's answer; `None` when it is not one.
pub fn listed(exchange: &Exchange) -> Option<(Vec<Value>, Value)> {
    let Ok(Read::Envelope(envelope)) = exchange.as_ref().map(read_body) else {
        return None;
    };
    if envelope.code != 0 {
        return None;
    }
    let list = envelope.data.get("list")?.as_array()?.clone();
    Some((list, envelope.data.get("page_info").cloned().unwrap_or_default()))
}

/// What a read says, compared with what the step asked for. `Ok(None)` = there is no such object in this account.
pub fn interpret_read(
    job: &Job,
    step: &Step,
    exchange: &Exchange,
    now: Timestamp,
) -> Result<Option<Found>, Box<Outcome>> {
    match listed(exchange) {
        Some((list, _)) if list.is_empty() => Ok(None),
        Some((list, _)) if step.kind == ObjectKind::Asset => Ok(media::read_back(step, &list)),
        Some((list, _)) => match list.iter().find_map(|o| compare::found(job, step, o)) {
            Some(found) => Ok(Some(found)),
            None => Err(Box::new(failed_read(job, step, exchange, now))),
        },
        None => Err(Box::new(failed_read(job, step, exchange, now))),
    }
}

/// Why a read gave nothing to count on.
pub fn failed_read(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
    read::failed(step, |as_read| {
        let mut outcome = interpret(job, as_read, exchange, now);
        if outcome.class == OutcomeClass::Done {
            "an answer without the objects asked for".clone_into(&mut outcome.words);
        }
        outcome
    })
}

/// The budget an object carries, from an answer to a read.
pub fn read_budget(job: &Job, exchange: &Exchange) -> Option<Budget> {
    let (list, _) = listed(exchange)?;
    budget(job, list.first()?)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platforms::{
        Lost,
        tiktok::{
            spec::check_request,
            testing::{budget as usd, envelope, job, step, text as plain},
        },
    };

    #[test]
    fn every_field_asked_for_exists() {
        for kind in [ObjectKind::Campaign, ObjectKind::AdSet, ObjectKind::Ad] {
            let mut step = step(&job(), "campaign");
            step.kind = kind;
            assert_eq!(check_request(&read(&job(), &step, &ExternalId("12".to_owned()))), []);
        }
    }

    #[test]
    fn a_read_finds_misses_or_fails() {
        let job = job();
        let step = step(&job, "campaign");
        let said = |exchange: &Exchange| interpret_read(&job, &step, exchange, Timestamp::default());
        let list = |objects: Value| envelope(0, "OK", &json!({"list": objects, "page_info": {"page": 1}}));
        let found = said(&list(json!([{"campaign_id": "18", "campaign_name": "other"}])));
        let found = found.unwrap().unwrap();
        assert_eq!(found.id.0, "18");
        assert!(!found.differences.is_empty());
        assert_eq!(said(&list(json!([]))), Ok(None));
        for failed in [
            envelope(0, "OK", &json!({})),
            envelope(0, "OK", &json!({"list": [{"campaign_name": "no id"}]})),
            plain(503, "<html>"),
            Err(Lost::InDoubt {
                why: "timed out".to_owned(),
            }),
        ] {
            assert_eq!(
                said(&failed).unwrap_err().class,
                OutcomeClass::NotExecuted,
                "{failed:?}"
            );
        }
        let throttled = said(&envelope(40100, "Too many requests", &json!({}))).unwrap_err();
        assert_eq!(throttled.class, OutcomeClass::RateLimited);
    }

    #[rstest]
    #[case("BUDGET_MODE_DAY", json!(120.0), Some(usd(BudgetKind::Daily, "120")))]
    #[case("BUDGET_MODE_DYNAMIC_DAILY_BUDGET", json!(120.5), Some(usd(BudgetKind::Daily, "120.50")))]
    #[case("BUDGET_MODE_TOTAL", json!("900"), Some(usd(BudgetKind::Lifetime, "900")))]
    #[case("BUDGET_MODE_INFINITE", json!(0.0), None)]
    #[case("BUDGET_MODE_DAY", json!(0), None)]
    #[case("BUDGET_MODE_NEW", json!(5), None)]
    fn budgets_are_read_with_their_mode(#[case] mode: &str, #[case] amount: Value, #[case] want: Option<Budget>) {
        let object = json!({"campaign_id": "1", "budget_mode": mode, "budget": amount});
        let answer = envelope(0, "OK", &json!({"list": [object]}));
        assert_eq!(read_budget(&job(), &answer), want);
    }

    #[rstest]
    #[case(json!({"operation_status": "DELETE"}), true)]
    #[case(json!({"operation_status": "DISABLE", "secondary_status": "ADGROUP_STATUS_CAMPAIGN_DELETE"}), true)]
    #[case(json!({"operation_status": "ENABLE", "secondary_status": "CAMPAIGN_STATUS_ENABLE"}), false)]
    #[case(json!({"secondary_status": "CAMPAIGN_STATUS_NOT_DELETE"}), false)]
    fn deleted_objects_say_so(#[case] object: Value, #[case] gone: bool) {
        assert_eq!(is_gone(&object), gone);
    }
}
