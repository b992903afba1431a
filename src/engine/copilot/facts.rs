//! What a question may tell of the ticket it stands in.
//!
//! Allow-list: request, platform, objective, what QA found, what the platform refused. Money, accounts, ids, names and
//! notes stay on this host; they are listed all the same, so that a person sees what stays.

use super::prompt::Fact;
use crate::engine::model::ticket::{Severity, Ticket};

/// Where a ticket's payload holds its objective, by platform.
const OBJECTIVES: [&str; 3] = [
    "/campaign/objective",
    "/campaign/objective_type",
    "/campaign/advertisingChannelType",
];
/// Findings told; the rest is counted.
const FINDINGS: usize = 12;

/// The objective as the platform names it.
pub fn objective(ticket: &Ticket) -> Option<String> {
    let payload = ticket.payload.value();
    let word = OBJECTIVES.iter().find_map(|path| payload.pointer(path)?.as_str());
    word.map(str::to_owned)
}

/// The facts of a ticket, those that may leave the host first.
pub fn facts_of(ticket: &Ticket) -> Vec<Fact> {
    let fact = |name: &str, value: String, may_leave_host: bool| Fact {
        name: name.to_owned(),
        value,
        may_leave_host,
    };
    let mut facts = vec![
        fact("request", ticket.request.to_string(), true),
        fact("platform", ticket.platform.to_string(), true),
        fact("status", ticket.status.to_string(), true),
    ];
    facts.extend(objective(ticket).map(|o| fact("objective", o, true)));
    let findings = ticket.qa.iter().flat_map(|qa| &qa.findings);
    for (n, f) in (1..).zip(findings.take(FINDINGS)) {
        let word = match f.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let words = format!("{word} {} in {}: {}; {}", f.rule, f.field, f.message, f.remedy);
        facts.push(fact(&format!("QA finding {n}"), words, true));
    }
    if let Some(failure) = &ticket.failure {
        let words = format!("{}: {}; {}", failure.step, failure.reason, failure.remedy);
        facts.push(fact("the platform's refusal", words, true));
    }
    facts.push(fact("name", ticket.name.clone(), false));
    facts.push(fact("account", ticket.account.to_string(), false));
    if let Some(budget) = &ticket.budget {
        facts.push(fact("budget", budget.money.to_string(), false));
    }
    if !ticket.notes.is_empty() {
        facts.push(fact("notes", ticket.notes.clone(), false));
    }
    facts
}
