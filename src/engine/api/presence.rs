//! Who looks at which ticket now. Nothing of it is in the journal: it is true for as long as somebody is there.

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    ids::{TicketId, TicketNo},
    time::Timestamp,
};

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// The ticket they look at.
    pub ticket: TicketId,
    /// They have its form open.
    #[serde(default)]
    pub editing: bool,
}

/// Somebody at a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Their login name.
    pub name: String,
    /// Their user id, from the kernel.
    pub uid: Option<u32>,
    /// `console` or `cli`.
    pub client: String,
    /// The ticket's number.
    pub no: TicketNo,
    /// Where they are.
    #[serde(flatten)]
    pub at: At,
    /// Since when.
    pub since: Timestamp,
}
