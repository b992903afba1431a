//! A job's budget: there, in the account's currency, countable in the platform's units, and not below its least.

use rust_decimal::Decimal;

use crate::engine::model::{
    deploy::Job,
    money::{Budget, Money},
    refusal::Problem,
};

/// The least a platform takes, and for what: `5`, `a day`.
pub type Least = (Decimal, String);

/// The budget, and its amount in the platform's units.
pub fn counted<T>(
    budget: Option<Budget>,
    platform: &str,
    units: impl FnOnce(&Money) -> Result<T, String>,
) -> Result<(Budget, T), Problem> {
    let Some(budget) = budget else {
        return Err(Problem::at("budget", "there is no budget", "enter a budget"));
    };
    units(&budget.money)
        .map(|amount| (budget, amount))
        .map_err(|reason| Problem::at("budget", reason, format!("enter an amount {platform} can count")))
}

/// Checks a budget against the account and against the platform's least; `least` is `None` where no number is known.
pub fn check<T>(
    job: &Job,
    platform: &str,
    units: impl FnOnce(&Money) -> Result<T, String>,
    least: impl FnOnce(&Job, Budget) -> Option<Least>,
) -> Result<(), Problem> {
    if let Some(budget) = job.budget {
        let (want, have) = (job.account.currency, budget.money.currency());
        if want != have {
            return Err(Problem::at(
                "budget",
                format!("the budget is in {have}, the account {} in {want}", job.account.id),
                format!("enter it in {want}"),
            ));
        }
    }
    let (budget, _) = counted(job.budget, platform, units)?;
    let Some((least, of)) = least(job, budget) else {
        if budget.money.amount().is_zero() {
            return Err(Problem::at("budget", "the budget is zero", "enter an amount"));
        }
        return Ok(());
    };
    if budget.money.amount() < least {
        let currency = job.account.currency;
        return Err(Problem::at(
            "budget",
            format!(
                "{} is below {platform}'s least of {currency} {least} {of}",
                budget.money
            ),
            "raise the budget, or shorten the flight",
        ));
    }
    Ok(())
}
