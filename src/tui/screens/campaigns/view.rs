//! How the campaigns screen looks.

use ratatui::layout::Rect;

use super::model::geometry;
use crate::{
    engine::{
        api::CampaignRow,
        model::{ticket::Status, time::Flight},
    },
    tui::{
        app::Model,
        screens::{self, board::view::word},
        theme::{Glyphs, Role},
        ui::{
            grouped,
            layout::{inner, padded},
            pen::{Pen, rows},
            table::{Column, Table},
            text::{Line, cut_name},
            when,
        },
    },
};

/// Statuses with a column of their own.
const STATUSES: [Status; 7] = [
    Status::Draft,
    Status::QaTesting,
    Status::QaFailed,
    Status::ReadyForApi,
    Status::Deploying,
    Status::TraffickedSuccess,
    Status::Failed,
];
/// The name keeps at least this.
const NAME_MIN: usize = 24;

fn columns(glyphs: Glyphs) -> Vec<Column> {
    let mut columns = vec![
        Column::words("Campaign", 0, 0),
        Column::words("Title", 22, 6),
        Column::words("Brand", 7, 5),
        Column::words("Market", 7, 4),
        Column::words("Year", 4, 7),
        Column::number("Budget", 17, 2),
    ];
    columns.extend(STATUSES.map(|s| Column::number(glyphs.status(s), 3, 0)));
    columns.push(Column::words("Flight", 16, 3));
    columns
}

/// Draws the table and the selected campaign.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let campaigns = &model.screens.campaigns;
    let g = model.screens.facts.governance.get();
    let (table_area, glance_area, page) = geometry(area);
    let all = campaigns.rows(g);
    let mut title = Line::of(Role::Strong, " Campaigns ");
    if !campaigns.find.as_str().is_empty() {
        title.push(Role::Accent, format!(" {} ", campaigns.find.as_str()));
    }
    title.push(Role::Text, format!(" {} ", grouped(all.len() as u64)));
    if let Some(g) = g.filter(|g| g.campaigns.len() != all.len()) {
        title.push(Role::Muted, format!("of {} ", grouped(g.campaigns.len() as u64)));
    }
    pen.pane(table_area, &title, true);
    let inside = inner(table_area);
    let table = Table::new(&columns(pen.theme.glyphs), inside.width, NAME_MIN);
    let body = table.heading(pen, inside);
    let top = campaigns.pick.top_for(page, all.len());
    for (at, row) in rows(body).zip(all.iter().skip(top)) {
        let selected = campaigns.pick.id() == Some(row.campaign.value.id);
        table.row(pen, at, &cells(row, table.width_of(0)), selected, true);
    }
    if all.is_empty() {
        let words = match g {
            None => "asking the engine",
            Some(_) if !campaigns.find.as_str().is_empty() => "No campaign fits. Esc clears the filter.",
            Some(g) if g.brands.is_empty() || g.markets.is_empty() => {
                "No campaigns yet. They are made of a brand and a market: 4 adds those first."
            }
            Some(_) => "No campaigns yet. a adds the first one.",
        };
        screens::draw_empty(pen, body, model, words);
    }
    let mut foot = screens::loading_mark(pen, model);
    if screens::failure(model).is_some() {
        foot.push(Role::Error, " old rows; r tries again ");
    }
    pen.pane_foot(table_area, &foot);
    if !glance_area.is_empty() {
        glance(pen, glance_area, model);
    }
}

fn count_of(row: &CampaignRow, status: Status) -> u64 {
    row.tickets.iter().filter(|(s, _)| *s == status).map(|(_, n)| *n).sum()
}

fn cells(row: &CampaignRow, name_width: usize) -> Vec<Line> {
    let c = &row.campaign.value;
    let name_role = if c.retired { Role::Muted } else { Role::Strong };
    let mut name = Line::of(name_role, cut_name(&row.name, name_width));
    if c.retired {
        name.push(Role::Warn, "  retired");
    }
    let mut cells = vec![
        name,
        Line::of(Role::Text, c.title.clone()),
        Line::of(Role::Text, row.brand.clone()),
        Line::of(Role::Text, row.market.clone()),
        Line::of(Role::Muted, c.year.to_string()),
        Line::of(Role::Text, c.budget.map(|b| b.to_string()).unwrap_or_default()),
    ];
    for status in STATUSES {
        let n = count_of(row, status);
        let role = if n == 0 { Role::Muted } else { Role::of_status(status) };
        cells.push(Line::of(role, if n == 0 { "0".to_owned() } else { n.to_string() }));
    }
    cells.push(Line::of(Role::Muted, c.flight.map(|f| flight(&f)).unwrap_or_default()));
    cells
}

/// `12-01 .. 12-24`, with years where they differ.
fn flight(flight: &Flight) -> String {
    let day = |d: crate::engine::model::time::Day| d.date().strftime("%m-%d").to_string();
    flight.end.map_or_else(
        || format!("{} ..", day(flight.start)),
        |end| format!("{} .. {}", day(flight.start), day(end)),
    )
}

fn glance(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let Some(row) = model.screens.selected_campaign() else {
        pen.pane(area, &Line::of(Role::Muted, " nothing selected "), false);
        return;
    };
    let c = &row.campaign.value;
    let title = Line::of(Role::Strong, format!(" {} ", row.name));
    let inside = padded(pen.pane(area, &title, false));
    let glyphs = pen.theme.glyphs;
    let mut head = Line::of(Role::Text, c.title.clone());
    if c.retired {
        head.push(Role::Warn, "  retired: takes no new tickets");
    }
    let mut facts = Line::of(Role::Muted, "budget ");
    facts.push(
        Role::Text,
        c.budget.map_or_else(|| "none".to_owned(), |b| b.to_string()),
    );
    facts.push(Role::Muted, "   flight ");
    let days = c.flight.map_or_else(
        || "not planned".to_owned(),
        |f| match f.end {
            Some(end) => format!("{} to {end}", f.start),
            None => format!("from {}", f.start),
        },
    );
    facts.push(Role::Text, days);
    let zone = &model.session.options.zone;
    let made = when::recent(c.created_at, model.stamp.now, zone);
    facts.push(Role::Muted, format!("   made {made}, v{}", row.campaign.version));
    let mut tickets = Line::new();
    for (status, n) in row.tickets.iter().filter(|(_, n)| *n > 0) {
        let role = Role::of_status(*status);
        tickets.push(role, format!("{} {n} {}   ", glyphs.status(*status), word(*status)));
    }
    if tickets.is_empty() {
        tickets.push(Role::Muted, "no tickets yet");
    }
    let keys = Line::of(Role::Muted, "Enter shows its tickets");
    pen.lines(inside, &[head, facts, tickets, keys]);
}
