//! QA's way through a ticket: asked for, answered, taken back.
//!
//! An answer counts only for the run that was asked for and the content it was asked about: a result that arrives
//! after an edit says nothing about what is there now.

use super::{
    super::{
        call::Call,
        changes::{Changes, moved, ticket_subject},
    },
    approve, load,
    table::{self, Act},
};
use crate::engine::{
    model::{
        event::EventKind,
        ids::{QaRunId, TicketId},
        json::Sha,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Finding, QaRecord, Severity, Status, Ticket},
    },
    store::{Commit, NewEvent, schema::keys},
};

/// Sends a ticket to QA.
pub fn submit(call: &Call<'_>, id: TicketId, run: QaRunId) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mut ticket = load(&mut tx, id)?.value;
    table::require(&ticket, Act::SubmitQa)?;
    ticket.status = Status::QaTesting;
    ticket.updated_at = call.now;
    ticket.qa = Some(QaRecord {
        run,
        payload_hash: ticket.payload_hash(),
        basis: Sha::default(),
        finished_at: None,
        findings: Vec::new(),
    });
    tx.save(&keys::ticket(id), &ticket)?;
    let sentence = format!("ticket {} sent to QA", ticket.no);
    let about = ticket_subject(id, ticket.no);
    Ok(call.finish(tx, moved(EventKind::QaStarted, about, ticket.status, &sentence)))
}

/// Takes in what a QA run found. Only the engine says this.
pub fn result(
    call: &Call<'_>,
    id: TicketId,
    run: QaRunId,
    payload_hash: Sha,
    basis: Sha,
    findings: &[Finding],
) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mut ticket = load(&mut tx, id)?.value;
    table::require(&ticket, Act::QaResult)?;
    let asked = ticket
        .qa
        .as_ref()
        .is_some_and(|qa| qa.run == run && qa.payload_hash == payload_hash);
    if !asked || payload_hash != ticket.payload_hash() {
        return Err(stale(&ticket));
    }
    let record = QaRecord {
        run,
        payload_hash,
        basis,
        finished_at: Some(call.now),
        findings: findings.to_vec(),
    };
    let (status, kind, word) = if record.passed() {
        (Status::ReadyForApi, EventKind::QaPassed, "passed QA")
    } else {
        (Status::QaFailed, EventKind::QaFailed, "failed QA")
    };
    let sentence = format!("ticket {} {word}{}", ticket.no, tally(findings));
    ticket.status = status;
    ticket.updated_at = call.now;
    ticket.qa = Some(record);
    tx.save(&keys::ticket(id), &ticket)?;
    let about = ticket_subject(id, ticket.no);
    Ok(call.finish(tx, moved(kind, about, status, &sentence)))
}

/// Takes a ticket back to draft; whatever QA said about it is void.
pub fn withdraw(call: &Call<'_>, id: TicketId) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mut ticket = load(&mut tx, id)?.value;
    table::require(&ticket, Act::Withdraw)?;
    ticket.status = Status::Draft;
    ticket.qa = None;
    ticket.updated_at = call.now;
    let mut changes = Changes::new();
    approve::void(&mut ticket, &mut changes);
    tx.save(&keys::ticket(id), &ticket)?;
    let sentence = format!("ticket {} withdrawn to draft", ticket.no);
    let about = ticket_subject(id, ticket.no);
    let event = NewEvent {
        status: Some(ticket.status),
        ..changes.event(EventKind::TicketWithdrawn, about, &sentence)
    };
    Ok(call.finish(tx, event))
}

fn stale(ticket: &Ticket) -> Refusal {
    Refusal::new(
        RefusalCode::Stale,
        Problem::whole(
            format!("this QA run judged an older content of ticket {}", ticket.no),
            "nothing to do; the run for the present content decides",
        ),
    )
}

/// `: 2 errors, 1 warning`, or nothing.
fn tally(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|f| f.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let words = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<String> = [words(errors, "error"), words(warnings, "warning")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!(": {}", parts.join(", "))
    }
}
