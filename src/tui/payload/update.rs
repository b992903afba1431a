//! What keys do to the payload's text, and how it comes out of the form and back into it.

use std::collections::BTreeMap;

use serde_json::Value;
use tui_textarea::CursorMove;
use uuid::Uuid;

use super::{
    BYTES_MAX, Editor, Offers,
    json::{self, Part, Spot},
    offers::{self, Offer},
};
use crate::{
    engine::{
        api::{ApiError, Reply, Request, judge::JudgeAsk},
        model::{catalogue::Catalogue, ids::TicketId, json::CanonicalJson, platform::PlatformId, sanitise::sanitise},
    },
    tui::{
        app::{Effect, Model, draft, effect::TimerId, msg::Left, toast::Tone},
        command::{Cmd, table::Reason},
        form::edit_area,
        overlay::{FormFor, Overlay},
        screens::{
            self,
            compose::payload::{self, TEXT, TYPED},
        },
        ui::layout::panes,
    },
};

/// QA is asked when no key came for this long.
const REST_MS: u64 = 300;
/// Columns a new line begins further in, inside brackets.
const INDENT: usize = 2;

/// The form below speaks about a platform's fields, and may be written.
pub fn possible(model: &Model) -> Result<(), Reason> {
    let Some(Overlay::Form(overlay)) = model.overlays.last() else {
        return Err("it belongs to a ticket's form".to_owned());
    };
    if !matches!(overlay.purpose, FormFor::Compose | FormFor::EditTicket { .. }) {
        return Err("this form has no payload".to_owned());
    }
    if overlay.form.field(TEXT).is_none() {
        return Err("this ticket sends no payload, or its content is fixed".to_owned());
    }
    match subject(model) {
        Some(_) => Ok(()),
        None => Err("choose a channel first: it decides which fields there are".to_owned()),
    }
}

/// The ticket, the platform and its fields, of the form on top or below the text.
fn subject(model: &Model) -> Option<(Option<TicketId>, PlatformId, &Catalogue)> {
    let purpose = model.overlays.iter().rev().find_map(|o| match o {
        Overlay::Form(f) => Some(&f.purpose),
        _ => None,
    })?;
    match purpose {
        FormFor::Compose => {
            let (platform, catalogue) = model.screens.compose.catalogue.as_ref()?;
            Some((None, *platform, catalogue))
        }
        FormFor::EditTicket { id, .. } => {
            let platform = model.screens.detail.view()?.ticket.value.platform;
            Some((Some(*id), platform, model.screens.facts.fields_of(platform)?))
        }
        _ => None,
    }
}

/// Opens the text of the form on top: what was typed and not taken over, else what the form says.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some((ticket, platform, catalogue)) = subject(model) else {
        return Vec::new();
    };
    let Some(Overlay::Form(overlay)) = model.overlays.last() else {
        return Vec::new();
    };
    let typed = overlay.form.value(TYPED);
    let value = match ticket {
        Some(_) => {
            let base = &model.screens.detail.base;
            payload::gather(&overlay.form, catalogue, &base.payload, &base.fields)
        }
        None => payload::gather(&overlay.form, catalogue, &Value::Null, &BTreeMap::default()),
    };
    let title = overlay.form.title.as_str().to_owned();
    let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
    let mut editor = Editor::new(&title, &pretty, ticket, platform);
    if !typed.is_empty() {
        editor.set(&typed);
    }
    model.open(Overlay::Payload(Box::new(editor)));
    let mut effects = model.judged.clear();
    effects.extend(rested(model));
    if !typed.is_empty() {
        model.say(Tone::Note, "this is what was typed and not taken over", "");
    }
    effects
}

fn editor(model: &mut Model) -> Option<&mut Editor> {
    match model.overlays.last_mut() {
        Some(Overlay::Payload(editor)) => Some(editor),
        _ => None,
    }
}

