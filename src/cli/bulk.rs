//! One act on several tickets: each is its own commit, each gets its own line, one failure makes the whole exit 1.

use clap::Args;
use serde::Serialize;

use super::{
    call::{Acted, Call, filter},
    failure::{Complaint, Failure},
    governed,
    output::Table,
    ticket::{
        sheet,
        wait::{self, Goal, Verdict},
    },
};
use crate::engine::{
    api::{CommandKind, TicketWindow},
    model::{
        ids::{TicketId, TicketNo},
        ticket::Status,
    },
};

/// Which tickets.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Which {
    /// Numbers, platform names or ids
    pub tickets: Vec<String>,
    /// Also every ticket that fits, such as "status:ready-for-api market:US"
    #[arg(long, short)]
    pub filter: Option<String>,
}

/// What is done to each.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    /// The verb.
    pub word: &'static str,
    /// Whether a person is asked first.
    pub asks: bool,
    /// A ticket with this status is on its way already: only waited for, where waiting was asked for.
    pub joins: Option<Status>,
    /// What is waited for after it, if anything.
    pub goal: Option<Goal>,
}

/// What became of one ticket.
#[derive(Clone, Debug, Serialize)]
struct Item {
    no: TicketNo,
    id: TicketId,
    name: String,
    /// `done`, `would_do`, `refused`, `conflict`, `unavailable` or `failed`.
    result: &'static str,
    /// Where it stands now, if it was waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// Where it stood before.
    #[serde(skip)]
    was: Status,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    would: Vec<String>,
    problems: Vec<Complaint>,
}

/// Does it to every ticket and reports; gives the exit code.
pub async fn run(
    call: &mut Call,
    which: Which,
    deed: Deed,
    kind: impl Fn(&Call, TicketId) -> CommandKind,
) -> Result<u8, Failure> {
    // A single named ticket answers like any other verb: its own refusal with its own exit code, and the ticket.
    let single = which.filter.is_none() && which.tickets.len() == 1;
    let mut items = find(call, &which).await?;
    if items.is_empty() {
        call.out
            .many::<Item>("results", &[], 0, &Table::new(["no"], "no tickets fit"));
        return Ok(0);
    }
    if deed.asks {
        let what = match items.as_slice() {
            [one] => format!("{} ticket {} {}", deed.word, one.no, one.name),
            several => format!("{} {} tickets", deed.word, several.len()),
        };
        let names: Vec<_> = items.iter().map(|i| format!("{} {}", i.no, i.name)).collect();
        call.confirm(&what, if items.len() == 1 { &[] } else { &names }).await?;
    }
    let notices = call.client.notices();
    // A draft that is called off is over at once; everything else that asks leaves work to an engine that sends.
    let mut queued = false;
    for item in &mut items {
        // Waiting for what is under way already is no second deploy.
        if deed.joins == Some(item.was) && deed.goal.is_some() {
            continue;
        }
        match call.act(kind(call, item.id)).await {
            Ok(Acted::Done(done)) => {
                let status = done.event.as_ref().and_then(|e| e.status);
                queued |= status != Some(Status::Cancelled);
            }
            Ok(Acted::Would(lines)) => {
                item.result = "would_do";
                item.would = lines;
            }
            Err(failure) if single => return Err(failure),
            Err(failure) => {
                item.result = match failure.exit {
                    4 => "conflict",
                    5 => "unavailable",
                    3 => "refused",
                    _ => "failed",
                };
                item.problems = failure.problems;
            }
        }
    }
    if let Some(goal) = deed.goal {
        let ids: Vec<_> = items.iter().filter(|i| i.result == "done").map(|i| i.id).collect();
        let ends = wait::until_ended(call, notices, goal, &ids).await?;
        for item in &mut items {
            if let Some((view, verdict)) = ends.get(&item.id) {
                item.status = Some(view.card.status);
                if let Verdict::Ended(problems) = verdict {
                    item.result = "failed";
                    item.problems.clone_from(problems);
                }
            }
        }
    }
    if deed.asks && deed.goal.is_none() && queued {
        call.out
            .say("queued; it goes out while an engine runs: the console, `serve`, or this verb with --wait");
    }
    if let (true, [item]) = (single, items.as_slice()) {
        return one(call, item).await;
    }
    Ok(report(call, &items))
}

/// The report of a single ticket: the ticket itself, and on stderr why it did not work out.
async fn one(call: &mut Call, item: &Item) -> Result<u8, Failure> {
    if item.result == "would_do" {
        call.out.would_do(&item.would);
        return Ok(0);
    }
    let view = call.ticket_by_id(item.id).await?;
    sheet::show(call, &view);
    if item.problems.is_empty() {
        return Ok(0);
    }
    Err(Failure {
        problems: item.problems.clone(),
        ..Failure::failed("", "")
    })
}

fn report(call: &mut Call, items: &[Item]) -> u8 {
    let mut table = Table::new(["no", "result", "name", "what"], "no tickets fit");
    for item in items {
        let status = item.status.map(|s| s.to_string());
        let mut lines: Vec<String> = item.would.clone();
        lines.extend(item.problems.iter().map(|p| {
            let field = p.field.as_ref().map(|f| format!("{f}: ")).unwrap_or_default();
            format!("{field}{}", p.reason)
        }));
        let mut lines = lines.into_iter();
        let first = lines.next().or(status).unwrap_or_default();
        table.row([&item.no.to_string(), item.result, &item.name, &first]);
        for line in lines {
            table.row(["", "", "", &line]);
        }
    }
    call.out.many("results", items, governed::count(items.len()), &table);
    u8::from(items.iter().any(|i| !i.problems.is_empty()))
}

/// Every ticket named or fitting, by id.
pub async fn ids(call: &Call, which: &Which) -> Result<Vec<TicketId>, Failure> {
    Ok(find(call, which).await?.into_iter().map(|item| item.id).collect())
}

/// Every ticket named or fitting, once, in the order named.
async fn find(call: &Call, which: &Which) -> Result<Vec<Item>, Failure> {
    let mut found = Vec::new();
    for selector in &which.tickets {
        let view = call.ticket(selector).await?;
        found.push((view.card.id, view.card.no, view.card.name, view.card.status));
    }
    if which.filter.is_some() {
        let window = TicketWindow {
            filter: filter(which.filter.as_deref())?,
            ..TicketWindow::default()
        };
        let (cards, _) = call.cards(window, usize::MAX).await?;
        found.extend(cards.into_iter().map(|c| (c.id, c.no, c.name, c.status)));
    }
    let mut items: Vec<Item> = Vec::new();
    for (id, no, name, was) in found {
        if !items.iter().any(|i| i.id == id) {
            items.push(Item {
                no,
                id,
                name,
                result: "done",
                status: None,
                was,
                would: Vec::new(),
                problems: Vec::new(),
            });
        }
    }
    Ok(items)
}
