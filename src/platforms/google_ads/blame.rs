//! From the operation and field Google blames to the field of the ticket a person can mend.

use super::{
    answer::{Fault, PathElement},
    tree,
};
use crate::engine::model::{
    deploy::{Job, Step, StepAction},
    path::FieldPath,
    ticket::RequestType,
};

/// The ticket's field for a fault; `None` for what the engine itself sends (ids, status), which no field mends.
pub fn field(job: &Job, step: &Step, fault: &Fault) -> Option<FieldPath> {
    let names: Vec<&str> = fault.path.iter().map(|(name, _)| name.as_str()).collect();
    if step.action != StepAction::Create {
        return match names.as_slice() {
            [.., "amount_micros" | "total_amount_micros"] => Some("budget".into()),
            _ => None,
        };
    }
    if job.request != RequestType::Create {
        return None;
    }
    let (first, rest) = fault.path.split_first()?;
    // The first of a list may come without its index.
    let at = first.1.unwrap_or(0);
    let operations = tree::operations(job).ok()?;
    let operation = (first.0 == "mutate_operations").then(|| operations.get(at))??;
    let rest = match rest {
        [(member, _), (create, _), rest @ ..] if member == operation.member && create == "create" => rest,
        _ => &[],
    };
    match operation.member {
        "campaign_budget_operation" => Some("budget".into()),
        "campaign_operation" => campaign(rest),
        "ad_group_operation" => ad_group(rest),
        "ad_group_ad_operation" => ad(job, rest),
        // A criterion is one item of a list; the keys inside are nothing a person sees.
        _ => Some(operation.origin.clone()),
    }
}

fn names(path: &[PathElement]) -> Vec<&str> {
    path.iter().map(|(name, _)| name.as_str()).collect()
}

fn campaign(path: &[PathElement]) -> Option<FieldPath> {
    let base = FieldPath::from("payload.campaign");
    let own = |field: &str| Some(base.field(field));
    match names(path).as_slice() {
        [] => Some(base),
        ["name", ..] => Some("name".into()),
        ["start_date_time", ..] => Some("flight.start".into()),
        ["end_date_time", ..] => Some("flight.end".into()),
        ["status" | "resource_name" | "campaign_budget", ..] => None,
        [.., "target_cpa_micros"] => own("bidding.target_cpa"),
        ["maximize_conversion_value" | "target_roas", .., "target_roas"] => own("bidding.target_roas_percent"),
        [.., "cpc_bid_ceiling_micros"] => own("bidding.cpc_ceiling"),
        ["target_impression_share", "location", ..] => own("bidding.impression_share_location"),
        ["target_impression_share", "location_fraction_micros", ..] => own("bidding.impression_share_percent"),
        [
            "maximize_conversions"
            | "maximize_conversion_value"
            | "target_cpa"
            | "target_roas"
            | "target_spend"
            | "manual_cpc"
            | "target_impression_share"
            | "bidding_strategy"
            | "campaign_bidding_strategy",
            ..,
        ] => own("bidding.strategy"),
        all => own(&all.iter().map(|n| tree::camel(n)).collect::<Vec<_>>().join(".")),
    }
}

fn ad_group(path: &[PathElement]) -> Option<FieldPath> {
    let base = FieldPath::from("payload.ad_group");
    match names(path).as_slice() {
        [] => Some(base),
        ["name", ..] => Some("name".into()),
        ["cpc_bid_micros", ..] => Some(base.field("cpc_bid")),
        ["type", ..] => Some(base.field("type")),
        _ => None,
    }
}

