//! How overlays look. All stand in the middle of the body and take it whole on small terminals.

use ratatui::layout::Rect;

use super::{Finder, FormFor, Overlay, Picker, Prompt, Viewer};
use crate::tui::{
    app::{
        Model, complete, draft,
        gate::{self, Intent},
        people,
    },
    bulk::report,
    command::{Cmd, Danger, finder},
    form::{self, Choice},
    payload, screens,
    theme::Role,
    ui::{
        cells,
        layout::{centred, inner, padded, split_left, split_top},
        pen::{Pen, rows, width},
        text::{Line, cut, left, wrap},
        when,
    },
};

/// Draws one overlay over the body.
pub fn draw(pen: &mut Pen<'_>, body: Rect, model: &Model, overlay: &Overlay) {
    match overlay {
        Overlay::Confirm(c) => question(pen, body, model, &Asked::of(&c.intent), None),
        Overlay::Typed(t) => question(pen, body, model, &Asked::of(&t.intent), Some(t)),
        Overlay::Prompt(p) => prompt(pen, body, p),
        Overlay::Picker(p) => picker(pen, body, p),
        Overlay::Finder(f) => find(pen, body, model, f),
        Overlay::Viewer(v) => viewer(pen, body, v),
        Overlay::Report => report::draw(pen, body, model),
        Overlay::Payload(editor) => payload::view::draw(pen, body, model, editor),
        Overlay::Form(f) => {
            let height = cells(f.form.fields.len()).saturating_add(11);
            let area = screens::form_area(pen, body, model, &f.purpose).unwrap_or_else(|| centred(body, 84, height));
            // The payload's text stands beside its form.
            let area = match model.overlays.last() {
                Some(Overlay::Payload(_)) => beside(area, payload::view::area(body, model)),
                _ => area,
            };
            pen.clear(area);
            let mut title = Line::of(Role::Strong, " ")
                .add(Role::Strong, &f.form.title)
                .add(Role::Text, " ");
            let problems = f.form.problem_count();
            if problems > 0 {
                title.push(
                    Role::Error,
                    format!("{} {problems} to fix ", pen.theme.glyphs.problem()),
                );
            }
            if let FormFor::EditTicket { id, .. } = f.purpose {
                title.append(people::line(model, id));
            }
            if let Some(at) = f.keeping.at {
                let zone = &model.session.options.zone;
                title.push(Role::Muted, format!("draft saved {} ", when::second(at, zone)));
            }
            if !f.keeping.waiting.is_empty() {
                let n = f.keeping.waiting.len();
                title.push(Role::Warn, format!("{n} of its values have no place here "));
            }
            let inside = pen.pane(area, &title, true);
            let inside = padded(inside);
            if f.leaving.is_none() {
                form::view::draw(pen, inside, &f.form);
                return;
            }
            let (above, asked) = split_top(inside, inside.height.saturating_sub(2));
            form::view::draw(pen, above, &f.form);
            let ask = Line::of(Role::Strong, "Leave the form and drop what was typed?");
            let mut answer = Line::of(Role::Key, "y").add(Role::Text, " drops it   ");
            if draft::can_keep(model) {
                let key = model.keymap.key(Cmd::FormKeep);
                answer = answer.add(Role::Key, key).add(Role::Text, " keeps it as a draft   ");
            }
            let answer = answer.add(Role::Key, "n").add(Role::Text, " goes on writing");
            pen.lines(asked, &[ask, answer]);
            pen.set_cursor(asked.x, asked.y);
        }
    }
}

/// What is left of an area at the left of another.
fn beside(area: Rect, other: Rect) -> Rect {
    if other.x <= area.x {
        return area;
    }
    Rect {
        width: area.width.min(other.x - area.x),
        ..area
    }
}

/// The words of a question.
struct Asked {
    question: String,
    text: Vec<String>,
    /// What `y` does.
    yes: &'static str,
    /// What `n` does.
    no: &'static str,
}

impl Asked {
    fn of(intent: &Intent) -> Self {
        Self {
            question: intent.question.clone(),
            text: intent.consequences.clone(),
            yes: " does it   ",
            no: " leaves everything as it is",
        }
    }
}

