//! The payload a ticket ends up with: what the form would start with, what a file says over it, single fields over
//! that.

use std::path::Path;

use serde_json::{Map, Value};

use crate::{
    cli::failure::Failure,
    engine::model::{
        asset::{is_file_key, named},
        catalogue::{Catalogue, parse_value, set_path},
        refusal::Problem,
        sanitise::excerpt,
    },
    textfile::TextFile,
};

/// Lays `over` on `base`: objects merge, everything else replaces, `null` takes a field away.
pub fn overlay(base: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (_, Value::Null) => {
                base.remove(&key);
            }
            (Some(Value::Object(into)), Value::Object(from)) => overlay(into, from),
            (_, Value::Object(from)) => {
                // Through `overlay`, so that a `null` deeper down does not stay behind.
                let mut into = Map::new();
                overlay(&mut into, from);
                base.insert(key, Value::Object(into));
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Sets single fields from `path=value`, each read the way the catalogue says.
pub fn set(base: &mut Map<String, Value>, catalogue: &Catalogue, sets: &[String], problems: &mut Vec<Problem>) {
    for text in sets {
        let Some((path, value)) = text.split_once('=') else {
            problems.push(Problem::at(
                "set",
                format!("\"{}\" is not FIELD=VALUE", excerpt(text, 60)),
                "such as ad_set.targeting.age_min=21",
            ));
            continue;
        };
        let path = path.trim().trim_start_matches("payload.");
        let Some((_, field)) = catalogue.field(path) else {
            problems.push(unknown(catalogue, path));
            continue;
        };
        match parse_value(field, value) {
            Ok(value) => set_path(base, path, value),
            Err(reason) => problems.push(Problem::at(
                format!("payload.{}", excerpt(path, 80)).as_str(),
                reason,
                field.help.clone(),
            )),
        }
    }
}

/// The payload fields in a file.
pub fn read(path: &Path) -> Result<Map<String, Value>, Failure> {
    let mut fields = TextFile::read(path)?.parse()?;
    anchor(&mut fields, folder_of(path));
    Ok(fields)
}

/// Makes the paths of files in a payload count from a folder: that of the file they are written in.
pub fn anchor(fields: &mut Map<String, Value>, folder: &Path) {
    for (key, value) in fields {
        match value {
            Value::Object(inner) => anchor(inner, folder),
            Value::String(text) if is_file_key(key) && !text.trim().is_empty() && named(text).is_none() => {
                // An absolute path stays as it is.
                *text = folder.join(text.trim()).display().to_string();
            }
            _ => {}
        }
    }
}

/// The folder a file is in; standard input counts from where the program runs.
pub fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or_else(|| Path::new(""))
}

/// Takes single fields away. Fields the platform does not know may be taken away too: that is how they get out.
pub fn unset(base: &mut Map<String, Value>, paths: &[String]) {
    for path in paths {
        let path = path.trim().trim_start_matches("payload.");
        let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
        let mut at = Some(&mut *base);
        for part in parents.split('.').filter(|p| !p.is_empty()) {
            at = at.and_then(|m| m.get_mut(part)).and_then(Value::as_object_mut);
        }
        if let Some(map) = at {
            map.remove(last);
        }
    }
}

/// Names the fields that look like it, or else the objects.
fn unknown(catalogue: &Catalogue, path: &str) -> Problem {
    let last = path.rsplit('.').next().unwrap_or(path);
    let like: Vec<_> = catalogue
        .objects
        .iter()
        .flat_map(|o| o.fields.iter().map(move |f| format!("{}.{}", o.section, f.path)))
        .filter(|known| known.rsplit('.').next().is_some_and(|k| k == last || k.contains(last)))
        .take(5)
        .collect();
    let remedy = if like.is_empty() {
        let sections: Vec<_> = catalogue.objects.iter().map(|o| o.section.as_str()).collect();
        format!("fields begin with one of: {}", sections.join(", "))
    } else {
        format!("do you mean {}?", like.join(", "))
    };
    let path = excerpt(path, 80);
    Problem::at(
        format!("payload.{path}").as_str(),
        format!("\"{path}\" is not a field of this platform"),
        remedy,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn objects_merge_the_rest_replaces_null_removes() {
        let mut base = map(json!({"ad_set": {"a": 1, "b": [1, 2], "c": {"d": 1}}}));
        overlay(
            &mut base,
            map(json!({"ad_set": {"a": null, "b": [3], "c": {"e": 2}}, "ad": {"x": null, "y": 1}})),
        );
        assert_eq!(
            Value::Object(base),
            json!({"ad_set": {"b": [3], "c": {"d": 1, "e": 2}}, "ad": {"y": 1}})
        );
    }

    #[test]
    fn files_count_from_the_file_they_are_written_in() {
        let hash = format!("hero.jpg sha256:{}", "0".repeat(64));
        let mut fields = map(json!({"ad": {
            "image_file": "hero.jpg", "video_file": "/abs/film.mp4", "other_file": hash, "text": "hero.jpg",
        }}));
        anchor(&mut fields, folder_of(Path::new("tickets/one.toml")));
        assert_eq!(
            Value::Object(fields),
            json!({"ad": {
                "image_file": "tickets/hero.jpg", "video_file": "/abs/film.mp4", "other_file": hash, "text": "hero.jpg",
            }})
        );
    }

    #[test]
    fn unset_finds_its_way() {
        let mut base = map(json!({"a": {"b": {"c": 1, "d": 2}}, "e": 1}));
        unset(&mut base, &["a.b.c".into(), "payload.e".into(), "no.such.thing".into()]);
        assert_eq!(Value::Object(base), json!({"a": {"b": {"d": 2}}}));
    }
}
