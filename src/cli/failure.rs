//! How a verb fails: a code, every problem with its field and remedy, and the exit code. The same on paper and in JSON.

use serde::Serialize;

use super::output::word;
use crate::{
    engine::{
        api::ApiError,
        model::refusal::{Problem, Refusal, RefusalCode, RetryHint},
    },
    textfile::FileProblem,
};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// The file it is in, if it is about a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The field.
    pub field: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl From<Problem> for Complaint {
    fn from(p: Problem) -> Self {
        Self {
            file: None,
            line: None,
            field: p.field.map(|f| f.0),
            reason: p.reason,
            remedy: p.remedy,
        }
    }
}

impl From<FileProblem> for Complaint {
    fn from(p: FileProblem) -> Self {
        Self {
            file: Some(p.file),
            line: p.line,
            field: p.field.map(|f| f.0),
            reason: p.reason,
            remedy: p.remedy,
        }
    }
}

/// Why a verb did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// A stable word: a refusal's code, or `usage`, `failed`, `unavailable`, `damaged`, `disk_failed`, `internal`, `stopped`.
    pub code: String,
    /// Everything that is wrong; never empty.
    pub problems: Vec<Complaint>,
    /// Whether trying again can help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryHint>,
    /// The process's exit code.
    #[serde(rename = "exit_code")]
    pub exit: u8,
}

impl Failure {
    fn one(code: &str, exit: u8, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            problems: vec![Problem::whole(reason, remedy).into()],
            retry: None,
            exit,
        }
    }

    /// The command line makes no sense.
    pub fn usage(reason: impl Into<String>) -> Self {
        Self::one("usage", 2, reason, "see --help")
    }

    /// It was tried and did not work out.
    pub fn failed(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::one("failed", 1, reason, remedy)
    }

    /// Something needed is not there.
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Self::one("unavailable", 5, reason, "")
    }

    /// The store is damaged: neither a retry nor a restart heals it.
    pub fn damaged(reason: impl Into<String>) -> Self {
        Self::one("damaged", 6, reason, "")
    }

    /// The disk failed under a running engine: a restart by itself cannot heal it.
    pub fn disk_failed(reason: impl Into<String>) -> Self {
        Self::one("disk_failed", 7, reason, "")
    }

    /// A defect of ours.
    pub fn internal(reason: &str) -> Self {
        Self::one("internal", 1, format!("internal error: {reason}"), "please report it")
    }

    /// A signal ended it.
    pub fn stopped(exit: u8) -> Self {
        Self::one(
            "stopped",
            exit,
            "stopped before it was done",
            "look at the present state before you repeat it",
        )
    }

    /// Refused with one problem.
    pub fn refused(code: RefusalCode, problem: Problem) -> Self {
        Refusal::new(code, problem).into()
    }

    /// Values that do not fit.
    pub fn invalid(problems: Vec<Complaint>) -> Self {
        Self {
            code: word(&RefusalCode::Invalid),
            problems,
            retry: None,
            exit: RefusalCode::Invalid.exit_code(),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(r: Refusal) -> Self {
        Self {
            code: word(&r.code),
            exit: r.code.exit_code(),
            problems: r.problems.into_iter().map(Complaint::from).collect(),
            retry: Some(r.retry),
        }
    }
}

impl From<ApiError> for Failure {
    fn from(e: ApiError) -> Self {
        match e {
            ApiError::Refused(refusal) => (*refusal).into(),
            ApiError::Unavailable(why) => Self::unavailable(why),
            ApiError::Internal(why) => Self::internal(&why),
        }
    }
}

impl From<FileProblem> for Failure {
    fn from(p: FileProblem) -> Self {
        Self::invalid(vec![p.into()])
    }
}
