//! The grammar of the command line. Help, man page and completions all come from here.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::{
    audit, brand, campaign, channel, config, copilot, demo, deploy, doctor, engine, events, guidelines, hold, market,
    proposal, rule, sandbox, serve, store, ticket, undo,
};
use crate::engine::copilot::source::Folder;

const AFTER: &str = "\
Without a noun the console opens.

Exit codes: 0 done, 1 failed (in bulk: any item failed), 2 usage, 3 refused, 4 conflict (somebody else was faster),
5 unavailable, 6 damaged store, 129 hang-up, 130 interrupt, 143 terminated.";

/// Takes advertising campaigns from a planner's ticket to live objects on the ad platforms, exactly once.
#[derive(Debug, Parser)]
#[command(name = "omnitraffick", version, after_help = AFTER, max_term_width = 100, disable_help_subcommand = true)]
pub struct Args {
    /// Switches of every verb.
    #[command(flatten)]
    pub globals: Globals,
    /// What it is about; nothing opens the console.
    #[command(subcommand)]
    pub noun: Option<Noun>,
}

/// Switches of every verb.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// Directory of the store
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The store may lie in memory (tmpfs): it is gone with the next start of the machine
    #[arg(long, global = true)]
    pub ephemeral: bool,
    /// Configuration file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// One JSON document on stdout; failures as JSON on stderr
    #[arg(long, global = true)]
    pub json: bool,
    /// Answer yes to "really?"; needed for such verbs when stdin is not a terminal
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
    /// Say what would change and change nothing
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Refuse every change
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Open the console on the board, not where you left it
    #[arg(long, global = true)]
    pub fresh: bool,
    /// The console as lines: numbered menus and questions, for screen readers and terminals that cannot place text
    #[arg(long, global = true)]
    pub plain: bool,
    /// Program that takes copied text on its standard input, such as "xclip -selection clipboard"
    #[arg(long, global = true, value_name = "COMMAND")]
    pub clipboard_cmd: Option<String>,
    /// Colours of the console: house, middle, light, high-contrast, mono, or a theme file's name
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// How much goes to the log file: error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL")]
    pub log_level: Option<String>,
}

