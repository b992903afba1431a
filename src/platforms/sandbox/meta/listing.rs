//! The read edges: filters, pages, and what a listing leaves out.
//!
//! A listing shows no archived object unless asked, never a deleted one, and a new one only after the world's lag.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    MetaWorld,
    call::Call,
    error::{GraphError, Outcome},
    object::{Object, kind_of_edge},
    rules,
};
use crate::{
    engine::model::{
        platform::{AccountId, ObjectKind},
        time::Timestamp,
    },
    platforms::Method,
};

const DEFAULT_LIMIT: usize = 25;
/// Asking for more is answered with "reduce the amount of data".
const MAX_LIMIT: usize = 500;

impl MetaWorld {
    pub(super) fn list_account(&self, call: &Call<'_>, id: &AccountId, edge: &str, now: Timestamp) -> Outcome {
        let kind = kind_of_edge(edge).ok_or_else(|| GraphError::unknown_path(edge))?;
        rules::against_spec(call.request, None)?;
        self.list(call, |o| o.kind == kind && &o.account == id, now)
    }

    pub(super) fn list_children(&self, call: &Call<'_>, edge: &str, now: Timestamp) -> Outcome {
        let id = call.segment(0).unwrap_or_default();
        let parent = self
            .objects
            .get(id)
            .ok_or_else(|| GraphError::no_such_object(Method::Get, id))?;
        let kind = kind_of_edge(edge).ok_or_else(|| GraphError::unknown_path(edge))?;
        rules::against_spec(call.request, Some(parent.node()))?;
        let creatives: Vec<&str> = self
            .objects
            .values()
            .filter(|o| o.kind == ObjectKind::Ad && (o.id == id || o.parent() == Some(id)))
            .filter_map(|o| o.fields.get("creative")?.get("id")?.as_str())
            .collect();
        self.list(
            call,
            |o| {
                o.kind == kind
                    && match kind {
                        ObjectKind::Creative => creatives.contains(&o.id.as_str()),
                        _ => o.text("campaign_id") == Some(id) || o.text("adset_id") == Some(id),
                    }
            },
            now,
        )
    }

    fn list(&self, call: &Call<'_>, belongs: impl Fn(&Object) -> bool, now: Timestamp) -> Outcome {
        let limit = call
            .text("limit")
            .map_or(DEFAULT_LIMIT, |l| l.parse().unwrap_or(DEFAULT_LIMIT));
        if limit > MAX_LIMIT {
            return Err(GraphError::too_much_data());
        }
        let limit = limit.max(1);
        let filters = filters(call)?;
        let asked_statuses = call.words("effective_status");
        let by_status = !asked_statuses.is_empty() || filters.iter().any(|f| f.field.ends_with("effective_status"));
        let lag = Duration::from_secs(self.config.listing_lag_seconds);
        let mut found: Vec<&Object> = Vec::new();
        // Newest first, as the real listings come.
        for object in self.objects.values().rev().filter(|o| belongs(o)) {
            let status = self.effective_status(object, now);
            let visible = object.created.plus(lag) <= now
                && status != "DELETED"
                && (by_status || status != "ARCHIVED")
                && (asked_statuses.is_empty() || asked_statuses.iter().any(|s| s == status));
            if !visible {
                continue;
            }
            let mut fits = true;
            for filter in &filters {
                fits = fits && self.fits(filter, object, now)?;
            }
            if fits {
                found.push(object);
            }
        }
        if self.config.empty_first_page && call.text("after").is_none() {
            return Ok(page(call, Vec::new(), (START, START), true));
        }
        let after = call.text("after").filter(|a| *a != START).map(decode).transpose()?;
        let skipped = after.map_or(0, |id| found.iter().take_while(|o| o.id >= id).count());
        let shown: Vec<&Object> = found.iter().skip(skipped).take(limit).copied().collect();
        let more = skipped + shown.len() < found.len();
        let data = shown.iter().map(|o| self.view(o, call.text("fields"), now)).collect();
        let cursors = (
            shown.first().map(|o| encode(&o.id)).unwrap_or_default(),
            shown.last().map(|o| encode(&o.id)).unwrap_or_default(),
        );
        Ok(page(call, data, (&cursors.0, &cursors.1), more))
    }

