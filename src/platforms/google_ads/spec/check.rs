//! Holds one request against the specification: route, fields, types, words, required ones, masks.

use serde_json::{Map, Value};

use super::{Field, SPEC, enum_values, field_at, fields, query::check_query};
use crate::platforms::{Body, Method, WireRequest};

/// What kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// No route has this method and path.
    NoSuchOperation,
    /// The message has no such field, or it cannot be selected.
    UnknownField,
    /// The field is Google's to write.
    OutputOnly,
    /// The field is fixed once the object exists.
    Immutable,
    /// Two members of one group.
    TwoOfOne,
    /// Required and absent.
    Missing,
    /// Has another shape than its type says.
    WrongType,
    /// Not a word of its enumeration.
    WrongValue,
    /// The update mask is missing, names what is not there, or does not name what is.
    BadMask,
    /// A query that cannot be read.
    BadQuery,
}

/// One part of a place: a JSON name, and which item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPart {
    /// The name.
    pub name: String,
    /// From 0; `None` where there is no list.
    pub index: Option<usize>,
}

/// One way a request differs from the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecFault {
    /// What kind.
    pub kind: FaultKind,
    /// Where; empty when it is about the whole request.
    pub path: Vec<PathPart>,
    /// In words, with the offending value.
    pub words: String,
}

impl SpecFault {
    /// A fault at a field of the request itself.
    pub(super) fn at(kind: FaultKind, name: &str, words: String) -> Self {
        let part = PathPart {
            name: name.to_owned(),
            index: None,
        };
        Self {
            kind,
            path: vec![part],
            words,
        }
    }
}

/// Whether an object is being made or changed: what is needed differs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Create,
    Update,
    Plain,
}

/// Every fault of a request; empty = the specification knows it.
pub fn check_request(request: &WireRequest) -> Vec<SpecFault> {
    let Some(message) = message_of(request.method, &request.path) else {
        return vec![SpecFault {
            kind: FaultKind::NoSuchOperation,
            path: Vec::new(),
            words: format!("no operation {:?} {}", request.method, request.path),
        }];
    };
    let body = match &request.body {
        Body::Json(json) => json.value(),
        Body::Empty if request.method == Method::Get => return Vec::new(),
        Body::Empty | Body::Form(_) | Body::Multipart(_) => Value::Null,
    };
    let Value::Object(body) = body else {
        return vec![SpecFault {
            kind: FaultKind::WrongType,
            path: Vec::new(),
            words: "the body is no JSON object".to_owned(),
        }];
    };
    let mut walk = Walk {
        faults: Vec::new(),
        path: Vec::new(),
    };
    walk.message(message, &body, Manner::Plain);
    if body.contains_key("customerId") {
        walk.fault(FaultKind::UnknownField, "the customer id stands in the path".to_owned());
    }
    let mut faults = walk.faults;
    if let Some(query) = body.get("query").and_then(Value::as_str) {
        faults.extend(check_query(query));
    }
    if body.contains_key("pageSize") {
        let words = "PAGE_SIZE_NOT_SUPPORTED: pages have a fixed size".to_owned();
        faults.push(SpecFault::at(FaultKind::UnknownField, "pageSize", words));
    }
    faults
}

/// The request message of a route. A customer id is ten digits.
fn message_of(method: Method, path: &str) -> Option<&'static str> {
    let given: Vec<&str> = path.split('/').skip(1).collect();
    let fits = |route: &&super::Route| {
        // The version, which the transport adds, stands first.
        let template: Vec<&str> = route.path.split('/').skip(2).collect();
        route.method == method
            && template.len() == given.len()
            && template.iter().zip(&given).all(|(t, g)| {
                if t.starts_with('{') {
                    g.len() == 10 && g.bytes().all(|b| b.is_ascii_digit())
                } else {
                    t == g
                }
            })
    };
    SPEC.routes.iter().find(fits).map(|r| r.request.as_str())
}

struct Walk {
    faults: Vec<SpecFault>,
    path: Vec<PathPart>,
}

impl Walk {
    fn fault(&mut self, kind: FaultKind, words: String) {
        self.faults.push(SpecFault {
            kind,
            path: self.path.clone(),
            words,
        });
    }

    /// Something at a field, with the field on the path.
    fn below(&mut self, name: &str, index: Option<usize>, look: impl FnOnce(&mut Self)) {
        self.path.push(PathPart {
            name: name.to_owned(),
            index,
        });
        look(self);
        self.path.pop();
    }

