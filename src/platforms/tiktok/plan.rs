//! The request of each step.
//!
//! Invariants
//! - Every create says DISABLE; only the activation steps say ENABLE.
//! - The budget is on the campaign or on the ad group, as `campaign.budget_level` says. Under a campaign budget the ad
//!   group still names the same amount, because the specification requires the field; TikTok ignores it then.
//! - Every path ends in a slash, every id is text, every budget a number.

use serde_json::{Map, Value, json};

use super::{
    media, money,
    payload::{self, BudgetLevel},
    read, request_id, steps, time,
};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        json::CanonicalJson,
        money::{Budget, BudgetKind},
        platform::{ExternalId, ObjectKind},
        refusal::Problem,
    },
    platforms::{
        Body, KnownIds, WireRequest,
        common::{
            budget, flight,
            plan::{first, known, object_of, unknown_step},
        },
        files::JobFiles,
    },
};

/// Fields of an object by name.
pub type Fields = Map<String, Value>;

/// The request of a step.
pub fn plan(job: &Job, step: &Step, ids: &KnownIds) -> Result<WireRequest, Problem> {
    match step.action {
        StepAction::Create if step.kind == ObjectKind::Asset => media::upload(job, step),
        StepAction::Create => create(job, step, ids),
        StepAction::Set => set(job, step, object_of(job, step, ids)?),
        StepAction::Check => Ok(read::read(job, step, object_of(job, step, ids)?)),
    }
}

fn post(path: String, body: Fields) -> WireRequest {
    WireRequest::post(path, Body::Json(CanonicalJson::new(&Value::Object(body))))
}

fn create(job: &Job, step: &Step, ids: &KnownIds) -> Result<WireRequest, Problem> {
    let mut fields = created(job, step.kind).map_err(first)?;
    if step.kind == ObjectKind::Ad {
        for upload in JobFiles::of(job, media::SECTION).steps() {
            known(ids, &upload.key)?;
        }
        media::fill(&mut fields, ids);
    }
    let mut body = Fields::new();
    match step.kind {
        ObjectKind::Ad | ObjectKind::Creative | ObjectKind::Asset => {
            body.insert("adgroup_id".to_owned(), json!(known(ids, "ad_group")?.0));
            // One creative a call, so that a lost answer is about one ad.
            body.insert("creatives".to_owned(), json!([fields]));
        }
        ObjectKind::AdSet => {
            body = fields;
            body.insert("campaign_id".to_owned(), json!(known(ids, "campaign")?.0));
        }
        ObjectKind::Campaign | ObjectKind::Tree => body = fields,
    }
    body.insert("advertiser_id".to_owned(), json!(job.account.id));
    if step.kind != ObjectKind::Ad {
        // The ad's create knows no such field.
        // It follows from the parent's id; where that is only a placeholder, so is this.
        let id = if ids.values().any(ExternalId::is_placeholder) {
            request_id::PLACEHOLDER.to_owned()
        } else {
            request_id::of(job, step, &Value::Object(body.clone()))
        };
        body.insert("request_id".to_owned(), json!(id));
    }
    Ok(post(format!("/{}/create/", read::noun(step.kind)), body))
}

/// The fields an object is created with, without account, parent, request id and uploaded files. Also what a look-up
/// compares with.
pub fn created(job: &Job, kind: ObjectKind) -> Result<Fields, Vec<Problem>> {
    let mut fields = payload::section(job, kind)?;
    let one = |p: Problem| vec![p];
    let level = BudgetLevel::of(job).map_err(one)?;
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put(read::name_field(kind), json!(steps::object_name(job, kind)));
    put("operation_status", json!("DISABLE"));
    match (kind, level) {
        (ObjectKind::Campaign | ObjectKind::Tree, BudgetLevel::AdGroup) => {
            put("budget_mode", json!("BUDGET_MODE_INFINITE"));
            put("budget_optimize_on", json!(false));
        }
        (ObjectKind::Campaign | ObjectKind::Tree, BudgetLevel::Campaign) => {
            let (budget, amount) = budget_of(job).map_err(one)?;
            put("budget_mode", json!(campaign_mode(job, budget.kind)));
            put("budget", amount);
            put("budget_optimize_on", json!(true));
        }
        (ObjectKind::AdSet, _) => {
            let (budget, amount) = budget_of(job).map_err(one)?;
            put("budget_mode", json!(ad_group_mode(budget.kind)));
            put("budget", amount);
            let (start, end) = times(job).map_err(one)?;
            put("schedule_start_time", json!(start));
            match end {
                Some(end) => {
                    put("schedule_type", json!("SCHEDULE_START_END"));
                    put("schedule_end_time", json!(end));
                }
                None => {
                    put("schedule_type", json!("SCHEDULE_FROM_NOW"));
                }
            }
        }
        (ObjectKind::Ad | ObjectKind::Creative | ObjectKind::Asset, _) => {}
    }
    Ok(fields)
}

