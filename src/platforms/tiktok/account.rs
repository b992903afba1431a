//! Ad accounts: the form of their ids, and what they say about themselves.

use serde_json::{Value, json};

use super::{
    errors::{Class, Envelope, Read, class, read_body},
    read::text,
};
use crate::{
    engine::model::{governance::Account, platform::PlatformId, refusal::Problem, sanitise::excerpt},
    platforms::{
        AccountReport, Exchange, TokenExpiry, WireRequest,
        common::account::{self, IdForm},
        probe,
    },
};

/// True for an advertiser id: digits, as many as TikTok gives.
pub fn is_advertiser_id(text: &str) -> bool {
    (13..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// How TikTok writes ad accounts.
const ACCOUNT: IdForm = IdForm {
    what: "an advertiser id of TikTok",
    remedy: "write the number alone, such as 7000000000000000001",
    fits: is_advertiser_id,
};

/// Checks an account id's form and the account's zone.
pub fn check_account(account: &Account) -> Result<(), Problem> {
    account::check(account, &ACCOUNT)
}

/// What the account says about itself, then whether its campaigns may be seen.
pub fn probe(account: &Account) -> Vec<WireRequest> {
    let get = |path: &str, query: Vec<(&str, String)>| {
        WireRequest::get(
            path.to_owned(),
            query.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
        )
    };
    let fields = json!(["advertiser_id", "name", "currency", "timezone", "status", "balance"]);
    vec![
        get(
            "/advertiser/info/",
            vec![
                ("advertiser_ids", json!([account.id]).to_string()),
                ("fields", fields.to_string()),
            ],
        ),
        get(
            "/campaign/get/",
            vec![
                ("advertiser_id", account.id.to_string()),
                ("fields", json!(["campaign_id"]).to_string()),
                ("page", "1".to_owned()),
                ("page_size", "1".to_owned()),
            ],
        ),
    ]
}

/// What the answers to [`probe()`] say.
pub fn interpret_probe(account: &Account, answers: &[Exchange]) -> AccountReport {
    let mut report = AccountReport::new(PlatformId::Tiktok, account.id.clone());
    let [about, campaigns] = answers else {
        probe::incomplete(&mut report, answers.len(), 2);
        return report;
    };
    match data(about) {
        Ok(data) => match data.pointer("/list/0") {
            Some(about) => describe(account, about, &mut report),
            None => report.problems.push(Problem::at(
                "account",
                "the token reaches no such account",
                "check the account's id, and that its owner authorised this app",
            )),
        },
        Err(problem) => {
            // A dead token fails the second question too; once is enough.
            report.problems.push(problem);
            return report;
        }
    }
    // A Marketing API token lasts until the advertiser takes the authorisation back.
    report.expiry = Some(TokenExpiry::Never);
    if let Err(problem) = data(campaigns) {
        report.problems.push(problem);
    }
    report
}

/// The data of an answer, or what is wrong, for the operator.
fn data(exchange: &Exchange) -> Result<Value, Problem> {
    match exchange {
        Ok(response) => match read_body(response) {
            Read::Envelope(envelope) if envelope.code == 0 => Ok(envelope.data),
            Read::Envelope(Envelope { code, message, .. }) => {
                Err(Problem::whole(format!("{message} (code {code})"), remedy(class(code))))
            }
            Read::Text(_) if matches!(response.status, 404 | 405) => Err(Problem::whole(
                format!("HTTP {}: TikTok knows no such address", response.status),
                "check base URL (with /open_api) and version in the configuration",
            )),
            Read::Text(said) => Err(Problem::whole(
                format!("HTTP {}: {}", response.status, excerpt(&said, 200)),
                "try again in a few minutes",
            )),
        },
        Err(lost) => Err(probe::unanswered("TikTok", "platforms.tiktok", lost)),
    }
}

const fn remedy(class: Option<Class>) -> &'static str {
    match class {
        Some(Class::AuthExpired | Class::Auth) => {
            "authorise the app again and set the new token in the configuration; sandbox and production tokens differ"
        }
        Some(Class::Permission) => "check that the app has ads management, and that this advertiser authorised it",
        Some(Class::Account) => "check the account's id",
        Some(Class::RateLimited) => "wait; the app has used up its calls",
        Some(Class::Transient | Class::Partial | Class::Processing) | None => "try again in a few minutes",
        Some(Class::Quota | Class::Duplicate | Class::Invalid) => "check the account's id and the API version",
    }
}

/// What `status` means, and whether ads run.
fn status_words(status: &str) -> (&'static str, bool) {
    match status {
        "STATUS_ENABLE" => ("approved", true),
        "STATUS_DISABLE" => ("disabled", false),
        "STATUS_LIMIT" => ("punished", false),
        "STATUS_PENDING_CONFIRM" | "STATUS_PENDING_VERIFIED" | "STATUS_SELF_SERVICE_UNAUDITED" => {
            ("not reviewed yet", false)
        }
        "STATUS_PENDING_CONFIRM_MODIFY" => ("under review after a change", false),
        "STATUS_CONFIRM_FAIL" | "STATUS_CONFIRM_FAIL_END" | "STATUS_CONFIRM_MODIFY_FAIL" => {
            ("not approved by the review", false)
        }
        "STATUS_WAIT_FOR_BPM_AUDIT" | "STATUS_WAIT_FOR_PUBLIC_AUTH" => ("waiting for a review", false),
        "STATUS_CONTRACT_PENDING" => ("waiting for its contract", false),
        _ => ("in a state this version does not know", false),
    }
}

fn describe(account: &Account, about: &Value, report: &mut AccountReport) {
    let field = |name: &str| text(about, name).unwrap_or_default();
    let (status, currency, zone) = (field("status"), field("currency"), field("timezone"));
    let (words, runs) = status_words(&status);
    report.fact("name", &field("name"));
    report.fact("status", words);
    report.fact("currency", &currency);
    report.fact("time zone", &zone);
    report.fact("balance", &field("balance"));
    let mut problem = |reason: String, remedy: &str| report.problems.push(Problem::at("account", reason, remedy));
    if field("advertiser_id") != account.id.as_str() {
        problem(
            "TikTok answered about another account".to_owned(),
            "check the account's id",
        );
    }
    if !runs {
        problem(
            format!("the account is {words} ({})", excerpt(&status, 40)),
            "clear it in TikTok Ads Manager",
        );
    }
    probe::compare(account, &currency, &zone, report);
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platforms::tiktok::{
        spec::{check_request, words},
        testing::{envelope, job, text as plain},
    };

    fn about() -> Value {
        json!({
            "advertiser_id": "7000000000000000001", "name": "Lumen US", "currency": "USD",
            "timezone": "America/New_York", "status": "STATUS_ENABLE", "balance": 100.5,
        })
    }

    fn report(about: &Value) -> AccountReport {
        let answers = [
            envelope(0, "OK", &json!({"list": [about]})),
            envelope(0, "OK", &json!({"list": []})),
        ];
        interpret_probe(&job().account, &answers)
    }

    #[test]
    fn the_questions_are_known_to_the_specification() {
        for request in probe(&job().account) {
            assert_eq!(check_request(&request), []);
        }
    }

    #[test]
    fn every_status_has_words() {
        for status in words("advertiser", "advertiser_status").unwrap() {
            assert!(!status_words(status).0.contains("does not know"), "{status}");
        }
    }

    #[test]
    fn a_good_account_has_facts_and_no_problem() {
        let report = report(&about());
        assert_eq!(report.problems, []);
        assert!(report.facts.contains(&("balance".to_owned(), "100.5".to_owned())));
    }

    #[rstest]
    #[case::punished("status", json!("STATUS_LIMIT"), "punished")]
    #[case::unknown("status", json!("STATUS_NEW"), "does not know")]
    #[case::currency("currency", json!("EUR"), "billed in EUR")]
    #[case::zone("timezone", json!("Europe/Berlin"), "Europe/Berlin")]
    #[case::other("advertiser_id", json!("7"), "another account")]
    fn every_fault_is_told(#[case] field: &str, #[case] value: Value, #[case] want: &str) {
        let mut about = about();
        about[field] = value;
        let problems = report(&about).problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].reason.contains(want), "{problems:?}");
    }

    #[test]
    fn what_stands_in_the_way_is_told_once() {
        let ask = |answers: &[Exchange]| {
            let problems = interpret_probe(&job().account, answers).problems;
            assert_eq!(problems.len(), 1, "{problems:?}");
            problems[0].reason.clone()
        };
        let dead = envelope(40105, "Access token is incorrect or has been revoked.", &json!({}));
        assert_eq!(
            ask(&[dead.clone(), dead]),
            "Access token is incorrect or has been revoked. (code 40105)"
        );
        let fine = || envelope(0, "OK", &json!({"list": [about()]}));
        assert!(ask(&[fine(), envelope(40001, "No permission", &json!({}))]).contains("40001"));
        assert!(ask(&[envelope(0, "OK", &json!({"list": []})), fine()]).contains("no such account"));
        assert!(ask(&[plain(404, "404 page not found"), fine()]).contains("no such address"));
        assert!(ask(&[]).contains("0 of 2"));
    }

    #[rstest]
    #[case("7000000000000000001", true)]
    #[case("act_7000000000000000001", false)]
    #[case("123-456-7890", false)]
    #[case("1234567890", false)]
    #[case("70000000000000000010000", false)]
    fn ids_have_a_form(#[case] id: &str, #[case] fine: bool) {
        let mut account = job().account;
        account.id = id.parse().unwrap();
        assert_eq!(check_account(&account).is_ok(), fine);
    }
}
