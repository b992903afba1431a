//! Tickets as planners might write them, made from the field catalogue by a seeded generator.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        campaign::Campaign,
        catalogue::{FieldSpec, FieldType, Required, get_path, parse_value, set_path},
        deploy::Job,
        governance::Account,
        ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Currency, Money},
        platform::{ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::{
        KnownIds, Platform,
        google_ads::{GoogleAds, money},
    },
};
use serde_json::{Map, Value, json};

fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

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

/// A ticket as the form would start it, with some fields filled in, changed or cleared.
fn payload(rng: &mut Rng, currency: Currency) -> Map<String, Value> {
    let mut root = defaults();
    for object in &GoogleAds.catalogue().objects {
        for field in &object.fields {
            let path = format!("{}.{}", object.section, field.path);
            if field.required == Required::Always || rng.u8(..3) == 0 {
                let value = value(rng, field, currency);
                set_path(&mut root, &path, value);
            } else if rng.u8(..10) == 0 {
                let nothing = pick(rng, &[json!(null), json!(""), json!([]), json!({})]).clone();
                set_path(&mut root, &path, nothing);
            }
        }
    }
    // What no single field can know; the generator keeps to it as QA and `check` would ask.
    set_path(&mut root, "campaign.networkSettings.targetGoogleSearch", json!(true));
    set_path(&mut root, "ad.path1", json!("launch"));
    complete(rng, &mut root, currency);
    root
}

/// Fills in what other fields make necessary, as QA would ask.
fn complete(rng: &mut Rng, root: &mut Map<String, Value>, currency: Currency) {
    for object in &GoogleAds.catalogue().objects {
        for field in &object.fields {
            let whole = Value::Object(root.clone());
            let set = |path: &str| {
                let value = get_path(&whole, path).cloned().unwrap_or_default();
                ![json!(null), json!(""), json!([]), json!({})].contains(&value)
            };
            let path = format!("{}.{}", object.section, field.path);
            let needed = match &field.required {
                Required::When { field, any_of } => {
                    let other = get_path(&whole, field).and_then(Value::as_str).unwrap_or_default();
                    any_of.iter().any(|v| v == other)
                }
                Required::Unless { any_set } => !any_set.iter().any(|p| set(p)),
                Required::Always => true,
                Required::Never => false,
            };
            if needed && !set(&path) {
                let value = value(rng, field, currency);
                set_path(root, &path, value);
            }
        }
    }
}

/// The payload a fresh form starts with.
pub fn defaults() -> Map<String, Value> {
    let mut root = Map::new();
    for object in &GoogleAds.catalogue().objects {
        for field in &object.fields {
            if let Some(default) = &field.default {
                let path = format!("{}.{}", object.section, field.path);
                set_path(&mut root, &path, parse_value(field, default).unwrap());
            }
        }
    }
    root
}

/// A ticket's job.
pub fn job(rng: &mut Rng, request: RequestType) -> Job {
    let (currency, timezone) = *pick(
        rng,
        &[
            ("USD", "America/New_York"),
            ("EUR", "Europe/Berlin"),
            ("JPY", "Asia/Tokyo"),
            ("IDR", "Asia/Jakarta"),
            ("KWD", "Asia/Kuwait"),
        ],
    );
    let currency: Currency = currency.parse().unwrap();
    let kind = *pick(rng, &[BudgetKind::Daily, BudgetKind::Lifetime]);
    let budget = |units| Budget {
        kind,
        money: amount(units, currency),
    };
    let digits = rng.u64(1_000_000_000..=9_999_999_999).to_string();
    let dashed = format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]);
    let start = jiff::civil::date(2026, 12, 1).saturating_add(jiff::Span::new().days(rng.i64(0..200)));
    let end = start.saturating_add(jiff::Span::new().days(rng.i64(0..90)));
    let endless = kind == BudgetKind::Daily && rng.bool();
    let name = *pick(
        rng,
        &[
            "DIS_US_GADS_2026_MoanaLaunch",
            "ACM_DE_GADS_2026_It'sÜber",
            "ACM_JP_GADS_2026_日本語",
        ],
    );
    let uuid = uuid::Uuid::from_u128(7);
    Job {
        request,
        account: Account {
            id: pick(rng, &[digits, dashed]).parse().unwrap(),
            name: "Lumen".to_owned(),
            currency,
            timezone: timezone.to_owned(),
        },
        name: name.to_owned(),
        target: (request != RequestType::Create).then(|| Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(1)),
            no: TicketNo::FIRST,
            kind: ObjectKind::Tree,
            external_id: ExternalId(rng.u64(1..).to_string()),
            seen_budget: Some(budget(10_000)),
        }),
        budget: Some(budget(rng.u64(1_000_000..9_000_000))),
        flight: Some(Flight {
            start: start.to_string().parse().unwrap(),
            end: (!endless).then(|| end.to_string().parse().unwrap()),
        }),
        payload: CanonicalJson::new(&Value::Object(payload(rng, currency))),
        campaign: Campaign {
            id: CampaignId::new(uuid),
            brand: BrandId::new(uuid),
            market: MarketId::new(uuid),
            year: 2026,
            label: "MoanaLaunch".parse().unwrap(),
            title: "Moana launch".to_owned(),
            budget: None,
            flight: None,
            retired: false,
            created_at: Timestamp::default(),
        },
    }
}

/// Ids as the steps of a deploy would have left them.
pub fn known_ids() -> KnownIds {
    [("tree", "22113344"), ("check", "998877")]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), ExternalId(v.to_owned())))
        .collect()
}
