//! Who owns the store: opens it, starts the engine's workers, and closes in good order.
//!
//! What is done to a store without its engine (checking, backing up, restoring) is in [`tools`].
//!
//! Invariants
//! - One process owns a store directory; the lock is the store's.
//! - An engine that may send raises the epoch first and turns every open intent of an older one into a doubt, before
//!   the first claim: the old process may have sent it.
//! - Closing drains: open calls get their time, and what is cut off stays an intent.

mod files;
pub mod joint;
pub mod present;
pub mod socket;
pub mod tools;
pub mod who;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use self::files::HostFiles;
use self::{socket::message::Hello, who::Who};
use super::{
    api::{ApiError, EngineClient, Notice},
    clock::{Clock, Entropy},
    copilot::source::Folder,
    decide::command::{Command, CommandKind},
    deploy::executor::{self, Concurrency},
    model::{
        actor::Actor,
        deploy::StepState,
        ids::{DeployId, StoreId},
    },
    policy::Policy,
    service::{Engine, EngineInfo, Library, LocalClient, Parts, Registry, run_healer, run_qa},
    store::{
        LocalStore, Row, Store, StoreError,
        embedded::{EmbeddedStore, Healed, Opened, Options, place::Lock},
        memory::MemoryStore,
    },
    view::{self, Projection},
};
use crate::{failpoint::crash_point, platforms::transport::Transport};

pub use super::service::CopilotWays;
pub use super::store::embedded::Options as StoreOptions;
pub use tools::verify;

/// Open calls get this long when the engine stops.
const DRAIN: Duration = Duration::from_secs(30);

/// Where everything is kept.
#[derive(Clone)]
pub enum Place {
    /// Nowhere: gone with the process. For the demo.
    Memory,
    /// A directory on a local disk.
    Dir(PathBuf),
    /// A directory, and how its store is opened.
    With(PathBuf, Options),
    /// A store that is open already and outlives the engine: a simulation kills engines and keeps the store.
    Open(Arc<dyn LocalStore>),
}

/// How an engine is started.
pub struct HostOptions {
    /// Where everything is kept.
    pub place: Place,
    /// As configured: `prod`, `demo`.
    pub environment: String,
    /// True when every platform is simulated.
    pub sandbox: bool,
    /// Limits and schedules.
    pub policy: Policy,
    /// The platforms it speaks to.
    pub platforms: Registry,
    /// How it speaks to them. `None` = this engine never speaks to them: it decides, answers and judges only.
    pub transport: Option<Arc<dyn Transport>>,
    /// Nothing is changed: no executor, no QA, no start in the journal, whoever asks.
    pub read_only: bool,
    /// How many deploys at once; [`Concurrency::NONE`] = it asks platforms what people want to know and deploys nothing.
    pub concurrency: Concurrency,
    /// How long QA takes over a ticket at least. Zero in earnest; the demo lets people see it.
    pub qa_pace: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and jitter.
    pub entropy: Arc<dyn Entropy>,
    /// This build, for the journal.
    pub build: String,
    /// The store's lock, if this process holds it already.
    pub lock: Option<Lock>,
    /// Where the copilot's guidelines are.
    pub guidelines: Vec<Folder>,
    /// Its ways out; the default has none.
    pub copilot: Arc<CopilotWays>,
}

impl HostOptions {
    /// An engine over simulated platforms that speaks to nobody yet: usual limits, no guidelines, no copilot. `name` is
    /// its environment and its build.
    pub fn simulated(
        name: &str,
        place: Place,
        platforms: Registry,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            place,
            environment: name.to_owned(),
            sandbox: true,
            policy: Policy::default(),
            platforms,
            transport: None,
            read_only: false,
            concurrency: Concurrency::default(),
            qa_pace: Duration::ZERO,
            clock,
            entropy,
            build: name.to_owned(),
            lock: None,
            guidelines: Vec::new(),
            copilot: Arc::default(),
        }
    }
}

/// Why an engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The store did not open; its words say what to do.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The configuration cannot be trusted; its words say what to do.
    #[error("{0}")]
    Untrusted(String),
    /// The start could not be recorded.
    #[error("the engine could not start: {0}")]
    Start(#[from] ApiError),
}

impl HostError {
    /// True when the store is damaged: neither a retry nor a restart heals it.
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Store(StoreError::Damaged(_)))
    }
}

