//! What a change of a governed value touches, and that it still does when it is carried out.
//!
//! Invariant: what a person agreed to by its counts is refused once they moved; nothing is counted twice in two ways.

use std::collections::BTreeMap;

use super::Engine;
use crate::engine::{
    api::{ApiError, Counted, Done, Impact},
    decide::command::{Command, CommandKind},
    model::{
        actor::Actor,
        campaign::Campaign,
        ids::CampaignId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::Status,
    },
    view::State,
};

impl Engine {
    /// What a command on a governed value would touch.
    pub(super) async fn impact(&self, command: &Command, actor: &Actor) -> Impact {
        let refusal = match self.dry_run(command, actor).await {
            Ok(_) => None,
            Err(ApiError::Refused(r)) => Some(*r),
            Err(other) => Some(Refusal::new(
                RefusalCode::Busy,
                Problem::whole(other.to_string(), "try again"),
            )),
        };
        let (Counted { campaigns, tickets }, at) = self.projection.read(|s| (counted(s, &command.kind), s.seq));
        Impact {
            campaigns,
            lines: tickets.iter().map(line).collect(),
            tickets,
            refusal,
            at,
        }
    }

    /// Refuses a command that no longer touches what was counted for it. `Some` = it was carried out before: whoever
    /// sends it again hears that.
    pub(super) async fn counts_moved(&self, command: &Command, seen: &Counted) -> Result<Option<Done>, ApiError> {
        let now = self.projection.read(|s| counted(s, &command.kind));
        if now == *seen {
            return Ok(None);
        }
        if let Some(done) = self.first_answer(command).await? {
            return Ok(Some(done));
        }
        let words = format!("what it touches moved meanwhile: counted were {seen}; now it is {now}");
        let remedy = "nothing was changed; ask again and look at the new counts";
        Err(Refusal::new(RefusalCode::Stale, Problem::whole(words, remedy)).into())
    }
}

/// The consequence for the tickets of one status.
fn line((status, n): &(Status, u64)) -> String {
    match status {
        Status::TraffickedSuccess => format!("{n} {status}: keep their names on the platform"),
        Status::Deploying => format!("{n} {status}: go on with what was frozen when they started"),
        _ => format!("{n} {status}: keep their generated names"),
    }
}

/// Counts the campaigns and tickets below what a command changes.
fn counted(s: &State, kind: &CommandKind) -> Counted {
    let of = |test: &dyn Fn(&Campaign) -> bool| -> Vec<CampaignId> {
        let all = s.campaigns.values().filter(|c| test(&c.value));
        all.map(|c| c.value.id).collect()
    };
    let mut tickets: BTreeMap<Status, u64> = BTreeMap::new();
    let campaigns = match kind {
        CommandKind::MarketUpdate { id, .. } | CommandKind::MarketDelete { id, .. } => of(&|c| c.market == *id),
        CommandKind::BrandUpdate { id, .. } | CommandKind::BrandDelete { id, .. } => of(&|c| c.brand == *id),
        CommandKind::CampaignUpdate { id, .. } | CommandKind::CampaignDelete { id, .. } => of(&|c| c.id == *id),
        CommandKind::ChannelUpdate { id, .. } | CommandKind::ChannelDelete { id, .. } => {
            let channel = s.channels.get(id).map(|c| &c.value);
            for card in s.cards.values() {
                if channel.is_some_and(|c| c.account(&card.account).is_some()) {
                    *tickets.entry(card.status).or_default() += 1;
                }
            }
            Vec::new()
        }
        _ => Vec::new(),
    };
    for id in &campaigns {
        for (status, n) in s.by_campaign.get(id).into_iter().flatten() {
            *tickets.entry(*status).or_default() += n;
        }
    }
    // A status everything has left counts as one that never was.
    tickets.retain(|_, n| *n > 0);
    Counted {
        campaigns: campaigns.len() as u64,
        tickets: tickets.into_iter().collect(),
    }
}
