//! What the console remembers from one run to the next: where somebody was, and the views they saved. Pure; the runtime
//! reads and writes the file.
//!
//! Not remembered: marks, questions, what was not sent. Whoever comes back sees the same list, and decides anew.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    effect::{Effect, TimerId},
    model::Model,
};
use crate::{
    engine::{
        api::{SortKey, filter::Filter},
        model::ids::TicketId,
    },
    tui::screens::ScreenId,
};

/// The form of the file.
const VERSION: u32 = 1;
/// Written this long after the last change.
const REST_MS: u64 = 1000;
/// Views kept.
pub const VIEWS_MAX: usize = 50;

/// A way to look at the ticket table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// What it is called.
    pub name: String,
    /// Which tickets.
    pub filter: String,
    /// In which order.
    pub sort: SortKey,
    /// Turned around.
    pub reverse: bool,
    /// Columns not shown.
    pub hidden: BTreeSet<String>,
}

/// Where somebody was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The screen, by the command that shows it.
    pub screen: String,
    /// The board's filter.
    pub board_filter: String,
    /// The board's column, once somebody chose one.
    pub board_column: Option<usize>,
    /// The card under the cursor there.
    pub board_ticket: Option<TicketId>,
    /// The ticket table, as a view without a name.
    pub tickets: View,
    /// The row under the cursor there.
    pub ticket: Option<TicketId>,
    /// The deploy queue's filter.
    pub deploys_filter: String,
}

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    v: u32,
    /// Where somebody was.
    #[serde(default)]
    pub place: Place,
    /// Saved views, by name.
    #[serde(default)]
    pub views: Vec<View>,
}

/// The ticket table as it is looked at now.
pub fn present_view(model: &Model, name: &str) -> View {
    let tickets = &model.screens.tickets;
    View {
        name: name.to_owned(),
        filter: tickets.filter.as_str().to_owned(),
        sort: tickets.sort,
        reverse: tickets.reverse,
        hidden: tickets.hidden.clone(),
    }
}

fn take(model: &Model) -> Saved {
    let screens = &model.screens;
    let screen = match model.screen {
        ScreenId::Detail => screens.detail.from,
        screen => screen,
    };
    let board = &screens.board;
    Saved {
        v: VERSION,
        place: Place {
            screen: screen.command().record().id.to_owned(),
            board_filter: board.filter.as_str().to_owned(),
            board_column: board.settled.then_some(board.column),
            board_ticket: board
                .picks
                .get(board.column)
                .and_then(crate::tui::ui::select::Selection::id),
            tickets: present_view(model, ""),
            ticket: screens.tickets.pick.id(),
            deploys_filter: screens.deploys.filter.as_str().to_owned(),
        },
        views: model.views.clone(),
    }
}

/// Takes what an earlier console left. `fresh` = only its views. A filter this build does not know is dropped.
pub fn restore(model: &mut Model, text: &str, fresh: bool) -> Result<(), String> {
    let saved: Saved = serde_json::from_str(text).map_err(|e| e.to_string())?;
    if saved.v != VERSION {
        return Err(format!("it has form {}, this build knows {VERSION}", saved.v));
    }
    model.views = saved.views;
    if fresh {
        return Ok(());
    }
    let place = saved.place;
    let known = ScreenId::ALL.into_iter();
    if let Some(screen) = known.into_iter().find(|s| s.command().record().id == place.screen) {
        model.screen = screen;
    }
    let filter = |text: &str| Filter::parse(text).unwrap_or_default();
    let board = &mut model.screens.board;
    board.filter = filter(&place.board_filter);
    if let Some(column) = place.board_column.filter(|c| *c < board.picks.len()) {
        board.column = column;
        board.settled = true;
        if let (Some(pick), Some(id)) = (board.picks.get_mut(column), place.board_ticket) {
            pick.aim(id);
        }
    }
    look_at(model, &place.tickets);
    if let Some(id) = place.ticket {
        model.screens.tickets.pick.aim(id);
    }
    model.screens.deploys.filter = filter(&place.deploys_filter);
    model.saved = Some(take(model));
    Ok(())
}

/// Looks at the ticket table through a view; asks nothing.
pub fn look_at(model: &mut Model, view: &View) {
    let tickets = &mut model.screens.tickets;
    tickets.filter = Filter::parse(&view.filter).unwrap_or_default();
    tickets.sort = view.sort;
    tickets.reverse = view.reverse;
    tickets.hidden.clone_from(&view.hidden);
}

/// After a message: something to remember changed, so the file is written soon.
pub fn notice(model: &mut Model) -> Vec<Effect> {
    if model.session.options.state.is_none() || model.armed.contains(&TimerId::Save) {
        return Vec::new();
    }
    if model.saved.as_ref() == Some(&take(model)) {
        return Vec::new();
    }
    model.arm(TimerId::Save, REST_MS)
}

/// Writes what changed since it was written last.
pub fn write(model: &mut Model) -> Vec<Effect> {
    let now = take(model);
    if model.session.options.state.is_none() || model.saved.as_ref() == Some(&now) {
        return Vec::new();
    }
    let text = serde_json::to_string_pretty(&now).unwrap_or_default();
    model.saved = Some(now);
    vec![Effect::Save(text)]
}
