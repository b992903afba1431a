//! Tickets as planners might write them, made from the field catalogue by a seeded generator.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        asset::inspect,
        campaign::Campaign,
        catalogue::{FieldSpec, FieldType, Required, get_path, parse_value, set_path},
        deploy::Job,
        governance::Account,
        ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Currency},
        platform::{ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::{
        KnownIds, Platform,
        meta::{Meta, money},
    },
};
use serde_json::{Map, Value, json};

fn campaign() -> Campaign {
    let uuid = uuid::Uuid::from_u128(7);
    Campaign {
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
    }
}

fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

/// What a person could paste where the form takes JSON.
fn pasted(path: &str) -> Value {
    match path {
        "targeting.geo_locations.regions" => json!([{"key": "3847"}]),
        "targeting.geo_locations.cities" => json!([{"key": "2418956", "radius": 10, "distance_unit": "mile"}]),
        "targeting.geo_locations.zips" => json!([{"key": "US:94304"}]),
        "targeting.geo_locations.geo_markets" => json!([{"key": "DMA:501"}]),
        "targeting.geo_locations.custom_locations" => {
            json!([{"latitude": 52.5, "longitude": 13.4, "radius": 10, "distance_unit": "kilometer"}])
        }
        "targeting.flexible_spec" => json!([{"behaviors": [{"id": "6002714895372", "name": "Travellers"}]}]),
        "attribution_spec" => json!([{"event_type": "CLICK_THROUGH", "window_days": 7}]),
        "frequency_control_specs" => json!([{"event": "IMPRESSIONS", "interval_days": 7, "max_frequency": 3}]),
        "object_story_spec.link_data.call_to_action.value" => json!({"lead_gen_form_id": "77"}),
        "object_story_spec.link_data.child_attachments" => {
            json!([{"link": "https://example.com/1", "name": "One"}, {"link": "https://example.com/2"}])
        }
        "object_story_spec.video_data" => json!({"video_id": "55", "message": "m", "image_hash": HASH}),
        "tracking_specs" => json!([{"action.type": ["offsite_conversion"], "fb_pixel": ["998877"]}]),
        other => panic!("say what could be pasted into {other}"),
    }
}

const HASH: &str = "9fdba2b8d41d8cd98f00b204e9800998";

fn value(rng: &mut Rng, field: &FieldSpec, currency: Currency) -> Value {
    match field.path.rsplit('.').next() {
        Some("image_hash") => return json!(HASH),
        Some("object_story_id") => return json!("111_222"),
        _ => {}
    }
    match field.ty {
        FieldType::Text => json!(*pick(
            rng,
            &["Ein Text", "with \"quotes\" & ümläuts", "a=b&c=d", "日本語"]
        )),
        FieldType::Url => json!(*pick(rng, &["https://example.com/", "https://example.com/a?x=1#top"])),
        FieldType::Integer => json!(rng.i64(field.min.unwrap_or(0)..=field.max.unwrap_or(50_000))),
        FieldType::Bool => json!(rng.bool()),
        FieldType::Choice => json!(pick(rng, &field.values)),
        FieldType::Choices => json!([pick(rng, &field.values)]),
        FieldType::TextList => json!(["europe"]),
        FieldType::IntegerList => json!([rng.i64(1..=2)]),
        FieldType::CountryList => json!([*pick(rng, &["US", "CA", "JP", "DE", "FR"])]),
        FieldType::Id => json!(rng.u64(1..).to_string()),
        FieldType::NamedIdList => json!([{"id": rng.u64(1..).to_string(), "name": "Films, series & more"}]),
        FieldType::Amount => {
            let units = rng.u64(1..500);
            json!(money::from_units(units, currency).unwrap().amount().to_string())
        }
        FieldType::Object | FieldType::ObjectList => pasted(&field.path),
        // Set by `files`, which knows what goes together.
        FieldType::File => Value::Null,
    }
}

/// A ticket as the form would start it, with some fields filled in, changed or cleared.
fn payload(rng: &mut Rng, currency: Currency) -> Value {
    let mut root = Map::new();
    for object in &Meta.catalogue().objects {
        for field in &object.fields {
            let path = format!("{}.{}", object.section, field.path);
            let always = field.required == Required::Always;
            if always || rng.u8(..4) == 0 {
                set_path(&mut root, &path, value(rng, field, currency));
            } else if let Some(default) = &field.default {
                let parsed = parse_value(field, default).unwrap();
                set_path(&mut root, &path, parsed);
            } else if rng.u8(..10) == 0 {
                set_path(
                    &mut root,
                    &path,
                    pick(rng, &[json!(null), json!(""), json!([]), json!({})]).clone(),
                );
            }
        }
    }
    // What no single field can know; the generator keeps to it as QA and `check` would ask.
    let mut put = |path: &str, v: Value| set_path(&mut root, path, v);
    put("ad_set.billing_event", json!("IMPRESSIONS"));
    put("ad_set.targeting.age_min", json!(18));
    put("ad_set.targeting.age_max", json!(65));
    put("ad_set.promoted_object.custom_event_type", json!("PURCHASE"));
    put("ad_set.promoted_object.application_id", json!("77"));
    put("ad_set.dsa_beneficiary", json!("Lumen Films"));
    put("ad_set.dsa_payor", json!("Lumen Films"));
    put("creative.url_tags", json!("utm_source=facebook"));
    if rng.bool() {
        put("creative.object_story_id", Value::Null);
        let unwanted = *pick(rng, &["link_data", "video_data", "video_data"]);
        put(&format!("creative.object_story_spec.{unwanted}"), Value::Null);
    } else {
        put("creative.object_story_spec", Value::Null);
    }
    if rng.u8(..3) == 0 {
        files(rng, &mut root);
    }
    if root
        .get("campaign")
        .is_some_and(|c| get_path(c, "budget_level") == Some(&json!("campaign")))
    {
        set_path(&mut root, "campaign.is_adset_budget_sharing_enabled", json!(false));
    }
    if get_path(&root["campaign"], "special_ad_categories") != Some(&json!(["NONE"])) {
        // Special categories take no postal codes.
        set_path(&mut root, "ad_set.targeting.geo_locations.zips", Value::Null);
    }
    complete(rng, &mut root, currency);
    Value::Object(root)
}

