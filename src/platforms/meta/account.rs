//! Ad accounts: the form of their ids, and what they say about themselves.

use serde_json::Value;

use super::{
    errors::{ApiError, Class, Read, read_body},
    money, token,
};
use crate::{
    engine::model::{governance::Account, platform::PlatformId, refusal::Problem, sanitise::excerpt},
    platforms::{
        AccountReport, Exchange, WireRequest,
        common::{
            account::{self, IdForm},
            read::{is_digits, text},
        },
        probe,
    },
};

/// How Meta writes ad accounts.
const ACCOUNT: IdForm = IdForm {
    what: "an ad account of Meta",
    remedy: "write act_ and the number, such as act_1234567890; the bare number is refused by Meta",
    fits: |id| id.strip_prefix("act_").is_some_and(is_digits),
};

/// Checks an account id's form and the account's zone.
pub fn check_account(account: &Account) -> Result<(), Problem> {
    account::check(account, &ACCOUNT)
}

/// Who the token is, what the account says, and how long the token lasts.
pub fn probe(account: &Account) -> Vec<WireRequest> {
    let get = |path: String, fields: &str| WireRequest::get(path, vec![("fields".to_owned(), fields.to_owned())]);
    vec![
        get("/me".to_owned(), "id,name"),
        get(
            format!("/{}", account.id),
            "id,account_id,name,currency,account_status,disable_reason,timezone_name,min_daily_budget,spend_cap,amount_spent",
        ),
        token::ask(),
    ]
}

/// What the answers to [`probe()`] say.
pub fn interpret_probe(account: &Account, answers: &[Exchange]) -> AccountReport {
    let mut report = AccountReport::new(PlatformId::Meta, account.id.clone());
    let [me, about, debug] = answers else {
        probe::incomplete(&mut report, answers.len(), 3);
        return report;
    };
    match body(me) {
        Ok(me) => {
            let name = text(&me, "/name").or_else(|| text(&me, "/id"));
            report.fact("token of", &name.unwrap_or_default());
        }
        Err(problem) => {
            // A dead token fails the second question too; once is enough.
            report.problems.push(problem);
            return report;
        }
    }
    match body(about) {
        Ok(about) => describe(account, &about, &mut report),
        Err(problem) => report.problems.push(problem),
    }
    token::describe(body(debug), &mut report);
    report
}

/// The JSON of an answer, or what is wrong, for the operator.
fn body(exchange: &Exchange) -> Result<Value, Problem> {
    match exchange {
        Ok(response) => match read_body(response) {
            Read::Json(body) if response.status == 200 => Ok(body),
            Read::Json(_) => Err(Problem::whole(
                format!("Meta answered HTTP {}", response.status),
                "try again; look at Meta's status page if it stays so",
            )),
            Read::Error(error) => Err(Problem::whole(
                error_words(&error),
                remedy(error.class(response.status).0),
            )),
            Read::Text(said) => Err(Problem::whole(
                format!("HTTP {}: {}", response.status, excerpt(&said, 200)),
                "try again; look at Meta's status page if it stays so",
            )),
        },
        Err(lost) => Err(probe::unanswered("Meta", "platforms.meta", lost)),
    }
}

fn error_words(error: &ApiError) -> String {
    let code = error.code_text().map(|c| format!(" (error {c})")).unwrap_or_default();
    format!("{}{code}", error.words)
}

const fn remedy(class: Class) -> &'static str {
    match class {
        Class::AuthExpired | Class::AuthRevoked => "make a new system user token and set it in the configuration",
        Class::Permission => {
            "check that the account id is right and that the token's user has ads_management on this account"
        }
        Class::RateLimited => "wait; the account has used up its calls",
        Class::Transient | Class::TransientOnce => "try again in a minute",
        Class::Version => "raise the API version in the configuration",
        Class::Account | Class::Policy => "clear it with Meta's support",
        Class::Duplicate | Class::Invalid => "check the account id and the API version",
    }
}

/// What `account_status` means, and whether ads run.
const fn status_words(status: i64) -> (&'static str, bool) {
    match status {
        1 => ("active", true),
        2 => ("disabled", false),
        3 => ("unsettled: a payment failed", false),
        7 => ("pending risk review", false),
        8 => ("pending settlement", false),
        9 => ("in grace period: a payment is late, ads still run", true),
        100 => ("pending closure", false),
        101 => ("closed", false),
        _ => ("in a state this version does not know", false),
    }
}

