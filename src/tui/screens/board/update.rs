//! What the board does.

use super::{
    model::{Board, COLUMNS, Geometry, Moved, geometry},
    view::{new_above as new_in_column, word},
};
use crate::{
    engine::{
        api::{ApiError, Reply, Request, card::Card, filter::Filter},
        model::event::{Event, Noun},
    },
    tui::{
        app::{Effect, Model, msg::Millis},
        command::Cmd,
        screens,
        ui::select::{Move, Selection},
    },
};

/// Somebody else's move is shown this long.
const MOVED_MS: u64 = 3000;
/// Cards asked for beyond those in view, in screens.
const SCREENS: usize = 3;
/// Never more cards per column than this: nobody scrolls further, everybody filters.
const PER_COLUMN_MAX: usize = 300;

fn place(model: &Model) -> Geometry {
    let board = &model.screens.board;
    geometry(model.regions().body, board.column, board.first)
}

/// Cards per column down to some screens below the deepest cursor.
fn reach(model: &Model, screens: usize) -> u32 {
    let page = place(model).page;
    let board = &model.screens.board;
    let deepest = board
        .picks
        .iter()
        .map(crate::tui::ui::select::Selection::index)
        .max()
        .unwrap_or(0);
    let cards = (deepest + page * screens).min(PER_COLUMN_MAX);
    u32::try_from(cards).unwrap_or(u32::MAX)
}

/// Asks for the board.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let per_column = reach(model, SCREENS);
    let mono = model.stamp.mono;
    let board = &mut model.screens.board;
    board.per_column = per_column;
    let filter = board.filter.clone();
    board.slot.ask(Request::Board { filter, per_column }, mono)
}

/// Asks again when the cursor comes near the end of the cards at hand: a screen before more are needed, so that a cursor
/// on its way down asks once per screen and not with every step.
pub fn ask_if_short(model: &mut Model) -> Vec<Effect> {
    let board = &model.screens.board;
    let (cards, count) = board.cards(board.column);
    let has_more = (cards.len() as u64) < count;
    if has_more && reach(model, SCREENS - 1) > board.per_column {
        ask(model)
    } else {
        Vec::new()
    }
}

/// The board's answer.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let before = model.screens.board.selected().map(|c| (c.id, c.no, c.status));
    let board = &mut model.screens.board;
    let (fresh, next) = board.slot.answer(generation, result, mono, |r| match r {
        Reply::Board(b) => Some(b),
        _ => None,
    });
    if !fresh {
        return next;
    }
    for column in 0..COLUMNS.len() {
        let ids = board.ids(column);
        if let Some(pick) = board.picks.get_mut(column) {
            pick.sync(&ids);
        }
    }
    let empty = board.filter.is_empty() && (0..COLUMNS.len()).all(|c| board.cards(c).1 == 0);
    if !board.settled {
        board.column = first_column(board);
    }
    keep_window(model);
    let mut next = next;
    if empty {
        // An empty board says what is missing before the first ticket.
        next.extend(screens::facts::ask_governance(model));
    }
    let board = &model.screens.board;
    if let Some((id, no, from)) = before {
        let now_in = COLUMNS
            .iter()
            .enumerate()
            .find(|(i, _)| board.ids(*i).contains(&id))
            .map(|(_, s)| *s);
        match now_in {
            Some(status) if status != from => screens::say_left(model, no, &format!("is {} now", word(status))),
            None => screens::say_left(model, no, "left this view"),
            Some(_) => {}
        }
    }
    next
}

/// Remembers which columns are in view, so that they stay.
fn keep_window(model: &mut Model) {
    let first = place(model).first;
    model.screens.board.first = first;
}

/// A new board starts where work waits: the first column with cards that need somebody, else the first with any.
fn first_column(board: &Board) -> usize {
    let filled = |i: &usize| board.cards(*i).1 > 0;
    [2, 6, 3, 0]
        .into_iter()
        .find(filled)
        .or_else(|| (0..COLUMNS.len()).find(filled))
        .unwrap_or(0)
}

