//! What a family brand keeps away from.

use rstest::rstest;
use serde_json::{Value, json};

use super::*;

#[rstest]
#[case("ad_set.targeting.interests", json!([{"id": "1", "name": "Movies"}, {"id": "2", "name": "Craft Beer"}]),
    "brand_safety.alcohol payload.ad_set.targeting.interests[1]")]
#[case("ad_set.targeting.flexible_spec", json!([{"interests": [{"id": "1", "name": "Films"}, {"id": "2", "name": "Online Casinos"}]}]),
    "brand_safety.gambling payload.ad_set.targeting.flexible_spec[0].interests[1]")]
#[case("ad_set.targeting.interests", json!([{"id": "2", "name": "Speed dating"}]),
    "brand_safety.dating payload.ad_set.targeting.interests[0]")]
#[case("ad_set.tags", json!(["vaping"]), "brand_safety.tobacco payload.ad_set.tags[0]")]
#[case("creative.message", json!("Guns for all"), "brand_safety.weapons payload.creative.message")]
#[case("creative.message", json!("XXX"), "brand_safety.adult payload.creative.message")]
#[case("creative.message", json!("gore and more"), "brand_safety.violence payload.creative.message")]
#[case("creative.message", json!("CBD oil"), "brand_safety.drugs payload.creative.message")]
#[case("creative.link", json!("https://poker.example/"), "brand_safety.gambling payload.creative.link")]
fn a_family_brand_keeps_away_from(#[case] path: &str, #[case] value: Value, #[case] mark: &str) {
    let mut case = Case::with(path, value);
    assert_eq!(case.marks(), [mark]);
    case.brand.family_friendly = false;
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[test]
fn naming_what_to_exclude_is_welcome() {
    let case = Case::with(
        "ad_set.targeting.exclusions",
        json!({"interests": [{"id": "2", "name": "Beer"}]}),
    );
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[rstest]
#[case("ad_set.targeting.interests", json!([{"id": "7"}]), "payload.ad_set.targeting.interests[0]")]
#[case("ad_set.targeting.flexible_spec", json!([{"interests": ["7"]}]), "payload.ad_set.targeting.flexible_spec[0].interests[0]")]
#[case("ad_set.targeting.flexible_spec", json!([{"behaviors": [{"id": "7", "name": " "}]}]), "payload.ad_set.targeting.flexible_spec[0].behaviors[0]")]
fn what_has_no_name_cannot_be_judged(#[case] path: &str, #[case] value: Value, #[case] at: &str) {
    let mut case = Case::with(path, value);
    assert_eq!(case.marks(), [format!("brand_safety.unnamed {at}")]);
    case.brand.family_friendly = false;
    assert_eq!(case.marks(), Vec::<String>::new());
}

#[test]
fn blocked_ids_need_no_name() {
    let mut rules = rules_in_force().clone();
    let list = rules.lists.iter_mut().find(|l| l.id == "alcohol").unwrap();
    list.ids.push(crate::engine::qa::rules::PlatformIds {
        platform: PlatformId::Meta,
        ids: vec!["6003000000001".to_owned()],
    });
    let case = Case::with(
        "ad_set.targeting.flexible_spec",
        json!([{"interests": [{"id": "6003000000001"}, {"id": 6_003_000_000_001_i64, "name": "x"}]}]),
    );
    let findings = case.findings_by(&rules);
    let blocked = findings.iter().filter(|f| f.rule == "brand_safety.alcohol");
    let fields: Vec<_> = blocked.map(|f| f.field.to_string()).collect();
    let at = "payload.ad_set.targeting.flexible_spec[0].interests";
    assert_eq!(fields, [format!("{at}[0].id"), format!("{at}[1]")]);
}
