//! The engine as one thing: decides commands on the store, answers questions from the projection.
//!
//! Invariants
//! - One way in: people's commands, QA's results and the executor's reports all go through [`Engine::execute`].
//! - A decision that lost a race is made again on fresh facts, at most five times, then `Busy`.

mod ask;
mod asking;
mod asking_row;
mod check;
mod client;
mod copilot;
mod desk;
mod drift;
mod evidence;
mod files;
mod findings;
mod healer;
mod impact;
mod incoming;
mod judging;
mod lane;
mod library;
mod mending;
mod news;
mod presence;
mod preview;
mod proposals;
mod qa_runner;
mod rules;
mod snapshot;
mod tokens;
mod undo;
mod validate;
mod why;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

pub use client::LocalClient;
pub use desk::CopilotWays;
pub use healer::run_healer;
pub use incoming::Incoming;
pub use library::Library;
pub use qa_runner::run_qa;

use super::{
    api::{ApiError, Done, Notice},
    clock::{Clock, Entropy},
    decide::{self, command::Command},
    deploy::{lanes::Lanes, ledger},
    model::{
        actor::Actor,
        deploy::Step,
        event::{Event, Seq},
        ids::{CommandId, LeaseId, StoreId},
        json::Sha,
        platform::PlatformId,
        rate::Allowance,
        refusal::{Problem, Refusal, RefusalCode},
    },
    policy::Policy,
    store::{Committed, Key, Row, Store, StoreError, assets::Assets},
    view::Projection,
};
use crate::{
    failpoint::crash_point,
    platforms::{Platform, transport::Transport},
};
use snapshot::Snapshot;
pub(crate) use snapshot::known_ids;

/// Platforms by id.
pub type Registry = BTreeMap<PlatformId, Arc<dyn Platform>>;

/// Decisions made again after a lost race before giving up.
const DECIDE_AGAIN: usize = 5;
/// Rounds of fetching rows for one decision: each round follows references one deeper.
const FETCH_ROUNDS: usize = 16;

/// What the header says about this engine.
#[derive(Clone, Debug)]
pub struct EngineInfo {
    /// The store.
    pub store: StoreId,
    /// Where it is, for people.
    pub place: String,
    /// As configured: `prod`, `demo`.
    pub environment: String,
    /// True when every platform is simulated.
    pub sandbox: bool,
    /// The build.
    pub build: String,
    /// True when an executor runs beside it. Without one it decides and answers, and what is queued waits.
    pub sends: bool,
    /// True when it was opened to look only: it changes nothing, whoever asks.
    pub still: bool,
    /// True when the store took no writes from the start: it is of a newer build.
    pub shut: bool,
    /// The store's directory; `None` = in memory.
    pub dir: Option<std::path::PathBuf>,
}

/// Everything an engine is made of.
pub struct Engine {
    pub(super) store: Arc<dyn Store>,
    pub(super) assets: Arc<dyn Assets>,
    pub(super) projection: Arc<Projection>,
    pub(super) platforms: Registry,
    pub(super) policy: Policy,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) lanes: Arc<Lanes>,
    pub(super) draining: AtomicBool,
    pub(super) tokens: tokens::Tokens,
    pub(super) wire: Option<Arc<dyn Transport>>,
    /// The start this engine recorded as its own; 0 = none, it writes under whichever is in force.
    pub(super) own_epoch: AtomicU64,
    pub(super) info: EngineInfo,
    pub(super) library: Library,
    pub(super) copilot: Arc<CopilotWays>,
    desk: desk::Desk,
    people: Arc<presence::Presence>,
    /// Places for files on their way in.
    incoming: incoming::Places,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// The parts an engine is put together from.
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The files beside it.
    pub assets: Arc<dyn Assets>,
    /// The projection the store feeds.
    pub projection: Arc<Projection>,
    /// The platforms it speaks to.
    pub platforms: Registry,
    /// Limits and schedules.
    pub policy: Policy,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and jitter.
    pub entropy: Arc<dyn Entropy>,
    /// The way to the platforms, for questions people ask and for what is shown of a request; the executor has its own
    /// hold of it. `None` = no question goes out.
    pub wire: Option<Arc<dyn Transport>>,
    /// What it says about itself.
    pub info: EngineInfo,
    /// The copilot's guidelines.
    pub library: Library,
    /// The copilot's ways out.
    pub copilot: Arc<CopilotWays>,
}

