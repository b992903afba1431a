//! How findings look: groups with their counts, lines with field and words, the one under the cursor in full.

use ratatui::layout::Rect;

use super::super::model::Pane;
use crate::{
    engine::{
        api::findings::{FindingGroup, FindingLine, FindingRows, Found, GroupBy},
        model::{
            sanitise::{Shown, sanitise},
            ticket::Severity,
        },
    },
    tui::{
        app::Model,
        screens::{self, board::view::word},
        theme::Role,
        ui::{
            grouped,
            layout::{inner, padded},
            pen::{Pen, rows},
            text::{Line, left, right, wrap},
            when,
        },
    },
};

/// Draws the pane.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model, page: usize) {
    let qa = &model.screens.qa;
    let findings = &qa.findings;
    let focused = qa.pane == Pane::Findings;
    pen.pane(area, &title(model), focused);
    let inside = inner(area);
    let all = findings.lines();
    let top = findings.pick.top_for(page, all.len());
    let here = findings.pick.id();
    for (row, line) in rows(inside).zip(all.iter().skip(top)) {
        let selected = here.as_ref() == Some(&line.key());
        let cursor = if selected { pen.theme.glyphs.cursor() } else { " " };
        let marked = line.card().is_some_and(|c| model.marks.has(c.no));
        let start = Line::of(Role::Key, cursor).add(Role::Accent, if marked { "*" } else { " " });
        let line = match line {
            FindingLine::Group(group) => heading(pen, group, model),
            FindingLine::Found(found) => finding(pen, found, findings.by, usize::from(inside.width)),
        };
        pen.line(row, &start.add_line(line));
        if selected {
            pen.select(row, focused);
            if focused {
                pen.set_cursor(row.x, row.y);
            }
        }
    }
    if all.is_empty() {
        let words = findings
            .slot
            .get()
            .map_or_else(|| "asking the engine".to_owned(), |r| clean(r, model));
        screens::draw_empty(pen, inside, model, &words);
    }
    let mut foot = screens::loading_mark(pen, model);
    if let Some(found) = findings.slot.get().filter(|r| r.matching > page as u64) {
        let at = found.first + findings.pick.index() as u64 + 1;
        foot.push(
            Role::Muted,
            format!(" line {}/{} ", grouped(at), grouped(found.matching)),
        );
    }
    pen.pane_foot(area, &foot);
}

fn title(model: &Model) -> Line {
    let findings = &model.screens.qa.findings;
    let mut line = Line::of(Role::Strong, " Findings ");
    if let Some(found) = findings.slot.get() {
        line.push(Role::Text, format!("{} in ", grouped(found.findings)));
        let tickets = if found.tickets == 1 { "ticket" } else { "tickets" };
        line.push(Role::Text, format!("{} {tickets} ", grouped(found.tickets)));
    }
    let by = match findings.by {
        GroupBy::Rule => " by rule ",
        GroupBy::Ticket => " by ticket ",
    };
    line.push(Role::Muted, by);
    if !findings.filter.is_empty() {
        line.push(Role::Accent, format!(" {} ", findings.filter.as_str()));
    }
    line
}

/// Nothing was found: how much was looked at, when, by which rules.
fn clean(found: &FindingRows, model: &Model) -> String {
    let filter = &model.screens.qa.findings.filter;
    if !filter.is_empty() {
        return format!("No finding in tickets that fit \"{}\". Esc clears it.", filter.as_str());
    }
    let tickets = if found.clean == 1 { "ticket" } else { "tickets" };
    format!(
        "clean, {} {tickets}, {}, rules {}",
        grouped(found.clean),
        when::minute(model.stamp.now, &model.session.options.zone),
        found.rules
    )
}

fn heading(pen: &Pen<'_>, group: &FindingGroup, model: &Model) -> Line {
    let mark = pen.theme.glyphs.cut();
    let mut line = Line::of(Role::Key, if group.open { "[-] " } else { "[+] " });
    if let Some(card) = &group.card {
        let count = if group.count == 1 { "rule" } else { "rules" };
        return line
            .add(Role::Strong, left(&card.no.to_string(), 7, mark))
            .add(Role::Text, format!("{} {count}  ", group.count))
            .add(Role::of_status(card.status), left(word(card.status), 10, mark))
            .add(Role::Text, sanitise(&card.name));
    }
    line.push(Role::Strong, left(sanitise(&group.key).as_str(), 24, mark));
    line.push(Role::Text, right(&grouped(group.count), 7, mark));
    let rules = model.screens.qa.rows();
    if let Some(rule) = rules.iter().find(|r| r.id() == group.key) {
        line.push(Role::Muted, "  ");
        line.push(Role::Muted, sanitise(&rule.words(mark)));
    }
    line
}