/// Typed or pasted text.
pub fn insert(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(editor) = editor(model).filter(|e| !e.shows_form) else {
        return Vec::new();
    };
    if editor.text().len() + text.len() > BYTES_MAX {
        let words = format!(
            "it would have more than {} KiB, which no ticket can hold",
            BYTES_MAX / 1024
        );
        model.say(Tone::Warn, &words, "nothing was put in");
        return Vec::new();
    }
    let lines: Vec<String> = text
        .split('\n')
        .map(|l| sanitise(l.trim_end_matches('\r')).into_string())
        .collect();
    // One step for what came at once, so that one step takes it back.
    editor.area.insert_str(lines.join("\n"));
    changed(model, text.chars().count() == 1)
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let narrow = panes(model.size.width) == 1;
    let page = isize::try_from(model.regions().body.height.saturating_sub(6)).unwrap_or(10);
    let Some(editor) = editor(model) else { return Vec::new() };
    if editor.shows_form && !matches!(cmd, Cmd::PayloadApply | Cmd::PayloadSwap) {
        editor.shows_form = false;
        return Vec::new();
    }
    match cmd {
        Cmd::PayloadApply => apply(model),
        Cmd::PayloadLeave => leave(model),
        Cmd::PayloadSwap if editor.offers.is_some() => take(model),
        Cmd::PayloadSwap if narrow => {
            editor.shows_form = !editor.shows_form;
            Vec::new()
        }
        Cmd::PayloadSwap => insert(model, &" ".repeat(INDENT)),
        Cmd::PayloadEnter if editor.offers.as_ref().is_some_and(|o| o.moved) => take(model),
        Cmd::PayloadEnter => {
            newline(editor);
            changed(model, false)
        }
        Cmd::PayloadNext | Cmd::PayloadBack => {
            if let Some(offers) = &mut editor.offers {
                let last = offers.rows.len().saturating_sub(1);
                offers.row = if cmd == Cmd::PayloadNext {
                    (offers.row + usize::from(offers.moved)).min(last)
                } else {
                    offers.row.saturating_sub(1)
                };
                offers.moved = true;
            } else {
                offer(model, true);
            }
            Vec::new()
        }
        Cmd::PayloadUndo | Cmd::PayloadRedo => {
            let any = if cmd == Cmd::PayloadUndo {
                editor.area.undo()
            } else {
                editor.area.redo()
            };
            if any { changed(model, false) } else { Vec::new() }
        }
        Cmd::PayloadMarkNext | Cmd::PayloadMarkBack => {
            mark(editor, cmd == Cmd::PayloadMarkNext);
            Vec::new()
        }
        Cmd::PayloadPageDown | Cmd::PayloadPageUp => {
            let by = if cmd == Cmd::PayloadPageDown { page } else { -page };
            let cursor = editor.area.cursor();
            let row = cursor
                .0
                .saturating_add_signed(by)
                .min(editor.area.lines().len().saturating_sub(1));
            jump(editor, row, cursor.1);
            Vec::new()
        }
        Cmd::PayloadEditor => external(model),
        other => {
            if edit_area(&mut editor.area, other) {
                return changed(model, other == Cmd::FieldBackspace);
            }
            editor.offers = None;
            Vec::new()
        }
    }
}

fn jump(editor: &mut Editor, row: usize, column: usize) {
    let cell = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    editor.area.move_cursor(CursorMove::Jump(cell(row), cell(column)));
    editor.offers = None;
}

/// A new line, as far in as the brackets around it.
fn newline(editor: &mut Editor) {
    let cursor = editor.area.cursor();
    let line = editor.area.lines().get(cursor.0).cloned().unwrap_or_default();
    let before: String = line.chars().take(cursor.1).collect();
    let after: String = line.chars().skip(cursor.1).collect();
    let own = before.chars().take_while(|c| *c == ' ').count();
    let opens = before.trim_end().ends_with(['{', '[']);
    let closes = after.trim_start().starts_with(['}', ']']);
    let inner = if opens { own + INDENT } else { own };
    let mut text = format!("\n{}", " ".repeat(inner));
    if opens && closes {
        text.push('\n');
        text.push_str(&" ".repeat(own));
    }
    editor.area.insert_str(&text);
    if opens && closes {
        jump(editor, cursor.0 + 1, inner);
    }
}

/// The text changed: it is kept in the form, what may follow is offered, and QA is asked when the keys rest.
fn changed(model: &mut Model, offers: bool) -> Vec<Effect> {
    model.touch();
    let Some(editor) = editor(model) else { return Vec::new() };
    editor.problem = None;
    editor.unjudged = true;
    let text = editor.text();
    let typed = if text == editor.start { String::new() } else { text };
    keep(model, &typed);
    offer(model, false);
    if !offers && let Some(editor) = self::editor(model) {
        editor.offers = None;
    }
    // Set again with every key: only the last one's timer runs out.
    model.armed.insert(TimerId::Judge);
    vec![Effect::Timer {
        timer: TimerId::Judge,
        after: std::time::Duration::from_millis(REST_MS),
    }]
}

/// Keeps what was typed in the form below, where drafts find it.
fn keep(model: &mut Model, typed: &str) {
    let form = model.overlays.iter_mut().rev().find_map(|o| match o {
        Overlay::Form(f) => Some(f),
        _ => None,
    });
    if let Some(overlay) = form
        && let Some(field) = overlay.form.field_mut(TYPED)
    {
        field.set(typed);
        overlay.form.touched = true;
        draft::overwritten(overlay, TYPED);
    }
}

