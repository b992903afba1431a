//! What live objects have different from what was sent.

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    difference::Difference,
    ids::{TicketId, TicketNo},
    platform::{AccountId, ExternalId, PlatformId},
};

/// How a live object compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftState {
    /// Nothing that is compared differs.
    Same,
    /// Something differs.
    Differs,
    /// It is not there any more, or hidden from the token.
    Gone,
    /// It could not be read now.
    Unread,
}

impl DriftState {
    /// The word in JSON and in lists.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Gone => "gone",
            Self::Unread => "unread",
        }
    }
}

/// One object, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveObject {
    /// The platform's word for its kind: "Ad set".
    pub word: String,
    /// The step that made or changed it.
    pub step: String,
    /// Its id.
    pub id: ExternalId,
    /// How it compares.
    pub state: DriftState,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Why it could not be compared, if so.
    pub words: String,
}

/// The objects of a ticket, compared with what was sent last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// Its platform name.
    pub name: String,
    /// The platform.
    pub platform: PlatformId,
    /// The account.
    pub account: AccountId,
    /// Its objects, in the order they were made.
    pub objects: Vec<LiveObject>,
}

impl Drift {
    /// True when everything is as it was sent.
    pub fn is_none(&self) -> bool {
        self.objects.iter().all(|o| o.state == DriftState::Same)
    }
}
