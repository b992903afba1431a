//! Saved views: a name for a filter, an order and a choice of columns.

use crate::tui::{
    app::{
        Effect, Model,
        saved::{self, VIEWS_MAX, View},
        toast::Tone,
    },
    form::Choice,
    overlay::{Overlay, PickFor, Picker, Prompt, PromptFor},
    screens::{self, ScreenId, tickets},
};

/// Longest name.
const NAME_MAX: usize = 40;

/// The saved view that shows exactly what is shown now.
pub fn present(model: &Model) -> Option<&View> {
    model.views.iter().find(|v| saved::present_view(model, &v.name) == **v)
}

/// Lists the views; with a name, shows that one.
pub fn open(model: &mut Model, name: Option<&str>) -> Vec<Effect> {
    if let Some(name) = name {
        return show(model, name);
    }
    if model.views.is_empty() {
        let remedy = "set filter, order and columns, then :view.save NAME";
        model.say(Tone::Note, "no view is saved yet", remedy);
        return Vec::new();
    }
    let picker = Picker::new("Views", options(model), PickFor::View);
    model.open(Overlay::Picker(picker));
    Vec::new()
}

/// The views as rows to choose from.
pub fn options(model: &Model) -> Vec<(Choice, bool)> {
    let row = |view: &View| {
        let filter = if view.filter.is_empty() {
            "all tickets"
        } else {
            &view.filter
        };
        let turned = if view.reverse { " reversed" } else { "" };
        let detail = format!("{filter}, by {}{turned}", tickets::update::sort_word(view.sort));
        (Choice::new(view.name.clone(), &view.name, &detail), false)
    };
    model.views.iter().map(row).collect()
}

/// Shows a view by its name.
pub fn show(model: &mut Model, name: &str) -> Vec<Effect> {
    let Some(view) = model.views.iter().find(|v| v.name.eq_ignore_ascii_case(name)).cloned() else {
        let names: Vec<&str> = model.views.iter().map(|v| v.name.as_str()).collect();
        let words = format!("there is no view {name}; known: {}", names.join(", "));
        model.say(Tone::Warn, &words, ":view.save NAME makes one");
        return Vec::new();
    };
    saved::look_at(model, &view);
    model.screens.tickets.pick.reset();
    let mut effects = if model.screen == ScreenId::Tickets {
        Vec::new()
    } else {
        screens::leave_for(model, ScreenId::Tickets)
    };
    effects.extend(tickets::update::ask(model));
    effects
}

/// Saves what is shown under a name; asks for the name if there is none.
pub fn save(model: &mut Model, name: Option<&str>) -> Vec<Effect> {
    let Some(name) = name.map(str::trim).filter(|n| !n.is_empty()) else {
        let present = present(model).map(|v| v.name.clone()).unwrap_or_default();
        let prompt = Prompt::new("Save the view as", &present, PromptFor::ViewName);
        model.open(Overlay::Prompt(prompt));
        return Vec::new();
    };
    if let Err(problem) = keep(model, name) {
        model.say(Tone::Warn, &problem, "");
    }
    Vec::new()
}

/// Keeps the view; one with the same name is replaced.
pub fn keep(model: &mut Model, name: &str) -> Result<(), String> {
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(format!("a name has 1 to {NAME_MAX} characters"));
    }
    let view = saved::present_view(model, name);
    let before = model.views.len();
    model.views.retain(|v| !v.name.eq_ignore_ascii_case(name));
    if model.views.len() >= VIEWS_MAX {
        return Err(format!("{VIEWS_MAX} views are saved; :view.delete removes one"));
    }
    let again = model.views.len() < before;
    model.views.push(view);
    model.views.sort_by_key(|v| v.name.to_lowercase());
    let words = if again { "view replaced" } else { "view saved" };
    model.say(Tone::Good, &format!("{words}: {name}"), "' lists them");
    Ok(())
}

/// Removes a view by its name.
pub fn delete(model: &mut Model, name: Option<&str>) -> Vec<Effect> {
    let name = name
        .map(str::to_owned)
        .or_else(|| present(model).map(|v| v.name.clone()));
    let before = model.views.len();
    if let Some(name) = &name {
        model.views.retain(|v| !v.name.eq_ignore_ascii_case(name));
    }
    if model.views.len() < before {
        model.say(Tone::Good, &format!("view removed: {}", name.unwrap_or_default()), "");
    } else {
        model.say(Tone::Note, "no such view", "show it first, or type :view.delete NAME");
    }
    Vec::new()
}
