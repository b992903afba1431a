//! A store that forgets: for tests, simulations and the demo.
//!
//! No thread of its own: a commit runs where it is awaited, so that a simulation on one thread is the same every time.
//! It makes the same records and the same chain as the embedded store, so that what is refused there is refused here.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::{
    Applied, Away, Claim, Commit, Committed, Fut, Head, Key, Kind, Lease, LocalStore, Observer, Page, Row, Scan, Store,
    StoreError, Wanted,
    assets::{Assets, MemoryAssets},
    core::{Core, Resident, Stage},
};
use crate::engine::{
    clock::{Clock, Entropy},
    model::{
        event::{Event, Seq},
        ids::{CommandId, LeaseId},
        json::Sha,
        time::Timestamp,
    },
};

/// Earlier forms kept of every row.
const FORMS_KEPT: usize = 32;

struct State {
    core: Core,
    events: Vec<Arc<Event>>,
    /// What rows were, oldest first.
    forms: HashMap<Key, VecDeque<(Seq, Row)>>,
    observer: Option<Arc<dyn Observer>>,
}

impl State {
    /// Keeps what a commit wrote of what people edit, so that it can be taken back.
    fn remember(&mut self, applied: &Applied) {
        for row in applied.put.iter().filter(|r| r.kind.is_edited()) {
            let forms = self.forms.entry(row.key.clone()).or_default();
            if forms.len() == FORMS_KEPT {
                forms.pop_front();
            }
            forms.push_back((applied.event.seq, row.clone()));
        }
    }
}

/// The store in memory.
pub struct MemoryStore {
    state: Mutex<State>,
    head: watch::Sender<Head>,
    assets: Arc<MemoryAssets>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl MemoryStore {
    /// An empty store. The clock judges leases, the entropy makes their ids.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            state: Mutex::new(State {
                core: Core::new(Resident::All),
                events: Vec::new(),
                forms: HashMap::new(),
                observer: None,
            }),
            head: watch::Sender::new(Head::default()),
            assets: Arc::default(),
            clock,
            entropy,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Staging changes nothing and applying cannot fail half-way, so a panic elsewhere leaves no broken state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit_now(&self, commit: Commit) -> Result<Committed, StoreError> {
        let mut state = self.state();
        let before = state.core.head().seq;
        let group = state.core.stage(
            vec![commit],
            &Stage {
                now: self.clock.now(),
                group_start: 0,
                admit: &|_| Ok(()),
            },
        );
        for staged in &group.staged {
            state.core.apply(staged);
            state.events.push(staged.applied.event.clone());
            state.remember(&staged.applied);
        }
        state.core.forget_commands(self.clock.now());
        let applied: Vec<_> = group.staged.iter().map(|s| &s.applied).collect();
        if !applied.is_empty() {
            if let Some(observer) = &state.observer {
                observer.applied(&applied);
            }
            self.head.send_replace(state.core.head());
        }
        match group.verdicts.into_iter().next() {
            Some(verdict) => verdict.answer(before, None),
            None => Err(StoreError::Io("the commit got no answer".to_owned())),
        }
    }
}

impl Store for MemoryStore {
    fn commit(&self, commit: Commit) -> Fut<'_, Committed> {
        Box::pin(async move { self.commit_now(commit) })
    }

    fn known(&self, command: CommandId, hash: Sha) -> Fut<'_, Option<Committed>> {
        Box::pin(async move {
            let state = self.state();
            let core = &state.core;
            let head = core.head().seq;
            core.known(command, &hash).map(|v| v.answer(head, None)).transpose()
        })
    }

    fn get<'a>(&'a self, key: &'a Key) -> Fut<'a, Option<Row>> {
        Box::pin(async move { Ok(self.state().core.row(key)) })
    }

    fn at_hand(&self, key: &Key) -> Result<Option<Row>, Away> {
        Ok(self.state().core.row(key))
    }

    fn scan(&self, scan: Scan) -> Fut<'_, Page> {
        Box::pin(async move {
            let state = self.state();
            let (keys, next) = state.core.scan(&scan);
            let rows = keys.iter().filter_map(|k| state.core.row(k)).collect();
            Ok(Page { rows, next })
        })
    }

    fn claim(&self, claim: Claim) -> Fut<'_, Vec<Lease>> {
        Box::pin(async move {
            let mut mint = || LeaseId::new(self.entropy.uuid(claim.now));
            self.state().core.claim(&claim, &mut mint)
        })
    }

    fn renew<'a>(&'a self, lease: &'a Lease, until: Timestamp) -> Fut<'a, Lease> {
        Box::pin(async move { self.state().core.renew(lease, until, self.clock.now()) })
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> Fut<'a, ()> {
        Box::pin(async move {
            self.state().core.release(lease);
            Ok(())
        })
    }

    fn events(&self, after: Seq, limit: usize) -> Fut<'_, Vec<Event>> {
        Box::pin(async move {
            let from = usize::try_from(after.0).unwrap_or(usize::MAX);
            let state = self.state();
            Ok(state
                .events
                .iter()
                .skip(from)
                .take(limit)
                .map(|e| (**e).clone())
                .collect())
        })
    }

    fn written<'a>(&'a self, key: &'a Key, up_to: Seq) -> Fut<'a, Option<(Seq, Row)>> {
        Box::pin(async move {
            let state = self.state();
            let forms = state.forms.get(key);
            Ok(forms.and_then(|f| f.iter().rev().find(|(seq, _)| *seq <= up_to).cloned()))
        })
    }

    fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    fn read_only(&self) -> Option<String> {
        None
    }
}

impl LocalStore for MemoryStore {
    fn attach(
        &self,
        wanted: &Wanted,
        observer: Arc<dyn Observer>,
        load: &mut dyn FnMut(Row),
    ) -> Result<Head, StoreError> {
        let mut state = self.state();
        for kind in Kind::ALL {
            let keys = state.core.wanted(*kind, wanted);
            keys.iter().filter_map(|k| state.core.row(k)).for_each(&mut *load);
        }
        state.observer = Some(observer);
        Ok(state.core.head())
    }

    fn epoch(&self) -> u64 {
        self.state().core.epoch()
    }

    fn assets(&self) -> Arc<dyn Assets> {
        Arc::clone(&self.assets) as Arc<dyn Assets>
    }

    fn close(&self) -> Result<(), StoreError> {
        self.state().observer = None;
        Ok(())
    }
}
