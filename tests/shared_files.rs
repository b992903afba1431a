//! Files handed to an engine in another process: what a peer may send, what it may not, and what stays of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod support;

use std::{fs::File, path::PathBuf, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use omnitraffick::engine::{
    api::{ApiError, EngineClient},
    clock::{SystemClock, SystemEntropy},
    host::{
        Host, Place,
        socket::{
            client::RemoteClient,
            frame::{Decoder, encode},
            message::{FilePart, Hello, ToClient, ToEngine},
            path::{Audience, bind},
            server::Server,
            upload::PIECE,
        },
        who::Who,
    },
    model::{
        actor::Role,
        json::Sha,
        refusal::{Refusal, RefusalCode},
        roles::{Directory, Login, Roles},
    },
};
use rstest::rstest;
use support::{clock, open, sandbox};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};

/// Everybody here is ana.
struct OnlyAna;

impl Directory for OnlyAna {
    fn by_uid(&self, _: u32) -> Option<Login> {
        self.by_name("ana")
    }

    fn by_name(&self, name: &str) -> Option<Login> {
        Some(Login {
            name: name.to_owned(),
            groups: Vec::new(),
        })
    }
}

/// An engine over a store on the disk, listening.
struct House {
    dir: tempfile::TempDir,
    _host: Host,
    _server: Server,
}

impl House {
    /// In which ana has this role.
    async fn of(role: Role) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Place::Dir(dir.path().join("store"));
        let host = open(&sandbox(""), &clock(), store, 1).await;
        let roles = Roles {
            users: [("ana".to_owned(), role)].into(),
            ..Roles::default()
        };
        let path = dir.path().join("engine.sock");
        let own = rustix::process::geteuid().as_raw();
        // Not the engine's own user, who governs whatever the roles say.
        let who = Who::new(
            own + 1,
            Box::new(OnlyAna),
            Roles {
                root_is: Some("ana".into()),
                ..roles
            },
        );
        let listener = bind(&path, &Audience::Owner).unwrap();
        let server = Server::start(Arc::clone(host.engine()), listener, path, who, "test".into()).unwrap();
        Self {
            dir,
            _host: host,
            _server: server,
        }
    }

    fn socket(&self) -> PathBuf {
        self.dir.path().join("engine.sock")
    }

    async fn attach(&self, hello: Hello) -> RemoteClient {
        let entropy = Arc::new(SystemEntropy::from_os());
        let joined = RemoteClient::connect(&self.socket(), hello, None, Arc::new(SystemClock), entropy).await;
        joined.unwrap().0
    }

    fn file(&self, bytes: &[u8]) -> File {
        let path = self.dir.path().join("film.mp4");
        std::fs::write(&path, bytes).unwrap();
        File::open(path).unwrap()
    }

    /// Every file below the store's assets.
    fn kept(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![self.dir.path().join("store/assets")];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }
}

/// An MP4 as far as anybody looks.
fn mp4(bytes: usize) -> Vec<u8> {
    let mut film = b"\0\0\0\x20ftypisom".to_vec();
    film.extend((film.len()..bytes).map(|n| u8::try_from(n % 251).unwrap()));
    film
}

