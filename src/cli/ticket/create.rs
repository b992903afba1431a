//! `ticket create`: one ticket from switches, or all tickets of a file.
//!
//! A file is all or nothing as far as judging goes: every ticket is decided without doing it first, and one refusal
//! means that none is created. The creations themselves are one commit each, so should one fail all the same (somebody
//! was faster), the report says which exist and which do not.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    change, payload,
    resolve::{Catalogues, resolve},
    text::{self, AmountText, BudgetText, DayText, FlightText, TicketText, Written},
};
use crate::{
    cli::{
        call::{Acted, Call},
        failure::{Complaint, Failure},
        governed,
        output::Table,
    },
    engine::{
        api::{CommandKind, Governance, NewTicket, TicketView},
        model::{ids::TicketId, path::FieldPath, refusal::Problem, ticket::RequestType},
    },
    textfile::TextFile,
};

/// A new ticket. Governed values are given by code; the name is made by the engine.
#[derive(Debug, Args)]
pub struct Create {
    /// Ticket file, TOML or JSON, one ticket or several; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "campaign", "channel", "account", "request", "target", "daily", "lifetime", "start", "end", "set", "payload",
        "notes", "assignee", "priority",
    ])]
    pub file: Option<PathBuf>,
    /// Campaign by name, label, the planner's words or id
    #[arg(long, required_unless_present = "file")]
    pub campaign: Option<String>,
    /// Channel code, such as META
    #[arg(long, required_unless_present = "file")]
    pub channel: Option<String>,
    /// Account id; may be left out when the channel has one
    #[arg(long)]
    pub account: Option<String>,
    /// CREATE, UPDATE_BUDGET, PAUSE, RESUME or ARCHIVE [default: CREATE]
    #[arg(long)]
    pub request: Option<String>,
    /// Number of the ticket whose objects change
    #[arg(long, value_name = "NO")]
    pub target: Option<u32>,
    /// Daily budget in the account's currency, such as 100.00
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true, conflicts_with = "lifetime")]
    pub daily: Option<String>,
    /// Budget for the whole flight
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub lifetime: Option<String>,
    /// First day, such as 2026-12-01; the campaign's when left out
    #[arg(long, value_name = "DATE")]
    pub start: Option<String>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub end: Option<String>,
    /// A payload field, such as ad_set.targeting.age_min=21; repeat it for more
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// JSON or TOML file with payload fields by object, laid over what the form would start with
    #[arg(long, value_name = "FILE")]
    pub payload: Option<PathBuf>,
    /// Free words for colleagues
    #[arg(long, default_value = "", hide_default_value = true)]
    pub notes: String,
    /// Login name of who takes care of it
    #[arg(long, default_value = "", hide_default_value = true)]
    pub assignee: String,
    /// LOW, NORMAL, HIGH or URGENT [default: NORMAL]
    #[arg(long)]
    pub priority: Option<String>,
}

/// Carries it out; gives the exit code.
pub async fn run(call: &mut Call, args: Create) -> Result<u8, Failure> {
    if let Some(path) = &args.file {
        let (file, mut written) = text::read(path)?;
        for w in &mut written {
            payload::anchor(&mut w.text.payload, payload::folder_of(path));
        }
        let tickets = judge(call, &written, Some(&file)).await?;
        return match <[NewTicket; 1]>::try_from(tickets) {
            Ok([ticket]) => one(call, ticket).await,
            Err(several) => all(call, several).await,
        };
    }
    let written = Written {
        text: from_switches(args)?,
        place: String::new(),
    };
    let mut tickets = judge(call, &[written], None).await?;
    match tickets.pop() {
        Some(ticket) => one(call, ticket).await,
        None => Err(Failure::internal("a ticket got lost")),
    }
}

async fn one(call: &mut Call, ticket: NewTicket) -> Result<u8, Failure> {
    let id = ticket.id;
    change(call, CommandKind::TicketCreate(ticket), id).await.map(|()| 0)
}

fn from_switches(args: Create) -> Result<TicketText, Failure> {
    let payload = match &args.payload {
        Some(path) => payload::read(path)?,
        None => serde_json::Map::new(),
    };
    let amounts = args.daily.is_some() || args.lifetime.is_some();
    let days = args.start.is_some() || args.end.is_some();
    if days && args.start.is_none() {
        return Err(Failure::usage("--end needs --start"));
    }
    Ok(TicketText {
        campaign: args.campaign.unwrap_or_default(),
        channel: args.channel.unwrap_or_default(),
        account: args.account,
        request: args.request,
        target: args.target,
        budget: amounts.then(|| BudgetText {
            daily: args.daily.map(AmountText),
            lifetime: args.lifetime.map(AmountText),
        }),
        flight: days.then(|| FlightText {
            start: DayText(args.start.unwrap_or_default()),
            end: args.end.map(DayText),
        }),
        payload,
        set: args.set,
        notes: args.notes,
        assignee: args.assignee,
        priority: args.priority,
    })
}

