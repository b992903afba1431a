//! Files on Meta: uploading images and videos, finding them again, waiting for a video, and putting them into a creative.
//!
//! - An image is known by its hash: the same bytes give the same hash, so an upload whose answer was lost is simply
//!   sent again.
//! - A video is not: each upload is a new one. It carries a title made from its content, and is looked up by it.
//! - A creative takes a video only when Meta is done with it: `video_ready` asks until it is.

use serde_json::{Map, Value, json};

use super::read::{id, text};
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        platform::{ExternalId, ObjectKind},
        refusal::Problem,
    },
    platforms::{
        Body, Found, KnownIds, Method, Part, WireRequest,
        files::{IMAGE_FIELD, IMAGE_STEP, JobFiles, VIDEO_FIELD, VIDEO_STEP},
    },
};

/// The payload section the files are in.
pub const SECTION: &str = "creative";
/// The step that waits for the video.
pub const READY_STEP: &str = "video_ready";

const IMAGE_FIELDS: &str = "id,hash,name,status,created_time";
const VIDEO_FIELDS: &str = "id,title,status,created_time";

/// True for the step that uploads an image: it may be repeated.
pub fn is_image(step: &Step) -> bool {
    step.key == IMAGE_STEP
}

/// The step that waits for the video, if there is one.
pub fn ready_step(job: &Job) -> Option<Step> {
    JobFiles::of(job, SECTION).video.map(|_| {
        let (key, parent) = (READY_STEP, Some(VIDEO_STEP));
        Step::planned(key, ObjectKind::Asset, StepAction::Check, String::new(), parent)
    })
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
    let file = |name: &str| Part::File {
        name: name.to_owned(),
        file_name: step.name.clone(),
        asset: asset.clone(),
    };
    let (edge, parts) = if is_image(step) {
        // Any name will do for the parameter; the file's own name becomes the image's.
        ("adimages", vec![file("filename")])
    } else {
        ("advideos", vec![Part::text("title", step.name.clone()), file("source")])
    };
    Ok(WireRequest {
        method: Method::Post,
        path: format!("/{}/{edge}", job.account.id),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Multipart(parts),
    })
}

/// The id an upload answers with.
pub fn uploaded(step: &Step, body: &Value) -> Option<ExternalId> {
    if !is_image(step) {
        return id(body);
    }
    let images = body.get("images").and_then(Value::as_object)?;
    images.values().find_map(|image| text(image, "/hash")).and_then(hash)
}

fn hash(text: String) -> Option<ExternalId> {
    let fits = !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then_some(ExternalId(text))
}

/// The request that finds an upload by its name.
pub fn look_up(job: &Job, step: &Step, after: Option<&str>) -> WireRequest {
    let (edge, name, fields) = if is_image(step) {
        ("adimages", "name", IMAGE_FIELDS)
    } else {
        ("advideos", "title", VIDEO_FIELDS)
    };
    let mut query = vec![
        ("fields".to_owned(), fields.to_owned()),
        (name.to_owned(), step.name.clone()),
        ("limit".to_owned(), "100".to_owned()),
    ];
    query.extend(after.map(|a| ("after".to_owned(), a.to_owned())));
    WireRequest {
        method: Method::Get,
        path: format!("/{}/{edge}", job.account.id),
        query,
        headers: Vec::new(),
        body: Body::Empty,
    }
}

/// The uploads among listed ones that are this file. The name is made from the content, so any of them will do, however
/// old: one is enough.
pub fn found(step: &Step, listed: &[Value]) -> Vec<Found> {
    let image = is_image(step);
    let name = if image { "/name" } else { "/title" };
    let usable = |o: &&Value| {
        let gone = text(o, "/status").as_deref() == Some("DELETED");
        let failed = matches!(ready(o), Ready::Failed(_));
        text(o, name).as_deref() == Some(&step.name) && !gone && (image || !failed)
    };
    let id_of = |o: &Value| if image { text(o, "/hash").and_then(hash) } else { id(o) };
    listed
        .iter()
        .filter(usable)
        .find_map(id_of)
        .map(|id| Found {
            id,
            differences: Vec::new(),
        })
        .into_iter()
        .collect()
}

/// The request that reads an upload by its id.
pub fn read(job: &Job, step: &Step, id: &ExternalId) -> WireRequest {
    let (path, query) = if is_image(step) {
        let hashes = ("hashes".to_owned(), json!([id.0]).to_string());
        let fields = ("fields".to_owned(), IMAGE_FIELDS.to_owned());
        (format!("/{}/adimages", job.account.id), vec![fields, hashes])
    } else {
        (format!("/{id}"), vec![("fields".to_owned(), VIDEO_FIELDS.to_owned())])
    };
    WireRequest {
        method: Method::Get,
        path,
        query,
        headers: Vec::new(),
        body: Body::Empty,
    }
}

/// What the answer to [`read`] says there is. `None` = it is no answer to it.
pub fn read_back(step: &Step, body: &Value) -> Option<Option<Found>> {
    if is_image(step) {
        let listed = body.get("data").and_then(Value::as_array)?;
        return Some(listed.first().and_then(|o| text(o, "/hash")).and_then(hash).map(whole));
    }
    id(body).map(|id| Some(whole(id)))
}

