//! What the probes of every platform have in common: an answer that never came, and an account that is not as the
//! channel says.

use crate::{
    engine::model::{governance::Account, refusal::Problem, sanitise::excerpt},
    platforms::{AccountReport, Lost},
};

/// What a question without an answer means for the operator. `name` is the platform's: `Meta`; `section` its place in
/// the configuration: `platforms.meta`.
pub fn unanswered(name: &str, section: &str, lost: &Lost) -> Problem {
    match lost {
        Lost::NoCredentials { why } => Problem::whole(
            why.clone(),
            format!("set token in [{section}] of the configuration, such as token = {{ env = \"NAME\" }}"),
        ),
        Lost::NotSent { why } | Lost::InDoubt { why } => Problem::whole(
            format!("{name} cannot be reached: {why}"),
            format!("check the network, the proxy and base_url in [{section}] of the configuration"),
        ),
    }
}

/// Fewer answers than questions: a defect of whoever asked, told instead of guessed around.
pub fn incomplete(report: &mut AccountReport, answered: usize, asked: usize) {
    report.problems.push(Problem::whole(
        format!("{answered} of {asked} questions were answered"),
        "ask again",
    ));
}

/// Holds currency and zone against what the channel says: a wrong one makes every budget or every flight wrong.
pub fn compare(account: &Account, currency: &str, zone: &str, report: &mut AccountReport) {
    if currency != account.currency.code() {
        report.problems.push(Problem::at(
            "account",
            format!(
                "the account is billed in {}, here it says {}",
                excerpt(currency, 8),
                account.currency
            ),
            "mend the account's currency in the channel; every budget would be wrong",
        ));
    }
    if zone != account.timezone {
        report.problems.push(Problem::at(
            "account",
            format!(
                "the account's days are in {}, here it says {}",
                excerpt(zone, 40),
                account.timezone
            ),
            "mend the account's time zone in the channel; every flight would start at the wrong hour",
        ));
    }
}
