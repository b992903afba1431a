//! The other end: an engine in another process behind the one door everybody uses.
//!
//! Invariant: one [`RemoteClient`] is one connection. When it is gone, everything asked fails with `Unavailable`, and
//! [`RemoteClient::gone`] says so; asking again elsewhere is [`super::super::joint`]'s affair.

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Mutex as AsyncMutex, broadcast, mpsc, oneshot},
    time::timeout,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{
    frame::{self, Decoder},
    message::{Hello, ToClient, ToEngine, Welcome},
    roster::Peer,
    upload,
};
use crate::engine::{
    api::{Answer, ApiError, EngineClient, Notice, Reply, Request, TakenIn, files::take_in},
    clock::{Clock, Entropy},
    host::who::WAIT,
    model::{
        asset::Asset,
        event::Seq,
        refusal::{Problem, Refusal, RefusalCode},
        time::Timestamp,
    },
};

/// An engine that accepts must welcome within this time: longer than it may ask the user database who we are, so that
/// its words about that are heard.
const WELCOME: Duration = WAIT.saturating_add(Duration::from_secs(2));
/// Bytes read at a time.
const READ: usize = 64 << 10;
/// Notices kept for a slow listener.
const NOTICES: usize = 4096;
/// The minor version that knows files and the roster.
const SINCE_FILES: u32 = 1;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody listens: no socket, or a dead one.
    #[error("no engine listens on {0}")]
    NoOne(String),
    /// Somebody listens and does not want us; in their words.
    #[error("{0}")]
    Refused(String),
    /// The socket is there and cannot be used.
    #[error("the engine's socket {path} cannot be used: {error}")]
    Io {
        /// Where.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

/// Who waits for which answer.
type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Heard>>>>;

/// An answer, by what was asked.
enum Heard {
    Reply(Result<Reply, ApiError>),
    File(Result<Option<Asset>, ApiError>),
    Roster(Vec<Peer>),
}

/// A client of an engine in another process.
pub struct RemoteClient {
    to: mpsc::Sender<Vec<u8>>,
    waiting: Waiting,
    next: AtomicU64,
    notices: broadcast::Sender<Notice>,
    farewell: Arc<Mutex<Option<String>>>,
    gone: CancellationToken,
    /// What the engine said of itself.
    minor: u32,
    build: String,
    /// One file at a time.
    uploading: AsyncMutex<()>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    _hang_up: DropGuard,
}

impl RemoteClient {
    /// Connects and introduces itself. Events begin behind `after`, or behind the newest when that is `None`; the
    /// receiver has them from the very first one on.
    pub async fn connect(
        path: &Path,
        hello: Hello,
        after: Option<Seq>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<(Self, Welcome, broadcast::Receiver<Notice>), ConnectError> {
        let broken = |error: io::Error| match error.kind() {
            // Also an engine that ended while we introduced ourselves: whoever comes next is asked, or becomes it.
            io::ErrorKind::NotFound
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => ConnectError::NoOne(path.display().to_string()),
            _ => ConnectError::Io {
                path: path.display().to_string(),
                error,
            },
        };
        let stream = UnixStream::connect(path).await.map_err(broken)?;
        let (mut read, mut write) = stream.into_split();
        let mut decoder = Decoder::default();
        let bytes = frame::encode(&ToEngine::Hello(hello)).map_err(|e| ConnectError::Refused(e.to_string()))?;
        // An engine that turns us away closes without reading; its words are worth more than our broken pipe.
        let _ = write.write_all(&bytes).await;
        let first = timeout(WELCOME, next(&mut read, &mut decoder))
            .await
            .map_err(|_| ConnectError::NoOne(format!("{} (it accepts and does not answer)", path.display())))?
            .map_err(broken)?;
        let welcome = match first {
            Some(ToClient::Welcome(welcome)) => welcome,
            Some(ToClient::Refused(why)) => return Err(ConnectError::Refused(why)),
            Some(ToClient::Goodbye(_)) | None => return Err(ConnectError::NoOne(path.display().to_string())),
            Some(_) => {
                return Err(ConnectError::Refused(
                    "the engine does not keep to the protocol".to_owned(),
                ));
            }
        };
        let subscribe = ToEngine::Subscribe {
            after: after.unwrap_or(welcome.head),
        };
        let bytes = frame::encode(&subscribe).map_err(|e| ConnectError::Refused(e.to_string()))?;
        write.write_all(&bytes).await.map_err(broken)?;

        let gone = CancellationToken::new();
        let (to, outgoing) = mpsc::channel(64);
        let client = Self {
            to,
            waiting: Arc::default(),
            next: AtomicU64::new(1),
            notices: broadcast::channel(NOTICES).0,
            farewell: Arc::default(),
            _hang_up: gone.clone().drop_guard(),
            gone,
            minor: welcome.minor,
            build: welcome.build.clone(),
            uploading: AsyncMutex::default(),
            clock,
            entropy,
        };
        let heard = client.notices.subscribe();
        tokio::spawn(send(write, outgoing, client.gone.clone()));
        let ear = Ear {
            waiting: Arc::clone(&client.waiting),
            notices: client.notices.clone(),
            farewell: Arc::clone(&client.farewell),
        };
        let gone = client.gone.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = gone.cancelled() => {}
                () = ear.listen(read, decoder) => {}
            }
            gone.cancel();
            // Whoever waits for an answer must hear that none comes.
            ear.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
        });
        Ok((client, welcome, heard))
    }

    /// Cancelled once the connection is gone.
    pub const fn gone(&self) -> &CancellationToken {
        &self.gone
    }

    /// The engine's last word, if it had one.
    pub fn farewell(&self) -> Option<String> {
        self.farewell.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn unavailable(&self) -> ApiError {
        ApiError::Unavailable(
            self.farewell()
                .unwrap_or_else(|| "the connection to the engine is gone".to_owned()),
        )
    }

    /// Who else is attached; `None` = the engine's build does not say.
    pub async fn roster(&self) -> Option<Vec<Peer>> {
        if self.minor < SINCE_FILES {
            return None;
        }
        match self.ask(|id| ToEngine::Roster { id }).await {
            Ok(Heard::Roster(peers)) => Some(peers),
            _ => None,
        }
    }

    /// Sends a part of a file.
    pub(super) async fn ask_for_file(
        &self,
        message: impl FnOnce(u64) -> ToEngine + Send,
    ) -> Result<Option<Asset>, ApiError> {
        match self.ask(message).await? {
            Heard::File(result) => result,
            _ => Err(odd()),
        }
    }

    async fn ask(&self, message: impl FnOnce(u64) -> ToEngine + Send) -> Result<Heard, ApiError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let bytes = frame::encode(&message(id)).map_err(|e| ApiError::Internal(e.to_string()))?;
        let (answer, answered) = oneshot::channel();
        let seat = Seat {
            waiting: &self.waiting,
            id,
        };
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, answer);
        if self.gone.is_cancelled() || self.to.send(bytes).await.is_err() {
            return Err(self.unavailable());
        }
        let result = answered.await.map_err(|_| self.unavailable());
        drop(seat);
        result
    }
}

