//! Marks for states, borders and cut text, each with an ASCII twin of the same width. No emoji, no braille.

use ratatui::symbols::border;

use crate::engine::model::{deploy::StepState, ticket::Status};

/// Which set of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    ascii: bool,
}

/// Box lines of plain ASCII.
const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Glyphs {
    /// The plain or the ASCII set.
    pub const fn new(ascii: bool) -> Self {
        Self { ascii }
    }

    const fn pick(self, plain: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { plain }
    }

    /// A ticket's status.
    pub const fn status(self, status: Status) -> &'static str {
        match status {
            Status::Draft => self.pick("◌", "o"),
            Status::QaTesting => self.pick("◔", "q"),
            Status::QaFailed => self.pick("✗", "x"),
            Status::ReadyForApi => self.pick("▴", "^"),
            Status::Deploying => self.pick("»", "~"),
            Status::TraffickedSuccess => self.pick("✓", "+"),
            Status::Failed => "!",
            Status::Cancelled => self.pick("·", "."),
        }
    }

    /// A step's state.
    pub const fn step(self, state: StepState) -> &'static str {
        match state {
            StepState::Planned => self.pick("·", "."),
            StepState::Intent => self.pick("»", "~"),
            StepState::Confirmed => self.pick("✓", "+"),
            StepState::Rejected => self.pick("✗", "x"),
            StepState::Unknown | StepState::Reconciling => "?",
            StepState::NeedsOperator => "!",
            StepState::Abandoned | StepState::Compensated => "-",
        }
    }

    /// A blocking problem.
    pub const fn problem(self) -> &'static str {
        self.pick("✗", "x")
    }

    /// In front of the selected row.
    pub const fn cursor(self) -> &'static str {
        self.pick("›", ">")
    }

    /// A marked row.
    pub const fn mark(self) -> &'static str {
        "*"
    }

    /// Where text was cut at its end.
    pub const fn cut(self) -> &'static str {
        self.pick("…", "~")
    }

    /// Between words of a path.
    pub const fn arrow(self) -> &'static str {
        self.pick("→", "->")
    }

    /// Box lines.
    pub const fn border(self) -> border::Set<'static> {
        if self.ascii { ASCII_BORDER } else { border::PLAIN }
    }

    /// Where a column's line meets the top border, and the bottom border.
    pub const fn tees(self) -> (&'static str, &'static str) {
        if self.ascii { ("+", "+") } else { ("┬", "┴") }
    }

    /// A vertical line.
    pub const fn bar(self) -> &'static str {
        self.pick("│", "|")
    }

    /// A horizontal line.
    pub const fn dash(self) -> &'static str {
        self.pick("─", "-")
    }

    /// One of the four pictures of the spinner.
    pub const fn spinner(self, phase: u64) -> &'static str {
        match phase % 4 {
            0 => "|",
            1 => "/",
            2 => "-",
            _ => "\\",
        }
    }
}
