//! What every ticket's form has besides the platform's fields: budget, flight, and who takes care of it.

use crate::{
    engine::model::{
        money::{Budget, BudgetKind, Currency},
        ticket::{Priority, RequestType},
        time::Flight,
    },
    tui::form::{Choice, Field, FieldKind, Form},
};

/// Longest notes.
const NOTES_MAX: usize = 60;

/// Key of the field that runs QA.
const QA: &str = "qa";

/// What of a ticket's content a request speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// A budget.
    pub budget: bool,
    /// A flight.
    pub flight: bool,
    /// The platform's fields.
    pub payload: bool,
}

impl Parts {
    /// Of a request.
    pub const fn of(request: RequestType) -> Self {
        let whole = matches!(request, RequestType::Create);
        Self {
            budget: whole || matches!(request, RequestType::UpdateBudget),
            flight: whole,
            payload: whole,
        }
    }
}

/// The budget's fields.
pub fn budget_fields(currency: Option<Currency>, budget: Option<Budget>) -> Vec<Field> {
    let per = match budget.map(|b| b.kind) {
        Some(BudgetKind::Lifetime) => "lifetime",
        _ => "daily",
    };
    let kinds = vec![
        Choice::new("daily", "daily", "per day of the flight"),
        Choice::new("lifetime", "lifetime", "for the whole flight; needs an end"),
    ];
    vec![
        Field::money("budget", "Budget", currency, budget.map(|b| b.money))
            .help("In the account's currency: 1200.00. QA holds it against the house's and the market's limits."),
        Field::choice("budget.kind", "Budget is", kinds, Some(per)).help("Daily, or lifetime for the whole flight."),
    ]
}

/// The flight's fields.
pub fn flight_fields(flight: Option<Flight>) -> Vec<Field> {
    let help = "2026-12-01, +3d or +2w from today, or mon. Days in the account's own zone.";
    vec![
        Field::date("flight.start", "First day", flight.map(|f| f.start)).help(help),
        Field::date("flight.end", "Last day", flight.and_then(|f| f.end)).help(help),
    ]
}

/// Notes, owner, priority: they void no QA.
pub fn care_fields(notes: &str, assignee: &str, priority: Priority) -> Vec<Field> {
    let priorities = Priority::ALL
        .iter()
        .map(|p| Choice::new(p.as_str(), p.as_str(), ""))
        .collect();
    vec![
        Field::area("notes", "Notes", notes).help("For colleagues; sent nowhere. Ctrl-j starts a new line."),
        Field::text("assignee", "Owner", NOTES_MAX, assignee)
            .help("Login name of who takes care of it; empty for nobody."),
        Field::choice("priority", "Priority", priorities, Some(priority.as_str()))
            .help("Which ticket goes first on its account."),
    ]
}

/// Whether QA runs once the form is handed in.
pub fn qa_field(label: &str, on: bool) -> Field {
    Field::flag(QA, label, on)
        .help("Space switches; remembered until the console is left. t runs QA at any time later.")
}

/// True when QA was wished for in a form.
pub fn wants_qa(form: &Form) -> bool {
    form.value(QA) == "yes"
}

/// The budget a form describes. What cannot be read is held back by the form itself.
pub fn budget(form: &Form) -> Option<Budget> {
    let money = form.field("budget")?.money_value().ok().flatten()?;
    let kind = match form.value("budget.kind").as_str() {
        "lifetime" => BudgetKind::Lifetime,
        _ => BudgetKind::Daily,
    };
    Some(Budget { kind, money })
}

/// The flight a form describes; an end without a start is the form's problem.
pub fn flight(form: &Form) -> Option<Flight> {
    let start = form.field("flight.start")?.date_value().ok().flatten()?;
    let end = form.field("flight.end").and_then(|f| f.date_value().ok().flatten());
    Some(Flight { start, end })
}

/// An end alone is no flight: says so at the start. True when something is wrong.
pub fn refuse_half_a_flight(form: &mut Form) -> bool {
    if flight(form).is_some() || form.value("flight.end").is_empty() {
        return false;
    }
    refuse(form, "flight.start", "a flight needs its first day")
}

/// Says what is wrong with a field. Always true.
pub fn refuse(form: &mut Form, key: &str, problem: &str) -> bool {
    if let Some(field) = form.field_mut(key) {
        field.problem = Some(crate::engine::model::sanitise::sanitise(problem));
    }
    true
}

/// The budget's currency follows the account.
pub fn set_currency(form: &mut Form, new: Option<Currency>) {
    if let Some(Field {
        kind: FieldKind::Money { currency, .. },
        ..
    }) = form.field_mut("budget")
    {
        *currency = new;
    }
}

/// Other rows for a choice; what is no longer among them is dropped.
pub fn set_options(form: &mut Form, key: &str, options: Vec<Choice>) {
    if let Some(Field {
        kind: FieldKind::Choice(combo),
        ..
    }) = form.field_mut(key)
    {
        combo.set_options(options);
    }
}
