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
    config::{Config, environment::login_of},
    engine::{
        clock::{Clock as _, SystemClock, SystemEntropy},
        host::{
            present::{Door, Present, present},
            socket::{
                message::{MAJOR, MINOR},
                roster::Peer,
            },
        },
    },
};

/// What can be done with the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum Verb {
    /// Say which process is the engine, of which build, and who is attached
    Status,
    /// Say who is at which ticket now
    Who,
    /// Put this build in the place of the running engine: open calls are finished, consoles reconnect by themselves
    Upgrade,
}

/// The new engine must be there by then; the old one may take half a minute for its open calls.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to look.
const LOOK: Duration = Duration::from_millis(100);

/// What `engine` prints.
#[derive(Debug, Default, Serialize)]
struct Report {
    running: bool,
    pid: Option<u32>,
    build: Option<String>,
    /// The protocol it speaks, `1.1`.
    protocol: Option<String>,
    socket: Option<String>,
    head: Option<u64>,
    /// Who is attached besides the program the engine is in; absent when this engine does not say.
    attached: Option<Vec<Peer>>,
    /// What is to be known about builds that differ, or why the engine does not let us in.
    note: Option<String>,
}

impl Report {
    fn of(present: Option<&Present>) -> Self {
        let Some(present) = present else { return Self::default() };
        let own = env!("CARGO_PKG_VERSION");
        let report = Self {
            running: true,
            pid: present.holder.pid,
            socket: Some(present.socket.display().to_string()),
            ..Self::default()
        };
        match &present.door {
            Door::Shut(why) => Self {
                note: Some(why.clone()),
                ..report
            },
            Door::Open { welcome, peers, .. } => Self {
                build: Some(welcome.build.clone()),
                protocol: Some(format!("{}.{}", welcome.major, welcome.minor)),
                head: Some(welcome.head.0),
                attached: peers.clone(),
                note: skew(&welcome.build, (welcome.major, welcome.minor), own),
                ..report
            },
        }
    }
}

/// What to know when the engine is of another build than this program; `None` = nothing.
fn skew(build: &str, protocol: (u32, u32), own: &str) -> Option<String> {
    let same = build == own && protocol == (MAJOR, MINOR);
    (!same).then(|| {
        format!(
            "the engine is build {build} (protocol {}.{}), this program build {own} ({MAJOR}.{MINOR}); what only one of \
             them knows is refused; `omnitraffick engine upgrade` with the newer one puts that in place",
            protocol.0, protocol.1
        )
    })
}

/// Carries a verb out. Becomes no engine itself.
pub async fn run(config: &Config, verb: Verb, out: &mut Output) -> Result<u8, Failure> {
    let running = look(config).await;
    match (verb, running) {
        (Verb::Status, running) => {
            print(running.as_ref(), out);
            Ok(0)
        }
        (Verb::Who, running) => {
            who(running.as_ref(), out);
            Ok(0)
        }
        (Verb::Upgrade, None) => {
            out.say("no engine runs; the next console or verb is the engine, with this build");
            print(None, out);
            Ok(0)
        }
        (Verb::Upgrade, Some(old)) => {
            belongs_to_us(&old)?;
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

/// Only the engine's own user can put another in its place: the store is nobody else's.
fn belongs_to_us(engine: &Present) -> Result<(), Failure> {
    let Some(owner) = engine.owner.filter(|uid| *uid != rustix::process::geteuid().as_raw()) else {
        return Ok(());
    };
    let name = login_of(owner).unwrap_or_else(|| format!("uid {owner}"));
    Err(Failure::failed(
        format!("the engine belongs to {name}, who alone can put another build in its place"),
        "under systemd: sudo systemctl restart omnitraffick, with the new build installed",
    ))
}

async fn look(config: &Config) -> Option<Present> {
    let entropy = Arc::new(SystemEntropy::from_os());
    present(&config.store, config.socket.as_deref(), Arc::new(SystemClock), entropy).await
}

fn print(running: Option<&Present>, out: &mut Output) {
    let report = Report::of(running);
    let mut table = Table::bare();
    table.field("engine", if report.running { "running" } else { "none" });
    if report.running {
        table.field("process", report.pid.map_or_else(|| "?".to_owned(), |p| p.to_string()));
        table.field("build", report.build.as_deref().unwrap_or("?"));
        table.field("protocol", report.protocol.as_deref().unwrap_or("?"));
        table.field("socket", report.socket.as_deref().unwrap_or_default());
        table.field("commits", report.head.map(|n| n.to_string()).unwrap_or_default());
        for peer in report.attached.iter().flatten() {
            table.field("attached", line(peer));
        }
        if let Some(note) = &report.note {
            table.field("note", note);
        }
    }
    out.one("engine", &report, &table);
}

/// Who is where; nobody, where no engine runs or its build does not say.
fn who(running: Option<&Present>, out: &mut Output) {
    let people = match running.map(|p| &p.door) {
        Some(Door::Open { people, .. }) => people.as_slice(),
        Some(Door::Shut(_)) | None => &[],
    };
    let mut table = Table::new(["who", "uid", "ticket", "doing", "since"], "nobody is at a ticket");
    for person in people {
        table.row([
            person.name.clone(),
            person.uid.map_or_else(|| "-".to_owned(), |uid| uid.to_string()),
            person.no.to_string(),
            if person.at.editing { "editing" } else { "looking" }.to_owned(),
            person.since.to_string(),
        ]);
    }
    out.many("people", people, people.len() as u64, &table);
}

/// `console ana (1000) since 2026-03-01T12:00:00.000Z, read-only`.
fn line(peer: &Peer) -> String {
    let limits = if peer.read_only { ", read-only" } else { "" };
    let build = if peer.build == env!("CARGO_PKG_VERSION") {
        String::new()
    } else {
        format!(", build {}", peer.build)
    };
    format!(
        "{} {} ({}) since {}{limits}{build}",
        peer.client, peer.name, peer.uid, peer.since
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_builds_are_told_apart_and_what_to_do() {
        assert_eq!(skew("0.1.0", (MAJOR, MINOR), "0.1.0"), None);
        let words = skew("0.0.9", (MAJOR, 0), "0.1.0").unwrap();
        assert!(words.contains("build 0.0.9 (protocol 1.0)"), "{words}");
        assert!(words.contains("engine upgrade"), "{words}");
    }

    #[test]
    fn who_is_attached_is_one_line() {
        let peer = Peer {
            uid: 1000,
            name: "ana".into(),
            client: "console".into(),
            since: crate::engine::model::time::Timestamp::from_micros(0),
            read_only: true,
            build: "0.0.9".into(),
        };
        assert_eq!(
            line(&peer),
            "console ana (1000) since 1970-01-01T00:00:00.000Z, read-only, build 0.0.9"
        );
    }
}
