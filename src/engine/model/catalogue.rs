//! The fields of a platform's objects, as data: what drives the ticket form, QA's schema rule and completion.
//!
//! The data itself lives in `assets/platforms/<name>/catalogue.toml` and is read by the platform's folder.

use serde::{Deserialize, Serialize};

use super::{
    asset::{Asset, FileLimits},
    platform::ObjectKind,
};

/// The shape of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Free text.
    Text,
    /// An http or https address.
    Url,
    /// A whole number.
    Integer,
    /// True or false.
    Bool,
    /// One of `values`.
    Choice,
    /// A list of `values`.
    Choices,
    /// A list of text.
    TextList,
    /// A list of whole numbers.
    IntegerList,
    /// A list of ISO 3166-1 alpha-2 countries.
    CountryList,
    /// A platform id, digits as text.
    Id,
    /// A list of `{id, name}` objects, for example interests.
    NamedIdList,
    /// An amount in main units as text, converted by the platform's `plan`.
    Amount,
    /// An object whose inside is listed as fields of its own, or left to the platform.
    Object,
    /// A list of objects left to the platform.
    ObjectList,
    /// A file of this machine, kept as an [`Asset`]; its path ends in `_file`.
    File,
}

/// When a field must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    /// Always.
    Always,
    /// Never.
    #[default]
    Never,
    /// When another field (path from the payload's root, `campaign.objective`) has one of these values.
    When {
        /// The other field.
        field: String,
        /// Its values.
        any_of: Vec<String>,
    },
    /// When none of these sibling paths (from the payload's root) is set.
    Unless {
        /// The alternatives.
        any_set: Vec<String>,
    },
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Dotted path inside its object: `targeting.geo_locations.countries`.
    pub path: String,
    /// What the form calls it.
    pub title: String,
    /// Its shape.
    #[serde(rename = "type")]
    pub ty: FieldType,
    /// When it must be there.
    #[serde(default)]
    pub required: Required,
    /// Shown though it is optional and empty: people ask for it often.
    #[serde(default)]
    pub common: bool,
    /// Allowed words for choices.
    #[serde(default)]
    pub values: Vec<String>,
    /// What the form starts with, as text.
    #[serde(default)]
    pub default: Option<String>,
    /// Smallest number, or shortest list or text.
    #[serde(default)]
    pub min: Option<i64>,
    /// Largest number, or longest list or text.
    #[serde(default)]
    pub max: Option<i64>,
    /// What the platform takes; files only.
    #[serde(default)]
    pub file: Option<FileLimits>,
    /// One or two sentences for the person filling it in.
    pub help: String,
    /// Where the fact comes from.
    pub source: String,
}

/// One object of a platform and its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectSpec {
    /// What it is in our words.
    pub kind: ObjectKind,
    /// Its section in the payload: `ad_set`.
    pub section: String,
    /// The platform's own word: `Ad set`, `Ad group`.
    pub word: String,
    /// Longest name, in characters.
    pub name_max: u32,
    /// Its fields, in form order.
    pub fields: Vec<FieldSpec>,
}

/// Every object of a platform a ticket can speak about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The API version the facts are from.
    pub version: String,
    /// The date the facts were checked, ISO.
    pub checked: String,
    /// Objects in creation order.
    pub objects: Vec<ObjectSpec>,
}

impl Catalogue {
    /// The object with this payload section.
    pub fn section(&self, section: &str) -> Option<&ObjectSpec> {
        self.objects.iter().find(|o| o.section == section)
    }

    /// The field at a path from the payload's root, `ad_set.targeting.age_min`.
    pub fn field(&self, path: &str) -> Option<(&ObjectSpec, &FieldSpec)> {
        let (section, rest) = path.split_once('.')?;
        let object = self.section(section)?;
        object.fields.iter().find(|f| f.path == rest).map(|f| (object, f))
    }
}

/// The value at a dotted path inside an object.
pub fn get_path<'v>(object: &'v serde_json::Value, path: &str) -> Option<&'v serde_json::Value> {
    path.split('.').try_fold(object, |at, part| at.get(part))
}

/// Sets the value at a dotted path, making objects on the way. Something else than an object on the way is replaced.
pub fn set_path(root: &mut serde_json::Map<String, serde_json::Value>, path: &str, value: serde_json::Value) {
    let Some((head, rest)) = path.split_once('.') else {
        root.insert(path.to_owned(), value);
        return;
    };
    let slot = root
        .entry(head)
        .or_insert_with(|| serde_json::Value::Object(serde_json::Map::new()));
    if !slot.is_object() {
        *slot = serde_json::Value::Object(serde_json::Map::new());
    }
    if let serde_json::Value::Object(inner) = slot {
        set_path(inner, rest, value);
    }
}

/// Turns what a person typed into the field's JSON value. Lists are comma-separated; named ids are `id:name`.
pub fn parse_value(field: &FieldSpec, text: &str) -> Result<serde_json::Value, String> {
    use serde_json::{Value, json};
    let text = text.trim();
    let items = || text.split(',').map(str::trim).filter(|s| !s.is_empty());
    let whole = |s: &str| {
        s.parse::<i64>()
            .map_err(|_| format!("\"{}\" is not a whole number", super::sanitise::excerpt(s, 24)))
    };
    let word = |s: &str| {
        field
            .values
            .iter()
            .find(|v| v.eq_ignore_ascii_case(s))
            .map(|v| json!(v))
            .ok_or_else(|| {
                format!(
                    "\"{}\" is not one of {}",
                    super::sanitise::excerpt(s, 24),
                    field.values.join(", ")
                )
            })
    };
    match field.ty {
        // A file's path stays text until the file itself is taken in.
        FieldType::Text | FieldType::Url | FieldType::Amount | FieldType::Id | FieldType::File => Ok(json!(text)),
        FieldType::Integer => whole(text).map(Value::from),
        FieldType::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(json!(true)),
            "false" | "no" | "0" => Ok(json!(false)),
            _ => Err(format!("\"{}\" is not yes or no", super::sanitise::excerpt(text, 24))),
        },
        FieldType::Choice => word(text),
        FieldType::Choices => items().map(word).collect::<Result<Vec<_>, _>>().map(Value::from),
        FieldType::TextList => Ok(items().map(|s| json!(s)).collect()),
        FieldType::IntegerList => items()
            .map(|s| whole(s).map(Value::from))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::from),
        FieldType::CountryList => Ok(items().map(|s| json!(s.to_ascii_uppercase())).collect()),
        FieldType::NamedIdList => items()
            .map(|s| match s.split_once(':') {
                Some((id, name)) if !id.is_empty() && !name.is_empty() => Ok(json!({"id": id, "name": name})),
                _ => Err(format!(
                    "\"{}\" is not id:name, such as 6003139266461:Movies",
                    super::sanitise::excerpt(s, 24)
                )),
            })
            .collect::<Result<Vec<_>, _>>()
            .map(Value::from),
        FieldType::Object | FieldType::ObjectList => {
            serde_json::from_str(text).map_err(|e| format!("not valid JSON: {e}"))
        }
    }
}

/// Shows a value the way [`parse_value`] reads it.
pub fn show_value(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Array(items) => items
            .iter()
            .map(|i| {
                match (
                    i.get("id").and_then(Value::as_str),
                    i.get("name").and_then(Value::as_str),
                ) {
                    (Some(id), Some(name)) => format!("{id}:{name}"),
                    _ => show_value(i),
                }
            })
            .collect::<Vec<_>>()
            .join(", "),
        other => Asset::of_value(other).map_or_else(|| other.to_string(), |asset| asset.label()),
    }
}