const fn role(found: &Found) -> Role {
    match found.finding.severity {
        Severity::Error => Role::Error,
        Severity::Warning => Role::Warn,
    }
}

fn finding(pen: &Pen<'_>, found: &Found, by: GroupBy, width: usize) -> Line {
    let mark = pen.theme.glyphs.cut();
    let glyph = match found.finding.severity {
        Severity::Error => pen.theme.glyphs.problem(),
        Severity::Warning => "-",
    };
    let (name, room) = match by {
        GroupBy::Rule => (found.card.no.to_string(), 7),
        GroupBy::Ticket => (found.finding.rule.clone(), 22),
    };
    let field = if width >= 70 { 22 } else { 18 };
    let mut line = Line::of(role(found), format!("  {glyph} "))
        .add(Role::Strong, left(sanitise(&name).as_str(), room, mark))
        .add(Role::Text, left(short(found).as_str(), field, mark))
        .add(Role::Text, " ");
    if found.more > 0 {
        line.push(Role::Warn, format!("+{} ", found.more));
    }
    line.add(Role::Text, sanitise(&found.finding.message))
}

/// The end of the field's path: what tells fields apart.
fn short(found: &Found) -> Shown {
    let path = found.finding.field.as_str();
    let start = path.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at + 1);
    sanitise(path.get(start..).unwrap_or(path))
}

/// The finding under the cursor, whole; on a heading, what its group is about.
pub fn whole(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let found = match model.screens.qa.findings.selected() {
        Some(FindingLine::Found(found)) => found,
        Some(FindingLine::Group(group)) => return about_group(pen, area, group, model),
        None => {
            pen.pane(area, &Line::of(Role::Muted, " no finding selected "), false);
            return;
        }
    };
    let title = Line::of(Role::Strong, format!(" {} ", found.card.no))
        .add(Role::of_status(found.card.status), word(found.card.status))
        .add(Role::Text, " ")
        .add(Role::Strong, sanitise(&found.card.name))
        .add(Role::Text, " ");
    let inside = padded(pen.pane(area, &title, false));
    let width = usize::from(inside.width);
    let mut lines = Vec::new();
    let finding = &found.finding;
    let said = [
        (role(found), format!("{}: {}", finding.field, finding.message)),
        (Role::Text, finding.remedy.clone()),
        (Role::Muted, format!("rule {}", finding.rule)),
    ];
    for (role, text) in said {
        let text = sanitise(&text);
        lines.extend(wrap(text.as_str(), width).into_iter().map(|t| Line::of(role, t)));
    }
    pen.lines(inside, &lines);
}

/// What a group is about, and what its heading takes.
fn about_group(pen: &mut Pen<'_>, area: Rect, group: &FindingGroup, model: &Model) {
    let mut title = Line::of(Role::Strong, " ").add(Role::Strong, sanitise(&group.key));
    let mut said = Vec::new();
    let enter = if group.open {
        "Enter closes it"
    } else {
        "Enter opens it"
    };
    if let Some(card) = &group.card {
        title.push(Role::Text, " ");
        title.push(Role::of_status(card.status), word(card.status));
        let rules = if group.count == 1 { "rule finds" } else { "rules find" };
        said.push((Role::Strong, card.name.clone()));
        said.push((Role::Text, format!("{} {rules} something.", group.count)));
        said.push((
            Role::Muted,
            format!("{enter}, n goes to its next finding; f on a finding looks for its fix."),
        ));
    } else {
        let tickets = if group.count == 1 { "ticket" } else { "tickets" };
        let gap = pen.theme.glyphs.cut();
        let rules = model.screens.qa.rows();
        if let Some(rule) = rules.iter().find(|r| r.id() == group.key) {
            said.push((Role::Text, rule.words(gap)));
        }
        said.push((Role::Text, format!("Found in {} {tickets}.", grouped(group.count))));
        let many = "f sets the field at fault on all of them.";
        said.push((Role::Muted, format!("{enter}, n goes to its next finding, {many}")));
    }
    title.push(Role::Text, " ");
    let inside = padded(pen.pane(area, &title, false));
    let width = usize::from(inside.width);
    let mut lines = Vec::new();
    for (role, text) in said {
        let text = sanitise(&text);
        lines.extend(wrap(text.as_str(), width).into_iter().map(|t| Line::of(role, t)));
    }
    pen.lines(inside, &lines);
}
