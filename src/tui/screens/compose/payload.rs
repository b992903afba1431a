//! A platform's fields in a form: from a payload and a catalogue to fields, and back.
//!
//! What the catalogue does not know, and what nobody touched, goes through untouched: somebody may have pasted it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    engine::model::{
        catalogue::{Catalogue, FieldSpec, FieldType, Required, get_path, parse_value, set_path, show_value},
        sanitise::sanitise,
    },
    tui::form::{Choice, Field, Form},
};

/// In front of every key of a payload's field, as in the paths of findings.
pub const PREFIX: &str = "payload.";
/// The key of the field that unfolds the optional ones.
pub const FOLD: &str = "fold";

/// The key of the field that holds the payload as it was taken over from its text; never shown.
pub const TEXT: &str = "payload_text";
/// The key of the field that holds text that was typed and not taken over; never shown.
pub const TYPED: &str = "payload_typed";

/// Longest text of a field.
const TEXT_MAX: usize = 5000;
/// Longest JSON of a field.
const JSON_MAX: usize = 16_000;

/// A field's key in the form.
pub fn key(section: &str, path: &str) -> String {
    format!("{PREFIX}{section}.{path}")
}

/// A field as people know it, with its path when that says more: `Page (creative.object_story_spec.page_id)`.
pub fn named(catalogue: Option<&Catalogue>, path: &str) -> String {
    let inner = path.strip_prefix(PREFIX).unwrap_or(path);
    let fields = catalogue.iter().flat_map(|c| &c.objects).flat_map(|o| {
        let full = |f: &FieldSpec| (format!("{}.{}", o.section, f.path), f.title.clone());
        o.fields.iter().map(full)
    });
    let of_platform = fields
        .filter(|(full, _)| is_under(inner, full))
        .max_by_key(|(full, _)| full.len())
        .map(|(_, title)| title);
    let title = of_platform.or_else(|| {
        let own = match path {
            "" => "the ticket",
            "name" => "Name",
            "campaign" => "Campaign",
            "channel" => "Channel",
            "account" => "Account",
            "target" => "Changes",
            "flight" => "Flight",
            "flight.start" => "First day",
            "flight.end" => "Last day",
            p if is_under(p, "budget") => "Budget",
            _ => return None,
        };
        Some(own.to_owned())
    });
    match title {
        Some(title) if path.is_empty() || title.eq_ignore_ascii_case(inner) => title,
        Some(title) => format!("{title} ({inner})"),
        None => inner.to_owned(),
    }
}

