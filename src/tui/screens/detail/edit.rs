//! Editing a ticket: a form over the left pane, one command for all changes, and what happens when somebody else was
//! quicker.

use std::collections::BTreeMap;

use super::{
    conflict::{self, Theirs},
    model::{Base, Side},
    update::show_field,
};
use crate::{
    engine::{
        api::{CommandKind, TicketPatch, TicketView},
        model::{
            catalogue::Catalogue,
            ids::{TicketId, TicketNo},
            json::CanonicalJson,
            sanitise::sanitise,
            ticket::{Finding, Status},
        },
    },
    tui::{
        app::{
            Effect, Model,
            effect::Origin,
            gate::{self, Intent},
            toast::Tone,
        },
        command::Cmd,
        form::{Field, Form},
        overlay::{FormFor, FormOverlay, Overlay},
        screens::{
            ScreenId,
            compose::{
                content::{self, Parts},
                payload,
            },
            facts,
        },
    },
};

/// True while content (what QA judges) may be changed.
pub const fn takes_content(status: Status) -> bool {
    matches!(
        status,
        Status::Draft | Status::QaTesting | Status::QaFailed | Status::ReadyForApi | Status::Failed
    )
}

/// Opens the form, at a field if one is named; waits for what it needs.
pub fn open(model: &mut Model, path: Option<String>) -> Vec<Effect> {
    if !gate::admit(model, Cmd::TicketEdit) {
        return Vec::new();
    }
    open_admitted(model, path)
}

/// The same once the gate has admitted it, for a ticket that is still being read.
pub fn open_admitted(model: &mut Model, path: Option<String>) -> Vec<Effect> {
    model.screens.detail.pending = Some(path);
    let mut effects = Vec::new();
    if let Some(platform) = model.screens.detail.view().map(|v| v.ticket.value.platform) {
        effects.extend(facts::ask_fields(model, platform));
    }
    effects.extend(facts::ask_governance(model));
    effects.extend(open_pending(model));
    effects
}

/// Opens the form that was wished for, once everything it needs is here.
pub fn open_pending(model: &mut Model) -> Vec<Effect> {
    let detail = &model.screens.detail;
    let facts = &model.screens.facts;
    let ready = detail
        .view()
        .is_some_and(|v| facts.governance.get().is_some() && facts.is_settled(v.ticket.value.platform));
    if model.screen != ScreenId::Detail || !model.overlays.is_empty() {
        // Somebody went on to something else meanwhile.
        model.screens.detail.pending = None;
        return Vec::new();
    }
    if !ready {
        return Vec::new();
    }
    let Some(path) = model.screens.detail.pending.take() else {
        return Vec::new();
    };
    let Some(view) = model.screens.detail.view().cloned() else {
        return Vec::new();
    };
    let ticket = &view.ticket.value;
    let catalogue = model.screens.facts.fields_of(ticket.platform).cloned();
    let mut form = Form::new(
        &format!("Edit {}", ticket.no),
        "Save",
        fields(&view, catalogue.as_ref(), model),
    );
    remarks(&mut form, model.screens.detail.findings());
    let base = Base {
        fields: payload::snapshot(&form),
        payload: ticket.payload.value(),
        conflicts: BTreeMap::new(),
    };
    let mut elsewhere = None;
    if let Some(path) = &path
        && !path.is_empty()
    {
        show_field(model, path);
        if !form.focus_on(path) {
            elsewhere = Some(path.clone());
        }
    }
    if let Some(catalogue) = &catalogue {
        payload::fold(&mut form, catalogue);
    }
    let purpose = FormFor::EditTicket {
        id: ticket.id,
        no: ticket.no,
        version: view.ticket.version,
    };
    model.screens.detail.base = base;
    model.screens.detail.contested = false;
    model.screens.detail.side = Side::Form;
    model.open(Overlay::Form(Box::new(FormOverlay::new(form, purpose))));
    if let Some(path) = elsewhere {
        model.say(
            Tone::Note,
            &format!("{path} is no field of this form"),
            "the finding says what to do",
        );
    }
    Vec::new()
}

