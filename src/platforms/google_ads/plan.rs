//! The request of each step.
//!
//! Invariants
//! - A create is one atomic request: partial results are never asked for.
//! - A change names the one field it sets in its mask; a status change says nothing else.
//! - The path holds no version and no host; the transport adds both.

use serde_json::{Value, json};

use super::{account::customer_id, read, tree};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        json::CanonicalJson,
        platform::{AccountId, ExternalId},
        refusal::Problem,
    },
    platforms::{
        Body, KnownIds, WireRequest,
        common::plan::{first, object_of, unknown_step},
    },
};

/// The request of a step.
pub fn plan(job: &Job, step: &Step, ids: &KnownIds) -> Result<WireRequest, Problem> {
    let account = &job.account.id;
    match step.action {
        StepAction::Create => {
            let operations = tree::operations(job).map_err(first)?;
            Ok(mutate(
                account,
                operations.iter().map(tree::Operation::to_json).collect(),
            ))
        }
        StepAction::Check => Ok(read::read(account, object_of(job, step, ids)?)),
        StepAction::Set if step.key == "set_budget" => {
            let (kind, micros) = tree::budget_micros(job.budget)?;
            let (id, field) = (object_of(job, step, ids)?, tree::amount_name(kind));
            let mut update = json!({"resourceName": resource(account, "campaignBudgets", id)});
            if let Some(fields) = update.as_object_mut() {
                fields.insert(field.to_owned(), json!(micros.to_string()));
            }
            let operation = json!({"campaignBudgetOperation": {"update": update, "updateMask": field}});
            Ok(mutate(account, vec![operation]))
        }
        StepAction::Set => {
            let campaign = resource(account, "campaigns", object_of(job, step, ids)?);
            let operation = match status_of(&step.key) {
                Some("REMOVED") => json!({ "remove": campaign }),
                Some(status) => json!({
                    "update": {"resourceName": campaign, "status": status},
                    "updateMask": "status",
                }),
                None => return Err(unknown_step("Google Ads", step)),
            };
            Ok(mutate(account, vec![json!({ "campaignOperation": operation })]))
        }
    }
}

/// `customers/1234567890/campaigns/22`.
pub fn resource(account: &AccountId, collection: &str, id: &ExternalId) -> String {
    format!("customers/{}/{collection}/{id}", customer_id(account))
}

fn mutate(account: &AccountId, operations: Vec<Value>) -> WireRequest {
    let body = json!({
        "mutateOperations": operations,
        "partialFailure": false,
        "validateOnly": false,
        "responseContentType": "RESOURCE_NAME_ONLY",
    });
    WireRequest::post(
        format!("/customers/{}/googleAds:mutate", customer_id(account)),
        Body::Json(CanonicalJson::new(&body)),
    )
}

/// The status a step leads to; `None` for steps that set something else.
pub fn status_of(key: &str) -> Option<&'static str> {
    match key {
        "activate" | "resume" => Some("ENABLED"),
        "pause" => Some("PAUSED"),
        "archive" => Some("REMOVED"),
        // `archive_tree`: takes back what that step made.
        k if k.starts_with("archive_") => Some("REMOVED"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::{
            common::testing,
            google_ads::{
                spec::check_request,
                steps,
                testing::{change, job, step},
            },
        },
    };

    fn ids() -> KnownIds {
        testing::ids(&[("tree", "22113344"), ("check", "998877")])
    }

    /// Every request of one ticket and its changes, as it leaves.
    #[test]
    fn the_requests_of_one_ticket() {
        use std::fmt::Write as _;
        let mut out = String::new();
        let requests = RequestType::ALL.iter().map(|r| match r {
            RequestType::Create => job(),
            other => change(*other),
        });
        for job in requests {
            for step in steps::steps(&job).unwrap() {
                let request = plan(&job, &step, &ids()).unwrap();
                assert_eq!(check_request(&request), [], "{}", step.key);
                let Body::Json(body) = &request.body else {
                    panic!("not JSON")
                };
                let body = serde_json::to_string_pretty(&body.value()).unwrap();
                writeln!(
                    out,
                    "{} [{:?}]  {:?} {}\n{body}",
                    step.key, step.action, request.method, request.path
                )
                .unwrap();
            }
        }
        insta::assert_snapshot!(out);
    }

    #[test]
    fn dashes_never_travel() {
        let mut job = job();
        job.account.id = "123-456-7890".parse().unwrap();
        for step in steps::steps(&job).unwrap() {
            let sent = serde_json::to_string(&plan(&job, &step, &ids()).unwrap()).unwrap();
            assert!(!sent.contains("123-456"), "{sent}");
            assert!(sent.contains("customers/1234567890"), "{sent}");
        }
    }

    #[test]
    fn a_step_without_its_parent_is_refused() {
        let problem = plan(&job(), &step(&job(), "activate"), &KnownIds::new()).unwrap_err();
        assert!(problem.reason.contains("tree"), "{problem:?}");
    }

    #[test]
    fn what_was_made_is_removed() {
        let job = job();
        let undo = &steps::archive_steps(&steps::steps(&job).unwrap())[0];
        let Body::Json(body) = plan(&job, undo, &ids()).unwrap().body else {
            panic!("not JSON")
        };
        let operation = &body.value()["mutateOperations"][0];
        assert_eq!(
            operation,
            &json!({"campaignOperation": {"remove": "customers/1234567890/campaigns/22113344"}})
        );
    }
}
