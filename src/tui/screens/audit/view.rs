//! How the audit trail looks.

use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::model::geometry;
use crate::{
    engine::model::{
        event::{Event, EventKind},
        sanitise::{Shown, sanitise},
    },
    tui::{
        app::Model,
        overlay::Viewer,
        screens::{self, board::view::word},
        theme::Role,
        ui::{
            grouped,
            layout::{inner, padded, split_top},
            pen::{Pen, rows},
            text::{Line, cut, left, right},
            when,
        },
    },
};

/// Draws the list and, where there is room, the selected entry.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let audit = &model.screens.audit;
    let (list, side, page) = geometry(area);
    let mut title = Line::of(Role::Strong, " Audit ");
    if !audit.filter.is_empty() {
        title.push(Role::Accent, format!(" {} ", audit.filter));
    }
    if let Some(first) = audit.rows.first() {
        title.push(Role::Muted, format!(" newest {} ", grouped(first.seq.0)));
    }
    pen.pane(list, &title, true);
    let (head, body) = split_top(inner(list), 1);
    let widths = Widths::of(head.width);
    pen.line(head, &Line::of(Role::Muted, widths.heading()));
    let top = audit.pick.top_for(page, audit.rows.len());
    let mark = pen.theme.glyphs.cut();
    for (row, event) in rows(body).zip(audit.rows.iter().skip(top)) {
        let selected = audit.pick.id() == Some(event.seq);
        let cursor = if selected { pen.theme.glyphs.cursor() } else { " " };
        let line = Line::of(Role::Key, cursor)
            .add(Role::Strong, right(&grouped(event.seq.0), widths.seq, mark))
            .add(
                Role::Muted,
                left(
                    &format!(
                        "  {}",
                        when::recent(event.at, model.stamp.now, &model.session.options.zone)
                    ),
                    widths.at,
                    mark,
                ),
            )
            .add(
                actor_role(event),
                left(&format!(" {}", event.actor.name), widths.actor, mark),
            )
            .add(
                kind_role(event.kind),
                left(&format!(" {}", event.kind), widths.kind, mark),
            )
            .add(
                Role::Strong,
                left(&format!(" {}", event.subject.label), widths.subject, mark),
            )
            .add(Role::Text, format!(" {}", event.summary));
        pen.line(row, &line);
        if selected {
            pen.select(row, true);
        }
    }
    if audit.rows.is_empty() {
        let words = if audit.slot.get().is_none() {
            "asking the engine"
        } else {
            "Nothing fits. Esc clears the filter."
        };
        screens::draw_empty(pen, body, model, words);
    }
    let foot = screens::loading_mark(pen, model).add_line(screens::news(model));
    pen.pane_foot(list, &foot);
    if !side.is_empty() {
        entry_pane(pen, side, model);
    }
}

struct Widths {
    seq: usize,
    at: usize,
    actor: usize,
    kind: usize,
    subject: usize,
}

impl Widths {
    const fn of(width: u16) -> Self {
        let wide = width >= 100;
        Self {
            seq: 8,
            at: 14,
            actor: 17,
            kind: if wide { 19 } else { 0 },
            subject: if wide { 12 } else { 6 },
        }
    }

    fn heading(&self) -> String {
        let columns = [
            (right("Seq", self.seq, ""), self.seq),
            (left("  When", self.at, ""), self.at),
            (left(" Actor", self.actor, ""), self.actor),
            (left(" What", self.kind, ""), self.kind),
            (left(" About", self.subject, ""), self.subject),
        ];
        let mut out = String::from(" ");
        for (text, _) in columns.iter().filter(|(_, width)| *width > 0) {
            out.push_str(text);
        }
        out.push_str(" Summary");
        out
    }
}

const fn actor_role(event: &Event) -> Role {
    if event.actor.is_engine() {
        Role::Muted
    } else {
        Role::Text
    }
}

/// The role of a kind of event.
pub const fn kind_role(kind: EventKind) -> Role {
    match kind {
        EventKind::QaFailed | EventKind::StepRejected | EventKind::DeployFailed | EventKind::TailTruncated => {
            Role::Error
        }
        EventKind::OperatorNeeded | EventKind::StepUnknown | EventKind::StepWaiting | EventKind::CancelAsked => {
            Role::Warn
        }
        EventKind::Trafficked | EventKind::QaPassed | EventKind::StepConfirmed | EventKind::StepAdopted => Role::Ok,
        EventKind::StepIntent | EventKind::DeployStarted | EventKind::DeployRetried | EventKind::QaStarted => {
            Role::Busy
        }
        _ => Role::Info,
    }
}

/// An entry as paragraphs: who, what, every field before and after.
pub fn entry(event: &Event, zone: &TimeZone) -> Vec<(Role, Shown)> {
    let mut kinds = event.kind.as_str().to_owned();
    for also in &event.also {
        kinds.push_str(", ");
        kinds.push_str(also.as_str());
    }
    let mut lines = vec![
        (
            Role::Strong,
            sanitise(&format!("{kinds}  {} {}", event.subject.noun, event.subject.label)),
        ),
        (Role::Text, sanitise(&event.summary)),
    ];
    for change in &event.changes {
        lines.push((Role::Accent, sanitise(change.field.as_str())));
        if let Some(from) = &change.from {
            lines.push((Role::Error, sanitise(&format!("  - {from}"))));
        }
        if let Some(to) = &change.to {
            lines.push((Role::Ok, sanitise(&format!("  + {to}"))));
        }
    }
    if let Some(status) = event.status {
        lines.push((
            Role::of_status(status),
            sanitise(&format!("status is {} after it", word(status))),
        ));
    }
    lines.push((Role::Muted, sanitise(&when::full(event.at, zone))));
    lines.push((
        Role::Muted,
        sanitise(&format!("{} through {}", event.actor.name, event.actor.client)),
    ));
    lines.push((Role::Muted, sanitise(&format!("command {}", event.command))));
    lines
}

/// An entry as one line of text.
pub fn plain(event: &Event) -> String {
    format!(
        "{}\t{}\t{}\t{}\t{}\t{}",
        event.seq, event.at, event.actor.name, event.kind, event.subject.label, event.summary
    )
}

fn entry_pane(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let Some(event) = model.screens.audit.selected() else {
        pen.pane(area, &Line::new(), false);
        return;
    };
    let title = cut(
        &format!(" {} {} ", grouped(event.seq.0), event.kind),
        usize::from(area.width),
        pen.theme.glyphs.cut(),
    );
    let inside = padded(pen.pane(area, &Line::of(Role::Strong, title), false));
    let viewer = Viewer::new("", entry(event, &model.session.options.zone));
    pen.lines(inside, &viewer.wrapped(usize::from(inside.width)));
}
