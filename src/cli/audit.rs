//! `audit`: who did what, newest first.

use clap::Args;

use super::{
    call::{Call, ask},
    events,
    failure::Failure,
    governed,
};
use crate::engine::{
    api::{AuditAsk, Request},
    model::{
        event::{Event, Seq},
        ids::TicketNo,
    },
};

/// Which part of the trail.
#[derive(Debug, Args)]
pub struct Ask {
    /// Only about this ticket
    #[arg(long, value_name = "NO")]
    pub ticket: Option<u32>,
    /// Only by this person
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    /// Only what holds this text
    #[arg(long)]
    pub text: Option<String>,
    /// Only older than this number
    #[arg(long, value_name = "SEQ")]
    pub before: Option<u64>,
    /// At most this many
    #[arg(long, short = 'n', default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
}

/// Carries it out.
pub async fn run(call: &mut Call, args: Ask) -> Result<(), Failure> {
    let request = Request::Audit(AuditAsk {
        ticket: args.ticket.map(TicketNo),
        actor: args.actor,
        text: args.text,
        before: args.before.map(Seq),
        limit: args.limit,
    });
    let events: Vec<Event> = ask!(call, request, Events)?;
    let table = events::table(&events);
    call.out.many("events", &events, governed::count(events.len()), &table);
    Ok(())
}
