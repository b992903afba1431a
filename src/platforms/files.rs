//! The files of a job: which payload fields hold them, and which steps upload them. The same on every platform that
//! takes files.

use std::time::Duration;

use crate::engine::model::{
    asset::Asset,
    catalogue::get_path,
    deploy::{Job, Outcome, OutcomeClass, Step, StepAction},
    path::FieldPath,
    platform::ObjectKind,
    time::Timestamp,
};

/// The field of a picture, below its section.
pub const IMAGE_FIELD: &str = "image_file";
/// The field of a video, below its section.
pub const VIDEO_FIELD: &str = "video_file";
/// The step that uploads the picture.
pub const IMAGE_STEP: &str = "upload_image";
/// The step that uploads the video.
pub const VIDEO_STEP: &str = "upload_video";

/// First wait for a file in processing; doubled with every further one ...
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// ... up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The files of a job, as far as they were taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFiles {
    /// The picture, or the cover of the video.
    pub image: Option<Asset>,
    /// The video.
    pub video: Option<Asset>,
}

impl JobFiles {
    /// The files in a section of the payload.
    pub fn of(job: &Job, section: &str) -> Self {
        let payload = job.payload.value();
        let asset = |field: &str| Asset::of_value(get_path(&payload, &format!("{section}.{field}"))?);
        Self {
            image: asset(IMAGE_FIELD),
            video: asset(VIDEO_FIELD),
        }
    }

    /// The file an upload step sends.
    pub fn of_step(&self, step: &Step) -> Option<&Asset> {
        match step.key.as_str() {
            IMAGE_STEP => self.image.as_ref(),
            VIDEO_STEP => self.video.as_ref(),
            _ => None,
        }
    }

    /// The steps that upload them. They come first: what fails there leaves nothing behind that could cost money.
    pub fn steps(&self) -> Vec<Step> {
        [(IMAGE_STEP, &self.image), (VIDEO_STEP, &self.video)]
            .into_iter()
            .filter_map(|(key, asset)| {
                let name = asset.as_ref()?.upload_name();
                Some(Step::planned(key, ObjectKind::Asset, StepAction::Create, name, None))
            })
            .collect()
    }
}

/// The payload field an upload step answers for.
pub fn field_of(step: &Step, section: &str) -> Option<FieldPath> {
    let field = match step.key.as_str() {
        IMAGE_STEP => IMAGE_FIELD,
        _ if step.kind == ObjectKind::Asset => VIDEO_FIELD,
        _ => return None,
    };
    Some(FieldPath::new(format!("payload.{section}.{field}")))
}

/// When to ask again for a file in processing: soon at first, then less often.
pub fn ask_again(step: &Step, now: Timestamp) -> Timestamp {
    let ended = step.attempts.iter().rev().filter_map(|a| a.outcome.as_ref());
    let asked = ended
        .take_while(|o: &&Outcome| o.class == OutcomeClass::NotReady)
        .count();
    let doubled = FIRST_WAIT.saturating_mul(1 << asked.min(8));
    now.plus(doubled.min(LONGEST_WAIT))
}
