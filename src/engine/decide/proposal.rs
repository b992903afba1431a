//! Proposals: made by the engine, applied or declined by people.
//!
//! Invariants
//! - A proposal moves no ticket. Applying one is the ordinary edit ([`super::ticket::edit`]): the ticket is a draft
//!   afterwards, and QA starts anew.
//! - It is applied to exactly the content it was made for, or not at all.

use super::{
    call::{Call, not_found},
    changes::{Changes, ticket_subject},
    command::{NewProposal, TicketPatch},
    problems::Problems,
    text,
    ticket::{
        edit, load,
        table::{self, Act},
    },
    tx::Tx,
};
use crate::engine::{
    model::{
        event::{EventKind, Noun},
        ids::TicketId,
        json::CanonicalJson,
        proposal::{Content, Origin, Proposal, ProposalNo, ProposalState, Standing},
        refusal::{Problem, Refusal, RefusalCode},
        sanitise::excerpt,
    },
    store::{
        Commit, NewEvent,
        schema::{Counter, keys},
    },
};

/// Most proposals of one ticket: beyond that, a person should look at it.
pub const MOST: u64 = 99;
/// Most proposals of a model for one content.
pub const OF_MODEL: usize = 2;

fn refused(code: RefusalCode, reason: String, remedy: &str) -> Refusal {
    Refusal::new(code, Problem::whole(reason, remedy))
}

/// Writes a proposal down. Only the engine does, after the gate.
pub fn make(call: &Call<'_>, new: &NewProposal) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let ticket = load(&mut tx, new.ticket)?.value;
    table::require(&ticket, Act::Edit)?;
    if ticket.payload_hash() != new.payload_hash {
        let reason = format!("ticket {} changed while a proposal was made for it", ticket.no);
        return Err(refused(RefusalCode::Stale, reason, "ask again"));
    }
    let had = tx.count(&keys::proposals(ticket.id))?;
    let n = u32::try_from(had + 1).ok().filter(|_| had < MOST).ok_or_else(|| {
        let reason = format!("ticket {} has had {had} proposals", ticket.no);
        refused(RefusalCode::TooLarge, reason, "edit it by hand")
    })?;
    let mut of_model = 0;
    for before in 1..n {
        let Some(old) = tx.load::<Proposal>(&keys::proposal(ticket.id, before))? else {
            continue;
        };
        let old = old.value;
        if old.payload_hash != new.payload_hash {
            continue;
        }
        of_model += usize::from(matches!(old.origin, Origin::Model { .. }));
        if old.patch == new.patch {
            let reason = format!("{} proposes the same", old.no);
            return Err(refused(RefusalCode::Duplicate, reason, "look at that one"));
        }
    }
    if matches!(new.origin, Origin::Model { .. }) && of_model >= OF_MODEL {
        let reason = format!(
            "a model has made {of_model} proposals for this content of ticket {}",
            ticket.no
        );
        return Err(refused(RefusalCode::TooLarge, reason, "edit the ticket by hand"));
    }
    let proposal = Proposal {
        ticket: ticket.id,
        no: ProposalNo { ticket: ticket.no, n },
        payload_hash: new.payload_hash,
        patch: new.patch.clone(),
        reasons: excerpt(&new.reasons, 2000),
        cites: new.cites.iter().take(20).map(|c| excerpt(c, 200)).collect(),
        origin: new.origin.clone(),
        mends: new.mends.clone(),
        asked_by: excerpt(&new.asked_by, 64),
        made_at: call.now,
        state: ProposalState::Open,
    };
    let after = Content::of(&ticket)
        .patched(&proposal.patch.value())
        .map_err(|why| unfit(proposal.no, &why))?;
    tx.save(&keys::proposal(ticket.id, n), &proposal)?;
    tx.save(&keys::proposals(ticket.id), &Counter { n: u64::from(n) })?;
    let mut changes = Changes::new();
    changes.payload(&ticket.payload, &after.payload());
    let flight = |c: &Content| CanonicalJson::new(c.value().get("flight").unwrap_or(&serde_json::Value::Null));
    changes.text("flight", shown(&flight(&Content::of(&ticket))), shown(&flight(&after)));
    let sentence = format!(
        "{} proposed by {} for {}: {{fields}}",
        proposal.no, proposal.origin, proposal.asked_by
    );
    let event = changes.event(EventKind::ProposalMade, ticket_subject(ticket.id, ticket.no), &sentence);
    Ok(call.finish(tx, event))
}

