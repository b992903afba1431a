//! One engine, many connections: what a peer may send and what it gets back, over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/peers.rs"]
mod peers;
mod support;

use std::{path::PathBuf, sync::Arc, time::Duration};

use omnitraffick::engine::{
    api::{ApiError, EngineClient, Notice, Reply, Request},
    clock::{SystemClock, SystemEntropy},
    decide::command::Command,
    host::{
        Host, Place,
        socket::{
            client::{ConnectError, RemoteClient},
            frame::{Decoder, encode},
            message::{Hello, MAJOR, ToClient, ToEngine},
            server::Server,
        },
    },
    model::{
        event::Seq,
        refusal::RefusalCode,
        roles::{Directory, Login},
    },
};
use peers::{code, listen, market};
use rstest::rstest;
use support::{clock, open, sandbox};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    sync::broadcast::Receiver,
};

/// An engine in memory that listens in a directory of its own.
struct House {
    host: Host,
    server: Server,
    path: PathBuf,
    _dir: tempfile::TempDir,
}

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

impl House {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.sock");
        let host = open(&sandbox(""), &clock(), Place::Memory, 1).await;
        let server = listen(&host, &path, OnlyAna);
        Self {
            host,
            server,
            path,
            _dir: dir,
        }
    }

    async fn attach(&self) -> (RemoteClient, Receiver<Notice>) {
        self.try_attach(Hello::new("console"), None).await.unwrap()
    }

    async fn try_attach(
        &self,
        hello: Hello,
        after: Option<Seq>,
    ) -> Result<(RemoteClient, Receiver<Notice>), ConnectError> {
        let entropy = Arc::new(SystemEntropy::from_os());
        let joined = RemoteClient::connect(&self.path, hello, after, Arc::new(SystemClock), entropy).await;
        joined.map(|(client, _, heard)| (client, heard))
    }

    async fn raw(&self) -> UnixStream {
        UnixStream::connect(&self.path).await.unwrap()
    }
}

async fn act(client: &dyn EngineClient, command: Command) -> Result<Seq, ApiError> {
    match client.request(Request::Do(Box::new(command))).await? {
        Reply::Done(done) => Ok(done.seq),
        other => panic!("{other:?}"),
    }
}

async fn next_event(heard: &mut Receiver<Notice>) -> Seq {
    loop {
        let notice = tokio::time::timeout(Duration::from_secs(10), heard.recv()).await;
        if let Notice::Event(event) = notice.expect("an event in time").unwrap() {
            return event.seq;
        }
    }
}

/// What the engine says on a raw connection until it ends it.
async fn said(stream: &mut UnixStream) -> Vec<ToClient> {
    let (mut decoder, mut said) = (Decoder::default(), Vec::new());
    let mut bytes = vec![0; 65_536];
    loop {
        let n = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut bytes))
            .await
            .expect("the engine ends it")
            .unwrap_or(0);
        if n == 0 {
            return said;
        }
        decoder.push(&bytes[..n]);
        while let Some(message) = decoder.message().unwrap() {
            said.push(serde_json::from_slice(message).unwrap());
        }
    }
}

#[tokio::test]
async fn everybody_sees_what_anybody_does() {
    let house = House::new().await;
    let (ana, mut ana_hears) = house.attach().await;
    let (ben, mut ben_hears) = house.attach().await;
    for (n, client) in [&ana, &ben, &ana].into_iter().enumerate() {
        let seq = act(client, market(client, &code(n))).await.unwrap();
        assert_eq!(next_event(&mut ana_hears).await, seq);
        assert_eq!(next_event(&mut ben_hears).await, seq);
    }
    let Reply::Overview(overview) = ben.request(Request::Overview).await.unwrap() else {
        panic!("no overview")
    };
    assert_eq!(
        (overview.actor.name.as_str(), overview.actor.client.as_str()),
        ("ana", "console")
    );
    assert_eq!(house.server.connected(), 2);
}

#[tokio::test]
async fn more_questions_than_places_are_all_answered() {
    let house = House::new().await;
    let (client, _) = house.attach().await;
    let client = Arc::new(client);
    let mut asked = tokio::task::JoinSet::new();
    for n in 0..300 {
        let client = Arc::clone(&client);
        asked.spawn(async move { act(&*client, market(&*client, &code(n))).await.unwrap() });
    }
    let mut seqs: Vec<_> = asked.join_all().await;
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), 300);
}

#[tokio::test]
async fn a_command_sent_twice_is_carried_out_once() {
    let house = House::new().await;
    let (client, _) = house.attach().await;
    let command = market(&client, "US");
    let first = act(&client, command.clone()).await.unwrap();
    let (again, _) = house.attach().await;
    assert_eq!(act(&again, command).await.unwrap(), first);
}

