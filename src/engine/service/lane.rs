//! What the executor needs from the engine: claims, leases and the state of lanes.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::sync::watch;

use super::{Engine, why};
use crate::{
    engine::{
        api::{ApiError, Notice},
        deploy::{lanes::Lanes, ledger},
        model::{
            blackout,
            deploy::{Deploy, Step, StepAction, Why},
            ids::{DeployId, TicketId},
            platform::{AccountId, PlatformId},
            time::Timestamp,
        },
        policy::Policy,
        store::{
            Claim, Head, Lease, StoreError, codec,
            schema::{Owner, keys},
        },
    },
    platforms::Platform,
};

impl Engine {
    /// The head as it moves.
    pub(crate) fn watch(&self) -> watch::Receiver<Head> {
        self.store.watch()
    }

    /// A platform's code.
    pub(crate) fn platform(&self, id: PlatformId) -> Option<&Arc<dyn Platform>> {
        self.platforms.get(&id)
    }

    /// A random number for jitter.
    pub(crate) fn random(&self) -> u64 {
        self.entropy.below(u64::MAX)
    }

    /// Tells consoles something that is not a commit.
    pub(crate) fn tell(&self, notice: Notice) {
        self.notify(notice);
    }

    /// An open deploy as the newest acknowledged commit left it; `None` when it is over.
    pub(crate) fn open_deploy(&self, ticket: TicketId, id: DeployId) -> Option<Arc<Deploy>> {
        self.projection.read(|s| {
            let open = s.deploys.get(&ticket).filter(|d| d.deploy.id == id)?;
            Some(Arc::clone(&open.deploy))
        })
    }

    /// Takes due deploys.
    pub(crate) async fn claim(&self, claim: Claim) -> Result<Vec<Lease>, StoreError> {
        if let Some(why) = self.store.read_only() {
            return Err(StoreError::ReadOnly(why));
        }
        self.store.claim(claim).await
    }

    /// Keeps a lease.
    pub(crate) async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<(), StoreError> {
        self.store.renew(lease, self.clock.now().plus(ttl)).await.map(drop)
    }

    /// Gives a lease back.
    pub(crate) async fn release(&self, lease: &Lease) {
        if let Err(error) = self.store.release(lease).await {
            tracing::warn!(%error, "a lease could not be given back; it ends by itself");
        }
    }

    /// Accounts that take no new step now: held by a person, or stopped by their lane.
    pub(crate) fn standing_still(&self, now: Timestamp) -> BTreeSet<(PlatformId, AccountId)> {
        let mut still: BTreeSet<_> = self.lanes.all_stopped(now).into_iter().collect();
        self.projection.read(|s| {
            if s.holds.is_empty() && !self.lanes.any_platform_down(now) {
                return;
            }
            let deploys = s.deploys.values().map(|d| (d.deploy.platform, &d.deploy.account));
            let lanes: BTreeSet<_> = deploys.collect();
            for (platform, account) in lanes {
                if why::stopped(s, &self.lanes, platform, account, now).is_some() {
                    still.insert((platform, account.clone()));
                }
            }
        });
        still
    }

    /// True when an account takes no new step now.
    pub(crate) fn lane_stopped(&self, platform: PlatformId, account: &AccountId, now: Timestamp) -> bool {
        self.projection
            .read(|s| why::stopped(s, &self.lanes, platform, account, now))
            .is_some()
    }

    /// Takes over the waits that open deploys recorded before a restart.
    pub(crate) fn seed_lanes(&self) {
        let now = self.clock.now();
        self.projection
            .read(|s| self.lanes.seed(s.deploys.values().map(|d| d.deploy.as_ref()), now));
    }

    /// The lanes.
    pub(crate) fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Limits and schedules.
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// True from the moment the engine was told to stop.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// No new step from now on; what waits says so.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        self.notify(Notice::Lanes);
    }

    /// Until when a blackout window keeps a step from being sent.
    pub(crate) fn blackout(&self, deploy: &Deploy, step: &Step, now: Timestamp) -> Option<Timestamp> {
        if self.policy.blackouts.is_empty() {
            return None;
        }
        let place = self.projection.read(|s| {
            let campaign = &deploy.job.campaign;
            blackout::Place {
                platform: deploy.platform,
                market: s.markets.get(&campaign.market).map(|m| m.value.code.clone()),
                brand: s.brands.get(&campaign.brand).map(|b| b.value.code.clone()),
            }
        });
        blackout::until(&self.policy.blackouts, &place, blackout::scope_of(deploy, step)?, now)
    }

    /// What a step has to wait for that another deploy sent to the same object and got no answer to.
    pub(crate) async fn echo_of_others(
        &self,
        deploy: &Deploy,
        step: &Step,
        now: Timestamp,
    ) -> Result<Option<Why>, ApiError> {
        let Some(object) = ledger::object_of(deploy, step).filter(|_| step.action == StepAction::Set) else {
            return Ok(None);
        };
        let key = keys::echo(deploy.platform, &deploy.account, &object);
        let Some(row) = self.row(&key).await? else {
            return Ok(None);
        };
        let owner: Owner = codec::decode(&row.body).map_err(|e| ApiError::Unavailable(e.to_string()))?;
        let earlier = match owner.id.parse() {
            Ok(id) if id != deploy.id => self.deploy(id).await?,
            _ => return Ok(None),
        };
        Ok(ledger::echo_of(&earlier, deploy, &object, &self.policy, now))
    }

    /// Waits until somebody let a blocked account go on.
    pub(crate) async fn lane_freed(&self) {
        self.lanes.freed().await;
    }

    /// Lets the account of a ticket go on if it was blocked: whoever asks for a retry has mended it, or wants to know.
    pub(super) fn free_lane_of(&self, id: TicketId) {
        let card = self.projection.read(|s| s.cards.get(&id).cloned());
        if let Some(card) = card {
            self.lanes.release(card.platform, &card.account);
            self.notify(Notice::Lanes);
        }
    }

    /// How long until a deploy is due or a lane goes on; at least a millisecond, so that a due deploy which cannot be
    /// claimed (its account is busy) waits for the commit that frees it instead of spinning.
    pub(crate) fn until_next_due(&self, now: Timestamp) -> Duration {
        let future = self.projection.read(|s| {
            let after = (now.plus(Duration::from_micros(1)), TicketId::new(uuid::Uuid::nil()));
            s.due.range(after..).next().map(|(at, _)| *at)
        });
        let release = self.lanes.next_release(now);
        let next = [future, release].into_iter().flatten().min();
        next.map_or(Duration::MAX, |at| at.since(now).max(Duration::from_millis(1)))
    }
}
