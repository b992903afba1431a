//! What the findings pane asks for, and how its cursor moves.

use super::{super::model::geometry, act};
use crate::{
    engine::api::{
        ApiError, Reply, Request,
        filter::Filter,
        findings::{FindingLine, GroupBy, LineKey},
    },
    tui::{
        app::{Effect, Model},
        command::Cmd,
        screens,
        ui::select::Move,
    },
};

fn page(model: &Model) -> usize {
    geometry(model.regions().body, model.screens.qa.pane).found_page
}

/// Asks for the lines around the cursor.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let anchor = model.screens.qa.findings.pick.id();
    ask_at(model, anchor)
}

fn ask_at(model: &mut Model, anchor: Option<LineKey>) -> Vec<Effect> {
    let (page, mono) = (page(model), model.stamp.mono);
    let findings = &mut model.screens.qa.findings;
    let ask = findings.ask(page, anchor);
    findings.slot.ask(Request::Findings(Box::new(ask)), mono)
}

/// The lines are here.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let findings = &mut model.screens.qa.findings;
    let (fresh, mut effects) = findings.slot.answer(generation, result, mono, |r| match r {
        Reply::Findings(rows) => Some(*rows),
        _ => None,
    });
    if !fresh {
        return effects;
    }
    let keys = findings.keys();
    let lost = findings.pick.sync(&keys);
    // A line whose group was closed, or whose finding is gone, leaves the cursor at its heading.
    if let Some(lost) = lost.filter(|l| l.inner.is_some()) {
        findings.pick.go_to(&keys, &LineKey::heading(lost.group));
    }
    go_in(model);
    let findings = &mut model.screens.qa.findings;
    // The first look shows what it is about.
    if !findings.chosen
        && let Some(FindingLine::Group(first)) = findings.lines().first()
    {
        let key = first.key.clone();
        findings.chosen = true;
        findings.open.insert(key);
        effects.extend(ask(model));
    }
    effects
}

/// Narrows the findings to tickets; a wrong filter leaves the last good lines.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    model.screens.qa.findings.filter = Filter::parse(text)?;
    model.screens.qa.findings.pick.reset();
    Ok(ask_at(model, None))
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::FindingOpen => enter(model),
        Cmd::FindingFix => act::fix(model),
        Cmd::FindingsBy => regroup(model),
        Cmd::FoundNext => step_finding(model, true),
        Cmd::FoundBack => step_finding(model, false),
        other => match screens::movement(other) {
            Some(step) => go(model, step),
            None => Vec::new(),
        },
    }
}

fn go(model: &mut Model, step: Move) -> Vec<Effect> {
    let page = page(model);
    let findings = &mut model.screens.qa.findings;
    let keys = findings.keys();
    if step == Move::Top && findings.slot.get().is_some_and(|r| r.first > 0) {
        findings.pick.reset();
        return ask_at(model, None);
    }
    findings.pick.step(&keys, step, page);
    ask_if_short(model)
}

/// Asks again when the cursor comes near the end of the lines at hand.
pub fn ask_if_short(model: &mut Model) -> Vec<Effect> {
    let page = page(model);
    let findings = &model.screens.qa.findings;
    let Some(rows) = findings.slot.get() else {
        return Vec::new();
    };
    let (at, len) = (findings.pick.index(), rows.lines.len());
    let above = rows.first > 0 && at < page / 2 + 1;
    let below = rows.first + (len as u64) < rows.matching && at + page / 2 + 1 >= len;
    if (above || below) && findings.slot.loading_since().is_none() {
        ask(model)
    } else {
        Vec::new()
    }
}

/// Opens or closes a group; goes to the field of a finding.
fn enter(model: &mut Model) -> Vec<Effect> {
    let findings = &mut model.screens.qa.findings;
    match findings.selected() {
        Some(FindingLine::Group(group)) => {
            let key = group.key.clone();
            findings.chosen = true;
            if !findings.open.remove(&key) {
                findings.open.insert(key);
            }
            ask(model)
        }
        Some(FindingLine::Found(_)) => act::go_to_field(model),
        None => Vec::new(),
    }
}

/// By rule, by ticket. The cursor stays on its ticket and rule.
fn regroup(model: &mut Model) -> Vec<Effect> {
    let findings = &mut model.screens.qa.findings;
    let here = findings
        .found()
        .map(|f| (f.finding.rule.clone(), f.card.no.to_string()));
    findings.by = match findings.by {
        GroupBy::Rule => GroupBy::Ticket,
        GroupBy::Ticket => GroupBy::Rule,
    };
    findings.open.clear();
    findings.pick.reset();
    findings.chosen = here.is_some();
    if let Some((rule, no)) = here {
        let (group, inner) = match findings.by {
            GroupBy::Rule => (rule, no),
            GroupBy::Ticket => (no, rule),
        };
        findings.open.insert(group.clone());
        let inner = Some(inner);
        findings.pick.aim(LineKey { group, inner });
    }
    ask(model)
}

/// The group `n` came to is open now: on to its first finding, unless somebody moved away meanwhile.
fn go_in(model: &mut Model) {
    let findings = &mut model.screens.qa.findings;
    let Some(group) = findings.into.take() else { return };
    if findings.pick.id() != Some(LineKey::heading(group.clone())) {
        return;
    }
    let first = findings.lines().iter().find_map(|line| match line {
        FindingLine::Found(found) if found.group == group => Some(line.key()),
        _ => None,
    });
    match first {
        Some(first) => {
            let keys = findings.keys();
            findings.pick.go_to(&keys, &first);
        }
        // An answer that was asked for before: the one that opens it is still to come.
        None if findings.open.contains(&group) && findings.slot.loading_since().is_some() => {
            findings.into = Some(group);
        }
        None => {}
    }
}

/// The next finding, past headings; a closed group opens when it is come to.
fn step_finding(model: &mut Model, forward: bool) -> Vec<Effect> {
    let findings = &mut model.screens.qa.findings;
    let keys = findings.keys();
    let at = findings.pick.index();
    let is_finding = |i: &usize| matches!(findings.lines().get(*i), Some(FindingLine::Found(_)));
    let closed = |i: &usize| matches!(findings.lines().get(*i), Some(FindingLine::Group(g)) if !g.open);
    let wanted = |i: &usize| is_finding(i) || (forward && closed(i));
    let next = if forward {
        (at + 1..keys.len()).find(|i| wanted(i))
    } else {
        (0..at).rev().find(|i| wanted(i))
    };
    let Some(next) = next else { return Vec::new() };
    let opens = match findings.lines().get(next) {
        Some(FindingLine::Group(group)) => Some(group.key.clone()),
        _ => None,
    };
    findings.pick.go(&keys, next);
    if let Some(key) = opens {
        findings.open.insert(key.clone());
        findings.into = Some(key);
        return ask(model);
    }
    ask_if_short(model)
}