/// Resolves and decides every ticket without doing anything; all problems of all tickets at once.
async fn judge(call: &Call, written: &[Written], file: Option<&TextFile>) -> Result<Vec<NewTicket>, Failure> {
    let governance = call.governance().await?;
    let catalogues = catalogues(call, written, &governance).await?;
    let mut complaints = Vec::new();
    let mut tickets = Vec::new();
    for w in written {
        let id = TicketId::new(call.client.new_uuid());
        let problems = match resolve(&w.text, id, &governance, &catalogues) {
            Err(problems) => problems,
            Ok(ticket) => {
                let verdict = call.would(CommandKind::TicketCreate(ticket.clone())).await;
                tickets.push(ticket);
                match (verdict, file) {
                    (Ok(_), _) => Vec::new(),
                    // A single ticket without a file keeps the refusal's own code.
                    (Err(failure), None) => return Err(failure),
                    (Err(failure), Some(_)) if failure.exit != 3 => return Err(failure),
                    (Err(failure), Some(_)) => failure.problems.into_iter().map(into_problem).collect(),
                }
            }
        };
        complaints.extend(problems.into_iter().map(|p| place(p, &w.place, file)));
    }
    if complaints.is_empty() {
        complaints.extend(twins(&tickets).into_iter().map(|(n, other)| {
            let here = written.get(n).map(|w| w.place.as_str()).unwrap_or_default();
            let there = written.get(other).map(|w| w.place.as_str()).unwrap_or_default();
            let reason = format!("would get the same name on the same account as {there}");
            place(
                Problem::at(
                    "campaign",
                    reason,
                    "an account takes a name once: use another campaign or account",
                ),
                here,
                file,
            )
        }));
    }
    if complaints.is_empty() {
        Ok(tickets)
    } else {
        Err(Failure::invalid(complaints))
    }
}

fn into_problem(c: Complaint) -> Problem {
    Problem {
        field: c.field.map(FieldPath::new),
        reason: c.reason,
        remedy: c.remedy,
    }
}

/// Gives a problem its place in the file.
fn place(problem: Problem, place: &str, file: Option<&TextFile>) -> Complaint {
    let Some(file) = file else { return problem.into() };
    let field = match (place, &problem.field) {
        ("", field) => field.clone().unwrap_or_default(),
        (place, None) => FieldPath::new(place),
        (place, Some(field)) => FieldPath::new(format!("{place}.{field}")),
    };
    if field.as_str().is_empty() {
        return Complaint {
            file: Some(file.name().to_owned()),
            ..problem.into()
        };
    }
    file.problem_at(&field, problem.reason, problem.remedy).into()
}

/// Tickets of one file that would get the same name: each with the first of its kind. One by one they would be fine.
fn twins(tickets: &[NewTicket]) -> Vec<(usize, usize)> {
    let mut first = BTreeMap::new();
    let mut twins = Vec::new();
    for (n, t) in tickets.iter().enumerate() {
        if t.request == RequestType::Create {
            let other = *first.entry((t.campaign, t.channel, t.account.clone())).or_insert(n);
            if other != n {
                twins.push((n, other));
            }
        }
    }
    twins
}

/// The catalogues of every platform the tickets are for.
async fn catalogues(call: &Call, written: &[Written], governance: &Governance) -> Result<Catalogues, Failure> {
    let mut catalogues = Catalogues::new();
    for w in written {
        if let Ok(channel) = governed::channel(governance, &w.text.channel) {
            let platform = channel.value.platform;
            if let std::collections::btree_map::Entry::Vacant(slot) = catalogues.entry(platform) {
                slot.insert(call.catalogue(platform).await?);
            }
        }
    }
    Ok(catalogues)
}

/// What became of one ticket of a file.
#[derive(Serialize)]
struct Item {
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<Box<TicketView>>,
    problems: Vec<Complaint>,
}

/// Creates all of them, one commit each.
async fn all(call: &mut Call, tickets: Vec<NewTicket>) -> Result<u8, Failure> {
    let mut items = Vec::new();
    let mut table = Table::new(["result", "no", "name"], "nothing to create");
    let mut code = 0;
    for ticket in tickets {
        let id = ticket.id;
        let item = match call.act(CommandKind::TicketCreate(ticket)).await {
            Ok(Acted::Would(lines)) => {
                for line in &lines {
                    table.row(["would", "", line.as_str()]);
                }
                Item {
                    result: "would_do",
                    ticket: None,
                    problems: Vec::new(),
                }
            }
            Ok(Acted::Done(_)) => {
                let view = call.ticket_by_id(id).await?;
                table.row(["created", &view.card.no.to_string(), &view.card.name]);
                Item {
                    result: "created",
                    ticket: Some(Box::new(view)),
                    problems: Vec::new(),
                }
            }
            Err(failure) => {
                code = 1;
                for p in &failure.problems {
                    table.row(["refused", "", p.reason.as_str()]);
                }
                Item {
                    result: "refused",
                    ticket: None,
                    problems: failure.problems,
                }
            }
        };
        items.push(item);
    }
    call.out.many("results", &items, governed::count(items.len()), &table);
    Ok(code)
}
