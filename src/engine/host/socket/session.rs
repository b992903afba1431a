//! One connection: a reader that answers, a writer that is timed, a feed that never makes a commit wait.
//!
//! The feed listens to live notices first and reads the journal up to them, so nothing falls between. When it lags, it
//! goes back to the journal, which has everything.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::AsyncReadExt as _,
    net::{UnixStream, unix::OwnedReadHalf},
    sync::{Semaphore, broadcast::error::RecvError},
    task::JoinSet,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    frame::{self, Decoder, MAX, MAX_HELLO},
    message::{FilePart, Hello, MAJOR, MINOR, ToClient, ToEngine, Unknown, Welcome, refuse_generation},
    outbox::{Gone, Outbox},
    parts,
    roster::{Entry, Peer},
    server::House,
    upload::{Desk, Step},
};
use crate::engine::{
    api::{ApiError, EngineClient, Notice, Request},
    model::{
        event::Seq,
        refusal::{Problem, Refusal, RefusalCode},
    },
    service::LocalClient,
};

/// The hello must be there by then.
const HELLO: Duration = Duration::from_secs(2);
/// Half a message that does not go on for this long ends the connection.
const HALF: Duration = Duration::from_secs(30);
/// After its end a connection has this long to take what was said before; then its place is somebody else's.
const LINGER: Duration = Duration::from_secs(2);
/// Requests answered at once; further ones wait in the kernel.
const OPEN: usize = 64;
/// Bytes of the requests answered at once: one of the longest, or many short ones.
const IN_BYTES: usize = MAX;
/// Bytes read at a time.
const READ: usize = 16 << 10;
/// Further behind than this, asking anew is cheaper than being told.
const TOO_FAR: u64 = 50_000;
/// Events in one message.
const EVENTS: usize = 256;

/// The minor version that knows who is at which ticket.
const SINCE_PEOPLE: u32 = 2;

/// To whom the engine waited for in vain.
const TOO_LATE: &str = "it did not introduce itself in time";

/// Why a connection ended, for the log and, where it can still be heard, for the peer.
type Ended = String;

/// Serves one connection until either side ends it.
pub(super) async fn serve(stream: UnixStream, house: Arc<House>) {
    let peer = stream.peer_cred();
    let (read, write) = stream.into_split();
    let gone = house.ending.child_token();
    let (outbox, mut writer) = Outbox::start(write, gone.clone());
    let ended = match peer {
        Ok(peer) => converse(read, &house, peer.uid(), &outbox, &gone).await,
        Err(e) => format!("the kernel does not say who it is: {e}"),
    };
    let ending = house.ending.is_cancelled();
    if ending {
        outbox.last(&ToClient::Goodbye(house.farewell())).await;
    }
    gone.cancel();
    drop(outbox);
    // Its place and its memory are held until the last byte is written or given up.
    if ending || timeout(LINGER, &mut writer).await.is_err() {
        writer.abort();
    }
    tracing::debug!("a connection ended: {ended}");
}

