//! What keys do to the topmost overlay, and what happens when it closes.

use super::{Confirm, FormFor, Overlay, PickFor, Picker, PromptFor};
use crate::{
    engine::{
        api::SortKey,
        model::{deploy::Leftovers, sanitise::sanitise},
    },
    tui::{
        app::{
            Effect, Model, approval, complete, draft,
            effect::{Origin, TimerId},
            run,
            toast::Tone,
            verbs,
        },
        bulk,
        command::{Cmd, Command, finder},
        form::{Choice, FormEvent},
        payload, screens,
        ui::select::Move,
    },
};

/// A filter is applied when no key came for this long.
const FILTER_MS: u64 = 100;

/// Typed or pasted text.
pub fn insert(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::Typed(t)) => {
            t.wrong = false;
            t.line.insert(text);
        }
        Some(Overlay::Prompt(p)) => {
            p.line.insert(text);
            return typed(model);
        }
        Some(Overlay::Picker(p)) => {
            p.row = 0;
            p.query.insert(text);
        }
        Some(Overlay::Finder(f)) => {
            f.row = 0;
            f.line.insert(text);
        }
        Some(Overlay::Form(f)) => {
            let event = f.form.insert(text);
            return form_event(model, event);
        }
        Some(Overlay::Payload(_)) => return payload::update::insert(model, text),
        Some(Overlay::Confirm(_) | Overlay::Viewer(_) | Overlay::Report) | None => {}
    }
    Vec::new()
}

/// A command for the topmost overlay.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    let today = model.today();
    let page = usize::from(model.regions().body.height.saturating_sub(4)).max(1);
    let width = usize::from(super::view::viewer_area(model.regions().body).width.saturating_sub(4));
    // While words after a command are typed, the rows are those.
    let words = words_after(model).map(|(_, rows)| rows.len());
    match model.overlays.last_mut() {
        Some(Overlay::Confirm(_)) => match cmd {
            Cmd::Yes => yes(model),
            Cmd::No => close(model),
            _ => Vec::new(),
        },
        Some(Overlay::Typed(typed)) => match cmd {
            Cmd::PromptSubmit if typed.line.text().trim() == typed.intent.word => yes(model),
            Cmd::PromptSubmit => {
                typed.wrong = true;
                Vec::new()
            }
            Cmd::PromptCancel => close(model),
            other => {
                typed.line.run(other);
                Vec::new()
            }
        },
        Some(Overlay::Prompt(prompt)) => match cmd {
            Cmd::PromptSubmit => submit_prompt(model),
            Cmd::PromptCancel if prompt.is_filter() => {
                let before = prompt.before.clone();
                model.overlays.pop();
                filter(model, &before).unwrap_or_default()
            }
            Cmd::PromptCancel if prompt.purpose == PromptFor::Ask => {
                let text = prompt.line.text().to_owned();
                screens::copilot::update::keep_draft(model, &text);
                close(model)
            }
            Cmd::PromptCancel => close(model),
            Cmd::PromptOlder | Cmd::PromptNewer if prompt.purpose == PromptFor::Ask => {
                screens::copilot::update::recall(model, cmd == Cmd::PromptOlder);
                Vec::new()
            }
            other if prompt.line.run(other) => typed(model),
            _ => Vec::new(),
        },
        Some(Overlay::Picker(picker)) => match cmd {
            Cmd::ChooseTake => take_pick(model),
            Cmd::ChooseCancel => close(model),
            other => {
                let len = picker.found().len();
                if !step(&mut picker.row, other, len, page) && picker.query.run(other) {
                    picker.row = 0;
                }
                Vec::new()
            }
        },
        Some(Overlay::Finder(finder)) => match cmd {
            Cmd::ChooseTake => run_found(model),
            Cmd::ChooseCancel => close(model),
            Cmd::FinderComplete => {
                complete_line(model);
                Vec::new()
            }
            // On an empty line, Backspace leaves as it does in an editor's command line.
            Cmd::FieldBackspace if finder.line.text().is_empty() => close(model),
            other => {
                let len = words.unwrap_or_else(|| finder.found().len());
                if !step(&mut finder.row, other, len, page) && finder.line.run(other) {
                    finder.row = 0;
                }
                Vec::new()
            }
        },
        Some(Overlay::Viewer(viewer)) => match cmd {
            Cmd::ViewerClose => close(model),
            Cmd::ViewerCopy => vec![Effect::Copy(viewer.text())],
            other => {
                if let Some(step) = screens::movement(other) {
                    let last = viewer.wrapped(width).len().saturating_sub(page);
                    viewer.top = step.target(viewer.top, last + 1, page);
                }
                Vec::new()
            }
        },
        Some(Overlay::Report) => bulk::report::run(model, cmd),
        Some(Overlay::Payload(_)) => payload::update::run(model, cmd),
        Some(Overlay::Form(overlay)) => {
            if overlay.leaving.is_some() {
                return answer_leaving(model, cmd);
            }
            if cmd == Cmd::FormPayload && !overlay.form.busy {
                return payload::update::open(model);
            }
            if cmd == Cmd::FormEditor {
                return super::editor::open(model);
            }
            let event = overlay.form.run(cmd, today);
            let chosen = match &event {
                FormEvent::Changed(key) if matches!(cmd, Cmd::FormEnter | Cmd::FormNext | Cmd::FormDown) => {
                    Some(key.clone())
                }
                _ => None,
            };
            let effects = form_event(model, event);
            if let (Some(key), Some(Overlay::Form(overlay))) = (chosen, model.overlays.last_mut()) {
                overlay.form.not_past(&key);
            }
            effects
        }
        None => Vec::new(),
    }
}

