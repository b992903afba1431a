//! An ad account as the channel names it: the form of its id, and its zone.

use crate::engine::model::{governance::Account, refusal::Problem, sanitise::excerpt};

/// How a platform writes the ids of its accounts.
#[derive(Clone, Copy, Debug)]
pub struct IdForm {
    /// What one is called, with its article: `an ad account of Meta`.
    pub what: &'static str,
    /// How to write one.
    pub remedy: &'static str,
    /// True for a text of this form.
    pub fits: fn(&str) -> bool,
}

/// Checks the form of an account's id, and its zone. Every ISO currency is one a platform could bill in.
pub fn check(account: &Account, form: &IdForm) -> Result<(), Problem> {
    let id = account.id.as_str();
    if !(form.fits)(id) {
        return Err(Problem::at(
            "account",
            format!("\"{}\" is not {}", excerpt(id, 40), form.what),
            form.remedy,
        ));
    }
    jiff::tz::TimeZone::get(&account.timezone).map_err(|_| {
        Problem::at(
            "account",
            format!("\"{}\" is not a time zone", excerpt(&account.timezone, 40)),
            "give the account's IANA zone, such as Europe/Berlin",
        )
    })?;
    Ok(())
}
