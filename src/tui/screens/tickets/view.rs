//! How the ticket table looks. Columns go by rank as the terminal gets narrower; numbers and ids are never cut.

use ratatui::layout::Rect;

use super::{
    columns::{Column, fitting},
    model::geometry,
    update::sort_word,
    views,
};
use crate::{
    engine::{
        api::card::Card,
        model::money::{Budget, BudgetKind},
    },
    tui::{
        app::{Model, people},
        screens::{self, board::view as board},
        theme::{Glyphs, Role},
        ui::{
            grouped,
            layout::{inner, padded, split_top},
            pen::{Pen, rows},
            text::{Line, cut_name, left, right, wrap},
            when,
        },
    },
};

/// Draws the table and the glance.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let tickets = &model.screens.tickets;
    let place = geometry(area);
    pen.pane(place.table, &title(model), true);
    let inside = inner(place.table);
    let (head, body) = split_top(inside, 1);
    let columns = fitting(usize::from(inside.width.saturating_sub(2)), &tickets.hidden);
    let mut heading = Line::of(Role::Text, "  ");
    for (column, name, width) in &columns {
        let text = if *column == Column::Budget {
            right(name, *width, "")
        } else {
            left(name, *width, "")
        };
        heading.push(Role::Muted, text);
        heading.push(Role::Text, " ");
    }
    pen.line(head, &heading);
    let cards = tickets.rows();
    let top = tickets.pick.top_for(place.page, cards.len());
    for (row, card) in rows(body).zip(cards.iter().skip(top)) {
        let selected = tickets.pick.id() == Some(card.id);
        draw_row(pen, row, model, card, &columns, selected);
    }
    if cards.is_empty() {
        let total = tickets.slot.get().map_or(0, |r| r.total);
        let words = match (tickets.slot.get(), total) {
            (None, _) => "asking the engine".to_owned(),
            (Some(_), 0) => "No tickets here yet.".to_owned(),
            (Some(_), total) => format!(
                "No ticket fits \"{}\"; without it there are {}. Esc clears it.",
                tickets.filter.as_str(),
                grouped(total)
            ),
        };
        screens::draw_empty(pen, body, model, &words);
    }
    pen.pane_foot(place.table, &foot(pen, model));
    if !place.glance.is_empty() {
        glance(pen, place.glance, model);
    }
}

fn title(model: &Model) -> Line {
    let tickets = &model.screens.tickets;
    let mut line = Line::of(Role::Strong, " Tickets ");
    if !tickets.filter.is_empty() {
        line.push(Role::Muted, " filter: ");
        line.push(Role::Accent, tickets.filter.as_str().to_owned());
        line.push(Role::Text, " ");
    }
    if let Some(found) = tickets.slot.get() {
        let of = if found.matching == found.total {
            String::new()
        } else {
            format!(" of {}", grouped(found.total))
        };
        line.push(Role::Text, format!(" {}{of} ", grouped(found.matching)));
    }
    line.push(Role::Muted, " sort: ");
    line.push(Role::Text, sort_word(tickets.sort));
    if tickets.reverse {
        line.push(Role::Text, " reversed");
    }
    if let Some(view) = views::present(model) {
        line.push(Role::Muted, "  view: ");
        line.push(Role::Accent, view.name.clone());
    }
    line.push(Role::Text, " ");
    line
}

fn foot(pen: &Pen<'_>, model: &Model) -> Line {
    let tickets = &model.screens.tickets;
    let mut line = screens::loading_mark(pen, model);
    if screens::failure(model).is_some() {
        line.push(Role::Error, " old rows; r tries again ");
    }
    line.append(screens::news(model));
    if let Some(found) = tickets.slot.get().filter(|f| f.matching > 0) {
        let at = found.first + tickets.pick.index() as u64 + 1;
        line.push(
            Role::Muted,
            format!(" row {}/{} ", grouped(at), grouped(found.matching)),
        );
    }
    line
}

