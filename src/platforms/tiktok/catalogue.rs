//! The field catalogue, read once from `assets/platforms/tiktok/catalogue.toml`.

use std::sync::LazyLock;

use crate::engine::model::catalogue::Catalogue;

fn load() -> Result<Catalogue, toml::de::Error> {
    toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/tiktok/catalogue.toml"
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

/// TikTok's fields.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::model::catalogue::{FieldSpec, FieldType, Required, parse_value},
        platforms::tiktok::spec::{fields, words},
    };

    /// Paths that are ours, not TikTok's (the file's header explains each).
    const OURS: [&str; 6] = [
        "ad.image_file",
        "ad.video_file",
        "campaign.budget_level",
        "ad_group.locations.countries",
        "ad_group.locations.places",
        "ad_group.interests",
    ];

    fn all() -> impl Iterator<Item = (&'static str, &'static FieldSpec)> {
        catalogue()
            .objects
            .iter()
            .flat_map(|o| o.fields.iter().map(move |f| (o.section.as_str(), f)))
    }

    fn body(section: &str) -> &'static str {
        match section {
            "campaign" => "CampaignCreateBody",
            "ad_group" => "AdgroupCreateBody",
            _ => "AdcreateCreatives",
        }
    }

    #[test]
    fn it_loads() {
        let objects = load().map(|c| c.objects.len()).map_err(|e| e.message().to_owned());
        assert_eq!(objects, Ok(3));
    }

    #[test]
    fn every_path_stands_in_the_specification_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (section, field) in all() {
            let full = format!("{section}.{}", field.path);
            assert!(seen.insert(full.clone()), "{full} stands twice");
            let known = fields(body(section)).unwrap().iter().any(|f| f.name == field.path);
            assert_eq!(known, !OURS.contains(&full.as_str()), "{full}");
            assert!(
                !field.help.is_empty() && !field.source.is_empty(),
                "{full} explains nothing"
            );
        }
    }

    #[test]
    fn every_word_stands_in_the_specifications_enumeration() {
        let mut checked = 0;
        for (section, field) in all().filter(|(_, f)| !f.values.is_empty()) {
            if let Some(words) = words(body(section), &field.path) {
                for v in &field.values {
                    assert!(words.contains(v), "{section}.{}: {v} is no word of it", field.path);
                }
                checked += 1;
            }
        }
        assert!(checked >= 20, "only {checked} enumerations were compared");
    }

    #[test]
    fn defaults_parse_and_conditions_point_at_fields() {
        for (section, field) in all() {
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
                        assert!(catalogue().field(other).is_some(), "{other} is no field");
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
