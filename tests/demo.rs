//! The demo's story ends where it should, over real HTTP on loopback and in real time.
#![allow(clippy::unwrap_used, reason = "test code")]

use omnitraffick::demo::{Demo, headless};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_ticket_of_the_demo_ends_where_its_story_ends() {
    let demo = Demo::start(1000, "ana").await.unwrap();
    let mut out = Vec::new();
    let good = headless::play(&demo, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(good, "{text}");
    demo.close().await.unwrap();
}
