//! What an object on TikTok has different from what a step asked for.
//!
//! Compared is what would spend differently or somewhere else: name, account, status, objective, goal, budget, end,
//! identity, material and link. Targeting is not: TikTok normalises it on the way in. Parents are compared by the
//! look-up, which knows their ids.

use serde_json::Value;

use super::{
    money,
    payload::BudgetLevel,
    plan,
    read::{budget, id, is_gone, text},
    time,
};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        platform::ObjectKind,
    },
    platforms::{
        Found,
        common::compare::{Differences, status_as_made},
    },
};

/// An object as found, with what differs from what the step asked for. `None` when it has no id.
pub fn found(job: &Job, step: &Step, object: &Value) -> Option<Found> {
    let mut differences = Differences::default();
    let account = job.account.id.as_str();
    if let Some(other) = text(object, "advertiser_id").filter(|a| a != account) {
        differences.of_account(&other, account);
    }
    match step.action {
        StepAction::Create => compare_created(job, step, object, &mut differences),
        StepAction::Set | StepAction::Check => {
            let status = (plan::status_of(&step.key), text(object, "operation_status"));
            differences.of_set(job, step, status, || budget(job, object));
        }
    }
    Some(Found {
        id: id(step.kind, object)?,
        differences: differences.into_vec(),
    })
}

fn compare_created(job: &Job, step: &Step, object: &Value, differences: &mut Differences) {
    let Ok(wanted) = plan::created(job, step.kind) else {
        differences.not_comparable();
        return;
    };
    let wanted = Value::Object(wanted);
    if is_gone(object) {
        differences.differ("status", Some("DISABLE"), Some("DELETE"));
    } else {
        let have = status_as_made(step, text(object, "operation_status"), "ENABLE", "DISABLE");
        differences.differ("operation_status", text(&wanted, "operation_status"), have);
    }
    // Under a campaign budget TikTok ignores what the ad group asked for, and shows none or its own.
    let spread = step.kind == ObjectKind::AdSet && BudgetLevel::of(job) == Ok(BudgetLevel::Campaign);
    for field in same(step.kind).iter().filter(|f| !(spread && **f == "budget_mode")) {
        let want = text(&wanted, field);
        // What was not asked for, TikTok may fill in itself.
        if want.is_some() {
            differences.differ(field, want, text(object, field));
        }
    }
    let amount = |v: &Value| {
        let money = v
            .get("budget")
            .and_then(|b| money::from_value(b, job.account.currency).ok());
        // An unlimited campaign shows a budget of 0.
        money.filter(|m| !m.amount().is_zero()).map(|m| m.to_string())
    };
    if step.kind != ObjectKind::Ad && !spread {
        differences.differ("budget", amount(&wanted), amount(object));
    }
    let moment = |v: &Value| text(v, "schedule_end_time").and_then(|t| time::parse(&t));
    if moment(&wanted).is_some() && moment(&wanted) != moment(object) {
        differences.differ(
            "schedule_end_time",
            text(&wanted, "schedule_end_time"),
            text(object, "schedule_end_time"),
        );
    }
}

const fn same(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => &["campaign_name", "objective_type", "budget_mode"],
        ObjectKind::AdSet => &["adgroup_name", "optimization_goal", "billing_event", "budget_mode"],
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => &[
            "ad_name",
            "ad_format",
            "identity_id",
            "video_id",
            "tiktok_item_id",
            "landing_page_url",
        ],
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::tiktok::testing::{change, job, step},
    };

    fn ad_group() -> Value {
        json!({
            "advertiser_id": "7000000000000000001", "adgroup_id": "18", "campaign_id": "17",
            "adgroup_name": format!("{}_AdGroup01", job().name), "operation_status": "DISABLE",
            "optimization_goal": "CLICK", "billing_event": "CPC", "budget_mode": "BUDGET_MODE_DAY", "budget": 120.0,
            "schedule_end_time": "2027-01-01 05:00:00",
        })
    }

    #[rstest]
    #[case::same("/budget", json!(120), None)]
    #[case::budget_as_text("/budget", json!("120.00"), None)]
    #[case::budget("/budget", json!(50.0), Some("budget is USD 50.00, asked was USD 120.00"))]
    #[case::mode("/budget_mode", json!("BUDGET_MODE_TOTAL"), Some("budget_mode is BUDGET_MODE_TOTAL, asked was BUDGET_MODE_DAY"))]
    #[case::enabled("/operation_status", json!("ENABLE"), Some("operation_status is ENABLE, asked was DISABLE"))]
    #[case::deleted("/operation_status", json!("DELETE"), Some("status is DELETE, asked was DISABLE"))]
    #[case::goal("/optimization_goal", json!("REACH"), Some("optimization_goal is REACH, asked was CLICK"))]
    #[case::end("/schedule_end_time", json!("2027-01-02 05:00:00"),
        Some("schedule_end_time is 2027-01-02 05:00:00, asked was 2027-01-01 05:00:00"))]
    #[case::account("/advertiser_id", json!("7"), Some("it belongs to account 7, not 7000000000000000001"))]
    fn an_ad_group_is_compared_field_by_field(#[case] at: &str, #[case] value: Value, #[case] want: Option<&str>) {
        let job = job();
        let mut object = ad_group();
        *object.pointer_mut(at).unwrap() = value;
        let found = found(&job, &step(&job, "ad_group"), &object).unwrap();
        assert_eq!(found.differences, Vec::from_iter(want.map(str::to_owned)));
    }

    #[test]
    fn an_unlimited_campaign_shows_a_budget_of_zero_and_an_ad_is_compared_by_what_it_shows() {
        let job = job();
        let campaign = json!({
            "campaign_id": "17", "campaign_name": job.name, "operation_status": "DISABLE",
            "objective_type": "TRAFFIC", "budget_mode": "BUDGET_MODE_INFINITE", "budget": 0.0,
        });
        let campaign_step = step(&job, "campaign");
        assert_eq!(
            found(&job, &campaign_step, &campaign).unwrap().differences,
            Vec::<String>::new()
        );
        let ad = json!({
            "ad_id": "19", "ad_name": format!("{}_Ad01", job.name), "operation_status": "DISABLE",
            "ad_format": "SINGLE_VIDEO", "identity_id": "7100000000000000009", "video_id": "v2",
            "tiktok_item_id": "1", "landing_page_url": "https://example.com/sale",
        });
        assert_eq!(
            found(&job, &step(&job, "ad"), &ad).unwrap().differences,
            ["video_id is v2, asked was v10033g50000abc"]
        );
    }

    #[test]
    fn a_set_is_compared_with_what_it_sets() {
        let job = change(RequestType::UpdateBudget, ObjectKind::AdSet);
        let object = ad_group();
        assert_eq!(
            found(&job, &step(&job, "set_budget"), &object).unwrap().differences,
            ["budget is USD 120.00, asked was USD 150.00"]
        );
        assert_eq!(found(&job, &step(&job, "check"), &object).unwrap().differences.len(), 0);
        let mut pause = change(RequestType::Pause, ObjectKind::AdSet);
        pause.budget = None;
        assert_eq!(
            found(&pause, &step(&pause, "pause"), &object)
                .unwrap()
                .differences
                .len(),
            0
        );
    }
}
