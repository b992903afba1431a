//! `serve`: the engine without a console, for a service unit or a script.

use std::time::Duration;

use clap::Args;
use tokio::sync::broadcast::error::RecvError;

use super::{
    call::{Call, ask},
    failure::Failure,
    handover::goes_on,
};
use crate::{
    config::values::Span,
    engine::{
        api::{DeployRows, Link, Notice, Overview, Request, filter::Filter},
        model::ticket::Status,
    },
};

/// How long to run, and in whose place.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// End once no deploy is open, or only ones that wait for a person, and nobody is attached
    #[arg(long)]
    pub until_idle: bool,
    /// With --until-idle: stay this long without work, such as 10m
    #[arg(long, value_name = "TIME", requires = "until_idle", value_parser = span)]
    pub linger: Option<Duration>,
    /// Take the place of an engine that runs already; it finishes its open calls first
    #[arg(long)]
    pub take_over: bool,
    /// Leave the terminal's session
    #[arg(long, hide = true)]
    pub background: bool,
}

fn span(text: &str) -> Result<Duration, String> {
    Span::parse(text).map(|s| s.0)
}

/// Leaves the terminal's session, for an engine in the background: done before anything else, because the end of the
/// terminal is told to everybody in its session.
pub fn leave_session(options: &Options) {
    if options.background {
        // Fails for the leader of a process group, which nobody's child is.
        let _ = rustix::process::setsid();
    }
}

/// Deploys looked at to decide whether there is work; more than this many open ones is work for sure.
const ENOUGH: u32 = 1_000;

/// How often to look without any notice.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Runs until a signal, or until idle. A signal is the orderly end here: the result is "done", unless the disk failed on
/// the way. Then the engine goes on answering until it is stopped, and a service manager is told not to start it again.
pub async fn run(call: &mut Call, options: Options) -> Result<(), Failure> {
    if !serve(call, options).await? {
        return Ok(());
    }
    let overview = call.overview().await?;
    match overview.read_only {
        Some(why) if overview.disk_failed => Err(Failure::disk_failed(why)),
        _ => Ok(()),
    }
}

/// True when this process is the engine to its end; false when another took its place.
async fn serve(call: &mut Call, options: Options) -> Result<bool, Failure> {
    let overview = call.overview().await?;
    call.out.say(&format!(
        "the engine runs on {} ({}), epoch {}; stop it with Ctrl-C or SIGTERM",
        overview.place, overview.environment, overview.epoch
    ));
    // Under systemd the unit is started once questions are answered; elsewhere nobody listens, and that is fine.
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    let stop = call.stop.clone();
    let mut notices = call.client.notices();
    let linger = options.linger.unwrap_or_default();
    let mut idle_since = None;
    loop {
        let overview = call.overview().await?;
        if options.until_idle && overview.read_only.is_some() {
            // Nothing will ever be done here.
            return Ok(true);
        }
        if options.until_idle && is_idle(&overview, &open(call).await?) {
            let now = call.client.now();
            if now.since(*idle_since.get_or_insert(now)) >= linger {
                call.out.say("nothing is left to do by itself");
                return Ok(true);
            }
        } else {
            idle_since = None;
        }
        tokio::select! {
            _ = stop.wait() => {
                let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
                call.out.say("stopping: open calls are finished first");
                return Ok(true);
            }
            // Some live facts change without a notice.
            () = tokio::time::sleep(LOOK_AGAIN), if options.until_idle => {}
            notice = notices.recv() => {
                let mut next = Some(notice);
                while let Some(notice) = next {
                    match notice {
                        Ok(Notice::Link(Link::Seeking(why))) => {
                            call.out.say(&why);
                            return Ok(false);
                        }
                        Err(RecvError::Closed) => return Err(Failure::unavailable("the engine has gone")),
                        Ok(_) | Err(RecvError::Lagged(_)) => {}
                    }
                    next = notices.try_recv().ok().map(Ok);
                }
            }
        }
    }
}

async fn open(call: &Call) -> Result<DeployRows, Failure> {
    let request = Request::Deploys {
        filter: Filter::default(),
        finished: false,
        limit: ENOUGH,
    };
    ask!(call, request, Deploys)
}

/// True when nothing will happen without a person.
fn is_idle(overview: &Overview, deploys: &DeployRows) -> bool {
    let judging = overview
        .tickets
        .iter()
        .any(|(status, n)| *status == Status::QaTesting && *n > 0);
    let attached = matches!(overview.link, Some(Link::Embedded(n)) if n > 0);
    let all_seen = u64::try_from(deploys.rows.len()).unwrap_or(u64::MAX) >= deploys.matching;
    !judging && !attached && all_seen && !deploys.rows.iter().any(|d| goes_on(&d.glance.why))
}
