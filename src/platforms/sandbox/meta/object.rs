//! Campaigns, ad sets, creatives and ads, and how a read shows them.

use serde_json::{Map, Value};

use super::MetaWorld;
use crate::{
    engine::model::{
        platform::{AccountId, ObjectKind},
        time::Timestamp,
    },
    platforms::meta::spec::Node,
};

/// The status an object was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    Paused,
    Archived,
    Deleted,
}

impl Status {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Paused => "PAUSED",
            Self::Archived => "ARCHIVED",
            Self::Deleted => "DELETED",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Archived, Self::Deleted]
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
    /// As a read shows them; without what is derived.
    pub(super) fields: Map<String, Value>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    /// When its budget was changed, for the hourly limit.
    pub(super) budget_changes: Vec<Timestamp>,
}

impl Object {
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    pub(super) fn name(&self) -> &str {
        self.text("name").unwrap_or_default()
    }

    pub(super) fn has_budget(&self) -> bool {
        self.budget_field().is_some()
    }

    /// Which of the two budgets it carries.
    pub(super) fn budget_field(&self) -> Option<&'static str> {
        ["daily_budget", "lifetime_budget"]
            .into_iter()
            .find(|f| self.fields.contains_key(*f))
    }

    /// The object that contains it.
    pub(super) fn parent(&self) -> Option<&str> {
        match self.kind {
            ObjectKind::AdSet => self.text("campaign_id"),
            ObjectKind::Ad => self.text("adset_id"),
            _ => None,
        }
    }

    pub(super) const fn node(&self) -> Node {
        node_of(self.kind)
    }
}

/// The specification's node of a kind.
pub(super) const fn node_of(kind: ObjectKind) -> Node {
    match kind {
        ObjectKind::Campaign | ObjectKind::Tree => Node::Campaign,
        ObjectKind::AdSet => Node::AdSet,
        ObjectKind::Creative => Node::AdCreative,
        ObjectKind::Ad => Node::Ad,
        ObjectKind::Asset => Node::AdImage,
    }
}

/// The kind of object an edge holds.
pub(super) fn kind_of_edge(edge: &str) -> Option<ObjectKind> {
    match edge {
        "campaigns" => Some(ObjectKind::Campaign),
        "adsets" => Some(ObjectKind::AdSet),
        "adcreatives" => Some(ObjectKind::Creative),
        "ads" => Some(ObjectKind::Ad),
        "adimages" | "advideos" => Some(ObjectKind::Asset),
        _ => None,
    }
}

impl MetaWorld {
    /// What an object's status comes to together with what contains it.
    pub(super) fn effective_status(&self, object: &Object, now: Timestamp) -> &'static str {
        let chain: Vec<&Object> =
            std::iter::successors(object.parent(), |id| self.objects.get(*id).and_then(Object::parent))
                .filter_map(|id| self.objects.get(id))
                .collect();
        for gone in [Status::Deleted, Status::Archived] {
            if object.status == gone || chain.iter().any(|p| p.status == gone) {
                return gone.as_str();
            }
        }
        if object.status != Status::Active || object.kind == ObjectKind::Creative {
            return object.status.as_str();
        }
        for (kind, word) in [
            (ObjectKind::Campaign, "CAMPAIGN_PAUSED"),
            (ObjectKind::AdSet, "ADSET_PAUSED"),
        ] {
            if chain.iter().any(|p| p.kind == kind && p.status == Status::Paused) {
                return word;
            }
        }
        if object.kind == ObjectKind::Ad && now.since(object.created).as_secs() < self.config.review_seconds {
            return "PENDING_REVIEW";
        }
        "ACTIVE"
    }

    /// An object as a read with `fields=` shows it; only its id without.
    pub(super) fn view(&self, object: &Object, fields: Option<&str>, now: Timestamp) -> Value {
        let mut all = object.fields.clone();
        all.insert("id".into(), object.id.as_str().into());
        all.insert(
            "account_id".into(),
            object.account.as_str().trim_start_matches("act_").into(),
        );
        all.insert("status".into(), object.status.as_str().into());
        if object.kind != ObjectKind::Creative {
            all.insert("configured_status".into(), object.status.as_str().into());
            all.insert("effective_status".into(), self.effective_status(object, now).into());
            if let Some(account) = self.accounts.get(&object.account) {
                all.insert("created_time".into(), account.write_time(object.created).into());
                all.insert("updated_time".into(), account.write_time(object.updated).into());
            }
            if let Some(budget) = object.budget_field().and_then(|f| object.fields.get(f)) {
                // Nothing is ever delivered here, so nothing is spent.
                all.insert("budget_remaining".into(), budget.clone());
            }
        }
        let asked = split_fields(fields.unwrap_or_default());
        for (field, inner) in &asked {
            let reference = match field.as_str() {
                "campaign" => object.text("campaign_id"),
                "adset" => object.text("adset_id"),
                "creative" => object
                    .fields
                    .get("creative")
                    .and_then(|c| c.get("id"))
                    .and_then(Value::as_str),
                _ => continue,
            };
            if let Some(other) = reference.and_then(|id| self.objects.get(id)) {
                all.insert(field.clone(), self.view(other, Some(inner), now));
            }
        }
        select(&all, fields)
    }
}

/// The asked fields that there are; the id comes always.
pub(super) fn select(all: &Map<String, Value>, fields: Option<&str>) -> Value {
    let mut out = Map::new();
    let asked = split_fields(fields.unwrap_or_default());
    for name in asked.iter().map(|(name, _)| name.as_str()).chain(["id"]) {
        if let Some(value) = all.get(name) {
            out.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(out)
}

/// `id,campaign{id,name}` as names with what stands in their braces.
fn split_fields(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let (mut name, mut inner, mut depth) = (String::new(), String::new(), 0_usize);
    for c in text.chars().chain([',']) {
        match c {
            ',' if depth == 0 => {
                if !name.is_empty() {
                    out.push((std::mem::take(&mut name), std::mem::take(&mut inner)));
                }
            }
            '{' => {
                if depth > 0 {
                    inner.push(c);
                }
                depth += 1;
            }
            '}' => {
                depth = depth.saturating_sub(1);
                if depth > 0 {
                    inner.push(c);
                }
            }
            c if depth > 0 => inner.push(c),
            c if c.is_whitespace() => {}
            c => name.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_lists_keep_what_stands_in_braces() {
        let pairs = split_fields("id, campaign{id,adset{name}},name");
        let shown: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(shown, [("id", ""), ("campaign", "id,adset{name}"), ("name", "")]);
    }
}