fn refused(error: ApiError) -> Refusal {
    match error {
        ApiError::Refused(refusal) => *refusal,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::one_piece(3_000)]
#[case::whole_pieces(2 * PIECE)]
#[case::and_a_rest(3 * PIECE + 17)]
#[tokio::test]
async fn a_file_arrives_as_it_was_sent(#[case] bytes: usize) {
    let house = House::of(Role::Trafficker).await;
    let client = house.attach(Hello::new("cli")).await;
    let film = mp4(bytes);
    let asset = client.keep_file("film.mp4".into(), house.file(&film)).await.unwrap();
    assert_eq!(
        (asset.sha256, asset.bytes, asset.name.as_str()),
        (Sha::of(&film), bytes as u64, "film.mp4")
    );
    let kept = house.kept();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(std::fs::read(&kept[0]).unwrap(), film);
}

#[tokio::test]
async fn files_of_one_console_do_not_mix() {
    let house = House::of(Role::Trafficker).await;
    let client = Arc::new(house.attach(Hello::new("console")).await);
    let mut sent = tokio::task::JoinSet::new();
    for n in 1..6 {
        let (client, film) = (Arc::clone(&client), mp4(n * 300_000));
        let path = house.dir.path().join(format!("film-{n}.mp4"));
        std::fs::write(&path, &film).unwrap();
        sent.spawn(async move {
            let kept = client.keep_file("film.mp4".into(), File::open(path).unwrap()).await;
            assert_eq!(kept.unwrap().sha256, Sha::of(&film));
        });
    }
    while let Some(done) = sent.join_next().await {
        done.unwrap();
    }
    assert_eq!(house.kept().len(), 5);
}

#[rstest]
#[case::viewer(Role::Viewer, false, RefusalCode::NotAllowed)]
#[case::read_only(Role::Admin, true, RefusalCode::ReadOnly)]
#[tokio::test]
async fn who_may_not_write_leaves_no_byte(#[case] role: Role, #[case] read_only: bool, #[case] code: RefusalCode) {
    let house = House::of(role).await;
    let hello = Hello {
        read_only,
        ..Hello::new("cli")
    };
    let client = house.attach(hello).await;
    let error = client.keep_file("film.mp4".into(), house.file(&mp4(3_000))).await;
    assert_eq!(refused(error.unwrap_err()).code, code);
    assert_eq!(house.kept(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn what_is_no_media_is_not_kept() {
    let house = House::of(Role::Trafficker).await;
    let client = house.attach(Hello::new("cli")).await;
    let error = client.keep_file("run.sh".into(), house.file(b"#!/bin/sh")).await;
    assert!(
        refused(error.unwrap_err()).problems[0]
            .reason
            .contains("no image or video")
    );
    assert_eq!(house.kept(), Vec::<PathBuf>::new());
}

/// Speaks the protocol by hand: what a client of ours would never send.
struct Raw {
    stream: UnixStream,
    decoder: Decoder,
    next: u64,
}

impl Raw {
    async fn of(house: &House) -> Self {
        let mut stream = UnixStream::connect(house.socket()).await.unwrap();
        let hello = encode(&ToEngine::Hello(Hello::new("cli"))).unwrap();
        stream.write_all(&hello).await.unwrap();
        let mut raw = Self {
            stream,
            decoder: Decoder::default(),
            next: 1,
        };
        assert!(matches!(raw.hear().await, ToClient::Welcome(_)));
        raw
    }

    async fn hear(&mut self) -> ToClient {
        loop {
            if let Some(message) = self.decoder.message().unwrap() {
                return serde_json::from_slice(message).unwrap();
            }
            let mut bytes = Vec::with_capacity(64 << 10);
            assert!(
                self.stream.read_buf(&mut bytes).await.unwrap() > 0,
                "the engine hung up"
            );
            self.decoder.push(&bytes);
        }
    }

    /// Sends one part; the reasons it was refused for, if so.
    async fn send(&mut self, part: FilePart) -> Result<Option<Sha>, String> {
        let id = self.next;
        self.next += 1;
        let bytes = encode(&ToEngine::File { id, part }).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
        match self.hear().await {
            ToClient::File { id: answered, result } if answered == id => match *result {
                Ok(asset) => Ok(asset.map(|a| a.sha256)),
                Err(error) => Err(refused(error).problems[0].reason.clone()),
            },
            other => panic!("{other:?}"),
        }
    }
}

fn begin(bytes: u64) -> FilePart {
    FilePart::Begin {
        name: "film.mp4".into(),
        bytes,
    }
}

fn piece(bytes: &[u8]) -> FilePart {
    FilePart::Piece(BASE64_STANDARD.encode(bytes))
}

#[rstest]
#[case::too_big(vec![begin(1 << 50)], "at most")]
#[case::not_begun(vec![piece(b"x")], "no file is on its way")]
#[case::ended_without_a_beginning(vec![FilePart::End { sha256: Sha::default() }], "no file is on its way")]
#[case::more_than_announced(vec![begin(10), piece(&[7; 11])], "not what was announced")]
#[case::less_than_announced(vec![begin(10), piece(&[7; 9]), FilePart::End { sha256: Sha::of(&[7; 9]) }], "not what was announced")]
#[case::other_content(vec![begin(3), piece(b"abc"), FilePart::End { sha256: Sha::of(b"abd") }], "not what was announced")]
#[case::no_base64(vec![begin(10), FilePart::Piece("?".into())], "cannot be read")]
#[case::too_long_a_piece(vec![begin(1_000_000), piece(&vec![7; PIECE + 1])], "cannot be read")]
#[case::nothing_after_a_bad_piece(vec![begin(10), FilePart::Piece("?".into()), piece(&[7; 10])], "no file is on its way")]
#[tokio::test]
async fn a_bad_upload_is_refused_and_the_connection_goes_on(#[case] parts: Vec<FilePart>, #[case] words: &str) {
    let house = House::of(Role::Trafficker).await;
    let mut raw = Raw::of(&house).await;
    let mut last = Ok(None);
    for part in parts {
        last = raw.send(part).await;
    }
    let why = last.unwrap_err();
    assert!(why.contains(words), "{why}");
    assert_eq!(house.kept(), Vec::<PathBuf>::new());
    // The next file on the same connection is as good as any.
    let film = mp4(3_000);
    raw.send(begin(3_000)).await.unwrap();
    raw.send(piece(&film)).await.unwrap();
    let sha256 = Sha::of(&film);
    assert_eq!(raw.send(FilePart::End { sha256 }).await, Ok(Some(sha256)));
}

/// Connections that break off in the middle leave nothing, and give their places back.
#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let house = House::of(Role::Trafficker).await;
    for _ in 0..40 {
        let mut raw = Raw::of(&house).await;
        while raw.send(begin(3_000)).await.is_err() {
            // The places of those before come back as soon as their end is seen.
            tokio::task::yield_now().await;
        }
        raw.send(piece(&mp4(1_000))).await.unwrap();
    }
    assert_eq!(house.kept(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn so_many_files_come_in_at_once_and_no_more() {
    let house = House::of(Role::Trafficker).await;
    let mut held = Vec::new();
    for _ in 0..8 {
        let mut raw = Raw::of(&house).await;
        raw.send(begin(3_000)).await.unwrap();
        held.push(raw);
    }
    let mut late = Raw::of(&house).await;
    let why = late.send(begin(3_000)).await.unwrap_err();
    // Of one person; the places of others are theirs.
    assert!(why.contains("8 files of"), "{why}");
    // Announcing another instead of the first needs no second place.
    held[0].send(begin(4_000)).await.unwrap();
}
