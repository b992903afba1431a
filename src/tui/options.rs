//! What the console is told at its start, and how it ends.

use std::{fmt, path::PathBuf, pin::Pin, sync::Arc};

use jiff::tz::TimeZone;

use super::{
    app::{notify::Wishes, trail::Trail},
    command::KeyWishes,
    log_feed::LogFeed,
    theme::{Depth, Own, ThemeName},
};

/// What the console is told at its start. Everything that comes from files or environment is decided by the caller.
#[derive(Clone, Debug)]
pub struct TuiOptions {
    /// Refuse every change in this console. The engine refuses by role on its own.
    pub read_only: bool,
    /// The colour table.
    pub theme: ThemeName,
    /// Colours of a theme file over that table.
    pub own_theme: Option<Own>,
    /// The terminal's colour depth (the configuration decides it from the environment).
    pub color: Depth,
    /// Fill the background. Good locally, costly over SSH.
    pub painted: bool,
    /// Only ASCII marks and borders.
    pub ascii: bool,
    /// Where the log screen reads from.
    pub log_feed: LogFeed,
    /// The configured environment: `demo`, `sandbox`, `prod`. In the first two, outward commands ask for `y` only.
    pub environment: String,
    /// The zone times are shown in.
    pub zone: TimeZone,
    /// Theme files of this person, by name.
    pub themes: Vec<(String, Own)>,
    /// What is wrong with them, or can hardly be read, each with its place.
    pub theme_problems: Vec<String>,
    /// What the terminal is known to be, for reports.
    pub terminal: String,
    /// Masks what looks like a secret, for reports.
    pub mask: fn(&str) -> String,
    /// The commands run last, for reports.
    pub trail: Trail,
    /// How a copy reaches the person's clipboard.
    pub clipboard: Clipboard,
    /// How and for what the person is called who looks elsewhere.
    pub notify: Wishes,
    /// Keys somebody chose, from the configuration.
    pub keys: KeyWishes,
    /// Where the console remembers from one run to the next; `None` = it leaves nothing behind.
    pub state: Option<PathBuf>,
    /// The editor this person wants for long texts; `None` = none is set.
    pub editor: Option<Editor>,
    /// Start where everybody starts, not where this person was; saved views stay.
    pub fresh: bool,
    /// True when this process runs the engine, until the engine itself says where it is.
    pub embeds_engine: bool,
    /// Gives the engine of this process to a background one, before this process is put to sleep (Ctrl-Z). `None` = it is
    /// nobody else's and sleeps too.
    pub hand_over: Option<HandOver>,
}

/// The future of a hand-over: done, or why not, in words.
pub type HandedOver = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Gives the engine of this process to a background one.
#[derive(Clone)]
pub struct HandOver(pub Arc<dyn Fn() -> HandedOver + Send + Sync>);

impl fmt::Debug for HandOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandOver")
    }
}

/// How a copy reaches the person's clipboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clipboard {
    /// The program that takes the text, instead of the terminal.
    pub command: Option<Vec<String>>,
    /// tmux is in between: its buffer takes the text too, and passes it on.
    pub in_tmux: bool,
}

/// A person's own editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    /// The program and its arguments; the file comes last.
    pub command: Vec<String>,
    /// Where its files are laid out, each readable by its owner only.
    pub dir: PathBuf,
}

impl Default for TuiOptions {
    fn default() -> Self {
        Self {
            read_only: false,
            theme: ThemeName::default(),
            own_theme: None,
            color: Depth::default(),
            painted: false,
            ascii: false,
            log_feed: LogFeed::new(),
            environment: "prod".to_owned(),
            zone: TimeZone::UTC,
            themes: Vec::new(),
            theme_problems: Vec::new(),
            terminal: String::new(),
            mask: str::to_owned,
            trail: Trail::default(),
            clipboard: Clipboard::default(),
            notify: Wishes::default(),
            keys: KeyWishes::default(),
            state: None,
            editor: None,
            fresh: false,
            embeds_engine: false,
            hand_over: None,
        }
    }
}

/// How the console ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Somebody quit.
    Quit {
        /// Deploys that stand still until an engine runs again.
        open: u64,
    },
    /// The terminal is gone: exit code 129. Nothing was written to it.
    HungUp,
    /// Told to terminate: exit code 143.
    Terminated,
}

impl Exit {
    /// What to say on the normal screen after leaving.
    pub fn note(self) -> Option<String> {
        let Self::Quit { open } = self else { return None };
        let wait = match open {
            0 => return None,
            1 => "1 deploy waits".to_owned(),
            n => format!("{n} deploys wait"),
        };
        Some(format!(
            "{wait} for an engine: start omnitraffick or omnitraffick serve"
        ))
    }

    /// The process exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Quit { .. } => 0,
            Self::HungUp => 129,
            Self::Terminated => 143,
        }
    }
}

/// Why the console could not run.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// Standard input or output is not a terminal.
    #[error("the console needs a terminal on standard input and output; use the subcommands (--help) in scripts")]
    NoTerminal,
    /// The terminal refused something.
    #[error("the terminal refused to {doing}: {source}")]
    Terminal {
        /// What we were doing.
        doing: &'static str,
        /// Its words.
        source: std::io::Error,
    },
    /// The runtime could not start.
    #[error("the console could not start its runtime: {0}")]
    Runtime(std::io::Error),
}
