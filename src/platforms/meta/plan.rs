//! The request of each step.
//!
//! Invariants
//! - Every create says PAUSED; only the activation steps say ACTIVE.
//! - The budget goes on the campaign or on the ad set, as `campaign.budget_level` says, never on both. The bid strategy
//!   goes with it (and on the campaign when ad sets share budget: Meta asks for it there).
//! - The path holds no version and no host; the transport adds both.

use serde_json::{Map, Value, json};

use super::{
    media, money,
    payload::{self, BudgetLevel},
    read, steps, time,
};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        money::{Budget, BudgetKind},
        platform::ObjectKind,
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

/// The parameters of a create, in the order they are sent.
pub type Form = Vec<(String, String)>;

/// The request of a step.
pub fn plan(job: &Job, step: &Step, ids: &KnownIds) -> Result<WireRequest, Problem> {
    match step.action {
        StepAction::Create if step.kind == ObjectKind::Asset => media::upload(job, step),
        StepAction::Create => {
            if step.kind == ObjectKind::Creative {
                for upload in JobFiles::of(job, media::SECTION).steps() {
                    known(ids, &upload.key)?;
                }
            }
            let mut form = create_form(job, step.kind, ids).map_err(first)?;
            form.splice(1..1, parents(step.kind, ids)?);
            let edge = read::edge(step.kind);
            Ok(post(format!("/{}/{edge}", job.account.id), form))
        }
        StepAction::Set => {
            let id = object_of(job, step, ids)?;
            Ok(post(format!("/{id}"), vec![set_param(job, step)?]))
        }
        StepAction::Check => Ok(read::read(job, step, object_of(job, step, ids)?)),
    }
}

fn post(path: String, form: Form) -> WireRequest {
    WireRequest::post(path, Body::Form(form))
}

/// What a create sends, without the ids of its parents (they come second, after the name). Also what a look-up compares
/// with. `ids` = what was uploaded for it, as far as it is known.
pub fn create_form(job: &Job, kind: ObjectKind, ids: &KnownIds) -> Result<Form, Vec<Problem>> {
    let mut fields = payload::section(job, kind)?;
    let level = BudgetLevel::of(job).map_err(|p| vec![p])?;
    let mut form: Form = vec![("name".to_owned(), steps::object_name(job, kind))];
    let one = |p: Problem| vec![p];
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => {
            pair(&mut form, "status", "PAUSED");
            campaign_rules(&mut fields, level);
            if level == BudgetLevel::Campaign {
                form.push(budget_param(job).map_err(one)?);
                // A lifetime budget needs an end on the object that carries it.
                if job.budget.is_some_and(|b| b.kind == BudgetKind::Lifetime) {
                    let (start, end) = times(job).map_err(one)?;
                    pair(&mut form, "start_time", &start);
                    if let Some(end) = end {
                        pair(&mut form, "stop_time", &end);
                    }
                }
            }
        }
        ObjectKind::AdSet => {
            pair(&mut form, "status", "PAUSED");
            if level == BudgetLevel::AdSet {
                form.push(budget_param(job).map_err(one)?);
                if let Some(strategy) = bid_strategy(job).filter(|_| !shares_budget(job)) {
                    pair(&mut form, "bid_strategy", &payload::form_text(&strategy));
                }
            }
            let (start, end) = times(job).map_err(one)?;
            pair(&mut form, "start_time", &start);
            if let Some(end) = end {
                pair(&mut form, "end_time", &end);
            }
        }
        ObjectKind::Ad => pair(&mut form, "status", "PAUSED"),
        ObjectKind::Creative => media::fill(&mut fields, ids),
        ObjectKind::Asset => {}
    }
    form.extend(fields.iter().map(|(k, v)| (k.clone(), payload::form_text(v))));
    Ok(form)
}

fn pair(form: &mut Form, name: &str, text: &str) {
    form.push((name.to_owned(), text.to_owned()));
}

