//! How the board looks.

use ratatui::layout::Rect;

use super::model::{Board, COLUMNS, geometry};
use crate::{
    engine::{
        api::card::{Card, DeployGlance},
        model::{deploy::Why, money::BudgetKind, ticket::Status},
    },
    tui::{
        app::Model,
        screens,
        theme::{Glyphs, Role},
        ui::{
            grouped,
            layout::{inner, padded},
            pen::{Pen, width},
            text::{Line, cut_name},
            when,
        },
    },
};

/// Draws the board.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let board = &model.screens.board;
    let place = geometry(area, board.column, board.first);
    strip(pen, place.strip, board, place.first, place.columns);
    pen.pane(place.pane, &Line::new(), true);
    let inside = inner(place.pane);
    if place.pane.height < 3 {
        return;
    }
    let mut foot = screens::loading_mark(pen, model);
    let total: u64 = (0..COLUMNS.len()).map(|c| board.cards(c).1).sum();
    // Counts of a filtered board are no totals.
    if let Some(facts) = model.session.overview.get().filter(|_| !board.filter.is_empty()) {
        let shown = |s: &Status| COLUMNS.contains(s);
        let all: u64 = facts.tickets.iter().filter(|(s, _)| shown(s)).map(|(_, n)| n).sum();
        foot.push(
            Role::Accent,
            format!(" {} of {} tickets ", grouped(total), grouped(all)),
        );
    }
    pen.pane_foot(place.pane, &foot);
    let count = u16::try_from(place.columns).unwrap_or(1).max(1);
    for n in 0..count {
        let column = place.first + usize::from(n);
        let column_area = place.column_area(usize::from(n));
        if n + 1 < count {
            pen.rule(column_area.right(), place.pane.top(), place.pane.bottom(), Role::Accent);
        }
        title(pen, column_area, place.pane.y, board, column, place.page);
        cards(pen, column_area, model, column, place.card_rows, place.page);
    }
    if total == 0 {
        if screens::failure(model).is_none()
            && board.slot.get().is_some()
            && board.filter.is_empty()
            && let Some(known) = model.screens.facts.governance.get()
        {
            pen.clear(inside);
            pen.lines(padded(inside), &screens::first_steps::lines(known));
            return;
        }
        let words = match (board.slot.get(), board.filter.is_empty()) {
            (None, _) => "asking the engine",
            (Some(_), true) => "No tickets here yet.",
            (Some(_), false) => "No tickets fit this filter. Esc clears it.",
        };
        screens::draw_empty(pen, Rect { height: 1, ..inside }, model, words);
    } else if screens::failure(model).is_some() {
        screens::draw_empty(
            pen,
            Rect {
                y: inside.bottom() - 1,
                height: 1,
                ..inside
            },
            model,
            "",
        );
    }
}

/// All seven columns with their numbers; those in view stand in brackets.
fn strip(pen: &mut Pen<'_>, area: Rect, board: &Board, first: usize, columns: usize) {
    let mut line = Line::of(Role::Text, " ");
    let narrow = area.width < 110;
    for (i, status) in COLUMNS.iter().enumerate() {
        if i == first && columns < COLUMNS.len() {
            line.push(Role::Accent, "[ ");
        }
        let (_, count) = board.cards(i);
        let role = Role::of_status(*status);
        line.push(role, pen.theme.glyphs.status(*status));
        let word_role = if i == board.column { Role::Key } else { Role::Text };
        if !narrow || i == board.column {
            line.push(word_role, " ");
            line.push(word_role, word(*status));
        }
        line.push(word_role, format!(" {count}  "));
        if i + 1 == first + columns && columns < COLUMNS.len() {
            line.push(Role::Accent, "] ");
        }
    }
    pen.line(area, &line);
    if columns < COLUMNS.len() {
        pen.line_right(area, &Line::of(Role::Muted, format!("{columns} of 7 in view ")));
    }
}

/// The word of a status on the board.
pub const fn word(status: Status) -> &'static str {
    status.word()
}

/// Cards that came above a column's view.
pub fn new_above(board: &Board, column: usize, page: usize) -> usize {
    let cards = board.cards(column).0.len();
    board.picks.get(column).map_or(0, |p| p.new_above(page, cards))
}

fn title(pen: &mut Pen<'_>, column_area: Rect, y: u16, board: &Board, column: usize, page: usize) {
    let Some(status) = COLUMNS.get(column) else { return };
    let (_, count) = board.cards(column);
    let here = column == board.column;
    let role = if here { Role::Key } else { Role::Text };
    let line = Line::of(Role::Text, " ")
        .add(Role::of_status(*status), pen.theme.glyphs.status(*status))
        .add(role, " ")
        .add(role, word(*status))
        .add(role, format!(" {count} "));
    let line = match new_above(board, column, page) {
        0 => line,
        new => line.add(Role::Accent, format!("+{new} ")),
    };
    pen.line(
        Rect {
            y,
            height: 1,
            ..column_area
        },
        &line,
    );
}

