//! A verb with a filter after it in the palette, `deploy retry state:failed platform:tiktok`: the tickets that fit are
//! read, and then it is asked as if they had been marked.

use super::{act::Act, ask, marks::AT_ONCE};
use crate::{
    engine::api::{ApiError, Reply, Request, SortKey, TicketRows, TicketWindow, filter::Filter},
    tui::{
        app::{
            Effect, Model,
            effect::SlotId,
            slot::Slot,
            toast::{Tone, explain},
        },
        command::Cmd,
        ui::grouped,
    },
};

/// What the words after such a verb are called in the command table.
pub const ARG: &str = "tickets";

/// A verb that waits for its tickets.
#[derive(Debug)]
pub struct Named {
    /// The verb and its filter.
    wish: Option<(Cmd, Filter)>,
    /// The tickets that fit.
    slot: Slot<TicketRows>,
}

impl Default for Named {
    fn default() -> Self {
        Self {
            wish: None,
            slot: Slot::new(SlotId::BulkFilter),
        }
    }
}

/// Asks for the tickets a filter names.
pub fn ask(model: &mut Model, cmd: Cmd, text: &str) -> Vec<Effect> {
    if let Some(why) = model.session.read_only() {
        model.say(Tone::Warn, &format!("{}: {why}", cmd.record().title), "");
        return Vec::new();
    }
    let filter = match Filter::parse(text) {
        Ok(filter) => filter,
        Err(why) => {
            model.say(Tone::Warn, &why, "Tab completes the words after a command");
            return Vec::new();
        }
    };
    let window = TicketWindow {
        filter: filter.clone(),
        sort: SortKey::Number,
        after: AT_ONCE,
        ..TicketWindow::default()
    };
    let mono = model.stamp.mono;
    model.bulk.named.wish = Some((cmd, filter));
    model.bulk.named.slot.ask(Request::Tickets(window), mono)
}

/// The tickets that fit, as they are at one commit.
pub fn answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let named = &mut model.bulk.named;
    let (fresh, mut next) = named.slot.answer(generation, result, mono, |r| match r {
        Reply::Tickets(rows) => Some(rows),
        _ => None,
    });
    let failure = named.slot.failure().cloned();
    if !fresh && failure.is_none() {
        return next;
    }
    let Some((cmd, filter)) = named.wish.take() else {
        return next;
    };
    if let Some(error) = failure {
        let (reason, remedy) = explain(&error);
        model.say(Tone::Bad, &reason, &remedy);
        return next;
    }
    let found = model.bulk.named.slot.get().cloned().unwrap_or_default();
    if found.rows.is_empty() {
        model.say(Tone::Note, &format!("no ticket fits \"{}\"", filter.as_str()), "");
        return next;
    }
    if found.matching > found.rows.len() as u64 {
        let words = format!(
            "{} tickets fit \"{}\"; {} are the most at once",
            grouped(found.matching),
            filter.as_str(),
            grouped(u64::from(AT_ONCE))
        );
        model.say(Tone::Warn, &words, "narrow the filter");
        return next;
    }
    let act = match cmd {
        Cmd::TicketQa => Act::Qa,
        Cmd::TicketDeploy => Act::Deploy,
        Cmd::TicketRetry | Cmd::DeployRetry => Act::Retry,
        _ => return next,
    };
    next.extend(ask::sure_of(model, act, found.rows, Some(filter.as_str().to_owned())));
    next
}
