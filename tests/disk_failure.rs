//! The disk fails under an engine with consoles attached: every one of them hears of it at once, and sees why nothing
//! can be written.
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
    api::{Command, CommandKind, EngineClient, Notice, Reply, Request},
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
use tokio::time::{Instant, timeout_at};

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
    let options = Options {
        disk: Arc::new(disk.clone()),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_console_hears_of_a_failed_disk_within_a_second() {
    let counting = FaultDisk::new(u64::MAX, Fault::SyncEio);
    let scratch = tempfile::tempdir().unwrap();
    open(scratch.path(), &counting).await.close().await.unwrap();
    // Well after the opening, which is not what fails here.
    let disk = FaultDisk::new(counting.calls() + 100, Fault::SyncEio);
    let dir = tempfile::tempdir().unwrap();
    let host = open(&dir.path().join("store"), &disk).await;

    let path = dir.path().join("engine.sock");
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
        let told = timeout_at(failed + Duration::from_secs(1), async {
            while !matches!(heard.recv().await.unwrap(), Notice::Health) {}
        });
        told.await.expect("told within a second");
        let Reply::Overview(overview) = client.request(Request::Overview).await.unwrap() else {
            panic!("no overview")
        };
        assert!(overview.read_only.is_some_and(|why| why.contains("failed to sync")));
    }
    println!("20 consoles knew {} ms after the refusal", failed.elapsed().as_millis());
    server.end("over").await;
    let _ = host.close().await;
}
