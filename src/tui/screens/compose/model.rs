//! What a new ticket's form knows besides its fields.

use std::collections::BTreeMap;

use crate::{
    engine::{
        api::{Preview, TicketRows},
        model::{catalogue::Catalogue, platform::PlatformId},
    },
    tui::app::{effect::SlotId, slot::Slot},
};

/// A new ticket being written.
#[derive(Debug)]
pub struct Compose {
    /// What it would be called.
    pub preview: Slot<Preview>,
    /// Tickets a change request may name.
    pub targets: Slot<TicketRows>,
    /// The platform whose fields the form shows, and those fields.
    pub catalogue: Option<(PlatformId, Catalogue)>,
    /// What the form filled in by itself, by key: it may be filled in anew while nobody has changed it.
    pub filled: BTreeMap<String, String>,
}

impl Default for Compose {
    fn default() -> Self {
        Self {
            preview: Slot::new(SlotId::Preview),
            targets: Slot::new(SlotId::Targets),
            catalogue: None,
            filled: BTreeMap::new(),
        }
    }
}