fn odd() -> ApiError {
    ApiError::Internal("the engine answered something else than was asked".to_owned())
}

/// A place among the waiting, given back when the question is dropped.
struct Seat<'a> {
    waiting: &'a Waiting,
    id: u64,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
    }
}

impl EngineClient for RemoteClient {
    fn request(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            let request = match request {
                Request::Do(command) => Request::Do(Box::new(take_in(self, *command, true).await?)),
                Request::DoCounted { command, counted } => {
                    let command = Box::new(take_in(self, *command, true).await?);
                    Request::DoCounted { command, counted }
                }
                Request::DryRun(command) => Request::DryRun(Box::new(take_in(self, *command, false).await?)),
                other => other,
            };
            let request = Box::new(request);
            match self.ask(|id| ToEngine::Request { id, request }).await? {
                Heard::Reply(result) => result,
                _ => Err(odd()),
            }
        })
    }

    fn keep_file(&self, name: String, file: std::fs::File) -> TakenIn<'_> {
        Box::pin(async move {
            if self.minor < SINCE_FILES {
                return Err(ApiError::from(Refusal::new(
                    RefusalCode::Unsupported,
                    Problem::whole(
                        format!("the engine (build {}) takes no files from other programs", self.build),
                        "`omnitraffick engine upgrade` puts this build in its place",
                    ),
                )));
            }
            let _alone = self.uploading.lock().await;
            upload::send(self, name, file).await
        })
    }

    fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    fn new_uuid(&self) -> uuid::Uuid {
        self.entropy.uuid(self.clock.now())
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Reads until a whole message is there; `None` = the other side closed.
async fn next(read: &mut OwnedReadHalf, decoder: &mut Decoder) -> io::Result<Option<ToClient>> {
    loop {
        let message = decoder.message().map_err(io::Error::other)?;
        if let Some(message) = message {
            return frame::decode(message).map(Some).map_err(io::Error::other);
        }
        let mut bytes = Vec::with_capacity(READ);
        if read.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        decoder.push(&bytes);
    }
}

async fn send(mut write: OwnedWriteHalf, mut outgoing: mpsc::Receiver<Vec<u8>>, gone: CancellationToken) {
    let written = async {
        while let Some(bytes) = outgoing.recv().await {
            if write.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = gone.cancelled() => {}
        () = written => gone.cancel(),
    }
}

struct Ear {
    waiting: Waiting,
    notices: broadcast::Sender<Notice>,
    farewell: Arc<Mutex<Option<String>>>,
}

impl Ear {
    async fn listen(&self, mut read: OwnedReadHalf, mut decoder: Decoder) {
        loop {
            match next(&mut read, &mut decoder).await {
                Ok(Some(message)) => self.hear(message),
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(%error, "the connection to the engine broke");
                    return;
                }
            }
        }
    }

    fn answer(&self, id: u64, heard: Heard) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if let Some(answer) = waiting {
            // Whoever asked may have lost interest.
            let _ = answer.send(heard);
        }
    }

    fn hear(&self, message: ToClient) {
        let tell = |notice| {
            // Nobody listening is fine.
            let _ = self.notices.send(notice);
        };
        match message {
            ToClient::Reply { id, result } => self.answer(id, Heard::Reply(*result)),
            ToClient::File { id, result } => self.answer(id, Heard::File(*result)),
            ToClient::Roster { id, peers } => self.answer(id, Heard::Roster(peers)),
            ToClient::Events(events) => events.into_iter().for_each(|e| tell(Notice::Event(Arc::new(e)))),
            ToClient::Reset(_) => tell(Notice::Lost),
            ToClient::Lanes => tell(Notice::Lanes),
            ToClient::Health => tell(Notice::Health),
            ToClient::Guidelines => tell(Notice::Guidelines),
            ToClient::People => tell(Notice::People),
            ToClient::Goodbye(why) | ToClient::Refused(why) => {
                *self.farewell.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
            }
            ToClient::Welcome(_) => {}
        }
    }
}
