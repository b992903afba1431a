//! What waits to be written to a connection: bounded, and written by a task that does not wait for ever.
//!
//! Invariant: room is taken before a message is queued and given back when it is written, so a peer that reads nothing
//! costs [`OUT_BYTES`], the answers to what it may ask at once, and then its connection.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::AsyncWriteExt as _,
    net::unix::OwnedWriteHalf,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{frame, message::ToClient};
use crate::engine::api::ApiError;

/// A write that makes no progress for this long ends the connection.
const STUCK: Duration = Duration::from_secs(30);
/// Bytes waiting to be written.
const OUT_BYTES: usize = 1 << 20;
/// Messages waiting to be written.
const PARCELS: usize = 64;

/// The peer is gone, or takes nothing any more.
pub(super) struct Gone;

struct Parcel {
    bytes: Vec<u8>,
    #[expect(dead_code, reason = "held until written: it is the parcel's room")]
    room: OwnedSemaphorePermit,
}

/// What waits to be written, bounded in bytes.
#[derive(Clone)]
pub(super) struct Outbox {
    to: mpsc::Sender<Parcel>,
    room: Arc<Semaphore>,
    gone: CancellationToken,
}

impl Outbox {
    /// Starts the writer, which ends once every clone is dropped and everything is written.
    pub(super) fn start(write: OwnedWriteHalf, gone: CancellationToken) -> (Self, JoinHandle<()>) {
        let (to, parcels) = mpsc::channel(PARCELS);
        let writer = tokio::spawn(deliver(write, parcels, gone.clone()));
        let outbox = Self {
            to,
            room: Arc::new(Semaphore::new(OUT_BYTES)),
            gone,
        };
        (outbox, writer)
    }

    /// Sends a message once there is room for it.
    pub(super) async fn send(&self, message: &ToClient) -> Result<(), Gone> {
        tokio::select! {
            () = self.gone.cancelled() => Err(Gone),
            sent = self.post(message) => sent,
        }
    }

    /// Ends the connection: what its peer is owed cannot be sent.
    pub(super) fn give_up(&self) {
        self.gone.cancel();
    }

    /// Sends a last word, even while the connection is being ended; the writer has a moment for it.
    pub(super) async fn last(&self, message: &ToClient) {
        let _ = timeout(Duration::from_millis(200), async {
            let _ = self.post(message).await;
            // All room back means that everything is written.
            let _ = self.room.acquire_many(all_of(OUT_BYTES)).await;
        })
        .await;
    }

    async fn post(&self, message: &ToClient) -> Result<(), Gone> {
        let bytes = match (frame::encode(message), message) {
            (Ok(bytes), _) => bytes,
            (Err(e), ToClient::Reply { id, .. }) => {
                let why = ApiError::Internal(format!("the answer cannot be sent: {e}"));
                let reply = ToClient::Reply {
                    id: *id,
                    result: Box::new(Err(why)),
                };
                frame::encode(&reply).map_err(|_| Gone)?
            }
            (Err(e), _) => {
                tracing::error!("a message cannot be sent: {e}");
                return Err(Gone);
            }
        };
        let size = all_of(bytes.len().min(OUT_BYTES));
        let room = Arc::clone(&self.room);
        let room = room.acquire_many_owned(size).await.map_err(|_| Gone)?;
        self.to.send(Parcel { bytes, room }).await.map_err(|_| Gone)
    }
}

fn all_of(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Writes what comes. Ends the connection when the peer takes nothing for too long.
async fn deliver(mut write: OwnedWriteHalf, mut parcels: mpsc::Receiver<Parcel>, gone: CancellationToken) {
    while let Some(parcel) = parcels.recv().await {
        let mut rest = parcel.bytes.as_slice();
        while !rest.is_empty() {
            match timeout(STUCK, write.write(rest)).await {
                Ok(Ok(n)) if n > 0 => rest = rest.get(n..).unwrap_or_default(),
                Ok(_) => return gone.cancel(),
                Err(_) => {
                    tracing::warn!("a console took nothing for {} s and is cut off", STUCK.as_secs());
                    return gone.cancel();
                }
            }
        }
    }
}
