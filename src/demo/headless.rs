//! The demo on a plain terminal: every stage as it happens, then a table, then a verdict.

use std::{
    io::{self, Write},
    time::Duration,
};

use tokio::sync::broadcast::error::RecvError;

use super::{Demo, DemoError, SeededTicket};
use crate::engine::{
    api::{EngineClient, Notice, Reply, Request, TicketView},
    model::{
        deploy::Why,
        event::{Event, EventKind},
        sanitise::sanitise,
        ticket::{RequestType, Status},
    },
};

/// The story takes a rate limit's minute and a settle window; far beyond that something is stuck.
const PATIENCE: Duration = Duration::from_secs(300);

/// Plays the story to its end, printing to `out`. `true` when every ticket ended where it should and nothing exists
/// twice.
pub async fn play(demo: &Demo, out: &mut (dyn Write + Send)) -> Result<bool, DemoError> {
    let client = demo.client();
    let mut notices = client.notices();
    writeln!(
        out,
        "SANDBOX: a simulated platform on this machine; nothing here is real.\n"
    )?;
    let seeding = demo.seed();
    tokio::pin!(seeding);
    // Seeding deploys what is live already, so its events are told while it runs.
    let seeded = loop {
        tokio::select! {
            seeded = &mut seeding => break seeded?,
            notice = notices.recv() => tell(out, notice)?,
        }
    };
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut late = false;
    loop {
        let mut open = 0;
        for t in &seeded.tickets {
            open += usize::from(!ended(t, &view(&*client, t).await?));
        }
        if open == 0 || late {
            break;
        }
        tokio::select! {
            notice = notices.recv() => tell(out, notice)?,
            () = tokio::time::sleep_until(deadline) => late = true,
        }
    }
    if late {
        writeln!(out, "\nThe story did not end within {} s.", PATIENCE.as_secs())?;
    }
    table(demo, &*client, &seeded.tickets, out).await
}

async fn view(client: &dyn EngineClient, t: &SeededTicket) -> Result<TicketView, DemoError> {
    match client.request(Request::Ticket(t.id)).await? {
        Reply::Ticket(v) => Ok(*v),
        other => Err(DemoError::Agency(format!("an unexpected answer: {other:?}"))),
    }
}

/// True when the ticket is where its story ends.
fn ended(t: &SeededTicket, view: &TicketView) -> bool {
    let end = t.story.end();
    let asks = view
        .deploy
        .as_ref()
        .is_some_and(|d| matches!(d.why, Why::NeedsOperator { .. }));
    view.ticket.value.status == end.status && (!end.asks || asks)
}

fn tell(out: &mut dyn Write, notice: Result<Notice, RecvError>) -> io::Result<()> {
    match notice {
        Ok(Notice::Event(event)) if worth_telling(&event) => {
            let at = event.at.jiff().strftime("%H:%M:%S%.3f");
            let who = event
                .subject
                .ticket
                .map_or_else(|| event.subject.label.clone(), |no| no.to_string());
            let line = format!("{at}  {:<18} {who:<6} {}", event.kind.as_str(), event.summary);
            writeln!(out, "{}", sanitise(&line))
        }
        Err(RecvError::Lagged(n)) => writeln!(out, "              ({n} events not shown)"),
        _ => Ok(()),
    }
}

/// Intents come in pairs with their outcomes; the outcome says it all.
fn worth_telling(event: &Event) -> bool {
    event.kind != EventKind::StepIntent
}

async fn table(
    demo: &Demo,
    client: &dyn EngineClient,
    tickets: &[SeededTicket],
    out: &mut (dyn Write + Send),
) -> Result<bool, DemoError> {
    writeln!(
        out,
        "\n{:<6} {:<34} {:<19} {:>7}  story",
        "ticket", "name", "status", "objects"
    )?;
    let mut wrong = Vec::new();
    let mut twice = Vec::new();
    let (mut live, mut objects) = (0_u32, 0_usize);
    for t in tickets {
        let view = view(client, t).await?;
        let ticket = &view.ticket.value;
        live += u32::from(ticket.status == Status::TraffickedSuccess);
        objects += ticket.created.len();
        let mark = if ended(t, &view) { "" } else { "   <- did not end there" };
        if !mark.is_empty() {
            wrong.push(t.no);
        }
        writeln!(
            out,
            "{:<6} {:<34} {:<19} {:>7}  {}{mark}",
            t.no.to_string(),
            sanitise(&t.name),
            ticket.status.as_str(),
            ticket.created.len(),
            if t.request == RequestType::Create || !t.story.deploys() {
                t.story.words()
            } else {
                "changes what is live"
            },
        )?;
        for made in &ticket.created {
            let n = demo.sandbox().creates(&t.account, made.kind, &made.name);
            if n != 1 && t.request == RequestType::Create {
                twice.push(format!("{} exists {n} times", made.name));
            }
        }
    }
    writeln!(
        out,
        "\n{} tickets, {live} live, {objects} objects created, {} created twice",
        tickets.len(),
        twice.len()
    )?;
    for line in &twice {
        writeln!(out, "TWICE: {line}")?;
    }
    for no in &wrong {
        writeln!(out, "WRONG: ticket {no} did not end where its story ends")?;
    }
    let good = wrong.is_empty() && twice.is_empty();
    writeln!(
        out,
        "{}",
        if good {
            "Everything ended where it should."
        } else {
            "The story went wrong."
        }
    )?;
    Ok(good)
}
