//! The engine says no: always a value with a field, a reason and a remedy. Console and CLI print the same words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{path::FieldPath, time::Timestamp};

/// Why a request was refused. Decides the exit code and the wording's colour; nothing ever parses the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// There is no such thing.
    NotFound,
    /// It changed since you looked.
    Stale,
    /// Your role does not allow it.
    NotAllowed,
    /// Not in this state.
    WrongState,
    /// A field is wrong.
    Invalid,
    /// QA must pass first, on exactly this content and these rules.
    QaRequired,
    /// Somebody must approve first.
    ApprovalRequired,
    /// Nobody approves their own work.
    SelfApproval,
    /// Too big to be kept.
    TooLarge,
    /// It exists already.
    Duplicate,
    /// The command id was used for something else.
    CommandIdReused,
    /// Something still refers to it.
    InUse,
    /// The engine takes no changes now.
    ReadOnly,
    /// No room on the disk.
    DiskFull,
    /// Too much at once; nothing was done.
    Busy,
    /// This build cannot do that.
    Unsupported,
}

impl RefusalCode {
    /// The process exit code this maps to: 3 refused, 4 conflict, 5 unavailable.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Stale | Self::CommandIdReused => 4,
            Self::Busy | Self::DiskFull => 5,
            _ => 3,
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where; `None` when it is about the whole.
    pub field: Option<FieldPath>,
    /// What is wrong, in one sentence with the offending value.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem with one field.
    pub fn at(field: impl Into<FieldPath>, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    /// A problem with the whole.
    pub fn whole(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            field: None,
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }
}

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryHint {
    /// Not as it is.
    Never,
    /// After looking at the present state.
    Refresh,
    /// At this time.
    At(Timestamp),
}

/// A refusal: every problem at once, not the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The kind.
    pub code: RefusalCode,
    /// What is wrong; never empty.
    pub problems: Vec<Problem>,
    /// Whether trying again can help.
    pub retry: RetryHint,
}

impl Refusal {
    /// A refusal with one problem.
    pub fn new(code: RefusalCode, problem: Problem) -> Self {
        let retry = match code {
            RefusalCode::Stale | RefusalCode::Busy => RetryHint::Refresh,
            _ => RetryHint::Never,
        };
        Self {
            code,
            problems: vec![problem],
            retry,
        }
    }

    /// An [`RefusalCode::Invalid`] refusal with every problem found.
    pub fn invalid(problems: Vec<Problem>) -> Self {
        Self {
            code: RefusalCode::Invalid,
            problems,
            retry: RetryHint::Never,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, p) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            if let Some(field) = &p.field {
                write!(f, "{field}: ")?;
            }
            f.write_str(&p.reason)?;
            if !p.remedy.is_empty() {
                write!(f, " ({})", p.remedy)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
