//! The facts of one decision, fetched as the decision asks for them.
//!
//! `decide` is synchronous and pure; rows may be on disk or, one day, in another process. What the store has in memory is
//! answered at once. A row that is not at hand is answered with "absent" and noted; the caller fetches what was noted and decides again. The first answers are thrown
//! away, which costs nothing because deciding has no effect.

use std::{cell::RefCell, collections::HashMap};

use super::Engine;
use crate::{
    engine::{
        decide::View,
        model::{
            deploy::{Job, Step},
            governance::Account,
            json::Sha,
            platform::PlatformId,
            refusal::Problem,
        },
        policy::Policy,
        qa,
        store::{Key, Row},
    },
    platforms::KnownIds,
};

pub(super) struct Snapshot<'e> {
    engine: &'e Engine,
    epoch: u64,
    rows: RefCell<HashMap<Key, Option<Row>>>,
    missing: RefCell<Vec<Key>>,
}

impl<'e> Snapshot<'e> {
    pub(super) fn new(engine: &'e Engine) -> Self {
        let epoch = engine.epoch();
        Self {
            engine,
            epoch,
            rows: RefCell::default(),
            missing: RefCell::default(),
        }
    }

    /// Keys asked for and not at hand, taken out.
    pub(super) fn missing(&self) -> Vec<Key> {
        let mut keys = self.missing.take();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    pub(super) fn add(&self, key: Key, row: Option<Row>) {
        self.rows.borrow_mut().insert(key, row);
    }

    fn unknown_platform(platform: PlatformId) -> Problem {
        Problem::at(
            "platform",
            format!("this build cannot speak to {platform}"),
            "use a channel on another platform, or install a newer build",
        )
    }
}

impl View for Snapshot<'_> {
    fn row(&self, key: &Key) -> Option<Row> {
        if let Some(row) = self.rows.borrow().get(key) {
            return row.clone();
        }
        let Ok(row) = self.engine.store.at_hand(key) else {
            self.missing.borrow_mut().push(key.clone());
            return None;
        };
        // Kept: a decision that asks twice must see the same version twice.
        self.add(key.clone(), row.clone());
        row
    }

    fn policy(&self) -> &Policy {
        &self.engine.policy
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn steps(&self, platform: PlatformId, job: &Job) -> Result<Vec<Step>, Vec<Problem>> {
        match self.engine.platforms.get(&platform) {
            Some(p) => p.steps(job),
            None => Err(vec![Self::unknown_platform(platform)]),
        }
    }

    fn speaks(&self, platform: PlatformId) -> bool {
        self.engine.platforms.contains_key(&platform)
    }

    fn check_account(&self, account: &Account, platform: PlatformId) -> Result<(), Problem> {
        match self.engine.platforms.get(&platform) {
            Some(p) => p.check_account(account),
            // Said once, at the platform itself.
            None => Ok(()),
        }
    }

    fn archive_steps(&self, platform: PlatformId, job: &Job, confirmed: &[Step]) -> Vec<Step> {
        self.engine
            .platforms
            .get(&platform)
            .map(|p| p.archive_steps(job, confirmed))
            .unwrap_or_default()
    }

    fn request_hash(&self, platform: PlatformId, job: &Job, step: &Step, known: &[Step]) -> Option<Sha> {
        let platform = self.engine.platforms.get(&platform)?;
        platform.plan(job, step, &known_ids(known)).ok().map(|r| r.hash())
    }

    fn rules(&self) -> Sha {
        qa::version_in_force()
    }
}

/// Ids of the steps that have one.
pub(crate) fn known_ids(steps: &[Step]) -> KnownIds {
    steps
        .iter()
        .filter_map(|s| s.external_id.clone().map(|id| (s.key.clone(), id)))
        .collect()
}
