//! Holds one request against the specification: operation, parameters, types, words, readable fields.

use serde_json::Value;

use super::{Node, Operation, enum_values, object_fields, operations};
use crate::platforms::{Body, Method, Part, WireRequest};

/// What kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// No operation has this method and path.
    NoSuchOperation,
    /// The operation, or the object inside it, has no such parameter.
    UnknownParam,
    /// The same parameter twice.
    TwiceGiven,
    /// Required by the official data and absent.
    MissingRequired,
    /// Not called required, but refused without.
    MissingNeeded,
    /// Has another shape than its type says.
    WrongType,
    /// Not a word of its enumeration.
    WrongValue,
    /// `fields=` asks for something the object does not have.
    UnknownField,
}

/// One way a request differs from the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecFault {
    /// What kind.
    pub kind: FaultKind,
    /// Dotted path of the parameter: `targeting.geo_locations.countries`; empty when it is about the whole request.
    pub param: String,
    /// In words, with the offending value.
    pub words: String,
}

impl SpecFault {
    fn new(kind: FaultKind, param: &str, words: impl Into<String>) -> Self {
        Self {
            kind,
            param: param.to_owned(),
            words: words.into(),
        }
    }
}

impl std::fmt::Display for SpecFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.param.is_empty() {
            f.write_str(&self.words)
        } else {
            write!(f, "{}: {}", self.param, self.words)
        }
    }
}

/// Every fault of a request; empty = the specification knows it. Where a path can mean several kinds of node, the
/// reading with the fewest faults counts.
pub fn check_request(request: &WireRequest) -> Vec<SpecFault> {
    operations(request.method, &request.path)
        .map(|o| check_operation(o, request))
        .min_by_key(Vec::len)
        .unwrap_or_else(|| vec![no_such_operation(request)])
}

/// As [`check_request`], for a path whose node is known to be this.
pub fn check_request_on(node: Node, request: &WireRequest) -> Vec<SpecFault> {
    operations(request.method, &request.path)
        .find(|o| o.object == node.as_str())
        .map_or_else(|| vec![no_such_operation(request)], |o| check_operation(o, request))
}

fn no_such_operation(request: &WireRequest) -> SpecFault {
    SpecFault::new(
        FaultKind::NoSuchOperation,
        "",
        format!("no operation {:?} {}", request.method, request.path),
    )
}

fn check_operation(operation: &Operation, request: &WireRequest) -> Vec<SpecFault> {
    let mut faults = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let form: &[(String, String)] = match &request.body {
        Body::Form(pairs) => pairs,
        Body::Empty | Body::Json(_) | Body::Multipart(_) => &[],
    };
    let parts: &[Part] = match &request.body {
        Body::Multipart(parts) => parts,
        _ => &[],
    };
    let json = match &request.body {
        Body::Json(json) => json.value(),
        Body::Empty | Body::Form(_) | Body::Multipart(_) => Value::Null,
    };
    let given = request.query.iter().chain(form).map(|(k, v)| (k.as_str(), v.as_str()));
    for (name, text) in given.chain(Part::texts(parts)) {
        if seen.contains(&name) {
            faults.push(SpecFault::new(FaultKind::TwiceGiven, name, "is given twice"));
        }
        seen.push(name);
        check_param(operation, name, Given::Text(text), &mut faults);
    }
    for (name, ..) in Part::files(parts) {
        if !operation.takes_file(name) {
            faults.push(SpecFault::new(FaultKind::UnknownParam, name, "no file is taken here"));
        }
        seen.push(name);
    }
    for (name, value) in json.as_object().into_iter().flatten() {
        seen.push(name);
        check_param(operation, name, Given::Json(value), &mut faults);
    }
    for param in operation.params.iter().filter(|p| p.required) {
        if !seen.contains(&param.name.as_str()) {
            faults.push(SpecFault::new(
                FaultKind::MissingRequired,
                &param.name,
                "is required and absent",
            ));
        }
    }
    for name in operation.needed() {
        let told = faults
            .iter()
            .any(|f| f.kind == FaultKind::MissingRequired && &f.param == name);
        if !told && !seen.contains(&name.as_str()) {
            faults.push(SpecFault::new(
                FaultKind::MissingNeeded,
                name,
                "is needed in practice and absent",
            ));
        }
    }
    faults
}