#[tokio::test]
async fn a_read_only_console_is_held_to_its_word() {
    let house = House::new().await;
    let hello = Hello {
        read_only: true,
        ..Hello::new("console")
    };
    let (client, _) = house.try_attach(hello, None).await.unwrap();
    let refused = act(&client, market(&client, "US")).await.unwrap_err();
    assert!(matches!(refused, ApiError::Refused(r) if r.code == RefusalCode::ReadOnly));
}

/// Coming back at any point: every event once, in order.
#[tokio::test]
async fn coming_back_misses_nothing_and_repeats_nothing() {
    let house = House::new().await;
    let (writer, _) = house.attach().await;
    let (mut reader, mut heard) = house.attach().await;
    let mut seen = Vec::new();
    for n in 0..60 {
        act(&writer, market(&writer, &code(n))).await.unwrap();
        if n % 7 == 3 {
            let after = seen.last().copied();
            // What the old connection has not told is told by the new one.
            let hello = Hello::new("console");
            (reader, heard) = house.try_attach(hello, after.or(Some(Seq(0)))).await.unwrap();
        }
        if n % 5 == 0 {
            seen.push(next_event(&mut heard).await);
        }
    }
    let last = act(&writer, market(&writer, "ZZ")).await.unwrap();
    while seen.last() != Some(&last) {
        seen.push(next_event(&mut heard).await);
    }
    drop(reader);
    let all: Vec<Seq> = (seen[0].0..=last.0).map(Seq).collect();
    assert_eq!(seen, all);
}

#[rstest]
#[case::another_generation(vec![ToEngine::Hello(Hello { major: MAJOR + 1, ..Hello::new("console") })], "engine upgrade")]
#[case::twice(vec![ToEngine::Hello(Hello::new("cli")), ToEngine::Hello(Hello::new("cli"))], "introduced itself twice")]
#[case::subscribed_twice(
    vec![ToEngine::Hello(Hello::new("cli")), ToEngine::Subscribe { after: Seq(0) }, ToEngine::Subscribe { after: Seq(0) }],
    "subscribed twice"
)]
#[tokio::test]
async fn who_does_not_keep_to_the_protocol_is_told_and_cut_off(#[case] says: Vec<ToEngine>, #[case] words: &str) {
    let house = House::new().await;
    let mut stream = house.raw().await;
    for message in says {
        stream.write_all(&encode(&message).unwrap()).await.unwrap();
    }
    let said = said(&mut stream).await;
    assert!(
        matches!(said.last(), Some(ToClient::Refused(why)) if why.contains(words)),
        "{said:?}"
    );
    // And nobody else notices.
    let (client, _) = house.attach().await;
    act(&client, market(&client, "US")).await.unwrap();
}

#[rstest]
#[case::too_long(&[0xFF, 0xFF, 0xFF, 0xFF, b'{'])]
#[case::empty(&[0, 0, 0, 0])]
#[case::no_json(&[0, 0, 0, 3, b'a', b'b', b'c'])]
#[case::an_http_request(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
#[case::deep(&[0, 0, 0, 9, b'[', b'[', b'[', b'[', b'[', b'[', b'[', b'[', b'['])]
#[tokio::test]
async fn rubbish_ends_its_own_connection_only(#[case] bytes: &[u8], #[values(false, true)] after_hello: bool) {
    let house = House::new().await;
    let mut stream = house.raw().await;
    if after_hello {
        stream
            .write_all(&encode(&ToEngine::Hello(Hello::new("cli"))).unwrap())
            .await
            .unwrap();
    }
    stream.write_all(bytes).await.unwrap();
    let said = said(&mut stream).await;
    assert!(said.len() <= 2, "{said:?}");
    let (client, _) = house.attach().await;
    act(&client, market(&client, "US")).await.unwrap();
}

#[tokio::test]
async fn a_request_of_a_later_build_is_refused_not_fatal() {
    let house = House::new().await;
    let mut stream = house.raw().await;
    stream
        .write_all(&encode(&ToEngine::Hello(Hello::new("cli"))).unwrap())
        .await
        .unwrap();
    let later = serde_json::json!({"request": {"id": 7, "request": {"teleport": {"to": "mars"}}}});
    stream.write_all(&encode(&later).unwrap()).await.unwrap();
    let known = ToEngine::Request {
        id: 8,
        request: Box::new(Request::Overview),
    };
    stream.write_all(&encode(&known).unwrap()).await.unwrap();
    stream.shutdown().await.unwrap();
    let said = said(&mut stream).await;
    let answered = |n: u64| {
        said.iter().find_map(|m| match m {
            ToClient::Reply { id, result } if *id == n => Some((**result).clone()),
            _ => None,
        })
    };
    assert!(matches!(answered(7), Some(Err(ApiError::Refused(r))) if r.code == RefusalCode::Unsupported));
}