fn cards(pen: &mut Pen<'_>, area: Rect, model: &Model, column: usize, card_rows: u16, page: usize) {
    let board = &model.screens.board;
    let (cards, _) = board.cards(column);
    let Some(pick) = board.picks.get(column) else { return };
    let top = pick.top_for(page, cards.len());
    let mut y = area.y;
    for card in cards.iter().skip(top).take(page) {
        let slot = Rect {
            y,
            height: card_rows.min(area.bottom().saturating_sub(y)),
            ..area
        };
        let selected = column == board.column && pick.id() == Some(card.id);
        draw_card(pen, slot, model, card, selected);
        y = y.saturating_add(card_rows);
    }
}

fn draw_card(pen: &mut Pen<'_>, area: Rect, model: &Model, card: &Card, selected: bool) {
    let glyphs = pen.theme.glyphs;
    let cursor = if selected { glyphs.cursor() } else { " " };
    let row = |n: u16| Rect {
        y: area.y + n,
        height: u16::from(n < area.height),
        ..area
    };
    let room = usize::from(area.width);
    let compact = area.height <= 2;
    let marked = if model.marks.has(card.no) { " *" } else { "" };
    let status = match &card.deploy {
        // Two rows have one line for it, and what a deploy waits for goes before where it stands.
        Some(deploy) if compact && card.status == Status::Deploying && !is_moved(model, card) => {
            deploy_line(model, card, deploy, glyphs, room.saturating_sub(1))
        }
        _ => status_line(model, card, glyphs, room.saturating_sub(1)),
    };
    if compact {
        let head = format!("{}{marked} ", card.no);
        let name = cut_name(&card.name, room.saturating_sub(width(&head) + 1));
        pen.line(
            row(0),
            &Line::of(Role::Key, cursor)
                .add(Role::Strong, head)
                .add(Role::Text, name),
        );
        pen.line(row(1), &Line::of(Role::Text, " ").add_line(status));
    } else {
        pen.line(
            row(0),
            &Line::of(Role::Key, cursor)
                .add(Role::Strong, card.no.to_string())
                .add(Role::Accent, marked),
        );
        if let Some(budget) = &card.budget {
            let per = if budget.kind == BudgetKind::Daily { "/day" } else { "" };
            let words = format!("{}{per} ", budget.money);
            if width(&words) + 6 <= room {
                pen.line_right(row(0), &Line::of(Role::Text, words));
            }
        }
        let name = cut_name(&card.name, room.saturating_sub(2));
        pen.line(row(1), &Line::of(Role::Text, " ").add(Role::Text, name));
        pen.line(row(2), &Line::of(Role::Text, " ").add_line(status));
        if area.height > 3 {
            pen.line(row(3), &Line::of(Role::Text, "   ").add_line(next_line(model, card)));
        }
    }
    if model.pulses.has(card.no) {
        pen.pulse(area);
    }
    if selected {
        // The status line keeps its colours under the cursor, and the bar its budget of bytes.
        let rows = area.height.div_ceil(2);
        pen.select(Rect { height: rows, ..area }, true);
    }
}

fn is_moved(model: &Model, card: &Card) -> bool {
    model.screens.board.moved.iter().any(|m| m.no == card.no)
}

/// A deploy in one line: where it stands and what it waits for; where both do not fit, what it waits for.
fn deploy_line(model: &Model, card: &Card, deploy: &DeployGlance, glyphs: Glyphs, room: usize) -> Line {
    let mark = Line::of(Role::of_status(card.status), glyphs.status(card.status)).add(Role::Text, " ");
    let at = format!("{}/{} ", deploy.step, deploy.steps);
    if matches!(deploy.why, Why::Running { .. }) {
        return mark.add(Role::Text, at).add(Role::Text, spaced(&deploy.word));
    }
    let why = why_short(&deploy.why, model);
    if mark.width() + width(&at) + why.width() <= room {
        mark.add(Role::Text, at).add_line(why)
    } else {
        mark.add_line(why)
    }
}

/// A step's word as people read it: `ad set`.
pub fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

/// The engine's own parts as people say it; everybody else by name.
pub fn who(name: &str) -> &str {
    if name.starts_with("engine/") {
        "the engine"
    } else {
        name
    }
}

