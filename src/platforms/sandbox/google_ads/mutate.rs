//! `googleAds:mutate`: operations in order, temporary names, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    GoogleAdsWorld,
    error::{AdsError, Fault, Outcome},
    object::{Account, Object},
    rules,
};
use crate::{
    engine::model::time::Timestamp,
    platforms::google_ads::{spec::PathPart, tree::camel},
};

/// The collection an operation's objects live in, and the collections of what they refer to.
fn collection(member: &str) -> Option<&'static str> {
    Some(match member {
        "campaignBudgetOperation" => "campaignBudgets",
        "campaignOperation" => "campaigns",
        "campaignCriterionOperation" => "campaignCriteria",
        "adGroupOperation" => "adGroups",
        "adGroupAdOperation" => "adGroupAds",
        "adGroupCriterionOperation" => "adGroupCriteria",
        _ => return None,
    })
}

/// A request being carried out: what exists, and what it would change.
pub(super) struct Draft<'w> {
    pub(super) account: &'w Account,
    pub(super) now: Timestamp,
    objects: &'w BTreeMap<String, Object>,
    changed: BTreeMap<String, Object>,
    /// Temporary names and what they stand for.
    named: BTreeMap<String, String>,
    /// Temporary names whose object was refused.
    failed: BTreeSet<String>,
}

impl Draft<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&Object> {
        self.changed.get(name).or_else(|| self.objects.get(name))
    }

    /// Every object of a collection in this account.
    pub(super) fn all<'s>(&'s self, collection: &'s str) -> impl Iterator<Item = &'s Object> {
        let old = self.objects.values().filter(|o| !self.changed.contains_key(&o.name));
        old.chain(self.changed.values())
            .filter(move |o| o.customer == self.account.digits && o.collection() == collection)
    }
}

/// What an operation makes or changes: the result's resource name.
type Applied = Result<String, Fault>;

impl GoogleAdsWorld {
    pub(super) fn mutate(&mut self, customer: &str, body: &Value, now: Timestamp) -> Outcome {
        let Some(account) = self.accounts.get(customer).cloned() else {
            return Err(AdsError::of_http(404));
        };
        if account.status != "ENABLED" {
            let words = "The customer account can't be accessed because it is not enabled.";
            return Err(AdsError::denied("authorizationError", "CUSTOMER_NOT_ENABLED", words));
        }
        if body.get("partialFailure") == Some(&Value::Bool(true)) {
            let words = "Partial failure is not simulated.";
            let fault = Fault::new("mutateError", "OPERATION_DOES_NOT_SUPPORT_PARTIAL_FAILURE", words);
            return Err(AdsError::of_faults(vec![fault.at("partialFailure")]));
        }
        let operations = body.get("mutateOperations").and_then(Value::as_array);
        let before = self.objects.clone();
        let serial = self.serial;
        let mut draft = Draft {
            account: &account,
            now,
            objects: &before,
            changed: BTreeMap::new(),
            named: BTreeMap::new(),
            failed: BTreeSet::new(),
        };
        let (mut results, mut faults, mut made) = (Vec::new(), Vec::new(), Vec::new());
        for (n, operation) in operations.into_iter().flatten().enumerate() {
            let Some((member, inner)) = operation.as_object().and_then(|o| o.iter().next()) else {
                continue;
            };
            let (verb, applied) = self.apply(&mut draft, member, inner);
            match applied {
                Ok(name) => {
                    let result = camel(member.trim_end_matches("Operation"));
                    results.push(json!({ format!("{result}Result"): { "resourceName": name } }));
                    if verb == "create" {
                        made.push(name);
                    }
                }
                Err(mut fault) => {
                    let part = |name: &str, index| PathPart {
                        name: name.to_owned(),
                        index,
                    };
                    let mut path = vec![part("mutateOperations", Some(n)), part(member, None), part(verb, None)];
                    path.append(&mut fault.path);
                    fault.path = path;
                    faults.push(fault);
                }
            }
        }
        if !faults.is_empty() {
            return Err(AdsError::of_faults(faults));
        }
        if body.get("validateOnly") == Some(&Value::Bool(true)) {
            // Not even an id is used up.
            self.serial = serial;
            return Ok(json!({}));
        }
        let changed = draft.changed;
        for name in made {
            if let Some((kind, called)) = changed
                .get(&name)
                .and_then(|o| Some((o.kind()?, o.text("name").unwrap_or_default().to_owned())))
            {
                self.count(customer, kind, &called);
            }
        }
        self.objects.extend(changed);
        Ok(json!({ "mutateOperationResponses": results }))
    }

    /// One operation. The verb is for the error's path.
    fn apply(&mut self, draft: &mut Draft<'_>, member: &str, operation: &Value) -> (&'static str, Applied) {
        let Some(collection) = collection(member) else {
            let words = "The sandbox does not simulate this operation.";
            return ("create", Err(Fault::new("mutateError", "MUTATE_NOT_ALLOWED", words)));
        };
        if let Some(create) = operation.get("create").and_then(Value::as_object) {
            let temporary = create.get("resourceName").and_then(Value::as_str).map(str::to_owned);
            let applied = self.create(draft, collection, create.clone(), temporary.as_deref());
            if let (Err(_), Some(temporary)) = (&applied, temporary) {
                draft.failed.insert(temporary);
            }
            return ("create", applied);
        }
        if let Some(update) = operation.get("update").and_then(Value::as_object) {
            return ("update", Self::update(draft, collection, update));
        }
        let name = operation.get("remove").and_then(Value::as_str).unwrap_or_default();
        ("remove", remove(draft, collection, name))
    }

