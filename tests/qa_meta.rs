//! The house's rules and Meta's catalogue together: what the form starts with, filled in, passes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/life.rs"]
mod life;

use life::{Life, usd};
use omnitraffick::{
    engine::{
        api::starting_payload,
        model::{
            campaign::Campaign,
            catalogue::set_path,
            governance::{Brand, Channel, Market},
            house_rule::HouseRules,
            json::CanonicalJson,
            ticket::Ticket,
            time::Flight,
        },
        policy::Policy,
        qa,
        store::schema::keys,
        taxonomy::Codes,
    },
    platforms::{Platform as _, meta::Meta},
};
use serde_json::{Value, json};

fn judged(changes: &[(&str, Value)]) -> Vec<String> {
    let life = Life::new();
    let Value::Object(mut payload) = starting_payload(Meta.catalogue()).value() else {
        panic!("a payload is an object")
    };
    let filled_in = [
        ("ad_set.targeting.geo_locations.countries", json!(["US"])),
        ("creative.object_story_spec.page_id", json!("1000000001")),
        (
            "creative.object_story_spec.link_data.link",
            json!("https://isle.example/moana"),
        ),
        ("creative.object_story_spec.link_data.message", json!("Set sail")),
    ];
    for (path, value) in filled_in.iter().chain(changes) {
        set_path(&mut payload, path, value.clone());
    }
    let ticket = Ticket {
        payload: CanonicalJson::new(&Value::Object(payload)),
        budget: Some(usd("100")),
        flight: Some(Flight {
            start: "2026-03-01".parse().unwrap(),
            end: Some("2026-03-31".parse().unwrap()),
        }),
        ..life.ticket()
    };
    let world = &life.house.world;
    let brand: Brand = world.get(&keys::brand(life.house.brand)).unwrap().1;
    let market: Market = world.get(&keys::market(life.house.market)).unwrap().1;
    let channel: Channel = world.get(&keys::channel(life.house.channel)).unwrap().1;
    let campaign: Campaign = world.get(&keys::campaign(life.house.campaign)).unwrap().1;
    let facts = qa::Facts {
        campaign: &campaign,
        brand: &brand,
        market: &market,
        channel: &channel,
        codes: &Codes::of([&brand], [&market], [&channel]),
        catalogue: Meta.catalogue(),
        lost_files: &[],
        platform: &[],
        house: &HouseRules::default(),
        policy: &Policy::default(),
        today: "2026-02-01".parse().unwrap(),
    };
    let findings = qa::run(&ticket, &facts, qa::rules_in_force());
    findings.iter().map(|f| format!("{} {}", f.rule, f.field)).collect()
}

#[test]
fn a_filled_in_form_passes() {
    assert_eq!(judged(&[]), Vec::<String>::new());
}

#[test]
fn what_meta_documents_passes() {
    let documented = [
        ("campaign.budget_level", json!("ad_set")),
        (
            "ad_set.targeting.flexible_spec",
            json!([{"interests": [{"id": "6003139266461", "name": "Movies"}]}]),
        ),
        (
            "ad_set.targeting.custom_audiences",
            json!([{"id": "23850000000000001"}]),
        ),
        (
            "ad_set.targeting.exclusions.interests",
            json!([{"id": "1", "name": "Beer"}]),
        ),
        ("ad_set.targeting.genders", json!([1, 2])),
        ("ad_set.targeting.excluded_geo_locations.countries", json!(["PR"])),
        (
            "ad_set.attribution_spec",
            json!([{"event_type": "CLICK_THROUGH", "window_days": 7}]),
        ),
    ];
    assert_eq!(judged(&documented), Vec::<String>::new());
}

#[test]
fn what_a_family_brand_would_regret_is_found_deep_inside() {
    let regrets = [
        (
            "ad_set.targeting.flexible_spec",
            json!([{"interests": [{"id": "1", "name": "Movies"}]}, {"interests": [{"id": "2", "name": "Online poker"}]}]),
        ),
        ("campaign.special_ad_categories", json!(["ONLINE_GAMBLING_AND_GAMING"])),
        ("campaign.special_ad_category_country", json!(["US"])),
        ("ad_set.targeting.geo_locations.country_groups", json!(["europe"])),
    ];
    assert_eq!(
        judged(&regrets),
        [
            "brand_safety.gambling payload.ad_set.targeting.flexible_spec[1].interests[0]",
            "brand_safety.gambling payload.campaign.special_ad_categories[0]",
            "geo.market payload.ad_set.targeting.geo_locations.country_groups[0]",
        ]
    );
}
