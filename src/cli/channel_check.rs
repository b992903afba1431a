//! `channel check`: what the accounts of a channel say about themselves.

use super::{
    call::{Call, ask},
    channel::find,
    failure::Failure,
    gather::Gather,
    governed,
    output::Table,
};
use crate::engine::{
    api::{AccountReport, AccountState, Request},
    model::refusal::Problem,
};

/// Asks, prints, and gives the exit code: 1 when an account cannot be used.
pub async fn run(call: &mut Call, channel: &str, account: Option<&str>) -> Result<u8, Failure> {
    let mut g = Gather::default();
    let account = g.parse_opt("account", account);
    if !g.is_clean() {
        return Err(g.failure());
    }
    let governance = call.governance().await?;
    let id = find(&governance, channel)?.value.id;
    let reports: Vec<AccountReport> = ask!(call, Request::CheckChannel { channel: id, account }, Accounts)?;
    let mut table = Table::bare();
    for report in &reports {
        rows(&mut table, report);
    }
    let total = governed::count(reports.len());
    call.out.many("account_reports", &reports, total, &table);
    Ok(u8::from(reports.iter().any(|r| r.state() == AccountState::Fail)))
}

/// The state of the account first, then what is wrong, then the facts.
fn rows(table: &mut Table, report: &AccountReport) {
    table.row([report.account.as_str(), report.state().as_str()]);
    let mut told = |label: &str, problem: &Problem| {
        table.row(["", label, &problem.reason]);
        if !problem.remedy.is_empty() {
            table.row(["", "  to do", &problem.remedy]);
        }
    };
    report.problems.iter().for_each(|p| told("problem", p));
    report.warnings.iter().for_each(|p| told("warning", p));
    for (name, value) in &report.facts {
        table.row(["", name, value]);
    }
}
