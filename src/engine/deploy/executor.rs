//! Claims due deploys and drives them, many accounts at once, one deploy per account at a time.
//!
//! No work while idle: it sleeps until a commit, the next due time, or the release of a stopped lane.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::drive::Driver;
use crate::{
    engine::{
        model::{actor::Actor, ids::DeployId},
        service::Engine,
        store::{Claim, Lease, StoreError},
    },
    platforms::transport::Transport,
};

/// How long a lease holds: well above the longest call.
const LEASE: Duration = Duration::from_secs(60);
/// Leases are extended this often while a deploy is driven.
const RENEW_EVERY: Duration = Duration::from_secs(15);
/// Longest sleep: a safety net should a wake-up ever be missed.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// A deploy that was due and could not be moved is left alone this long.
const NO_PROGRESS: Duration = Duration::from_secs(1);

/// How many calls at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// Calls open at once in all.
    pub total: usize,
    /// Deploys driven at once per account.
    pub per_account: usize,
}

impl Concurrency {
    /// No deploys at all.
    pub const NONE: Self = Self {
        total: 0,
        per_account: 0,
    };

    /// Deploys driven at once in all. More than calls: while some write their intents and outcomes down, the others keep
    /// every call busy. Not many more: an intent that still waits for its call is looked up after a crash.
    const fn driven(self) -> usize {
        self.total.saturating_mul(2)
    }
}

impl Default for Concurrency {
    fn default() -> Self {
        Self {
            total: 64,
            per_account: 1,
        }
    }
}

/// Runs until told to stop, then lets open calls finish and records what came. The caller bounds how long it waits;
/// what is cut off stays an intent and is looked up at the next start.
pub async fn run(
    engine: Arc<Engine>,
    transport: Arc<dyn Transport>,
    concurrency: Concurrency,
    stop: CancellationToken,
) {
    let driver = Arc::new(Driver {
        engine: Arc::clone(&engine),
        transport,
        actor: Actor::engine("executor"),
        calls: Semaphore::new(concurrency.total),
    });
    let mut head = engine.watch();
    let mut running: JoinSet<()> = JoinSet::new();
    while !stop.is_cancelled() {
        // Many end at once when the commits of a group are acknowledged together: one claim for all of them.
        while running.try_join_next().is_some() {}
        let now = engine.clock().now();
        let limit = concurrency.driven().saturating_sub(running.len());
        let mut full = limit == 0;
        if !full {
            let claim = Claim {
                now,
                ttl: LEASE,
                limit,
                per_account: concurrency.per_account,
                skip: engine.standing_still(now),
                epoch: engine.epoch(),
            };
            match engine.claim(claim).await {
                Ok(leases) => {
                    for lease in leases {
                        running.spawn(drive(Arc::clone(&driver), lease, stop.clone()));
                    }
                    full = running.len() >= concurrency.driven();
                }
                Err(error @ StoreError::Fenced(_)) => {
                    tracing::error!(%error, "this engine sends nothing any more");
                    break;
                }
                Err(error) => tracing::warn!(%error, "no deploy could be claimed"),
            }
        }
        let sleep = if full {
            LONGEST_SLEEP
        } else {
            engine.until_next_due(now).min(LONGEST_SLEEP)
        };
        tokio::select! {
            biased; // every branch only wakes the loop: a fixed order keeps a simulation the same every time
            () = stop.cancelled() => {}
            Some(_) = running.join_next(), if !running.is_empty() => {}
            changed = head.changed(), if !full => if changed.is_err() { break },
            () = engine.lane_freed() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

async fn drive(driver: Arc<Driver>, lease: Lease, stop: CancellationToken) {
    let Some(id) = lease
        .key
        .as_str()
        .strip_prefix("deploy/")
        .and_then(|id| id.parse::<DeployId>().ok())
    else {
        tracing::error!(key = %lease.key, "a claimed row is not a deploy");
        return;
    };
    let halt = stop.child_token();
    let work = driver.run(id, &lease, &halt);
    let renew = async {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            if let Err(error) = driver.engine.renew(&lease, LEASE).await {
                tracing::warn!(%id, %error, "a lease was lost; no further step starts under it");
                halt.cancel();
                std::future::pending::<()>().await;
            }
        }
    };
    let progress = tokio::select! {
        biased;
        result = work => match result {
            Ok(moves) => moves > 0,
            Err(error) => {
                tracing::warn!(%id, %error, "a deploy was left where it stands");
                false
            }
        },
        () = renew => false,
    };
    if !progress {
        // Due, and yet nothing could be done: keeping the lease a moment keeps it from being claimed in a circle.
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = tokio::time::sleep(NO_PROGRESS) => {}
        }
    }
    driver.engine.release(&lease).await;
}