/// Offers what may be written at the cursor. `wanted` also where nothing of it is written yet.
fn offer(model: &mut Model, wanted: bool) {
    let Some(Overlay::Payload(now)) = model.overlays.last() else {
        return;
    };
    let cursor = now.area.cursor();
    let read = json::read(now.area.lines(), Some((cursor.0, cursor.1)));
    let rows = subject(model)
        .zip(read.spot.as_ref())
        .filter(|(_, spot)| wanted || spot.to > spot.from)
        .map(|((_, _, catalogue), spot)| offers::at(catalogue, spot, &read.places))
        .unwrap_or_default();
    let done = |rows: &[offers::Offer]| {
        let word = read.spot.as_ref().map_or("", |s| s.word.as_str());
        matches!(rows, [only] if only.title == word)
    };
    let offers = (!rows.is_empty() && !done(&rows)).then_some(Offers {
        rows,
        row: 0,
        moved: wanted,
    });
    if let Some(editor) = editor(model) {
        editor.offers = offers;
    }
}

/// Puts the chosen offer in place of the word at the cursor.
fn take(model: &mut Model) -> Vec<Effect> {
    let Some(editor) = editor(model) else { return Vec::new() };
    let Some(offer) = editor.offers.take().and_then(|o| o.rows.get(o.row).cloned()) else {
        return Vec::new();
    };
    let cursor = editor.area.cursor();
    let read = json::read(editor.area.lines(), Some((cursor.0, cursor.1)));
    let Some(spot) = read.spot else { return Vec::new() };
    let line = editor.area.lines().get(cursor.0).cloned().unwrap_or_default();
    let (text, back) = fitted(&line, &spot, &offer);
    jump(editor, cursor.0, spot.from);
    if spot.to > spot.from {
        editor.area.delete_str(spot.to - spot.from);
    }
    editor.area.insert_str(&text);
    for _ in 0..back {
        editor.area.move_cursor(CursorMove::Back);
    }
    changed(model, false)
}

/// An offer as it is written there, and how far the cursor goes back into it: a name that is put before another one gets
/// its comma, at the head of a line also a line of its own.
fn fitted(line: &str, spot: &Spot, offer: &Offer) -> (String, usize) {
    let after: String = line.chars().skip(spot.to).collect();
    if spot.part != Part::Name || spot.has_colon || !after.trim_start().starts_with('"') {
        return (offer.insert.clone(), offer.back);
    }
    let is_blank = |n: &usize| line.chars().take(*n).all(|c| c == ' ');
    let Some(start) = Some(spot.from).filter(is_blank) else {
        return (format!("{}, ", offer.insert), offer.back + 2);
    };
    // As far in as what follows; that keeps its own blanks.
    let missing = after.chars().take_while(|c| *c == ' ').count();
    let text = format!("{}{},\n{}", " ".repeat(missing), offer.insert, " ".repeat(start));
    (text, offer.back + 2 + start)
}

/// Goes to the next line something is said about.
fn mark(editor: &mut Editor, down: bool) {
    let mut lines: Vec<usize> = editor.findings.iter().map(|f| editor.line_of(f)).collect();
    lines.extend(editor.problem.iter().map(|(line, _)| *line));
    lines.sort_unstable();
    let here = editor.area.cursor().0;
    let next = if down {
        lines.iter().find(|l| **l > here).or(lines.first())
    } else {
        lines.iter().rev().find(|l| **l < here).or(lines.last())
    };
    if let Some(line) = next.copied() {
        jump(editor, line, 0);
        editor.area.move_cursor(CursorMove::End);
    }
}

/// The keys rest: what stands there is read, and QA is asked about it.
pub fn rested(model: &mut Model) -> Vec<Effect> {
    let Some(editor) = editor(model) else { return Vec::new() };
    let parsed = json::parse(&editor.text());
    let (ticket, platform) = (editor.ticket, editor.platform);
    match parsed {
        Err((line, column, words)) => {
            editor.problem = Some((
                line,
                sanitise(&format!("line {}, column {}: {words}", line + 1, column + 1)),
            ));
            model.touch();
            Vec::new()
        }
        Ok(value) => {
            editor.problem = None;
            model.touch();
            let payload = CanonicalJson::new(&value);
            let ask = JudgeAsk {
                ticket,
                platform,
                payload,
            };
            let mono = model.stamp.mono;
            model.judged.ask(Request::Judge(Box::new(ask)), mono)
        }
    }
}

