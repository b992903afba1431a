//! The one language spoken to the engine: by console, CLI and, over the socket, by both again.
//!
//! Requests and replies are plain data that survive JSON. [`EngineClient`] is the only door; whether the engine sits in
//! this process or behind a socket is the host's affair.
//!
//! Invariants
//! - A request never names its actor: the host does.
//! - Lists are windows: no reply grows with the store.
//! - Events are contiguous; a gap means "ask again".

pub mod asking;
pub mod card;
pub mod copilot;
mod curl;
pub mod drift;
pub mod files;
pub mod filter;
pub mod findings;
mod governed;
pub mod judge;
mod lane;
pub mod news;
mod notice;
pub mod presence;
pub mod proposal;
pub mod reports;
pub mod rules;
pub mod sending;
pub mod undo;

use std::{future::Future, pin::Pin};

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

pub use self::governed::{CampaignRow, Counted, Governance, Impact, Preview, PreviewAsk};
pub use self::lane::{BreakerView, LaneView, PaceView};
pub use self::notice::{Link, Notice};
pub use self::reports::{BackupReport, Exported, ExportedRow, RebuildReport, StoreFacts, SweepReport, VerifyReport};
pub use crate::engine::decide::command::{
    BrandPatch, CampaignPatch, ChannelPatch, Command, CommandKind, HoldScope, MarketPatch, NewTicket, Resolution,
    TicketPatch,
};
pub use crate::engine::deploy::pace::breaker::Stand;
pub use crate::engine::model::account_report::{AccountReport, AccountState, TokenExpiry};
use crate::engine::model::{
    actor::Actor,
    asset::Asset,
    catalogue::{Catalogue, parse_value, set_path},
    deploy::{Deploy, Why},
    event::{Event, Seq},
    ids::{ChannelId, CommandId, DeployId, StoreId, TicketId, TicketNo},
    json::CanonicalJson,
    platform::{AccountId, PlatformId},
    proposal::ProposalNo,
    refusal::Refusal,
    ticket::{Finding, Status, Ticket},
    time::Timestamp,
};
use card::{Card, DeployCard};
use filter::Filter;
pub use sending::{PlannedCall, PlannedHeader, PlannedPart, ValidatedStep, Validation, Verdict};

/// A value with the version of its row: what an edit must name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<T> {
    /// The row's version.
    pub version: u64,
    /// The value.
    #[serde(flatten)]
    pub value: T,
}

/// How a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// Last change, newest first.
    #[default]
    Updated,
    /// Ticket number, newest first.
    Number,
    /// Name, A to Z.
    Name,
    /// Status in flow order.
    Status,
    /// Daily budget, largest first; tickets without one last. Compared inside a currency.
    Budget,
}

/// A window over tickets: rows around an anchor, never an offset, because rows move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketWindow {
    /// Which tickets.
    pub filter: Filter,
    /// In which order.
    pub sort: SortKey,
    /// Turned around.
    pub reverse: bool,
    /// The row to stay at; `None` = the start of the list.
    pub anchor: Option<TicketId>,
    /// Rows wanted before the anchor.
    pub before: u32,
    /// Rows wanted from the anchor on (it included).
    pub after: u32,
}

/// Rows of a window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRows {
    /// The rows, in order.
    pub rows: Vec<Card>,
    /// Where the first row stands in the whole list, from 0.
    pub first: u64,
    /// How many match the filter.
    pub matching: u64,
    /// How many there are without it.
    pub total: u64,
    /// The newest commit the answer knows.
    pub at: Seq,
}

/// One column of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardColumn {
    /// Its status.
    pub status: Status,
    /// How many tickets are in it after the filter.
    pub count: u64,
    /// The first cards, newest change first.
    pub cards: Vec<Card>,
}

/// One ticket with everything around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    /// The ticket.
    pub ticket: Seen<Ticket>,
    /// Its row in lists.
    pub card: Card,
    /// Its deploy, if it ever had one.
    pub deploy: Option<Deploy>,
    /// Why it is not running, for every unfinished ticket.
    pub why: Option<WhyLine>,
}

