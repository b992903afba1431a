//! The official field tables as an oracle: is this request one TikTok would understand?
//!
//! Why here: the conformance tests and the sandbox must judge by the same book, and the book is not ours (its origin and
//! licence stand in `assets/specs/tiktok/README.md`). Nothing on the way to a real account reads it.
//!
//! Invariant: a fault names the field by its dotted path as TikTok's own messages do (`creatives.0.ad_name`), so a test
//! failure and a sandbox error say the same.

mod check;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

pub use check::{FaultKind, SpecFault, check_request};

use crate::platforms::Method;

/// One field of a body or filter.
#[derive(Clone, Debug, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type, in the grammar of the data's README.
    #[serde(rename = "type")]
    pub ty: String,
    /// Required unconditionally.
    #[serde(default)]
    pub required: bool,
}

/// One operation.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A POST with this body.
    Write {
        /// The body's name.
        body: String,
    },
    /// A POST with these fields and a file, as multipart.
    Upload {
        /// The name of the table of its fields.
        body: String,
        /// The parameter that is the file.
        file: String,
    },
    /// A GET.
    Read {
        /// Its query parameters.
        params: Vec<Field>,
        /// The name of the table of its `filtering`, if it takes one.
        filtering: Option<String>,
        /// What its `fields` may name.
        readable: Vec<String>,
    },
}

/// Everything, merged.
#[derive(Debug, Default)]
struct Spec {
    /// By method and path without version.
    operations: Vec<(Method, String, Operation)>,
    bodies: BTreeMap<String, Vec<Field>>,
    enums: BTreeMap<String, Vec<String>>,
    /// Which enumeration a field has: by `Body.field` or `field`, where it is not the one of its own name.
    enum_of: BTreeMap<String, String>,
    /// `Body.field` that are text although the table says otherwise.
    strings: Vec<String>,
    /// Fields of a body never left out in practice.
    needed: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct BodiesFile {
    bodies: BTreeMap<String, BodyText>,
}

#[derive(Deserialize)]
struct BodyText {
    method: String,
    used_by: String,
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct EnumsFile {
    enums: BTreeMap<String, EnumText>,
}

/// Some enumerations hold words that can no longer, or never, be sent.
#[derive(Deserialize)]
#[serde(untagged)]
enum EnumText {
    All(Vec<String>),
    Split { creatable: Vec<String> },
}

#[derive(Deserialize)]
struct EndpointsFile {
    endpoints: Vec<EndpointText>,
}

#[derive(Deserialize)]
struct EndpointText {
    path: String,
    parameters: Vec<ParameterText>,
}

#[derive(Deserialize)]
struct ParameterText {
    name: String,
    #[serde(rename = "in")]
    place: String,
    #[serde(rename = "type")]
    ty: String,
    #[serde(default)]
    required: bool,
}

#[derive(Deserialize)]
struct SupplementFile {
    reads: Vec<ReadText>,
    uploads: Vec<UploadText>,
    read_params: Vec<Field>,
    bodies: BTreeMap<String, Vec<Field>>,
    readable: BTreeMap<String, Vec<String>>,
    enum_of: BTreeMap<String, String>,
    strings: Vec<String>,
    needed: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct UploadText {
    path: String,
    body: String,
    file: String,
}

#[derive(Deserialize)]
struct ReadText {
    path: String,
    filtering: String,
    readable: String,
}

macro_rules! asset {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/specs/tiktok/", $file))
    };
}

const PREFIX: &str = "/open_api/v1.3";

fn load() -> Result<Spec, serde_json::Error> {
    let BodiesFile { bodies } = serde_json::from_str(asset!("manual_bodies.json"))?;
    let EnumsFile { enums } = serde_json::from_str(asset!("enums.json"))?;
    let EndpointsFile { endpoints } = serde_json::from_str(asset!("openapi_endpoints.json"))?;
    let extra: SupplementFile = serde_json::from_str(asset!("supplement.json"))?;
    let mut spec = Spec {
        enum_of: extra.enum_of,
        strings: extra.strings,
        needed: extra.needed,
        bodies: extra.bodies,
        ..Spec::default()
    };
    for (name, body) in bodies {
        if let (Some(path), "POST") = (body.used_by.strip_prefix(PREFIX), body.method.as_str()) {
            let write = Operation::Write { body: name.clone() };
            spec.operations.push((Method::Post, path.to_owned(), write));
        }
        spec.bodies.insert(name, body.fields);
    }
    for (name, words) in enums {
        let (EnumText::All(words) | EnumText::Split { creatable: words }) = words;
        spec.enums.insert(name, words);
    }
    let readable = |kind: &str| extra.readable.get(kind).cloned().unwrap_or_default();
    for read in extra.reads {
        let operation = Operation::Read {
            params: extra.read_params.clone(),
            filtering: Some(read.filtering),
            readable: readable(&read.readable),
        };
        spec.operations.push((Method::Get, read.path, operation));
    }
    for UploadText { path, body, file } in extra.uploads {
        spec.operations
            .push((Method::Post, path, Operation::Upload { body, file }));
    }
    for endpoint in endpoints {
        let query = endpoint.parameters.into_iter().filter(|p| p.place == "query");
        let params = query
            .map(|p| Field {
                name: p.name,
                // The lists of these reads are all of text.
                ty: if p.ty == "array" {
                    "list[str]".to_owned()
                } else {
                    "str".to_owned()
                },
                required: p.required,
            })
            .collect();
        let operation = Operation::Read {
            params,
            filtering: None,
            readable: readable("advertiser"),
        };
        spec.operations.push((Method::Get, endpoint.path, operation));
    }
    Ok(spec)
}

/// The data is part of the program and a test loads it; were it broken, every request would be an unknown operation.
static SPEC: LazyLock<Spec> = LazyLock::new(|| load().unwrap_or_default());

/// The operation a method and path mean.
pub fn operation(method: Method, path: &str) -> Option<&'static Operation> {
    let mut all = SPEC.operations.iter();
    all.find(|(m, p, _)| *m == method && p == path).map(|(_, _, o)| o)
}

/// True when some method is served at a path.
pub fn is_path(path: &str) -> bool {
    SPEC.operations.iter().any(|(_, p, _)| p == path)
}

/// The fields of a body, filter or nested object; `None` when the data does not describe it.
pub fn fields(body: &str) -> Option<&'static [Field]> {
    SPEC.bodies.get(body).map(Vec::as_slice)
}