impl Engine {
    /// Puts an engine together.
    pub fn new(parts: Parts) -> Self {
        let Parts {
            store,
            assets,
            projection,
            platforms,
            policy,
            clock,
            entropy,
            wire,
            info,
            library,
            copilot,
        } = parts;
        let allowances = platforms
            .iter()
            .map(|(id, p)| {
                let (published, own) = (p.allowance(), policy.pace.get(id).copied().unwrap_or_default());
                let allowance = Allowance {
                    account: own.account.or(published.account),
                    app: own.app.or(published.app),
                };
                (*id, allowance)
            })
            .collect();
        Self {
            people: Arc::new(presence::Presence::new(Arc::clone(&projection))),
            store,
            assets,
            projection,
            platforms,
            policy,
            clock,
            entropy,
            lanes: Arc::new(Lanes::new(allowances)),
            draining: AtomicBool::new(false),
            tokens: tokens::Tokens::default(),
            wire,
            own_epoch: AtomicU64::new(0),
            info,
            library,
            copilot,
            desk: desk::Desk::default(),
            incoming: incoming::Places::default(),
        }
    }

    /// Stops questions to the copilot and waits until they are recorded.
    pub(super) async fn end_questions(&self) {
        self.desk.close().await;
    }

    /// The projection, for queries inside the engine.
    pub fn projection(&self) -> &Arc<Projection> {
        &self.projection
    }

    /// The store's id.
    pub const fn store_id(&self) -> StoreId {
        self.info.store
    }

    /// True when an executor runs beside it.
    pub const fn sends(&self) -> bool {
        self.info.sends
    }

    /// True when it was opened to look only.
    pub const fn is_still(&self) -> bool {
        self.info.still
    }

