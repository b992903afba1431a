//! The demo: an invented agency on a simulated platform, from an empty store to live campaigns, with nothing to set up.
//!
//! Everything is real but the platform: the same requests, decisions, executor and HTTP as in earnest, against the
//! sandbox on loopback. The screen says SANDBOX.
//!
//! - [`agency`]: the data, from `assets/demo/agency.toml`.
//! - [`seed`]: writes it through ordinary requests.
//! - [`story`]: what happens to each ticket and where it must end.
//! - [`headless`]: plays the story on a plain terminal and judges the end.

mod agency;
pub mod headless;
mod seed;
mod story;

use std::{collections::BTreeMap, net::Ipv4Addr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub use seed::{Seeded, SeededTicket};
pub use story::Story;

use crate::{
    engine::{
        api::{ApiError, EngineClient},
        clock::{Clock, SystemClock, SystemEntropy},
        copilot::starter,
        deploy::executor::Concurrency,
        host::{Host, HostError, HostOptions, Place},
        model::{
            actor::{Actor, Role},
            platform::PlatformId,
        },
        policy::Policy,
        store::StoreError,
    },
    platforms::{
        home::home,
        registry::registry,
        sandbox::{
            Sandbox,
            script::Script,
            server::{self, SandboxError},
        },
        transport::{FixedToken, HttpSettings, HttpTransport, PlatformEndpoint, Secret, TransportSetupError},
    },
    textfile::FileProblem,
};

/// What goes wrong in the demo.
const FAULTS: &str = include_str!("../../assets/demo/faults.toml");
/// Answers a reader can follow: QA on one ticket takes this long, so that the board shows it.
const QA_PACE: Duration = Duration::from_millis(150);

/// Why the demo did not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The simulated platform did not start.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The shipped fault script is broken: a defect of ours.
    #[error(transparent)]
    Script(#[from] FileProblem),
    /// No loopback port could be had.
    #[error("the demo needs a port on 127.0.0.1: {0}")]
    Port(std::io::Error),
    /// The terminal or pipe is gone.
    #[error("the story cannot be told: {0}")]
    Output(#[from] std::io::Error),
    /// The transport did not start.
    #[error(transparent)]
    Transport(#[from] TransportSetupError),
    /// The engine did not start.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The shipped agency is broken: a defect of ours.
    #[error("the demo's agency: {0}")]
    Agency(String),
    /// A request of the story was refused: a defect of ours.
    #[error("the demo's story: {0}")]
    Story(#[from] ApiError),
    /// The store did not close.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A running demo: engine in memory, platform on loopback.
pub struct Demo {
    host: Host,
    sandbox: Arc<Sandbox>,
    stop: CancellationToken,
    server: JoinHandle<()>,
    person: Actor,
}

impl Demo {
    /// Starts platform and engine, both empty. `uid` and `login` are who the person is in the journal.
    pub async fn start(uid: u32, login: &str) -> Result<Self, DemoError> {
        let script = Script::parse("assets/demo/faults.toml", FAULTS)?;
        let sandbox = Arc::new(Sandbox::from_script(script));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(DemoError::Port)?;
        let address = listener.local_addr().map_err(DemoError::Port)?;
        let stop = CancellationToken::new();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let serving = server::serve(listener, Arc::clone(&sandbox), Arc::clone(&clock), stop.clone());
        let server = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the demo's platform stopped");
            }
        });
        let token = Secret::from_source("demo-token").map_err(DemoError::Agency)?;
        let platforms = registry();
        let endpoint = |id: PlatformId| {
            let home = home(id)?;
            let endpoint = PlatformEndpoint {
                base_url: format!("http://{address}{}", home.path()),
                version: home.version.to_owned(),
                credentials: Arc::new(FixedToken(token.clone())),
            };
            Some((id, endpoint))
        };
        let endpoints: BTreeMap<_, _> = platforms.keys().copied().filter_map(endpoint).collect();
        let transport = HttpTransport::new(&HttpSettings::default(), endpoints)?;
        let host = Host::open(HostOptions {
            place: Place::Memory,
            environment: "demo".to_owned(),
            sandbox: true,
            policy: policy(),
            platforms,
            transport: Some(Arc::new(transport)),
            read_only: false,
            concurrency: Concurrency::default(),
            qa_pace: QA_PACE,
            clock,
            entropy: Arc::new(SystemEntropy::from_os()),
            lock: None,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            guidelines: vec![starter::folder()],
            copilot: Arc::default(),
        })
        .await?;
        let person = Actor {
            uid: Some(uid),
            name: login.to_owned(),
            role: Role::Admin,
            client: "console".to_owned(),
        };
        Ok(Self {
            host,
            sandbox,
            stop,
            server,
            person,
        })
    }

    /// The engine's door for the person at the console.
    pub fn client(&self) -> Arc<dyn EngineClient> {
        self.host.client(self.person.clone(), false)
    }

    /// Writes the agency and sets the story going. Returns what was written and where each ticket must end.
    pub async fn seed(&self) -> Result<Seeded, DemoError> {
        seed::seed(&*self.client()).await
    }

    /// The simulated platform, which counts what was created.
    pub fn sandbox(&self) -> &Arc<Sandbox> {
        &self.sandbox
    }

    /// Stops everything; nothing is left behind.
    pub async fn close(self) -> Result<(), DemoError> {
        self.host.close().await?;
        self.stop.cancel();
        // The server only waits for its token.
        self.server.abort();
        Ok(())
    }
}

/// The house's schedules, quick enough to watch: a real settle window is minutes.
fn policy() -> Policy {
    let s = Duration::from_secs;
    Policy {
        backoff_base: s(1),
        early_look: s(2),
        reconcile_reads: vec![s(4), s(8), s(14)],
        reconcile_again: s(5),
        lane_recheck: s(20),
        ..Policy::default()
    }
}