async fn converse(
    mut read: OwnedReadHalf,
    house: &Arc<House>,
    uid: u32,
    outbox: &Outbox,
    gone: &CancellationToken,
) -> Ended {
    let mut decoder = Decoder::up_to(MAX_HELLO);
    let introduced = timeout(HELLO, hello(&mut read, &mut decoder)).await;
    let hello = match introduced.unwrap_or_else(|_| Err(TOO_LATE.to_owned())) {
        Ok(hello) => hello,
        Err(ended) => {
            outbox.last(&ToClient::Refused(ended.clone())).await;
            return ended;
        }
    };
    decoder.allow(MAX);
    let engine = &house.engine;
    let now = engine.clock().now();
    let welcome = tokio::select! {
        () = gone.cancelled() => return "it was ended".to_owned(),
        actor = house.who.actor(uid, &hello.client, now) => actor,
    };
    // Whatever generation it speaks: a build that cannot be talked to can still take over.
    if let Ok(actor) = &welcome
        && house.makes_way_for(&hello, uid)
    {
        tracing::info!("making way for another engine, asked by {}", actor.name);
        house.make_way.cancel();
        outbox.last(&ToClient::Goodbye("the engine makes way".to_owned())).await;
        return "it is the engine from now on".to_owned();
    }
    let welcome = refuse_generation(&hello, &house.build).map_or(welcome, Err);
    let actor = match welcome {
        Ok(actor) => actor,
        Err(why) => {
            outbox.last(&ToClient::Refused(why.clone())).await;
            return why;
        }
    };
    tracing::info!("{} ({}) attached", actor.name, actor.client);
    let welcome = Welcome {
        major: MAJOR,
        minor: MINOR,
        build: house.build.clone(),
        store: engine.store_id(),
        head: engine.projection().read(|s| s.seq),
        actor: actor.clone(),
    };
    if outbox.send(&ToClient::Welcome(welcome)).await.is_err() {
        return "it left at the door".to_owned();
    }
    let entry = house.roster.enter(Peer {
        uid,
        name: actor.name.clone(),
        client: actor.client.clone(),
        since: now,
        read_only: hello.read_only,
        build: hello.build.clone(),
    });
    let client = Arc::new(LocalClient::new(Arc::clone(engine), actor, hello.read_only).from_afar());
    let mut work = Work {
        house: Arc::clone(house),
        client,
        outbox: outbox.clone(),
        open: Arc::new(Semaphore::new(OPEN)),
        room: Arc::new(Semaphore::new(IN_BYTES)),
        tasks: JoinSet::new(),
        fed: false,
        minor: hello.minor,
        files: Desk::default(),
        entry,
    };
    loop {
        loop {
            match decoder.message() {
                Ok(Some(message)) => {
                    if let Err(ended) = work.take(message).await {
                        outbox.last(&ToClient::Refused(ended.clone())).await;
                        return ended;
                    }
                }
                Ok(None) => break,
                Err(e) => {
                    outbox.last(&ToClient::Refused(e.to_string())).await;
                    return e.to_string();
                }
            }
        }
        let mut bytes = Vec::with_capacity(READ);
        let half = !decoder.is_empty();
        tokio::select! {
            // What is there is read before anybody is called late.
            biased;
            () = gone.cancelled() => return "it was ended".to_owned(),
            () = work.files.stale() => work.files.forget(),
            n = read.read_buf(&mut bytes) => match n {
                Ok(0) => return "it left".to_owned(),
                Ok(_) => decoder.push(&bytes),
                Err(e) => return format!("it broke off: {e}"),
            },
            () = tokio::time::sleep(HALF), if half => {
                let ended = format!("it began a message and did not go on for {} s", HALF.as_secs());
                outbox.last(&ToClient::Refused(ended.clone())).await;
                return ended;
            }
        }
        while work.tasks.try_join_next().is_some() {}
    }
}

async fn hello(read: &mut OwnedReadHalf, decoder: &mut Decoder) -> Result<Hello, Ended> {
    loop {
        if let Some(message) = decoder.message().map_err(|e| e.to_string())? {
            return match frame::decode(message) {
                Ok(ToEngine::Hello(hello)) => Ok(hello),
                Ok(_) => Err("it spoke before it introduced itself".to_owned()),
                Err(e) => Err(format!("its introduction cannot be understood: {e}")),
            };
        }
        let mut bytes = Vec::with_capacity(READ);
        match read.read_buf(&mut bytes).await {
            Ok(0) => return Err("it left".to_owned()),
            Ok(_) => decoder.push(&bytes),
            Err(e) => return Err(format!("it broke off: {e}")),
        }
    }
}

/// What a connection has going. Dropping it ends every unfinished answer.
struct Work {
    house: Arc<House>,
    client: Arc<LocalClient>,
    outbox: Outbox,
    open: Arc<Semaphore>,
    /// Bytes of requests that may be in hand.
    room: Arc<Semaphore>,
    tasks: JoinSet<()>,
    fed: bool,
    /// What the peer understands.
    minor: u32,
    files: Desk,
    entry: Entry,
}

impl Work {
    /// Handles one message. `Err` = the connection ends, in words.
    async fn take(&mut self, message: &[u8]) -> Result<(), Ended> {
        match frame::decode::<ToEngine>(message) {
            // At once and in order: whoever goes through a list says where they are many times, and the last word counts.
            Ok(ToEngine::Request { id, request }) if matches!(*request, Request::Here(_)) => {
                let result = Box::new(self.client.request(*request).await);
                let said = self.outbox.send(&ToClient::Reply { id, result }).await;
                said.map_err(|Gone| "it left".to_owned())
            }
            Ok(ToEngine::Request { id, request }) => {
                // Waiting here stops the reading, and what the peer sends on waits in the kernel.
                let place = Arc::clone(&self.open).acquire_owned().await;
                let room = Arc::clone(&self.room);
                let room = room.acquire_many_owned(u32::try_from(message.len()).unwrap_or(u32::MAX));
                let (place, room) = (
                    place.map_err(|e| e.to_string())?,
                    room.await.map_err(|e| e.to_string())?,
                );
                let (client, outbox) = (Arc::clone(&self.client), self.outbox.clone());
                self.tasks.spawn(async move {
                    let result = Box::new(client.request(*request).await);
                    drop(room);
                    let _ = outbox.send(&ToClient::Reply { id, result }).await;
                    drop(place);
                });
                Ok(())
            }
            Ok(ToEngine::File { id, part }) => self.file(id, part).await,
            Ok(ToEngine::Roster { id }) => {
                let peers = self.house.roster.others(&self.entry);
                let said = self.outbox.send(&ToClient::Roster { id, peers }).await;
                said.map_err(|Gone| "it left".to_owned())
            }
            Ok(ToEngine::Subscribe { after }) if !self.fed => {
                self.fed = true;
                self.tasks
                    .spawn(feed(Arc::clone(&self.house), after, self.outbox.clone(), self.minor));
                Ok(())
            }
            Ok(ToEngine::Subscribe { .. }) => Err("it subscribed twice".to_owned()),
            Ok(ToEngine::Hello(_)) => Err("it introduced itself twice".to_owned()),
            Err(why) => {
                let unknown: Unknown =
                    frame::decode(message).map_err(|_| format!("a message cannot be understood: {why}"))?;
                let refusal = Refusal::new(
                    RefusalCode::Unsupported,
                    Problem::whole(
                        format!("the engine (build {}) does not know this request", self.house.build),
                        "start the engine anew with the newer build",
                    ),
                );
                let result = Box::new(Err(ApiError::from(refusal)));
                let reply = ToClient::Reply {
                    id: unknown.id(),
                    result,
                };
                self.outbox.send(&reply).await.map_err(|Gone| "it left".to_owned())
            }
        }
    }
}

