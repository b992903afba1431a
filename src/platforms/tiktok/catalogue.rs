//! The field catalogue, read once from `assets/platforms/tiktok/catalogue.toml`.

use std::sync::LazyLock;

use crate::{engine::model::catalogue::Catalogue, platforms::common::tables};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    tables::catalogue(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/tiktok/catalogue.toml"
    )))
});

/// TikTok's fields.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::{
        common::testing::{check_catalogue, fields_of},
        tiktok::spec::{fields, words},
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

    fn body(section: &str) -> &'static str {
        match section {
            "campaign" => "CampaignCreateBody",
            "ad_group" => "AdgroupCreateBody",
            _ => "AdcreateCreatives",
        }
    }

    #[test]
    fn every_path_stands_in_the_specification_but_ours() {
        for (section, field) in fields_of(catalogue()) {
            let full = format!("{section}.{}", field.path);
            let known = fields(body(section)).unwrap().iter().any(|f| f.name == field.path);
            assert_eq!(known, !OURS.contains(&full.as_str()), "{full}");
        }
    }

    #[test]
    fn every_word_stands_in_the_specifications_enumeration() {
        let mut checked = 0;
        for (section, field) in fields_of(catalogue()).filter(|(_, f)| !f.values.is_empty()) {
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
    fn it_loads_and_holds_together() {
        assert_eq!(catalogue().objects.len(), 3);
        check_catalogue(catalogue(), |_| false);
    }
}
