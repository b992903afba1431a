//! Reading objects back: which fields, and what an answer holds.

use serde_json::Value;

use super::{
    answer::{Read, read_body, whole},
    compare,
    gaql::{quoted, search},
    interpret::interpret,
    money, plan,
};
use crate::{
    engine::model::{
        deploy::{Job, Made, Outcome, Step},
        money::{Budget, BudgetKind},
        platform::{AccountId, ExternalId, ObjectKind},
        time::Timestamp,
    },
    platforms::{
        Exchange, Found, WireRequest,
        common::read::{self, text},
    },
};

/// What is asked of a campaign and its budget, everywhere: a look-up and a read must be able to compare the same.
pub const FIELDS: &str = "campaign.resource_name, campaign.id, campaign.name, campaign.status, \
    campaign.advertising_channel_type, campaign.start_date_time, campaign.end_date_time, \
    campaign.contains_eu_political_advertising, campaign.campaign_budget, campaign_budget.id, \
    campaign_budget.amount_micros, campaign_budget.total_amount_micros, campaign_budget.explicitly_shared, \
    campaign_budget.reference_count";

/// The request that reads one campaign with its budget. Removed ones are shown too: they answer "it is gone".
pub fn read(account: &AccountId, id: &ExternalId) -> WireRequest {
    let name = quoted(&plan::resource(account, "campaigns", id));
    search(
        account,
        &format!("SELECT {FIELDS} FROM campaign WHERE campaign.resource_name = {name}"),
        None,
    )
}

/// The rows of a query's answer; without a match there is no list at all.
pub fn rows(body: &Value) -> &[Value] {
    body.get("results").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The last part of a resource name in a collection: `22` of `customers/1/campaigns/22`.
pub fn id_in(name: &str, collection: &str) -> Option<ExternalId> {
    let (head, id) = name.rsplit_once('/')?;
    let fits = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit() || b == b'~');
    (fits && head.rsplit('/').next() == Some(collection)).then(|| ExternalId(id.to_owned()))
}

/// The campaign's id in a row.
pub fn campaign_id(row: &Value) -> Option<ExternalId> {
    read::id(row, "/campaign/id")
}

/// The id of the budget a row's campaign uses.
pub fn budget_id(row: &Value) -> Option<ExternalId> {
    text(row, "/campaign/campaignBudget").and_then(|name| id_in(&name, "campaignBudgets"))
}

/// The budget a row's campaign carries.
pub fn budget(job: &Job, row: &Value) -> Option<Budget> {
    [
        (BudgetKind::Daily, "/campaignBudget/amountMicros"),
        (BudgetKind::Lifetime, "/campaignBudget/totalAmountMicros"),
    ]
    .into_iter()
    .find_map(|(kind, path)| {
        let micros = whole(row.pointer(path)).filter(|m| *m > 0)?;
        let money = money::from_micros(micros, job.account.currency).ok()?;
        Some(Budget { kind, money })
    })
}

/// The JSON of a query that worked.
pub fn answered(exchange: &Exchange) -> Option<Value> {
    match exchange.as_ref().map(|r| (r.status, read_body(r))) {
        Ok((200, Read::Json(body))) => Some(body),
        _ => None,
    }
}

/// What a read says, compared with what the step asked for. `Ok(None)` = there is no such campaign.
pub fn interpret_read(
    job: &Job,
    step: &Step,
    exchange: &Exchange,
    now: Timestamp,
) -> Result<Option<Found>, Box<Outcome>> {
    match answered(exchange) {
        Some(body) => Ok(rows(&body).first().and_then(|row| compare::found(job, step, row))),
        None => Err(Box::new(failed_read(job, step, exchange, now))),
    }
}

/// Why a read gave nothing to count on.
pub fn failed_read(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
    read::failed(step, |as_read| interpret(job, as_read, exchange, now))
}

/// The budget a campaign carries, from an answer to a read.
pub fn read_budget(job: &Job, exchange: &Exchange) -> Option<Budget> {
    budget(job, rows(&answered(exchange)?).first()?)
}

