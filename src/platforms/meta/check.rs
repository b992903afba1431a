//! What only Meta knows to be wrong with a job, before anything is sent.
//!
//! The catalogue's own rules (required, one of these words, ranges) are QA's work; here is what no single field tells:
//! money in Meta's units, minimums, times, fields that exclude each other. Minimums are checked only as far as the
//! documentation gives numbers, which is in US dollars.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    account, media, money,
    payload::{BudgetLevel, section, section_of},
    plan, steps, time,
};
use crate::{
    engine::model::{
        deploy::Job,
        money::{BudgetKind, Money},
        path::FieldPath,
        platform::ObjectKind,
        refusal::Problem,
        sanitise::excerpt,
        ticket::RequestType,
    },
    platforms::common::{
        budget, flight,
        payload::misplaced,
        read::is_digits,
        target::{self, Targets},
    },
};

/// Fields the ticket itself provides: in a payload they would be sent twice, or bypass what governs them.
const FROM_THE_TICKET: [&str; 14] = [
    "name",
    "status",
    "daily_budget",
    "lifetime_budget",
    "start_time",
    "stop_time",
    "end_time",
    "campaign_id",
    "adset_id",
    "creative",
    "creative_id",
    "execution_options",
    "id",
    "access_token",
];

/// Member states of the European Union: who is advertised there, and who pays, must be said.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// What a ticket changes on Meta.
const TARGETS: Targets = Targets {
    platform: "Meta",
    below: "an ad set",
    is_id: is_digits,
};

/// Everything wrong with a job.
pub fn check(job: &Job) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(account::check_account(&job.account).err());
    if job.request == RequestType::Create {
        check_name(job, &mut problems);
        check_sections(job, &mut problems);
        check_campaign(job, &mut problems);
        check_ad_set(job, &mut problems);
        check_creative(job, &mut problems);
        problems.extend(media::check(job));
        check_flight(job, &mut problems);
        problems.extend(check_budget(job).err());
    } else {
        target::check(job, &TARGETS, &mut problems);
        if job.request == RequestType::UpdateBudget {
            problems.extend(check_budget(job).err());
        }
    }
    problems
}

fn at(field: &str, reason: impl Into<String>, remedy: impl Into<String>) -> Problem {
    Problem::at(FieldPath::from(field), reason, remedy)
}

fn check_name(job: &Job, problems: &mut Vec<Problem>) {
    let length = job.name.chars().count();
    if length == 0 {
        problems.push(at("name", "there is no name", "give the campaign a label"));
    } else if length > steps::longest_name() {
        problems.push(at(
            "name",
            format!(
                "the name has {length} characters; with what is added for ad sets, creatives and ads Meta takes {}",
                steps::longest_name()
            ),
            "shorten the campaign's label",
        ));
    }
}

/// Sections as a whole: shape, amounts, and nothing that the ticket itself provides.
fn check_sections(job: &Job, problems: &mut Vec<Problem>) {
    for kind in [
        ObjectKind::Campaign,
        ObjectKind::AdSet,
        ObjectKind::Creative,
        ObjectKind::Ad,
    ] {
        problems.extend(section(job, kind).err().into_iter().flatten());
        // The bid strategy is kept once, with the campaign.
        let elsewhere = |field: &str| kind == ObjectKind::AdSet && field == "bid_strategy";
        misplaced(
            job,
            section_of(kind),
            |field| FROM_THE_TICKET.contains(&field) || elsewhere(field),
            |field| {
                if elsewhere(field) {
                    "set the bid strategy on the campaign; it goes where the budget goes"
                } else {
                    "remove it; it comes from the ticket"
                }
            },
            problems,
        );
    }
}