/// A running engine and its workers.
pub struct Host {
    engine: Arc<Engine>,
    store: Arc<dyn LocalStore>,
    stop: CancellationToken,
    qa: Option<JoinHandle<()>>,
    healer: Option<JoinHandle<()>>,
    executor: Option<JoinHandle<()>>,
}

impl Host {
    /// Opens the store, loads what is in memory, recovers, and starts the workers. Must run inside a tokio runtime.
    pub async fn open(mut options: HostOptions) -> Result<Self, HostError> {
        let (store, store_id, dir, healed) = open_store(&mut options)?;
        let projection = Arc::new(Projection::new(options.policy.approvals.rules.clone()));
        let mut rows: Vec<Row> = Vec::new();
        let observer: Arc<Projection> = Arc::clone(&projection);
        // Rows are handed over a batch at a time: the lock is taken per batch, and memory holds one batch twice at most.
        let head = store.attach(&view::wanted(), observer, &mut |row| {
            rows.push(row);
            if rows.len() >= 1024 {
                projection.load(rows.drain(..));
            }
        })?;
        projection.load(rows.drain(..));
        projection.loaded(head.seq);

        let shut = store.read_only().is_some();
        let still = options.read_only || shut;
        let listeners = Arc::clone(&projection);
        let library = Library::new(
            options.guidelines,
            Box::new(move || listeners.notify(Notice::Guidelines)),
        );
        let deploys = !still && options.concurrency.total > 0;
        let sends = options.transport.clone().filter(|_| deploys);
        let assets = store.assets();
        if let Some(transport) = &options.transport {
            transport.attach(Arc::new(HostFiles(Arc::clone(&assets))));
        }
        let engine = Arc::new(Engine::new(Parts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            assets,
            projection,
            platforms: options.platforms,
            policy: options.policy,
            clock: options.clock,
            entropy: options.entropy,
            wire: options.transport,
            info: EngineInfo {
                store: store_id,
                place: dir
                    .as_ref()
                    .map_or_else(|| "memory".to_owned(), |d| d.display().to_string()),
                environment: options.environment,
                sandbox: options.sandbox,
                build: options.build.clone(),
                sends: sends.is_some(),
                still: options.read_only,
                shut,
                dir,
            },
            library,
            copilot: options.copilot,
        }));
        let stop = CancellationToken::new();
        if sends.is_some() {
            start(&engine, &options.build, healed).await?;
        }
        if !still {
            let lost = engine.close_lost_questions().await?;
            if lost > 0 {
                tracing::warn!(
                    lost,
                    "questions to the copilot were lost with the engine before this one"
                );
            }
        }
        let qa = (!still).then(|| tokio::spawn(run_qa(Arc::clone(&engine), options.qa_pace, stop.clone())));
        let heals = !still && engine.copilot.heals;
        let healer = heals.then(|| tokio::spawn(run_healer(Arc::clone(&engine), stop.clone())));
        let executor = sends.map(|transport| {
            tokio::spawn(supervised(
                Arc::clone(&engine),
                transport,
                options.concurrency,
                stop.clone(),
            ))
        });
        Ok(Self {
            engine,
            store,
            stop,
            qa,
            healer,
            executor,
        })
    }

    /// The engine itself, for tools of this process.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// A door for one person.
    pub fn client(&self, actor: Actor, read_only: bool) -> Arc<dyn EngineClient> {
        Arc::new(LocalClient::new(Arc::clone(&self.engine), actor, read_only))
    }

    /// A door for somebody who came as the kernel says.
    pub(super) async fn client_for(
        &self,
        uid: u32,
        hello: &Hello,
        who: &Who,
    ) -> Result<Arc<dyn EngineClient>, ApiError> {
        let actor = who
            .actor(uid, &hello.client, self.engine.clock().now())
            .await
            .map_err(ApiError::Unavailable)?;
        Ok(self.client(actor, hello.read_only))
    }

    /// Stops questions to the copilot, and waits until they are recorded.
    pub(super) async fn end_questions(&self) {
        self.engine.end_questions().await;
    }

    /// Ends at once, as a crash would: nothing is drained, nothing recorded, and the store is left as it is. For
    /// simulations over [`Place::Open`].
    pub async fn kill(self) {
        for worker in [self.qa, self.healer, self.executor].into_iter().flatten() {
            worker.abort();
            // Cancelled is what was asked for.
            let _ = worker.await;
        }
    }

    /// Stops: no new step, up to 30 s for open calls, then the store is closed.
    pub async fn close(self) -> Result<(), StoreError> {
        self.engine.drain();
        self.stop.cancel();
        self.engine.end_questions().await;
        if let Some(mut executor) = self.executor
            && tokio::time::timeout(DRAIN, &mut executor).await.is_err()
        {
            tracing::warn!(
                "open calls were cut off after {} s; they are looked up at the next start",
                DRAIN.as_secs()
            );
            executor.abort();
        }
        crash_point!(cp18_drain_close);
        // The QA worker never holds anything open.
        for worker in [self.qa, self.healer].into_iter().flatten() {
            worker.abort();
        }
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || store.close())
            .await
            .unwrap_or_else(|e| Err(StoreError::Io(format!("closing the store failed: {e}"))))
    }
}

