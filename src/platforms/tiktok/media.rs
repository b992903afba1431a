//! Files on TikTok: uploading images and videos, finding them again, and putting them into an ad.
//!
//! The name of a file is unique in an account, and ours is made from the content: a second upload of the same file is
//! refused as a duplicate (40911), and the look-up that follows finds the first. A video may still be in transcoding when
//! the ad is made: the ad is then refused (40901) and sent again later.

use serde_json::{Map, Value, json};

use super::read::{list_of, text};
use crate::{
    engine::model::{
        asset::Asset,
        deploy::{Job, Step},
        platform::ExternalId,
        refusal::Problem,
    },
    platforms::{
        Body, Found, KnownIds, Part, WireRequest,
        files::{IMAGE_FIELD, IMAGE_STEP, JobFiles, VIDEO_FIELD, VIDEO_STEP},
    },
};

/// The payload section the files are in.
pub const SECTION: &str = "ad";

/// Longest id of a material, in characters.
const ID_MAX: usize = 128;

const fn family(image: bool) -> &'static str {
    if image { "image" } else { "video" }
}

fn is_image(step: &Step) -> bool {
    step.key == IMAGE_STEP
}

/// The request that uploads a file.
pub fn upload(job: &Job, step: &Step) -> Result<WireRequest, Problem> {
    let files = JobFiles::of(job, SECTION);
    let asset = files.of_step(step).ok_or_else(|| {
        Problem::whole(
            format!("step \"{}\" has no file to send", step.key),
            "give the file again and start the deploy again",
        )
    })?;
    let family = family(is_image(step));
    let parts = vec![
        Part::text("advertiser_id", job.account.id.to_string()),
        Part::text("upload_type", "UPLOAD_BY_FILE"),
        Part::text("file_name", step.name.clone()),
        Part::text(&format!("{family}_signature"), asset.md5.clone()),
        Part::File {
            name: format!("{family}_file"),
            file_name: step.name.clone(),
            asset: asset.clone(),
        },
    ];
    Ok(WireRequest::post(
        format!("/file/{family}/ad/upload/"),
        Body::Multipart(parts),
    ))
}

/// The id an upload answers with: an image's data is an object, a video's a list.
pub fn uploaded(step: &Step, data: &Value) -> Option<ExternalId> {
    id_of(is_image(step), data).or_else(|| id_of(is_image(step), data.get(0)?))
}

fn id_of(image: bool, material: &Value) -> Option<ExternalId> {
    let id = text(material, if image { "image_id" } else { "video_id" })?;
    let fits = !id.is_empty() && id.len() <= ID_MAX && !id.chars().any(|c| c.is_whitespace() || c.is_control());
    fits.then_some(ExternalId(id))
}

/// A page of the library that holds the upload, if it is there. Images have no filter by name, only by size in pixels;
/// the one for videos matches parts of names.
pub fn look_up(job: &Job, step: &Step, page: u64, page_size: u64) -> WireRequest {
    let files = JobFiles::of(job, SECTION);
    let filter = if is_image(step) {
        let side = |f: fn(&Asset) -> Option<u32>| files.image.as_ref().and_then(f);
        match (side(|a| a.width), side(|a| a.height)) {
            (Some(width), Some(height)) => json!({"width": width, "height": height}),
            _ => json!({}),
        }
    } else {
        json!({"video_name": step.name})
    };
    list(job, is_image(step), &filter, page, page_size)
}

/// The request that reads an upload by its id.
pub fn read(job: &Job, step: &Step, id: &ExternalId) -> WireRequest {
    let ids = if is_image(step) { "image_ids" } else { "video_ids" };
    list(job, is_image(step), &json!({ ids: [id.0] }), 1, 10)
}

fn list(job: &Job, image: bool, filter: &Value, page: u64, page_size: u64) -> WireRequest {
    let path = format!("/file/{}/ad/search/", family(image));
    list_of(job, path, None, filter, page, page_size)
}

/// The uploads among listed ones that are this file. The name is made from the content, so any of them will do, however
/// old: one is enough.
pub fn found(step: &Step, listed: &[Value]) -> Vec<Found> {
    let ours = |o: &&Value| text(o, "file_name").as_deref() == Some(&step.name);
    let id = listed.iter().filter(ours).find_map(|o| id_of(is_image(step), o));
    id.map(whole).into_iter().collect()
}

/// The upload a read by id found.
pub fn read_back(step: &Step, listed: &[Value]) -> Option<Found> {
    listed.iter().find_map(|o| id_of(is_image(step), o)).map(whole)
}

const fn whole(id: ExternalId) -> Found {
    Found {
        id,
        differences: Vec::new(),
    }
}

/// Takes our own file fields out of an ad.
pub fn place(fields: &mut Map<String, Value>) {
    fields.remove(IMAGE_FIELD);
    fields.remove(VIDEO_FIELD);
}

/// Puts what was uploaded into an ad.
pub fn fill(fields: &mut Map<String, Value>, ids: &KnownIds) {
    if let Some(image) = ids.get(IMAGE_STEP) {
        let images = fields.entry("image_ids").or_insert_with(|| json!([]));
        if let Value::Array(images) = images {
            images.push(json!(image.0));
        }
    }
    if let Some(video) = ids.get(VIDEO_STEP) {
        fields.insert("video_id".to_owned(), json!(video.0));
    }
}

/// Ids as the uploads will give them, for checks before anything was sent.
pub fn ids_to_come(job: &Job) -> KnownIds {
    let steps = JobFiles::of(job, SECTION).steps();
    steps.into_iter().map(|s| (s.key.clone(), ExternalId(s.key))).collect()
}

/// What is wrong with the files of a job, besides what a single one is.
pub fn check(job: &Job) -> Vec<Problem> {
    let files = JobFiles::of(job, SECTION);
    let payload = job.payload.value();
    let set = |field: &str| {
        payload
            .pointer(&format!("/{SECTION}/{field}"))
            .is_some_and(|v| !v.is_null() && v != "")
    };
    let at = |field: &str, reason: &str, remedy: &str| {
        Problem::at(format!("payload.{SECTION}.{field}").as_str(), reason, remedy)
    };
    let mut problems = Vec::new();
    if files.video.is_some() && set("video_id") {
        problems.push(at(
            VIDEO_FIELD,
            "the video is given twice, as a file and as an id",
            "clear one of the two",
        ));
    }
    if files != JobFiles::default() && set("tiktok_item_id") {
        problems.push(at(
            if files.video.is_some() {
                VIDEO_FIELD
            } else {
                IMAGE_FIELD
            },
            "an existing post brings its own picture and video",
            "clear the file, or the existing post",
        ));
    }
    problems
}
