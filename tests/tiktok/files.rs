//! A ticket with files, over the simulated TikTok and simulated time.

use std::path::Path;

use omnitraffick::engine::model::{deploy::OutcomeClass, json::Sha, platform::ObjectKind, ticket::Status};
use rstest::rstest;
use serde_json::json;

use crate::{
    job::{agency, payload},
    support::World,
};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\xD0\0\0\x05\0\x08\x06\0\0\0";
const FILM: &[u8] = b"\0\0\0\x20ftypisom and so on";

/// A video ad with its cover, both from the disk, being deployed.
async fn deploying(script: &str, folder: &Path) -> (World, omnitraffick::engine::model::ids::TicketId) {
    let world = agency(script).await;
    let campaign = world.campaign(world.brand, "Trail season").await;
    let mut payload = payload(&world).await;
    let ad = payload["ad"].as_object_mut().unwrap();
    for (field, name, bytes) in [("image_file", "cover.png", PICTURE), ("video_file", "film.mp4", FILM)] {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        ad.insert(field.to_owned(), json!(path));
    }
    ad.remove("video_id");
    ad.remove("image_ids");
    let id = world.ticket_with(campaign, "120.00", &payload).await;
    assert_eq!(
        world.qa(id).await,
        Status::ReadyForApi,
        "{:#?}",
        world.view(id).await.ticket.value.qa
    );
    world.deploy(id).await.unwrap();
    (world, id)
}

#[rstest]
#[case::nothing("")]
#[case::answer_lost("[[rule]]\nkind = \"asset\"\nmethod = \"POST\"\nnth = 2\naction = \"drop_after\"\n")]
#[case::image_answer_lost("[[rule]]\nkind = \"asset\"\nmethod = \"POST\"\nnth = 1\naction = \"cut_body\"\n")]
#[case::not_done("[[rule]]\nkind = \"asset\"\nmethod = \"POST\"\nnth = 2\naction = \"drop_before\"\n")]
#[case::late("[[rule]]\nkind = \"asset\"\nmethod = \"POST\"\nnth = 2\naction = { late = { seconds = 20 } }\n")]
#[case::slow_listing(
    "[world]\nlisting_lag_seconds = 60\n[[rule]]\nkind = \"asset\"\nmethod = \"POST\"\nnth = 1\naction = \"drop_after\"\n"
)]
#[tokio::test(start_paused = true)]
async fn files_go_from_the_disk_to_the_ad_once(#[case] script: &str) {
    let folder = tempfile::tempdir().unwrap();
    let world = if script.contains("[world]") {
        script.replace(
            "[world]\n",
            "[world]\nauto_images = false\nvideo_processing_seconds = 40\n",
        )
    } else {
        format!("[world]\nauto_images = false\nvideo_processing_seconds = 40\n{script}")
    };
    let (world, id) = deploying(&world, folder.path()).await;
    let status = world.wait(id, |s| s != Status::Deploying).await;
    let view = world.view(id).await;
    assert_eq!(status, Status::TraffickedSuccess, "{:?}", view.ticket.value.failure);
    let steps = view.deploy.unwrap().steps;
    for step in steps.iter().filter(|s| s.kind == ObjectKind::Asset) {
        let made = world
            .sandbox
            .creates(&view.ticket.value.account, ObjectKind::Asset, &step.name);
        assert_eq!(made, 1, "{}", step.key);
    }
    let ad = steps.iter().find(|s| s.key == "ad").unwrap();
    let classes: Vec<_> = ad
        .attempts
        .iter()
        .filter_map(|a| a.outcome.as_ref())
        .map(|o| o.class)
        .collect();
    assert_eq!(classes.last(), Some(&OutcomeClass::Done));
    assert_eq!(ad.tries, 0, "a video in transcoding costs no try: {classes:?}");
    let id_of = |key: &str| steps.iter().find(|s| s.key == key).unwrap().external_id.clone();
    let all = world.sandbox.snapshot(world.clock.now());
    let made = all.iter().find(|o| o.kind == ObjectKind::Ad).unwrap();
    assert_eq!(made.fields["video_id"], json!(id_of("upload_video")));
    assert_eq!(made.fields["image_ids"], json!([id_of("upload_image")]));
}

/// The second ticket with the same picture gets the first one's: a name is taken once.
#[tokio::test(start_paused = true)]
async fn the_same_file_is_in_the_library_once() {
    let folder = tempfile::tempdir().unwrap();
    let (world, first) = deploying("", folder.path()).await;
    world.wait(first, |s| s != Status::Deploying).await;
    let campaign = world.campaign(world.brand, "Winter trail").await;
    let payload = world.view(first).await.ticket.value.payload.value();
    let second = world.ticket_with(campaign, "120.00", &payload).await;
    world.qa(second).await;
    world.deploy(second).await.unwrap();
    assert_eq!(
        world.wait(second, |s| s != Status::Deploying).await,
        Status::TraffickedSuccess
    );
    let step = |view: &omnitraffick::engine::api::TicketView, key: &str| {
        let steps = &view.deploy.as_ref().unwrap().steps;
        steps.iter().find(|s| s.key == key).unwrap().clone()
    };
    let (a, b) = (world.view(first).await, world.view(second).await);
    for key in ["upload_image", "upload_video"] {
        assert_eq!(step(&a, key).external_id, step(&b, key).external_id, "{key}");
    }
    assert!(
        step(&b, "upload_image")
            .name
            .contains(&Sha::of(PICTURE).to_string()[..16])
    );
}
