//! What may happen to a ticket in which status: the house's transition table, in one place.
//!
//! Console and CLI ask it what to offer; every decision asks it before anything else. What is not in it is refused as
//! `WrongState`, with the statuses it works in.

use crate::engine::model::{
    refusal::{Problem, Refusal, RefusalCode},
    ticket::{Status, Ticket},
};

/// Something that can be done to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Change what QA judges: budget, flight, payload.
    Edit,
    /// Change notes, assignee or priority: voids nothing.
    EditAside,
    /// Remove it.
    Delete,
    /// Copy it into a new draft.
    Clone,
    /// Ask for QA.
    SubmitQa,
    /// Take in what QA found.
    QaResult,
    /// Take it back to draft.
    Withdraw,
    /// Call it off.
    Cancel,
    /// Agree that it is deployed as it is.
    Approve,
    /// Refuse that.
    Decline,
    /// Start a deploy.
    Deploy,
    /// Take a failed deploy up again, or try an open one at once.
    Retry,
    /// Pause its deploy.
    Pause,
    /// Let its deploy go on.
    Resume,
    /// Take its deploy back.
    Recall,
    /// Answer the executor's question.
    Resolve,
}

impl Act {
    /// Everything that can be done.
    pub const ALL: &'static [Self] = &[
        Self::Edit,
        Self::EditAside,
        Self::Delete,
        Self::Clone,
        Self::SubmitQa,
        Self::QaResult,
        Self::Withdraw,
        Self::Cancel,
        Self::Approve,
        Self::Decline,
        Self::Deploy,
        Self::Retry,
        Self::Pause,
        Self::Resume,
        Self::Recall,
        Self::Resolve,
    ];

    /// The statuses it works in.
    pub const fn allowed_in(self) -> &'static [Status] {
        use Status as S;
        match self {
            Self::Edit => &[S::Draft, S::QaTesting, S::QaFailed, S::ReadyForApi, S::Failed],
            Self::EditAside => Status::ALL,
            Self::Delete => &[S::Draft, S::QaFailed, S::ReadyForApi, S::Cancelled],
            Self::Clone => &[S::TraffickedSuccess, S::Cancelled],
            // From READY_FOR_API too: rules or governed values may have changed since it passed.
            Self::SubmitQa => &[S::Draft, S::QaFailed, S::ReadyForApi],
            Self::QaResult => &[S::QaTesting],
            Self::Withdraw => &[S::QaTesting, S::ReadyForApi],
            Self::Cancel => &[
                S::Draft,
                S::QaTesting,
                S::QaFailed,
                S::ReadyForApi,
                S::Deploying,
                S::Failed,
            ],
            Self::Approve | Self::Decline | Self::Deploy => &[S::ReadyForApi],
            // While DEPLOYING it drops the wait of a backoff.
            Self::Retry => &[S::Deploying, S::Failed],
            Self::Pause | Self::Resume | Self::Recall | Self::Resolve => &[S::Deploying],
        }
    }

    /// True when it works in this status.
    pub fn works_in(self, status: Status) -> bool {
        self.allowed_in().contains(&status)
    }

    /// Completes "cannot be ...".
    const fn done(self) -> &'static str {
        match self {
            Self::Edit | Self::EditAside => "edited",
            Self::Delete => "removed",
            Self::Clone => "cloned",
            Self::SubmitQa => "sent to QA",
            Self::QaResult => "judged by QA",
            Self::Withdraw => "withdrawn",
            Self::Cancel => "cancelled",
            Self::Approve => "approved",
            Self::Decline => "declined",
            Self::Deploy => "deployed",
            Self::Retry => "retried",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Recall => "recalled",
            Self::Resolve => "answered",
        }
    }

    /// What to do instead, where the status suggests something.
    const fn instead(self, status: Status) -> Option<&'static str> {
        match (self, status) {
            (Self::Edit, Status::Deploying) => Some("recall or cancel the deploy first"),
            (Self::Edit, Status::TraffickedSuccess) => {
                Some("write a change ticket (UPDATE_BUDGET, PAUSE ...) for what is live, or clone it")
            }
            (Self::Edit, Status::Cancelled) => Some("clone it"),
            (Self::Delete, Status::QaTesting) => Some("withdraw it from QA first"),
            (Self::Delete | Self::Cancel, Status::TraffickedSuccess) => {
                Some("its objects are live: write a PAUSE or ARCHIVE ticket for them")
            }
            (Self::Delete, Status::Deploying | Status::Failed) => Some("cancel it instead; its history stays"),
            (Self::Approve | Self::Deploy, Status::Draft | Status::QaFailed) => Some("send it to QA first"),
            (Self::Approve | Self::Decline | Self::Deploy, Status::QaTesting) => Some("wait for QA; it takes a moment"),
            (Self::Deploy, Status::Failed) => Some("retry it, or edit it and send it to QA again"),
            (Self::Deploy | Self::SubmitQa, Status::Deploying) => Some("it is under way already"),
            (Self::SubmitQa, Status::Failed) => Some("retry it, or edit it first"),
            _ => None,
        }
    }
}

/// Refuses what the table does not hold.
pub fn require(ticket: &Ticket, act: Act) -> Result<(), Refusal> {
    if act.works_in(ticket.status) {
        return Ok(());
    }
    let words: Vec<&str> = act.allowed_in().iter().map(|s| s.as_str()).collect();
    let remedy = act
        .instead(ticket.status)
        .map_or_else(|| format!("this works in {}", words.join(", ")), str::to_owned);
    Err(Refusal::new(
        RefusalCode::WrongState,
        Problem::whole(
            format!(
                "ticket {} is {} and cannot be {}",
                ticket.no,
                ticket.status.word(),
                act.done()
            ),
            remedy,
        ),
    ))
}
