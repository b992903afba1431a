//! `store`: the store on disk.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Subcommand;
use serde::Serialize;

use super::{
    args::Globals,
    call::Call,
    failure::{Complaint, Failure},
    governed,
    output::{Output, Table, word},
    session,
};
use crate::{
    config::{Config, environment::Environment},
    engine::{
        api::{BackupReport, CommandKind, Overview, StoreFacts},
        clock::{Clock as _, SystemClock, SystemEntropy},
        host::{HostError, tools},
        model::{event::Seq, refusal::Problem},
    },
};

/// What can be done with the store.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Read all of it, check every sum and the chain, snapshots and assets, and compare the index with the journal
    Verify,
    /// Say which store it is, where, what is in it, and how its chain ends
    Info,
    /// Copy it into a directory that is not there yet, also while an engine runs
    Backup {
        /// The new directory
        dir: PathBuf,
    },
    /// Check a backup and lay it out as the store, which must not be there yet
    #[command(after_help = "\
A restored store does not know what was created on the platforms after the backup. From then on every step is looked up \
by name before it is sent, until `store settle` says that nothing is unknown any more.")]
    Restore {
        /// The backup's directory
        dir: PathBuf,
        /// Only check it
        #[arg(long)]
        check: bool,
    },
    /// End the caution of a restored store: send without looking first
    Settle {
        /// Why nothing made after the backup is unknown any more
        #[arg(long)]
        reason: String,
    },
    /// Build the index again from snapshot and journal
    Rebuild,
    /// Print every commit with its rows, one JSON line each, also while an engine runs
    Export {
        /// Only commits after this number
        #[arg(long, value_name = "SEQ", default_value_t = 0)]
        after: u64,
    },
    /// Remove assets nothing refers to that are older than a day
    Gc,
}

impl Verb {
    /// True for verbs that change a store or make one.
    const fn changes(&self) -> bool {
        matches!(
            self,
            Self::Restore { check: false, .. } | Self::Rebuild | Self::Gc | Self::Settle { .. }
        )
    }

    /// True for verbs that need no engine, or must not have one.
    pub const fn is_offline(&self) -> bool {
        !matches!(self, Self::Info | Self::Settle { .. })
    }
}

/// Carries out a verb that asks the engine.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::Info => info(call).await,
        Verb::Settle { reason } => {
            let consequences = ["What was created after the backup and never looked up is created again.".to_owned()];
            call.confirm("settle the restored store", &consequences).await?;
            call.act_and_tell(CommandKind::StoreSettle { reason }).await
        }
        _ => Err(Failure::internal("a verb without an engine was sent to one")),
    }
}

/// Carries out a verb without an engine, so that a damaged or used store can be worked on too.
pub async fn offline(
    (config, environment): (&Config, &Environment),
    globals: &Globals,
    verb: Verb,
    out: &mut Output,
) -> Result<u8, Failure> {
    if verb.changes() && (globals.read_only || globals.dry_run) {
        return Err(Failure::usage(
            "this verb changes the store; it cannot be had with --read-only or --dry-run",
        ));
    }
    if let Verb::Restore { dir, check } = verb {
        let report = if check {
            blocking(move || tools::check_backup(&dir).map_err(failure)).await?
        } else {
            restore(config, environment, &dir).await?
        };
        out.one(
            if check { "backup" } else { "restore" },
            &report,
            &backup_table(&report),
        );
        return Ok(0);
    }
    let store = config.store.clone();
    if !store.exists() {
        return Err(Failure::unavailable(format!(
            "there is no store in {}",
            store.display()
        )));
    }
    let how = session::store_options(config);
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::from_os()));
    match verb {
        Verb::Verify => return verify(config, out),
        Verb::Backup { dir } => {
            let report = blocking(move || tools::back_up(&store, &dir, SystemClock.now()).map_err(failure)).await?;
            out.one("backup", &report, &backup_table(&report));
        }
        Verb::Rebuild => {
            let report = blocking(move || tools::rebuild(&store, how, clock, entropy).map_err(failure)).await?;
            let mut t = Table::bare();
            t.field("head", report.head.to_string());
            t.field("rows", report.rows.to_string());
            t.field("read from the journal", report.replayed.to_string());
            for why in &report.snapshots_skipped {
                t.field("skipped", why);
            }
            out.one("rebuild", &report, &t);
        }
        Verb::Gc => {
            let report = blocking(move || tools::sweep(&store, how, clock, entropy).map_err(failure)).await?;
            let mut t = Table::bare();
            t.field("removed", report.removed.len().to_string());
            t.field("bytes", report.bytes.to_string());
            out.one("gc", &report, &t);
        }
        Verb::Export { after } => export(&store, Seq(after), out)?,
        Verb::Restore { .. } | Verb::Info | Verb::Settle { .. } => {
            return Err(Failure::internal("a verb with an engine was sent elsewhere"));
        }
    }
    Ok(0)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|e| Err(Failure::internal(&format!("it broke down: {e}"))))
}