#[tokio::test]
async fn one_user_has_so_many_places_and_gets_them_back() {
    let house = House::new().await;
    let mut held = Vec::new();
    for _ in 0..64 {
        held.push(house.attach().await);
    }
    let refused = house.try_attach(Hello::new("console"), None).await;
    assert!(
        matches!(&refused, Err(ConnectError::Refused(why)) if why.contains("too many connections")),
        "{:?}",
        refused.err()
    );
    held.truncate(60);
    while house.try_attach(Hello::new("console"), None).await.is_err() {
        tokio::task::yield_now().await;
    }
}

/// A thousand that connect and say nothing, leave in the middle of a word, or never read.
#[tokio::test]
async fn a_crowd_of_bad_peers_harms_nobody() {
    let house = House::new().await;
    let (client, mut heard) = house.attach().await;
    for n in 0..1_000_usize {
        let mut stream = house.raw().await;
        match n % 3 {
            0 => {}
            1 => stream.write_all(&[0, 0, 1]).await.unwrap(),
            _ => {
                let _ = stream
                    .write_all(&encode(&ToEngine::Hello(Hello::new("cli"))).unwrap())
                    .await;
            }
        }
    }
    let seq = act(&client, market(&client, "US")).await.unwrap();
    assert_eq!(next_event(&mut heard).await, seq);
}

/// A console that was stopped takes nothing: others go on, and it catches up from the journal once it runs again.
#[tokio::test]
async fn a_console_that_does_not_read_delays_nobody() {
    let house = House::new().await;
    let mut stopped = house.raw().await;
    for message in [
        ToEngine::Hello(Hello::new("console")),
        ToEngine::Subscribe { after: Seq(0) },
    ] {
        stopped.write_all(&encode(&message).unwrap()).await.unwrap();
    }
    let (client, mut heard) = house.attach().await;
    let mut last = Seq(0);
    for n in 0..6_000 {
        last = act(&client, market(&client, &code(n))).await.unwrap();
        while next_event(&mut heard).await != last {}
    }
    stopped.shutdown().await.unwrap();
    let events: Vec<Seq> = said(&mut stopped)
        .await
        .into_iter()
        .filter_map(|m| match m {
            ToClient::Events(events) => Some(events),
            _ => None,
        })
        .flatten()
        .map(|e| e.seq)
        .collect();
    assert!(events.windows(2).all(|w| w[1].0 == w[0].0 + 1), "a gap or a repeat");
    assert!(!events.is_empty() && *events.last().unwrap() <= last);
}

#[tokio::test]
async fn the_end_of_an_engine_is_told_and_what_was_asked_is_answered_with_it() {
    let house = House::new().await;
    let (client, _) = house.attach().await;
    house.server.end("gone to lunch").await;
    client.gone().cancelled().await;
    let after = client.request(Request::Overview).await.unwrap_err();
    assert_eq!(after, ApiError::Unavailable("gone to lunch".to_owned()));
    assert!(!house.path.exists(), "no dead socket stays");
    house.host.close().await.unwrap();
}

