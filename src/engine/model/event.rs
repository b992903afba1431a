//! What happened: one commit, one event, one number. The journal holds them all, in order, for ever.

use serde::{Deserialize, Serialize};

use super::{
    actor::Actor,
    ids::{CommandId, TicketNo},
    path::FieldPath,
    ticket::Status,
    time::Timestamp,
};

/// Position in the journal: 1, 2, 3 ... without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The nouns an event can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// The engine itself.
    Engine,
    /// A market.
    Market,
    /// A brand.
    Brand,
    /// A channel.
    Channel,
    /// A campaign.
    Campaign,
    /// A ticket.
    Ticket,
    /// A deploy.
    Deploy,
    /// A QA rule of the house.
    Rule,
}

impl Noun {
    /// The word in commands and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Market => "market",
            Self::Brand => "brand",
            Self::Channel => "channel",
            Self::Campaign => "campaign",
            Self::Ticket => "ticket",
            Self::Deploy => "deploy",
            Self::Rule => "rule",
        }
    }
}

impl std::fmt::Display for Noun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What the event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The noun.
    pub noun: Noun,
    /// Its UUID as text; empty for the engine.
    pub id: String,
    /// What people call it: `1042`, `US`, `DIS_US_2026_MoanaLaunch`.
    pub label: String,
    /// The ticket it belongs to, if any: deploys are followed by their ticket.
    pub ticket: Option<TicketNo>,
}

/// One field before and after, as text for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: FieldPath,
    /// Before; `None` = was not set.
    pub from: Option<String>,
    /// After; `None` = is not set.
    pub to: Option<String>,
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// The kinds of events. New ones go last: the store keeps the position.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word in JSON and filters.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

event_kinds! {
    /// An engine opened the store.
    EngineStarted = "engine.started",
    /// The journal's unfinished tail was cut at start.
    TailTruncated = "journal.tail_truncated",
    /// The index was rebuilt from the journal.
    IndexRebuilt = "index.rebuilt",
    /// A governed value was made.
    Created = "created",
    /// A governed value or a ticket's side field changed.
    Updated = "updated",
    /// A governed value was retired.
    Retired = "retired",
    /// A governed value nobody refers to was removed.
    Deleted = "deleted",
    /// A ticket was written.
    TicketCreated = "ticket.created",
    /// A ticket's content changed; QA is void.
    TicketEdited = "ticket.edited",
    /// A ticket went back to draft.
    TicketWithdrawn = "ticket.withdrawn",
    /// QA began.
    QaStarted = "qa.started",
    /// QA found no error.
    QaPassed = "qa.passed",
    /// QA found at least one error.
    QaFailed = "qa.failed",
    /// A deploy was queued.
    DeployStarted = "deploy.started",
    /// A deploy was taken up again after a failure.
    DeployRetried = "deploy.retried",
    /// A deploy was paused.
    DeployPaused = "deploy.paused",
    /// A deploy goes on.
    DeployResumed = "deploy.resumed",
    /// A deploy was taken back before anything was sent.
    DeployRecalled = "deploy.recalled",
    /// An intent became durable; the call goes out next.
    StepIntent = "step.intent",
    /// The platform confirmed a step.
    StepConfirmed = "step.confirmed",
    /// A step waits: backoff, rate limit, parked, blocked lane.
    StepWaiting = "step.waiting",
    /// Nobody knows whether a step was executed; it will be looked up.
    StepUnknown = "step.unknown",
    /// A look-up was made.
    StepLookedUp = "step.looked_up",
    /// An object found by name was taken as ours.
    StepAdopted = "step.adopted",
    /// A step was proved absent and will be sent again.
    StepAbsent = "step.absent",
    /// The platform refused a step.
    StepRejected = "step.rejected",
    /// A person must answer.
    OperatorNeeded = "operator.needed",
    /// A person answered.
    OperatorAnswered = "operator.answered",
    /// Every step is confirmed; the ticket is live.
    Trafficked = "ticket.trafficked",
    /// The deploy failed.
    DeployFailed = "deploy.failed",
    /// Somebody asked to cancel.
    CancelAsked = "cancel.asked",
    /// The ticket is cancelled.
    Cancelled = "ticket.cancelled",
    /// A ticket was cloned.
    TicketCloned = "ticket.cloned",
    /// A draft was removed.
    TicketDeleted = "ticket.deleted",
    /// An answer came after the step had been taken over; it is kept as evidence.
    StepLateAnswer = "step.late_answer",
    /// The store came out of a backup.
    StoreRestored = "store.restored",
    /// Somebody said that nothing made after a restored backup is unknown any more.
    StoreSettled = "store.settled",
    /// Somebody asked the copilot.
    CopilotExchange = "copilot.exchange",
    /// Somebody said whether an answer of the copilot was of use.
    CopilotJudged = "copilot.judged",
    /// A change of a ticket was proposed.
    ProposalMade = "proposal.made",
    /// A proposal was applied by a person.
    ProposalApplied = "proposal.applied",
    /// A proposal was declined by a person.
    ProposalDeclined = "proposal.declined",
    /// An approver agreed to a ticket's content.
    Approved = "ticket.approved",
    /// An approver refused a ticket's content; it is a draft again.
    Declined = "ticket.declined",
    /// Somebody said something about a ticket.
    Commented = "ticket.commented",
    /// Somebody wants to hear of a ticket.
    Watched = "ticket.watched",
    /// Somebody does not want to hear of a ticket any more.
    Unwatched = "ticket.unwatched",
    /// A question to the copilot is about to leave for a model.
    CopilotAsked = "copilot.asked",
    /// An earlier change was taken back, or made again after it had been.
    Undone = "change.undone",
}

impl std::fmt::Display for EventKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// One commit as the world sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Position in the journal.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The command.
    pub command: CommandId,
    /// The headline.
    pub kind: EventKind,
    /// What else the same commit did, in order.
    pub also: Vec<EventKind>,
    /// About what.
    pub subject: Subject,
    /// The ticket's status after it, if it moved.
    pub status: Option<Status>,
    /// One sentence for people, sanitised.
    pub summary: String,
    /// Fields before and after.
    pub changes: Vec<FieldChange>,
}
