//! Every problem at once: values are parsed one after the other, and what is wrong is kept instead of ending it.

use std::str::FromStr;

use super::failure::{Complaint, Failure};
use crate::engine::model::{
    money::{Currency, Money},
    refusal::Problem,
    time::{Day, Flight},
};

/// Problems found so far.
#[derive(Debug, Default)]
pub struct Gather {
    problems: Vec<Problem>,
}

impl Gather {
    /// Takes the value, or keeps the problem.
    pub fn take<T>(&mut self, field: &str, value: Result<T, String>) -> Option<T> {
        value
            .map_err(|reason| self.problems.push(Problem::at(field, reason, "")))
            .ok()
    }

    /// Keeps a problem.
    pub fn add(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Parses text.
    pub fn parse<T: FromStr<Err = String>>(&mut self, field: &str, text: &str) -> Option<T> {
        self.take(field, text.parse())
    }

    /// Parses text that may be absent.
    pub fn parse_opt<T: FromStr<Err = String>>(&mut self, field: &str, text: Option<&str>) -> Option<T> {
        text.and_then(|t| self.parse(field, t))
    }

    /// Parses an edit of a value that may be emptied with `none`: absent = leave alone, `Some(None)` = empty it.
    pub fn clearable<T>(
        &mut self,
        field: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        match text? {
            "none" => Some(None),
            text => self.take(field, parse(text)).map(Some),
        }
    }

    /// Builds a flight from its days. An end needs a start.
    pub fn flight(&mut self, start: Option<&str>, end: Option<&str>) -> Option<Flight> {
        let end: Option<Day> = self.parse_opt("flight.end", end);
        match start {
            Some(start) => {
                let start = self.parse("flight.start", start)?;
                Some(Flight { start, end })
            }
            None if end.is_some() => {
                self.add(Problem::at(
                    "flight.start",
                    "an end without a start",
                    "give the first day too",
                ));
                None
            }
            None => None,
        }
    }

    /// True when nothing is wrong so far.
    pub const fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The problems.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The failure, once a value is missing.
    pub fn failure(self) -> Failure {
        if self.problems.is_empty() {
            return Failure::internal("a value is missing without a reason");
        }
        Failure::invalid(self.problems.into_iter().map(Complaint::from).collect())
    }
}

/// Parses `1000.00 EUR` or `EUR 1000.00`.
pub fn money(text: &str) -> Result<Money, String> {
    let bad = || {
        format!(
            "\"{}\" is not an amount with its currency, such as \"1000.00 EUR\"",
            crate::engine::model::sanitise::excerpt(text, 32)
        )
    };
    let (a, b) = text.trim().split_once(' ').ok_or_else(bad)?;
    let (amount, currency) = if a.starts_with(|c: char| c.is_ascii_alphabetic()) {
        (b, a)
    } else {
        (a, b)
    };
    let currency: Currency = currency.trim().parse()?;
    Money::parse(amount, currency)
}

/// An amount in a known currency; naming that currency along with it is allowed, and another one is kept for QA to
/// judge.
pub fn amount(text: &str, currency: Currency) -> Result<Money, String> {
    if text.trim().contains(' ') {
        money(text)
    } else {
        Money::parse(text, currency)
    }
}
