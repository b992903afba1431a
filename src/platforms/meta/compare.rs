//! What an object on Meta has different from what a step asked for.
//!
//! Compared is what would spend differently or somewhere else: name, account, status, objective, goal, budget, end, page
//! and link. Targeting is not: Meta rewrites it on the way in. Parents are compared by the look-up, which knows their ids.

use serde_json::Value;

use super::{
    plan,
    read::{budget, id},
    time,
};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        platform::ObjectKind,
    },
    platforms::{
        Found, KnownIds,
        common::{
            compare::{Differences, status_as_made},
            read::text,
        },
    },
};

/// An object as found, with what differs from what the step asked for. `None` when it has no id.
pub fn found(job: &Job, step: &Step, object: &Value) -> Option<Found> {
    let mut differences = Differences::default();
    let account = job.account.id.as_str().trim_start_matches("act_");
    if let Some(other) = text(object, "/account_id").filter(|a| a.trim_start_matches("act_") != account) {
        differences.of_account(&other, account);
    }
    match step.action {
        StepAction::Create => compare_created(job, step, object, &mut differences),
        StepAction::Set | StepAction::Check => {
            let status = (plan::status_of(&step.key), text(object, "/status"));
            differences.of_set(job, step, status, || budget(job, object));
        }
    }
    Some(Found {
        id: id(object)?,
        differences: differences.into_vec(),
    })
}

fn compare_created(job: &Job, step: &Step, object: &Value, differences: &mut Differences) {
    let Ok(form) = plan::create_form(job, step.kind, &KnownIds::new()) else {
        differences.not_comparable();
        return;
    };
    let wanted = |name: &str| form.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    match step.kind {
        ObjectKind::Creative | ObjectKind::Asset => {
            differences.differ("name", wanted("name"), text(object, "/name").as_deref());
            differences.differ(
                "post",
                wanted("object_story_id"),
                text(object, "/object_story_id").as_deref().filter(|_| {
                    // Meta gives every creative a post of its own; it counts only when one was asked for.
                    wanted("object_story_id").is_some()
                }),
            );
            let story: Value = wanted("object_story_spec")
                .and_then(|t| serde_json::from_str(t).ok())
                .unwrap_or_default();
            for (what, path) in [
                ("page", "/page_id"),
                ("link", "/link_data/link"),
                ("video", "/video_data/video_id"),
            ] {
                let want = text(&story, path);
                let have = text(object, &format!("/object_story_spec{path}"));
                if want.is_some() {
                    differences.differ(what, want.as_deref(), have.as_deref());
                }
            }
            if text(object, "/status").as_deref() == Some("DELETED") {
                differences.differ("status", Some("ACTIVE"), Some("DELETED"));
            }
        }
        kind => {
            for name in same_text(kind) {
                let mut have = text(object, &format!("/{name}"));
                if *name == "status" {
                    have = status_as_made(step, have, "ACTIVE", "PAUSED");
                }
                differences.differ(name, wanted(name), have.as_deref());
            }
            for name in same_budget(kind) {
                let have = text(object, &format!("/{name}")).filter(|v| v != "0");
                differences.differ(name, wanted(name), have.as_deref());
            }
            for name in ["stop_time", "end_time"] {
                let moment = |t: Option<&str>| t.and_then(time::parse);
                let (want, have) = (wanted(name), text(object, &format!("/{name}")));
                if want.is_some() && moment(want) != moment(have.as_deref()) {
                    differences.differ(name, want, have.as_deref());
                }
            }
        }
    }
}

const fn same_text(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => &["name", "status", "objective", "buying_type"],
        ObjectKind::AdSet => &["name", "status", "optimization_goal", "billing_event"],
        _ => &["name", "status"],
    }
}

const fn same_budget(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree | ObjectKind::AdSet => &["daily_budget", "lifetime_budget"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::meta::testing::{change, job, step},
    };

    fn campaign() -> Value {
        json!({
            "id": "1202", "account_id": "1001", "name": job().name, "status": "PAUSED", "objective": "OUTCOME_TRAFFIC",
            "buying_type": "AUCTION", "daily_budget": "120000", "lifetime_budget": "0",
        })
    }

    #[rstest]
    #[case::same("/status", json!("PAUSED"), None)]
    #[case::active("/status", json!("ACTIVE"), Some("status is ACTIVE, asked was PAUSED"))]
    #[case::budget("/daily_budget", json!("5000"), Some("daily_budget is 5000, asked was 120000"))]
    #[case::both("/lifetime_budget", json!("1"), Some("lifetime_budget is 1, asked was nothing"))]
    #[case::objective("/objective", json!("OUTCOME_SALES"), Some("objective is OUTCOME_SALES, asked was OUTCOME_TRAFFIC"))]
    #[case::account("/account_id", json!("7"), Some("it belongs to account 7, not 1001"))]
    fn a_campaign_is_compared_field_by_field(#[case] at: &str, #[case] value: Value, #[case] want: Option<&str>) {
        let job = job();
        let mut object = campaign();
        *object.pointer_mut(at).unwrap() = value;
        let found = found(&job, &step(&job, "campaign"), &object).unwrap();
        assert_eq!(found.differences, Vec::from_iter(want.map(str::to_owned)));
    }

    #[test]
    fn ends_are_compared_as_moments_and_creatives_by_page_and_link() {
        let job = job();
        let mut ad_set = json!({
            "id": "1203", "name": format!("{}_AdSet01", job.name), "status": "PAUSED",
            "optimization_goal": "LINK_CLICKS", "billing_event": "IMPRESSIONS", "end_time": "2027-01-01T05:00:00+0000",
        });
        let ad_set_step = step(&job, "ad_set");
        assert_eq!(
            found(&job, &ad_set_step, &ad_set).unwrap().differences,
            Vec::<String>::new()
        );
        ad_set["end_time"] = json!("2027-01-02T05:00:00+0000");
        assert_eq!(found(&job, &ad_set_step, &ad_set).unwrap().differences.len(), 1);

        let creative = json!({
            "id": "1204", "name": format!("{}_Creative01", job.name), "object_story_id": "111_9",
            "object_story_spec": {"page_id": "112", "link_data": {"link": "https://example.com/launch"}},
        });
        assert_eq!(
            found(&job, &step(&job, "creative"), &creative).unwrap().differences,
            ["page is 112, asked was 111"]
        );
    }

    #[test]
    fn a_set_is_compared_with_what_it_sets() {
        let job = change(RequestType::UpdateBudget, ObjectKind::Campaign);
        let object = campaign();
        assert_eq!(
            found(&job, &step(&job, "set_budget"), &object).unwrap().differences,
            ["budget is USD 1,200.00, asked was USD 1,500.00"]
        );
        assert_eq!(found(&job, &step(&job, "check"), &object).unwrap().differences.len(), 0);
    }
}
