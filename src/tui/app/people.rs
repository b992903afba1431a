//! Who else is at the tickets in view, and telling the engine where this console is.
//!
//! Nothing is said while nobody moves: the engine hears of a place when it changes, and is asked again when it says that
//! somebody else's did.

use super::{
    effect::{Effect, SlotId},
    model::Model,
    slot::Slot,
};
use crate::{
    engine::{
        api::{
            ApiError, Reply, Request,
            presence::{At, Present},
        },
        model::{ids::TicketId, refusal::RefusalCode},
    },
    tui::{
        overlay::{FormFor, Overlay},
        screens::ScreenId,
        theme::Role,
        ui::text::Line,
    },
};

/// What is known of the others.
#[derive(Debug)]
pub struct People {
    /// Where this console is, as the engine was told last.
    told: Option<At>,
    /// The engine is of a build that does not know about places.
    deaf: bool,
    slot: Slot<Vec<Present>>,
}

impl Default for People {
    fn default() -> Self {
        Self {
            told: None,
            deaf: false,
            slot: Slot::new(SlotId::People),
        }
    }
}

impl People {
    /// Somebody moved.
    pub const fn mark_stale(&mut self) {
        self.slot.mark_stale();
    }

    /// Another engine: it knows nothing of us, and may know more than the last one.
    pub const fn forget_engine(&mut self) {
        self.deaf = false;
        self.slot.mark_stale();
    }

    /// Whether somebody else is at a ticket, and whether anybody of them edits it. For rows, which are drawn often.
    pub fn anybody(&self, ticket: TicketId) -> Option<bool> {
        let all = self.slot.get().map_or(&[][..], Vec::as_slice);
        let here = all.iter().filter(|p| p.at.ticket == ticket);
        here.map(|p| p.at.editing).reduce(|one, other| one || other)
    }

    /// Who else is at a ticket, by name; who edits it first. A person with two consoles is one.
    pub fn at(&self, ticket: TicketId) -> Vec<(&str, bool)> {
        let all = self.slot.get().map_or(&[][..], Vec::as_slice);
        let mut here: Vec<(&str, bool)> = Vec::new();
        for present in all.iter().filter(|p| p.at.ticket == ticket) {
            match here.iter_mut().find(|(name, _)| *name == present.name) {
                Some((_, editing)) => *editing |= present.at.editing,
                None => here.push((&present.name, present.at.editing)),
            }
        }
        here.sort_by_key(|(_, editing)| !editing);
        here
    }
}

/// Where this console is.
fn place(model: &Model) -> Option<At> {
    let ticket = model
        .screens
        .detail
        .ticket
        .filter(|_| model.screen == ScreenId::Detail)?;
    let editing = model.overlays.iter().any(
        |o| matches!(o, Overlay::Form(f) if matches!(&f.purpose, FormFor::EditTicket { id, .. } if *id == ticket)),
    );
    Some(At { ticket, editing })
}

/// Tells the engine when this console went elsewhere.
pub fn settle(model: &mut Model) -> Vec<Effect> {
    if place(model) == model.people.told {
        return Vec::new();
    }
    tell(model)
}

/// Asks who is where, if somebody moved and it shows here.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let shows = matches!(model.screen, ScreenId::Board | ScreenId::Tickets | ScreenId::Detail);
    if !shows || !model.people.slot.is_stale() {
        return Vec::new();
    }
    tell(model)
}

fn tell(model: &mut Model) -> Vec<Effect> {
    let (place, mono) = (place(model), model.stamp.mono);
    model.people.told = place;
    if model.people.deaf {
        return Vec::new();
    }
    model.people.slot.ask(Request::Here(place), mono)
}

/// Who else is where.
pub fn answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let deaf = matches!(&result, Err(ApiError::Refused(r)) if r.code == RefusalCode::Unsupported);
    let mono = model.stamp.mono;
    let (_, next) = model.people.slot.answer(generation, result, mono, |r| match r {
        Reply::People(people) => Some(people),
        _ => None,
    });
    model.people.deaf |= deaf;
    next
}

/// `ben is here, editing; ana is here`, for a ticket's frame; empty when nobody else is.
pub fn line(model: &Model, ticket: TicketId) -> Line {
    let here = model.people.at(ticket);
    let mut line = Line::new();
    for (n, (name, editing)) in here.iter().take(2).enumerate() {
        line.push(Role::Muted, if n == 0 { " " } else { "; " });
        line.push(Role::Accent, (*name).to_owned());
        line.push(Role::Text, " is here");
        if *editing {
            line.push(Role::Warn, ", editing");
        }
    }
    if here.len() > 2 {
        line.push(Role::Muted, format!("; {} more", here.len() - 2));
    }
    if !here.is_empty() {
        line.push(Role::Muted, " ");
    }
    line
}
