//! The report: one line per ticket, what did not work first. Its words, its copies, its looks.

use ratatui::layout::Rect;
use serde_json::json;

use super::{
    cli,
    run::{Bulk, Item, Outcome},
};
use crate::tui::{
    app::{Effect, Model, toast::Tone},
    command::Cmd,
    screens,
    theme::{Glyphs, Role},
    ui::{
        grouped,
        layout::{centred, inner, padded, split_top},
        pen::{Pen, rows},
        text::{Line, cut, cut_name, left, wrap},
    },
};

/// Rows below the list: the whole reason of the row under the cursor.
const FOOT: u16 = 3;

/// `1 ticket`, `40 tickets`.
pub fn tickets(n: usize) -> String {
    match n {
        1 => "1 ticket".to_owned(),
        n => format!("{} tickets", grouped(n as u64)),
    }
}

/// `38 done, 2 conflict`: every outcome that occurs.
fn counts(bulk: &Bulk) -> String {
    let words = [
        bulk.act.done_word(),
        "refused",
        "changed by others",
        "unknown",
        "running",
        "not sent",
    ];
    let place = |o: &Outcome| match o {
        Outcome::Done(_) => 0,
        Outcome::Refused(..) => 1,
        Outcome::Conflict(_) => 2,
        Outcome::Unknown(_) => 3,
        Outcome::Running => 4,
        Outcome::Waiting => 5,
    };
    let parts = words.iter().enumerate().filter_map(|(i, word)| {
        let n = bulk.count(|o| place(o) == i);
        (n > 0).then(|| format!("{} {word}", grouped(n as u64)))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// `Run QA on 40 tickets: 38 done, 2 refused`.
pub fn headline(bulk: &Bulk) -> String {
    format!("{} {}: {}", bulk.act.verb(), tickets(bulk.items.len()), counts(bulk))
}

/// The items in the order of the report: what needs somebody first.
pub fn ordered(bulk: &Bulk) -> Vec<&Item> {
    let mut all: Vec<&Item> = bulk.items.iter().collect();
    all.sort_by_key(|i| match i.outcome {
        Outcome::Refused(..) => 0,
        Outcome::Conflict(_) => 1,
        Outcome::Unknown(_) => 2,
        Outcome::Waiting => 3,
        Outcome::Running => 4,
        Outcome::Done(_) => 5,
    });
    all
}

/// The word of an item: what is accepted is not over yet where QA or a deploy follows.
const fn told(bulk: &Bulk, item: &Item) -> &'static str {
    match item.outcome {
        Outcome::Done(_) => bulk.act.done_word(),
        _ => item.outcome.word(),
    }
}

/// The report as text.
pub fn text(bulk: &Bulk) -> String {
    let mut lines = vec![headline(bulk)];
    lines.extend(ordered(bulk).into_iter().map(|item| {
        let (reason, remedy) = item.outcome.reason();
        let parts = [
            &item.card.no.to_string(),
            told(bulk, item),
            &item.card.name,
            reason,
            remedy,
        ];
        parts.join("\t").trim_end().to_owned()
    }));
    lines.join("\n")
}

/// The report as JSON.
pub fn json(bulk: &Bulk) -> String {
    let items: Vec<_> = ordered(bulk)
        .into_iter()
        .map(|item| {
            let (reason, remedy) = item.outcome.reason();
            json!({
                "no": item.card.no,
                "name": item.card.name,
                "outcome": item.outcome.word(),
                "reason": reason,
                "remedy": remedy,
            })
        })
        .collect();
    let document = json!({"v": 1, "kind": "bulk_report", "data": {"action": bulk.act.verb(), "items": items}});
    format!("{document:#}")
}

/// Keys of the report.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let page = page(area(model.regions().body));
    match cmd {
        Cmd::ReportClose => {
            model.overlays.pop();
            Vec::new()
        }
        Cmd::ReportAgain => super::ask::again(model),
        Cmd::ReportCopy => model.bulk.last.iter().map(|b| Effect::Copy(text(b))).collect(),
        Cmd::CopyCli => {
            let line = model.bulk.last.as_deref().and_then(cli::of_bulk);
            if line.is_none() {
                let words = "the command line does this ticket by ticket";
                model.say(Tone::Note, words, "the report as JSON names them: y j");
            }
            line.map(Effect::Copy).into_iter().collect()
        }
        Cmd::ReportJson => model.bulk.last.iter().map(|b| Effect::Copy(json(b))).collect(),
        other => {
            if let (Some(step), Some(bulk)) = (screens::movement(other), model.bulk.last.as_deref_mut()) {
                bulk.row = step.target(bulk.row, bulk.items.len(), page);
            }
            Vec::new()
        }
    }
}

fn area(body: Rect) -> Rect {
    centred(body, 110, body.height)
}

fn page(area: Rect) -> usize {
    usize::from(inner(area).height.saturating_sub(FOOT)).max(1)
}

/// Draws the report.
pub fn draw(pen: &mut Pen<'_>, body: Rect, model: &Model) {
    let Some(bulk) = model.bulk.last.as_deref() else {
        return;
    };
    let area = area(body);
    pen.clear(area);
    let title = Line::of(Role::Strong, format!(" {} ", headline(bulk)));
    let inside = padded(pen.pane(area, &title, true));
    let (list, foot) = split_top(inside, inside.height.saturating_sub(FOOT));
    let all = ordered(bulk);
    let page = page(area);
    let top = (bulk.row + 1).saturating_sub(page);
    let glyphs = pen.theme.glyphs;
    for (i, (row, item)) in rows(list).zip(all.iter().skip(top)).enumerate() {
        pen.line(row, &line(bulk, item, usize::from(row.width), glyphs));
        if top + i == bulk.row {
            pen.select(row, true);
            pen.set_cursor(row.x, row.y);
        }
    }
    if let Some(item) = all.get(bulk.row) {
        let (reason, remedy) = item.outcome.reason();
        let words = [reason, remedy].into_iter().filter(|w| !w.is_empty());
        let words = words.collect::<Vec<_>>().join("; ");
        let lines = wrap(&format!("{} {}", item.card.no, words), usize::from(foot.width));
        let lines: Vec<Line> = lines.into_iter().map(|t| Line::of(Role::Text, t)).collect();
        let (_, foot) = split_top(foot, 1);
        pen.lines(foot, &lines);
    }
    if all.len() > page {
        let words = format!(" {}-{} of {} ", top + 1, (top + page).min(all.len()), all.len());
        pen.pane_foot(area, &Line::of(Role::Muted, words));
    }
}

fn line(bulk: &Bulk, item: &Item, width: usize, glyphs: Glyphs) -> Line {
    use crate::engine::model::ticket::Status;
    let (role, glyph) = match &item.outcome {
        Outcome::Done(_) => (Role::Ok, glyphs.status(Status::TraffickedSuccess)),
        Outcome::Refused(..) => (Role::Error, glyphs.problem()),
        Outcome::Conflict(_) => (Role::Warn, "!"),
        Outcome::Unknown(_) => (Role::Warn, "?"),
        Outcome::Running => (Role::Busy, glyphs.status(Status::Deploying)),
        Outcome::Waiting => (Role::Muted, "-"),
    };
    let mark = glyphs.cut();
    let mut line = Line::of(role, format!("{glyph} "))
        .add(Role::Strong, left(&item.card.no.to_string(), 7, mark))
        .add(role, left(told(bulk, item), 12, mark));
    let name = (width / 3).clamp(16, 34);
    line.push(Role::Text, left(&cut_name(&item.card.name, name - 1), name, mark));
    let (reason, _) = item.outcome.reason();
    let room = width.saturating_sub(line.width());
    line.push(Role::Muted, cut(reason, room, mark));
    line
}
