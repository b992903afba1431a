//! One door that stays, whoever is behind it: an engine in this process, or one in another that may come and go.
//!
//! The election is the store's lock: whoever gets it is the engine, everybody else attaches. When the engine goes, every
//! joint looks again; one of them gets the lock, or finds the one who did. What was asked meanwhile is asked again: a
//! command carries its id, so the engine knows one it has carried out already.
//!
//! Invariants
//! - At most one engine per store: the kernel frees the lock only when its holder is dead or has closed.
//! - A request is answered once. A change is never made twice, however often the way to the engine breaks.

use std::{
    path::PathBuf,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, broadcast, watch},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{
    Host, HostError,
    socket::{
        client::{ConnectError, RemoteClient},
        message::Hello,
        path,
        server::Server,
    },
    who::Who,
};
use crate::engine::{
    api::{Answer, ApiError, EngineClient, Link, Notice, Reply, Request},
    clock::{Clock, Entropy},
    model::{event::Seq, time::Timestamp},
    store::{
        StoreError,
        embedded::place::{Lock, Place, announce, peek},
    },
};

/// Somebody holds the store and does not answer yet: so long is waited for it, when a program starts ...
const PATIENCE: Duration = Duration::from_secs(5);
/// ... with pauses from this ...
const PAUSE_FIRST: Duration = Duration::from_millis(20);
/// ... to this.
const PAUSE_LAST: Duration = Duration::from_millis(320);
/// A question waits this long for an engine to come back.
const ANSWER: Duration = Duration::from_secs(30);
/// After a loss each joint waits up to this long, at random, so that not all reach for the lock at once.
const SCATTER_MS: u64 = 300;
/// Between two searches that failed.
const SEARCH_AGAIN: Duration = Duration::from_secs(1);
/// Notices kept for a slow console.
const NOTICES: usize = 4096;

/// Opens the engine in this process, once the lock is held.
pub type Embed = Box<dyn Fn(Lock) -> Pin<Box<dyn Future<Output = Result<Host, HostError>> + Send>> + Send + Sync>;

/// Who comes in and as what; made anew for every engine this process becomes.
pub type WhoOf = Box<dyn Fn() -> Who + Send + Sync>;

