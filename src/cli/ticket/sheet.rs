//! How tickets look on paper.

use crate::{
    cli::{call::Call, campaign::flight, output::Table},
    engine::{
        api::{
            TicketView,
            card::{Card, DeployGlance},
        },
        model::{
            actor::Actor,
            asset::{self, Asset},
            catalogue::show_value,
            deploy::{Deploy, Step, StepAction},
            money::{Budget, BudgetKind},
            platform::ObjectKind,
            ticket::Severity,
            time::Timestamp,
        },
    },
};

/// A list.
pub fn table(cards: &[Card], now: Timestamp) -> Table {
    let mut table = Table::new(
        [
            "no", "status", "name", "request", "account", "budget", "qa", "deploy", "owner", "changed",
        ],
        "no tickets fit",
    );
    for c in cards {
        table.row([
            c.no.to_string(),
            c.status.to_string(),
            c.name.clone(),
            c.request.to_string(),
            c.account.to_string(),
            budget(c.budget.as_ref()),
            qa(c.errors, c.warnings),
            c.deploy.as_deref().map(glance).unwrap_or_default(),
            c.assignee.to_string(),
            ago(c.updated_at, now),
        ]);
    }
    table
}

/// One ticket, all of it.
pub fn show(call: &mut Call, view: &TicketView) {
    let t = &view.ticket.value;
    let mut s = Table::bare();
    s.field("ticket", t.no.to_string());
    s.field("name", &t.name);
    s.field("status", t.status.as_str());
    s.field("request", t.request.as_str());
    if let Some(target) = &t.target {
        s.field(
            "target",
            format!("ticket {}, {} {}", target.no, target.kind, target.external_id),
        );
    }
    s.field("channel", &view.card.channel);
    s.field("account", t.account.as_str());
    s.field("budget", budget(t.budget.as_ref()));
    s.field("flight", flight(t.flight.as_ref()));
    s.field("priority", t.priority.as_str());
    s.field("owner", &t.assignee);
    s.field("notes", &t.notes);
    if let Some(why) = &view.why {
        s.field("why", &why.text);
        s.field("to do", why.remedy.as_deref().unwrap_or_default());
    }
    approvals(&mut s, view);
    if let Some(failure) = &t.failure {
        s.field("failed at", &failure.step);
        s.field("because", &failure.reason);
        s.field("to do", &failure.remedy);
    }
    for f in t.qa.iter().flat_map(|qa| &qa.findings) {
        let label = match f.severity {
            Severity::Error => "qa error",
            Severity::Warning => "qa warning",
        };
        s.field(label, format!("{}: {}: {}", f.rule, f.field, f.message));
        s.field("", format!("to do: {}", f.remedy));
    }
    let steps = view.deploy.iter().flat_map(|d| d.steps.iter().map(move |s| (d, s)));
    for (deploy, step) in steps {
        let id = step.external_id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
        let sent = sent(deploy, step).map_or_else(String::new, |a| format!(", sends {}", a.label()));
        s.field(
            "step",
            format!("{} {}{id}{sent}", step.key, super::wait::state_word(step.state)),
        );
    }
    for c in &t.created {
        s.field("created", format!("{} {} {}", c.kind, c.external_id, c.name));
    }
    if let serde_json::Value::Object(sections) = t.payload.value() {
        for (section, value) in &sections {
            fields(&mut s, section, value);
        }
    }
    s.field("changed", format!("{} by {}", t.updated_at, t.updated_by.name));
    s.field("id", t.id.to_string());
    s.field("version", view.ticket.version.to_string());
    call.out.one("ticket", view, &s);
}

/// Who agreed and who did not, with their reasons.
fn approvals(s: &mut Table, view: &TicketView) {
    let said = |by: &Actor, at: Timestamp, reason: &str| {
        let because = if reason.is_empty() {
            String::new()
        } else {
            format!(": {reason}")
        };
        format!("{} at {at}{because}", by.name)
    };
    let (standing, review) = (view.card.approvals, &view.ticket.value.review);
    if standing.needed > 0 {
        s.field("approvals", format!("{} of {}", standing.given, standing.needed));
    }
    for a in &review.approvals {
        s.field("approved by", said(&a.by, a.at, &a.reason));
    }
    if let Some(no) = &review.declined {
        s.field("declined by", said(&no.by, no.at, &no.reason));
    }
}

/// The file an upload step sends.
fn sent(deploy: &Deploy, step: &Step) -> Option<Asset> {
    let uploads = step.kind == ObjectKind::Asset && step.action == StepAction::Create;
    uploads
        .then(|| asset::uploaded_as(&deploy.job.payload.value(), &step.name))
        .flatten()
}

fn fields(s: &mut Table, path: &str, value: &serde_json::Value) {
    match value {
        serde_json::Value::Object(map) if Asset::of_value(value).is_none() => {
            for (key, inner) in map {
                fields(s, &format!("{path}.{key}"), inner);
            }
        }
        value => {
            let facts = Asset::of_value(value).map_or_else(String::new, |asset| format!(" ({})", asset.facts()));
            s.field("payload", format!("{path} = {}{facts}", show_value(value)));
        }
    }
}

/// A budget in one cell.
pub fn budget(budget: Option<&Budget>) -> String {
    budget.map_or_else(String::new, |b| {
        let per = match b.kind {
            BudgetKind::Daily => "a day",
            BudgetKind::Lifetime => "in all",
        };
        format!("{} {per}", b.money)
    })
}

fn qa(errors: u32, warnings: u32) -> String {
    match (errors, warnings) {
        (0, 0) => String::new(),
        (0, w) => format!("{w} warn"),
        (e, 0) => format!("{e} err"),
        (e, w) => format!("{e} err {w} warn"),
    }
}

/// A deploy in one cell: `ad_set 2/4 unknown`.
pub fn glance(d: &DeployGlance) -> String {
    format!("{} {}/{} {}", d.word, d.step, d.steps, super::wait::state_word(d.state))
}

/// `5m`, `3h`, `12d`.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let s = now.since(then).as_secs();
    match s {
        0..60 => format!("{s}s"),
        60..3_600 => format!("{}m", s / 60),
        3_600..86_400 => format!("{}h", s / 3_600),
        _ => format!("{}d", s / 86_400),
    }
}