    /// Events after a number, oldest first, without a gap.
    pub async fn events(&self, after: Seq, limit: usize) -> Result<Vec<Event>, ApiError> {
        self.store.events(after, limit).await.map_err(refuse)
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// True when the store came out of a backup and may have forgotten that a step was carried out.
    pub(super) fn may_be_forgotten(&self, step: &Step) -> bool {
        self.projection
            .read(|s| s.restored.as_ref().is_some_and(|r| ledger::may_be_forgotten(step, r)))
    }

    /// The engine start this engine writes under. Its own once it has recorded one, and that for good: a projection also
    /// hears of the start of whoever takes over, and must not carry this engine across the fence.
    pub(crate) fn epoch(&self) -> u64 {
        match self.own_epoch.load(Ordering::Acquire) {
            0 => self.projection.read(|s| s.epoch.n),
            own => own,
        }
    }

    /// Takes the start that was just recorded for this engine's own.
    pub(crate) fn take_epoch(&self) {
        self.own_epoch
            .store(self.projection.read(|s| s.epoch.n), Ordering::Release);
    }

    /// A fresh command id.
    pub fn command_id(&self) -> CommandId {
        CommandId::new(self.entropy.uuid(self.clock.now()))
    }

    /// Carries a command out. Returns when it is durable.
    pub async fn execute(&self, command: &Command, actor: &Actor, lease: Option<LeaseId>) -> Result<Done, ApiError> {
        let mut races = 0;
        loop {
            let mut commit = match self.decide(command, actor).await {
                Ok(commit) => commit,
                Err(refusal) => return self.first_answer(command).await?.ok_or(refusal),
            };
            commit.lease = lease;
            let event = commit.event.clone();
            let at = commit.at;
            crash_point!(cp01_decide_append);
            match self.store.commit(commit).await {
                Ok(Committed { seq, repeated }) => {
                    let event = (!repeated).then(|| Event {
                        seq,
                        at,
                        actor: actor.clone(),
                        command: command.id,
                        kind: event.kind,
                        also: event.also,
                        subject: event.subject,
                        status: event.status,
                        summary: event.summary,
                        changes: event.changes,
                    });
                    return Ok(Done { seq, repeated, event });
                }
                Err(StoreError::Conflict { .. }) if races < DECIDE_AGAIN => races += 1,
                Err(error) => return Err(refuse(error)),
            }
        }
    }

    /// The answer a command got when it was carried out. Asked when it is refused now: a resend finds its own effect in
    /// the way ("a deploy is already open") and must not be told that it failed.
    pub(super) async fn first_answer(&self, command: &Command) -> Result<Option<Done>, ApiError> {
        let known = self
            .store
            .known(command.id, decide::tx::hash(command))
            .await
            .map_err(refuse)?;
        Ok(known.map(|c| Done {
            seq: c.seq,
            repeated: true,
            event: None,
        }))
    }

    /// True when a command of this id stands in the journal, whatever it said.
    pub(super) async fn is_recorded(&self, id: CommandId) -> Result<bool, ApiError> {
        // The row of an asking says what came of it, so its hash is not known to whoever asks again.
        match self.store.known(id, Sha::of(b"")).await {
            Ok(known) => Ok(known.is_some()),
            Err(StoreError::CommandIdReused(_)) => Ok(true),
            Err(error) => Err(refuse(error)),
        }
    }

    /// Decides a command on fresh facts, fetching the rows it turns out to need.
    async fn decide(&self, command: &Command, actor: &Actor) -> Result<super::store::Commit, ApiError> {
        let snapshot = Snapshot::new(self);
        for _ in 0..FETCH_ROUNDS {
            let decision = decide::decide(&snapshot, command, actor, self.clock.now());
            let missing = snapshot.missing();
            if missing.is_empty() {
                return decision.map_err(ApiError::from);
            }
            for key in missing {
                let row = self.row(&key).await?;
                snapshot.add(key, row);
            }
        }
        Err(ApiError::Internal(
            "a decision needs more rows than any should".to_owned(),
        ))
    }

    /// Decides without doing: the summary of what would happen.
    pub async fn dry_run(&self, command: &Command, actor: &Actor) -> Result<super::store::Commit, ApiError> {
        self.decide(command, actor).await
    }

    /// One row.
    pub(super) async fn row(&self, key: &Key) -> Result<Option<Row>, ApiError> {
        self.store.get(key).await.map_err(refuse)
    }

    /// Tells consoles that something changed that is not a commit.
    pub(super) fn notify(&self, notice: Notice) {
        self.projection.notify(notice);
    }
}

/// What a store's error means for whoever asked.
pub(super) fn refuse(error: StoreError) -> ApiError {
    let whole = |code, reason: String, remedy: &str| ApiError::from(Refusal::new(code, Problem::whole(reason, remedy)));
    match error {
        StoreError::Conflict { .. } => whole(
            RefusalCode::Busy,
            "others keep changing the same thing".to_owned(),
            "try again",
        ),
        StoreError::CommandIdReused(_) => {
            whole(RefusalCode::CommandIdReused, error.to_string(), "start the action anew")
        }
        StoreError::TooLarge { .. } => whole(RefusalCode::TooLarge, error.to_string(), "make it smaller"),
        StoreError::Busy => whole(RefusalCode::Busy, error.to_string(), "try again"),
        StoreError::Fenced(_) => whole(
            RefusalCode::Stale,
            error.to_string(),
            "another engine took over; attach again",
        ),
        StoreError::ReadOnly(_) => whole(
            RefusalCode::ReadOnly,
            error.to_string(),
            "see `omnitraffick doctor` for the cause",
        ),
        StoreError::DiskFull(_) => whole(RefusalCode::DiskFull, error.to_string(), "free some space"),
        StoreError::Damaged(_) | StoreError::Locked(_) | StoreError::Io(_) => ApiError::Unavailable(error.to_string()),
    }
}