    fn message(&mut self, message: &str, object: &Map<String, Value>, manner: Manner) {
        let Some(known) = fields(message) else {
            return; // cut from the data
        };
        let mut groups: Vec<(&str, &str)> = Vec::new();
        for (name, value) in object {
            let Some(field) = known.get(name) else {
                self.below(name, None, |w| {
                    w.fault(FaultKind::UnknownField, format!("Unknown name \"{name}\" in {message}"));
                });
                continue;
            };
            if let Some(group) = &field.oneof {
                if let Some((other, _)) = groups.iter().find(|(_, g)| g == group) {
                    let words = format!("{other} and {name} cannot both be set");
                    self.below(name, None, |w| w.fault(FaultKind::TwoOfOne, words));
                }
                groups.push((name, group));
            }
            if field.is("OUTPUT_ONLY") {
                self.below(name, None, |w| {
                    w.fault(FaultKind::OutputOnly, format!("{name} is read only"));
                });
            }
            if manner == Manner::Update && field.is("IMMUTABLE") && name != "resourceName" {
                self.below(name, None, |w| {
                    w.fault(FaultKind::Immutable, format!("{name} cannot be changed"));
                });
            }
            self.field(name, field, value, manner);
        }
        if manner != Manner::Update {
            self.missing(message, known, object, manner);
        }
        if object.contains_key("update") {
            self.mask(known, object);
        }
        // An operation without anything to do.
        if known.contains_key("remove") && !["create", "update", "remove"].iter().any(|k| object.contains_key(*k)) {
            self.fault(
                FaultKind::Missing,
                "an operation creates, updates or removes".to_owned(),
            );
        }
    }

    fn missing(
        &mut self,
        message: &str,
        known: &std::collections::BTreeMap<String, Field>,
        object: &Map<String, Value>,
        manner: Manner,
    ) {
        for (name, _) in known.iter().filter(|(_, f)| f.is("REQUIRED")) {
            if name != "customerId" && !object.contains_key(name) {
                self.below(name, None, |w| {
                    w.fault(FaultKind::Missing, format!("{name} is required"));
                });
            }
        }
        let needed = SPEC.needed.get(message).filter(|_| manner == Manner::Create);
        for choice in needed.into_iter().flatten() {
            let there = |name: &String| {
                object.get(name).is_some_and(|v| match v {
                    Value::Null => false,
                    Value::String(s) => !s.is_empty(),
                    Value::Array(a) => !a.is_empty(),
                    // An empty object chooses a bidding strategy without a target.
                    _ => true,
                })
            };
            if !choice.iter().any(there) {
                let first = choice.first().map_or("", String::as_str);
                let words = format!("{} is required", choice.join(" or "));
                self.below(first, None, |w| w.fault(FaultKind::Missing, words));
            }
        }
    }

    fn field(&mut self, name: &str, field: &Field, value: &Value, manner: Manner) {
        let manner = match name {
            "create" => Manner::Create,
            "update" => Manner::Update,
            _ => manner,
        };
        match (field.repeated, value) {
            (true, Value::Array(items)) => {
                for (n, item) in items.iter().enumerate() {
                    self.below(name, Some(n), |w| w.value(field, item, manner));
                }
            }
            (true, _) => self.below(name, None, |w| {
                w.fault(FaultKind::WrongType, format!("{name} is no list"));
            }),
            (false, value) => self.below(name, None, |w| w.value(field, value, manner)),
        }
    }

    fn value(&mut self, field: &Field, value: &Value, manner: Manner) {
        let whole = || value.is_i64() || value.is_u64() || value.as_str().is_some_and(|s| s.parse::<i64>().is_ok());
        let fits = match field.ty.as_str() {
            "string" | "bytes" | "google.protobuf.FieldMask" | "google.protobuf.Duration" => value.is_string(),
            "bool" => value.is_boolean(),
            "int64" | "int32" | "uint64" => whole(),
            "double" | "float" => value.is_number(),
            "enum" => {
                let words = field.enumeration.as_deref().and_then(enum_values);
                let word = value.as_str().unwrap_or_default();
                let fits = words.is_none_or(|w| w.iter().any(|x| x == word));
                if !fits || matches!(word, "UNSPECIFIED" | "UNKNOWN") {
                    self.fault(FaultKind::WrongValue, format!("{value} is no value of this field"));
                }
                true
            }
            message => match value {
                Value::Object(object) => {
                    self.message(message, object, manner);
                    true
                }
                _ => false,
            },
        };
        if !fits {
            self.fault(FaultKind::WrongType, format!("{value} is not of type {}", field.ty));
        }
    }

