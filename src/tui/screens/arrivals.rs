//! What came above the view of a list: counted, and shown when somebody wants it.

use super::{ScreenId, audit, board, deploys, run, tickets};
use crate::tui::{
    app::{Effect, Model},
    command::Cmd,
    theme::Role,
    ui::text::Line,
};

/// How much came above the view of the screen shown. It is counted, never pushed under somebody's eyes.
fn new_above(model: &Model) -> usize {
    match model.screen {
        ScreenId::Board => board::update::new_above(model),
        ScreenId::Tickets => tickets::update::new_above(model),
        ScreenId::Deploys => deploys::update::new_above(model),
        ScreenId::Audit => audit::update::new_above(model),
        _ => 0,
    }
}

/// ` +3 new above, r shows them `; nothing when nothing is.
pub fn news(model: &Model) -> Line {
    match new_above(model) {
        0 => Line::new(),
        1 => Line::of(Role::Accent, " +1 new above, r shows it "),
        n => Line::of(Role::Accent, format!(" +{n} new above, r shows them ")),
    }
}

/// Shows what came above the view.
pub fn show_new(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        _ if new_above(model) == 0 => Vec::new(),
        ScreenId::Board => {
            board::update::show_new(model);
            Vec::new()
        }
        _ => run(model, Cmd::Top),
    }
}
