//! What the ticket detail does.

use super::{
    edit,
    ledger::Look,
    model::{Geometry, Side, Tab, geometry, text_rows, text_width},
    proposal,
    rows::{self, Of, Row, row_of},
    tabs::{self, NOBODY, Owned, first_of},
};
use crate::{
    engine::{
        api::{ApiError, AuditAsk, CommandKind, Reply, Request},
        model::{
            ids::{QaRunId, TicketId},
            refusal::RefusalCode,
            ticket::Status,
        },
    },
    tui::{
        app::{
            Effect, Model,
            gate::{self, Intent},
            run,
            toast::Tone,
        },
        command::Cmd,
        overlay::{Overlay, Viewer},
        screens::{ScreenId, audit, deploys, facts, movement, qa},
        ui::{
            layout::panes,
            select::{Move, Selection},
        },
    },
};

/// Entries of the history asked for.
const HISTORY: u32 = 200;

/// Shows a ticket.
pub fn open(model: &mut Model, id: TicketId) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.screen != ScreenId::Detail {
        model.screens.detail.from = model.screen;
    }
    let detail = &mut model.screens.detail;
    if detail.ticket != Some(id) {
        let from = detail.from;
        effects.extend(detail.slot.clear());
        effects.extend(detail.plan.clear());
        effects.extend(detail.history.clear());
        effects.extend(detail.proposal.clear());
        detail.ticket = Some(id);
        detail.from = from;
        detail.tab = Tab::default();
        detail.side = Side::default();
        detail.unfolded = false;
        detail.row.reset();
        detail.lines = Default::default();
        detail.seen_run = None;
        detail.pending = None;
    }
    effects.extend(run::go(model, ScreenId::Detail));
    effects
}

/// A ticket that was just written: shows it, and runs QA if that was wished.
pub fn created(model: &mut Model, id: TicketId, qa: bool) -> Vec<Effect> {
    let mut effects = open(model, id);
    if qa {
        effects.extend(run_qa(model, id, "the ticket is written; QA runs on it"));
    }
    effects
}

/// A ticket's new content is saved: QA runs on it, and the keys go to what it finds.
pub fn saved(model: &mut Model, id: TicketId) -> Vec<Effect> {
    let detail = &mut model.screens.detail;
    detail.tab = Tab::Findings;
    detail.side = Side::Tabs;
    let no = detail.card().map_or_else(String::new, |c| format!("{} ", c.no));
    run_qa(model, id, &format!("{no}is saved; QA runs on it"))
}

fn run_qa(model: &mut Model, id: TicketId, done: &str) -> Vec<Effect> {
    let run = QaRunId::new(model.stamp.ids.mint());
    let kind = CommandKind::TicketSubmitQa { id, run };
    let intent = Intent::new(model, kind, "QA", done);
    gate::pass(model, Cmd::TicketQa.record().danger, intent)
}

/// Where Esc leads.
pub fn close(model: &mut Model) -> Vec<Effect> {
    let from = model.screens.detail.from;
    run::go(model, from)
}

/// Asks for what is old: the ticket, what its form needs, and the tabs in view.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let detail = &mut model.screens.detail;
    let Some(id) = detail.ticket else { return Vec::new() };
    let mut effects = Vec::new();
    if detail.slot.is_stale() {
        effects.extend(detail.slot.ask(Request::Ticket(id), mono));
    }
    effects.extend(ask_tabs(model));
    effects.extend(facts::ask_governance(model));
    effects
}

fn in_view(model: &Model, tab: Tab) -> bool {
    let detail = &model.screens.detail;
    let three = panes(model.regions().body.width) >= 3;
    detail.tab == tab || three && detail.tab.companion() == tab
}

fn ask_tabs(model: &mut Model) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (wants_plan, wants_history) = (in_view(model, Tab::Payload), in_view(model, Tab::History));
    let detail = &mut model.screens.detail;
    let Some(ticket) = detail.view().map(|v| (v.ticket.value.id, v.ticket.value.no)) else {
        return Vec::new();
    };
    let mut effects = proposal::ask(model);
    let detail = &mut model.screens.detail;
    if wants_plan && detail.plan.is_stale() {
        effects.extend(detail.plan.ask(Request::Plan(ticket.0), mono));
    }
    if wants_history && detail.history.is_stale() {
        let ask = AuditAsk {
            ticket: Some(ticket.1),
            limit: HISTORY,
            ..AuditAsk::default()
        };
        effects.extend(detail.history.ask(Request::Audit(ask), mono));
    }
    effects
}