/// Ad groups and ads in an answer: the results of the tree's request, or the rows of the look-up's second query.
pub fn made(job: &Job, exchange: &Exchange) -> Vec<Made> {
    let Some(body) = answered(exchange) else {
        return Vec::new();
    };
    let mut made: Vec<Made> = Vec::new();
    let mut push = |kind, name: String, external_id: Option<ExternalId>| {
        let new = external_id.map(|external_id| Made {
            kind,
            name,
            external_id,
        });
        made.extend(new);
    };
    let results = body.get("mutateOperationResponses").and_then(Value::as_array);
    for result in results.into_iter().flatten() {
        let id = |at: &str, collection: &str| text(result, at).and_then(|name| id_in(&name, collection));
        let group = id("/adGroupResult/resourceName", "adGroups");
        push(ObjectKind::AdSet, super::steps::ad_group_name(job), group);
        // An ad has no name there; its id holds its ad group's.
        push(
            ObjectKind::Ad,
            String::new(),
            id("/adGroupAdResult/resourceName", "adGroupAds"),
        );
    }
    for row in rows(&body) {
        let id = |at: &str, collection: &str| text(row, at).and_then(|name| id_in(&name, collection));
        let name = text(row, "/adGroup/name").unwrap_or_default();
        push(ObjectKind::AdSet, name, id("/adGroup/resourceName", "adGroups"));
        push(
            ObjectKind::Ad,
            String::new(),
            id("/adGroupAd/resourceName", "adGroupAds"),
        );
    }
    made.dedup();
    made
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::deploy::OutcomeClass,
        platforms::google_ads::{
            spec::check_request,
            testing::{answer, campaign_row, failure, job, step},
        },
    };

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-20T12:00:00Z").unwrap()
    }

    #[test]
    fn the_request_is_known_to_the_specification() {
        let request = read(&job().account.id, &ExternalId("22".to_owned()));
        assert_eq!(check_request(&request), []);
    }

    #[test]
    fn a_read_finds_the_campaign_its_budget_or_nothing() {
        let job = job();
        let exchange = answer(200, &json!({"results": [campaign_row(&job)]}));
        let found = interpret_read(&job, &step(&job, "tree"), &exchange, now())
            .unwrap()
            .unwrap();
        assert_eq!((found.id.0.as_str(), found.differences.len()), ("22113344", 0));
        assert_eq!(read_budget(&job, &exchange), job.budget);
        let none = answer(200, &json!({"fieldMask": "campaign.id"}));
        assert_eq!(interpret_read(&job, &step(&job, "tree"), &none, now()), Ok(None));
        let lost = failure(503, "internalError", "TRANSIENT_ERROR", "later", &[]);
        let outcome = interpret_read(&job, &step(&job, "tree"), &lost, now()).unwrap_err();
        assert_eq!(outcome.class, OutcomeClass::NotExecuted);
    }

    #[test]
    fn children_are_read_from_results_and_rows() {
        let job = job();
        let results = answer(
            200,
            &json!({"mutateOperationResponses": [
                {"campaignBudgetResult": {"resourceName": "customers/1/campaignBudgets/9"}},
                {"campaignResult": {"resourceName": "customers/1/campaigns/2"}},
                {"campaignCriterionResult": {"resourceName": "customers/1/campaignCriteria/2~2840"}},
                {"adGroupResult": {"resourceName": "customers/1/adGroups/3"}},
                {"adGroupAdResult": {"resourceName": "customers/1/adGroupAds/3~4"}},
                {"adGroupCriterionResult": {"resourceName": "customers/1/adGroupCriteria/3~5"}},
            ]}),
        );
        let ids = |exchange: &Exchange| -> Vec<(ObjectKind, String)> {
            made(&job, exchange)
                .into_iter()
                .map(|m| (m.kind, m.external_id.0))
                .collect()
        };
        let want = [(ObjectKind::AdSet, "3".to_owned()), (ObjectKind::Ad, "3~4".to_owned())];
        assert_eq!(ids(&results), want);
        let rows = answer(
            200,
            &json!({"results": [{
                "campaign": {"id": "2"},
                "adGroup": {"resourceName": "customers/1/adGroups/3", "name": "n"},
                "adGroupAd": {"resourceName": "customers/1/adGroupAds/3~4"},
            }]}),
        );
        assert_eq!(ids(&rows), want);
        assert_eq!(ids(&answer(500, &json!({}))), []);
    }

    #[test]
    fn resource_names_are_of_one_collection() {
        assert_eq!(
            id_in("customers/1/campaigns/22", "campaigns"),
            Some(ExternalId("22".to_owned()))
        );
        for bad in [
            "customers/1/adGroups/22",
            "22",
            "customers/1/campaigns/",
            "customers/1/campaigns/-2",
        ] {
            assert_eq!(id_in(bad, "campaigns"), None, "{bad}");
        }
    }
}
