//! The official specification as an oracle: is this request one Meta would understand?
//!
//! Why here: the conformance tests and the sandbox must judge by the same book, and the book is not ours (its origin and
//! licence stand in `assets/specs/meta/README.md`). Nothing on the way to a real account reads it.
//!
//! Invariants
//! - A fault names the parameter by its dotted path, so a test failure and a sandbox error say the same.
//! - A node path such as `/1203` does not tell what the node is: [`check_request`] takes the kindest reading,
//!   [`check_request_on`] the one the caller knows.

mod check;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

pub use check::{FaultKind, SpecFault, check_request, check_request_on};

use crate::platforms::Method;

/// What a node path points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// `/act_1`.
    AdAccount,
    /// A campaign's id.
    Campaign,
    /// An ad set's id.
    AdSet,
    /// An ad's id.
    Ad,
    /// A creative's id.
    AdCreative,
    /// An image's id.
    AdImage,
    /// A video's id.
    AdVideo,
    /// `/me`.
    User,
}

impl Node {
    /// The specification's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AdAccount => "AdAccount",
            Self::Campaign => "Campaign",
            Self::AdSet => "AdSet",
            Self::Ad => "Ad",
            Self::AdCreative => "AdCreative",
            Self::AdImage => "AdImage",
            Self::AdVideo => "AdVideo",
            Self::User => "User",
        }
    }
}

/// One parameter of an operation.
#[derive(Clone, Debug, Deserialize)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type, in the grammar of the data's README.
    #[serde(rename = "type")]
    pub ty: String,
    /// Required as far as the official data knows.
    pub required: bool,
}

/// One operation: a method on a path template.
#[derive(Clone, Debug, Deserialize)]
pub struct Operation {
    /// The object it belongs to, `AdAccount`.
    pub object: String,
    /// The method.
    pub method: Method,
    /// The path template, `/{ad_account_id}/campaigns`.
    pub path: String,
    /// The object its answer is made of.
    pub returns: Option<String>,
    /// Its parameters.
    pub params: Vec<Param>,
}

impl Operation {
    /// The parameter with this name, implicit ones of reads included.
    pub fn param_type(&self, name: &str) -> Option<&str> {
        let declared = self.params.iter().find(|p| p.name == name).map(|p| p.ty.as_str());
        // The official data says `Object` or `map` for some parameters whose inside it describes elsewhere.
        let refined = declared.and_then(|_| SPEC.refined_types.get(name)).map(String::as_str);
        refined.or(declared).or_else(|| {
            (self.method == Method::Get)
                .then(|| SPEC.implicit_get.get(name))
                .flatten()
                .map(String::as_str)
        })
    }

    /// Parameters that answer error 100 when absent although the official data does not call them required.
    pub fn needed(&self) -> &'static [String] {
        SPEC.needed.get(&self.title()).map_or(&[], Vec::as_slice)
    }

    /// True when a file may be sent as this parameter.
    pub fn takes_file(&self, name: &str) -> bool {
        let names = SPEC.file_params.get(&self.title());
        names.is_some_and(|names| names.is_empty() || names.iter().any(|n| n == name))
    }

    /// `POST /{ad_account_id}/campaigns`.
    fn title(&self) -> String {
        let verb = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        format!("{verb} {}", self.path)
    }
}

/// Fields of an object and their types.
pub type Fields = BTreeMap<String, String>;

