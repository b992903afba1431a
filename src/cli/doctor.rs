//! `doctor`: what is set up, what is not, and what to do about it.

use clap::Args;
use serde::Serialize;

use super::{
    failure::Failure,
    output::{Output, Table},
    session::{Access, Session},
    themes,
};
use crate::{
    config::{Config, console::Notify, environment::Environment},
    engine::{
        api::{AccountState, EngineClient, Reply, Request},
        model::refusal::Problem,
    },
    logging::Logging,
};

/// What to look at.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Options {
    /// Also ask the platforms about every account of every channel in use; reads only
    #[arg(long)]
    pub online: bool,
}

#[derive(Serialize)]
struct Check {
    what: &'static str,
    /// `ok`, `warn` or `fail`.
    state: &'static str,
    words: String,
}

/// Looks at everything; gives exit code 1 when something fails.
pub async fn run(
    options: Options,
    config: &Config,
    environment: &Environment,
    log: &Logging,
    out: &mut Output,
) -> Result<u8, Failure> {
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
        notify(config, environment),
        clipboard(config, environment),
    ];
    checks.extend(themes::all(environment).problems.into_iter().map(|words| Check {
        what: "theme",
        state: "warn",
        words,
    }));
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
    checks.extend(store(config, environment, options.online).await);
    let mut table = Table::bare();
    for c in &checks {
        table.row([c.state, c.what, &c.words]);
    }
    out.one("doctor", &checks, &table);
    Ok(u8::from(checks.iter().any(|c| c.state == "fail")))
}

fn terminal(config: &Config, environment: &Environment) -> Check {
    let term = environment.var("TERM").unwrap_or("not set");
    Check {
        what: "terminal",
        state: if term == "not set" || term == "dumb" {
            "warn"
        } else {
            "ok"
        },
        words: terminal_words(config, environment),
    }
}

/// What the terminal is known to be.
pub fn terminal_words(config: &Config, environment: &Environment) -> String {
    let ui = &config.ui;
    format!(
        "TERM {}, colours {}, {}{}",
        environment.var("TERM").unwrap_or("not set"),
        ui.depth.as_str(),
        if ui.ascii { "ASCII" } else { "UTF-8" },
        if ui.over_ssh { ", over SSH" } else { "" }
    )
}

/// How a copy leaves the console.
fn clipboard(config: &Config, environment: &Environment) -> Check {
    let words = match &config.console.clipboard {
        Some(command) => format!("through {}", command.join(" ")),
        None if environment.var("TMUX").is_some() => {
            "through tmux load-buffer -w and OSC 52: needs `set -g set-clipboard on`".to_owned()
        }
        None => "by OSC 52; a terminal that refuses says nothing, Y shows the text".to_owned(),
    };
    Check {
        what: "clipboard",
        state: "ok",
        words,
    }
}

/// How somebody is called, and what has to be set elsewhere for it.
fn notify(config: &Config, environment: &Environment) -> Check {
    let way = config.console.notify;
    let words = match way {
        Notify::Off => "off; console.notify switches it on".to_owned(),
        _ => format!("by {} on {}", way.as_str(), config.console.occasion_words()),
    };
    let is_wrapped = matches!(way, Notify::Osc9 | Notify::Osc777) && environment.var("TMUX").is_some();
    Check {
        what: "notify",
        state: "ok",
        words: if is_wrapped {
            format!("{words}; through tmux: needs `set -g allow-passthrough on`")
        } else {
            words
        },
    }
}

/// The store; and, if wished, the accounts of every channel in it that is in use.
async fn store(config: &Config, environment: &Environment, online: bool) -> Vec<Check> {
    let fail = |words: String| Check {
        what: "store",
        state: "fail",
        words: format!("{}: {words}", config.store.display()),
    };
    // A team's store may lie where only its engine can look.
    if matches!(config.store.try_exists(), Ok(false)) {
        return vec![Check {
            what: "store",
            state: "ok",
            words: format!(
                "{}: none yet; the first thing you create makes it",
                config.store.display()
            ),
        }];
    }
    let access = Access {
        read_only: true,
        makes: false,
        asks: online,
        sends: false,
        client: "cli",
        attaches: true,
        takes_over: false,
    };
    let session = match Session::open(config, environment, access).await {
        Ok(session) => session,
        Err(e) => return vec![fail(words(&e))],
    };
    let check = match session.client().request(Request::Overview).await {
        Ok(Reply::Overview(o)) => Check {
            what: "store",
            state: match (&o.read_only, &o.short) {
                (Some(_), _) => "fail",
                (None, Some(_)) => "warn",
                (None, None) => "ok",
            },
            words: format!(
                "{}: {} commits{}",
                o.place,
                o.head,
                match (o.read_only, o.short) {
                    (Some(why), _) => format!("; read-only: {why}"),
                    (None, Some(why)) => format!("; nearly full: {why}"),
                    (None, None) => String::new(),
                }
            ),
        },
        Ok(_) => fail("the engine answered another question".to_owned()),
        Err(e) => fail(e.to_string()),
    };
    let mut checks = vec![check];
    if online {
        checks.extend(accounts(&*session.client()).await);
    }
    if let Err(e) = session.close().await {
        checks.push(fail(words(&e)));
    }
    checks
}

/// One line for every account of every channel in use, and one for every thing that is wrong with it.
async fn accounts(client: &dyn EngineClient) -> Vec<Check> {
    let line = |state, words: String| Check {
        what: "account",
        state,
        words,
    };
    let governance = match client.request(Request::Governance).await {
        Ok(Reply::Governance(g)) => g,
        Ok(_) => return vec![line("fail", "the engine answered another question".to_owned())],
        Err(e) => return vec![line("fail", e.to_string())],
    };
    let mut checks = Vec::new();
    for channel in governance.channels.iter().map(|c| &c.value) {
        if channel.retired || channel.accounts.is_empty() {
            continue;
        }
        let request = Request::CheckChannel {
            channel: channel.id,
            account: None,
        };
        let reports = match client.request(request).await {
            Ok(Reply::Accounts(reports)) => reports,
            Ok(_) => return vec![line("fail", "the engine answered another question".to_owned())],
            Err(e) => {
                checks.push(line("fail", format!("{}: {e}", channel.code)));
                continue;
            }
        };
        for report in reports {
            let name = format!("{} {}", channel.code, report.account);
            if report.state() == AccountState::Ok {
                checks.push(line("ok", name));
                continue;
            }
            let told = |state, problem: &Problem| {
                let remedy = Some(&problem.remedy).filter(|r| !r.is_empty());
                let to_do = remedy.map(|r| format!("; to do: {r}")).unwrap_or_default();
                line(state, format!("{name}: {}{to_do}", problem.reason))
            };
            checks.extend(report.problems.iter().map(|p| told("fail", p)));
            checks.extend(report.warnings.iter().map(|p| told("warn", p)));
        }
    }
    checks
}

fn words(failure: &Failure) -> String {
    failure
        .problems
        .iter()
        .map(|p| p.reason.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}