fn question(pen: &mut Pen<'_>, body: Rect, model: &Model, asked: &Asked, typed: Option<&super::Typed>) {
    let area_width = 72.min(body.width);
    let text_width = usize::from(area_width.saturating_sub(4));
    let mut lines: Vec<Line> = wrap(&asked.question, text_width)
        .into_iter()
        .map(|t| Line::of(Role::Strong, t))
        .collect();
    for text in &asked.text {
        lines.extend(wrap(text, text_width).into_iter().map(|t| Line::of(Role::Text, t)));
    }
    lines.push(Line::new());
    let rows_needed = cells(lines.len()).saturating_add(4);
    let area = centred(body, area_width, rows_needed);
    pen.clear(area);
    let (env_role, env) = environment(model);
    let title = Line::of(Role::Strong, " Sure? ")
        .add(env_role, env)
        .add(Role::Text, " ");
    let inside = padded(pen.pane(area, &title, true));
    let (text, answer) = split_top(inside, inside.height.saturating_sub(2));
    pen.lines(text, &lines);
    match typed {
        None => {
            let line = Line::of(Role::Key, "y")
                .add(Role::Text, asked.yes)
                .add(Role::Key, "n")
                .add(Role::Text, asked.no);
            pen.line(answer, &line);
            pen.set_cursor(answer.x, answer.y);
            if model.hurried {
                let (_, below) = split_top(answer, 1);
                pen.line(below, &Line::of(Role::Warn, "too fast to be an answer: press it again"));
            }
        }
        Some(typed) => {
            let ask = Line::of(Role::Text, "Type ")
                .add(Role::Key, typed.intent.word.clone())
                .add(Role::Text, " and Enter to do it: ");
            let used = cells(ask.width());
            let (asked, field) = split_left(answer, used);
            pen.line(asked, &ask);
            form::view::draw_edit(pen, Rect { height: 1, ..field }, "", &typed.line);
            let (_, below) = split_top(answer, 1);
            if model.hurried {
                pen.line(below, &Line::of(Role::Warn, "too fast to be an answer: type it again"));
            } else if typed.wrong {
                pen.line(
                    below,
                    &Line::of(Role::Error, "that is another word; Esc leaves everything as it is"),
                );
            } else {
                pen.line(below, &Line::of(Role::Muted, "Esc leaves everything as it is"));
            }
        }
    }
}

/// The environment as a word and a colour: PROD never looks like anything else.
pub fn environment(model: &Model) -> (Role, String) {
    let word = model.session.environment().to_uppercase();
    let role = if model.session.is_simulated() {
        Role::Ok
    } else {
        Role::Alarm
    };
    (role, format!(" {word} "))
}

fn prompt(pen: &mut Pen<'_>, body: Rect, prompt: &Prompt) {
    let height = prompt.rows(body.width).min(body.height);
    let area = Rect {
        y: body.bottom().saturating_sub(height),
        height,
        ..body
    };
    pen.clear(area);
    let title = Line::of(Role::Strong, " ")
        .add(Role::Strong, &prompt.title)
        .add(Role::Text, " ");
    let inside = padded(pen.pane(area, &title, true));
    let (line, below) = split_top(inside, 1);
    pen.lines(below, &prompt.below(usize::from(below.width)));
    form::view::draw_edit(pen, line, "", &prompt.line);
}

fn picker(pen: &mut Pen<'_>, body: Rect, picker: &Picker) {
    let found = picker.found();
    let area = centred(
        body,
        80,
        cells(picker.options.len().max(1)).saturating_add(4).min(body.height),
    );
    pen.clear(area);
    let title = Line::of(Role::Strong, " ")
        .add(Role::Strong, &picker.title)
        .add(Role::Text, " ");
    let inside = padded(pen.pane(area, &title, true));
    let (list, query) = split_top(inside, inside.height.saturating_sub(1));
    let page = usize::from(list.height).max(1);
    let top = (picker.row + 1).saturating_sub(page);
    let key_width = found
        .iter()
        .map(|(c, _)| width(c.title.as_str()))
        .max()
        .unwrap_or(0)
        .min(40)
        + 2;
    for (i, (row, (choice, refused))) in rows(list).zip(found.iter().skip(top)).enumerate() {
        let role = if *refused { Role::Muted } else { Role::Text };
        let title = left(choice.title.as_str(), key_width, pen.theme.glyphs.cut());
        pen.line(row, &Line::of(role, title).add(Role::Muted, &choice.detail));
        if top + i == picker.row {
            pen.select(row, true);
        }
    }
    if found.is_empty() {
        pen.line(list, &Line::of(Role::Warn, "nothing fits; Backspace widens the search"));
    }
    let (label, field) = split_left(query, 2);
    pen.line(label, &Line::of(Role::Key, "/"));
    form::view::draw_edit(pen, field, "", &picker.query);
}

