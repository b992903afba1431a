//! Putting a deploy before or behind others on its account.

use crate::{
    engine::{
        api::{CommandKind, TicketPatch},
        model::{
            ids::{TicketId, TicketNo},
            ticket::Priority,
        },
    },
    tui::{
        app::{Effect, Model, gate, gate::Intent, toast::Tone},
        command::Danger,
        form::Choice,
        overlay::{Overlay, PickFor, Picker},
    },
};

/// Whose order changes, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordering {
    /// Which ticket.
    pub id: TicketId,
    /// Its number.
    pub no: TicketNo,
    /// Its version.
    pub version: u64,
}

const LEVELS: [(Priority, &str); 4] = [
    (Priority::Urgent, "before everything else on its account"),
    (Priority::High, "before normal and low"),
    (Priority::Normal, "in the order of time"),
    (Priority::Low, "when nothing else is due on its account"),
];

/// Asks for the priority of the selected deploy.
pub fn open(model: &mut Model) {
    let deploys = &model.screens.deploys;
    let Some(card) = deploys.selected() else { return };
    let Some(view) = deploys.detail_of(card.ticket) else {
        let words = format!("{} is still being read", card.no);
        model.say(Tone::Note, &words, "press p again");
        return;
    };
    let now = view.ticket.value.priority;
    let of = Ordering {
        id: card.ticket,
        no: card.no,
        version: view.ticket.version,
    };
    let options = LEVELS
        .iter()
        .map(|(level, detail)| (Choice::new(level.as_str(), level.as_str(), detail), *level == now))
        .collect();
    let title = format!("{} is {}. Which priority instead?", of.no, now.as_str());
    model.open(Overlay::Picker(Picker::new(&title, options, PickFor::Priority(of))));
}

/// A priority was picked.
pub fn picked(model: &mut Model, of: &Ordering, key: &str) -> Vec<Effect> {
    let Some((level, _)) = LEVELS.iter().find(|(l, _)| l.as_str() == key) else {
        return Vec::new();
    };
    let kind = CommandKind::TicketEdit {
        id: of.id,
        version: of.version,
        patch: TicketPatch {
            priority: Some(*level),
            ..TicketPatch::default()
        },
    };
    let done = format!("{} is {} now", of.no, level.as_str());
    let intent = Intent::new(model, kind, format!("prioritise {}", of.no), done);
    gate::pass(model, Danger::Undoable, intent)
}