/// Remembers who moved a card, unless it was us.
pub fn on_event(model: &mut Model, event: &Event) {
    let until = model.stamp.mono.plus(MOVED_MS);
    let mine = event.actor.name == model.session.me();
    let Some(no) = event.subject.ticket.or_else(|| {
        (event.subject.noun == Noun::Ticket)
            .then(|| event.subject.label.parse().ok())
            .flatten()
    }) else {
        return;
    };
    // What the engine does by itself is not somebody's move.
    if event.status.is_none() || mine || event.actor.is_engine() {
        return;
    }
    let board = &mut model.screens.board;
    board.moved.retain(|m| m.no != no);
    board.moved.push(Moved {
        no,
        by: event.actor.name.clone(),
        until,
    });
}

/// Drops moves that were shown long enough.
pub fn forget_moves(model: &mut Model) {
    let mono = model.stamp.mono;
    model.screens.board.moved.retain(|m| m.until > mono);
}

/// When the next remembered move is to be forgotten.
pub fn moves_until(model: &Model) -> Option<Millis> {
    model.screens.board.moved.iter().map(|m| m.until).min()
}

/// Cards that came above the view of any column.
pub fn new_above(model: &Model) -> usize {
    let page = place(model).page;
    let board = &model.screens.board;
    (0..COLUMNS.len()).map(|c| new_in_column(board, c, page)).sum()
}

/// Shows them: every column from its start.
pub fn show_new(model: &mut Model) {
    let page = place(model).page;
    let board = &mut model.screens.board;
    for column in 0..COLUMNS.len() {
        if new_in_column(board, column, page) > 0 {
            let ids = board.ids(column);
            if let Some(pick) = board.picks.get_mut(column) {
                pick.step(&ids, Move::Top, page);
            }
        }
    }
}

/// A click selects the card under it.
pub fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let place = place(model);
    let found = (0..place.columns).find(|n| place.column_area(*n).contains((x, y).into()));
    let Some(n) = found else { return Vec::new() };
    let row = usize::from((y - place.column_area(n).y) / place.card_rows.max(1));
    let column = place.first + n;
    let board = &mut model.screens.board;
    let ids = board.ids(column);
    if let Some(pick) = board.picks.get_mut(column)
        && pick.click(&ids, row, place.page)
    {
        board.settled = true;
        board.column = column;
        keep_window(model);
    }
    Vec::new()
}

/// Cards in view.
pub fn visible(model: &Model) -> impl Iterator<Item = &Card> {
    let place = place(model);
    let board = &model.screens.board;
    (place.first..place.first + place.columns).flat_map(move |column| {
        let (cards, _) = board.cards(column);
        let top = board
            .picks
            .get(column)
            .map_or(0, |p| p.top_for(place.page, cards.len()));
        cards.iter().skip(top).take(place.page)
    })
}

/// Sets the filter.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let board = &mut model.screens.board;
    board.filter = Filter::parse(text)?;
    board.picks.iter_mut().for_each(Selection::other_list);
    Ok(ask(model))
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let page = place(model).page;
    let board = &mut model.screens.board;
    match cmd {
        Cmd::BoardLeft => {
            board.settled = true;
            board.column = board.column.saturating_sub(1);
        }
        Cmd::BoardRight => {
            board.settled = true;
            board.column = (board.column + 1).min(COLUMNS.len() - 1);
        }
        other => {
            let Some(step) = screens::movement(other) else {
                return Vec::new();
            };
            board.settled = true;
            let ids = board.ids(board.column);
            if let Some(pick) = board.picks.get_mut(board.column) {
                pick.step(&ids, step, page);
            }
            return ask_if_short(model);
        }
    }
    keep_window(model);
    Vec::new()
}
