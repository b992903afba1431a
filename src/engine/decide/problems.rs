//! Everything wrong with a command, gathered before anything is said: people mend all of it in one go.

use crate::engine::model::{
    path::FieldPath,
    refusal::{Problem, Refusal, RefusalCode, RetryHint},
};

/// Problems found so far.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<(RefusalCode, Problem)>,
}

impl Problems {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// True while nothing is wrong.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// A problem of any kind.
    pub fn push(&mut self, code: RefusalCode, problem: Problem) {
        self.list.push((code, problem));
    }

    /// A field with a wrong value.
    pub fn invalid(&mut self, field: impl Into<FieldPath>, reason: impl Into<String>, remedy: impl Into<String>) {
        self.push(RefusalCode::Invalid, Problem::at(field, reason, remedy));
    }

    /// A field whose value is taken by somebody else.
    pub fn duplicate(&mut self, field: impl Into<FieldPath>, reason: impl Into<String>, remedy: impl Into<String>) {
        self.push(RefusalCode::Duplicate, Problem::at(field, reason, remedy));
    }

    /// A refusal with everything found, or nothing. The code is that of the problems if they agree, else `Invalid`.
    pub fn check(self) -> Result<(), Refusal> {
        let Some((first, _)) = self.list.first() else {
            return Ok(());
        };
        let code = if self.list.iter().all(|(c, _)| c == first) {
            *first
        } else {
            RefusalCode::Invalid
        };
        Err(Refusal {
            code,
            problems: self.list.into_iter().map(|(_, p)| p).collect(),
            retry: RetryHint::Never,
        })
    }
}
