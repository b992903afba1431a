//! How the ticket detail looks.

use ratatui::layout::Rect;

use super::{
    model::{Detail, Side, Tab, text_rows, text_width},
    tabs::NOBODY,
    update::{form_rows, place, tab_lines},
};
use crate::{
    engine::{api::WhyLine, model::ticket::Severity},
    tui::{
        app::{Model, people},
        screens::{self, board::view::word},
        theme::Role,
        ui::{
            layout::{padded, panes, split_top},
            pen::{Pen, rows},
            select::Selection,
            text::{Line, cut_name, wrap},
            when,
        },
    },
};

/// Draws the ticket.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let detail = &model.screens.detail;
    if detail.view().is_none() {
        let inside = pen.pane(area, &Line::of(Role::Strong, " Ticket "), true);
        screens::draw_empty(pen, inside, model, "asking the engine");
        pen.pane_foot(area, &screens::loading_mark(pen, model));
        return;
    }
    let place = place(model);
    if !place.form.is_empty() {
        draw_form(pen, place.form, model);
    }
    if !place.tabs.is_empty() {
        draw_tab(pen, place.tabs, model, detail.tab, true);
    }
    if !place.beside.is_empty() {
        draw_tab(pen, place.beside, model, detail.tab.companion(), false);
    }
    if let Some(why) = detail.view().and_then(|v| v.why.as_ref()) {
        draw_why(pen, place.why, model, why);
    }
}

fn title(pen: &Pen<'_>, detail: &Detail, width: u16) -> Line {
    let Some(view) = detail.view() else { return Line::new() };
    let ticket = &view.ticket.value;
    let role = Role::of_status(ticket.status);
    let mut line = Line::of(Role::Strong, format!(" {} ", ticket.no))
        .add(role, pen.theme.glyphs.status(ticket.status))
        .add(role, format!(" {} ", word(ticket.status)))
        .add(Role::Muted, format!(" v{} ", view.ticket.version));
    let room = usize::from(width).saturating_sub(line.width() + 6);
    if room > 8 {
        line.push(Role::Strong, format!(" {} ", cut_name(&ticket.name, room)));
    }
    line
}

fn draw_form(pen: &mut Pen<'_>, pane: Rect, model: &Model) {
    let detail = &model.screens.detail;
    let focused = detail.side == Side::Form;
    let title = title(pen, detail, pane.width);
    let inside = padded(pen.pane(pane, &title, focused));
    let all = form_rows(model);
    let page = text_rows(pane);
    let top = detail.row.top_for(page, all.len());
    for (n, (row, what)) in rows(inside).zip(all.iter().skip(top)).enumerate() {
        let here = focused && top + n == detail.row.index();
        let cursor = if here { pen.theme.glyphs.cursor() } else { " " };
        pen.line(row, &Line::of(Role::Key, cursor).add_line(what.line.clone()));
        if here {
            pen.select(row, true);
        }
    }
    let mut foot = here(model);
    foot.append(screens::loading_mark(pen, model));
    if screens::failure(model).is_some() {
        foot.push(Role::Error, " old; r tries again ");
    }
    if all.len() > page {
        foot.push(Role::Muted, format!(" {}/{} ", detail.row.index() + 1, all.len()));
    }
    pen.pane_foot(pane, &foot);
}

/// Who else is at the ticket.
fn here(model: &Model) -> Line {
    let ticket = model.screens.detail.ticket;
    ticket.map_or_else(Line::new, |id| people::line(model, id))
}

fn tabs_title(detail: &Detail, width: u16) -> Line {
    let mut line = Line::of(Role::Text, " ");
    let found = detail.findings();
    let errors = found.iter().filter(|f| f.severity == Severity::Error).count();
    for (i, tab) in Tab::ALL.into_iter().enumerate() {
        if i > 0 {
            line.push(Role::Muted, if width < 48 { "|" } else { " | " });
        }
        let here = tab == detail.tab;
        line.push(if here { Role::Key } else { Role::Muted }, tab.title());
        if tab == Tab::Findings && !found.is_empty() {
            let role = if errors > 0 { Role::Error } else { Role::Warn };
            line.push(role, format!(" {}", found.len()));
        }
    }
    line.add(Role::Text, " ")
}