fn check_campaign(job: &Job, problems: &mut Vec<Problem>) {
    let root = job.payload.value();
    let level = match BudgetLevel::of(job) {
        Ok(level) => level,
        Err(p) => {
            problems.push(p);
            return;
        }
    };
    if level == BudgetLevel::Campaign && plan::shares_budget(job) {
        problems.push(at(
            "payload.campaign.is_adset_budget_sharing_enabled",
            "ad sets cannot share budgets when the campaign has the budget",
            "set it to no, or put the budget on the ad set",
        ));
    }
    let objective = root.pointer("/campaign/objective").and_then(Value::as_str);
    if let Some(old) = objective.filter(|o| !o.starts_with("OUTCOME_")) {
        problems.push(at(
            "payload.campaign.objective",
            format!("{} can no longer be created", excerpt(old, 40)),
            "choose one of the OUTCOME_ objectives",
        ));
    }
    let special = texts(root.pointer("/campaign/special_ad_categories"));
    if special.len() > 1 && special.contains("NONE") {
        problems.push(at(
            "payload.campaign.special_ad_categories",
            "NONE stands together with another category",
            "keep NONE alone, or remove it",
        ));
    }
}

fn check_ad_set(job: &Job, problems: &mut Vec<Problem>) {
    let root = job.payload.value();
    let word = |path: &str| root.pointer(path).and_then(Value::as_str);
    let goal = word("/ad_set/optimization_goal");
    if let Some(billing @ ("LINK_CLICKS" | "THRUPLAY")) = word("/ad_set/billing_event")
        && goal != Some(billing)
    {
        problems.push(at(
            "payload.ad_set.billing_event",
            format!("{billing} is billed only when the ad set is optimised for {billing}"),
            "choose IMPRESSIONS, or change the goal",
        ));
    }
    if matches!(goal, Some("OFFSITE_CONVERSIONS" | "VALUE"))
        && word("/ad_set/promoted_object/custom_event_type").is_none()
        && word("/ad_set/promoted_object/custom_conversion_id").is_none()
    {
        problems.push(at(
            "payload.ad_set.promoted_object.custom_event_type",
            "nothing says which conversion counts",
            "choose an event, or name a custom conversion",
        ));
    }
    if word("/campaign/objective") == Some("OUTCOME_APP_PROMOTION")
        && word("/ad_set/promoted_object/application_id").is_none()
    {
        problems.push(at(
            "payload.ad_set.promoted_object.application_id",
            "nothing says which app is promoted",
            "enter the app's id, or choose another objective",
        ));
    }
    let age = |path: &str| root.pointer(path).and_then(Value::as_i64);
    if let (Some(from), Some(to)) = (age("/ad_set/targeting/age_min"), age("/ad_set/targeting/age_max"))
        && from > to
    {
        problems.push(at(
            "payload.ad_set.targeting.age_max",
            format!("{to} is below the lowest age, {from}"),
            "swap the two",
        ));
    }
    if root.pointer("/ad_set/targeting/exclusions/custom_audiences").is_some() {
        problems.push(at(
            "payload.ad_set.targeting.exclusions.custom_audiences",
            "Meta no longer takes custom audiences here",
            "put them in excluded_custom_audiences",
        ));
    }
    for field in ["dsa_beneficiary", "dsa_payor"] {
        let given = word(&format!("/ad_set/{field}")).is_some_and(|t| !t.trim().is_empty());
        if let Some(country) = eu_country(&root).filter(|_| !given) {
            problems.push(at(
                &format!("payload.ad_set.{field}"),
                format!("ads in {country} must say who advertises and who pays"),
                "enter the legal name",
            ));
        }
    }
}

/// A country of the European Union that is targeted, by itself or as the country of a place.
fn eu_country(root: &Value) -> Option<String> {
    let geo = root.pointer("/ad_set/targeting/geo_locations")?;
    let mut found: BTreeSet<String> = texts(geo.get("countries"));
    for places in ["regions", "cities", "zips", "custom_locations"] {
        for place in geo.get(places).and_then(Value::as_array).into_iter().flatten() {
            let key = place.get("key").and_then(Value::as_str).unwrap_or_default();
            // Postal codes carry their country in the key: "DE:10115".
            let of_key = key.split_once(':').map(|(country, _)| country);
            found.extend(
                place
                    .get("country")
                    .and_then(Value::as_str)
                    .or(of_key)
                    .map(str::to_owned),
            );
        }
    }
    let groups = texts(geo.get("country_groups"));
    found.into_iter().find(|c| EU.contains(&c.as_str())).or_else(|| {
        ["europe", "eea", "emea", "eurozone", "worldwide"]
            .into_iter()
            .find(|g| groups.contains(*g))
            .map(str::to_owned)
    })
}

