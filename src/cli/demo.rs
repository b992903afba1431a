//! `demo`: an invented agency on a simulated platform, with nothing to set up and nothing left behind.

use clap::Args;

use super::{failure::Failure, output::Output, stop::Stop};
use crate::{
    config::environment::Environment,
    demo::{Demo, DemoError, headless},
};

/// How it is shown.
#[derive(Clone, Copy, Debug, Args)]
pub struct Options {
    /// Play the story without a console: every stage as it happens, then a table; done only if all ended well
    #[arg(long)]
    pub headless: bool,
}

/// Plays the story on stdout. 0 = every ticket ended where it should, 1 = not.
pub async fn headless(environment: &Environment, stop: &Stop, out: &mut Output) -> Result<u8, Failure> {
    let (uid, login) = environment.who();
    let demo = Demo::start(uid, &login).await?;
    let result = tokio::select! {
        result = headless::play(&demo, out.writer()) => result,
        code = stop.wait() => return Err(Failure::stopped(code)),
    };
    demo.close().await?;
    Ok(u8::from(!result?))
}

impl From<DemoError> for Failure {
    fn from(e: DemoError) -> Self {
        Self::unavailable(e.to_string())
    }
}
