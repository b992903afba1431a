//! A deploy that a platform refused gets its proposal at once, where a rule knows a fix: whoever looks at the ticket
//! finds it waiting.
//!
//! Invariants
//! - It comes after the refusal is on the disk, never in its way: an engine that dies between looks again when it starts.
//! - It asks no model and applies nothing.

use std::{collections::BTreeMap, sync::Arc};

use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::engine::model::{ids::TicketId, ticket::Status};

/// Tickets an earlier engine left refused that are looked at when this one starts; the newest.
const LEFT_BEHIND: usize = 200;

/// Proposes fixes for tickets as they fail, until told to stop.
pub async fn run_healer(engine: Arc<Engine>, stop: CancellationToken) {
    let mut head = engine.store.watch();
    // Which failure was looked at, by the version of the ticket's row.
    let mut seen: BTreeMap<TicketId, u64> = engine.failed();
    let left: Vec<TicketId> = seen.keys().rev().take(LEFT_BEHIND).copied().collect();
    for id in left {
        seen.remove(&id);
    }
    let mut counted = None;
    loop {
        // Most commits fail nothing: they cost one comparison.
        let count = Some(engine.projection.read(|s| s.failures));
        let failed = if count == counted {
            BTreeMap::new()
        } else {
            engine.failed()
        };
        if count != counted {
            seen.retain(|id, version| failed.get(id) == Some(version));
        }
        counted = count;
        for (id, version) in failed {
            if stop.is_cancelled() {
                return;
            }
            if seen.insert(id, version) == Some(version) {
                continue;
            }
            match engine.heal_at_once(id).await {
                Ok(Some(no)) => tracing::info!(%no, "a fix of a refused deploy was proposed"),
                Ok(None) => {}
                // A person can still ask.
                Err(error) => tracing::warn!(%id, %error, "no fix could be proposed"),
            }
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            changed = head.changed() => if changed.is_err() { return },
        }
    }
}

impl Engine {
    /// Tickets a platform refused, with the versions of their rows.
    fn failed(&self) -> BTreeMap<TicketId, u64> {
        self.projection.read(|s| {
            let cards = s.refused.keys().filter_map(|id| s.cards.get(id));
            let failed = cards.filter(|c| c.status == Status::Failed);
            failed.map(|c| (c.id, c.version)).collect()
        })
    }
}
