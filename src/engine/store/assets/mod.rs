//! The files tickets send along, kept by what is in them: `assets/<2 hex>/<sha256>` in the store's directory.
//!
//! Why beside the journal: a record has 64 KiB, and a video has millions. A row refers to a file by its hash, so the file
//! must be on the disk first.
//!
//! Invariants
//! - When [`Assets::put`] returns, the file is durable under its hash: written aside, synced, renamed, directory synced.
//!   The commit that refers to it comes after.
//! - Nothing is handed out whose content does not have the hash it is kept by.
//! - A file is never changed. Putting the same content again is allowed, and mends a damaged one.

mod dir;
mod memory;

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    sync::Arc,
    time::Duration,
};

pub use self::{dir::DirAssets, memory::MemoryAssets};
use crate::engine::model::{
    asset::{Asset, Inspection},
    json::Sha,
    time::Timestamp,
};

/// A file nothing refers to is kept this long: the commit that refers to it may be on its way.
pub const GRACE: Duration = Duration::from_secs(24 * 3600);

/// Bytes read at once.
const PIECE: usize = 256 * 1024;

/// Why a file was not kept or not handed out.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// Not an image or video.
    #[error("it is no image or video that a platform takes")]
    NotMedia,
    /// There is none with this hash.
    #[error("the store has no file with sha256 {0}")]
    Missing(Sha),
    /// Its content is not what it was.
    #[error("{place} is damaged: its content no longer has the hash in its name; give the original file again")]
    Damaged {
        /// The file.
        place: String,
    },
    /// The disk said no.
    #[error("{what}: {source}")]
    Io {
        /// What was tried, with the file.
        what: String,
        /// The system's reason.
        source: io::Error,
    },
}

impl AssetError {
    fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// The content of a kept file, checked and ready to be read from its start.
#[derive(Debug)]
pub enum Content {
    /// On the disk.
    File(File),
    /// In memory.
    Memory(Arc<[u8]>),
}

/// A file handed out.
#[derive(Debug)]
pub struct Held {
    /// Its size.
    pub bytes: u64,
    /// What is in it.
    pub content: Content,
}

/// One kept file, for those who clean up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its hash.
    pub sha256: Sha,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was put last.
    pub since: Timestamp,
}

/// Where files are kept. Every call blocks: the service takes it to a thread of its own.
pub trait Assets: Send + Sync {
    /// Keeps what `source` gives and says what it is. `name` is the file's own, for people.
    fn put(&self, name: &str, source: &mut dyn Read, now: Timestamp) -> Result<Asset, AssetError>;
    /// An empty file without a name, for what comes in piece by piece: gone when it is closed, whoever dies first.
    fn aside(&self) -> Result<File, AssetError>;
    /// Hands out a file after checking its whole content.
    fn open(&self, sha256: &Sha) -> Result<Held, AssetError>;
    /// Every kept file, in the order of the hashes.
    fn list(&self) -> Result<Vec<Kept>, AssetError>;
}

/// Kept files that nothing refers to and nothing can any more: `referenced` are the hashes in tickets and deploys.
pub fn unreferenced(kept: &[Kept], referenced: &BTreeSet<Sha>, now: Timestamp) -> Vec<Sha> {
    kept.iter()
        .filter(|k| !referenced.contains(&k.sha256) && now.since(k.since) > GRACE)
        .map(|k| k.sha256)
        .collect()
}

/// Reads to the end and gives every piece to the inspection and to `each`.
fn read_through(
    source: &mut dyn Read,
    mut each: impl FnMut(&[u8]) -> Result<(), AssetError>,
) -> Result<Inspection, AssetError> {
    let mut inspection = Inspection::default();
    let mut buffer = vec![0_u8; PIECE];
    loop {
        let n = match source.read(&mut buffer) {
            Ok(0) => return Ok(inspection),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(AssetError::io("the file cannot be read")(e)),
        };
        let piece = buffer.get(..n).unwrap_or_default();
        inspection.update(piece);
        each(piece)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &[u8] = b"\xFF\xD8\xFF\xE0 a picture";

    fn at(hours: u64) -> Timestamp {
        Timestamp::default().plus(Duration::from_secs(hours * 3600))
    }

    fn bytes_of(held: Held) -> Vec<u8> {
        match held.content {
            Content::Memory(bytes) => bytes.to_vec(),
            Content::File(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                bytes
            }
        }
    }

    #[test]
    fn every_kind_of_store_keeps_by_content() {
        let home = tempfile::tempdir().unwrap();
        let stores: [Box<dyn Assets>; 2] = [
            Box::new(MemoryAssets::default()),
            Box::new(DirAssets::new(home.path().join("assets"))),
        ];
        for store in stores {
            assert_eq!(store.list().unwrap(), []);
            let asset = store.put("a.jpg", &mut &PICTURE[..], at(0)).unwrap();
            assert_eq!(asset.sha256, Sha::of(PICTURE));
            let again = store.put("b.jpg", &mut &PICTURE[..], at(0)).unwrap();
            assert_eq!((again.sha256, again.name.as_str()), (asset.sha256, "b.jpg"));
            let kept = store.list().unwrap();
            assert_eq!(
                kept.iter().map(|k| (k.sha256, k.bytes)).collect::<Vec<_>>(),
                [(asset.sha256, 14)]
            );
            let held = store.open(&asset.sha256).unwrap();
            assert_eq!(held.bytes, 14);
            assert_eq!(bytes_of(held), PICTURE);
            assert!(matches!(store.open(&Sha::of(b"other")), Err(AssetError::Missing(_))));
            assert!(matches!(
                store.put("x", &mut &b"#!/bin/sh"[..], at(0)),
                Err(AssetError::NotMedia)
            ));
            assert_eq!(store.list().unwrap().len(), 1, "what is refused is not kept");
            let mut aside = store.aside().unwrap();
            std::io::Write::write_all(&mut aside, PICTURE).unwrap();
            assert_eq!(store.list().unwrap().len(), 1, "what is aside is not kept");
        }
        for entry in std::fs::read_dir(home.path().join("assets")).unwrap() {
            assert!(entry.unwrap().path().is_dir(), "what is aside has no name");
        }
    }

    #[test]
    fn only_old_files_nobody_refers_to_may_go() {
        let kept = |n: u8, hours| Kept {
            sha256: Sha([n; 32]),
            bytes: 1,
            since: at(hours),
        };
        let all = [kept(1, 0), kept(2, 0), kept(3, 2)];
        let referenced = BTreeSet::from([Sha([1; 32])]);
        assert_eq!(unreferenced(&all, &referenced, at(25)), [Sha([2; 32])]);
        assert_eq!(unreferenced(&all, &referenced, at(24)), []);
    }
}