/// Why a ticket is where it is, and what comes next: the best thing a queue can say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyLine {
    /// The recorded or live reason, for tickets that deploy.
    pub why: Option<Why>,
    /// One sentence.
    pub text: String,
    /// When something happens by itself.
    pub next_at: Option<Timestamp>,
    /// Who must act, if a person must.
    pub person: Option<String>,
    /// What that person can do.
    pub remedy: Option<String>,
    /// The breaker that lets nothing through, if that is the reason.
    #[serde(default)]
    pub breaker: Option<BreakerView>,
}

/// A look into the audit trail, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditAsk {
    /// Only about this ticket.
    pub ticket: Option<TicketNo>,
    /// Only by this actor.
    pub actor: Option<String>,
    /// Only events whose kind, subject or summary holds this text, case-blind.
    pub text: Option<String>,
    /// Not older than this moment (inclusive).
    pub since: Option<Timestamp>,
    /// Older than this moment (exclusive).
    pub until: Option<Timestamp>,
    /// Older than this (exclusive); `None` = from the newest.
    pub before: Option<Seq>,
    /// At most this many.
    pub limit: u32,
}

/// The queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployRows {
    /// Needs-you first, then unknown, running, waiting by next time, finished newest first.
    pub rows: Vec<DeployCard>,
    /// How many match.
    pub matching: u64,
    /// Lanes with work or trouble.
    pub lanes: Vec<LaneView>,
    /// When the last deploy ended, if any did.
    #[serde(default)]
    pub last_ended: Option<Timestamp>,
    /// The newest commit the answer knows.
    pub at: Seq,
}

