//! Decisions about tickets: writing, changing, QA, leaving. What happens on a platform is [`super::deploy`]'s affair.
//!
//! Invariants
//! - No command carries a status: [`table`] says what may happen in which one, the decisions say where it leads.
//! - A ticket that is `READY_FOR_API` has passed QA on exactly its present content.
//! - A ticket's name is made once and never edited.

pub mod approve;
pub mod comment;
pub mod create;
pub mod edit;
pub mod leave;
pub mod payload;
pub mod review;
pub mod table;
mod target;
pub mod watch;

use super::{
    call::not_found,
    tx::{Tx, Versioned},
};
use crate::engine::{
    model::{
        event::Noun,
        ids::TicketId,
        refusal::Refusal,
        ticket::{RequestType, Ticket},
    },
    store::schema::keys,
};

/// Reads a ticket the commit relies on.
pub fn load(tx: &mut Tx<'_>, id: TicketId) -> Result<Versioned<Ticket>, Refusal> {
    tx.load::<Ticket>(&keys::ticket(id))?
        .ok_or_else(|| not_found(Noun::Ticket, id))
}

/// Gives a CREATE ticket's name on its account back: it was removed, or called off before anything existed under it.
pub fn free_name(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), Refusal> {
    if ticket.request != RequestType::Create {
        return Ok(());
    }
    let key = keys::platform_name(ticket.platform, &ticket.account, &ticket.name);
    if tx.owner(&key)? == Some(ticket.id.to_string()) {
        tx.delete(&key);
    }
    Ok(())
}
