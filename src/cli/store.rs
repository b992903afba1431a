//! `store`: the store on disk.

use clap::Subcommand;

use super::{
    call::Call,
    failure::{Complaint, Failure},
    governed,
    output::{Output, Table, word},
};
use crate::{
    config::Config,
    engine::{host, model::refusal::Problem},
};

/// What can be done with the store.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Read all of it, check every sum and the chain, and compare the index with the journal
    Verify,
    /// Say which store it is, where, and what is in it
    Info,
}

/// Carries out a verb that asks the engine.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::Verify => Err(Failure::internal("the store is checked without an engine")),
        Verb::Info => info(call).await,
    }
}

/// Checks the store without an engine, so that a damaged one can be checked too.
pub fn verify(config: &Config, out: &mut Output) -> Result<u8, Failure> {
    if !config.store.exists() {
        let reason = format!("there is no store in {}", config.store.display());
        return Err(Failure::unavailable(reason));
    }
    let report = host::verify(&config.store);
    let mut t = Table::bare();
    t.field("records", report.records.to_string());
    t.field("bytes", report.bytes.to_string());
    t.field("segments", report.segments.to_string());
    t.field("rows", report.rows.to_string());
    t.field("head", report.head.to_string());
    t.field("chain", report.head_hash.to_string());
    t.field("result", if report.problems.is_empty() { "clean" } else { "damaged" });
    out.one("verify", &report, &t);
    if report.problems.is_empty() {
        return Ok(0);
    }
    let problems = report.problems.iter();
    Err(Failure {
        problems: problems
            .map(|p| Complaint::from(Problem::whole(p.as_str(), "")))
            .collect(),
        ..Failure::damaged("")
    })
}

async fn info(call: &mut Call) -> Result<(), Failure> {
    let o = call.overview().await?;
    let mut t = Table::bare();
    t.field("store", o.store.to_string());
    t.field("place", &o.place);
    t.field("environment", &o.environment);
    t.field("platforms", if o.sandbox { "simulated" } else { "real" });
    t.field("you", format!("{} ({})", o.actor.name, word(&o.actor.role)));
    t.field("head", o.head.to_string());
    t.field("epoch", o.epoch.to_string());
    t.field("read-only", o.read_only.as_deref().unwrap_or_default());
    t.field("tickets", governed::by_status(&o.tickets));
    for trouble in &o.troubles {
        t.field("trouble", trouble);
    }
    call.out.one("store", &o, &t);
    Ok(())
}
