//! Customers (ad accounts): the form of their ids, and what they say about themselves.

use serde_json::Value;

use super::{
    answer::{Read, read_body},
    errors::Class,
    gaql,
    read::rows,
};
use crate::{
    engine::model::{
        governance::Account,
        platform::{AccountId, PlatformId},
        refusal::Problem,
        sanitise::excerpt,
    },
    platforms::{
        AccountReport, Exchange, TokenExpiry, WireRequest,
        common::{
            account::{self, IdForm},
            read::text,
        },
        probe,
    },
};

/// The ten digits of a customer id, whether it was written `1234567890` or `123-456-7890`.
pub fn customer_id(account: &AccountId) -> String {
    account.as_str().replace('-', "")
}

/// True for ten digits, or ten digits as people write them.
pub fn is_customer_id(text: &str) -> bool {
    let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('-');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(all), None, ..) => digits(all, 10),
        (Some(a), Some(b), Some(c), None) => digits(a, 3) && digits(b, 3) && digits(c, 4),
        _ => false,
    }
}

/// How Google writes customers.
const ACCOUNT: IdForm = IdForm {
    what: "a Google Ads customer id",
    remedy: "write its ten digits, such as 123-456-7890 or 1234567890",
    fits: is_customer_id,
};

/// Checks a customer id's form and the account's zone.
pub fn check_account(account: &Account) -> Result<(), Problem> {
    account::check(account, &ACCOUNT)
}

/// What the account says, and whether a campaign of it lacks its EU declaration (which would block every change).
pub fn probe(account: &Account) -> Vec<WireRequest> {
    [
        "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, customer.status, \
         customer.manager, customer.test_account FROM customer",
        "SELECT campaign.id, campaign.name FROM campaign \
         WHERE campaign.missing_eu_political_advertising_declaration = TRUE AND campaign.status != 'REMOVED'",
    ]
    .map(|query| gaql::search(&account.id, query, None))
    .into()
}

/// Google's OAuth service mints access tokens for 3,599 seconds; the Ads API says nothing about them.
const EXPIRY: &str = "Google Ads does not say; an access token lasts about an hour, so its source must renew it";

/// What the answers to [`probe()`] say.
pub fn interpret_probe(account: &Account, answers: &[Exchange]) -> AccountReport {
    let mut report = AccountReport::new(PlatformId::GoogleAds, account.id.clone());
    let [about, undeclared] = answers else {
        probe::incomplete(&mut report, answers.len(), 2);
        return report;
    };
    match body(about) {
        Ok(about) => match rows(&about).first().and_then(|r| r.get("customer")) {
            Some(customer) => describe(account, customer, &mut report),
            None => report.problems.push(Problem::at(
                "account",
                "Google shows no such account",
                "check the customer id, and login_account in the configuration",
            )),
        },
        Err(problem) => {
            // What keeps the first question from an answer keeps the second too; once is enough.
            report.problems.push(problem);
            return report;
        }
    }
    report.expiry = Some(TokenExpiry::NotTold(EXPIRY.to_owned()));
    match body(undeclared) {
        Ok(body) => {
            let names: Vec<_> = rows(&body)
                .iter()
                .filter_map(|r| text(r, "/campaign/name"))
                .map(|n| excerpt(&n, 60))
                .take(3)
                .collect();
            if !names.is_empty() {
                report.problems.push(Problem::at(
                    "account",
                    format!(
                        "{} campaigns lack their EU political advertising declaration ({}); Google refuses every change",
                        rows(&body).len(),
                        names.join(", ")
                    ),
                    "declare them in Google Ads",
                ));
            }
        }
        Err(problem) => report.problems.push(problem),
    }
    report
}

/// The JSON of an answer, or what is wrong, for the operator.
fn body(exchange: &Exchange) -> Result<Value, Problem> {
    let again = "try again; look at the Google Ads status page if it stays so";
    match exchange {
        Ok(response) => match read_body(response) {
            Read::Json(body) if response.status == 200 => Ok(body),
            Read::Json(_) => Err(Problem::whole(
                format!("Google answered HTTP {}", response.status),
                again,
            )),
            Read::Error(error) => {
                let code = error.code_text().map(|c| format!(" ({c})")).unwrap_or_default();
                Err(Problem::whole(
                    format!("{}{code}", error.words()),
                    remedy(error.judge(response.status).class),
                ))
            }
            Read::Text(said) => Err(Problem::whole(
                format!("HTTP {}: {}", response.status, excerpt(&said, 200)),
                again,
            )),
        },
        Err(lost) => Err(probe::unanswered("Google", "platforms.google_ads", lost)),
    }
}