impl Work {
    /// Takes a part of a file. Pieces go to the disk before the next message is read; keeping the whole does not hold
    /// up what else this peer asks.
    async fn file(&mut self, id: u64, part: FilePart) -> Result<(), Ended> {
        let result = match self.files.take(&self.client, part).await {
            Step::Said(said) => Box::new(said.map(|()| None)),
            Step::Whole(file, sha256) => {
                let outbox = self.outbox.clone();
                self.tasks.spawn(async move {
                    let result = Box::new(file.finish(sha256).await.map(Some));
                    let _ = outbox.send(&ToClient::File { id, result }).await;
                });
                return Ok(());
            }
        };
        let said = self.outbox.send(&ToClient::File { id, result }).await;
        said.map_err(|Gone| "it left".to_owned())
    }
}

/// Feeds a peer for as long as that works, and ends its connection when it does not: a console that is attached and hears
/// nothing would show old tickets as the present ones. It attaches again, and is told what it missed.
async fn feed(house: Arc<House>, after: Seq, outbox: Outbox, minor: u32) {
    feed_until_gone(&house, after, &outbox, minor).await;
    outbox.give_up();
}

async fn feed_until_gone(house: &House, after: Seq, outbox: &Outbox, minor: u32) {
    // Heard from here on; what is older is in the journal.
    let mut notices = house.engine.projection().notices();
    let mut sent = after;
    let head = house.engine.projection().read(|s| s.seq);
    if head.0.saturating_sub(sent.0) > TOO_FAR || sent > head {
        sent = head;
        if outbox.send(&ToClient::Reset(head)).await.is_err() {
            return;
        }
    }
    if catch_up(house, &mut sent, outbox).await.is_err() {
        return;
    }
    loop {
        let result = match notices.recv().await {
            Ok(Notice::Event(event)) if event.seq <= sent => Ok(()),
            Ok(Notice::Event(_)) => catch_up(house, &mut sent, outbox).await,
            Ok(Notice::Lanes) => outbox.send(&ToClient::Lanes).await,
            Ok(Notice::Guidelines) => outbox.send(&ToClient::Guidelines).await,
            Ok(Notice::Health) => outbox.send(&ToClient::Health).await,
            Ok(Notice::People) if minor >= SINCE_PEOPLE => outbox.send(&ToClient::People).await,
            Ok(Notice::People | Notice::Lost | Notice::Link(_)) => Ok(()),
            Err(RecvError::Lagged(_)) => match catch_up(house, &mut sent, outbox).await {
                Ok(()) => all_else(outbox, minor).await,
                gone => gone,
            },
            Err(RecvError::Closed) => Err(Gone),
        };
        if result.is_err() {
            return;
        }
    }
}

/// What is in no journal and may have been among the notices a peer missed: it asks for each anew.
async fn all_else(outbox: &Outbox, minor: u32) -> Result<(), Gone> {
    for message in [ToClient::Lanes, ToClient::Health, ToClient::Guidelines] {
        outbox.send(&message).await?;
    }
    if minor >= SINCE_PEOPLE {
        outbox.send(&ToClient::People).await?;
    }
    Ok(())
}

/// Sends everything after `sent`. The newest events lie at hand, so this reads no file unless the peer is far behind.
async fn catch_up(house: &House, sent: &mut Seq, outbox: &Outbox) -> Result<(), Gone> {
    loop {
        let events = match house.engine.events(*sent, EVENTS).await {
            Ok(events) => events,
            Err(error) => {
                tracing::warn!(%error, "events could not be read for a connection");
                return Err(Gone);
            }
        };
        let Some(last) = events.last() else { return Ok(()) };
        *sent = last.seq;
        let all = events.len() < EVENTS;
        for part in parts::of(events) {
            outbox.send(&ToClient::Events(part)).await?;
        }
        if all {
            return Ok(());
        }
    }
}
