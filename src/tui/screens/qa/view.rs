//! How the QA screen looks: the rules, and beside them the selected one with what it finds.

use ratatui::layout::Rect;

use super::{
    findings,
    model::{Pane, Row, geometry},
    trial,
};
use crate::{
    engine::model::sanitise::sanitise,
    tui::{
        app::Model,
        screens::{self, board::view::word},
        theme::Role,
        ui::{
            layout::{inner, padded, split_top},
            pen::{Pen, rows},
            text::{Line, left, wrap},
            when,
        },
    },
};

/// Columns of a rule's name.
const NAME: usize = 28;
/// Columns of its state.
const STATE: usize = 10;

/// Draws the screen.
pub fn draw(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let pane = model.screens.qa.pane;
    let place = geometry(area, pane);
    if !place.findings.is_empty() {
        findings::view::draw(pen, place.findings, model, place.found_page);
    }
    if !place.rules.is_empty() {
        rules(pen, place.rules, model, place.page);
    }
    if !place.side.is_empty() {
        match pane {
            Pane::Findings => findings::view::whole(pen, place.side, model),
            Pane::Rules => rule_pane(pen, place.side, model),
        }
    }
}

fn rules(pen: &mut Pen<'_>, list: Rect, model: &Model, page: usize) {
    let qa = &model.screens.qa;
    let focused = qa.pane == Pane::Rules;
    let mut title = Line::of(Role::Strong, " Rules ");
    if let Some(view) = qa.slot.get() {
        title.push(
            Role::Muted,
            format!(
                " {} house, {} built in, hash {} ",
                view.house.rules.len(),
                view.built_in.len(),
                view.version
            ),
        );
    }
    pen.pane(list, &title, focused);
    let (head, body) = split_top(inner(list), 1);
    let mark = pen.theme.glyphs.cut();
    let heading = format!("  {}{}says", left("rule", NAME, mark), left("state", STATE, mark));
    pen.line(head, &Line::of(Role::Muted, heading));
    let all = qa.rows();
    let top = qa.pick.top_for(page, all.len());
    for (at, row) in rows(body).zip(all.iter().skip(top)) {
        let selected = qa.pick.id().as_ref() == Some(&row.id());
        let cursor = if selected { pen.theme.glyphs.cursor() } else { " " };
        let (name, says) = (sanitise(&row.id()), sanitise(&row.words(mark)));
        let line = Line::of(Role::Key, cursor)
            .add(Role::Text, " ")
            .add(name_role(*row), left(name.as_str(), NAME, mark))
            .add(state_role(*row), left(row.state(), STATE, mark))
            .add(Role::Text, &says);
        pen.line(at, &line);
        if selected {
            pen.select(at, focused);
        }
    }
    if all.is_empty() {
        screens::draw_empty(pen, body, model, "asking the engine");
    }
    let hidden = all.len().saturating_sub(top + page);
    if hidden > 0 {
        pen.pane_foot(list, &Line::of(Role::Muted, format!(" {hidden} more below ")));
    }
}

const fn name_role(row: Row<'_>) -> Role {
    match row {
        Row::House(rule) if rule.retired => Role::Muted,
        Row::House(_) => Role::Strong,
        Row::BuiltIn(_) => Role::Text,
    }
}

fn state_role(row: Row<'_>) -> Role {
    match row.state() {
        "blocks" | "requires" => Role::Error,
        "warns" => Role::Warn,
        _ => Role::Muted,
    }
}

/// Words in lines of this width.
fn say(lines: &mut Vec<Line>, width: usize, role: Role, text: &str) {
    let wrapped = wrap(sanitise(text).as_str(), width);
    lines.extend(wrapped.into_iter().map(|t| Line::of(role, t)));
}

fn rule_pane(pen: &mut Pen<'_>, area: Rect, model: &Model) {
    let qa = &model.screens.qa;
    let Some(row) = qa.selected() else {
        pen.pane(area, &Line::of(Role::Strong, " Rule "), false);
        return;
    };
    let title = Line::of(Role::Strong, " ")
        .add(Role::Strong, sanitise(&row.id()))
        .add(Role::Text, " ");
    let inside = padded(pen.pane(area, &title, false));
    let width = usize::from(inside.width);
    let mut lines = Vec::new();
    match row {
        Row::House(rule) => {
            for (n, condition) in rule.text.when.iter().enumerate() {
                let word = if n == 0 { "IF  " } else { "AND " };
                say(&mut lines, width, Role::Text, &format!("{word} {condition}"));
            }
            say(&mut lines, width, state_role(row), &format!("THEN {}", then(rule)));
            for (word, text) in [("MESSAGE", &rule.text.message), ("REMEDY", &rule.text.remedy)] {
                if !text.is_empty() {
                    say(&mut lines, width, Role::Text, &format!("{word} {text}"));
                }
            }
            let at = when::full(rule.at, &model.session.options.zone);
            say(
                &mut lines,
                width,
                Role::Muted,
                &format!("version {}, by {}, {at}", rule.version, rule.by),
            );
        }
        Row::BuiltIn(rule) => {
            say(&mut lines, width, Role::Text, &rule.message);
            say(&mut lines, width, Role::Text, &rule.remedy);
            say(
                &mut lines,
                width,
                Role::Muted,
                "Built in: it goes with the build. Words in braces are filled in by the check.",
            );
        }
    }
    let shown = matches!(row, Row::House(rule) if qa.tried.as_ref() == Some(&rule.text.name));
    let of_rule = lines.len();
    match qa.trial.get().filter(|_| shown) {
        Some(found) => {
            say(&mut lines, width, Role::Text, " ");
            say(&mut lines, width, Role::Strong, &trial::in_words(found));
            for hit in &found.hits {
                say(
                    &mut lines,
                    width,
                    Role::Text,
                    &format!("{} {}  {}", hit.no, word(hit.status), hit.name),
                );
                say(&mut lines, width, Role::Muted, &format!("  {}", hit.finding.message));
            }
        }
        None if matches!(row, Row::House(_)) => {
            say(&mut lines, width, Role::Text, " ");
            say(&mut lines, width, Role::Muted, "t tries it on all open tickets");
        }
        None => {}
    }
    // Where there is no room for both, what was just asked for goes first.
    if shown && lines.len() > usize::from(inside.height) {
        lines.rotate_left(of_rule);
        lines.remove(0);
    }
    pen.lines(inside, &lines);
}

fn then(rule: &crate::engine::api::rules::house_rule::HouseRule) -> String {
    use crate::engine::api::rules::house_rule::Effect;
    match &rule.text.then {
        Effect::Block => "block".to_owned(),
        Effect::Warn => "warn".to_owned(),
        Effect::Require(condition) => format!("require {condition}"),
    }
}
