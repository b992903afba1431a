//! Files kept in memory: for tests, simulations and the demo.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Read,
    sync::{Arc, Mutex, PoisonError},
};

use super::{AssetError, Assets, Content, Held, Kept, read_through};
use crate::engine::model::{asset::Asset, json::Sha, time::Timestamp};

/// Files in memory.
#[derive(Debug, Default)]
pub struct MemoryAssets {
    files: Mutex<BTreeMap<Sha, Entry>>,
}

/// Content, and when it was put last.
type Entry = (Arc<[u8]>, Timestamp);

impl Assets for MemoryAssets {
    fn put(&self, name: &str, source: &mut dyn Read, now: Timestamp) -> Result<Asset, AssetError> {
        let mut bytes = Vec::new();
        let inspection = read_through(source, |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        let asset = inspection.finish(name).ok_or(AssetError::NotMedia)?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(asset.sha256, (bytes.into(), now));
        Ok(asset)
    }

    fn aside(&self) -> Result<File, AssetError> {
        rustix::fs::memfd_create("aside", rustix::fs::MemfdFlags::CLOEXEC)
            .map(File::from)
            .map_err(|e| AssetError::io("no memory for a file")(e.into()))
    }

    fn open(&self, sha256: &Sha) -> Result<Held, AssetError> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let (bytes, _) = files.get(sha256).ok_or(AssetError::Missing(*sha256))?;
        Ok(Held {
            bytes: bytes.len() as u64,
            content: Content::Memory(Arc::clone(bytes)),
        })
    }

    fn list(&self) -> Result<Vec<Kept>, AssetError> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = files.iter().map(|(sha256, (bytes, since))| Kept {
            sha256: *sha256,
            bytes: bytes.len() as u64,
            since: *since,
        });
        Ok(kept.collect())
    }
}
