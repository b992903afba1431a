//! `sandbox`: a simulated world of the platforms on this machine, to try things out on.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    failure::Failure,
    output::{Output, Table},
    stop::Stop,
};
use crate::{
    engine::model::refusal::{Problem, RefusalCode},
    platforms::sandbox::{
        config::AccountSpec,
        server::{self, SandboxError, SandboxOptions},
    },
};

/// How the world is set up.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Address to listen on; this machine only. Port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8790")]
    pub listen: SocketAddr,
    /// Append every request and its answer to this file, one JSON line each, without secrets
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// World and faults, TOML: lost answers, rate limits, late objects
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// An account that exists; repeat it for more
    #[arg(long, value_name = "ID")]
    pub account: Vec<String>,
    /// Only accounts named here or in the file exist
    #[arg(long)]
    pub no_auto_accounts: bool,
}

/// Runs until a signal; that is its orderly end. Says where it listens once it does.
pub async fn run(options: Options, stop: &Stop, out: &mut Output) -> Result<u8, Failure> {
    let mut accounts = Vec::new();
    for id in &options.account {
        let id = id
            .parse()
            .map_err(|e: String| Failure::refused(RefusalCode::Invalid, Problem::at("account", e, "")))?;
        accounts.push(AccountSpec::new(id));
    }
    let options = SandboxOptions {
        listen: options.listen,
        record: options.record,
        faults: options.faults,
        accounts,
        auto_accounts: !options.no_auto_accounts,
    };
    let shutdown = CancellationToken::new();
    let on_bound = |address: SocketAddr| {
        let url = format!("http://{address}");
        let mut table = Table::bare();
        table.row(["sandbox", &url]);
        out.one("sandbox", &json!({"url": url}), &table);
    };
    let world = server::run(options, on_bound, shutdown.clone());
    tokio::pin!(world);
    tokio::select! {
        ended = &mut world => ended.map_err(refused)?,
        _ = stop.wait() => {
            shutdown.cancel();
            world.await.map_err(refused)?;
        }
    }
    Ok(0)
}

fn refused(e: SandboxError) -> Failure {
    match e {
        SandboxError::NotLoopback(_) => Failure::refused(
            RefusalCode::Invalid,
            Problem::at("listen", e.to_string(), "use 127.0.0.1 and a port"),
        ),
        SandboxError::Script(s) => Failure::refused(
            RefusalCode::Invalid,
            Problem::whole(s.to_string(), "see docs/sandbox.md"),
        ),
        SandboxError::Listen { .. } | SandboxError::Record { .. } => Failure::unavailable(e.to_string()),
    }
}
