//! How a job is cut into steps.
//!
//! CREATE: `tree` makes budget, campaign, criteria, ad group, ad and keywords in one atomic request, the campaign PAUSED;
//! `activate` enables the campaign. Until then nothing can deliver.
//! UPDATE_BUDGET: `check` reads the campaign and learns which budget it uses, `set_budget` writes the absolute amount to
//! that budget. PAUSE, RESUME, ARCHIVE: one step on the campaign.
//!
//! Invariant: a job that [`super::check`] finds fault with is not cut: no step can exist whose request cannot be planned.

use unicode_width::UnicodeWidthStr as _;

use super::check;
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        platform::ObjectKind,
        refusal::Problem,
    },
    platforms::common::steps,
};

/// Longest campaign name, in characters.
const MAX_CAMPAIGN_NAME: usize = 256;
/// Longest ad group name, in columns: East Asian characters count twice.
const MAX_AD_GROUP_NAME: usize = 254;
/// What an ad group's name adds to the governed one.
const AD_GROUP_SUFFIX: &str = "_AdGroup01";

/// The steps of a job, all planned, in order.
pub fn steps(job: &Job) -> Result<Vec<Step>, Vec<Problem>> {
    let mut planned = steps::cut(job, check::check(job), |job| {
        vec![
            Step::planned("tree", ObjectKind::Tree, StepAction::Create, job.name.clone(), None),
            steps::set("activate", ObjectKind::Tree, "tree"),
        ]
    })?;
    // The budget is an object of its own, which the check finds.
    for step in planned.iter_mut().filter(|s| s.key == "set_budget") {
        step.parent = Some("check".to_owned());
    }
    Ok(planned)
}

/// The step that removes what a deploy made: with the campaign go its budget, ad group, ad and keywords.
pub fn archive_steps(confirmed: &[Step]) -> Vec<Step> {
    steps::archive(confirmed, |_| false)
}

/// The ad group's name.
pub fn ad_group_name(job: &Job) -> String {
    format!("{}{AD_GROUP_SUFFIX}", job.name)
}

/// Why a governed name does not fit, counting what the ad group adds.
pub fn name_fault(name: &str) -> Option<String> {
    let (chars, columns) = (name.chars().count(), name.width() + AD_GROUP_SUFFIX.len());
    if chars > MAX_CAMPAIGN_NAME {
        return Some(format!(
            "the name has {chars} characters; Google takes {MAX_CAMPAIGN_NAME}"
        ));
    }
    (columns > MAX_AD_GROUP_NAME).then(|| {
        format!("with what is added for the ad group the name is {columns} wide; Google takes {MAX_AD_GROUP_NAME}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::{
        common::testing::check_changes,
        google_ads::testing::{change, job},
    };

    #[test]
    fn a_create_is_one_tree_and_its_activation() {
        let steps = steps(&job()).unwrap();
        let keys: Vec<_> = steps.iter().map(|s| (s.key.as_str(), s.action)).collect();
        assert_eq!(keys, [("tree", StepAction::Create), ("activate", StepAction::Set)]);
        assert_eq!(steps[0].name, job().name);
    }

    #[test]
    fn changes_act_on_the_target() {
        check_changes(
            |request| steps(&change(request)).unwrap(),
            ObjectKind::Tree,
            Some("check"),
        );
    }

    #[test]
    fn what_was_made_is_removed_with_one_step() {
        let away = archive_steps(&steps(&job()).unwrap());
        let keys: Vec<_> = away.iter().map(|s| (s.key.as_str(), s.parent.as_deref())).collect();
        assert_eq!(keys, [("archive_tree", Some("tree"))]);
        assert_eq!(archive_steps(&[]), []);
    }

    #[test]
    fn a_faulty_job_is_not_cut() {
        let mut job = job();
        job.budget = None;
        assert!(steps(&job).is_err());
    }

    #[test]
    fn names_are_measured_with_the_ad_group() {
        assert_eq!(name_fault(&"x".repeat(244)), None);
        assert!(name_fault(&"x".repeat(245)).is_some());
        assert!(name_fault(&"日".repeat(123)).is_some());
        assert_eq!(name_fault(&"日".repeat(122)), None);
        assert!(name_fault(&"x".repeat(257)).unwrap().contains("256"));
    }
}