/// The nouns.
#[derive(Debug, Subcommand)]
pub enum Noun {
    /// Where ads run
    #[command(subcommand)]
    Market(market::Verb),
    /// Whose ads they are
    #[command(subcommand)]
    Brand(brand::Verb),
    /// Ad platforms as this house uses them, with their accounts
    #[command(subcommand)]
    Channel(channel::Verb),
    /// What was promised for a brand in a market and year
    #[command(subcommand)]
    Campaign(campaign::Verb),
    /// Requests to create or change something on a platform
    #[command(subcommand)]
    Ticket(Box<ticket::Verb>),
    /// Tickets on their way to a platform
    #[command(subcommand)]
    Deploy(deploy::Verb),
    /// Changes suggested for tickets that were refused
    #[command(subcommand)]
    Proposal(proposal::Verb),
    /// QA rules of the house
    #[command(subcommand)]
    Rule(rule::Verb),
    /// Stops of an account, a platform or everything
    #[command(subcommand)]
    Hold(hold::Verb),
    /// What happens, commit by commit, oldest first
    Events(events::Ask),
    /// Who did what, newest first
    Audit(audit::Ask),
    /// Take a change back: your own newest, or any by its number; what is live on a platform stays as it is
    Undo(undo::Undo),
    /// Make the change again that you took back last
    Redo,
    /// As whom the engine sees you, and what you may do
    Whoami,
    /// The house rules the copilot answers from
    #[command(subcommand)]
    Guidelines(guidelines::Verb),
    /// Questions, answered from the house rules
    #[command(subcommand)]
    Copilot(copilot::Verb),
    /// The store on disk
    #[command(subcommand)]
    Store(store::Verb),
    /// Run the engine without a console until it is told to stop
    Serve(serve::Options),
    /// The process that works off the queue and answers every console
    #[command(subcommand)]
    Engine(engine::Verb),
    /// See it all on an invented agency and a simulated platform; nothing to set up, nothing left behind
    Demo(demo::Options),
    /// Run a simulated world of the platforms on this machine
    Sandbox(sandbox::Options),
    /// Check configuration, log, store and terminal, and say what to mend
    Doctor(doctor::Options),
    /// The configuration in force
    #[command(subcommand)]
    Config(config::Verb),
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one page per verb
    Man {
        /// Write every page into this directory
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

impl Noun {
    /// True for verbs that take a signal as their orderly end instead of being broken off.
    pub const fn ends_itself(&self) -> bool {
        match self {
            Self::Serve(_) => true,
            Self::Copilot(verb) => verb.ends_itself(),
            _ => false,
        }
    }

    /// True for verbs that make the store if there is none.
    pub fn makes(&self) -> bool {
        match self {
            Self::Serve(_) => true,
            Self::Market(verb) => matches!(verb, market::Verb::Create { .. }),
            Self::Brand(verb) => matches!(verb, brand::Verb::Create { .. }),
            Self::Channel(verb) => matches!(verb, channel::Verb::Create { .. }),
            Self::Campaign(verb) => matches!(verb, campaign::Verb::Create { .. }),
            Self::Ticket(verb) => matches!(**verb, ticket::Verb::Create(_)),
            _ => false,
        }
    }

    /// True for verbs that need nothing of the store: they work without one, and beside whoever owns it. A question a
    /// model is asked needs one, to be recorded in.
    pub const fn needs_no_store(&self, has_model: bool) -> bool {
        match self {
            Self::Guidelines(_) => true,
            Self::Copilot(verb) => verb.needs_no_store(has_model),
            _ => false,
        }
    }

    /// True for verbs that ask a platform something, have it asked, or show what it would be sent, without deploying anything.
    pub fn asks(&self) -> bool {
        match self {
            Self::Channel(verb) => matches!(verb, channel::Verb::Check { .. }),
            Self::Ticket(verb) => verb.asks(),
            // The answer is checked on the platform before it is taken.
            Self::Deploy(verb) => matches!(verb, deploy::Verb::Resolve(_)),
            _ => false,
        }
    }

    /// The guideline folders a verb is about, when not the configured ones.
    pub fn folders(&self) -> Option<Vec<Folder>> {
        match self {
            Self::Guidelines(verb) => verb.folders(),
            _ => None,
        }
    }

    /// True for verbs during which the engine may deploy: those that stay until the work is done.
    pub fn sends(&self) -> bool {
        match self {
            Self::Serve(_) => true,
            Self::Ticket(verb) => verb.sends(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        Args::command().debug_assert();
    }

    /// What the console shows as "in a shell" is a line the shell takes.
    #[test]
    fn every_twin_is_a_verb_the_command_line_knows() {
        use clap::error::ErrorKind;
        let mut unknown = Vec::new();
        for record in crate::tui::command::table::TABLE {
            let Some(twin) = record.cli else { continue };
            let line = twin.replace("<no>", "1042").replace("<field>=<value>", "a.b=1");
            let words = line
                .split(' ')
                .map(|word| if word.starts_with('<') { "1" } else { word });
            let parsed = Args::try_parse_from(std::iter::once("omnitraffick").chain(words));
            // A verb that wants more than the twin names is a verb all the same.
            let known = parsed.map_or_else(|e| e.kind() == ErrorKind::MissingRequiredArgument, |_| true);
            if !known {
                unknown.push(format!("{}: omnitraffick {twin}", record.id));
            }
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
    }

    /// Every page of help, because people and scripts rely on them.
    #[test]
    fn help_pages() {
        fn pages(command: &mut clap::Command, path: &str, out: &mut Vec<(String, String)>) {
            let help = command.clone().term_width(100).render_long_help().to_string();
            out.push((path.to_owned(), help));
            for sub in command.get_subcommands_mut() {
                let inner = format!("{path}_{}", sub.get_name());
                pages(sub, &inner, out);
            }
        }
        let mut root = Args::command();
        root.build();
        let mut out = Vec::new();
        pages(&mut root, "omnitraffick", &mut out);
        for noun in root.get_subcommands() {
            let prefix = format!("omnitraffick_{}", noun.get_name());
            let text: Vec<_> = out
                .iter()
                .filter(|(path, _)| *path == prefix || path.starts_with(&format!("{prefix}_")))
                .map(|(path, help)| format!("$ {} --help\n{help}", path.replace('_', " ")))
                .collect();
            insta::assert_snapshot!(prefix, text.join("\n"));
        }
        let (_, first) = out.first().cloned().unwrap_or_default();
        insta::assert_snapshot!("omnitraffick", first);
    }
}
