//! What the log screen knows.

use std::{collections::VecDeque, sync::Arc};

use crate::tui::{
    log_feed::{CAPACITY, Level, LogLine},
    ui::select::Selection,
};

/// The log.
#[derive(Debug)]
pub struct Logs {
    lines: VecDeque<Arc<LogLine>>,
    /// The newest line known.
    pub newest: u64,
    /// The quietest level shown.
    pub level: Level,
    /// Words a line must hold, case-blind.
    pub filter: String,
    /// Stay at the newest line.
    pub follow: bool,
    /// The row under the cursor.
    pub pick: Selection<u64>,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            lines: VecDeque::new(),
            newest: 0,
            level: Level::Info,
            filter: String::new(),
            follow: true,
            pick: Selection::default(),
        }
    }
}

impl Logs {
    /// Adds lines; the oldest go.
    pub fn add(&mut self, lines: Vec<Arc<LogLine>>) {
        for line in lines {
            if line.n > self.newest {
                self.newest = line.n;
                self.lines.push_back(line);
            }
        }
        let over = self.lines.len().saturating_sub(CAPACITY);
        self.lines.drain(..over);
    }

    /// Lines shown, oldest first.
    pub fn shown(&self) -> Vec<&Arc<LogLine>> {
        let words = self.filter.to_lowercase();
        self.lines
            .iter()
            .filter(|l| l.level >= self.level)
            .filter(|l| {
                words.is_empty() || l.text.to_lowercase().contains(&words) || l.target.to_lowercase().contains(&words)
            })
            .collect()
    }

    /// Lines that went out of the ring before we showed them.
    pub fn dropped(&self) -> u64 {
        self.lines.front().map_or(0, |l| l.n.saturating_sub(1))
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&LogLine> {
        let n = self.pick.id()?;
        self.lines.iter().find(|l| l.n == n).map(AsRef::as_ref)
    }
}
