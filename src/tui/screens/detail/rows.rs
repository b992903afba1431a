//! The ticket's form as rows to read: pure, one screen line each, so that cursor and scrolling are the same everywhere.

use jiff::tz::TimeZone;

use super::{ledger::Look, model::Detail};
use crate::{
    engine::{
        api::TicketView,
        model::{
            catalogue::{Catalogue, get_path},
            money::BudgetKind,
            ticket::{Finding, Severity},
        },
    },
    tui::{
        screens::{
            compose::{
                content::Parts,
                payload::{is_required, is_under, key, shown},
            },
            facts::Facts,
        },
        theme::{Glyphs, Role},
        ui::{
            text::{Line, left, wrap},
            when,
        },
    },
};

/// Columns of the labels where there is room.
const LABEL: usize = 22;
/// A long value is shown up to this many lines; editing shows the rest.
const VALUE_LINES: usize = 4;

/// What a row is for the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// A heading or a fact nobody can change.
    Fact,
    /// A field that can be edited, by its path.
    Field(String),
    /// Where unset optional fields are folded away.
    Fold,
}

/// One line of the form.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is about.
    pub of: Of,
    /// How it looks.
    pub line: Line,
}

struct Build {
    rows: Vec<Row>,
    width: usize,
    label: usize,
    glyphs: Glyphs,
    findings: Vec<Finding>,
}

impl Build {
    fn heading(&mut self, words: &str) {
        self.rows.push(Row {
            of: Of::Fact,
            line: Line::of(Role::Accent, words.to_uppercase()),
        });
    }

    fn row(&mut self, of: &Of, label: &str, value: &str, role: Role) {
        let room = self.width.saturating_sub(self.label + 1);
        let mut parts = wrap(value, room);
        if parts.is_empty() {
            parts.push(String::new());
        }
        let cut = parts.len() > VALUE_LINES;
        for (i, part) in parts.into_iter().take(VALUE_LINES).enumerate() {
            let label = if i == 0 { label } else { "" };
            let mut line = Line::of(Role::Muted, left(label, self.label, self.glyphs.cut())).add(Role::Text, " ");
            line.push(role, part);
            if cut && i + 1 == VALUE_LINES {
                line.push(Role::Muted, " ..");
            }
            self.rows.push(Row { of: of.clone(), line });
        }
        if let Of::Field(path) = of {
            self.found(of, path, room);
        }
    }

    fn fact(&mut self, label: &str, value: &str) {
        self.row(&Of::Fact, label, value, Role::Text);
    }

    fn field(&mut self, path: &str, label: &str, value: &str) {
        let of = Of::Field(path.to_owned());
        if value.is_empty() {
            self.row(&of, label, "-", Role::Muted);
        } else {
            self.row(&of, label, value, Role::Text);
        }
    }

    /// Findings stand below their field.
    fn found(&mut self, of: &Of, path: &str, room: usize) {
        let mine: Vec<(Severity, String)> = self
            .findings
            .iter()
            .filter(|f| is_under(f.field.as_str(), path))
            .map(|f| (f.severity, f.message.clone()))
            .collect();
        self.findings.retain(|f| !is_under(f.field.as_str(), path));
        for (severity, message) in mine {
            let (mark, role) = match severity {
                Severity::Error => (self.glyphs.problem(), Role::Error),
                Severity::Warning => ("-", Role::Warn),
            };
            for (i, part) in wrap(&message, room.saturating_sub(2)).into_iter().enumerate() {
                let line = Line::of(Role::Text, " ".repeat(self.label + 1))
                    .add(role, if i == 0 { mark } else { " " })
                    .add(Role::Text, " ")
                    .add(role, part);
                self.rows.push(Row { of: of.clone(), line });
            }
        }
    }
}

/// The rows of the ticket shown.
pub fn rows(detail: &Detail, facts: &Facts, look: Look<'_>) -> Vec<Row> {
    let zone = look.zone;
    let Some(view) = detail.view() else { return Vec::new() };
    let ticket = &view.ticket.value;
    let mut b = Build {
        rows: Vec::new(),
        width: look.width,
        label: LABEL.min(look.width * 2 / 5),
        glyphs: look.glyphs,
        findings: detail.findings(),
    };
    governed(&mut b, view, facts);
    let parts = Parts::of(ticket.request);
    if parts.budget {
        let budget = ticket.budget.map(|x| {
            let per = match x.kind {
                BudgetKind::Daily => "daily",
                BudgetKind::Lifetime => "lifetime",
            };
            format!("{} {per}", x.money)
        });
        b.field("budget", "Budget", &budget.unwrap_or_default());
        if let Some(live) = ticket.live_budget.filter(|l| Some(*l) != ticket.budget) {
            b.fact("Live budget", &live.money.to_string());
        }
    }
    if parts.flight {
        let flight = ticket.flight.map(|f| {
            let end = f.end.map_or_else(|| "open end".to_owned(), |d| d.to_string());
            format!("{} .. {end}", f.start)
        });
        b.field("flight", "Flight", &flight.unwrap_or_default());
    }
    approvals(&mut b, view, zone);
    for made in &ticket.created {
        let word = made.step.replace('_', " ");
        b.row(
            &Of::Fact,
            &format!("{word} id"),
            &made.external_id.to_string(),
            Role::Ok,
        );
    }
    if let Some(catalogue) = facts.fields_of(ticket.platform).filter(|_| parts.payload) {
        payload(&mut b, view, catalogue, detail.unfolded);
    }
    b.heading("Care");
    b.field("notes", "Notes", &ticket.notes);
    b.field("assignee", "Owner", &ticket.assignee);
    b.field("priority", "Priority", ticket.priority.as_str());
    b.fact(
        "Written",
        &format!("{} by {}", when::full(ticket.created_at, zone), ticket.created_by.name),
    );
    b.fact(
        "Changed",
        &format!("{} by {}", when::full(ticket.updated_at, zone), ticket.updated_by.name),
    );
    if let Some(no) = ticket.cloned_from {
        b.fact("Copy of", &no.to_string());
    }
    b.rows
}

