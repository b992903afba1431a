//! The create edges: `POST /act_1/campaigns` and its like.

use serde_json::{Map, Value, json};

use super::{
    MetaWorld,
    account::Account,
    call::Call,
    error::{GraphError, Outcome},
    object::{Object, Status, kind_of_edge, node_of},
    rules,
};
use crate::{
    engine::model::{
        platform::{AccountId, ObjectKind},
        time::Timestamp,
    },
    platforms::meta::spec,
};

impl MetaWorld {
    pub(super) fn create(&mut self, call: &Call<'_>, id: &AccountId, edge: &str, now: Timestamp) -> Outcome {
        let kind = kind_of_edge(edge).ok_or_else(|| GraphError::unknown_path(edge))?;
        rules::against_spec(call.request, None)?;
        let account = self
            .accounts
            .get(id)
            .ok_or_else(|| GraphError::no_such_object(crate::platforms::Method::Post, id.as_str()))?;
        rules::account_is_open(account)?;
        let mut fields = stored(call, kind, account);
        match kind {
            ObjectKind::Campaign => {
                rules::campaign(call, account, now)?;
                default(&mut fields, "buying_type", "AUCTION");
                if fields.contains_key("daily_budget") || fields.contains_key("lifetime_budget") {
                    default(&mut fields, "bid_strategy", "LOWEST_COST_WITHOUT_CAP");
                }
            }
            ObjectKind::AdSet => {
                let campaign = self.reference(id, ObjectKind::Campaign, call.need("campaign_id")?, "campaign_id")?;
                rules::ad_set(call, account, campaign, now)?;
                default(&mut fields, "start_time", &account.write_time(now));
            }
            ObjectKind::Creative => {
                rules::creative(call, account)?;
                self.check_video(call, id, now)?;
            }
            ObjectKind::Ad => {
                let ad_set = self.reference(id, ObjectKind::AdSet, call.need("adset_id")?, "adset_id")?;
                let spec = call.json("creative").unwrap_or(Value::Null);
                let creative = spec
                    .get("creative_id")
                    .or_else(|| spec.get("id"))
                    .and_then(Value::as_str);
                let creative = creative.ok_or_else(|| {
                    GraphError::invalid(
                        "creative",
                        "Creative Required",
                        "Give an existing creative as creative_id.",
                    )
                })?;
                let creative = self.reference(id, ObjectKind::Creative, creative, "creative")?;
                let siblings = self
                    .objects
                    .values()
                    .filter(|o| o.parent() == Some(&ad_set.id) && matches!(o.status, Status::Active | Status::Paused))
                    .count();
                rules::ad(call, ad_set, siblings)?;
                fields.insert("creative".into(), json!({"id": creative.id}));
                if let Some(campaign) = ad_set.text("campaign_id") {
                    fields.insert("campaign_id".into(), campaign.into());
                }
            }
            ObjectKind::Asset | ObjectKind::Tree => return Err(GraphError::unknown_path(edge)),
        }
        if call.validate_only() {
            return Ok(json!({"success": true}));
        }
        let object = Object {
            id: self.next_id(),
            kind,
            account: id.clone(),
            // A creative has no status of its own to begin with.
            status: call.text("status").and_then(Status::parse).unwrap_or(Status::Active),
            fields,
            created: now,
            updated: now,
            budget_changes: Vec::new(),
        };
        self.count(id, kind, object.name());
        let answer = json!({"id": object.id});
        self.objects.insert(object.id.clone(), object);
        Ok(answer)
    }

    /// An object another one refers to: of the right kind, in the same account, not deleted.
    fn reference(&self, account: &AccountId, kind: ObjectKind, id: &str, field: &str) -> Result<&Object, GraphError> {
        self.objects
            .get(id)
            .filter(|o| o.kind == kind && &o.account == account && o.status != Status::Deleted)
            .ok_or_else(|| {
                GraphError::invalid(
                    field,
                    "Object Not Found",
                    &format!(
                        "There is no {} with the id {id} in this ad account.",
                        node_of(kind).as_str()
                    ),
                )
            })
    }
}

fn default(fields: &mut Map<String, Value>, name: &str, value: &str) {
    fields.entry(name.to_owned()).or_insert_with(|| value.into());
}

/// The sent parameters in the form a read gives them: money and ids as text, numbers and flags as such, times in the
/// account's zone, JSON text as JSON.
pub(super) fn stored(call: &Call<'_>, kind: ObjectKind, account: &Account) -> Map<String, Value> {
    let readable = spec::object_fields(node_of(kind).as_str());
    call.params()
        .filter(|(name, text)| {
            !text.is_empty() && !matches!(*name, "status" | "execution_options") && !rules::OF_THE_CALLER.contains(name)
        })
        .map(|(name, text)| {
            let ty = readable.and_then(|f| f.get(name)).map_or("string", String::as_str);
            (name.to_owned(), as_read(ty, text, account))
        })
        .collect()
}

fn as_read(ty: &str, text: &str, account: &Account) -> Value {
    match ty {
        "string" => text.into(),
        "int" | "unsigned int" => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        "bool" => matches!(text, "true" | "1").into(),
        "datetime" => account
            .read_time(text)
            .map_or_else(|| text.into(), |t| account.write_time(t).into()),
        ty if spec::enum_values(ty).is_some() => text.into(),
        _ => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    }
}
