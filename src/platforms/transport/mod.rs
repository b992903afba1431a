//! The only place that sends anything to a platform or to a model server.
//!
//! Why its own room: whether a lost answer means "certainly not sent" or "nobody knows" decides if an object may be
//! created again. That judgement is made once, here, next to the client whose errors it reads.
//!
//! Invariants
//! - One call is at most one request on the wire: no hidden retries, no redirects, no pooled connections.
//! - The token is added here and appears nowhere else: not in a URL, an error, a log or a record.
//! - The answer is handed on as it came; what it means is the platform's `interpret`.

mod assemble;
mod credentials;
mod files;
#[cfg(feature = "failpoints")]
mod halves;
mod http;
mod model;
mod secret;

use std::{future::Future, pin::Pin, sync::Arc};

pub use assemble::{Assembled, HeaderText, NamedCredentials, assemble_at_home, with_own_token};
pub use credentials::{
    CommandToken, CredentialBook, Credentials, FileToken, FixedToken, HeadersFuture, SecretSource, TokenFuture,
};
pub(super) use files::Attached;
pub use files::{FileContent, Files, OpenFile, OpenFuture};
pub use http::{AuthStyle, HttpSettings, HttpTransport, MAX_BODY, PlatformEndpoint, TransportSetupError};
pub use model::{HttpModelTransport, MAX_ANSWER};
pub use secret::Secret;

use super::{Exchange, WireRequest};
use crate::engine::model::platform::{AccountId, PlatformId};

/// What [`Transport::send`] gives back.
pub type ExchangeFuture<'a> = Pin<Box<dyn Future<Output = Exchange> + Send + 'a>>;

/// Sends one request and says how far it got.
pub trait Transport: Send + Sync {
    /// Sends `request` with the credentials of `account`. Never sends twice.
    fn send<'a>(&'a self, platform: PlatformId, account: &'a AccountId, request: &'a WireRequest)
    -> ExchangeFuture<'a>;

    /// Takes the files requests may refer to. Called by the host when it opens its store. A transport that sends no
    /// files need not care.
    fn attach(&self, _files: Arc<dyn Files>) {}

    /// What [`Self::send`] would put on the wire, with every secret named and none read. The error is in words.
    fn assemble(&self, platform: PlatformId, _account: &AccountId, request: &WireRequest) -> Result<Assembled, String> {
        assemble_at_home(platform, request)
    }
}
