//! A ticket that went live a moment ago: its row is drawn bright for a second, once, and nothing runs after.

use super::{model::Model, msg::Millis};
use crate::{
    engine::model::{
        event::{Event, EventKind},
        ids::TicketNo,
    },
    tui::screens::ScreenId,
};

/// How long a row is bright.
const PULSE_MS: u64 = 1000;

/// Rows that are bright, each until when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulses(Vec<(TicketNo, Millis)>);

impl Pulses {
    /// True when this ticket's row is bright.
    pub fn has(&self, no: TicketNo) -> bool {
        self.0.iter().any(|(lit, _)| *lit == no)
    }

    /// When the next row is as ever again.
    pub fn until(&self) -> Option<Millis> {
        self.0.iter().map(|(_, until)| *until).min()
    }

    /// Drops what was bright long enough.
    pub fn expire(&mut self, now: Millis) {
        self.0.retain(|(_, until)| *until > now);
    }
}

/// An event came. Only the screens that show the row have a pulse: elsewhere no timer is set for what nobody sees.
pub fn on_event(model: &mut Model, event: &Event) {
    let went_live = event.kind == EventKind::Trafficked || event.also.contains(&EventKind::Trafficked);
    let shows = matches!(model.screen, ScreenId::Board | ScreenId::Tickets);
    let Some(no) = event.subject.ticket.filter(|_| went_live && shows) else {
        return;
    };
    let until = model.stamp.mono.plus(PULSE_MS);
    model.pulses.0.retain(|(lit, _)| *lit != no);
    model.pulses.0.push((no, until));
    model.touch();
}
