//! Tickets as planners might write them, made from the field catalogue by a seeded generator.

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        catalogue::{FieldSpec, FieldType, get_path, set_path},
        deploy::Job,
        money::Currency,
        platform::ObjectKind,
        ticket::RequestType,
    },
    platforms::{
        KnownIds, Platform as _,
        meta::{Meta, money},
    },
};
use serde_json::{Value, json};

use crate::platform::tickets::{self, Draft, Root, image, pick, video};

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

fn payload(rng: &mut Rng, currency: Currency) -> Root {
    let value = |rng: &mut Rng, field: &FieldSpec| value(rng, field, currency);
    let mut root = tickets::payload(Meta.catalogue(), rng, value, |field| field.default.is_none());
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
    if get_path(&root["campaign"], "budget_level") == Some(&json!("campaign")) {
        set_path(&mut root, "campaign.is_adset_budget_sharing_enabled", json!(false));
    }
    if get_path(&root["campaign"], "special_ad_categories") != Some(&json!(["NONE"])) {
        // Special categories take no postal codes.
        set_path(&mut root, "ad_set.targeting.geo_locations.zips", Value::Null);
    }
    tickets::complete(Meta.catalogue(), rng, &mut root, value);
    root
}

/// A picture, or a video with its picture, in place of anything else an ad could show.
fn files(rng: &mut Rng, root: &mut Root) {
    let mut put = |path: &str, v: Value| set_path(root, &format!("creative.{path}"), v);
    put("object_story_id", Value::Null);
    put("object_story_spec.video_data", Value::Null);
    put("object_story_spec.link_data.image_hash", Value::Null);
    put("object_story_spec.link_data.child_attachments", Value::Null);
    put("image_file", image());
    if rng.bool() {
        put("video_file", video());
    }
}

/// A ticket's job.
pub fn job(rng: &mut Rng, request: RequestType) -> Job {
    let accounts = [
        ("USD", "America/New_York"),
        ("EUR", "Europe/Berlin"),
        ("JPY", "Asia/Tokyo"),
        ("HUF", "Europe/Budapest"),
        ("KWD", "Asia/Kuwait"),
    ];
    let draft = Draft::new(rng, &accounts, 1);
    let currency = draft.currency;
    let amount = |units| money::from_units(units, currency).unwrap();
    let account = format!("act_{}", rng.u64(1..));
    let target = (
        *pick(rng, &[ObjectKind::Campaign, ObjectKind::AdSet]),
        rng.u64(1..).to_string(),
    );
    let budget = amount(rng.u64(1_000_000..9_000_000));
    let payload = payload(rng, currency);
    let named = (account.as_str(), "DIS_US_META_2026_MoanaLaunch");
    draft.job(request, named, target, (budget, amount(10_000)), payload)
}

/// Ids as the steps of a create would have left them.
pub fn known_ids() -> KnownIds {
    let uploads = ["upload_image", "upload_video", "video_ready"];
    tickets::ids(
        &[&["campaign", "ad_set", "creative", "ad"][..], &uploads[..]].concat(),
        1202,
    )
}
