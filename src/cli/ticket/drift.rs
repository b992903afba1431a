//! `ticket drift`: what the live objects have different from what was sent.

use crate::{
    cli::{
        call::{Call, ask},
        failure::Failure,
        output::Table,
    },
    engine::api::{Request, drift::Drift},
};

/// Reads the objects of one ticket; gives the exit code: 1 when anything differs, is gone, or could not be read.
pub async fn run(call: &mut Call, ticket: &str) -> Result<u8, Failure> {
    let id = call.ticket(ticket).await?.ticket.value.id;
    let drift: Box<Drift> = ask!(call, Request::Drift(id), Drift)?;
    let mut table = Table::bare();
    table.field("ticket", format!("{} {}", drift.no, drift.name));
    table.field("account", format!("{} {}", drift.platform, drift.account));
    for object in &drift.objects {
        let words = if object.words.is_empty() {
            object.state.as_str().to_owned()
        } else {
            format!("{}: {}", object.state.as_str(), object.words)
        };
        table.row([format!("{} {}", object.word, object.id), words]);
        for difference in &object.differences {
            table.row([String::new(), difference.to_string()]);
        }
    }
    call.out.one("drift", &*drift, &table);
    Ok(u8::from(!drift.is_none()))
}
