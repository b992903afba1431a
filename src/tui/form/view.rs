//! How a form looks: a label column, the value, the problem below it; an open list beside or under its field.

use ratatui::layout::Rect;

use super::{
    field::{Combo, Field, FieldKind},
    model::Form,
};
use crate::tui::{
    theme::Role,
    ui::{
        cells,
        layout::split_top,
        pen::{Pen, rows},
        text::{Line, Words, wrap},
    },
};

/// Rows shown of an open list.
const LIST_ROWS: usize = 8;
/// Rows of a multi-line field.
const AREA_ROWS: u16 = 4;

/// One drawn row of a form.
enum Row<'a> {
    Field(usize, &'a Field),
    Option(Line, bool),
    Problem(Line),
    Area(usize, &'a Field, u16),
    Submit,
}

/// Draws the form into the inside of its pane.
pub fn draw(pen: &mut Pen<'_>, area: Rect, form: &Form) {
    let label = form
        .fields
        .iter()
        .filter(|f| !f.hidden)
        .map(|f| crate::tui::ui::pen::width(f.label.as_str()))
        .max()
        .unwrap_or(0);
    let label = cells(label.min(24)) + 2;
    let help_rows = if area.height > 8 { 2 } else { 0 };
    // What is wrong with the whole stands below the fields, in view wherever the focus is.
    let wrong: Vec<String> = form
        .problems
        .iter()
        .flat_map(|p| wrap(p.as_str(), usize::from(area.width)))
        .collect();
    let wrong_rows = cells(wrong.len()).min(area.height / 3);
    let (body, foot) = split_top(area, area.height.saturating_sub(help_rows + wrong_rows));
    let (told, foot) = split_top(foot, wrong_rows);
    for (row, text) in rows(told).zip(wrong) {
        pen.line(row, &Line::of(Role::Error, text));
    }

    let mut drawn = layout(form, label, area.width);
    let focus_at = drawn
        .iter()
        .rposition(|r| match r {
            Row::Field(i, _) | Row::Area(i, _, _) => *i == form.focus(),
            Row::Option(_, selected) => *selected,
            Row::Submit => form.focus() >= form.fields.len(),
            Row::Problem(_) => false,
        })
        .unwrap_or(0);
    // The rest of its list and what is said about the focused field are in view with it, as far as there is room.
    let said = drawn
        .iter()
        .skip(focus_at + 1)
        .take_while(|r| matches!(r, Row::Problem(_) | Row::Option(..)))
        .count();
    let page = usize::from(body.height);
    let focus_at = focus_at + said.min(page.saturating_sub(2));
    let skip = (focus_at + 1).saturating_sub(page.saturating_sub(1).max(1));
    let skip = skip.min(drawn.len().saturating_sub(page));
    for (row, what) in rows(body).zip(drawn.drain(..).skip(skip)) {
        draw_row(pen, row, form, label, &what);
    }
    let help = form.focused().map(|f| f.help.as_str()).unwrap_or_default();
    for (row, text) in rows(foot).zip(wrap(help, usize::from(foot.width))) {
        pen.line(row, &Line::of(Role::Muted, text));
    }
}

fn layout(form: &Form, label: u16, width: u16) -> Vec<Row<'_>> {
    let mut out = Vec::new();
    let indent = " ".repeat(usize::from(label) + 1);
    let room = usize::from(width.saturating_sub(label + 3));
    for (i, field) in form.fields.iter().enumerate().filter(|(_, f)| !f.hidden) {
        if matches!(field.kind, FieldKind::Area(_)) {
            out.extend((0..AREA_ROWS).map(|n| Row::Area(i, field, n)));
        } else {
            out.push(Row::Field(i, field));
        }
        if i == form.focus()
            && let FieldKind::Choice(combo) = &field.kind
            && (combo.open || combo.shows_itself())
        {
            options(&mut out, combo, &indent);
        }
        if let Some(problem) = &field.problem {
            for text in wrap(problem.as_str(), room) {
                out.push(Row::Problem(
                    Line::of(Role::Text, indent.clone()).add(Role::Error, text),
                ));
            }
        } else if !field.remark.as_str().is_empty() {
            for text in wrap(field.remark.as_str(), room) {
                out.push(Row::Problem(Line::of(Role::Text, indent.clone()).add(Role::Warn, text)));
            }
        }
    }
    out.push(Row::Submit);
    out
}

