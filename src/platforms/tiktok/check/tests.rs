//! Jobs with one thing wrong, and the field that is named for it.

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::{
    engine::model::money::Money,
    platforms::{
        common::testing,
        tiktok::testing::{budget, change, job, set},
    },
};

fn fields(job: &Job) -> Vec<String> {
    testing::fields(check(job))
}

#[test]
fn a_good_job_has_no_problem() {
    assert_eq!(check(&job()), []);
    for request in [RequestType::UpdateBudget, RequestType::Pause, RequestType::Archive] {
        for kind in [ObjectKind::Campaign, ObjectKind::AdSet] {
            assert_eq!(check(&change(request, kind)), [], "{request}");
        }
    }
}

#[rstest]
#[case::level("campaign.budget_level", json!("ad"), "payload.campaign.budget_level")]
#[case::name_in_payload("campaign.campaign_name", json!("Other"), "payload.campaign.campaign_name")]
#[case::status_in_payload("ad.operation_status", json!("ENABLE"), "payload.ad.operation_status")]
#[case::budget_in_payload("ad_group.budget", json!(1), "payload.ad_group.budget")]
#[case::raw_locations("ad_group.location_ids", json!(["6252001"]), "payload.ad_group.location_ids")]
#[case::raw_interests("ad_group.interest_category_ids", json!(["1"]), "payload.ad_group.interest_category_ids")]
#[case::billing("ad_group.billing_event", json!("OCPM"), "payload.ad_group.billing_event")]
#[case::bid_without_bidding("ad_group.bid_price", json!("1.00"), "payload.ad_group.bid_price")]
#[case::bid_missing("ad_group.bid_type", json!("BID_TYPE_CUSTOM"), "payload.ad_group.bid_price")]
#[case::bid_as_number("ad_group.bid_price", json!(1), "payload.ad_group.bid_price")]
#[case::pacing("ad_group.pacing", json!("PACING_MODE_FAST"), "payload.ad_group.pacing")]
#[case::half_a_frequency("ad_group.frequency", json!(3), "payload.ad_group.frequency_schedule")]
#[case::unknown_country("ad_group.locations.countries", json!(["AQ"]), "payload.ad_group.locations.countries[0]")]
#[case::place_inside("ad_group.locations.places", json!([{"id": "1", "country": "US"}]), "payload.ad_group.locations.places[0]")]
#[case::no_video("ad.video_id", Value::Null, "payload.ad.video_id")]
#[case::pictures_and_video("ad.ad_format", json!("SINGLE_IMAGE"), "payload.ad.video_id")]
#[case::emoji("ad.ad_text", json!("Winter ❄"), "payload.ad.ad_text")]
#[case::long_text("ad.ad_text", json!("冬".repeat(51)), "payload.ad.ad_text")]
#[case::spark("ad.tiktok_item_id", json!("7"), "payload.ad.identity_type")]
#[case::parameter_twice("ad.landing_page_url", json!("https://example.com/?utm_source=x#top"), "payload.ad.utm_params[0]")]
#[case::parameter_shape("ad.utm_params", json!([{"name": "a"}]), "payload.ad.utm_params[0]")]
#[case::section("ad", json!(7), "payload.ad")]
fn one_wrong_field_is_named(#[case] path: &str, #[case] value: Value, #[case] want: &str) {
    let mut job = job();
    set(&mut job, path, value);
    assert_eq!(fields(&job), [want]);
}

#[test]
fn conversions_need_a_pixel_and_bids_stay_below_the_budget() {
    let mut job = job();
    set(&mut job, "ad_group.optimization_goal", json!("CONVERT"));
    set(&mut job, "ad_group.billing_event", json!("OCPM"));
    assert_eq!(fields(&job), ["payload.ad_group.pixel_id"]);
    set(&mut job, "ad_group.pixel_id", json!("7100000000000000001"));
    assert_eq!(check(&job), []);
    set(&mut job, "ad_group.bid_type", json!("BID_TYPE_CUSTOM"));
    set(&mut job, "ad_group.conversion_bid_price", json!("120.00"));
    assert_eq!(fields(&job), ["payload.ad_group.conversion_bid_price"]);
    set(&mut job, "ad_group.conversion_bid_price", json!("119.99"));
    set(&mut job, "ad_group.pacing", json!("PACING_MODE_FAST"));
    assert_eq!(check(&job), []);
    set(&mut job, "campaign.budget_level", json!("campaign"));
    assert_eq!(fields(&job), ["payload.ad_group.pacing"]);
}

