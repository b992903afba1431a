//! What the log screen does.

use std::sync::Arc;

use super::wanted::Wanted;
use crate::{
    engine::model::sanitise::sanitise,
    tui::{
        app::{Effect, Model},
        command::Cmd,
        log_feed::{Level, LogLine},
        overlay::{Overlay, Viewer},
        screens::{self, ScreenId},
        theme::Role,
        ui::{layout::inner, select::Move, when},
    },
};

/// Asks for new lines, if anybody looks.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    if model.screen != ScreenId::Logs {
        return Vec::new();
    }
    vec![Effect::ReadLogs {
        after: model.screens.logs.newest,
    }]
}

/// Takes new lines.
pub fn take(model: &mut Model, lines: Vec<Arc<LogLine>>) {
    if lines.is_empty() {
        return;
    }
    model.screens.logs.add(lines);
    refresh(model);
}

/// The rows shown changed: the cursor follows its line, or the newest one.
fn refresh(model: &mut Model) {
    let page = page(model);
    let logs = &mut model.screens.logs;
    let ids = logs.ids();
    logs.pick.sync(&ids);
    if logs.follow {
        logs.pick.step(&ids, Move::Bottom, page);
    }
    model.touch();
}

fn page(model: &Model) -> usize {
    usize::from(inner(model.regions().body).height).max(1)
}

/// Sets the filter; a wrong one leaves the last good lines.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    model.screens.logs.wanted = Wanted::parse(text)?;
    text.clone_into(&mut model.screens.logs.filter);
    refresh(model);
    Ok(Vec::new())
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let page = page(model);
    let logs = &mut model.screens.logs;
    match cmd {
        Cmd::LogsLess => logs.level = neighbour(logs.level, 1),
        Cmd::LogsMore => logs.level = neighbour(logs.level, -1),
        Cmd::LogsFollow => logs.follow = !logs.follow,
        Cmd::LogsOpen => {
            let zone = model.session.options.zone.clone();
            if let Some(line) = model.screens.logs.selected() {
                let head = format!(
                    "{}  {}  {}",
                    when::full(line.at, &zone),
                    line.level.as_str(),
                    line.target
                );
                let mut lines = vec![(Role::Muted, sanitise(&head))];
                lines.extend(line.text.lines().map(|t| (Role::Text, sanitise(t))));
                model.open(Overlay::Viewer(Viewer::new("Log line", lines)));
            }
            return Vec::new();
        }
        other => {
            let Some(step) = screens::movement(other) else {
                return Vec::new();
            };
            let ids = logs.ids();
            logs.pick.step(&ids, step, page);
            logs.follow = logs.pick.index() + 1 >= ids.len();
            return Vec::new();
        }
    }
    refresh(model);
    Vec::new()
}

fn neighbour(level: Level, by: isize) -> Level {
    let at = Level::ALL.iter().position(|l| *l == level).unwrap_or(0);
    let to = at.saturating_add_signed(by).min(Level::ALL.len() - 1);
    Level::ALL.get(to).copied().unwrap_or(level)
}