fn ad(job: &Job, path: &[PathElement]) -> Option<FieldPath> {
    let base = FieldPath::from("payload.ad");
    let [(ad, _), rest @ ..] = path else {
        return Some(base);
    };
    if ad != "ad" {
        return None;
    }
    let rest = match rest {
        [(kind, _), inner @ ..] if kind == "responsive_search_ad" => inner,
        all => all,
    };
    Some(match rest {
        [(name, _), ..] if name == "final_urls" => base.field("final_url"),
        [(name, index), ..] if name == "headlines" => {
            let list = base.field("headlines");
            index.map_or_else(|| list.clone(), |n| list.item(n))
        }
        [(name, index), ..] if name == "descriptions" => {
            // Empty descriptions are not sent, so Google counts only those that are there.
            let sent = tree::DESCRIPTIONS.iter().filter(|p| {
                let payload = job.payload.value();
                crate::engine::model::catalogue::get_path(&payload, p)
                    .and_then(serde_json::Value::as_str)
                    .is_some_and(|t| !t.trim().is_empty())
            });
            let path = sent.clone().nth(index.unwrap_or(0)).copied();
            FieldPath::new(format!("payload.{}", path.unwrap_or("ad.description1")))
        }
        [(name, _), ..] if name == "path1" || name == "path2" => base.field(name),
        _ => base,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::platforms::google_ads::testing::{change, job, set, step};

    /// `mutate_operations[1].campaign_operation.create.name` as Google sends it.
    fn fault(path: &str) -> Fault {
        let element = |part: &str| match part.split_once('[') {
            Some((name, n)) => (name.to_owned(), n.trim_end_matches(']').parse().ok()),
            None => (part.to_owned(), None),
        };
        Fault {
            path: path.split('.').map(element).collect(),
            ..Fault::default()
        }
    }

    const AD: &str = "mutate_operations[6].ad_group_ad_operation.create.ad";

    #[rstest]
    #[case("mutate_operations.campaign_budget_operation.create.amount_micros", Some("budget"))]
    #[case("mutate_operations[0].campaign_budget_operation.create.name", Some("budget"))]
    #[case("mutate_operations[1].campaign_operation.create.name", Some("name"))]
    #[case("mutate_operations[1].campaign_operation.create.end_date_time", Some("flight.end"))]
    #[case("mutate_operations[1].campaign_operation.create.status", None)]
    #[case(
        "mutate_operations[1].campaign_operation.create.network_settings.target_google_search",
        Some("payload.campaign.networkSettings.targetGoogleSearch")
    )]
    #[case(
        "mutate_operations[1].campaign_operation.create.contains_eu_political_advertising",
        Some("payload.campaign.containsEuPoliticalAdvertising")
    )]
    #[case(
        "mutate_operations[1].campaign_operation.create.maximize_conversions.target_cpa_micros",
        Some("payload.campaign.bidding.target_cpa")
    )]
    #[case(
        "mutate_operations[1].campaign_operation.create.maximize_conversions",
        Some("payload.campaign.bidding.strategy")
    )]
    #[case("mutate_operations[1]", Some("payload.campaign"))]
    #[case(
        "mutate_operations[2].campaign_criterion_operation.create.location.geo_target_constant",
        Some("payload.campaign.locations.countries[0]")
    )]
    #[case(
        "mutate_operations[4].campaign_criterion_operation.create.language.language_constant",
        Some("payload.campaign.languages[0]")
    )]
    #[case(
        "mutate_operations[5].ad_group_operation.create.cpc_bid_micros",
        Some("payload.ad_group.cpc_bid")
    )]
    #[case(
        "mutate_operations[8].ad_group_criterion_operation.create.keyword.text",
        Some("payload.ad_group.keywords[1]")
    )]
    #[case("mutate_operations[99].ad_group_criterion_operation", None)]
    #[case("customer_id", None)]
    fn operations_lead_back_to_the_form(#[case] path: &str, #[case] want: Option<&str>) {
        let job = job();
        let got = field(&job, &step(&job, "tree"), &fault(path));
        assert_eq!(got.as_ref().map(FieldPath::as_str), want);
    }

    #[rstest]
    #[case("responsive_search_ad.headlines[2].text", "payload.ad.headlines[2]")]
    #[case("responsive_search_ad.descriptions[1].text", "payload.ad.description3")]
    #[case("responsive_search_ad.path1", "payload.ad.path1")]
    #[case("final_urls[0]", "payload.ad.final_url")]
    #[case("type", "payload.ad")]
    fn texts_of_the_ad(#[case] path: &str, #[case] want: &str) {
        let mut job = job();
        set(&mut job, "ad.description3", json!("Third."));
        let step = step(&job, "tree");
        set(&mut job, "ad.description2", json!(""));
        let got = field(&job, &step, &fault(&format!("{AD}.{path}")));
        assert_eq!(got.as_ref().map(FieldPath::as_str), Some(want));
    }

    #[test]
    fn a_change_has_one_field() {
        let job = change(RequestType::UpdateBudget);
        let amount = fault("mutate_operations[0].campaign_budget_operation.update.amount_micros");
        assert_eq!(field(&job, &step(&job, "set_budget"), &amount), Some("budget".into()));
    }
}
