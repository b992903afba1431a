//! How a job is cut into steps.
//!
//! CREATE: `upload_image`, `upload_video` where the ticket has files, then `campaign`, `ad_set`, `video_ready` where
//! there is a video, `creative`, `ad`, all made PAUSED, then `activate_ad`, `activate_ad_set`, `activate`.
//! The campaign goes last: until then nothing can deliver, whatever else happened.
//! What changes something is cut as everywhere ([`steps()`]).
//!
//! Invariant: a job that [`super::check`] finds fault with is not cut: no step can exist whose request cannot be planned.

use super::{MAX_NAME, check, media};
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
    use ObjectKind::{Ad, AdSet, Campaign, Creative};
    let make = |key: &str, kind, parent: Option<&str>| {
        Step::planned(key, kind, StepAction::Create, object_name(job, kind), parent)
    };
    let mut planned = JobFiles::of(job, media::SECTION).steps();
    planned.extend([
        make("campaign", Campaign, None),
        make("ad_set", AdSet, Some("campaign")),
    ]);
    // As late as can be: Meta works on the video while the rest is made.
    planned.extend(media::ready_step(job));
    planned.extend([
        make("creative", Creative, None),
        make("ad", Ad, Some("ad_set")),
        steps::set("activate_ad", Ad, "ad"),
        steps::set("activate_ad_set", AdSet, "ad_set"),
        steps::set("activate", Campaign, "campaign"),
    ]);
    planned
}

/// The steps that put away what a deploy made, the last made first. Creatives and files cannot be archived: they show
/// nowhere once their ads are.
pub fn archive_steps(confirmed: &[Step]) -> Vec<Step> {
    steps::archive(confirmed, |kind| {
        matches!(kind, ObjectKind::Creative | ObjectKind::Asset)
    })
}

/// The exact name an object gets: the governed name, and below the campaign what it is and which.
pub fn object_name(job: &Job, kind: ObjectKind) -> String {
    format!("{}{}", job.name, suffix(kind))
}

const fn suffix(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "",
        ObjectKind::AdSet => "_AdSet01",
        ObjectKind::Creative | ObjectKind::Asset => "_Creative01",
        ObjectKind::Ad => "_Ad01",
    }
}

/// Longest governed name that leaves room for every object's suffix.
pub const fn longest_name() -> usize {
    MAX_NAME - suffix(ObjectKind::Creative).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::{
        common::testing::check_changes,
        meta::testing::{change, job},
    };

    #[test]
    fn a_create_makes_everything_paused_and_activates_the_campaign_last() {
        let job = job();
        let steps = steps(&job).unwrap();
        let keys: Vec<_> = steps.iter().map(|s| s.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "campaign",
                "ad_set",
                "creative",
                "ad",
                "activate_ad",
                "activate_ad_set",
                "activate"
            ]
        );
        let names: Vec<_> = steps.iter().map(|s| s.name.trim_start_matches(&job.name)).collect();
        assert_eq!(names, ["", "_AdSet01", "_Creative01", "_Ad01", "", "", ""]);
        assert!(
            steps
                .iter()
                .skip(4)
                .all(|s| s.action == StepAction::Set && s.parent.is_some())
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
        let keys = |confirmed: &[Step]| -> Vec<(String, Option<String>)> {
            let away = archive_steps(confirmed);
            assert!(away.iter().all(|s| s.action == StepAction::Set));
            away.into_iter().map(|s| (s.key, s.parent)).collect()
        };
        let steps = steps(&job()).unwrap();
        let pair = |key: &str| (format!("archive_{key}"), Some(key.to_owned()));
        assert_eq!(keys(&steps), [pair("ad"), pair("ad_set"), pair("campaign")]);
        assert_eq!(keys(&steps[..1]), [pair("campaign")]);
        assert_eq!(keys(&[]), []);
    }

    #[test]
    fn a_faulty_job_is_not_cut() {
        let mut job = job();
        job.budget = None;
        assert!(steps(&job).is_err());
    }
}
