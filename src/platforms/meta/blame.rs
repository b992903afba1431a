//! From the parameter Meta blames to the field of the ticket a person can mend.

use serde_json::Value;

use super::payload::section_of;
use crate::engine::model::{deploy::Job, path::FieldPath, platform::ObjectKind};

/// The ticket's field for a blamed parameter path such as `["targeting", "geo_locations"]`; `None` for what the engine
/// itself sends (ids, status), which no field mends.
pub fn field(job: &Job, kind: ObjectKind, path: &[String]) -> Option<FieldPath> {
    let (head, rest) = path.split_first()?;
    let own = match head.as_str() {
        "name" => Some("name"),
        "daily_budget" | "lifetime_budget" => Some("budget"),
        "start_time" => Some("flight.start"),
        "end_time" | "stop_time" => Some("flight.end"),
        // Kept once, with the campaign, whatever object carries it.
        "bid_strategy" => Some("payload.campaign.bid_strategy"),
        "is_adset_budget_sharing_enabled" => Some("payload.campaign.is_adset_budget_sharing_enabled"),
        "status" | "campaign_id" | "adset_id" | "creative" | "id" => return None,
        _ => None,
    };
    if let Some(own) = own {
        return Some(own.into());
    }
    let mut field = FieldPath::new(format!("payload.{}", section_of(kind))).field(head);
    for part in ungrouped(job, head, rest) {
        field = match part.parse() {
            Ok(n) => field.item(n),
            Err(_) => field.field(part),
        };
    }
    Some(field)
}

/// The form knows interests and behaviours where `plan` sends the first group of `flexible_spec`.
fn ungrouped<'p>(job: &Job, head: &str, rest: &'p [String]) -> &'p [String] {
    if head == "targeting"
        && let [spec, first, inner @ ..] = rest
        && spec == "flexible_spec"
        && first == "0"
        && let Some(name @ ("interests" | "behaviors")) = inner.first().map(String::as_str)
        && job
            .payload
            .value()
            .pointer(&format!("/ad_set/targeting/{name}"))
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty())
    {
        // The list and, if named, its item; the keys inside an item are nothing a person sees.
        return inner.get(..inner.len().min(2)).unwrap_or(inner);
    }
    rest
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platforms::meta::testing::job;

    #[rstest]
    #[case(ObjectKind::Campaign, &["daily_budget"], Some("budget"))]
    #[case(ObjectKind::AdSet, &["lifetime_budget"], Some("budget"))]
    #[case(ObjectKind::AdSet, &["end_time"], Some("flight.end"))]
    #[case(ObjectKind::AdSet, &["bid_strategy"], Some("payload.campaign.bid_strategy"))]
    #[case(ObjectKind::AdSet, &["campaign_id"], None)]
    #[case(ObjectKind::AdSet, &["targeting", "geo_locations", "countries"],
        Some("payload.ad_set.targeting.geo_locations.countries"))]
    #[case(ObjectKind::AdSet, &["targeting", "flexible_spec", "0", "interests", "2", "id"],
        Some("payload.ad_set.targeting.interests[2]"))]
    #[case(ObjectKind::AdSet, &["targeting", "flexible_spec", "1", "interests", "2"],
        Some("payload.ad_set.targeting.flexible_spec[1].interests[2]"))]
    #[case(ObjectKind::Creative, &["object_story_spec", "link_data", "link"],
        Some("payload.creative.object_story_spec.link_data.link"))]
    #[case(ObjectKind::Campaign, &[], None)]
    fn the_field_a_person_can_mend(#[case] kind: ObjectKind, #[case] path: &[&str], #[case] want: Option<&str>) {
        let path: Vec<String> = path.iter().map(|p| (*p).to_owned()).collect();
        assert_eq!(field(&job(), kind, &path).map(|f| f.0).as_deref(), want);
    }
}