/// A build of another generation cannot be served, but it can take over: that is how a newer one is put in place.
#[rstest]
#[case::visits(false)]
#[case::takes_over(true)]
#[tokio::test]
async fn another_generation_is_told_what_to_do_and_may_take_over(#[case] takes_over: bool) {
    let house = House::new().await;
    let hello = Hello {
        major: MAJOR + 1,
        build: "9.0.0".into(),
        takes_over,
        ..Hello::new("cli")
    };
    let mut stream = house.raw().await;
    stream
        .write_all(&encode(&ToEngine::Hello(hello)).unwrap())
        .await
        .unwrap();
    match said(&mut stream).await.pop() {
        Some(ToClient::Goodbye(_)) if takes_over => assert!(house.server.make_way().is_cancelled()),
        Some(ToClient::Refused(why)) if !takes_over => {
            assert!(why.contains("build 9.0.0") && why.contains("engine upgrade"), "{why}");
            assert!(!house.server.make_way().is_cancelled());
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_roster_has_everybody_else_until_they_leave() {
    let house = House::new().await;
    let (asks, _) = house.attach().await;
    assert_eq!(asks.roster().await, Some(Vec::new()));
    let hello = Hello {
        read_only: true,
        ..Hello::new("console")
    };
    let (other, _) = house.try_attach(hello, None).await.unwrap();
    let peers = asks.roster().await.unwrap();
    assert_eq!(peers.len(), 1);
    assert_eq!((peers[0].name.as_str(), peers[0].client.as_str()), ("ana", "console"));
    assert!(peers[0].read_only && peers[0].uid == rustix::process::geteuid().as_raw());
    drop(other);
    while asks.roster().await != Some(Vec::new()) {
        tokio::task::yield_now().await;
    }
}

/// Nobody does anything: not a byte goes either way between the engine and twenty consoles.
#[tokio::test]
async fn while_nothing_happens_nothing_is_said() {
    let house = House::new().await;
    let mut consoles = Vec::new();
    for _ in 0..20 {
        let mut console = house.raw().await;
        for message in [
            ToEngine::Hello(Hello::new("console")),
            ToEngine::Subscribe { after: Seq(0) },
        ] {
            console.write_all(&encode(&message).unwrap()).await.unwrap();
        }
        consoles.push(console);
    }
    let mut bytes = vec![0; 65_536];
    let quiet = Duration::from_millis(300);
    for console in &mut consoles {
        // The welcome and what was in the journal.
        while let Ok(n) = tokio::time::timeout(quiet, console.read(&mut bytes)).await {
            assert!(n.unwrap() > 0, "the engine hung up");
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    for console in &consoles {
        let said = console.try_read(&mut bytes);
        assert!(
            said.as_ref().is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock),
            "{said:?}"
        );
    }
}

/// A peer that asks and asks and reads no answer: what the engine takes in for it ends soon, the rest waits with the peer,
/// and everybody else is answered.
#[tokio::test]
async fn a_peer_that_only_asks_is_held_at_a_bound() {
    let house = House::new().await;
    let (client, _) = house.attach().await;
    for n in 0..200 {
        act(&client, market(&client, &code(n))).await.unwrap();
    }
    let mut greedy = house.raw().await;
    let hello = ToEngine::Hello(Hello::new("console"));
    greedy.write_all(&encode(&hello).unwrap()).await.unwrap();
    let mut asked = 0_u64;
    loop {
        let ask = ToEngine::Request {
            id: asked,
            request: Box::new(Request::Governance),
        };
        let bytes = encode(&ask).unwrap();
        if tokio::time::timeout(Duration::from_secs(1), greedy.write_all(&bytes))
            .await
            .is_err()
        {
            break;
        }
        asked += 1;
        assert!(asked < 100_000, "the engine takes in all there is");
    }
    println!("held after {asked} questions");
    let (other, _) = house.attach().await;
    let answered = tokio::time::timeout(Duration::from_secs(1), other.request(Request::Governance));
    assert!(answered.await.expect("others are answered").is_ok());
    // Nothing is lost to a peer that was only slow: every question that was sent whole is answered.
    let (mut decoder, mut bytes, mut answers) = (Decoder::default(), vec![0; 65_536], 0);
    while answers < asked {
        let read = tokio::time::timeout(Duration::from_secs(10), greedy.read(&mut bytes));
        let n = read.await.expect("answers go on").unwrap();
        assert!(n > 0, "the engine hung up after {answers} of {asked}");
        decoder.push(&bytes[..n]);
        while let Some(message) = decoder.message().unwrap() {
            answers += u64::from(matches!(
                serde_json::from_slice(message).unwrap(),
                ToClient::Reply { .. }
            ));
        }
    }
}

/// Notices about what is in no journal may run over while a console is busy; it is told to ask for all of it anew.
#[tokio::test]
async fn what_was_missed_and_is_in_no_journal_is_said_anew() {
    let house = House::new().await;
    let (client, mut heard) = house.attach().await;
    let first = act(&client, market(&client, &code(0))).await.unwrap();
    // It is fed from here on.
    while next_event(&mut heard).await != first {}
    let tell = house.host.engine().projection();
    tell.notify(Notice::Health);
    tell.notify(Notice::People);
    // Nobody else gets a turn meanwhile: the two above are pushed out before they are sent.
    for _ in 0..5_000 {
        tell.notify(Notice::Lanes);
    }
    let mut missing = vec![Notice::Health, Notice::People];
    while !missing.is_empty() {
        let next = tokio::time::timeout(Duration::from_secs(10), heard.recv()).await;
        let notice = next.expect("it is said in the end").unwrap();
        missing.retain(|m| std::mem::discriminant(m) != std::mem::discriminant(&notice));
    }
}
