//! Runs QA on tickets that ask for it. The judging is pure ([`crate::engine::qa`]); this only carries facts to it and
//! the result back as an ordinary command.

use std::{sync::Arc, time::Duration};

use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::engine::{
    api::ApiError,
    decide::command::{Command, CommandKind},
    model::{
        actor::Actor,
        ids::TicketId,
        json::Sha,
        refusal::RefusalCode,
        ticket::{Finding, Ticket},
        time::{Day, Timestamp},
    },
    qa,
};

/// A result that could not be recorded (store busy, disk full) is tried again after this long.
const AGAIN: Duration = Duration::from_secs(30);

/// Results waiting to be durable at once: an import of hundreds must not wait for a sync each.
const AT_ONCE: usize = 32;

/// True when a judgement must be made again.
fn failed(judged: Option<Result<Result<(), ApiError>, JoinError>>) -> bool {
    !matches!(judged, None | Some(Ok(Ok(()))))
}

/// Judges every ticket in QA_TESTING, now and as they come, until told to stop. Tickets left in QA by an earlier engine
/// are in the projection's set from the start. `pace` is the least time one judgement takes.
pub async fn run_qa(engine: Arc<Engine>, pace: Duration, stop: CancellationToken) {
    let actor = Actor::engine("qa");
    let mut head = engine.store.watch();
    loop {
        let waiting: Vec<TicketId> = engine.projection.read(|s| s.in_qa.iter().copied().collect());
        let mut again = false;
        let mut judging = JoinSet::new();
        for id in waiting {
            if stop.is_cancelled() {
                return;
            }
            if !pace.is_zero() {
                tokio::time::sleep(pace).await;
            }
            if judging.len() >= AT_ONCE {
                again |= failed(judging.join_next().await);
            }
            let (engine, actor) = (Arc::clone(&engine), actor.clone());
            judging.spawn(async move {
                let judged = engine.judge(id, &actor).await;
                judged.inspect_err(|error| tracing::warn!(%id, %error, "QA could not be recorded"))
            });
        }
        while let Some(judged) = judging.join_next().await {
            again |= failed(Some(judged));
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AGAIN), if again => {}
            changed = head.changed() => if changed.is_err() { return },
        }
    }
}

impl Engine {
    /// Runs QA on one ticket and records the result. A ticket that changed meanwhile is left to its next run.
    async fn judge(&self, id: TicketId, actor: &Actor) -> Result<(), ApiError> {
        let ticket = self.ticket(id).await?.value;
        let Some(run) = ticket.qa.as_ref().filter(|q| q.finished_at.is_none()).map(|q| q.run) else {
            return Ok(());
        };
        let Some((basis, findings)) = self.qa_of(&ticket).await? else {
            return Ok(());
        };
        let kind = CommandKind::QaResult {
            id,
            run,
            payload_hash: ticket.payload_hash(),
            basis,
            findings,
        };
        match self
            .execute(
                &Command {
                    id: self.command_id(),
                    kind,
                },
                actor,
                None,
            )
            .await
        {
            Ok(_) => Ok(()),
            // It changed while it was judged: what it is now is judged in a run of its own.
            Err(ApiError::Refused(r)) if matches!(r.code, RefusalCode::Stale | RefusalCode::WrongState) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// What QA says of a ticket as it is given, and what it judged by; `None` when its campaign or channel is gone.
    pub(super) async fn qa_of(&self, ticket: &Ticket) -> Result<Option<(Sha, Vec<Finding>)>, ApiError> {
        let Some(platform) = self.platforms.get(&ticket.platform) else {
            return Err(ApiError::Unavailable(format!(
                "this build cannot speak to {}",
                ticket.platform
            )));
        };
        let rules = qa::rules_in_force();
        let job = self.job(ticket)?;
        let problems = platform.check(&job);
        let lost_files = self.lost_files(&ticket.payload).await?;
        let now = self.clock.now();
        let judged = self.projection.read(|s| {
            let campaign = s.campaigns.get(&ticket.campaign)?;
            let channel = s.channels.get(&ticket.channel)?;
            let facts = qa::Facts {
                campaign: &campaign.value,
                brand: &s.brands.get(&campaign.value.brand)?.value,
                market: &s.markets.get(&campaign.value.market)?.value,
                channel: &channel.value,
                codes: &s.codes_registered(),
                catalogue: platform.catalogue(),
                platform: &problems,
                lost_files: &lost_files,
                house: &s.house_rules,
                policy: &self.policy,
                today: today_at(now, &job.account.timezone),
            };
            let basis = qa::basis(
                qa::house::version(qa::version_in_force(), facts.house),
                facts.policy,
                facts.campaign,
                facts.brand,
                facts.market,
                facts.channel,
                &job.account,
            );
            Some((basis, qa::run(ticket, &facts, rules)))
        });
        Ok(judged)
    }
}

/// The calendar day it is in a zone; in UTC when the zone is not known here.
pub(super) fn today_at(now: Timestamp, zone: &str) -> Day {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    Day::new(now.jiff().to_zoned(zone).date())
}
