//! Configuration: file, environment, defaults, in this order of weakness from the right.
//!
//! Why here: this is the only reader of the environment and of the home directory, so every other room gets what it
//! needs as values and can be tested with others.
//!
//! Invariants
//! - Defaults run the house without any file.
//! - A complaint names file, line, field and what is known instead.
//! - No secret is in a [`Config`]: only where one can be read ([`secrets::TokenSource`]).

pub mod bindings;
pub mod blackout;
pub mod console;
pub mod environment;
pub mod file;
pub mod guidelines;
pub mod keys;
pub mod model;
pub mod platforms;
pub mod roles;
pub mod secrets;
pub mod show;
pub mod ui;
pub mod values;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use tracing::Level;

use crate::{
    engine::{
        copilot::source::Folder,
        model::{path::FieldPath, platform::PlatformId, roles::Roles},
        policy::{Approvals, Policy},
    },
    textfile::{FileProblem, TextFile},
};
use bindings::Keys;
use console::ConsoleSection;
use environment::Environment;
use file::ConfigFile;
use model::ModelConfig;
use platforms::PlatformSettings;
use ui::Ui;

/// A request may be carried out this long after its connection died: the whole time a call gets, twice.
const SETTLED: Duration = Duration::from_secs(60);

/// 64 MiB: large enough that a new segment is rare, small enough that its room is set aside in a moment.
const SEGMENT_KIB: u32 = 64 << 10;

/// Everything a person can decide before the program starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file it came from; `None` when there is none.
    pub source: Option<PathBuf>,
    /// Directory of the store.
    pub store: PathBuf,
    /// The store may lie on a FUSE file system.
    pub allow_fuse: bool,
    /// The store may lie in memory.
    pub ephemeral: bool,
    /// KiB of journal in one segment.
    pub segment_kib: u32,
    /// Where the engine listens, if one place was named for everybody.
    pub socket: Option<PathBuf>,
    /// The group that may connect, if one is named.
    pub group: Option<String>,
    /// Name of the place, for the header: `prod`, `staging`.
    pub environment: String,
    /// Limits and schedules.
    pub policy: Policy,
    /// Who may do what.
    pub roles: Roles,
    /// Settings by platform.
    pub platforms: BTreeMap<PlatformId, PlatformSettings>,
    /// The model the copilot asks; `None` = it shows snippets only.
    pub model: Option<ModelConfig>,
    /// Whether a refused deploy gets its proposal at once.
    pub heals: bool,
    /// Proxy for everything that is not on this machine.
    pub proxy: Option<String>,
    /// Where the copilot's guidelines are, the house's own first.
    pub guidelines: Vec<Folder>,
    /// How much is logged.
    pub log_level: Level,
    /// Where the log files are.
    pub log_dir: PathBuf,
    /// How the console looks.
    pub ui: Ui,
    /// Keys of the console somebody chose.
    pub keys: Keys,
    /// How the console behaves at a terminal.
    pub console: ConsoleSection,
}

/// What the command line decides; stronger than environment and file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--store`.
    pub store: Option<PathBuf>,
    /// `--log-level`.
    pub log_level: Option<Level>,
    /// `--ephemeral`.
    pub ephemeral: bool,
}

impl Config {
    /// Puts file, environment and command line together. A file that was named must exist; the usual ones, the
    /// person's and the machine's, need not. One file counts, never both.
    pub fn load(environment: &Environment, overrides: &Overrides) -> Result<Self, FileProblem> {
        let named = overrides
            .config
            .clone()
            .or_else(|| environment.var("OMNITRAFFICK_CONFIG").map(PathBuf::from));
        let usual = environment.dirs().map(|d| [&d.config, &d.machine]);
        let mut usual = usual.into_iter().flatten().map(|dir| dir.join("config.toml"));
        let path = named.or_else(|| usual.find(|path| path.exists()));
        let file = path.as_deref().map(TextFile::read).transpose()?;
        let read = file.as_ref().map(TextFile::parse::<ConfigFile>).transpose()?;
        if let (Some(read), Some(file)) = (&read, &file) {
            for (name, section) in &read.blackouts {
                section.clone().window().map_err(|(field, reason)| {
                    let field = format!("blackouts.{name}.{field}");
                    file.problem_at(&field.as_str().into(), reason, "see docs/configuration.md")
                })?;
            }
        }
        let read = read.unwrap_or_default();
        let keys = file
            .as_ref()
            .map(|file| read.keys.clone().placed(file))
            .unwrap_or_default();
        let mut config = Self::build(read, path, environment, overrides)?;
        config.keys = keys;
        if let Some(file) = &file {
            config.check(file)?;
        }
        Ok(config)
    }