/// What a campaign must say even when the ticket does not.
fn campaign_rules(fields: &mut Map<String, Value>, level: BudgetLevel) {
    fields.entry("buying_type").or_insert_with(|| json!("AUCTION"));
    fields.entry("special_ad_categories").or_insert_with(|| json!(["NONE"]));
    if level == BudgetLevel::AdSet {
        let shared = fields
            .entry("is_adset_budget_sharing_enabled")
            .or_insert_with(|| json!(false));
        // Without a budget of its own a campaign may name a bid strategy only when its ad sets share theirs.
        if shared != &json!(true) {
            fields.remove("bid_strategy");
        }
    }
}

fn bid_strategy(job: &Job) -> Option<Value> {
    let campaign = payload::section(job, ObjectKind::Campaign).ok()?;
    campaign.get("bid_strategy").cloned()
}

/// True when the ticket lets ad sets share their budgets.
pub fn shares_budget(job: &Job) -> bool {
    let payload = job.payload.value();
    payload.pointer("/campaign/is_adset_budget_sharing_enabled") == Some(&json!(true))
}

/// Which kinds of object must exist before one, and what the parameter that names them is called.
fn parents(kind: ObjectKind, ids: &KnownIds) -> Result<Form, Problem> {
    let id = |key: &str| known(ids, key).map(|id| id.0.clone());
    Ok(match kind {
        ObjectKind::AdSet => vec![("campaign_id".to_owned(), id("campaign")?)],
        ObjectKind::Ad => vec![
            ("adset_id".to_owned(), id("ad_set")?),
            (
                "creative".to_owned(),
                json!({ "creative_id": id("creative")? }).to_string(),
            ),
        ],
        ObjectKind::Campaign | ObjectKind::Tree | ObjectKind::Creative | ObjectKind::Asset => Vec::new(),
    })
}

/// What a set step writes.
fn set_param(job: &Job, step: &Step) -> Result<(String, String), Problem> {
    if step.key == "set_budget" {
        return budget_param(job);
    }
    status_of(&step.key)
        .map(|s| ("status".to_owned(), s.to_owned()))
        .ok_or_else(|| unknown_step("Meta", step))
}

/// The status a step sets; `None` for steps that set something else.
pub fn status_of(key: &str) -> Option<&'static str> {
    match key {
        "activate" | "activate_ad" | "activate_ad_set" | "resume" => Some("ACTIVE"),
        "pause" => Some("PAUSED"),
        "archive" => Some("ARCHIVED"),
        // `archive_campaign`: takes back what that step made.
        k if k.starts_with("archive_") => Some("ARCHIVED"),
        _ => None,
    }
}

/// `daily_budget=120000`.
pub fn budget_param(job: &Job) -> Result<(String, String), Problem> {
    let (budget, units) = budget::counted(job.budget, "Meta", money::to_units)?;
    Ok((budget_name(budget).to_owned(), units.to_string()))
}

/// The parameter a budget goes to.
pub const fn budget_name(budget: Budget) -> &'static str {
    match budget.kind {
        BudgetKind::Daily => "daily_budget",
        BudgetKind::Lifetime => "lifetime_budget",
    }
}

