//! What must hold of any request: it is answered, by an engine that goes on. Shared by the fuzz target and the replay of
//! its corpus.
//!
//! Bytes that are no JSON must end the connection with words; any JSON must be answered under its number. The engine has
//! an agency with a ticket, so that requests can meet something; it is made anew from time to time, so that what one
//! input leaves behind does not add up.

use std::{cell::RefCell, path::PathBuf, sync::Arc, time::Duration};

use omnitraffick::engine::{
    host::{
        Host,
        socket::{
            frame::{Decoder, MAX, encode},
            message::{Hello, ToClient, ToEngine},
            path::{Audience, bind},
            server::Server,
        },
        who::Who,
    },
    model::roles::{Directory, Login, Roles},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    runtime::Runtime,
    time::timeout,
};

use crate::support::World;

/// Inputs an engine takes.
const LIFE: u32 = 500;
/// In the engine's time, which jumps over every wait.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Nobody has a name.
struct NoDirectory;

impl Directory for NoDirectory {
    fn by_uid(&self, _: u32) -> Option<Login> {
        None
    }

    fn by_name(&self, _: &str) -> Option<Login> {
        None
    }
}

/// An engine that listens.
struct House {
    /// What stands in an input for an id: no fuzzer guesses those.
    ids: [(&'static str, String); 5],
    _host: Host,
    _server: Server,
    path: PathBuf,
    _dir: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let world = World::new("").await;
        let campaign = world.campaign(world.brand, "Wave").await;
        let ticket = world.ticket(campaign).await;
        let ids = [
            ("$ticket", ticket.to_string()),
            ("$campaign", campaign.to_string()),
            ("$brand", world.brand.to_string()),
            ("$market", world.market.to_string()),
            ("$channel", world.channel.to_string()),
        ];
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.sock");
        let own = rustix::process::geteuid().as_raw();
        let who = Who::new(own, Box::new(NoDirectory), Roles::default());
        let listener = bind(&path, &Audience::Owner).unwrap();
        let server = Server::start(
            Arc::clone(world.host.engine()),
            listener,
            path.clone(),
            who,
            "test".into(),
        )
        .unwrap();
        Self {
            ids,
            _host: world.host,
            _server: server,
            path,
            _dir: dir,
        }
    }
}

/// One connection.
struct Line {
    stream: UnixStream,
    decoder: Decoder,
}

impl Line {
    async fn open(house: &House) -> Self {
        let stream = UnixStream::connect(&house.path).await.unwrap();
        let mut line = Self {
            stream,
            decoder: Decoder::default(),
        };
        line.say(&encode(&ToEngine::Hello(Hello::new("cli"))).unwrap()).await;
        assert!(matches!(line.hears().await, Some(ToClient::Welcome(_))));
        line
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// `None` = the engine ended it.
    async fn hears(&mut self) -> Option<ToClient> {
        loop {
            if let Some(message) = self.decoder.message().unwrap() {
                return Some(serde_json::from_slice(message).unwrap());
            }
            let mut bytes = Vec::with_capacity(65_536);
            let read = timeout(PATIENCE, self.stream.read_buf(&mut bytes));
            match read.await.expect("an answer") {
                Ok(1..) => self.decoder.push(&bytes),
                Ok(0) | Err(_) => return None,
            }
        }
    }
}

/// An engine and what has come to it.
struct Bench {
    runtime: Runtime,
    house: House,
    taken: u32,
}

impl Bench {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let house = runtime.block_on(House::open());
        Self {
            runtime,
            house,
            taken: 0,
        }
    }
}

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

/// The whole message around the bytes of a request.
fn message(house: &House, request: &[u8]) -> Vec<u8> {
    let mut message = br#"{"request":{"id":7,"request":"#.to_vec();
    match std::str::from_utf8(request) {
        Ok(text) => {
            let with_ids = house
                .ids
                .iter()
                .fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
            message.extend_from_slice(with_ids.as_bytes());
        }
        Err(_) => message.extend_from_slice(request),
    }
    message.extend_from_slice(b"}}");
    message
}

/// Sends the bytes as a request and hears what comes of it.
pub fn take(request: &[u8]) {
    BENCH.with_borrow_mut(|bench| {
        if bench.as_ref().is_some_and(|b| b.taken >= LIFE) {
            *bench = None;
        }
        let bench = bench.get_or_insert_with(Bench::open);
        bench.taken += 1;
        let Bench { runtime, house, .. } = bench;
        let message = message(house, request);
        if message.len() <= MAX {
            runtime.block_on(ask(house, &message));
        }
    });
}

/// Lets the engine go. A thread must not end with it: what the runtime needs may be gone by then.
#[allow(dead_code, reason = "the fuzzer ends with its process")]
pub fn end() {
    BENCH.with_borrow_mut(Option::take);
}

async fn ask(house: &House, message: &[u8]) {
    let mut line = Line::open(house).await;
    let length = u32::try_from(message.len()).unwrap();
    line.say(&length.to_be_bytes()).await;
    line.say(message).await;
    let answer = line.hears().await;
    match serde_json::from_slice::<ToEngine>(message) {
        Ok(ToEngine::Request { id, .. }) => {
            assert!(
                matches!(answer, Some(ToClient::Reply { id: to, .. }) if to == id),
                "{answer:?}"
            );
        }
        // The bytes may have ended the request and begun something else; only silence would be wrong.
        _ => assert!(answer.is_some(), "the connection ended without a word"),
    }
}
