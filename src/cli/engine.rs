//! `engine`: who runs the store's engine, and putting this build in its place.

use std::{sync::Arc, time::Duration};

use clap::Subcommand;
use serde::Serialize;

use super::{
    failure::Failure,
    handover,
    output::{Output, Table},
};
use crate::{
    config::Config,
    engine::{
        clock::{Clock as _, SystemClock, SystemEntropy},
        host::joint::{Present, present},
    },
};

/// What can be done with the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum Verb {
    /// Say which process is the engine, and since which build
    Status,
    /// Put this build in the place of the running engine: open calls are finished, consoles reconnect by themselves
    Upgrade,
}

/// The new engine must be there by then; the old one may take half a minute for its open calls.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to look.
const LOOK: Duration = Duration::from_millis(100);

/// What `engine` prints.
#[derive(Debug, Serialize)]
struct Report {
    running: bool,
    pid: Option<u32>,
    build: Option<String>,
    socket: Option<String>,
    head: Option<u64>,
}

impl Report {
    fn of(present: Option<&Present>) -> Self {
        Self {
            running: present.is_some(),
            pid: present.and_then(|p| p.holder.pid),
            build: present.map(|p| p.welcome.build.clone()),
            socket: present
                .and_then(|p| p.holder.socket.as_ref())
                .map(|s| s.display().to_string()),
            head: present.map(|p| p.welcome.head.0),
        }
    }
}

/// Carries a verb out. Becomes no engine itself.
pub async fn run(config: &Config, verb: Verb, out: &mut Output) -> Result<u8, Failure> {
    let running = look(config).await;
    match (verb, running) {
        (Verb::Status, running) => {
            print(running.as_ref(), out);
            Ok(0)
        }
        (Verb::Upgrade, None) => {
            out.say("no engine runs; the next console or verb is the engine, with this build");
            print(None, out);
            Ok(0)
        }
        (Verb::Upgrade, Some(old)) => {
            handover::start(config)
                .map_err(|e| Failure::unavailable(format!("the new engine could not be started: {e}")))?;
            let until = SystemClock.now().plus(PATIENCE);
            while SystemClock.now() < until {
                tokio::time::sleep(LOOK).await;
                let now = look(config).await;
                if let Some(new) = now.filter(|p| p.holder.pid != old.holder.pid) {
                    print(Some(&new), out);
                    return Ok(0);
                }
            }
            Err(Failure::failed(
                "the running engine has not made way",
                "see the log; it may belong to another user, who must do this",
            ))
        }
    }
}

async fn look(config: &Config) -> Option<Present> {
    let entropy = Arc::new(SystemEntropy::from_os());
    present(&config.store, config.socket.as_deref(), Arc::new(SystemClock), entropy).await
}

fn print(present: Option<&Present>, out: &mut Output) {
    let report = Report::of(present);
    let mut table = Table::bare();
    match (&report.pid, &report.build) {
        (pid, Some(build)) => {
            table.row(["engine".to_owned(), "running".to_owned()]);
            table.row([
                "process".to_owned(),
                pid.map_or_else(|| "?".to_owned(), |p| p.to_string()),
            ]);
            table.row(["build".to_owned(), build.clone()]);
            table.row(["socket".to_owned(), report.socket.clone().unwrap_or_default()]);
            table.row(["commits".to_owned(), report.head.unwrap_or_default().to_string()]);
        }
        _ => table.row(["engine".to_owned(), "none".to_owned()]),
    }
    out.one("engine", &report, &table);
}
