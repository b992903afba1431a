//! The video library of an account. Uploading the same bytes again makes another video, and every one is worked on for a
//! while before a creative may use it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    MetaWorld,
    call::Call,
    error::{GraphError, Outcome},
    object::select,
    rules,
};
use crate::{
    engine::model::{
        platform::{AccountId, ObjectKind},
        time::Timestamp,
    },
    platforms::meta::spec::Node,
};

/// One video.
#[derive(Clone, Debug)]
pub(super) struct Video {
    pub(super) account: AccountId,
    pub(super) title: String,
    pub(super) created: Timestamp,
}

impl MetaWorld {
    pub(super) fn upload_video(&mut self, call: &Call<'_>, id: &AccountId, now: Timestamp) -> Outcome {
        rules::against_spec(call.request, None)?;
        let (file_name, asset) = call.file().ok_or_else(|| GraphError::missing("source"))?;
        rules::video(asset)?;
        let video = Video {
            account: id.clone(),
            title: call.text("title").unwrap_or(file_name).to_owned(),
            created: now,
        };
        let id = self.next_id();
        self.count(&video.account.clone(), ObjectKind::Asset, &video.title);
        self.videos.insert(id.clone(), video);
        Ok(json!({ "id": id }))
    }

    pub(super) fn list_videos(&self, call: &Call<'_>, id: &AccountId, now: Timestamp) -> Outcome {
        rules::against_spec(call.request, None)?;
        let lag = Duration::from_secs(self.config.listing_lag_seconds);
        let title = call.text("title");
        let data: Vec<Value> = self
            .videos
            .iter()
            .filter(|(_, v)| &v.account == id && v.created.plus(lag) <= now)
            .filter(|(_, v)| title.is_none_or(|t| v.title == t))
            .map(|(id, v)| self.view_video(id, v, call, now))
            .collect();
        Ok(json!({ "data": data }))
    }

    pub(super) fn read_video(&self, call: &Call<'_>, id: &str, now: Timestamp) -> Outcome {
        rules::against_spec(call.request, Some(Node::AdVideo))?;
        let video = self.videos.get(id);
        let video = video.ok_or_else(|| GraphError::no_such_object(call.request.method, id))?;
        Ok(self.view_video(id, video, call, now))
    }

    fn view_video(&self, id: &str, video: &Video, call: &Call<'_>, now: Timestamp) -> Value {
        let ready = self.is_ready(video, now);
        let account = self.accounts.get(&video.account);
        let all = json!({
            "id": id,
            "title": video.title,
            "created_time": account.map(|a| a.write_time(video.created)),
            "status": {
                "video_status": if ready { "ready" } else { "processing" },
                "processing_phase": {"status": if ready { "complete" } else { "in_progress" }},
            },
        });
        all.as_object()
            .map_or(Value::Null, |map| select(map, call.text("fields")))
    }

    fn is_ready(&self, video: &Video, now: Timestamp) -> bool {
        let takes = Duration::from_secs(self.config.video_processing_seconds);
        video.created.plus(takes) <= now
    }

    /// Judges the video of a new creative: of this account, and ready. One from before the world began is taken as
    /// known when any material is.
    pub(super) fn check_video(&self, call: &Call<'_>, account: &AccountId, now: Timestamp) -> Result<(), GraphError> {
        let story = call.json("object_story_spec").unwrap_or_default();
        let Some(id) = story.pointer("/video_data/video_id").and_then(Value::as_str) else {
            return Ok(());
        };
        let field = "object_story_spec.video_data.video_id";
        match self.videos.get(id) {
            Some(video) if &video.account != account => Err(GraphError::invalid(
                field,
                "Video Not Found",
                &format!("The video {id} is not in this ad account."),
            )),
            Some(video) if !self.is_ready(video, now) => Err(GraphError::invalid(
                field,
                "Video Not Ready",
                "The video is still being processed.",
            )),
            Some(_) => Ok(()),
            None if self.config.auto_images => Ok(()),
            None => Err(GraphError::invalid(
                field,
                "Video Not Found",
                &format!("There is no video {id}."),
            )),
        }
    }
}
