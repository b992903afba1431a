//! A model server that says what a script tells it, byte by byte, and remembers what it was sent and when its client
//! left. Loopback only.
//!
//! A script is a list of answers. A request gets the first that names something of its body (`when`); otherwise the n-th
//! of those that name nothing gets the n-th such request, and later ones the last.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::Instant,
};

/// What to answer to one request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// For every request with this in its body, whatever came before it.
    #[serde(default)]
    pub when: Option<String>,
    /// HTTP status.
    #[serde(default = "ok")]
    pub status: u16,
    /// Headers besides those of the transfer.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What happens after the request was read, the head of the answer included: it goes out before the first step
    /// that needs it.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One thing the server does.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Waits, milliseconds.
    Delay(u64),
    /// Sends status and headers now.
    Head,
    /// Sends text.
    Text(String),
    /// Sends bytes, two hexadecimal digits each.
    Hex(String),
    /// Sends a text so many times, one piece each.
    Repeat(String, usize),
    /// Closes without ending the body.
    Close,
    /// Resets the connection.
    Reset,
    /// Says nothing more and waits until the client leaves.
    Stall,
}

const fn ok() -> u16 {
    200
}

impl Answer {
    /// A stream of events that ends well.
    pub fn stream(text: &str) -> Self {
        Self::steps([Step::Text(text.to_owned())])
    }

    /// A stream of events made of steps.
    pub fn steps(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            when: None,
            status: 200,
            headers: vec![("content-type".into(), "text/event-stream".into())],
            steps: steps.into_iter().collect(),
        }
    }

    /// A refusal.
    pub fn refusal(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self {
            when: None,
            status,
            headers: headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
            steps: vec![Step::Text(body.to_owned())],
        }
    }
}

/// One request as it was received.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Request line and headers.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
    /// When the client closed its side before we were done.
    pub left: Option<Instant>,
}

/// A running server. It ends with the runtime.
pub struct ModelServer {
    /// Where it listens.
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    changed: Arc<Notify>,
}

impl ModelServer {
    /// Listens on a loopback address; port 0 takes a free one.
    pub async fn start(listen: SocketAddr, answers: Vec<Answer>) -> std::io::Result<Self> {
        if !listen.ip().is_loopback() {
            return Err(std::io::Error::other(
                "this server listens on this machine only: use 127.0.0.1:PORT",
            ));
        }
        let listener = TcpListener::bind(listen).await?;
        let server = Self {
            address: listener.local_addr()?,
            received: Arc::default(),
            changed: Arc::default(),
        };
        let (received, changed) = (Arc::clone(&server.received), Arc::clone(&server.changed));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (received, changed, answers) = (Arc::clone(&received), Arc::clone(&changed), answers.clone());
                tokio::spawn(async move {
                    // A client that leaves early is part of the play.
                    let _ = Box::pin(serve(stream, &answers, &received, &changed)).await;
                    changed.notify_waiters();
                });
            }
        });
        Ok(server)
    }

    /// Every request so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Waits until the requests so far satisfy `enough`.
    pub async fn until(&self, enough: impl Fn(&[Received]) -> bool) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if enough(&self.received()) {
                return;
            }
            changed.await;
        }
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: &[Answer],
    received: &Mutex<Vec<Received>>,
    changed: &Notify,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (head, body) = Box::pin(read_request(&mut stream)).await?;
    let fits = |answer: &Answer, body: &[u8]| {
        let word = answer.when.as_deref();
        word.is_some_and(|w| String::from_utf8_lossy(body).contains(w))
    };
    let plain: Vec<&Answer> = answers.iter().filter(|a| a.when.is_none()).collect();
    let named = answers.iter().find(|a| fits(a, &body));
    let (number, before) = {
        let mut all = received.lock().unwrap();
        let is_plain = |r: &&Received| !answers.iter().any(|a| fits(a, &r.body));
        let before = all.iter().filter(is_plain).count();
        all.push(Received { head, body, left: None });
        (all.len() - 1, before)
    };
    changed.notify_waiters();
    let Some(answer) = named.or_else(|| plain.get(before).or(plain.last()).copied()) else {
        return Ok(());
    };
    let (mut from, mut to) = stream.into_split();
    let mut gone = [0_u8; 1];
    let left = tokio::select! {
        end = play(answer, &mut to) => {
            if end? == End::Reset {
                let stream = to.reunite(from).map_err(std::io::Error::other)?;
                // Time for the bytes to arrive before the reset overtakes them.
                tokio::time::sleep(Duration::from_millis(20)).await;
                stream.set_zero_linger()?;
            }
            false
        }
        // After its request a client sends nothing: whatever can be read is its leaving.
        _ = from.read(&mut gone) => true,
    };
    if left {
        received.lock().unwrap()[number].left = Some(Instant::now());
    }
    Ok(())
}

/// How a play ended.
#[derive(PartialEq, Eq)]
enum End {
    Done,
    Reset,
}

async fn play(answer: &Answer, to: &mut tokio::net::tcp::OwnedWriteHalf) -> std::io::Result<End> {
    let mut head = Some(head(answer));
    for step in &answer.steps {
        let opens = matches!(step, Step::Head | Step::Text(_) | Step::Hex(_) | Step::Repeat(..));
        if let Some(head) = head.take_if(|_| opens) {
            to.write_all(head.as_bytes()).await?;
        }
        match step {
            Step::Delay(millis) => tokio::time::sleep(Duration::from_millis(*millis)).await,
            Step::Head => {}
            Step::Text(text) => piece(to, text.as_bytes()).await?,
            Step::Hex(digits) => piece(to, &unhex(digits)).await?,
            Step::Repeat(text, times) => {
                for _ in 0..*times {
                    piece(to, text.as_bytes()).await?;
                }
            }
            Step::Close => return Ok(End::Done),
            Step::Reset => return Ok(End::Reset),
            Step::Stall => std::future::pending().await,
        }
    }
    if let Some(head) = head {
        to.write_all(head.as_bytes()).await?;
    }
    to.write_all(b"0\r\n\r\n").await?;
    Ok(End::Done)
}

fn head(answer: &Answer) -> String {
    let mut head = format!("HTTP/1.1 {} Scripted\r\ntransfer-encoding: chunked\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
    }
    head + "\r\n"
}

async fn piece(to: &mut tokio::net::tcp::OwnedWriteHalf, bytes: &[u8]) -> std::io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    to.write_all(&chunk).await
}

fn unhex(digits: &str) -> Vec<u8> {
    let clean: String = digits.chars().filter(char::is_ascii_hexdigit).collect();
    let pairs = clean.as_bytes().chunks_exact(2);
    pairs
        .map(|p| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap())
        .collect()
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut seen = Vec::new();
    let mut chunk = [0_u8; 16 * 1024];
    loop {
        let n = stream.read(&mut chunk).await?;
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        seen.extend_from_slice(&chunk[..n]);
        let Some(at) = seen.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&seen[..at]).into_owned();
        let length = head.to_ascii_lowercase();
        let length = length
            .lines()
            .find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok());
        if seen.len() >= at + 4 + length.unwrap_or(0) {
            return Ok((head, seen.split_off(at + 4)));
        }
    }
}
