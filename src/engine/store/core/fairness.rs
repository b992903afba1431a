//! Accounts take turns, whatever their queues look like.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proptest::prelude::*;
use uuid::Uuid;

use super::due::{Due, Turn};
use crate::engine::{
    model::{ids::LeaseId, platform::PlatformId, ticket::Priority, time::Timestamp},
    store::{Claim, Columns, Key},
};

fn turn(account: usize, run_at: Timestamp, priority: Priority) -> Option<Turn> {
    Turn::of(&Columns {
        run_at: Some(run_at),
        platform: Some(PlatformId::Meta),
        account: Some(format!("act_{account}").parse().unwrap()),
        priority: Some(priority),
        ..Columns::default()
    })
}

proptest! {
    /// While several accounts have work, none is served twice more than another; inside one, priority goes before time.
    #[test]
    fn accounts_take_turns(
        queues in prop::collection::vec(1_usize..20, 2..8),
        urgent in any::<prop::sample::Index>(),
        limit in 1_usize..4,
    ) {
        let now = Timestamp::from_micros(0).plus(Duration::from_secs(1000));
        let mut due = Due::default();
        for (account, rows) in queues.iter().enumerate() {
            let urgent = urgent.index(*rows);
            for n in 0..*rows {
                let priority = if n == urgent { Priority::Urgent } else { Priority::Normal };
                let at = Timestamp::from_micros(0).plus(Duration::from_secs(n as u64));
                due.set(&Key::new(format!("deploy/{account}/{n}")), turn(account, at, priority));
            }
        }
        let mut ids = 0_u128;
        let mut served: BTreeMap<usize, usize> = BTreeMap::new();
        for _ in 0..queues.iter().sum::<usize>() * 2 {
            let claim = Claim { now, ttl: Duration::from_secs(60), limit, per_account: 1, skip: BTreeSet::new(), epoch: 0 };
            let leases = due.claim(&claim, &mut || {
                ids += 1;
                LeaseId::new(Uuid::from_u128(ids))
            });
            for lease in leases {
                let mut parts = lease.key.as_str().split('/').skip(1).map(|p| p.parse::<usize>().unwrap());
                let (account, n) = (parts.next().unwrap(), parts.next().unwrap());
                let before = served.entry(account).or_default();
                if *before == 0 {
                    prop_assert_eq!(n, urgent.index(queues[account]), "priority first");
                }
                *before += 1;
                due.set(&lease.key, None);
                due.release(lease.id);
                // Whoever still has work was served at most one time less.
                for (other, rows) in queues.iter().enumerate() {
                    let theirs = served.get(&other).copied().unwrap_or(0);
                    prop_assert!(theirs == *rows || theirs + 1 >= served[&account], "{served:?} of {queues:?}");
                }
            }
        }
        prop_assert_eq!(served.values().sum::<usize>(), queues.iter().sum::<usize>());
    }
}
