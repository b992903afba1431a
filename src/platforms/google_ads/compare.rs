//! What a campaign on Google Ads has different from what a step asked for.
//!
//! Compared is what would spend differently or somewhere else: account, name, status, channel type, budget and its
//! sharing, dates. Criteria and texts are not: the tree is atomic, so they came with the campaign or are somebody's later
//! edit.

use serde_json::Value;

use super::{
    account::customer_id,
    plan,
    read::{budget, campaign_id},
    tree,
};
use crate::{
    engine::model::deploy::{Job, Step, StepAction},
    platforms::{
        Found,
        common::{
            compare::{Differences, status_as_made},
            read::text,
        },
    },
};

/// A campaign as found, with what differs from what the step asked for. `None` when it has no id.
pub fn found(job: &Job, step: &Step, row: &Value) -> Option<Found> {
    let mut differences = Differences::default();
    let customer = customer_id(&job.account.id);
    let owner = text(row, "/campaign/resourceName")
        .and_then(|n| n.strip_prefix("customers/")?.split('/').next().map(str::to_owned));
    if owner.is_some() {
        differences.differ("account", Some(customer), owner);
    }
    let status = text(row, "/campaign/status");
    let carried = budget(job, row).map(|b| format!("{} ({:?})", b.money, b.kind).to_lowercase());
    let wanted = job.budget.map(|b| format!("{} ({:?})", b.money, b.kind).to_lowercase());
    match step.action {
        StepAction::Create => {
            differences.differ("name", Some(&step.name), text(row, "/campaign/name"));
            let status = status_as_made(step, status, "ENABLED", "PAUSED");
            differences.differ("status", Some("PAUSED"), status);
            let payload = job.payload.value();
            let channel = text(&payload, "/campaign/advertisingChannelType");
            differences.differ("channel type", channel, text(row, "/campaign/advertisingChannelType"));
            differences.differ("budget", wanted, carried);
            if row.pointer("/campaignBudget/explicitlyShared") == Some(&Value::Bool(true)) {
                differences.whole("its budget is shared, asked was one of its own");
            }
            compare_times(job, row, &mut differences);
        }
        StepAction::Set if step.key == "set_budget" => differences.differ("budget", wanted, carried),
        StepAction::Set => differences.differ("status", plan::status_of(&step.key), status),
        StepAction::Check => {}
    }
    Some(Found {
        id: campaign_id(row)?,
        differences: differences.into_vec(),
    })
}

fn compare_times(job: &Job, row: &Value, differences: &mut Differences) {
    let Ok((start, end)) = tree::times(job) else {
        differences.whole("the ticket can no longer be planned, so its dates could not be compared");
        return;
    };
    for (what, want, at) in [
        ("start", Some(start), "/campaign/startDateTime"),
        ("end", end, "/campaign/endDateTime"),
    ] {
        let have = text(row, at);
        // A campaign without an end is shown with Google's far last day, or with none.
        let endless = want.is_none() && have.as_deref().is_none_or(|t| t.starts_with("2037-12-30"));
        if !endless {
            differences.differ(what, want, have);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::ticket::RequestType,
        platforms::google_ads::testing::{campaign_row, change, job, step},
    };

    #[rstest]
    #[case::account("/campaign/resourceName", json!("customers/999/campaigns/22113344"), "account is 999")]
    #[case::case_of_the_name("/campaign/name", json!("dis_us_gads_2026_moanalaunch"), "name is")]
    #[case::status("/campaign/status", json!("ENABLED"), "status is ENABLED")]
    #[case::channel("/campaign/advertisingChannelType", json!("DISPLAY"), "channel type")]
    #[case::budget("/campaignBudget/amountMicros", json!("7000000"), "budget is usd 7.00")]
    #[case::shared("/campaignBudget/explicitlyShared", json!(true), "shared")]
    #[case::start("/campaign/startDateTime", json!("2026-12-02 00:00:00"), "start is 2026-12-02")]
    #[case::end("/campaign/endDateTime", json!("2026-12-30 23:59:59"), "end is 2026-12-30")]
    fn every_difference_is_told(#[case] at: &str, #[case] value: Value, #[case] want: &str) {
        let job = job();
        let mut row = campaign_row(&job);
        assert_eq!(
            found(&job, &step(&job, "tree"), &row).unwrap().differences,
            Vec::<String>::new()
        );
        *row.pointer_mut(at).unwrap() = value;
        let differences = found(&job, &step(&job, "tree"), &row).unwrap().differences;
        assert_eq!(differences.len(), 1, "{differences:?}");
        assert!(differences[0].words.contains(want), "{differences:?}");
    }

    #[test]
    fn a_set_compares_what_it_sets() {
        let budget = change(RequestType::UpdateBudget);
        let mut row = campaign_row(&job());
        let differences = |row: &Value, key: &str, job: &Job| found(job, &step(job, key), row).unwrap().differences;
        assert_eq!(differences(&row, "set_budget", &budget).len(), 1);
        row["campaignBudget"]["amountMicros"] = json!(1_500_000_000);
        assert_eq!(differences(&row, "set_budget", &budget), Vec::<String>::new());
        assert_eq!(differences(&row, "resume", &change(RequestType::Resume)).len(), 1);
        assert_eq!(
            differences(&row, "pause", &change(RequestType::Pause)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_flight_without_an_end_is_shown_with_a_far_one() {
        let mut endless = job();
        endless.flight.as_mut().unwrap().end = None;
        let mut row = campaign_row(&endless);
        let differences = |row: &Value| found(&endless, &step(&endless, "tree"), row).unwrap().differences.len();
        assert_eq!(differences(&row), 0);
        row["campaign"]["endDateTime"] = json!("2037-12-30 23:59:59");
        assert_eq!(differences(&row), 0);
        row["campaign"]["endDateTime"] = json!("2027-01-01 23:59:59");
        assert_eq!(differences(&row), 1);
    }
}
