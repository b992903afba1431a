//! Every attempt of a deploy as a text to read and copy: the same words as the ticket's ledger.

use crate::{
    engine::{
        api::TicketView,
        model::sanitise::{Shown, sanitise},
    },
    tui::{
        app::Model,
        overlay::{Overlay, Viewer, view::viewer_area},
        screens::detail::ledger::{self, Look},
        theme::Role,
        ui::{
            layout::{inner, padded},
            text::Line,
        },
    },
};

/// Opens the attempts as a text.
pub fn open(model: &mut Model, view: &TicketView) {
    let look = Look {
        width: usize::from(padded(inner(viewer_area(model.regions().body))).width),
        glyphs: model.theme.glyphs,
        zone: &model.session.options.zone,
        now: model.stamp.now,
    };
    let mut lines: Vec<(Role, Shown)> = Vec::new();
    lines.extend(view.why.iter().map(|w| (Role::Strong, sanitise(&w.text))));
    lines.extend(ledger::lines(view, look).iter().map(flat));
    let title = format!("Attempts of {} {}", view.card.no, view.card.name);
    model.open(Overlay::Viewer(Viewer::new(&title, lines)));
}

/// A line in one role: the first that judges, because that is what the eye looks for.
fn flat(line: &Line) -> (Role, Shown) {
    let roles = || line.bits().iter().map(|(role, _)| *role);
    let judges = |r: &Role| !matches!(r, Role::Text | Role::Muted | Role::Strong);
    let role = roles().find(judges).or_else(|| roles().next()).unwrap_or_default();
    (role, sanitise(&line.text()))
}
