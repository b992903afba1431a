//! `ticket preview`: every request of a ticket's deploy as it would be sent, or as commands of curl.

use clap::Args;
use serde::Serialize;

use crate::{
    cli::{
        call::{Call, ask},
        failure::Failure,
        governed,
        output::Table,
    },
    engine::api::{PlannedCall, Request},
};

/// What to show.
#[derive(Debug, Args)]
pub struct Preview {
    /// Number, platform name or id
    pub ticket: String,
    /// As commands of curl; the token is left to an environment variable, ids of earlier steps to you
    #[arg(long)]
    pub curl: bool,
}

#[derive(Serialize)]
struct Row<'c> {
    #[serde(flatten)]
    call: &'c PlannedCall,
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<String>,
}

/// Asks and prints; sends nothing.
pub async fn run(call: &mut Call, args: &Preview) -> Result<(), Failure> {
    let id = call.ticket(&args.ticket).await?.ticket.value.id;
    let calls: Vec<PlannedCall> = ask!(call, Request::Plan(id), Plan)?;
    if args.curl && !call.out.is_json() {
        for planned in &calls {
            // Whatever a field holds, the command holds nothing a terminal could take for its own.
            let text = format!("# {}\n{}\n\n", planned.step, planned.curl());
            call.out.raw(text.as_bytes());
        }
        return Ok(());
    }
    let rows: Vec<Row<'_>> = calls
        .iter()
        .map(|planned| Row {
            call: planned,
            curl: args.curl.then(|| planned.curl()),
        })
        .collect();
    let mut table = Table::bare();
    for (n, planned) in calls.iter().enumerate() {
        if n > 0 {
            table.row([""]);
        }
        let title = format!("{} {}", n + 1, planned.step);
        table.row([&title, &format!("{} {}", planned.method, planned.url)]);
        for header in &planned.headers {
            table.row([&format!("  {}:", header.name), &header.shown()]);
        }
        for (name, value) in &planned.fields {
            field(&mut table, name, value);
        }
    }
    call.out
        .many("planned_calls", &rows, governed::count(rows.len()), &table);
    Ok(())
}

/// A JSON body over several lines, everything else on one.
fn field(table: &mut Table, name: &str, value: &str) {
    let body = (name == "body").then(|| serde_json::from_str::<serde_json::Value>(value).ok());
    let Some(pretty) = body.flatten().and_then(|v| serde_json::to_string_pretty(&v).ok()) else {
        table.row([&format!("  {name}"), value]);
        return;
    };
    for (n, line) in pretty.lines().enumerate() {
        table.row([if n == 0 { "  body" } else { "" }, line]);
    }
}
