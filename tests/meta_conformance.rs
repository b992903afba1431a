#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]
//! Every request we plan for Meta is one Meta's own specification knows: operation, parameters, types, words, required
//! fields. Thousands of tickets are made from the field catalogue by a seeded generator; each goes through every request
//! type, its look-ups, its reads and its probes.

use std::collections::BTreeMap;

use fastrand::Rng;
use omnitraffick::{
    engine::model::{
        campaign::Campaign,
        catalogue::{FieldSpec, FieldType, Required, get_path, set_path},
        deploy::{Job, StepAction},
        governance::Account,
        ids::{BrandId, CampaignId, MarketId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Currency, Money},
        platform::{AccountId, ExternalId, ObjectKind},
        ticket::{RequestType, Target},
        time::{Flight, Timestamp},
    },
    platforms::{
        Body, KnownIds, Platform, WireRequest,
        meta::{
            Meta, money,
            spec::{Node, check_request, check_request_on},
        },
    },
};
use serde_json::{Map, Value, json};

const VARIANTS: u32 = 2_500;

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
        "object_story_spec.video_data" => json!({"video_id": "55", "message": "m", "image_hash": "abc"}),
        "tracking_specs" => json!([{"action.type": ["offsite_conversion"], "fb_pixel": ["998877"]}]),
        other => panic!("say what could be pasted into {other}"),
    }
}

fn value(rng: &mut Rng, field: &FieldSpec, currency: Currency) -> Value {
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
                let parsed = omnitraffick::engine::model::catalogue::parse_value(field, default).unwrap();
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
    put("ad_set.dsa_beneficiary", json!("Lumen Films"));
    put("ad_set.dsa_payor", json!("Lumen Films"));
    put("creative.url_tags", json!("utm_source=facebook"));
    if rng.bool() {
        put("creative.object_story_id", Value::Null);
    } else {
        put("creative.object_story_spec", Value::Null);
    }
    let root = Value::Object(root);
    let on_campaign = get_path(&root, "campaign.budget_level") == Some(&json!("campaign"));
    let Value::Object(mut root) = root else { unreachable!() };
    if on_campaign {
        set_path(&mut root, "campaign.is_adset_budget_sharing_enabled", json!(false));
    }
    Value::Object(root)
}

