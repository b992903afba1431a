//! What a piece of text is, as opposed to how it looks.

use crate::engine::model::{deploy::StepState, ticket::Status};

/// The colour family of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tint {
    Plain,
    Accent,
    Muted,
    Info,
    Ready,
    Busy,
    Ok,
    Warn,
    Error,
}

impl Tint {
    /// Every tint with a colour of its own, by its word in theme files.
    pub(super) const NAMED: [(Self, &'static str); 8] = [
        (Self::Accent, "accent"),
        (Self::Muted, "muted"),
        (Self::Info, "info"),
        (Self::Ready, "ready"),
        (Self::Busy, "busy"),
        (Self::Ok, "ok"),
        (Self::Warn, "warn"),
        (Self::Error, "error"),
    ];
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Body text: the terminal's own foreground.
    #[default]
    Text,
    /// Headlines.
    Strong,
    /// Where you are: the focused border, the current tab.
    Accent,
    /// What you can press.
    Key,
    /// Less important words, borders, blanks of a form.
    Muted,
    /// News without judgement.
    Info,
    /// May be deployed.
    Ready,
    /// Something is running.
    Busy,
    /// Done and well.
    Ok,
    /// Look at it.
    Warn,
    /// Wrong.
    Error,
    /// Wrong, and somebody must act: reversed.
    Alarm,
}

impl Role {
    pub(super) const fn tint(self) -> Tint {
        match self {
            Self::Text | Self::Strong => Tint::Plain,
            Self::Accent | Self::Key => Tint::Accent,
            Self::Muted => Tint::Muted,
            Self::Info => Tint::Info,
            Self::Ready => Tint::Ready,
            Self::Busy => Tint::Busy,
            Self::Ok => Tint::Ok,
            Self::Warn => Tint::Warn,
            Self::Error | Self::Alarm => Tint::Error,
        }
    }

    pub(super) const fn is_bold(self) -> bool {
        matches!(self, Self::Strong | Self::Key)
    }

    pub(super) const fn is_reversed(self) -> bool {
        matches!(self, Self::Alarm)
    }

    /// The role of a ticket's status.
    pub const fn of_status(status: Status) -> Self {
        match status {
            Status::Draft | Status::Cancelled => Self::Muted,
            Status::QaTesting => Self::Info,
            Status::QaFailed => Self::Error,
            Status::ReadyForApi => Self::Ready,
            Status::Deploying => Self::Busy,
            Status::TraffickedSuccess => Self::Ok,
            Status::Failed => Self::Alarm,
        }
    }

    /// The role of a step's state.
    pub const fn of_step(state: StepState) -> Self {
        match state {
            StepState::Planned | StepState::Abandoned | StepState::Compensated => Self::Muted,
            StepState::Intent => Self::Busy,
            StepState::Unknown | StepState::Reconciling => Self::Warn,
            StepState::Confirmed => Self::Ok,
            StepState::Rejected => Self::Error,
            StepState::NeedsOperator => Self::Alarm,
        }
    }
}
