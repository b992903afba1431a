//! The person in front of the terminal, if there is one: asked before anything that cannot be taken back.

use std::io::{BufRead as _, IsTerminal as _};

/// Who answers "really?".
#[derive(Debug)]
pub enum Person {
    /// Nobody: stdin is not a terminal.
    Absent,
    /// Somebody at the terminal.
    AtTerminal,
    /// Prepared answers.
    #[cfg(test)]
    Scripted(std::collections::VecDeque<bool>),
}

impl Person {
    /// Looks at stdin.
    pub fn of_process() -> Self {
        if std::io::stdin().is_terminal() {
            Self::AtTerminal
        } else {
            Self::Absent
        }
    }

    /// True when a question can be asked.
    pub const fn is_there(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// Reads the answer to a question already printed. Everything but `y` and `yes` is no.
    pub async fn says_yes(&mut self) -> bool {
        match self {
            Self::Absent => false,
            Self::AtTerminal => tokio::task::spawn_blocking(|| {
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line).is_ok()
                    && matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
            })
            .await
            .unwrap_or(false),
            #[cfg(test)]
            Self::Scripted(answers) => answers.pop_front().unwrap_or(false),
        }
    }
}
