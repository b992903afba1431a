//! Where an engine can be stopped: every touch of store and wire passes a gate, and the gate decides whether the engine
//! behind it goes on, stands still or is dead from this instant on.
//!
//! A killed process does not come back from a call; neither does a call behind a dead gate. A process that was stopped
//! and continued comes back late. Both are decided at the very point, not some polls later.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use omnitraffick::engine::{
    clock::Clock,
    model::{event::EventKind, time::Timestamp},
};
use tokio::sync::Notify;

/// The points between which an engine can die. The names follow what was done last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// Decided, nothing on disk (also: on disk, not synced, and lost).
    Decided(Deed),
    /// Durable, not acknowledged: neither index nor projection nor caller heard of it.
    Durable(Deed),
    /// A connection stands, no byte has left.
    Connected,
    /// The request has left, no answer came.
    Sent,
    /// The answer was read, nothing recorded.
    Answered,
    /// About to take due deploys.
    Claim,
    /// About to extend a lease.
    Renew,
}

/// What a commit records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// An intent.
    Intent,
    /// How an attempt ended.
    Outcome,
    /// A look-up.
    Look,
    /// An engine's start, and the intents it finds open.
    Start,
    /// What people and QA do.
    Other,
}

impl Deed {
    pub const fn of(kind: EventKind) -> Self {
        match kind {
            EventKind::StepIntent => Self::Intent,
            EventKind::StepConfirmed | EventKind::StepRejected | EventKind::StepWaiting | EventKind::StepUnknown => {
                Self::Outcome
            }
            EventKind::StepLookedUp | EventKind::StepAdopted | EventKind::StepAbsent | EventKind::OperatorNeeded => {
                Self::Look
            }
            EventKind::EngineStarted => Self::Start,
            _ => Self::Other,
        }
    }
}

/// Every point.
pub const POINTS: [Point; 15] = [
    Point::Decided(Deed::Intent),
    Point::Durable(Deed::Intent),
    Point::Decided(Deed::Outcome),
    Point::Durable(Deed::Outcome),
    Point::Decided(Deed::Look),
    Point::Durable(Deed::Look),
    Point::Decided(Deed::Start),
    Point::Durable(Deed::Start),
    Point::Decided(Deed::Other),
    Point::Durable(Deed::Other),
    Point::Connected,
    Point::Sent,
    Point::Answered,
    Point::Claim,
    Point::Renew,
];

/// What happens to the engine at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// `kill -9`.
    Kill,
    /// `kill -STOP`.
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Runs,
    Stands,
    Dead,
}

#[derive(Debug)]
struct State {
    life: Life,
    /// The blow that waits: at which point, at which passage of it.
    armed: Option<(Point, u32, Blow)>,
}

/// The gate of one engine.
#[derive(Debug)]
pub struct Gate {
    state: Mutex<State>,
    struck: Notify,
    moved: Notify,
}

impl Gate {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                life: Life::Runs,
                armed: None,
            }),
            struck: Notify::new(),
            moved: Notify::new(),
        })
    }

    /// The n-th passage of a point from now on strikes.
    pub fn arm(&self, point: Point, nth: u32, blow: Blow) {
        self.state.lock().unwrap().armed = Some((point, nth, blow));
    }

    /// Passes a point, or does not.
    pub async fn pass(&self, point: Point) {
        {
            let mut state = self.state.lock().unwrap();
            if let (Life::Runs, Some((at, nth, blow))) = (state.life, &mut state.armed)
                && *at == point
            {
                *nth = nth.saturating_sub(1);
                if *nth == 0 {
                    state.life = if *blow == Blow::Kill { Life::Dead } else { Life::Stands };
                    state.armed = None;
                    self.struck.notify_one();
                }
            }
        }
        self.alive().await;
    }

    /// Waits while the engine stands still; for ever once it is dead.
    pub async fn alive(&self) {
        loop {
            let moved = self.moved.notified();
            match self.life() {
                Life::Runs => return,
                Life::Stands => moved.await,
                Life::Dead => std::future::pending().await,
            }
        }
    }

    fn life(&self) -> Life {
        self.state.lock().unwrap().life
    }

    pub fn stands(&self) -> bool {
        self.life() == Life::Stands
    }

    pub fn is_dead(&self) -> bool {
        self.life() == Life::Dead
    }

    /// Waits until the armed blow fell.
    pub async fn struck(&self) {
        self.struck.notified().await;
    }

    /// Kills at once.
    pub fn kill(&self) {
        let mut state = self.state.lock().unwrap();
        (state.life, state.armed) = (Life::Dead, None);
    }

    /// Stops at once.
    pub fn stop(&self) {
        let mut state = self.state.lock().unwrap();
        if state.life == Life::Runs {
            (state.life, state.armed) = (Life::Stands, None);
        }
    }

    /// Continues what stands.
    pub fn go_on(&self) {
        let mut state = self.state.lock().unwrap();
        if state.life == Life::Stands {
            state.life = Life::Runs;
            self.moved.notify_waiters();
        }
    }
}

/// Simulated time with an error that can be changed: what a machine's clock shows.
#[derive(Debug)]
pub struct SimClock {
    start: Timestamp,
    origin: tokio::time::Instant,
    off_micros: AtomicI64,
}

impl SimClock {
    /// A clock that is off by so many seconds.
    pub fn new(start: Timestamp, off_seconds: i64) -> Arc<Self> {
        Arc::new(Self {
            start,
            origin: tokio::time::Instant::now(),
            off_micros: AtomicI64::new(off_seconds * 1_000_000),
        })
    }

    /// Sets it right, or wrong, at once.
    pub fn step(&self, seconds: i64) {
        self.off_micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let true_time = self.start.plus(self.origin.elapsed());
        Timestamp::from_micros(true_time.micros() + self.off_micros.load(Ordering::SeqCst))
    }
}
