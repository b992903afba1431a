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
        money::{Budget, BudgetKind, Currency, Money},
        platform::{ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::{KnownIds, Platform, tiktok::Tiktok},
};
use serde_json::{Map, Value, json};

fn campaign() -> Campaign {
    let uuid = uuid::Uuid::from_u128(7);
    Campaign {
        id: CampaignId::new(uuid),
        brand: BrandId::new(uuid),
        market: MarketId::new(uuid),
        year: 2026,
        label: "WinterSale".parse().unwrap(),
        title: "Winter sale".to_owned(),
        budget: None,
        flight: None,
        retired: false,
        created_at: Timestamp::default(),
    }
}

fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

fn id(rng: &mut Rng) -> String {
    rng.u64(7_000_000_000_000_000_000..7_999_999_999_999_999_999)
        .to_string()
}

fn value(rng: &mut Rng, field: &FieldSpec) -> Value {
    match field.path.as_str() {
        "dayparting" => return json!("01".repeat(168)),
        "locations.places" => return json!([{"id": id(rng), "name": "California", "country": "US"}]),
        "utm_params" => return json!([{"key": "utm_source", "value": "tiktok"}, {"key": "utm_term", "value": "a&b"}]),
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
        FieldType::TextList => json!([id(rng), id(rng)]),
        FieldType::IntegerList => json!([rng.i64(1..=2)]),
        FieldType::CountryList => json!([*pick(rng, &["JP", "DE", "FR", "BR"])]),
        FieldType::Id => json!(id(rng)),
        FieldType::NamedIdList => json!([{"id": rng.u64(1..).to_string(), "name": "Films, series & more"}]),
        FieldType::Amount => json!(rng.u64(1..500).to_string()),
        // Set by `show`, which knows what goes together.
        FieldType::File => Value::Null,
        FieldType::Object | FieldType::ObjectList => panic!("say what could be pasted into {}", field.path),
    }
}