/// Everything needed to find an engine or to become it.
pub struct Way {
    /// The store's directory.
    pub store: PathBuf,
    /// The socket, if the configuration names one.
    pub socket: Option<PathBuf>,
    /// The user's runtime directory, for a socket nobody named.
    pub runtime_dir: Option<PathBuf>,
    /// How this program introduces itself.
    pub hello: Hello,
    /// The user id this process acts as, in the engine it embeds.
    pub uid: u32,
    /// Make the store if there is none.
    pub makes: bool,
    /// Use an engine that runs already. Without it, this process becomes the engine or stops.
    pub attaches: bool,
    /// Let others attach to the engine in this process.
    pub listens: bool,
    /// How this process becomes the engine.
    pub embed: Embed,
    /// Who may attach to the engine in this process.
    pub who: WhoOf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and scatter.
    pub entropy: Arc<dyn Entropy>,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum JointError {
    /// There is no store, and this program makes none.
    #[error("there is no store in {}; the first thing you create makes one, or check --store", .0.display())]
    NoStore(PathBuf),
    /// Another process holds the store and cannot be asked.
    #[error("{0}")]
    Held(String),
    /// The engine in this process did not start.
    #[error(transparent)]
    Host(#[from] HostError),
    /// There is an engine, and it does not take us.
    #[error(transparent)]
    Connect(ConnectError),
}

#[derive(Clone)]
enum State {
    Up {
        client: Arc<dyn EngineClient>,
        gone: CancellationToken,
        own: bool,
    },
    Down(String),
}

/// The engine in this process.
struct Own {
    host: Host,
    server: Option<Server>,
}

struct Inner {
    way: Way,
    state: watch::Sender<State>,
    notices: broadcast::Sender<Notice>,
    /// The newest event told on, to go on behind it elsewhere.
    seen: AtomicU64,
    own: Mutex<Option<Own>>,
    over: CancellationToken,
}

/// The door. Clones are not needed: it is shared as an [`EngineClient`].
pub struct Joint {
    inner: Arc<Inner>,
    _over: DropGuard,
}

impl Joint {
    /// Finds the engine of a store, or becomes it. Must run inside a tokio runtime.
    pub async fn open(way: Way) -> Result<Self, JointError> {
        let over = CancellationToken::new();
        let inner = Arc::new(Inner {
            way,
            state: watch::Sender::new(State::Down("starting".to_owned())),
            notices: broadcast::channel(NOTICES).0,
            seen: AtomicU64::new(0),
            own: Mutex::new(None),
            over: over.clone(),
        });
        inner.find(PATIENCE).await?;
        tokio::spawn(keep(Arc::clone(&inner)));
        Ok(Self {
            inner,
            _over: over.drop_guard(),
        })
    }

    /// True when the engine is in this process now.
    pub fn is_own(&self) -> bool {
        matches!(*self.inner.state.borrow(), State::Up { own: true, .. })
    }

    /// Lets go. An engine in this process is closed in good order, after telling those attached why.
    pub async fn close(&self, farewell: &str) -> Result<(), StoreError> {
        self.inner.over.cancel();
        let own = self.inner.own.lock().await.take();
        self.inner.state.send_replace(State::Down("closed".to_owned()));
        let Some(own) = own else { return Ok(()) };
        let bound = match own.server {
            Some(server) => Some(server.end(farewell).await),
            None => None,
        };
        let closed = own.host.close().await;
        if let Some((listener, path)) = bound {
            // Still the holder of the lock's right: nobody else has bound the path meanwhile.
            let _ = std::fs::remove_file(&path);
            drop(listener);
        }
        closed
    }
}

impl Inner {
    /// One search: attach, or take the lock and become the engine, for as long as `patience` lasts.
    async fn find(self: &Arc<Self>, patience: Duration) -> Result<(), JointError> {
        let until = Instant::now() + patience;
        let mut pause = PAUSE_FIRST;
        loop {
            let attached = if self.way.attaches {
                self.attach().await
            } else {
                Err(ConnectError::NoOne(String::new()))
            };
            let held = match attached {
                Ok(()) => return Ok(()),
                Err(ConnectError::NoOne(_)) => match self.become_engine().await {
                    Ok(()) => return Ok(()),
                    Err(JointError::Host(HostError::Store(StoreError::Locked(why)))) => why,
                    Err(error) => return Err(error),
                },
                Err(error) => return Err(JointError::Connect(error)),
            };
            if Instant::now() + pause > until {
                return Err(JointError::Held(held));
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE_LAST);
        }
    }

    async fn attach(self: &Arc<Self>) -> Result<(), ConnectError> {
        let Some(path) = self.socket() else {
            return Err(ConnectError::NoOne(self.way.store.display().to_string()));
        };
        let after = match self.seen.load(Ordering::Relaxed) {
            0 => None,
            seen => Some(Seq(seen)),
        };
        let (clock, entropy) = (Arc::clone(&self.way.clock), Arc::clone(&self.way.entropy));
        let (client, welcome, heard) =
            RemoteClient::connect(&path, self.way.hello.clone(), after, clock, entropy).await?;
        if after.is_none() {
            self.seen.store(welcome.head.0, Ordering::Relaxed);
        }
        let gone = client.gone().clone();
        self.up(Arc::new(client), heard, gone, false);
        Ok(())
    }

    /// Where the engine listens, if one ever said so.
    fn socket(&self) -> Option<PathBuf> {
        let way = &self.way;
        way.socket.clone().or_else(|| peek(&Place { dir: way.store.clone() }).socket)
    }

    async fn become_engine(self: &Arc<Self>) -> Result<(), JointError> {
        let way = &self.way;
        if !way.makes && !way.store.exists() {
            return Err(JointError::NoStore(way.store.clone()));
        }
        let lock = Lock::claim(&way.store).map_err(HostError::Store)?;
        let host = (way.embed)(lock).await?;
        let server = if way.listens { self.listen(&host) } else { None };
        let client = host
            .client_for(way.uid, &way.hello, &(way.who)())
            .map_err(HostError::Start)?;
        let heard = client.notices();
        *self.own.lock().await = Some(Own { host, server });
        self.up(client, heard, CancellationToken::new(), true);
        Ok(())
    }

    /// Without a socket the engine works all the same, for this process only.
    fn listen(&self, host: &Host) -> Option<Server> {
        let way = &self.way;
        let path = path::choose(way.socket.as_deref(), way.runtime_dir.as_deref(), &way.store);
        let group = way.socket.is_some();
        let build = way.hello.build.clone();
        let started = path::bind(&path, group).and_then(|listener| {
            Server::start(Arc::clone(host.engine()), listener, path.clone(), (way.who)(), build)
        });
        match started {
            Ok(server) => {
                announce(&Place { dir: way.store.clone() }, &path);
                Some(server)
            }
            Err(error) => {
                tracing::error!("nobody can attach to this engine: {error}");
                None
            }
        }
    }

    fn up(
        self: &Arc<Self>,
        client: Arc<dyn EngineClient>,
        heard: broadcast::Receiver<Notice>,
        gone: CancellationToken,
        own: bool,
    ) {
        tokio::spawn(relay(Arc::clone(self), heard, gone.clone()));
        self.state.send_replace(State::Up { client, gone, own });
        self.tell(Notice::Link(if own { Link::Embedded(0) } else { Link::Attached }));
    }

    fn tell(&self, notice: Notice) {
        // Nobody listening is fine.
        let _ = self.notices.send(notice);
    }

    async fn link(&self, own: bool) -> Link {
        if !own {
            return Link::Attached;
        }
        let own = self.own.lock().await;
        let server = own.as_ref().and_then(|o| o.server.as_ref());
        Link::Embedded(server.map_or(0, Server::connected))
    }

    /// The present engine, waited for if need be.
    async fn engine(&self) -> Result<(Arc<dyn EngineClient>, CancellationToken, bool), ApiError> {
        let mut state = self.state.subscribe();
        let up = state.wait_for(|s| matches!(s, State::Up { gone, .. } if !gone.is_cancelled()));
        match timeout(ANSWER, up).await {
            Ok(Ok(state)) => match &*state {
                State::Up { client, gone, own } => Ok((Arc::clone(client), gone.clone(), *own)),
                State::Down(why) => Err(ApiError::Unavailable(why.clone())),
            },
            Ok(Err(_)) => Err(ApiError::Unavailable("this program is closing".to_owned())),
            Err(_) => {
                let why = match &*self.state.borrow() {
                    State::Down(why) => why.clone(),
                    State::Up { .. } => "the engine does not answer".to_owned(),
                };
                Err(ApiError::Unavailable(why))
            }
        }
    }
}

/// Keeps the door connected until it is closed.
async fn keep(inner: Arc<Inner>) {
    loop {
        let gone = match &*inner.state.borrow() {
            State::Up { gone, .. } => gone.clone(),
            State::Down(_) => CancellationToken::new(),
        };
        tokio::select! {
            () = inner.over.cancelled() => return,
            () = gone.cancelled() => {}
        }
        let why = "the engine has gone; looking for another".to_owned();
        inner.state.send_replace(State::Down(why.clone()));
        inner.tell(Notice::Link(Link::Seeking(why)));
        let search = async {
            sleep(Duration::from_millis(inner.way.entropy.below(SCATTER_MS))).await;
            while let Err(error) = inner.find(PATIENCE).await {
                tracing::warn!(%error, "no engine yet");
                inner.state.send_replace(State::Down(error.to_string()));
                inner.tell(Notice::Link(Link::Seeking(error.to_string())));
                sleep(SEARCH_AGAIN).await;
            }
        };
        tokio::select! {
            () = inner.over.cancelled() => return,
            () = search => inner.tell(Notice::Lost),
        }
    }
}

/// Tells on what the present engine says, each event once and in order.
async fn relay(inner: Arc<Inner>, mut heard: broadcast::Receiver<Notice>, gone: CancellationToken) {
    loop {
        let notice = tokio::select! {
            notice = heard.recv() => notice,
            () = gone.cancelled() => return,
            () = inner.over.cancelled() => return,
        };
        match notice {
            Ok(Notice::Event(event)) => {
                let before = inner.seen.fetch_max(event.seq.0, Ordering::Relaxed);
                if event.seq.0 > before {
                    inner.tell(Notice::Event(event));
                }
            }
            Ok(notice) => inner.tell(notice),
            Err(broadcast::error::RecvError::Lagged(_)) => inner.tell(Notice::Lost),
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

impl EngineClient for Joint {
    fn request(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            loop {
                let (client, gone, own) = self.inner.engine().await?;
                match client.request(request.clone()).await {
                    // The way broke, not the engine: the question is asked again, a command under its id.
                    Err(ApiError::Unavailable(_)) if gone.is_cancelled() => {}
                    Ok(Reply::Overview(mut overview)) => {
                        overview.link = Some(self.inner.link(own).await);
                        return Ok(Reply::Overview(overview));
                    }
                    other => return other,
                }
            }
        })
    }

    fn notices(&self) -> broadcast::Receiver<Notice> {
        self.inner.notices.subscribe()
    }

    fn new_uuid(&self) -> uuid::Uuid {
        self.inner.way.entropy.uuid(self.inner.way.clock.now())
    }

    fn now(&self) -> Timestamp {
        self.inner.way.clock.now()
    }
}
