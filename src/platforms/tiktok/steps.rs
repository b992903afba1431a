//! How a job is cut into steps.
//!
//! CREATE: `upload_image`, `upload_video` where the ticket has files, then `campaign`, `hold`, `ad_group`, `ad`, all made DISABLEd, then `activate_ad`, `activate_ad_group`, `activate`.
//! The campaign goes last: until then nothing can deliver, whatever else happened. `hold` disables the campaign once
//! more before anything is put below it, because TikTok has been known to ignore DISABLE on a create; so it is enough
//! that the campaign is off, whatever the ad group and the ad were made as.
//! What changes something is cut as everywhere ([`steps()`]).
//!
//! Invariant: a job that [`super::check`] finds fault with is not cut: no step can exist whose request cannot be planned.

use super::{check, media, names::MAX_NAME};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        platform::ObjectKind,
        refusal::Problem,
    },
    platforms::{common::steps, files::JobFiles},
};

/// The steps of a job, all planned, in order.
pub fn steps(job: &Job) -> Result<Vec<Step>, Vec<Problem>> {
    steps::cut(job, check::check(job), create)
}

fn create(job: &Job) -> Vec<Step> {
    use ObjectKind::{Ad, AdSet, Campaign};
    let make = |key: &str, kind, parent: Option<&str>| {
        Step::planned(key, kind, StepAction::Create, object_name(job, kind), parent)
    };
    let mut planned = JobFiles::of(job, media::SECTION).steps();
    planned.extend([
        make("campaign", Campaign, None),
        steps::set("hold", Campaign, "campaign"),
        make("ad_group", AdSet, Some("campaign")),
        make("ad", Ad, Some("ad_group")),
        steps::set("activate_ad", Ad, "ad"),
        steps::set("activate_ad_group", AdSet, "ad_group"),
        steps::set("activate", Campaign, "campaign"),
    ]);
    planned
}

/// The steps that put away what a deploy made, the last made first. Files stay in the library.
pub fn archive_steps(confirmed: &[Step]) -> Vec<Step> {
    steps::archive(confirmed, |kind| kind == ObjectKind::Asset)
}

/// The exact name an object gets: the governed name, and below the campaign what it is and which.
pub fn object_name(job: &Job, kind: ObjectKind) -> String {
    format!("{}{}", job.name, suffix(kind))
}

const fn suffix(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "",
        ObjectKind::AdSet => "_AdGroup01",
        ObjectKind::Creative | ObjectKind::Asset | ObjectKind::Ad => "_Ad01",
    }
}

/// Longest governed name, in TikTok's units, that leaves room for every object's suffix.
pub const fn longest_name() -> usize {
    MAX_NAME - suffix(ObjectKind::AdSet).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::{
        common::testing::check_changes,
        tiktok::testing::{change, job},
    };

    #[test]
    fn a_create_makes_everything_disabled_and_enables_the_campaign_last() {
        let job = job();
        let steps = steps(&job).unwrap();
        let keys: Vec<_> = steps.iter().map(|s| s.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "campaign",
                "hold",
                "ad_group",
                "ad",
                "activate_ad",
                "activate_ad_group",
                "activate"
            ]
        );
        let names: Vec<_> = steps.iter().map(|s| s.name.trim_start_matches(&job.name)).collect();
        assert_eq!(names, ["", "", "_AdGroup01", "_Ad01", "", "", ""]);
        let parent = |key: &str| steps.iter().find(|s| s.key == key).unwrap().parent.clone().unwrap();
        assert_eq!(
            ["hold", "ad_group", "ad", "activate_ad", "activate_ad_group", "activate"].map(parent),
            ["campaign", "campaign", "ad_group", "ad", "ad_group", "campaign"]
        );
    }

    #[test]
    fn changes_act_on_the_target() {
        check_changes(
            |request| steps(&change(request, ObjectKind::AdSet)).unwrap(),
            ObjectKind::AdSet,
            None,
        );
    }

    #[test]
    fn what_was_made_is_put_away_the_last_made_first() {
        let away = archive_steps(&steps(&job()).unwrap());
        let keys: Vec<_> = away.iter().map(|s| s.key.as_str()).collect();
        assert_eq!(keys, ["archive_ad", "archive_ad_group", "archive_campaign"]);
        assert!(away.iter().all(|s| s.action == StepAction::Set && s.parent.is_some()));
    }
}