/// What the header shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The store.
    pub store: StoreId,
    /// Where it is, for people.
    pub place: String,
    /// `demo`, `sandbox`, `prod`, as configured.
    pub environment: String,
    /// True when every platform answers from a simulation: the screen must say SANDBOX.
    pub sandbox: bool,
    /// Who you are.
    pub actor: Actor,
    /// Newest commit.
    pub head: Seq,
    /// Engine start.
    pub epoch: u64,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
    /// Tickets by status.
    pub tickets: Vec<(Status, u64)>,
    /// Troubles worth a header line: `meta act_1 breaker open`.
    pub troubles: Vec<String>,
    /// Platforms the engine can speak to; empty when it does not say.
    #[serde(default)]
    pub platforms: Vec<PlatformId>,
    /// Where the engine is; `None` = in this process, for nobody else.
    #[serde(default)]
    pub link: Option<Link>,
    /// Why people's commands wait, if the disk is nearly full: what is left is for the answers of open calls.
    #[serde(default)]
    pub short: Option<String>,
    /// True when nothing can be written any more because the disk failed while the engine ran.
    #[serde(default)]
    pub disk_failed: bool,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Carry out an intention.
    Do(Box<Command>),
    /// Decide without doing: says what would happen or why not.
    DryRun(Box<Command>),
    /// The header.
    Overview,
    /// Everything governed.
    Governance,
    /// A window over tickets.
    Tickets(TicketWindow),
    /// The board: the first `per_column` cards of each status.
    Board {
        /// Which tickets.
        filter: Filter,
        /// Cards per column.
        per_column: u32,
    },
    /// One ticket by id.
    Ticket(TicketId),
    /// One ticket by number.
    TicketByNo(TicketNo),
    /// One ticket by platform name.
    TicketByName(String),
    /// The queue.
    Deploys {
        /// Which.
        filter: Filter,
        /// Also finished ones.
        finished: bool,
        /// At most this many.
        limit: u32,
    },
    /// One deploy.
    Deploy(DeployId),
    /// Events after a number, oldest first.
    Events {
        /// Exclusive.
        after: Seq,
        /// At most this many.
        limit: u32,
    },
    /// The audit trail, newest first.
    Audit(AuditAsk),
    /// What a ticket would be called.
    Preview(PreviewAsk),
    /// What a change would touch.
    Impact(Box<Command>),
    /// The fields of a platform.
    Catalogue(PlatformId),
    /// The calls a ticket's deploy would make.
    Plan(TicketId),
    /// What the platform says of those calls, as far as it can without carrying them out.
    Validate(TicketId),
    /// What the live objects of a ticket have different from what was sent. Reads only.
    Drift(TicketId),
    /// What the accounts of a channel say about themselves. Reads only.
    CheckChannel {
        /// The channel.
        channel: ChannelId,
        /// Only this account.
        account: Option<AccountId>,
    },
    /// Check the store.
    Verify,
    /// A window over the guidelines.
    Guidelines(copilot::GuidelineWindow),
    /// A question to the guidelines.
    SearchGuidelines(Box<copilot::GuidelineSearch>),
    /// What a question to the copilot would bring and send.
    PreviewCopilot(Box<asking::CopilotAsk>),
    /// Starts a question to the copilot, and answers at once with what the guidelines say.
    AskCopilot(Box<asking::CopilotAsk>),
    /// Waits for news of a question, at most some seconds.
    FollowCopilot {
        /// Which.
        ask: CommandId,
        /// What was heard already.
        after: asking::Mark,
    },
    /// Stops a question. What had come of the answer is kept.
    StopCopilot(CommandId),
    /// A proposal that mends what a ticket was refused for.
    Heal(proposal::HealAsk),
    /// A list of proposals.
    Proposals(proposal::ProposalAsk),
    /// One proposal with what is needed to judge it.
    Proposal(ProposalNo),
    /// Every QA rule.
    Rules,
    /// What a QA rule of the house would find in the open tickets. Changes nothing.
    TryRule(rules::TrialAsk),
    /// A window over what QA found in all open tickets.
    Findings(Box<findings::FindingsAsk>),
    /// Says where whoever asks is now; answered with where everybody else is.
    Here(Option<presence::At>),
    /// Who is at which ticket.
    People,
    /// What happened to tickets whoever asks watches.
    News {
        /// Only after this commit.
        after: Seq,
    },
    /// What would be taken back.
    Undo(undo::UndoAsk),
    /// What QA would say of a payload.
    Judge(Box<judge::JudgeAsk>),
    /// Carry out an intention if it still touches exactly what was counted for it.
    DoCounted {
        /// The intention.
        command: Box<Command>,
        /// What a person was shown before they agreed.
        counted: Box<Counted>,
    },
}

/// The answer to [`Request::Do`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The commit.
    pub seq: Seq,
    /// True when the command had been carried out before.
    pub repeated: bool,
    /// The event it made; absent for repeats whose event is no longer at hand.
    pub event: Option<Event>,
}