fn draw_tab(pen: &mut Pen<'_>, pane: Rect, model: &Model, tab: Tab, is_main: bool) {
    let detail = &model.screens.detail;
    let focused = is_main && detail.side == Side::Tabs;
    let mut title = if is_main {
        tabs_title(detail, pane.width)
    } else {
        Line::of(Role::Muted, format!(" {} ", tab.title()))
    };
    // Alone on the screen, the pane says whose it is.
    if is_main
        && panes(model.size.width) == 1
        && let Some(view) = detail.view()
    {
        let ticket = &view.ticket.value;
        let role = Role::of_status(ticket.status);
        title = Line::of(Role::Strong, format!(" {} ", ticket.no))
            .add(role, pen.theme.glyphs.status(ticket.status))
            .add(role, format!(" {} ", word(ticket.status)))
            .add_line(title);
    }
    let inside = padded(pen.pane(pane, &title, focused));
    let lines = tab_lines(model, tab, text_width(pane));
    let page = text_rows(pane);
    let whole = matches!(tab, Tab::Findings | Tab::History);
    let pick = detail.lines.get(tab as usize).filter(|_| is_main);
    let at = pick.map_or(0, Selection::index);
    let owner = lines
        .get(at)
        .map(|(n, _)| *n)
        .filter(|n| whole && focused && *n != NOBODY);
    let end = owner
        .and_then(|n| lines.iter().rposition(|(of, _)| *of == n))
        .unwrap_or(at);
    let top = match pick {
        // A whole finding is in view, from its first line if it is longer than the pane.
        Some(_) if owner.is_some() => (end + 1).saturating_sub(page).min(at),
        Some(p) => p.top_for(page, lines.len()),
        None => 0,
    };
    for (n, (row, (of, line))) in rows(inside).zip(lines.iter().skip(top)).enumerate() {
        let mine = owner == Some(*of);
        let here = focused && top + n == at;
        let mark = if here || mine { pen.theme.glyphs.cursor() } else { " " };
        pen.line(row, &Line::of(Role::Key, mark).add_line(line.clone()));
        if here {
            if whole {
                pen.set_cursor(row.x, row.y);
            } else {
                pen.select(row, true);
            }
        }
    }
    let alone = is_main && panes(model.size.width) == 1;
    let mut foot = if alone { here(model) } else { Line::new() };
    if lines.len() > page {
        let at = format!(" {}-{} of {} ", top + 1, (top + page).min(lines.len()), lines.len());
        foot.push(Role::Muted, at);
    }
    if foot.width() > 0 {
        pen.pane_foot(pane, &foot);
    }
}

/// Why it is where it is, what comes next, who must act.
fn draw_why(pen: &mut Pen<'_>, area: Rect, model: &Model, why: &WhyLine) {
    let (first, second) = split_top(area, 1);
    let text = wrap(
        &crate::tui::screens::why::words(why, model),
        usize::from(area.width).saturating_sub(6),
    );
    let head = text.first().cloned().unwrap_or_default();
    pen.line(first, &Line::of(Role::Accent, " why ").add(Role::Text, head));
    let mut line = Line::of(Role::Text, "     ");
    if let Some(at) = why.next_at.filter(|at| *at > model.stamp.now) {
        let words = format!(
            "next {} (in {})  ",
            when::second(at, &model.session.options.zone),
            when::until(at, model.stamp.now)
        );
        line.push(Role::Info, words);
    }
    if let Some(person) = &why.person {
        line.push(Role::Muted, format!("{person}: "));
    }
    if let Some(remedy) = &why.remedy {
        line.push(Role::Warn, remedy.clone());
    }
    pen.line(second, &line);
}

/// Where the edit form stands: over the form's pane, or over both where only one is shown.
pub fn edit_area(model: &Model) -> Rect {
    let place = place(model);
    if place.form.is_empty() { place.tabs } else { place.form }
}