/// Findings, step, failure: what the card's third line says.
fn status_line(model: &Model, card: &Card, glyphs: Glyphs, room: usize) -> Line {
    let mut line = Line::of(Role::of_status(card.status), glyphs.status(card.status)).add(Role::Text, " ");
    if let Some(moved) = model.screens.board.moved.iter().find(|m| m.no == card.no) {
        return line.add(Role::Accent, format!("by {}", moved.by));
    }
    let ago = when::ago(card.updated_at, model.stamp.now);
    match card.status {
        Status::QaFailed | Status::Draft if card.errors + card.warnings > 0 => line.append(findings(card)),
        Status::ReadyForApi if card.waits_for_approval() => {
            line.push(Role::Warn, "needs approval");
            if card.approvals.needed > 1 {
                line.push(
                    Role::Muted,
                    format!(" {}/{}", card.approvals.given, card.approvals.needed),
                );
            }
        }
        Status::ReadyForApi if card.warnings > 0 => line.append(findings(card)),
        Status::Deploying => match &card.deploy {
            Some(d) => {
                line.push(Role::of_step(d.state), glyphs.step(d.state));
                line.push(Role::Text, format!(" {}/{} {}", d.step, d.steps, spaced(&d.word)));
                if d.tries > 0 {
                    line.push(Role::Muted, format!(" try {}", d.tries));
                }
            }
            None => line.push(Role::Muted, "queued"),
        },
        Status::TraffickedSuccess => line.push(Role::Text, format!("{} objects", card.objects)),
        Status::Failed => {
            if card.proposed {
                line.push(Role::Accent, "fix waits ");
            }
            let words = card.failure.clone().unwrap_or_else(|| "failed".to_owned());
            line.push(Role::Error, words);
            return line;
        }
        _ => line.push(Role::Text, word(card.status)),
    }
    // Owner and age go before a word is cut. A deploy has none: "now" would read as a step that runs.
    let ago = if card.status == Status::Deploying {
        ""
    } else {
        ago.as_str()
    };
    if let Some((name, editing)) = model.people.at(card.id).first() {
        let words = format!(" {name} {}", if *editing { "edits" } else { "is here" });
        if line.width() + width(&words) <= room {
            line.push(Role::Accent, words);
        }
    }
    for extra in [&*card.assignee, ago].into_iter().filter(|e| !e.is_empty()) {
        if line.width() + width(extra) < room {
            line.push(Role::Muted, format!(" {extra}"));
        }
    }
    line
}

/// `2 err 1 warn`.
pub fn findings(card: &Card) -> Line {
    let mut line = Line::new();
    if card.errors > 0 {
        line.push(Role::Error, format!("{} err", card.errors));
    }
    if card.warnings > 0 {
        let gap = if card.errors > 0 { " " } else { "" };
        line.push(Role::Warn, format!("{gap}{} warn", card.warnings));
    }
    line
}

/// What a running deploy waits for.
fn next_line(model: &Model, card: &Card) -> Line {
    match &card.deploy {
        Some(deploy) if card.status == Status::Deploying => why_short(&deploy.why, model),
        _ => Line::new(),
    }
}

/// A reason in a few words, with its countdown.
pub fn why_short(why: &Why, model: &Model) -> Line {
    let now = model.stamp.now;
    let (role, words) = match why {
        Why::Queued => (Role::Muted, "queued".to_owned()),
        Why::Running { step } => (Role::Busy, format!("running {}", spaced(step))),
        Why::Paused { by } => (Role::Warn, format!("paused by {by}")),
        Why::NotBefore { .. } => (Role::Muted, "scheduled".to_owned()),
        Why::LaneBusy { ticket } => (Role::Muted, format!("after {ticket}")),
        Why::Backoff { tries, of, .. } => (Role::Warn, format!("try {tries}/{of}")),
        Why::RateLimited { .. } => (Role::Muted, "rate limited".to_owned()),
        Why::Parked { .. } => (Role::Warn, "quota".to_owned()),
        Why::BreakerOpen { .. } => (Role::Error, "breaker open".to_owned()),
        Why::LaneBlocked { reason } => (Role::Error, reason.clone()),
        Why::Reconciling { read, of, .. } => (Role::Warn, format!("look-up {read}/{of}")),
        Why::NeedsOperator { .. } => (Role::Alarm, "needs you".to_owned()),
        Why::Draining => (Role::Muted, "engine is stopping".to_owned()),
        Why::ReadOnly { .. } => (Role::Warn, "engine is read-only".to_owned()),
        Why::Processing { .. } => (Role::Muted, "platform at work".to_owned()),
        Why::Finished => (Role::Muted, String::new()),
        Why::WaitsApproval { given, needed } => (Role::Warn, format!("approval {given}/{needed}")),
        Why::Blackout { .. } => (Role::Muted, "blackout".to_owned()),
    };
    let line = Line::of(role, words);
    match why.next_at() {
        Some(at) if at > now => line.add(Role::Strong, format!(" {}", when::until(at, now))),
        Some(_) => line.add(Role::Muted, " now"),
        None => line,
    }
}
