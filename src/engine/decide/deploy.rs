//! Decisions about deploys: start, retry, pause, recall, answers, holds, and everything the executor reports.

use super::{View, command::Command};
use crate::engine::{
    model::{
        actor::Actor,
        refusal::{Problem, Refusal, RefusalCode},
        time::Timestamp,
    },
    store::Commit,
};

/// Decides a command about a deploy.
pub fn decide(view: &dyn View, command: &Command, actor: &Actor, now: Timestamp) -> Result<Commit, Refusal> {
    let _ = (view, command, actor, now);
    Err(Refusal::new(
        RefusalCode::Unsupported,
        Problem::whole("this build cannot deploy", "install a build that can"),
    ))
}
