//! `store`: the store on disk.

use clap::Subcommand;

use super::{
    call::{Call, ask},
    failure::{Complaint, Failure},
    governed,
    output::{Table, word},
};
use crate::engine::{
    api::{Request, VerifyReport},
    model::refusal::Problem,
};

/// What can be done with the store.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Read all of it, check every sum and the chain, and compare the index with the journal
    Verify,
    /// Say which store it is, where, and what is in it
    Info,
}

/// Carries out a verb; gives the exit code.
pub async fn run(call: &mut Call, verb: Verb) -> Result<u8, Failure> {
    match verb {
        Verb::Verify => verify(call).await,
        Verb::Info => info(call).await.map(|()| 0),
    }
}

async fn verify(call: &mut Call) -> Result<u8, Failure> {
    let report: VerifyReport = ask!(call, Request::Verify, Verify)?;
    let mut t = Table::bare();
    t.field("records", report.records.to_string());
    t.field("bytes", report.bytes.to_string());
    t.field("segments", report.segments.to_string());
    t.field("rows", report.rows.to_string());
    t.field("head", report.head.to_string());
    t.field("chain", report.head_hash.to_string());
    t.field("result", if report.problems.is_empty() { "clean" } else { "damaged" });
    call.out.one("verify", &report, &t);
    if report.problems.is_empty() {
        return Ok(0);
    }
    let problems = report.problems.iter();
    Err(Failure {
        problems: problems
            .map(|p| Complaint::from(Problem::whole(p.as_str(), "")))
            .collect(),
        ..Failure::failed("", "")
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
