//! Who did it. Comes from the host (the process owner, later the socket's peer credentials), never from a request.

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

    /// True for the engine's own parts.
    pub const fn is_engine(&self) -> bool {
        self.uid.is_none()
    }
}