    /// Every path of the mask is a single field of the object, and every field that is sent stands in it.
    fn mask(&mut self, known: &std::collections::BTreeMap<String, Field>, operation: &Map<String, Value>) {
        let message = known.get("update").map_or("", |f| f.ty.as_str());
        let mask = operation.get("updateMask").and_then(Value::as_str).unwrap_or_default();
        let paths: Vec<&str> = mask.split(',').filter(|p| !p.is_empty()).collect();
        let mut wrong = Vec::new();
        if paths.is_empty() {
            wrong.push("FIELD_MASK_MISSING: an update names what it changes".to_owned());
        }
        for path in &paths {
            match field_at(message, path) {
                None => wrong.push(format!("FIELD_NOT_FOUND: {path}")),
                Some(f) if fields(&f.ty).is_some_and(|f| !f.is_empty()) => {
                    wrong.push(format!("FIELD_HAS_SUBFIELDS: {path}"));
                }
                Some(f) if f.is("IMMUTABLE") || f.is("OUTPUT_ONLY") => wrong.push(format!("IMMUTABLE_FIELD: {path}")),
                Some(_) => {}
            }
        }
        let sent = operation.get("update").and_then(Value::as_object);
        for name in sent
            .into_iter()
            .flatten()
            .map(|(k, _)| k)
            .filter(|k| *k != "resourceName")
        {
            let named = paths.iter().any(|p| p == name || p.starts_with(&format!("{name}.")));
            if !named {
                wrong.push(format!("{name} is sent, but not named in the mask"));
            }
        }
        for words in wrong {
            self.below("updateMask", None, |w| w.fault(FaultKind::BadMask, words));
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        engine::model::json::CanonicalJson,
        platforms::google_ads::{
            plan::plan,
            testing::{job, step},
        },
    };

    fn request() -> WireRequest {
        let job = job();
        plan(&job, &step(&job, "tree"), &std::collections::BTreeMap::new()).unwrap()
    }

    fn faults(at: &str, value: Value) -> Vec<FaultKind> {
        let mut request = request();
        let Body::Json(body) = &request.body else {
            panic!("not JSON")
        };
        let mut body = body.value();
        let (parent, name) = at.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(name);
        } else {
            parent.insert(name.to_owned(), value);
        }
        request.body = Body::Json(CanonicalJson::new(&body));
        check_request(&request).into_iter().map(|f| f.kind).collect()
    }

    const CAMPAIGN: &str = "/mutateOperations/1/campaignOperation/create";

    #[rstest]
    #[case::fine("name", json!("x"), &[])]
    #[case::old_date("startDate", json!("2026-12-01"), &[FaultKind::UnknownField])]
    #[case::enumeration("status", json!("RUNNING"), &[FaultKind::WrongValue])]
    #[case::unspecified("status", json!("UNSPECIFIED"), &[FaultKind::WrongValue])]
    #[case::type_("name", json!(7), &[FaultKind::WrongType])]
    #[case::output("id", json!("7"), &[FaultKind::OutputOnly])]
    #[case::two_strategies("manualCpc", json!({}), &[FaultKind::TwoOfOne])]
    #[case::no_declaration("containsEuPoliticalAdvertising", Value::Null, &[FaultKind::Missing])]
    #[case::no_strategy("maximizeConversions", Value::Null, &[FaultKind::Missing])]
    #[case::list("urlCustomParameters", json!({}), &[FaultKind::WrongType])]
    #[case::micros("maximizeConversions", json!({"targetCpaMicros": "1.5"}), &[FaultKind::WrongType])]
    fn a_campaign(#[case] name: &str, #[case] value: Value, #[case] want: &[FaultKind]) {
        assert_eq!(faults(&format!("{CAMPAIGN}/{name}"), value), want);
    }

    #[rstest]
    #[case(json!({"update": {"resourceName": "r", "status": "PAUSED"}, "updateMask": "status"}), &[])]
    #[case(json!({"update": {"resourceName": "r", "status": "PAUSED"}}), &[FaultKind::BadMask, FaultKind::BadMask])]
    #[case(json!({"update": {"resourceName": "r"}, "updateMask": "networkSettings"}), &[FaultKind::BadMask])]
    #[case(json!({"update": {"resourceName": "r", "advertisingChannelType": "SEARCH"}, "updateMask": "advertisingChannelType"}),
        &[FaultKind::Immutable, FaultKind::BadMask])]
    #[case(json!({}), &[FaultKind::Missing])]
    fn an_update(#[case] operation: Value, #[case] want: &[FaultKind]) {
        assert_eq!(faults("/mutateOperations/1/campaignOperation", operation), want);
    }

    #[test]
    fn routes_and_bodies() {
        let mut request = request();
        assert_eq!(check_request(&request), []);
        request.path = "/customers/123-456-7890/googleAds:mutate".to_owned();
        assert_eq!(check_request(&request)[0].kind, FaultKind::NoSuchOperation);
        assert!(faults("/pageSize", json!(10)).contains(&FaultKind::UnknownField));
        assert_eq!(faults("/mutateOperations", Value::Null), [FaultKind::Missing]);
    }
}