#[rstest]
#[case::zero("ad_group", BudgetKind::Daily, "0", false)]
#[case::ad_group_below("ad_group", BudgetKind::Daily, "19.99", false)]
#[case::ad_group_least("ad_group", BudgetKind::Daily, "20", true)]
#[case::total_below("ad_group", BudgetKind::Lifetime, "619.99", false)]
#[case::total_least("ad_group", BudgetKind::Lifetime, "620", true)]
#[case::campaign_below("campaign", BudgetKind::Daily, "49.99", false)]
#[case::campaign_least("campaign", BudgetKind::Daily, "50", true)]
#[case::campaign_total_least("campaign", BudgetKind::Lifetime, "50", true)]
fn budgets_have_a_least(#[case] level: &str, #[case] kind: BudgetKind, #[case] amount: &str, #[case] fine: bool) {
    let mut job = job();
    set(&mut job, "campaign.budget_level", json!(level));
    job.budget = Some(budget(kind, amount));
    assert_eq!(fields(&job).is_empty(), fine, "{:?}", check(&job));
}

#[test]
fn other_currencies_have_other_units() {
    let mut job = job();
    job.account.currency = "KWD".parse().unwrap();
    assert_eq!(fields(&job), ["budget"], "dollars on a dinar account");
    let dinars = |amount: &str| Budget {
        kind: BudgetKind::Daily,
        money: Money::parse(amount, "KWD".parse().unwrap()).unwrap(),
    };
    job.budget = Some(dinars("6.255"));
    assert_eq!(fields(&job), ["budget"], "three decimals");
    job.budget = Some(dinars("6.25"));
    assert_eq!(check(&job), []);
}

#[test]
fn flights_have_an_order_and_a_horizon() {
    let mut job = job();
    let dates = |job: &mut Job, start: &str, end: Option<&str>| {
        let flight = job.flight.as_mut().unwrap();
        flight.start = start.parse().unwrap();
        flight.end = end.map(|e| e.parse().unwrap());
    };
    dates(&mut job, "2026-12-01", Some("2026-11-30"));
    assert_eq!(fields(&job), ["flight.end"]);
    dates(&mut job, "2026-12-01", None);
    assert_eq!(check(&job), []);
    job.budget = Some(budget(BudgetKind::Lifetime, "1200"));
    assert_eq!(fields(&job), ["flight.end"]);
    job.budget = Some(budget(BudgetKind::Daily, "120"));
    dates(&mut job, "2028-01-02", Some("2038-01-01"));
    assert_eq!(fields(&job), ["flight.start", "flight.end"]);
    job.account.timezone = "Mars/Olympus".to_owned();
    assert_eq!(fields(&job), ["account", "flight.start"]);
}

#[test]
fn names_leave_room_for_the_longest_suffix() {
    let mut job = job();
    job.name = "a".repeat(steps::longest_name());
    assert_eq!(check(&job), []);
    assert_eq!(
        names::units(&steps::object_name(&job, ObjectKind::AdSet)),
        names::MAX_NAME
    );
    job.name.push('a');
    assert_eq!(fields(&job), ["name"]);
    job.name = "東".repeat(steps::longest_name() / 2 + 1);
    assert_eq!(fields(&job), ["name"]);
    job.name = String::new();
    assert_eq!(fields(&job), ["name"]);
}

#[test]
fn a_change_needs_a_target_that_carries_it() {
    let mut swap = change(RequestType::UpdateBudget, ObjectKind::Campaign);
    swap.budget = Some(budget(BudgetKind::Lifetime, "9000"));
    assert_eq!(fields(&swap), ["budget"]);
    let mut least = change(RequestType::UpdateBudget, ObjectKind::Campaign);
    least.budget = Some(budget(BudgetKind::Daily, "30"));
    assert_eq!(fields(&least), ["budget"]);
    least.target.as_mut().unwrap().kind = ObjectKind::AdSet;
    assert_eq!(check(&least), []);
    assert_eq!(fields(&change(RequestType::UpdateBudget, ObjectKind::Ad)), ["target"]);
    assert_eq!(fields(&change(RequestType::Pause, ObjectKind::Creative)), ["target"]);
    let mut none = change(RequestType::Pause, ObjectKind::Ad);
    assert_eq!(check(&none), []);
    none.target = None;
    assert_eq!(fields(&none), ["target"]);
}
