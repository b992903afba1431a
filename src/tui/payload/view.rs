//! How the payload's text looks: beside the form where there is room, in its place where there is not.

use ratatui::layout::Rect;

use super::{Editor, json, offers};
use crate::{
    engine::model::ticket::Severity,
    tui::{
        app::Model,
        overlay::{FormFor, Overlay},
        screens::detail,
        theme::Role,
        ui::{
            cells,
            layout::{padded, panes, split_left, split_top},
            pen::{Pen, rows, width},
            text::{Line, Words, head, tail, wrap},
        },
    },
};

/// Columns of line number and mark.
const GUTTER: u16 = 6;
/// Columns of what is said about the field, where it stands beside the text.
const STRIP: u16 = 36;
/// Narrower than this, it stands below the text.
const BESIDE: u16 = 84;
/// Rows of it there.
const BELOW: u16 = 9;

/// Where the text stands in a body; the rest is the form's.
pub fn area(body: Rect, model: &Model) -> Rect {
    if panes(model.size.width) == 1 {
        return body;
    }
    let most = body.width * 2 / 5;
    let edits = |o: &Overlay| matches!(o, Overlay::Form(f) if matches!(f.purpose, FormFor::EditTicket { .. }));
    let form = if model.overlays.iter().any(edits) {
        detail::view::edit_area(model).width.min(most)
    } else {
        most
    };
    split_left(body, form).1
}

/// Draws the text over its part of the body.
pub fn draw(pen: &mut Pen<'_>, body: Rect, model: &Model, editor: &Editor) {
    if editor.shows_form {
        return;
    }
    let area = area(body, model);
    pen.clear(area);
    let inside = padded(pen.pane(area, &title(pen, editor), true));
    pen.pane_foot(area, &foot(editor));
    let (text, strip) = if inside.width >= BESIDE {
        split_left(inside, inside.width - STRIP - 2)
    } else {
        split_top(inside, inside.height.saturating_sub(BELOW.min(inside.height / 2)))
    };
    let strip = if strip.y == text.y {
        Rect {
            x: strip.x + 2,
            width: strip.width.saturating_sub(2),
            ..strip
        }
    } else {
        pen.divider(Rect { height: 1, ..strip }, Role::Muted);
        split_top(strip, 1).1
    };
    let cursor = editor.area.cursor();
    let read = json::read(editor.area.lines(), Some((cursor.0, cursor.1)));
    draw_strip(pen, strip, model, editor, &read);
    draw_text(pen, text, editor, &read.places);
}

fn title(pen: &Pen<'_>, editor: &Editor) -> Line {
    let mut line = Line::of(Role::Strong, " Payload, JSON: ").add(Role::Strong, &editor.title);
    let errors = editor.findings.iter().filter(|f| f.severity == Severity::Error).count();
    let to_fix = errors + usize::from(editor.problem.is_some());
    if to_fix > 0 {
        line.push(Role::Error, format!(" {} {to_fix} to fix", pen.theme.glyphs.problem()));
    } else if editor.unjudged {
        line.push(Role::Muted, " QA looks at it");
    } else if editor.findings.is_empty() {
        line.push(Role::Ok, " QA finds nothing");
    }
    line.add(Role::Text, " ")
}

fn foot(editor: &Editor) -> Line {
    let cursor = editor.area.cursor();
    let changed = if editor.text() == editor.start { "" } else { "changed  " };
    Line::of(
        Role::Muted,
        format!(
            " {changed}line {} of {}, column {} ",
            cursor.0 + 1,
            editor.area.lines().len(),
            cursor.1 + 1
        ),
    )
}

