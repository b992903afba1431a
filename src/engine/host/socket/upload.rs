//! Files over the socket: announced, sent in pieces of at most [`PIECE`] bytes with an answer to each, and ended with
//! their hash.
//!
//! Why pieces and not the open file itself: an engine that reads from a stranger's file waits for the stranger's disk,
//! and what it reads may change under it. A piece is bounded, and a client that stops sending is forgotten.
//!
//! Invariants
//! - One file at a time on a connection; announcing the next one forgets what came of an unfinished one.
//! - Every piece brings something: a place is not held by sending nothing.
//! - A file nobody goes on with for [`FORGOTTEN`] is forgotten, and so is one whose connection ends.

use std::{fs::File, io::Read as _, pin::Pin, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use tokio::time::{Sleep, sleep};

use super::{
    client::RemoteClient,
    message::{FilePart, ToEngine},
};
use crate::engine::{
    api::ApiError,
    model::{
        asset::{Asset, Inspection},
        json::Sha,
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
    },
    service::{Incoming, LocalClient},
};

/// Most bytes in one message.
pub const PIECE: usize = 256 << 10;
/// A file without its next piece is forgotten after this long.
const FORGOTTEN: Duration = Duration::from_secs(30);

/// The engine's side: what is on its way over one connection.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// With the end of its patience.
    open: Option<(Incoming, Pin<Box<Sleep>>)>,
}

/// What a part leads to.
pub(super) enum Step {
    /// An answer at once.
    Said(Result<(), ApiError>),
    /// The file is here, and is kept next; that may take a while.
    Whole(Box<Incoming>, Sha),
}

impl Desk {
    /// Takes one part.
    pub(super) async fn take(&mut self, client: &LocalClient, part: FilePart) -> Step {
        match part {
            FilePart::Begin { name, bytes } => {
                self.open = None;
                let begun = client.begin_file(excerpt(&name, 200), bytes).await;
                Step::Said(begun.map(|file| self.open = Some((file, Box::pin(sleep(FORGOTTEN))))))
            }
            FilePart::Piece(text) => {
                let said = self.piece(&text).await;
                if said.is_err() {
                    self.open = None;
                }
                Step::Said(said)
            }
            FilePart::End { sha256 } => match self.open.take() {
                Some((file, _)) => Step::Whole(Box::new(file), sha256),
                None => Step::Said(Err(not_begun())),
            },
        }
    }

    async fn piece(&mut self, text: &str) -> Result<(), ApiError> {
        let (file, patience) = self.open.as_mut().ok_or_else(not_begun)?;
        let piece = BASE64_STANDARD
            .decode(text)
            .ok()
            .filter(|p| (1..=PIECE).contains(&p.len()));
        let piece = piece.ok_or_else(|| {
            ApiError::from(Refusal::new(
                RefusalCode::Invalid,
                Problem::whole("a piece of a file cannot be read", "give the file again"),
            ))
        })?;
        *patience = Box::pin(sleep(FORGOTTEN));
        file.push(&piece).await
    }

    /// Ends when the open file has waited for its next piece too long; never, when there is none.
    pub(super) async fn stale(&mut self) {
        match &mut self.open {
            Some((_, patience)) => patience.as_mut().await,
            None => std::future::pending().await,
        }
    }

    /// Forgets what is open.
    pub(super) fn forget(&mut self) {
        self.open = None;
    }
}

fn not_begun() -> ApiError {
    ApiError::from(Refusal::new(
        RefusalCode::Invalid,
        Problem::whole(
            "no file is on its way here, or it waited too long",
            "give the file again",
        ),
    ))
}

/// The client's side: sends an open file, from its start to its end.
pub(super) async fn send(client: &RemoteClient, name: String, mut file: File) -> Result<Asset, ApiError> {
    let bytes = file.metadata().map_err(unreadable)?.len();
    part(client, FilePart::Begin { name, bytes }).await?;
    let mut seen = Inspection::default();
    loop {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE);
            (&mut file)
                .take(PIECE as u64)
                .read_to_end(&mut piece)
                .map(|_| (file, piece))
        });
        let (rest, piece) = read
            .await
            .map_err(|e| ApiError::Internal(e.to_string()))?
            .map_err(unreadable)?;
        file = rest;
        if piece.is_empty() {
            break;
        }
        seen.update(&piece);
        part(client, FilePart::Piece(BASE64_STANDARD.encode(&piece))).await?;
    }
    let sha256 = seen.sha256();
    let kept = part(client, FilePart::End { sha256 }).await?;
    kept.ok_or_else(|| ApiError::Internal("the engine does not say what it kept".to_owned()))
}

async fn part(client: &RemoteClient, part: FilePart) -> Result<Option<Asset>, ApiError> {
    client.ask_for_file(|id| ToEngine::File { id, part }).await
}

fn unreadable(error: std::io::Error) -> ApiError {
    ApiError::from(Refusal::new(
        RefusalCode::Invalid,
        Problem::whole(
            format!("the file cannot be read to its end: {error}"),
            "give the path of a file you may read",
        ),
    ))
}
