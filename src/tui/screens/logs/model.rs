//! What the log screen knows.

use std::{collections::VecDeque, sync::Arc};

use super::wanted::Wanted;
use crate::{
    engine::model::time::Timestamp,
    tui::{
        log_feed::{CAPACITY, Level, LogLine},
        ui::select::Selection,
    },
};

/// A row: a line, and how often it came again right after.
#[derive(Clone, Copy, Debug)]
pub struct Folded<'l> {
    /// The first of them.
    pub line: &'l Arc<LogLine>,
    /// How many there are.
    pub times: usize,
    /// When the last one came.
    pub until: Timestamp,
}

impl Folded<'_> {
    fn says_the_same(&self, other: &LogLine) -> bool {
        self.line.level == other.level && self.line.target == other.target && self.line.text == other.text
    }

    /// `x3 in 10 s`; empty for a line that came once.
    pub fn again(&self) -> String {
        if self.times < 2 {
            return String::new();
        }
        let seconds = self.until.since(self.line.at).as_secs();
        format!("  x{} in {seconds} s", self.times)
    }
}

/// The log.
#[derive(Debug)]
pub struct Logs {
    lines: VecDeque<Arc<LogLine>>,
    /// The newest line known.
    pub newest: u64,
    /// The quietest level shown.
    pub level: Level,
    /// The filter as typed.
    pub filter: String,
    /// What it lets through.
    pub wanted: Wanted,
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
            wanted: Wanted::default(),
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

    /// Lines shown, oldest first; one that repeats itself is one row.
    pub fn shown(&self) -> Vec<Folded<'_>> {
        let level = self.wanted.level().map_or(self.level, |l| l.min(self.level));
        let mut all: Vec<Folded<'_>> = Vec::new();
        for line in self.lines.iter().filter(|l| l.level >= level && self.wanted.matches(l)) {
            match all.last_mut() {
                Some(last) if last.says_the_same(line) => {
                    last.times += 1;
                    last.until = line.at;
                }
                _ => all.push(Folded {
                    line,
                    times: 1,
                    until: line.at,
                }),
            }
        }
        all
    }

    /// The rows' names: the number of each one's first line.
    pub fn ids(&self) -> Vec<u64> {
        self.shown().iter().map(|f| f.line.n).collect()
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_that_repeats_is_one_row_with_its_count() {
        let mut logs = Logs::default();
        let line = |n: u64, text: &str| {
            Arc::new(LogLine {
                n,
                at: Timestamp::default().plus(Duration::from_secs(n * 5)),
                level: Level::Error,
                target: "store".to_owned(),
                text: text.to_owned(),
            })
        };
        logs.add(vec![
            line(1, "slow"),
            line(2, "slow"),
            line(3, "slow"),
            line(4, "other"),
            line(5, "slow"),
        ]);
        let shown: Vec<String> = logs
            .shown()
            .iter()
            .map(|f| format!("{}{}", f.line.text, f.again()))
            .collect();
        assert_eq!(shown, ["slow  x3 in 10 s", "other", "slow"]);
        assert_eq!(logs.ids(), [1, 4, 5]);
    }
}
