//! What only TikTok knows to be wrong with a job, before anything is sent.
//!
//! The catalogue's own rules (required, one of these words, ranges) are QA's work; here is what no single field tells:
//! money, minimums, times, names, fields that need or exclude each other. Minimums are checked only as far as the
//! documentation gives numbers, which is in US dollars.

mod ad_group;

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    account, media, money, names,
    payload::{BudgetLevel, is_digits, section, section_of},
    plan, steps, time,
};
use crate::{
    engine::model::{
        deploy::Job,
        money::{Budget, BudgetKind},
        path::FieldPath,
        platform::ObjectKind,
        refusal::Problem,
        sanitise::excerpt,
        ticket::RequestType,
    },
    platforms::common::{
        budget::{self, Least},
        flight,
        payload::misplaced,
        target::{self, Targets},
    },
};

/// Fields the ticket itself provides: in a payload they would be sent twice, or bypass what governs them.
const FROM_THE_TICKET: [&str; 18] = [
    "advertiser_id",
    "campaign_id",
    "adgroup_id",
    "ad_id",
    "campaign_name",
    "adgroup_name",
    "ad_name",
    "operation_status",
    "request_id",
    "budget",
    "budget_mode",
    "budget_optimize_on",
    "schedule_type",
    "schedule_start_time",
    "schedule_end_time",
    "location_ids",
    "interest_category_ids",
    "creatives",
];

/// TikTok takes no later start than this, and no later end than that.
const LAST_START: &str = "2028-01-01 00:00:00";
const LAST_END: &str = "2038-01-01 00:00:00";

/// Least budgets in US dollars: of a campaign, and of an ad group a day.
const LEAST_CAMPAIGN: i64 = 50;
const LEAST_AD_GROUP: i64 = 20;

/// What a ticket changes on TikTok.
const TARGETS: Targets = Targets {
    platform: "TikTok",
    below: "an ad group",
    is_id: is_digits,
};

/// Everything wrong with a job.
pub fn check(job: &Job) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(account::check_account(&job.account).err());
    if job.request == RequestType::Create {
        check_name(job, &mut problems);
        check_sections(job, &mut problems);
        ad_group::check(job, &mut problems);
        check_ad(job, &mut problems);
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
    if job.name.is_empty() {
        problems.push(at("name", "there is no name", "give the campaign a label"));
        return;
    }
    // What is added for ad groups and ads must fit as well.
    problems.extend(names::problem(&"name".into(), "name", &job.name, steps::longest_name()));
}

/// Sections as a whole: shape, amounts, places, and nothing that the ticket itself provides.
fn check_sections(job: &Job, problems: &mut Vec<Problem>) {
    problems.extend(BudgetLevel::of(job).err());
    for kind in [ObjectKind::Campaign, ObjectKind::AdSet, ObjectKind::Ad] {
        problems.extend(section(job, kind).err().into_iter().flatten());
        misplaced(
            job,
            section_of(kind),
            |field| FROM_THE_TICKET.contains(&field),
            |field| match field {
                "location_ids" => "name countries and places in ad_group.locations",
                "interest_category_ids" => "name them in ad_group.interests, with their names",
                _ => "remove it; it comes from the ticket",
            },
            problems,
        );
    }
}

