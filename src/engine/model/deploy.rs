//! A deploy and its ledger: one row per step, every attempt kept.
//!
//! The walk of a step:
//!
//! ```text
//! Planned → Intent(n) → Confirmed | Rejected | Unknown → Reconciling → Confirmed | Planned(n+1) | NeedsOperator
//! ```
//!
//! An intent is durable before the first byte leaves; an unknown outcome is looked up, never re-sent blindly. The moves
//! themselves are pure functions in [`crate::engine::deploy::ledger`].

use serde::{Deserialize, Serialize};

use super::{
    campaign::Campaign,
    governance::Account,
    ids::{DeployId, TicketId, TicketNo},
    json::{CanonicalJson, Sha},
    money::Budget,
    path::FieldPath,
    platform::{AccountId, ExternalId, ObjectKind, PlatformId},
    ticket::{Priority, RequestType, Target},
    time::{Flight, Timestamp},
};

/// Everything a platform needs to plan, frozen when the deploy starts: later edits of a campaign or channel cannot
/// change what an approved ticket sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What is asked.
    pub request: RequestType,
    /// The account with its currency and zone.
    pub account: Account,
    /// The generated platform name.
    pub name: String,
    /// What it changes.
    pub target: Option<Target>,
    /// The budget.
    pub budget: Option<Budget>,
    /// First and last day.
    pub flight: Option<Flight>,
    /// The platform's fields by object.
    pub payload: CanonicalJson,
    /// Brand family-friendly, market countries and the like are judged by QA before; nothing of governance is sent.
    /// The campaign is kept for its label only.
    pub campaign: Campaign,
}

/// What the step does on the platform. Decides what an ambiguous answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepAction {
    /// Makes an object: an ambiguous answer must be looked up.
    Create,
    /// Sets an absolute value: may be repeated.
    Set,
    /// Reads and compares before a set.
    Check,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Nothing sent, or proved absent after an unknown outcome.
    Planned,
    /// The intent is durable; bytes may be on the way.
    Intent,
    /// The answer is lost; the platform may or may not have done it.
    Unknown,
    /// At least one look-up was made and did not settle it.
    Reconciling,
    /// Done, with the platform's word.
    Confirmed,
    /// The platform refused for good.
    Rejected,
    /// A person must answer a question.
    NeedsOperator,
    /// Given up by a person.
    Abandoned,
    /// Undone on request (archived).
    Compensated,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeClass {
    /// Done, the answer proves it.
    Done,
    /// Certainly not executed; may be sent again.
    NotExecuted,
    /// Not executed because of a rate limit; costs no attempt.
    RateLimited,
    /// A quota that resets at a known time; the whole account waits.
    Parked,
    /// The token expired; refresh once.
    AuthExpired,
    /// The account cannot be used: revoked, suspended, billing, retired version.
    LaneBlocked,
    /// Refused for good: a field, a policy, a limit.
    Rejected,
    /// The platform says it exists already: look it up.
    MaybeOurs,
    /// Nobody knows.
    Unknown,
    /// Found by name after an unknown outcome and taken as ours.
    Adopted,
    /// Proved absent after an unknown outcome.
    Absent,
    /// Read back something else than expected: a person decides.
    Differs,
    /// The platform is still working on what it was given (a video); asked again, costs no attempt.
    NotReady,
}

/// The evidence of one answer, for the ledger and for the person who must decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What it means.
    pub class: OutcomeClass,
    /// When the answer was read.
    pub at: Timestamp,
    /// HTTP status, if one came.
    pub http_status: Option<u16>,
    /// The platform's code, `100/1885621`.
    pub code: Option<String>,
    /// The platform's request or trace id.
    pub request_id: Option<String>,
    /// The platform's words or the transport error, sanitised, at most 2 KiB.
    pub words: String,
    /// The field to blame, in the ticket's terms.
    pub field: Option<FieldPath>,
    /// The id the answer carried.
    pub external_id: Option<ExternalId>,
    /// Wait at least until then, if the platform said.
    pub wait_until: Option<Timestamp>,
}

