//! Going to a ticket by its number.

use super::detail;
use crate::{
    engine::api::{ApiError, Reply},
    tui::app::{Effect, Model},
};

/// The ticket with the number that was typed: it is shown.
pub fn jump_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (fresh, mut next) = model.screens.jump.answer(generation, result, mono, |r| match r {
        Reply::Ticket(t) => Some(*t),
        _ => None,
    });
    if let Some(error) = model.screens.jump.failure().cloned() {
        model.say_error("", &error);
    } else if let Some(id) = model.screens.jump.get().filter(|_| fresh).map(|t| t.card.id) {
        next.extend(detail::update::open(model, id));
    }
    next
}
