//! The tabs' contents as lines: pure, each line knowing which finding or entry it belongs to.

use super::{
    ledger::{self, Look},
    model::{Detail, Tab},
    proposal,
};
use crate::{
    engine::{
        api::{ApiError, PlannedCall},
        model::{
            catalogue::Catalogue,
            event::Event,
            ticket::{Finding, Severity, Status},
        },
    },
    tui::{
        app::toast::explain,
        screens::{compose::payload::named, facts::Facts},
        theme::Role,
        ui::{
            text::{Line, left, wrap},
            when,
        },
    },
};

/// A line and what it belongs to: the n-th finding, the n-th entry; [`NOBODY`] for words around them.
pub type Owned = (usize, Line);

/// No finding and no entry.
pub const NOBODY: usize = usize::MAX;

/// The lines of a tab.
pub fn lines(detail: &Detail, facts: &Facts, tab: Tab, look: Look<'_>) -> Vec<Owned> {
    let Some(view) = detail.view() else { return Vec::new() };
    match tab {
        Tab::Findings => findings(detail, facts.fields_of(view.ticket.value.platform), look),
        Tab::Payload => plain(plan(detail.plan.get(), detail.plan.failure(), look)),
        Tab::Ledger => plain(ledger::lines(view, look)),
        Tab::History => history(detail.history.get(), detail.history.failure(), look),
    }
}

fn plain(lines: Vec<Line>) -> Vec<Owned> {
    lines.into_iter().enumerate().collect()
}

fn findings(detail: &Detail, catalogue: Option<&Catalogue>, look: Look<'_>) -> Vec<Owned> {
    let mut out = Vec::new();
    for (n, finding) in detail.findings().into_iter().enumerate() {
        out.extend(finding_lines(&finding, catalogue, look).into_iter().map(|l| (n, l)));
    }
    let Some(ticket) = detail.view().map(|v| &v.ticket.value) else {
        return out;
    };
    let proposed = proposal::lines(detail, look);
    if !proposed.is_empty() {
        let n = detail.findings().len();
        out.push((NOBODY, Line::new()));
        out.extend(proposed.into_iter().map(|line| (n, line)));
    }
    if out.is_empty() {
        let words = match (&ticket.qa, ticket.status) {
            (_, Status::QaTesting) => "QA is looking at it.",
            (Some(qa), _) if qa.finished_at.is_some() => "QA found nothing.",
            _ => "QA has not seen this content; t runs it.",
        };
        out.push((NOBODY, Line::of(Role::Muted, words)));
    }
    if let Some(at) = ticket.qa.as_ref().and_then(|q| q.finished_at) {
        let basis = ticket.qa.as_ref().map(|q| q.basis.short()).unwrap_or_default();
        out.push((NOBODY, Line::new()));
        let words = format!("QA ended {}, basis {basis}", when::recent(at, look.now, look.zone));
        out.push((NOBODY, Line::of(Role::Muted, words)));
    }
    out
}

fn finding_lines(finding: &Finding, catalogue: Option<&Catalogue>, look: Look<'_>) -> Vec<Line> {
    let (mark, word, role) = match finding.severity {
        Severity::Error => (look.glyphs.problem(), " ERROR  ", Role::Error),
        Severity::Warning => ("-", " WARN   ", Role::Warn),
    };
    let field = named(catalogue, finding.field.as_str());
    let mut out = vec![
        Line::of(role, mark)
            .add(role, word)
            .add(Role::Strong, finding.rule.clone()),
    ];
    let room = look.width.saturating_sub(2);
    let part = |role: Role, text: &str| -> Vec<Line> {
        wrap(text, room)
            .into_iter()
            .map(|t| Line::of(Role::Text, "  ").add(role, t))
            .collect()
    };
    out.extend(part(Role::Muted, &field));
    out.extend(part(Role::Text, &finding.message));
    out.extend(part(Role::Accent, &finding.remedy));
    out
}

fn plan(plan: Option<&Vec<PlannedCall>>, failure: Option<&ApiError>, look: Look<'_>) -> Vec<Line> {
    if let Some(error) = failure {
        let (reason, remedy) = explain(error);
        let mut out = vec![Line::of(Role::Warn, "It cannot be planned yet:")];
        for text in wrap(&reason, look.width).into_iter().chain(wrap(&remedy, look.width)) {
            out.push(Line::of(Role::Text, text));
        }
        return out;
    }
    let Some(plan) = plan else {
        return vec![Line::of(Role::Muted, "asking the engine")];
    };
    let mut out = Vec::new();
    for (i, call) in plan.iter().enumerate() {
        if i > 0 {
            out.push(Line::new());
        }
        out.push(Line::of(Role::Muted, format!("{} ", i + 1)).add(Role::Strong, call.step.replace('_', " ")));
        for text in wrap(&format!("{} {}", call.method, call.url), look.width.saturating_sub(2)) {
            out.push(Line::of(Role::Text, "  ").add(Role::Info, text));
        }
        // What every request says is said once.
        let before = i.checked_sub(1).and_then(|b| plan.get(b));
        let said = |h| before.is_some_and(|b| b.headers.contains(h));
        for header in call.headers.iter().filter(|h| !said(*h)) {
            let words = format!("{}: {}", header.name, header.shown());
            for text in wrap(&words, look.width.saturating_sub(2)) {
                out.push(Line::of(Role::Text, "  ").add(Role::Muted, text));
            }
        }
        let name = call.fields.iter().map(|(n, _)| n.len()).max().unwrap_or(0).min(22);
        let room = look.width.saturating_sub(name + 4);
        for (key, value) in &call.fields {
            let mut key = left(key, name, "~");
            for text in wrap(value, room) {
                let blank = " ".repeat(name);
                let label = std::mem::replace(&mut key, blank);
                out.push(
                    Line::of(Role::Text, "  ")
                        .add(Role::Muted, label)
                        .add(Role::Text, "  ")
                        .add(Role::Text, text),
                );
            }
        }
    }
    out
}

fn history(events: Option<&Vec<Event>>, failure: Option<&ApiError>, look: Look<'_>) -> Vec<Owned> {
    let Some(events) = events else {
        let words = failure.map_or_else(|| "asking the engine".to_owned(), |e| explain(e).0);
        return vec![(NOBODY, Line::of(Role::Muted, words))];
    };
    let mut out = Vec::new();
    for (n, event) in events.iter().enumerate() {
        let head = Line::of(Role::Muted, format!("{} ", when::recent(event.at, look.now, look.zone)))
            .add(Role::Accent, event.actor.name.clone())
            .add(Role::Text, " ")
            .add(
                crate::tui::screens::audit::view::kind_role(event.kind),
                event.kind.as_str(),
            );
        out.push((n, head));
        for text in wrap(&event.summary, look.width.saturating_sub(2)) {
            out.push((n, Line::of(Role::Text, "  ").add(Role::Text, text)));
        }
        for change in &event.changes {
            let from = change.from.as_deref().unwrap_or("-");
            let to = change.to.as_deref().unwrap_or("-");
            let words = format!("{}  {from} {} {to}", change.field, look.glyphs.arrow());
            for text in wrap(&words, look.width.saturating_sub(4)) {
                out.push((n, Line::of(Role::Text, "    ").add(Role::Muted, text)));
            }
        }
    }
    if out.is_empty() {
        out.push((NOBODY, Line::of(Role::Muted, "Nothing happened yet.")));
    }
    out
}

/// The first line of the n-th finding or entry.
pub fn first_of(lines: &[Owned], n: usize) -> Option<usize> {
    lines.iter().position(|(of, _)| *of == n)
}