fn check_ad(job: &Job, problems: &mut Vec<Problem>) {
    let Ok(mut fields) = section(job, ObjectKind::Ad) else {
        return; // told by check_sections
    };
    media::fill(&mut fields, &media::ids_to_come(job));
    let word = |name: &str| fields.get(name).and_then(Value::as_str);
    let images = fields.get("image_ids").and_then(Value::as_array).map_or(0, Vec::len);
    let spark = fields.contains_key("tiktok_item_id");
    if let Some(text) = word("ad_text") {
        problems.extend(names::problem(
            &"payload.ad.ad_text".into(),
            "text",
            text,
            names::MAX_TEXT,
        ));
    }
    match word("ad_format") {
        Some("SINGLE_VIDEO") if !spark && word("video_id").is_none() => problems.push(at(
            "payload.ad.video_id",
            "a video ad has no video",
            "give a video file, the id of an uploaded video, or an existing post",
        )),
        Some("SINGLE_IMAGE") if !spark && images != 1 => problems.push(at(
            "payload.ad.image_ids",
            format!("a picture ad shows one picture, not {images}"),
            "name one image, or choose CAROUSEL_ADS",
        )),
        Some("CAROUSEL_ADS") if !spark && images < 2 => problems.push(at(
            "payload.ad.image_ids",
            "a carousel shows at least two pictures",
            "name more images, or choose SINGLE_IMAGE",
        )),
        Some("SINGLE_IMAGE" | "CAROUSEL_ADS") if word("video_id").is_some() => problems.push(at(
            "payload.ad.video_id",
            "an ad shows pictures or a video, not both",
            "clear the video, or choose SINGLE_VIDEO",
        )),
        _ => {}
    }
    if spark && word("identity_type") == Some("CUSTOMIZED_USER") {
        problems.push(at(
            "payload.ad.identity_type",
            "an existing post can only be shown as the account it belongs to",
            "choose AUTH_CODE, TT_USER or BC_AUTH_TT with that account's identity",
        ));
    }
    check_parameters(&fields, problems);
}

/// What stands in the link and in the parameters would be sent twice.
fn check_parameters(fields: &plan::Fields, problems: &mut Vec<Problem>) {
    let link = fields
        .get("landing_page_url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let query = link
        .split_once('?')
        .map_or("", |(_, q)| q.split('#').next().unwrap_or_default());
    let in_link: BTreeSet<String> = form_urlencoded::parse(query.as_bytes())
        .map(|(k, _)| k.into_owned())
        .collect();
    let params = fields.get("utm_params").and_then(Value::as_array);
    for (n, param) in params.into_iter().flatten().enumerate() {
        let here = FieldPath::new("payload.ad.utm_params").item(n);
        let text = |name: &str| param.get(name).and_then(Value::as_str);
        match (text("key"), text("value")) {
            (Some(key), Some(_)) if in_link.contains(key) => problems.push(Problem::at(
                here,
                format!("\"{}\" stands in the link already", excerpt(key, 40)),
                "keep it in one of the two",
            )),
            (Some(_), Some(_)) => {}
            _ => problems.push(Problem::at(
                here,
                "is not a key and a value",
                "write {\"key\":\"utm_source\",\"value\":\"tiktok\"}",
            )),
        }
    }
}

fn check_flight(job: &Job, problems: &mut Vec<Problem>) {
    let (start, end) = match plan::times(job) {
        Ok(times) => times,
        Err(p) => {
            problems.push(p);
            return;
        }
    };
    problems.extend(flight::fault(job));
    for (field, moment, last) in [("flight.start", Some(start), LAST_START), ("flight.end", end, LAST_END)] {
        let late = moment.filter(|m| time::parse(m) > time::parse(last));
        if late.is_some() {
            problems.push(at(
                field,
                format!("TikTok takes nothing after {last} UTC"),
                "choose an earlier day",
            ));
        }
    }
}

fn check_budget(job: &Job) -> Result<(), Problem> {
    budget::check(job, "TikTok", money::to_number, least)
}

/// The least budget as far as it is documented, and what for. `None` = no number is known for this currency.
fn least(job: &Job, budget: Budget) -> Option<Least> {
    if job.account.currency.code() != "USD" {
        return None;
    }
    let on_campaign = match &job.target {
        Some(target) => target.kind == ObjectKind::Campaign,
        None => BudgetLevel::of(job) == Ok(BudgetLevel::Campaign),
    };
    if on_campaign {
        return Some((LEAST_CAMPAIGN.into(), "for a campaign".to_owned()));
    }
    match budget.kind {
        BudgetKind::Daily => Some((LEAST_AD_GROUP.into(), "a day for an ad group".to_owned())),
        BudgetKind::Lifetime => {
            // A change does not know the flight of what it changes.
            let days = flight::days(job).unwrap_or(1);
            Some((
                Decimal::from(LEAST_AD_GROUP) * Decimal::from(days),
                format!("for an ad group of {days} days"),
            ))
        }
    }
}

#[cfg(test)]
mod tests;