fn options(out: &mut Vec<Row<'_>>, combo: &Combo, indent: &str) {
    let found = combo.found();
    let top = (combo.row + 1).saturating_sub(LIST_ROWS);
    for (i, choice) in found.iter().enumerate().skip(top).take(LIST_ROWS) {
        let line = Line::of(Role::Text, indent.to_owned())
            .add(Role::Strong, &choice.title)
            .add(Role::Text, "  ")
            .add(Role::Muted, &choice.detail);
        out.push(Row::Option(line, combo.open && i == combo.row));
    }
    if found.is_empty() {
        let words = if combo.options.is_empty() {
            "nothing to choose from yet"
        } else {
            "no row fits; Backspace widens the search"
        };
        out.push(Row::Problem(
            Line::of(Role::Text, indent.to_owned()).add(Role::Warn, words),
        ));
    } else if found.len() > LIST_ROWS {
        let more = format!("{indent}{} of {}", combo.row + 1, found.len());
        out.push(Row::Problem(Line::of(Role::Muted, more)));
    }
}

fn draw_row(pen: &mut Pen<'_>, row: Rect, form: &Form, label: u16, what: &Row<'_>) {
    match what {
        Row::Field(i, field) => draw_field(pen, row, field, label, *i == form.focus()),
        Row::Option(line, selected) => {
            pen.line(row, line);
            if *selected {
                let bar = Rect {
                    x: row.x + label.min(row.width),
                    width: row.width.saturating_sub(label),
                    ..row
                };
                pen.select(bar, true);
            }
        }
        Row::Problem(line) => pen.line(row, line),
        Row::Area(i, field, n) => draw_area_row(pen, row, field, label, *i == form.focus(), *n),
        Row::Submit => {
            let on = form.focus() >= form.fields.len();
            let words = if form.busy {
                "waiting for the engine"
            } else {
                form.submit
            };
            let x = row.x + label.min(row.width);
            let at = Rect {
                x,
                width: row.right().saturating_sub(x),
                ..row
            };
            let role = if on { Role::Key } else { Role::Muted };
            let line = Line::of(role, "( ").add(role, words).add(role, " )");
            let width = cells(line.width());
            pen.line(at, &line);
            if on {
                pen.select(
                    Rect {
                        width: width.min(at.width),
                        ..at
                    },
                    true,
                );
            }
        }
    }
}

fn draw_label(pen: &mut Pen<'_>, row: Rect, field: &Field, label: u16, on: bool) {
    let cursor = if on { pen.theme.glyphs.cursor() } else { " " };
    let role = if on { Role::Key } else { Role::Muted };
    pen.line(
        Rect {
            width: label.min(row.width),
            ..row
        },
        &Line::of(Role::Key, cursor).add(role, &field.label),
    );
}

fn draw_field(pen: &mut Pen<'_>, row: Rect, field: &Field, label: u16, on: bool) {
    draw_label(pen, row, field, label, on);
    let at = Rect {
        x: row.x + label.min(row.width),
        width: row.width.saturating_sub(label),
        ..row
    };
    let text_role = if field.locked { Role::Muted } else { Role::Text };
    match &field.kind {
        FieldKind::Note(text) => pen.line(at, &Line::of(Role::Muted, text)),
        FieldKind::Flag(yes) => pen.line(at, &Line::of(text_role, if *yes { "[x]" } else { "[ ]" })),
        FieldKind::Choice(combo) if on && (combo.open || combo.is_typed()) => draw_edit(pen, at, "", &combo.query),
        FieldKind::Choice(combo) if combo.is_typed() => {
            pen.line(at, &Line::of(Role::Error, combo.query.text().to_owned()));
        }
        FieldKind::Choice(combo) => {
            let line = combo.choice().map_or_else(
                || {
                    Line::of(
                        Role::Muted,
                        if field.locked {
                            "-"
                        } else {
                            "type to choose, Space lists"
                        },
                    )
                },
                |c| {
                    Line::of(text_role, &c.title)
                        .add(Role::Text, "  ")
                        .add(Role::Muted, &c.detail)
                },
            );
            pen.line(at, &line);
        }
        FieldKind::Money { line, currency } => {
            let code = currency.map_or("", crate::engine::model::money::Currency::code);
            if on {
                draw_edit(pen, at, code, line);
            } else {
                pen.line(
                    at,
                    &Line::of(Role::Muted, code).add(text_role, format!(" {}", line.text())),
                );
            }
        }
        FieldKind::Text(line) | FieldKind::Date(line) => {
            if on {
                draw_edit(pen, at, "", line);
            } else {
                pen.line(at, &Line::of(text_role, line.text().to_owned()));
            }
        }
        FieldKind::Area(_) => {}
    }
    if on && matches!(field.kind, FieldKind::Flag(_)) {
        pen.set_cursor(at.x, at.y);
    }
}