fn failure(e: impl Into<HostError>) -> Failure {
    match e.into() {
        e if e.is_damage() => Failure::damaged(e.to_string()),
        e => Failure::unavailable(e.to_string()),
    }
}

async fn restore(config: &Config, environment: &Environment, dir: &Path) -> Result<BackupReport, Failure> {
    let options = session::host_options(config, None, Arc::default(), false);
    let actor = session::actor(environment);
    let how = session::store_options(config);
    tools::restore(dir, &config.store, how, options, &actor)
        .await
        .map_err(failure)
}

fn backup_table(report: &BackupReport) -> Table {
    let mut t = Table::bare();
    t.field("place", &report.place);
    t.field("store", report.store.to_string());
    t.field("taken", report.taken_at.to_string());
    t.field("head", report.head.to_string());
    t.field("chain", report.head_hash.to_string());
    t.field("files", report.files.to_string());
    t.field("bytes", report.bytes.to_string());
    t
}

/// One line a commit.
fn export(store: &Path, after: Seq, out: &mut Output) -> Result<(), Failure> {
    tools::export(store, after, &mut |commit| out.line(&commit)).map_err(failure)
}

/// Checks the store without an engine, so that a damaged one can be checked too.
fn verify(config: &Config, out: &mut Output) -> Result<u8, Failure> {
    let report = tools::verify(&config.store);
    let mut t = Table::bare();
    t.field("records", report.records.to_string());
    t.field("bytes", report.bytes.to_string());
    t.field("segments", report.segments.to_string());
    t.field("rows", report.rows.to_string());
    t.field("snapshots", report.snapshots.to_string());
    t.field("assets", report.assets.to_string());
    t.field("head", report.head.to_string());
    t.field("chain", report.head_hash.to_string());
    t.field("result", if report.problems.is_empty() { "clean" } else { "damaged" });
    out.one("verify", &report, &t);
    if report.problems.is_empty() {
        return Ok(0);
    }
    let problems = report.problems.iter();
    Err(Failure {
        problems: problems
            .map(|p| Complaint::from(Problem::whole(p.as_str(), "")))
            .collect(),
        ..Failure::damaged("")
    })
}

/// The header, and what the files tell.
#[derive(Serialize)]
struct Info {
    #[serde(flatten)]
    overview: Overview,
    files: Option<StoreFacts>,
}

async fn info(call: &mut Call) -> Result<(), Failure> {
    let o = call.overview().await?;
    let place = PathBuf::from(&o.place);
    let files = blocking(move || Ok(tools::facts(&place).ok())).await?;
    let mut t = Table::bare();
    t.field("store", o.store.to_string());
    t.field("place", &o.place);
    t.field("environment", &o.environment);
    t.field("platforms", if o.sandbox { "simulated" } else { "real" });
    t.field("you", format!("{} ({})", o.actor.name, word(&o.actor.role)));
    t.field("head", o.head.to_string());
    if let Some(f) = &files {
        t.field("chain", format!("{} {}", f.head, f.head_hash));
        t.field("journal", format!("{} segments, {} bytes", f.segments, f.journal_bytes));
        t.field(
            "snapshot",
            f.snapshot
                .map_or_else(|| "none yet".to_owned(), |s| format!("at commit {s}")),
        );
        t.field("assets", f.assets.to_string());
    }
    t.field("epoch", o.epoch.to_string());
    t.field("read-only", o.read_only.as_deref().unwrap_or_default());
    if let Some(why) = &o.short {
        t.field("nearly full", why);
    }
    t.field("tickets", governed::by_status(&o.tickets));
    for trouble in &o.troubles {
        t.field("trouble", trouble);
    }
    let info = Info { overview: o, files };
    call.out.one("store", &info, &t);
    Ok(())
}
