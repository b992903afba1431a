//! What only Google knows to be wrong with a job, before anything is sent.
//!
//! The catalogue's own rules (required, one of these words, ranges) are QA's work; here is what no single field tells:
//! money in micros, name and text widths, dates, fields that need or exclude each other. Google publishes no minimum
//! budgets, so none are checked: its refusal names the amount.

use std::collections::BTreeSet;

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::{account, steps, tree};
use crate::{
    engine::model::{
        catalogue::get_path, deploy::Job, path::FieldPath, refusal::Problem, sanitise::excerpt, ticket::RequestType,
    },
    platforms::common::{flight, target},
};

/// Longest landing page, in bytes.
const MAX_URL: usize = 2084;

/// Everything wrong with a job.
pub fn check(job: &Job) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(account::check_account(&job.account).err());
    match job.request {
        RequestType::Create => {
            check_name(job, &mut problems);
            problems.extend(tree::operations(job).err().into_iter().flatten());
            let payload = job.payload.value();
            check_campaign(&payload, &mut problems);
            problems.extend(flight::fault(job));
            check_ad(&payload, &mut problems);
            check_keywords(&payload, &mut problems);
        }
        RequestType::UpdateBudget => {
            check_target(job, &mut problems);
            check_new_budget(job, &mut problems);
        }
        RequestType::Pause | RequestType::Resume | RequestType::Archive => check_target(job, &mut problems),
    }
    problems
}

fn at(field: &str, reason: impl Into<String>, remedy: impl Into<String>) -> Problem {
    Problem::at(FieldPath::from(field), reason, remedy)
}

fn check_name(job: &Job, problems: &mut Vec<Problem>) {
    if job.name.is_empty() {
        problems.push(at("name", "there is no name", "give the campaign a label"));
    } else if job.name.contains(['\0', '\n', '\r']) {
        problems.push(at("name", "the name holds a line break", "mend the campaign's label"));
    } else if let Some(reason) = steps::name_fault(&job.name) {
        problems.push(at("name", reason, "shorten the campaign's label"));
    }
}

fn check_campaign(payload: &Value, problems: &mut Vec<Problem>) {
    let network =
        |name: &str| get_path(payload, &format!("campaign.networkSettings.{name}")) == Some(&Value::Bool(true));
    let google = network("targetGoogleSearch");
    if network("targetSearchNetwork") && !google {
        problems.push(at(
            "payload.campaign.networkSettings.targetSearchNetwork",
            "search partners need Google search",
            "choose Google search too, or leave the partners out",
        ));
    } else if !google && !network("targetContentNetwork") {
        problems.push(at(
            "payload.campaign.networkSettings.targetGoogleSearch",
            "no network is chosen",
            "choose at least Google search",
        ));
    }
    let suffix = get_path(payload, "campaign.finalUrlSuffix").and_then(Value::as_str);
    if suffix.is_some_and(|s| s.starts_with(['?', '&'])) {
        problems.push(at(
            "payload.campaign.finalUrlSuffix",
            "the suffix starts with a separator of its own",
            "start with the first name: utm_source=google",
        ));
    }
}

/// A text of the ad that is too wide: Google counts East Asian characters twice.
fn check_width(field: &FieldPath, text: &str, most: usize, problems: &mut Vec<Problem>) {
    let wide = text.trim().width();
    if wide > most {
        problems.push(Problem::at(
            field.clone(),
            format!("\"{}\" is {wide} wide; Google takes {most}", excerpt(text, 60)),
            "shorten it",
        ));
    }
}

fn check_ad(payload: &Value, problems: &mut Vec<Problem>) {
    let text = |path: &str| {
        get_path(payload, path)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|t| !t.is_empty())
    };
    let headlines: Vec<&str> = get_path(payload, "ad.headlines")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let base = FieldPath::from("payload.ad.headlines");
    let all: Vec<_> = headlines.iter().enumerate().map(|(n, t)| (base.item(n), *t)).collect();
    if !(3..=15).contains(&headlines.len()) {
        problems.push(Problem::at(
            base,
            format!("{} headlines; Google takes 3 to 15", headlines.len()),
            "write at least three",
        ));
    }
    check_texts(&all, 30, problems);
    let descriptions: Vec<_> = tree::DESCRIPTIONS
        .iter()
        .filter_map(|p| text(p).map(|t| (FieldPath::new(format!("payload.{p}")), t)))
        .collect();
    if descriptions.len() < 2 {
        problems.push(at(
            "payload.ad.description2",
            format!("{} descriptions; Google takes 2 to 4", descriptions.len()),
            "write at least two",
        ));
    }
    check_texts(&descriptions, 90, problems);
    for path in ["ad.path1", "ad.path2"] {
        if let Some(t) = text(path) {
            check_width(&FieldPath::new(format!("payload.{path}")), t, 15, problems);
        }
    }
    if text("ad.path2").is_some() && text("ad.path1").is_none() {
        problems.push(at(
            "payload.ad.path1",
            "path 2 needs path 1",
            "fill in path 1, or clear path 2",
        ));
    }
    match text("ad.final_url") {
        None => problems.push(at("payload.ad.final_url", "there is no landing page", "enter one")),
        Some(url) if url.len() > MAX_URL => problems.push(at(
            "payload.ad.final_url",
            format!("the address has {} bytes; Google takes {MAX_URL}", url.len()),
            "shorten it",
        )),
        Some(_) => {}
    }
}

