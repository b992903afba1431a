//! A ticket: one request to create or change something on one platform account.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    actor::Actor,
    approval::Review,
    ids::{CampaignId, ChannelId, DeployId, QaRunId, TicketId, TicketNo},
    json::{CanonicalJson, Sha},
    money::Budget,
    path::FieldPath,
    platform::{AccountId, ExternalId, ObjectKind, PlatformId},
    sanitise::excerpt,
    time::{Flight, Timestamp},
};

macro_rules! worded {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }, $what:literal) => {
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word in JSON, filters and files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl FromStr for $name {
            type Err = String;
            /// Case does not matter; `-` and `_` are the same.
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                let word = s.replace('-', "_").to_ascii_uppercase();
                Self::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| {
                    format!("\"{}\" is not a {}; known: {}", excerpt(s, 24), $what, [$($word),+].join(", "))
                })
            }
        }
    };
}

/// Where a ticket stands. No command carries a status: only decisions move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Being written.
    Draft,
    /// QA is looking at it.
    QaTesting,
    /// QA found an error.
    QaFailed,
    /// QA passed on exactly this content; may be deployed.
    ReadyForApi,
    /// The executor is on it.
    Deploying,
    /// Live, with every external id written back.
    TraffickedSuccess,
    /// The platform refused, or attempts are spent; what exists stays paused.
    Failed,
    /// Called off.
    Cancelled,
}
worded!(Status {
    Draft = "DRAFT", QaTesting = "QA_TESTING", QaFailed = "QA_FAILED", ReadyForApi = "READY_FOR_API",
    Deploying = "DEPLOYING", TraffickedSuccess = "TRAFFICKED_SUCCESS", Failed = "FAILED", Cancelled = "CANCELLED",
}, "status");

impl Status {
    /// True while somebody or something still has work with it.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::TraffickedSuccess | Self::Cancelled)
    }

    /// The word people read; what files and filters hold is [`Self::as_str`].
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::QaTesting => "QA",
            Self::QaFailed => "QA failed",
            Self::ReadyForApi => "Ready",
            Self::Deploying => "Deploying",
            Self::TraffickedSuccess => "Live",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
        }
    }
}

/// What the ticket asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestType {
    /// The whole chain, created paused, activated last.
    Create,
    /// Set a new absolute budget on what an earlier ticket created.
    UpdateBudget,
    /// Stop delivery.
    Pause,
    /// Start delivery again.
    Resume,
    /// Put away for good.
    Archive,
}
worded!(RequestType {
    Create = "CREATE", UpdateBudget = "UPDATE_BUDGET", Pause = "PAUSE", Resume = "RESUME", Archive = "ARCHIVE",
}, "request type");

/// Which ticket goes first on an account. Low numbers first in the queue would surprise; words do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// After everything else.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Before the usual.
    High,
    /// Now.
    Urgent,
}
worded!(Priority { Low = "LOW", Normal = "NORMAL", High = "HIGH", Urgent = "URGENT" }, "priority");

/// What a change request changes: an object an earlier ticket created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The ticket that created it.
    pub ticket: TicketId,
    /// Its number, for people.
    pub no: TicketNo,
    /// Campaign or ad set, the object that carries budget and status.
    pub kind: ObjectKind,
    /// The object.
    pub external_id: ExternalId,
    /// The budget as last known when the ticket was written: a different one on the platform means somebody changed it
    /// outside, and the executor asks instead of overwriting.
    pub seen_budget: Option<Budget>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Told, does not block.
    Warning,
    /// Blocks the deploy.
    Error,
}

/// One thing QA found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule, `budget.daily_limit`.
    pub rule: String,
    /// Blocking or not.
    pub severity: Severity,
    /// Where the cursor should go.
    pub field: FieldPath,
    /// What is wrong, with the offending value.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// The last QA run: what it judged and what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QaRecord {
    /// The run.
    pub run: QaRunId,
    /// Hash of the content it judged ([`Ticket::payload_hash`]).
    pub payload_hash: Sha,
    /// Hash of what it judged by: rule set, limits, governed values ([`crate::engine::qa::basis`]). All zero while it
    /// runs.
    pub basis: Sha,
    /// When it ended; `None` while it runs.
    pub finished_at: Option<Timestamp>,
    /// Everything it found.
    pub findings: Vec<Finding>,
}

