//! Tickets as planners might write them, made from the field catalogue by a seeded generator.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        catalogue::{FieldSpec, FieldType, get_path, set_path},
        deploy::Job,
        money::Money,
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::{KnownIds, Platform as _, tiktok::Tiktok},
};
use serde_json::{Value, json};

use crate::platform::tickets::{self, Draft, Root, image, pick, video};

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
fn agree(rng: &mut Rng, root: &mut Root) {
    let text = |root: &Root, path: &str| {
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
fn show(rng: &mut Rng, root: &mut Root) {
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
    let film = format == "SINGLE_VIDEO" && !spark;
    put("ad.video_id", if film { json!("v10033g50000abc") } else { Value::Null });
    if spark {
        put("ad.identity_type", json!("TT_USER"));
    } else if format != "CAROUSEL_ADS" && rng.bool() {
        put("ad.image_ids", Value::Null);
        put("ad.image_file", image());
        if film {
            put("ad.video_id", Value::Null);
            put("ad.video_file", video());
        }
    }
}

fn payload(rng: &mut Rng) -> Root {
    let mut root = tickets::payload(Tiktok.catalogue(), rng, value, |field| field.default.is_none());
    agree(rng, &mut root);
    show(rng, &mut root);
    tickets::complete(Tiktok.catalogue(), rng, &mut root, value);
    root
}

/// A ticket's job.
pub fn job(rng: &mut Rng, request: RequestType) -> Job {
    let accounts = [
        ("USD", "America/New_York"),
        ("EUR", "Europe/Berlin"),
        ("JPY", "Asia/Tokyo"),
        ("BRL", "America/Sao_Paulo"),
        ("KWD", "Asia/Kuwait"),
    ];
    let draft = Draft::new(rng, &accounts, 1);
    let currency = draft.currency;
    let amount = |units: u64| Money::parse(&units.to_string(), currency).unwrap();
    let account = id(rng);
    let target = (*pick(rng, &[ObjectKind::Campaign, ObjectKind::AdSet]), id(rng));
    let budget = amount(rng.u64(400_000..900_000));
    let payload = payload(rng);
    let named = (account.as_str(), "LUM_US_TIKTOK_2026_WinterSale");
    draft.job(request, named, target, (budget, amount(10_000)), payload)
}

/// Ids as the steps of a create would have left them.
pub fn known_ids() -> KnownIds {
    let keys = ["campaign", "ad_group", "ad", "upload_image", "upload_video"];
    tickets::ids(&keys, 1_800_000_000_000_000_001)
}
