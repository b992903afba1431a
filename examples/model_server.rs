//! A scripted model server for trying the copilot by hand:
//! `cargo run --example model_server -- --script FILE --listen 127.0.0.1:8791`.
//!
//! The script is JSON: `{"answers": [{"status": 200, "headers": [["content-type", "text/event-stream"]], "steps":
//! [{"text": "data: …\n\n"}, {"delay": 20}, {"hex": "efbbbf"}, {"repeat": [": ping\n\n", 3]}, "head", "close", "reset",
//! "stall"]}]}`. Every request is printed as one line of JSON.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test tool"
)]

#[allow(dead_code, reason = "the constructors serve the tests")]
#[path = "../tests/support/model_server.rs"]
mod model_server;

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser as _;
use model_server::{Answer, ModelServer};

/// A script as a file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    /// The answers in the order of the requests.
    answers: Vec<Answer>,
}

/// What the command line gives.
#[derive(clap::Parser)]
struct Args {
    /// The script, JSON.
    #[arg(long)]
    script: PathBuf,
    /// Where to listen; loopback only.
    #[arg(long, default_value = "127.0.0.1:8791")]
    listen: SocketAddr,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let script: Script = serde_json::from_str(&std::fs::read_to_string(&args.script)?)?;
    let server = ModelServer::start(args.listen, script.answers).await?;
    println!("listening on http://{}", server.address);
    let mut shown = 0;
    loop {
        server.until(|all| all.len() > shown).await;
        for one in server.received().iter().skip(shown) {
            let line = one.head.lines().next().unwrap_or_default();
            let body = String::from_utf8_lossy(&one.body);
            println!("{}", serde_json::json!({"request": line, "body": body}));
            shown += 1;
        }
    }
}
