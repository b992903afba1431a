//! Files on Meta: uploading images and videos, finding them again, waiting for a video, and putting them into a creative.
//!
//! - An image is known by its hash: the same bytes give the same hash, so an upload whose answer was lost is simply
//!   sent again.
//! - A video is not: each upload is a new one. It carries a title made from its content, and is looked up by it.
//! - A creative takes a video only when Meta is done with it: `video_ready` asks until it is.

use serde_json::{Map, Value, json};

use super::read::id;
use crate::{
    engine::model::{
        deploy::{Job, Step, StepAction},
        platform::{ExternalId, ObjectKind},
        refusal::Problem,
    },
    platforms::{
        Body, Found, KnownIds, Part, WireRequest,
        common::read::text,
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
    Ok(WireRequest::post(
        format!("/{}/{edge}", job.account.id),
        Body::Multipart(parts),
    ))
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
    WireRequest::get(format!("/{}/{edge}", job.account.id), query)
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
        .map(whole)
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
    WireRequest::get(path, query)
}

/// What the answer to [`read`] says there is: nothing, or the upload. `None` = it is no answer to it.
pub fn read_back(step: &Step, body: &Value) -> Option<Vec<Found>> {
    if is_image(step) {
        let listed = body.get("data").and_then(Value::as_array)?;
        let hashes = listed.iter().filter_map(|o| text(o, "/hash")).filter_map(hash);
        return Some(hashes.map(whole).collect());
    }
    id(body).map(|id| vec![whole(id)])
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        engine::model::{
            asset::inspect,
            deploy::{Outcome, OutcomeClass},
            time::Timestamp,
        },
        platforms::{
            Exchange, LookUp, Lost,
            meta::{
                interpret::interpret,
                look_up, plan,
                spec::check_request,
                steps,
                testing::{answer, job as plain, set, step},
            },
        },
    };

    fn with_files() -> Job {
        let mut job = plain();
        let image = inspect("hero.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x04").unwrap();
        let video = inspect("film.mp4", b"\0\0\0\x20ftypisom").unwrap();
        set(&mut job, "creative.object_story_spec.link_data.image_hash", Value::Null);
        set(&mut job, "creative.image_file", image.to_value());
        set(&mut job, "creative.video_file", video.to_value());
        job
    }

    fn ids() -> KnownIds {
        [
            (IMAGE_STEP, "9fdb"),
            (VIDEO_STEP, "55"),
            ("campaign", "1202"),
            ("ad_set", "1203"),
        ]
        .map(|(k, v)| (k.to_owned(), ExternalId(v.to_owned())))
        .into()
    }

    fn on(key: &str, exchange: &Exchange) -> Outcome {
        let job = with_files();
        interpret(&job, &step(&job, key), exchange, Timestamp::default())
    }

    #[test]
    fn files_come_first_and_the_wait_before_the_creative() {
        let job = with_files();
        let steps = steps::steps(&job).unwrap();
        let keys: Vec<_> = steps.iter().map(|s| s.key.as_str()).take(6).collect();
        assert_eq!(
            keys,
            [IMAGE_STEP, VIDEO_STEP, "campaign", "ad_set", READY_STEP, "creative"]
        );
        assert!(steps::archive_steps(&steps).iter().all(|s| s.kind != ObjectKind::Asset));
        for step in &steps[..2] {
            let request = plan::plan(&job, step, &ids()).unwrap();
            assert_eq!(check_request(&request), []);
            let Body::Multipart(parts) = &request.body else {
                panic!("no file")
            };
            let files = JobFiles::of(&job, SECTION);
            assert_eq!(Part::files(parts).next().map(|(_, _, a)| a), files.of_step(step));
            assert_ne!(
                request.hash(),
                WireRequest {
                    body: Body::Empty,
                    ..request.clone()
                }
                .hash()
            );
        }
    }

    #[test]
    fn a_video_takes_the_link_ads_texts_with_it() {
        let job = with_files();
        let request = plan::plan(&job, &step(&job, "creative"), &ids()).unwrap();
        assert_eq!(check_request(&request), []);
        let Body::Form(form) = &request.body else {
            panic!("no form")
        };
        let story = form
            .iter()
            .find(|(k, _)| k == "object_story_spec")
            .map(|(_, v)| v.as_str());
        assert_eq!(
            serde_json::from_str::<Value>(story.unwrap()).unwrap(),
            json!({"page_id": "111", "video_data": {
                "video_id": "55", "image_hash": "9fdb", "message": "See it first", "title": "Launch week",
                "call_to_action": {"type": "LEARN_MORE", "value": {"link": "https://example.com/launch"}},
            }})
        );
        let early = plan::plan(&job, &step(&job, "creative"), &KnownIds::new()).unwrap_err();
        assert!(early.reason.contains(IMAGE_STEP), "{early:?}");
    }

    #[rstest]
    #[case::image(IMAGE_STEP, json!({"images": {"hero.png": {"hash": "9fdba2b8", "name": "hero.png"}}}), OutcomeClass::Done, Some("9fdba2b8"))]
    #[case::image_without_hash(IMAGE_STEP, json!({"images": {}}), OutcomeClass::NotExecuted, None)]
    #[case::video(VIDEO_STEP, json!({"id": "55"}), OutcomeClass::Done, Some("55"))]
    #[case::video_without_id(VIDEO_STEP, json!({}), OutcomeClass::Unknown, None)]
    #[case::ready(READY_STEP, json!({"id": "55", "status": {"video_status": "ready"}}), OutcomeClass::Done, Some("55"))]
    #[case::processing(READY_STEP, json!({"id": "55", "status": {"video_status": "processing"}}), OutcomeClass::NotReady, None)]
    #[case::unsaid(READY_STEP, json!({"id": "55"}), OutcomeClass::NotReady, None)]
    #[case::failed(READY_STEP, json!({"id": "55", "status": {"video_status": "error"}}), OutcomeClass::Rejected, None)]
    fn answers_are_read(#[case] key: &str, #[case] body: Value, #[case] want: OutcomeClass, #[case] id: Option<&str>) {
        let outcome = on(key, &answer(200, &body));
        assert_eq!(
            (outcome.class, outcome.external_id.as_ref().map(|i| i.0.as_str())),
            (want, id)
        );
        assert_eq!(outcome.wait_until.is_some(), want == OutcomeClass::NotReady);
        if want == OutcomeClass::Rejected {
            assert_eq!(outcome.field, Some("payload.creative.video_file".into()));
        }
    }

    #[test]
    fn a_lost_image_is_sent_again_and_a_lost_video_looked_up() {
        let lost = Err(Lost::InDoubt {
            why: "reset".to_owned(),
        });
        assert_eq!(on(IMAGE_STEP, &lost).class, OutcomeClass::NotExecuted);
        assert_eq!(on(VIDEO_STEP, &lost).class, OutcomeClass::Unknown);
        let refused = answer(400, &json!({"error": {"code": 100, "message": "Invalid parameter"}}));
        assert_eq!(
            on(IMAGE_STEP, &refused).field,
            Some("payload.creative.image_file".into())
        );
        let large = on(VIDEO_STEP, &answer(413, &json!({})));
        assert_eq!(large.class, OutcomeClass::Rejected);
    }

    #[test]
    fn an_upload_is_known_by_its_name_however_often_it_is_there() {
        let job = with_files();
        let step = step(&job, VIDEO_STEP);
        assert_eq!(check_request(&look_up::look_up(&job, &step).unwrap()), []);
        let video =
            |id: &str, title: &str, status: &str| json!({"id": id, "title": title, "status": {"video_status": status}});
        let look = |data: Value| {
            let exchange = answer(200, &json!({ "data": data }));
            let now = Timestamp::default();
            match look_up::interpret_look_up(&job, &step, &ids(), now, &exchange, now) {
                LookUp::Counted(found) => found.into_iter().map(|f| f.id.0).collect::<Vec<_>>(),
                other => panic!("{other:?}"),
            }
        };
        let name = step.name.as_str();
        assert_eq!(look(json!([video("7", "other", "ready")])), Vec::<String>::new());
        assert_eq!(look(json!([video("7", name, "error")])), Vec::<String>::new());
        assert_eq!(
            look(json!([video("8", name, "processing"), video("9", name, "ready")])),
            ["8"]
        );
    }

    #[rstest]
    #[case::no_cover("creative.image_file", Value::Null, "image_file")]
    #[case::existing_post("creative.object_story_id", json!("1_2"), "video_file")]
    #[case::hash_too("creative.object_story_spec.link_data.image_hash", json!("9f"), "image_file")]
    #[case::id_too("creative.object_story_spec.video_data.video_id", json!("9"), "video_file")]
    #[case::carousel("creative.object_story_spec.link_data.child_attachments", json!([{}, {}]), "video_file")]
    fn what_does_not_go_together_is_told(#[case] path: &str, #[case] value: Value, #[case] field: &str) {
        let mut job = with_files();
        assert_eq!(check(&job), []);
        set(&mut job, path, value);
        let problems = check(&job);
        let fields: Vec<_> = problems
            .iter()
            .filter_map(|p| p.field.as_ref())
            .map(ToString::to_string)
            .collect();
        assert!(fields.contains(&format!("payload.creative.{field}")), "{problems:?}");
    }
}
