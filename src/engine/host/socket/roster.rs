//! Who is connected to this engine, for whoever asks what runs here.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::{Deserialize, Serialize};

use crate::engine::model::time::Timestamp;

/// Somebody connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// The user id, from the kernel.
    pub uid: u32,
    /// The login that belongs to it.
    pub name: String,
    /// `console` or `cli`.
    pub client: String,
    /// When it came.
    pub since: Timestamp,
    /// It promised not to change anything.
    pub read_only: bool,
    /// Its build, as it says.
    pub build: String,
}

type Peers = Arc<Mutex<BTreeMap<u64, Peer>>>;

/// Everybody connected, in the order they came.
#[derive(Debug, Default)]
pub struct Roster {
    peers: Peers,
    next: AtomicU64,
}

/// A line of the roster, struck when dropped.
#[derive(Debug)]
pub struct Entry {
    peers: Peers,
    n: u64,
}

impl Roster {
    /// Writes somebody down for as long as the entry lives.
    pub fn enter(&self, peer: Peer) -> Entry {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        self.peers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(n, peer);
        Entry {
            peers: Arc::clone(&self.peers),
            n,
        }
    }

    /// Everybody but this one.
    pub fn others(&self, entry: &Entry) -> Vec<Peer> {
        let peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let others = peers.iter().filter(|(n, _)| **n != entry.n);
        others.map(|(_, peer)| peer.clone()).collect()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.peers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.n);
    }
}
