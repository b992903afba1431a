//! A payload against the platform's catalogue: missing, unknown, misshapen, out of choice, out of bounds.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{Hit, QUOTE, quote};
use crate::engine::model::{
    asset::Asset,
    catalogue::{Catalogue, FieldSpec, FieldType, ObjectSpec, Required, get_path, show_value},
    path::FieldPath,
    sanitise::excerpt,
};

/// Most names listed in a hint.
const NAMED: usize = 12;

/// What was found, by kind, each in the catalogue's or the payload's order.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) missing: Vec<Hit>,
    pub(super) unknown: Vec<Hit>,
    pub(super) shape: Vec<Hit>,
    pub(super) choice: Vec<Hit>,
    pub(super) bounds: Vec<Hit>,
}

/// Judges a whole payload.
pub(super) fn judge(catalogue: &Catalogue, payload: &Value) -> Verdict {
    let root = FieldPath::new("payload");
    let mut verdict = Verdict::default();
    let none = Map::new();
    let sections = payload.as_object().unwrap_or_else(|| {
        verdict
            .shape
            .push(misshapen(&root, "the payload", payload, "an object"));
        &none
    });
    for (name, value) in sections {
        let at = root.field(&excerpt(name, QUOTE));
        match (catalogue.section(name), value) {
            (Some(object), Value::Object(fields)) => verdict.object(catalogue, object, "", fields, &at),
            (Some(_), Value::Null) => {}
            (Some(object), other) => verdict.shape.push(misshapen(&at, &object.word, other, "an object")),
            (None, _) => {
                let known: Vec<&str> = catalogue.objects.iter().map(|o| o.section.as_str()).collect();
                verdict.unknown.push(stranger(&at, name, &known, None));
            }
        }
    }
    for object in &catalogue.objects {
        for field in &object.fields {
            if let Some(hit) = missing(object, field, payload) {
                verdict.missing.push(hit);
            }
        }
    }
    verdict
}

impl Verdict {
    /// One level of an object: `prefix` is the dotted path so far, empty at its top.
    fn object(
        &mut self,
        catalogue: &Catalogue,
        object: &ObjectSpec,
        prefix: &str,
        fields: &Map<String, Value>,
        at: &FieldPath,
    ) {
        for (key, value) in fields {
            let at = at.field(&excerpt(key, QUOTE));
            let path = if prefix.is_empty() {
                key.clone()
            } else {
                format!("{prefix}.{key}")
            };
            // A dot inside a key would read as a path that is not there.
            let spec = object.fields.iter().find(|f| f.path == path && !key.contains('.'));
            let inside = !key.contains('.') && below(object, &path).next().is_some();
            match (spec, value) {
                (Some(spec), _) if !inside || spec.ty != FieldType::Object => self.value(spec, value, &at),
                (_, Value::Object(inner)) if inside => self.object(catalogue, object, &path, inner, &at),
                (_, Value::Null) if inside => {}
                (_, other) if inside => self.shape.push(misshapen(&at, &path, other, "an object")),
                _ => {
                    let known: Vec<&str> = below(object, prefix).collect();
                    self.unknown
                        .push(stranger(&at, key, &known, elsewhere(catalogue, key).as_deref()));
                }
            }
        }
    }

    /// One field's value. Nothing (null, empty text, empty list) is a matter of presence, not of shape.
    fn value(&mut self, spec: &FieldSpec, value: &Value, at: &FieldPath) {
        if !is_set(Some(value)) {
            return;
        }
        match (spec.ty, value) {
            (FieldType::Text, Value::String(text)) => self.within(spec, at, value, text.chars().count(), "characters"),
            (FieldType::Url, Value::String(text)) if is_url(text) => {
                self.within(spec, at, value, text.chars().count(), "characters");
            }
            (FieldType::Integer, Value::Number(number)) if is_whole(value) => self.number(spec, at, number),
            (FieldType::Bool, Value::Bool(_)) | (FieldType::Object, Value::Object(_)) => {}
            (FieldType::File, Value::Object(_)) if Asset::of_value(value).is_some() => {}
            (FieldType::Choice, Value::String(_) | Value::Number(_)) => self.chosen(spec, value, at),
            (FieldType::Id, Value::String(text)) if is_id(text) => {}
            (FieldType::Amount, Value::String(text)) => match amount(text) {
                Some(amount) => self.amount(spec, at, value, amount),
                None => self.misshapen(spec, at, value),
            },
            (
                FieldType::Choices
                | FieldType::TextList
                | FieldType::IntegerList
                | FieldType::CountryList
                | FieldType::NamedIdList
                | FieldType::ObjectList,
                Value::Array(items),
            ) => {
                self.within(spec, at, value, items.len(), "entries");
                for (n, item) in items.iter().enumerate() {
                    self.item(spec, item, &at.item(n));
                }
            }
            _ => self.misshapen(spec, at, value),
        }
    }