/// A campaign's own daily budget is strict only for the objectives that allow it; for the others a day may take a
/// quarter more, and a week evens it out.
fn campaign_mode(job: &Job, kind: BudgetKind) -> &'static str {
    let payload = job.payload.value();
    let objective = payload.pointer("/campaign/objective_type").and_then(Value::as_str);
    match (kind, objective) {
        (BudgetKind::Lifetime, _) => "BUDGET_MODE_TOTAL",
        (BudgetKind::Daily, Some("REACH" | "VIDEO_VIEWS" | "ENGAGEMENT")) => "BUDGET_MODE_DAY",
        (BudgetKind::Daily, _) => "BUDGET_MODE_DYNAMIC_DAILY_BUDGET",
    }
}

const fn ad_group_mode(kind: BudgetKind) -> &'static str {
    match kind {
        BudgetKind::Daily => "BUDGET_MODE_DAY",
        BudgetKind::Lifetime => "BUDGET_MODE_TOTAL",
    }
}

/// What a set step writes.
fn set(job: &Job, step: &Step, id: &ExternalId) -> Result<WireRequest, Problem> {
    let noun = read::noun(step.kind);
    let mut body = Fields::new();
    body.insert("advertiser_id".to_owned(), json!(job.account.id));
    if step.key == "set_budget" {
        let (_, amount) = budget_of(job)?;
        body.insert(read::id_field(step.kind).to_owned(), json!(id.0));
        body.insert("budget".to_owned(), amount);
        return Ok(post(format!("/{noun}/update/"), body));
    }
    let status = status_of(&step.key).ok_or_else(|| unknown_step("TikTok", step))?;
    body.insert(read::ids_field(step.kind).to_owned(), json!([id.0]));
    body.insert("operation_status".to_owned(), json!(status));
    Ok(post(format!("/{noun}/status/update/"), body))
}

/// The status a step sets; `None` for steps that set something else. TikTok has no archive: putting away is deleting,
/// for good.
pub fn status_of(key: &str) -> Option<&'static str> {
    match key {
        "activate" | "activate_ad" | "activate_ad_group" | "resume" => Some("ENABLE"),
        "hold" | "pause" => Some("DISABLE"),
        "archive" => Some("DELETE"),
        // `archive_campaign`: takes back what that step made.
        k if k.starts_with("archive_") => Some("DELETE"),
        _ => None,
    }
}

/// The ticket's budget and its amount as TikTok takes it.
pub fn budget_of(job: &Job) -> Result<(Budget, Value), Problem> {
    budget::counted(job.budget, "TikTok", |money| money::to_number(money).map(Value::Number))
}