impl QaRecord {
    /// True when the run ended without an error.
    pub fn passed(&self) -> bool {
        self.finished_at.is_some() && !self.findings.iter().any(|f| f.severity == Severity::Error)
    }
}

/// An object that exists on the platform because of this ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The ledger step that made it, `ad_set`.
    pub step: String,
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name there.
    pub name: String,
    /// Its id there.
    pub external_id: ExternalId,
}

/// Why a ticket failed, in words for the person who must decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureNote {
    /// The ledger step.
    pub step: String,
    /// What happened, with the platform's own words.
    pub reason: String,
    /// The field to blame, if the platform named one.
    pub field: Option<FieldPath>,
    /// What to do.
    pub remedy: String,
}

/// The ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Identity.
    pub id: TicketId,
    /// The number people say.
    pub no: TicketNo,
    /// The campaign it belongs to.
    pub campaign: CampaignId,
    /// The channel.
    pub channel: ChannelId,
    /// The channel's platform, kept here so that lists need no look-up.
    pub platform: PlatformId,
    /// The account it spends from.
    pub account: AccountId,
    /// The generated platform name, `DIS_US_META_2026_MoanaLaunch`. Never edited. Unique per account among CREATE
    /// tickets that are not cancelled without objects.
    pub name: String,
    /// What is asked.
    pub request: RequestType,
    /// What it changes; `None` for CREATE.
    pub target: Option<Target>,
    /// Where it stands.
    pub status: Status,
    /// Order in the account's queue.
    pub priority: Priority,
    /// The budget. Required by QA for CREATE and UPDATE_BUDGET.
    pub budget: Option<Budget>,
    /// First and last day. Required by QA for CREATE.
    pub flight: Option<Flight>,
    /// The platform's own fields by object: `{"campaign":{..},"ad_set":{..},"creative":{..},"ad":{..}}`, named as the
    /// platform names them. Names, budgets, dates, ids and statuses are not in it: `plan` adds those.
    pub payload: CanonicalJson,
    /// Free words for colleagues; not sent anywhere, voids nothing.
    pub notes: String,
    /// Login name of who takes care of it; empty for nobody.
    pub assignee: String,
    /// Who wrote it.
    pub created_by: Actor,
    /// When.
    pub created_at: Timestamp,
    /// Who changed its content last.
    pub updated_by: Actor,
    /// When anything about it changed last.
    pub updated_at: Timestamp,
    /// The last QA run.
    pub qa: Option<QaRecord>,
    /// The open or last deploy.
    pub deploy: Option<DeployId>,
    /// What exists on the platform because of it.
    pub created: Vec<Created>,
    /// The budget the created object carries now, as far as we know: set when it goes live, moved by UPDATE_BUDGET
    /// tickets. What the next change compares the platform with.
    pub live_budget: Option<Budget>,
    /// Why it failed, while it is FAILED.
    pub failure: Option<FailureNote>,
    /// The ticket it was cloned from.
    pub cloned_from: Option<TicketNo>,
    /// What approvers said.
    #[serde(default)]
    pub review: Review,
}

impl Ticket {
    /// Hash of everything that can change a byte sent: request type, platform, account, name, target, budget, flight,
    /// payload. Notes and assignee are not in it, so a comment voids neither QA nor an approval.
    pub fn payload_hash(&self) -> Sha {
        let value = serde_json::json!({
            "request": self.request,
            "platform": self.platform,
            "account": self.account,
            "name": self.name,
            "target": self.target.as_ref().map(|t| serde_json::json!({
                "kind": t.kind, "external_id": t.external_id, "seen_budget": t.seen_budget,
            })),
            "budget": self.budget,
            "flight": self.flight,
            "payload": self.payload,
        });
        CanonicalJson::new(&value).hash()
    }
}