/// The ticket's answer.
pub fn reply(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let here = field_here(model);
    let detail = &mut model.screens.detail;
    let before = detail.view().map(|v| (v.ticket.value.no, v.ticket.value.status));
    let (fresh, mut effects) = detail.slot.answer(generation, result, mono, |r| match r {
        Reply::Ticket(t) => Some(*t),
        _ => None,
    });
    if !fresh {
        let gone = matches!(detail.slot.failure(), Some(ApiError::Refused(r)) if r.code == RefusalCode::NotFound);
        if gone && model.screen == ScreenId::Detail {
            let words = before.map_or_else(
                || "there is no such ticket".to_owned(),
                |(no, _)| format!("{no} is gone"),
            );
            model.say(Tone::Note, &words, "");
            model.screens.detail.ticket = None;
            effects.extend(close(model));
        }
        return effects;
    }
    let Some(platform) = detail.view().map(|v| v.ticket.value.platform) else {
        return effects;
    };
    effects.extend(facts::ask_fields(model, platform));
    follow(model, before.map(|b| b.1));
    effects.extend(edit::rebase(model));
    effects.extend(edit::open_pending(model));
    if let Some(id) = model.screens.detail.ticket {
        effects.extend(qa::findings::act::mend(model, id));
    }
    effects.extend(ask_tabs(model));
    sync(model);
    if let Some(path) = here {
        show_field(model, &path);
    }
    effects
}

/// The plan's answer.
pub fn plan_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (_, next) = model.screens.detail.plan.answer(generation, result, mono, |r| match r {
        Reply::Plan(p) => Some(p),
        _ => None,
    });
    sync(model);
    next
}

/// The history's answer.
pub fn history_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let mono = model.stamp.mono;
    let (_, next) = model
        .screens
        .detail
        .history
        .answer(generation, result, mono, |r| match r {
            Reply::Events(e) => Some(e),
            _ => None,
        });
    sync(model);
    next
}

/// What is known of proposals.
pub fn proposal_answered(model: &mut Model, generation: u64, result: Result<Reply, ApiError>) -> Vec<Effect> {
    let is_wish = matches!(result, Ok(Reply::Healing(_)));
    let effects = proposal::answered(model, generation, result);
    sync(model);
    if is_wish {
        show_proposal(model);
    }
    effects
}

/// Brings what came of a wish for a fix into view: below many findings it would be agreed to unseen.
fn show_proposal(model: &mut Model) {
    let nth = model.screens.detail.findings().len();
    let width = text_width(place(model).tabs);
    let lines = tab_lines(model, Tab::Findings, width);
    let ids: Vec<usize> = (0..lines.len()).collect();
    let detail = &mut model.screens.detail;
    if let (Some(line), Some(pick)) = (first_of(&lines, nth), detail.lines.first_mut()) {
        pick.go(&ids, line);
        detail.tab = Tab::Findings;
        detail.side = Side::Tabs;
    }
}

/// What is news is shown at once: findings when QA has ended, the ledger when a deploy starts.
fn follow(model: &mut Model, before: Option<Status>) {
    let detail = &mut model.screens.detail;
    let Some(view) = detail.slot.get() else { return };
    let ticket = &view.ticket.value;
    let (no, status) = (ticket.no, ticket.status);
    let ended = ticket.qa.as_ref().filter(|q| q.finished_at.is_some()).map(|q| q.run);
    let news = ended.is_some() && ended != detail.seen_run;
    detail.seen_run = ended;
    let Some(before) = before else {
        match status {
            Status::QaFailed | Status::Failed => detail.side = Side::Tabs,
            Status::Deploying | Status::TraffickedSuccess => detail.tab = Tab::Ledger,
            _ => {}
        }
        return;
    };
    if news {
        let errors = view.card.errors;
        match status {
            Status::QaFailed => {
                detail.tab = Tab::Findings;
                detail.side = Side::Tabs;
                if let Some(pick) = detail.lines.first_mut() {
                    pick.reset();
                }
                let words = format!(
                    "QA found {errors} {} in {no}",
                    if errors == 1 { "error" } else { "errors" }
                );
                model.say(Tone::Note, &words, "n goes to the next one");
            }
            Status::ReadyForApi => {
                // Whoever reads the one would press P and be refused.
                let next = match view.card.approvals.missing() {
                    0 => "P deploys it".to_owned(),
                    1 => "one approval is missing".to_owned(),
                    n => format!("{n} approvals are missing"),
                };
                model.say(Tone::Good, &format!("QA passed: {no} is ready"), &next);
            }
            _ => {}
        }
    } else if before != status {
        match status {
            Status::Deploying => detail.tab = Tab::Ledger,
            Status::Failed => {
                detail.tab = Tab::Findings;
                detail.side = Side::Tabs;
                model.say(Tone::Note, &format!("{no} failed"), "Enter goes to the field to mend");
            }
            Status::TraffickedSuccess => model.say(Tone::Good, &format!("{no} is live"), ""),
            _ => {}
        }
    }
}

