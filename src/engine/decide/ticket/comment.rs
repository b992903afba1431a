//! Words to colleagues about a ticket. They live in the journal, beside what was done: nothing on the ticket changes, so
//! a comment is never in the way of somebody's edit.

use super::{
    super::{
        call::Call,
        changes::{Changes, ticket_subject},
        problems::Problems,
        text,
    },
    load,
};
use crate::engine::{
    model::{event::EventKind, ids::TicketId, refusal::Refusal},
    store::Commit,
};

/// Writes a comment.
pub fn comment(call: &Call<'_>, id: TicketId, text: &str) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let ticket = load(&mut tx, id)?.value;
    let mut problems = Problems::new();
    text::line(&mut problems, "text", text, 1, text::COMMENT_MAX);
    problems.check()?;
    // As an argument, not in the template: what people write may hold the template's own mark.
    let mut event = Changes::new().event(EventKind::Commented, ticket_subject(id, ticket.no), "");
    event.summary = crate::engine::model::sanitise::sanitise(text).into_string();
    Ok(call.finish(tx, event))
}
