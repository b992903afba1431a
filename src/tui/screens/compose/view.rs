//! How the form of a new ticket looks: the live name on top, the form below it.

use ratatui::layout::Rect;

use crate::{
    engine::api::Preview,
    tui::{
        app::Model,
        theme::Role,
        ui::{
            layout::{padded, split_top},
            pen::Pen,
            text::{Line, cut_name, wrap},
        },
    },
};

/// Draws the preview on top of the body. Returns what is left for the form.
pub fn draw(pen: &mut Pen<'_>, body: Rect, model: &Model) -> Rect {
    let rows = if body.height >= 30 { 5 } else { 4 };
    let (top, form) = split_top(body, rows);
    pen.clear(top);
    let inside = padded(pen.pane(top, &Line::of(Role::Strong, " Name, made by the taxonomy "), false));
    let (name, facts) = split_top(inside, 1);
    let slot = &model.screens.compose.preview;
    let Some(preview) = slot.get() else {
        let words = match slot.failure() {
            Some(error) => crate::tui::app::toast::explain(error).0,
            None => "asking the engine".to_owned(),
        };
        pen.line(name, &Line::of(Role::Muted, words));
        return form;
    };
    pen.line(name, &name_line(&preview.name, usize::from(name.width)));
    let lines: Vec<Line> = wrap(&facts_of(preview), usize::from(facts.width))
        .into_iter()
        .map(|text| Line::of(facts_role(preview), text))
        .collect();
    pen.lines(facts, &lines);
    form
}

/// The name with its open parts marked.
fn name_line(name: &str, width: usize) -> Line {
    let mut line = Line::new();
    for (i, part) in cut_name(name, width).split('_').enumerate() {
        if i > 0 {
            line.push(Role::Muted, "_");
        }
        let role = if part == "???" { Role::Warn } else { Role::Strong };
        line.push(role, part.to_owned());
    }
    line
}

const fn facts_role(preview: &Preview) -> Role {
    if preview.taken_by.is_some() {
        Role::Error
    } else if preview.missing.is_empty() {
        Role::Ok
    } else {
        Role::Muted
    }
}

fn facts_of(preview: &Preview) -> String {
    let length = preview.name.chars().count();
    let mut facts = vec![match preview.max {
        Some(max) => format!("{length} of {max} characters"),
        None => format!("{length} characters"),
    }];
    match preview.taken_by {
        Some(no) => facts.push(format!("TAKEN by ticket {no} on this account")),
        None if preview.missing.is_empty() => facts.push("free on this account".to_owned()),
        None => {}
    }
    if !preview.missing.is_empty() {
        facts.push(format!("still open: {}", preview.missing.join("; ")));
    }
    facts.join("   ")
}