fn step(row: &mut usize, cmd: Cmd, len: usize, page: usize) -> bool {
    let step = match cmd {
        Cmd::ChooseDown => Move::Down,
        Cmd::ChooseUp => Move::Up,
        Cmd::ChoosePageDown => Move::PageDown,
        Cmd::ChoosePageUp => Move::PageUp,
        _ => return false,
    };
    *row = step.target(*row, len, page);
    true
}

fn close(model: &mut Model) -> Vec<Effect> {
    model.overlays.pop();
    Vec::new()
}

fn yes(model: &mut Model) -> Vec<Effect> {
    let intent = match model.overlays.pop() {
        Some(Overlay::Confirm(Confirm { intent, .. })) => intent,
        Some(Overlay::Typed(typed)) => typed.intent,
        other => {
            model.overlays.extend(other);
            return Vec::new();
        }
    };
    // A form that asked once more waits again: it is handed in only once.
    if intent.origin == Origin::Form
        && let Some(Overlay::Form(form)) = model.overlays.last_mut()
    {
        form.form.busy = true;
    }
    intent.carry_out(model)
}

/// A prompt's line changed. A filter shows what it finds as soon as the keys rest.
fn typed(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    if !prompt.is_filter() {
        prompt.problem = None;
        return Vec::new();
    }
    // Set again with every key: only the last one's timer runs out.
    model.armed.insert(TimerId::Filter);
    vec![Effect::Timer {
        timer: TimerId::Filter,
        after: std::time::Duration::from_millis(FILTER_MS),
    }]
}

/// The keys rest: the list behind the filter's line shows what it finds.
pub fn filter_rested(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return Vec::new();
    };
    if !prompt.is_filter() {
        return Vec::new();
    }
    let text = prompt.line.text().trim().to_owned();
    let outcome = filter(model, &text);
    let doubt = screens::doubt::about(model, &text);
    model.touch();
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    match outcome {
        Ok(effects) => {
            prompt.problem = None;
            prompt.doubt = doubt.as_deref().map(sanitise);
            effects
        }
        Err(problem) => {
            prompt.refuse(&problem);
            Vec::new()
        }
    }
}

/// Sets the filter unless it is this one already.
fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    if screens::filter_text(model).as_deref() == Some(text) {
        return Ok(Vec::new());
    }
    screens::set_filter(model, text)
}

