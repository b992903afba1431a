//! A payload judged while it is written: what QA would say of it, before it is anybody's ticket. Changes nothing.

use serde::{Deserialize, Serialize};

use crate::engine::model::{ids::TicketId, json::CanonicalJson, platform::PlatformId};

/// A payload to judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeAsk {
    /// The ticket it would be of: everything QA knows is judged. `None` = a new one: only the platform's fields are.
    pub ticket: Option<TicketId>,
    /// The platform.
    pub platform: PlatformId,
    /// The payload.
    pub payload: CanonicalJson,
}
