//! What the platform's field list knows of the place the cursor stands at: names and words to take, and the field itself.

use super::json::{Part, Place, Spot};
use crate::engine::model::catalogue::{Catalogue, FieldSpec, FieldType, ObjectSpec, Required};

/// Something that may be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is put in place of the word.
    pub insert: String,
    /// What people read.
    pub title: String,
    /// More of it.
    pub detail: String,
    /// Characters the cursor steps back after it, to stand inside brackets or quotes.
    pub back: usize,
}

/// The field a path (without list positions) speaks about, or the nearest above it that the platform has.
pub fn field<'c>(catalogue: &'c Catalogue, path: &[String]) -> Option<(&'c ObjectSpec, &'c FieldSpec)> {
    let (section, inner) = path.split_first()?;
    let object = catalogue.section(section)?;
    let mut inner = inner.to_vec();
    while !inner.is_empty() {
        let wanted = inner.join(".");
        if let Some(spec) = object.fields.iter().find(|f| f.path == wanted) {
            return Some((object, spec));
        }
        inner.pop();
    }
    None
}

/// What may be written at a spot, what fits the word first.
pub fn at(catalogue: &Catalogue, spot: &Spot, places: &[Place]) -> Vec<Offer> {
    let word = spot.word.to_lowercase();
    let mut all = match spot.part {
        Part::Name => names(catalogue, spot, places),
        Part::Value => values(catalogue, spot),
        Part::Nothing => Vec::new(),
    };
    all.retain(|o| {
        o.title.to_lowercase().contains(&word) || (!word.is_empty() && o.detail.to_lowercase().contains(&word))
    });
    all.sort_by_key(|o| !o.title.to_lowercase().starts_with(&word));
    all
}

fn names(catalogue: &Catalogue, spot: &Spot, places: &[Place]) -> Vec<Offer> {
    let is_there = |name: &str| {
        let path = if spot.around.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", spot.around)
        };
        name != spot.word && places.iter().any(|p| p.path == path)
    };
    let Some((section, inner)) = spot.path.split_first() else {
        let sections = catalogue.objects.iter().filter(|o| !is_there(&o.section));
        return sections
            .map(|o| name(&o.section, &o.word, ("{}", 1), spot.has_colon))
            .collect();
    };
    let Some(object) = catalogue.section(section) else {
        return Vec::new();
    };
    let prefix = if inner.is_empty() {
        String::new()
    } else {
        format!("{}.", inner.join("."))
    };
    let mut out: Vec<Offer> = Vec::new();
    for spec in &object.fields {
        let Some(rest) = spec.path.strip_prefix(&prefix) else {
            continue;
        };
        let (head, leaf) = match rest.split_once('.') {
            Some((head, _)) => (head, false),
            None => (rest, true),
        };
        if is_there(head) {
            continue;
        }
        let made = if leaf {
            let mark = if matches!(spec.required, Required::Always) {
                " *"
            } else {
                ""
            };
            name(
                head,
                &format!("{}{mark}", spec.title),
                skeleton(spec.ty),
                spot.has_colon,
            )
        } else {
            name(head, "", ("{}", 1), spot.has_colon)
        };
        match out.iter_mut().find(|o| o.title == made.title) {
            // A field of its own says more than an object others lie in.
            Some(before) if leaf => *before = made,
            Some(_) => {}
            None => out.push(made),
        }
    }
    out
}

fn name(name: &str, detail: &str, (value, back): (&str, usize), has_colon: bool) -> Offer {
    let (insert, back) = if has_colon {
        (format!("\"{name}\""), 0)
    } else {
        (format!("\"{name}\": {value}"), back)
    };
    Offer {
        insert,
        title: name.to_owned(),
        detail: detail.to_owned(),
        back,
    }
}

/// What a value of this shape looks like empty, and how far the cursor steps back into it.
const fn skeleton(ty: FieldType) -> (&'static str, usize) {
    match ty {
        FieldType::Text | FieldType::Url | FieldType::Choice | FieldType::Id | FieldType::Amount | FieldType::File => {
            ("\"\"", 1)
        }
        FieldType::Integer | FieldType::Bool => ("", 0),
        FieldType::Object => ("{}", 1),
        FieldType::Choices
        | FieldType::TextList
        | FieldType::IntegerList
        | FieldType::CountryList
        | FieldType::NamedIdList
        | FieldType::ObjectList => ("[]", 1),
    }
}

fn values(catalogue: &Catalogue, spot: &Spot) -> Vec<Offer> {
    let Some((object, spec)) = field(catalogue, &spot.path) else {
        return Vec::new();
    };
    if format!("{}.{}", object.section, spec.path) != spot.path.join(".") {
        return Vec::new();
    }
    let offer = |insert: String, title: &str| Offer {
        insert,
        title: title.to_owned(),
        detail: String::new(),
        back: 0,
    };
    match spec.ty {
        FieldType::Choice | FieldType::Choices => spec.values.iter().map(|v| offer(format!("\"{v}\""), v)).collect(),
        FieldType::Bool => ["true", "false"].map(|v| offer(v.to_owned(), v)).to_vec(),
        _ => Vec::new(),
    }
}

/// What a field takes, in a few words: `whole number, 13 to 65`.
pub fn shape(spec: &FieldSpec) -> String {
    let word = match spec.ty {
        FieldType::Text => "text",
        FieldType::Url => "http or https address",
        FieldType::Integer => "whole number",
        FieldType::Bool => "true or false",
        FieldType::Choice => "one of a list",
        FieldType::Choices => "list of words of a list",
        FieldType::TextList => "list of texts",
        FieldType::IntegerList => "list of whole numbers",
        FieldType::CountryList => "list of countries, such as \"US\"",
        FieldType::Id => "platform id, digits as text",
        FieldType::NamedIdList => "list of {\"id\", \"name\"}",
        FieldType::Amount => "amount in main units, as text",
        FieldType::Object => "object",
        FieldType::ObjectList => "list of objects",
        FieldType::File => "file of this machine, by its path",
    };
    let unit = match spec.ty {
        FieldType::Text | FieldType::Url => " characters",
        FieldType::Choices
        | FieldType::TextList
        | FieldType::IntegerList
        | FieldType::CountryList
        | FieldType::NamedIdList
        | FieldType::ObjectList => " entries",
        _ => "",
    };
    let limits = match (spec.min, spec.max) {
        (Some(a), Some(b)) => format!(", {a} to {b}{unit}"),
        (Some(a), None) => format!(", at least {a}{unit}"),
        (None, Some(b)) => format!(", at most {b}{unit}"),
        (None, None) => String::new(),
    };
    format!("{word}{limits}")
}

/// When the platform wants a field, in words.
pub fn wanted(spec: &FieldSpec) -> String {
    match &spec.required {
        Required::Always => "required".to_owned(),
        Required::Never => "optional".to_owned(),
        Required::When { field, any_of } => format!("required when {field} is {}", any_of.join(" or ")),
        Required::Unless { any_set } => format!("required unless set: {}", any_set.join(", ")),
    }
}
