//! A ticket with files of this machine, from the path a person gives to the live ad: over the simulated Meta, first with
//! simulated time, then as the real program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod program;
mod support;

use std::path::{Path, PathBuf};

use omnitraffick::engine::{
    api::{ApiError, CommandKind, TicketPatch, TicketView},
    model::{
        asset::{Asset, inspect},
        deploy::{OutcomeClass, Step},
        ids::TicketId,
        json::{CanonicalJson, Sha},
        platform::ObjectKind,
        ticket::Status,
    },
};
use program::Home;
use rstest::rstest;
use serde_json::{Value, json};
use support::World;

/// A PNG as far as anybody looks: signature and header.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0]);
    bytes
}

/// An MP4 as far as anybody looks.
fn mp4() -> Vec<u8> {
    [b"\0\0\0\x20ftypisom".as_slice(), &[7; 3000]].concat()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A payload with files in place of an image hash.
async fn payload(world: &World, image: Option<&Path>, video: Option<&Path>) -> Value {
    let mut payload = world.payload().await;
    let link = &mut payload["creative"]["object_story_spec"]["link_data"];
    link.as_object_mut().unwrap().remove("image_hash");
    for (field, path) in [("image_file", image), ("video_file", video)] {
        if let Some(path) = path {
            payload["creative"][field] = json!(path);
        }
    }
    payload
}

/// A ticket with an image and a video that is being deployed.
async fn deploying(script: &str, folder: &Path) -> (World, TicketId) {
    let world = World::new(script).await;
    let campaign = world.campaign(world.brand, "Moana launch").await;
    let (image, video) = (
        write(folder, "hero.png", &png(1200, 628)),
        write(folder, "film.mp4", &mp4()),
    );
    let payload = payload(&world, Some(&image), Some(&video)).await;
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    // What was on the disk is no longer needed, nor looked at.
    std::fs::remove_file(image).unwrap();
    std::fs::remove_file(video).unwrap();
    let status = world.qa(id).await;
    assert_eq!(
        status,
        Status::ReadyForApi,
        "{:#?}",
        world.view(id).await.ticket.value.qa
    );
    world.deploy(id).await.unwrap();
    (world, id)
}

async fn live(world: &World, id: TicketId) -> TicketView {
    let status = world.wait(id, |s| s != Status::Deploying).await;
    let view = world.view(id).await;
    assert_eq!(status, Status::TraffickedSuccess, "{:?}", view.ticket.value.failure);
    view
}

fn step<'v>(view: &'v TicketView, key: &str) -> &'v Step {
    let steps = &view.deploy.as_ref().unwrap().steps;
    steps.iter().find(|s| s.key == key).unwrap()
}

/// How often a file was put into the platform's library: images are known there by their hash, videos by their title.
fn uploads(world: &World, view: &TicketView, key: &str) -> usize {
    let step = step(view, key);
    let image = (key == "upload_image").then(|| step.external_id.clone().unwrap().0);
    let name = image.unwrap_or_else(|| step.name.clone());
    world
        .sandbox
        .creates(&view.ticket.value.account, ObjectKind::Asset, &name)
}

#[tokio::test(start_paused = true)]
async fn an_image_and_a_video_go_from_the_disk_to_the_ad() {
    let folder = tempfile::tempdir().unwrap();
    let (world, id) = deploying(
        "[world]\nauto_images = false\nvideo_processing_seconds = 90\n",
        folder.path(),
    )
    .await;
    let waits = world
        .until(id, |v| {
            v.why
                .as_ref()
                .is_some_and(|w| w.text.contains("the platform is not done yet"))
        })
        .await;
    assert!(waits.why.unwrap().next_at.is_some(), "a wait has an end");
    let view = live(&world, id).await;
    let made: Vec<_> = view.ticket.value.created.iter().map(|c| c.step.as_str()).collect();
    assert_eq!(
        made,
        ["upload_image", "upload_video", "campaign", "ad_set", "creative", "ad"]
    );
    assert_eq!(
        (
            uploads(&world, &view, "upload_image"),
            uploads(&world, &view, "upload_video")
        ),
        (1, 1)
    );
    let ready = step(&view, "video_ready");
    assert!(ready.attempts.len() > 2 && ready.tries == 0, "{ready:?}");
    // What the creative shows is what was uploaded.
    let all = world.sandbox.snapshot(world.clock.now());
    let creative = all.iter().find(|o| o.kind == ObjectKind::Creative).unwrap();
    let story = &creative.fields["object_story_spec"];
    assert!(story.get("link_data").is_none(), "{story}");
    let shown = &story["video_data"];
    assert_eq!(shown["video_id"], json!(step(&view, "upload_video").external_id));
    assert_eq!(shown["image_hash"], json!(step(&view, "upload_image").external_id));
    assert_eq!(
        (&shown["message"], &shown["call_to_action"]["value"]["link"]),
        (&json!("Out now"), &json!("https://acme.example/launch"))
    );
    // The payload holds what was sent, and the path is gone.
    let kept = Asset::of_value(&view.ticket.value.payload.value()["creative"]["image_file"]).unwrap();
    assert_eq!((kept.sha256, kept.width), (Sha::of(&png(1200, 628)), Some(1200)));
    assert!(
        !view
            .ticket
            .value
            .payload
            .as_str()
            .contains(folder.path().to_str().unwrap())
    );
}

