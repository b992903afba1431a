//! What a change request changes: an object an earlier ticket created.

use super::super::{command::NewTicket, problems::Problems, tx::Tx};
use crate::engine::{
    model::{
        catalogue::get_path,
        ids::TicketNo,
        platform::ObjectKind,
        refusal::Refusal,
        ticket::{RequestType, Status, Target, Ticket},
    },
    store::schema::keys,
};

/// The ticket a change request names, if it can be changed. Everything in the way is noted.
pub(super) fn find(tx: &mut Tx<'_>, problems: &mut Problems, new: &NewTicket) -> Result<Option<Ticket>, Refusal> {
    let Some(no) = new.target else {
        problems.invalid(
            "target",
            format!("{} changes something that exists", new.request),
            "name the ticket that created it",
        );
        return Ok(None);
    };
    let Some(ticket) = by_no(tx, no)? else {
        problems.invalid(
            "target",
            format!("there is no ticket {no}"),
            "name the ticket that created it",
        );
        return Ok(None);
    };
    if ticket.request != RequestType::Create {
        problems.invalid(
            "target",
            format!("ticket {no} is a {} ticket and created nothing", ticket.request),
            match &ticket.target {
                Some(t) => format!("name the ticket that created the object: {}", t.no),
                None => "name the ticket that created the object".to_owned(),
            },
        );
        return Ok(None);
    }
    if ticket.status != Status::TraffickedSuccess || ticket.created.is_empty() {
        problems.invalid(
            "target",
            format!("ticket {no} is {}; only what is live can be changed", ticket.status),
            "wait until it is TRAFFICKED_SUCCESS, or edit that ticket itself",
        );
        return Ok(None);
    }
    if ticket.campaign != new.campaign {
        problems.invalid(
            "campaign",
            format!("ticket {no} belongs to another campaign"),
            "choose its campaign",
        );
    }
    if ticket.channel != new.channel {
        problems.invalid(
            "channel",
            format!("ticket {no} runs on another channel"),
            "choose its channel",
        );
    }
    if new.account.as_ref().is_some_and(|a| a != &ticket.account) {
        problems.invalid(
            "account",
            format!("ticket {no} spends from {}", ticket.account),
            "choose that account, or leave it out",
        );
    }
    Ok(Some(ticket))
}

/// The object of a ticket that a request changes: what carries the budget for a budget, the topmost one otherwise.
pub(super) fn aim(problems: &mut Problems, request: RequestType, of: &Ticket) -> Option<Target> {
    let kind = if request == RequestType::UpdateBudget {
        budget_carrier(of)
    } else {
        ObjectKind::Campaign
    };
    // What was made in one call as a tree is topped by its campaign, which carries budget and status both.
    let tree = of.created.iter().find(|c| c.kind == ObjectKind::Tree);
    let object = tree.or_else(|| of.created.iter().find(|c| c.kind == kind));
    let Some(object) = object else {
        problems.invalid(
            "target",
            format!("ticket {} has no {kind} on the platform that could be changed", of.no),
            "choose another ticket",
        );
        return None;
    };
    Some(Target {
        ticket: of.id,
        no: of.no,
        kind: object.kind,
        external_id: object.external_id.clone(),
        seen_budget: of.live_budget.or(of.budget),
    })
}

/// Where a ticket's budget lives: on the campaign only if its payload says so.
fn budget_carrier(ticket: &Ticket) -> ObjectKind {
    let payload = ticket.payload.value();
    match get_path(&payload, "campaign.budget_level").and_then(|v| v.as_str()) {
        Some("campaign") => ObjectKind::Campaign,
        _ => ObjectKind::AdSet,
    }
}

fn by_no(tx: &mut Tx<'_>, no: TicketNo) -> Result<Option<Ticket>, Refusal> {
    let Some(owner) = tx.owner(&keys::ticket_no(no))? else {
        return Ok(None);
    };
    let Ok(id) = owner.parse() else { return Ok(None) };
    Ok(tx.load::<Ticket>(&keys::ticket(id))?.map(|t| t.value))
}