fn draw_text(pen: &mut Pen<'_>, area: Rect, editor: &Editor, places: &[json::Place]) {
    let cursor = editor.area.cursor();
    let page = usize::from(area.height);
    // A third of the page stays in view below the cursor.
    let top = (cursor.0 + 1).saturating_sub(page.saturating_sub(page / 3).max(1));
    let top = top.min(editor.area.lines().len().saturating_sub(page));
    let room = usize::from(area.width.saturating_sub(GUTTER));
    let before = |line: &str| -> String { line.chars().take(cursor.1).collect() };
    let marks: Vec<(usize, Severity)> = editor
        .findings
        .iter()
        .map(|f| (json::line_of(places, f.field.as_str()), f.severity))
        .chain(editor.problem.iter().map(|(line, _)| (*line, Severity::Error)))
        .collect();
    for (row, (n, line)) in rows(area).zip(editor.area.lines().iter().enumerate().skip(top)) {
        let worst = marks.iter().filter(|(at, _)| *at == n).map(|(_, s)| *s).max();
        let role = match worst {
            Some(Severity::Error) => Role::Error,
            Some(Severity::Warning) => Role::Warn,
            None => Role::Muted,
        };
        let mark = if worst.is_some() {
            pen.theme.glyphs.problem()
        } else {
            " "
        };
        pen.line(row, &Line::of(role, format!("{:>3} ", n + 1)).add(role, mark));
        let at = Rect {
            x: row.x + GUTTER.min(row.width),
            width: row.width.saturating_sub(GUTTER),
            ..row
        };
        // The line of the cursor is moved so far that it stands in view.
        let used = if n == cursor.0 { width(&before(line)) } else { 0 };
        let hidden = (used + 1).saturating_sub(room);
        let shown = if hidden > 0 {
            let all = width(line);
            tail(line, all.saturating_sub(hidden))
        } else {
            line.as_str()
        };
        pen.words(
            at.x,
            at.y,
            at.width,
            Role::Text,
            &Words::from(head(shown, room).to_owned()),
        );
        if n == cursor.0 {
            let x = at.x + cells(used.saturating_sub(hidden)).min(at.width.saturating_sub(1));
            pen.set_cursor(x, at.y);
        }
    }
}

/// What may be written here, what is wrong here, and what the platform says of the field.
fn draw_strip(pen: &mut Pen<'_>, area: Rect, model: &Model, editor: &Editor, read: &json::Read) {
    let room = usize::from(area.width).max(1);
    let mut lines: Vec<Line> = Vec::new();
    let mut say = |role: Role, text: &str| lines.extend(wrap(text, room).into_iter().map(|t| Line::of(role, t)));
    let row = editor.area.cursor().0;
    if let Some((_, words)) = &editor.problem {
        say(Role::Error, words.as_str());
    }
    for finding in editor
        .findings
        .iter()
        .filter(|f| json::line_of(&read.places, f.field.as_str()) == row)
    {
        let role = match finding.severity {
            Severity::Error => Role::Error,
            Severity::Warning => Role::Warn,
        };
        say(role, &format!("{} ({})", finding.message, finding.remedy));
    }
    let mut offered = None;
    if let Some(all) = &editor.offers {
        let page = usize::from(area.height).saturating_sub(lines.len() + 6).max(2);
        let top = (all.row + 1).saturating_sub(page);
        for (i, offer) in all.rows.iter().enumerate().skip(top).take(page) {
            if i == all.row {
                offered = Some(lines.len());
            }
            lines.push(
                Line::of(Role::Strong, offer.title.clone())
                    .add(Role::Text, "  ")
                    .add(Role::Muted, offer.detail.clone()),
            );
        }
        lines.push(Line::of(
            Role::Muted,
            format!("{} of {}; Tab takes it", all.row + 1, all.rows.len()),
        ));
    }
    lines.extend(about(model, editor, read, room));
    for (n, (row, line)) in rows(area).zip(&lines).enumerate() {
        pen.line(row, line);
        if offered == Some(n) {
            pen.select(row, true);
        }
    }
}

fn about(model: &Model, editor: &Editor, read: &json::Read, room: usize) -> Vec<Line> {
    let catalogue = match editor.ticket {
        Some(_) => model.screens.facts.fields_of(editor.platform),
        None => model.screens.compose.catalogue.as_ref().map(|(_, c)| c),
    };
    let (Some(catalogue), Some(spot)) = (catalogue, &read.spot) else {
        return Vec::new();
    };
    let mut path = spot.path.clone();
    if spot.part == json::Part::Name
        && let Some(offer) = editor.offers.as_ref().and_then(|o| o.rows.get(o.row))
    {
        path.push(offer.title.clone());
    } else if spot.part == json::Part::Name && !spot.word.is_empty() {
        path.push(spot.word.clone());
    }
    let mut lines = Vec::new();
    let mut say = |role: Role, text: &str| lines.extend(wrap(text, room).into_iter().map(|t| Line::of(role, t)));
    match offers::field(catalogue, &path) {
        Some((object, spec)) => {
            say(Role::Strong, &format!("{} ({})", spec.title, object.word));
            say(
                Role::Muted,
                &format!("{}; {}", offers::shape(spec), offers::wanted(spec)),
            );
            say(Role::Text, &spec.help);
            if !spec.values.is_empty() {
                say(Role::Muted, &spec.values.join(", "));
            }
        }
        None => {
            if let Some(object) = path.first().and_then(|s| catalogue.section(s)) {
                say(
                    Role::Muted,
                    &format!("{}: fields of the {}", object.section, object.word),
                );
            } else {
                let all: Vec<&str> = catalogue.objects.iter().map(|o| o.section.as_str()).collect();
                say(Role::Muted, &format!("sections: {}", all.join(", ")));
            }
        }
    }
    lines
}
