//! Which contexts are live: overlay, focused field, screen, global; nearest first.

use super::model::Model;
use crate::tui::{command::Ctx, overlay::Overlay, screens};

/// The stack for the console as it is.
pub fn stack(model: &Model) -> Vec<Ctx> {
    let mut stack = model
        .overlays
        .last()
        .map_or_else(|| with_lists(screens::live_contexts(model)), overlay_contexts);
    stack.push(Ctx::Always);
    stack
}

/// True when printable characters are typed text.
pub fn takes_text(model: &Model) -> bool {
    match model.overlays.last() {
        Some(
            Overlay::Typed(_) | Overlay::Prompt(_) | Overlay::Picker(_) | Overlay::Finder(_) | Overlay::Payload(_),
        ) => true,
        Some(Overlay::Form(form)) => form.leaving.is_none() && form.form.takes_text(),
        Some(Overlay::Confirm(_) | Overlay::Viewer(_) | Overlay::Report) | None => false,
    }
}

fn screen_contexts(screen: screens::ScreenId) -> Vec<Ctx> {
    with_lists(screens::contexts(screen))
}

fn with_lists(mut stack: Vec<Ctx>) -> Vec<Ctx> {
    stack.extend([Ctx::List, Ctx::Global]);
    stack
}

fn overlay_contexts(overlay: &Overlay) -> Vec<Ctx> {
    match overlay {
        Overlay::Confirm(_) => vec![Ctx::Dialog],
        Overlay::Typed(_) | Overlay::Prompt(_) => vec![Ctx::Prompt, Ctx::Field],
        Overlay::Picker(_) => vec![Ctx::Choose, Ctx::Field],
        Overlay::Finder(_) => vec![Ctx::Finder, Ctx::Choose, Ctx::Field],
        Overlay::Viewer(_) => vec![Ctx::Viewer, Ctx::List],
        Overlay::Report => vec![Ctx::Report, Ctx::List],
        Overlay::Payload(_) => vec![Ctx::Payload, Ctx::Area, Ctx::Field],
        Overlay::Form(form) if form.leaving.is_some() => vec![Ctx::Leave, Ctx::Dialog],
        Overlay::Form(form) => form.form.contexts(),
    }
}

/// Every stack that can be reached: what the drift tests and a person's own keys are held against.
pub fn every_stack() -> Vec<Vec<Ctx>> {
    let mut all: Vec<Vec<Ctx>> = screens::ScreenId::ALL.iter().map(|s| screen_contexts(*s)).collect();
    all.extend([
        screen_contexts(screens::ScreenId::Detail),
        with_lists(vec![Ctx::Findings, Ctx::Ticket]),
        vec![Ctx::Dialog],
        vec![Ctx::Leave, Ctx::Dialog],
        vec![Ctx::Prompt, Ctx::Field],
        vec![Ctx::Choose, Ctx::Field],
        vec![Ctx::Finder, Ctx::Choose, Ctx::Field],
        vec![Ctx::Viewer, Ctx::List],
        vec![Ctx::Report, Ctx::List],
        vec![Ctx::Form, Ctx::Field],
        vec![Ctx::Area, Ctx::Form, Ctx::Field],
        vec![Ctx::Payload, Ctx::Area, Ctx::Field],
    ]);
    for stack in &mut all {
        stack.push(Ctx::Always);
    }
    all
}