/// Start and end as TikTok writes them, at day boundaries of the account's zone.
pub fn times(job: &Job) -> Result<(String, Option<String>), Problem> {
    flight::times(job, time::day_start, time::day_end)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::tiktok::{
            spec::check_request,
            testing::{budget, change, ids, job, set, step},
        },
    };

    fn body(job: &Job, key: &str) -> Value {
        let request = plan(job, &step(job, key), &ids()).unwrap();
        assert_eq!(check_request(&request), []);
        match request.body {
            Body::Json(json) => json.value(),
            _ => panic!("not JSON"),
        }
    }

    /// Every request of one ticket, as it leaves.
    #[test]
    fn the_requests_of_one_ticket() {
        use std::fmt::Write as _;
        let mut job = job();
        let mut out = String::new();
        let mut write = |job: &Job| {
            for step in steps::steps(job).unwrap() {
                let request = plan(job, &step, &ids()).unwrap();
                assert_eq!(check_request(&request), [], "{}", step.key);
                writeln!(
                    out,
                    "{} [{:?}]  {:?} {}",
                    step.key, step.action, request.method, request.path
                )
                .unwrap();
                match &request.body {
                    Body::Json(json) => {
                        for (k, v) in json.value().as_object().unwrap() {
                            writeln!(out, "  {k} = {v}").unwrap();
                        }
                    }
                    _ => {
                        for (k, v) in &request.query {
                            writeln!(out, "  ?{k} = {v}").unwrap();
                        }
                    }
                }
            }
        };
        write(&job);
        set(&mut job, "campaign.budget_level", json!("campaign"));
        job.budget = Some(budget(BudgetKind::Lifetime, "37200.50"));
        write(&job);
        write(&change(RequestType::UpdateBudget, ObjectKind::AdSet));
        write(&change(RequestType::Pause, ObjectKind::Campaign));
        write(&change(RequestType::Archive, ObjectKind::Ad));
        insta::assert_snapshot!(out);
    }

    #[rstest]
    #[case::on_ad_group("ad_group", "TRAFFIC", BudgetKind::Daily, ("BUDGET_MODE_INFINITE", None), "BUDGET_MODE_DAY")]
    #[case::lifetime_on_ad_group("ad_group", "REACH", BudgetKind::Lifetime, ("BUDGET_MODE_INFINITE", None), "BUDGET_MODE_TOTAL")]
    #[case::on_campaign("campaign", "TRAFFIC", BudgetKind::Daily, ("BUDGET_MODE_DYNAMIC_DAILY_BUDGET", Some(3000)), "BUDGET_MODE_DAY")]
    #[case::strict_days("campaign", "REACH", BudgetKind::Daily, ("BUDGET_MODE_DAY", Some(3000)), "BUDGET_MODE_DAY")]
    #[case::lifetime_on_campaign("campaign", "REACH", BudgetKind::Lifetime, ("BUDGET_MODE_TOTAL", Some(3000)), "BUDGET_MODE_TOTAL")]
    fn the_budget_is_where_the_ticket_wants_it(
        #[case] level: &str,
        #[case] objective: &str,
        #[case] kind: BudgetKind,
        #[case] campaign: (&str, Option<u64>),
        #[case] ad_group: &str,
    ) {
        let mut job = job();
        set(&mut job, "campaign.budget_level", json!(level));
        set(&mut job, "campaign.objective_type", json!(objective));
        job.budget = Some(budget(kind, "3000"));
        let sent = body(&job, "campaign");
        assert_eq!(sent["budget_mode"], campaign.0);
        assert_eq!(sent.get("budget").and_then(Value::as_u64), campaign.1);
        assert_eq!(sent["budget_optimize_on"], json!(level == "campaign"));
        let sent = body(&job, "ad_group");
        assert_eq!(
            (&sent["budget_mode"], &sent["budget"]),
            (&json!(ad_group), &json!(3000))
        );
        for key in ["campaign", "ad_group"] {
            assert_eq!(body(&job, key)["operation_status"], "DISABLE");
        }
        assert_eq!(body(&job, "ad")["creatives"][0]["operation_status"], "DISABLE");
    }

    #[test]
    fn a_flight_without_an_end_runs_on() {
        let mut job = job();
        job.flight.as_mut().unwrap().end = None;
        let sent = body(&job, "ad_group");
        assert_eq!(sent["schedule_type"], "SCHEDULE_FROM_NOW");
        assert_eq!(sent["schedule_start_time"], "2026-12-01 05:00:00");
        assert!(sent.get("schedule_end_time").is_none());
    }

    #[test]
    fn a_step_keeps_its_request_id_over_attempts_and_the_ad_has_none() {
        let job = job();
        let mut again = step(&job, "campaign");
        again.tries = 3;
        let id = body(&job, "campaign")["request_id"].clone();
        let request = plan(&job, &again, &ids()).unwrap();
        assert!(matches!(&request.body, Body::Json(b) if b.value()["request_id"] == id));
        assert!(body(&job, "ad").get("request_id").is_none());
        assert_ne!(body(&job, "ad_group")["request_id"], id);
    }

    #[test]
    fn a_step_without_its_parent_is_refused() {
        let job = job();
        let problem = plan(&job, &step(&job, "ad"), &KnownIds::new()).unwrap_err();
        assert!(problem.reason.contains("ad_group"), "{problem:?}");
    }

    #[test]
    fn a_step_can_take_back_what_another_made() {
        let job = job();
        let away = steps::archive_steps(&steps::steps(&job).unwrap());
        for (undo, path) in away.iter().zip([
            "/ad/status/update/",
            "/adgroup/status/update/",
            "/campaign/status/update/",
        ]) {
            let request = plan(&job, undo, &ids()).unwrap();
            assert_eq!((request.path.as_str(), check_request(&request)), (path, vec![]));
            assert!(matches!(&request.body, Body::Json(b) if b.value()["operation_status"] == "DELETE"));
        }
    }
}