fn shown(value: &CanonicalJson) -> String {
    value.as_str().to_owned()
}

/// Applies a proposal: the edit a person could have made by hand, with its origin in the journal.
pub fn apply(call: &Call<'_>, id: TicketId, n: u32) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let ticket = load(&mut tx, id)?.value;
    let mut proposal = open(&mut tx, id, n)?;
    if proposal.standing(ticket.payload_hash()) == Standing::Stale {
        return Err(refused(
            RefusalCode::Stale,
            format!("ticket {} changed since {} was made", ticket.no, proposal.no),
            "ask for a new proposal",
        ));
    }
    let content = Content::of(&ticket);
    let after = content
        .patched(&proposal.patch.value())
        .map_err(|why| unfit(proposal.no, &why))?;
    let flight = after.flight().map_err(|why| unfit(proposal.no, &why))?;
    let patch = TicketPatch {
        flight: (flight != ticket.flight).then_some(flight),
        payload: Some(after.payload()),
        ..TicketPatch::default()
    };
    let origin = format!(
        " (proposal {} by {}, applied by {})",
        proposal.no, proposal.origin, call.actor.name
    );
    let event = edit::change(call, &mut tx, ticket, &patch, &origin)?;
    proposal.state = ProposalState::Applied {
        by: call.actor.name.clone(),
        at: call.now,
    };
    tx.save(&keys::proposal(id, n), &proposal)?;
    let event = NewEvent {
        also: vec![EventKind::ProposalApplied],
        ..event
    };
    Ok(call.finish(tx, event))
}

/// Declines a proposal; a stale one too, to have it off the list.
pub fn decline(call: &Call<'_>, id: TicketId, n: u32, reason: &str) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mut proposal = open(&mut tx, id, n)?;
    let mut problems = Problems::new();
    text::line(&mut problems, "reason", reason, 0, text::REASON_MAX);
    problems.check()?;
    proposal.state = ProposalState::Declined {
        by: call.actor.name.clone(),
        at: call.now,
        reason: reason.to_owned(),
    };
    tx.save(&keys::proposal(id, n), &proposal)?;
    let because = if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    };
    let sentence = format!("{} by {} declined{because}", proposal.no, proposal.origin);
    let about = ticket_subject(id, proposal.no.ticket);
    Ok(call.finish(tx, Changes::new().event(EventKind::ProposalDeclined, about, &sentence)))
}

/// Removes everything that was ever proposed for a ticket, with the ticket.
pub fn forget(tx: &mut Tx<'_>, id: TicketId) -> Result<(), Refusal> {
    let key = keys::proposals(id);
    let had = u32::try_from(tx.count(&key)?).unwrap_or(u32::MAX);
    for n in 1..=had {
        tx.delete_if_there(&keys::proposal(id, n));
    }
    tx.delete_if_there(&key);
    Ok(())
}

fn open(tx: &mut Tx<'_>, id: TicketId, n: u32) -> Result<Proposal, Refusal> {
    let found = tx.load::<Proposal>(&keys::proposal(id, n))?;
    let proposal = found
        .ok_or_else(|| not_found(Noun::Ticket, format!("{id} with a proposal {n}")))?
        .value;
    let (how, by) = match &proposal.state {
        ProposalState::Open => return Ok(proposal),
        ProposalState::Applied { by, .. } => ("applied", by),
        ProposalState::Declined { by, .. } => ("declined", by),
    };
    let reason = format!("{} was {how} by {by}", proposal.no);
    Err(refused(RefusalCode::WrongState, reason, "nothing to do"))
}

fn unfit(no: ProposalNo, why: &str) -> Refusal {
    let reason = format!("{no} does not fit the ticket: {}", excerpt(why, 200));
    refused(RefusalCode::Invalid, reason, "ask for a new proposal")
}
