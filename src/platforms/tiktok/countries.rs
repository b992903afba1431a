//! TikTok's location ids of countries, read once from `assets/platforms/tiktok/countries.toml`.

use std::{collections::BTreeMap, sync::LazyLock};

fn load() -> Result<BTreeMap<String, String>, toml::de::Error> {
    toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/tiktok/countries.toml"
    )))
}

/// The file is part of the program and a test loads it; were it broken, every country would be refused as unknown.
static IDS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| load().unwrap_or_default());

/// The location id of an ISO 3166-1 country; `None` when we do not know it.
pub fn location_id(country: &str) -> Option<&'static str> {
    IDS.get(country).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::country::is_country;

    #[test]
    fn the_table_loads_and_is_one_to_one() {
        let ids = load().unwrap();
        assert!(ids.len() > 50);
        let distinct: std::collections::BTreeSet<&String> = ids.values().collect();
        assert_eq!(distinct.len(), ids.len());
        for (country, id) in &ids {
            assert!(is_country(country), "{country}");
            assert!(id.bytes().all(|b| b.is_ascii_digit()), "{country}: {id}");
        }
        assert_eq!(location_id("US"), Some("6252001"));
        assert_eq!(location_id("JP"), Some("1861060"));
        assert_eq!(location_id("XX"), None);
    }
}