/// Who has to agree, who did, and who did not.
fn approvals(b: &mut Build, view: &TicketView, zone: &TimeZone) {
    let (standing, review) = (view.card.approvals, &view.ticket.value.review);
    if standing.needed == 0 && review.approvals.is_empty() && review.declined.is_none() {
        return;
    }
    b.heading("Approvals");
    let role = if standing.missing() > 0 { Role::Warn } else { Role::Ok };
    let count = format!("{} of {}", standing.given, standing.needed);
    b.row(&Of::Fact, "Approved", &count, role);
    let said = |by: &str, at, reason: &str| {
        let gap = if reason.is_empty() { "" } else { ": " };
        format!("{by}, {}{gap}{reason}", when::full(at, zone))
    };
    for a in &review.approvals {
        b.fact("by", &said(&a.by.name, a.at, &a.reason));
    }
    if let Some(no) = &review.declined {
        let words = said(&no.by.name, no.at, &no.reason);
        b.row(&Of::Fact, "Declined", &words, Role::Error);
    }
}

fn governed(b: &mut Build, view: &TicketView, facts: &Facts) {
    let ticket = &view.ticket.value;
    let campaign = facts.campaign(ticket.campaign);
    b.fact("Campaign", campaign.map_or("", |c| &c.campaign.value.title));
    let brand = campaign.and_then(|c| facts.brand_of(c)).map(|x| {
        let family = if x.family_friendly { "  family-friendly" } else { "" };
        format!("{}  {}{family}", x.code, x.name)
    });
    b.fact("Brand", brand.as_deref().unwrap_or(&view.card.brand));
    let market = campaign.and_then(|c| facts.market_of(c)).map(|x| {
        let cap = x.daily_cap.map_or_else(String::new, |c| format!("  at most {c} a day"));
        format!("{}  {}{cap}", x.code, x.name)
    });
    b.fact("Market", market.as_deref().unwrap_or(&view.card.market));
    let channel = facts.channel(ticket.channel).map(|x| format!("{}  {}", x.code, x.name));
    b.fact("Channel", channel.as_deref().unwrap_or(&view.card.channel));
    let account = facts
        .account(ticket.channel, &ticket.account)
        .map_or_else(String::new, |a| format!("  {}, {}, {}", a.name, a.currency, a.timezone));
    b.fact("Account", &format!("{}{account}", ticket.account));
    let request = match &ticket.target {
        Some(t) => format!("{}  of {} {} {}", ticket.request, t.no, t.kind, t.external_id),
        None => ticket.request.to_string(),
    };
    b.fact("Request", &request);
}

fn payload(b: &mut Build, view: &TicketView, catalogue: &Catalogue, unfolded: bool) {
    let payload = view.ticket.value.payload.value();
    let text_at = |path: &str| {
        let spec = catalogue.field(path).map(|(_, s)| s);
        let value = get_path(&payload, path);
        match (spec, value) {
            (Some(spec), Some(value)) => shown(spec, value),
            (None, Some(value)) => value.to_string(),
            _ => String::new(),
        }
    };
    let mut folded = 0;
    for object in &catalogue.objects {
        let before = b.rows.len();
        b.heading(&object.word);
        for spec in &object.fields {
            let path = format!("{}.{}", object.section, spec.path);
            let key = key(&object.section, &spec.path);
            let value = text_at(&path);
            let required = is_required(spec, text_at);
            let has_finding = b.findings.iter().any(|f| is_under(f.field.as_str(), &key));
            if value.is_empty() && !required && !spec.common && spec.default.is_none() && !has_finding {
                folded += 1;
                if !unfolded {
                    continue;
                }
            }
            let mark = if required && value.is_empty() { " *" } else { "" };
            b.field(&key, &format!("{}{mark}", spec.title), &value);
        }
        if b.rows.len() == before + 1 {
            b.rows.pop();
        }
    }
    let words = if unfolded {
        format!("- {folded} optional fields that are not set: + folds them away")
    } else {
        format!("+ {folded} optional fields are not set")
    };
    b.rows.push(Row {
        of: Of::Fold,
        line: Line::of(Role::Muted, words),
    });
}

/// The row a path speaks about: the field itself, or the nearest one above or below it.
pub fn row_of(rows: &[Row], path: &str) -> Option<usize> {
    let exact = rows
        .iter()
        .position(|r| matches!(&r.of, Of::Field(p) if is_under(path, p)));
    exact.or_else(|| {
        rows.iter()
            .position(|r| matches!(&r.of, Of::Field(p) if is_under(p, path)))
    })
}
