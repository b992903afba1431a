//! A file that comes in piece by piece from another process, until it is whole and kept.
//!
//! Why aside first: a connection may break in the middle. What came until then lies in a file without a name, which the
//! system removes by itself; the store only ever sees whole files.
//!
//! Invariants
//! - Refused before a byte is written: whoever may not write tickets, and what no platform takes by its size.
//! - Never more than was announced is written, and at most [`AT_ONCE`] files are on their way, [`A_PERSON`] of one person:
//!   whoever hands in a folder leaves room for the others.
//! - What is kept has the size and the hash that were announced.

use std::{
    collections::HashMap,
    io::{self, Seek as _},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    fs::File,
    io::AsyncWriteExt as _,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{Engine, files::refuse};
use crate::engine::{
    api::ApiError,
    decide::rights,
    model::{
        actor::{Actor, Role},
        asset::{Asset, Inspection, size_words},
        json::Sha,
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
    },
    store::{StoreError, assets::AssetError},
};

/// Files on their way in at the same time, over all connections.
pub const AT_ONCE: usize = 16;

/// Of these, of one person.
pub const A_PERSON: usize = 8;

/// How many files of whom are on their way.
type Counts = Arc<Mutex<HashMap<Option<u32>, usize>>>;

/// Places for files on their way in.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    of: Counts,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(AT_ONCE)),
            of: Counts::default(),
        }
    }
}

/// One place, given back when dropped.
#[derive(Debug)]
struct Taken {
    uid: Option<u32>,
    of: Counts,
    _one: OwnedSemaphorePermit,
}

impl Places {
    /// A place for a file of somebody; `Err` = why there is none.
    fn take(&self, actor: &Actor) -> Result<Taken, String> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let own = of.get(&actor.uid).copied().unwrap_or_default();
        if own >= A_PERSON {
            return Err(format!(
                "{A_PERSON} files of {} are on their way to the engine already",
                actor.name
            ));
        }
        let one = Arc::clone(&self.all).try_acquire_owned();
        let one = one.map_err(|_| format!("{AT_ONCE} files are on their way to the engine already"))?;
        of.insert(actor.uid, own + 1);
        drop(of);
        Ok(Taken {
            uid: actor.uid,
            of: Arc::clone(&self.of),
            _one: one,
        })
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = of.get_mut(&self.uid) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                of.remove(&self.uid);
            }
        }
    }
}

/// A file on its way in. Dropping it forgets what came.
#[derive(Debug)]
pub struct Incoming {
    engine: Arc<Engine>,
    name: String,
    bytes: u64,
    came: u64,
    seen: Inspection,
    aside: File,
    _place: Taken,
}

impl Engine {
    /// Makes room for a file of this many bytes.
    pub(super) async fn begin_file(
        self: &Arc<Self>,
        actor: &Actor,
        name: String,
        bytes: u64,
    ) -> Result<Incoming, ApiError> {
        rights::check_person(actor, Role::Trafficker, "put files on tickets")?;
        if let Some(why) = self.store.read_only() {
            return Err(super::refuse(StoreError::ReadOnly(why)));
        }
        let most = self.largest_file();
        if bytes > most {
            let (has, most) = (size_words(bytes), size_words(most));
            return Err(no(
                RefusalCode::TooLarge,
                format!("{} has {has}, at most {most} are taken", excerpt(&name, 100)),
                "save it smaller",
            ));
        }
        let place = self.incoming.take(actor);
        let place = place.map_err(|why| no(RefusalCode::Busy, why, "try again in a moment"))?;
        let assets = Arc::clone(&self.assets);
        let aside = tokio::task::spawn_blocking(move || assets.aside()).await;
        Ok(Incoming {
            engine: Arc::clone(self),
            name,
            bytes,
            came: 0,
            seen: Inspection::default(),
            aside: File::from_std(aside.map_err(|e| ApiError::Internal(e.to_string()))?.map_err(refuse)?),
            _place: place,
        })
    }

    /// Bytes of the largest file any platform takes.
    fn largest_file(&self) -> u64 {
        let fields = self.platforms.values().flat_map(|p| &p.catalogue().objects);
        let limits = fields.flat_map(|o| &o.fields).filter_map(|f| f.file.as_ref());
        limits.map(|l| l.max_bytes).max().unwrap_or_default()
    }
}

impl Incoming {
    /// Takes the next piece.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), ApiError> {
        self.came += piece.len() as u64;
        if self.came > self.bytes {
            return Err(self.not_as_announced());
        }
        self.seen.update(piece);
        self.aside.write_all(piece).await.map_err(failed)
    }

    /// Keeps the file, if it is whole. It is durable when this returns.
    pub async fn finish(mut self, sha256: Sha) -> Result<Asset, ApiError> {
        if self.came != self.bytes || self.seen.sha256() != sha256 {
            return Err(self.not_as_announced());
        }
        self.aside.flush().await.map_err(failed)?;
        let mut file = self.aside.into_std().await;
        file.rewind().map_err(failed)?;
        self.engine.keep_file(self.name, file).await
    }

    fn not_as_announced(&self) -> ApiError {
        no(
            RefusalCode::Invalid,
            format!("{} is not what was announced", excerpt(&self.name, 100)),
            "it may have been written to just now; give it again",
        )
    }
}

fn no(code: RefusalCode, reason: String, remedy: &str) -> ApiError {
    ApiError::from(Refusal::new(code, Problem::whole(reason, remedy)))
}

fn failed(source: io::Error) -> ApiError {
    refuse(AssetError::Io {
        what: "a file that was coming in cannot be written".to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(uid: u32) -> Actor {
        Actor {
            uid: Some(uid),
            name: format!("uid-{uid}"),
            role: Role::Trafficker,
            client: "cli".to_owned(),
        }
    }

    #[test]
    fn nobody_takes_every_place() {
        let places = Places::default();
        let mut anas: Vec<_> = (0..A_PERSON).map(|_| places.take(&person(1)).unwrap()).collect();
        let why = places.take(&person(1)).unwrap_err();
        assert!(why.contains("8 files of uid-1"), "{why}");
        let bens: Vec<_> = (A_PERSON..AT_ONCE).map(|_| places.take(&person(2)).unwrap()).collect();
        assert_eq!(anas.len() + bens.len(), AT_ONCE);
        let why = places.take(&person(3)).unwrap_err();
        assert!(why.contains("16 files are on their way"), "{why}");
        // A place given back is anybody's, and nothing is kept of who has left.
        anas.pop();
        let cleos = places.take(&person(3)).unwrap();
        drop((anas, bens, cleos));
        assert!(places.of.lock().unwrap().is_empty());
        assert_eq!(places.all.available_permits(), AT_ONCE);
    }
}
