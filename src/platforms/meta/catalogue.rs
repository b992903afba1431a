//! The field catalogue, read once from `assets/platforms/meta/catalogue.toml`.

use std::sync::LazyLock;

use crate::{engine::model::catalogue::Catalogue, platforms::common::tables};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    tables::catalogue(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/meta/catalogue.toml"
    )))
});

/// Meta's fields.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::{
        Method,
        common::testing::{check_catalogue, fields_of},
        meta::spec::{enum_values, object_fields, operations},
    };

    /// Paths that are ours, not Meta's (the file's header explains each).
    const OURS: [&str; 3] = ["campaign.budget_level", "creative.image_file", "creative.video_file"];

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
    fn every_path_stands_in_the_specification() {
        for (section, field) in fields_of(catalogue()) {
            let full = format!("{section}.{}", field.path);
            if !OURS.contains(&full.as_str()) {
                assert!(
                    spec_type(section, &field.path).is_some(),
                    "{full} is not in the specification"
                );
            }
        }
    }

    #[test]
    fn every_word_stands_in_the_specifications_enumeration() {
        let mut checked = 0;
        for (section, field) in fields_of(catalogue()).filter(|(_, f)| !f.values.is_empty()) {
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
    fn it_loads_and_holds_together() {
        assert_eq!(catalogue().objects.len(), 4);
        check_catalogue(catalogue(), |path| {
            path.split_once('.').is_some_and(|(s, p)| spec_type(s, p).is_some())
        });
    }
}