/// A reply. Each request has exactly one fitting variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To [`Request::Do`] and [`Request::DoCounted`].
    Done(Done),
    /// To [`Request::DryRun`]: one sentence a change.
    WouldDo(Vec<String>),
    /// To [`Request::Overview`].
    Overview(Box<Overview>),
    /// To [`Request::Governance`].
    Governance(Box<Governance>),
    /// To [`Request::Tickets`].
    Tickets(TicketRows),
    /// To [`Request::Board`].
    Board(Vec<BoardColumn>),
    /// To the ticket requests.
    Ticket(Box<TicketView>),
    /// To [`Request::Deploys`].
    Deploys(DeployRows),
    /// To [`Request::Deploy`].
    Deploy(Box<Deploy>),
    /// To [`Request::Events`] and [`Request::Audit`].
    Events(Vec<Event>),
    /// To [`Request::Preview`].
    Preview(Preview),
    /// To [`Request::Impact`].
    Impact(Box<Impact>),
    /// To [`Request::Catalogue`].
    Catalogue(Box<Catalogue>),
    /// To [`Request::Plan`].
    Plan(Vec<PlannedCall>),
    /// To [`Request::Validate`].
    Validation(Box<Validation>),
    /// To [`Request::Drift`].
    Drift(Box<drift::Drift>),
    /// To [`Request::CheckChannel`], in the channel's order.
    Accounts(Vec<AccountReport>),
    /// To [`Request::Verify`].
    Verify(VerifyReport),
    /// To [`Request::Guidelines`].
    Guidelines(Box<copilot::GuidelineRows>),
    /// To [`Request::SearchGuidelines`].
    GuidelineAnswer(Box<copilot::GuidelineAnswer>),
    /// To [`Request::PreviewCopilot`].
    CopilotPreview(Box<asking::Preview>),
    /// To [`Request::AskCopilot`], [`Request::FollowCopilot`] and [`Request::StopCopilot`].
    CopilotNews(Box<asking::News>),
    /// To [`Request::Heal`].
    Healing(Box<proposal::Healing>),
    /// To [`Request::Proposals`].
    Proposals(Vec<proposal::ProposalRow>),
    /// To [`Request::Proposal`].
    Proposal(Box<proposal::ProposalView>),
    /// To [`Request::Rules`].
    Rules(Box<rules::RulesView>),
    /// To [`Request::TryRule`].
    Trial(Box<rules::Trial>),
    /// To [`Request::Findings`].
    Findings(Box<findings::FindingRows>),
    /// To [`Request::Here`] and [`Request::People`]: everybody else, the first to come first.
    People(Vec<presence::Present>),
    /// To [`Request::News`].
    News(Box<news::News>),
    /// To [`Request::Undo`].
    Undo(Box<undo::UndoPlan>),
    /// To [`Request::Judge`].
    Judged(Vec<Finding>),
}

/// Why a request got no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// The engine said no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The engine cannot be reached; says why and what to do.
    #[error("{0}")]
    Unavailable(String),
    /// A defect of ours.
    #[error("internal error: {0}; please report it")]
    Internal(String),
}

impl From<Refusal> for ApiError {
    fn from(r: Refusal) -> Self {
        Self::Refused(Box::new(r))
    }
}

/// The future of a request.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Reply, ApiError>> + Send + 'a>>;

/// The future of a file that is being taken in.
pub type TakenIn<'a> = Pin<Box<dyn Future<Output = Result<Asset, ApiError>> + Send + 'a>>;

/// The only door to an engine.
pub trait EngineClient: Send + Sync {
    /// Asks.
    fn request(&self, request: Request) -> Answer<'_>;

    /// Takes an open file into the store and says what it is. The file is opened by whoever asks, with their rights:
    /// the engine never follows a path somebody sent it. `name` is the file's own, for people.
    fn keep_file(&self, name: String, file: std::fs::File) -> TakenIn<'_>;

    /// Notices from now on. A slow receiver loses the oldest and is told so: it must ask again for what it shows.
    fn notices(&self) -> broadcast::Receiver<Notice>;

    /// A fresh id for an intention (UUID version 7).
    fn new_uuid(&self) -> uuid::Uuid;

    /// The present time, by the engine's clock.
    fn now(&self) -> Timestamp;

    /// A fresh command id.
    fn command_id(&self) -> CommandId {
        CommandId::new(self.new_uuid())
    }
}

/// A payload as a form starts with it: the catalogue's defaults.
pub fn starting_payload(catalogue: &Catalogue) -> CanonicalJson {
    let mut root = serde_json::Map::new();
    for object in &catalogue.objects {
        let mut section = serde_json::Map::new();
        for field in &object.fields {
            let default = field.default.as_ref().and_then(|d| parse_value(field, d).ok());
            if let Some(value) = default {
                set_path(&mut section, &field.path, value);
            }
        }
        root.insert(object.section.clone(), serde_json::Value::Object(section));
    }
    CanonicalJson::new(&serde_json::Value::Object(root))
}