#[rstest]
#[case::answer_lost("action = \"drop_after\"")]
#[case::not_done("action = \"drop_before\"")]
#[case::done_late("action = { late = { seconds = 20 } }")]
#[case::server("action = { http = { status = 500 } }")]
#[case::answer_cut("action = \"cut_body\"")]
#[case::limited("action = { rate_limit = { minutes = 2 } }")]
#[tokio::test(start_paused = true)]
async fn no_fault_makes_a_second_upload(#[case] action: &str, #[values("adimages", "advideos")] edge: &str) {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("[[rule]]\npath = \"/act_1001/{edge}\"\nmethod = \"POST\"\nnth = 1\n{action}\n");
    let (world, id) = deploying(&script, folder.path()).await;
    let view = live(&world, id).await;
    assert_eq!(
        (
            uploads(&world, &view, "upload_image"),
            uploads(&world, &view, "upload_video")
        ),
        (1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_video_that_never_gets_ready_is_given_up_with_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let (world, id) = deploying("[world]\nvideo_processing_seconds = 80000\n", folder.path()).await;
    assert_eq!(world.wait(id, |s| s != Status::Deploying).await, Status::Failed);
    let view = world.view(id).await;
    assert_eq!(view.ticket.value.failure.as_ref().unwrap().step, "video_ready");
    let last = step(&view, "video_ready")
        .attempts
        .last()
        .unwrap()
        .outcome
        .clone()
        .unwrap();
    assert_eq!(last.class, OutcomeClass::NotReady);
}

fn problem(error: ApiError) -> (String, String) {
    let ApiError::Refused(refusal) = error else {
        panic!("{error:?}")
    };
    let first = &refusal.problems[0];
    (first.field.clone().unwrap_or_default().0, first.reason.clone())
}

#[rstest]
#[case::no_file("missing.png", None, "cannot be read")]
#[case::other_content("hero.png", Some(b"<html>".as_slice()), "no image or video by its content")]
#[case::other_type("hero.png", Some(b"GIF89a\x08\0\x08\0\0\0\0".as_slice()), "GIF file by its content")]
#[case::empty("hero.png", Some(b"".as_slice()), "no image or video")]
#[tokio::test(start_paused = true)]
async fn a_file_that_does_not_fit_is_refused_with_its_field(
    #[case] name: &str,
    #[case] content: Option<&[u8]>,
    #[case] want: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Moana launch").await;
    let id = world.ticket(campaign).await;
    if let Some(content) = content {
        write(folder.path(), name, content);
    }
    let payload = payload(&world, Some(&folder.path().join(name)), None).await;
    let version = world.view(id).await.ticket.version;
    let edit = CommandKind::TicketEdit {
        id,
        version,
        patch: TicketPatch {
            payload: Some(CanonicalJson::new(&payload)),
            ..TicketPatch::default()
        },
    };
    let (field, reason) = problem(world.act(edit).await.unwrap_err());
    assert_eq!(field, "payload.creative.image_file");
    assert!(reason.contains(want), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn qa_finds_a_file_the_store_does_not_have_and_one_that_does_not_fit() {
    let world = World::new("").await;
    let campaign = world.campaign(world.brand, "Moana launch").await;
    let mut payload = payload(&world, None, None).await;
    let mut asset = inspect("hero.png", &png(1200, 628)).unwrap();
    asset.bytes = 31_000_000;
    payload["creative"]["image_file"] = asset.to_value();
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    assert_eq!(world.qa(id).await, Status::QaFailed);
    let findings = world.view(id).await.ticket.value.qa.unwrap().findings;
    let rules: Vec<_> = findings
        .iter()
        .filter(|f| f.field.as_str() == "payload.creative.image_file")
        .map(|f| f.rule.as_str())
        .collect();
    assert_eq!(rules, ["file.unfit", "file.lost"], "{findings:?}");
}

/// The real program, its own sandbox over loopback, a real store.
#[test]
fn the_program_takes_a_local_image_and_video_live() {
    let home = Home::new();
    let world = program::Sandbox::start(&home, "[world]\nauto_images = false\n", "");
    home.govern(&["act_1001"]);
    home.campaign("Moana launch");
    let image = png(1200, 628);
    home.file("hero.png", &image);
    home.file("film.mp4", mp4());
    let ticket = home.file(
        "ticket.toml",
        r#"
campaign = "Moana launch"
channel = "META"
budget.daily = "250.00"
flight = { start = 2030-12-01, end = 2030-12-31 }
[payload.ad_set.targeting]
geo_locations = { countries = ["US"] }
[payload.creative]
image_file = "hero.png"
video_file = "film.mp4"
object_story_spec = { page_id = "1000000001", link_data = { link = "https://example.com/m", message = "Set sail" } }
"#,
    );
    let made = home.json(&["ticket", "create", "--file", ticket.to_str().unwrap()]);
    let no = made["data"]["ticket"]["no"].to_string();
    home.good(&["ticket", "qa", &no, "--wait"]);
    let preview = home.good(&["ticket", "preview", &no]);
    let hash = Sha::of(&image).to_string();
    assert!(preview.contains(&hash), "{preview}");
    home.good(&["ticket", "deploy", &no, "--wait"]);
    let shown = home.good(&["ticket", "show", &no]);
    assert!(shown.contains(&format!("sends hero.png sha256:{hash}")), "{shown}");
    assert!(shown.contains("PNG, 1200 x 628"), "{shown}");
    // What the platform got is what is kept.
    let uploads: Vec<Value> = world
        .record()
        .into_iter()
        .filter(|l| l["method"] == "POST")
        .take(2)
        .collect();
    assert_eq!(uploads[0]["body"]["filename"]["sha256"], json!(hash));
    assert_eq!(uploads[1]["body"]["source"]["sha256"], json!(Sha::of(&mp4())));
    let kept = home.store().join("assets").join(&hash[..2]).join(&hash);
    assert_eq!(std::fs::read(kept).unwrap(), image);
}

/// The engine is another process: files go to it over the socket, opened by whoever names them.
#[test]
fn files_reach_an_engine_that_runs_elsewhere() {
    let home = Home::new();
    let _world = program::Sandbox::start(&home, "[world]\nauto_images = false\n", "");
    home.govern(&["act_1001"]);
    home.campaign("Moana launch");
    let mut engine = program::Running(home.command(&["serve"]).spawn().unwrap());
    program::until("the engine", || {
        home.json(&["engine", "status"])["data"]["running"] == true
    });
    let image = png(1200, 628);
    home.file("hero.png", &image);
    let ticket = home.file(
        "ticket.toml",
        r#"
campaign = "Moana launch"
channel = "META"
budget.daily = "250.00"
flight = { start = 2030-12-01, end = 2030-12-31 }
[payload.ad_set.targeting]
geo_locations = { countries = ["US"] }
[payload.creative]
image_file = "hero.png"
object_story_spec = { page_id = "1000000001", link_data = { link = "https://example.com/m", message = "Set sail" } }
"#,
    );
    let hash = Sha::of(&image).to_string();
    let kept = home.store().join("assets").join(&hash[..2]).join(&hash);
    // Looking at it first keeps nothing.
    home.good(&["--dry-run", "ticket", "create", "--file", ticket.to_str().unwrap()]);
    assert!(!kept.exists());
    let made = home.json(&["ticket", "create", "--file", ticket.to_str().unwrap()]);
    let no = made["data"]["ticket"]["no"].to_string();
    assert_eq!(std::fs::read(&kept).unwrap(), image);
    // Another one instead, by its path; one that does not fit is refused with its field.
    let film = home.file("film.mp4", mp4());
    let other = home.file("other.png", png(1080, 1080));
    let set = |path: &Path| format!("payload.creative.image_file={}", path.display());
    home.good(&["ticket", "update", &no, "--set", &set(&other)]);
    let refused = home.run(&["ticket", "update", &no, "--set", &set(&film)]);
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    assert!(program::talk(&refused).contains("image_file"), "{refused:?}");
    let shown = home.good(&["ticket", "show", &no]);
    assert!(shown.contains("other.png"), "{shown}");
    home.good(&["ticket", "qa", &no, "--wait"]);
    home.good(&["ticket", "deploy", &no, "--wait"]);
    engine.kill_9();
}
