//! Whose turn it is: due rows by account, and who works on which.
//!
//! Why by account: one account with 500 tickets must not starve the rest, so accounts take turns and only inside an
//! account does priority count.
//!
//! Invariants
//! - A row is under at most one lease; a lease that ran out is nobody's.
//! - Leases live in memory only: a new engine start ends all of them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use crate::engine::{
    model::{
        ids::LeaseId,
        platform::{AccountId, PlatformId},
        ticket::Priority,
        time::Timestamp,
    },
    store::{Claim, Columns, Key, Lease},
};

/// The account a row counts against.
pub type Lane = (PlatformId, AccountId);

/// When and where a row is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    lane: Lane,
    run_at: Timestamp,
    priority: Priority,
}

impl Turn {
    /// What the columns say; `None` when the row is not due by itself. A time without an account is nobody's turn.
    pub fn of(c: &Columns) -> Option<Self> {
        Some(Self {
            run_at: c.run_at?,
            lane: (c.platform?, c.account.clone()?),
            priority: c.priority.unwrap_or_default(),
        })
    }
}

/// One account's queue. Rows under a lease are in neither set.
#[derive(Debug, Default)]
struct LaneQueue {
    /// Not due when last looked at, by time.
    waiting: BTreeSet<(Timestamp, Key)>,
    /// Due when last looked at, in the order they are taken.
    ready: BTreeSet<(Reverse<Priority>, Timestamp, Key)>,
    leased: usize,
}

impl LaneQueue {
    fn remove(&mut self, key: &Key, turn: &Turn) {
        if !self.waiting.remove(&(turn.run_at, key.clone())) {
            self.ready.remove(&(Reverse(turn.priority), turn.run_at, key.clone()));
        }
    }

    fn is_idle(&self) -> bool {
        self.leased == 0 && self.waiting.is_empty() && self.ready.is_empty()
    }

    /// The first row to take at `now`, left in its set.
    fn next(&mut self, now: Timestamp, turns: &HashMap<Key, Turn>) -> Option<Key> {
        while let Some((at, _)) = self.waiting.first()
            && *at <= now
            && let Some((at, key)) = self.waiting.pop_first()
        {
            let priority = turns.get(&key).map(|t| t.priority).unwrap_or_default();
            self.ready.insert((Reverse(priority), at, key));
        }
        // The clock may have gone back since a row was found due: skip such rows, do not run them early.
        self.ready
            .iter()
            .find(|(_, at, _)| *at <= now)
            .map(|(_, _, key)| key.clone())
    }
}

/// The due queue and the leases.
#[derive(Debug, Default)]
pub struct Due {
    turns: HashMap<Key, Turn>,
    lanes: BTreeMap<Lane, LaneQueue>,
    leases: HashMap<LeaseId, Lease>,
    held: HashMap<Key, LeaseId>,
    ends: BTreeSet<(Timestamp, LeaseId)>,
    /// The account served last: the next claim starts after it.
    last: Option<Lane>,
}

impl Due {
    /// Says when a row is due; `None` = not by itself.
    pub fn set(&mut self, key: &Key, turn: Option<Turn>) {
        if turn.is_none() && !self.turns.contains_key(key) {
            return;
        }
        self.unqueue(key);
        match turn {
            Some(turn) => {
                self.turns.insert(key.clone(), turn);
                self.queue(key);
            }
            None => {
                self.turns.remove(key);
            }
        }
    }

    fn queue(&mut self, key: &Key) {
        if self.held.contains_key(key) {
            return;
        }
        if let Some(turn) = self.turns.get(key) {
            let lane = self.lanes.entry(turn.lane.clone()).or_default();
            lane.waiting.insert((turn.run_at, key.clone()));
        }
    }

    fn unqueue(&mut self, key: &Key) {
        let Some(turn) = self.turns.get(key) else { return };
        if let Some(lane) = self.lanes.get_mut(&turn.lane) {
            lane.remove(key, turn);
            if lane.is_idle() {
                self.lanes.remove(&turn.lane);
            }
        }
    }

    /// True when the lease is held at `now`.
    pub fn holds(&self, id: LeaseId, now: Timestamp) -> bool {
        self.leases.get(&id).is_some_and(|l| now <= l.until)
    }

    /// Extends a lease that still holds.
    pub fn renew(&mut self, id: LeaseId, until: Timestamp, now: Timestamp) -> Option<Lease> {
        let lease = self.leases.get_mut(&id).filter(|l| now <= l.until)?;
        self.ends.remove(&(lease.until, id));
        lease.until = until;
        self.ends.insert((until, id));
        Some(lease.clone())
    }

    /// Ends a lease; unknown ones are ignored.
    pub fn release(&mut self, id: LeaseId) {
        let Some(lease) = self.leases.remove(&id) else { return };
        self.ends.remove(&(lease.until, id));
        self.held.remove(&lease.key);
        if let Some(lane) = self.lanes.get_mut(&lease.account) {
            lane.leased = lane.leased.saturating_sub(1);
            if lane.is_idle() {
                self.lanes.remove(&lease.account);
            }
        }
        self.queue(&lease.key);
    }

    /// Ends every lease.
    pub fn drop_leases(&mut self) {
        let ids: Vec<LeaseId> = self.ends.iter().map(|(_, id)| *id).collect();
        for id in ids {
            self.release(id);
        }
    }

    /// Takes due rows, one account after the other.
    pub fn claim(&mut self, claim: &Claim, mint: &mut dyn FnMut() -> LeaseId) -> Vec<Lease> {
        while let Some((until, id)) = self.ends.first().copied()
            && until < claim.now
        {
            self.release(id);
        }
        let mut taken = Vec::new();
        while taken.len() < claim.limit
            && let Some(lease) = self.take_next(claim, mint)
        {
            taken.push(lease);
        }
        taken
    }

    /// One row of the first account that has something to take, beginning after the account served last.
    fn take_next(&mut self, claim: &Claim, mint: &mut dyn FnMut() -> LeaseId) -> Option<Lease> {
        let turns = &self.turns;
        let take = |(lane, queue): (&Lane, &mut LaneQueue)| {
            if queue.leased >= claim.per_account || claim.skip.contains(lane) {
                return None;
            }
            let key = queue.next(claim.now, turns)?;
            queue.remove(&key, turns.get(&key)?);
            queue.leased += 1;
            Some((lane.clone(), key))
        };
        let (lane, key) = match &self.last {
            Some(last) => {
                let after = (Bound::Excluded(last), Bound::Unbounded);
                let found = self.lanes.range_mut(after).find_map(take);
                found.or_else(|| self.lanes.range_mut(..=last).find_map(take))?
            }
            None => self.lanes.iter_mut().find_map(take)?,
        };
        let lease = Lease {
            id: mint(),
            key: key.clone(),
            account: lane.clone(),
            until: claim.now.plus(claim.ttl),
        };
        self.held.insert(key, lease.id);
        self.ends.insert((lease.until, lease.id));
        self.leases.insert(lease.id, lease.clone());
        self.last = Some(lane);
        Some(lease)
    }
}
