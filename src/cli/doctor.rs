//! `doctor`: what is set up, what is not, and what to do about it.

use serde::Serialize;

use super::{
    failure::Failure,
    output::{Output, Table},
    session::{Access, Session},
};
use crate::{
    config::{Config, environment::Environment},
    engine::api::{Reply, Request},
    logging::Logging,
};

#[derive(Serialize)]
struct Check {
    what: &'static str,
    /// `ok`, `warn` or `fail`.
    state: &'static str,
    words: String,
}

/// Looks at everything; gives exit code 1 when something fails.
pub async fn run(config: &Config, environment: &Environment, log: &Logging, out: &mut Output) -> Result<u8, Failure> {
    let mut checks = vec![
        Check {
            what: "config",
            state: "ok",
            words: config.source.as_ref().map_or_else(
                || "no file, defaults are in force".to_owned(),
                |p| p.display().to_string(),
            ),
        },
        match &log.problem {
            None => Check {
                what: "log",
                state: "ok",
                words: config.log_dir.display().to_string(),
            },
            Some(problem) => Check {
                what: "log",
                state: "warn",
                words: format!("{problem}; set log.dir"),
            },
        },
        terminal(config, environment),
    ];
    checks.extend(config.platforms.iter().map(|(id, p)| {
        let tokens = p.accounts.len() + usize::from(p.token.is_some());
        let place = if p.is_local() {
            "a simulation on this machine"
        } else {
            "the platform itself"
        };
        Check {
            what: "platform",
            state: if tokens == 0 && !p.is_local() { "warn" } else { "ok" },
            words: format!("{id}: {place}, {tokens} token sources"),
        }
    }));
    checks.push(store(config, environment).await);
    let mut table = Table::bare();
    for c in &checks {
        table.row([c.state, c.what, &c.words]);
    }
    out.one("doctor", &checks, &table);
    Ok(u8::from(checks.iter().any(|c| c.state == "fail")))
}

fn terminal(config: &Config, environment: &Environment) -> Check {
    let ui = &config.ui;
    let term = environment.var("TERM").unwrap_or("not set");
    Check {
        what: "terminal",
        state: if term == "not set" || term == "dumb" {
            "warn"
        } else {
            "ok"
        },
        words: format!(
            "TERM {term}, colours {}, {}{}",
            ui.depth.as_str(),
            if ui.ascii { "ASCII" } else { "UTF-8" },
            if ui.over_ssh { ", over SSH" } else { "" }
        ),
    }
}

async fn store(config: &Config, environment: &Environment) -> Check {
    let fail = |words: String| Check {
        what: "store",
        state: "fail",
        words: format!("{}: {words}", config.store.display()),
    };
    if !config.store.exists() {
        return Check {
            what: "store",
            state: "ok",
            words: format!(
                "{}: none yet; the first thing you create makes it",
                config.store.display()
            ),
        };
    }
    let access = Access {
        read_only: true,
        makes: false,
        sends: false,
        checks: false,
    };
    let session = match Session::open(config, environment, access).await {
        Ok(session) => session,
        Err(e) => return fail(words(&e)),
    };
    let check = match session.client().request(Request::Overview).await {
        Ok(Reply::Overview(o)) => Check {
            what: "store",
            state: if o.read_only.is_some() { "fail" } else { "ok" },
            words: format!(
                "{}: {} commits{}",
                o.place,
                o.head,
                o.read_only.map(|why| format!("; read-only: {why}")).unwrap_or_default()
            ),
        },
        Ok(_) => fail("the engine answered another question".to_owned()),
        Err(e) => fail(e.to_string()),
    };
    match session.close().await {
        Ok(()) => check,
        Err(e) => fail(words(&e)),
    }
}

fn words(failure: &Failure) -> String {
    failure
        .problems
        .iter()
        .map(|p| p.reason.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}