    fn build(
        file: ConfigFile,
        source: Option<PathBuf>,
        environment: &Environment,
        overrides: &Overrides,
    ) -> Result<Self, FileProblem> {
        // Paths in the file are meant from where the file is, not from where the program happens to be started.
        let base = source
            .as_deref()
            .and_then(Path::parent)
            .unwrap_or(Path::new(""))
            .to_owned();
        let homeless = |what: &str, flag: &str| FileProblem {
            file: "environment".to_owned(),
            line: None,
            field: Some(FieldPath::new("HOME")),
            reason: format!("there is no home directory to keep the {what} in"),
            remedy: format!("set HOME, or {flag}"),
        };
        let store = overrides
            .store
            .clone()
            .or_else(|| environment.var("OMNITRAFFICK_STORE").map(PathBuf::from))
            .or_else(|| file.store.dir.map(|dir| base.join(dir)))
            .or_else(|| environment.dirs().map(|d| d.data.join("store")))
            .ok_or_else(|| homeless("store", "give --store DIR"))?;
        let log_dir = file
            .log
            .dir
            .map(|dir| base.join(dir))
            .or_else(|| environment.dirs().map(|d| d.state.join("log")))
            .ok_or_else(|| homeless("log", "set log.dir in the configuration"))?;
        let mut policy = Policy::default();
        file.engine.apply(&mut policy);
        policy.blackouts = file.blackouts.into_values().filter_map(|b| b.window().ok()).collect();
        policy.approvals = file.approvals.approvals();
        policy.pace = file.platforms.iter().map(|(id, s)| (*id, s.allowance())).collect();
        let platforms = file
            .platforms
            .into_iter()
            .map(|(id, section)| (id, section.settings(&base)))
            .collect();
        Ok(Self {
            source,
            store,
            allow_fuse: file.store.allow_fuse.unwrap_or_default(),
            ephemeral: overrides.ephemeral || file.store.ephemeral.unwrap_or_default(),
            segment_kib: file.store.segment_kib.unwrap_or(SEGMENT_KIB),
            socket: file.host.socket.map(|path| base.join(path)),
            group: file.host.group,
            environment: file.environment.name.unwrap_or_else(|| "prod".to_owned()),
            policy,
            roles: file.roles.roles(),
            platforms,
            heals: file.copilot.heal == file::Heal::Propose,
            model: file.copilot.model.map(|section| section.settings(&base)),
            proxy: file.network.proxy,
            guidelines: file.copilot.guidelines.folders(&base),
            log_level: overrides
                .log_level
                .or(file.log.level.map(|l| l.0))
                .unwrap_or(Level::INFO),
            log_dir,
            ui: Ui::new(&file.ui, environment),
            keys: Keys::default(),
            console: file.console,
        })
    }

    /// Refuses roles and approvals from a file that somebody else than `owner`, the user the engine runs as, could have
    /// written. Asked by whoever becomes the engine: nobody else hands out roles.
    pub fn trusted_by(&self, owner: u32) -> Result<(), String> {
        let says_nothing = self.roles == Roles::default() && self.policy.approvals == Approvals::default();
        match &self.source {
            Some(path) if !says_nothing => roles::trusted(path, owner),
            _ => Ok(()),
        }
    }

