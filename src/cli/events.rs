//! `events`: what happens, commit by commit, oldest first; and following it.

use clap::Args;
use tokio::sync::broadcast::error::RecvError;

use super::{
    call::{Call, ask},
    failure::Failure,
    governed,
    output::Table,
};
use crate::engine::{
    api::Request,
    model::event::{Event, Seq},
};

/// Which events.
#[derive(Debug, Args)]
pub struct Ask {
    /// Only after this number; without it the newest
    #[arg(long, value_name = "SEQ")]
    pub after: Option<u64>,
    /// At most this many
    #[arg(long, short = 'n', default_value_t = 100, value_name = "N")]
    pub limit: u32,
    /// Stay and print what comes, one line each
    #[arg(long, short = 'F', conflicts_with = "limit")]
    pub follow: bool,
}

/// Events asked for at once.
const PAGE: u32 = 1_000;

/// Carries it out.
pub async fn run(call: &mut Call, args: Ask) -> Result<(), Failure> {
    let head = call.overview().await?.head;
    if args.follow {
        return follow(call, args.after.map_or(head, Seq)).await;
    }
    let after = args
        .after
        .unwrap_or_else(|| head.0.saturating_sub(u64::from(args.limit)));
    let events = gather(call, after, args.limit).await?;
    let table = table(&events);
    let all = head.0.saturating_sub(after).max(governed::count(events.len()));
    call.out.many("events", &events, all, &table);
    Ok(())
}

/// As many events as were asked for, page by page: the engine answers with at most a page.
async fn gather(call: &Call, after: u64, limit: u32) -> Result<Vec<Event>, Failure> {
    let mut events: Vec<Event> = Vec::new();
    loop {
        let last = events.last().map_or(Seq(after), |e| e.seq);
        let limit = limit.saturating_sub(u32::try_from(events.len()).unwrap_or(u32::MAX));
        if limit == 0 {
            return Ok(events);
        }
        let limit = limit.min(PAGE);
        let page: Vec<Event> = ask!(call, Request::Events { after: last, limit }, Events)?;
        if page.is_empty() {
            return Ok(events);
        }
        events.extend(page);
    }
}

/// The events of a list, for people.
pub fn table(events: &[Event]) -> Table {
    let mut table = Table::new(["seq", "at", "who", "what", "about", "summary"], "no events");
    for e in events {
        table.row(cells(e));
    }
    table
}

fn cells(e: &Event) -> [String; 6] {
    let what: Vec<_> = std::iter::once(&e.kind).chain(&e.also).map(|k| k.as_str()).collect();
    [
        e.seq.to_string(),
        e.at.to_string(),
        e.actor.name.clone(),
        what.join(" + "),
        format!("{} {}", e.subject.noun, e.subject.label),
        e.summary.clone(),
    ]
}

/// Notices only wake; the events are asked for by number, so none is missed and none comes twice.
async fn follow(call: &mut Call, mut last: Seq) -> Result<(), Failure> {
    let mut notices = call.client.notices();
    loop {
        let events: Vec<Event> = ask!(
            call,
            Request::Events {
                after: last,
                limit: PAGE
            },
            Events
        )?;
        let full = events.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
        for e in &events {
            last = e.seq;
            let mut line = Table::bare();
            line.row(cells(e));
            call.out.one("event", e, &line);
        }
        if !full {
            match notices.recv().await {
                Err(RecvError::Closed) => return Err(Failure::unavailable("the engine has gone")),
                _ => while notices.try_recv().is_ok() {},
            }
        }
    }
}