/// A line being edited, with the terminal's cursor in it.
pub fn draw_edit(pen: &mut Pen<'_>, area: Rect, prefix: &'static str, line: &super::line::LineEdit) {
    let gap = if prefix.is_empty() { 0 } else { cells(prefix.len()) + 1 };
    pen.line(area, &Line::of(Role::Muted, prefix));
    let x = area.x + gap.min(area.width);
    let width = area.right().saturating_sub(x);
    let (visible, column) = line.window(usize::from(width));
    pen.words(x, area.y, width, Role::Text, &Words::from(visible.to_owned()));
    pen.set_cursor(x + cells(column), area.y);
}

fn draw_area_row(pen: &mut Pen<'_>, row: Rect, field: &Field, label: u16, on: bool, n: u16) {
    if n == 0 {
        draw_label(pen, row, field, label, on);
    }
    let FieldKind::Area(area) = &field.kind else { return };
    let cursor = area.cursor();
    let top = if on {
        (cursor.0 + 1).saturating_sub(usize::from(AREA_ROWS))
    } else {
        0
    };
    let x = row.x + label.min(row.width);
    let width = row.right().saturating_sub(x);
    let at = top + usize::from(n);
    if let Some(text) = area.lines().get(at) {
        pen.words(x, row.y, width, Role::Text, &Words::from(text));
    }
    if on && at == cursor.0 {
        let before: String = area
            .lines()
            .get(at)
            .map(|l| l.chars().take(cursor.1).collect())
            .unwrap_or_default();
        pen.set_cursor(x + cells(crate::tui::ui::pen::width(&before)), row.y);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, backend::TestBackend};

    use super::*;
    use crate::{
        engine::model::sanitise::sanitise,
        tui::{
            form::Choice,
            theme::{Depth, Theme, ThemeName},
        },
    };

    fn drawn(form: &Form, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(60, height)).unwrap();
        let theme = Theme::new(ThemeName::House, Depth::Mono, false, true);
        terminal
            .draw(|frame| {
                let area = frame.area();
                draw(&mut Pen::new(frame.buffer_mut(), &theme), area, form);
            })
            .unwrap();
        terminal.backend().to_string()
    }

    fn form() -> Form {
        let fields = (0..12).map(|n| Field::text(&format!("f{n}"), &format!("Field {n}"), 40, ""));
        let mut form = Form::new("", "Save", fields.collect());
        let rows = (0..5).map(|n| Choice::new(n.to_string(), &format!("row {n}"), ""));
        form.fields.push(Field::choice("rows", "Rows", rows.collect(), None));
        form
    }

    #[rstest::rstest]
    #[case(8)]
    #[case(12)]
    #[case(20)]
    fn what_is_said_about_the_focused_field_is_whole(#[case] height: u16) {
        for n in 0..12 {
            let mut form = form();
            let key = format!("f{n}");
            form.field_mut(&key).unwrap().problem = Some(sanitise(
                "this is said in so many words that it needs a second line, its END",
            ));
            form.focus_on(&key);
            let text = drawn(&form, height);
            assert!(
                text.contains(&format!("Field {n}")) && text.contains("END"),
                "{n}\n{text}"
            );
        }
    }

    #[test]
    fn a_short_list_shows_itself_where_nothing_is_chosen() {
        let mut form = form();
        form.focus_on("rows");
        let text = drawn(&form, 14);
        assert!(text.contains("row 0") && text.contains("row 4"), "{text}");
        form.field_mut("rows").unwrap().set("3");
        assert!(!drawn(&form, 14).contains("row 0"));
    }
}