fn job(rng: &mut Rng, request: RequestType) -> Job {
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

fn pairs(request: &WireRequest) -> BTreeMap<&str, &str> {
    match &request.body {
        Body::Form(pairs) => pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
        _ => BTreeMap::new(),
    }
}

fn node(kind: ObjectKind) -> Node {
    match kind {
        ObjectKind::AdSet => Node::AdSet,
        ObjectKind::Ad => Node::Ad,
        ObjectKind::Creative | ObjectKind::Asset => Node::AdCreative,
        ObjectKind::Campaign | ObjectKind::Tree => Node::Campaign,
    }
}

fn known_ids() -> KnownIds {
    ["campaign", "ad_set", "creative", "ad"]
        .into_iter()
        .zip(1202_u32..)
        .map(|(k, n)| (k.to_owned(), ExternalId(n.to_string())))
        .collect()
}

/// The specification's view of one request, and what must hold for all of them.
fn hold(job: &Job, request: &WireRequest, faults: &[omnitraffick::platforms::meta::spec::SpecFault]) {
    assert!(faults.is_empty(), "{faults:?}\n{request:?}\n{:?}", job.payload);
    assert!(!request.path.starts_with("/v"), "a version in {}", request.path);
    let sent = serde_json::to_string(request).unwrap();
    for ours in ["budget_level", "access_token"] {
        assert!(!sent.contains(ours), "{ours} is sent: {sent}");
    }
}

#[test]
fn every_planned_request_is_one_the_specification_knows() {
    let mut rng = Rng::with_seed(20_261_120);
    let (mut planned, mut requests) = (0_u32, 0_u32);
    let ids = known_ids();
    while planned < VARIANTS {
        let request_type = RequestType::ALL[planned as usize % RequestType::ALL.len()];
        // Creates are where the payload matters: every variant is one, change requests come on top.
        for request in [RequestType::Create, request_type] {
            let job = job(&mut rng, request);
            let steps = Meta
                .steps(&job)
                .unwrap_or_else(|p| panic!("{p:?}\n{:?}\n{:?}", job.payload, job.budget));
            let mut budgets = 0;
            for step in &steps {
                let wire = Meta.plan(&job, step, &ids).unwrap();
                let faults = match step.action {
                    StepAction::Create => check_request(&wire),
                    StepAction::Set | StepAction::Check => check_request_on(node(step.kind), &wire),
                };
                hold(&job, &wire, &faults);
                let sent = pairs(&wire);
                budgets += usize::from(sent.contains_key("daily_budget"));
                budgets += usize::from(sent.contains_key("lifetime_budget"));
                if step.action == StepAction::Create {
                    let status = (step.kind != ObjectKind::Creative).then_some("PAUSED");
                    assert_eq!(sent.get("status").copied(), status, "{}", step.key);
                    let look = Meta.look_up(&job, step, &ids, Timestamp::default()).unwrap();
                    hold(&job, &look, &check_request(&look));
                }
                let read = Meta.read(&job, step, &ExternalId("1202".to_owned()));
                hold(&job, &read, &check_request_on(node(step.kind), &read));
                requests += 2;
            }
            let want = usize::from(matches!(request, RequestType::Create | RequestType::UpdateBudget));
            assert_eq!(budgets, want, "a budget is sent once: {:?}", job.payload);
            for probe in Meta.probe(&job.account) {
                hold(&job, &probe, &check_request(&probe));
            }
        }
        planned += 1;
    }
    assert!(requests > 10 * VARIANTS);
}

#[test]
fn the_same_job_plans_the_same_bytes() {
    let mut rng = Rng::with_seed(7);
    for _ in 0..50 {
        let job = job(&mut rng, RequestType::Create);
        // Through the store's form of a job, as after a restart.
        let again: Job = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        for step in Meta.steps(&job).unwrap() {
            let hash = |job: &Job| Meta.plan(job, &step, &known_ids()).unwrap().hash();
            assert_eq!(hash(&job), hash(&again));
        }
    }
}

/// The form's defaults and the fewest edits a planner must make give a ticket that can go.
#[test]
fn a_fresh_ticket_needs_few_edits() {
    let mut root = Map::new();
    for object in &Meta.catalogue().objects {
        for field in &object.fields {
            if let Some(default) = &field.default {
                let v = omnitraffick::engine::model::catalogue::parse_value(field, default).unwrap();
                set_path(&mut root, &format!("{}.{}", object.section, field.path), v);
            }
        }
    }
    for (path, v) in [
        ("ad_set.targeting.geo_locations.countries", json!(["US"])),
        ("creative.object_story_spec.page_id", json!("111")),
        (
            "creative.object_story_spec.link_data.link",
            json!("https://example.com/"),
        ),
        ("creative.object_story_spec.link_data.message", json!("See it first")),
    ] {
        set_path(&mut root, path, v);
    }
    let mut fresh = job(&mut Rng::with_seed(1), RequestType::Create);
    fresh.payload = CanonicalJson::new(&Value::Object(root));
    fresh.account = Account {
        id: "act_1001".parse::<AccountId>().unwrap(),
        name: "Lumen".to_owned(),
        currency: "USD".parse().unwrap(),
        timezone: "UTC".to_owned(),
    };
    fresh.budget = Some(Budget {
        kind: BudgetKind::Daily,
        money: Money::parse("50", fresh.account.currency).unwrap(),
    });
    assert_eq!(Meta.check(&fresh), []);
    for step in Meta.steps(&fresh).unwrap() {
        assert_eq!(check_request(&Meta.plan(&fresh, &step, &known_ids()).unwrap()), []);
    }
}
