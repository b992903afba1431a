//! Places, and the platform's fields.

use rstest::rstest;
use serde_json::{Value, json};

use super::*;

#[rstest]
#[case("ad_set.targeting.geo_locations.countries", json!([]), &["geo.required payload.ad_set.targeting.geo_locations.countries"])]
#[case("ad_set.targeting.geo_locations.countries", json!(["US", "PR"]), &[])]
#[case("ad_set.targeting.geo_locations.countries", json!(["US", "CA"]), &["geo.market payload.ad_set.targeting.geo_locations.countries[1]"])]
#[case("ad_set.targeting.geo_locations.countries", json!(["us"]), &["geo.country payload.ad_set.targeting.geo_locations.countries[0]"])]
#[case("ad_set.targeting.geo_locations.countries", json!(["UK"]), &["geo.country payload.ad_set.targeting.geo_locations.countries[0]"])]
#[case("ad_set.targeting.geo_locations.cities", json!([{"key": "1", "country": "FR"}]), &["geo.market payload.ad_set.targeting.geo_locations.cities[0]"])]
#[case("ad_set.targeting.geo_locations.cities", json!([{"key": "1", "name": "Springfield"}]), &["geo.unplaced payload.ad_set.targeting.geo_locations.cities[0]"])]
#[case("ad_set.targeting.geo_locations.cities", json!([{"key": "US:90210"}]), &[])]
#[case("ad_set.targeting.geo_locations", json!({"cities": [{"key": "1", "country": "US"}]}), &[])]
#[case("ad_set.targeting.geo_locations", json!({"cities": [{"key": "1"}]}), &["geo.required payload.ad_set.targeting.geo_locations.countries", "geo.unplaced payload.ad_set.targeting.geo_locations.cities[0]"])]
#[case("ad_set.targeting.geo_locations.country_groups", json!(["worldwide"]), &["geo.market payload.ad_set.targeting.geo_locations.country_groups[0]"])]
#[case("ad_set.targeting.excluded_geo_locations.countries", json!(["CA"]), &[])]
#[case("campaign.special_country", json!(["CA"]), &[])]
#[case("campaign.special_country", json!(["ca"]), &["geo.country payload.campaign.special_country[0]"])]
fn places(#[case] path: &str, #[case] value: Value, #[case] marks: &[&str]) {
    assert_eq!(Case::with(path, value).marks(), marks);
}

#[rstest]
#[case("campaign.objective", json!("trafic"), "payload.choice payload.campaign.objective: Objective: \"trafic\" is not one of the platform's choices (choose one of TRAFFIC)")]
#[case("campaign.objective", json!(""), "payload.required payload.campaign.objective: Objective is missing (choose what it is for)")]
#[case("campaign.objective", json!("SALES"), "payload.required payload.ad_set.pixel_id: Pixel is missing: it is needed while campaign.objective is SALES (choose the pixel)")]
#[case("creative.link", json!(null), "payload.required payload.creative.link: Link is missing, and so is creative.post_id (where a click leads)")]
#[case("creative.link", json!("javascript:alert(1)"), "payload.type payload.creative.link: Link: \"javascript:alert(1)\" is not a web address starting with https:// (write a web address starting with https://)")]
#[case("creative.mesage", json!("x"), "payload.unknown payload.creative.mesage: the platform has no field mesage here (write message, if that was meant)")]
#[case("campaign.age_min", json!(18), "payload.unknown payload.campaign.age_min: the platform has no field age_min here (it belongs to ad_set.targeting)")]
#[case("ad_set.targeting.zodiac", json!("leo"), "payload.unknown payload.ad_set.targeting.zodiac: the platform has no field zodiac here (take it out; known here: geo_locations, excluded_geo_locations, age_min, genders, interests, flexible_spec, exclusions)")]
#[case("adset", json!({}), "payload.unknown payload.adset: the platform has no field adset here (write ad_set, if that was meant)")]
#[case("ad_set.targeting.age_min", json!("18"), "payload.type payload.ad_set.targeting.age_min: Youngest: \"18\" is not a whole number without quotes (write a whole number without quotes)")]
#[case("ad_set.targeting.age_min", json!(18.5), "payload.type payload.ad_set.targeting.age_min: Youngest: 18.5 is not a whole number without quotes (write a whole number without quotes)")]
#[case("ad_set.targeting.age_min", json!(12), "payload.range payload.ad_set.targeting.age_min: Youngest: 12 is out of bounds (it must be 13 to 65)")]
#[case("ad_set.targeting.age_min", json!(u64::MAX), "payload.range payload.ad_set.targeting.age_min: Youngest: 18446744073709551615 is out of bounds (it must be 13 to 65)")]
#[case("ad_set.targeting.genders", json!([1, "2"]), "payload.type payload.ad_set.targeting.genders[1]: Genders: \"2\" is not a whole number without quotes (write a whole number without quotes)")]
#[case("ad_set.targeting.interests", json!([{"id": 7, "name": "x"}]), "payload.type payload.ad_set.targeting.interests[0]: Interests: {\"id\":7,\"name\":\"x\"} is not {\"id\": \"..\", \"name\": \"..\"} with the id's digits in quotes (write {\"id\": \"..\", \"name\": \"..\"} with the id's digits in quotes)")]
#[case("ad_set.targeting.flexible_spec", json!([{}, {}, {}, {}]), "payload.range payload.ad_set.targeting.flexible_spec: Detailed targeting: [{},{},{},{}] with 4 entries is out of bounds (it must be at most 3 entries)")]
#[case("ad_set.targeting.exclusions", json!([1]), "payload.type payload.ad_set.targeting.exclusions: Exclusions: [1] is not an object (write an object)")]
#[case("ad_set.placements", json!(["feed", "moon"]), "payload.choice payload.ad_set.placements[1]: Placements: \"moon\" is not one of the platform's choices (choose one of feed, story)")]
#[case("ad_set.advantage", json!("yes"), "payload.type payload.ad_set.advantage: Advantage: \"yes\" is not true or false without quotes (write true or false without quotes)")]
#[case("ad_set.bid_amount", json!("51"), "payload.range payload.ad_set.bid_amount: Bid: \"51\" is out of bounds (it must be 1 to 50)")]
#[case("ad_set.bid_amount", json!("1e1"), "payload.type payload.ad_set.bid_amount: Bid: \"1e1\" is not an amount in quotes, such as \"1200.00\" (write an amount in quotes, such as \"1200.00\")")]
#[case("ad_set.pixel_id", json!("12a"), "payload.type payload.ad_set.pixel_id: Pixel: \"12a\" is not an id: digits in quotes (write an id: digits in quotes)")]
#[case("creative.message", json!("twenty-one characters"), "payload.range payload.creative.message: Text: \"twenty-one characters\" with 21 characters is out of bounds (it must be at most 20 characters)")]
fn the_platforms_fields(#[case] path: &str, #[case] value: Value, #[case] line: &str) {
    assert_eq!(Case::with(path, value).lines(), [line]);
}

#[test]
fn a_section_is_an_object() {
    assert_eq!(
        Case::with("creative", json!("x")).marks(),
        [
            "payload.required payload.creative.link",
            "payload.type payload.creative"
        ]
    );
}

#[test]
fn a_dotted_key_is_no_path() {
    let mut case = Case::clean();
    let mut payload = case.ticket.payload.value();
    payload["ad_set"]["targeting.age_min"] = json!(18);
    case.ticket.payload = CanonicalJson::new(&payload);
    assert_eq!(case.marks(), ["payload.unknown payload.ad_set.targeting.age_min"]);
}
