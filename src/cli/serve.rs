//! `serve`: the engine without a console, for a service unit or a script.

use std::time::Duration;

use clap::Args;
use tokio::sync::broadcast::error::RecvError;

use super::{
    call::{Call, ask},
    failure::Failure,
};
use crate::engine::{
    api::{DeployRows, Overview, Request, filter::Filter},
    model::{deploy::Why, ticket::Status},
};

/// How long to run.
#[derive(Debug, Args)]
pub struct Options {
    /// End once no deploy is open, or only ones that wait for a person
    #[arg(long)]
    pub until_idle: bool,
}

/// Deploys looked at to decide whether there is work; more than this many open ones is work for sure.
const ENOUGH: u32 = 1_000;

/// How often to look without any notice.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Runs until a signal, or until idle. A signal is the orderly end here: the result is "done".
pub async fn run(call: &mut Call, options: Options) -> Result<(), Failure> {
    let overview = call.overview().await?;
    call.out.say(&format!(
        "the engine runs on {} ({}), epoch {}; stop it with Ctrl-C or SIGTERM",
        overview.place, overview.environment, overview.epoch
    ));
    let stop = call.stop.clone();
    let mut notices = call.client.notices();
    loop {
        if options.until_idle && is_idle(&call.overview().await?, &open(call).await?) {
            call.out.say("nothing is left to do by itself");
            return Ok(());
        }
        tokio::select! {
            _ = stop.wait() => {
                call.out.say("stopping: open calls are finished first");
                return Ok(());
            }
            // Some live facts change without a notice.
            () = tokio::time::sleep(LOOK_AGAIN), if options.until_idle => {}
            notice = notices.recv() => {
                if matches!(notice, Err(RecvError::Closed)) {
                    return Err(Failure::unavailable("the engine has gone"));
                }
                while notices.try_recv().is_ok() {}
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
    let waits = |why: &Why| {
        matches!(
            why,
            Why::NeedsOperator { .. }
                | Why::Paused { .. }
                | Why::LaneBlocked { .. }
                | Why::ReadOnly { .. }
                | Why::Finished
        )
    };
    let all_seen = u64::try_from(deploys.rows.len()).unwrap_or(u64::MAX) >= deploys.matching;
    !judging && all_seen && deploys.rows.iter().all(|d| waits(&d.glance.why))
}
