//! From a finding to its mending: the field opened, a fix proposed for one ticket, one field set on many.

use crate::{
    engine::{
        api::{filter::Filter, findings::FindingLine},
        model::ids::TicketId,
    },
    tui::{
        app::{Effect, Model, gate, toast::Tone},
        bulk,
        command::Cmd,
        screens::{
            ScreenId,
            detail::{self, edit},
        },
    },
};

/// Shows the ticket with the finding's field open.
pub fn go_to_field(model: &mut Model) -> Vec<Effect> {
    let Some(found) = model.screens.qa.findings.found() else {
        return Vec::new();
    };
    let (id, path) = (found.card.id, found.finding.field.as_str().to_owned());
    // Whoever may only read sees the ticket all the same.
    let may = gate::admit(model, Cmd::TicketEdit);
    let mut effects = detail::update::open(model, id);
    if may {
        effects.extend(edit::open_admitted(model, Some(path)));
    }
    effects
}

/// Mends: one ticket by a proposal of the engine, the marked ones or a whole group by one field set on all.
pub fn fix(model: &mut Model) -> Vec<Effect> {
    let field = field_blamed(model);
    if !model.marks.is_empty() {
        return bulk::ask::set_field(model, field.as_deref().unwrap_or_default());
    }
    match model.screens.qa.findings.selected() {
        Some(FindingLine::Found(found)) => {
            let id = found.card.id;
            model.screens.qa.findings.mend = Some(id);
            let mut effects = detail::update::open(model, id);
            effects.extend(mend(model, id));
            effects
        }
        Some(FindingLine::Group(group)) if group.card.is_some() => {
            let words = "Enter opens the group; f on a finding looks for its fix";
            model.say(Tone::Note, words, "");
            Vec::new()
        }
        Some(FindingLine::Group(_)) => {
            model.screens.qa.findings.fix = Some(field.unwrap_or_default());
            mark_group(model)
        }
        None => Vec::new(),
    }
}

/// The field the finding under the cursor blames, or the first finding of the group under it.
fn field_blamed(model: &Model) -> Option<String> {
    let findings = &model.screens.qa.findings;
    let group = findings.pick.id()?.group;
    let field = findings.found().or_else(|| {
        findings.lines().iter().find_map(|line| match line {
            FindingLine::Found(found) if found.group == group => Some(&**found),
            _ => None,
        })
    });
    field.map(|f| f.finding.field.as_str().to_owned())
}

/// Marks every ticket of the group under the cursor, in view or not, as it is now.
pub fn mark_group(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let filter = model.screens.qa.findings.group_filter().unwrap_or_default();
    let Ok(filter) = Filter::parse(&filter) else {
        model.say(Tone::Warn, "the filter is too long to mark by it", "shorten it");
        return Vec::new();
    };
    model.marks.ask(filter, mono)
}

/// The tickets of a group are marked: asks for the field's value, if they were marked for that.
pub fn marked(model: &mut Model) -> Vec<Effect> {
    match model.screens.qa.findings.fix.take() {
        Some(field) if model.screen == ScreenId::Qa && model.overlays.is_empty() => bulk::ask::set_field(model, &field),
        _ => Vec::new(),
    }
}

/// Looks for a fix as soon as the ticket is shown.
pub fn mend(model: &mut Model, id: TicketId) -> Vec<Effect> {
    if model.screens.qa.findings.mend != Some(id) || model.screens.detail.view().is_none_or(|v| v.card.id != id) {
        return Vec::new();
    }
    model.screens.qa.findings.mend = None;
    if model.screen != ScreenId::Detail {
        return Vec::new();
    }
    crate::tui::app::run::run(model, Cmd::ProposalMake, None)
}
