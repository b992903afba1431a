//! Money and days: is a budget there, in the right currency and within the limits; does the flight make sense.

use rust_decimal::Decimal;

use super::{Facts, Hit};
use crate::engine::model::{
    money::{Budget, BudgetKind, Currency, Money},
    ticket::Ticket,
    time::Flight,
};

pub(super) fn budget_present(ticket: &Ticket) -> Vec<Hit> {
    match ticket.budget {
        Some(_) => Vec::new(),
        None => vec![Hit::at("budget").with("request", ticket.request)],
    }
}

pub(super) fn budget_positive(ticket: &Ticket) -> Vec<Hit> {
    let zero = ticket.budget.filter(|b| b.money.amount().is_zero());
    zero.map(|b| Hit::at("budget.amount").with("budget", b.money))
        .into_iter()
        .collect()
}

pub(super) fn budget_currency(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Hit> {
    let Some(budget) = ticket.budget else { return Vec::new() };
    let currency = facts.account(ticket).map(|a| a.currency);
    if currency == Some(budget.money.currency()) {
        return Vec::new();
    }
    let known = currency.map_or("(the account is no longer on the channel)", Currency::code);
    vec![
        Hit::at("budget.currency")
            .with("budget", budget.money)
            .with("currency", known)
            .with("account", &ticket.account),
    ]
}

pub(super) fn budget_limit(ticket: &Ticket, facts: &Facts<'_>, daily: Option<u64>, lifetime: Option<u64>) -> Vec<Hit> {
    let Some(Budget { kind, money }) = ticket.budget else {
        return Vec::new();
    };
    let (word, limit) = match kind {
        BudgetKind::Daily => ("daily", daily.map_or(facts.policy.max_daily_budget, Decimal::from)),
        BudgetKind::Lifetime => (
            "lifetime",
            lifetime.map_or(facts.policy.max_lifetime_budget, Decimal::from),
        ),
    };
    if money.amount() <= limit {
        return Vec::new();
    }
    let currency = money.currency();
    let limit = Money::new(limit, currency).map_or_else(|_| format!("{currency} {limit}"), |m| m.to_string());
    vec![
        Hit::at("budget.amount")
            .with("budget", money)
            .with("limit", limit)
            .with("kind", word),
    ]
}

/// Amounts in two currencies are not compared: a cap in another currency says nothing about this ticket.
pub(super) fn market_cap(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Hit> {
    let budget = ticket.budget.filter(|b| b.kind == BudgetKind::Daily);
    let (Some(budget), Some(cap)) = (budget, facts.market.daily_cap) else {
        return Vec::new();
    };
    if budget.money.currency() != cap.currency() || budget.money.amount() <= cap.amount() {
        return Vec::new();
    }
    vec![
        Hit::at("budget.amount")
            .with("budget", budget.money)
            .with("limit", cap)
            .with("market", &facts.market.code),
    ]
}

pub(super) fn flight_present(ticket: &Ticket) -> Vec<Hit> {
    match ticket.flight {
        Some(_) => Vec::new(),
        None => vec![Hit::at("flight.start").with("request", ticket.request)],
    }
}

pub(super) fn flight_order(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Hit> {
    let turned = ticket.flight.filter(|f| f.end.is_some_and(|end| end < f.start));
    turned.map(|f| days("flight.end", f, facts)).into_iter().collect()
}

pub(super) fn flight_end(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Hit> {
    let lifetime = ticket.budget.is_some_and(|b| b.kind == BudgetKind::Lifetime);
    let open = ticket.flight.filter(|f| lifetime && f.end.is_none());
    open.map(|f| days("flight.end", f, facts)).into_iter().collect()
}

pub(super) fn flight_start(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Hit> {
    let past = ticket.flight.filter(|f| f.start < facts.today);
    past.map(|f| days("flight.start", f, facts)).into_iter().collect()
}

fn days(field: &str, flight: Flight, facts: &Facts<'_>) -> Hit {
    Hit::at(field)
        .with("start", flight.start)
        .with("end", flight.end.map_or_else(|| "open".to_owned(), |d| d.to_string()))
        .with("today", facts.today)
}