/// The objective's and the goal's company: what no single field can know, as QA and `check` would ask.
fn agree(rng: &mut Rng, root: &mut Map<String, Value>) {
    let text = |root: &Map<String, Value>, path: &str| {
        let value = get_path(&Value::Object(root.clone()), path).cloned();
        value.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let goal = text(root, "ad_group.optimization_goal");
    let billing = match goal.as_str() {
        "CLICK" => "CPC",
        "SHOW" | "REACH" => "CPM",
        "ENGAGED_VIEW" | "ENGAGED_VIEW_FIFTEEN" => "CPV",
        _ => "OCPM",
    };
    let custom = text(root, "ad_group.bid_type") == "BID_TYPE_CUSTOM";
    let spread = text(root, "campaign.budget_level") == "campaign";
    let mut put = |path: &str, v: Value| set_path(root, path, v);
    put("ad_group.billing_event", json!(billing));
    put("ad_group.pixel_id", json!("7100000000000000001"));
    put("ad_group.bid_price", Value::Null);
    put("ad_group.conversion_bid_price", Value::Null);
    if custom {
        let field = if billing == "OCPM" {
            "conversion_bid_price"
        } else {
            "bid_price"
        };
        put(&format!("ad_group.{field}"), json!(rng.u64(1..20).to_string()));
    }
    if !custom || spread {
        put("ad_group.pacing", json!("PACING_MODE_SMOOTH"));
    }
    let both = goal == "REACH" && rng.bool();
    put("ad_group.frequency", if both { json!(3) } else { Value::Null });
    put("ad_group.frequency_schedule", if both { json!(7) } else { Value::Null });
}

/// An ad that shows one thing.
fn show(rng: &mut Rng, root: &mut Map<String, Value>) {
    let format = *pick(rng, &["SINGLE_VIDEO", "SINGLE_IMAGE", "CAROUSEL_ADS"]);
    let spark = rng.u8(..5) == 0;
    let images = match format {
        "CAROUSEL_ADS" => json!(["ad-site-i18n-sg/1", "ad-site-i18n-sg/2"]),
        _ => json!(["ad-site-i18n-sg/1"]),
    };
    let mut put = |path: &str, v: Value| set_path(root, path, v);
    put("ad.ad_format", json!(format));
    put(
        "ad.tiktok_item_id",
        if spark {
            json!("7300000000000000001")
        } else {
            Value::Null
        },
    );
    put("ad.image_ids", if spark { Value::Null } else { images });
    let video = format == "SINGLE_VIDEO" && !spark;
    put(
        "ad.video_id",
        if video { json!("v10033g50000abc") } else { Value::Null },
    );
    if spark {
        put("ad.identity_type", json!("TT_USER"));
    } else if format != "CAROUSEL_ADS" && rng.bool() {
        put("ad.image_ids", Value::Null);
        put(
            "ad.image_file",
            file("hero.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x04"),
        );
        if video {
            put("ad.video_id", Value::Null);
            put("ad.video_file", file("film.mp4", b"\0\0\0\x20ftypisom"));
        }
    }
}

fn file(name: &str, content: &[u8]) -> Value {
    inspect(name, content).unwrap().to_value()
}

/// A ticket as the form would start it, with some fields filled in, changed or cleared.
fn payload(rng: &mut Rng) -> Value {
    let mut root = Map::new();
    for object in &Tiktok.catalogue().objects {
        for field in &object.fields {
            let path = format!("{}.{}", object.section, field.path);
            if field.required == Required::Always || rng.u8(..4) == 0 {
                set_path(&mut root, &path, value(rng, field));
            } else if let Some(default) = &field.default {
                set_path(&mut root, &path, parse_value(field, default).unwrap());
            } else if rng.u8(..10) == 0 {
                let empty = pick(rng, &[json!(null), json!(""), json!([]), json!({})]).clone();
                set_path(&mut root, &path, empty);
            }
        }
    }
    agree(rng, &mut root);
    show(rng, &mut root);
    complete(rng, &mut root);
    Value::Object(root)
}

/// Fills in what other fields make necessary, as QA would ask.
fn complete(rng: &mut Rng, root: &mut Map<String, Value>) {
    let text = |root: &Map<String, Value>, path: &str| {
        let value = get_path(&Value::Object(root.clone()), path)
            .cloned()
            .unwrap_or_default();
        let one = value.get(0).unwrap_or(&value).as_str().unwrap_or_default().to_owned();
        let empty = [json!(null), json!(""), json!([]), json!({})].contains(&value);
        (one, !empty)
    };
    for object in &Tiktok.catalogue().objects {
        for field in &object.fields {
            let path = format!("{}.{}", object.section, field.path);
            let needed = match &field.required {
                Required::When { field, any_of } => any_of.contains(&text(root, field).0),
                Required::Unless { any_set } => !any_set.iter().any(|p| text(root, p).1),
                Required::Always => true,
                Required::Never => false,
            };
            if needed && !text(root, &path).1 {
                let value = value(rng, field);
                set_path(root, &path, value);
            }
        }
    }
}

fn money(units: u64, currency: Currency) -> Money {
    Money::parse(&units.to_string(), currency).unwrap()
}

/// A ticket's job.
pub fn job(rng: &mut Rng, request: RequestType) -> Job {
    let (currency, timezone) = *pick(
        rng,
        &[
            ("USD", "America/New_York"),
            ("EUR", "Europe/Berlin"),
            ("JPY", "Asia/Tokyo"),
            ("BRL", "America/Sao_Paulo"),
            ("KWD", "Asia/Kuwait"),
        ],
    );
    let currency: Currency = currency.parse().unwrap();
    let kind = *pick(rng, &[BudgetKind::Daily, BudgetKind::Lifetime]);
    let budget = |units| Budget {
        kind,
        money: money(units, currency),
    };
    let target_kind = *pick(rng, &[ObjectKind::Campaign, ObjectKind::AdSet]);
    let start = jiff::civil::date(2026, 12, 1).saturating_add(jiff::Span::new().days(rng.i64(0..200)));
    let end = start.saturating_add(jiff::Span::new().days(rng.i64(1..90)));
    let flight = format!("{{\"start\":\"{start}\",\"end\":\"{end}\"}}");
    Job {
        request,
        account: Account {
            id: id(rng).parse().unwrap(),
            name: "Lumen".to_owned(),
            currency,
            timezone: timezone.to_owned(),
        },
        name: "LUM_US_TIKTOK_2026_WinterSale".to_owned(),
        target: (request != RequestType::Create).then(|| Target {
            ticket: TicketId::new(uuid::Uuid::from_u128(1)),
            no: TicketNo::FIRST,
            kind: target_kind,
            external_id: ExternalId(id(rng)),
            seen_budget: Some(budget(10_000)),
        }),
        budget: Some(budget(rng.u64(400_000..900_000))),
        flight: Some(serde_json::from_str::<Flight>(&flight).unwrap()),
        payload: CanonicalJson::new(&payload(rng)),
        campaign: campaign(),
    }
}

/// Ids as the steps of a create would have left them.
pub fn known_ids() -> KnownIds {
    ["campaign", "ad_group", "ad", "upload_image", "upload_video"]
        .into_iter()
        .zip(1_800_000_000_000_000_001_u64..)
        .map(|(k, n)| (k.to_owned(), ExternalId(n.to_string())))
        .collect()
}

/// The payload a fresh form starts with.
pub fn defaults() -> Map<String, Value> {
    let mut root = Map::new();
    for object in &Tiktok.catalogue().objects {
        for field in &object.fields {
            if let Some(default) = &field.default {
                let path = format!("{}.{}", object.section, field.path);
                set_path(&mut root, &path, parse_value(field, default).unwrap());
            }
        }
    }
    root
}
