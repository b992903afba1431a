//! Server-sent events out of bytes that arrive in any pieces.
//!
//! The crate decodes a pulled stream; we push. [`Feed`] is that stream: it holds the one piece just pushed and is
//! pending when it is empty, so decoding needs no runtime. Around the crate: a cap on how much may come without an
//! event, and the blank line many proxies drop at a clean end.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_core::Stream;
use sse_stream::{Error, SseByteStream};

/// Most bytes between two events. The longest event of an honest server is a few kilobytes.
pub const MAX_EVENT: usize = 1024 * 1024;

/// The piece that waits to be decoded.
#[derive(Clone, Default)]
struct Feed(Arc<Mutex<Option<Bytes>>>);

impl Feed {
    fn put(&self, piece: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(piece);
    }
}

impl Stream for Feed {
    type Item = Result<Bytes, Infallible>;
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(piece) => Poll::Ready(Some(Ok(piece))),
            None => Poll::Pending,
        }
    }
}

/// Turns bytes into the data of events.
pub struct SseDecoder {
    feed: Feed,
    stream: SseByteStream<Feed>,
    /// Bytes since the last event.
    since: usize,
}

impl SseDecoder {
    /// Nothing read yet.
    pub fn new() -> Self {
        let feed = Feed::default();
        Self {
            stream: SseByteStream::new(feed.clone()),
            feed,
            since: 0,
        }
    }

    /// The data of every event that is complete now, in order. An error ends the stream; what came before it counts.
    pub fn push(&mut self, piece: &[u8]) -> (Vec<String>, Option<String>) {
        let mut found = Vec::new();
        self.since = self.since.saturating_add(piece.len());
        self.feed.put(Bytes::copy_from_slice(piece));
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            match Pin::new(&mut self.stream).poll_next(&mut cx) {
                Poll::Ready(Some(Ok(event))) => {
                    self.since = 0;
                    match event.data {
                        Some(data) if data.len() > MAX_EVENT => return (found, Some(too_long())),
                        Some(data) if !data.is_empty() => found.push(data),
                        _ => {}
                    }
                }
                Poll::Ready(Some(Err(Error::Utf8Parse(_)))) => {
                    return (found, Some("it holds bytes that are not UTF-8".to_owned()));
                }
                Poll::Ready(Some(Err(e))) => return (found, Some(format!("it is not a stream of events: {e}"))),
                Poll::Ready(None) => return (found, None),
                Poll::Pending => {
                    let over = self.since > MAX_EVENT;
                    return (found, over.then(too_long));
                }
            }
        }
    }

    /// The server ended the stream in good order: an event whose blank line is missing still counts.
    pub fn end(&mut self) -> (Vec<String>, Option<String>) {
        self.push(b"\n\n")
    }
}

fn too_long() -> String {
    format!("more than {MAX_EVENT} bytes came without one whole event")
}
