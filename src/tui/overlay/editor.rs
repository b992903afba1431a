//! A field of a form in a person's own editor, and back.

use serde_json::Value;
use uuid::Uuid;

use super::{FormOverlay, Overlay};
use crate::{
    engine::model::catalogue::FieldType,
    tui::{
        app::{Effect, Model, draft, msg::Left, toast::Tone},
        form::{Field, FieldKind},
        payload, screens,
    },
};

/// Opens the focused field in the editor.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if model.session.options.editor.is_none() {
        model.say(
            Tone::Warn,
            "no editor is set",
            "set VISUAL or EDITOR before the console is started",
        );
        return Vec::new();
    }
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    let field = overlay.form.focused().filter(|f| !overlay.form.busy && takes_editor(f));
    let Some((json, text, key)) = field.map(|f| (is_json(f), f.value(), f.key.clone())) else {
        model.say(
            Tone::Note,
            "this field is chosen or short; the editor is for texts and JSON",
            "",
        );
        return Vec::new();
    };
    let id = model.stamp.ids.mint();
    overlay.keeping.edited = Some((id, key));
    let pretty = || {
        serde_json::from_str::<Value>(&text)
            .and_then(|v| serde_json::to_string_pretty(&v))
            .ok()
    };
    let laid_out = if json { pretty() } else { None };
    vec![Effect::Edit {
        id,
        ending: if json { "json" } else { "txt" },
        text: laid_out.unwrap_or(text),
    }]
}

const fn takes_editor(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Text(_) | FieldKind::Area(_))
}

fn is_json(field: &Field) -> bool {
    let shape = field.shape.as_ref();
    shape.is_some_and(|s| matches!(s.ty, FieldType::Object | FieldType::ObjectList))
}

/// The editor has ended: its text goes where it came from, and only then its file goes. JSON that cannot be read goes
/// there too, with its line. Where the form or the field is gone, or cannot hold all of it, the file stays and is named:
/// what was typed is never dropped.
pub fn edited(model: &mut Model, id: Uuid, outcome: Result<Left, String>) -> Vec<Effect> {
    model.touch();
    let today = model.today();
    let Left { text, path } = match outcome {
        Ok(left) => left,
        Err(why) => {
            model.say(Tone::Bad, &why, "");
            return Vec::new();
        }
    };
    let left = Left { text, path };
    if let Some(effects) = payload::update::edited(model, id, &left) {
        return effects;
    }
    let Left { text, path } = left;
    let kept = path.display().to_string();
    let Some((overlay, key)) = came_from(model, id) else {
        model.say(
            Tone::Bad,
            &format!("kept in {kept}: the form the editor was opened from is gone"),
            "",
        );
        return Vec::new();
    };
    let Some(field) = overlay.form.field_mut(&key).filter(|f| takes_editor(f) && !f.locked) else {
        model.say(
            Tone::Bad,
            &format!("kept in {kept}: the field the editor was opened on is gone"),
            "",
        );
        return Vec::new();
    };
    let before = field.value();
    let mut wrong = None;
    let wanted = if is_json(field) {
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => value.to_string(),
            Err(_) if text.trim().is_empty() => String::new(),
            Err(error) => {
                wrong = Some(format!("line {}, column {}: {error}", error.line(), error.column()));
                text
            }
        }
    } else {
        text
    };
    field.set(&wanted);
    let whole = field.value().split_whitespace().eq(wanted.split_whitespace());
    field.settle(today);
    if let Some(wrong) = wrong {
        field.problem = Some(crate::engine::model::sanitise::sanitise(&wrong));
    }
    let changed = field.value() != before;
    let mut effects = Vec::new();
    if changed {
        overlay.form.touched = true;
        draft::overwritten(overlay, &key);
        let purpose = overlay.purpose.clone();
        effects = screens::form_changed(model, &purpose, &key);
    }
    if whole {
        effects.push(Effect::DropEdited(path));
    } else {
        let words = format!("kept in {kept}: the field cannot hold all of it as it is");
        model.say(Tone::Warn, &words, "");
    }
    effects
}

/// The form on top and the field's key, if that is what this editing was begun from.
fn came_from(model: &mut Model, id: Uuid) -> Option<(&mut FormOverlay, String)> {
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return None;
    };
    let (_, key) = overlay.keeping.edited.take_if(|(of, _)| *of == id)?;
    Some((overlay, key))
}
