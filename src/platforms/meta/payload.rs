//! From a ticket's payload section to the parameters of a request.
//!
//! Invariants
//! - What holds for every payload ([`payload`]).
//! - Amounts are text in main units in a ticket and whole units on the wire.
//! - Our own fields (`budget_level`, `targeting.interests`, `targeting.behaviors`, files) never reach Meta under our names.

use serde_json::{Map, Value, json};

use super::{catalogue::catalogue, media, money};
use crate::{
    engine::model::{catalogue::get_path, deploy::Job, money::Money, platform::ObjectKind, refusal::Problem},
    platforms::common::payload,
};

/// Where the ticket's budget goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetLevel {
    /// On the campaign; Meta spreads it.
    Campaign,
    /// On the ad set.
    AdSet,
}

impl BudgetLevel {
    /// What the ticket says; the campaign when it says nothing.
    pub fn of(job: &Job) -> Result<Self, Problem> {
        match get_path(&job.payload.value(), "campaign.budget_level") {
            None | Some(Value::Null) => Ok(Self::Campaign),
            Some(v) => match v.as_str() {
                Some("campaign") => Ok(Self::Campaign),
                Some("ad_set") => Ok(Self::AdSet),
                _ => Err(Problem::at(
                    "payload.campaign.budget_level",
                    format!("the budget cannot be on {v}"),
                    "choose campaign or ad_set",
                )),
            },
        }
    }
}

/// The payload section of a kind of object.
pub const fn section_of(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => "campaign",
        ObjectKind::AdSet => "ad_set",
        ObjectKind::Creative | ObjectKind::Asset => "creative",
        ObjectKind::Ad => "ad",
    }
}

/// A section ready to send: empty values gone, amounts in units, our own fields turned into Meta's.
pub fn section(job: &Job, kind: ObjectKind) -> Result<Map<String, Value>, Vec<Problem>> {
    let name = section_of(kind);
    let mut fields = payload::section(job, name)?;
    // The one list that says something by being empty: "no special category".
    let special = fields.get("special_ad_categories").cloned();
    payload::prune(&mut fields);
    if let Some(special @ Value::Array(_)) = special {
        fields.insert("special_ad_categories".to_owned(), special);
    }
    fields.remove("budget_level");
    let units = |money: &Money| money::to_units(money).map(Value::from);
    let problems = payload::amounts(job, catalogue(), name, &mut fields, units, ", not in cents");
    if !problems.is_empty() {
        return Err(problems);
    }
    group_interests(&mut fields);
    drop_lonely_button(&mut fields);
    link_the_button(&mut fields);
    media::place(&mut fields);
    Ok(fields)
}

