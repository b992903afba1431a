//! What must hold whatever is typed.

use omnitraffick::{
    engine::model::{ids::TicketId, sanitise::is_unsafe},
    tui::{
        TuiOptions,
        app::{Effect, Model, Msg},
        overlay::Overlay,
        screens::ScreenId,
    },
};
use ratatui::buffer::Buffer;

/// What kind of message it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody wants something.
    Key,
    /// Text from a clipboard.
    Paste,
    /// The window.
    Resize,
    /// The engine spoke: an answer, or news.
    Engine,
    /// Anything else.
    Other,
}

impl Kind {
    /// Of a message.
    pub const fn of(msg: &Msg) -> Self {
        match msg {
            Msg::Key { .. } => Self::Key,
            Msg::Paste(_) => Self::Paste,
            Msg::Resize(_) => Self::Resize,
            Msg::Reply { .. } | Msg::Notice(_) | Msg::NoticesLost => Self::Engine,
            _ => Self::Other,
        }
    }
}

/// No paste, no resize and no news changes anything, and a read-only console changes nothing at all.
pub fn keeps_its_hands_still(kind: Kind, effects: &[Effect], options: &TuiOptions) {
    let commits = effects.iter().any(|e| matches!(e, Effect::Commit { .. }));
    assert!(!(commits && options.read_only), "a read-only console changed something");
    assert!(
        !(commits && matches!(kind, Kind::Paste | Kind::Resize)),
        "{kind:?} changed something"
    );
}

/// Where the cursor was before a message.
pub struct Before {
    screen: ScreenId,
    ticket: Option<TicketId>,
}

impl Before {
    /// In a model.
    pub fn of(model: &Model) -> Self {
        Self {
            screen: model.screen,
            ticket: model.screens.tickets.selected().map(|c| c.id),
        }
    }

    /// The cursor follows its ticket: only keys move it to another while its ticket is still there.
    pub fn still_holds(&self, kind: Kind, model: &Model) {
        let moves = matches!(kind, Kind::Key | Kind::Other);
        if moves || self.screen != ScreenId::Tickets || model.screen != ScreenId::Tickets {
            return;
        }
        let Some(id) = self.ticket else { return };
        let rows = model.screens.tickets.ids();
        let now = model.screens.tickets.selected().map(|c| c.id);
        assert!(
            now == Some(id) || !rows.contains(&id),
            "{kind:?} moved the cursor from {id} to {now:?}"
        );
    }
}

/// Nothing grows without end.
pub fn is_bounded(model: &Model, deepest: usize) {
    assert!(
        model.overlays.len() <= deepest,
        "{} overlays lie on each other",
        model.overlays.len()
    );
    assert!(model.toasts.log().count() <= 200, "messages are kept for ever");
    assert!(model.chord.len() <= 3, "a chord that never ends: {:?}", model.chord);
    let rows = model.screens.tickets.rows().len();
    assert!(rows <= 2000, "{rows} rows are no window");
}

/// No control character reaches a cell.
pub fn is_clean(buffer: &Buffer) {
    for cell in &buffer.content {
        let symbol = cell.symbol();
        assert!(!symbol.chars().any(is_unsafe), "{symbol:?} is on the screen");
    }
}

/// An overlay's name, for the report.
pub const fn name(overlay: &Overlay) -> &'static str {
    match overlay {
        Overlay::Confirm(_) => "confirm",
        Overlay::Typed(_) => "typed",
        Overlay::Prompt(_) => "prompt",
        Overlay::Picker(_) => "picker",
        Overlay::Finder(_) => "finder",
        Overlay::Viewer(_) => "viewer",
        Overlay::Report => "report",
        Overlay::Form(_) => "form",
        Overlay::Payload(_) => "payload",
    }
}
