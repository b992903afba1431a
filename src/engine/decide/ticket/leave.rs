//! Calling a ticket off or removing it, as long as nothing was ever done for it on a platform.

use super::{
    super::{
        call::{Call, same_version},
        changes::{Changes, moved, ticket_subject},
        problems::Problems,
        proposal, text,
    },
    free_name, load,
    table::{self, Act},
};
use crate::engine::{
    model::{
        event::{EventKind, Noun},
        ids::TicketId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Status, Ticket},
    },
    store::{Commit, schema::keys},
};

/// True when a ticket that can still be called off has a ledger or objects: then calling it off is the ledger's affair.
/// An unknown ticket has none; the decision says so.
pub fn has_ledger(call: &Call<'_>, id: TicketId) -> Result<bool, Refusal> {
    let ticket = call.tx().load::<Ticket>(&keys::ticket(id))?;
    Ok(ticket.is_some_and(|t| Act::Cancel.works_in(t.value.status) && was_deployed(&t.value)))
}

/// Calls a ticket off that was never deployed.
pub fn cancel(call: &Call<'_>, id: TicketId, reason: &str) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mut ticket = load(&mut tx, id)?.value;
    table::require(&ticket, Act::Cancel)?;
    let mut problems = Problems::new();
    text::line(&mut problems, "reason", reason, 0, text::REASON_MAX);
    problems.check()?;
    free_name(&mut tx, &ticket)?;
    ticket.status = Status::Cancelled;
    ticket.qa = None;
    ticket.updated_at = call.now;
    tx.save(&keys::ticket(id), &ticket)?;
    let because = if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    };
    let sentence = format!("ticket {} cancelled{because}", ticket.no);
    let about = ticket_subject(id, ticket.no);
    Ok(call.finish(tx, moved(EventKind::Cancelled, about, ticket.status, &sentence)))
}

/// Removes a ticket that never had a deploy. Its name is free again, its number is never given again.
pub fn delete(call: &Call<'_>, id: TicketId, version: u64) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let seen = load(&mut tx, id)?;
    let ticket = seen.value;
    same_version(Noun::Ticket, ticket.no, version, seen.version)?;
    table::require(&ticket, Act::Delete)?;
    if was_deployed(&ticket) {
        return Err(Refusal::new(
            RefusalCode::InUse,
            Problem::whole(
                format!("ticket {} was deployed once; its ledger must stay", ticket.no),
                if ticket.status == Status::Cancelled {
                    "leave it; it is cancelled"
                } else {
                    "cancel it instead"
                },
            ),
        ));
    }
    free_name(&mut tx, &ticket)?;
    tx.delete_if_there(&keys::ticket_no(ticket.no));
    tx.unrefer(&keys::refs(Noun::Campaign, ticket.campaign))?;
    tx.unrefer(&keys::refs(Noun::Channel, ticket.channel))?;
    tx.unrefer(&keys::account_refs(ticket.platform, &ticket.account))?;
    tx.delete_if_there(&keys::watch(id));
    proposal::forget(&mut tx, id)?;
    tx.delete(&keys::ticket(id));
    let about = ticket_subject(id, ticket.no);
    let sentence = format!("ticket {} removed: {}", ticket.no, ticket.name);
    Ok(call.finish(tx, Changes::new().event(EventKind::TicketDeleted, about, &sentence)))
}

fn was_deployed(ticket: &Ticket) -> bool {
    ticket.deploy.is_some() || !ticket.created.is_empty()
}
