//! The disk fails or fills up under an engine with consoles attached: every one of them hears of it at once, and sees why
//! nothing can be written; and hears when there is room again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;
mod support;

use std::{path::Path, sync::Arc, time::Duration};

use omnitraffick::engine::{
    api::{Command, CommandKind, EngineClient, Notice, Overview, Reply, Request},
    clock::{SystemClock, SystemEntropy},
    host::{
        Host, Place,
        socket::{
            client::RemoteClient,
            message::Hello,
            path::{Audience, bind},
            server::Server,
        },
        who::Who,
    },
    model::{
        governance::Brand,
        ids::BrandId,
        roles::{Directory, Login, Roles},
    },
    store::embedded::Options,
};
use store_support::fault_disk::{Fault, FaultDisk};
use tokio::{
    sync::broadcast::Receiver,
    time::{Instant, timeout_at},
};

struct Nobody;

impl Directory for Nobody {
    fn by_uid(&self, _: u32) -> Option<Login> {
        None
    }

    fn by_name(&self, _: &str) -> Option<Login> {
        None
    }
}

async fn open(dir: &Path, disk: &FaultDisk) -> Host {
    open_with(dir, disk, Options::default().segment_bytes).await
}

async fn open_with(dir: &Path, disk: &FaultDisk, segment_bytes: u64) -> Host {
    let options = Options {
        disk: Arc::new(disk.clone()),
        segment_bytes,
        ephemeral: true,
        allow_fuse: true,
        ..Options::default()
    };
    let place = Place::With(dir.to_owned(), options);
    support::open(&support::sandbox(""), &support::clock(), place, 1).await
}

fn brand(client: &dyn EngineClient, n: u8) -> Request {
    let brand = Brand {
        id: BrandId::new(client.new_uuid()),
        code: format!("A{}{}", char::from(b'A' + n / 26), char::from(b'A' + n % 26))
            .parse()
            .unwrap(),
        name: "Acorn Mills".into(),
        family_friendly: false,
        aliases: vec![],
        retired: false,
    };
    Request::Do(Box::new(Command {
        id: client.command_id(),
        kind: CommandKind::BrandCreate(brand),
    }))
}

type Seat = (RemoteClient, Receiver<Notice>);

/// The engine on its socket, and twenty consoles attached to it.
async fn serve(dir: &Path, host: &Host) -> (Server, Vec<Seat>) {
    let path = dir.join("engine.sock");
    let own = rustix::process::geteuid().as_raw();
    let who = Who::new(own, Box::new(Nobody), Roles::default());
    let listener = bind(&path, &Audience::Owner).unwrap();
    let server = Server::start(Arc::clone(host.engine()), listener, path.clone(), who, "test".into()).unwrap();
    let mut consoles = Vec::new();
    for _ in 0..20 {
        let entropy = Arc::new(SystemEntropy::from_os());
        let joined = RemoteClient::connect(&path, Hello::new("console"), None, Arc::new(SystemClock), entropy).await;
        let (client, _, heard) = joined.unwrap();
        consoles.push((client, heard));
    }
    (server, consoles)
}

async fn told_by(heard: &mut Receiver<Notice>, when: Instant) {
    let told = timeout_at(when, async {
        while !matches!(heard.recv().await.unwrap(), Notice::Health) {}
    });
    told.await.expect("told in time");
}

async fn overview(client: &RemoteClient) -> Box<Overview> {
    match client.request(Request::Overview).await.unwrap() {
        Reply::Overview(overview) => overview,
        other => panic!("no overview: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_console_hears_of_a_failed_disk_within_a_second() {
    let counting = FaultDisk::new(u64::MAX, Fault::SyncEio);
    let scratch = tempfile::tempdir().unwrap();
    open(scratch.path(), &counting).await.close().await.unwrap();
    // Well after the opening, which is not what fails here.
    let disk = FaultDisk::new(counting.calls() + 100, Fault::SyncEio);
    let dir = tempfile::tempdir().unwrap();
    let host = open(&dir.path().join("store"), &disk).await;

    let (server, mut consoles) = serve(dir.path(), &host).await;
    let mut refused = None;
    for n in 0..200 {
        let (client, _) = &consoles[0];
        if let Err(error) = client.request(brand(client, n)).await {
            refused = Some(error.to_string());
            break;
        }
    }
    let failed = Instant::now();
    let why = refused.expect("the disk fails in the end");
    assert!(why.contains("read-only"), "{why}");
    for (client, heard) in &mut consoles {
        // Nothing is committed any more that would wake a console: this alone does.
        told_by(heard, failed + Duration::from_secs(1)).await;
        let overview = overview(client).await;
        assert!(overview.read_only.is_some_and(|why| why.contains("failed to sync")));
    }
    println!("20 consoles knew {} ms after the refusal", failed.elapsed().as_millis());
    server.end("over").await;
    let _ = host.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_console_hears_of_a_nearly_full_disk_and_of_room_again() {
    let disk = FaultDisk::new(u64::MAX, Fault::Enospc);
    let dir = tempfile::tempdir().unwrap();
    let host = open_with(&dir.path().join("store"), &disk, 16 << 10).await;
    let (server, mut consoles) = serve(dir.path(), &host).await;
    disk.no_new_files(true);
    let mut refused = None;
    for n in 0..u8::MAX {
        let (client, _) = &consoles[0];
        if let Err(error) = client.request(brand(client, n)).await {
            refused = Some(error.to_string());
            break;
        }
    }
    let full = Instant::now();
    let why = refused.expect("there is no next segment");
    assert!(why.contains("make room"), "{why}");
    for (client, heard) in &mut consoles {
        told_by(heard, full + Duration::from_secs(1)).await;
        let overview = overview(client).await;
        assert_eq!(overview.read_only, None, "what is under way goes on");
        assert!(overview.short.is_some_and(|why| why.contains("make room")));
    }
    println!("20 consoles knew {} ms after the refusal", full.elapsed().as_millis());
    // As long as it stays so, nobody is told again, however often somebody tries.
    for n in 200..210 {
        consoles[0].0.request(brand(&consoles[0].0, n)).await.unwrap_err();
    }
    for (_, heard) in &mut consoles {
        while let Ok(notice) = heard.try_recv() {
            assert!(!matches!(notice, Notice::Health), "told once");
        }
    }
    // The engine looks by itself whether somebody made room.
    disk.no_new_files(false);
    let room = Instant::now();
    for (client, heard) in &mut consoles {
        told_by(heard, room + Duration::from_secs(15)).await;
        assert_eq!(overview(client).await.short, None);
    }
    println!(
        "20 consoles knew {} ms after there was room",
        room.elapsed().as_millis()
    );
    consoles[0].0.request(brand(&consoles[0].0, 220)).await.unwrap();
    server.end("over").await;
    let _ = host.close().await;
}