/// A value as the request carries it: text of a form or query, or JSON.
enum Given<'a> {
    Text(&'a str),
    Json(&'a Value),
}

fn check_param(operation: &Operation, name: &str, given: Given<'_>, faults: &mut Vec<SpecFault>) {
    let Some(ty) = operation.param_type(name) else {
        faults.push(SpecFault::new(
            FaultKind::UnknownParam,
            name,
            format!("{} has no such parameter", operation.path),
        ));
        return;
    };
    match given {
        Given::Text(text) if operation.method == Method::Get && name == "fields" => {
            check_fields(operation, text, faults);
        }
        Given::Text(text) if is_scalar(ty) => check_value(ty, name, &Value::from(text), faults),
        Given::Text(text) => match serde_json::from_str(text) {
            Ok(value) => check_value(ty, name, &value, faults),
            Err(_) => faults.push(SpecFault::new(
                FaultKind::WrongType,
                name,
                format!("must be JSON text of {ty}"),
            )),
        },
        Given::Json(value) => check_value(ty, name, value, faults),
    }
}

/// `fields=id,name,campaign{id,name}`: every top-level word must be readable on what the operation returns.
fn check_fields(operation: &Operation, text: &str, faults: &mut Vec<SpecFault>) {
    let Some(known) = operation.returns.as_deref().and_then(object_fields) else {
        return;
    };
    let mut depth = 0_usize;
    let mut word = String::new();
    let mut words = Vec::new();
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => words.push(std::mem::take(&mut word)),
            c if depth == 0 => word.push(c),
            _ => {}
        }
    }
    words.push(word);
    for word in words {
        if !known.contains_key(&word) {
            faults.push(SpecFault::new(
                FaultKind::UnknownField,
                "fields",
                format!(
                    "\"{word}\" is not a field of {}",
                    operation.returns.as_deref().unwrap_or("it")
                ),
            ));
        }
    }
}

fn is_scalar(ty: &str) -> bool {
    matches!(
        ty,
        "string" | "int" | "unsigned int" | "float" | "bool" | "datetime" | "file"
    ) || enum_values(ty).is_some()
}

/// The inside of `list<T>`.
fn list_item(ty: &str) -> Option<&str> {
    ty.strip_prefix("list<")?.strip_suffix('>')
}

fn check_value(ty: &str, at: &str, value: &Value, faults: &mut Vec<SpecFault>) {
    if let Some(item) = list_item(ty) {
        match value {
            Value::Array(items) => {
                for (n, v) in items.iter().enumerate() {
                    check_value(item, &format!("{at}[{n}]"), v, faults);
                }
            }
            _ => faults.push(wrong_type(ty, at, value)),
        }
        return;
    }
    if let Some(words) = enum_values(ty) {
        match value.as_str() {
            Some(word) if words.iter().any(|w| w == word) => {}
            Some(word) => faults.push(SpecFault::new(
                FaultKind::WrongValue,
                at,
                format!("\"{word}\" is not one of {} words of {ty}", words.len()),
            )),
            None => faults.push(wrong_type(ty, at, value)),
        }
        return;
    }
    if let Some(fields) = object_fields(ty) {
        match value {
            Value::Object(inner) => {
                for (name, v) in inner {
                    let path = format!("{at}.{name}");
                    match fields.get(name) {
                        Some(t) => check_value(t, &path, v, faults),
                        None => faults.push(SpecFault::new(
                            FaultKind::UnknownParam,
                            &path,
                            format!("{ty} has no such field"),
                        )),
                    }
                }
            }
            _ => faults.push(wrong_type(ty, at, value)),
        }
        return;
    }
    if !scalar_fits(ty, value) {
        faults.push(wrong_type(ty, at, value));
    }
}

fn wrong_type(ty: &str, at: &str, value: &Value) -> SpecFault {
    let shown: String = value.to_string().chars().take(60).collect();
    SpecFault::new(FaultKind::WrongType, at, format!("{shown} is not {ty}"))
}

