//! `ticket approve`, `decline`, `comment`, `comments`, `assign`: what people say to each other about a ticket.

use clap::Args;

use super::change;
use crate::{
    cli::{
        call::{Call, ask},
        events,
        failure::Failure,
        governed,
    },
    engine::{
        api::{AuditAsk, CommandKind, Request, TicketPatch},
        model::event::{Event, EventKind},
    },
};

/// An approval.
#[derive(Debug, Args)]
pub struct Approve {
    /// Number, platform name or id
    pub ticket: String,
    /// What to add, for the history
    #[arg(long, default_value = "", hide_default_value = true)]
    pub reason: String,
}

/// A refusal.
#[derive(Debug, Args)]
pub struct Decline {
    /// Number, platform name or id
    pub ticket: String,
    /// Why, for the author
    #[arg(long)]
    pub reason: String,
}

/// A comment.
#[derive(Debug, Args)]
pub struct Comment {
    /// Number, platform name or id
    pub ticket: String,
    /// What to say, one line
    pub text: String,
}

/// Comments to list.
#[derive(Debug, Args)]
pub struct Comments {
    /// Number, platform name or id
    pub ticket: String,
    /// At most this many
    #[arg(long, short = 'n', default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
}

/// Who takes care from now on.
#[derive(Debug, Args)]
pub struct Assign {
    /// Number, platform name or id
    pub ticket: String,
    /// Login name; nobody when left out
    #[arg(default_value = "", hide_default_value = true)]
    pub login: String,
}

/// Agrees to the ticket as it is now.
pub async fn approve(call: &mut Call, args: Approve) -> Result<(), Failure> {
    let ticket = call.ticket(&args.ticket).await?.ticket.value;
    let kind = CommandKind::TicketApprove {
        id: ticket.id,
        payload_hash: ticket.payload_hash(),
        reason: args.reason,
    };
    change(call, kind, ticket.id).await
}

/// Sends the ticket back to its author.
pub async fn decline(call: &mut Call, args: Decline) -> Result<(), Failure> {
    let ticket = call.ticket(&args.ticket).await?.ticket.value;
    let kind = CommandKind::TicketDecline {
        id: ticket.id,
        payload_hash: ticket.payload_hash(),
        reason: args.reason,
    };
    change(call, kind, ticket.id).await
}

/// Says something.
pub async fn comment(call: &mut Call, args: Comment) -> Result<(), Failure> {
    let id = call.ticket(&args.ticket).await?.ticket.value.id;
    let kind = CommandKind::TicketComment { id, text: args.text };
    call.act_and_tell(kind).await
}

/// Hears of the ticket from now on, or not any more.
pub async fn watch(call: &mut Call, ticket: &str, watch: bool) -> Result<(), Failure> {
    let id = call.ticket(ticket).await?.ticket.value.id;
    call.act_and_tell(CommandKind::TicketWatch { id, watch }).await
}

/// What was said, newest first.
pub async fn comments(call: &mut Call, args: Comments) -> Result<(), Failure> {
    let no = call.ticket(&args.ticket).await?.ticket.value.no;
    let request = Request::Audit(AuditAsk {
        ticket: Some(no),
        text: Some(EventKind::Commented.as_str().to_owned()),
        limit: args.limit,
        ..AuditAsk::default()
    });
    let events: Vec<Event> = ask!(call, request, Events)?;
    // The text is looked for everywhere; only what is a comment is one.
    let comments: Vec<Event> = events.into_iter().filter(|e| e.kind == EventKind::Commented).collect();
    let table = events::table(&comments);
    call.out
        .many("comments", &comments, governed::count(comments.len()), &table);
    Ok(())
}

/// Hands the ticket to somebody.
pub async fn assign(call: &mut Call, args: Assign) -> Result<(), Failure> {
    let seen = call.ticket(&args.ticket).await?.ticket;
    let kind = CommandKind::TicketEdit {
        id: seen.value.id,
        version: seen.version,
        patch: TicketPatch {
            assignee: Some(args.login),
            ..TicketPatch::default()
        },
    };
    change(call, kind, seen.value.id).await
}
