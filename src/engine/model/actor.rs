//! Who did it. Comes from the host (the process owner, or the socket's peer credentials), never from a request.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What somebody may do. A higher role includes the lower ones, except that approving one's own work stays barred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads, asks the copilot.
    Viewer,
    /// Writes tickets, deploys, stops.
    Trafficker,
    /// Also approves and answers questions of the executor.
    Approver,
    /// Also governs markets, brands, channels, rules and the store.
    Admin,
}

impl Role {
    /// Every role, the lowest first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Trafficker, Self::Approver, Self::Admin];

    /// The stable word in configuration, JSON and sentences.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Trafficker => "trafficker",
            Self::Approver => "approver",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|r| r.as_str() == text);
        known.ok_or_else(|| {
            let shown = super::sanitise::excerpt(text, 24);
            format!("\"{shown}\" is not a role; known: viewer, trafficker, approver, admin")
        })
    }
}

/// Somebody, or a part of the engine, in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Unix user id; `None` for the engine's own parts.
    pub uid: Option<u32>,
    /// Login name, or `engine/executor`, `engine/qa`, `engine/import`.
    pub name: String,
    /// Highest role held.
    pub role: Role,
    /// Through what: `console`, `cli`, `engine`.
    pub client: String,
}

impl Actor {
    /// A part of the engine acting on its own.
    pub fn engine(part: &str) -> Self {
        Self {
            uid: None,
            name: format!("engine/{part}"),
            role: Role::Admin,
            client: "engine".to_owned(),
        }
    }

    /// True when both are one person: by user id or by login name, because one login may be reached in two ways.
    pub fn is_same_person(&self, other: &Self) -> bool {
        !self.is_engine() && !other.is_engine() && (self.uid == other.uid || self.name == other.name)
    }

    /// True for the engine's own parts.
    pub const fn is_engine(&self) -> bool {
        self.uid.is_none()
    }
}