impl Outcome {
    /// Done, with nothing further to say.
    pub const fn done(at: Timestamp) -> Self {
        Self {
            class: OutcomeClass::Done,
            at,
            http_status: None,
            code: None,
            request_id: None,
            words: String::new(),
            field: None,
            external_id: None,
            wait_until: None,
        }
    }
}

/// One look-up of an unknown outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUpRead {
    /// When.
    pub at: Timestamp,
    /// Objects with the exact name; `None` when the read does not count (failed, throttled, incomplete).
    pub found: Option<u32>,
    /// The matching ids, at most 8.
    pub ids: Vec<ExternalId>,
    /// What came back, in words.
    pub note: String,
}

/// One sending of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// From 1.
    pub n: u32,
    /// The engine start that sent it.
    pub epoch: u64,
    /// When the intent became durable.
    pub intent_at: Timestamp,
    /// SHA-256 over method, path and body as sent, without secrets.
    pub request_hash: Sha,
    /// How it ended; `None` while open.
    pub outcome: Option<Outcome>,
    /// Look-ups made because of it.
    pub reads: Vec<LookUpRead>,
}

/// An object a step made besides its own: the children of a tree that one call creates whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name there; empty where such objects have none.
    pub name: String,
    /// Its id there.
    pub external_id: ExternalId,
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Unique in the deploy: `campaign`, `ad_set`, `creative`, `ad`, `activate`.
    pub key: String,
    /// What it makes or changes.
    pub kind: ObjectKind,
    /// What it does.
    pub action: StepAction,
    /// The exact name it gives, for look-up; empty where the object has none.
    pub name: String,
    /// The step whose object contains this one.
    pub parent: Option<String>,
    /// Where it stands.
    pub state: StepState,
    /// The object, once known.
    pub external_id: Option<ExternalId>,
    /// What was made along with it, once known.
    pub made: Vec<Made>,
    /// Attempts, oldest first. Rate-limited ones are kept too; they count no try.
    pub attempts: Vec<Attempt>,
    /// Tries that count against the limit.
    pub tries: u32,
    /// Earliest next action on this step; `None` = at once.
    pub not_before: Option<Timestamp>,
    /// Since when nothing but waits (rate limits, processing) was heard; they cost no try, but not for ever.
    pub held_since: Option<Timestamp>,
}

impl Step {
    /// A step nobody has sent yet. `name` is empty where the object has none.
    pub fn planned(key: &str, kind: ObjectKind, action: StepAction, name: String, parent: Option<&str>) -> Self {
        Self {
            key: key.to_owned(),
            kind,
            action,
            name,
            parent: parent.map(str::to_owned),
            state: StepState::Planned,
            external_id: None,
            made: Vec::new(),
            attempts: Vec::new(),
            tries: 0,
            not_before: None,
            held_since: None,
        }
    }

    /// True while what is looked up may have been made, and switched on, by a store that was lost since: the attempt is
    /// one a restored store put here in its place, so nothing is known of its request.
    pub fn is_forgotten(&self) -> bool {
        self.attempts.last().is_some_and(|a| a.request_hash == Sha::default())
    }

    /// True when nothing is left to do.
    pub const fn is_settled(&self) -> bool {
        matches!(
            self.state,
            StepState::Confirmed | StepState::Abandoned | StepState::Compensated
        )
    }

    /// True while the platform may be doing something we do not know the end of.
    pub const fn is_in_doubt(&self) -> bool {
        matches!(
            self.state,
            StepState::Intent | StepState::Unknown | StepState::Reconciling
        )
    }
}