/// Where the parts are now.
pub fn place(model: &Model) -> Geometry {
    let detail = &model.screens.detail;
    let why = detail.view().is_none_or(|v| v.why.is_some());
    geometry(model.regions().body, detail.side, why)
}

fn look(model: &Model, width: usize) -> Look<'_> {
    Look {
        // One column is the cursor's.
        width: width.saturating_sub(1),
        glyphs: model.theme.glyphs,
        zone: &model.session.options.zone,
        now: model.stamp.now,
    }
}

/// The form's rows as drawn now.
pub fn form_rows(model: &Model) -> Vec<Row> {
    let look = look(model, text_width(place(model).form));
    rows::rows(&model.screens.detail, &model.screens.facts, look)
}

/// A tab's lines as drawn now.
pub fn tab_lines(model: &Model, tab: Tab, width: usize) -> Vec<Owned> {
    tabs::lines(&model.screens.detail, &model.screens.facts, tab, look(model, width))
}

/// The field under the form's cursor.
fn field_here(model: &Model) -> Option<String> {
    match form_rows(model).get(model.screens.detail.row.index())?.of {
        Of::Field(ref path) => Some(path.clone()),
        Of::Fact | Of::Fold => None,
    }
}

/// Cursors stay inside what there is.
fn sync(model: &mut Model) {
    let ids: Vec<usize> = (0..form_rows(model).len()).collect();
    model.screens.detail.row.sync(&ids);
    let tab = model.screens.detail.tab;
    let width = text_width(place(model).tabs);
    let ids: Vec<usize> = (0..tab_lines(model, tab, width).len()).collect();
    if let Some(pick) = model.screens.detail.lines.get_mut(tab as usize) {
        pick.sync(&ids);
    }
}

/// A command.
pub fn run(model: &mut Model, cmd: Cmd) -> Vec<Effect> {
    match cmd {
        Cmd::DetailTabNext => turn(model, 1),
        Cmd::DetailTabBack => turn(model, Tab::ALL.len() - 1),
        Cmd::DetailSwap => {
            let detail = &mut model.screens.detail;
            detail.side = match detail.side {
                Side::Form => Side::Tabs,
                Side::Tabs => Side::Form,
            };
            sync(model);
            Vec::new()
        }
        Cmd::DetailFold => {
            model.screens.detail.unfolded ^= true;
            sync(model);
            Vec::new()
        }
        Cmd::DetailEnter => enter(model),
        Cmd::FindingNext => step_finding(model, true),
        Cmd::FindingBack => step_finding(model, false),
        Cmd::CopyIds => copy_ids(model),
        Cmd::CopyCurl => {
            let calls = model.screens.detail.plan.get().into_iter().flatten();
            let text: Vec<String> = calls.map(|c| format!("# {}\n{}\n", c.step, c.curl())).collect();
            vec![Effect::Copy(text.join("\n"))]
        }
        Cmd::DeployAnswer => answer_or_log(model),
        Cmd::ProposalMake | Cmd::ProposalApply | Cmd::ProposalDecline => proposal::run(model, cmd),
        other => {
            if let Some(step) = movement(other) {
                go(model, step);
            }
            Vec::new()
        }
    }
}

fn turn(model: &mut Model, by: usize) -> Vec<Effect> {
    let detail = &mut model.screens.detail;
    detail.tab = detail.tab.turned(by);
    detail.side = Side::Tabs;
    sync(model);
    ask_tabs(model)
}

fn go(model: &mut Model, step: Move) {
    let place = place(model);
    match model.screens.detail.side {
        Side::Form => {
            let ids: Vec<usize> = (0..form_rows(model).len()).collect();
            model.screens.detail.row.step(&ids, step, text_rows(place.form));
        }
        Side::Tabs => go_tab(model, step, place),
    }
}

/// Findings and entries are stepped through as wholes, the other tabs line by line.
fn go_tab(model: &mut Model, step: Move, place: Geometry) {
    let tab = model.screens.detail.tab;
    let lines = tab_lines(model, tab, text_width(place.tabs));
    let ids: Vec<usize> = (0..lines.len()).collect();
    let page = text_rows(place.tabs);
    let Some(pick) = model.screens.detail.lines.get_mut(tab as usize) else {
        return;
    };
    let whole = matches!(tab, Tab::Findings | Tab::History);
    let here = lines.get(pick.index()).map(|(n, _)| *n).filter(|n| *n != NOBODY);
    match (step, here) {
        (Move::Down, Some(n)) if whole => {
            if let Some(at) = first_of(&lines, n.saturating_add(1)) {
                pick.go(&ids, at);
            }
        }
        (Move::Up, Some(n)) if whole => {
            if let Some(at) = first_of(&lines, n.saturating_sub(1)) {
                pick.go(&ids, at);
            }
        }
        _ => pick.step(&ids, step, page),
    }
}

