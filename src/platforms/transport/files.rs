//! Where the transport gets the files of a multipart request.
//!
//! Why a trait: a request names a file by its hash, and only the engine's host knows where files are kept.

use std::{fs::File, future::Future, pin::Pin, sync::Arc};

use crate::engine::model::json::Sha;

/// A file ready to be sent from its start, its content checked against its hash.
#[derive(Debug)]
pub struct OpenFile {
    /// Its size: the request says it before the content.
    pub bytes: u64,
    /// What is in it.
    pub content: FileContent,
}

/// What is in a file.
#[derive(Debug)]
pub enum FileContent {
    /// On the disk; sent piece by piece.
    Disk(File),
    /// In memory.
    Memory(Arc<[u8]>),
}

/// What [`Files::open`] gives back. `Err` says in words why there is no such file.
pub type OpenFuture<'a> = Pin<Box<dyn Future<Output = Result<OpenFile, String>> + Send + 'a>>;

/// The files requests can refer to.
pub trait Files: Send + Sync {
    /// Opens a file by its hash.
    fn open(&self, sha256: Sha) -> OpenFuture<'_>;
}

/// The files as a transport holds them: none until a host attaches its own.
#[derive(Default)]
pub(in crate::platforms) struct Attached(std::sync::Mutex<Option<Arc<dyn Files>>>);

impl Attached {
    /// Replaces what was attached before: an engine may be opened again over the same transport.
    pub(in crate::platforms) fn set(&self, files: Arc<dyn Files>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(files);
    }

    /// Opens a file, or says in words why not.
    pub(in crate::platforms) async fn open(&self, sha256: Sha) -> Result<OpenFile, String> {
        let files = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        match files {
            Some(files) => files.open(sha256).await,
            None => Err("this transport was given no files".to_owned()),
        }
    }
}