/// A store just opened, its id, its directory if it has one, and what opening it mended.
type OpenStore = (Arc<dyn LocalStore>, StoreId, Option<PathBuf>, Healed);

fn open_store(options: &mut HostOptions) -> Result<OpenStore, StoreError> {
    let lock = options.lock.take();
    match &options.place {
        Place::Memory => {
            let id = StoreId::new(options.entropy.uuid(options.clock.now()));
            let store = MemoryStore::new(Arc::clone(&options.clock), Arc::clone(&options.entropy));
            Ok((Arc::new(store), id, None, Healed::default()))
        }
        Place::Open(store) => {
            let id = StoreId::new(options.entropy.uuid(options.clock.now()));
            Ok((Arc::clone(store), id, None, Healed::default()))
        }
        Place::Dir(dir) => open_dir(dir, Options::default(), lock, options),
        Place::With(dir, how) => open_dir(dir, how.clone(), lock, options),
    }
}

fn open_dir(dir: &Path, how: Options, lock: Option<Lock>, options: &HostOptions) -> Result<OpenStore, StoreError> {
    let (clock, entropy) = (Arc::clone(&options.clock), Arc::clone(&options.entropy));
    let Opened { store, healed } = EmbeddedStore::open_held(dir, how, lock, clock, entropy)?;
    let id = store.id();
    Ok((Arc::new(store), id, Some(dir.to_owned()), healed))
}

/// Runs the executor, and again should it ever break down: the queue must not stand still in silence. What was open then
/// is claimed once its lease has run out, and looked up.
async fn supervised(
    engine: Arc<Engine>,
    transport: Arc<dyn Transport>,
    concurrency: Concurrency,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        // A set, so that ending this task ends the executor too.
        let mut run = JoinSet::new();
        run.spawn(executor::run(
            Arc::clone(&engine),
            Arc::clone(&transport),
            concurrency,
            stop.clone(),
        ));
        match run.join_next().await {
            Some(Err(error)) => tracing::error!(%error, "the executor broke down and is started again"),
            Some(Ok(())) | None => return,
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// The epoch goes up, then every intent an older engine left open becomes a doubt.
async fn start(engine: &Arc<Engine>, build: &str, healed: Healed) -> Result<(), ApiError> {
    let actor = Actor::engine("start");
    let started = CommandKind::EngineStart {
        build: build.to_owned(),
        tail_truncated: healed.tail_truncated,
        index_rebuilt: healed.index_rebuilt,
    };
    engine
        .execute(
            &Command {
                id: engine.command_id(),
                kind: started,
            },
            &actor,
            None,
        )
        .await?;
    crash_point!(cp17_epoch_recover);
    engine.take_epoch();
    let mut open: Vec<DeployId> = engine.projection().read(|s| {
        let intent = |d: &&super::view::OpenDeploy| d.deploy.steps.iter().any(|s| s.state == StepState::Intent);
        s.deploys.values().filter(intent).map(|d| d.deploy.id).collect()
    });
    open.sort_unstable();
    for deploy in open {
        let command = Command {
            id: engine.command_id(),
            kind: CommandKind::DeployRecover { deploy },
        };
        engine.execute(&command, &actor, None).await?;
    }
    engine.seed_lanes();
    Ok(())
}
