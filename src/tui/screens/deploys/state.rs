//! A deploy's state in a glyph and a word, and how many are in which.

use crate::{
    engine::{
        api::card::DeployCard,
        model::{
            deploy::{StepState, Why},
            ticket::Status,
        },
    },
    tui::{
        screens::board::view::word,
        theme::{Glyphs, Role},
    },
};

/// What a row of the queue says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A person must answer.
    NeedsYou,
    /// An answer was lost and is looked up.
    Unknown,
    /// A call is open.
    Running,
    /// Paused by a person, it or its account.
    Paused,
    /// Its account cannot be used.
    Blocked,
    /// It goes on by itself.
    Waiting,
    /// Over.
    Over(Status),
}

impl State {
    /// Of a row.
    pub const fn of(card: &DeployCard) -> Self {
        if !matches!(card.status, Status::Deploying) {
            return Self::Over(card.status);
        }
        match (card.glance.state, &card.glance.why) {
            (StepState::NeedsOperator, _) => Self::NeedsYou,
            (_, Why::Paused { .. }) => Self::Paused,
            (StepState::Unknown | StepState::Reconciling, _) => Self::Unknown,
            (_, Why::LaneBlocked { .. } | Why::BreakerOpen { .. } | Why::ReadOnly { .. }) => Self::Blocked,
            (_, Why::Running { .. }) | (StepState::Intent, _) => Self::Running,
            _ => Self::Waiting,
        }
    }

    /// Glyph and word.
    pub const fn words(self, glyphs: Glyphs) -> (&'static str, &'static str) {
        match self {
            Self::NeedsYou => (glyphs.step(StepState::NeedsOperator), "NEEDS YOU"),
            Self::Unknown => (glyphs.step(StepState::Unknown), "UNKNOWN"),
            Self::Running => (glyphs.step(StepState::Intent), "RUNNING"),
            Self::Paused => ("=", "PAUSED"),
            Self::Blocked => (glyphs.problem(), "BLOCKED"),
            Self::Waiting => (glyphs.step(StepState::Planned), "WAITING"),
            Self::Over(status) => (glyphs.status(status), word(status)),
        }
    }

    /// How it looks.
    pub const fn role(self) -> Role {
        match self {
            Self::NeedsYou => Role::Alarm,
            Self::Unknown | Self::Paused => Role::Warn,
            Self::Running => Role::Busy,
            Self::Blocked => Role::Error,
            Self::Waiting => Role::Info,
            Self::Over(status) => Role::of_status(status),
        }
    }

    /// How a sentence about it looks: a reversed paragraph is a wall.
    pub const fn role_in_text(self) -> Role {
        match self {
            Self::NeedsYou => Role::Error,
            Self::Waiting => Role::Text,
            other => other.role(),
        }
    }
}

/// How many rows are in which state, in the order people must look.
pub fn counts(rows: &[DeployCard]) -> Vec<(State, usize)> {
    let states = [
        State::NeedsYou,
        State::Unknown,
        State::Blocked,
        State::Paused,
        State::Running,
        State::Waiting,
    ];
    states
        .into_iter()
        .map(|s| (s, rows.iter().filter(|r| State::of(r) == s).count()))
        .filter(|(_, n)| *n > 0)
        .collect()
}
