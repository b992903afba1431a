//! Texts and addresses.

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::{Case, Edit, Fix};
use crate::engine::model::{catalogue::FieldType, sanitise::excerpt};

/// Spaces at the ends, several in a row, or ones nobody sees: they come along when text is pasted.
pub fn stray_spaces(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let is_address = spec.ty == FieldType::Url;
    let clean = each_text(value?, &|text| tidy(text, is_address))?;
    if clean == *value? {
        return None;
    }
    let because = format!("{} has spaces that do not belong there", spec.title);
    Some(Fix::one(Edit::Set(path, clean), because))
}

/// A text longer than the field takes: cut after the last whole word that fits.
pub fn text_over_limit(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let max = usize::try_from(spec.max?).ok()?;
    let text = value?.as_str().filter(|_| spec.ty == FieldType::Text)?;
    let cut = cut(text, max)?;
    let because = format!(
        "{} has {} characters, at most {max} fit; cut to \"{}\"",
        spec.title,
        length(text),
        excerpt(&cut, 40)
    );
    Some(Fix::one(Edit::Set(path, json!(cut)), because))
}

/// `www.example.com/x` where an address with its scheme is wanted. What is no host is left alone.
pub fn address_without_scheme(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    let text = value?.as_str().filter(|_| spec.ty == FieldType::Url)?;
    let host = text.split(['/', '?', '#']).next().unwrap_or("");
    let is_host = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if text.contains(':') || text.contains(char::is_whitespace) || !is_host {
        return None;
    }
    let because = format!("{} names no scheme; https:// is put in front", spec.title);
    Some(Fix::one(Edit::Set(path, json!(format!("https://{text}"))), because))
}

/// Width as platforms count it: East Asian characters count twice.
pub fn length(text: &str) -> usize {
    text.width().max(text.chars().count())
}

/// A text cut to at most `max`, between words; `None` when it fits already or no word does.
pub fn cut(text: &str, max: usize) -> Option<String> {
    if length(text) <= max {
        return None;
    }
    let mut kept = String::new();
    let mut whole = 0;
    for word in text.split_word_bounds() {
        if length(&kept) + length(word) > max {
            break;
        }
        kept.push_str(word);
        whole = kept.len();
    }
    kept.truncate(whole);
    // A cut leaves no open end: "toys and" and "toys -" read as a mistake, but only signs are surely one.
    let end = kept.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '\u{2013}' | '\u{2014}' | '&' | '(')
    });
    (!end.is_empty()).then(|| end.to_owned())
}

/// A value with every text in it changed; `None` for what holds no texts alone.
pub fn each_text(value: &Value, change: &dyn Fn(&str) -> String) -> Option<Value> {
    match value {
        Value::String(text) => Some(json!(change(text))),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            Some(items.iter().filter_map(Value::as_str).map(change).collect())
        }
        _ => None,
    }
}

fn tidy(text: &str, is_address: bool) -> String {
    let seen: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
        .collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    // A blank inside an address means a blank; what is no address is left as it is.
    match (is_address, text.contains("://")) {
        (false, _) => words.join(" "),
        (true, true) => words.join("%20"),
        (true, false) => seen.trim().to_owned(),
    }
}