/// What a deploy waits for. The queue, the board and the "why not running" line all show this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its turn has not come; it runs as soon as a slot is free.
    Queued,
    /// A call is open right now.
    Running {
        /// The step.
        step: String,
    },
    /// Paused by somebody.
    Paused {
        /// Who.
        by: String,
    },
    /// Scheduled.
    NotBefore {
        /// When.
        at: Timestamp,
    },
    /// Another ticket on the same account goes first.
    LaneBusy {
        /// That ticket.
        ticket: TicketNo,
    },
    /// Waits after a failed try.
    Backoff {
        /// Tries used.
        tries: u32,
        /// Tries allowed.
        of: u32,
        /// Next try.
        at: Timestamp,
        /// What went wrong last.
        last: String,
    },
    /// The platform asked to wait.
    RateLimited {
        /// Next try.
        at: Timestamp,
        /// Where the wait came from.
        source: String,
    },
    /// A quota resets then.
    Parked {
        /// When.
        at: Timestamp,
        /// Which quota.
        source: String,
    },
    /// The account's breaker is open after transport failures.
    BreakerOpen {
        /// Next probe.
        at: Timestamp,
    },
    /// The account cannot be used until a person mends it.
    LaneBlocked {
        /// In the operator's words.
        reason: String,
    },
    /// An unknown outcome is being looked up.
    Reconciling {
        /// Reads made.
        read: u32,
        /// Reads planned.
        of: u32,
        /// Next read.
        at: Timestamp,
    },
    /// A person must answer.
    NeedsOperator {
        /// Since when.
        since: Timestamp,
        /// The question.
        question: String,
    },
    /// The engine is stopping.
    Draining,
    /// The engine takes no changes.
    ReadOnly {
        /// Why.
        why: String,
    },
    /// Over.
    Finished,
    /// A blackout window is in force.
    Blackout {
        /// Its end.
        until: Timestamp,
    },
    /// The platform is working on what it was given: a file, or a request it never answered.
    Processing {
        /// Asked again then.
        at: Timestamp,
        /// What the platform says about it.
        what: String,
    },
    /// Approvers have to agree first. Of tickets that are ready; a deploy that runs has its approvals.
    WaitsApproval {
        /// Approvals there are.
        given: u32,
        /// Approvals the rules ask for.
        needed: u32,
    },
}

impl Why {
    /// When something happens next by itself, if a time is known.
    pub const fn next_at(&self) -> Option<Timestamp> {
        match self {
            Self::NotBefore { at }
            | Self::Backoff { at, .. }
            | Self::RateLimited { at, .. }
            | Self::Parked { at, .. }
            | Self::BreakerOpen { at }
            | Self::Processing { at, .. }
            | Self::Reconciling { at, .. }
            | Self::Blackout { until: at } => Some(*at),
            _ => None,
        }
    }
}

/// How a deploy ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeployState {
    /// Work left.
    Open,
    /// Every step confirmed.
    Done,
    /// A step was refused or tries are spent.
    Failed,
    /// Called off.
    Cancelled,
    /// Taken back before anything was sent.
    Recalled,
}

/// What to do with objects that exist when a ticket is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leftovers {
    /// Leave them there, paused.
    KeepPaused,
    /// Archive them in reverse order.
    Archive,
}

/// One run of a ticket against its platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// Identity.
    pub id: DeployId,
    /// Its ticket.
    pub ticket: TicketId,
    /// Its ticket's number.
    pub no: TicketNo,
    /// Where it goes.
    pub platform: PlatformId,
    /// The account, its lane in the queue.
    pub account: AccountId,
    /// Order in the lane.
    pub priority: Priority,
    /// Hash QA judged; the executor checks it again before the first byte.
    pub payload_hash: Sha,
    /// What to send, frozen.
    pub job: Job,
    /// Open or how it ended.
    pub state: DeployState,
    /// The ledger.
    pub steps: Vec<Step>,
    /// Who paused it, while paused.
    pub paused_by: Option<String>,
    /// Somebody asked to cancel; done once nothing is in doubt.
    pub cancel: Option<Leftovers>,
    /// Not before this time.
    pub not_before: Option<Timestamp>,
    /// When the executor should look at it next; `None` = not by itself (paused, waits for a person, over).
    pub run_at: Option<Timestamp>,
    /// What it waits for, as last recorded. Live facts of the account (breaker, pause) are added when asked.
    pub why: Why,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}
