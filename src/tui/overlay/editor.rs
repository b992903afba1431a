//! A field of a form in a person's own editor, and back.

use serde_json::Value;

use super::Overlay;
use crate::{
    engine::model::catalogue::FieldType,
    tui::{
        app::{Effect, Model, draft, toast::Tone},
        form::{Field, FieldKind},
        screens,
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
    let Some((json, text)) = field.map(|f| (is_json(f), f.value())) else {
        model.say(
            Tone::Note,
            "this field is chosen or short; the editor is for texts and JSON",
            "",
        );
        return Vec::new();
    };
    overlay.keeping.edited = Some(overlay.form.focus());
    let pretty = || {
        serde_json::from_str::<Value>(&text)
            .and_then(|v| serde_json::to_string_pretty(&v))
            .ok()
    };
    let laid_out = if json { pretty() } else { None };
    vec![Effect::Edit {
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

/// The editor has ended: its text goes where it came from. JSON that cannot be read goes there too, with its line: what
/// was typed is never dropped.
pub fn edited(model: &mut Model, outcome: Result<String, String>) -> Vec<Effect> {
    model.touch();
    let today = model.today();
    let text = match outcome {
        Ok(text) => text,
        Err(why) => {
            model.say(Tone::Bad, &why, "");
            return Vec::new();
        }
    };
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    let at = overlay.keeping.edited.take();
    let Some(field) = at.and_then(|i| overlay.form.fields.get_mut(i)) else {
        return Vec::new();
    };
    let before = field.value();
    let mut wrong = None;
    if is_json(field) {
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => field.set(&value.to_string()),
            Err(_) if text.trim().is_empty() => field.set(""),
            Err(error) => {
                field.set(&text);
                wrong = Some(format!("line {}, column {}: {error}", error.line(), error.column()));
            }
        }
    } else {
        field.set(&text);
    }
    field.settle(today);
    if let Some(wrong) = wrong {
        field.problem = Some(crate::engine::model::sanitise::sanitise(&wrong));
    }
    if field.value() == before {
        return Vec::new();
    }
    let key = field.key.clone();
    overlay.form.touched = true;
    draft::overwritten(overlay, &key);
    let purpose = overlay.purpose.clone();
    screens::form_changed(model, &purpose, &key)
}