/// A parameter's text: scalars as they are, everything else as JSON.
pub fn form_text(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

/// `targeting.interests` and `targeting.behaviors` become the first group of `flexible_spec`.
fn group_interests(fields: &mut Map<String, Value>) {
    let Some(Value::Object(targeting)) = fields.get_mut("targeting") else {
        return;
    };
    let group: Map<String, Value> = ["behaviors", "interests"]
        .into_iter()
        .filter_map(|key| targeting.remove(key).map(|v| (key.to_owned(), v)))
        .collect();
    if group.is_empty() {
        return;
    }
    let mut groups = vec![Value::Object(group)];
    if let Some(Value::Array(more)) = targeting.remove("flexible_spec") {
        groups.extend(more);
    }
    targeting.insert("flexible_spec".to_owned(), Value::Array(groups));
}

/// The form starts with a button; a button alone is no link ad, and must not stand beside a video or an existing post.
fn drop_lonely_button(fields: &mut Map<String, Value>) {
    let Some(Value::Object(story)) = fields.get_mut("object_story_spec") else {
        return;
    };
    let lonely = story
        .get("link_data")
        .and_then(Value::as_object)
        .is_some_and(|l| l.keys().all(|k| k == "call_to_action"));
    if lonely {
        story.remove("link_data");
    }
    if story.is_empty() {
        fields.remove("object_story_spec");
    }
}

/// A button without a target of its own leads to the ad's link.
fn link_the_button(fields: &mut Map<String, Value>) {
    let Some(Value::Object(link_data)) = fields.get_mut("object_story_spec").and_then(|s| s.get_mut("link_data"))
    else {
        return;
    };
    let link = link_data.get("link").cloned();
    if let (Some(link), Some(Value::Object(button))) = (link, link_data.get_mut("call_to_action")) {
        let leads_somewhere = button.get("type").and_then(Value::as_str) != Some("NO_BUTTON");
        if leads_somewhere && !button.contains_key("value") {
            button.insert("value".to_owned(), json!({ "link": link }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::meta::testing::{job, set};

    #[test]
    fn empty_values_go_and_explicit_false_stays() {
        let mut job = job();
        set(&mut job, "campaign.is_adset_budget_sharing_enabled", json!(false));
        set(&mut job, "campaign.special_ad_categories", json!([]));
        set(&mut job, "campaign.special_ad_category_country", json!([""]));
        set(&mut job, "campaign.spend_cap", Value::Null);
        let fields = section(&job, ObjectKind::Campaign).unwrap();
        assert_eq!(fields["is_adset_budget_sharing_enabled"], json!(false));
        assert_eq!(fields["special_ad_categories"], json!([]));
        assert!(!fields.contains_key("special_ad_category_country"));
        assert!(!fields.contains_key("spend_cap"));
        assert!(!fields.contains_key("budget_level"));
    }

    #[test]
    fn amounts_are_text_in_main_units() {
        let mut job = job();
        set(&mut job, "ad_set.bid_amount", json!("2.50"));
        assert_eq!(section(&job, ObjectKind::AdSet).unwrap()["bid_amount"], json!(250));
        set(&mut job, "ad_set.bid_amount", json!(250));
        let problems = section(&job, ObjectKind::AdSet).unwrap_err();
        assert_eq!(problems[0].field, Some("payload.ad_set.bid_amount".into()));
        set(&mut job, "ad_set.bid_amount", json!("2.505"));
        assert!(section(&job, ObjectKind::AdSet).is_err());
    }

    #[test]
    fn interests_become_the_first_group() {
        let mut job = job();
        set(
            &mut job,
            "ad_set.targeting.interests",
            json!([{"id": "1", "name": "Movies"}]),
        );
        set(
            &mut job,
            "ad_set.targeting.flexible_spec",
            json!([{"behaviors": [{"id": "2"}]}]),
        );
        let targeting = &section(&job, ObjectKind::AdSet).unwrap()["targeting"];
        assert_eq!(
            targeting["flexible_spec"],
            json!([{"interests": [{"id": "1", "name": "Movies"}]}, {"behaviors": [{"id": "2"}]}])
        );
        assert!(targeting.get("interests").is_none());
    }

    #[test]
    fn a_button_alone_is_no_story() {
        let mut job = job();
        let button = json!({"link_data": {"call_to_action": {"type": "LEARN_MORE"}}});
        set(&mut job, "creative.object_story_spec", button);
        set(&mut job, "creative.object_story_id", json!("111_222"));
        let fields = section(&job, ObjectKind::Creative).unwrap();
        assert!(!fields.contains_key("object_story_spec"));
    }

    #[test]
    fn a_button_leads_to_the_link_unless_it_says_otherwise() {
        let mut job = job();
        let button = |job: &Job| {
            section(job, ObjectKind::Creative).unwrap()["object_story_spec"]["link_data"]["call_to_action"].clone()
        };
        assert_eq!(
            button(&job)["value"]["link"],
            json!("https://example.com/launch"),
            "{:?}",
            job.payload
        );
        let path = "creative.object_story_spec.link_data.call_to_action";
        set(
            &mut job,
            path,
            json!({"type": "SIGN_UP", "value": {"lead_gen_form_id": "7"}}),
        );
        assert_eq!(button(&job)["value"], json!({"lead_gen_form_id": "7"}));
        set(&mut job, path, json!({"type": "NO_BUTTON"}));
        assert_eq!(button(&job), json!({"type": "NO_BUTTON"}));
    }
}
