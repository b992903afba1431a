//! Who is at which ticket: a seat for everybody connected, and who sits where.
//!
//! Invariants
//! - In memory only, one line a seat: as many as there are connections, which the server bounds.
//! - A seat's line goes with the seat: with the connection, or with the engine.
//! - Everybody hears of a change and of nothing else: while nobody moves, nothing is said.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::engine::{
    api::{
        Notice,
        presence::{At, Present},
    },
    model::{actor::Actor, time::Timestamp},
    view::Projection,
};

/// Who is where.
#[derive(Debug)]
pub(super) struct Presence {
    projection: Arc<Projection>,
    seats: Mutex<BTreeMap<u64, Present>>,
    next: AtomicU64,
}

impl Presence {
    /// Nobody is anywhere.
    pub(super) fn new(projection: Arc<Projection>) -> Self {
        Self {
            projection,
            seats: Mutex::default(),
            next: AtomicU64::new(0),
        }
    }

    /// A seat for somebody who comes in.
    pub(super) fn seat(self: &Arc<Self>) -> Seat {
        Seat {
            presence: Arc::clone(self),
            n: self.next.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Everybody who is at a ticket, the first to come first; without the seat of whoever asks.
    pub(super) fn others(&self, own: Option<&Seat>) -> Vec<Present> {
        let seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let others = seats.iter().filter(|(n, _)| own.is_none_or(|seat| seat.n != **n));
        others.map(|(_, present)| present.clone()).collect()
    }

    fn put(&self, n: u64, present: Option<Present>) {
        let changed = {
            let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
            let place = |p: &Present| (p.no, p.at);
            let changed = seats.get(&n).map(place) != present.as_ref().map(place);
            match present {
                // Since when somebody is there stays what it was.
                Some(present) if changed => drop(seats.insert(n, present)),
                Some(_) => {}
                None => drop(seats.remove(&n)),
            }
            changed
        };
        if changed {
            self.projection.notify(Notice::People);
        }
    }
}

/// The place of one who is connected. Dropping it is leaving.
#[derive(Debug)]
pub(super) struct Seat {
    presence: Arc<Presence>,
    n: u64,
}

impl Seat {
    /// Says where its person is now; `None`, or a ticket that does not exist, is nowhere.
    pub(super) fn sit(&self, at: Option<At>, actor: &Actor, now: Timestamp) {
        let card = at.and_then(|at| self.presence.projection.read(|s| s.cards.get(&at.ticket).cloned()));
        let present = at.zip(card).map(|(at, card)| Present {
            name: actor.name.clone(),
            uid: actor.uid,
            client: actor.client.clone(),
            no: card.no,
            at,
            since: now,
        });
        self.presence.put(self.n, present);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.presence.put(self.n, None);
    }
}
