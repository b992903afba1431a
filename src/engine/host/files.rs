//! The store's files as the transport takes them.

use std::sync::Arc;

use crate::{
    engine::{
        model::json::Sha,
        store::assets::{Assets, Content, Held},
    },
    platforms::transport::{FileContent, Files, OpenFile, OpenFuture},
};

/// Files out of the store. Opening reads the whole file to check it, so it is done on a thread of its own.
pub(super) struct HostFiles(pub(super) Arc<dyn Assets>);

impl Files for HostFiles {
    fn open(&self, sha256: Sha) -> OpenFuture<'_> {
        let assets = Arc::clone(&self.0);
        Box::pin(async move {
            let opened = tokio::task::spawn_blocking(move || assets.open(&sha256)).await;
            let Held { bytes, content } = opened.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
            let content = match content {
                Content::File(file) => FileContent::Disk(file),
                Content::Memory(bytes) => FileContent::Memory(bytes),
            };
            Ok(OpenFile { bytes, content })
        })
    }
}
