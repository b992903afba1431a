//! The create endpoints.

use serde_json::{Map, Value, json};

use super::{
    Call, REMEMBERED, TiktokWorld,
    error::{ApiError, Outcome},
    object::{Object, Status},
    rules,
};
use crate::{
    engine::model::platform::ObjectKind,
    platforms::tiktok::read::{id_field, name_field},
};

/// Of the request, not of the object.
const OF_THE_REQUEST: [&str; 3] = ["advertiser_id", "request_id", "operation_status"];

impl TiktokWorld {
    pub(super) fn create(&mut self, call: &Call<'_>, kind: ObjectKind) -> Outcome {
        let key = call
            .text("request_id")
            .map(|id| (call.account.clone(), call.request.path.clone(), id.to_owned()));
        let seen = key.as_ref().and_then(|k| self.request_ids.get(k));
        if seen.is_some_and(|at| call.now.since(*at) < REMEMBERED) {
            return Err(ApiError::duplicate());
        }
        let data = match kind {
            ObjectKind::Campaign => self.create_campaign(call)?,
            ObjectKind::AdSet => self.create_ad_group(call)?,
            _ => self.create_ads(call)?,
        };
        if let Some(key) = key {
            self.request_ids.insert(key, call.now);
        }
        Ok(data)
    }

    fn create_campaign(&mut self, call: &Call<'_>) -> Outcome {
        let account = self.account(call)?;
        rules::campaign(call, account)?;
        let name = call.text("campaign_name").unwrap_or_default();
        let taken = |o: &&Object| {
            o.kind == ObjectKind::Campaign
                && o.account == call.account
                && o.status != Status::Delete
                && o.name() == name
        };
        // A request id also permits a name that is there already.
        if call.text("request_id").is_none() && self.objects.values().any(|o| taken(&o)) {
            return Err(ApiError::field(
                "campaign_name",
                "Campaign name already exists. Please try another one.",
            ));
        }
        let mut fields = call.body.clone();
        if call.text("budget_mode") == Some("BUDGET_MODE_INFINITE") {
            fields.insert("budget".to_owned(), json!(0.0));
        }
        let id = self.add(call, ObjectKind::Campaign, fields);
        Ok(self.show(&id, call))
    }

    fn create_ad_group(&mut self, call: &Call<'_>) -> Outcome {
        let account = self.account(call)?;
        let campaign = self.reference(call, ObjectKind::Campaign, call.text("campaign_id").unwrap_or_default())?;
        let siblings: Vec<&Object> = self
            .objects
            .values()
            .filter(|o| o.parent() == Some(&campaign.id) && o.status != Status::Delete)
            .collect();
        rules::ad_group(call, account, campaign, &siblings)?;
        let mut fields = call.body.clone();
        if campaign.spreads_budget() {
            // The ad group's own is ignored.
            fields.insert("budget_mode".to_owned(), json!("BUDGET_MODE_INFINITE"));
            fields.insert("budget".to_owned(), json!(0.0));
        }
        let id = self.add(call, ObjectKind::AdSet, fields);
        Ok(self.show(&id, call))
    }

    fn create_ads(&mut self, call: &Call<'_>) -> Outcome {
        let account = self.account(call)?;
        let ad_group = self.reference(call, ObjectKind::AdSet, call.text("adgroup_id").unwrap_or_default())?;
        let group = ad_group.id.clone();
        let creatives = call.body.get("creatives").and_then(Value::as_array);
        let creatives: Vec<Map<String, Value>> = creatives
            .into_iter()
            .flatten()
            .filter_map(|c| c.as_object().cloned())
            .collect();
        if creatives.is_empty() || creatives.len() > 20 {
            return Err(ApiError::field("creatives", "Length must be between 1 and 20."));
        }
        // All or none.
        for (n, creative) in creatives.iter().enumerate() {
            rules::creative(account, ad_group, n, creative, |id| self.has_material(call, id))?;
        }
        let mut made = Vec::new();
        for mut creative in creatives {
            creative.insert("adgroup_id".to_owned(), json!(group));
            made.push(self.add(call, ObjectKind::Ad, creative));
        }
        let shown: Vec<Value> = made.iter().map(|id| self.show(id, call)).collect();
        Ok(json!({"ad_ids": made, "creatives": shown, "need_audit": true}))
    }

    /// Puts an object into the world.
    fn add(&mut self, call: &Call<'_>, kind: ObjectKind, mut fields: Map<String, Value>) -> String {
        let asked = fields
            .get("operation_status")
            .and_then(Value::as_str)
            .and_then(Status::parse);
        let status = match asked {
            Some(status) if !self.config.ignores_disable => status,
            _ => Status::Enable,
        };
        fields.retain(|name, _| !OF_THE_REQUEST.contains(&name.as_str()));
        let id = self.next_id();
        // An ad without a name is called by its id.
        let named = fields
            .get(name_field(kind))
            .and_then(Value::as_str)
            .is_some_and(|n| !n.is_empty());
        if !named {
            fields.insert(name_field(kind).to_owned(), json!(id));
        }
        let object = Object {
            id: id.clone(),
            kind,
            account: call.account.clone(),
            status,
            fields,
            created: call.now,
            updated: call.now,
        };
        self.count(&call.account, kind, object.name());
        self.objects.insert(id.clone(), object);
        id
    }

    fn show(&self, id: &str, call: &Call<'_>) -> Value {
        let object = self.objects.get(id);
        object.map_or(Value::Null, |o| Value::Object(self.view(o, call.now)))
    }

    /// An object another one refers to: of the right kind, in the same account, not deleted.
    pub(super) fn reference(&self, call: &Call<'_>, kind: ObjectKind, id: &str) -> Result<&Object, ApiError> {
        let field = id_field(kind);
        let object = self
            .objects
            .get(id)
            .filter(|o| o.kind == kind && o.account == call.account)
            .ok_or_else(|| ApiError::field(field, &format!("There is no object {id} in this ad account.")))?;
        if object.status == Status::Delete {
            return Err(rules::gone(field, object));
        }
        Ok(object)
    }
}
