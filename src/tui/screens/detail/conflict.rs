//! Two people changed the same fields: theirs and mine side by side, one choice per field, then it is saved.
//!
//! Invariants
//! - Nothing that was typed is lost: until a choice is made, the form below keeps it.
//! - Nothing of another person is overwritten unseen: a save with an open conflict asks here first.

use std::collections::BTreeMap;

use crate::{
    engine::model::{
        ids::TicketId,
        sanitise::{excerpt, sanitise},
        time::Timestamp,
    },
    tui::{
        app::{Effect, Model},
        form::{Choice, Field, Form},
        overlay::{FormFor, FormOverlay, Overlay},
        screens,
        ui::when,
    },
};

/// Longest value shown, in characters.
const SHOWN: usize = 200;

/// What a field is by another person's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    /// The value, as the form's field has it.
    pub value: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A draft was taken up on a field that is not what it was then. A ticket's edit asks by itself before it is saved; other
/// forms say it at the field, and again when they are handed in. In a form for something new nobody else wrote anything.
pub fn since_the_draft(model: &mut Model, purpose: &FormFor, key: &str, value: &str) {
    let existing = match purpose {
        FormFor::Governed(editing) => editing.version > 0,
        FormFor::Rule { version, .. } => *version > 0,
        _ => false,
    };
    if existing && let Some(Overlay::Form(overlay)) = model.overlays.last_mut() {
        if let Some(field) = overlay.form.field_mut(key) {
            field.contest_unseen(value);
        }
        return;
    }
    let (FormFor::EditTicket { .. }, Some(view)) = (purpose, model.screens.detail.view()) else {
        return;
    };
    let theirs = Theirs {
        value: value.to_owned(),
        by: view.card.updated_by.to_string(),
        at: view.card.updated_at,
    };
    model.screens.detail.base.conflicts.insert(key.to_owned(), theirs);
}

/// Asks about the fields of the edit form on top that somebody else changed too. False when there are none.
pub fn ask(model: &mut Model) -> bool {
    let now = model.stamp.now;
    let Some(Overlay::Form(overlay)) = model.overlays.last() else {
        return false;
    };
    let FormFor::EditTicket { id, no, .. } = overlay.purpose else {
        return false;
    };
    let mut fields = Vec::new();
    for (key, theirs) in &model.screens.detail.base.conflicts {
        let Some(mine) = overlay.form.field(key).filter(|f| f.value() != theirs.value) else {
            continue;
        };
        let options = vec![
            Choice::new("mine", &shown(mine, &mine.value()), "yours"),
            Choice::new("theirs", &shown(mine, &theirs.value), &theirs.by),
        ];
        let label = mine.label.as_str().trim_end_matches(" *");
        let mut field = Field::choice(key, label, options, Some("mine"))
            .help("Space lists both; Ctrl-s saves what is chosen. Esc goes back to the form, with all you typed.");
        let said = format!(
            "{} made it \"{}\", {}",
            who(model, &theirs.by),
            shown(mine, &theirs.value),
            when::passed(theirs.at, now)
        );
        field.remark = sanitise(&said);
        fields.push(field);
    }
    if fields.is_empty() {
        return false;
    }
    fields.insert(
        0,
        Field::note("", "These fields were changed elsewhere too. What shall be saved?"),
    );
    let form = Form::new(&format!("{no} was changed meanwhile"), "Save these", fields);
    model.open(Overlay::Form(Box::new(FormOverlay::new(
        form,
        FormFor::Conflict { id },
    ))));
    true
}

/// Who changed it: oneself too, in another console.
pub fn who(model: &Model, by: &str) -> String {
    match model.session.overview.get() {
        Some(facts) if facts.actor.name == by => "you, in another place,".to_owned(),
        _ => by.to_owned(),
    }
}

/// A value as people read it.
fn shown(field: &Field, value: &str) -> String {
    if value.is_empty() {
        return "nothing".to_owned();
    }
    excerpt(&field.titled(value), SHOWN)
}

/// Every field has its choice: they go into the form below, and that is handed in again.
pub fn chosen(model: &mut Model, id: TicketId) -> Vec<Effect> {
    let Some(Overlay::Form(dialog)) = model.overlays.pop() else {
        return Vec::new();
    };
    // What came up since the question was put is asked about before anything is saved.
    let all = std::mem::take(&mut model.screens.detail.base.conflicts);
    let (conflicts, unasked): (BTreeMap<_, _>, _) =
        all.into_iter().partition(|(key, _)| dialog.form.field(key).is_some());
    model.screens.detail.base.conflicts = unasked;
    let mut changed = Vec::new();
    let Some(Overlay::Form(below)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    if !matches!(below.purpose, FormFor::EditTicket { id: of, .. } if of == id) {
        return Vec::new();
    }
    for (key, theirs) in conflicts {
        if dialog.form.value(&key) == "theirs"
            && let Some(field) = below.form.field_mut(&key)
        {
            field.set(&theirs.value);
            changed.push(key);
        }
    }
    let purpose = below.purpose.clone();
    let mut effects = Vec::new();
    for key in changed {
        effects.extend(screens::form_changed(model, &purpose, &key));
    }
    effects.extend(screens::form_submitted(model, &purpose));
    effects
}