fn draw_row(
    pen: &mut Pen<'_>,
    row: Rect,
    model: &Model,
    card: &Card,
    columns: &[(Column, &'static str, usize)],
    selected: bool,
) {
    let glyphs = pen.theme.glyphs;
    let cursor = if selected { glyphs.cursor() } else { " " };
    let mark = if model.marks.has(card.no) { "*" } else { " " };
    let mut line = Line::of(Role::Key, cursor).add(Role::Accent, mark);
    for (column, _, width) in columns {
        cell(&mut line, model, card, *column, *width, glyphs);
        line.push(Role::Text, " ");
    }
    pen.line(row, &line);
    if model.pulses.has(card.no) {
        pen.pulse(row);
    }
    if selected {
        pen.select(row, true);
    }
}

fn cell(line: &mut Line, model: &Model, card: &Card, column: Column, width: usize, glyphs: Glyphs) {
    let mark = glyphs.cut();
    match column {
        Column::Number => {
            // Whether somebody is there stands in the last cell, which only numbers beyond a hundred thousand need; the
            // glance says who it is.
            let no = card.no.to_string();
            let here = model.people.anybody(card.id).filter(|_| no.len() < width);
            let room = width - usize::from(here.is_some());
            line.push(Role::Strong, left(&no, room, mark));
            match here {
                Some(true) => line.push(Role::Warn, "e"),
                Some(false) => line.push(Role::Accent, "@"),
                None => {}
            }
        }
        Column::Status => {
            let role = Role::of_status(card.status);
            line.push(role, format!("{} ", glyphs.status(card.status)));
            line.push(role, left(board::word(card.status), width.saturating_sub(2), mark));
        }
        Column::Platform => line.push(Role::Text, left(card.platform.as_str(), width, mark)),
        Column::Market => line.push(Role::Text, left(&card.market, width, mark)),
        Column::Brand => line.push(Role::Text, left(&card.brand, width, mark)),
        Column::Name => line.push(Role::Text, left(&cut_name(&card.name, width), width, mark)),
        Column::Budget => line.push(
            Role::Text,
            right(&card.budget.as_ref().map(budget).unwrap_or_default(), width, mark),
        ),
        Column::Findings => {
            let found = board::findings(card);
            let used = found.width();
            line.append(found);
            line.push(Role::Text, " ".repeat(width.saturating_sub(used)));
        }
        Column::Owner => line.push(Role::Text, left(&card.assignee, width, mark)),
        Column::Priority => line.push(Role::Text, left(card.priority.as_str(), width, mark)),
        Column::Account => line.push(Role::Text, left(card.account.as_str(), width, mark)),
        Column::Updated => line.push(
            Role::Muted,
            left(&when::ago(card.updated_at, model.stamp.now), width, mark),
        ),
    }
}

/// `EUR 1,200.00/day`.
pub fn budget(budget: &Budget) -> String {
    match budget.kind {
        BudgetKind::Daily => format!("{}/day", budget.money),
        BudgetKind::Lifetime => format!("{} all", budget.money),
    }
}

fn glance(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let Some(card) = model.screens.tickets.selected() else {
        pen.pane(area, &Line::of(Role::Muted, " nothing selected "), false);
        return;
    };
    let title = Line::of(Role::Strong, format!(" {} at a glance ", card.no)).add_line(people::line(model, card.id));
    let inside = padded(pen.pane(area, &title, false));
    let width = usize::from(inside.width);
    let glyphs = pen.theme.glyphs;
    let mut lines = vec![
        Line::of(Role::Strong, cut_name(&card.name, width)),
        Line::of(Role::of_status(card.status), glyphs.status(card.status))
            .add(Role::of_status(card.status), format!(" {}", board::word(card.status)))
            .add(
                Role::Muted,
                format!("  {} on {} {}", card.request, card.platform, card.account),
            ),
    ];
    if let Some(b) = &card.budget {
        lines.push(
            Line::of(Role::Muted, "budget ")
                .add(Role::Text, budget(b))
                .add(Role::Muted, format!("  priority {}", card.priority)),
        );
    }
    if card.errors + card.warnings > 0 {
        let rules = card.rules.join(", ");
        lines.push(board::findings(card).add(Role::Muted, format!("  {rules}")));
    }
    if let Some(failure) = &card.failure {
        lines.extend(wrap(failure, width).into_iter().map(|t| Line::of(Role::Error, t)));
    }
    if let Some(deploy) = &card.deploy {
        let line = Line::of(Role::of_step(deploy.state), glyphs.step(deploy.state))
            .add(
                Role::Text,
                format!(
                    " step {} of {}, {}  ",
                    deploy.step,
                    deploy.steps,
                    board::spaced(&deploy.word)
                ),
            )
            .add_line(board::why_short(&deploy.why, model));
        lines.push(line);
    }
    let zone = &model.session.options.zone;
    lines.push(Line::of(
        Role::Muted,
        format!(
            "updated {} by {}, v{}; w says why",
            when::recent(card.updated_at, model.stamp.now, zone),
            board::who(&card.updated_by),
            card.version
        ),
    ));
    pen.lines(inside, &lines);
}