fn submit_prompt(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return Vec::new();
    };
    let (text, purpose) = (prompt.line.text().trim().to_owned(), prompt.purpose.clone());
    let outcome = match purpose {
        PromptFor::Filter => filter(model, &text),
        PromptFor::ViewName => screens::tickets::views::keep(model, &text).map(|()| Vec::new()),
        PromptFor::CancelReason(_)
        | PromptFor::HoldReason(_)
        | PromptFor::AnswerReason(_)
        | PromptFor::BulkReason(_)
        | PromptFor::Decline(_)
            if text.is_empty() =>
        {
            Err("a reason is needed: the history shows it".to_owned())
        }
        PromptFor::Ask if text.is_empty() => Err("a question is needed".to_owned()),
        PromptFor::Ask => {
            model.overlays.pop();
            return screens::copilot::update::asked(model, &text);
        }
        PromptFor::CancelReason(cancelling) => {
            model.overlays.pop();
            return verbs::cancel(model, cancelling, &text);
        }
        PromptFor::BulkReason(leftovers) => {
            model.overlays.pop();
            return bulk::ask::reason_given(model, leftovers, &text);
        }
        PromptFor::HoldReason(scope) => {
            model.overlays.pop();
            return screens::deploys::hold::place(model, scope, &text);
        }
        PromptFor::Comment(..) if text.is_empty() => Err("write something, or Esc leaves it unsaid".to_owned()),
        PromptFor::Decline(spoken) => {
            model.overlays.pop();
            return approval::decline(model, spoken, &text);
        }
        PromptFor::Comment(id, no) => {
            model.overlays.pop();
            return approval::comment(model, id, no, &text);
        }
        PromptFor::AnswerReason(answering) => {
            model.overlays.pop();
            return screens::deploys::answer::give(model, answering, &text);
        }
    };
    match outcome {
        Ok(effects) => {
            model.overlays.pop();
            if let Some(doubt) = screens::doubt::about(model, &text) {
                model.say(Tone::Note, &doubt, "");
            }
            effects
        }
        Err(problem) => {
            if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
                prompt.refuse(&problem);
            }
            Vec::new()
        }
    }
}

fn take_pick(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Picker(picker)) = model.overlays.last() else {
        return Vec::new();
    };
    let Some((choice, refused)) = picker.found().get(picker.row).map(|(c, r)| (c.clone(), *r)) else {
        return Vec::new();
    };
    if refused {
        let words = format!("{}: {}", choice.title, choice.detail);
        model.say(Tone::Note, &words, "");
        return Vec::new();
    }
    let (purpose, row) = (picker.purpose.clone(), picker.row);
    model.overlays.pop();
    match purpose {
        PickFor::Move => verbs::run_move(model, &choice.key),
        PickFor::Leftovers(mut cancelling) => {
            let archive = choice.key == "archive";
            cancelling.leftovers = Some(if archive {
                Leftovers::Archive
            } else {
                Leftovers::KeepPaused
            });
            verbs::ask_reason(model, cancelling);
            Vec::new()
        }
        PickFor::Priority(of) => screens::deploys::priority::picked(model, &of, &choice.key),
        PickFor::Hold(scopes) => screens::deploys::hold::picked(model, &scopes, &choice.key),
        PickFor::Answer(answers) => screens::deploys::answer::picked(model, &answers, &choice.key),
        PickFor::Sort => {
            let sort = match choice.key.as_str() {
                "number" => SortKey::Number,
                "name" => SortKey::Name,
                "status" => SortKey::Status,
                "budget" => SortKey::Budget,
                _ => SortKey::Updated,
            };
            screens::tickets::update::sort(model, sort)
        }
        PickFor::BulkLeftovers => bulk::ask::leftovers_picked(model, &choice.key),
        PickFor::BulkField => bulk::ask::field_picked(model, &choice.key),
        PickFor::View => screens::tickets::views::show(model, &choice.key),
        PickFor::Column => {
            screens::tickets::columns::toggle(model, &choice.key, row);
            Vec::new()
        }
        PickFor::Draft => draft::picked(model, &choice.key),
        PickFor::Field => go_to_field(model, &choice.key),
        PickFor::CloneInto(id, no) => verbs::clone_into(model, id, no, &choice.key),
    }
}

/// The command whose words are being typed, and what they may be.
fn words_after(model: &Model) -> Option<(&'static Command, Vec<Choice>)> {
    let Some(Overlay::Finder(finder)) = model.overlays.last() else {
        return None;
    };
    let (record, typed) = finder::argument(finder.line.text())?;
    Some((record, complete::rows(model, record, typed)))
}

