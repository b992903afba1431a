//! How far a request got, judged against real sockets that misbehave in every way a network can.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use omnitraffick::{
    engine::model::platform::{AccountId, PlatformId},
    platforms::{
        Body, Exchange, Lost, Method, WireRequest,
        transport::{
            CredentialBook, Credentials, FixedToken, HttpSettings, HttpTransport, PlatformEndpoint, Secret, Transport,
        },
    },
};
use rstest::rstest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const TOKEN: &str = "EAAB-very-secret";

fn transport(base_url: &str, credentials: Arc<dyn Credentials>) -> HttpTransport {
    let settings = HttpSettings {
        connect_timeout: Duration::from_millis(200),
        total_timeout: Duration::from_millis(300),
        proxy: None,
    };
    let endpoint = PlatformEndpoint {
        base_url: base_url.to_owned(),
        version: "v25.0".to_owned(),
        credentials,
    };
    HttpTransport::new(&settings, BTreeMap::from([(PlatformId::Meta, endpoint)])).unwrap()
}

fn token() -> Arc<dyn Credentials> {
    Arc::new(FixedToken(Secret::from_source(TOKEN).unwrap()))
}

fn create() -> WireRequest {
    WireRequest {
        method: Method::Post,
        path: "/act_1/campaigns".into(),
        query: vec![("q".into(), "a b".into())],
        headers: vec![("x-note".into(), "1".into())],
        body: Body::Form(vec![("name".into(), "A & B".into())]),
    }
}

async fn send(base_url: &str) -> Exchange {
    let account: AccountId = "act_1".parse().unwrap();
    let answer = transport(base_url, token())
        .send(PlatformId::Meta, &account, &create())
        .await;
    assert!(!format!("{answer:?}").contains(TOKEN), "{answer:?}");
    answer
}

/// What a server does with a connection.
#[derive(Clone, Copy, Debug)]
enum Server {
    /// Closes at once.
    CloseAfterAccept,
    /// Reads the request, closes.
    CloseAfterRequest,
    /// Reads the request, resets.
    ResetAfterRequest,
    /// Reads the request, never answers.
    Silent,
    /// Answers with these bytes, closes.
    Bytes(&'static str),
    /// Answers with these bytes, resets.
    BytesThenReset(&'static str),
    /// Answers with these bytes, goes silent.
    BytesThenSilent(&'static str),
    /// A body longer than anybody needs.
    Huge,
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut chunk = [0_u8; 1024];
    loop {
        let n = stream.read(&mut chunk).await.unwrap_or(0);
        seen.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        if n == 0 || text.contains("name=A+%26+B") {
            return text;
        }
    }
}

async fn serve(mut stream: TcpStream, what: Server) -> std::io::Result<()> {
    if matches!(what, Server::CloseAfterAccept) {
        return Ok(());
    }
    read_request(&mut stream).await;
    match what {
        Server::CloseAfterAccept | Server::CloseAfterRequest => {}
        Server::ResetAfterRequest => stream.set_zero_linger()?,
        Server::Silent => std::future::pending::<()>().await,
        Server::Bytes(text) => stream.write_all(text.as_bytes()).await?,
        Server::BytesThenReset(text) => {
            stream.write_all(text.as_bytes()).await?;
            // Time for the bytes to arrive before the reset overtakes them.
            tokio::time::sleep(Duration::from_millis(30)).await;
            stream.set_zero_linger()?;
        }
        Server::BytesThenSilent(text) => {
            stream.write_all(text.as_bytes()).await?;
            std::future::pending::<()>().await;
        }
        Server::Huge => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4194304\r\n\r\n")
                .await?;
            let block = vec![b'x'; 65_536];
            for _ in 0..64 {
                stream.write_all(&block).await?;
            }
        }
    }
    Ok(())
}

/// A server on a free port, and how many connections it has seen.
async fn start(what: Server) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, what));
        }
    });
    (address, seen)
}

const HALF: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":\"12";

