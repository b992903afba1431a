//! Changes and deletions: `POST /{id}` and `DELETE /{id}`. All of them may be repeated.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    MetaWorld,
    account::Account,
    call::Call,
    create::stored,
    error::{GraphError, Outcome},
    object::{Object, Status},
    rules,
};
use crate::{
    engine::model::{platform::ObjectKind, time::Timestamp},
    platforms::Method,
};

/// So often may the budget of one ad set change within an hour.
const BUDGET_CHANGES_PER_HOUR: usize = 4;
const HOUR: Duration = Duration::from_secs(3600);

impl MetaWorld {
    pub(super) fn change(&mut self, call: &Call<'_>, id: &str, now: Timestamp) -> Outcome {
        let missing = || GraphError::no_such_object(Method::Post, id);
        let object = self.objects.get(id).ok_or_else(missing)?;
        let account = self.accounts.get(&object.account).ok_or_else(missing)?;
        rules::against_spec(call.request, Some(object.node()))?;
        rules::account_is_open(account)?;
        rules::name(call)?;
        let next = call.text("status").and_then(Status::parse);
        if object.status == Status::Deleted {
            // Deleting again is no change.
            return if next == Some(Status::Deleted) {
                Ok(json!({"success": true}))
            } else {
                Err(rules::gone(object))
            };
        }
        if let Some(next) = next {
            rules::next_status(object, next)?;
        }
        let fields = stored(call, object.kind, account);
        let new_budget = self.check_budget(call, object, account, now)?;
        if matches!(object.kind, ObjectKind::AdSet) && call.text("end_time").is_some() {
            check_end(object, account, &fields, now)?;
        }
        if call.validate_only() {
            return Ok(json!({"success": true}));
        }
        if let Some(object) = self.objects.get_mut(id) {
            object.fields.extend(fields);
            object.status = next.unwrap_or(object.status);
            object.updated = now;
            if new_budget {
                object.budget_changes.push(now);
            }
        }
        Ok(json!({"success": true}))
    }

    /// Judges a new budget; `true` when the amount changes.
    fn check_budget(
        &self,
        call: &Call<'_>,
        object: &Object,
        account: &Account,
        now: Timestamp,
    ) -> Result<bool, GraphError> {
        let Some((field, amount)) = rules::budget(call)? else {
            return Ok(false);
        };
        let other_level = match object.kind {
            ObjectKind::AdSet => object
                .parent()
                .and_then(|p| self.objects.get(p))
                .is_some_and(Object::has_budget),
            _ => self
                .objects
                .values()
                .any(|o| o.parent() == Some(&object.id) && o.has_budget() && o.status != Status::Deleted),
        };
        if other_level {
            return Err(rules::both_levels(field));
        }
        if object.budget_field().is_some_and(|present| present != field) {
            return Err(GraphError::invalid(
                field,
                "Budget Type Cannot Change",
                "A daily budget cannot become a lifetime budget, nor the other way round.",
            ));
        }
        let end = ["end_time", "stop_time"]
            .into_iter()
            .find_map(|f| call.text(f).or_else(|| object.text(f)))
            .and_then(|t| account.read_time(t));
        let start = object
            .text("start_time")
            .and_then(|t| account.read_time(t))
            .unwrap_or(object.created);
        let billing = call.text("billing_event").or_else(|| object.text("billing_event"));
        rules::is_enough(account, field, amount, billing, rules::days(start, end))?;
        let changes = object.text(field) != Some(amount.to_string().as_str());
        let recent = object.budget_changes.iter().filter(|at| now.since(**at) < HOUR).count();
        if changes && object.kind == ObjectKind::AdSet && recent >= BUDGET_CHANGES_PER_HOUR {
            return Err(GraphError {
                user_message: Some(
                    "The budget of this ad set was changed too often. Wait an hour before changing it again."
                        .to_owned(),
                ),
                ..GraphError::rate_limited(613, Some(1_487_632))
            });
        }
        Ok(changes)
    }

    pub(super) fn delete(&mut self, id: &str, now: Timestamp) -> Outcome {
        let object = self
            .objects
            .get_mut(id)
            .ok_or_else(|| GraphError::no_such_object(Method::Delete, id))?;
        object.status = Status::Deleted;
        object.updated = now;
        Ok(json!({"success": true}))
    }
}

fn check_end(
    object: &Object,
    account: &Account,
    fields: &serde_json::Map<String, Value>,
    now: Timestamp,
) -> Result<(), GraphError> {
    let time = |value: Option<&str>| value.and_then(|t| account.read_time(t));
    let new = |field: &str| time(fields.get(field).and_then(Value::as_str)).or_else(|| time(object.text(field)));
    let (start, end) = (new("start_time").unwrap_or(object.created), new("end_time"));
    if end.is_some_and(|e| e <= start || e <= now) {
        return Err(GraphError::invalid(
            "end_time",
            "Invalid Schedule",
            "The end time must be in the future and after the start time.",
        ));
    }
    Ok(())
}
