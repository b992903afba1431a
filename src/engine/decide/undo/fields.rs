//! Three forms of a value: before a change, after it, and now. What must become of now so that the change is gone.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::engine::model::path::FieldPath;

/// Fields compared so far.
#[derive(Debug, Default)]
pub struct Fields {
    /// Fields that were changed again since, and stand in the way.
    pub in_the_way: Vec<FieldPath>,
    /// Fields that already are as they were before.
    pub as_before: usize,
    /// Fields that are put back.
    pub put_back: usize,
}

impl Fields {
    /// What a field must become: `None` leaves it alone.
    pub fn field<T: PartialEq + Clone>(&mut self, name: &str, before: &T, after: &T, now: &T) -> Option<T> {
        if before == after {
            return None;
        }
        if now == after {
            self.put_back += 1;
            return Some(before.clone());
        }
        if now == before {
            self.as_before += 1;
        } else {
            self.in_the_way.push(FieldPath::new(name));
        }
        None
    }

    /// What a payload must become, leaf by leaf: what others changed beside it stays.
    pub fn payload(&mut self, before: &Value, after: &Value, now: &Value) -> Option<Value> {
        let put_back = self.put_back;
        let new = self.json(&FieldPath::new("payload"), Some(before), Some(after), Some(now));
        new.filter(|_| self.put_back > put_back)
    }

    fn json(
        &mut self,
        at: &FieldPath,
        before: Option<&Value>,
        after: Option<&Value>,
        now: Option<&Value>,
    ) -> Option<Value> {
        if before == after {
            return now.cloned();
        }
        if now == after {
            self.put_back += 1;
            return before.cloned();
        }
        if now == before {
            self.as_before += 1;
            return now.cloned();
        }
        let object = |v: Option<&Value>| match v {
            Some(Value::Object(map)) => Some(map.clone()),
            // An object that came or went as a whole is looked into as well: its other half may be somebody else's.
            None => Some(Map::new()),
            Some(_) => None,
        };
        let (Some(b), Some(a), Some(n)) = (object(before), object(after), object(now)) else {
            self.in_the_way.push(at.clone());
            return now.cloned();
        };
        let keys: BTreeSet<&String> = b.keys().chain(a.keys()).chain(n.keys()).collect();
        let mut out = Map::new();
        for key in keys {
            if let Some(value) = self.json(&at.field(key), b.get(key), a.get(key), n.get(key)) {
                out.insert(key.clone(), value);
            }
        }
        // Somebody took the whole object away: nothing of ours is left to put back into it.
        (now.is_some() || !out.is_empty()).then_some(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[rstest::rstest]
    #[case::set(json!({"a": 1}), json!({"a": 2}), json!({"a": 2}), Some(json!({"a": 1})), 0)]
    #[case::added(json!({}), json!({"a": {"b": 2}}), json!({"a": {"b": 2}}), Some(json!({})), 0)]
    #[case::taken_out(json!({"a": 1, "b": 1}), json!({"b": 1}), json!({"b": 1}), Some(json!({"a": 1, "b": 1})), 0)]
    #[case::others_stay(json!({"a": 1}), json!({"a": 2}), json!({"a": 2, "z": 9}), Some(json!({"a": 1, "z": 9})), 0)]
    #[case::added_to(json!({}), json!({"a": {"b": 2}}), json!({"a": {"b": 2, "c": 3}}), Some(json!({"a": {"c": 3}})), 0)]
    #[case::changed_again(json!({"a": 1}), json!({"a": 2}), json!({"a": 3}), None, 1)]
    #[case::already(json!({"a": 1}), json!({"a": 2}), json!({"a": 1}), None, 0)]
    #[case::lists_are_whole(json!({"a": [1]}), json!({"a": [1, 2]}), json!({"a": [1, 2, 3]}), None, 1)]
    fn a_payload_is_put_back_leaf_by_leaf(
        #[case] before: Value,
        #[case] after: Value,
        #[case] now: Value,
        #[case] becomes: Option<Value>,
        #[case] in_the_way: usize,
    ) {
        let mut fields = Fields::default();
        assert_eq!(fields.payload(&before, &after, &now), becomes);
        assert_eq!(fields.in_the_way.len(), in_the_way, "{:?}", fields.in_the_way);
    }
}