fn texts(list: Option<&Value>) -> BTreeSet<String> {
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn check_creative(job: &Job, problems: &mut Vec<Problem>) {
    let Ok(fields) = section(job, ObjectKind::Creative) else {
        return; // told by check_sections
    };
    let story = fields.get("object_story_spec");
    if fields.contains_key("object_story_id") && story.is_some() {
        problems.push(at(
            "payload.creative.object_story_id",
            "an existing post and a new one cannot both be shown",
            "clear one of the two",
        ));
    }
    if story.is_some_and(|s| s.get("link_data").is_some() && s.get("video_data").is_some()) {
        problems.push(at(
            "payload.creative.object_story_spec.video_data",
            "an ad shows a link or a video, not both",
            "clear the video, or link, text, headline and image",
        ));
    }
    let link = story.and_then(|s| s.pointer("/link_data/link")).and_then(Value::as_str);
    let tags = fields.get("url_tags").and_then(Value::as_str);
    if let (Some((_, query)), Some(tags)) = (link.and_then(|l| l.split_once('?')), tags) {
        let names = |q: &str| -> BTreeSet<String> {
            form_urlencoded::parse(q.as_bytes())
                .map(|(k, _)| k.into_owned())
                .collect()
        };
        let query = query.split('#').next().unwrap_or_default();
        if let Some(twice) = names(query).intersection(&names(tags)).next() {
            problems.push(at(
                "payload.creative.url_tags",
                format!("\"{}\" stands in the link already", excerpt(twice, 40)),
                "keep it in one of the two",
            ));
        }
    }
}

fn check_flight(job: &Job, problems: &mut Vec<Problem>) {
    if let Err(p) = plan::times(job) {
        problems.push(p);
        return;
    }
    if let Some(p) = flight::fault(job) {
        problems.push(p);
        return;
    }
    let daily = job.budget.is_some_and(|b| b.kind == BudgetKind::Daily);
    if daily
        && BudgetLevel::of(job) == Ok(BudgetLevel::AdSet)
        && let Ok((from, Some(to))) = flight::times(job, time::day_start, time::day_end)
        && to.at.since(from.at).as_secs() <= 24 * 3600
    {
        problems.push(at(
            "flight.end",
            "a daily budget on the ad set needs more than 24 hours",
            "add a day, make the budget lifetime, or put it on the campaign",
        ));
    }
}

fn check_budget(job: &Job) -> Result<(), Problem> {
    budget::check(job, "Meta", money::to_units, |job, budget| {
        let daily = least_daily(job)?;
        Some(match budget.kind {
            BudgetKind::Daily => (daily, "a day".to_owned()),
            BudgetKind::Lifetime => {
                let days = flight::days(job).unwrap_or(1);
                (daily * Decimal::from(days), format!("for {days} days"))
            }
        })
    })
}

/// Least daily budget in the account's currency, as far as it is documented: in US dollars by what is billed, and five
/// times the bid in any currency. `None` when nothing is known.
fn least_daily(job: &Job) -> Option<Decimal> {
    if job.request != RequestType::Create {
        return None; // what the object is billed for is not in the ticket
    }
    let root = job.payload.value();
    let billing = root.pointer("/ad_set/billing_event").and_then(Value::as_str);
    let by_event = (job.account.currency.code() == "USD").then(|| match billing {
        Some("CLICKS" | "LINK_CLICKS" | "PAGE_LIKES" | "THRUPLAY" | "POST_ENGAGEMENT") => Decimal::from(5),
        _ => Decimal::ONE,
    });
    let by_bid = root
        .pointer("/ad_set/bid_amount")
        .and_then(Value::as_str)
        .and_then(|t| Money::parse(t, job.account.currency).ok())
        .map(|bid| bid.amount() * Decimal::from(5));
    by_event.max(by_bid)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::money::Budget,
        platforms::{
            common::testing,
            meta::testing::{budget, change, job, set},
        },
    };

    fn fields(job: &Job) -> Vec<String> {
        testing::fields(check(job))
    }

    #[test]
    fn a_good_job_has_no_problem() {
        assert_eq!(check(&job()), []);
        for request in [RequestType::UpdateBudget, RequestType::Pause, RequestType::Archive] {
            assert_eq!(check(&change(request, ObjectKind::Campaign)), [], "{request}");
        }
    }

    #[rstest]
    #[case::old_objective("campaign.objective", json!("CONVERSIONS"), "payload.campaign.objective")]
    #[case::level("campaign.budget_level", json!("ad"), "payload.campaign.budget_level")]
    #[case::both_levels_share("campaign.is_adset_budget_sharing_enabled", json!(true),
        "payload.campaign.is_adset_budget_sharing_enabled")]
    #[case::none_not_alone("campaign.special_ad_categories", json!(["NONE", "CREDIT"]),
        "payload.campaign.special_ad_categories")]
    #[case::name_in_payload("campaign.name", json!("Other"), "payload.campaign.name")]
    #[case::status_in_payload("ad.status", json!("ACTIVE"), "payload.ad.status")]
    #[case::budget_in_payload("ad_set.daily_budget", json!(1), "payload.ad_set.daily_budget")]
    #[case::strategy_twice("ad_set.bid_strategy", json!("COST_CAP"), "payload.ad_set.bid_strategy")]
    #[case::billing("ad_set.billing_event", json!("THRUPLAY"), "payload.ad_set.billing_event")]
    #[case::ages("ad_set.targeting.age_max", json!(17), "payload.ad_set.targeting.age_max")]
    #[case::audiences("ad_set.targeting.exclusions.custom_audiences", json!([{"id": "1"}]),
        "payload.ad_set.targeting.exclusions.custom_audiences")]
    #[case::conversion("ad_set.optimization_goal", json!("VALUE"), "payload.ad_set.promoted_object.custom_event_type")]
    #[case::app("campaign.objective", json!("OUTCOME_APP_PROMOTION"),
        "payload.ad_set.promoted_object.application_id")]
    #[case::bid_in_cents("ad_set.bid_amount", json!(250), "payload.ad_set.bid_amount")]
    #[case::two_stories("creative.object_story_id", json!("1_2"), "payload.creative.object_story_id")]
    #[case::link_and_video("creative.object_story_spec.video_data", json!({"video_id": "5"}),
        "payload.creative.object_story_spec.video_data")]
    #[case::section("ad", json!(7), "payload.ad")]
    fn one_wrong_field_is_named(#[case] path: &str, #[case] value: Value, #[case] want: &str) {
        let mut job = job();
        set(&mut job, path, value);
        assert_eq!(fields(&job), [want]);
    }

    #[rstest]
    #[case::country(json!({"countries": ["US", "DE"]}))]
    #[case::zip(json!({"zips": [{"key": "FR:75001"}]}))]
    #[case::city(json!({"cities": [{"key": "1", "country": "IT"}]}))]
    #[case::group(json!({"country_groups": ["europe"]}))]
    fn the_union_wants_to_know_who_pays(#[case] geo: Value) {
        let mut job = job();
        set(&mut job, "ad_set.targeting.geo_locations", geo);
        assert_eq!(
            fields(&job),
            ["payload.ad_set.dsa_beneficiary", "payload.ad_set.dsa_payor"]
        );
        set(&mut job, "ad_set.dsa_beneficiary", json!("Lumen Films GmbH"));
        set(&mut job, "ad_set.dsa_payor", json!("Lumen Films GmbH"));
        assert_eq!(check(&job), []);
    }

    #[rstest]
    #[case::zero(BudgetKind::Daily, "0", false)]
    #[case::below(BudgetKind::Daily, "0.99", false)]
    #[case::least(BudgetKind::Daily, "1", true)]
    #[case::lifetime_below(BudgetKind::Lifetime, "30.99", false)]
    #[case::lifetime_least(BudgetKind::Lifetime, "31", true)]
    fn budgets_have_a_least(#[case] kind: BudgetKind, #[case] amount: &str, #[case] fine: bool) {
        let mut job = job();
        job.budget = Some(budget(kind, amount));
        assert_eq!(fields(&job).is_empty(), fine, "{:?}", check(&job));
    }

    #[test]
    fn a_capped_bid_needs_five_times_itself_a_day() {
        let mut job = job();
        set(&mut job, "ad_set.bid_amount", json!("241.00"));
        assert_eq!(fields(&job), ["budget"]);
        set(&mut job, "ad_set.bid_amount", json!("240.00"));
        assert_eq!(check(&job), []);
    }

    #[test]
    fn other_currencies_have_other_units() {
        let mut job = job();
        job.account.currency = "HUF".parse().unwrap();
        assert_eq!(fields(&job), ["budget"], "dollars on a forint account");
        job.budget = Some(Budget {
            kind: BudgetKind::Daily,
            money: Money::parse("1200.50", job.account.currency).unwrap(),
        });
        assert_eq!(fields(&job), ["budget"], "half a forint");
    }

    #[test]
    fn flights_have_an_order_and_a_length() {
        let mut job = job();
        let flight = job.flight.as_mut().unwrap();
        flight.end = Some("2026-11-30".parse().unwrap());
        assert_eq!(fields(&job), ["flight.end"]);
        job.flight.as_mut().unwrap().end = None;
        assert_eq!(check(&job), []);
        job.budget = Some(budget(BudgetKind::Lifetime, "1200"));
        assert_eq!(fields(&job), ["flight.end"]);
        job.flight.as_mut().unwrap().end = Some("2026-12-01".parse().unwrap());
        assert_eq!(check(&job), []);
        job.budget = Some(budget(BudgetKind::Daily, "1200"));
        set(&mut job, "campaign.budget_level", json!("ad_set"));
        assert_eq!(fields(&job), ["flight.end"], "exactly 24 hours");
        job.account.timezone = "Mars/Olympus".to_owned();
        assert_eq!(fields(&job), ["account", "flight.start"]);
    }

    #[test]
    fn names_leave_room_for_the_longest_suffix() {
        let mut job = job();
        job.name = "a".repeat(steps::longest_name());
        assert_eq!(check(&job), []);
        assert_eq!(steps::object_name(&job, ObjectKind::Creative).len(), 400);
        job.name.push('a');
        assert_eq!(fields(&job), ["name"]);
    }

    #[test]
    fn tags_must_not_repeat_the_link() {
        let mut job = job();
        let link = "https://example.com/launch?utm_source=x#top";
        set(&mut job, "creative.object_story_spec.link_data.link", json!(link));
        assert_eq!(fields(&job), ["payload.creative.url_tags"]);
    }

    #[test]
    fn a_change_needs_a_target_that_carries_it() {
        let mut swap = change(RequestType::UpdateBudget, ObjectKind::Campaign);
        swap.budget = Some(budget(BudgetKind::Lifetime, "9000"));
        assert_eq!(fields(&swap), ["budget"]);
        assert_eq!(fields(&change(RequestType::UpdateBudget, ObjectKind::Ad)), ["target"]);
        assert_eq!(fields(&change(RequestType::Pause, ObjectKind::Creative)), ["target"]);
        let mut none = change(RequestType::Pause, ObjectKind::Ad);
        assert_eq!(check(&none), []);
        none.target = None;
        assert_eq!(fields(&none), ["target"]);
    }
}
