//! Peers that mean harm or are broken, over real sockets: what they cost is bounded, they hear why they go, and neither
//! the engine nor anybody else notices.
//!
//! Time is simulated where a wait is the point: it jumps as soon as nothing else is to be done.
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
    api::{EngineClient, Reply, Request},
    clock::{SystemClock, SystemEntropy},
    host::{
        Host, Place,
        socket::{
            client::RemoteClient,
            frame::{Decoder, MAX, MAX_HELLO, encode},
            message::{Hello, MAJOR, ToClient, ToEngine},
            server::Server,
        },
    },
    model::{
        event::Seq,
        platform::PlatformId,
        roles::{Directory, Login},
    },
};
use peers::{code, listen, market};
use rstest::rstest;
use support::{clock, open, sandbox};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};

struct NoDirectory;

impl Directory for NoDirectory {
    fn by_uid(&self, _: u32) -> Option<Login> {
        None
    }

    fn by_name(&self, _: &str) -> Option<Login> {
        None
    }
}

/// An engine in memory that listens in a directory of its own, and somebody who works with it.
struct House {
    server: Server,
    worker: RemoteClient,
    path: PathBuf,
    _host: Host,
    _dir: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.sock");
        let host = open(&sandbox(""), &clock(), Place::Memory, 1).await;
        let server = listen(&host, &path, NoDirectory);
        let entropy = Arc::new(SystemEntropy::from_os());
        let joined = RemoteClient::connect(&path, Hello::new("console"), None, Arc::new(SystemClock), entropy).await;
        let (worker, ..) = joined.unwrap();
        Self {
            server,
            worker,
            path,
            _host: host,
            _dir: dir,
        }
    }

    async fn raw(&self) -> UnixStream {
        UnixStream::connect(&self.path).await.unwrap()
    }

    async fn introduced(&self) -> UnixStream {
        let mut stream = self.raw().await;
        say(&mut stream, &ToEngine::Hello(Hello::new("console"))).await;
        stream
    }

    /// The engine works, for the one who was there before.
    async fn works(&self, n: usize) {
        let command = market(&self.worker, &code(n));
        let done = self.worker.request(Request::Do(Box::new(command))).await.unwrap();
        assert!(matches!(done, Reply::Done(_)), "{done:?}");
    }

    /// Waits until only the worker is attached: every place was given back.
    async fn empties(&self) {
        for _ in 0..10_000 {
            if self.server.connected() == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} places are still taken", self.server.connected());
    }
}

async fn say(stream: &mut UnixStream, message: &ToEngine) {
    stream.write_all(&encode(message).unwrap()).await.unwrap();
}

/// What the engine says until it ends the connection.
async fn said(stream: &mut UnixStream) -> Vec<ToClient> {
    let (mut decoder, mut said) = (Decoder::default(), Vec::new());
    loop {
        let mut bytes = Vec::with_capacity(65_536);
        match stream.read_buf(&mut bytes).await {
            Ok(1..) => decoder.push(&bytes),
            Ok(0) | Err(_) => return said,
        }
        while let Some(message) = decoder.message().unwrap() {
            said.push(serde_json::from_slice(message).unwrap());
        }
    }
}

fn refusal(said: &[ToClient]) -> &str {
    match said.last() {
        Some(ToClient::Refused(why)) => why,
        _ => panic!("no refusal: {said:?}"),
    }
}

