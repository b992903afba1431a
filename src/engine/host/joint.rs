//! One door that stays, whoever is behind it: an engine in this process, or one in another that may come and go.
//!
//! The election is the store's lock: whoever gets it is the engine, everybody else attaches. When the engine goes, every
//! joint looks again; one of them gets the lock, or finds the one who did. What was asked meanwhile is asked again: a
//! command carries its id, so the engine knows one it has carried out already. What may have a model paid is not: the
//! engine that has gone may have asked it before it could write that down.
//!
//! Invariants
//! - At most one engine per store: the kernel frees the lock only when its holder is dead or has closed.
//! - A request is answered once. A change is never made twice, however often the way to the engine breaks.

use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, RwLock, broadcast, watch},
    time::{sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{
    Host, HostError,
    socket::{
        client::{ConnectError, RemoteClient},
        message::Hello,
        path::{self, Audience},
        server::Server,
    },
    who::Who,
};
use crate::engine::{
    api::{Answer, ApiError, EngineClient, Link, Notice, Reply, Request, TakenIn},
    clock::{Clock, Entropy},
    model::{event::Seq, time::Timestamp},
    store::{
        StoreError,
        embedded::place::{Holder, Lock, Place, announce, peek},
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
/// Whoever made way for another engine leaves the lock alone for this long.
const MAKE_WAY: Duration = Duration::from_millis(500);
/// Between two searches that failed.
const SEARCH_AGAIN: Duration = Duration::from_secs(1);
/// Said of a request that was under way when the engine went, and may have had a model paid.
const NOT_AGAIN: &str = "the way to the engine broke while a model may have been asked, so this was not sent again; \
     look in the history whether an answer is recorded, then ask anew";
/// Notices kept for a slow console.
const NOTICES: usize = 4096;

/// Opens the engine in this process, once the lock is held.
pub type Embed = Box<dyn Fn(Lock) -> Pin<Box<dyn Future<Output = Result<Host, HostError>> + Send>> + Send + Sync>;

/// Who comes in and as what; made anew for every engine this process becomes.
pub type WhoOf = Box<dyn Fn() -> Who + Send + Sync>;

/// Who may connect to the socket; looked up anew for every engine this process becomes.
pub type AudienceOf = Box<dyn Fn() -> std::io::Result<Audience> + Send + Sync>;

/// Everything needed to find an engine or to become it.
pub struct Way {
    /// The store's directory.
    pub store: PathBuf,
    /// The socket, if the configuration names one.
    pub socket: Option<PathBuf>,
    /// The user's runtime directory, for a socket nobody named.
    pub runtime_dir: Option<PathBuf>,
    /// Who may connect, should this process become the engine.
    pub audience: AudienceOf,
    /// How this program introduces itself.
    pub hello: Hello,
    /// The user id this process acts as, in the engine it embeds.
    pub uid: u32,
    /// Make the store if there is none.
    pub makes: bool,
    /// Use an engine that runs already. Without it, this process becomes the engine or says that there is one.
    pub attaches: bool,
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
    /// The store is somebody else's: only they, or root for them, can start its engine.
    #[error("no engine runs; {} is {owner}'s, who alone can start it (under systemd: sudo systemctl start omnitraffick)", .store.display())]
    NotOurs {
        /// The store.
        store: PathBuf,
        /// Whose it is, by name.
        owner: String,
    },
    /// The socket is not open to this user.
    #[error(
        "{me} may not use the engine's socket {}: it is for members of {group}; have yourself added (sudo usermod -aG {group} \
         {me}) and log in again", .socket.display()
    )]
    Shut {
        /// Where the engine listens.
        socket: PathBuf,
        /// Whose members may connect, by name.
        group: String,
        /// Who asks, by name.
        me: String,
    },
    /// Another process holds the store and cannot be asked.
    #[error("{0}")]
    Held(String),
    /// The engine in this process did not start.
    #[error(transparent)]
    Host(#[from] HostError),
    /// There is an engine, and it does not take us.
    #[error(transparent)]
    Connect(ConnectError),
    /// This process is to be the engine and nothing else, and nobody could attach to it.
    #[error("nobody could attach to this engine: {0}")]
    Listen(std::io::Error),
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
    /// Held by everybody who asks the engine in this process; taken whole before that is closed.
    asking: RwLock<()>,
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
            asking: RwLock::new(()),
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

    /// Connections to the engine in this process.
    pub async fn connected(&self) -> usize {
        let own = self.inner.own.lock().await;
        own.as_ref()
            .and_then(|o| o.server.as_ref())
            .map_or(0, Server::connected)
    }

    /// Waits until the engine is no longer in this process, because it made way; at most so long. `true` = it is gone.
    pub async fn made_way(&self, patience: Duration) -> bool {
        let mut state = self.inner.state.subscribe();
        let elsewhere = state.wait_for(|s| !matches!(s, State::Up { own: true, .. }));
        timeout(patience, elsewhere).await.is_ok_and(|s| s.is_ok())
    }

    /// Waits until an engine in another process answers, at most so long. `true` = it does.
    pub async fn is_elsewhere(&self, patience: Duration) -> bool {
        let mut state = self.inner.state.subscribe();
        let elsewhere = state.wait_for(|s| matches!(s, State::Up { own: false, gone, .. } if !gone.is_cancelled()));
        timeout(patience, elsewhere).await.is_ok_and(|s| s.is_ok())
    }

    /// Lets go. An engine in this process is closed in good order, after telling those attached why.
    pub async fn close(&self, farewell: &str) -> Result<(), StoreError> {
        self.inner.over.cancel();
        self.inner.end_own(farewell).await
    }
}

impl Inner {
    /// One search: attach, or take the lock and become the engine, for as long as `patience` lasts.
    async fn find(self: &Arc<Self>, patience: Duration) -> Result<(), JointError> {
        let began = self.way.clock.now();
        let mut waited = Duration::ZERO;
        let mut pause = PAUSE_FIRST;
        loop {
            let held = match self.connect().await {
                Ok(_) if !self.way.attaches => {
                    let pid = self
                        .holder()
                        .pid
                        .map_or_else(String::new, |pid| format!(" (process {pid})"));
                    return Err(JointError::Held(format!(
                        "an engine runs already for the store in {}{pid}; `omnitraffick engine upgrade` puts this build in its place",
                        self.way.store.display()
                    )));
                }
                Ok((client, heard)) => {
                    let gone = client.gone().clone();
                    self.up(Arc::new(client), heard, gone, false);
                    return Ok(());
                }
                Err(ConnectError::NoOne(_)) => match self.become_engine().await {
                    Ok(()) => return Ok(()),
                    Err(JointError::Host(HostError::Store(StoreError::Locked(why)))) => why,
                    Err(error) => return Err(error),
                },
                Err(error) => return Err(self.shut(error).await),
            };
            waited += pause;
            // A holder that stands still takes its time to be given up: that counts, too.
            if waited.max(self.way.clock.now().since(began)) > patience {
                return Err(JointError::Held(held));
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE_LAST);
        }
    }

    async fn connect(&self) -> Result<(RemoteClient, broadcast::Receiver<Notice>), ConnectError> {
        let socket = self.way.socket.clone().or_else(|| self.holder().socket);
        let Some(path) = socket else {
            return Err(ConnectError::NoOne(self.way.store.display().to_string()));
        };
        let after = match self.seen.load(Ordering::Relaxed) {
            0 => None,
            seen => Some(Seq(seen)),
        };
        let (clock, entropy) = (Arc::clone(&self.way.clock), Arc::clone(&self.way.entropy));
        let (client, welcome, heard) =
            RemoteClient::connect(&path, self.way.hello.clone(), after, clock, entropy).await?;
        self.seen
            .fetch_max(welcome.head.0.min(after.map_or(u64::MAX, |s| s.0)), Ordering::Relaxed);
        Ok((client, heard))
    }

    /// Who holds the store, as far as the lock file says.
    fn holder(&self) -> Holder {
        peek(&Place {
            dir: self.way.store.clone(),
        })
    }

    /// Ends the engine in this process, if it is here: the last questions are answered, those attached hear why, open
    /// calls get their time, the store is closed.
    async fn end_own(&self, farewell: &str) -> Result<(), StoreError> {
        self.state.send_replace(State::Down(farewell.to_owned()));
        let Some(own) = self.own.lock().await.take() else {
            return Ok(());
        };
        // Whoever waits for an answer of the copilot holds the door open: they hear its end first.
        own.host.end_questions().await;
        let alone = self.asking.write().await;
        if let Some(server) = own.server {
            server.end(farewell).await;
        }
        let closed = own.host.close().await;
        drop(alone);
        closed
    }

    async fn become_engine(self: &Arc<Self>) -> Result<(), JointError> {
        let way = &self.way;
        match way.store.try_exists() {
            Ok(there) if there || way.makes => {}
            Ok(_) => return Err(JointError::NoStore(way.store.clone())),
            Err(_) => return Err(self.not_ours(owner_of(&way.store)).await),
        }
        let lock = match Lock::claim(&way.store) {
            Ok(lock) => lock,
            Err(held @ StoreError::Locked(_)) => return Err(HostError::Store(held).into()),
            // The files of somebody else's store open for nobody but its owner.
            Err(error) => {
                let whose = owner_of(&way.store);
                let own = rustix::process::geteuid().as_raw();
                return Err(if own == 0 || whose.is_none_or(|uid| uid == own) {
                    HostError::Store(error).into()
                } else {
                    self.not_ours(whose).await
                });
            }
        };
        let host = (way.embed)(lock).await?;
        let client = match host.client_for(way.uid, &way.hello, &(way.who)()).await {
            Ok(client) => client,
            Err(error) => {
                host.close().await.map_err(HostError::Store)?;
                return Err(HostError::Start(error).into());
            }
        };
        let server = match self.listen(&host) {
            Ok(server) => Some(server),
            // It is the engine of this process all the same.
            Err(error) if way.attaches => {
                tracing::error!("nobody can attach to this engine: {error}");
                None
            }
            Err(error) => {
                host.close().await.map_err(HostError::Store)?;
                return Err(JointError::Listen(error));
            }
        };
        let gone = server.as_ref().map(Server::make_way).unwrap_or_default();
        let heard = client.notices();
        *self.own.lock().await = Some(Own { host, server });
        self.up(client, heard, gone, true);
        Ok(())
    }

    /// Why a socket that is there does not take us.
    async fn shut(&self, error: ConnectError) -> JointError {
        match error {
            ConnectError::Io { path, error } if error.kind() == std::io::ErrorKind::PermissionDenied => {
                let socket = PathBuf::from(path);
                let group = nearest(&socket).map(|meta| meta.gid());
                let who = (self.way.who)();
                JointError::Shut {
                    socket,
                    group: match group {
                        Some(gid) => who.group_name(gid).await,
                        None => "its group".to_owned(),
                    },
                    me: who.name_of(rustix::process::geteuid().as_raw()).await,
                }
            }
            other => JointError::Connect(other),
        }
    }

    async fn not_ours(&self, owner: Option<u32>) -> JointError {
        let owner = match owner {
            Some(uid) => (self.way.who)().name_of(uid).await,
            None => "somebody else".to_owned(),
        };
        JointError::NotOurs {
            store: self.way.store.clone(),
            owner,
        }
    }

    fn listen(&self, host: &Host) -> std::io::Result<Server> {
        let way = &self.way;
        let path = path::choose(way.socket.as_deref(), way.runtime_dir.as_deref(), &way.store);
        let listener = path::bind(&path, &(way.audience)()?)?;
        let (engine, build) = (Arc::clone(host.engine()), way.hello.build.clone());
        let server = Server::start(engine, listener, path.clone(), (way.who)(), build)?;
        announce(&Place { dir: way.store.clone() }, &path);
        Ok(server)
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

/// A place, or the nearest directory above it that can be looked at: whose that is, the place is.
fn nearest(place: &Path) -> Option<std::fs::Metadata> {
    place.ancestors().find_map(|at| std::fs::metadata(at).ok())
}

/// Whose a store is.
fn owner_of(store: &Path) -> Option<u32> {
    nearest(store).map(|meta| meta.uid())
}

/// Why the search goes on, for a header: short, and with who can end it.
fn seeking(error: &JointError) -> String {
    match error {
        JointError::NotOurs { owner, .. } => format!("{owner} ran it; waiting for {owner} to start it again"),
        other => other.to_string(),
    }
}

/// Keeps the door connected until it is closed.
async fn keep(inner: Arc<Inner>) {
    loop {
        let (gone, own) = match &*inner.state.borrow() {
            State::Up { gone, own, .. } => (gone.clone(), *own),
            State::Down(_) => return,
        };
        tokio::select! {
            () = inner.over.cancelled() => return,
            () = gone.cancelled() => {}
        }
        let why = if own {
            "another engine takes over"
        } else {
            "the engine has gone; looking for another"
        };
        let why = why.to_owned();
        if own {
            if let Err(error) = inner.end_own(&why).await {
                tracing::error!(%error, "the store did not close in good order");
            }
        } else {
            inner.state.send_replace(State::Down(why.clone()));
        }
        inner.tell(Notice::Link(Link::Seeking(why)));
        if own && !inner.way.attaches {
            // It was here to be the engine and nothing else.
            return;
        }
        let search = async {
            // Whoever made way must not be the first at the lock again.
            let first = if own { MAKE_WAY } else { Duration::ZERO };
            sleep(first + Duration::from_millis(inner.way.entropy.below(SCATTER_MS))).await;
            while let Err(error) = inner.find(PATIENCE).await {
                tracing::warn!(%error, "no engine yet");
                inner.state.send_replace(State::Down(seeking(&error)));
                inner.tell(Notice::Link(Link::Seeking(seeking(&error))));
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
                let asking = if own {
                    Some(self.inner.asking.read().await)
                } else {
                    None
                };
                if gone.is_cancelled() {
                    continue;
                }
                let answer = client.request(request.clone()).await;
                drop(asking);
                match answer {
                    Err(ApiError::Unavailable(_)) if gone.is_cancelled() && request.may_pay_a_model() => {
                        return Err(ApiError::Unavailable(NOT_AGAIN.to_owned()));
                    }
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

    fn keep_file(&self, name: String, file: std::fs::File) -> TakenIn<'_> {
        Box::pin(async move {
            let (client, _, own) = self.inner.engine().await?;
            let _asking = if own {
                Some(self.inner.asking.read().await)
            } else {
                None
            };
            client.keep_file(name, file).await
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

#[cfg(test)]
mod tests;