/// The words a field of a body may have; `None` when they are not enumerated.
pub fn words(body: &str, field: &str) -> Option<&'static [String]> {
    let own = SPEC.enum_of.get(&format!("{body}.{field}"));
    let name = own.or_else(|| SPEC.enum_of.get(field)).map_or(field, String::as_str);
    SPEC.enums.get(name).map(Vec::as_slice)
}

/// What a field of a body is, as the service takes it.
fn type_of<'f>(body: &str, field: &'f Field) -> &'f str {
    if SPEC.strings.iter().any(|s| *s == format!("{body}.{}", field.name)) {
        "str"
    } else {
        &field.ty
    }
}

/// Fields of a body that are never left out in practice.
fn needed(body: &str) -> &'static [String] {
    SPEC.needed.get(body).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_loads_and_holds_what_we_use() {
        let spec = load().unwrap();
        assert_eq!(spec.operations.len(), 16);
        assert!(operation(Method::Post, "/campaign/create/").is_some());
        assert!(
            operation(Method::Post, "/campaign/create").is_none(),
            "the slash counts"
        );
        assert!(operation(Method::Get, "/ad/get/").is_some());
        assert!(
            words("CampaignCreateBody", "objective_type")
                .unwrap()
                .contains(&"REACH".to_owned())
        );
        assert!(
            !words("CampaignCreateBody", "objective_type")
                .unwrap()
                .contains(&"CONVERSIONS".to_owned())
        );
        assert_eq!(words("AdStatusUpdateBody", "operation_status").unwrap().len(), 3);
        assert_eq!(words("AdcreateCreatives", "operation_status").unwrap().len(), 2);
        for (body, names) in &spec.needed {
            for name in names {
                assert!(fields(body).unwrap().iter().any(|f| &f.name == name), "{body}.{name}");
            }
        }
        for name in spec.enum_of.values() {
            assert!(spec.enums.contains_key(name), "{name}");
        }
    }
}
