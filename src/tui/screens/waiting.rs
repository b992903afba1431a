//! What stands where rows would be, while they are asked for and when they cannot be had.

use ratatui::layout::Rect;

use super::{failure, loading_since};
use crate::tui::{
    app::{Model, toast::explain, update::LOADING_MS},
    theme::Role,
    ui::{layout::padded, pen::Pen, text::Line},
};

/// A line for an empty list or a failed question, drawn where rows would be.
pub fn draw_empty(pen: &mut Pen<'_>, area: Rect, model: &Model, words: &str) {
    let line = match failure(model) {
        Some(error) => {
            let (reason, _) = explain(error);
            Line::of(Role::Error, format!("{reason}; r tries again"))
        }
        None => Line::of(Role::Muted, words.to_owned()),
    };
    pen.line(padded(area), &line);
}

/// `4 s` with a spinner once loading takes long enough to be said.
pub fn loading_mark(pen: &Pen<'_>, model: &Model) -> Line {
    let waited = loading_since(model).map_or(0, |since| model.stamp.mono.since(since));
    if waited < LOADING_MS {
        return Line::new();
    }
    let spinner = pen.theme.glyphs.spinner(waited / 250);
    Line::of(Role::Busy, spinner).add(Role::Muted, format!(" asking {} s ", waited / 1000))
}