/// Start and end as Meta writes them, at day boundaries of the account's zone.
pub fn times(job: &Job) -> Result<(String, Option<String>), Problem> {
    let (start, end) = flight::times(job, time::day_start, time::day_end)?;
    Ok((start.text, end.map(|e| e.text)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::{
            common::testing,
            meta::{
                spec::check_request,
                testing::{budget, change, job, set, step},
            },
        },
    };

    fn ids() -> KnownIds {
        testing::ids(&[
            ("campaign", "1202"),
            ("ad_set", "1203"),
            ("creative", "1204"),
            ("ad", "1205"),
        ])
    }

    fn form(job: &Job, key: &str) -> std::collections::BTreeMap<String, String> {
        let request = plan(job, &step(job, key), &ids()).unwrap();
        assert_eq!(check_request(&request), []);
        match request.body {
            Body::Form(pairs) => pairs.into_iter().collect(),
            _ => panic!("not a form"),
        }
    }

    /// Every request of one ticket, as it leaves.
    #[test]
    fn the_requests_of_one_ticket() {
        let mut job = job();
        let mut out = String::new();
        let mut write = |job: &Job| {
            for step in steps::steps(job).unwrap() {
                use std::fmt::Write as _;
                let request = plan(job, &step, &ids()).unwrap();
                assert_eq!(check_request(&request), [], "{}", step.key);
                writeln!(
                    out,
                    "{} [{:?}]  {:?} {}",
                    step.key, step.action, request.method, request.path
                )
                .unwrap();
                let pairs = match &request.body {
                    Body::Form(pairs) => pairs,
                    _ => &request.query,
                };
                for (k, v) in pairs {
                    writeln!(out, "  {k} = {v}").unwrap();
                }
            }
        };
        write(&job);
        set(&mut job, "campaign.budget_level", json!("ad_set"));
        job.budget = Some(budget(BudgetKind::Lifetime, "37200"));
        write(&job);
        write(&change(RequestType::UpdateBudget, ObjectKind::Campaign));
        write(&change(RequestType::Pause, ObjectKind::Campaign));
        insta::assert_snapshot!(out);
    }

    #[rstest]
    #[case::on_campaign("campaign", BudgetKind::Daily, Some("daily_budget"), None)]
    #[case::on_ad_set("ad_set", BudgetKind::Daily, None, Some("daily_budget"))]
    #[case::lifetime_on_campaign("campaign", BudgetKind::Lifetime, Some("lifetime_budget"), None)]
    #[case::lifetime_on_ad_set("ad_set", BudgetKind::Lifetime, None, Some("lifetime_budget"))]
    fn the_budget_is_on_one_level_only(
        #[case] level: &str,
        #[case] kind: BudgetKind,
        #[case] campaign: Option<&str>,
        #[case] ad_set: Option<&str>,
    ) {
        let mut job = job();
        set(&mut job, "campaign.budget_level", json!(level));
        job.budget = Some(budget(kind, "3000"));
        for (key, want) in [("campaign", campaign), ("ad_set", ad_set)] {
            let form = form(&job, key);
            for name in ["daily_budget", "lifetime_budget"] {
                let want = (want == Some(name)).then_some("300000");
                assert_eq!(form.get(name).map(String::as_str), want, "{key}.{name}");
            }
            assert_eq!(form.contains_key("bid_strategy"), want.is_some(), "{key}.bid_strategy");
            assert_eq!(form["status"], "PAUSED");
        }
        let stop = form(&job, "campaign").get("stop_time").cloned();
        let needs_stop = level == "campaign" && kind == BudgetKind::Lifetime;
        assert_eq!(stop.is_some(), needs_stop);
    }

    #[test]
    fn budget_sharing_is_always_said_when_the_ad_set_has_the_budget() {
        let mut job = job();
        set(&mut job, "campaign.budget_level", json!("ad_set"));
        set(&mut job, "campaign.is_adset_budget_sharing_enabled", Value::Null);
        assert_eq!(form(&job, "campaign")["is_adset_budget_sharing_enabled"], "false");
        set(&mut job, "campaign.is_adset_budget_sharing_enabled", json!(true));
        assert_eq!(form(&job, "campaign")["bid_strategy"], "LOWEST_COST_WITHOUT_CAP");
        assert!(!form(&job, "ad_set").contains_key("bid_strategy"));
    }

    #[test]
    fn a_step_without_its_parent_is_refused() {
        let job = job();
        let problem = plan(&job, &step(&job, "ad"), &KnownIds::new()).unwrap_err();
        assert!(problem.reason.contains("ad_set"), "{problem:?}");
    }

    #[test]
    fn a_step_can_take_back_what_another_made() {
        let job = job();
        for (undo, id) in steps::archive_steps(&steps::steps(&job).unwrap())
            .iter()
            .zip(["1205", "1203", "1202"])
        {
            let request = plan(&job, undo, &ids()).unwrap();
            assert_eq!(request.path, format!("/{id}"));
            assert_eq!(
                request.body,
                Body::Form(vec![("status".to_owned(), "ARCHIVED".to_owned())])
            );
        }
    }
}
