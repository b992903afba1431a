//! What the audit screen does.

use super::model::{BATCH, geometry, parse};
use crate::{
    engine::{
        api::{ApiError, AuditAsk, Reply, Request},
        model::sanitise::sanitise,
    },
    tui::{
        app::{Effect, Model},
        command::Cmd,
        overlay::{Overlay, Viewer},
        screens,
        theme::Role,
        ui::grouped,
    },
};

fn page(model: &Model) -> usize {
    geometry(model.regions().body).2
}

/// Rows that came above the view.
pub fn new_above(model: &Model) -> usize {
    let audit = &model.screens.audit;
    audit.pick.new_above(page(model), audit.rows.len())
}

/// A click selects the row under it.
pub fn click(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let (list, _, page) = geometry(model.regions().body);
    let audit = &mut model.screens.audit;
    if let Some(row) = screens::clicked_row(list, x, y) {
        let ids = audit.ids();
        audit.pick.click(&ids, row, page);
    }
    Vec::new()
}

/// Asks for the newest rows.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let audit = &mut model.screens.audit;
    audit.older = false;
    let request = AuditAsk {
        before: None,
        limit: BATCH,
        ..audit.asked.clone()
    };
    audit.slot.ask(Request::Audit(request), mono)
}

/// Asks for rows older than the oldest at hand.
fn ask_older(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let audit = &mut model.screens.audit;
    let Some(last) = audit.rows.last() else {
        return Vec::new();
    };
    if audit.complete || audit.slot.loading_since().is_some() {
        return Vec::new();
    }
    audit.older = true;
    let request = AuditAsk {
        before: Some(last.seq),
        limit: BATCH,
        ..audit.asked.clone()
    };
    audit.slot.ask(Request::Audit(request), mono)
}

/// The answer: newer rows go on top, older ones below; what is at hand stays.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let audit = &mut model.screens.audit;
    let (fresh, next) = audit.slot.answer(generation, result, mono, |r| match r {
        Reply::Events(events) => Some(events),
        _ => None,
    });
    if !fresh {
        return next;
    }
    let batch = audit.slot.get().cloned().unwrap_or_default();
    let full = batch.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX);
    if audit.older {
        audit.complete = !full;
        audit.rows.extend(batch);
    } else {
        let oldest_new = batch.last().map(|e| e.seq);
        let known = audit.rows.first().map(|e| e.seq);
        let joins = matches!((oldest_new, known), (Some(new), Some(known)) if new <= known);
        if joins {
            let rest: Vec<_> = audit.rows.drain(..).filter(|e| Some(e.seq) < oldest_new).collect();
            audit.rows = batch;
            audit.rows.extend(rest);
        } else {
            // A gap between what we had and what came: start afresh, rows at hand may be asked for again.
            audit.rows = batch;
            audit.complete = !full;
        }
    }
    let ids = audit.ids();
    audit.pick.sync(&ids);
    next
}

/// Shows what a check of the store found.
pub fn verified(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let audit = &mut model.screens.audit;
    let (fresh, next) = audit.verify.answer(generation, result, mono, |r| match r {
        Reply::Verify(v) => Some(v),
        _ => None,
    });
    if let Some(error) = audit.verify.failure().cloned() {
        model.say_error("verify", &error);
    } else if fresh && let Some(report) = audit.verify.get() {
        let mut lines = Vec::new();
        if report.problems.is_empty() {
            lines.push((
                Role::Ok,
                sanitise(&format!("The chain is unbroken to {}.", grouped(report.head.0))),
            ));
        } else {
            let words = format!(
                "{} problems. Change nothing before they are understood.",
                report.problems.len()
            );
            lines.push((Role::Alarm, sanitise(&words)));
        }
        lines.extend(report.problems.iter().map(|p| (Role::Error, sanitise(p))));
        let facts = [
            format!("records   {}", grouped(report.records)),
            format!("bytes     {}", grouped(report.bytes)),
            format!("segments  {}", grouped(report.segments)),
            format!("rows      {}", grouped(report.rows)),
            format!("head      {}", report.head_hash),
        ];
        lines.extend(facts.iter().map(|f| (Role::Muted, sanitise(f))));
        model.open(Overlay::Viewer(Viewer::new("Check of the journal", lines)));
    }
    next
}

/// Sets the filter.
pub fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let asked = parse(text, model.stamp.now, &model.session.options.zone)?;
    let audit = &mut model.screens.audit;
    text.clone_into(&mut audit.filter);
    audit.asked = asked;
    audit.rows.clear();
    audit.complete = false;
    audit.pick.reset();
    Ok(ask(model))
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::AuditOpen => {
            let zone = model.session.options.zone.clone();
            if let Some(event) = model.screens.audit.selected() {
                let viewer = Viewer::new(
                    &format!("Entry {}", grouped(event.seq.0)),
                    super::view::entry(event, &zone),
                );
                model.open(Overlay::Viewer(viewer));
            }
            Vec::new()
        }
        Cmd::AuditVerify => {
            let mono = model.stamp.mono;
            model.screens.audit.verify.ask(Request::Verify, mono)
        }
        other => {
            let Some(step) = screens::movement(other) else {
                return Vec::new();
            };
            let page = page(model);
            let audit = &mut model.screens.audit;
            let ids = audit.ids();
            audit.pick.step(&ids, step, page);
            if audit.pick.index() + page >= ids.len() {
                ask_older(model)
            } else {
                Vec::new()
            }
        }
    }
}
