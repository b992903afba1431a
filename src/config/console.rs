//! How the console behaves at a terminal: when it calls a person, and how it copies.

use serde::{Deserialize, Serialize};

/// `[console]` as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleSection {
    /// How a person is called who looks elsewhere.
    pub notify: Notify,
    /// On what.
    pub notify_on: Option<Vec<Occasion>>,
    /// The program that takes copied text on its standard input.
    pub clipboard: Option<Vec<String>>,
}

/// How a person is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// Not at all.
    #[default]
    Off,
    /// The terminal's bell.
    Bell,
    /// A message by OSC 9 (iTerm2, WezTerm, Windows Terminal, ghostty).
    Osc9,
    /// A message with a title by OSC 777 (foot, urxvt, VTE with a patch, ghostty).
    Osc777,
}

impl Notify {
    /// The word the file uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Bell => "bell",
            Self::Osc9 => "osc9",
            Self::Osc777 => "osc777",
        }
    }
}

/// What a person may be called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// A ticket is live.
    Live,
    /// A deploy failed.
    Failed,
    /// The executor asks a person.
    NeedsOperator,
    /// Somebody gave this person a ticket.
    Assigned,
    /// Somebody wrote `@login` in a comment.
    Mention,
    /// News of a ticket this person watches.
    Watched,
}

impl Occasion {
    /// The word the file uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Failed => "failed",
            Self::NeedsOperator => "needs-operator",
            Self::Assigned => "assigned",
            Self::Mention => "mention",
            Self::Watched => "watched",
        }
    }
}

impl ConsoleSection {
    /// What to call for: as written, else what waits for this person.
    pub fn occasions(&self) -> Vec<Occasion> {
        use Occasion::{Assigned, Failed, Mention, NeedsOperator};
        let waits = || vec![Failed, NeedsOperator, Assigned, Mention];
        self.notify_on.clone().unwrap_or_else(waits)
    }

    /// `failed, mention`.
    pub fn occasion_words(&self) -> String {
        let words: Vec<_> = self.occasions().into_iter().map(Occasion::as_str).collect();
        words.join(", ")
    }
}
