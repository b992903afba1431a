//! `demo`: an invented agency on a simulated platform, with nothing to set up and nothing left behind.

use clap::Args;
use serde_json::json;

use super::{
    failure::Failure,
    output::{Output, Table},
    stop::Stop,
};
use crate::{
    config::environment::Environment,
    demo::{Demo, DemoError, headless},
};

/// How the demo is shown.
#[derive(Clone, Copy, Debug, Args)]
pub struct Options {
    /// Tell the story on the plain terminal and judge its end; takes a minute or two
    #[arg(long)]
    pub headless: bool,
}

/// Plays the demo; gives exit code 1 when a ticket ended where it should not.
pub async fn run(options: Options, environment: &Environment, stop: &Stop, out: &mut Output) -> Result<u8, Failure> {
    if !options.headless {
        return Err(Failure::unavailable("this build has no console yet; add --headless"));
    }
    let (_, login) = environment.who();
    let demo = Demo::start(&login).await.map_err(failed)?;
    let told = tokio::select! {
        told = headless::play(&demo, out.story()) => told.map_err(failed),
        code = stop.wait() => Err(Failure::stopped(code)),
    };
    demo.close().await.map_err(failed)?;
    let good = told?;
    if out.is_json() {
        out.one("demo", &json!({"good": good}), &Table::bare());
    }
    Ok(u8::from(!good))
}

fn failed(e: DemoError) -> Failure {
    Failure::failed(e.to_string(), "")
}