/// Ids are text in answers and numbers in some declarations, so a number may come as text of digits.
fn scalar_fits(ty: &str, value: &Value) -> bool {
    let text = value.as_str();
    match ty {
        "string" | "file" => value.is_string() || value.is_number(),
        "unsigned int" => value.is_u64() || text.is_some_and(|t| t.parse::<u64>().is_ok()),
        "int" => value.is_i64() || text.is_some_and(|t| t.parse::<i64>().is_ok()),
        "float" => value.is_number() || text.is_some_and(|t| t.parse::<f64>().is_ok()),
        "bool" => value.is_boolean() || matches!(text, Some("true" | "false" | "1" | "0")),
        "datetime" => {
            value.is_u64() || text.is_some_and(|t| t.parse::<u64>().is_ok() || super::super::time::parse(t).is_some())
        }
        "Object" => value.is_object() || value.is_array(),
        t if t == "map" || t.starts_with("map<") => value.is_object(),
        // A type the cut data does not describe.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn post(path: &str, pairs: &[(&str, &str)]) -> WireRequest {
        WireRequest {
            method: Method::Post,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::Form(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()),
        }
    }

    const AD_SET: &[(&str, &str)] = &[
        ("name", "n"),
        ("campaign_id", "1"),
        ("optimization_goal", "LINK_CLICKS"),
        ("billing_event", "IMPRESSIONS"),
        ("status", "PAUSED"),
    ];

    #[rstest]
    #[case::fits("targeting", r#"{"geo_locations":{"countries":["US"]},"age_min":18}"#, None)]
    #[case::unknown_inside("targeting", r#"{"geo":{}}"#, Some((FaultKind::UnknownParam, "targeting.geo")))]
    #[case::wrong_shape("targeting", r#"{"geo_locations":[]}"#, Some((FaultKind::WrongType, "targeting.geo_locations")))]
    #[case::wrong_word("targeting", r#"{"device_platforms":["tablet"]}"#,
        Some((FaultKind::WrongValue, "targeting.device_platforms[0]")))]
    #[case::not_json("targeting", "US", Some((FaultKind::WrongType, "targeting")))]
    fn one_parameter(#[case] name: &str, #[case] text: &str, #[case] want: Option<(FaultKind, &str)>) {
        let mut pairs = AD_SET.to_vec();
        pairs.push((name, text));
        let faults = check_request(&post("/act_1/adsets", &pairs));
        assert_eq!(
            faults.iter().map(|f| (f.kind, f.param.as_str())).collect::<Vec<_>>(),
            Vec::from_iter(want)
        );
    }

    #[test]
    fn unknown_twice_missing_and_needed_are_all_told() {
        let mut pairs = AD_SET.to_vec();
        pairs.extend([("name", "again"), ("colour", "red"), ("daily_budget", "-5")]);
        let kinds: Vec<_> = check_request(&post("/act_1/adsets", &pairs))
            .into_iter()
            .map(|f| (f.kind, f.param))
            .collect();
        assert_eq!(
            kinds,
            [
                (FaultKind::TwiceGiven, "name".to_owned()),
                (FaultKind::UnknownParam, "colour".to_owned()),
                (FaultKind::WrongType, "daily_budget".to_owned()),
                (FaultKind::MissingNeeded, "targeting".to_owned()),
            ]
        );
        assert_eq!(
            check_request(&post("/act_1/nothing", &[]))[0].kind,
            FaultKind::NoSuchOperation
        );
    }

    #[test]
    fn a_node_path_takes_the_kindest_reading_unless_the_node_is_known() {
        let change = post("/1203", &[("end_time", "2026-12-01T00:00:00-0500")]);
        assert!(check_request(&change).is_empty());
        assert_eq!(
            check_request_on(Node::Campaign, &change)[0].kind,
            FaultKind::UnknownParam
        );
        assert!(check_request_on(Node::AdSet, &change).is_empty());
    }

    #[test]
    fn fields_of_a_read_must_be_readable() {
        let read = WireRequest {
            method: Method::Get,
            path: "/act_1/campaigns".to_owned(),
            query: vec![
                ("fields".to_owned(), "id,name,mood".to_owned()),
                ("limit".to_owned(), "100".to_owned()),
            ],
            headers: Vec::new(),
            body: Body::Empty,
        };
        let faults = check_request(&read);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].kind, FaultKind::UnknownField);
    }
}
