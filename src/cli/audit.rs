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
        refusal::{Problem, RefusalCode},
        time::Timestamp,
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
    /// Not older than this: 30m, 2h, 3d, a day such as 2026-11-20, or RFC 3339
    #[arg(long, value_name = "MOMENT")]
    pub since: Option<String>,
    /// Only older than this, written in the same way
    #[arg(long, value_name = "MOMENT")]
    pub until: Option<String>,
    /// Only older than this number
    #[arg(long, value_name = "SEQ")]
    pub before: Option<u64>,
    /// At most this many
    #[arg(long, short = 'n', default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
}

/// Carries it out.
pub async fn run(call: &mut Call, args: Ask) -> Result<(), Failure> {
    let (since, until) = (
        moment(call, args.since.as_deref(), "since")?,
        moment(call, args.until.as_deref(), "until")?,
    );
    let request = Request::Audit(AuditAsk {
        ticket: args.ticket.map(TicketNo),
        actor: args.actor,
        text: args.text,
        since,
        until,
        before: args.before.map(Seq),
        limit: args.limit,
    });
    let events: Vec<Event> = ask!(call, request, Events)?;
    let table = events::table(&events);
    call.out.many("events", &events, governed::count(events.len()), &table);
    Ok(())
}

/// A moment, with the complaint at its switch.
fn moment(call: &Call, text: Option<&str>, switch: &str) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let now = call.client.now();
    let moment = Timestamp::parse_about(text, now, &jiff::tz::TimeZone::system()).ok_or_else(|| {
        let reason = format!("{text} is no moment");
        Failure::refused(
            RefusalCode::Invalid,
            Problem::at(switch, reason, "such as 2h, 3d, 2026-11-20"),
        )
    })?;
    Ok(Some(moment))
}