const fn whole(id: ExternalId) -> Found {
    Found {
        id,
        differences: Vec::new(),
    }
}

/// How far Meta is with a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ready {
    /// It may be used.
    Yes,
    /// Meta works on it.
    NotYet(String),
    /// Meta cannot use it; says why.
    Failed(String),
}

/// What a video says about itself.
pub fn ready(video: &Value) -> Ready {
    let phase = text(video, "/status/processing_phase/status").unwrap_or_default();
    match text(video, "/status/video_status").as_deref() {
        Some("ready") => Ready::Yes,
        Some("error" | "expired") => {
            let why = text(video, "/status/processing_phase/errors/0/message");
            Ready::Failed(why.unwrap_or_else(|| "Meta cannot process the video".to_owned()))
        }
        Some(other) if phase.is_empty() => Ready::NotYet(format!("the video is {other}")),
        Some(other) => Ready::NotYet(format!("the video is {other} ({phase})")),
        None => Ready::NotYet("the video does not say how far it is".to_owned()),
    }
}

/// Takes our own file fields out of a creative. A video turns the link ad into a video ad: Meta keeps the same texts
/// under other names there.
pub fn place(fields: &mut Map<String, Value>) {
    fields.remove(IMAGE_FIELD);
    let has_video = fields.remove(VIDEO_FIELD).is_some();
    let Some(Value::Object(story)) = fields.get_mut("object_story_spec").filter(|_| has_video) else {
        return;
    };
    let link = match story.remove("link_data") {
        Some(Value::Object(link)) => link,
        _ => Map::new(),
    };
    let slot = story.entry("video_data").or_insert_with(|| json!({}));
    let Value::Object(video) = slot else { return };
    let button = link.get("link").map(|target| {
        let asked = link.get("call_to_action").cloned();
        asked.unwrap_or_else(|| json!({"type": "LEARN_MORE", "value": {"link": target}}))
    });
    let texts = [
        ("message", "message"),
        ("name", "title"),
        ("description", "link_description"),
    ];
    let texts = texts.into_iter().map(|(of, to)| (to, link.get(of).cloned()));
    for (to, value) in texts.chain([("call_to_action", button)]) {
        if let Some(value) = value {
            video.entry(to).or_insert(value);
        }
    }
}

/// Puts what was uploaded into a creative.
pub fn fill(fields: &mut Map<String, Value>, ids: &KnownIds) {
    let Some(Value::Object(story)) = fields.get_mut("object_story_spec") else {
        return;
    };
    let with_video = story.contains_key("video_data");
    let slot = if with_video { "video_data" } else { "link_data" };
    let Some(Value::Object(data)) = story.get_mut(slot) else {
        return;
    };
    if let Some(image) = ids.get(IMAGE_STEP) {
        data.insert("image_hash".to_owned(), json!(image.0));
    }
    if let Some(video) = ids.get(VIDEO_STEP).filter(|_| with_video) {
        data.insert("video_id".to_owned(), json!(video.0));
    }
}

/// What is wrong with the files of a job, besides what a single one is.
pub fn check(job: &Job) -> Vec<Problem> {
    let files = JobFiles::of(job, SECTION);
    let payload = job.payload.value();
    let set = |path: &str| {
        payload
            .pointer(&format!("/{SECTION}{path}"))
            .is_some_and(|v| !v.is_null())
    };
    let at = |field: &str, reason: &str, remedy: &str| {
        Problem::at(format!("payload.{SECTION}.{field}").as_str(), reason, remedy)
    };
    let story = "/object_story_spec";
    let mut problems = Vec::new();
    if files == JobFiles::default() {
        return problems;
    }
    let given = if files.video.is_some() {
        VIDEO_FIELD
    } else {
        IMAGE_FIELD
    };
    if set("/object_story_id") {
        problems.push(at(
            given,
            "an existing post brings its own picture",
            "clear the file, or the existing post",
        ));
    }
    let hash_at = |data: &str| set(&format!("{story}/{data}/image_hash"));
    if files.image.is_some() && (hash_at("link_data") || hash_at("video_data")) {
        problems.push(at(
            IMAGE_FIELD,
            "the picture is given twice, as a file and as a hash",
            "clear one of the two",
        ));
    }
    if files.video.is_some() {
        if set(&format!("{story}/video_data/video_id")) {
            problems.push(at(
                VIDEO_FIELD,
                "the video is given twice, as a file and as an id",
                "clear one of the two",
            ));
        }
        let cover =
            ["link_data", "video_data"].iter().any(|d| hash_at(d)) || set(&format!("{story}/video_data/image_url"));
        if files.image.is_none() && !cover {
            problems.push(at(
                IMAGE_FIELD,
                "a video needs a picture to be shown before it plays",
                "give a JPG or PNG of the same shape as the video",
            ));
        }
    } else if !set(&format!("{story}/link_data")) && !set(&format!("{story}/video_data")) {
        problems.push(at(
            IMAGE_FIELD,
            "there is no link for the picture to lead to",
            "enter the link",
        ));
    }
    if set(&format!("{story}/link_data/child_attachments")) {
        problems.push(at(
            given,
            "a carousel's cards have pictures of their own",
            "clear the file, and give each card its image_hash",
        ));
    }
    problems
}