    fn fits(&self, filter: &Filter, object: &Object, now: Timestamp) -> Result<bool, GraphError> {
        let unknown = || {
            GraphError::invalid(
                "filtering",
                "Invalid Filter",
                &format!("Filtering by {} is not possible here.", filter.field),
            )
        };
        let (of, field) = filter.field.split_once('.').unwrap_or(("", &filter.field));
        let subject = match of {
            "" => Some(object),
            "campaign" if object.kind == ObjectKind::Campaign => Some(object),
            "adset" if object.kind == ObjectKind::AdSet => Some(object),
            "ad" if object.kind == ObjectKind::Ad => Some(object),
            "campaign" => object.text("campaign_id").and_then(|id| self.objects.get(id)),
            "adset" => object.text("adset_id").and_then(|id| self.objects.get(id)),
            _ => return Err(unknown()),
        };
        let Some(subject) = subject else {
            return Ok(false);
        };
        let have = match field {
            "id" => subject.id.clone(),
            "name" | "objective" | "optimization_goal" | "billing_event" => {
                subject.text(field).unwrap_or_default().to_owned()
            }
            "status" | "configured_status" => subject.status.as_str().to_owned(),
            "effective_status" => self.effective_status(subject, now).to_owned(),
            "created_time" => (subject.created.micros() / 1_000_000).to_string(),
            "updated_time" => (subject.updated.micros() / 1_000_000).to_string(),
            _ => return Err(unknown()),
        };
        filter.judge(&have).ok_or_else(unknown)
    }
}

struct Filter {
    field: String,
    operator: String,
    values: Vec<String>,
}

impl Filter {
    /// `None` = no such operator. Text is compared without regard to case: callers must compare names again.
    fn judge(&self, have: &str) -> Option<bool> {
        let have = have.to_lowercase();
        let mut wanted = self.values.iter().map(|v| v.trim().to_lowercase());
        let number = |t: &str| t.parse::<i64>().ok();
        let against_first = |than: fn(i64, i64) -> bool| {
            let want = self.values.first().and_then(|v| number(v));
            number(&have).zip(want).is_some_and(|(h, w)| than(h, w))
        };
        Some(match self.operator.as_str() {
            "EQUAL" | "IN" | "ANY" => wanted.any(|w| w == have),
            "NOT_EQUAL" | "NOT_IN" | "NONE" => wanted.all(|w| w != have),
            "CONTAIN" => wanted.all(|w| have.contains(&w)),
            "NOT_CONTAIN" => wanted.all(|w| !have.contains(&w)),
            "GREATER_THAN" => against_first(|h, w| h > w),
            "LESS_THAN" => against_first(|h, w| h < w),
            _ => return None,
        })
    }
}

fn filters(call: &Call<'_>) -> Result<Vec<Filter>, GraphError> {
    let bad = |why: &str| GraphError::invalid("filtering", "Invalid Filter", why);
    let Some(text) = call.text("filtering") else {
        return Ok(Vec::new());
    };
    let items: Vec<Map<String, Value>> =
        serde_json::from_str(text).map_err(|_| bad("filtering must be a list of objects"))?;
    items
        .into_iter()
        .map(|item| {
            let word = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
            let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            let values = match item.get("value") {
                Some(Value::Array(all)) => all.iter().map(plain).collect(),
                Some(one) => vec![plain(one)],
                None => return Err(bad("a filter needs field, operator and value")),
            };
            Ok(Filter {
                field: word("field").ok_or_else(|| bad("a filter needs a field"))?,
                operator: word("operator").ok_or_else(|| bad("a filter needs an operator"))?,
                values,
            })
        })
        .collect()
}

/// The cursor before the first object.
const START: &str = "QVFISTART";
const CURSOR: &str = "QVFI";

fn encode(id: &str) -> String {
    // Looks like nothing in particular, so that nobody takes a cursor for an id.
    let turned: String = id.chars().rev().collect();
    format!("{CURSOR}{turned}")
}

fn decode(cursor: &str) -> Result<String, GraphError> {
    cursor
        .strip_prefix(CURSOR)
        .filter(|c| !c.is_empty() && c.bytes().all(|b| b.is_ascii_digit()))
        .map(|c| c.chars().rev().collect())
        .ok_or_else(|| GraphError::invalid("after", "Invalid Cursor", "The cursor is not one of this listing."))
}

fn page(call: &Call<'_>, data: Vec<Value>, (before, after): (&str, &str), more: bool) -> Value {
    if data.is_empty() && !more {
        return json!({"data": []});
    }
    let mut paging = json!({"cursors": {"before": before, "after": after}});
    if more && let Some(map) = paging.as_object_mut() {
        // The real service writes the caller's token into this link, so this one does too.
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("access_token", call.token);
        query.extend_pairs(
            call.params()
                .filter(|(name, _)| !matches!(*name, "after" | "before") && !rules::OF_THE_CALLER.contains(name)),
        );
        query.append_pair("after", after);
        let next = format!(
            "https://graph.facebook.com/v25.0{}?{}",
            call.request.path,
            query.finish()
        );
        map.insert("next".into(), next.into());
    }
    json!({"data": data, "paging": paging})
}