#[rstest]
#[case::close_after_accept(Server::CloseAfterAccept)]
#[case::close_after_request(Server::CloseAfterRequest)]
#[case::reset_after_request(Server::ResetAfterRequest)]
#[case::silent(Server::Silent)]
#[case::cut_body(Server::Bytes(HALF))]
#[case::reset_mid_body(Server::BytesThenReset(HALF))]
#[case::slow_body(Server::BytesThenSilent(HALF))]
#[case::half_a_head(Server::Bytes("HTTP/1.1 200 OK\r\ncontent-"))]
#[case::no_http(Server::Bytes("SSH-2.0-OpenSSH\r\n"))]
#[case::huge(Server::Huge)]
#[case::broken_chunks(Server::Bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n"))]
#[tokio::test]
async fn a_lost_answer_is_in_doubt_and_never_sent_again(#[case] what: Server) {
    let (address, seen) = start(what).await;
    let answer = send(&format!("http://{address}")).await;
    assert!(matches!(answer, Err(Lost::InDoubt { .. })), "{answer:?}");
    assert_eq!(seen.load(Ordering::SeqCst), 1, "one request on the wire");
}

#[tokio::test]
async fn a_refused_connection_and_an_unknown_host_are_not_sent() {
    // A port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for url in [format!("http://{address}"), "https://host.invalid".to_owned()] {
        let answer = send(&url).await;
        assert!(matches!(answer, Err(Lost::NotSent { .. })), "{url}: {answer:?}");
    }
}

#[tokio::test]
async fn a_tls_handshake_that_stalls_or_fails_is_not_sent() {
    for what in [
        Server::Silent,
        Server::CloseAfterAccept,
        Server::Bytes("HTTP/1.1 400 Bad\r\n\r\n"),
    ] {
        let (address, _) = start(what).await;
        let answer = send(&format!("https://{address}")).await;
        assert!(matches!(answer, Err(Lost::NotSent { .. })), "{what:?}: {answer:?}");
    }
}

#[rstest]
#[case::ok("HTTP/1.1 200 OK\r\nX-App-Usage: {}\r\ncontent-length: 2\r\n\r\n{}", 200, "{}")]
#[case::until_close("HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\nwords", 500, "words")]
#[case::redirect(
    "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    302,
    ""
)]
#[case::busy("HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n", 503, "")]
#[tokio::test]
async fn an_answer_is_handed_on_as_it_came(#[case] text: &'static str, #[case] status: u16, #[case] body: &str) {
    let (address, seen) = start(Server::Bytes(text)).await;
    let answer = send(&format!("http://{address}")).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (status, body.as_bytes()));
    assert!(
        answer
            .headers
            .keys()
            .all(|k| !k.bytes().any(|b| b.is_ascii_uppercase()))
    );
    assert_eq!(seen.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_request_on_the_wire_is_exactly_the_planned_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await
    });
    let _ = send(&url).await;
    let seen = server.await.unwrap();
    assert!(
        seen.starts_with("POST /v25.0/act_1/campaigns?q=a+b HTTP/1.1\r\n"),
        "{seen}"
    );
    let lower = seen.to_ascii_lowercase();
    for header in [
        "authorization: bearer eaab-very-secret",
        "content-type: application/x-www-form-urlencoded",
        "x-note: 1",
    ] {
        assert_eq!(lower.matches(header).count(), 1, "{header} in {seen}");
    }
    assert!(!seen.lines().next().unwrap().contains(TOKEN));
    assert!(seen.ends_with("name=A+%26+B"));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let (address, seen) = start(Server::Silent).await;
    let transport = transport(&format!("http://{address}"), Arc::new(CredentialBook::default()));
    let account: AccountId = "act_1".parse().unwrap();
    let answer = transport.send(PlatformId::Meta, &account, &create()).await;
    assert!(matches!(answer, Err(Lost::NoCredentials { .. })), "{answer:?}");
    let answer = transport.send(PlatformId::Tiktok, &account, &create()).await;
    assert!(matches!(answer, Err(Lost::NotSent { .. })), "{answer:?}");
    assert_eq!(seen.load(Ordering::SeqCst), 0);
}
