//! The way to a model server, as the engine sees it. The one implementation stands where every request leaves the
//! program, in `platforms::transport`.

use std::{collections::BTreeMap, future::Future, pin::Pin};

use bytes::Bytes;

use super::wire::{LlmError, ModelRequest};

/// What [`ModelTransport::send`] gives. Dropping it closes the connection.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<ModelAnswer, LlmError>> + Send + 'a>>;

/// The next piece of an answer; `None` at its end.
pub type Reading<'a> = Pin<Box<dyn Future<Output = Result<Option<Bytes>, LlmError>> + Send + 'a>>;

/// Sends one request to the configured model server. Never twice, never redirected; the key is added there.
pub trait ModelTransport: Send + Sync {
    /// Sends and waits for the head of the answer.
    fn send<'a>(&'a self, request: &'a ModelRequest) -> Sending<'a>;
}

/// An answer whose body is still on its way.
pub struct ModelAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body. Dropping it closes the connection.
    pub body: Box<dyn ModelBody>,
}

/// A body that is read piece by piece.
pub trait ModelBody: Send {
    /// The next bytes, as they come.
    fn next(&mut self) -> Reading<'_>;
}
