//! Holds one request against the field tables: operation, fields, types, words, readable fields.

use serde_json::{Map, Value};

use super::{Field, Operation, fields, needed, operation, type_of, words};
use crate::platforms::{Body, Part, WireRequest};

/// What kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// No operation has this method and path.
    NoSuchOperation,
    /// The body, or the object inside it, has no such field.
    UnknownField,
    /// Required by the official data and absent.
    MissingRequired,
    /// Not called required, but never left out in practice.
    MissingNeeded,
    /// Has another shape than its type says.
    WrongType,
    /// Not a word of its enumeration.
    WrongValue,
    /// `fields` asks for something the object does not have.
    NotReadable,
}

/// One way a request differs from the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecFault {
    /// What kind.
    pub kind: FaultKind,
    /// Dotted path of the field: `creatives.0.ad_name`; empty when it is about the whole request.
    pub field: String,
    /// In words, with the offending value.
    pub words: String,
}

impl std::fmt::Display for SpecFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.field.is_empty() {
            f.write_str(&self.words)
        } else {
            write!(f, "{}: {}", self.field, self.words)
        }
    }
}

/// Every fault of a request; empty = the specification knows it.
pub fn check_request(request: &WireRequest) -> Vec<SpecFault> {
    let mut faults = Faults(Vec::new());
    match operation(request.method, &request.path) {
        None => faults.add(
            FaultKind::NoSuchOperation,
            "",
            format!("no operation {:?} {}", request.method, request.path),
        ),
        Some(Operation::Write { body }) => match &request.body {
            Body::Json(json) if request.query.is_empty() => match json.value() {
                Value::Object(map) => faults.object(body, "", &map),
                _ => faults.add(FaultKind::WrongType, "", "the body must be a JSON object".to_owned()),
            },
            _ => faults.add(FaultKind::WrongType, "", "must be a JSON body and no query".to_owned()),
        },
        Some(Operation::Upload { body, file }) => match &request.body {
            Body::Multipart(parts) if request.query.is_empty() => {
                let texts = Part::texts(parts).map(|(k, v)| (k.to_owned(), Value::from(v)));
                faults.object(body, "", &texts.collect());
                let files: Vec<&str> = Part::files(parts).map(|(name, ..)| name).collect();
                if files != [file.as_str()] {
                    faults.add(
                        FaultKind::MissingRequired,
                        file,
                        "Missing data for required field.".to_owned(),
                    );
                }
            }
            _ => faults.add(
                FaultKind::WrongType,
                "",
                "must be a multipart body and no query".to_owned(),
            ),
        },
        Some(Operation::Read {
            params,
            filtering,
            readable,
        }) => {
            if request.body != Body::Empty {
                faults.add(FaultKind::WrongType, "", "a read has no body".to_owned());
            }
            faults.query(params, filtering.as_deref(), readable, &request.query);
        }
    }
    faults.0
}

struct Faults(Vec<SpecFault>);

impl Faults {
    fn add(&mut self, kind: FaultKind, field: &str, words: String) {
        self.0.push(SpecFault {
            kind,
            field: field.to_owned(),
            words,
        });
    }

    fn object(&mut self, body: &str, at: &str, given: &Map<String, Value>) {
        let Some(known) = fields(body) else {
            return; // its inside is not in the data
        };
        let place = |name: &str| {
            if at.is_empty() {
                name.to_owned()
            } else {
                format!("{at}.{name}")
            }
        };
        for (name, value) in given {
            match known.iter().find(|f| &f.name == name) {
                Some(field) => {
                    self.value(type_of(body, field), &place(name), value);
                    self.enumerated(body, name, &place(name), value);
                }
                None => self.add(
                    FaultKind::UnknownField,
                    &place(name),
                    format!("Unknown field of {body}."),
                ),
            }
        }
        let words = || "Missing data for required field.".to_owned();
        for field in known.iter().filter(|f| f.required && !given.contains_key(&f.name)) {
            self.add(FaultKind::MissingRequired, &place(&field.name), words());
        }
        for name in needed(body) {
            let told = known.iter().any(|f| f.required && &f.name == name);
            if !told && !given.contains_key(name) {
                self.add(FaultKind::MissingNeeded, &place(name), words());
            }
        }
    }

    fn value(&mut self, ty: &str, at: &str, value: &Value) {
        if let Some(item) = ty.strip_prefix("list[").and_then(|t| t.strip_suffix(']')) {
            match value {
                Value::Array(items) => {
                    for (n, v) in items.iter().enumerate() {
                        self.value(item, &format!("{at}.{n}"), v);
                    }
                }
                _ => self.add(FaultKind::WrongType, at, format!("Not a valid list: {value}")),
            }
            return;
        }
        let fits = match ty {
            "str" => value.is_string(),
            "bool" => value.is_boolean(),
            "float" => value.is_number(),
            "int" => value.as_i64().is_some(),
            "object" => value.is_object(),
            nested => {
                if let Value::Object(map) = value {
                    self.object(nested, at, map);
                }
                value.is_object()
            }
        };
        if !fits {
            self.add(FaultKind::WrongType, at, format!("Not a valid {ty}: {value}"));
        }
    }

    /// A word, or every word of a list, must be in the enumeration.
    fn enumerated(&mut self, body: &str, name: &str, at: &str, value: &Value) {
        let Some(words) = words(body, name) else { return };
        let one = std::slice::from_ref(value);
        for v in value.as_array().map_or(one, Vec::as_slice) {
            let Some(word) = v.as_str() else { continue };
            if !words.iter().any(|w| w == word) {
                self.add(
                    FaultKind::WrongValue,
                    at,
                    format!("Must be one of {} words, not \"{word}\".", words.len()),
                );
            }
        }
    }