/// A picture, or a video with its picture, in place of anything else an ad could show.
fn files(rng: &mut Rng, root: &mut Map<String, Value>) {
    let mut put = |path: &str, v: Value| set_path(root, &format!("creative.{path}"), v);
    put("object_story_id", Value::Null);
    put("object_story_spec.video_data", Value::Null);
    put("object_story_spec.link_data.image_hash", Value::Null);
    put("object_story_spec.link_data.child_attachments", Value::Null);
    put(
        "image_file",
        file("hero.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x04"),
    );
    if rng.bool() {
        put("video_file", file("film.mp4", b"\0\0\0\x20ftypisom"));
    }
}

fn file(name: &str, content: &[u8]) -> Value {
    inspect(name, content).unwrap().to_value()
}

/// Fills in what other fields make necessary, as QA would ask.
fn complete(rng: &mut Rng, root: &mut Map<String, Value>, currency: Currency) {
    let text = |root: &Map<String, Value>, path: &str| {
        let value = get_path(&Value::Object(root.clone()), path)
            .cloned()
            .unwrap_or_default();
        let one = value.get(0).unwrap_or(&value).as_str().unwrap_or_default().to_owned();
        let empty = [json!(null), json!(""), json!([]), json!({})].contains(&value);
        (one, !empty)
    };
    for object in &Meta.catalogue().objects {
        for field in &object.fields {
            let path = format!("{}.{}", object.section, field.path);
            let needed = match &field.required {
                Required::When { field, any_of } => any_of.contains(&text(root, field).0),
                Required::Unless { any_set } => !any_set.iter().any(|p| text(root, p).1),
                Required::Always => true,
                Required::Never => false,
            };
            if needed && !text(root, &path).1 {
                let value = value(rng, field, currency);
                set_path(root, &path, value);
            }
        }
    }
}

/// A ticket's job.
pub fn job(rng: &mut Rng, request: RequestType) -> Job {
    let (currency, timezone) = *pick(
        rng,
        &[
            ("USD", "America/New_York"),
            ("EUR", "Europe/Berlin"),
            ("JPY", "Asia/Tokyo"),
            ("HUF", "Europe/Budapest"),
            ("KWD", "Asia/Kuwait"),
        ],
    );
    let currency: Currency = currency.parse().unwrap();
    let kind = *pick(rng, &[BudgetKind::Daily, BudgetKind::Lifetime]);
    let budget = |units| Budget {
        kind,
        money: money::from_units(units, currency).unwrap(),
    };
    let target_kind = *pick(rng, &[ObjectKind::Campaign, ObjectKind::AdSet]);
    let start = jiff::civil::date(2026, 12, 1).saturating_add(jiff::Span::new().days(rng.i64(0..200)));
    let end = start.saturating_add(jiff::Span::new().days(rng.i64(1..90)));
    let flight = format!("{{\"start\":\"{start}\",\"end\":\"{end}\"}}");
    Job {
        request,
        account: Account {
            id: format!("act_{}", rng.u64(1..)).parse().unwrap(),
            name: "Lumen".to_owned(),
            currency,
            timezone: timezone.to_owned(),
        },
        name: "DIS_US_META_2026_MoanaLaunch".to_owned(),
        target: (request != RequestType::Create).then(|| Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(1)),
            no: TicketNo::FIRST,
            kind: target_kind,
            external_id: ExternalId(rng.u64(1..).to_string()),
            seen_budget: Some(budget(10_000)),
        }),
        budget: Some(budget(rng.u64(1_000_000..9_000_000))),
        flight: Some(serde_json::from_str::<Flight>(&flight).unwrap()),
        payload: CanonicalJson::new(&payload(rng, currency)),
        campaign: campaign(),
    }
}

/// Ids as the steps of a create would have left them.
pub fn known_ids() -> KnownIds {
    [
        "campaign",
        "ad_set",
        "creative",
        "ad",
        "upload_image",
        "upload_video",
        "video_ready",
    ]
    .into_iter()
    .zip(1202_u32..)
    .map(|(k, n)| (k.to_owned(), ExternalId(n.to_string())))
    .collect()
}

/// The payload a fresh form starts with.
pub fn defaults() -> Map<String, Value> {
    let mut root = Map::new();
    for object in &Meta.catalogue().objects {
        for field in &object.fields {
            if let Some(default) = &field.default {
                let path = format!("{}.{}", object.section, field.path);
                set_path(&mut root, &path, parse_value(field, default).unwrap());
            }
        }
    }
    root
}
