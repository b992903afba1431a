//! Reading objects back: which fields, and what an answer holds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    compare,
    errors::{Read, read_body},
    interpret::interpret,
    media, money,
};
use crate::{
    engine::model::{
        deploy::{Job, Outcome, Step},
        money::{Budget, BudgetKind},
        platform::{ExternalId, ObjectKind},
        time::Timestamp,
    },
    platforms::{
        Exchange, Found, WireRequest,
        common::read::{self, text},
    },
};

/// The edge of an ad account that lists and creates a kind of object.
pub const fn edge(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "campaigns",
        ObjectKind::AdSet => "adsets",
        ObjectKind::Creative | ObjectKind::Asset => "adcreatives",
        ObjectKind::Ad => "ads",
    }
}

/// What is asked of a kind of object; without `fields` Meta answers the id alone.
pub const fn fields(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => {
            "id,account_id,name,status,effective_status,objective,buying_type,daily_budget,lifetime_budget,stop_time,created_time"
        }
        ObjectKind::AdSet => {
            "id,account_id,name,status,effective_status,campaign_id,optimization_goal,billing_event,daily_budget,lifetime_budget,end_time,created_time"
        }
        ObjectKind::Ad => "id,account_id,name,status,effective_status,campaign_id,adset_id,creative,created_time",
        // A creative says neither when it was made nor more of a status than "deleted".
        ObjectKind::Creative | ObjectKind::Asset => "id,account_id,name,status,object_story_spec,object_story_id",
    }
}

/// The request that reads one object.
pub fn read(job: &Job, step: &Step, id: &ExternalId) -> WireRequest {
    if step.kind == ObjectKind::Asset {
        return media::read(job, step, id);
    }
    WireRequest::get(
        format!("/{id}"),
        vec![("fields".to_owned(), fields(step.kind).to_owned())],
    )
}

/// The object's id, if it is one.
pub fn id(object: &Value) -> Option<ExternalId> {
    read::id(object, "/id")
}

/// The budget an object carries.
pub fn budget(job: &Job, object: &Value) -> Option<Budget> {
    [
        (BudgetKind::Daily, "/daily_budget"),
        (BudgetKind::Lifetime, "/lifetime_budget"),
    ]
    .into_iter()
    .find_map(|(kind, path)| {
        let units: u64 = text(object, path)?.parse().ok().filter(|u| *u > 0)?;
        let money = money::from_units(units, job.account.currency).ok()?;
        Some(Budget { kind, money })
    })
}

/// Words in an object's status that say it can no longer be changed.
pub fn gone(object: &Value) -> Option<String> {
    let words: BTreeSet<String> = ["/status", "/effective_status"]
        .into_iter()
        .filter_map(|p| text(object, p))
        .collect();
    ["DELETED", "ARCHIVED"]
        .into_iter()
        .find(|w| words.contains(*w))
        .map(str::to_lowercase)
}

/// The object a read answered; `None` when it answered something else.
fn object(exchange: &Exchange) -> Option<Value> {
    match exchange.as_ref().map(read_body) {
        Ok(Read::Json(body)) if id(&body).is_some() => Some(body),
        _ => None,
    }
}

/// What a read says, compared with what the step asked for. `Ok(None)` = there is no such object, or we may not see it.
pub fn interpret_read(
    job: &Job,
    step: &Step,
    exchange: &Exchange,
    now: Timestamp,
) -> Result<Option<Found>, Box<Outcome>> {
    if step.kind == ObjectKind::Asset {
        let body = exchange.as_ref().ok().map(read_body);
        if let Some(Read::Json(body)) = body
            && let Some(read) = media::read_back(step, &body)
        {
            return Ok(read.into_iter().next());
        }
    } else if let Some(found) = object(exchange).and_then(|o| compare::found(job, step, &o)) {
        return Ok(Some(found));
    }
    let outcome = failed_read(job, step, exchange, now);
    if outcome.code.as_deref() == Some(NO_SUCH_OBJECT) {
        return Ok(None);
    }
    Err(Box::new(outcome))
}

/// "Object missing, or not visible to the token".
pub const NO_SUCH_OBJECT: &str = "100/33";

/// Why a read gave nothing to count on.
pub fn failed_read(job: &Job, step: &Step, exchange: &Exchange, now: Timestamp) -> Outcome {
    read::failed(step, |as_read| interpret(job, as_read, exchange, now))
}

/// The budget an object carries, from an answer to a read.
pub fn read_budget(job: &Job, exchange: &Exchange) -> Option<Budget> {
    budget(job, &object(exchange)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::deploy::OutcomeClass,
        platforms::{
            Lost,
            meta::{
                spec::{Node, check_request_on},
                testing::{answer, budget as usd, job, step},
            },
        },
    };

    #[test]
    fn every_field_asked_for_exists() {
        for (kind, node) in [
            (ObjectKind::Campaign, Node::Campaign),
            (ObjectKind::AdSet, Node::AdSet),
            (ObjectKind::Ad, Node::Ad),
            (ObjectKind::Creative, Node::AdCreative),
        ] {
            let mut step = step(&job(), "campaign");
            step.kind = kind;
            assert_eq!(
                check_request_on(node, &read(&job(), &step, &ExternalId("12".to_owned()))),
                []
            );
        }
    }

    #[test]
    fn a_read_finds_misses_or_fails() {
        let job = job();
        let step = step(&job, "campaign");
        let now = Timestamp::default();
        let said = |exchange: &Exchange| interpret_read(&job, &step, exchange, now);
        let found = said(&answer(200, &json!({"id": "1202", "name": "other"})))
            .unwrap()
            .unwrap();
        assert_eq!(found.id.0, "1202");
        assert!(!found.differences.is_empty());
        let missing = json!({"error": {"code": 100, "error_subcode": 33, "message": "does not exist"}});
        assert_eq!(said(&answer(400, &missing)), Ok(None));
        for failed in [
            answer(200, &json!({"success": true})),
            answer(503, &json!({})),
            Err(Lost::InDoubt {
                why: "timed out".to_owned(),
            }),
        ] {
            assert_eq!(said(&failed).unwrap_err().class, OutcomeClass::NotExecuted);
        }
    }

    #[test]
    fn budgets_are_read_in_the_accounts_currency() {
        let job = job();
        let read = |daily: &str, lifetime: &str| {
            let body = json!({"id": "1", "daily_budget": daily, "lifetime_budget": lifetime});
            read_budget(&job, &answer(200, &body))
        };
        assert_eq!(read("120000", "0"), Some(usd(BudgetKind::Daily, "1200")));
        assert_eq!(read("0", "5"), Some(usd(BudgetKind::Lifetime, "0.05")));
        assert_eq!(read("0", "0"), None);
    }
}