fn find(pen: &mut Pen<'_>, body: Rect, model: &Model, over: &Finder) {
    let area = centred(body, 110, body.height.saturating_sub(2).max(6));
    pen.clear(area);
    let found = over.found();
    let title = Line::of(Role::Strong, " ")
        .add(Role::Strong, over.title.clone())
        .add(Role::Muted, format!(" {} ", found.len()));
    let inside = padded(pen.pane(area, &title, true));
    let (line, list) = split_top(inside, 1);
    if let Some((record, typed)) = finder::argument(over.line.text()) {
        words_after(pen, list, &complete::rows(model, record, typed), over.row);
        let (label, field) = split_left(line, 2);
        pen.line(label, &Line::of(Role::Key, ":"));
        form::view::draw_edit(pen, field, "", &over.line);
        return;
    }
    let (list, foot) = split_top(list, list.height.saturating_sub(1));
    let (label, field) = split_left(line, 2);
    pen.line(label, &Line::of(Role::Key, ":"));
    let page = usize::from(list.height).max(1);
    let top = (over.row + 1).saturating_sub(page);
    let mark = pen.theme.glyphs.cut();
    for (i, (row, (cmd, key))) in rows(list).zip(found.iter().skip(top)).enumerate() {
        let record = cmd.record();
        let reason = gate::refusal(model, *cmd);
        let wide = row.width >= 90;
        let mut words = Line::of(Role::Key, left(key, 10, mark));
        let title_role = if reason.is_some() { Role::Muted } else { Role::Text };
        words.push(title_role, left(record.title, 24, mark));
        if wide {
            words.push(Role::Muted, left(record.id, 20, mark));
        }
        let danger = match record.danger {
            Danger::None | Danger::Undoable => "",
            Danger::Hard => "asks  ",
            Danger::Outward if model.session.is_simulated() => "asks  ",
            Danger::Outward => "asks for its number  ",
        };
        words.push(Role::Warn, danger);
        let room = usize::from(row.width).saturating_sub(words.width());
        match reason {
            Some(reason) => words.push(Role::Warn, cut(&reason, room, mark)),
            None => words.push(Role::Muted, cut(record.doc, room, mark)),
        }
        pen.line(row, &words);
        if top + i == over.row {
            pen.select(row, true);
        }
    }
    if found.is_empty() {
        pen.line(
            list,
            &Line::of(Role::Warn, "no command fits; Backspace widens the search"),
        );
    }
    if let Some((cmd, _)) = found.get(over.row) {
        pen.line(foot, &twin(model, *cmd));
    }
    form::view::draw_edit(pen, field, "", &over.line);
}

/// The same from a shell, for the selected ticket.
fn twin(model: &Model, cmd: Cmd) -> Line {
    let Some(cli) = cmd.record().cli else {
        return Line::new();
    };
    let no = screens::selected_card(model).map(|c| c.no.to_string());
    let cli = no.map_or_else(|| cli.to_owned(), |no| cli.replace("<no>", &no));
    Line::of(Role::Muted, "in a shell: ").add(Role::Text, format!("omnitraffick {cli}"))
}

/// What may follow a command.
fn words_after(pen: &mut Pen<'_>, list: Rect, all: &[Choice], at: usize) {
    let page = usize::from(list.height).max(1);
    let top = (at + 1).saturating_sub(page);
    let mark = pen.theme.glyphs.cut();
    for (i, (row, choice)) in rows(list).zip(all.iter().skip(top)).enumerate() {
        let title = left(choice.title.as_str(), 34, mark);
        pen.line(row, &Line::of(Role::Text, title).add(Role::Muted, &choice.detail));
        if top + i == at {
            pen.select(row, true);
        }
    }
    if all.is_empty() {
        pen.line(
            list,
            &Line::of(Role::Muted, "nothing known starts so; Enter takes the line as it is"),
        );
    }
}

/// Where a long text stands.
pub fn viewer_area(body: Rect) -> Rect {
    centred(body, 110, body.height)
}

fn viewer(pen: &mut Pen<'_>, body: Rect, viewer: &Viewer) {
    let whole = viewer_area(body);
    let lines = viewer.wrapped(usize::from(padded(inner(whole)).width));
    let area = centred(body, whole.width, cells(lines.len()).saturating_add(2).max(6));
    pen.clear(area);
    let title = Line::of(Role::Strong, " ")
        .add(Role::Strong, &viewer.title)
        .add(Role::Text, " ");
    let inside = padded(pen.pane(area, &title, true));
    let page = usize::from(inside.height);
    let top = viewer.top.min(lines.len().saturating_sub(page));
    pen.lines(inside, lines.iter().skip(top));
    if lines.len() > page {
        let foot = format!(" {}-{} of {} ", top + 1, (top + page).min(lines.len()), lines.len());
        pen.pane_foot(area, &Line::of(Role::Muted, foot));
    }
    pen.set_cursor(inside.x, inside.y);
}