/// A message of these bytes, whatever they are.
fn framed(message: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(message.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend_from_slice(message);
    bytes
}

#[rstest]
#[case::a_length_beyond_all_bounds(vec![0xFF; 8], "too long")]
#[case::longer_than_an_introduction(framed(&vec![b' '; MAX_HELLO + 1]), "too long")]
#[case::an_empty_message(vec![0; 4], "empty message")]
#[case::no_json(framed(b"hello"), "cannot be understood")]
#[case::no_text(framed(&[0xC3, 0x28, 0xFF]), "cannot be understood")]
#[case::half_a_document(framed(br#"{"hello":{"major":1"#), "cannot be understood")]
#[case::nested_beyond_reason(framed(&vec![b'['; MAX_HELLO]), "cannot be understood")]
#[case::a_question_first(encode(&ToEngine::Subscribe { after: Seq(0) }).unwrap(), "before it introduced itself")]
#[case::another_generation(encode(&ToEngine::Hello(Hello { major: MAJOR + 1, ..Hello::new("console") })).unwrap(), "engine upgrade")]
#[case::a_generation_from_the_far_future(encode(&ToEngine::Hello(Hello { major: u32::MAX, ..Hello::new("console") })).unwrap(), "engine upgrade")]
#[case::half_a_length(vec![0, 0], "in time")]
#[case::half_an_introduction(framed(br#"{"hello":{}}"#)[..9].to_vec(), "in time")]
#[case::nothing(vec![], "in time")]
#[tokio::test(start_paused = true)]
async fn whoever_is_not_introduced_hears_why_it_goes(#[case] bytes: Vec<u8>, #[case] words: &str) {
    let house = House::new().await;
    let mut stream = house.raw().await;
    stream.write_all(&bytes).await.unwrap();
    let said = said(&mut stream).await;
    assert!(refusal(&said).contains(words), "{said:?}");
    assert_eq!(said.len(), 1, "{said:?}");
    house.works(0).await;
    house.empties().await;
}

#[rstest]
#[case::too_long(vec![0xFF; 8], "too long")]
#[case::empty(vec![0; 4], "empty message")]
#[case::no_json(framed(b"abc"), "cannot be understood")]
#[case::no_message_of_ours(framed(br#"{"goodbye":"you"}"#), "cannot be understood")]
#[case::a_number_twice_as_large(
    framed(br#"{"request":{"id":36893488147419103232,"request":"overview"}}"#),
    "cannot be understood"
)]
#[case::nested_beyond_reason(framed(&vec![b'['; 100_000]), "cannot be understood")]
#[case::introduced_again(encode(&ToEngine::Hello(Hello::new("cli"))).unwrap(), "introduced itself twice")]
#[case::half_a_message(vec![0, 0x10, 0, 0, b'{'], "did not go on")]
#[case::half_a_length(vec![0], "did not go on")]
#[tokio::test(start_paused = true)]
async fn whoever_breaks_the_protocol_hears_why_it_goes(#[case] bytes: Vec<u8>, #[case] words: &str) {
    let house = House::new().await;
    let mut stream = house.introduced().await;
    stream.write_all(&bytes).await.unwrap();
    let said = said(&mut stream).await;
    assert!(matches!(said.first(), Some(ToClient::Welcome(_))), "{said:?}");
    assert!(refusal(&said).contains(words), "{said:?}");
    house.works(0).await;
    house.empties().await;
}

/// A known peer that says nothing is a console nobody types at: it stays.
#[tokio::test(start_paused = true)]
async fn silence_between_messages_is_no_fault() {
    let house = House::new().await;
    let mut stream = house.introduced().await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    say(
        &mut stream,
        &ToEngine::Request {
            id: 1,
            request: Box::new(Request::Overview),
        },
    )
    .await;
    let mut bytes = Vec::with_capacity(65_536);
    while !bytes.windows(8).any(|w| w == b"overview") {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "it was cut off");
    }
}

/// Asks as much as the engine takes in, and reads nothing: the memory it costs has a bound, and in the end it is cut off.
#[tokio::test(start_paused = true)]
async fn whoever_never_reads_is_cut_off_and_costs_little() {
    let house = House::new().await;
    for n in 0..200 {
        house.works(n).await;
    }
    let before = resident();
    let mut stream = house.introduced().await;
    let question = encode(&ToEngine::Request {
        id: 1,
        request: Box::new(Request::Governance),
    })
    .unwrap();
    let mut asked = 0_u64;
    // Until the engine takes no more, or has cut it off.
    while let Ok(Ok(())) = tokio::time::timeout(Duration::from_secs(3), stream.write_all(&question)).await {
        asked += 1;
        assert!(asked < 1_000_000, "it is taken in for ever");
    }
    let grown = resident().saturating_sub(before);
    // 64 answers of some 50 KiB, the outbox and what the kernel holds, several times over.
    assert!(grown < 128 << 20, "{} MiB for one peer", grown >> 20);
    house.works(200).await;
    house.empties().await;
}

