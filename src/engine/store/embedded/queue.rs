//! What the writer thread has to do, bounded, reads first.
//!
//! Why not a channel: commits and reads share one thread and need different treatment (a full queue refuses commits at
//! once; a read must not wait behind a thousand commits), and the thread must wake up by time while index writes are
//! kept back and sleep for good while they are not.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc::SyncSender},
    time::Duration,
};

use tokio::sync::oneshot;

use crate::engine::store::{
    Commit, Committed, Head, Key, Observer, Row, StoreError, Wanted, journal::writer::GROUP_BYTES,
};

/// Most commits of one group.
const GROUP_MAX: usize = 512;
/// What a commit costs in the journal beside its bodies, roughly.
const COMMIT_OVERHEAD: usize = 512;

/// Rows in the order asked for, or why not.
pub type Rows = Result<Vec<Option<Row>>, StoreError>;

/// A commit and where its answer goes.
pub struct CommitJob {
    /// The commit.
    pub commit: Commit,
    /// Its answer; the caller may be gone.
    pub answer: oneshot::Sender<Result<Committed, StoreError>>,
}

/// A request for whole rows.
pub struct ReadJob {
    /// Which.
    pub keys: Vec<Key>,
    /// The rows in the same order.
    pub answer: oneshot::Sender<Rows>,
}

/// A request to follow the store.
pub struct AttachJob {
    /// These rows are sent first.
    pub wanted: Wanted,
    /// Called from then on.
    pub observer: Arc<dyn Observer>,
    /// Rows, then the head.
    pub send: SyncSender<Result<AttachPart, StoreError>>,
}

/// What comes back of an [`AttachJob`].
pub enum AttachPart {
    /// Some rows.
    Rows(Vec<Row>),
    /// That was all; they stand at this head.
    Done(Head),
}

/// The next thing to do.
pub enum Work {
    /// Read rows.
    Read(ReadJob),
    /// Send rows and follow.
    Attach(AttachJob),
    /// Write commits.
    Group(Vec<CommitJob>),
    /// The time is up, nothing came.
    Idle,
    /// No more will come.
    Closed,
}

#[derive(Default)]
struct State {
    commits: VecDeque<CommitJob>,
    reads: VecDeque<ReadJob>,
    attach: VecDeque<AttachJob>,
    closed: bool,
}

/// The writer's queue.
pub struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    bound: usize,
}

impl Queue {
    /// One that takes at most `bound` waiting commits.
    pub fn new(bound: usize) -> Self {
        Self {
            state: Mutex::default(),
            wake: Condvar::new(),
            bound,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a commit, or says why not.
    pub fn commit(&self, commit: Commit) -> Result<oneshot::Receiver<Result<Committed, StoreError>>, StoreError> {
        let (answer, wait) = oneshot::channel();
        let mut state = self.state();
        if state.closed {
            return Err(closed());
        }
        if state.commits.len() >= self.bound {
            return Err(StoreError::Busy);
        }
        state.commits.push_back(CommitJob { commit, answer });
        self.wake.notify_one();
        Ok(wait)
    }

    /// Queues a read.
    pub fn read(&self, keys: Vec<Key>) -> Result<oneshot::Receiver<Rows>, StoreError> {
        let (answer, wait) = oneshot::channel();
        let mut state = self.state();
        if state.closed {
            return Err(closed());
        }
        if state.reads.len() >= self.bound {
            return Err(StoreError::Busy);
        }
        state.reads.push_back(ReadJob { keys, answer });
        self.wake.notify_one();
        Ok(wait)
    }

    /// Queues a follower.
    pub fn attach(&self, job: AttachJob) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.closed {
            return Err(closed());
        }
        state.attach.push_back(job);
        self.wake.notify_one();
        Ok(())
    }

    /// Takes nothing new; what is queued is still done.
    pub fn close(&self) {
        self.state().closed = true;
        self.wake.notify_all();
    }

    /// Waits for work, at most for `patience` if given.
    pub fn next(&self, patience: Option<Duration>) -> Work {
        let mut state = self.state();
        loop {
            if let Some(work) = take(&mut state) {
                return work;
            }
            state = match patience {
                None => self.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(time) => {
                    let (mut state, _) = self
                        .wake
                        .wait_timeout(state, time)
                        .unwrap_or_else(PoisonError::into_inner);
                    return take(&mut state).unwrap_or(Work::Idle);
                }
            };
        }
    }
}

fn take(state: &mut State) -> Option<Work> {
    if let Some(job) = state.reads.pop_front() {
        return Some(Work::Read(job));
    }
    if let Some(job) = state.attach.pop_front() {
        return Some(Work::Attach(job));
    }
    let mut group = Vec::new();
    let mut bytes = 0;
    while let Some(job) = state.commits.front() {
        bytes += COMMIT_OVERHEAD + job.commit.put.iter().map(|p| p.body.len() + 256).sum::<usize>();
        if group.len() == GROUP_MAX || (bytes > GROUP_BYTES && !group.is_empty()) {
            break;
        }
        group.extend(state.commits.pop_front());
    }
    if !group.is_empty() {
        return Some(Work::Group(group));
    }
    state.closed.then_some(Work::Closed)
}

/// The answer after [`Queue::close`].
pub fn closed() -> StoreError {
    StoreError::ReadOnly("the store is closed".to_owned())
}
