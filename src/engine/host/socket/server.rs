//! Takes connections in, within bounds, until the engine ends.

use std::{
    collections::HashMap,
    io,
    os::unix::net::UnixListener as StdListener,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::{UnixListener, UnixStream},
    task::{JoinHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;

use super::{
    frame,
    message::{Hello, ToClient},
    roster::Roster,
    session,
};
use crate::engine::{host::who::Who, service::Engine};

/// Connections of one user.
const PER_USER: usize = 64;
/// Connections in all.
const IN_ALL: usize = 512;
/// When the process is out of descriptors, this long passes before the next try.
const BREATHE: Duration = Duration::from_millis(100);
/// Connections get this long to hear the last word.
const FAREWELL: Duration = Duration::from_millis(500);

/// What all connections share.
pub(super) struct House {
    pub(super) engine: Arc<Engine>,
    pub(super) who: Who,
    pub(super) build: String,
    pub(super) roster: Roster,
    pub(super) ending: CancellationToken,
    /// Set once somebody came who is the engine rather than this one.
    pub(super) make_way: CancellationToken,
    farewell: Mutex<String>,
}

impl House {
    /// Whether a peer is to be the engine instead: it works off the queue and this one does not, it may write and this
    /// one may not, or it is the engine's own user and says so.
    pub(super) fn makes_way_for(&self, hello: &Hello, uid: u32) -> bool {
        let ours = self.who.is_owner(uid);
        let better = hello.serves && !self.engine.sends() || !hello.read_only && self.engine.is_still();
        ours && (better || hello.takes_over)
    }

    pub(super) fn farewell(&self) -> String {
        self.farewell.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A listening engine.
pub struct Server {
    house: Arc<House>,
    path: PathBuf,
    connected: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts to listen. Must run inside a tokio runtime.
    pub fn start(
        engine: Arc<Engine>,
        listener: StdListener,
        path: PathBuf,
        who: Who,
        build: String,
    ) -> io::Result<Self> {
        let accepting = UnixListener::from_std(listener)?;
        let house = Arc::new(House {
            engine,
            who,
            build,
            roster: Roster::default(),
            ending: CancellationToken::new(),
            make_way: CancellationToken::new(),
            farewell: Mutex::new("the engine ends".to_owned()),
        });
        let connected = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn(accept(accepting, Arc::clone(&house), Arc::clone(&connected)));
        Ok(Self {
            house,
            path,
            connected,
            task,
        })
    }

    /// Connections now.
    pub fn connected(&self) -> usize {
        self.connected.load(Ordering::Relaxed)
    }

    /// Cancelled once this engine is to make way for another.
    pub fn make_way(&self) -> CancellationToken {
        self.house.make_way.clone()
    }

    /// Where it listens.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Says goodbye and ends every connection. The path goes too, while the store's lock is still held: nobody else can
    /// have bound it.
    pub async fn end(self, farewell: &str) {
        farewell.clone_into(&mut self.house.farewell.lock().unwrap_or_else(PoisonError::into_inner));
        self.house.ending.cancel();
        let _ = tokio::time::timeout(FAREWELL, self.task).await;
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "the socket {} stays behind", self.path.display());
        }
    }
}

/// Counts connections per user; gives the place back when dropped.
struct Seat {
    uid: u32,
    seats: Arc<Mutex<HashMap<u32, usize>>>,
    connected: Arc<AtomicUsize>,
}

impl Seat {
    fn take(uid: u32, seats: &Arc<Mutex<HashMap<u32, usize>>>, connected: &Arc<AtomicUsize>) -> Option<Self> {
        let mut taken = seats.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(&uid).copied().unwrap_or_default();
        if own >= PER_USER || connected.load(Ordering::Relaxed) >= IN_ALL {
            return None;
        }
        taken.insert(uid, own + 1);
        connected.fetch_add(1, Ordering::Relaxed);
        drop(taken);
        Some(Self {
            uid,
            seats: Arc::clone(seats),
            connected: Arc::clone(connected),
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.uid) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                taken.remove(&self.uid);
            }
        }
        self.connected.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn accept(listener: UnixListener, house: Arc<House>, connected: Arc<AtomicUsize>) {
    let seats = Arc::default();
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            () = house.ending.cancelled() => break,
            Some(_) = sessions.join_next(), if !sessions.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let uid = stream.peer_cred().map_or(u32::MAX, |p| p.uid());
                    match Seat::take(uid, &seats, &connected) {
                        Some(seat) => {
                            let house = Arc::clone(&house);
                            sessions.spawn(async move {
                                session::serve(stream, house).await;
                                drop(seat);
                            });
                        }
                        None => turn_away(&stream),
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken in");
                    tokio::time::sleep(BREATHE).await;
                }
            }
        }
    }
    drop(listener);
    while sessions.join_next().await.is_some() {}
}

/// Refuses without waiting: a peer that does not read gets nothing.
fn turn_away(stream: &UnixStream) {
    let why = format!("too many connections: {PER_USER} a user and {IN_ALL} in all; close some consoles");
    if let Ok(bytes) = frame::encode(&ToClient::Refused(why)) {
        let _ = stream.try_write(&bytes);
    }
}