fn fields(view: &TicketView, catalogue: Option<&Catalogue>, model: &Model) -> Vec<Field> {
    let ticket = &view.ticket.value;
    let parts = Parts::of(ticket.request);
    let free = takes_content(ticket.status);
    let account = model.screens.facts.account(ticket.channel, &ticket.account);
    let currency = account
        .map(|a| a.currency)
        .or_else(|| ticket.budget.map(|b| b.money.currency()));
    let mut content = Vec::new();
    if parts.budget {
        content.extend(content::budget_fields(currency, ticket.budget));
    }
    if parts.flight {
        content.extend(content::flight_fields(ticket.flight));
    }
    if let Some(catalogue) = catalogue.filter(|_| parts.payload) {
        content.push(payload::fold_field());
        if free {
            content.extend(payload::text_fields());
        }
        content.extend(payload::fields(catalogue, &ticket.payload.value()));
    }
    for field in &mut content {
        field.locked = !free;
    }
    if free {
        content.insert(0, Field::note("Name", &ticket.name));
    } else {
        let words = format!(
            "{} is {}: its content is fixed, these may change",
            ticket.no, ticket.status
        );
        content.insert(0, Field::note("", &words));
    }
    content.extend(content::care_fields(&ticket.notes, &ticket.assignee, ticket.priority));
    if free {
        content.push(content::qa_field("Run QA after it", model.session.qa_after_form));
    }
    content
}

/// Findings stand at their fields, as remarks: they block nothing, the next QA run judges again.
fn remarks(form: &mut Form, findings: Vec<Finding>) {
    // Errors last: of several at one field the worst is shown.
    for finding in findings.into_iter().rev() {
        if let Some(field) = form.field_at(finding.field.as_str()) {
            field.remark = sanitise(&format!("{} ({})", finding.message, finding.remedy));
        }
    }
}

fn open_form(model: &mut Model) -> Option<(&mut Form, &mut FormFor)> {
    match model.overlays.last_mut() {
        Some(Overlay::Form(o)) if matches!(o.purpose, FormFor::EditTicket { .. }) => {
            Some((&mut o.form, &mut o.purpose))
        }
        _ => None,
    }
}

fn catalogue(model: &Model) -> Option<Catalogue> {
    let platform = model.screens.detail.view()?.ticket.value.platform;
    model.screens.facts.fields_of(platform).cloned()
}

/// A field changed: its finding is answered until QA speaks again, and what hangs on it unfolds.
pub fn changed(model: &mut Model, key: &str) -> Vec<Effect> {
    let catalogue = catalogue(model);
    if let Some((form, _)) = open_form(model) {
        if let Some(field) = form.field_mut(key) {
            field.remark = sanitise("");
        }
        if let Some(catalogue) = catalogue
            && form.fields.iter().any(|f| f.key.starts_with(payload::PREFIX))
        {
            payload::fold(form, &catalogue);
        }
    }
    Vec::new()
}

/// The form is handed in: one command with everything that changed, and the version that was seen.
pub fn submitted(model: &mut Model, id: TicketId, no: TicketNo, version: u64) -> Vec<Effect> {
    if crate::tui::payload::update::holds_back(model) || conflict::ask(model) {
        return Vec::new();
    }
    let catalogue = catalogue(model);
    let base = std::mem::take(&mut model.screens.detail.base);
    let patch = open_form(model).and_then(|(form, _)| patch(form, catalogue.as_ref(), &base));
    model.screens.detail.base = base;
    let Some(patch) = patch else { return Vec::new() };
    if patch == TicketPatch::default() {
        model.overlays.pop();
        model.say(Tone::Note, &format!("nothing changed in {no}"), "");
        return Vec::new();
    }
    let mut qa = false;
    if let Some((form, _)) = open_form(model) {
        form.busy = true;
        qa = content::wants_qa(form);
    }
    let judged = patch.touches_content();
    if judged {
        model.session.qa_after_form = qa;
    }
    let done = if judged {
        format!("{no} is saved as a draft; t runs QA")
    } else {
        format!("{no} is saved")
    };
    let kind = CommandKind::TicketEdit { id, version, patch };
    let mut intent = Intent::new(model, kind, format!("save {no}"), done).from_form();
    if qa && judged {
        intent.origin = Origin::Saved { id };
    }
    gate::pass(model, Cmd::TicketEdit.record().danger, intent)
}

/// What changed against the base; `None` when the form shows a problem of its own.
fn patch(form: &mut Form, catalogue: Option<&Catalogue>, base: &Base) -> Option<TicketPatch> {
    if content::refuse_half_a_flight(form) {
        form.focus_problem();
        return None;
    }
    let moved = |keys: &[&str]| {
        keys.iter()
            .any(|k| form.field(k).is_some() && form.value(k) != *base.fields.get(*k).map_or("", String::as_str))
    };
    let mut patch = TicketPatch::default();
    if moved(&["budget", "budget.kind"]) {
        patch.budget = Some(content::budget(form));
    }
    if moved(&["flight.start", "flight.end"]) {
        patch.flight = Some(content::flight(form));
    }
    if let Some(catalogue) = catalogue
        && form.fields.iter().any(|f| f.key.starts_with(payload::PREFIX))
    {
        let after = payload::gather(form, catalogue, &base.payload, &base.fields);
        // Sections the catalogue adds are no change.
        let before = payload::laid_over(form, catalogue, &base.payload, &payload::snapshot(form));
        if after != before {
            patch.payload = Some(CanonicalJson::new(&after));
        }
    }
    if moved(&["notes"]) {
        patch.notes = Some(form.value("notes"));
    }
    if moved(&["assignee"]) {
        patch.assignee = Some(form.value("assignee"));
    }
    if moved(&["priority"]) {
        patch.priority = form.value("priority").parse().ok();
    }
    // A lone change of "daily or lifetime" without an amount is none.
    if patch.budget == Some(None) && !moved(&["budget"]) {
        patch.budget = None;
    }
    Some(patch)
}