const fn remedy(class: Class) -> &'static str {
    match class {
        Class::AuthExpired | Class::AuthRevoked => "renew the access token or its source in the configuration",
        Class::Permission => {
            "check the customer id and login_account (the manager), and that the login is a user of one of the two"
        }
        Class::RateLimited | Class::Quota => "wait; the project has used up its calls",
        Class::Transient | Class::Concurrent => "try again in a minute",
        Class::Version => "raise the API version in the configuration",
        Class::Account | Class::Policy | Class::Limit => "clear it in Google Ads",
        Class::Duplicate | Class::Denied | Class::Removed | Class::NotFound | Class::Invalid => {
            "check the customer id and the API version"
        }
    }
}

fn describe(account: &Account, customer: &Value, report: &mut AccountReport) {
    let said = |field: &str| text(customer, field).unwrap_or_default();
    let flag = |field: &str| customer.pointer(field) == Some(&Value::Bool(true));
    let (status, currency, zone) = (said("/status"), said("/currencyCode"), said("/timeZone"));
    report.fact("name", &said("/descriptiveName"));
    report.fact("status", &status.to_lowercase());
    report.fact("currency", &currency);
    report.fact("time zone", &zone);
    if flag("/testAccount") {
        report.fact("kind", "a test account: nothing is ever shown or billed");
    }
    let mut problem = |reason: String, remedy: &str| report.problems.push(Problem::at("account", reason, remedy));
    if flag("/manager") {
        problem(
            "this is a manager account; campaigns live in the accounts below it".to_owned(),
            "give an account below it, and put this one into login_account in the configuration",
        );
    }
    if status != "ENABLED" {
        problem(
            format!("the account is {}", excerpt(&status.to_lowercase(), 24)),
            "clear it in Google Ads",
        );
    }
    probe::compare(account, &currency, &zone, report);
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::platforms::google_ads::{
        spec::check_request,
        testing::{answer, failure, job},
    };

    fn about() -> Value {
        json!({
            "resourceName": "customers/1234567890", "id": "1234567890", "descriptiveName": "Lumen US",
            "currencyCode": "USD", "timeZone": "America/New_York", "status": "ENABLED",
        })
    }

    fn report(customer: &Value, undeclared: &Value) -> AccountReport {
        let about = answer(200, &json!({"results": [{"customer": customer}]}));
        interpret_probe(&job().account, &[about, answer(200, undeclared)])
    }

    #[test]
    fn the_questions_are_known_to_the_specification() {
        for request in probe(&job().account) {
            assert_eq!(check_request(&request), []);
        }
    }

    #[test]
    fn a_good_account_has_facts_and_no_problem() {
        let report = report(&about(), &json!({"fieldMask": "campaign.id"}));
        assert_eq!(report.problems, []);
        assert!(report.facts.contains(&("status".to_owned(), "enabled".to_owned())));
    }

    #[rstest]
    #[case::suspended("status", json!("SUSPENDED"), "suspended")]
    #[case::currency("currencyCode", json!("EUR"), "billed in EUR")]
    #[case::zone("timeZone", json!("Europe/Berlin"), "Europe/Berlin")]
    #[case::manager("manager", json!(true), "manager account")]
    fn every_fault_is_told(#[case] field: &str, #[case] value: Value, #[case] want: &str) {
        let mut about = about();
        about[field] = value;
        let problems = report(&about, &json!({})).problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].reason.contains(want), "{problems:?}");
    }

    #[test]
    fn undeclared_campaigns_are_named() {
        let rows = json!({"results": [{"campaign": {"id": "7", "name": "Old one"}}]});
        let problems = report(&about(), &rows).problems;
        assert!(problems[0].reason.contains("Old one"), "{problems:?}");
    }

    #[test]
    fn a_dead_token_is_told_once() {
        let dead = failure(
            401,
            "authenticationError",
            "OAUTH_TOKEN_REVOKED",
            "Token was revoked.",
            &[],
        );
        let report = interpret_probe(&job().account, &[dead.clone(), dead]);
        assert_eq!(report.problems.len(), 1);
        assert!(
            report.problems[0]
                .reason
                .contains("authenticationError.OAUTH_TOKEN_REVOKED")
        );
    }

    #[rstest]
    #[case("1234567890", true)]
    #[case("123-456-7890", true)]
    #[case("12-3456-7890", false)]
    #[case("123456789", false)]
    #[case("123-456-789x", false)]
    #[case("act_1234567890", false)]
    #[case("123-456-7890-", false)]
    fn ids_have_a_form(#[case] id: &str, #[case] fine: bool) {
        let mut account = job().account;
        account.id = id.parse().unwrap();
        assert_eq!(check_account(&account).is_ok(), fine);
        if fine {
            assert_eq!(customer_id(&account.id), "1234567890");
        }
    }
}
