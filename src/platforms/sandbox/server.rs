//! The sandbox as an HTTP server on this machine, for running the whole program against.
//!
//! Invariants
//! - It listens on loopback only: it takes any token and has no other protection.
//! - It prints nothing; what happened stands in the record.

use std::{
    net::SocketAddr,
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::{
    Request, Response,
    body::{Body, Frame, Incoming, SizeHint},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    time::Sleep,
};
use tokio_util::sync::CancellationToken;

use super::{BodyManner, Reply, Sandbox, config::AccountSpec, record, script::Script, wire};
use crate::{
    engine::clock::{Clock, SystemClock},
    platforms::WireResponse,
    textfile::FileProblem,
};

/// What the command line gives.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// Where to listen; loopback only. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Append one line a request to this file.
    pub record: Option<PathBuf>,
    /// World and faults from this file.
    pub faults: Option<PathBuf>,
    /// Accounts besides, or instead of, those in the file.
    pub accounts: Vec<AccountSpec>,
    /// Unknown well-formed accounts come into being. The file can switch it off too.
    pub auto_accounts: bool,
}

/// Why the sandbox does not run.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is not this machine's own.
    #[error("the sandbox listens on this machine only, and {0} is not a loopback address: use 127.0.0.1:PORT")]
    NotLoopback(SocketAddr),
    /// The fault file is wrong.
    #[error("the fault file is refused: {0}")]
    Script(#[from] FileProblem),
    /// The address cannot be used.
    #[error("the sandbox cannot listen on {listen}: {source}")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The record cannot be opened.
    #[error("the record {} cannot be opened for writing: {source}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// Runs until `shutdown`. `on_bound` is told the address once it listens.
pub async fn run(
    options: SandboxOptions,
    on_bound: impl FnOnce(SocketAddr) + Send,
    shutdown: CancellationToken,
) -> Result<(), SandboxError> {
    if !options.listen.ip().is_loopback() {
        return Err(SandboxError::NotLoopback(options.listen));
    }
    let mut script = options
        .faults
        .as_deref()
        .map(Script::read)
        .transpose()?
        .unwrap_or_default();
    script.world.auto_accounts &= options.auto_accounts;
    for account in options.accounts {
        script.world.accounts.retain(|a| a.id != account.id);
        script.world.accounts.push(account);
    }
    let mut sandbox = Sandbox::from_script(script);
    if let Some(path) = options.record {
        let recorder = record::to_file(&path).map_err(|source| SandboxError::Record { path, source })?;
        sandbox = sandbox.recorded(recorder);
    }
    let listen_error = |source| SandboxError::Listen {
        listen: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen).await.map_err(listen_error)?;
    on_bound(listener.local_addr().map_err(listen_error)?);
    serve(listener, Arc::new(sandbox), Arc::new(SystemClock), shutdown).await
}

/// Serves a sandbox on a listener until `shutdown`; open connections are closed then.
pub async fn serve(
    listener: TcpListener,
    sandbox: Arc<Sandbox>,
    clock: Arc<dyn Clock>,
    shutdown: CancellationToken,
) -> Result<(), SandboxError> {
    let address = listener.local_addr().ok();
    if let Some(address) = address.filter(|a| !a.ip().is_loopback()) {
        return Err(SandboxError::NotLoopback(address));
    }
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let (sandbox, clock, stop) = (Arc::clone(&sandbox), Arc::clone(&clock), shutdown.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = connection(stream, sandbox, clock, stop.clone()) => {}
                    }
                });
            }
            // Out of file descriptors, mostly: some are given back when connections end.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(stream: TcpStream, sandbox: Arc<Sandbox>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let service = service_fn(|request| {
        let (sandbox, clock, stop) = (Arc::clone(&sandbox), Arc::clone(&clock), stop.clone());
        answer(request, sandbox, clock, stop)
    });
    // An error here is a caller that went away, or a fault that asked for a broken connection.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// `Err` closes the connection without an answer.
async fn answer(
    http: Request<Incoming>,
    sandbox: Arc<Sandbox>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) -> std::io::Result<Response<AnswerBody>> {
    let arrived = wire::read(http).await?;
    let platform = arrived.platform;
    let now = clock.now();
    let (request, token) = (&arrived.request, arrived.token.as_str());
    if let Some(injected) = &arrived.refused {
        let response = sandbox.turn_away(now, platform, request, token, injected);
        return build(response, BodyManner::Whole);
    }
    let Reply {
        response,
        delay,
        body,
        late,
    } = sandbox.receive(now, platform, request, token);
    if let Some(due) = late {
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(due.since(now)) => sandbox.tick(due),
            }
        });
    }
    let Some(response) = response else {
        return Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted));
    };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    build(response, body)
}

fn build(response: WireResponse, manner: BodyManner) -> std::io::Result<Response<AnswerBody>> {
    let mut builder = Response::builder()
        .status(response.status)
        // Always the whole length, so that a cut body is seen as one.
        .header(header::CONTENT_LENGTH, response.body.len());
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    builder
        .body(AnswerBody::new(response.body.into(), manner))
        .map_err(std::io::Error::other)
}

/// A body that can be late or break off.
struct AnswerBody {
    wait: Option<Pin<Box<Sleep>>>,
    data: Option<Bytes>,
    /// Breaks off after this pause, which lets the half that is sent leave the machine.
    cut: Option<Pin<Box<Sleep>>>,
}

impl AnswerBody {
    fn new(data: Bytes, manner: BodyManner) -> Self {
        let sleep = |d| Some(Box::pin(tokio::time::sleep(d)));
        let half = data.len() / 2;
        match manner {
            BodyManner::Whole => Self {
                wait: None,
                data: Some(data),
                cut: None,
            },
            BodyManner::Slow(by) => Self {
                wait: sleep(by),
                data: Some(data),
                cut: None,
            },
            BodyManner::Cut => Self {
                wait: None,
                data: Some(data.slice(..half)),
                cut: sleep(Duration::from_millis(20)),
            },
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let this = self.get_mut();
        if let Some(wait) = &mut this.wait {
            if wait.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            this.wait = None;
        }
        if let Some(data) = this.data.take().filter(|d| !d.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match &mut this.cut {
            None => Poll::Ready(None),
            Some(pause) => pause
                .as_mut()
                .poll(cx)
                .map(|()| Some(Err(std::io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && self.cut.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