/// Everything, merged.
#[derive(Debug, Default)]
struct Spec {
    operations: Vec<Operation>,
    objects: BTreeMap<String, Fields>,
    enums: BTreeMap<String, Vec<String>>,
    implicit_get: Fields,
    refined_types: Fields,
    file_params: BTreeMap<String, Vec<String>>,
    needed: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct EndpointsFile {
    endpoints: Vec<Operation>,
}

#[derive(Deserialize)]
struct ObjectsFile {
    objects: BTreeMap<String, Fields>,
}

#[derive(Deserialize)]
struct EnumsFile {
    enums: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct SupplementFile {
    implicit_get: Fields,
    endpoints: Vec<Operation>,
    objects: BTreeMap<String, Fields>,
    fields: BTreeMap<String, Fields>,
    refined_types: Fields,
    file_params: BTreeMap<String, Vec<String>>,
    needed: BTreeMap<String, Vec<String>>,
}

macro_rules! asset {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/specs/meta/", $file))
    };
}

fn load() -> Result<Spec, serde_json::Error> {
    let EndpointsFile { mut endpoints } = serde_json::from_str(asset!("endpoints.json"))?;
    let ObjectsFile { mut objects } = serde_json::from_str(asset!("object_fields.json"))?;
    let EnumsFile { enums } = serde_json::from_str(asset!("enum_types.json"))?;
    let extra: SupplementFile = serde_json::from_str(asset!("supplement.json"))?;
    endpoints.extend(extra.endpoints);
    objects.extend(extra.objects);
    for (object, fields) in extra.fields {
        objects.entry(object).or_default().extend(fields);
    }
    Ok(Spec {
        operations: endpoints,
        objects,
        enums,
        implicit_get: extra.implicit_get,
        refined_types: extra.refined_types,
        file_params: extra.file_params,
        needed: extra.needed,
    })
}

/// The data is part of the program and a test loads it; were it broken, every request would be an unknown operation.
static SPEC: LazyLock<Spec> = LazyLock::new(|| load().unwrap_or_default());

/// The fields of an object, `Targeting`; `None` when the data does not describe it.
pub fn object_fields(object: &str) -> Option<&'static Fields> {
    SPEC.objects.get(object)
}

/// The words of an enumeration, `AdSet_optimization_goal`; `None` when there is no such enumeration.
pub fn enum_values(name: &str) -> Option<&'static [String]> {
    SPEC.enums.get(name).map(Vec::as_slice)
}

/// Every operation a method and path can mean: several for a bare node path, because an id does not tell its kind.
pub fn operations(method: Method, path: &str) -> impl Iterator<Item = &'static Operation> {
    SPEC.operations
        .iter()
        .filter(move |o| o.method == method && path_fits(&o.path, path))
}

/// True when a path is an instance of a template.
fn path_fits(template: &str, path: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let mut parts = path.split('/');
    let all_fit = template.split('/').all(|t| {
        parts.next().is_some_and(|p| match t {
            "{ad_account_id}" => p.strip_prefix("act_").is_some_and(digits),
            // Image ids are `<account>:<hash>`.
            "{ad_image_id}" => p.split_once(':').is_some_and(|(a, h)| digits(a) && !h.is_empty()),
            t if t.starts_with('{') => digits(p),
            t => t == p,
        })
    });
    all_fit && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_loads_and_holds_what_we_use() {
        let spec = load().unwrap();
        assert_eq!(spec.operations.len(), 36);
        assert!(object_fields("Targeting").unwrap().contains_key("geo_locations"));
        assert_eq!(enum_values("AdSet_optimization_goal").unwrap().len(), 32);
        for key in spec.needed.keys() {
            assert!(
                spec.operations.iter().any(|o| key.ends_with(&o.path)),
                "{key} names no operation"
            );
        }
    }

    #[test]
    fn a_path_fits_its_template_and_no_other() {
        assert!(path_fits("/{ad_account_id}/campaigns", "/act_12/campaigns"));
        assert!(!path_fits("/{ad_account_id}/campaigns", "/12/campaigns"));
        assert!(!path_fits("/{ad_account_id}/campaigns", "/act_12/campaigns/"));
        assert!(!path_fits("/{campaign_id}", "/act_12"));
        assert!(path_fits("/{campaign_id}", "/1202"));
        assert!(path_fits("/{ad_image_id}", "/12:9fdb"));
    }
}
