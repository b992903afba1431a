//! How a job is cut into steps.
//!
//! CREATE: `upload_image`, `upload_video` where the ticket has files, then `campaign`, `ad_set`, `video_ready` where
//! there is a video, `creative`, `ad`, all made PAUSED, then `activate_ad`, `activate_ad_set`, `activate`.
//! The campaign goes last: until then nothing can deliver, whatever else happened.
//! UPDATE_BUDGET: `check` reads what is there, `set_budget` writes the absolute amount. PAUSE, RESUME, ARCHIVE: one step.
//!
//! Invariants
//! - A job that [`super::check`] finds fault with is not cut: no step can exist whose request cannot be planned.
//! - The parent of a step that sets something is the step that made the object it sets; without one it is the target.

use super::{MAX_NAME, check, media};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        platform::ObjectKind,
        refusal::Problem,
        ticket::RequestType,
    },
    platforms::files::JobFiles,
};

/// The steps of a job, all planned, in order.
pub fn steps(job: &Job) -> Result<Vec<Step>, Vec<Problem>> {
    let problems = check::check(job);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(match job.request {
        RequestType::Create => create(job),
        RequestType::UpdateBudget => vec![
            on_target(job, "check", StepAction::Check),
            on_target(job, "set_budget", StepAction::Set),
        ],
        RequestType::Pause => vec![on_target(job, "pause", StepAction::Set)],
        RequestType::Resume => vec![on_target(job, "resume", StepAction::Set)],
        RequestType::Archive => vec![on_target(job, "archive", StepAction::Set)],
    })
}

fn create(job: &Job) -> Vec<Step> {
    use ObjectKind::{Ad, AdSet, Campaign, Creative};
    let make = |key: &str, kind, parent: Option<&str>| {
        Step::planned(key, kind, StepAction::Create, object_name(job, kind), parent)
    };
    let mut steps = JobFiles::of(job, media::SECTION).steps();
    steps.extend([
        make("campaign", Campaign, None),
        make("ad_set", AdSet, Some("campaign")),
    ]);
    // As late as can be: Meta works on the video while the rest is made.
    steps.extend(media::ready_step(job));
    steps.extend([
        make("creative", Creative, None),
        make("ad", Ad, Some("ad_set")),
        blank("activate_ad", Ad, StepAction::Set, Some("ad")),
        blank("activate_ad_set", AdSet, StepAction::Set, Some("ad_set")),
        blank("activate", Campaign, StepAction::Set, Some("campaign")),
    ]);
    steps
}

fn on_target(job: &Job, key: &str, action: StepAction) -> Step {
    let kind = job.target.as_ref().map_or(ObjectKind::Campaign, |t| t.kind);
    blank(key, kind, action, None)
}

/// The steps that put away what a deploy made, the last made first. Creatives and files cannot be archived: they show
/// nowhere once their ads are.
pub fn archive_steps(confirmed: &[Step]) -> Vec<Step> {
    confirmed
        .iter()
        .rev()
        .filter(|s| s.action == StepAction::Create && !matches!(s.kind, ObjectKind::Creative | ObjectKind::Asset))
        .map(|s| blank(&format!("archive_{}", s.key), s.kind, StepAction::Set, Some(&s.key)))
        .collect()
}

fn blank(key: &str, kind: ObjectKind, action: StepAction, parent: Option<&str>) -> Step {
    Step::planned(key, kind, action, String::new(), parent)
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
    use crate::platforms::meta::testing::{change, job};

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
        for (request, want) in [
            (RequestType::UpdateBudget, &["check", "set_budget"][..]),
            (RequestType::Pause, &["pause"]),
            (RequestType::Resume, &["resume"]),
            (RequestType::Archive, &["archive"]),
        ] {
            let steps = steps(&change(request, ObjectKind::AdSet)).unwrap();
            assert_eq!(steps.iter().map(|s| s.key.as_str()).collect::<Vec<_>>(), want);
            assert!(steps.iter().all(|s| s.kind == ObjectKind::AdSet && s.parent.is_none()));
        }
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
