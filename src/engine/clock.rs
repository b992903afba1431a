//! Time and randomness as things that are handed in, so that a simulation can decide both.
//!
//! Invariant: nothing else in the engine asks the machine for the time or for random numbers (held by `clippy.toml`).

use std::sync::Mutex;

use uuid::Uuid;

use super::model::time::Timestamp;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Wall-clock time. May jump; never used to measure a wait inside the process.
    fn now(&self) -> Timestamp;
}

/// Where ids and jitter come from.
pub trait Entropy: Send + Sync {
    /// A fresh UUID version 7 for the given time.
    fn uuid(&self, at: Timestamp) -> Uuid;
    /// A number in `0..bound` (0 when `bound` is 0).
    fn below(&self, bound: u64) -> u64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the engine's clock is the machine's"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A seeded generator. `SystemEntropy::from_os` for real use, a fixed seed for simulations.
#[derive(Debug)]
pub struct SystemEntropy(Mutex<fastrand::Rng>);

impl SystemEntropy {
    /// Seeded by the operating system.
    pub fn from_os() -> Self {
        Self(Mutex::new(fastrand::Rng::new()))
    }

    /// The same seed gives the same ids and jitter.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }

    fn with<T>(&self, f: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        // A panic while holding the lock cannot leave a generator half-changed in a way that matters.
        f(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Entropy for SystemEntropy {
    fn uuid(&self, at: Timestamp) -> Uuid {
        let (a, b) = self.with(|r| (r.u16(..), r.u64(..)));
        let millis = u64::try_from(at.micros() / 1000).unwrap_or(0);
        let mut random = [0_u8; 10];
        let (head, tail) = random.split_at_mut(2);
        head.copy_from_slice(&a.to_be_bytes());
        tail.copy_from_slice(&b.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.with(|r| r.u64(..bound)) }
    }
}

/// A clock that follows tokio's time from a fixed start: with tokio's paused clock, a simulation's hours pass in
/// milliseconds and every wait inside the engine agrees with the time it reads.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    start: Timestamp,
    origin: tokio::time::Instant,
}

impl TokioClock {
    /// Starts at the given time. Must be made inside a tokio runtime.
    pub fn at(start: Timestamp) -> Self {
        Self {
            start,
            origin: tokio::time::Instant::now(),
        }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        self.start.plus(self.origin.elapsed())
    }
}

/// A clock that stands still until told to move. For tests and simulations.
#[derive(Debug)]
pub struct ManualClock(std::sync::atomic::AtomicI64);

impl ManualClock {
    /// Starts at the given time.
    pub const fn at(start: Timestamp) -> Self {
        Self(std::sync::atomic::AtomicI64::new(start.micros()))
    }

    /// Moves forward.
    pub fn advance(&self, by: std::time::Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(micros, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}
