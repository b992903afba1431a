//! From the parameter TikTok's message names to the field of the ticket a person can mend.
//!
//! There is no field structure in an error, only `creatives.0.ad_text: Missing data for required field.`; a message in
//! any other form blames nothing.

use super::{catalogue::catalogue, payload::section_of};
use crate::engine::model::{path::FieldPath, platform::ObjectKind};

/// The parameter a message begins with: `adgroup_id: Missing data` names `adgroup_id`.
pub fn named(message: &str) -> Option<&str> {
    let (name, _) = message.split_once(": ")?;
    // Several may be named; the first is enough to point at.
    let name = name.split(',').next().unwrap_or(name).trim();
    let fits = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    fits.then_some(name)
}

/// The ticket's field for a named parameter; `None` for what the engine itself sends (ids, status), which no field
/// mends, and for what is no parameter.
pub fn field(kind: ObjectKind, parameter: &str) -> Option<FieldPath> {
    // creatives.0.ad_text, placements.1: numbers say which of a list.
    let mut parts = parameter.split('.').filter(|p| !p.bytes().all(|b| b.is_ascii_digit()));
    let head = parts.find(|p| *p != "creatives")?;
    let own = match head {
        "campaign_name" | "adgroup_name" | "ad_name" => "name",
        "budget" | "budget_mode" => "budget",
        "budget_optimize_on" => "payload.campaign.budget_level",
        "schedule_start_time" => "flight.start",
        "schedule_end_time" | "schedule_type" => "flight.end",
        "location_ids" => "payload.ad_group.locations",
        "interest_category_ids" => "payload.ad_group.interests",
        _ => {
            let section = section_of(kind);
            let known = catalogue().field(&format!("{section}.{head}")).is_some();
            return known.then(|| FieldPath::new(format!("payload.{section}.{head}")));
        }
    };
    Some(own.into())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("adgroup_id: Missing data for required field.", Some("adgroup_id"))]
    #[case("creatives.0.ad_name: Not a valid string.", Some("creatives.0.ad_name"))]
    #[case("budget, budget_mode: do not fit", Some("budget"))]
    #[case("Permission error: no access", None)]
    #[case("No permission", None)]
    #[case(": empty", None)]
    fn a_message_may_begin_with_a_parameter(#[case] message: &str, #[case] want: Option<&str>) {
        assert_eq!(named(message), want);
    }

    #[rstest]
    #[case(ObjectKind::Campaign, "budget", Some("budget"))]
    #[case(ObjectKind::Campaign, "campaign_name", Some("name"))]
    #[case(ObjectKind::Campaign, "objective_type", Some("payload.campaign.objective_type"))]
    #[case(ObjectKind::AdSet, "schedule_start_time", Some("flight.start"))]
    #[case(ObjectKind::AdSet, "schedule_end_time", Some("flight.end"))]
    #[case(ObjectKind::AdSet, "location_ids", Some("payload.ad_group.locations"))]
    #[case(ObjectKind::AdSet, "placements.0", Some("payload.ad_group.placements"))]
    #[case(ObjectKind::AdSet, "campaign_id", None)]
    #[case(ObjectKind::Ad, "creatives.0.landing_page_url", Some("payload.ad.landing_page_url"))]
    #[case(ObjectKind::Ad, "creatives.0.operation_status", None)]
    #[case(ObjectKind::Ad, "Error", None)]
    fn the_field_a_person_can_mend(#[case] kind: ObjectKind, #[case] parameter: &str, #[case] want: Option<&str>) {
        assert_eq!(field(kind, parameter).map(|f| f.0).as_deref(), want);
    }
}
