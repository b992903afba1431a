//! `ticket update`: what is not given stays. The payload is changed field by field and sent whole.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::{
    change, payload,
    resolve::budget,
    text::{AmountText, BudgetText},
};
use crate::{
    cli::{call::Call, campaign::edit_flight, failure::Failure, gather::Gather, governed},
    engine::{
        api::{CommandKind, TicketPatch},
        model::{json::CanonicalJson, ticket::Ticket},
    },
};

/// Changes to a ticket. A change of budget, flight or payload takes it back to draft.
#[derive(Debug, Args)]
pub struct Update {
    /// Number, platform name or id
    pub ticket: String,
    /// Daily budget in the account's currency, or none for no budget
    #[arg(
        long,
        value_name = "AMOUNT|none",
        allow_hyphen_values = true,
        conflicts_with = "lifetime"
    )]
    pub daily: Option<String>,
    /// Budget for the whole flight, or none for no budget
    #[arg(long, value_name = "AMOUNT|none", allow_hyphen_values = true)]
    pub lifetime: Option<String>,
    /// First day, or none for no flight
    #[arg(long, value_name = "DATE|none")]
    pub start: Option<String>,
    /// Last day, or none for an open end
    #[arg(long, value_name = "DATE|none")]
    pub end: Option<String>,
    /// A payload field, such as ad_set.targeting.age_min=21; repeat it for more
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// A payload field to take away; repeat it for more
    #[arg(long, value_name = "FIELD")]
    pub unset: Vec<String>,
    /// JSON or TOML file with payload fields by object, laid over the present ones; null takes one away
    #[arg(long, value_name = "FILE")]
    pub payload: Option<PathBuf>,
    /// Free words for colleagues
    #[arg(long)]
    pub notes: Option<String>,
    /// Login name of who takes care of it; empty for nobody
    #[arg(long)]
    pub assignee: Option<String>,
    /// LOW, NORMAL, HIGH or URGENT
    #[arg(long)]
    pub priority: Option<String>,
    /// Refuse when it changed since this version
    #[arg(long, value_name = "N")]
    pub version: Option<u64>,
}

/// Carries it out.
pub async fn run(call: &mut Call, args: Update) -> Result<(), Failure> {
    let seen = call.ticket(&args.ticket).await?.ticket;
    let id = seen.value.id;
    let version = args.version.unwrap_or(seen.version);
    let patch = patch(call, &seen.value, args).await?;
    governed::refuse_empty(patch == TicketPatch::default())?;
    change(call, CommandKind::TicketEdit { id, version, patch }, id).await
}

async fn patch(call: &Call, ticket: &Ticket, args: Update) -> Result<TicketPatch, Failure> {
    let mut g = Gather::default();
    let text = BudgetText {
        daily: args.daily.map(AmountText),
        lifetime: args.lifetime.map(AmountText),
    };
    let budget = match text.daily.as_ref().or(text.lifetime.as_ref()).map(|a| a.0.as_str()) {
        None => None,
        Some("none") => Some(None),
        Some(_) => {
            let governance = call.governance().await?;
            let currency = governance
                .channels
                .iter()
                .find(|c| c.value.id == ticket.channel)
                .and_then(|c| c.value.account(&ticket.account))
                .map(|a| a.currency)
                .ok_or_else(|| Failure::internal("the ticket's account is not in governance"))?;
            budget(&mut g, &text, Some(currency)).map(Some)
        }
    };
    let mut problems = Vec::new();
    let touches_payload = args.payload.is_some() || !args.set.is_empty() || !args.unset.is_empty();
    let payload = if touches_payload {
        let mut fields = match ticket.payload.value() {
            Value::Object(map) => map,
            _ => serde_json::Map::new(),
        };
        if let Some(path) = &args.payload {
            payload::overlay(&mut fields, payload::read(path)?);
        }
        if !args.set.is_empty() {
            let catalogue = call.catalogue(ticket.platform).await?;
            payload::set(&mut fields, &catalogue, &args.set, &mut problems);
        }
        payload::unset(&mut fields, &args.unset);
        Some(CanonicalJson::new(&Value::Object(fields)))
    } else {
        None
    };
    for p in problems {
        g.add(p);
    }
    let patch = TicketPatch {
        budget,
        flight: edit_flight(&mut g, ticket.flight, args.start.as_deref(), args.end.as_deref()),
        payload,
        notes: args.notes,
        assignee: args.assignee,
        priority: g.parse_opt("priority", args.priority.as_deref()),
    };
    if g.is_clean() { Ok(patch) } else { Err(g.failure()) }
}
