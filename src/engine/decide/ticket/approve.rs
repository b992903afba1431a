//! Agreement before a deploy: given, refused, and held against the rules in force.
//!
//! Invariants
//! - An approval holds for the content it was given on, by hash, and an edit takes it away.
//! - Nobody approves what they wrote or changed last, and nobody approves twice. A house of one may be configured to
//!   approve its own work; the journal says so every time.

use super::{
    super::{
        call::Call,
        changes::{Changes, moved, ticket_subject},
        problems::Problems,
        text,
        tx::Tx,
    },
    load,
    table::{self, Act},
};
use crate::engine::{
    model::{
        approval::{self, Approval, Asked, Declined, Standing},
        campaign::Campaign,
        event::EventKind,
        governance::{Brand, Market},
        ids::TicketId,
        json::Sha,
        refusal::{Problem, Refusal, RefusalCode, RetryHint},
        ticket::{Status, Ticket},
    },
    store::{Commit, schema::keys},
};

/// Agrees to a ticket's content.
pub fn approve(call: &Call<'_>, id: TicketId, seen: Sha, reason: &str) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mut ticket = load(&mut tx, id)?.value;
    table::require(&ticket, Act::Approve)?;
    same_content(&ticket, seen)?;
    let mut problems = Problems::new();
    text::line(&mut problems, "reason", reason, 0, text::REASON_MAX);
    problems.check()?;
    let before = standing(&mut tx, &ticket)?;
    if before.missing() == 0 {
        let why = match before.needed {
            0 => "no rule asks for approval of it".to_owned(),
            n => format!("it has all {n} approvals already"),
        };
        return Err(Refusal::new(
            RefusalCode::WrongState,
            Problem::whole(format!("ticket {}: {why}", ticket.no), "deploy it"),
        ));
    }
    let own = somebody_else(call, &ticket)?;
    ticket.review.approvals.push(Approval {
        by: call.actor.clone(),
        at: call.now,
        payload_hash: seen,
        reason: reason.to_owned(),
    });
    ticket.review.declined = None;
    ticket.updated_at = call.now;
    tx.save(&keys::ticket(id), &ticket)?;
    let sentence = format!(
        "ticket {} approved, {} of {}{}{}",
        ticket.no,
        before.given + 1,
        before.needed,
        if own {
            ", by its own author: single operator"
        } else {
            ""
        },
        because(reason),
    );
    let mut changes = Changes::new();
    changes.value("approvals", &before.given, &(before.given + 1));
    let about = ticket_subject(id, ticket.no);
    Ok(call.finish(tx, changes.event(EventKind::Approved, about, &sentence)))
}

/// Refuses a ticket's content: it goes back to its author.
pub fn decline(call: &Call<'_>, id: TicketId, seen: Sha, reason: &str) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let mut ticket = load(&mut tx, id)?.value;
    table::require(&ticket, Act::Decline)?;
    same_content(&ticket, seen)?;
    let mut problems = Problems::new();
    text::line(&mut problems, "reason", reason, 1, text::REASON_MAX);
    problems.check()?;
    ticket.status = Status::Draft;
    ticket.qa = None;
    ticket.review.approvals.clear();
    ticket.review.declined = Some(Declined {
        by: call.actor.clone(),
        at: call.now,
        reason: reason.to_owned(),
    });
    ticket.updated_at = call.now;
    tx.save(&keys::ticket(id), &ticket)?;
    let sentence = format!("ticket {} declined{}", ticket.no, because(reason));
    let about = ticket_subject(id, ticket.no);
    Ok(call.finish(tx, moved(EventKind::Declined, about, Status::Draft, &sentence)))
}

/// Takes every approval away because the content is no longer what was approved.
pub(super) fn void(ticket: &mut Ticket, changes: &mut Changes) {
    let given = ticket.review.approvals.len();
    ticket.review.approvals.clear();
    changes.value("approvals", &given, &0);
}

/// How far a ticket's approvals are by the rules in force.
pub fn standing(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<Standing, Refusal> {
    let given = ticket.review.given(ticket.payload_hash());
    if tx.view().policy().approvals.rules.is_empty() {
        return Ok(Standing { given, needed: 0 });
    }
    let campaign = tx.load::<Campaign>(&keys::campaign(ticket.campaign))?;
    let campaign = campaign.ok_or_else(gone)?.value;
    let brand = tx.load::<Brand>(&keys::brand(campaign.brand))?.ok_or_else(gone)?.value;
    let market = tx.load::<Market>(&keys::market(campaign.market))?;
    let market = market.ok_or_else(gone)?.value;
    let asked = Asked {
        request: ticket.request,
        platform: ticket.platform,
        budget: ticket.budget,
        brand: &brand,
        market: &market,
    };
    let needed = approval::needed(&tx.view().policy().approvals.rules, &asked);
    Ok(Standing { given, needed })
}

/// Refuses a deploy that the rules in force have not enough approvals for.
pub fn holds(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), Refusal> {
    let standing = standing(tx, ticket)?;
    if standing.missing() == 0 {
        return Ok(());
    }
    let Standing { given, needed } = standing;
    let plural = if needed == 1 { "" } else { "s" };
    Err(Refusal::new(
        RefusalCode::ApprovalRequired,
        Problem::whole(
            format!("ticket {} needs {needed} approval{plural} and has {given}", ticket.no),
            format!(
                "have an approver approve it: `omnitraffick ticket approve {}`",
                ticket.no
            ),
        ),
    ))
}

/// Refuses whoever has a hand in the content or has approved already. `true` = it is their own work and allowed.
fn somebody_else(call: &Call<'_>, ticket: &Ticket) -> Result<bool, Refusal> {
    let me = call.actor;
    let refuse = |why: &str| {
        Err(Refusal::new(
            RefusalCode::SelfApproval,
            Problem::whole(
                format!("{} {why} ticket {}", me.name, ticket.no),
                "have another approver look at it",
            ),
        ))
    };
    if ticket.review.approvals.iter().any(|a| a.by.is_same_person(me)) {
        return refuse("has approved already");
    }
    let own = if ticket.created_by.is_same_person(me) {
        "wrote"
    } else if ticket.updated_by.is_same_person(me) {
        "was the last to change"
    } else {
        return Ok(false);
    };
    if call.view.policy().approvals.single_operator {
        return Ok(true);
    }
    refuse(own)
}

fn same_content(ticket: &Ticket, seen: Sha) -> Result<(), Refusal> {
    if ticket.payload_hash() == seen {
        return Ok(());
    }
    Err(Refusal {
        retry: RetryHint::Refresh,
        ..Refusal::new(
            RefusalCode::Stale,
            Problem::whole(
                format!("ticket {} changed since you looked", ticket.no),
                "look at it again, then decide",
            ),
        )
    })
}

fn gone() -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        Problem::whole("the ticket's campaign, brand or market is gone", "clone the ticket"),
    )
}

fn because(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    }
}
