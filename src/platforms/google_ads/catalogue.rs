//! The field catalogue, read once from `assets/platforms/google_ads/catalogue.toml`.

use std::sync::LazyLock;

use crate::{engine::model::catalogue::Catalogue, platforms::common::tables};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    tables::catalogue(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/google_ads/catalogue.toml"
    )))
});

/// Google Ads' fields.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::model::catalogue::FieldType,
        platforms::{
            common::testing::{check_catalogue, fields_of},
            google_ads::spec,
        },
    };

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
    fn every_path_of_googles_stands_in_the_specification_with_its_words() {
        let mut compared = 0;
        for (section, field) in fields_of(catalogue()) {
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
    fn it_loads_and_holds_together() {
        assert_eq!(catalogue().objects.len(), 3);
        check_catalogue(catalogue(), |_| false);
        for (_, field) in fields_of(catalogue()) {
            assert_eq!(
                field.ty == FieldType::Choice,
                !field.values.is_empty(),
                "{}",
                field.path
            );
        }
    }
}
