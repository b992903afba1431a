//! `undo` and `redo`: takes a change back, as an ordinary change of one's own.

use clap::Args;

use super::{
    call::{Acted, Call, ask},
    failure::Failure,
    output::Table,
};
use crate::engine::{
    api::{
        CommandKind, Request,
        undo::{UndoAsk, UndoPlan},
    },
    model::event::Seq,
};

/// Which change.
#[derive(Debug, Args)]
pub struct Undo {
    /// Its number in the journal, as the audit trail shows it; your own newest when left out
    #[arg(value_name = "SEQ")]
    pub seq: Option<u64>,
}

/// Which ticket's change.
#[derive(Debug, Args)]
pub struct OfTicket {
    /// Number, platform name or id
    pub ticket: String,
    /// Make the change again that was taken back last
    #[arg(long)]
    pub redo: bool,
}

/// Takes a change back.
pub async fn undo(call: &mut Call, args: Undo) -> Result<(), Failure> {
    let ask = UndoAsk {
        of: args.seq.map(Seq),
        ..UndoAsk::default()
    };
    run(call, ask).await
}

/// Makes the change again that was taken back last.
pub async fn redo(call: &mut Call) -> Result<(), Failure> {
    let ask = UndoAsk {
        redo: true,
        ..UndoAsk::default()
    };
    run(call, ask).await
}

/// Takes one's own newest change of a ticket back.
pub async fn of_ticket(call: &mut Call, args: OfTicket) -> Result<(), Failure> {
    let no = call.ticket(&args.ticket).await?.ticket.value.no;
    let ask = UndoAsk {
        ticket: Some(no),
        redo: args.redo,
        of: None,
    };
    run(call, ask).await
}

async fn run(call: &mut Call, ask: UndoAsk) -> Result<(), Failure> {
    let plan: UndoPlan = *ask!(call, Request::Undo(ask), Undo)?;
    let kind = CommandKind::Undo {
        of: plan.of,
        version: plan.version,
        inverse: None,
    };
    match call.act(kind).await? {
        Acted::Would(lines) => call.out.would_do(&lines),
        Acted::Done(done) => {
            let mut table = Table::bare();
            table.row([plan.would.as_str()]);
            for change in &plan.changes {
                let none = || "-".to_owned();
                let (from, to) = (change.from.clone(), change.to.clone());
                let line = format!(
                    "  {}: {} -> {}",
                    change.field,
                    from.unwrap_or_else(none),
                    to.unwrap_or_else(none)
                );
                table.row([line.as_str()]);
            }
            call.out.one("done", &*done, &table);
        }
    }
    Ok(())
}