/// The finding or entry under the cursor of the tab in view.
pub fn picked(model: &Model) -> usize {
    let detail = &model.screens.detail;
    let lines = tab_lines(model, detail.tab, text_width(place(model).tabs));
    let at = detail.lines.get(detail.tab as usize).map_or(0, Selection::index);
    lines.get(at).map_or(0, |(n, _)| *n)
}

fn enter(model: &mut Model) -> Vec<Effect> {
    let detail = &model.screens.detail;
    if detail.side == Side::Form {
        let rows = form_rows(model);
        return match rows.get(model.screens.detail.row.index()).map(|r| r.of.clone()) {
            Some(Of::Field(path)) => edit::open(model, Some(path)),
            Some(Of::Fold) => run(model, Cmd::DetailFold),
            Some(Of::Fact) => {
                model.say(
                    Tone::Note,
                    "this is fixed once the ticket is written",
                    "C copies it into another campaign",
                );
                Vec::new()
            }
            None => Vec::new(),
        };
    }
    match detail.tab {
        Tab::Findings => {
            let field = detail
                .findings()
                .get(picked(model))
                .map(|f| f.field.as_str().to_owned());
            match field {
                Some(path) => edit::open(model, Some(path)),
                None => Vec::new(),
            }
        }
        Tab::History => {
            let entry = detail.history.get().and_then(|h| h.get(picked(model)));
            if let Some(event) = entry {
                let viewer = Viewer::new(
                    &format!("Entry {}", event.seq),
                    audit::view::entry(event, &model.session.options.zone),
                );
                model.open(Overlay::Viewer(viewer));
            }
            Vec::new()
        }
        Tab::Ledger => answer_or_log(model),
        Tab::Payload => Vec::new(),
    }
}

/// The executor's question with its answers, or every attempt with its evidence.
fn answer_or_log(model: &mut Model) -> Vec<Effect> {
    let Some(view) = model.screens.detail.view().filter(|v| v.deploy.is_some()).cloned() else {
        return Vec::new();
    };
    match deploys::answer::picker(&view) {
        Some(picker) => model.open(Overlay::Picker(picker)),
        None => deploys::log::open(model, &view),
    }
    Vec::new()
}

/// Goes to the next or previous finding and opens its field.
fn step_finding(model: &mut Model, forward: bool) -> Vec<Effect> {
    let detail = &mut model.screens.detail;
    let count = detail.findings().len();
    if count == 0 {
        model.say(Tone::Note, "QA found nothing here", "");
        return Vec::new();
    }
    let came = detail.tab == Tab::Findings && detail.side == Side::Tabs;
    detail.tab = Tab::Findings;
    detail.side = Side::Tabs;
    let fresh = detail.lines.first().is_none_or(|p| p.index() == 0) && forward && !came;
    let at = picked(model).min(count - 1);
    let next = match (fresh, forward) {
        (true, _) => 0,
        (false, true) => (at + 1) % count,
        (false, false) => (at + count - 1) % count,
    };
    let lines = tab_lines(model, Tab::Findings, text_width(place(model).tabs));
    let ids: Vec<usize> = (0..lines.len()).collect();
    if let (Some(line), Some(pick)) = (first_of(&lines, next), model.screens.detail.lines.first_mut()) {
        pick.go(&ids, line);
    }
    let field = model
        .screens
        .detail
        .findings()
        .get(next)
        .map(|f| f.field.as_str().to_owned());
    edit::open(model, field)
}

/// Puts the form's cursor on a field.
pub fn show_field(model: &mut Model, path: &str) {
    let rows = form_rows(model);
    let ids: Vec<usize> = (0..rows.len()).collect();
    if let Some(at) = row_of(&rows, path) {
        model.screens.detail.row.go(&ids, at);
    }
}

fn copy_ids(model: &mut Model) -> Vec<Effect> {
    let made = model.screens.detail.view().map(|v| &v.ticket.value.created);
    let lines: Vec<String> = made
        .into_iter()
        .flatten()
        .map(|c| format!("{}\t{}\t{}", c.step, c.external_id, c.name))
        .collect();
    if lines.is_empty() {
        model.say(Tone::Note, "nothing exists on the platform yet", "");
        return Vec::new();
    }
    vec![Effect::Copy(lines.join("\n"))]
}