    fn item(&mut self, spec: &FieldSpec, item: &Value, at: &FieldPath) {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let fits = match spec.ty {
            FieldType::Choices => match item {
                Value::String(_) | Value::Number(_) => {
                    self.chosen(spec, item, at);
                    true
                }
                _ => false,
            },
            FieldType::TextList | FieldType::CountryList => item.as_str().is_some_and(|t| !t.is_empty()),
            FieldType::IntegerList => is_whole(item),
            // Names are for people; whether one must be there is brand safety's affair.
            FieldType::NamedIdList => text("id").is_some_and(is_id) && item.get("name").is_none_or(Value::is_string),
            FieldType::ObjectList => item.is_object(),
            _ => true,
        };
        if !fits {
            self.shape.push(misshapen(at, &spec.title, item, item_shape(spec.ty)));
        }
    }

    fn chosen(&mut self, spec: &FieldSpec, value: &Value, at: &FieldPath) {
        let word = show_value(value);
        if spec.values.is_empty() || spec.values.contains(&word) {
            return;
        }
        let near = nearest(&word, spec.values.iter().map(String::as_str));
        let choices = near.map_or_else(|| listed(spec.values.iter().map(String::as_str)), str::to_owned);
        self.choice.push(
            Hit::at(at.clone())
                .with("title", &spec.title)
                .with("value", quote(value))
                .with("choices", choices),
        );
    }

    fn number(&mut self, spec: &FieldSpec, at: &FieldPath, number: &serde_json::Number) {
        let n = number.as_i64().map_or(i128::MAX, i128::from);
        let low = spec.min.is_some_and(|min| n < i128::from(min));
        let high = spec.max.is_some_and(|max| n > i128::from(max));
        if low || high {
            self.out(spec, at, number, "");
        }
    }

    fn amount(&mut self, spec: &FieldSpec, at: &FieldPath, value: &Value, amount: Decimal) {
        let low = spec.min.is_some_and(|min| amount < Decimal::from(min));
        let high = spec.max.is_some_and(|max| amount > Decimal::from(max));
        if low || high {
            self.out(spec, at, quote(value), "");
        }
    }

    fn within(&mut self, spec: &FieldSpec, at: &FieldPath, value: &Value, length: usize, unit: &str) {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        if spec.min.is_some_and(|min| length < min) || spec.max.is_some_and(|max| length > max) {
            self.out(spec, at, format!("{} with {length} {unit}", quote(value)), unit);
        }
    }

    fn out(&mut self, spec: &FieldSpec, at: &FieldPath, value: impl ToString, unit: &str) {
        let bound = match (spec.min, spec.max) {
            (Some(min), Some(max)) => format!("{min} to {max} {unit}"),
            (Some(min), None) => format!("at least {min} {unit}"),
            (None, Some(max)) => format!("at most {max} {unit}"),
            (None, None) => String::new(),
        };
        self.bounds.push(
            Hit::at(at.clone())
                .with("title", &spec.title)
                .with("value", value)
                .with("bound", bound.trim_end()),
        );
    }

    fn misshapen(&mut self, spec: &FieldSpec, at: &FieldPath, value: &Value) {
        self.shape.push(misshapen(at, &spec.title, value, shape(spec.ty)));
    }
}

fn misshapen(at: &FieldPath, title: &str, value: &Value, shape: &str) -> Hit {
    Hit::at(at.clone())
        .with("title", title)
        .with("value", quote(value))
        .with("shape", shape)
}