fn describe(account: &Account, about: &Value, report: &mut AccountReport) {
    let status = text(about, "/account_status").and_then(|s| s.parse::<i64>().ok());
    let (words, runs) = status_words(status.unwrap_or(-1));
    let name = text(about, "/name").unwrap_or_default();
    let currency = text(about, "/currency").unwrap_or_default();
    let zone = text(about, "/timezone_name").unwrap_or_default();
    report.fact("name", &name);
    report.fact("status", words);
    report.fact("currency", &currency);
    report.fact("time zone", &zone);
    let units = |field: &str| text(about, field).and_then(|t| t.parse::<u64>().ok()).unwrap_or(0);
    let shown = |units| money::from_units(units, account.currency).map_or_else(|e| e, |m| m.to_string());
    let (cap, spent, least) = (units("/spend_cap"), units("/amount_spent"), units("/min_daily_budget"));
    if currency == account.currency.code() {
        if least > 0 {
            report.fact("least daily budget", &shown(least));
        }
        if cap > 0 {
            report.fact("spent of its cap", &format!("{} of {}", shown(spent), shown(cap)));
        }
    }

    let mut problem = |reason: String, remedy: &str| report.problems.push(Problem::at("account", reason, remedy));
    if !runs {
        let reason = text(about, "/disable_reason").filter(|r| r != "0");
        let why = reason
            .map(|r| format!(" (disable reason {})", excerpt(&r, 12)))
            .unwrap_or_default();
        problem(
            format!("the account is {words}{why}"),
            "clear it in Meta's account settings",
        );
    }
    if cap > 0 && spent >= cap {
        problem(
            "the account's spending limit is reached; nothing delivers".to_owned(),
            "raise or reset the limit in Meta's billing settings",
        );
    }
    probe::compare(account, &currency, &zone, report);
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::platforms::meta::{
        spec::check_request,
        testing::{answer, job},
    };

    fn about() -> Value {
        json!({
            "id": "act_1001", "account_id": "1001", "name": "Lumen US", "currency": "USD", "account_status": 1,
            "timezone_name": "America/New_York", "min_daily_budget": 100, "spend_cap": "0", "amount_spent": "5000",
        })
    }

    fn report(about: &Value) -> AccountReport {
        let me = answer(200, &json!({"id": "5", "name": "Trafficking bot"}));
        interpret_probe(
            &job().account,
            &[me, answer(200, about), debug(json!({"expires_at": 0}))],
        )
    }

    fn debug(data: Value) -> Exchange {
        answer(200, &json!({ "data": data }))
    }

    #[test]
    fn the_questions_are_known_to_the_specification() {
        for request in probe(&job().account) {
            assert_eq!(check_request(&request), []);
        }
    }

    #[test]
    fn a_good_account_has_facts_and_no_problem() {
        let report = report(&about());
        assert_eq!(report.problems, []);
        assert!(
            report
                .facts
                .contains(&("least daily budget".to_owned(), "USD 1.00".to_owned()))
        );
    }

    #[rstest]
    #[case::disabled("account_status", json!(2), "disabled")]
    #[case::unsettled("account_status", json!("3"), "unsettled")]
    #[case::unknown("account_status", json!(55), "does not know")]
    #[case::currency("currency", json!("EUR"), "billed in EUR")]
    #[case::zone("timezone_name", json!("Europe/Berlin"), "Europe/Berlin")]
    #[case::spent("spend_cap", json!("5000"), "limit is reached")]
    fn every_fault_is_told(#[case] field: &str, #[case] value: Value, #[case] want: &str) {
        let mut about = about();
        about[field] = value;
        let problems = report(&about).problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].reason.contains(want), "{problems:?}");
    }

    #[test]
    fn a_grace_period_is_no_fault_and_a_dead_token_is_told_once() {
        let mut late = about();
        late["account_status"] = json!(9);
        assert_eq!(report(&late).problems, []);
        let dead = answer(
            400,
            &json!({"error": {"code": 190, "error_subcode": 463, "message": "Session has expired"}}),
        );
        let report = interpret_probe(&job().account, &[dead.clone(), dead.clone(), dead]);
        assert_eq!(report.problems.len(), 1);
        assert_eq!(report.problems[0].reason, "Session has expired (error 190/463)");
    }

    #[rstest]
    #[case("act_1001", true)]
    #[case("1001", false)]
    #[case("act_", false)]
    #[case("act_10x", false)]
    fn ids_have_a_form(#[case] id: &str, #[case] fine: bool) {
        let mut account = job().account;
        account.id = id.parse().unwrap();
        assert_eq!(check_account(&account).is_ok(), fine);
    }
}
