//! Changing a ticket. What QA judged becomes a draft again; notes, assignee and priority void nothing.

use super::{
    super::{
        call::{Call, nothing_to_change, same_version},
        campaign::show_flight,
        changes::{Changes, ticket_subject},
        command::TicketPatch,
        problems::Problems,
        text,
        tx::Tx,
    },
    approve, load, payload,
    table::{self, Act},
};
use crate::engine::{
    model::{
        deploy::Deploy,
        event::{EventKind, Noun},
        ids::TicketId,
        money::{Budget, BudgetKind},
        refusal::Refusal,
        ticket::{Status, Ticket},
    },
    store::{Commit, NewEvent, schema::keys},
};

/// Changes a ticket.
pub fn edit(call: &Call<'_>, id: TicketId, version: u64, patch: &TicketPatch) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let seen = load(&mut tx, id)?;
    same_version(Noun::Ticket, seen.value.no, version, seen.version)?;
    let event = change(call, &mut tx, seen.value, patch, "")?;
    Ok(call.finish(tx, event))
}

/// The change itself, whoever suggested it: `origin` ends the sentence in the journal.
pub fn change(
    call: &Call<'_>,
    tx: &mut Tx<'_>,
    old: Ticket,
    patch: &TicketPatch,
    origin: &str,
) -> Result<NewEvent, Refusal> {
    let id = old.id;
    let mut new = apply(&old, patch);
    // Judged by content, not by which fields the patch names: a form that sends everything back unchanged voids nothing.
    let content = new.payload_hash() != old.payload_hash();
    table::require(&old, if content { Act::Edit } else { Act::EditAside })?;

    let mut problems = Problems::new();
    text::lines(&mut problems, "notes", &new.notes, text::NOTES_MAX);
    text::line(&mut problems, "assignee", &new.assignee, 0, text::LOGIN_MAX);
    if content {
        text::flight(&mut problems, new.flight);
        payload::check(&mut problems, &new.payload);
    }
    problems.check()?;

    let mut changes = differences(&old, &new);
    if changes.is_empty() {
        return Err(nothing_to_change(Noun::Ticket, old.no));
    }
    new.updated_at = call.now;
    let about = ticket_subject(old.id, old.no);
    let event = if content {
        new.status = Status::Draft;
        new.qa = None;
        new.failure = None;
        approve::void(&mut new, &mut changes);
        new.updated_by = call.actor.clone();
        let sentence = format!("ticket {} edited: {{fields}}{origin}", old.no);
        NewEvent {
            status: Some(Status::Draft).filter(|s| *s != old.status),
            ..changes.event(EventKind::TicketEdited, about, &sentence)
        }
    } else {
        changes.event(
            EventKind::Updated,
            about,
            &format!("ticket {} changed: {{fields}}", old.no),
        )
    };
    if new.priority != old.priority {
        move_in_queue(tx, &new)?;
    }
    tx.save(&keys::ticket(id), &new)?;
    Ok(event)
}

fn apply(old: &Ticket, patch: &TicketPatch) -> Ticket {
    let mut new = old.clone();
    new.budget = patch.budget.unwrap_or(old.budget);
    new.flight = patch.flight.unwrap_or(old.flight);
    new.priority = patch.priority.unwrap_or(old.priority);
    if let Some(payload) = &patch.payload {
        new.payload.clone_from(payload);
    }
    if let Some(notes) = &patch.notes {
        new.notes.clone_from(notes);
    }
    if let Some(assignee) = &patch.assignee {
        new.assignee.clone_from(assignee);
    }
    new
}

fn differences(old: &Ticket, new: &Ticket) -> Changes {
    let mut changes = Changes::new();
    changes.option("budget", old.budget.as_ref(), new.budget.as_ref(), show_budget);
    changes.option("flight", old.flight.as_ref(), new.flight.as_ref(), show_flight);
    changes.payload(&old.payload, &new.payload);
    changes.value("notes", &old.notes, &new.notes);
    changes.value("assignee", &old.assignee, &new.assignee);
    changes.value("priority", &old.priority, &new.priority);
    changes
}

/// A budget for people: `EUR 1,200.00 daily`.
fn show_budget(budget: &Budget) -> String {
    let per = match budget.kind {
        BudgetKind::Daily => "daily",
        BudgetKind::Lifetime => "lifetime",
    };
    format!("{} {per}", budget.money)
}

/// The queue is ordered by the deploy's row, so an open deploy follows its ticket's priority.
fn move_in_queue(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), Refusal> {
    let Some(id) = ticket.deploy.filter(|_| ticket.status == Status::Deploying) else {
        return Ok(());
    };
    let key = keys::deploy(id);
    if let Some(mut deploy) = tx.load::<Deploy>(&key)? {
        deploy.value.priority = ticket.priority;
        tx.save(&key, &deploy.value)?;
    }
    Ok(())
}
