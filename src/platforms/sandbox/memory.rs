//! The sandbox as a transport without a network: the same world, faults and record, and time that a test can stop.

use std::{sync::Arc, time::Duration};

use super::{BodyManner, Sandbox};
use crate::{
    engine::{
        clock::Clock,
        model::platform::{AccountId, PlatformId},
    },
    platforms::{
        Body, Exchange, Lost, Part, WireRequest,
        transport::{Attached, Credentials, ExchangeFuture, Files, MAX_BODY, Transport, with_own_token},
    },
};

/// Sends straight into a [`Sandbox`]. Delays are tokio time, the world's time is the clock's: a test that moves both
/// together sees what a caller on the network would see.
pub struct MemoryTransport {
    sandbox: Arc<Sandbox>,
    clock: Arc<dyn Clock>,
    credentials: Arc<dyn Credentials>,
    timeout: Duration,
    files: Attached,
}

impl MemoryTransport {
    /// A transport with the usual time limit of 30 s for one exchange.
    pub fn new(sandbox: Arc<Sandbox>, clock: Arc<dyn Clock>, credentials: Arc<dyn Credentials>) -> Self {
        Self {
            sandbox,
            clock,
            credentials,
            timeout: Duration::from_secs(30),
            files: Attached::default(),
        }
    }

    /// The same with another time limit.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn exchange(&self, platform: PlatformId, account: &AccountId, request: &WireRequest) -> Exchange {
        let token = self
            .credentials
            .token(platform, account)
            .await
            .map_err(|why| Lost::NoCredentials { why })?;
        if let Body::Multipart(parts) = &request.body {
            for (_, _, asset) in Part::files(parts) {
                // The world judges what the request says of the file; opening it proves that it could be sent.
                let not_sent = |why| Lost::NotSent { why };
                self.files.open(asset.sha256).await.map_err(not_sent)?;
            }
        }
        let now = self.clock.now();
        let asked = with_own_token(request, &token);
        let reply = self.sandbox.receive(now, platform, &asked, token.expose());
        if let Some(due) = reply.late {
            let sandbox = Arc::clone(&self.sandbox);
            tokio::spawn(async move {
                tokio::time::sleep(due.since(now)).await;
                sandbox.tick(due);
            });
        }
        let in_doubt = |why: &str| Lost::InDoubt { why: why.to_owned() };
        let response = reply
            .response
            .ok_or_else(|| in_doubt("the connection was closed before an answer came"))?;
        let slow = match reply.body {
            BodyManner::Slow(by) => by,
            BodyManner::Whole | BodyManner::Cut => Duration::ZERO,
        };
        let wait = reply.delay + slow;
        if wait >= self.timeout {
            tokio::time::sleep(self.timeout).await;
            return Err(in_doubt("no complete answer in time"));
        }
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        if reply.body == BodyManner::Cut {
            return Err(in_doubt("the answer broke off"));
        }
        if response.body.len() > MAX_BODY {
            return Err(in_doubt("the answer was too long to be read"));
        }
        Ok(response)
    }
}

impl Transport for MemoryTransport {
    fn send<'a>(
        &'a self,
        platform: PlatformId,
        account: &'a AccountId,
        request: &'a WireRequest,
    ) -> ExchangeFuture<'a> {
        Box::pin(self.exchange(platform, account, request))
    }

    fn attach(&self, files: Arc<dyn Files>) {
        self.files.set(files);
    }
}