    fn query(&mut self, params: &[Field], filtering: Option<&str>, readable: &[String], query: &[(String, String)]) {
        for (n, (name, text)) in query.iter().enumerate() {
            if query.iter().take(n).any(|(earlier, _)| earlier == name) {
                self.add(FaultKind::WrongType, name, "is given twice".to_owned());
            }
            if let (Some(table), "filtering") = (filtering, name.as_str()) {
                match serde_json::from_str::<Value>(text) {
                    Ok(Value::Object(map)) => self.object(table, "filtering", &map),
                    _ => self.add(FaultKind::WrongType, name, "must be JSON text of an object".to_owned()),
                }
                continue;
            }
            let Some(param) = params.iter().find(|p| &p.name == name) else {
                self.add(FaultKind::UnknownField, name, "Unknown parameter.".to_owned());
                continue;
            };
            // Query values travel as text: what is not text itself is JSON text.
            let value = match param.ty.as_str() {
                "str" => Value::from(text.as_str()),
                _ => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())),
            };
            self.value(&param.ty, name, &value);
            if name == "fields" {
                for field in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if !readable.iter().any(|r| r == field) {
                        self.add(FaultKind::NotReadable, name, format!("\"{field}\" cannot be read here"));
                    }
                }
            }
        }
        for param in params.iter().filter(|p| p.required) {
            if !query.iter().any(|(name, _)| name == &param.name) {
                self.add(
                    FaultKind::MissingRequired,
                    &param.name,
                    "Missing data for required field.".to_owned(),
                );
            }
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
        platforms::{
            Method,
            tiktok::{
                plan,
                testing::{ids, job, step},
            },
        },
    };

    /// One fault planted in a good request.
    #[rstest]
    #[case::unknown("campaign", "/daily_budget", json!(5), FaultKind::UnknownField, "daily_budget")]
    #[case::unknown_inside("ad", "/creatives/0/title", json!("x"), FaultKind::UnknownField, "creatives.0.title")]
    #[case::missing(
        "campaign",
        "/campaign_name",
        Value::Null,
        FaultKind::MissingRequired,
        "campaign_name"
    )]
    #[case::missing_inside(
        "ad",
        "/creatives/0/identity_id",
        Value::Null,
        FaultKind::MissingNeeded,
        "creatives.0.identity_id"
    )]
    #[case::old_word("campaign", "/objective_type", json!("CONVERSIONS"), FaultKind::WrongValue, "objective_type")]
    #[case::delete_on_create("campaign", "/operation_status", json!("DELETE"), FaultKind::WrongValue, "operation_status")]
    #[case::word_in_a_list("ad_group", "/placements", json!(["PLACEMENT_MOON"]), FaultKind::WrongValue, "placements")]
    #[case::numeric_id("ad_group", "/campaign_id", json!(12), FaultKind::WrongType, "campaign_id")]
    #[case::budget_as_text("ad_group", "/budget", json!("50"), FaultKind::WrongType, "budget")]
    #[case::no_list("ad_group", "/location_ids", json!("1"), FaultKind::WrongType, "location_ids")]
    fn planted_faults_are_found(
        #[case] key: &str,
        #[case] at: &str,
        #[case] value: Value,
        #[case] kind: FaultKind,
        #[case] field: &str,
    ) {
        let job = job();
        let mut request = plan::plan(&job, &step(&job, key), &ids()).unwrap();
        assert_eq!(check_request(&request), []);
        let Body::Json(body) = &request.body else { panic!() };
        let mut body = body.value();
        let (parent, name) = at.rsplit_once('/').unwrap();
        let map = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            map.remove(name);
        } else {
            map.insert(name.to_owned(), value);
        }
        request.body = Body::Json(CanonicalJson::new(&body));
        let faults = check_request(&request);
        let found: Vec<_> = faults.iter().map(|f| (f.kind, f.field.as_str())).collect();
        assert_eq!(found, [(kind, field)], "{faults:?}");
    }

    #[rstest]
    #[case::slash("/campaign/get", &[("advertiser_id", "7")], Some(FaultKind::NoSuchOperation))]
    #[case::fine("/campaign/get/", &[("advertiser_id", "7"), ("page", "1")], None)]
    #[case::missing("/campaign/get/", &[("page", "1")], Some(FaultKind::MissingRequired))]
    #[case::not_json("/campaign/get/", &[("advertiser_id", "7"), ("filtering", "a")], Some(FaultKind::WrongType))]
    #[case::filter("/campaign/get/", &[("advertiser_id", "7"), ("filtering", r#"{"name":"a"}"#)], Some(FaultKind::UnknownField))]
    #[case::filter_word("/ad/get/", &[("advertiser_id", "7"), ("filtering", r#"{"primary_status":"ALL"}"#)], Some(FaultKind::WrongValue))]
    #[case::fields("/ad/get/", &[("advertiser_id", "7"), ("fields", r#"["spend"]"#)], Some(FaultKind::NotReadable))]
    #[case::twice("/ad/get/", &[("advertiser_id", "7"), ("advertiser_id", "8")], Some(FaultKind::WrongType))]
    #[case::page("/ad/get/", &[("advertiser_id", "7"), ("page", "one")], Some(FaultKind::WrongType))]
    #[case::other("/ad/get/", &[("advertiser_id", "7"), ("cursor", "x")], Some(FaultKind::UnknownField))]
    fn reads_are_held_to_their_parameters(
        #[case] path: &str,
        #[case] query: &[(&str, &str)],
        #[case] want: Option<FaultKind>,
    ) {
        let request = WireRequest {
            method: Method::Get,
            path: path.to_owned(),
            query: query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            headers: vec![],
            body: Body::Empty,
        };
        assert_eq!(check_request(&request).first().map(|f| f.kind), want);
    }
}
