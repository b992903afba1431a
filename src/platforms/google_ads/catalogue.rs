//! The field catalogue, read once from `assets/platforms/google_ads/catalogue.toml`.

use std::sync::LazyLock;

use crate::engine::model::catalogue::Catalogue;

fn load() -> Result<Catalogue, toml::de::Error> {
    toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/google_ads/catalogue.toml"
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

/// Google Ads' fields.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::model::catalogue::{FieldSpec, FieldType, Required, parse_value},
        platforms::google_ads::spec,
    };

    fn fields() -> impl Iterator<Item = (&'static str, &'static FieldSpec)> {
        catalogue()
            .objects
            .iter()
            .flat_map(|o| o.fields.iter().map(move |f| (o.section.as_str(), f)))
    }

    /// Google's own paths are in lowerCamelCase; one word alone is Google's when its object has it.
    fn is_ours(path: &str) -> bool {
        path.contains('_')
            || [
                "bidding.strategy",
                "locations",
                "languages",
                "keywords",
                "headlines",
                "description",
                "path",
            ]
            .iter()
            .any(|p| path.starts_with(p))
    }

    #[test]
    fn it_loads() {
        assert_eq!(
            load().map(|c| c.objects.len()).map_err(|e| e.message().to_owned()),
            Ok(3)
        );
    }

    #[test]
    fn every_path_of_googles_stands_in_the_specification_with_its_words() {
        let mut compared = 0;
        for (section, field) in fields() {
            assert!(!field.help.is_empty() && !field.source.is_empty());
            if is_ours(&field.path) {
                continue;
            }
            let message = match section {
                "campaign" => "resources.Campaign",
                "ad_group" => "resources.AdGroup",
                _ => "resources.Ad",
            };
            let found = spec::field_at(message, &field.path)
                .unwrap_or_else(|| panic!("{section}.{} is not in the specification", field.path));
            for word in &field.values {
                let words = found.enumeration.as_deref().and_then(spec::enum_values);
                assert!(words.is_some_and(|w| w.contains(word)), "{word}");
                compared += 1;
            }
        }
        assert!(compared >= 6, "only {compared} words were compared");
    }

    #[test]
    fn defaults_parse_and_conditions_point_at_fields() {
        for (section, field) in fields() {
            if let Some(default) = &field.default {
                parse_value(field, default).unwrap_or_else(|e| panic!("{section}.{}: {e}", field.path));
            }
            match &field.required {
                Required::When { field: other, any_of } => {
                    let (_, spec) = catalogue().field(other).unwrap();
                    assert!(any_of.iter().all(|v| spec.values.contains(v)), "{other}");
                }
                Required::Unless { any_set } => assert!(any_set.iter().all(|p| catalogue().field(p).is_some())),
                Required::Always | Required::Never => {}
            }
            assert_eq!(
                field.ty == FieldType::Choice,
                !field.values.is_empty(),
                "{}",
                field.path
            );
        }
    }
}