    /// What single values cannot know: limits against each other, addresses that would send a token in the clear.
    fn check(&self, file: &TextFile) -> Result<(), FileProblem> {
        let at = |field: &str, reason: &str, remedy: &str| Err(file.problem_at(&field.into(), reason, remedy));
        if !(64..=1 << 20).contains(&self.segment_kib) {
            return at(
                "store.segment_kib",
                "must be from 64 to 1048576",
                "the house's own value is 65536",
            );
        }
        if self.group.is_some() && self.socket.is_none() {
            return at(
                "host.group",
                "opens nothing: without host.socket the engine listens where only its own user can go",
                "name a socket too, such as /run/omnitraffick/engine.sock",
            );
        }
        let p = &self.policy;
        if p.max_tries == 0 || p.max_tries > 100 {
            return at(
                "engine.max_tries",
                "must be from 1 to 100",
                "the house's own value is 6",
            );
        }
        if p.backoff_cap < p.backoff_base {
            return at(
                "engine.backoff_cap",
                "is shorter than engine.backoff_base",
                "make it at least as long",
            );
        }
        let ascending = p.reconcile_reads.windows(2).all(|pair| pair.first() < pair.last());
        if p.reconcile_reads.len() < 2 || !ascending {
            return at(
                "engine.reconcile_reads",
                "must hold at least two times, each later than the one before",
                "absence is believed only after all of them; the house's own are [\"45s\", \"90s\", \"3m\"]",
            );
        }
        // Where every platform is a simulation there is nothing to make twice, and tests may be in a hurry.
        let simulated = !self.platforms.is_empty() && self.platforms.values().all(PlatformSettings::is_local);
        if !simulated && p.reconcile_reads.last().is_some_and(|last| *last < SETTLED) {
            return at(
                "engine.reconcile_reads",
                "ends before a request sent last can have been carried out",
                "let the last be 60s or later: absence believed too early makes a second object",
            );
        }
        if p.reconcile_reads
            .last()
            .is_some_and(|last| *last > p.reconcile_deadline)
        {
            return at(
                "engine.reconcile_deadline",
                "is earlier than the last of engine.reconcile_reads",
                "a person is asked only after the planned look-ups",
            );
        }
        if let Some((field, reason, remedy)) = roles::problem(&self.roles, &p.approvals) {
            return at(&field, reason, remedy);
        }
        if self.console.clipboard.as_ref().is_some_and(Vec::is_empty) {
            return at(
                "console.clipboard",
                "names no program",
                "such as [\"wl-copy\"]; without the key the terminal is asked",
            );
        }
        let name = &self.environment;
        if name.is_empty() || name.len() > 24 || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return at(
                "environment.name",
                "must be 1 to 24 letters, digits or -",
                "such as prod or staging",
            );
        }
        if self.proxy.as_deref().is_some_and(|url| url.contains('@')) {
            return at(
                "network.proxy",
                "holds a user or password",
                "no secret stands in this file; use a proxy that knows this machine",
            );
        }
        for folder in &self.guidelines {
            if let Err((key, reason)) = guidelines::check(folder) {
                let field = format!("copilot.guidelines.folders.{}.{key}", folder.name);
                return at(&field, &reason, "see docs/guidelines.md");
            }
        }
        if let Some((key, reason, remedy)) = self.model.as_ref().and_then(ModelConfig::problem) {
            return at(&format!("copilot.model.{key}"), &reason, remedy);
        }
        for (id, platform) in &self.platforms {
            if let Err(reason) = platform.check_base_url() {
                return at(
                    &format!("platforms.{id}.base_url"),
                    &reason,
                    "use https://; http:// only for a simulation on this machine",
                );
            }
            if let Err(reason) = platform.check_version() {
                return at(&format!("platforms.{id}.version"), &reason, "such as \"v25.0\"");
            }
            if let Err((name, reason)) = platform.check_headers() {
                return at(
                    &format!("platforms.{id}.headers.{name}"),
                    &reason,
                    "name another header, such as developer-token",
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, text).unwrap();
        let overrides = Overrides {
            config: Some(path),
            ..Overrides::default()
        };
        Config::load(&Environment::for_test([], "/home/ana"), &overrides)
            .map_err(|e| e.to_string().replace(&format!("{}/", dir.path().display()), ""))
    }

    #[rstest]
    #[case::unknown_section(
        "[sotre]\ndir = \"x\"",
        "c.toml:1: sotre: unknown field `sotre`, expected one of `store`"
    )]
    #[case::unknown_key(
        "[engine]\nmax_trys = 3",
        "c.toml:2: engine.max_trys: unknown field `max_trys`, expected one of"
    )]
    #[case::bad_duration(
        "[engine]\nearly_look = \"5 parsecs\"",
        "c.toml:2: engine.early_look: \"5 parsecs\" is not a duration"
    )]
    #[case::bare_number("[engine]\nearly_look = 5", "c.toml:2: engine.early_look: a duration needs its unit")]
    #[case::negative_cap(
        "[engine]\nmax_daily_budget = \"-1\"",
        "c.toml:2: engine.max_daily_budget: \"-1\" is not an amount"
    )]
    #[case::float_amount(
        "[engine]\nmax_daily_budget = 0.1",
        "c.toml:2: engine.max_daily_budget: write the amount as text"
    )]
    #[case::tiny_segments(
        "[store]\nsegment_kib = 4",
        "c.toml:2: store.segment_kib: must be from 64 to 1048576"
    )]
    #[case::no_tries("[engine]\nmax_tries = 0", "c.toml:2: engine.max_tries: must be from 1 to 100")]
    #[case::cap_below_base(
        "[engine]\nbackoff_base = \"10s\"\nbackoff_cap = \"5s\"",
        "c.toml:3: engine.backoff_cap: is shorter"
    )]
    #[case::no_rate(
        "[platforms.meta]\naccount_rate = \"fast\"",
        "c.toml:2: platforms.meta.account_rate: \"fast\" is not a rate"
    )]
    #[case::no_zone(
        "[blackouts.x]\nfrom = \"22:00\"\nto = \"06:00\"\nzone = \"Mars\"",
        "c.toml:4: blackouts.x.zone: \"Mars\" is not a time zone"
    )]
    #[case::mixed_window(
        "[blackouts.x]\nzone = \"UTC\"\nfrom = \"22:00\"\nto = \"2026-12-24T18:00\"",
        "c.toml:4: blackouts.x.to: must be of the same form as from"
    )]
    #[case::one_read(
        "[engine]\nreconcile_reads = [\"45s\"]",
        "c.toml:2: engine.reconcile_reads: must hold at least two"
    )]
    #[case::reads_fall(
        "[engine]\nreconcile_reads = [\"90s\", \"45s\"]",
        "c.toml:2: engine.reconcile_reads: must hold"
    )]
    #[case::believed_too_early(
        "[engine]\nreconcile_reads = [\"1s\", \"2s\"]",
        "c.toml:2: engine.reconcile_reads: ends before"
    )]
    #[case::platform(
        "[platforms.mta]\n",
        "c.toml:1: platforms.mta: unknown variant `mta`, expected one of `meta`"
    )]
    #[case::clear_text(
        "[platforms.meta]\nbase_url = \"http://example.com\"",
        "c.toml:2: platforms.meta.base_url: "
    )]
    #[case::account(
        "[platforms.meta.accounts.\"a b\"]\ntoken = {env=\"X\"}",
        "c.toml:1: platforms.meta.accounts.a b: "
    )]
    #[case::level(
        "[log]\nlevel = \"loud\"",
        "c.toml:2: log.level: \"loud\" is not a level; known: error, warn"
    )]
    #[case::color(
        "[ui]\ncolor = \"pink\"",
        "c.toml:2: ui.color: unknown variant `pink`, expected one of `auto`"
    )]
    #[case::name("[environment]\nname = \"a b\"", "c.toml:2: environment.name: must be")]
    #[case::model_kind(
        "[copilot.model]\nkind = \"smoke\"\nbase_url = \"https://x.example/v1\"\nmodel = \"m\"",
        "c.toml:2: copilot.model.kind: unknown variant `smoke`, expected `openai_chat`"
    )]
    #[case::model_clear_text(
        "[copilot.model]\nkind = \"openai_chat\"\nbase_url = \"http://x.example/v1\"\nmodel = \"m\"",
        "c.toml:3: copilot.model.base_url: would send"
    )]
    #[case::model_not_local(
        "[copilot.model]\nkind = \"openai_chat\"\nbase_url = \"https://x.example/v1\"\nmodel = \"m\"\nlocal = true",
        "c.toml:5: copilot.model.local: is true although"
    )]
    #[case::model_key(
        "[copilot.model]\nkind = \"openai_chat\"\nbase_url = \"https://x.example/v1\"\nmodel = \"m\"\nkey = \"sk-1\"",
        "c.toml:5: copilot.model.key: a token is never written here"
    )]
    #[case::model_context(
        "[copilot.model]\nkind = \"anthropic\"\nbase_url = \"https://x.example\"\nmodel = \"m\"\ncontext_tokens = 900",
        "c.toml:5: copilot.model.context_tokens: "
    )]
    #[case::model_cap_without_price(
        "[copilot.model]\nkind = \"anthropic\"\nbase_url = \"https://x.example\"\nmodel = \"m\"\nday_cap = \"5\"",
        "c.toml:5: copilot.model.day_cap: "
    )]
    #[case::syntax("[engine\nx = 1", "c.toml:1: ")]
    fn bad_files_are_refused_with_line_and_field(#[case] text: &str, #[case] expected: &str) {
        let words = load(text).unwrap_err();
        assert!(words.starts_with(expected), "{words}");
    }

    #[rstest]
    #[case("[platforms.meta]\ntoken = \"EAABsecret12345\"")]
    #[case("[platforms.meta]\ntoken = [\"EAABsecret12345\"]")]
    #[case("[platforms.meta]\ntoken = {value = \"EAABsecret12345\"}")]
    #[case("[platforms.meta]\nbase_url = \"EAABsecret12345\"")]
    #[case("[platforms.meta]\nversion = \"EAABsecret12345\"")]
    #[case("[platforms.meta]\ntoken = EAABsecret12345")]
    #[case("[copilot.model]\nkey = \"EAABsecret12345\"")]
    fn a_token_in_the_wrong_place_is_not_repeated(#[case] text: &str) {
        let words = load(text).unwrap_err();
        assert!(
            words.starts_with("c.toml:2: ") && !words.contains("secret12345"),
            "{words}"
        );
    }

    #[test]
    fn chosen_keys_come_with_their_lines() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(
            &path,
            "[keys]\nunbind = [\"D\"]\n[keys.bind]\n\"ticket.retry\" = [\"F5\"]",
        )
        .unwrap();
        let overrides = Overrides {
            config: Some(path),
            ..Overrides::default()
        };
        let keys = Config::load(&Environment::for_test([], "/h"), &overrides).unwrap().keys;
        assert!(keys.unbind[0].1.ends_with("c.toml:2"), "{keys:?}");
        assert!(keys.bind[0].2.ends_with("c.toml:4"), "{keys:?}");
    }

    #[test]
    fn defaults_need_no_file() {
        let c = Config::load(&Environment::for_test([], "/home/ana"), &Overrides::default()).unwrap();
        assert_eq!(c.store, Path::new("/home/ana/data/store"));
        assert_eq!(c.environment, "prod");
        assert_eq!(c.policy, Policy::default());
        assert_eq!(c.source, None);
    }

    #[test]
    fn the_command_line_wins_over_the_environment_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, "[store]\ndir = \"here\"").unwrap();
        let mut overrides = Overrides {
            config: Some(path),
            ..Overrides::default()
        };
        let bare = Environment::for_test([], "/home/ana");
        let with = Environment::for_test([("OMNITRAFFICK_STORE", "/from/env")], "/home/ana");
        let store = |e: &Environment, o: &Overrides| Config::load(e, o).unwrap().store;
        assert_eq!(store(&bare, &overrides), dir.path().join("here"));
        assert_eq!(store(&with, &overrides), Path::new("/from/env"));
        overrides.store = Some("/flag".into());
        assert_eq!(store(&with, &overrides), Path::new("/flag"));
    }

    #[test]
    fn a_named_file_must_exist() {
        let overrides = Overrides {
            config: Some("/nowhere/c.toml".into()),
            ..Overrides::default()
        };
        let e = Config::load(&Environment::for_test([], "/home/ana"), &overrides).unwrap_err();
        assert!(e.to_string().starts_with("/nowhere/c.toml: cannot be read: "), "{e}");
    }
}
