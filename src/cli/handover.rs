//! Closing never stops work: a program that is the engine and leaves hands it to a background `serve`.
//!
//! The new process asks the running engine to make way over its socket, like an upgrade does. Whoever is attached
//! reconnects by itself. Should the new process not come up, the engine closes in good order, as if nobody had been
//! asked.

use std::{
    io,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use super::{failure::Failure, session::Session};
use crate::{
    config::Config,
    engine::{
        api::{Reply, Request, filter::Filter},
        model::deploy::Why,
    },
    tui::HandOver,
};

/// The new engine gets this long to come up and ask; then open calls get their time to end.
const PATIENCE: Duration = Duration::from_secs(40);
/// A background engine without work and without consoles stays this long.
pub const LINGER: &str = "10m";

/// What became of the engine when its program left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It was elsewhere, or there was nothing left to do: nothing was started.
    Nothing,
    /// A background process has it.
    HandedOver,
    /// It was closed, and what is open waits for the next start.
    Closed,
}

/// Lets go of the engine. If it is in this process and still of use, a background process takes it over first.
pub async fn leave(session: Session, config: &Config) -> Result<Left, Failure> {
    if !session.is_engine() || !is_of_use(&session).await {
        return session.close().await.map(|()| Left::Nothing);
    }
    let left = match start(config) {
        Ok(()) if session.made_way(PATIENCE).await => Left::HandedOver,
        Ok(()) => Left::Closed,
        Err(error) => {
            tracing::error!(%error, "no background engine could be started");
            Left::Closed
        }
    };
    session.close().await.map(|()| left)
}

/// The way to give the engine away while this program goes on, attached: before its process is put to sleep.
pub fn before_sleep(session: &Session, config: &Config) -> Option<HandOver> {
    let joint = session.joint()?;
    let config = config.clone();
    Some(HandOver(Arc::new(move || {
        let (joint, config) = (Arc::clone(&joint), config.clone());
        Box::pin(async move {
            start(&config).map_err(|e| format!("no background engine could be started: {e}"))?;
            if joint.is_elsewhere(PATIENCE).await {
                Ok(())
            } else {
                Err("the background engine did not come up; the log says why".to_owned())
            }
        })
    })))
}

/// True when somebody is attached, or something will happen by itself.
async fn is_of_use(session: &Session) -> bool {
    if session.connected().await > 0 {
        return true;
    }
    let open = Request::Deploys {
        filter: Filter::default(),
        finished: false,
        limit: 1_000,
    };
    let Ok(Reply::Deploys(rows)) = session.client().request(open).await else {
        return false;
    };
    rows.rows.iter().any(|d| goes_on(&d.glance.why))
}

/// True for a wait that ends without a person.
pub const fn goes_on(why: &Why) -> bool {
    !matches!(
        why,
        Why::NeedsOperator { .. } | Why::Paused { .. } | Why::LaneBlocked { .. } | Why::ReadOnly { .. } | Why::Finished
    )
}

/// Starts `serve` in the background, to take the engine over. It leaves this terminal's session by itself.
pub fn start(config: &Config) -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    if let Some(file) = &config.source {
        command.arg("--config").arg(std::path::absolute(file)?);
    }
    command
        .arg("--store")
        .arg(std::path::absolute(&config.store)?)
        .args([
            "serve",
            "--take-over",
            "--background",
            "--until-idle",
            "--linger",
            LINGER,
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if config.ephemeral {
        command.arg("--ephemeral");
    }
    let mut child = command.spawn()?;
    // It may outlive this process, whose end makes it the system's child. Should it end first, somebody must take note.
    std::thread::spawn(move || child.wait());
    Ok(())
}