/// Where the edit form is: on top, or below the question about fields that others changed too.
fn place(model: &Model) -> Option<usize> {
    let asks = |o: &Overlay| matches!(o, Overlay::Form(f) if matches!(f.purpose, FormFor::Conflict { .. }));
    model.overlays.iter().rposition(|o| !asks(o))
}

/// The ticket changed under the open form. Fields nobody touched here follow; touched ones stay, and say what the other
/// one is; the next save names the new version. What was refused only because the ticket had moved on, with nothing in
/// the form changed by anybody, is handed in again.
pub fn rebase(model: &mut Model) -> Vec<Effect> {
    let Some(view) = model.screens.detail.view().cloned() else {
        return Vec::new();
    };
    let place = place(model);
    let catalogue = catalogue(model);
    let fields = fields(&view, catalogue.as_ref(), model);
    let fresh = Form::new("", "", fields);
    let by = view.card.updated_by.clone();
    let mut base = std::mem::take(&mut model.screens.detail.base);
    let asked = base.conflicts.clone();
    let mut told = Vec::new();
    if let Some(Overlay::Form(overlay)) = place.and_then(|n| model.overlays.get_mut(n))
        && let FormFor::EditTicket { id, version, .. } = &mut overlay.purpose
        && *id == view.ticket.value.id
        && *version < view.ticket.version
    {
        let form = &mut overlay.form;
        *version = view.ticket.version;
        form.problems.clear();
        form.busy = false;
        for theirs in fresh
            .fields
            .iter()
            .filter(|f| !f.key.is_empty() && f.key != payload::FOLD)
        {
            let key = theirs.key.as_str();
            let (old, new) = (base.fields.get(key).map_or("", String::as_str), theirs.value());
            let Some(mine) = form.field_mut(key) else { continue };
            mine.locked = theirs.locked;
            overlay.keeping.start.insert(key.to_owned(), new.clone());
            if new == old {
                continue;
            }
            let label = mine.label.as_str().trim_end_matches(" *").to_owned();
            let said = if new.is_empty() { "nothing" } else { new.as_str() };
            if mine.value() == old {
                mine.set(&new);
                mine.remark = sanitise(&format!("{by} changed it meanwhile"));
                told.push(format!("{label} is {said}"));
            } else if mine.value() != new {
                mine.remark = sanitise(&format!(
                    "{by} made it \"{said}\" meanwhile; saving asks which it shall be"
                ));
                let theirs = Theirs {
                    value: new.clone(),
                    by: by.to_string(),
                    at: view.card.updated_at,
                };
                base.conflicts.insert(key.to_owned(), theirs);
                told.push(format!("{label} is {said} there, yours is kept"));
            }
        }
        if let Some(text) = form.field_mut(payload::TEXT)
            && let Ok(mine) = serde_json::from_str(&text.value())
        {
            let theirs = view.ticket.value.payload.value();
            let both = payload::merged(Some(&base.payload), Some(&theirs), Some(&mine));
            text.set(&both.unwrap_or(mine).to_string());
        }
        base.fields = payload::snapshot(&fresh);
        base.payload = view.ticket.value.payload.value();
    }
    let more = base.conflicts != asked;
    model.screens.detail.base = base;
    if more && place.is_some_and(|n| n + 1 < model.overlays.len()) {
        // The question on the screen is about an older state: it is put again.
        model.overlays.pop();
        conflict::ask(model);
    }
    if std::mem::take(&mut model.screens.detail.contested) {
        if conflict::ask(model) {
            return Vec::new();
        }
        if told.is_empty()
            && let Some((_, &mut FormFor::EditTicket { id, no, version })) = open_form(model)
        {
            return submitted(model, id, no, version);
        }
    }
    if !told.is_empty() {
        let words = format!("{by} changed {} meanwhile: {}", view.ticket.value.no, told.join("; "));
        model.say(Tone::Note, &words, "Ctrl-s saves yours");
    }
    Vec::new()
}