    fn create(
        &mut self,
        draft: &mut Draft<'_>,
        collection: &str,
        mut fields: Map<String, Value>,
        temporary: Option<&str>,
    ) -> Applied {
        if let Some(name) = temporary {
            check_temporary(draft, collection, name)?;
        }
        for reference in ["campaignBudget", "campaign", "adGroup"] {
            if let Some(name) = fields.get(reference).and_then(Value::as_str) {
                let resolved = resolve(draft, reference, name)?;
                fields.insert(reference.to_owned(), json!(resolved));
            }
        }
        rules::defaults(collection, &mut fields);
        rules::judge(draft, collection, &fields, None)?;
        let id = self.next_id();
        let id = match fields
            .get("campaign")
            .or_else(|| fields.get("adGroup"))
            .and_then(Value::as_str)
        {
            // Criteria and ads are named within what contains them; ad groups stand alone.
            Some(parent) if collection != "adGroups" => {
                format!("{}~{id}", parent.rsplit('/').next().unwrap_or_default())
            }
            _ => id.to_string(),
        };
        let name = format!("customers/{}/{collection}/{id}", draft.account.digits);
        fields.insert("resourceName".to_owned(), json!(name));
        fields.insert("id".to_owned(), json!(id));
        let object = Object {
            name: name.clone(),
            customer: draft.account.digits.clone(),
            serial: self.serial,
            fields,
            created: draft.now,
        };
        draft.changed.insert(name.clone(), object);
        if let Some(temporary) = temporary {
            draft.named.insert(temporary.to_owned(), name.clone());
        }
        Ok(name)
    }

    fn update(draft: &mut Draft<'_>, collection: &str, update: &Map<String, Value>) -> Applied {
        let name = update.get("resourceName").and_then(Value::as_str).unwrap_or_default();
        let mut object = existing(draft, collection, name)?;
        for (field, value) in update.iter().filter(|(f, _)| *f != "resourceName") {
            object.fields.insert(field.clone(), value.clone());
        }
        if object.is_removed() {
            let words = "A resource is removed with a remove operation.";
            return Err(Fault::new("operationAccessDeniedError", "UPDATE_OPERATION_NOT_PERMITTED", words).at("status"));
        }
        rules::judge(draft, collection, &object.fields, Some(name))?;
        draft.changed.insert(name.to_owned(), object);
        Ok(name.to_owned())
    }
}

/// A temporary id is negative and used once, whatever it is used for.
fn check_temporary(draft: &Draft<'_>, collection: &str, name: &str) -> Result<(), Fault> {
    let prefix = format!("customers/{}/{collection}/", draft.account.digits);
    let id = name.strip_prefix(&prefix).and_then(|id| id.parse::<i64>().ok());
    let last = |n: &String| n.rsplit('/').next() == name.rsplit('/').next();
    match id {
        Some(id) if id < 0 && !draft.named.keys().any(last) => Ok(()),
        Some(id) if id < 0 => {
            let words = "A temporary id is used twice.";
            Err(Fault::new("newResourceCreationError", "DUPLICATE_TEMP_IDS", words).at("resourceName"))
        }
        _ => {
            let words = "Do not set the id of a new resource.";
            Err(Fault::new("newResourceCreationError", "CANNOT_SET_ID_FOR_CREATE", words).at("resourceName"))
        }
    }
}

/// What a reference points at: a temporary name of this request, or something that exists in this account.
fn resolve(draft: &Draft<'_>, reference: &str, name: &str) -> Result<String, Fault> {
    if draft.failed.contains(name) {
        let words = "The temporary id cannot be used because the resource it names had errors.";
        return Err(Fault::new("newResourceCreationError", "TEMP_ID_RESOURCE_HAD_ERRORS", words).at(reference));
    }
    if let Some(real) = draft.named.get(name) {
        return Ok(real.clone());
    }
    let collection = match reference {
        "campaignBudget" => "campaignBudgets",
        "campaign" => "campaigns",
        _ => "adGroups",
    };
    existing(draft, collection, name)
        .map(|o| o.name)
        .map_err(|fault| fault.at(reference))
}

/// Something that exists in this account and is not removed.
fn existing(draft: &Draft<'_>, collection: &str, name: &str) -> Result<Object, Fault> {
    let found = draft
        .get(name)
        .filter(|o| o.customer == draft.account.digits && o.collection() == collection);
    match found {
        None => {
            let fault = Fault::new("mutateError", "RESOURCE_NOT_FOUND", "Resource was not found.");
            Err(fault.trigger(name).at("resourceName"))
        }
        Some(o) if o.is_removed() => {
            let words = "The operation is not allowed for removed resources.";
            Err(Fault::new("contextError", "OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE", words).at("resourceName"))
        }
        Some(o) => Ok(o.clone()),
    }
}

/// Removing is for good. With a campaign goes the budget that is its own.
fn remove(draft: &mut Draft<'_>, collection: &str, name: &str) -> Applied {
    let mut object = existing(draft, collection, name)?;
    let budget = object.text("campaignBudget").and_then(|b| draft.get(b)).cloned();
    object.fields.insert("status".to_owned(), json!("REMOVED"));
    draft.changed.insert(name.to_owned(), object);
    if let Some(mut budget) = budget.filter(|b| b.fields.get("explicitlyShared") == Some(&Value::Bool(false))) {
        budget.fields.insert("status".to_owned(), json!("REMOVED"));
        draft.changed.insert(budget.name.clone(), budget);
    }
    Ok(name.to_owned())
}
