//! Changes and status updates. Setting what is set already succeeds; what is deleted can never be changed again.

use serde_json::{Value, json};

use super::{
    Call, TiktokWorld,
    error::{ApiError, Outcome},
    object::Status,
    rules,
};
use crate::{
    engine::model::platform::ObjectKind,
    platforms::tiktok::read::{id_field, ids_field},
};

/// So many ids fit into one status update.
const MAX_IDS: usize = 20;

impl TiktokWorld {
    pub(super) fn update(&mut self, call: &Call<'_>, kind: ObjectKind) -> Outcome {
        let account = self.account(call)?;
        let id = call.text(id_field(kind)).unwrap_or_default().to_owned();
        let object = self.reference(call, kind, &id)?;
        rules::name(call, kind)?;
        if let Some(budget) = call.body.get("budget") {
            let campaign = object.parent().and_then(|p| self.objects.get(p));
            rules::new_budget(account, object, campaign, budget)?;
        }
        if let Some(object) = self.objects.get_mut(&id) {
            let changed = call
                .body
                .iter()
                .filter(|(k, _)| *k != "advertiser_id" && *k != id_field(kind));
            for (name, value) in changed {
                object.fields.insert(name.clone(), value.clone());
            }
            object.updated = call.now;
        }
        let shown = self.objects.get(&id).map(|o| self.view(o, call.now));
        Ok(Value::Object(shown.unwrap_or_default()))
    }

    pub(super) fn set_status(&mut self, call: &Call<'_>, kind: ObjectKind) -> Outcome {
        let field = ids_field(kind);
        let ids: Vec<String> = call
            .body
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect();
        if ids.len() > MAX_IDS {
            return Err(ApiError::new(
                40011,
                format!("{field}: at most {MAX_IDS} ids are allowed."),
            ));
        }
        let status = call
            .text("operation_status")
            .and_then(Status::parse)
            .ok_or_else(|| ApiError::field("operation_status", "Missing data for required field."))?;
        // All or none.
        for id in &ids {
            let object = self
                .objects
                .get(id)
                .filter(|o| o.kind == kind && o.account == call.account);
            match object {
                None => {
                    return Err(ApiError::field(
                        field,
                        &format!("{id} does not exist in this ad account."),
                    ));
                }
                Some(o) if o.status == Status::Delete => return Err(rules::gone(field, o)),
                Some(_) => {}
            }
        }
        for id in &ids {
            if let Some(object) = self.objects.get_mut(id) {
                object.status = status;
                object.updated = call.now;
            }
        }
        Ok(json!({field: ids, "status": status.as_str()}))
    }
}
