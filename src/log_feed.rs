//! The last lines of the log, kept in memory for the log screen: the same lines as the file.
//!
//! The tracing layer writes here, the console reads. Secrets are masked where a record is made, not here.
//!
//! Invariants
//! - Bounded: the oldest lines go first, and how many went is known by the numbers.
//! - Writing never waits for a reader.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

use crate::engine::model::time::Timestamp;

/// Lines kept.
pub const CAPACITY: usize = 10_000;

/// How loud a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For those who mend the program.
    Trace,
    /// For those who mend a deploy.
    Debug,
    /// News.
    Info,
    /// Look at it.
    Warn,
    /// Wrong.
    Error,
}

impl Level {
    /// Every level, quietest first.
    pub const ALL: [Self; 5] = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error];

    /// The word on screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Its number, from 1 without gaps.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// How loud.
    pub level: Level,
    /// Which part of the program: `deploy`, `store`.
    pub target: String,
    /// What happened; unsanitised.
    pub text: String,
}

#[derive(Debug, Default)]
struct Ring {
    lines: VecDeque<Arc<LogLine>>,
    written: u64,
}

/// The ring. Clones share it.
#[derive(Clone, Debug)]
pub struct LogFeed {
    ring: Arc<Mutex<Ring>>,
    news: Arc<watch::Sender<u64>>,
}

impl Default for LogFeed {
    fn default() -> Self {
        Self {
            ring: Arc::default(),
            news: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl LogFeed {
    /// An empty ring.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a line; the oldest goes when the ring is full.
    pub fn push(&self, at: Timestamp, level: Level, target: &str, text: impl Into<String>) {
        let n = self.with(|ring| {
            ring.written += 1;
            if ring.lines.len() >= CAPACITY {
                ring.lines.pop_front();
            }
            ring.lines.push_back(Arc::new(LogLine {
                n: ring.written,
                at,
                level,
                target: target.to_owned(),
                text: text.into(),
            }));
            ring.written
        });
        self.news.send_replace(n);
    }

    /// Lines after a number, oldest first.
    pub fn after(&self, n: u64) -> Vec<Arc<LogLine>> {
        self.with(|ring| ring.lines.iter().filter(|l| l.n > n).cloned().collect())
    }

    /// Tells the number of the newest line whenever it changes.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    fn with<T>(&self, f: impl FnOnce(&mut Ring) -> T) -> T {
        // A panic while holding the lock can lose a line, never break the ring.
        f(&mut self.ring.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_go_and_numbers_tell_how_many() {
        let feed = LogFeed::new();
        for i in 0..CAPACITY + 3 {
            feed.push(Timestamp::default(), Level::Info, "test", i.to_string());
        }
        let lines = feed.after(0);
        assert_eq!(lines.len(), CAPACITY);
        assert_eq!(lines[0].n, 4);
        assert_eq!(feed.after(CAPACITY as u64 + 2).len(), 1);
        assert_eq!(*feed.watch().borrow(), CAPACITY as u64 + 3);
    }
}
