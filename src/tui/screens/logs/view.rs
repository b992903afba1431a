//! How the log looks.

use ratatui::layout::Rect;

use crate::tui::{
    app::Model,
    log_feed::Level,
    screens,
    theme::Role,
    ui::{
        grouped,
        layout::inner,
        pen::{Pen, rows},
        text::{Line, left},
        when,
    },
};

const fn role(level: Level) -> Role {
    match level {
        Level::Trace | Level::Debug => Role::Muted,
        Level::Info => Role::Info,
        Level::Warn => Role::Warn,
        Level::Error => Role::Error,
    }
}

/// Draws the log.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let logs = &model.screens.logs;
    let shown = logs.shown();
    let state = if logs.follow { "following" } else { "standing" };
    let mut title = Line::of(Role::Strong, " Logs ")
        .add(Role::Muted, " from ")
        .add(role(logs.level), logs.level.as_str())
        .add(Role::Text, "  ")
        .add(Role::Text, state)
        .add(Role::Muted, format!("  {} lines ", grouped(shown.len() as u64)));
    if !logs.filter.is_empty() {
        title.push(Role::Accent, format!(" /{} ", logs.filter));
    }
    if logs.dropped() > 0 {
        title.push(Role::Warn, format!(" {} older dropped ", grouped(logs.dropped())));
    }
    pen.pane(area, &title, true);
    let inside = inner(area);
    let narrow = inside.width < 90;
    let page = usize::from(inside.height).max(1);
    let top = logs.pick.top_for(page, shown.len());
    let zone = &model.session.options.zone;
    let mark = pen.theme.glyphs.cut();
    for (row, folded) in rows(inside).zip(shown.iter().skip(top)) {
        let line = folded.line;
        let selected = logs.pick.id() == Some(line.n);
        let cursor = if selected { pen.theme.glyphs.cursor() } else { " " };
        let at = if narrow {
            when::minute(line.at, zone)
        } else {
            when::second(line.at, zone)
        };
        let target = line.target.rsplit("::").next().unwrap_or_default();
        let words = Line::of(Role::Key, cursor)
            .add(Role::Muted, at)
            .add(role(line.level), format!(" {:<5} ", line.level.as_str()))
            .add(Role::Muted, left(target, if narrow { 7 } else { 12 }, mark))
            .add(Role::Text, format!(" {}", line.text))
            .add(Role::Muted, folded.again());
        pen.line(row, &words);
        if selected {
            pen.select(row, true);
        }
    }
    if shown.is_empty() {
        let words = if logs.filter.is_empty() {
            "No lines at this level. \".\" shows quieter ones.".to_owned()
        } else {
            format!(
                "No line shown fits \"{}\". Esc clears it, \".\" shows quieter ones.",
                logs.filter
            )
        };
        screens::draw_empty(pen, inside, model, &words);
    }
}