/// Bytes of this process in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = status.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// Leaves with its answers unread, again and again: a place is free only when what it held is free.
#[tokio::test(start_paused = true)]
async fn leaving_without_reading_holds_its_place_no_longer_than_its_memory() {
    let house = House::new().await;
    let question = encode(&ToEngine::Request {
        id: 1,
        request: Box::new(Request::Catalogue(PlatformId::Meta)),
    })
    .unwrap();
    let asking = async || {
        let mut stream = house.introduced().await;
        for _ in 0..100 {
            stream.write_all(&question).await.unwrap();
        }
        stream
    };
    let mut reading = asking().await;
    let mut bytes = Vec::with_capacity(1 << 20);
    while bytes.len() < 1 << 20 {
        assert!(reading.read_buf(&mut bytes).await.unwrap() > 0, "{} bytes", bytes.len());
    }
    drop(reading);

    let mut left = Vec::new();
    for _ in 0..40 {
        let mut stream = asking().await;
        stream.shutdown().await.unwrap();
        left.push(stream);
    }
    house.works(0).await;
    house.empties().await;
    // Nobody is behind them any more who would go on writing: there is what the kernel holds, and the end.
    for mut stream in left {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert!(
            rest.len() < 700 << 10,
            "{} bytes came after its place was free",
            rest.len()
        );
    }
}

/// More than there is room for: those beyond it hear a clear word, and whoever was there goes on.
#[tokio::test]
async fn a_flood_is_turned_away_in_words() {
    let house = House::new().await;
    let mut held = Vec::new();
    for _ in 0..1_000 {
        held.push(house.raw().await);
    }
    house.works(0).await;
    // Those who were let in hear later that they did not introduce themselves; a slow machine lets in some more.
    let (mut turned_away, mut late) = (0, 0);
    for stream in held.iter_mut().skip(63) {
        let mut bytes = Vec::with_capacity(1024);
        stream.read_buf(&mut bytes).await.unwrap();
        let words = String::from_utf8_lossy(&bytes);
        turned_away += usize::from(words.contains("too many connections"));
        late += usize::from(words.contains("in time"));
    }
    assert_eq!(turned_away + late, 1_000 - 63);
    assert!(turned_away > 0);
    assert!(house.server.connected() <= 64, "{}", house.server.connected());
    house.works(1).await;
}

/// Large messages of several peers: each has one in hand at a time, however many it sends.
#[tokio::test]
async fn long_requests_are_taken_one_by_one() {
    let house = House::new().await;
    let before = resident();
    let long = format!(
        r#"{{"request":{{"id":1,"request":{{"ticket_by_name":"{}"}}}}}}"#,
        "x".repeat(MAX - 100)
    );
    let mut stream = house.introduced().await;
    let (mut read, mut write) = stream.split();
    let sent = framed(long.as_bytes());
    let (mut decoder, mut answered) = (Decoder::default(), 0);
    let send = async {
        for _ in 0..32 {
            write.write_all(&sent).await.unwrap();
        }
    };
    let hear = async {
        while answered < 32 {
            let mut bytes = Vec::with_capacity(65_536);
            assert!(read.read_buf(&mut bytes).await.unwrap() > 0, "it was cut off");
            decoder.push(&bytes);
            while let Some(message) = decoder.message().unwrap() {
                answered += usize::from(message.starts_with(br#"{"reply""#));
            }
        }
    };
    tokio::join!(send, hear);
    let grown = resident().saturating_sub(before);
    assert!(grown < 128 << 20, "{} MiB for one peer", grown >> 20);
    house.works(0).await;
}
