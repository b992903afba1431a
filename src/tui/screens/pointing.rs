//! What a click on a screen means.

use ratatui::layout::Rect;

use super::{ScreenId, audit, board, deploys, tickets};
use crate::tui::{
    app::{Effect, Model},
    ui::layout::{inner, split_top},
};

/// A click on the body: the row under it is selected, and nothing is done with it.
pub fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    match model.screen {
        ScreenId::Board => board::update::click(model, x, y),
        ScreenId::Tickets => tickets::update::click(model, x, y),
        ScreenId::Deploys => deploys::update::click(model, x, y),
        ScreenId::Audit => audit::update::click(model, x, y),
        _ => Vec::new(),
    }
}

/// The row of a list that a click in its pane is on, from 0; the heading is none.
pub(super) fn clicked_row(pane: Rect, x: u16, y: u16) -> Option<usize> {
    let body = split_top(inner(pane), 1).1;
    body.contains((x, y).into()).then(|| usize::from(y - body.y))
}