/// Widths, and that no text stands twice.
fn check_texts(texts: &[(FieldPath, &str)], most: usize, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for (field, text) in texts {
        check_width(field, text, most, problems);
        if text.trim().is_empty() {
            problems.push(Problem::at(field.clone(), "is empty", "write a text, or take it out"));
        } else if !seen.insert(text.trim().to_lowercase()) {
            problems.push(Problem::at(
                field.clone(),
                format!("\"{}\" stands there twice", excerpt(text, 60)),
                "write another text",
            ));
        }
    }
}

/// Google's answer to the same keyword twice is not documented, so it is not asked for.
fn check_keywords(payload: &Value, problems: &mut Vec<Problem>) {
    let list = get_path(payload, "ad_group.keywords").and_then(Value::as_array);
    let mut seen = BTreeSet::new();
    for (n, keyword) in list.into_iter().flatten().enumerate() {
        let written = keyword.as_str().unwrap_or_default().trim().to_lowercase();
        if !written.is_empty() && !seen.insert(written) {
            problems.push(Problem::at(
                FieldPath::from("payload.ad_group.keywords").item(n),
                format!("{} stands there twice", excerpt(&keyword.to_string(), 60)),
                "take one out",
            ));
        }
    }
}

fn check_target(job: &Job, problems: &mut Vec<Problem>) {
    if job.target.is_none() {
        problems.push(at(
            "target",
            "nothing says what is changed",
            "name the ticket that created it",
        ));
    }
}

fn check_new_budget(job: &Job, problems: &mut Vec<Problem>) {
    problems.extend(tree::budget_micros(job.budget).err());
    if target::swaps_budget_kind(job) {
        problems.push(at(
            "budget",
            "a daily budget cannot become one for the whole flight, nor the other way round",
            "keep the kind of budget, or make a new campaign",
        ));
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::money::BudgetKind,
        platforms::{
            common::testing,
            google_ads::testing::{budget, change, job, set},
        },
    };

    fn fields(job: &Job) -> Vec<String> {
        testing::fields(check(job))
    }

    #[test]
    fn a_good_ticket_has_no_problem() {
        assert_eq!(check(&job()), []);
        for request in [
            RequestType::UpdateBudget,
            RequestType::Pause,
            RequestType::Resume,
            RequestType::Archive,
        ] {
            assert_eq!(check(&change(request)), []);
        }
    }

    #[rstest]
    #[case::two_headlines("ad.headlines", json!(["a", "b"]), "payload.ad.headlines")]
    #[case::wide("ad.headlines", json!(["a", "b", "日本語日本語日本語日本語日本語日"]), "payload.ad.headlines[2]")]
    #[case::twice("ad.headlines", json!(["a", "b", "A"]), "payload.ad.headlines[2]")]
    #[case::empty("ad.headlines", json!(["a", "b", "c", " "]), "payload.ad.headlines[3]")]
    #[case::one_description("ad.description2", json!(""), "payload.ad.description2")]
    #[case::long_description("ad.description1", json!("x".repeat(91)), "payload.ad.description1")]
    #[case::same_description("ad.description2", json!("Seen by nobody yet."), "payload.ad.description2")]
    #[case::path2_alone("ad.path1", json!(null), "payload.ad.path1")]
    #[case::long_path("ad.path1", json!("x".repeat(16)), "payload.ad.path1")]
    #[case::long_url("ad.final_url", json!(format!("https://example.com/{}", "x".repeat(2084))), "payload.ad.final_url")]
    #[case::no_url("ad.final_url", json!(null), "payload.ad.final_url")]
    #[case::no_network("campaign.networkSettings.targetGoogleSearch", json!(false),
        "payload.campaign.networkSettings.targetGoogleSearch")]
    #[case::suffix("campaign.finalUrlSuffix", json!("?a=b"), "payload.campaign.finalUrlSuffix")]
    #[case::keyword_twice("ad_group.keywords", json!(["shoes", "Shoes"]), "payload.ad_group.keywords[1]")]
    fn faults_are_told_at_their_field(#[case] path: &str, #[case] value: Value, #[case] want: &str) {
        let mut job = job();
        set(&mut job, path, value);
        assert_eq!(fields(&job), [want]);
    }

    #[test]
    fn partners_need_google_search() {
        let mut job = job();
        set(&mut job, "campaign.networkSettings.targetGoogleSearch", json!(false));
        set(&mut job, "campaign.networkSettings.targetSearchNetwork", json!(true));
        assert_eq!(fields(&job), ["payload.campaign.networkSettings.targetSearchNetwork"]);
    }

    #[test]
    fn names_flights_and_budgets() {
        let mut long = job();
        long.name = "x".repeat(245);
        assert_eq!(fields(&long), ["name"]);
        let mut lifetime = job();
        lifetime.budget = Some(budget(BudgetKind::Lifetime, "5000"));
        assert_eq!(check(&lifetime), []);
        lifetime.flight.as_mut().unwrap().end = None;
        assert_eq!(fields(&lifetime), ["flight.end"]);
        let mut backwards = job();
        backwards.flight.as_mut().unwrap().end = Some("2026-11-30".parse().unwrap());
        assert_eq!(fields(&backwards), ["flight.end"]);
        let mut none = job();
        none.budget = None;
        assert_eq!(fields(&none), ["budget"]);
        let mut other_kind = change(RequestType::UpdateBudget);
        other_kind.budget = Some(budget(BudgetKind::Lifetime, "5000"));
        assert_eq!(fields(&other_kind), ["budget"]);
        let mut aimless = change(RequestType::Pause);
        aimless.target = None;
        assert_eq!(fields(&aimless), ["target"]);
    }
}
