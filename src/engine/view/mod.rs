//! What is true now, in memory: governed values, ticket cards, open deploys. Fed by the store, read by every query.
//!
//! Why: lists, boards and the header are asked for many times a second by many consoles; none of them may wait for a
//! disk. A whole ticket comes from the store by key; everything a list shows is here.
//!
//! Invariants
//! - Applied in sequence order, before the commit is acknowledged: whoever committed sees it.
//! - Never the truth: dropped and loaded again at every start.

mod apply;
mod approvals;
mod findings;
mod lists;
pub mod queries;
mod state;
mod window;

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::broadcast;

pub use findings::{Sketch, Sketched};
pub use lists::Lists;
pub use state::{OpenDeploy, State};

use super::{
    api::Notice,
    model::approval::ApprovalRule,
    store::{Applied, Kind, Observer, Row, Wanted},
};

/// Notices kept for a slow console before it is told to ask again.
const NOTICES: usize = 4096;

/// The rows a projection begins with. Claims and counters are nothing anybody lists, and of deploys that ended a few of
/// the newest are.
pub fn wanted() -> Wanted {
    let shown = |k: &&Kind| !matches!(k, Kind::Claim | Kind::Counter);
    Wanted {
        kinds: Kind::ALL.iter().filter(shown).copied().collect(),
        ended: state::FINISHED_KEPT,
    }
}

/// The projection with its lock and its feed of notices.
#[derive(Debug)]
pub struct Projection {
    state: RwLock<State>,
    notices: broadcast::Sender<Notice>,
}

impl Default for Projection {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Projection {
    /// An empty one. `approval_rules` are those in force: lists say which tickets wait for approval.
    pub fn new(approval_rules: Vec<ApprovalRule>) -> Self {
        Self {
            state: RwLock::new(State {
                approval_rules,
                ..State::default()
            }),
            notices: broadcast::channel(NOTICES).0,
        }
    }

    /// Reads under the lock: keep it short, clone what must outlive it.
    pub fn read<T>(&self, f: impl FnOnce(&State) -> T) -> T {
        // A poisoned lock means a bug in `apply` panicked; what is there is still the last applied state.
        f(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes rows at start, before anything is committed.
    pub fn load(&self, rows: impl IntoIterator<Item = Row>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            state.put_row(&row, None);
        }
        state.refresh_touched();
    }

    /// Sets the head after loading.
    pub fn loaded(&self, head: super::model::event::Seq) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.seq = head;
        state.refresh_all();
    }

    /// Notices from now on.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Tells everybody something that is not a commit.
    pub fn notify(&self, notice: Notice) {
        // Nobody listening is fine.
        let _ = self.notices.send(notice);
    }
}

impl Observer for Projection {
    fn applied(&self, group: &[&Applied]) {
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            for applied in group {
                state.apply(applied);
            }
        }
        for applied in group {
            self.notify(Notice::Event(Arc::clone(&applied.event)));
        }
    }

    fn health(&self) {
        self.notify(Notice::Health);
    }
}
