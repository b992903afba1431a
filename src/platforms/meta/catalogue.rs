//! The field catalogue, read once from `assets/platforms/meta/catalogue.toml`.

use std::sync::LazyLock;

use crate::engine::model::catalogue::Catalogue;

fn load() -> Result<Catalogue, toml::de::Error> {
    toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/meta/catalogue.toml"
    )))
}

/// The file is part of the program and a test loads it; were it broken, the form would be empty and QA refuse all.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    load().unwrap_or_else(|_| Catalogue {
        version: String::new(),
        checked: String::new(),
        objects: Vec::new(),
    })
});

/// Meta's fields.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::model::catalogue::{FieldSpec, FieldType, Required, parse_value},
        platforms::{
            Method,
            meta::spec::{enum_values, object_fields, operations},
        },
    };

    /// Paths that are ours, not Meta's (the file's header explains each).
    const OURS: [&str; 3] = ["campaign.budget_level", "creative.image_file", "creative.video_file"];

    fn fields() -> impl Iterator<Item = (&'static str, &'static FieldSpec)> {
        catalogue()
            .objects
            .iter()
            .flat_map(|o| o.fields.iter().map(move |f| (o.section.as_str(), f)))
    }

    /// The specification's type at a path of a section, walking through the objects.
    fn spec_type(section: &str, path: &str) -> Option<String> {
        let edge = match section {
            "campaign" => "campaigns",
            "ad_set" => "adsets",
            "creative" => "adcreatives",
            _ => "ads",
        };
        let operation = operations(Method::Post, &format!("/act_1/{edge}")).next().unwrap();
        let mut parts = path.split('.');
        let mut ty = operation.param_type(parts.next()?)?.to_owned();
        for part in parts {
            ty.clone_from(object_fields(&ty)?.get(part)?);
        }
        Some(ty)
    }

    #[test]
    fn it_loads() {
        assert_eq!(
            load().map(|c| c.objects.len()).map_err(|e| e.message().to_owned()),
            Ok(4)
        );
        assert_eq!(catalogue().objects.len(), 4);
    }

    #[test]
    fn every_path_stands_in_the_specification_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (section, field) in fields() {
            let full = format!("{section}.{}", field.path);
            assert!(seen.insert(full.clone()), "{full} stands twice");
            if !OURS.contains(&full.as_str()) {
                assert!(
                    spec_type(section, &field.path).is_some(),
                    "{full} is not in the specification"
                );
            }
            assert!(
                !field.help.is_empty() && !field.source.is_empty(),
                "{full} explains nothing"
            );
        }
    }

    #[test]
    fn every_word_stands_in_the_specifications_enumeration() {
        let mut checked = 0;
        for (section, field) in fields().filter(|(_, f)| !f.values.is_empty()) {
            let ty = spec_type(section, &field.path).unwrap_or_default();
            let name = ty.trim_start_matches("list<").trim_end_matches('>');
            if let Some(words) = enum_values(name) {
                for v in &field.values {
                    assert!(
                        words.contains(v),
                        "{section}.{}: {v} is not a word of {name}",
                        field.path
                    );
                }
                checked += 1;
            }
        }
        assert!(checked >= 9, "only {checked} enumerations were compared");
    }

    #[test]
    fn defaults_parse_and_conditions_point_at_fields() {
        let known = |path: &str| {
            catalogue().field(path).is_some()
                // An object may be asked for as a whole.
                || path.split_once('.').is_some_and(|(s, p)| spec_type(s, p).is_some())
        };
        for (section, field) in fields() {
            if let Some(default) = &field.default {
                parse_value(field, default).unwrap_or_else(|e| panic!("{section}.{}: {e}", field.path));
            }
            match &field.required {
                Required::When { field: other, any_of } => {
                    let (_, spec) = catalogue()
                        .field(other)
                        .unwrap_or_else(|| panic!("{other} is no field"));
                    for v in any_of {
                        assert!(spec.values.contains(v), "{other} cannot be {v}");
                    }
                }
                Required::Unless { any_set } => {
                    for other in any_set {
                        assert!(known(other), "{other} is no field");
                    }
                }
                Required::Always | Required::Never => {}
            }
            if matches!(field.ty, FieldType::Choice | FieldType::Choices) {
                assert!(!field.values.is_empty(), "{section}.{} has no words", field.path);
            }
        }
    }
}
