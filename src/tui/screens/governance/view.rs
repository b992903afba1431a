//! How the governance screen looks.

use ratatui::layout::Rect;

use super::{
    model::{List, geometry},
    rows,
};
use crate::tui::{
    app::Model,
    screens,
    theme::Role,
    ui::{
        layout::{inner, padded, panes},
        pen::{Pen, rows as pen_rows},
        table::Table,
        text::{Line, left, right},
    },
};

/// The name keeps at least this.
const NAME_MIN: usize = 14;

/// Draws the lists and the table.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let governed = &model.screens.governed;
    let place = geometry(area);
    if panes(area.width) == 1 {
        list_line(pen, padded(place.lists), model);
    } else {
        list_pane(pen, place.lists, model);
    }
    let g = model.screens.facts.governance.get();
    let all = governed.rows(g);
    let title = Line::of(Role::Strong, format!(" {} ", governed.list.title()));
    let title = if governed.find.as_str().is_empty() {
        title.add(Role::Text, format!(" {} ", all.len()))
    } else {
        title
            .add(Role::Accent, format!(" {} ", governed.find.as_str()))
            .add(Role::Text, format!(" {} ", all.len()))
    };
    pen.pane(place.table, &title, true);
    let inside = inner(place.table);
    let table = Table::new(rows::columns(governed.list), inside.width, NAME_MIN);
    let body = table.heading(pen, inside);
    let top = governed.pick.top_for(place.page, all.len());
    for (at, row) in pen_rows(body).zip(all.iter().skip(top)) {
        let selected = governed.pick.id().as_ref() == Some(&row.id);
        table.row(pen, at, &row.cells, selected, true);
    }
    if all.is_empty() {
        let words = match g {
            None => "asking the engine",
            Some(_) if !governed.find.as_str().is_empty() => "Nothing fits. Esc clears the filter.",
            Some(_) => "Nothing here yet. a adds the first one.",
        };
        screens::draw_empty(pen, body, model, words);
    }
    let mut foot = screens::loading_mark(pen, model);
    if screens::failure(model).is_some() {
        foot.push(Role::Error, " old rows; r tries again ");
    }
    pen.pane_foot(place.table, &foot);
}

fn counts(model: &Model) -> impl Iterator<Item = (List, String, bool)> {
    let governed = &model.screens.governed;
    List::ALL.into_iter().map(move |list| {
        let count = model
            .screens
            .facts
            .governance
            .get()
            .map(|g| rows::count(g, list).to_string());
        (list, count.unwrap_or_default(), list == governed.list)
    })
}

fn list_pane(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let inside = pen.pane(area, &Line::of(Role::Strong, " Governance "), false);
    let mark = pen.theme.glyphs.cut();
    for (row, (list, count, here)) in pen_rows(inside).zip(counts(model)) {
        let cursor = if here { pen.theme.glyphs.cursor() } else { " " };
        let role = if here { Role::Accent } else { Role::Text };
        let line = Line::of(Role::Key, cursor)
            .add(role, left(list.title(), 10, mark))
            .add(Role::Muted, right(&count, 5, mark));
        pen.line(row, &line);
    }
}

fn list_line(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let mut line = Line::new();
    for (list, count, here) in counts(model) {
        let role = if here { Role::Accent } else { Role::Text };
        let (open, close) = if here { ("[", "]") } else { (" ", " ") };
        line.push(Role::Key, open);
        line.push(role, list.title());
        line.push(Role::Muted, format!(" {count}"));
        line.push(Role::Key, close);
        line.push(Role::Text, " ");
    }
    pen.line(area, &line);
}
