//! Budgets, caps, flights, and what a request does not send.

use rstest::rstest;

use super::*;

#[rstest]
#[case("USD", "100000", BudgetKind::Daily, &[])]
#[case("USD", "100000.01", BudgetKind::Daily, &["budget.limit budget.amount"])]
#[case("USD", "1000000", BudgetKind::Lifetime, &[])]
#[case("USD", "1000000.01", BudgetKind::Lifetime, &["budget.limit budget.amount"])]
#[case("USD", "0", BudgetKind::Daily, &["budget.zero budget.amount"])]
#[case("EUR", "10", BudgetKind::Daily, &["budget.currency budget.currency"])]
fn budgets(#[case] currency: &str, #[case] amount: &str, #[case] kind: BudgetKind, #[case] marks: &[&str]) {
    let mut case = Case::clean();
    case.ticket.budget = Some(Budget {
        kind,
        money: money(amount, currency),
    });
    assert_eq!(case.marks(), marks);
}

#[test]
fn a_limit_is_in_the_tickets_own_currency_and_says_so() {
    let mut case = Case::clean();
    case.channel.accounts[0].currency = "JPY".parse().unwrap();
    case.ticket.budget = Some(Budget {
        kind: BudgetKind::Daily,
        money: money("100001", "JPY"),
    });
    assert_eq!(
        case.lines(),
        [
            "budget.limit budget.amount: the daily budget JPY 100,001 is above the limit of JPY 100,000 (lower it to JPY 100,000 or less, or split it over several tickets)"
        ]
    );
}

#[test]
fn a_markets_cap_counts_in_its_own_currency_only() {
    let mut case = Case::clean();
    case.market.daily_cap = Some(money("1000", "USD"));
    assert_eq!(case.marks(), ["budget.market_cap budget.amount"]);
    case.market.daily_cap = Some(money("1000", "EUR"));
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[rstest]
#[case("2026-03-01", Some("2026-02-28"), BudgetKind::Daily, &["flight.order flight.end"])]
#[case("2026-03-01", Some("2026-03-01"), BudgetKind::Daily, &[])]
#[case("2026-03-01", None, BudgetKind::Daily, &[])]
#[case("2026-03-01", None, BudgetKind::Lifetime, &["flight.end flight.end"])]
#[case("2026-01-31", None, BudgetKind::Daily, &["flight.past flight.start"])]
#[case("2026-02-01", None, BudgetKind::Daily, &[])]
fn flights(#[case] start: &str, #[case] end: Option<&str>, #[case] kind: BudgetKind, #[case] marks: &[&str]) {
    let mut case = Case::clean();
    case.ticket.flight = Some(Flight {
        start: day(start),
        end: end.map(day),
    });
    case.ticket.budget = case.ticket.budget.map(|b| Budget { kind, ..b });
    assert_eq!(case.marks(), marks);
}

#[test]
fn a_create_needs_budget_and_flight_and_a_pause_neither() {
    let mut case = Case::clean();
    case.ticket.budget = None;
    case.ticket.flight = None;
    assert_eq!(case.marks(), ["budget.required budget", "flight.required flight.start"]);
    case.ticket.request = RequestType::Pause;
    case.ticket.payload = CanonicalJson::default();
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[test]
fn what_a_change_request_does_not_send_is_told() {
    let mut case = Case::clean();
    case.ticket.request = RequestType::UpdateBudget;
    assert_eq!(case.marks(), ["request.unused flight", "request.unused payload"]);
    assert!(case.findings().iter().all(|f| f.severity == Severity::Warning));
}