/// True when `path` is `of` or something below it.
pub fn is_under(path: &str, of: &str) -> bool {
    path.strip_prefix(of)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A value as the form shows it: lists as people write them, objects as JSON.
pub fn shown(spec: &FieldSpec, value: &Value) -> String {
    match spec.ty {
        FieldType::Object | FieldType::ObjectList => value.to_string(),
        FieldType::Bool => match value {
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            other => show_value(other),
        },
        _ => show_value(value),
    }
}

/// Every field of the catalogue, with a heading for each object, filled from a payload.
pub fn fields(catalogue: &Catalogue, payload: &Value) -> Vec<Field> {
    let mut out = Vec::new();
    for object in &catalogue.objects {
        let key_of = format!("{PREFIX}{}", object.section);
        out.push(Field::heading(&key_of, &object.word.to_uppercase()));
        let section = payload.get(&object.section);
        for spec in &object.fields {
            let value = section.and_then(|s| get_path(s, &spec.path));
            let text = value.map(|v| shown(spec, v)).unwrap_or_default();
            out.push(field(&key(&object.section, &spec.path), spec, &text));
        }
    }
    out
}

/// One field of the catalogue, with a value.
pub fn field(key: &str, spec: &FieldSpec, text: &str) -> Field {
    let field = match spec.ty {
        FieldType::Choice => {
            let options = spec.values.iter().map(|v| Choice::new(v, v, "")).collect();
            Field::choice(key, &spec.title, options, Some(text))
        }
        FieldType::Bool => {
            let options = vec![Choice::new("yes", "yes", ""), Choice::new("no", "no", "")];
            Field::choice(key, &spec.title, options, Some(text))
        }
        FieldType::Text if text.contains('\n') => Field::area(key, &spec.title, text),
        FieldType::Object | FieldType::ObjectList => Field::text(key, &spec.title, JSON_MAX, text),
        _ => Field::text(key, &spec.title, TEXT_MAX, text),
    };
    let help = match spec.ty {
        FieldType::Choices => format!("{} One or more of {}.", spec.help, spec.values.join(", ")),
        FieldType::TextList | FieldType::IntegerList | FieldType::CountryList | FieldType::NamedIdList => {
            format!("{} Commas between several.", spec.help)
        }
        _ => spec.help.clone(),
    };
    field.help(&help).shaped(spec)
}

/// True when the platform wants the field, the other fields being as `value` says (by path from the payload's root).
pub fn is_required(spec: &FieldSpec, value: impl Fn(&str) -> String) -> bool {
    match &spec.required {
        Required::Always => true,
        Required::Never => false,
        Required::When { field, any_of } => value(field).split(", ").any(|v| any_of.iter().any(|a| a == v)),
        Required::Unless { any_set } => any_set.iter().all(|path| value(path).is_empty()),
    }
}

/// Folds away what is optional and not set, marks what is required, and says how much is folded.
pub fn fold(form: &mut Form, catalogue: &Catalogue) {
    let unfolded = form.value(FOLD) == "yes";
    let focused = form.focused().map(|f| f.key.clone());
    let mut folded = 0_usize;
    for object in &catalogue.objects {
        let mut visible = false;
        for spec in &object.fields {
            let key = key(&object.section, &spec.path);
            let required = is_required(spec, |path| form.value(&format!("{PREFIX}{path}")));
            let Some(field) = form.field_mut(&key) else { continue };
            let mark = if required { " *" } else { "" };
            field.label = sanitise(&format!("{}{mark}", spec.title));
            let idle = !required
                && !spec.common
                && field.value().is_empty()
                && field.problem.is_none()
                && field.remark.as_str().is_empty()
                && focused.as_deref() != Some(key.as_str());
            folded += usize::from(idle);
            field.hidden = idle && !unfolded;
            visible |= !field.hidden;
        }
        if let Some(heading) = form.field_mut(&format!("{PREFIX}{}", object.section)) {
            heading.hidden = !visible;
        }
    }
    if let Some(field) = form.field_mut(FOLD) {
        field.hidden = catalogue.objects.is_empty();
        field.label = sanitise("All fields");
        field.help = sanitise(&format!(
            "Space shows the optional fields that are not set ({folded}); Ctrl-f goes to one. * is wanted before QA passes."
        ));
    }
}

/// The fold's own field.
pub fn fold_field() -> Field {
    Field::flag(FOLD, "All fields", false).hidden(true)
}

/// What every field of a form holds, by key: what later changes are measured against.
pub fn snapshot(form: &Form) -> BTreeMap<String, String> {
    form.fields.iter().map(|f| (f.key.clone(), f.value())).collect()
}

/// The fields that hold the payload's text while a form is open.
pub fn text_fields() -> [Field; 2] {
    [TEXT, TYPED].map(|key| Field::area(key, "Payload as text", "").hidden(true))
}

/// True for a field nobody sees: it holds the payload's text.
pub fn is_text(key: &str) -> bool {
    key == TEXT || key == TYPED
}

/// Puts a payload that was written as text into the form. Returns the keys of the fields that changed. The text itself
/// is kept: what no field stands for goes through with it.
pub fn take_text(form: &mut Form, catalogue: &Catalogue, value: &Value) -> Vec<String> {
    let mut changed = Vec::new();
    for object in &catalogue.objects {
        for spec in &object.fields {
            let key = key(&object.section, &spec.path);
            let text = value
                .get(&object.section)
                .and_then(|s| get_path(s, &spec.path))
                .map(|v| shown(spec, v))
                .unwrap_or_default();
            let Some(now) = form.field_mut(&key) else { continue };
            let fresh = field(&key, spec, &text);
            if now.value() == fresh.value() {
                continue;
            }
            // The kind may be another: text of several lines is written in several lines.
            now.kind = fresh.kind;
            now.problem = None;
            changed.push(key);
        }
    }
    if let Some(text) = form.field_mut(TEXT) {
        text.set(&value.to_string());
        changed.push(TEXT.to_owned());
    }
    changed
}

/// What others changed in a payload, laid under what was written here: what nobody here touched follows them.
pub fn merged(base: Option<&Value>, theirs: Option<&Value>, mine: Option<&Value>) -> Option<Value> {
    if mine == base || mine == theirs {
        return theirs.cloned();
    }
    if theirs == base {
        return mine.cloned();
    }
    let (Some(Value::Object(t)), Some(Value::Object(m))) = (theirs, mine) else {
        return mine.cloned();
    };
    let none = Map::new();
    let b = base.and_then(Value::as_object).unwrap_or(&none);
    let keys: std::collections::BTreeSet<&String> = t.keys().chain(m.keys()).collect();
    let mut out = Map::new();
    for key in keys {
        if let Some(value) = merged(b.get(key), t.get(key), m.get(key)) {
            out.insert(key.clone(), value);
        }
    }
    Some(Value::Object(out))
}

/// The payload a form describes: `start` with every field that is not as in `base` set or taken out. Where it was written
/// as text, the text takes the place of both.
pub fn gather(form: &Form, catalogue: &Catalogue, start: &Value, base: &BTreeMap<String, String>) -> Value {
    match serde_json::from_str::<Value>(&form.value(TEXT)) {
        Ok(text) if text.is_object() => {
            let own = Form::new("", "", fields(catalogue, &text));
            laid_over(form, catalogue, &text, &snapshot(&own))
        }
        _ => laid_over(form, catalogue, start, base),
    }
}

/// As [`gather`], past the text.
pub fn laid_over(form: &Form, catalogue: &Catalogue, start: &Value, base: &BTreeMap<String, String>) -> Value {
    let mut root = start.as_object().cloned().unwrap_or_default();
    for object in &catalogue.objects {
        root.entry(object.section.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        for spec in &object.fields {
            let key = key(&object.section, &spec.path);
            let text = form.value(&key);
            if text == base.get(&key).map_or("", String::as_str) {
                continue;
            }
            let path = format!("{}.{}", object.section, spec.path);
            if text.trim().is_empty() {
                remove_path(&mut root, &path);
            } else if let Ok(value) = parse_value(spec, &text) {
                // What cannot be parsed never gets here: the form holds it back.
                set_path(&mut root, &path, value);
            }
        }
    }
    Value::Object(root)
}

/// Takes a value out; objects left empty on the way go too, sections stay.
pub fn remove_path(root: &mut Map<String, Value>, path: &str) {
    let Some((head, rest)) = path.split_once('.') else {
        root.remove(path);
        return;
    };
    if let Some(Value::Object(inner)) = root.get_mut(head) {
        remove_path(inner, rest);
        let section = rest.split_once('.').is_none() && inner.is_empty();
        if section || (inner.is_empty() && rest.contains('.')) {
            root.remove(head);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn catalogue() -> Catalogue {
        let file = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/platforms/meta/catalogue.toml"
        ));
        toml::from_str(file).unwrap()
    }

    fn form(payload: &Value) -> Form {
        let mut fields = fields(&catalogue(), payload);
        fields.push(fold_field());
        let mut form = Form::new("", "", fields);
        fold(&mut form, &catalogue());
        form
    }

    #[test]
    fn what_nobody_touches_goes_through_untouched() {
        let payload = json!({
            "campaign": {"objective": "OUTCOME_TRAFFIC", "own": {"a": [1, 2]}},
            "ad_set": {"targeting": {"age_min": 21, "interests": [{"id": "6", "name": "Movies"}], "geo_locations": {"cities": [{"key": "1"}]}}},
            "creative": {"object_story_spec": {"link_data": {"message": "one\ntwo"}}},
            "ad": {},
        });
        let form = form(&payload);
        assert_eq!(gather(&form, &catalogue(), &payload, &snapshot(&form)), payload);
    }

    #[rstest::rstest]
    #[case(
        "payload.creative.object_story_spec.page_id",
        "Page (creative.object_story_spec.page_id)"
    )]
    #[case(
        "payload.ad_set.targeting.interests[2].id",
        "Interests (ad_set.targeting.interests[2].id)"
    )]
    #[case("payload.ad_set.own", "ad_set.own")]
    #[case("budget.amount", "Budget (budget.amount)")]
    #[case("budget", "Budget")]
    #[case("", "the ticket")]
    fn fields_are_called_as_people_know_them(#[case] path: &str, #[case] words: &str) {
        assert_eq!(named(Some(&catalogue()), path), words);
    }

    #[test]
    fn common_fields_are_shown_though_nothing_is_set() {
        let form = form(&json!({}));
        let hidden = |path: &str| form.field(&format!("{PREFIX}{path}")).unwrap().hidden;
        assert!(!hidden("ad_set.targeting.interests") && hidden("ad_set.targeting.behaviors"));
    }

    #[test]
    fn changes_set_and_take_out_exactly_their_fields() {
        let payload = json!({"ad_set": {"targeting": {"age_min": 21, "geo_locations": {"countries": ["US"]}}}});
        let mut form = form(&payload);
        let base = snapshot(&form);
        form.field_mut("payload.ad_set.targeting.geo_locations.countries")
            .unwrap()
            .set("");
        form.field_mut("payload.ad_set.targeting.age_min").unwrap().set("25");
        form.field_mut("payload.ad_set.targeting.interests")
            .unwrap()
            .set("6:Movies, 7:Music");
        let after = gather(&form, &catalogue(), &payload, &base);
        assert_eq!(
            after["ad_set"]["targeting"],
            json!({"age_min": 25, "interests": [{"id": "6", "name": "Movies"}, {"id": "7", "name": "Music"}]})
        );
    }

    #[test]
    fn optional_fields_are_folded_until_wanted() {
        let mut form = form(&json!({}));
        let hidden = |f: &Form, path: &str| f.field(&format!("payload.{path}")).unwrap().hidden;
        assert!(hidden(&form, "ad_set.bid_amount") && hidden(&form, "ad"));
        assert!(!hidden(&form, "campaign.objective"));
        // What another field makes necessary shows itself.
        form.field_mut("payload.campaign.bid_strategy").unwrap().set("COST_CAP");
        fold(&mut form, &catalogue());
        assert!(!hidden(&form, "ad_set.bid_amount"));
        form.field_mut(FOLD).unwrap().set("yes");
        fold(&mut form, &catalogue());
        assert!(!hidden(&form, "ad.tracking_specs"));
    }

    #[rstest::rstest]
    #[case::number("ad_set.targeting.age_min", "young", true)]
    #[case::too_young("ad_set.targeting.age_min", "12", true)]
    #[case::named_ids("ad_set.targeting.interests", "Movies", true)]
    #[case::good("ad_set.targeting.interests", "6:Movies, 7:Music", false)]
    #[case::words("campaign.special_ad_categories", "NONE, JUNK", true)]
    fn what_the_platform_cannot_take_is_said_at_the_field(#[case] path: &str, #[case] text: &str, #[case] bad: bool) {
        let mut form = form(&json!({}));
        let field = form.field_mut(&format!("payload.{path}")).unwrap();
        field.set(text);
        field.settle("2026-11-20".parse().unwrap());
        assert_eq!(field.problem.is_some(), bad, "{:?}", field.problem);
    }
}