/// A required field that is not there, and why it must be.
fn missing(object: &ObjectSpec, field: &FieldSpec, payload: &Value) -> Option<Hit> {
    let path = format!("{}.{}", object.section, field.path);
    let set = |path: &str| is_set(get_path(payload, path));
    if set(&path) {
        return None;
    }
    let because = match &field.required {
        Required::Never => return None,
        Required::Always => String::new(),
        Required::When { field, any_of } => {
            let other = show_value(get_path(payload, field)?);
            let words: Vec<&str> = other.split(", ").collect();
            let met = any_of.iter().find(|v| words.contains(&v.as_str()))?;
            format!(": it is needed while {field} is {met}")
        }
        Required::Unless { any_set } => {
            if any_set.iter().any(|other| set(other)) {
                return None;
            }
            format!(", and so is {}", any_set.join(", "))
        }
    };
    Some(
        Hit::at(FieldPath::new("payload").field(&path))
            .with("title", &field.title)
            .with("because", because)
            .with("help", &field.help),
    )
}

/// A name the catalogue does not know, with the best guess at what was meant.
fn stranger(at: &FieldPath, name: &str, known: &[&str], elsewhere: Option<&str>) -> Hit {
    let hint = match (nearest(name, known.iter().copied()), elsewhere) {
        (Some(near), _) => format!("write {near}, if that was meant"),
        (None, Some(place)) => format!("it belongs to {place}"),
        (None, None) => format!("take it out; known here: {}", listed(known.iter().copied())),
    };
    Hit::at(at.clone())
        .with("name", excerpt(name, QUOTE))
        .with("hint", hint)
}

/// Names one level below a dotted path of an object, without repeats.
fn below<'o>(object: &'o ObjectSpec, prefix: &str) -> impl Iterator<Item = &'o str> {
    let mut names: Vec<&str> = Vec::new();
    for field in &object.fields {
        let rest = if prefix.is_empty() {
            Some(field.path.as_str())
        } else {
            field.path.strip_prefix(prefix).and_then(|r| r.strip_prefix('.'))
        };
        if let Some(name) = rest.and_then(|r| r.split('.').next())
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names.into_iter()
}

/// Where else in the catalogue a field of this name lives: `ad_set.targeting`.
fn elsewhere(catalogue: &Catalogue, name: &str) -> Option<String> {
    catalogue.objects.iter().find_map(|object| {
        let field = object.fields.iter().find(|f| f.path.rsplit('.').next() == Some(name))?;
        Some(match field.path.rsplit_once('.') {
            Some((parent, _)) => format!("{}.{parent}", object.section),
            None => object.section.clone(),
        })
    })
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let all: Vec<&str> = names.collect();
    let mut text = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED {
        text.push_str(", ...");
    }
    text
}

/// The known name a typing error away, without regard to case.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_ascii_lowercase();
    let most = if name.len() < 6 { 1 } else { 2 };
    known
        .map(|k| (distance(&name, &k.to_ascii_lowercase()), k))
        .filter(|(d, _)| *d <= most)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// Edits between two words (Levenshtein). Bounded by the field names' own length; a long stranger is cut off first.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            let cost = usize::from(ca != *cb);
            left = (diagonal + cost).min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// True for a value that says something.
fn is_set(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(_) => true,
    }
}

fn is_whole(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|r| r.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !host.contains('@') && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn amount(text: &str) -> Option<Decimal> {
    let plain = !text.is_empty() && text.len() <= 24 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|_| plain)
}

const fn shape(ty: FieldType) -> &'static str {
    match ty {
        FieldType::Text => "text in quotes",
        FieldType::Url => "a web address starting with https://",
        FieldType::Integer => "a whole number without quotes",
        FieldType::Bool => "true or false without quotes",
        FieldType::Choice => "one of the platform's words in quotes",
        FieldType::Choices => "a list of the platform's words",
        FieldType::TextList => "a list of texts",
        FieldType::IntegerList => "a list of whole numbers",
        FieldType::CountryList => "a list of countries such as [\"US\"]",
        FieldType::Id => "an id: digits in quotes",
        FieldType::NamedIdList => "a list of {\"id\": \"..\", \"name\": \"..\"}",
        FieldType::Amount => "an amount in quotes, such as \"1200.00\"",
        FieldType::Object => "an object",
        FieldType::ObjectList => "a list of objects",
        FieldType::File => "a file that was taken in",
    }
}

const fn item_shape(ty: FieldType) -> &'static str {
    match ty {
        FieldType::TextList => "text in quotes",
        FieldType::CountryList => "a country in quotes, such as \"US\"",
        FieldType::IntegerList => "a whole number without quotes",
        FieldType::NamedIdList => "{\"id\": \"..\", \"name\": \"..\"} with the id's digits in quotes",
        FieldType::ObjectList => "an object",
        _ => "one of the platform's words in quotes",
    }
}
