//! The simulated Google Ads as a caller with other code would meet it: what it refuses, and in which form.

use omnitraffick::{
    engine::model::{json::CanonicalJson, platform::PlatformId, time::Timestamp},
    platforms::{
        Body, Method, WireRequest,
        sandbox::{config::WorldConfig, world::World},
    },
};
use rstest::rstest;
use serde_json::{Value, json};

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T12:00:00Z").unwrap()
}

fn post(path: &str, body: &Value) -> WireRequest {
    WireRequest {
        method: Method::Post,
        path: path.to_owned(),
        query: vec![],
        headers: vec![],
        body: Body::Json(CanonicalJson::new(body)),
    }
}

fn send(world: &mut World, body: &Value, token: &str) -> (u16, Value) {
    let request = post("/customers/1234567890/googleAds:mutate", body);
    let answer = world.handle(now(), PlatformId::GoogleAds, &request, token);
    assert!(answer.headers.contains_key("request-id"));
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

/// A budget and a campaign, the least there is.
fn tree() -> Value {
    json!({"mutateOperations": [
        {"campaignBudgetOperation": {"create": {"resourceName": "customers/1234567890/campaignBudgets/-1",
            "amountMicros": "50000000", "explicitlyShared": false}}},
        {"campaignOperation": {"create": {"resourceName": "customers/1234567890/campaigns/-2", "name": "ACM_DE_GADS_2026_X",
            "status": "PAUSED", "advertisingChannelType": "SEARCH", "manualCpc": {},
            "campaignBudget": "customers/1234567890/campaignBudgets/-1", "networkSettings": {"targetGoogleSearch": true},
            "containsEuPoliticalAdvertising": "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING"}}},
    ]})
}

const CAMPAIGN: &str = "/mutateOperations/1/campaignOperation/create";

/// Sends a tree with one thing different.
fn spoiled(at: &str, value: Value) -> (u16, Value) {
    let mut tree = tree();
    let (parent, name) = at.rsplit_once('/').unwrap();
    let parent = tree.pointer_mut(parent).unwrap();
    if value.is_null() {
        parent.as_object_mut().unwrap().remove(name);
    } else {
        parent[name] = value;
    }
    let mut world = World::new(&WorldConfig::default());
    let answer = send(&mut world, &tree, "t");
    assert_eq!(world.snapshot(now()).is_empty(), answer.0 != 200, "all or nothing");
    answer
}

#[rstest]
#[case::no_declaration("containsEuPoliticalAdvertising", Value::Null, "fieldError", "REQUIRED")]
#[case::no_network("networkSettings", json!({}), "campaignError", "CAMPAIGN_MUST_TARGET_AT_LEAST_ONE_NETWORK")]
#[case::no_such_budget("campaignBudget", json!("customers/1234567890/campaignBudgets/7"), "mutateError", "RESOURCE_NOT_FOUND")]
#[case::foreign_budget("campaignBudget", json!("customers/9999999999/campaignBudgets/7"), "mutateError", "RESOURCE_NOT_FOUND")]
#[case::removed("status", json!("REMOVED"), "operationAccessDeniedError", "CREATE_AS_REMOVED_NOT_PERMITTED")]
#[case::own_id("resourceName", json!("customers/1234567890/campaigns/5"), "newResourceCreationError", "CANNOT_SET_ID_FOR_CREATE")]
#[case::same_temporary_id("resourceName", json!("customers/1234567890/campaigns/-1"), "newResourceCreationError", "DUPLICATE_TEMP_IDS")]
#[case::noon("startDateTime", json!("2026-12-01 12:00:00"), "dateError", "DATE_RANGE_ERROR_START_TIME_MUST_BE_THE_START_OF_A_DAY")]
#[case::past("startDateTime", json!("2026-11-19 00:00:00"), "campaignError", "CANNOT_SET_DATE_TO_PAST")]
fn refusals_are_googles(#[case] field: &str, #[case] value: Value, #[case] member: &str, #[case] code: &str) {
    let (status, body) = spoiled(&format!("{CAMPAIGN}/{field}"), value);
    assert_eq!(status, 400, "{body}");
    let failure = &body["error"]["details"][0];
    assert!(failure["@type"].as_str().unwrap().ends_with("GoogleAdsFailure"));
    let error = &failure["errors"][0];
    assert_eq!(error["errorCode"][member], code, "{body}");
    let path = &error["location"]["fieldPathElements"];
    assert_eq!(path[0], json!({"fieldName": "mutate_operations", "index": 1}));
    assert_eq!(path[1]["fieldName"], "campaign_operation");
}

#[rstest]
#[case::old_date("startDate", json!("2026-12-01"))]
#[case::no_such_status("status", json!("RUNNING"))]
#[case::number_as_name("name", json!(7))]
#[case::two_strategies("maximizeConversions", json!({}))]
fn the_front_door_reads_the_json(#[case] field: &str, #[case] value: Value) {
    let (status, body) = spoiled(&format!("{CAMPAIGN}/{field}"), value);
    assert_eq!(status, 400);
    let detail = &body["error"]["details"][0];
    assert!(detail["@type"].as_str().unwrap().ends_with("BadRequest"), "{body}");
}

#[rstest]
#[case("amountMicros", json!("10000"), "BUDGET_BELOW_PER_DAY_MINIMUM")]
#[case("amountMicros", json!("50000001"), "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT")]
#[case("deliveryMethod", json!("ACCELERATED"), "CANNOT_USE_ACCELERATED_DELIVERY_MODE")]
fn budgets(#[case] field: &str, #[case] value: Value, #[case] code: &str) {
    let (_, body) = spoiled(
        &format!("/mutateOperations/0/campaignBudgetOperation/create/{field}"),
        value,
    );
    let errors = body["error"]["details"][0]["errors"].as_array().unwrap();
    assert_eq!(errors[0]["errorCode"]["campaignBudgetError"], code);
    assert_eq!(
        errors[1]["errorCode"]["newResourceCreationError"], "TEMP_ID_RESOURCE_HAD_ERRORS",
        "the campaign names what failed"
    );
}

#[test]
fn names_are_unique_until_removed_and_defaults_are_googles() {
    let mut world = World::new(&WorldConfig::default());
    let mut first = tree();
    first
        .pointer_mut(CAMPAIGN)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove("status");
    let (status, made) = send(&mut world, &first, "t");
    assert_eq!(status, 200, "{made}");
    let name = made["mutateOperationResponses"][1]["campaignResult"]["resourceName"].clone();
    assert_eq!(
        world.snapshot(now())[0].effective_status,
        "ENABLED",
        "nobody said PAUSED"
    );
    let (_, refused) = send(&mut world, &tree(), "t");
    let error = &refused["error"]["details"][0]["errors"][0];
    assert_eq!(error["errorCode"]["campaignError"], "DUPLICATE_CAMPAIGN_NAME");
    let remove = json!({"mutateOperations": [{"campaignOperation": {"remove": name}}]});
    assert_eq!(send(&mut world, &remove, "t").0, 200);
    let (_, again) = send(&mut world, &remove, "t");
    let error = &again["error"]["details"][0]["errors"][0];
    assert_eq!(
        error["errorCode"]["contextError"],
        "OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE"
    );
    assert_eq!(send(&mut world, &tree(), "t").0, 200);
}

#[test]
fn validate_only_makes_nothing() {
    let mut world = World::new(&WorldConfig::default());
    let mut tree = tree();
    tree["validateOnly"] = json!(true);
    assert_eq!(send(&mut world, &tree, "t"), (200, json!({})));
    assert!(world.snapshot(now()).is_empty());
}

#[rstest]
#[case("", "OAUTH_TOKEN_HEADER_INVALID")]
#[case("expired-1", "OAUTH_TOKEN_EXPIRED")]
#[case("revoked-1", "OAUTH_TOKEN_REVOKED")]
fn tokens(#[case] token: &str, #[case] code: &str) {
    let (status, body) = send(&mut World::new(&WorldConfig::default()), &tree(), token);
    assert_eq!(status, 401);
    assert_eq!(
        body["error"]["details"][0]["errors"][0]["errorCode"]["authenticationError"],
        code
    );
}

#[test]
fn unknown_paths_and_accounts() {
    let closed = WorldConfig {
        auto_accounts: false,
        ..WorldConfig::default()
    };
    let mut world = World::new(&closed);
    assert_eq!(send(&mut world, &tree(), "t").0, 403);
    let request = post("/customers/123-456-7890/googleAds:mutate", &tree());
    let answer = world.handle(now(), PlatformId::GoogleAds, &request, "t");
    assert_eq!(answer.status, 404, "dashes do not belong into a path");
}
