//! What the ticket table does.

use super::{
    columns,
    model::{Asked, Geometry, geometry},
};
use crate::{
    engine::api::{ApiError, Reply, Request, SortKey, TicketWindow, filter::Filter},
    tui::{
        app::{Effect, Model},
        command::Cmd,
        form::Choice,
        overlay::{Overlay, PickFor, Picker},
        screens,
        ui::select::Move,
    },
};

/// Rows that came above the view.
pub fn new_above(model: &Model) -> usize {
    let tickets = &model.screens.tickets;
    tickets.pick.new_above(place(model).page, tickets.rows().len())
}

/// A click selects the row under it.
pub fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let place = place(model);
    let Some(row) = screens::clicked_row(place.table, x, y) else {
        return Vec::new();
    };
    let tickets = &mut model.screens.tickets;
    let ids = tickets.ids();
    tickets.pick.click(&ids, row, place.page);
    ask_if_short(model)
}

fn place(model: &Model) -> Geometry {
    geometry(model.regions().body)
}

/// Asks for three screens around the selected ticket.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let anchor = model.screens.tickets.pick.id();
    ask_at(model, anchor, Asked::Around)
}

fn ask_at(model: &mut Model, anchor: Option<crate::engine::model::ids::TicketId>, asked: Asked) -> Vec<Effect> {
    let page = u32::try_from(place(model).page).unwrap_or(u32::MAX);
    let mono = model.stamp.mono;
    let tickets = &mut model.screens.tickets;
    tickets.asked = asked;
    let around = page.saturating_mul(3) / 2 + 1;
    let window = TicketWindow {
        filter: tickets.filter.clone(),
        sort: tickets.sort,
        reverse: tickets.reverse != (asked == Asked::End),
        anchor,
        before: if anchor.is_some() { around } else { 0 },
        after: if anchor.is_some() { around } else { around * 2 },
    };
    tickets.slot.ask(Request::Tickets(window), mono)
}

/// Asks again when the cursor comes near the end of the rows at hand.
pub fn ask_if_short(model: &mut Model) -> Vec<Effect> {
    let page = place(model).page;
    let tickets = &model.screens.tickets;
    let Some(rows) = tickets.slot.get() else {
        return Vec::new();
    };
    let at = tickets.pick.index();
    let above = rows.first > 0 && at < page / 2 + 1;
    let len = rows.rows.len();
    let below = rows.first + (len as u64) < rows.matching && at + page / 2 + 1 >= len;
    if (above || below) && tickets.slot.loading_since().is_none() {
        ask(model)
    } else {
        Vec::new()
    }
}

/// The table's answer.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let tickets = &mut model.screens.tickets;
    let before = tickets.selected().map(|c| (c.id, c.no));
    let asked = tickets.asked;
    let (fresh, next) = tickets.slot.answer(generation, result, mono, |r| match r {
        Reply::Tickets(rows) => Some(rows),
        _ => None,
    });
    if !fresh {
        return next;
    }
    if asked == Asked::End
        && let Some(rows) = tickets.slot.get_mut()
    {
        // Asked the other way round: turn it back.
        rows.rows.reverse();
        rows.first = rows.matching.saturating_sub(rows.rows.len() as u64);
    }
    let ids = tickets.ids();
    let before_all = tickets
        .slot
        .get()
        .map_or(0, |r| usize::try_from(r.first).unwrap_or(usize::MAX));
    if asked == Asked::End {
        tickets.pick.jump(&ids, before_all, Move::Bottom);
        tickets.asked = Asked::Around;
        return next;
    }
    let lost = tickets.pick.sync_from(&ids, before_all);
    if let Some((_, no)) = before.filter(|(id, _)| Some(*id) == lost) {
        screens::say_left(model, no, "left this filter");
    }
    next
}

/// Sets the filter; a wrong one leaves the last good rows.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    model.screens.tickets.filter = Filter::parse(text)?;
    Ok(from_start(model))
}

/// Sets the order.
pub fn sort(model: &mut Model, sort: SortKey) -> Vec<Effect> {
    model.screens.tickets.sort = sort;
    model.screens.tickets.reverse = false;
    from_start(model)
}

fn from_start(model: &mut Model) -> Vec<Effect> {
    model.screens.tickets.pick.reset();
    ask_at(model, None, Asked::Around)
}

/// The word of an order.
pub const fn sort_word(sort: SortKey) -> &'static str {
    match sort {
        SortKey::Updated => "updated",
        SortKey::Number => "number",
        SortKey::Name => "name",
        SortKey::Status => "status",
        SortKey::Budget => "budget",
    }
}

fn open_sort(model: &mut Model) {
    let options = [
        (SortKey::Updated, "last change, newest first"),
        (SortKey::Number, "ticket number, newest first"),
        (SortKey::Name, "name, A to Z"),
        (SortKey::Status, "status in flow order"),
        (SortKey::Budget, "daily budget, largest first"),
    ];
    let options = options.map(|(key, detail)| (Choice::new(sort_word(key), sort_word(key), detail), false));
    model.open(Overlay::Picker(Picker::new("Sort by", options.into(), PickFor::Sort)));
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::TicketsSort => {
            open_sort(model);
            Vec::new()
        }
        Cmd::TicketsColumns => {
            columns::open(model, 0);
            Vec::new()
        }
        Cmd::TicketsReverse => {
            model.screens.tickets.reverse = !model.screens.tickets.reverse;
            from_start(model)
        }
        other => match screens::movement(other) {
            Some(step) => go(model, step),
            None => Vec::new(),
        },
    }
}

fn go(model: &mut Model, step: Move) -> Vec<Effect> {
    let page = place(model).page;
    let tickets = &mut model.screens.tickets;
    let ids = tickets.ids();
    let (first, matching) = tickets.slot.get().map_or((0, 0), |r| (r.first, r.matching));
    match step {
        Move::Top if first > 0 => return from_start(model),
        Move::Bottom if first + (ids.len() as u64) < matching => return ask_at(model, None, Asked::End),
        _ => tickets.pick.step(&ids, step, page),
    }
    ask_if_short(model)
}