/// Writes the selected row into the line: a command's id, or the words after it.
fn complete_line(model: &mut Model) {
    let words = words_after(model);
    let Some(Overlay::Finder(finder)) = model.overlays.last_mut() else {
        return;
    };
    let line = match words {
        Some((record, rows)) => rows.get(finder.row).map(|c| format!("{} {}", record.id, c.key)),
        None => finder
            .found()
            .get(finder.row)
            .map(|(cmd, _)| format!("{} ", cmd.record().id)),
    };
    if let Some(line) = line {
        finder.line.set(&line);
        finder.row = 0;
    }
}

fn run_found(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Finder(finder)) = model.overlays.last() else {
        return Vec::new();
    };
    let (line, row) = (finder.line.text().to_owned(), finder.row);
    if let Some((record, rows)) = words_after(model) {
        // A row that is the whole of it goes; a filter goes as it is typed.
        let picked = rows.get(row).filter(|_| complete::is_whole(record));
        let typed = finder::split_line(&line).1;
        let arg = picked.map(|c| c.key.clone()).or_else(|| typed.map(str::to_owned));
        model.overlays.pop();
        return run::run(model, record.cmd, arg.as_deref());
    }
    let Some((cmd, _)) = finder.found().get(finder.row).cloned() else {
        return Vec::new();
    };
    let (_, arg) = finder::split_line(&line);
    model.overlays.pop();
    run::run(model, cmd, arg)
}

/// Whether what was typed is dropped. The question stays until it is answered.
fn answer_leaving(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match (cmd, model.overlays.last_mut()) {
        (Cmd::Yes, _) => return close(model),
        (Cmd::FormKeep, _) => return draft::keep(model),
        (Cmd::No, Some(Overlay::Form(overlay))) => overlay.leaving = None,
        _ => {}
    }
    Vec::new()
}

/// The fields of the form on top, to go to one.
fn list_fields(model: &mut Model) {
    let Some(Overlay::Form(overlay)) = model.overlays.last() else {
        return;
    };
    let mut section = String::new();
    let mut options = Vec::new();
    for field in &overlay.form.fields {
        if field.heading {
            field.label.as_str().clone_into(&mut section);
        } else if field.can_focus() || (field.is_editable() && field.shape.is_some()) {
            let label = field.label.as_str().trim_end_matches(" *");
            let detail = format!("{} {}", section.to_lowercase(), field.key);
            options.push((Choice::new(field.key.clone(), label, detail.trim_start()), false));
        }
    }
    model.open(Overlay::Picker(Picker::new("Go to the field", options, PickFor::Field)));
}

/// Goes to a field; what is folded unfolds around it.
fn go_to_field(model: &mut Model, key: &str) -> Vec<Effect> {
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    overlay.form.focus_on(key);
    let purpose = overlay.purpose.clone();
    screens::form_changed(model, &purpose, "")
}

fn form_event(model: &mut Model, event: FormEvent) -> Vec<Effect> {
    let Some(Overlay::Form(overlay)) = model.overlays.last() else {
        return Vec::new();
    };
    let purpose = overlay.purpose.clone();
    match event {
        FormEvent::None => Vec::new(),
        FormEvent::Changed(key) => {
            if let Some(Overlay::Form(overlay)) = model.overlays.last_mut() {
                draft::overwritten(overlay, &key);
            }
            screens::form_changed(model, &purpose, &key)
        }
        FormEvent::Submit => screens::form_submitted(model, &purpose),
        FormEvent::ChangedThenSubmit(key) => {
            let mut effects = screens::form_changed(model, &purpose, &key);
            effects.extend(run(model, Cmd::FormSubmit));
            effects
        }
        FormEvent::Find => {
            list_fields(model);
            Vec::new()
        }
        // Choices between two values are made again in no time; what they are about stays in the form below.
        FormEvent::Cancel if overlay.form.touched && !matches!(purpose, FormFor::Conflict { .. }) => {
            let now = model.stamp.mono;
            if let Some(Overlay::Form(overlay)) = model.overlays.last_mut() {
                overlay.leaving = Some(now);
            }
            Vec::new()
        }
        FormEvent::Cancel => close(model),
    }
}
