//! `proposal`: changes that a rule or a model suggests for a ticket, and what people make of them.

use clap::Subcommand;

use super::{
    call::{Acted, Call, ask},
    failure::Failure,
    governed,
    output::Table,
    ticket::sheet,
};
use crate::engine::{
    api::{
        CommandKind, Request,
        proposal::{AskModel, HealAsk, Healing, ProposalAsk, ProposalRow, ProposalView},
    },
    model::{
        proposal::{Ailment, ProposalNo, ProposalState, Standing, Witness},
        refusal::{Problem, RefusalCode},
        ticket::Finding,
    },
};

/// What can be done with proposals. One is named by its ticket and its number: 1001.2.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List what is open, or everything ever proposed for one ticket
    List {
        /// Number, platform name or id of a ticket
        #[arg(long)]
        ticket: Option<String>,
        /// At most this many
        #[arg(long, short = 'n', default_value_t = 50, value_name = "N")]
        limit: u32,
    },
    /// Show one: fields and QA before and after, what it rests on, who has the same trouble
    Show {
        /// Such as 1001.2
        proposal: String,
    },
    /// Apply one, as an edit of yours; the ticket is a draft then and QA starts anew
    Apply {
        /// Such as 1001.2
        proposal: String,
    },
    /// Decline one
    Decline {
        /// Such as 1001.2
        proposal: String,
        /// Why, for the history
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
}

/// Carries it out; gives the exit code.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::List { ticket, limit } => list(call, ticket.as_deref(), limit).await,
        Verb::Show { proposal } => {
            let view = view(call, &proposal).await?;
            let mut table = Table::bare();
            rows(&mut table, &view);
            call.out.one("proposal", &*view, &table);
            Ok(())
        }
        Verb::Apply { proposal } => {
            let view = view(call, &proposal).await?;
            let (id, n) = (view.proposal.ticket, view.proposal.no.n);
            match call.act(CommandKind::ProposalApply { id, n }).await? {
                Acted::Would(lines) => call.out.would_do(&lines),
                Acted::Done(_) => {
                    let ticket = call.ticket_by_id(id).await?;
                    sheet::show(call, &ticket);
                }
            }
            Ok(())
        }
        Verb::Decline { proposal, reason } => {
            let view = view(call, &proposal).await?;
            let (id, n) = (view.proposal.ticket, view.proposal.no.n);
            call.act_and_tell(CommandKind::ProposalDecline { id, n, reason }).await
        }
    }
}

/// `ticket heal`: a proposal for what a ticket was refused for. `model` = ask the language model where no rule knows
/// one. Gives the exit code: 1 when nothing knew one.
pub async fn heal(call: &mut Call, ticket: &str, model: bool, yes: bool) -> Result<u8, Failure> {
    let id = call.ticket(ticket).await?.ticket.value.id;
    let mut healing: Box<Healing> = ask!(call, Request::Heal(HealAsk::by_rule(id)), Healing)?;
    if let Some(sends) = healing.would_send.as_ref().filter(|_| model) {
        // Data is what comes of it; what goes is told first, beside it.
        call.out.say(&format!("sending to {}:", sends.words()));
        for line in sends.text.lines() {
            call.out.say(line);
        }
        let model = Some(AskModel {
            id: call.client.command_id(),
            confirmed: yes,
            seen: sends.digest,
        });
        healing = ask!(call, Request::Heal(HealAsk { ticket: id, model }), Healing)?;
    }
    let mut table = Table::bare();
    table.field("ticket", healing.no.to_string());
    if let Some(view) = &healing.proposal {
        rows(&mut table, view);
    } else {
        for ailment in &healing.ailments {
            table.field("refused", trouble(ailment));
        }
    }
    for told in &healing.told {
        table.field("told", told);
    }
    if let Some(sends) = &healing.would_send {
        let words = format!("{}; --model sends what follows, and nothing else", sends.words());
        table.field("may ask", words);
        table.field("sends", &sends.text);
    }
    call.out.one("healing", &*healing, &table);
    Ok(u8::from(healing.proposal.is_none()))
}

async fn view(call: &Call, text: &str) -> Result<Box<ProposalView>, Failure> {
    let no: ProposalNo = text.parse().map_err(|reason: String| {
        Failure::refused(
            RefusalCode::Invalid,
            Problem::at("proposal", reason, "see `proposal list`"),
        )
    })?;
    ask!(call, Request::Proposal(no), Proposal)
}

async fn list(call: &mut Call, ticket: Option<&str>, limit: u32) -> Result<(), Failure> {
    let ticket = match ticket {
        Some(selector) => Some(call.ticket(selector).await?.ticket.value.id),
        None => None,
    };
    let found: Vec<ProposalRow> = ask!(call, Request::Proposals(ProposalAsk { ticket, limit }), Proposals)?;
    let mut table = Table::new(["proposal", "state", "by", "mends", "why"], "no proposals");
    for row in &found {
        let p = &row.proposal;
        let mends: Vec<&str> = p.mends.iter().map(|m| m.code.as_str()).collect();
        table.row([
            p.no.to_string(),
            row.standing.as_str().to_owned(),
            p.origin.to_string(),
            mends.join(", "),
            p.reasons.clone(),
        ]);
    }
    call.out.many("proposals", &found, governed::count(found.len()), &table);
    Ok(())
}

fn rows(table: &mut Table, view: &ProposalView) {
    let p = &view.proposal;
    table.field("proposal", p.no.to_string());
    let state = match &p.state {
        ProposalState::Applied { by, at } => format!("applied by {by} at {at}"),
        ProposalState::Declined { by, at, reason } if reason.is_empty() => format!("declined by {by} at {at}"),
        ProposalState::Declined { by, at, reason } => format!("declined by {by} at {at}: {reason}"),
        ProposalState::Open if view.standing == Standing::Stale => "stale: the ticket is another by now".to_owned(),
        ProposalState::Open => "open".to_owned(),
    };
    table.field("state", state);
    table.field("by", format!("{}, asked by {}", p.origin, p.asked_by));
    for ailment in &p.mends {
        table.field("refused", trouble(ailment));
    }
    table.field("why", &p.reasons);
    table.field("rests on", p.cites.join(", "));
    for change in &view.changes {
        table.row([change.field.as_str()]);
        table.row(["  -", change.from.as_deref().unwrap_or("(not set)")]);
        table.row(["  +", change.to.as_deref().unwrap_or("(not set)")]);
    }
    table.field("QA now", found(&view.qa_before));
    if view.standing == Standing::Open {
        table.field("QA then", found(&view.qa_after));
    }
    let others: Vec<String> = view.same_error.iter().map(ToString::to_string).collect();
    table.field("same error", others.join(", "));
}

fn trouble(ailment: &Ailment) -> String {
    let who = match ailment.witness {
        Witness::Platform => "platform",
        Witness::Qa => "QA",
    };
    let field = ailment.field.as_ref().map(|f| format!(" at {f}")).unwrap_or_default();
    format!("{who} {}{field}: {}", ailment.code, ailment.words)
}

fn found(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "nothing".to_owned();
    }
    let rules: Vec<&str> = findings.iter().map(|f| f.rule.as_str()).collect();
    rules.join(", ")
}