/// QA has judged what stood there.
pub fn judged(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (fresh, next) = model.judged.answer(generation, result, mono, |r| match r {
        Reply::Judged(findings) => Some(findings),
        _ => None,
    });
    let findings = model.judged.get().cloned().filter(|_| fresh);
    let failure = model.judged.failure().map(|e| crate::tui::app::toast::explain(e).0);
    let waits = model.armed.contains(&TimerId::Judge) || model.judged.loading_since().is_some();
    if let Some(editor) = editor(model) {
        if let Some(findings) = findings {
            editor.findings = findings
                .into_iter()
                .filter(|f| f.field.as_str().starts_with("payload"))
                .collect();
            editor.unjudged = waits;
        } else if let Some(why) = failure {
            editor.problem = Some((0, sanitise(&format!("not judged: {why}"))));
        }
    }
    next
}

/// Takes the text over into the form below, and closes.
fn apply(model: &mut Model) -> Vec<Effect> {
    let Some(editor) = editor(model) else { return Vec::new() };
    let value = match json::parse(&editor.text()) {
        Ok(value) => value,
        Err((line, column, words)) => {
            let words = format!("line {}, column {}: {words}", line + 1, column + 1);
            editor.problem = Some((line, sanitise(&words)));
            editor.shows_form = false;
            jump(editor, line, column);
            model.say(
                Tone::Warn,
                &format!("not taken over: {words}"),
                "mend it, or Esc keeps it for later",
            );
            return Vec::new();
        }
    };
    let unchanged = editor.text() == editor.start;
    let catalogue = subject(model).map(|(_, _, c)| c.clone());
    model.overlays.pop();
    let mut effects = model.judged.forget();
    keep(model, "");
    let Some(catalogue) = catalogue.filter(|_| !unchanged) else {
        return effects;
    };
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return effects;
    };
    let keys = payload::take_text(&mut overlay.form, &catalogue, &value);
    overlay.form.touched = true;
    for key in &keys {
        draft::overwritten(overlay, key);
    }
    let purpose = overlay.purpose.clone();
    for key in &keys {
        effects.extend(screens::form_changed(model, &purpose, key));
    }
    let words = match keys.iter().filter(|k| *k != TEXT).count() {
        0 => "taken over into the form".to_owned(),
        1 => "taken over into the form: 1 field changed".to_owned(),
        n => format!("taken over into the form: {n} fields changed"),
    };
    let key = model.keymap.key(Cmd::FormSubmit);
    model.say(Tone::Good, &words, &format!("{key} hands the form in"));
    effects
}

/// Closes what is offered, else the text: what was typed stays in the form until it is taken over.
fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(editor) = editor(model) else { return Vec::new() };
    if editor.offers.take().is_some() {
        return Vec::new();
    }
    let changed = editor.text() != editor.start;
    model.overlays.pop();
    if changed {
        let key = model.keymap.key(Cmd::FormPayload);
        model.say(
            Tone::Warn,
            "the payload's text is kept as it was typed, and not taken over",
            &format!("{key} goes on with it"),
        );
    }
    model.judged.forget()
}

/// True when text waits that was typed and not taken over: a form is not handed in past it.
pub fn holds_back(model: &mut Model) -> bool {
    let Some(Overlay::Form(overlay)) = model.overlays.last() else {
        return false;
    };
    if overlay.form.value(TYPED).is_empty() {
        return false;
    }
    let (open, apply) = (model.keymap.key(Cmd::FormPayload), model.keymap.key(Cmd::PayloadApply));
    model.say(
        Tone::Warn,
        "the payload's text was typed and not taken over",
        &format!("{open} opens it, {apply} there takes it over"),
    );
    true
}

/// Opens the text in a person's own editor.
fn external(model: &mut Model) -> Vec<Effect> {
    if model.session.options.editor.is_none() {
        model.say(
            Tone::Warn,
            "no editor is set",
            "set VISUAL or EDITOR before the console is started",
        );
        return Vec::new();
    }
    let id = model.stamp.ids.mint();
    let Some(editor) = editor(model) else { return Vec::new() };
    editor.edited = Some(id);
    vec![Effect::Edit {
        id,
        ending: "json",
        text: editor.text(),
    }]
}

/// The person's own editor has ended: its text stands here now. `None` when it was not begun from here, or does not fit.
pub fn edited(model: &mut Model, id: Uuid, left: &Left) -> Option<Vec<Effect>> {
    let editor = editor(model)?;
    editor.edited.take_if(|of| *of == id)?;
    if left.text.len() > BYTES_MAX {
        return None;
    }
    editor.set(&left.text);
    let mut effects = changed(model, false);
    effects.push(Effect::DropEdited(left.path.clone()));
    Some(effects)
}
