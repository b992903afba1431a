//! Tickets as planners might write them, made from the field catalogue by a seeded generator.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        catalogue::{FieldSpec, FieldType, set_path},
        deploy::Job,
        money::{BudgetKind, Currency, Money},
        platform::{ExternalId, ObjectKind},
        ticket::RequestType,
    },
    platforms::{
        KnownIds, Platform as _,
        google_ads::{GoogleAds, money},
    },
};
use serde_json::{Value, json};

use crate::platform::tickets::{self, Draft, Root, pick};

/// A whole number of the currency's smallest units.
pub fn amount(units: u64, currency: Currency) -> Money {
    money::from_micros(units * money::smallest(currency), currency).unwrap()
}

fn texts(rng: &mut Rng, words: &[&str], least: usize, most: usize) -> Value {
    let mut all: Vec<&str> = words.to_vec();
    rng.shuffle(&mut all);
    json!(all[..rng.usize(least..=most)])
}

fn value(rng: &mut Rng, field: &FieldSpec, currency: Currency) -> Value {
    match field.path.as_str() {
        "keywords" => {
            return texts(
                rng,
                &[
                    "shoes",
                    "\"trail shoes\"",
                    "[lumen]",
                    "günstige schuhe",
                    "\"it's here\"",
                ],
                1,
                4,
            );
        }
        "excluded_keywords" => return texts(rng, &["free", "[jobs]", "\"second hand\""], 0, 3),
        "headlines" => {
            return texts(
                rng,
                &[
                    "Lumen Launch",
                    "See It First",
                    "Order Today",
                    "It's \"Here\"",
                    "日本語の見出し",
                    "Über alles gut",
                ],
                3,
                6,
            );
        }
        "locations.places" | "excluded_locations" => {
            return json!([{"id": rng.u64(1..9_999_999).to_string(), "name": "Berlin", "country": "DE"}]);
        }
        "languages" => return json!([1000, rng.u64(1001..1100)]),
        "path1" | "path2" => return json!("launch"),
        "finalUrlSuffix" => return json!("utm_source=google&utm_campaign=a b"),
        "trackingUrlTemplate" => return json!("https://t.example/?u={lpurl}"),
        path if path.starts_with("description") => return json!(format!("Text of {path}, with a comma & \\ more.")),
        _ => {}
    }
    match field.ty {
        FieldType::Url => json!(*pick(rng, &["https://example.com/", "https://example.com/a?x=1#top"])),
        FieldType::Integer => json!(rng.i64(field.min.unwrap_or(0)..=field.max.unwrap_or(50_000))),
        FieldType::Bool => json!(rng.bool()),
        FieldType::Choice => json!(pick(rng, &field.values)),
        FieldType::CountryList => json!([*pick(rng, &["US", "CA", "JP", "DE", "FR"])]),
        FieldType::Amount => json!(amount(rng.u64(1..50_000), currency).amount().to_string()),
        other => panic!("say what could stand in {} ({other:?})", field.path),
    }
}

fn payload(rng: &mut Rng, currency: Currency) -> Root {
    let value = |rng: &mut Rng, field: &FieldSpec| value(rng, field, currency);
    let mut root = tickets::payload(GoogleAds.catalogue(), rng, value, |_| true);
    // What no single field can know; the generator keeps to it as QA and `check` would ask.
    set_path(&mut root, "campaign.networkSettings.targetGoogleSearch", json!(true));
    set_path(&mut root, "ad.path1", json!("launch"));
    tickets::complete(GoogleAds.catalogue(), rng, &mut root, value);
    root
}

/// A ticket's job.
pub fn job(rng: &mut Rng, request: RequestType) -> Job {
    let accounts = [
        ("USD", "America/New_York"),
        ("EUR", "Europe/Berlin"),
        ("JPY", "Asia/Tokyo"),
        ("IDR", "Asia/Jakarta"),
        ("KWD", "Asia/Kuwait"),
    ];
    let mut draft = Draft::new(rng, &accounts, 0);
    if draft.kind == BudgetKind::Daily && rng.bool() {
        draft.flight.end = None;
    }
    let currency = draft.currency;
    let digits = rng.u64(1_000_000_000..=9_999_999_999).to_string();
    let dashed = format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]);
    let account = pick(rng, &[digits, dashed]).clone();
    let name = *pick(
        rng,
        &[
            "DIS_US_GADS_2026_MoanaLaunch",
            "ACM_DE_GADS_2026_It'sÜber",
            "ACM_JP_GADS_2026_日本語",
        ],
    );
    let target = (ObjectKind::Tree, rng.u64(1..).to_string());
    let budget = amount(rng.u64(1_000_000..9_000_000), currency);
    let payload = payload(rng, currency);
    let seen = amount(10_000, currency);
    draft.job(request, (&account, name), target, (budget, seen), payload)
}

/// Ids as the steps of a deploy would have left them.
pub fn known_ids() -> KnownIds {
    [("tree", "22113344"), ("check", "998877")]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), ExternalId(v.to_owned())))
        .collect()
}
