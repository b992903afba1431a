//! A job's flight: its order, its length, and its moments as a platform writes them.

use jiff::civil::Date;

use crate::engine::model::{deploy::Job, money::BudgetKind, refusal::Problem, time::Flight};

/// The flight, which a create cannot do without.
pub fn of(job: &Job) -> Result<Flight, Problem> {
    job.flight
        .ok_or_else(|| Problem::at("flight", "there is no first day", "enter first and last day"))
}

/// What is wrong with first and last day, whatever the platform.
pub fn fault(job: &Job) -> Option<Problem> {
    let flight = job.flight?;
    match flight.end {
        Some(end) if end < flight.start => Some(Problem::at(
            "flight.end",
            format!("{end} is before the first day, {}", flight.start),
            "swap the two, or mend the year",
        )),
        None if job.budget.is_some_and(|b| b.kind == BudgetKind::Lifetime) => Some(Problem::at(
            "flight.end",
            "a lifetime budget needs a last day",
            "enter the last day, or make the budget daily",
        )),
        _ => None,
    }
}

/// Days of the flight, first and last included.
pub fn days(job: &Job) -> Option<i64> {
    let flight = job.flight?;
    let span = flight.start.date().until(flight.end?.date()).ok()?;
    Some(i64::from(span.get_days()) + 1)
}

/// Start and end as a platform writes them, at day boundaries of the account's zone.
pub fn times<T>(
    job: &Job,
    day_start: impl FnOnce(Date, &str) -> Result<T, String>,
    day_end: impl FnOnce(Date, &str) -> Result<T, String>,
) -> Result<(T, Option<T>), Problem> {
    let Flight { start, end } = of(job)?;
    let zone = &job.account.timezone;
    let bad = |field: &'static str| {
        move |reason: String| Problem::at(field, reason, "mend the date, or the account's time zone")
    };
    let start = day_start(start.date(), zone).map_err(bad("flight.start"))?;
    let end = end
        .map(|e| day_end(e.date(), zone).map_err(bad("flight.end")))
        .transpose()?;
    Ok((start, end))
}
