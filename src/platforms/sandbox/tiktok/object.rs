//! Campaigns, ad groups and ads, and how a listing shows them.

use serde_json::{Map, Value, json};

use super::TiktokWorld;
use crate::{
    engine::model::{
        platform::{AccountId, ObjectKind},
        time::Timestamp,
    },
    platforms::tiktok::{
        read::{id_field, name_field},
        time,
    },
};

/// The status an object was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Enable,
    Disable,
    Delete,
}

impl Status {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Enable => "ENABLE",
            Self::Disable => "DISABLE",
            Self::Delete => "DELETE",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Enable, Self::Disable, Self::Delete]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

/// One object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) id: String,
    pub(super) kind: ObjectKind,
    pub(super) account: AccountId,
    pub(super) status: Status,
    /// As a listing shows them; without what is derived.
    pub(super) fields: Map<String, Value>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
}

impl Object {
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    pub(super) fn name(&self) -> &str {
        self.text(name_field(self.kind)).unwrap_or_default()
    }

    /// The object that contains it.
    pub(super) fn parent(&self) -> Option<&str> {
        match self.kind {
            ObjectKind::AdSet => self.text("campaign_id"),
            ObjectKind::Ad => self.text("adgroup_id"),
            _ => None,
        }
    }

    /// Budgets are spread by the campaign.
    pub(super) fn spreads_budget(&self) -> bool {
        self.fields.get("budget_optimize_on") == Some(&Value::Bool(true))
    }
}

/// The kind of object an endpoint family is about.
pub(super) fn kind_of(segment: &str) -> Option<ObjectKind> {
    match segment {
        "campaign" => Some(ObjectKind::Campaign),
        "adgroup" => Some(ObjectKind::AdSet),
        "ad" => Some(ObjectKind::Ad),
        "file" => Some(ObjectKind::Asset),
        _ => None,
    }
}

/// The asked fields that there are; everything when nothing is asked for.
pub(super) fn select(all: Map<String, Value>, asked: &[String]) -> Value {
    let wanted = |name: &String| asked.is_empty() || asked.contains(name);
    Value::Object(all.into_iter().filter(|(k, _)| wanted(k)).collect())
}

impl TiktokWorld {
    fn parent_of(&self, object: &Object) -> Option<&Object> {
        self.objects.get(object.parent()?)
    }

    /// What an object's status comes to together with what contains it.
    pub(super) fn secondary_status(&self, object: &Object, now: Timestamp) -> &'static str {
        let group = (object.kind == ObjectKind::Ad)
            .then(|| self.parent_of(object))
            .flatten();
        let campaign = match object.kind {
            ObjectKind::Campaign => None,
            ObjectKind::AdSet => self.parent_of(object),
            _ => group.and_then(|g| self.parent_of(g)),
        };
        let is = |o: Option<&Object>, status| o.is_some_and(|o| o.status == status);
        let in_review = now.since(object.created).as_secs() < self.config.review_seconds;
        match object.kind {
            ObjectKind::Campaign => match object.status {
                Status::Delete => "CAMPAIGN_STATUS_DELETE",
                Status::Disable => "CAMPAIGN_STATUS_DISABLE",
                Status::Enable => "CAMPAIGN_STATUS_ENABLE",
            },
            ObjectKind::AdSet => match object.status {
                Status::Delete => "ADGROUP_STATUS_DELETE",
                _ if is(campaign, Status::Delete) => "ADGROUP_STATUS_CAMPAIGN_DELETE",
                Status::Disable => "ADGROUP_STATUS_DISABLE",
                _ if is(campaign, Status::Disable) => "ADGROUP_STATUS_CAMPAIGN_DISABLE",
                _ if in_review => "ADGROUP_STATUS_AUDIT",
                _ if object.text("schedule_start_time").and_then(time::parse) > Some(now) => "ADGROUP_STATUS_NOT_START",
                Status::Enable => "ADGROUP_STATUS_DELIVERY_OK",
            },
            _ => match object.status {
                Status::Delete => "AD_STATUS_DELETE",
                _ if is(campaign, Status::Delete) => "AD_STATUS_CAMPAIGN_DELETE",
                _ if is(group, Status::Delete) => "AD_STATUS_ADGROUP_DELETE",
                Status::Disable => "AD_STATUS_DISABLE",
                _ if is(campaign, Status::Disable) => "AD_STATUS_CAMPAIGN_DISABLE",
                _ if is(group, Status::Disable) => "AD_STATUS_ADGROUP_DISABLE",
                _ if in_review => "AD_STATUS_AUDIT",
                Status::Enable => "AD_STATUS_DELIVERY_OK",
            },
        }
    }

    /// An object as answers show it.
    pub(super) fn view(&self, object: &Object, now: Timestamp) -> Map<String, Value> {
        let mut all = object.fields.clone();
        let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
        put("advertiser_id", json!(object.account));
        put(id_field(object.kind), json!(object.id));
        put("operation_status", json!(object.status.as_str()));
        put("secondary_status", json!(self.secondary_status(object, now)));
        put("create_time", json!(time::write(object.created)));
        put("modify_time", json!(time::write(object.updated)));
        if object.kind == ObjectKind::Ad
            && let Some(campaign) = self.parent_of(object).and_then(Object::parent)
        {
            put("campaign_id", json!(campaign));
        }
        all
    }
}
